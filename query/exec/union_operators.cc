// Operators with inner plans: the branches of a UNION, OPTIONAL MATCH, CALL { … } and FOREACH.
#include <algorithm>
#include <optional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/inner_runner.h"
#include "entente/query/exec/once_join.h"
#include "entente/query/exec/operators.h"
#include "entente/query/plan/chain.h"

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
          out.columns.set(op_.vars[k],
                          there ? in.columns[columns[k]] : BatchColumn{Vector::constant(Value(), in.rows), nullptr});
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

/// Pairs each row with what an inner plan finds for it; with `optional` a row without any is kept once.
class InnerJoinOperator final : public Operator {
 public:
  InnerJoinOperator(const Plan& inner, const std::vector<VarId>& columns, const std::vector<VarId>& vars, bool optional,
                    OperatorParts parts)
      : columns_(columns),
        vars_(vars),
        optional_(optional),
        expands_(plan_traits(inner, parts.context).writes),
        input_(std::move(parts.input)),
        context_(parts.context),
        inner_(inner, parts.context, InnerRunner::Order::Outer) {}

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
      if (!pull()) return false;
      inner_.start(outer_);
      running_ = true;
      settled_ = 0;
    }
  }

 private:
  /// What writes must run as often as the row counts.
  bool pull() { return expands_ ? rows_.next(*input_, outer_, context_.batch_size) : input_->next(outer_); }

  /// The rows found, and before, between and (at the end) after them the outer rows without any, if those are kept.
  bool emit(const Batch& found, const std::vector<uint32_t>& rows, Batch& out) {
    Selection parents;
    std::vector<uint32_t> from;  // row of `found`, kNothing for none
    std::vector<uint64_t> times;
    const auto settle = [&](size_t end) {
      for (; optional_ && settled_ < end; ++settled_) {
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
    for (size_t k = 0; k < vars_.size(); ++k) {
      if (all_found && found.has(columns_[k])) {
        out.columns.set(vars_[k], found.columns[columns_[k]]);
      } else {
        out.set(vars_[k], gather(found, columns_[k], from));
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

  const std::vector<VarId>& columns_;  // of the inner plan
  const std::vector<VarId>& vars_;
  const bool optional_;
  const bool expands_;
  OperatorPtr input_;
  ExecContext& context_;
  InnerRunner inner_;
  RowExpander rows_;
  Batch outer_;
  bool running_ = false;
  size_t settled_ = 0;  // outer rows before this one have been given, or have a row given
};

/// Runs the inner plan to its end for each row, and gives the rows as they came.
class UnitSubqueryOperator final : public Operator {
 public:
  UnitSubqueryOperator(const CallSubqueryOp& op, OperatorParts parts)
      : input_(std::move(parts.input)),
        context_(parts.context),
        inner_(*op.inner, parts.context, InnerRunner::Order::Any) {}

  bool next(Batch& out) override {
    context_.check();
    if (!rows_.next(*input_, out, context_.batch_size)) return false;
    inner_.start(out);
    Batch ignored;
    std::vector<uint32_t> rows;
    while (inner_.next(ignored, rows)) context_.check();
    return true;
  }

 private:
  OperatorPtr input_;
  ExecContext& context_;
  InnerRunner inner_;
  RowExpander rows_;
};

/// Runs the inner plan for each row and each element in turn, so that each sees what the ones before it wrote. Where
/// the inner plan is one clause, which minds that by itself, the elements of a row are handed to it together.
class ForeachOperator final : public Operator {
 public:
  ForeachOperator(const ForeachOp& op, OperatorParts parts)
      : op_(op),
        together_(is_one_clause(*op.inner)),
        reads_graph_(reads_graph(*op.list)),
        input_(std::move(parts.input)),
        context_(parts.context),
        hold_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    if (!rows_.next(*input_, out, context_.batch_size)) return false;
    VectorPtr lists;
    if (!reads_graph_) lists = lists_of(out);
    for (size_t row = 0; row < out.rows; ++row) {
      const Batch outer = single_row(out, row);
      run(outer, lists != nullptr ? lists->get(row) : lists_of(outer)->get(0));
    }
    hold_.release();
    return true;
  }

 private:
  static bool is_one_clause(const Plan& inner) {
    const bool leaf_below = inner.input != nullptr && std::holds_alternative<ArgumentOp>(inner.input->op);
    if (!leaf_below || !(std::holds_alternative<CreateOp>(inner.op) || std::holds_alternative<SetOp>(inner.op) ||
                         std::holds_alternative<RemoveOp>(inner.op) || std::holds_alternative<MergeOp>(inner.op))) {
      return false;
    }
    bool subqueries = false;
    for_each_expression(inner.op, [&](const ExprPtr& expr) {
      subqueries = subqueries || (expr != nullptr && contains_subquery(*expr));
    });
    return !subqueries;
  }

  /// Whether what a row before wrote may change the list.
  static bool reads_graph(const Expr& list) {
    return any_part(list, [](const Expr& part) {
      return part.kind != ExprKind::Literal && part.kind != ExprKind::Parameter && part.kind != ExprKind::Variable &&
             part.kind != ExprKind::List;
    });
  }

  /// They count as held until the next ones.
  VectorPtr lists_of(const Batch& batch) {
    hold_.release();
    MadeBytes made(context_);
    VectorPtr lists = evaluate_part(*op_.list, batch, context_);
    hold_.add(made.take());
    return lists;
  }

  void run(const Batch& outer, const Value& list) {
    if (list.is_null()) return;
    if (!list.is_list()) {
      throw Error::type("InvalidArgumentType",
                        "FOREACH walks through a LIST, not through " + std::string(kind_name(list.kind())),
                        op_.list->span);
    }
    const List& elements = list.as_list();
    const size_t step = together_ ? context_.batch_size : 1;
    for (size_t from = 0; from < elements.size(); from += step) {
      context_.check();
      const size_t count = std::min(step, elements.size() - from);
      argument_.batch = outer.select(std::make_shared<const Selection>(count, 0u));
      const auto begin = elements.begin() + static_cast<ptrdiff_t>(from);
      argument_.batch.set(op_.var, Vector::from_values({begin, begin + static_cast<ptrdiff_t>(count)}));
      argument_.pending = true;
      const OperatorPtr running = build_operator(*op_.inner, context_, argument_);
      Batch ignored;
      while (running->next(ignored)) context_.check();
    }
  }

  const ForeachOp& op_;
  const bool together_;
  const bool reads_graph_;
  OperatorPtr input_;
  ExecContext& context_;
  RowExpander rows_;
  ArgumentSource argument_;
  MemoryHold hold_;  // the lists
};

}  // namespace

OperatorPtr make_operator(const UnionOp& op, OperatorParts parts) {
  return std::make_unique<UnionOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const OptionalOp& op, OperatorParts parts) {
  return std::make_unique<InnerJoinOperator>(*op.inner, op.vars, op.vars, true, std::move(parts));
}
OperatorPtr make_operator(const CallSubqueryOp& op, OperatorParts parts) {
  if (op.once) return make_once_join(op, std::move(parts));
  if (op.unit) return std::make_unique<UnitSubqueryOperator>(op, std::move(parts));
  return std::make_unique<InnerJoinOperator>(*op.inner, op.columns, op.vars, op.optional, std::move(parts));
}
OperatorPtr make_operator(const ForeachOp& op, OperatorParts parts) {
  return std::make_unique<ForeachOperator>(op, std::move(parts));
}

}  // namespace entente
