// The relationships that a variable-length expansion may follow from a node: of its types, seen in a direction, for
// which its predicate holds. Used by one thread.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "entente/query/exec/operators.h"

namespace entente {

class PathSteps {
 public:
  /// `direction` is that of the expansion, or the opposite to go back along it.
  PathSteps(const VarExpandOp& op, Direction direction, ExecContext& context)
      : op_(op), direction_(direction), context_(context) {}

  /// Names of types are looked up again.
  void new_batch() { lists_ = relationship_lists(op_.types, direction_, *context_.graph); }
  /// A batch of the one row that the predicate is asked for.
  void set_row(Batch row) { row_ = std::move(row); }

  const std::vector<RelationshipList>& lists() const { return lists_; }

  /// Calls `visit(segment, i)` for each from `node`, a loop once, without asking the predicate; gives how many it has
  /// looked at. Relationship ids stand apart in memory from neighbours: look at them only where needed.
  template <class Visit>
  size_t for_each(uint32_t node, Visit&& visit);

  /// Appends those from `node` that `accept` (a function of AdjacencyEntry) takes and the predicate holds for; gives
  /// how many it has looked at.
  template <class Accept>
  size_t collect(uint32_t node, std::vector<AdjacencyEntry>& steps, Accept&& accept);

  /// Leaves of the steps from place `begin` on those for which the predicate holds.
  void keep_allowed(std::vector<AdjacencyEntry>& steps, size_t begin);

 private:
  const VarExpandOp& op_;
  const Direction direction_;
  ExecContext& context_;
  std::vector<RelationshipList> lists_;
  Batch row_;
  AdjacencyCursor cursor_;
};

template <class Visit>
size_t PathSteps::for_each(uint32_t node, Visit&& visit) {
  size_t seen = 0;
  AdjacencySegment segment;
  for (const RelationshipList& list : lists_) {
    const bool skip_loops = direction_ == Direction::Both && list.direction == Direction::In;
    cursor_.open(context_.graph->adjacency(list.type, list.direction), NodeId(node));
    while (cursor_.next(segment)) {
      seen += segment.size;
      for (uint32_t i = 0; i < segment.size; ++i) {
        if (!skip_loops || segment.neighbours[i] != node) visit(segment, i);
      }
    }
  }
  return seen;
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
