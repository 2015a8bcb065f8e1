// ORDER BY: takes in all rows, sorts their numbers by key, and gives the rows by selection.
//
// With a limit it holds at most about twice as many rows as are asked for: of each batch it takes the first ones, as
// many as could be wanted; from time to time it sorts what it has and drops the rest, and from then on the last row
// kept is a bar that new rows must be under. Ties stay in input order, as a later row must be strictly smaller than an
// earlier one to come before it.
//
// Without one, or with a large one, what exceeds a share of the memory limit is sorted and written to disk, and merged
// at the end (see sort_runs.h).
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "entente/core/discard.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/sort_keys.h"
#include "entente/query/exec/sort_runs.h"

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
      if (!runs_) sort();
      at_ = 0;
    }
    context_.check();
    if (runs_) return next_merged(out);
    if (at_ == order_.size()) {
      discard(std::move(rows_), hold_.bytes());
      discard(std::move(keys_), hold_.bytes());
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
  /// Rows and their keys, kept in parts so that growing never moves them all.
  struct Part {
    Batch rows;
    std::vector<std::shared_ptr<Vector>> keys;
  };

  void end_part() {
    parts_.push_back({builder_->finish(), std::exchange(keys_, std::vector<std::shared_ptr<Vector>>(keys_.size()))});
    builder_.emplace(columns_, vars_);
  }

  /// Puts all parts together in rows_ and keys_.
  void join_parts() {
    if (parts_.empty()) {
      rows_ = builder_->finish();
      return;
    }
    if (builder_->rows() > 0) end_part();
    size_t rows = 0;
    for (const Part& part : parts_) rows += part.rows.rows;
    builder_.emplace(columns_, vars_, rows);
    for (; !parts_.empty(); parts_.pop_front()) {
      context_.check();
      const Part& part = parts_.front();
      builder_->append(part.rows);
      for (size_t k = 0; k < keys_.size(); ++k) {
        if (keys_[k] == nullptr) {
          keys_[k] = std::make_shared<Vector>(part.keys[k]->type());
          keys_[k]->reserve(rows);
        }
        keys_[k]->push_from(*part.keys[k], nullptr, part.rows.rows);
      }
    }
    rows_ = builder_->finish();
  }

  bool next_merged(Batch& out) {
    if (limit_ && given_ == *limit_) return false;
    if (!runs_->next(out)) return false;
    trim_last(out);
    return true;
  }

  /// Writes all rows that are held as a sorted run.
  void spill() {
    join_parts();
    sort();
    if (!runs_) {
      std::vector<bool> descending;
      for (const SortKey& key : op_.keys) descending.push_back(key.descending);
      runs_ = std::make_unique<SortRuns>(context_, std::move(descending));
    }
    std::vector<BatchColumn> keys;
    for (std::shared_ptr<Vector>& column : keys_) keys.push_back({std::exchange(column, nullptr), nullptr});
    runs_->add(rows_, std::move(keys), order_);
    discard(std::move(rows_), hold_.bytes());
    rows_ = Batch();
    order_ = {};
    builder_.emplace(columns_, vars_);
    hold_.release();
  }

  void take_input() {
    if (op_.limit != nullptr) limit_ = evaluate_row_count(*op_.limit, "LIMIT", context_);
    if (limit_ == uint64_t{0}) {
      Batch ignored;
      while (drains_ && input_->next(ignored)) context_.check();
      return;
    }
    const size_t most = keeps_few() ? std::max<size_t>(*limit_ * 2, kFewestHeld) : ~size_t{0};
    Batch in;
    while (input_->next(in)) {
      context_.check();
      take(in);
      if (builder_->rows() >= most) {
        prune();
      } else if (most == ~size_t{0} && should_spill(context_, hold_.bytes())) {
        spill();
      } else if (most == ~size_t{0} && builder_->rows() >= kRowsOfPart) {
        end_part();
      }
    }
    if (runs_ && (builder_->rows() > 0 || !parts_.empty())) spill();
    if (builder_ && !runs_) join_parts();
  }

  bool keeps_few() const { return limit_ && *limit_ < kMostHeld; }

  void take(const Batch& in) {
    std::vector<BatchColumn> columns;
    for (const SortKey& key : op_.keys) columns.push_back(column_of(*key.expr, in, context_));
    if (!builder_) {
      columns_ = in.columns.size();
      vars_ = present_columns(in);
      builder_.emplace(columns_, vars_);
    }
    if (!keeps_few() || (bar_.empty() && in.rows <= *limit_)) return append(in, columns);
    const Selection rows = candidates(in, columns);
    if (rows.empty()) return;
    const auto selection = std::make_shared<const Selection>(rows);
    for (BatchColumn& column : columns) column = selected(column, *selection);
    append(in.select(selection), columns);
  }

  /// The rows of the batch, in order of the input, that are under the bar and of which no others, as many as are asked
  /// for, come first.
  Selection candidates(const Batch& in, const std::vector<BatchColumn>& columns) const {
    SortColumns keys = sort_columns(columns);
    Selection rows;
    for (uint32_t row = 0; row < in.rows; ++row) {
      if (bar_.empty() || keys.before(row, bar_)) rows.push_back(row);
    }
    context_.work(in.rows);
    if (rows.size() <= *limit_) return rows;
    const auto end = rows.begin() + static_cast<ptrdiff_t>(*limit_);
    std::nth_element(rows.begin(), end, rows.end(), [&](uint32_t a, uint32_t b) {
      context_.work(keys.steps(a));
      return keys.before(a, b);
    });
    rows.erase(end, rows.end());
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  SortColumns sort_columns(const std::vector<BatchColumn>& columns) const {
    SortColumns keys;
    for (size_t k = 0; k < columns.size(); ++k) keys.add(columns[k], op_.keys[k].descending);
    return keys;
  }

  static BatchColumn selected(const BatchColumn& column, const Selection& rows) {
    auto selection = std::make_shared<Selection>();
    for (const uint32_t row : rows) selection->push_back(static_cast<uint32_t>(column.row(row)));
    return {column.data, std::move(selection)};
  }

  void append(const Batch& in, const std::vector<BatchColumn>& columns) {
    builder_->append(in);
    for (size_t k = 0; k < columns.size(); ++k) {
      if (keys_[k] == nullptr) keys_[k] = std::make_shared<Vector>(columns[k].data->type());
      keys_[k]->push_from(*columns[k].data, columns[k].selection.get(), in.rows);
    }
    hold_.add(held_bytes(in) + key_bytes(in.rows));
  }

  /// Of the keys of the last rows; what are plain variables holds nothing that the rows do not.
  size_t key_bytes(size_t rows) const {
    size_t bytes = rows * keys_.size() * sizeof(Value);
    for (size_t k = 0; k < keys_.size(); ++k) {
      if (op_.keys[k].expr->kind == ExprKind::Variable || keys_[k]->type() != VectorType::Value) continue;
      for (size_t i = keys_[k]->size() - rows; i < keys_[k]->size(); ++i) bytes += keys_[k]->get(i).heap_bytes();
    }
    return bytes;
  }

  /// Keeps only the first rows that the limit asks for, in order, and sets the bar.
  void prune() {
    rows_ = builder_->finish();
    sort();
    const Batch best = rows_.select(std::make_shared<const Selection>(order_));
    bar_.clear();
    for (std::shared_ptr<Vector>& column : keys_) {
      auto kept = std::make_shared<Vector>(column->type());
      kept->push_from(*column, &order_, order_.size());
      if (expanded_rows(best) >= *limit_) bar_.push_back(kept->get(order_.size() - 1));
      column = std::move(kept);
    }
    builder_.emplace(columns_, vars_);
    builder_->append(best);
    rows_ = Batch();
    hold_.set(held_bytes(best) + key_bytes(best.rows));
  }

  /// Fills order_ with the rows in order, as many as are asked for.
  void sort() {
    order_.clear();
    if (rows_.rows == 0) return;
    SortColumns keys;
    for (size_t k = 0; k < keys_.size(); ++k) keys.add({keys_[k], nullptr}, op_.keys[k].descending);
    order_ = keys.sorted(rows_.rows, context_);
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

  static constexpr size_t kFewestHeld = 64;
  static constexpr size_t kRowsOfPart = 1 << 16;
  static constexpr uint64_t kMostHeld = 1'000'000;  // limits from here on are applied after a full sort

  const SortOp& op_;
  const bool drains_;
  OperatorPtr input_;
  ExecContext& context_;
  std::optional<uint64_t> limit_;
  std::deque<Part> parts_;
  std::optional<BatchBuilder> builder_;  // of the rows after those
  size_t columns_ = 0;
  std::vector<VarId> vars_;
  std::vector<std::shared_ptr<Vector>> keys_;  // by key; null before there are rows
  std::vector<Value> bar_;                     // the key that new rows must be under; empty: none yet
  Batch rows_;
  std::unique_ptr<SortRuns> runs_;  // on disk; null: all rows are held
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
