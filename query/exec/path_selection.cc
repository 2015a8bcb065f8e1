#include "entente/query/exec/path_selection.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace entente {
namespace {

constexpr size_t kStepsPerNode = 16;  // that is looked up

}  // namespace

PathSelection::PathSelection(const PathSearchOp& op, ExecContext& context, Accepts accepts)
    : op_(op),
      context_(context),
      accepts_(std::move(accepts)),
      back_(reversed(op.stretches)),
      forward_automaton_(op.stretches, context),
      back_automaton_(back_, context),
      reach_(forward_automaton_, context),
      back_reach_(back_automaton_, context),
      trails_(back_automaton_, context),
      corridor_(context) {}

void PathSelection::new_batch() {
  forward_automaton_.new_batch();
  back_automaton_.new_batch();
  longest_ = std::min<uint64_t>(longest_fit(op_.stretches), context_.graph->relationship_count());
}

void PathSelection::start(uint32_t source, uint32_t target, const Batch& row) {
  forward_automaton_.new_row(row);
  back_automaton_.new_row(row);
  source_ = source;
  target_ = target;
  next_end_ = 0;
  at_end_ = false;
  in_corridor_ = false;
  if (shortest_fit(op_.stretches) > longest_) {
    next_end_ = 1;
    target_ = source;  // no trail can be so long: as if the one end had been looked at
    return;
  }
  reach_.start(source);
  if (target != NodeId::kNone) return;
  while (reach_.depth() < longest_ && reach_.expand()) continue;
}

bool PathSelection::next() {
  while (true) {
    if (!at_end_ && !next_end()) return false;
    const bool enough = op_.select == PathSearchOp::Select::Groups ? groups_ >= op_.count : found_ >= op_.count;
    if (enough) {
      at_end_ = false;
    } else if (!trails_.next()) {
      at_end_ = next_length();
    } else if (accepts_()) {
      ++found_;
      ++found_length_;
      return true;
    }
  }
}

bool PathSelection::next_end() {
  if (target_ != NodeId::kNone) {
    if (next_end_++ > 0) return false;
    return begin_end(target_);
  }
  while (next_end_ < reach_.ends().size()) {
    if (begin_end(reach_.ends()[next_end_++])) return true;
  }
  return false;
}

/// Begins with the shortest trails to an end; false if there can be none.
bool PathSelection::begin_end(uint32_t end) {
  end_ = end;
  found_ = found_length_ = groups_ = 0;
  in_corridor_ = false;
  const bool both_sides = target_ != NodeId::kNone && source_ != target_ && op_.stretches.size() == 1 &&
                          op_.stretches.front().hops.size() == 1 && op_.stretches.front().min <= 1;
  if (both_sides) {
    if (!meet(end)) return false;
  } else {
    while (!reach_.end_distance(end) && reach_.depth() < longest_ && reach_.expand()) continue;
    const std::optional<uint64_t> distance = reach_.end_distance(end);
    if (!distance) return false;
    length_ = *distance;
  }
  at_end_ = true;
  trails_.start(end, source_, length_, [this](uint32_t node, const PathPosition& at) { return bound(node, at); });
  return true;
}

bool PathSelection::next_length() {
  if (std::exchange(found_length_, 0) > 0) ++groups_;
  const bool enough = op_.select == PathSearchOp::Select::Groups && groups_ >= op_.count;
  const uint64_t length = trails_.beyond();
  if (enough || length > longest_) return false;
  in_corridor_ = false;
  length_ = length;
  know_up_to(length);
  trails_.start(end_, source_, length_, [this](uint32_t node, const PathPosition& at) { return bound(node, at); });
  return true;
}

void PathSelection::know_up_to(uint64_t length) {
  while (reach_.depth() < length && reach_.expand()) continue;
}

// ---- from both sides ---------------------------------------------------------------------------------------

/// Searches level by level, always on the side with fewer nodes to go on from, until a node is met from both.
bool PathSelection::meet(uint32_t target) {
  back_reach_.start(target);
  std::vector<uint32_t> meeting;
  auto distance = [](const PathReach& reach, uint32_t node) {
    const std::optional<uint64_t> on_the_way = reach.distance(node, 0, 0, 0);
    return on_the_way ? on_the_way : reach.end_distance(node);
  };
  while (true) {
    const bool forward = reach_.frontier_size() <= back_reach_.frontier_size();
    PathReach& side = forward ? reach_ : back_reach_;
    const PathReach& other = forward ? back_reach_ : reach_;
    if (reach_.depth() + back_reach_.depth() >= longest_ || !side.expand()) break;
    // The last level of a pattern that ends there has no frontier, only ends.
    for (const auto& [node, at] : side.frontier()) {
      context_.work(kStepsPerNode);
      if (distance(other, node) && distance(side, node) == side.depth()) meeting.push_back(node);
    }
    if (side.frontier().empty()) {
      for (const uint32_t node : side.ends()) {
        if (side.end_distance(node) == side.depth() && distance(other, node)) meeting.push_back(node);
      }
    }
    if (!meeting.empty()) break;
  }
  if (meeting.empty()) return false;
  std::sort(meeting.begin(), meeting.end());
  meeting.erase(std::unique(meeting.begin(), meeting.end()), meeting.end());
  length_ = reach_.depth() + back_reach_.depth();
  mark_corridor(reach_.depth(), length_, meeting);
  return true;
}

/// From where both sides met, the nodes on shortest paths: toward the target those that the search from there has, a
/// level after the other. Toward the source its own search has the distances.
void PathSelection::mark_corridor(uint64_t forward_levels, uint64_t length, const std::vector<uint32_t>& meeting) {
  corridor_.clear();
  in_corridor_ = true;
  for (const uint32_t node : meeting) corridor_.add(node, static_cast<uint32_t>(forward_levels));
  std::vector<uint32_t> current = meeting;
  std::vector<AdjacencyEntry> edges;
  const PathPosition first{};
  for (uint64_t at = forward_levels + 1; at < length; ++at) {
    std::vector<uint32_t> next;
    for (const uint32_t node : current) {
      edges.clear();
      forward_automaton_.edges(first, node, nullptr, edges);
      context_.work(kStepsPerNode * (1 + edges.size()));
      for (const AdjacencyEntry& edge : edges) {
        if (back_reach_.distance(edge.neighbour, 0, 0, 0) != length - at) continue;
        if (corridor_.add(edge.neighbour, static_cast<uint32_t>(at))) next.push_back(edge.neighbour);
      }
    }
    current = std::move(next);
  }
}

// ---- bounds ------------------------------------------------------------------------------------------------

/// Walking back, at a node where so much of the reversed stretches is left: how far it is from the source.
uint64_t PathSelection::bound(uint32_t node, const PathPosition& at) const {
  const uint32_t stretch = static_cast<uint32_t>(op_.stretches.size()) - 1 - at.stretch;
  const PathStretch& forward = op_.stretches[stretch];
  if (in_corridor_) {
    if (const std::optional<uint64_t> known = corridor_.find(node)) return *known;
    const std::optional<uint64_t> near = reach_.distance(node, 0, 0, 0);
    return near ? *near : length_;
  }
  const uint64_t walked = at.times + (at.hop == 0 ? 0 : 1);
  const uint64_t times = forward.min > walked ? forward.min - walked : 0;
  const uint32_t hop = at.hop == 0 ? 0 : static_cast<uint32_t>(forward.hops.size()) - at.hop;
  const std::optional<uint64_t> distance = reach_.distance(node, stretch, hop, times);
  if (distance) return *distance;
  return reach_.exhausted() ? PathTrails::kNever : reach_.depth() + 1;
}

}  // namespace entente
