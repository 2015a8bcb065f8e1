// Whether a trail of at least min relationships, min ≥ 2, leads to a node that is nearer than that.
//
// One is looked for backwards from the node: a depth-first search that goes on only to nodes from which a walk of a
// fitting length leads back to a start, by their distances; past min relationships it takes nearer nodes first, so that
// the first try mostly succeeds. Where it does not there may be very many tries; past a number of steps in
// proportion to those of the breadth-first search before it, all nodes left are settled together by walking all trails
// from the starts, until each of them has been met.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "entente/query/exec/node_marks.h"
#include "entente/query/exec/path_steps.h"
#include "entente/query/exec/trail.h"

namespace entente {

/// How a breadth-first search reached a node.
struct ReachMark {
  uint32_t next_distance = 0;  // the distance from the nearest start, plus one; 0: not reached
  uint32_t owner = 0;          // that start
  uint32_t branch = 0;         // the first relationship on the way; of no meaning for a start
  bool given = false;          // a start that can be come back to, and that has been given
  bool seen() const { return next_distance != 0; }
  uint64_t distance() const { return next_distance - 1; }
};
using ReachMarks = NodeMarks<ReachMark>;

class TrailProof {
 public:
  /// The marks must be those of all nodes up to `farthest` while `keep_ends` runs.
  TrailProof(const VarExpandOp& op, const ReachMarks& marks, ExecContext& context);

  /// The greatest distance at which a node may be on a trail of a fitting length to a node nearer than min.
  static uint64_t farthest(const VarExpandOp& op);

  void new_batch();
  void set_row(const Batch& row);
  /// Leaves of the nodes, which are all nearer to the sources than min, those that a trail of a fitting length leads
  /// to. `steps`: how many relationships the search before has looked at.
  void keep_ends(const std::vector<uint32_t>& sources, std::vector<uint32_t>& nodes, uint64_t steps);

 private:
  enum class Answer : uint8_t { Yes, No, TooLong };

  struct Frame {
    std::vector<AdjacencyEntry> steps;
    size_t next = 0;
  };

  bool is_near(uint32_t node, uint64_t walked) const;
  bool can_begin(uint32_t node, uint64_t walked);
  Answer find_trail(uint32_t node);
  void push(uint32_t node, uint64_t walked);
  void pop();
  void walk_all(const std::vector<uint32_t>& sources, std::vector<uint32_t>& nodes);
  void spend(uint64_t steps);

  const VarExpandOp& op_;
  const ReachMarks& marks_;
  ExecContext& context_;
  PathSteps back_;
  Batch row_;
  std::unordered_map<uint64_t, bool> can_begin_;  // by number of relationships walked and node
  std::vector<Frame> frames_;                     // the first `depth_` are in use
  size_t depth_ = 0;
  size_t held_steps_ = 0;
  Trail trail_;
  uint64_t left_ = 0;  // steps that may still be taken
  uint64_t unchecked_ = 0;
  MemoryHold hold_;
};

}  // namespace entente
