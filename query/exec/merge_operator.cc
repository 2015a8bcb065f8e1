// MERGE: for each row in turn matches, or else creates. A row sees what the rows before it created, so the inner plan
// is run anew for each; its rows are all taken in before ON MATCH changes anything that it may read.
#include "entente/query/exec/graph_writer.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

class MergeOperator final : public Operator {
 public:
  MergeOperator(const MergeOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        context_(parts.context),
        writer_(parts.context),
        hold_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      while (row_ < in_.rows && parents_.size() < context_.batch_size) merge(row_++);
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!rows_.next(*input_, in_, context_.batch_size)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      row_ = 0;
      columns_.assign(op_.vars.size(), {});
    }
  }

 private:
  void merge(size_t row) {
    if (row % kRowsBetweenChecks == 0) context_.check();
    const Batch outer = single_row(in_, row);
    std::vector<Batch> found = match(outer);
    if (found.empty()) {
      Batch created = outer;
      writer_.create(op_.create, true, created);
      if (!op_.on_create.empty()) writer_.set(op_.on_create, created);
      take(row, created);
    }
    for (Batch& batch : found) {
      if (!op_.on_match.empty()) writer_.set(op_.on_match, batch);
      take(row, batch);
    }
    hold_.release();
  }

  /// The row with what the inner plan finds for it.
  std::vector<Batch> match(const Batch& outer) {
    argument_.batch = outer;
    argument_.pending = true;
    const OperatorPtr running = build_operator(*op_.match, context_, argument_);
    std::vector<Batch> found;
    Batch inner;
    RowExpander rows;
    while (rows.next(*running, inner, context_.batch_size)) {
      Batch joined = outer.select(std::make_shared<const Selection>(inner.rows, 0u));
      for (const VarId var : op_.vars) {
        if (inner.has(var)) joined.columns.set(var, inner.columns[var]);
      }
      hold_.add(held_bytes(joined));
      found.push_back(std::move(joined));
    }
    return found;
  }

  void take(size_t row, const Batch& batch) {
    parents_.insert(parents_.end(), batch.rows, static_cast<uint32_t>(row));
    for (size_t k = 0; k < op_.vars.size(); ++k) {
      for (size_t i = 0; i < batch.rows; ++i) columns_[k].push_back(value_at(batch, op_.vars[k], i));
    }
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    parents_.clear();
    for (size_t k = 0; k < op_.vars.size(); ++k) {
      out.set(op_.vars[k], Vector::from_values(std::move(columns_[k])));
      columns_[k].clear();
    }
  }

  static constexpr size_t kRowsBetweenChecks = 64;

  const MergeOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  GraphWriter writer_;
  RowExpander rows_;
  Batch in_;
  size_t row_ = 0;
  ArgumentSource argument_;
  Selection parents_;
  std::vector<std::vector<Value>> columns_;  // of op_.vars
  MemoryHold hold_;                          // what was found for the row
};

}  // namespace

OperatorPtr make_operator(const MergeOp& op, OperatorParts parts) {
  return std::make_unique<MergeOperator>(op, std::move(parts));
}

}  // namespace entente
