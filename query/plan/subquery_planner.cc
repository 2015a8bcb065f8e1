// Subquery expressions: pattern predicates and comprehensions, shortest paths, EXISTS, COUNT and COLLECT.
//
// Each becomes ExprKind::Subquery in place: an inner plan whose leaf is handed the outer row, and how its rows become a
// value. In the inner plan the outer variables are bound; those it reads are the expression's inputs.
//
//   (a)-->(b)                    Exists   Argument, pattern
//   [p = (a)-->(b) WHERE w | e]  Collect  Argument, pattern with w, Project e
//   shortestPath(…)              First    Argument, PathSearch (allShortestPaths: Collect, or null where an end is)
//   EXISTS { … }, COUNT { … }    Exists, Count: without a RETURN that changes nothing about the number of rows
//   COLLECT { … RETURN e }       Collect
#include <utility>

#include "entente/query/plan/match_planner.h"
#include "entente/query/plan/planner_impl.h"

namespace entente {

namespace {

/// Whether rows of different outer rows would mix in the operator.
bool mixes_rows(const PlanOp& op) {
  return std::holds_alternative<AggregateOp>(op) || std::holds_alternative<SortOp>(op) ||
         std::holds_alternative<SkipOp>(op) || std::holds_alternative<LimitOp>(op) ||
         std::holds_alternative<DistinctOp>(op) || std::holds_alternative<UnionOp>(op) ||
         std::holds_alternative<CallSubqueryOp>(op);
}

}  // namespace

ExprPtr Planner::has_labels(ExprPtr entity, const LabelExpr& label) {
  ExprPtr result = make_has_labels(std::move(entity), label);
  for (size_t i = 1; i < result->args.size(); ++i) plan_subqueries(result->args[i]);
  return result;
}

void Planner::plan_subqueries(const ExprPtr& expr) {
  if (expr == nullptr) return;
  switch (expr->kind) {
    case ExprKind::PatternPredicate:
    case ExprKind::PatternComprehension:
    case ExprKind::ShortestPath:
    case ExprKind::Exists:
    case ExprKind::Count:
    case ExprKind::Collect:
      plan_subquery(*expr);
      return;
    case ExprKind::Case:
    case ExprKind::ListComprehension:
    case ExprKind::Quantifier:
    case ExprKind::Reduce: {
      // Their variables are bound in all parts here: no part where they are not could name them.
      const size_t mark = scope.mark();
      if (expr->var != kNoVar) scope.add(expr->var);
      if (expr->accumulator != kNoVar) scope.add(expr->accumulator);
      for_each_child(*expr, [&](const ExprPtr& child) { plan_subqueries(child); });
      scope.release(mark);
      return;
    }
    default:
      for_each_child(*expr, [&](const ExprPtr& child) { plan_subqueries(child); });
  }
}

Chain Planner::plan_pattern_subquery(Expr& expr, Columns& columns) {
  const bool comprehension = expr.kind == ExprKind::PatternComprehension;
  PathPattern path = *expr.pattern;
  if (comprehension && expr.var != kNoVar) path.var = expr.var;
  if (expr.kind == ExprKind::ShortestPath) {
    path.var = new_variable();
    columns.vars.push_back(path.var);
    columns.names.emplace_back();
  }
  PatternGraph pattern(*this);
  pattern.add(path);
  pattern.finish(comprehension ? expr.args[0] : nullptr);
  Chain chain{ArgumentOp{}};
  plan_pattern(pattern, *this, chain);
  if (comprehension) {
    plan_subqueries(expr.args[1]);
    const VarId element = new_variable();
    chain.push_back(ProjectOp{{{element, expr.args[1]}}, false});
    columns.vars.push_back(element);
    columns.names.emplace_back();
  }
  return chain;
}

/// Makes the expression null where one of the path's end nodes is.
void Planner::require_ends(Expr& expr, const PathPattern& path) const {
  auto is_null = [&](const PathElement& end) {
    auto test = std::make_shared<Expr>();
    test->kind = ExprKind::IsNull;
    test->args = {variable(std::get<NodePattern>(end).var, expr.span)};
    test->span = expr.span;
    test->type = kBooleanType;
    return test;
  };
  auto either = std::make_shared<Expr>();
  either->kind = ExprKind::Or;
  either->args = {is_null(path.elements.front()), is_null(path.elements.back())};
  either->span = expr.span;
  either->type = kBooleanType;
  auto value = std::make_shared<Expr>(std::move(expr));
  expr = Expr();
  expr.kind = ExprKind::Case;
  expr.case_else = true;
  expr.args = {std::move(either), make_literal(Value(), value->span), value};
  expr.span = value->span;
  expr.type = value->type | kNullType;
}

void Planner::plan_subquery(Expr& expr) {
  const size_t mark = scope.mark();
  const GraphAccess outer_access = std::exchange(since_barrier_, {});
  Chain chain;
  Columns columns;
  SubqueryMode mode = SubqueryMode::Exists;
  if (expr.kind == ExprKind::PatternPredicate || expr.kind == ExprKind::PatternComprehension ||
      expr.kind == ExprKind::ShortestPath) {
    if (expr.kind != ExprKind::PatternPredicate) mode = SubqueryMode::Collect;
    if (expr.pattern->search == PathSearch::LegacyShortest) mode = SubqueryMode::First;
    chain = plan_pattern_subquery(expr, columns);
  } else {
    if (expr.kind == ExprKind::Count) mode = SubqueryMode::Count;
    if (expr.kind == ExprKind::Collect) mode = SubqueryMode::Collect;
    columns = plan_query(*expr.query, mode == SubqueryMode::Collect, chain);
    if (mode != SubqueryMode::Collect) columns = {};
  }
  since_barrier_ = outer_access;
  const std::vector<VarId> needed = columns.vars;
  chain.push_back(ResultOp{std::move(columns.vars), std::move(columns.names)});
  chain = optimize(std::move(chain), pass_context(needed, false, mode != SubqueryMode::Exists), options_);

  BoundVariables inputs;
  for (const PlanOp& op : chain) {
    expr.subquery_per_row = expr.subquery_per_row || mixes_rows(op);
    for_each_read(op, [&](VarId var) {
      if (scope.contained_at(var, mark) && inputs.add(var)) expr.subquery_inputs.push_back(var);
    });
  }
  scope.release(mark);
  const bool all_shortest = expr.kind == ExprKind::ShortestPath && mode == SubqueryMode::Collect;
  expr.kind = ExprKind::Subquery;
  expr.subquery_mode = mode;
  expr.args.clear();
  expr.plan = cardinality_.estimate(std::move(chain));
  switch (mode) {
    case SubqueryMode::Exists:
      expr.type = kBooleanType;
      break;
    case SubqueryMode::Count:
      expr.type = kIntegerType;
      break;
    case SubqueryMode::Collect:
      expr.type = kListType;
      break;
    case SubqueryMode::First:
      expr.type = kAnyType;
      break;
  }
  if (all_shortest) require_ends(expr, *expr.pattern);
}

}  // namespace entente
