#include "entente/query/exec/path_reach.h"

#include <algorithm>

namespace entente {

namespace {

constexpr size_t kBytesPerState = 32;  // of the frontier, and the ends
constexpr size_t kStatesBetweenChecks = 1'024;

uint64_t state_key(uint32_t node, uint64_t slot) { return slot << 32 | node; }

}  // namespace

void PathReach::start(uint32_t node, PathPosition at, const Trail* without) {
  if (slots_.empty()) {
    uint64_t next = 0;
    for (const PathStretch& stretch : automaton_.stretches()) {
      auto& hops = slots_.emplace_back();
      for (size_t i = 0; i < stretch.hops.size(); ++i) {
        hops.push_back(next);
        next += stretch.min + 1;
      }
    }
    slots_.push_back({next});
  }
  levels_.clear();
  frontier_.clear();
  ends_.clear();
  depth_ = 0;
  without_ = without;
  reach(node, at, frontier_);
  hold_.set(levels_.bytes() + levels_.size() * kBytesPerState);
}

void PathReach::reach(uint32_t node, PathPosition at, std::vector<std::pair<uint32_t, PathPosition>>& next) {
  if (!automaton_.at_end(at)) at.times = std::min(at.times, automaton_.stretches()[at.stretch].min);
  // Where the position itself has been reached before, so have its alternatives.
  const bool may_repeat =
      at.hop != 0 || !automaton_.stretches()[at.stretch].max || at.times < *automaton_.stretches()[at.stretch].max;
  if (may_repeat && levels_.contains(state_key(node, slot(at.stretch, at.hop, at.times)))) return;
  alternatives_.clear();
  automaton_.alternatives(at, node, alternatives_);
  for (const PathPosition& other : alternatives_) {
    if (!levels_.add(state_key(node, slot(other.stretch, other.hop, other.times)), static_cast<uint32_t>(depth_)))
      continue;
    if (automaton_.at_end(other)) {
      ends_.push_back(node);
    } else {
      next.emplace_back(node, other);
    }
  }
}

bool PathReach::expand() {
  if (frontier_.empty()) return false;
  context_.check();
  ++depth_;
  std::vector<std::pair<uint32_t, PathPosition>> next;
  size_t steps = 0;
  for (const auto& [node, at] : frontier_) {
    edges_.clear();
    automaton_.edges(at, node, without_, edges_);
    const PathPosition after = automaton_.after(at);
    for (const AdjacencyEntry& edge : edges_) reach(edge.neighbour, after, next);
    steps += 1 + edges_.size();
    if (steps < kStatesBetweenChecks) continue;
    steps = 0;
    hold_.set(levels_.bytes() + levels_.size() * kBytesPerState);
    context_.check();
  }
  frontier_ = std::move(next);
  hold_.set(levels_.bytes() + levels_.size() * kBytesPerState);
  return true;
}

std::optional<uint64_t> PathReach::find(uint32_t node, uint64_t slot) const {
  return levels_.find(state_key(node, slot));
}

std::optional<uint64_t> PathReach::distance(uint32_t node, uint32_t stretch, uint32_t hop, uint64_t times) const {
  std::optional<uint64_t> least;
  for (uint64_t t = times; t <= automaton_.stretches()[stretch].min; ++t) {
    const std::optional<uint64_t> found = find(node, slot(stretch, hop, t));
    if (found && (!least || *found < *least)) least = found;
  }
  return least;
}

std::optional<uint64_t> PathReach::end_distance(uint32_t node) const { return find(node, slots_.back().front()); }

}  // namespace entente
