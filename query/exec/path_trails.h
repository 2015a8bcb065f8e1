// The trails of a searched path from a node, by depth-first search over an automaton.
//
// Without a length all trails are given, a trail before those that go on from it. With one, only trails of just that
// length to the goal, and a bound (a lower bound of how far it is from a node to the goal) keeps the search from where
// the goal is out of reach; `beyond` then tells the least length that could have more. Asking for length after length
// so gives trails in order of length with memory for one (iterative deepening; Korf, "Depth-first iterative-deepening",
// Artificial Intelligence 27, 1985).
//
// The bound does not know which relationships the trail has used, so it may lead where no trail gets to the goal: a
// search back to where it began is told that it is near, wherever it goes. So a search that has found nothing for a
// while asks of each step whether the goal is still in reach along other relationships, by breadth-first search. What
// is in reach so is reached by a trail (where the pattern is one repeated relationship), so from then on every step
// leads to one, and the time for each trail found is polynomial.
//
// The search has a stack of its own and can stop at any trail and go on. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "entente/query/exec/path_reach.h"

namespace entente {

class PathTrails {
 public:
  static constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

  struct Step {
    uint32_t rel;
    uint32_t near;
    uint32_t far;
    PathPosition at;  // before the step
  };
  /// A lower bound of the length from a node at a position to the goal; kNever where it cannot be reached.
  using Bound = std::function<uint64_t(uint32_t node, const PathPosition& at)>;

  PathTrails(PathAutomaton& automaton, ExecContext& context)
      : automaton_(automaton), context_(context), rest_(automaton, context), hold_(context) {}

  /// Begins anew at a node; `goal` is kNone if any end will do.
  void start(uint32_t node, uint32_t goal);
  void start(uint32_t node, uint32_t goal, uint64_t length, Bound bound);
  /// Goes to the next trail; false if there is none.
  bool next();

  uint32_t first() const { return first_; }
  uint32_t last() const { return steps_.empty() ? first_ : steps_.back().far; }
  const std::vector<Step>& steps() const { return steps_; }
  /// The least length past the one asked for that trails may have; kNever if there are none.
  uint64_t beyond() const { return beyond_; }

 private:
  struct Choice {
    AdjacencyEntry edge;
    PathPosition at;
  };
  struct Frame {
    std::vector<Choice> choices;
    size_t next = 0;
  };

  bool visit(const PathPosition& at);
  void collect(const PathPosition& at, Frame& frame);
  bool in_reach(const AdjacencyEntry& edge, const PathPosition& after);
  bool fits_length(uint64_t steps, uint64_t rest);
  uint64_t rest(uint32_t node, const PathPosition& at, const Trail& without);
  bool leads_on(const Choice& choice);
  void get_bearings();
  void keep_whole(const PathPosition& at, std::vector<AdjacencyEntry>& edges);
  void leave();

  PathAutomaton& automaton_;
  ExecContext& context_;
  uint32_t first_ = NodeId::kNone;
  uint32_t goal_ = NodeId::kNone;
  uint64_t length_ = kNever;  // kNever: any
  Bound bound_;
  uint64_t beyond_ = kNever;
  bool started_ = false;
  Trail trail_;
  std::vector<Step> steps_;
  std::vector<Frame> frames_;  // the first `depth_` are in use
  size_t depth_ = 0;
  std::vector<PathPosition> alternatives_;
  std::vector<AdjacencyEntry> edges_;
  size_t held_choices_ = 0;
  size_t fruitless_ = 0;  // dead ends since the last trail was found
  bool careful_ = false;  // each step is asked whether it leads on
  PathReach rest_;
  size_t work_ = 0;
  MemoryHold hold_;
};

}  // namespace entente
