#include "entente/query/exec/reach_search.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

constexpr size_t kEdgesBetweenChecks = 8'192;

/// How far from the sources marks are read.
uint64_t marked_distance(const VarExpandOp& op) {
  if (op.min >= 2) return TrailProof::farthest(op);
  return op.min == 1 && op.direction == Direction::Both ? ~uint64_t{0} : 0;
}

}  // namespace

ReachSearch::ReachSearch(const VarExpandOp& op, ExecContext& context)
    : op_(op),
      marked_(marked_distance(op)),
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
  seen_.clear(context_.graph->node_limit());
  frontier_ = sources_;
  near_.clear();
  if (op_.min >= 2) near_ = sources_;
  for (const uint32_t source : sources_) {
    marks_.set(source, {1, source, 0, false});
    seen_.insert(source);
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
  const bool only_new = op_.min != 1;  // else relationships to nodes reached before matter
  const bool given = depth_ + 1 >= op_.min;
  const auto node_at = [&](size_t i) { return frontier_[i]; };
  for (size_t k = 0; k < frontier_.size(); ++k) {
    const uint32_t node = frontier_[k];
    steps_.lists().prefetch(node_at, k, frontier_.size());
    size_t seen = 1;
    if (op_.predicate == nullptr) {
      seen += steps_.for_each(node, [&](const AdjacencySegment& segment, uint32_t i) {
        const uint32_t to = segment.neighbours[i];
        if (only_new && !seen_.insert(to)) return;
        if (only_new && depth_ >= marked_) {
          next.push_back(to);
          if (given) give(to, ends);
        } else {
          reach(node, segment, i, only_new, next, ends);
        }
      });
    } else {
      edges_.clear();
      seen += steps_.collect(node, edges_, [](const AdjacencyEntry&) { return true; });
      for (const AdjacencyEntry& step : edges_) {
        reach(node, {&step.neighbour, &step.rel, 0, 1}, 0, false, next, ends);
      }
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

void ReachSearch::reach(uint32_t from, const AdjacencySegment& step, uint32_t i, bool is_new,
                        std::vector<uint32_t>& next, std::vector<uint32_t>& ends) {
  const uint32_t to = step.neighbours[i];
  if (!is_new && !seen_.insert(to)) {
    if (op_.min == 1 && returned_ < sources_.size()) note_meeting(from, to, step.rel(i), ends);
    return;
  }
  if (depth_ < marked_) {
    const ReachMark here = marks_.get(from);
    marks_.set(to, {static_cast<uint32_t>(depth_ + 2), here.owner, depth_ == 0 ? step.rel(i) : here.branch, false});
  }
  next.push_back(to);
  if (depth_ + 1 >= op_.min) give(to, ends);
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
