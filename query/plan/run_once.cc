// Pass run-once: a subquery that reads nothing of the rows gives the same for all of them, and is run once.
//
//   MATCH (p:Person) WHERE p.born > COUNT { MATCH (e:Event) WHERE e.open } …     Subquery count once
//
// A subquery expression is run when the first row asks for it, and its value is kept. CALL { … } keeps the rows that it
// finds: only where they are estimated to be few, and less than what is gone through to find them. Only in statements
// that do not write.
#include <utility>

#include "entente/query/plan/duplicates.h"
#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/subquery_expr.h"

namespace entente {

namespace {

constexpr double kMostKept = 100'000;  // rows
constexpr double kWorthKeeping = 4;    // rows gone through for each that is kept

ExprPtr with_values_kept(const ExprPtr& expr) {
  return rewrite(expr, [](const ExprPtr& part) -> ExprPtr {
    const bool apart = part->kind == ExprKind::Subquery && part->plan != nullptr && part->subquery_inputs.empty();
    if (!apart || part->subquery_once || !is_repeatable(*part->plan)) return nullptr;
    auto once = std::make_shared<Expr>(*part);
    once->subquery_once = true;
    return once;
  });
}

bool may_keep_rows(const CallSubqueryOp& call, const Chain& below, const PassContext& context) {
  if (call.unit || !is_repeatable(*call.inner)) return false;
  const Chain inner = to_chain(*call.inner);
  if (!inputs_of(inner).empty()) return false;
  if (context.options.eager) return true;
  const Cardinality& cardinality = context.cardinality;
  if (cardinality.rows(below).back() < 2) return false;
  double work = 0;
  const std::vector<double> rows = cardinality.rows(inner);
  for (double each : rows) work += each;
  return rows.back() <= kMostKept && work >= kWorthKeeping * rows.back();
}

}  // namespace

Chain run_once(Chain chain, const PassContext& context) {
  if (context.writes) return chain;
  for (size_t i = 0; i < chain.size(); ++i) {
    for_each_expression(chain[i], [&](ExprPtr& expr) { expr = with_values_kept(expr); });
    auto* call = std::get_if<CallSubqueryOp>(&chain[i]);
    if (call == nullptr || i == 0) continue;
    const Chain below(chain.begin(), chain.begin() + static_cast<ptrdiff_t>(i));
    call->once = may_keep_rows(*call, below, context);
  }
  return chain;
}

}  // namespace entente
