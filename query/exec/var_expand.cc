#include "entente/query/exec/var_expand.h"

#include <algorithm>

#include "entente/query/exec/reach_expand.h"

namespace entente {

namespace {

constexpr size_t kStepsBetweenChecks = 4'096;
/// Relationships in the lists of one batch's rows, for each row the batch may have.
constexpr size_t kListElementsPerRow = 16;

}  // namespace

// ---- TrailWalk ----

void TrailWalk::start(uint32_t node, uint32_t target, Batch row) {
  steps_.set_row(std::move(row));
  target_ = target;
  end_ = node;
  depth_ = 0;
  held_edges_ = 0;
  path_.clear();
  at_start_ = true;
  descend_ = false;
}

bool TrailWalk::accepts(uint32_t node) const {
  return path_.size() >= op_.min && (target_ == NodeId::kNone || node == target_);
}

bool TrailWalk::next() {
  if (at_start_) {
    at_start_ = false;
    descend_ = true;
    if (accepts(end_)) return true;
  }
  while (true) {
    if (++looked_at_ >= kStepsBetweenChecks) {
      looked_at_ = 0;
      context_.check();
    }
    if (descend_) {
      descend_ = false;
      if (!op_.max || path_.size() < *op_.max) {
        push(end_);
      } else {
        path_.pop();
      }
    }
    if (depth_ == 0) return false;
    Frame& frame = frames_[depth_ - 1];
    if (frame.next == frame.edges.size()) {
      pop();
      continue;
    }
    look_ahead(frame, frame.next + kAhead);
    const AdjacencyEntry edge = frame.edges[frame.next++];
    path_.push(edge.rel);
    end_ = edge.neighbour;
    descend_ = true;
    if (accepts(end_)) return true;
  }
}

void TrailWalk::push(uint32_t node) {
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.edges.clear();
  frame.next = 0;
  const bool last = op_.max && path_.size() + 1 == *op_.max;
  if (last && target_ != NodeId::kNone) {
    collect_last(node, frame.edges);
  } else {
    looked_at_ +=
        steps_.collect(node, frame.edges, [&](const AdjacencyEntry& step) { return !path_.contains(step.rel); });
  }
  frame.goes_on = !last;
  for (size_t i = 0; i < kAhead; ++i) look_ahead(frame, i);
  held_edges_ += frame.edges.size();
  hold_.set(held_edges_ * sizeof(AdjacencyEntry) + depth_ * sizeof(Frame));
}

void TrailWalk::pop() {
  held_edges_ -= frames_[--depth_].edges.size();
  path_.pop();
}

void TrailWalk::collect_last(uint32_t node, std::vector<AdjacencyEntry>& edges) {
  for (const auto& [list, lists] : steps_.lists()) {
    const bool second_half = op_.direction == Direction::Both && list.direction == Direction::In;
    if (second_half && node == target_) continue;
    found_.clear();
    find_between(*context_.graph, list, node, target_, found_);
    for (const RelId rel : found_) {
      if (!path_.contains(rel.value)) edges.push_back({target_, rel.value});
    }
  }
  if (op_.predicate != nullptr && !edges.empty()) steps_.keep_allowed(edges, 0);
}

// ---- the operator ----

namespace {

class VarExpandOperator final : public Operator {
 public:
  VarExpandOperator(const VarExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), walk_(op, parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      from_ = IdReader(in_, op_.from, VectorType::Node);
      if (op_.into) to_ = IdReader(in_, op_.to, VectorType::Node);
      walk_.new_batch();
      row_ = 0;
      walking_ = false;
    }
  }

 private:
  void fill() {
    size_t elements = 0;
    while (row_ < in_.rows && parents_.size() < context_.batch_size &&
           elements < context_.batch_size * kListElementsPerRow) {
      if (!walking_) {
        walk_.look_ahead(from_, row_, in_.rows);
        walking_ = start();
      }
      if (!walking_ || !walk_.next()) {
        walking_ = false;
        ++row_;
        continue;
      }
      parents_.push_back(static_cast<uint32_t>(row_));
      if (!op_.into && op_.to != kNoVar) ends_.push_back(walk_.end());
      const std::vector<uint32_t>& rels = walk_.relationships();
      if (op_.length != kNoVar) lengths_.push_back(static_cast<int64_t>(rels.size()));
      if (op_.rel != kNoVar) {
        List list;
        list.reserve(rels.size());
        for (const uint32_t rel : rels) list.emplace_back(RelId(rel));
        if (op_.reversed) std::reverse(list.begin(), list.end());
        lists_.emplace_back(std::move(list));
        elements += rels.size();
      }
    }
  }

  bool start() {
    const uint32_t from = from_(row_);
    const uint32_t to = op_.into ? to_(row_) : NodeId::kNone;
    if (from == NodeId::kNone || (op_.into && to == NodeId::kNone)) return false;
    // A node deleted in this statement is nowhere, so not at its own end of a path of no relationships either.
    if (!context_.graph->has_node(NodeId(from))) return false;
    walk_.start(from, to, op_.predicate != nullptr ? single_row(in_, row_) : Batch());
    return true;
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (!op_.into && op_.to != kNoVar) out.set(op_.to, id_vector(VectorType::Node, std::move(ends_)));
    if (op_.rel != kNoVar) out.set(op_.rel, Vector::from_values(std::move(lists_)));
    if (op_.length != kNoVar) out.set(op_.length, integer_vector(std::move(lengths_)));
    parents_.clear();
    ends_.clear();
    lengths_.clear();
    lists_.clear();
  }

  const VarExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  TrailWalk walk_;
  Batch in_;
  IdReader from_;
  IdReader to_;
  size_t row_ = 0;
  bool walking_ = false;
  Selection parents_;
  std::vector<uint32_t> ends_;
  LargeVector<int64_t> lengths_;
  std::vector<Value> lists_;
};

}  // namespace

OperatorPtr make_operator(const VarExpandOp& op, OperatorParts parts) {
  if (op.ends != PathEnds::Each) return make_reach_expand(op, std::move(parts));
  return std::make_unique<VarExpandOperator>(op, std::move(parts));
}

}  // namespace entente
