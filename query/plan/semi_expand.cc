// Pass semi-expand: EXISTS and NOT EXISTS over a single relationship look it up themselves.
//
//   WHERE NOT (a)-[:R]->(b)     Filter with a subquery   →   AntiExpand (a)-[:R]->(b)
//
// Nothing has to be handed into an inner plan and back: the lists of the nodes are asked directly.
#include <utility>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// The expansion that a planned EXISTS consists of; null if it is anything else.
const ExpandOp* single_expansion(const Expr& expr) {
  if (expr.kind != ExprKind::Subquery || expr.subquery_mode != SubqueryMode::Exists) return nullptr;
  const Plan* at = expr.plan.get();
  if (at == nullptr || !std::holds_alternative<ResultOp>(at->op)) return nullptr;
  at = at->input.get();
  const auto* expand = at == nullptr ? nullptr : std::get_if<ExpandOp>(&at->op);
  if (expand == nullptr || expand->match != ExpandMatch::All) return nullptr;
  at = at->input.get();
  return at != nullptr && std::holds_alternative<ArgumentOp>(at->op) ? expand : nullptr;
}

}  // namespace

Chain semi_expand(Chain chain, const PassContext&) {
  for (PlanOp& op : chain) {
    const auto* filter = std::get_if<FilterOp>(&op);
    if (filter == nullptr) continue;
    const ExprPtr predicate = filter->predicate;
    const bool negated = predicate->kind == ExprKind::Not;
    const ExpandOp* found = single_expansion(negated ? *predicate->args[0] : *predicate);
    if (found == nullptr) continue;
    ExpandOp expand = *found;
    expand.rel = kNoVar;  // nobody outside reads what the subquery finds
    if (!expand.into) expand.to = kNoVar;
    expand.match = negated ? ExpandMatch::None : ExpandMatch::Exists;
    op = std::move(expand);
  }
  return chain;
}

}  // namespace entente
