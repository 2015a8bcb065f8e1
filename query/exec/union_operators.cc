// Operators with inner plans that read: the branches of a UNION, and OPTIONAL MATCH.
#include <algorithm>
#include <optional>

#include "entente/query/exec/inner_runner.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

class UnionOperator final : public Operator {
 public:
  UnionOperator(const UnionOp& op, OperatorParts parts) : op_(op), context_(parts.context), outer_(parts.argument) {}

  bool next(Batch& out) override {
    if (!started_) {
      started_ = true;
      if (outer_.pending) rows_ = outer_.batch;
      outer_.pending = false;
    }
    Batch in;
    while (rows_.rows > 0) {
      context_.check();
      if (running_ == nullptr) {
        if (branch_ == op_.branches.size()) return false;
        argument_.batch = rows_;
        argument_.pending = true;
        running_ = build_operator(*op_.branches[branch_], context_, argument_);
      }
      if (running_->next(in)) {
        out = same_rows(in, context_);
        const std::vector<VarId>& columns = op_.columns[branch_];
        for (size_t k = 0; k < op_.vars.size(); ++k) {
          const bool there = in.has(columns[k]);
          out.columns[op_.vars[k]] =
              there ? in.columns[columns[k]] : BatchColumn{Vector::constant(Value(), in.rows), nullptr};
        }
        return true;
      }
      running_.reset();
      ++branch_;
    }
    return false;
  }

 private:
  const UnionOp& op_;
  ExecContext& context_;
  ArgumentSource& outer_;
  bool started_ = false;
  Batch rows_;  // handed to each branch
  ArgumentSource argument_;
  OperatorPtr running_;
  size_t branch_ = 0;
};

class OptionalOperator final : public Operator {
 public:
  OptionalOperator(const OptionalOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        context_(parts.context),
        inner_(*op.inner, parts.context, InnerRunner::Order::Outer) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      if (running_) {
        Batch found;
        std::vector<uint32_t> rows;
        running_ = inner_.next(found, rows);
        if (emit(found, rows, out)) return true;
        continue;
      }
      if (!input_->next(outer_)) return false;
      inner_.start(outer_);
      running_ = true;
      settled_ = 0;
    }
  }

 private:
  /// The rows found, and before, between and (at the end) after them the outer rows without any.
  bool emit(const Batch& found, const std::vector<uint32_t>& rows, Batch& out) {
    Selection parents;
    std::vector<uint32_t> from;  // row of `found`, kNothing for none
    std::vector<uint64_t> times;
    const auto settle = [&](size_t end) {
      for (; settled_ < end; ++settled_) {
        parents.push_back(static_cast<uint32_t>(settled_));
        from.push_back(kNothing);
        times.push_back(1);
      }
    };
    for (size_t i = 0; i < rows.size(); ++i) {
      settle(rows[i]);
      settled_ = size_t{rows[i]} + 1;
      parents.push_back(rows[i]);
      from.push_back(static_cast<uint32_t>(i));
      times.push_back(found.times(i));
    }
    if (!running_) settle(outer_.rows);
    if (parents.empty()) return false;
    const bool all_found = parents.size() == rows.size();
    out = outer_.select(std::make_shared<const Selection>(std::move(parents)));
    multiply_batch(out, times);
    for (const VarId var : op_.vars) {
      if (all_found && found.has(var)) {
        out.columns[var] = found.columns[var];
      } else {
        out.set(var, gather(found, var, from));
      }
    }
    return true;
  }

  static VectorPtr gather(const Batch& found, VarId var, const std::vector<uint32_t>& from) {
    if (!found.has(var)) return Vector::constant(Value(), from.size());
    const BatchColumn& column = found.columns[var];
    auto vector = std::make_shared<Vector>(column.data->type());
    vector->reserve(from.size());
    for (const uint32_t row : from) {
      if (row == kNothing) {
        vector->push_null();
      } else {
        vector->push(column.data->get(column.row(row)));
      }
    }
    return vector;
  }

  static constexpr uint32_t kNothing = ~uint32_t{0};

  const OptionalOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  InnerRunner inner_;
  Batch outer_;
  bool running_ = false;
  size_t settled_ = 0;  // outer rows before this one have been given, or have a row given
};

}  // namespace

OperatorPtr make_operator(const UnionOp& op, OperatorParts parts) {
  return std::make_unique<UnionOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const OptionalOp& op, OperatorParts parts) {
  return std::make_unique<OptionalOperator>(op, std::move(parts));
}

}  // namespace entente
