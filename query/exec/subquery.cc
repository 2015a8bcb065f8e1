// Planned subquery expressions: EXISTS, COUNT, COLLECT, pattern predicates and comprehensions, shortest paths.
//
// The plan is run for all rows of the batch at once where it can be (see inner_runner.h). EXISTS over a plan that is
// expected to give many rows for each is run row by row instead and stops at a row's first.
#include <algorithm>
#include <limits>
#include <utility>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/inner_runner.h"

namespace entente {

namespace {

/// EXISTS expecting more rows than this of a row stops at the first instead of running rows together.
constexpr double kManyRows = 64;
/// Copies of one row in a collected list; more than fit a list.
constexpr uint64_t kMostCopies = uint64_t{1} << 32;

/// The part of the plan that makes rows, without the result on top.
const Plan& rows_of(const Plan& plan) {
  const bool has_result = std::holds_alternative<ResultOp>(plan.op) && plan.input != nullptr;
  return has_result ? *plan.input : plan;
}

/// The variable that COLLECT gathers.
VarId collected(const Plan& plan) {
  if (const auto* result = std::get_if<ResultOp>(&plan.op); result != nullptr && !result->vars.empty())
    return result->vars[0];
  const Plan* p = &plan;
  while (p != nullptr) {
    if (const auto* project = std::get_if<ProjectOp>(&p->op); project != nullptr && !project->columns.empty()) {
      return project->columns[0].var;
    }
    if (const auto* all = std::get_if<UnionOp>(&p->op); all != nullptr && !all->vars.empty()) return all->vars[0];
    if (const auto* aggregate = std::get_if<AggregateOp>(&p->op); aggregate != nullptr) {
      return aggregate->keys.empty() ? aggregate->aggregates.at(0).var : aggregate->keys[0].var;
    }
    p = p->input.get();
  }
  throw Error("InternalError", "PlanWithoutResult", Phase::Runtime, "the subquery's plan gives no column");
}

/// The outer rows with only what the plan reads.
Batch inputs(const Expr& expr, const Batch& batch, const ExecContext& context) {
  Batch args(std::max(batch.columns.size(), context.variable_count));
  args.rows = batch.rows;
  for (const VarId var : expr.subquery_inputs) {
    if (batch.has(var)) args.columns.set(var, batch.columns[var]);
  }
  return args;
}

VectorPtr run_exists(const Plan& plan, const Batch& args, ExecContext& context) {
  const bool stops = plan.estimated_rows > kManyRows;
  InnerRunner runner(plan, context, InnerRunner::Order::Any, stops);
  auto result = std::make_shared<Vector>(VectorType::Boolean);
  result->booleans.assign(args.rows, 0);
  result->set_size(args.rows, false);
  size_t left = args.rows;
  runner.start(args);
  Batch found;
  std::vector<uint32_t> rows;
  while (left > 0 && runner.next(found, rows)) {
    context.check();
    for (const uint32_t row : rows) {
      if (result->booleans[row] == 0) --left;
      result->booleans[row] = 1;
    }
    if (stops) runner.skip_row();
  }
  return result;
}

VectorPtr run_count(const Plan& plan, const Batch& args, ExecContext& context, Span span) {
  LargeVector<int64_t> counts;
  for (const uint64_t count : count_inner_rows(plan, args, context)) {
    if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
                  "the count is larger than a 64-bit integer can hold", span);
    }
    counts.push_back(static_cast<int64_t>(count));
  }
  return integer_vector(std::move(counts));
}

VectorPtr run_collect(const Plan& plan, VarId var, const Batch& args, ExecContext& context) {
  InnerRunner runner(plan, context, InnerRunner::Order::Any);
  std::vector<List> lists(args.rows);
  runner.start(args);
  Batch found;
  std::vector<uint32_t> rows;
  while (runner.next(found, rows)) {
    context.check();
    for (size_t i = 0; i < rows.size(); ++i) {
      const Value value = value_at(found, var, i);
      const uint64_t times = found.times(i);
      check_value_bytes((lists[rows[i]].size() + std::min(times, kMostCopies)) * sizeof(Value));
      context.count_made(static_cast<size_t>(times) * sizeof(Value) + value.heap_bytes());
      lists[rows[i]].insert(lists[rows[i]].end(), static_cast<size_t>(times), value);
    }
  }
  std::vector<Value> values;
  values.reserve(lists.size());
  for (List& list : lists) values.emplace_back(std::move(list));
  return Vector::from_values(std::move(values));
}

VectorPtr run_first(const Plan& plan, VarId var, const Batch& args, ExecContext& context) {
  InnerRunner runner(plan, context, InnerRunner::Order::Any);
  std::vector<Value> values(args.rows);
  std::vector<uint8_t> seen(args.rows);
  runner.start(args);
  Batch found;
  std::vector<uint32_t> rows;
  while (runner.next(found, rows)) {
    context.check();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (std::exchange(seen[rows[i]], uint8_t{1}) != 0) continue;
      values[rows[i]] = value_at(found, var, i);
      context.count_made(values[rows[i]].heap_bytes());
    }
  }
  return Vector::from_values(std::move(values));
}

VectorPtr run_subquery(const Expr& expr, const Batch& args, ExecContext& context) {
  const Plan& plan = rows_of(*expr.plan);
  switch (expr.subquery_mode) {
    case SubqueryMode::Exists:
      return run_exists(plan, args, context);
    case SubqueryMode::Count:
      return run_count(plan, args, context, expr.span);
    case SubqueryMode::Collect:
      return run_collect(plan, collected(*expr.plan), args, context);
    case SubqueryMode::First:
      return run_first(plan, collected(*expr.plan), args, context);
  }
  return Vector::constant(Value(), args.rows);
}

}  // namespace

VectorPtr evaluate_subquery(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (!expr.subquery_once) return run_subquery(expr, inputs(expr, batch, context), context);
  if (batch.rows == 0) return Vector::constant(Value(), 0);
  if (const Value* known = context.once.find(expr)) return Vector::constant(*known, batch.rows);
  Batch single(context.variable_count);
  single.rows = 1;
  Value value = run_subquery(expr, single, context)->get(0);
  context.account(static_cast<ptrdiff_t>(value.heap_bytes()));  // until the statement ends
  context.once.keep(expr, value);
  return Vector::constant(std::move(value), batch.rows);
}

}  // namespace entente
