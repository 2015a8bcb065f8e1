// Operators that look at rows only: filter, project, unwind, skip, limit, barrier, result.
#include <algorithm>
#include <deque>
#include <optional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

class FilterOperator final : public Operator {
 public:
  FilterOperator(const FilterOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      const SelectionPtr kept = evaluate_predicate(*op_.predicate, in, context_);
      if (kept->empty()) continue;
      out = kept->size() == in.rows ? std::move(in) : in.select(kept);
      return true;
    }
  }

 private:
  const FilterOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
};

class ProjectOperator final : public Operator {
 public:
  ProjectOperator(const ProjectOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    hold_.release();
    Batch in;
    if (!input_->next(in)) return false;
    std::vector<BatchColumn> columns;
    columns.reserve(op_.columns.size());
    MadeBytes made(context_);
    for (const ProjectedColumn& column : op_.columns) {
      const Expr& expr = *column.expr;
      const bool plain = expr.kind == ExprKind::Variable && in.has(expr.var);
      columns.push_back(plain ? in.columns[expr.var] : BatchColumn{evaluate_part(expr, in, context_), nullptr});
    }
    hold_.add(made.take());
    out = op_.keep_input ? std::move(in) : same_rows(in, context_);
    for (size_t i = 0; i < columns.size(); ++i) out.columns.set(op_.columns[i].var, std::move(columns[i]));
    return true;
  }

 private:
  const ProjectOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  MemoryHold hold_;  // of the batch that was given last
};

class UnwindOperator final : public Operator {
 public:
  UnwindOperator(const UnwindOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
        out.set(op_.var, Vector::from_values(std::move(elements_)));
        parents_.clear();
        elements_.clear();
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        hold_.release();
        return false;
      }
      if (is_range_) {
        bounds_.clear();
        for (const ExprPtr& arg : op_.list->args) bounds_.push_back(evaluate(*arg, in_, context_));
      } else {
        current_ = Value();
        lists_.reset();
        hold_.release();
        MadeBytes made(context_);
        lists_ = evaluate_part(*op_.list, in_, context_);
        hold_.add(made.take());
      }
      row_ = 0;
      element_ = 0;
    }
  }

 private:
  /// The numbers of range(…), without making the list.
  void fill_range() {
    while (row_ < in_.rows && parents_.size() < context_.batch_size) {
      if (element_ == 0) range_ = range_of_row();
      const uint64_t count = range_ ? range_->count : 0;
      const uint64_t left = count - std::min<uint64_t>(count, element_);
      const uint64_t end = element_ + std::min<uint64_t>(left, context_.batch_size - parents_.size());
      parents_.insert(parents_.end(), static_cast<size_t>(end - element_), static_cast<uint32_t>(row_));
      for (uint64_t i = element_; i < end; ++i) elements_.emplace_back(range_->at(i));
      element_ = end;
      if (element_ < count) return;
      ++row_;
      element_ = 0;
    }
  }

  std::optional<IntegerRange> range_of_row() {
    std::vector<Value> args;
    for (const VectorPtr& bound : bounds_) args.push_back(bound->get(row_));
    try {
      return IntegerRange::of(args);
    } catch (const Error& e) {
      throw Error(e.kind(), e.detail(), e.phase(), e.what(), op_.list->span);
    }
  }

  void fill() {
    if (is_range_) return fill_range();
    while (row_ < in_.rows && parents_.size() < context_.batch_size) {
      if (element_ == 0) current_ = lists_->get(row_);
      if (current_.is_list()) {
        const List& list = current_.as_list();
        const size_t end = std::min<size_t>(list.size(), element_ + (context_.batch_size - parents_.size()));
        parents_.insert(parents_.end(), end - element_, static_cast<uint32_t>(row_));
        elements_.insert(elements_.end(), list.begin() + static_cast<ptrdiff_t>(element_),
                         list.begin() + static_cast<ptrdiff_t>(end));
        element_ = end;
        if (element_ < list.size()) return;
      } else if (!current_.is_null()) {
        parents_.push_back(static_cast<uint32_t>(row_));
        elements_.push_back(current_);
      }
      ++row_;
      element_ = 0;
    }
  }

  const UnwindOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  VectorPtr lists_;
  MemoryHold hold_;  // of the lists
  Value current_;
  const bool is_range_ = op_.list->kind == ExprKind::Call && is_range(op_.list->function);
  std::vector<VectorPtr> bounds_;      // of range(…)
  std::optional<IntegerRange> range_;  // of the row; none if a bound is null
  size_t row_ = 0;
  uint64_t element_ = 0;
  Selection parents_;
  std::vector<Value> elements_;
};

class SkipOperator final : public Operator {
 public:
  SkipOperator(const SkipOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    if (!started_) left_ = evaluate_row_count(*op_.count, "SKIP", context_);
    started_ = true;
    while (true) {
      context_.check();
      if (!input_->next(out)) return false;
      if (left_ == 0) return true;
      const uint64_t rows = expanded_rows(out);
      if (rows <= left_) {
        left_ -= rows;
        continue;
      }
      out = slice_expanded(out, left_, ~uint64_t{0});
      left_ = 0;
      return true;
    }
  }

 private:
  const SkipOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  uint64_t left_ = 0;
  bool started_ = false;
};

class LimitOperator final : public Operator {
 public:
  LimitOperator(const LimitOp& op, OperatorParts parts)
      : op_(op),
        // What writes below must happen to the end, however few rows are asked for.
        drains_(parts.plan.input != nullptr && plan_traits(*parts.plan.input, parts.context).writes),
        input_(std::move(parts.input)),
        context_(parts.context) {}

  bool next(Batch& out) override {
    if (input_ == nullptr) return false;
    if (!started_) left_ = evaluate_row_count(*op_.count, "LIMIT", context_);
    started_ = true;
    context_.check();
    if (left_ == 0 || !input_->next(out)) {
      finish();
      return false;
    }
    const uint64_t rows = expanded_rows(out);
    if (rows > left_) out = slice_expanded(out, 0, left_);
    left_ -= std::min(rows, left_);
    if (left_ == 0) finish();
    return true;
  }

 private:
  void finish() {
    Batch ignored;
    while (drains_ && input_->next(ignored)) context_.check();
    input_.reset();  // frees what it holds
  }

  const LimitOp& op_;
  const bool drains_;
  OperatorPtr input_;
  ExecContext& context_;
  uint64_t left_ = 0;
  bool started_ = false;
};

class BarrierOperator final : public Operator {
 public:
  explicit BarrierOperator(OperatorParts parts)
      : input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    if (input_ != nullptr) {
      Batch in;
      while (input_->next(in)) {
        context_.check();
        hold_.add(held_bytes(in));
        held_.push_back(std::move(in));
      }
      input_.reset();
    }
    if (held_.empty()) {
      hold_.release();
      return false;
    }
    context_.check();
    out = std::move(held_.front());
    held_.pop_front();
    return true;
  }

 private:
  OperatorPtr input_;
  ExecContext& context_;
  std::deque<Batch> held_;
  MemoryHold hold_;
};

class ResultOperator final : public Operator {
 public:
  ResultOperator(const ResultOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    if (op_.vars.empty()) {
      while (input_->next(in)) context_.check();
      return false;
    }
    context_.check();
    if (!rows_.next(*input_, in, context_.batch_size)) return false;
    out = same_rows(in, context_);
    for (const VarId var : op_.vars) {
      if (in.has(var)) {
        out.columns.set(var, in.columns[var]);
      } else {
        out.set(var, Vector::constant(Value(), in.rows));
      }
    }
    return true;
  }

 private:
  const ResultOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  RowExpander rows_;
};

}  // namespace

OperatorPtr make_operator(const FilterOp& op, OperatorParts parts) {
  return std::make_unique<FilterOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const ProjectOp& op, OperatorParts parts) {
  return std::make_unique<ProjectOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const UnwindOp& op, OperatorParts parts) {
  return std::make_unique<UnwindOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const SkipOp& op, OperatorParts parts) {
  return std::make_unique<SkipOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const LimitOp& op, OperatorParts parts) {
  return std::make_unique<LimitOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const BarrierOp&, OperatorParts parts) {
  return std::make_unique<BarrierOperator>(std::move(parts));
}
OperatorPtr make_operator(const ResultOp& op, OperatorParts parts) {
  return std::make_unique<ResultOperator>(op, std::move(parts));
}

}  // namespace entente
