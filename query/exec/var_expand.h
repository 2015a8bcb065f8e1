// Trails: all paths from a node along relationships of some types that do not repeat a relationship.
//
// The walk is a depth-first search with a stack of its own, so it can stop between any two paths and be taken up again,
// and no graph is too deep for it. A path comes before the paths that go on from it, and paths from one node come in
// order of relationship type, outgoing before incoming, neighbour. The stack holds the relationships at each node of
// the current path that may still be followed; what cannot be followed (used on the way, refused by the predicate, or
// at the last step not leading to the end asked for) never gets there.
//
// Used by one thread.
#pragma once

#include <vector>

#include "entente/query/exec/operators.h"
#include "entente/query/exec/path_steps.h"
#include "entente/query/exec/trail.h"

namespace entente {

class TrailWalk {
 public:
  TrailWalk(const VarExpandOp& op, ExecContext& context)
      : op_(op), context_(context), steps_(op, op.direction, context), hold_(context) {}

  /// Names of types are looked up again.
  void new_batch() { steps_.new_batch(); }
  /// Begins anew at a node. `target` is kNone if any end will do. `row` is a batch of the one row that the walk is for.
  void start(uint32_t node, uint32_t target, Batch row);
  /// Has memory fetch what walks from the nodes some rows behind `row` will read first.
  template <class Nodes>
  void look_ahead(const Nodes& from, size_t row, size_t rows) {
    steps_.lists().prefetch(from, row, rows);
    if (row + kNear < rows && from(row + kNear) != NodeId::kNone) steps_.prefetch_next(from(row + kNear));
  }
  /// Goes to the next path that has a length and an end as asked for; false if there is none.
  bool next();

  /// The path found last.
  uint32_t end() const { return end_; }
  const std::vector<uint32_t>& relationships() const { return path_.relationships(); }

 private:
  static constexpr size_t kNear = 4;   // rows
  static constexpr size_t kAhead = 4;  // relationships of a frame

  struct Frame {
    std::vector<AdjacencyEntry> edges;
    size_t next = 0;
    bool goes_on = false;  // their ends' relationships may be followed
  };

  void look_ahead(const Frame& frame, size_t edge) {
    if (frame.goes_on && edge < frame.edges.size()) steps_.prefetch(frame.edges[edge].neighbour);
  }
  void push(uint32_t node);
  void pop();
  void collect_last(uint32_t node, std::vector<AdjacencyEntry>& edges);
  bool accepts(uint32_t node) const;

  const VarExpandOp& op_;
  ExecContext& context_;
  PathSteps steps_;
  uint32_t target_ = NodeId::kNone;
  uint32_t end_ = NodeId::kNone;
  bool at_start_ = false;      // the path of no relationships is still to be looked at
  bool descend_ = false;       // the path found last may be extended
  std::vector<Frame> frames_;  // the first `depth_` are in use
  size_t depth_ = 0;
  Trail path_;
  std::vector<RelId> found_;
  size_t held_edges_ = 0;
  size_t looked_at_ = 0;  // since the limits were checked last
  MemoryHold hold_;
};

}  // namespace entente
