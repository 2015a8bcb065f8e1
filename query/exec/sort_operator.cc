// ORDER BY: takes in all rows, sorts their numbers by key, and gives the rows by selection.
//
// With a limit it holds at most about twice as many rows as are asked for: from time to time it sorts what it has and
// drops the rest, and from then on the last row kept is a bar that new rows must be under. Ties stay in input order, as
// a later row must be strictly smaller than an earlier one to come before it.
#include <algorithm>
#include <numeric>
#include <optional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

class SortOperator final : public Operator {
 public:
  SortOperator(const SortOp& op, OperatorParts parts)
      : op_(op),
        drains_(parts.plan.input != nullptr && plan_traits(*parts.plan.input, parts.context).writes),
        input_(std::move(parts.input)),
        context_(parts.context),
        keys_(op.keys.size()),
        hold_(parts.context) {}

  bool next(Batch& out) override {
    if (input_ != nullptr) {
      take_input();
      input_.reset();
      sort();
      at_ = 0;
    }
    context_.check();
    if (at_ == order_.size()) {
      rows_ = Batch();
      hold_.release();
      return false;
    }
    const size_t end = std::min(order_.size(), at_ + context_.batch_size);
    out = rows_.select(std::make_shared<const Selection>(order_.begin() + static_cast<ptrdiff_t>(at_),
                                                         order_.begin() + static_cast<ptrdiff_t>(end)));
    at_ = end;
    trim_last(out);
    return true;
  }

 private:
  void take_input() {
    if (op_.limit != nullptr) limit_ = evaluate_row_count(*op_.limit, "LIMIT", context_);
    if (limit_ == uint64_t{0}) {
      Batch ignored;
      while (drains_ && input_->next(ignored)) context_.check();
      return;
    }
    const size_t most = limit_ && *limit_ < kMostHeld ? std::max<size_t>(*limit_ * 2, context_.batch_size) : ~size_t{0};
    Batch in;
    while (input_->next(in)) {
      context_.check();
      take(in);
      if (builder_->rows() >= most) prune();
    }
    if (builder_) rows_ = builder_->finish();
  }

  void take(const Batch& in) {
    std::vector<BatchColumn> columns;
    for (const SortKey& key : op_.keys) columns.push_back(column_of(*key.expr, in, context_));
    if (!builder_) {
      columns_ = in.columns.size();
      vars_ = present_columns(in);
      builder_.emplace(columns_, vars_);
    }
    if (bar_.empty()) {
      for (size_t k = 0; k < columns.size(); ++k) {
        for (size_t row = 0; row < in.rows; ++row) keys_[k].push_back(columns[k].data->get(columns[k].row(row)));
      }
      builder_->append(in);
      hold_.add(held_bytes(in) + key_bytes(in.rows));
      return;
    }
    std::vector<Value> key(columns.size());
    Selection under;
    for (size_t row = 0; row < in.rows; ++row) {
      for (size_t k = 0; k < columns.size(); ++k) key[k] = columns[k].data->get(columns[k].row(row));
      if (!under_bar(key)) continue;
      for (size_t k = 0; k < columns.size(); ++k) keys_[k].push_back(key[k]);
      under.push_back(static_cast<uint32_t>(row));
    }
    if (under.empty()) return;
    const Batch kept = in.select(std::make_shared<const Selection>(std::move(under)));
    builder_->append(kept);
    hold_.add(held_bytes(kept) + key_bytes(kept.rows));
  }

  /// Of the keys of the last rows; what are plain variables holds nothing that the rows do not.
  size_t key_bytes(size_t rows) const {
    size_t bytes = rows * keys_.size() * sizeof(Value);
    for (size_t k = 0; k < keys_.size(); ++k) {
      if (op_.keys[k].expr->kind == ExprKind::Variable) continue;
      for (size_t i = keys_[k].size() - rows; i < keys_[k].size(); ++i) bytes += keys_[k][i].heap_bytes();
    }
    return bytes;
  }

  bool under_bar(const std::vector<Value>& key) const {
    for (size_t k = 0; k < key.size(); ++k) {
      const auto order = Value::order(key[k], bar_[k]);
      if (order != 0) return op_.keys[k].descending ? order > 0 : order < 0;
    }
    return false;
  }

  /// Keeps only the first rows that the limit asks for, in order, and sets the bar.
  void prune() {
    rows_ = builder_->finish();
    sort();
    const Batch best = rows_.select(std::make_shared<const Selection>(order_));
    bar_.clear();
    for (std::vector<Value>& column : keys_) {
      std::vector<Value> kept;
      kept.reserve(order_.size());
      for (const uint32_t row : order_) kept.push_back(column[row]);
      if (expanded_rows(best) >= *limit_) bar_.push_back(kept.back());
      column = std::move(kept);
    }
    builder_.emplace(columns_, vars_);
    builder_->append(best);
    rows_ = Batch();
    hold_.set(held_bytes(best) + key_bytes(best.rows));
  }

  /// Fills order_ with the rows in order, as many as are asked for.
  void sort() {
    order_.resize(rows_.rows);
    std::iota(order_.begin(), order_.end(), 0u);
    std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      for (size_t k = 0; k < keys_.size(); ++k) {
        context_.work(1 + steps_of(keys_[k][a]));
        const auto order = Value::order(keys_[k][a], keys_[k][b]);
        if (order != 0) return op_.keys[k].descending ? order > 0 : order < 0;
      }
      return a < b;
    });
    if (!limit_) return;
    uint64_t rows = 0;
    size_t count = 0;
    while (count < order_.size() && rows < *limit_) {
      if (__builtin_add_overflow(rows, rows_.times(order_[count++]), &rows)) rows = *limit_;
    }
    order_.resize(count);
  }

  /// The last row may stand for more rows than the limit leaves.
  void trim_last(Batch& out) {
    if (!limit_) return;
    const uint64_t rows = expanded_rows(out);
    if (rows > *limit_ - given_) out = slice_expanded(out, 0, *limit_ - given_);
    given_ += std::min(rows, *limit_ - given_);
  }

  static constexpr uint64_t kMostHeld = 1'000'000;  // limits from here on are applied after a full sort

  const SortOp& op_;
  const bool drains_;
  OperatorPtr input_;
  ExecContext& context_;
  std::optional<uint64_t> limit_;
  std::optional<BatchBuilder> builder_;
  size_t columns_ = 0;
  std::vector<VarId> vars_;
  std::vector<std::vector<Value>> keys_;  // by key, then row
  std::vector<Value> bar_;                // the key that new rows must be under; empty: none yet
  Batch rows_;
  Selection order_;
  size_t at_ = 0;
  uint64_t given_ = 0;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const SortOp& op, OperatorParts parts) {
  return std::make_unique<SortOperator>(op, std::move(parts));
}

}  // namespace entente
