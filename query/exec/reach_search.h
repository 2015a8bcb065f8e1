// The ends of trails from some nodes, each once: which nodes a path of between min and max relationships leads to,
// however many such paths there are.
//
// A breadth-first search marks each node with its distance from the nearest start. A shortest path repeats nothing, so
// it is a trail, and:
// - a node at a distance between min and max is an end;
// - a node nearer than min is one if a longer trail leads there. With min = 1 this asks only whether a start can be
//   come back to (or come to from another start): seen, forwards, at the first relationship that leads to it, and,
//   where relationships are walked in both directions, at one between parts of the search that began with different
//   relationships (note_meeting). With min ≥ 2 one trail is looked for from the node backwards (TrailProof).
// Ends come level by level, as they are asked for.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "entente/query/exec/path_steps.h"
#include "entente/query/exec/trail_proof.h"

namespace entente {

class ReachSearch {
 public:
  ReachSearch(const VarExpandOp& op, ExecContext& context);

  /// Names of types are looked up again.
  void new_batch();
  /// Begins anew at existing nodes, each different. `target` is kNone if any end will do. `row` is a batch of the one
  /// row that the predicate is asked for.
  void start(std::vector<uint32_t> sources, uint32_t target, const Batch& row);
  /// Appends ends that have not been given yet, all or none of them; false if there are no more.
  bool next(std::vector<uint32_t>& ends);

 private:
  enum class Stage : uint8_t { Sources, Levels, Near, Done };

  void give(uint32_t node, std::vector<uint32_t>& ends);
  void expand_level(std::vector<uint32_t>& ends);
  /// Along the relationship at place `i`. `is_new`: its end has just been seen for the first time.
  void reach(uint32_t from, const AdjacencySegment& step, uint32_t i, bool is_new, std::vector<uint32_t>& next,
             std::vector<uint32_t>& ends);
  void note_meeting(uint32_t a, uint32_t b, uint32_t rel, std::vector<uint32_t>& ends);
  void come_back(uint32_t source, std::vector<uint32_t>& ends);
  void account();

  const VarExpandOp& op_;
  const uint64_t marked_;  // nodes up to this distance are marked
  ExecContext& context_;
  PathSteps steps_;
  TrailProof proof_;
  Stage stage_ = Stage::Done;
  uint32_t target_ = NodeId::kNone;
  uint64_t depth_ = 0;  // of the frontier
  std::vector<uint32_t> sources_;
  std::vector<uint32_t> frontier_;  // nodes at this distance
  std::vector<uint32_t> near_;      // nodes at less than min, where that is 2 or more
  std::vector<AdjacencyEntry> edges_;
  NodeSet seen_;  // nodes that have been reached
  ReachMarks marks_;
  size_t returned_ = 0;  // sources that have been come back to
  uint64_t looked_at_ = 0;
  MemoryHold hold_;
};

}  // namespace entente
