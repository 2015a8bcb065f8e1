// Pass join-cycles: the way back of a cycle is found for all rows at once, where that is less work.
//
//   MATCH (a)-[:LIKES]->(m)-[:HAS_CREATOR]->(b)-[:LIKES]->(n)-[:HAS_CREATOR]->(a) RETURN count(*)
//
// From each row of a, m and b that is to go through all that b likes. Instead the ways from any b over an n to any a
// are counted once, by their ends, and each row is multiplied by the count of its own: a Join. That is a bushy plan
// where the planner's own are linear (Ioannidis, Kang, "Left-deep vs. bushy trees", SIGMOD 1991).
//
// The way back must bind nothing that is read further up. A relationship of it can be one of the row's only if both
// begin, or end, at one node; where the row tells that they do not, they are not compared. Rows of which that cannot be
// told have the way back matched for themselves. Only in statements that do not write, as it is not matched again.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/join_once.h"
#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/subquery_expr.h"

namespace entente {

namespace {

constexpr size_t kLongestWay = 8;  // operators
constexpr double kGain = 4;        // how much less work it is to be by estimate

/// Source and target of a relationship that has a direction.
using EndsOfRelationship = std::unordered_map<VarId, std::pair<VarId, VarId>>;

/// A part of the chain that finds the way back.
struct WayBack {
  Chain whole;                                // as it is run for a row by itself
  Chain apart;                                // without comparing its relationships with the row's
  std::vector<std::pair<VarId, VarId>> same;  // nodes; where none of them are, both find the same
  std::vector<VarId> keys;
};

class CycleJoiner {
 public:
  CycleJoiner(Chain& chain, const PassContext& context) : chain_(chain), context_(context) {}

  void run() {
    for (size_t begin = 2; begin + 1 < chain_.size(); ++begin) {
      note_ends(chain_[begin - 1]);
      const size_t end = end_of_way(begin);
      if (end == begin) continue;
      std::optional<WayBack> way = way_back(begin, end);
      if (way) join(begin, end, *way);
    }
  }

 private:
  static const ExpandOp* plain_expansion(const PlanOp& op) {
    const auto* expand = std::get_if<ExpandOp>(&op);
    const bool plain = expand != nullptr && expand->match == ExpandMatch::All && expand->counts.empty() &&
                       expand->except.empty() && expand->far.empty() && expand->rel != kNoVar;
    return plain ? expand : nullptr;
  }

  void note_ends(const PlanOp& op) {
    const ExpandOp* expand = plain_expansion(op);
    if (expand == nullptr || expand->direction == Direction::Both) return;
    ends_[expand->rel] =
        expand->direction == Direction::Out ? std::pair(expand->from, expand->to) : std::pair(expand->to, expand->from);
  }

  /// Behind the expansion, of two at least, that leads back into the row, and what is asked of the way; `begin` if none
  /// does.
  size_t end_of_way(size_t begin) const {
    const ExpandOp* first = plain_expansion(chain_[begin]);
    if (first == nullptr || first->into) return begin;
    const size_t limit = std::min(chain_.size(), begin + kLongestWay);
    std::vector<VarId> own;
    for (size_t i = begin; i < limit; ++i) {
      const bool compares =
          std::holds_alternative<FilterOp>(chain_[i]) || std::holds_alternative<UniqueRelationshipsOp>(chain_[i]);
      const ExpandOp* expand = plain_expansion(chain_[i]);
      if (expand == nullptr && !(compares && reads_any(chain_[i], own))) return begin;
      for_each_binding(chain_[i], [&](VarId var) { own.push_back(var); });
      if (expand == nullptr || !expand->into) continue;
      while (++i < limit && !std::holds_alternative<ExpandOp>(chain_[i]) && reads_any(chain_[i], own)) continue;
      return is_unread(own, i) ? i : begin;
    }
    return begin;
  }

  static bool reads_any(const PlanOp& op, const std::vector<VarId>& vars) {
    bool reads = false;
    for_each_read(op, [&](VarId var) { reads = reads || contains(vars, var); });
    return reads;
  }

  bool is_unread(const std::vector<VarId>& vars, size_t from) const {
    const auto reads = [&](const PlanOp& op) { return reads_any(op, vars); };
    return std::none_of(vars.begin(), vars.end(), [&](VarId var) { return contains(context_.needed, var); }) &&
           std::none_of(chain_.begin() + static_cast<ptrdiff_t>(from), chain_.end(), reads);
  }

  std::optional<WayBack> way_back(size_t begin, size_t end) {
    WayBack way;
    way.whole.emplace_back(ArgumentOp{});
    way.whole.insert(way.whole.end(), chain_.begin() + static_cast<ptrdiff_t>(begin),
                     chain_.begin() + static_cast<ptrdiff_t>(end));
    std::vector<VarId> own;
    EndsOfRelationship outside = ends_;
    for (const PlanOp& op : way.whole) {
      for_each_binding(op, [&](VarId var) { own.push_back(var); });
      note_ends(op);
    }
    const EndsOfRelationship all = std::exchange(ends_, std::move(outside));
    for (const PlanOp& op : way.whole) {
      const auto* unique = std::get_if<UniqueRelationshipsOp>(&op);
      if (unique == nullptr) {
        way.apart.push_back(op);
        continue;
      }
      UniqueRelationshipsOp inside{unique->rel, {}};
      for (const VarId other : unique->others) {
        if (contains(own, unique->rel) && contains(own, other)) {
          inside.others.push_back(other);
        } else if (!tell_apart(unique->rel, other, all, own, way)) {
          return std::nullopt;
        }
      }
      if (!inside.others.empty()) way.apart.emplace_back(std::move(inside));
    }
    way.keys = inputs_of(way.apart);
    if (way.keys.size() != 2) return std::nullopt;
    return way;
  }

  /// Finds two nodes of the row that are the same if a relationship of the way is the same as one of the row; false if
  /// there are none.
  static bool tell_apart(VarId one, VarId other, const EndsOfRelationship& ends, const std::vector<VarId>& own,
                         WayBack& way) {
    const auto a = ends.find(one);
    const auto b = ends.find(other);
    if (a == ends.end() || b == ends.end()) return false;
    const auto differ_in = [&](VarId x, VarId y) {
      if (x == y || contains(own, x) || contains(own, y)) return false;
      const std::pair<VarId, VarId> pair = std::minmax(x, y);
      if (std::find(way.same.begin(), way.same.end(), pair) == way.same.end()) way.same.push_back(pair);
      return true;
    };
    return differ_in(a->second.first, b->second.first) || differ_in(a->second.second, b->second.second);
  }

  void join(size_t begin, size_t end, WayBack& way) {
    std::optional<CountJoinOp> join = join_once(chain_, begin, way.apart, way.keys, false, context_, kGain);
    if (!join) return;
    if (!way.same.empty()) {
      join->same = std::move(way.same);
      join->otherwise = make_subquery(SubqueryMode::Count, std::move(way.whole), context_)->plan->input;
    }
    chain_[begin] = std::move(*join);
    chain_.erase(chain_.begin() + static_cast<ptrdiff_t>(begin) + 1, chain_.begin() + static_cast<ptrdiff_t>(end));
  }

  Chain& chain_;
  const PassContext& context_;
  EndsOfRelationship ends_;  // of what has been found so far
};

}  // namespace

Chain join_cycles(Chain chain, const PassContext& context) {
  if (context.whole_statement && !context.writes) CycleJoiner(chain, context).run();
  return chain;
}

}  // namespace entente
