#include "entente/query/plan/duplicates.h"

#include <algorithm>

namespace entente {

namespace {

template <class... Ops>
bool is_one_of(const PlanOp& op) {
  return (std::holds_alternative<Ops>(op) || ...);
}

bool is_repeatable(const Expr& expr) {
  return is_deterministic(expr) && !any_part(expr, [](const Expr& part) {
           return part.kind == ExprKind::Subquery && part.plan != nullptr && !entente::is_repeatable(*part.plan);
         });
}

bool ignores_duplicates(const Expr& aggregate) {
  return aggregate.distinct || aggregate.aggregate == Aggregate::Min || aggregate.aggregate == Aggregate::Max;
}

}  // namespace

bool is_repeatable(const PlanOp& op) {
  if (is_one_of<CreateOp, MergeOp, SetOp, RemoveOp, DeleteOp, ForeachOp, CallProcedureOp, LoadCsvOp>(op)) return false;
  bool repeatable = true;
  for_each_expression(
      op, [&](const ExprPtr& expr) { repeatable = repeatable && (expr == nullptr || is_repeatable(*expr)); });
  for_each_inner(op, [&](const PlanPtr& inner) { repeatable = repeatable && is_repeatable(*inner); });
  return repeatable;
}

bool is_repeatable(const Plan& plan) {
  for (const Plan* at = &plan; at != nullptr; at = at->input.get()) {
    if (!is_repeatable(at->op)) return false;
  }
  return true;
}

void Duplicates::go_below(const PlanOp& op) {
  if (!is_repeatable(op)) {
    matter_ = true;
  } else if (std::holds_alternative<DistinctOp>(op)) {
    matter_ = false;
  } else if (const auto* aggregate = std::get_if<AggregateOp>(&op)) {
    matter_ = !std::all_of(aggregate->aggregates.begin(), aggregate->aggregates.end(),
                           [](const ProjectedColumn& column) { return ignores_duplicates(*column.expr); });
  } else if (const auto* sort = std::get_if<SortOp>(&op)) {
    matter_ = matter_ || sort->limit != nullptr;
  } else if (is_one_of<SkipOp, LimitOp>(op)) {
    matter_ = true;
  }
}

}  // namespace entente
