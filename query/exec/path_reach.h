// How far it is from a node to others along a searched path, by breadth-first search over pairs of node and position.
//
// What a trail may not do (walk a relationship twice, more than max times over a stretch, break a condition of a whole
// stretch or path) is not looked at, and times over a stretch count only up to its min. So distances are lower bounds
// of the lengths of trails: exact ones where nothing of that matters, as in shortestPath((a)-[*]-(b)). Levels are
// searched as they are asked for.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "entente/query/exec/path_automaton.h"
#include "entente/query/exec/path_levels.h"

namespace entente {

class PathReach {
 public:
  PathReach(PathAutomaton& automaton, ExecContext& context)
      : automaton_(automaton), context_(context), levels_(context), hold_(context) {}

  /// From a node at a position, along relationships that are not in the trail `without` (which must stay).
  void start(uint32_t node, PathPosition at = {}, const Trail* without = nullptr);
  /// Searches one more level; false if there is none.
  bool expand();
  bool exhausted() const { return frontier_.empty(); }
  /// All distances up to here are known.
  uint64_t depth() const { return depth_; }
  size_t frontier_size() const { return frontier_.size(); }
  /// Nodes of the level searched last.
  const std::vector<std::pair<uint32_t, PathPosition>>& frontier() const { return frontier_; }

  /// The distance of a node at which hop `hop` of a stretch is next, after at least so many times over (at most min);
  /// nothing if it is not known.
  std::optional<uint64_t> distance(uint32_t node, uint32_t stretch, uint32_t hop, uint64_t times) const;
  /// The distance of a node as the end of a path.
  std::optional<uint64_t> end_distance(uint32_t node) const;
  /// The ends of paths, nearest first.
  const std::vector<uint32_t>& ends() const { return ends_; }

 private:
  void reach(uint32_t node, PathPosition at, std::vector<std::pair<uint32_t, PathPosition>>& next);
  uint64_t slot(uint32_t stretch, uint32_t hop, uint64_t times) const { return slots_[stretch][hop] + times; }
  std::optional<uint64_t> find(uint32_t node, uint64_t slot) const;

  PathAutomaton& automaton_;
  ExecContext& context_;
  std::vector<std::vector<uint64_t>> slots_;  // by stretch and hop; that of the end last
  PathLevels levels_;                         // by node and slot
  std::vector<std::pair<uint32_t, PathPosition>> frontier_;
  std::vector<uint32_t> ends_;
  std::vector<PathPosition> alternatives_;
  std::vector<AdjacencyEntry> edges_;
  const Trail* without_ = nullptr;
  uint64_t depth_ = 0;
  MemoryHold hold_;
};

}  // namespace entente
