// Pass anti-join: OPTIONAL MATCH whose rows are kept only where it found nothing becomes NOT EXISTS.
//
//   OPTIONAL MATCH (a)-[r:R]->(b) … WHERE b IS NULL
//
// Without the pass all matches are made, to be dropped again; with it the first one decides. Which variable is asked
// for does not matter, as long as a match always gives it a value.
#include <algorithm>
#include <utility>

#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/subquery_expr.h"

namespace entente {

namespace {

bool finds_entities(const PlanOp& op) {
  return std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
         std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op) ||
         std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
         std::holds_alternative<BuildPathOp>(op);
}

/// Whether a row of the inner plan always has a value for the variable.
bool always_given(const Chain& inner, VarId var) {
  bool given = false;
  for (const PlanOp& op : inner) {
    if (!finds_entities(op)) continue;
    for_each_binding(op, [&](VarId bound) { given = given || bound == var; });
  }
  return given;
}

/// Looks at each row by itself. (Variables have numbers of their own, so what a projection passes on is still the
/// same.)
bool row_by_row(const PlanOp& op) {
  return std::holds_alternative<FilterOp>(op) || std::holds_alternative<ProjectOp>(op);
}

/// Where after `at` a filter asks that a variable of the OPTIONAL MATCH there be null; 0 if nowhere.
size_t null_test(const Chain& chain, size_t at, const OptionalOp& optional, const Chain& inner) {
  for (size_t i = at + 1; i < chain.size() && row_by_row(chain[i]); ++i) {
    const auto* filter = std::get_if<FilterOp>(&chain[i]);
    if (filter == nullptr) continue;
    const Expr& predicate = *filter->predicate;
    if (predicate.kind != ExprKind::IsNull || predicate.args[0]->kind != ExprKind::Variable) continue;
    const VarId var = predicate.args[0]->var;
    const bool of_optional = std::find(optional.vars.begin(), optional.vars.end(), var) != optional.vars.end();
    if (of_optional && always_given(inner, var)) return i;
  }
  return 0;
}

/// NOT EXISTS { inner }.
ExprPtr not_exists(Chain inner, const PassContext& context) {
  auto negated = std::make_shared<Expr>();
  negated->kind = ExprKind::Not;
  negated->type = kBooleanType;
  negated->args.push_back(make_subquery(SubqueryMode::Exists, std::move(inner), context));
  return negated;
}

}  // namespace

Chain anti_join(Chain chain, const PassContext& context) {
  for (size_t i = 0; i < chain.size(); ++i) {
    const auto* optional = std::get_if<OptionalOp>(&chain[i]);
    if (optional == nullptr) continue;
    Chain inner = to_chain(*optional->inner);
    const size_t test = null_test(chain, i, *optional, inner);
    if (test == 0) continue;
    ProjectOp nulls{{}, true};
    for (VarId var : optional->vars) nulls.columns.push_back({var, make_literal(Value())});
    chain[i] = FilterOp{not_exists(std::move(inner), context)};
    chain.erase(chain.begin() + static_cast<ptrdiff_t>(test));
    chain.insert(chain.begin() + static_cast<ptrdiff_t>(i) + 1, std::move(nulls));
  }
  return chain;
}

}  // namespace entente
