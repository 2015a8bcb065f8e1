// Expansion between two nodes that are known.
#include "entente/query/exec/expansion_lists.h"

namespace entente {

namespace {

/// The nodes to which relationships lead from one node, as bits by id: for many look-ups from the same node.
class MarkedEnds {
 public:
  uint32_t from() const { return from_; }
  bool test(uint32_t node) const { return (bits_[node / 64] >> (node % 64) & 1) != 0; }

  void mark(uint32_t from, Between& between, uint32_t node_limit) {
    clear();
    bits_.resize(node_limit / 64 + 1);
    from_ = from;
    between.for_each_end(from, [&](uint32_t node) {
      bits_[node / 64] |= uint64_t{1} << (node % 64);
      marked_.push_back(node);
    });
  }
  void clear() {
    for (const uint32_t node : marked_) bits_[node / 64] = 0;
    marked_.clear();
    from_ = NodeId::kNone;
  }

 private:
  uint32_t from_ = NodeId::kNone;
  std::vector<uint64_t> bits_;
  std::vector<uint32_t> marked_;
};

/// Both ends are known: looks each pair up. If nobody reads the relationship, parallel ones only multiply the row; and
/// where many rows in turn begin at the same node, its ends are marked once and rows compared with the marks.
class ExpandIntoOperator final : public Operator {
 public:
  ExpandIntoOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      if (op_.rel == kNoVar) {
        count();
      } else {
        find();
      }
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
      to_ = IdReader(in_, op_.to, VectorType::Node);
      between_.open(op_, context_);
      if (context_.transaction != nullptr) marks_.clear();
      row_ = 0;
      not_worth_before_ = 0;
    }
  }

 private:
  static constexpr size_t kLookAhead = 64;
  static constexpr size_t kFewestRows = 4;
  static constexpr uint64_t kMarksPerRow = 4;  // that are set in the time of a look-up

  void find() {
    for (; row_ < in_.rows && parents_.size() < context_.batch_size; ++row_) {
      const uint32_t from = from_(row_);
      const uint32_t to = to_(row_);
      if (from == NodeId::kNone || to == NodeId::kNone) continue;
      const std::vector<RelId>& found = between_.find(from, to);
      parents_.insert(parents_.end(), found.size(), static_cast<uint32_t>(row_));
      for (const RelId rel : found) rels_.push_back(rel.value);
    }
  }

  void count() {
    for (; row_ < in_.rows && parents_.size() < context_.batch_size; ++row_) {
      const uint32_t from = from_(row_);
      const uint32_t to = to_(row_);
      const uint64_t times = times_of(op_.match, count_between(from, to));
      if (times == 0) continue;
      parents_.push_back(static_cast<uint32_t>(row_));
      times_.push_back(times);
    }
  }

  uint64_t count_between(uint32_t from, uint32_t to) {
    if (from == NodeId::kNone || to == NodeId::kNone) return 0;
    if (from == marks_.from() || worth_marking(from)) {
      const bool counted = op_.match == ExpandMatch::All || op_.match == ExpandMatch::Optional;
      if (!marks_.test(to)) return 0;
      return counted ? between_.count(from, to) : 1;
    }
    return between_.count(from, to);
  }

  /// Whether enough of the next rows begin at the same node; if so they are marked.
  bool worth_marking(uint32_t from) {
    if (row_ < not_worth_before_) return false;
    size_t same = 1;
    while (same < kLookAhead && row_ + same < in_.rows && from_(row_ + same) == from) ++same;
    if (same < kFewestRows || between_.degree(from) > same * kMarksPerRow) {
      not_worth_before_ = row_ + same;
      return false;
    }
    const uint32_t limit = context_.graph->node_limit();
    hold_.set(limit / 8);
    marks_.mark(from, between_, limit);
    return true;
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (op_.rel == kNoVar) {
      multiply_batch(out, times_);
    } else {
      out.set(op_.rel, id_vector(VectorType::Relationship, std::move(rels_)));
    }
    parents_.clear();
    times_.clear();
    rels_.clear();
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  IdReader from_;
  IdReader to_;
  Between between_;
  MarkedEnds marks_;
  MemoryHold hold_;
  size_t row_ = 0;
  size_t not_worth_before_ = 0;  // rows for which that has been found
  Selection parents_;
  std::vector<uint64_t> times_;
  std::vector<uint32_t> rels_;
};

}  // namespace

OperatorPtr make_expand_into(const ExpandOp& op, OperatorParts parts) {
  return std::make_unique<ExpandIntoOperator>(op, std::move(parts));
}

}  // namespace entente
