#include "entente/query/plan/subquery_expr.h"

#include <utility>

namespace entente {

ExprPtr make_subquery(SubqueryMode mode, Chain inner, const PassContext& context) {
  auto subquery = std::make_shared<Expr>();
  subquery->kind = ExprKind::Subquery;
  subquery->subquery_mode = mode;
  subquery->type = mode == SubqueryMode::Exists ? kBooleanType : kIntegerType;
  subquery->subquery_inputs = inputs_of(inner);
  inner.push_back(ResultOp{});
  const std::vector<VarId> nothing;
  std::vector<EndFact> rests_on;
  const PassContext inside = context.inside(nothing, false, mode != SubqueryMode::Exists, rests_on);
  subquery->plan = context.cardinality.estimate(optimize(std::move(inner), inside, context.options));
  if (context.assumed != nullptr) context.assumed->insert(context.assumed->end(), rests_on.begin(), rests_on.end());
  return subquery;
}

std::vector<VarId> inputs_of(const Chain& inner) {
  std::vector<VarId> bound;
  std::vector<VarId> inputs;
  for (const PlanOp& op : inner) {
    for_each_read(op, [&](VarId var) {
      if (!contains(bound, var) && !contains(inputs, var)) inputs.push_back(var);
    });
    for_each_binding(op, [&](VarId var) { bound.push_back(var); });
  }
  return inputs;
}

}  // namespace entente
