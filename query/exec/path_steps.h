// The relationships that a variable-length expansion may follow from a node: of its types, seen in a direction, for
// which its predicate holds. Used by one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "entente/query/exec/expansion_lists.h"

namespace entente {

class PathSteps {
 public:
  /// `direction` is that of the expansion, or the opposite to go back along it.
  PathSteps(const VarExpandOp& op, Direction direction, ExecContext& context)
      : op_(op), direction_(direction), context_(context) {
    step_.types = op.types;
    step_.direction = direction;
  }

  /// Names of types are looked up again.
  void new_batch() { lists_.open(step_, context_); }
  /// A batch of the one row that the predicate is asked for.
  void set_row(Batch row) { row_ = std::move(row); }

  ExpansionLists& lists() { return lists_; }

  /// Has memory fetch where the lists of a node begin that will soon be asked for, …
  void prefetch(uint32_t node) {
    for (auto& [kind, lists] : lists_) lists.prefetch(node);
  }
  /// … and the same for the nodes that they lead to.
  void prefetch_next(uint32_t node) {
    AdjacencySegment segment;
    for (auto& [kind, lists] : lists_) {
      if (!lists.find(node, segment)) continue;
      for (uint32_t i = 0; i < std::min(segment.size, kMostAhead); ++i) prefetch(segment.neighbours[i]);
    }
  }

  /// Calls `visit(segment, i)` for each from `node`, a loop once, without asking the predicate; gives how many it has
  /// looked at. Relationship ids stand apart in memory from neighbours: look at them only where needed.
  template <class Visit>
  size_t for_each(uint32_t node, Visit&& visit);

  /// Appends those from `node` that `accept` (a function of AdjacencyEntry) takes and the predicate holds for; gives
  /// how many it has looked at.
  template <class Accept>
  size_t collect(uint32_t node, std::vector<AdjacencyEntry>& steps, Accept&& accept);

  /// Whether `accept` (a function of AdjacencyEntry, which may call this again) takes one of those for which the
  /// predicate holds; `seen` grows by how many it has looked at.
  template <class Accept>
  bool any(uint32_t node, size_t& seen, Accept&& accept);

  /// Leaves of the steps from place `begin` on those for which the predicate holds.
  void keep_allowed(std::vector<AdjacencyEntry>& steps, size_t begin);

 private:
  static constexpr uint32_t kMostAhead = 8;  // nodes of a list

  const VarExpandOp& op_;
  const Direction direction_;
  ExecContext& context_;
  ExpandOp step_{};
  ExpansionLists lists_;
  Batch row_;
  AdjacencyCursor cursor_;
};

template <class Visit>
size_t PathSteps::for_each(uint32_t node, Visit&& visit) {
  size_t seen = 0;
  AdjacencySegment segment;
  for (auto& [kind, lists] : lists_) {
    const bool skip_loops = direction_ == Direction::Both && kind.direction == Direction::In;
    const auto look = [&] {
      seen += segment.size;
      for (uint32_t i = 0; i < segment.size; ++i) {
        if (!skip_loops || segment.neighbours[i] != node) visit(segment, i);
      }
    };
    if (lists.find(node, segment)) {
      look();
      continue;
    }
    cursor_.open(lists.adjacency(), NodeId(node));
    while (cursor_.next(segment)) look();
  }
  return seen;
}

template <class Accept>
bool PathSteps::any(uint32_t node, size_t& seen, Accept&& accept) {
  std::vector<AdjacencyEntry> steps;  // where a list is not in one piece, or there is a predicate
  for (auto& [kind, lists] : lists_) {
    const bool skip_loops = direction_ == Direction::Both && kind.direction == Direction::In;
    AdjacencySegment segment;
    if (op_.predicate != nullptr || !lists.find(node, segment)) {
      seen += collect(node, steps, [](const AdjacencyEntry&) { return true; });
      return std::any_of(steps.begin(), steps.end(), accept);
    }
    for (uint32_t i = 0; i < segment.size; ++i) {
      ++seen;
      const bool skipped = skip_loops && segment.neighbours[i] == node;
      if (!skipped && accept(AdjacencyEntry{segment.neighbours[i], segment.rel(i)})) return true;
    }
  }
  return false;
}

template <class Accept>
size_t PathSteps::collect(uint32_t node, std::vector<AdjacencyEntry>& steps, Accept&& accept) {
  const size_t begin = steps.size();
  const size_t seen = for_each(node, [&](const AdjacencySegment& segment, uint32_t i) {
    const AdjacencyEntry step{segment.neighbours[i], segment.rel(i)};
    if (accept(step)) steps.push_back(step);
  });
  if (op_.predicate != nullptr && steps.size() > begin) keep_allowed(steps, begin);
  return seen;
}

}  // namespace entente
