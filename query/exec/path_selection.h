// The shortest trails of a searched path between each two nodes, in order of length.
//
// From the source a breadth-first search (PathReach) tells which ends there are and lower bounds of how far each node
// is; between two given nodes, where the pattern is one repeated relationship, it goes from both sides and the bounds
// are kept for nodes on shortest paths only. From the end a depth-first search (PathTrails) then walks back, led by
// the bounds: for the least length straight along shortest paths, and for longer and longer ones until as many trails
// are found as are asked for. So what breadth-first search cannot see (a relationship walked twice, a condition on the
// whole path) is still decided on each trail, and costs time only where it matters.
//
// Used by one thread.
#pragma once

#include <functional>

#include "entente/query/exec/path_reach.h"
#include "entente/query/exec/path_trails.h"

namespace entente {

class PathSelection {
 public:
  /// Whether the trail at hand is one, its own shape apart.
  using Accepts = std::function<bool()>;

  PathSelection(const PathSearchOp& op, ExecContext& context, Accepts accepts);

  void new_batch();
  /// Begins anew for a row; `target` is kNone if any end will do.
  void start(uint32_t source, uint32_t target, const Batch& row);
  bool next();

  uint32_t source() const { return source_; }
  uint32_t end() const { return end_; }
  /// The trail found last, walked from its end to the source along the reversed stretches.
  const std::vector<PathTrails::Step>& steps() const { return trails_.steps(); }

 private:
  bool next_end();
  bool begin_end(uint32_t end);
  bool next_length();
  bool meet(uint32_t target);
  void mark_corridor(uint64_t forward_levels, uint64_t length, const std::vector<uint32_t>& meeting);
  void know_up_to(uint64_t length);
  uint64_t bound(uint32_t node, const PathPosition& at) const;

  const PathSearchOp& op_;
  ExecContext& context_;
  Accepts accepts_;
  const std::vector<PathStretch> back_;
  PathAutomaton forward_automaton_;
  PathAutomaton back_automaton_;
  PathReach reach_;
  PathReach back_reach_;
  PathTrails trails_;
  uint64_t longest_ = 0;
  uint32_t source_ = NodeId::kNone;
  uint32_t target_ = NodeId::kNone;
  uint32_t end_ = NodeId::kNone;
  size_t next_end_ = 0;
  bool at_end_ = false;  // trails to end_ are being looked for
  uint64_t length_ = 0;
  uint64_t found_ = 0;         // for end_
  uint64_t found_length_ = 0;  // of the length at hand
  uint64_t groups_ = 0;        // lengths done that had some
  bool in_corridor_ = false;
  PathLevels corridor_;  // distance from the source of nodes on shortest paths
};

}  // namespace entente
