#include "entente/query/exec/once_join.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

class OnceJoinOperator final : public Operator {
 public:
  OnceJoinOperator(const CallSubqueryOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      if (row_ < outer_.rows && found_.rows > 0) {
        pair(out);
        return true;
      }
      if (!input_->next(outer_)) {
        outer_ = Batch();
        row_ = 0;
        return false;
      }
      row_ = 0;
      first_ = 0;
      if (!std::exchange(ran_, true)) run();
    }
  }

 private:
  void run() {
    ArgumentSource argument;
    argument.batch = Batch(context_.variable_count);
    argument.batch.rows = 1;
    argument.pending = true;
    const OperatorPtr inner = build_operator(*op_.inner, context_, argument);
    BatchBuilder rows(context_.variable_count, op_.columns);
    Batch in;
    while (inner->next(in)) {
      context_.check();
      hold_.add(held_bytes(in));
      rows.append(in);
    }
    found_ = rows.finish();
    if (found_.rows == 0 && op_.optional) found_.rows = 1;  // of nulls
  }

  /// As many pairs as fit a batch, from the row and the row found where it stopped.
  void pair(Batch& out) {
    Selection parents;
    Selection from;
    std::vector<uint64_t> times;
    while (row_ < outer_.rows && parents.size() < context_.batch_size) {
      const size_t end = std::min(found_.rows, first_ + (context_.batch_size - parents.size()));
      for (; first_ < end; ++first_) {
        parents.push_back(static_cast<uint32_t>(row_));
        from.push_back(static_cast<uint32_t>(first_));
        times.push_back(found_.times(first_));
      }
      if (first_ < found_.rows) break;
      first_ = 0;
      ++row_;
    }
    const size_t rows = parents.size();
    out = outer_.select(std::make_shared<const Selection>(std::move(parents)));
    multiply_batch(out, times);
    const auto selection = std::make_shared<const Selection>(std::move(from));
    for (size_t k = 0; k < op_.vars.size(); ++k) {
      if (found_.has(op_.columns[k])) {
        out.columns.set(op_.vars[k], {found_.columns[op_.columns[k]].data, selection});
      } else {
        out.set(op_.vars[k], Vector::constant(Value(), rows));
      }
    }
  }

  const CallSubqueryOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  bool ran_ = false;
  Batch found_;  // without selections
  Batch outer_;
  size_t row_ = 0;
  size_t first_ = 0;  // of what was found, to be paired with the row next
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_once_join(const CallSubqueryOp& op, OperatorParts parts) {
  return std::make_unique<OnceJoinOperator>(op, std::move(parts));
}

}  // namespace entente
