// Expansion between two nodes that are known.
#include "entente/query/exec/expansion_lists.h"

namespace entente {

namespace {

/// Both ends are known: looks each pair up. If nobody reads the relationship, parallel ones only multiply the row.
/// Where many rows in turn have the same node at one end, those at the other ends of its relationships are marked once,
/// and rows compared with the marks.
class ExpandIntoOperator final : public Operator {
 public:
  ExpandIntoOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), reversed_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {
    reversed_.direction = opposite(op.direction);
  }

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
      back_.open(reversed_, context_);
      if (context_.transaction != nullptr) {
        at_from_.marks.clear();
        at_to_.marks.clear();
      }
      row_ = 0;
      at_from_.not_worth_before = 0;
      at_to_.not_worth_before = 0;
    }
  }

 private:
  static constexpr size_t kLookAhead = 64;
  static constexpr size_t kFewestRows = 4;
  static constexpr uint64_t kMarksPerRow = 4;  // that are set in the time of a look-up

  /// The marks for one end.
  struct End {
    MarkedEnds marks;
    size_t not_worth_before = 0;  // rows of the batch for which that has been found
  };

  void find() {
    for (; row_ < in_.rows && parents_.size() < context_.batch_size; ++row_) {
      const uint32_t from = from_(row_);
      const uint32_t to = to_(row_);
      if (from == NodeId::kNone || to == NodeId::kNone || excluded_by_marks(from, to)) continue;
      const std::vector<RelId>& found = between_.find(from, to);
      parents_.insert(parents_.end(), found.size(), static_cast<uint32_t>(row_));
      for (const RelId rel : found) rels_.push_back(rel.value);
    }
  }

  void count() {
    for (; row_ < in_.rows && parents_.size() < context_.batch_size; ++row_) {
      between_.prefetch(from_, row_, in_.rows);
      const uint32_t from = from_(row_);
      const uint32_t to = to_(row_);
      const uint64_t count = count_between(from, to);
      const uint64_t times = times_of(op_.match, count);
      if (times == 0) continue;
      parents_.push_back(static_cast<uint32_t>(row_));
      times_.push_back(times);
      if (!op_.found.empty()) found_.push_back(count > 0 ? 1 : 0);
    }
  }

  uint64_t count_between(uint32_t from, uint32_t to) {
    if (from == NodeId::kNone || to == NodeId::kNone || excluded_by_marks(from, to)) return 0;
    const bool counted = op_.match == ExpandMatch::All || op_.match == ExpandMatch::Optional;
    if (marked_ && !counted) return 1;
    return between_.count(from, to);
  }

  /// Whether there are marks for one of the ends and the other is not among them; `marked_` tells whether there are.
  bool excluded_by_marks(uint32_t from, uint32_t to) {
    marked_ = true;
    if (from == at_from_.marks.from()) return !at_from_.marks.test(to);
    if (to == at_to_.marks.from()) return !at_to_.marks.test(from);
    if (worth_marking(at_from_, from_, from, between_)) return !at_from_.marks.test(to);
    if (worth_marking(at_to_, to_, to, back_)) return !at_to_.marks.test(from);
    marked_ = false;
    return false;
  }

  /// Whether enough of the next rows have the node at this end; if so it is marked where its relationships lead.
  bool worth_marking(End& end, const IdReader& nodes, uint32_t node, Between& between) {
    if (row_ < end.not_worth_before) return false;
    size_t same = 1;
    while (same < kLookAhead && row_ + same < in_.rows && nodes(row_ + same) == node) ++same;
    if (same < kFewestRows || between.degree(node) > same * kMarksPerRow) {
      end.not_worth_before = row_ + same;
      return false;
    }
    const uint32_t limit = context_.graph->node_limit();
    hold_.set(limit / 4);
    end.marks.mark(node, between, limit);
    return true;
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (op_.rel == kNoVar) {
      multiply_batch(out, times_);
      set_found(op_, std::move(found_), out);
    } else {
      out.set(op_.rel, id_vector(VectorType::Relationship, std::move(rels_)));
    }
    parents_.clear();
    times_.clear();
    found_.clear();
    rels_.clear();
  }

  const ExpandOp& op_;
  ExpandOp reversed_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  IdReader from_;
  IdReader to_;
  Between between_;
  Between back_;  // the same from the other end
  End at_from_;
  End at_to_;
  bool marked_ = false;
  MemoryHold hold_;
  size_t row_ = 0;
  Selection parents_;
  std::vector<uint64_t> times_;
  std::vector<uint8_t> found_;
  std::vector<uint32_t> rels_;
};

}  // namespace

OperatorPtr make_expand_into(const ExpandOp& op, OperatorParts parts) {
  return std::make_unique<ExpandIntoOperator>(op, std::move(parts));
}

}  // namespace entente
