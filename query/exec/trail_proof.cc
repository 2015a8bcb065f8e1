#include "entente/query/exec/trail_proof.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "entente/query/exec/var_expand.h"

namespace entente {

namespace {

constexpr uint64_t kStepsAFirstStep = 4;  // of looking for single trails, for each of the search before
constexpr uint64_t kFewestSteps = 1'024;
constexpr uint64_t kProofStepsBetweenChecks = 8'192;
constexpr size_t kBytesPerAnswer = 48;

}  // namespace

TrailProof::TrailProof(const VarExpandOp& op, const ReachMarks& marks, ExecContext& context)
    : op_(op), marks_(marks), context_(context), back_(op, opposite(op.direction), context), hold_(context) {}

// A trail of length max to the node leads there from a node at distance d in at most max - d relationships. In both
// directions these also lead back, so that d is less than min and those together.
uint64_t TrailProof::farthest(const VarExpandOp& op) {
  if (!op.max) return ~uint64_t{0};
  if (op.direction != Direction::Both) return *op.max - 1;
  return std::min(*op.max - 1, (op.min - 1 + std::min(*op.max, ~uint64_t{0} / 4)) / 2);
}

void TrailProof::new_batch() { back_.new_batch(); }

void TrailProof::set_row(const Batch& row) {
  back_.set_row(row);
  row_ = row;
}

void TrailProof::keep_ends(const std::vector<uint32_t>& sources, std::vector<uint32_t>& nodes, uint64_t steps) {
  left_ = steps * kStepsAFirstStep + kFewestSteps;
  can_begin_.clear();
  std::vector<uint32_t> kept;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Answer answer = find_trail(nodes[i]);
    if (answer == Answer::Yes) kept.push_back(nodes[i]);
    if (answer != Answer::TooLong) continue;
    nodes.erase(nodes.begin(), nodes.begin() + static_cast<ptrdiff_t>(i));
    walk_all(sources, nodes);
    kept.insert(kept.end(), nodes.begin(), nodes.end());
    break;
  }
  nodes = std::move(kept);
  hold_.release();
}

void TrailProof::spend(uint64_t steps) {
  left_ -= std::min(left_, steps);
  unchecked_ += steps;
  if (unchecked_ < kProofStepsBetweenChecks) return;
  unchecked_ = 0;
  hold_.set(can_begin_.size() * kBytesPerAnswer + depth_ * sizeof(Frame) + held_steps_ * sizeof(AdjacencyEntry));
  context_.check();
}

/// Whether the distance of the node and `walked` relationships behind it are not too many together.
bool TrailProof::is_near(uint32_t node, uint64_t walked) const {
  const ReachMark mark = marks_.get(node);
  return mark.seen() && (!op_.max || mark.distance() + walked <= *op_.max);
}

/// Whether a walk (which may repeat relationships) from a start to the node exists that has a fitting length together
/// with `walked` relationships behind it. At most min levels deep.
bool TrailProof::can_begin(uint32_t node, uint64_t walked) {
  if (!is_near(node, walked)) return false;
  if (walked >= op_.min) return true;
  const uint64_t key = walked << 32 | node;
  if (const auto known = can_begin_.find(key); known != can_begin_.end()) return known->second;
  size_t seen = 1;
  const bool can =
      back_.any(node, seen, [&](const AdjacencyEntry& step) { return can_begin(step.neighbour, walked + 1); });
  spend(seen);
  can_begin_.emplace(key, can);
  return can;
}

TrailProof::Answer TrailProof::find_trail(uint32_t node) {
  depth_ = 0;
  held_steps_ = 0;
  trail_.clear();
  if (!can_begin(node, 0)) return Answer::No;
  push(node, 0);
  while (depth_ > 0) {
    if (left_ == 0) return Answer::TooLong;
    Frame& frame = frames_[depth_ - 1];
    if (frame.next == frame.steps.size()) {
      pop();
      continue;
    }
    const AdjacencyEntry step = frame.steps[frame.next++];
    trail_.push(step.rel);
    const uint64_t walked = trail_.size();
    if (walked >= op_.min && marks_.get(step.neighbour).distance() == 0) return Answer::Yes;
    if (op_.max && walked == *op_.max) {
      trail_.pop();
    } else {
      push(step.neighbour, walked);
    }
  }
  return Answer::No;
}

void TrailProof::push(uint32_t node, uint64_t walked) {
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.steps.clear();
  frame.next = 0;
  spend(1 + back_.collect(node, frame.steps, [&](const AdjacencyEntry& step) {
    return !trail_.contains(step.rel) && is_near(step.neighbour, walked + 1);
  }));
  std::erase_if(frame.steps, [&](const AdjacencyEntry& step) { return !can_begin(step.neighbour, walked + 1); });
  held_steps_ += frame.steps.size();
  if (walked + 1 < op_.min) return;
  const uint64_t here = marks_.get(node).distance();
  std::stable_partition(frame.steps.begin(), frame.steps.end(),
                        [&](const AdjacencyEntry& step) { return marks_.get(step.neighbour).distance() < here; });
}

void TrailProof::pop() {
  held_steps_ -= frames_[--depth_].steps.size();
  trail_.pop();
}

void TrailProof::walk_all(const std::vector<uint32_t>& sources, std::vector<uint32_t>& nodes) {
  std::unordered_set<uint32_t> open;
  for (const uint32_t node : nodes) {
    if (can_begin(node, 0)) open.insert(node);
  }
  std::unordered_set<uint32_t> met;
  TrailWalk walk(op_, context_);
  walk.new_batch();
  for (const uint32_t source : sources) {
    walk.start(source, NodeId::kNone, row_);
    while (!open.empty() && walk.next()) {
      if (open.erase(walk.end()) != 0) met.insert(walk.end());
    }
  }
  std::erase_if(nodes, [&](uint32_t node) { return !met.contains(node); });
}

}  // namespace entente
