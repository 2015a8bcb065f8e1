#include "entente/query/exec/path_trails.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

constexpr size_t kWorkBetweenChecks = 4'096;
/// Dead ends without a trail after which the search becomes careful.
constexpr size_t kPatience = 2'048;

}  // namespace

void PathTrails::start(uint32_t node, uint32_t goal) { start(node, goal, kNever, nullptr); }

void PathTrails::start(uint32_t node, uint32_t goal, uint64_t length, Bound bound) {
  first_ = node;
  goal_ = goal;
  length_ = length;
  bound_ = std::move(bound);
  beyond_ = kNever;
  started_ = false;
  trail_.clear();
  steps_.clear();
  depth_ = 0;
  held_choices_ = 0;
  fruitless_ = 0;
  careful_ = false;
}

bool PathTrails::next() {
  if (!std::exchange(started_, true) && visit({})) return true;
  while (depth_ > 0) {
    if (++work_ >= kWorkBetweenChecks) {
      work_ = 0;
      context_.check();
    }
    Frame& frame = frames_[depth_ - 1];
    if (frame.next == frame.choices.size()) {
      leave();
      if (++fruitless_ == kPatience && goal_ != NodeId::kNone) get_bearings();
      continue;
    }
    const Choice choice = frame.choices[frame.next++];
    if (careful_ && !leads_on(choice)) continue;
    steps_.push_back({choice.edge.rel, last(), choice.edge.neighbour, choice.at});
    trail_.push(choice.edge.rel);
    if (visit(automaton_.after(choice.at))) {
      fruitless_ = 0;
      careful_ = false;
      return true;
    }
  }
  return false;
}

// ---- being careful -----------------------------------------------------------------------------------------

/// The least length from a node to the goal along relationships that are not in the trail; kNever if there is no way.
uint64_t PathTrails::rest(uint32_t node, const PathPosition& at, const Trail& without) {
  rest_.start(node, at, &without);
  while (!rest_.end_distance(goal_) && rest_.expand()) continue;
  return rest_.end_distance(goal_).value_or(kNever);
}

bool PathTrails::leads_on(const Choice& choice) {
  trail_.push(choice.edge.rel);
  const uint64_t left = rest(choice.edge.neighbour, automaton_.after(choice.at), trail_);
  trail_.pop();
  return fits_length(steps_.size() + 1, left);
}

/// Goes back to before the first step that does not lead on. What a trail begins with needs no more than all of it, so
/// the steps that lead on come before those that do not.
void PathTrails::get_bearings() {
  careful_ = true;
  const auto total_after = [&](size_t steps) {
    Trail begin;
    for (size_t i = 0; i < steps; ++i) begin.push(steps_[i].rel);
    const uint64_t left = rest(steps_[steps - 1].far, automaton_.after(steps_[steps - 1].at), begin);
    return left == kNever ? kNever : steps + left;
  };
  size_t good = 0;
  size_t bad = steps_.size() + 1;
  uint64_t total = kNever;  // after `bad` steps
  while (good + 1 < bad) {
    const size_t middle = good + (bad - good) / 2;
    const uint64_t length = total_after(middle);
    if (length != kNever && length <= length_) {
      good = middle;
    } else {
      bad = middle;
      total = length;
    }
  }
  if (bad > steps_.size()) return;
  beyond_ = std::min(beyond_, total);
  while (steps_.size() > good) leave();
}

/// Looks at where the trail has got to: puts what may come next on the stack, and gives whether it is one asked for.
bool PathTrails::visit(const PathPosition& at) {
  const uint32_t node = last();
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.choices.clear();
  frame.next = 0;
  alternatives_.clear();
  automaton_.alternatives(at, node, alternatives_);
  bool found = false;
  for (const PathPosition& other : alternatives_) {
    if (automaton_.at_end(other)) {
      found = (goal_ == NodeId::kNone || node == goal_) && (length_ == kNever || steps_.size() == length_);
    } else {
      collect(other, frame);
    }
  }
  held_choices_ += frame.choices.size();
  hold_.set(held_choices_ * sizeof(Choice) + depth_ * (sizeof(Frame) + sizeof(Step)));
  return found;
}

void PathTrails::leave() {
  held_choices_ -= frames_[--depth_].choices.size();
  if (steps_.empty()) return;
  steps_.pop_back();
  trail_.pop();
}

void PathTrails::collect(const PathPosition& at, Frame& frame) {
  edges_.clear();
  automaton_.edges(at, last(), &trail_, edges_);
  work_ += edges_.size();
  const PathPosition after = automaton_.after(at);
  if (bound_ != nullptr) std::erase_if(edges_, [&](const AdjacencyEntry& edge) { return !in_reach(edge, after); });
  if (after.hop == 0) keep_whole(at, edges_);
  for (const AdjacencyEntry& edge : edges_) frame.choices.push_back({edge, at});
}

bool PathTrails::in_reach(const AdjacencyEntry& edge, const PathPosition& after) {
  return fits_length(steps_.size() + 1, bound_(edge.neighbour, after));
}

bool PathTrails::fits_length(uint64_t steps, uint64_t rest) {
  if (rest == kNever) return false;
  const uint64_t total = steps + rest;
  if (total <= length_) return true;
  beyond_ = std::min(beyond_, total);
  return false;
}

/// Keeps the relationships with which the stretch, walked over this time, is as its predicate wants it.
void PathTrails::keep_whole(const PathPosition& at, std::vector<AdjacencyEntry>& edges) {
  const PathStretch& stretch = automaton_.stretches()[at.stretch];
  if (stretch.predicate == nullptr || edges.empty()) return;
  const size_t count = edges.size();
  const size_t before = stretch.hops.size() - 1;
  std::vector<PathAutomaton::Column> columns;
  auto constant = [&](VarId var, VectorType type, uint32_t id) {
    columns.push_back({var, type, std::vector<uint32_t>(count, id)});
  };
  for (size_t i = 0; i < before; ++i) {
    const Step& step = steps_[steps_.size() - before + i];
    constant(stretch.hops[i].near, VectorType::Node, step.near);
    constant(stretch.hops[i].rel, VectorType::Relationship, step.rel);
    constant(stretch.hops[i].far, VectorType::Node, step.far);
  }
  const PathHop& hop = stretch.hops.back();
  constant(hop.near, VectorType::Node, last());
  std::vector<uint32_t> rels(count);
  std::vector<uint32_t> ends(count);
  for (size_t i = 0; i < count; ++i) {
    rels[i] = edges[i].rel;
    ends[i] = edges[i].neighbour;
  }
  columns.push_back({hop.rel, VectorType::Relationship, std::move(rels)});
  columns.push_back({hop.far, VectorType::Node, std::move(ends)});
  const SelectionPtr passed = automaton_.passing(*stretch.predicate, count, std::move(columns));
  std::vector<AdjacencyEntry> kept;
  for (const uint32_t i : *passed) kept.push_back(edges[i]);
  edges = std::move(kept);
}

}  // namespace entente
