#include "entente/query/plan/failure.h"

#include <algorithm>

#include "entente/query/functions/registry.h"
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

bool all_can_be_computed(const ProjectOp& op, const IsEntity& is_entity) {
  return std::none_of(op.columns.begin(), op.columns.end(),
                      [&](const ProjectedColumn& column) { return can_fail(*column.expr, is_entity); });
}

/// A subquery that only matches a pattern, and computes a column at the end: before that its variables are entities,
/// but for those that it is handed.
bool subquery_can_fail(const Expr& expr, const IsEntity& is_entity) {
  if (expr.subquery_mode == SubqueryMode::First || expr.plan == nullptr) return true;
  if (!std::all_of(expr.subquery_inputs.begin(), expr.subquery_inputs.end(), is_entity)) return true;
  const auto any = [](VarId) { return true; };
  bool matched = false;  // what is above gives rows of the pattern
  for (const Plan* at = expr.plan.get(); at != nullptr; at = at->input.get()) {
    const PlanOp& op = at->op;
    if (const auto* filter = std::get_if<FilterOp>(&op)) {
      if (predicate_can_fail(*filter->predicate, any)) return true;
      matched = true;
      continue;
    }
    if (const auto* project = std::get_if<ProjectOp>(&op)) {
      if (matched || !all_can_be_computed(*project, any)) return true;
      continue;
    }
    if (std::holds_alternative<ResultOp>(op)) continue;
    matched = true;
    const bool matches = std::holds_alternative<ArgumentOp>(op) || std::holds_alternative<NodeScanOp>(op) ||
                         std::holds_alternative<ExpandOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op);
    if (!matches) return true;
  }
  return false;
}

/// Functions that take any value, or any entity.
bool call_can_fail(const Expr& expr, const IsEntity& is_entity) {
  const std::string_view name = expr.function != nullptr ? std::string_view(expr.function->name) : "";
  if (name == "coalesce") return any_can_fail(expr, is_entity);
  const bool of_entity = name == "id" || name == "elementId" || name == "keys" || name == "properties";
  return !of_entity || expr.args.size() != 1 || expr.args[0]->kind != ExprKind::Variable ||
         !is_entity(expr.args[0]->var);
}

bool map_projection_can_fail(const Expr& expr, const IsEntity& is_entity) {
  if (expr.args[0]->kind != ExprKind::Variable || !is_entity(expr.args[0]->var)) return true;
  return std::any_of(expr.projection.begin(), expr.projection.end(), [&](const MapProjectionItem& item) {
    return item.value != nullptr && can_fail(*item.value, is_entity);
  });
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
    case ExprKind::List:
    case ExprKind::Map:
      return any_can_fail(expr, is_entity);
    case ExprKind::Call:
      return call_can_fail(expr, is_entity);
    case ExprKind::MapProjection:
      return map_projection_can_fail(expr, is_entity);
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

void EntityVariables::pass_on(const std::vector<ProjectedColumn>& columns, bool keep_input) {
  std::unordered_set<VarId> passed;
  for (const ProjectedColumn& column : columns) {
    if (column.expr->kind == ExprKind::Variable && has(column.expr->var)) passed.insert(column.var);
  }
  if (keep_input) {
    entities_.merge(passed);
  } else {
    entities_ = std::move(passed);
  }
}

void EntityVariables::go_above(const PlanOp& op) {
  if (const auto* project = std::get_if<ProjectOp>(&op)) {
    pass_on(project->columns, project->keep_input);
  } else if (const auto* aggregate = std::get_if<AggregateOp>(&op)) {
    pass_on(aggregate->keys, false);
  } else if (const auto* walk = std::get_if<VarExpandOp>(&op)) {
    entities_.insert(walk->to);
  } else if (const auto* search = std::get_if<PathSearchOp>(&op)) {
    entities_.insert(search->to);
  } else if (const auto* expand = std::get_if<ExpandOp>(&op)) {
    entities_.insert({expand->rel, expand->to});
  } else if (const auto* optional = std::get_if<OptionalOp>(&op)) {
    EntityVariables inner;
    std::vector<const Plan*> plans;
    for (const Plan* at = optional->inner.get(); at != nullptr; at = at->input.get()) plans.push_back(at);
    for (auto at = plans.rbegin(); at != plans.rend(); ++at) inner.go_above((*at)->op);
    for (const VarId var : optional->vars) {
      if (inner.has(var)) entities_.insert(var);
    }
  } else if (std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
             std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op)) {
    for_each_binding(op, [&](VarId var) { entities_.insert(var); });
  }
}

}  // namespace entente
