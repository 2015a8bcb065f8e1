#include "entente/query/plan/presence.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

using Variables = std::vector<VarId>;

bool only_presence_read(const Expr& expr, const Variables& vars) {
  if (expr.kind == ExprKind::Variable) return !contains(vars, expr.var);
  const bool counts = expr.kind == ExprKind::Aggregate && expr.aggregate == Aggregate::Count && !expr.distinct;
  const bool asks = counts || expr.kind == ExprKind::IsNull || expr.kind == ExprKind::IsNotNull;
  if (asks && expr.args[0]->kind == ExprKind::Variable) return true;
  for (VarId input : expr.subquery_inputs) {
    if (contains(vars, input)) return false;
  }
  bool only = true;
  for_each_child(expr, [&](const ExprPtr& part) { only = only && only_presence_read(*part, vars); });
  return only;
}

/// Also follows what the projection passes on.
bool only_presence_read(const ProjectOp& project, Variables& vars) {
  Variables after;
  if (project.keep_input) after = vars;
  for (const ProjectedColumn& column : project.columns) {
    if (column.expr->kind == ExprKind::Variable && contains(vars, column.expr->var)) {
      after.push_back(column.var);
    } else if (!only_presence_read(*column.expr, vars)) {
      return false;
    }
  }
  vars = std::move(after);
  return true;
}

}  // namespace

bool only_presence_read(const Chain& chain, size_t place, Variables vars, const Variables& needed) {
  for (size_t i = place + 1; i < chain.size(); ++i) {
    const PlanOp& op = chain[i];
    bool only = true;
    if (const auto* project = std::get_if<ProjectOp>(&op)) {
      only = only_presence_read(*project, vars);
    } else if (std::holds_alternative<FilterOp>(op) || std::holds_alternative<AggregateOp>(op) ||
               std::holds_alternative<SortOp>(op)) {
      for_each_expression(
          op, [&](const ExprPtr& expr) { only = only && (expr == nullptr || only_presence_read(*expr, vars)); });
    } else {
      for_each_read(op, [&](VarId var) { only = only && !contains(vars, var); });
    }
    if (!only) return false;
    if (std::holds_alternative<AggregateOp>(op)) return true;
  }
  return std::none_of(needed.begin(), needed.end(), [&](VarId var) { return contains(vars, var); });
}

}  // namespace entente
