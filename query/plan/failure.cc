#include "entente/query/plan/failure.h"

#include <algorithm>

#include "entente/query/plan/chain.h"

namespace entente {

namespace {

using IsEntity = std::function<bool(VarId)>;

/// The same whatever the row, and no arithmetic.
bool same_for_all(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Literal:
    case ExprKind::Parameter:
      return true;
    case ExprKind::Call:
      if (!is_deterministic(expr)) return false;
      break;
    case ExprKind::Property:
    case ExprKind::List:
      break;
    default:
      return false;
  }
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [](const ExprPtr& arg) { return arg != nullptr && same_for_all(*arg); });
}

bool any_can_fail(const Expr& expr, const IsEntity& is_entity) {
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const ExprPtr& arg) { return arg == nullptr || can_fail(*arg, is_entity); });
}

/// A subquery that only matches a pattern: its variables are entities, but for those that it is handed.
bool subquery_can_fail(const Expr& expr, const IsEntity& is_entity) {
  if (expr.subquery_mode != SubqueryMode::Exists || expr.plan == nullptr) return true;
  if (!std::all_of(expr.subquery_inputs.begin(), expr.subquery_inputs.end(), is_entity)) return true;
  for (const Plan* at = expr.plan.get(); at != nullptr; at = at->input.get()) {
    const PlanOp& op = at->op;
    if (const auto* filter = std::get_if<FilterOp>(&op)) {
      if (predicate_can_fail(*filter->predicate, [](VarId) { return true; })) return true;
      continue;
    }
    const bool matches = std::holds_alternative<ArgumentOp>(op) || std::holds_alternative<NodeScanOp>(op) ||
                         std::holds_alternative<ExpandOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op) ||
                         std::holds_alternative<ResultOp>(op);
    if (!matches) return true;
  }
  return false;
}

bool is_boolean(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Literal:
      return expr.literal.is_boolean() || expr.literal.is_null();
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Xor:
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::In:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
    case ExprKind::HasLabels:
      return true;
    case ExprKind::Subquery:
      return expr.subquery_mode == SubqueryMode::Exists;
    default:
      return false;
  }
}

}  // namespace

bool predicate_can_fail(const Expr& predicate, const IsEntity& is_entity) {
  return !is_boolean(predicate) || can_fail(predicate, is_entity);
}

bool can_fail(const Expr& expr, const IsEntity& is_entity) {
  if (same_for_all(expr)) return false;
  switch (expr.kind) {
    case ExprKind::Variable:
      return false;
    case ExprKind::Property: {
      const Expr& of = *expr.args[0];
      return of.kind != ExprKind::Variable || !is_entity(of.var);
    }
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Xor:
      return std::any_of(expr.args.begin(), expr.args.end(),
                         [&](const ExprPtr& arg) { return predicate_can_fail(*arg, is_entity); });
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
      return any_can_fail(expr, is_entity);
    case ExprKind::In:
      return !same_for_all(*expr.args[1]) || can_fail(*expr.args[0], is_entity);
    case ExprKind::HasLabels:
      return expr.args.size() != 1 || expr.args[0]->kind != ExprKind::Variable || !is_entity(expr.args[0]->var);
    case ExprKind::Subquery:
      return subquery_can_fail(expr, is_entity);
    default:
      return true;
  }
}

}  // namespace entente
