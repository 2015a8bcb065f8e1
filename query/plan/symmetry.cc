#include "entente/query/plan/symmetry.h"

#include <algorithm>

namespace entente {

bool PatternSymmetry::can_exchange(VarId a, VarId b, const std::vector<VarId>& fixed) {
  image_.clear();
  origin_.clear();
  decided_.clear();
  done_.assign(conditions_.size(), false);
  taken_.assign(conditions_.size(), false);
  tries_ = 0;
  const bool consistent = decide(a, b) && decide(b, a) &&
                          std::all_of(fixed.begin(), fixed.end(), [&](VarId var) { return decide(var, var); });
  return consistent && complete();
}

bool PatternSymmetry::complete() {
  const size_t at = next();
  if (at == conditions_.size()) return true;
  done_[at] = true;
  const auto try_to = [&](size_t other, bool exchanged) {
    if (++tries_ > kMostTries) return false;
    const size_t decided = decided_.size();
    taken_[other] = true;
    if (become(conditions_[at], conditions_[other], exchanged) && complete()) return true;
    taken_[other] = false;
    take_back(decided);
    return false;
  };
  for (size_t i = 0; i < conditions_.size(); ++i) {
    const size_t other = (at + i) % conditions_.size();  // itself first
    if (taken_[other] || conditions_[other].kind != conditions_[at].kind) continue;
    if (try_to(other, false)) return true;
    if (conditions_[at].either_way && try_to(other, true)) return true;
  }
  done_[at] = false;
  return false;
}

bool PatternSymmetry::become(const Condition& condition, const Condition& other, bool exchanged) {
  if (condition.vars.size() != other.vars.size()) return false;
  for (size_t i = 0; i < condition.vars.size(); ++i) {
    const size_t k = exchanged && i < 2 ? 1 - i : i;
    if (!decide(condition.vars[i], other.vars[k])) return false;
  }
  return true;
}

bool PatternSymmetry::decide(VarId from, VarId to) {
  const auto image = image_.find(from);
  const auto origin = origin_.find(to);
  if (image != image_.end() || origin != origin_.end()) {
    return image != image_.end() && origin != origin_.end() && image->second == to && origin->second == from;
  }
  image_[from] = to;
  origin_[to] = from;
  decided_.push_back(from);
  return true;
}

void PatternSymmetry::take_back(size_t decided) {
  for (; decided_.size() > decided; decided_.pop_back()) {
    const auto image = image_.find(decided_.back());
    origin_.erase(image->second);
    image_.erase(image);
  }
}

size_t PatternSymmetry::next() const {
  size_t best = conditions_.size();
  size_t most = 0;
  for (size_t i = 0; i < conditions_.size(); ++i) {
    if (done_[i]) continue;
    const std::vector<VarId>& vars = conditions_[i].vars;
    const auto known = std::count_if(vars.begin(), vars.end(), [&](VarId var) { return image_.contains(var); });
    const size_t weight = 1 + static_cast<size_t>(known) * 100 / std::max<size_t>(1, vars.size());
    if (weight > most) {
      most = weight;
      best = i;
    }
  }
  return best;
}

}  // namespace entente
