#include "entente/query/exec/reach_search.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

constexpr size_t kEdgesBetweenChecks = 8'192;
constexpr uint32_t kWordBits = 64;

}  // namespace

ReachSearch::ReachSearch(const VarExpandOp& op, ExecContext& context)
    : op_(op),
      marks_all_(op.min >= 2 || (op.min == 1 && op.direction == Direction::Both)),
      context_(context),
      steps_(op, op.direction, context),
      proof_(op, marks_, context),
      hold_(context) {}

void ReachSearch::new_batch() {
  steps_.new_batch();
  proof_.new_batch();
}

void ReachSearch::start(std::vector<uint32_t> sources, uint32_t target, const Batch& row) {
  steps_.set_row(row);
  proof_.set_row(row);
  sources_ = std::move(sources);
  target_ = target;
  depth_ = 0;
  looked_at_ = 0;
  returned_ = 0;
  marks_.clear(context_.graph->node_limit());
  seen_.clear(context_.graph->node_limit() / kWordBits + 1);
  frontier_ = sources_;
  near_.clear();
  if (op_.min >= 2) near_ = sources_;
  for (const uint32_t source : sources_) {
    marks_.set(source, {1, source, 0, false});
    see(source);
  }
  stage_ = Stage::Sources;
}

bool ReachSearch::next(std::vector<uint32_t>& ends) {
  switch (stage_) {
    case Stage::Sources:
      stage_ = Stage::Levels;
      for (const uint32_t source : sources_) {
        if (op_.min == 0) give(source, ends);
      }
      return true;
    case Stage::Levels:
      if (!frontier_.empty() && (!op_.max || depth_ < *op_.max)) {
        expand_level(ends);
      } else {
        stage_ = Stage::Near;
      }
      return true;
    case Stage::Near:
      stage_ = Stage::Done;
      if (target_ != NodeId::kNone) {
        std::erase_if(near_, [&](uint32_t node) { return node != target_; });
      }
      if (!near_.empty()) proof_.keep_ends(sources_, near_, looked_at_);
      for (const uint32_t node : near_) give(node, ends);
      return true;
    case Stage::Done:
      break;
  }
  return false;
}

void ReachSearch::give(uint32_t node, std::vector<uint32_t>& ends) {
  if (target_ != NodeId::kNone) {
    if (node != target_) return;
    stage_ = Stage::Done;
  }
  ends.push_back(node);
}

void ReachSearch::expand_level(std::vector<uint32_t>& ends) {
  std::vector<uint32_t> next;
  size_t unchecked = 0;
  for (const uint32_t node : frontier_) {
    size_t seen = 1;
    if (op_.predicate == nullptr) {
      seen += steps_.for_each(
          node, [&](const AdjacencySegment& segment, uint32_t i) { reach(node, segment, i, next, ends); });
    } else {
      edges_.clear();
      seen += steps_.collect(node, edges_, [](const AdjacencyEntry&) { return true; });
      for (const AdjacencyEntry& step : edges_) reach(node, {&step.neighbour, &step.rel, 0, 1}, 0, next, ends);
    }
    looked_at_ += seen;
    if (stage_ == Stage::Done) return;
    unchecked += seen;
    if (unchecked < kEdgesBetweenChecks) continue;
    unchecked = 0;
    account();
    context_.check();
  }
  frontier_ = std::move(next);
  ++depth_;
  if (depth_ < op_.min) near_.insert(near_.end(), frontier_.begin(), frontier_.end());
  account();
}

void ReachSearch::reach(uint32_t from, const AdjacencySegment& step, uint32_t i, std::vector<uint32_t>& next,
                        std::vector<uint32_t>& ends) {
  const uint32_t to = step.neighbours[i];
  if (!see(to)) {
    if (op_.min == 1 && returned_ < sources_.size()) note_meeting(from, to, step.rel(i), ends);
    return;
  }
  if (marks_all_) {
    const ReachMark here = marks_.get(from);
    marks_.set(to, {static_cast<uint32_t>(depth_ + 2), here.owner, depth_ == 0 ? step.rel(i) : here.branch, false});
  }
  next.push_back(to);
  if (depth_ + 1 >= op_.min) give(to, ends);
}

/// Whether the node has not been reached before.
bool ReachSearch::see(uint32_t node) {
  const uint64_t bit = uint64_t{1} << (node % kWordBits);
  const uint64_t word = seen_.get(node / kWordBits);
  if ((word & bit) != 0) return false;
  seen_.set(node / kWordBits, word | bit);
  return true;
}

/// A relationship between two nodes that both have been reached. Forwards it leads back to b if that is a start.
/// In both directions, with the search's own ways to a and b it makes a trail: between their starts, or where these
/// are the same and the ways part at it, around. (What is shortest of these is found so: on a shortest way from a start
/// to another, or around, some relationship lies between nodes that different starts, or different relationships of the
/// start, reach first, and their own ways there are no longer than it.)
void ReachSearch::note_meeting(uint32_t a, uint32_t b, uint32_t rel, std::vector<uint32_t>& ends) {
  const ReachMark met = marks_.get(b);
  if (op_.direction != Direction::Both) {
    if (met.seen()) come_back(b, ends);
    return;
  }
  const ReachMark at = marks_.get(a);
  if (op_.max && at.distance() + met.distance() + 1 > *op_.max) return;
  bool around = at.owner != met.owner;
  if (!around) {
    if (at.distance() == 0 && met.distance() == 0) {
      around = true;  // a loop
    } else if (at.distance() == 0 || met.distance() == 0) {
      around = rel != (at.distance() == 0 ? met : at).branch;
    } else {
      around = at.branch != met.branch;
    }
  }
  if (!around) return;
  come_back(at.owner, ends);
  come_back(met.owner, ends);
}

void ReachSearch::come_back(uint32_t source, std::vector<uint32_t>& ends) {
  ReachMark mark = marks_.get(source);
  if (std::exchange(mark.given, true)) return;
  marks_.set(source, mark);
  ++returned_;
  give(source, ends);
}

void ReachSearch::account() {
  hold_.set(marks_.bytes() + seen_.bytes() +
            (frontier_.capacity() + near_.capacity() + sources_.capacity()) * sizeof(uint32_t) +
            edges_.capacity() * sizeof(AdjacencyEntry));
}

}  // namespace entente
