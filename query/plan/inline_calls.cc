// Pass inline-calls: CALL { … } around what works row by row is dropped.
//
//   CALL (x) { MATCH (x)-[:R]->(y) WHERE … RETURN y AS z }     its operators, and Extend y AS z
//   CALL (x) { MATCH (x)-[:R]->(y) RETURN count(*) AS n }      Extend COUNT { … } AS n
//   CALL (x) { MATCH (x)-[:R]->(y) RETURN collect(y) AS ys }   Optional { …, Aggregate by row }, and [] where it has
//   none
//
// So the other passes see what is inside, and an aggregate is no longer computed by a run of its own for each row. A
// call that reads nothing of the rows stays, as it is better run once (see run-once), unless it comes first.
#include <algorithm>
#include <utility>

#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/subquery_expr.h"

namespace entente {

namespace {

bool is_row_wise(const PlanOp& op) {
  return works_by_row(op) || std::holds_alternative<PathSearchOp>(op) ||
         std::holds_alternative<BoundRelationshipOp>(op) || std::holds_alternative<BuildPathOp>(op) ||
         std::holds_alternative<UnwindOp>(op);
}

/// Appends the operators such that the rows keep what they had before.
void append_keeping(Chain::const_iterator begin, Chain::const_iterator end, Chain& chain) {
  for (auto at = begin; at != end; ++at) {
    const auto* project = std::get_if<ProjectOp>(&*at);
    if (project == nullptr) {
      chain.push_back(*at);
      continue;
    }
    ProjectOp extend{{}, true};
    for (const ProjectedColumn& column : project->columns) {
      const bool passes_on = column.expr->kind == ExprKind::Variable && column.expr->var == column.var;
      if (!passes_on) extend.columns.push_back(column);
    }
    if (!extend.columns.empty()) chain.push_back(std::move(extend));
  }
}

/// The inner plan's columns under their names outside. What the call has added begins at `begin`.
void append_columns(const CallSubqueryOp& call, size_t begin, Chain& chain, const PassContext& context) {
  const bool extends = chain.size() > begin && std::holds_alternative<ProjectOp>(chain.back());
  ProjectOp extend{{}, true};
  if (extends) {
    extend = std::get<ProjectOp>(std::move(chain.back()));
    chain.pop_back();
  }
  const size_t computed = extend.columns.size();
  for (size_t k = 0; k < call.vars.size(); ++k) {
    const auto end = extend.columns.begin() + static_cast<ptrdiff_t>(computed);
    const auto column =
        std::find_if(extend.columns.begin(), end, [&](const ProjectedColumn& c) { return c.var == call.columns[k]; });
    if (call.vars[k] == call.columns[k]) continue;
    const bool once = std::count(call.columns.begin(), call.columns.end(), call.columns[k]) == 1;
    if (column == end) {
      extend.columns.push_back({call.vars[k], context.variable(call.columns[k])});
    } else if (once) {
      column->var = call.vars[k];
    } else {
      const ExprPtr expr = column->expr;
      extend.columns.push_back({call.vars[k], expr});
    }
  }
  if (!extend.columns.empty()) chain.push_back(std::move(extend));
}

/// What the aggregate is over no rows, if that is not null.
ExprPtr over_nothing(const Expr& aggregate) {
  switch (aggregate.aggregate) {
    case Aggregate::Count:
    case Aggregate::CountStar:
    case Aggregate::Sum:
      return make_literal(0);
    case Aggregate::Collect:
      return make_literal(Value(List()));
    default:
      return nullptr;
  }
}

ExprPtr value_or(const ExprPtr& value, ExprPtr otherwise) {
  auto is_null = std::make_shared<Expr>();
  is_null->kind = ExprKind::IsNull;
  is_null->args = {value};
  auto choice = std::make_shared<Expr>();
  choice->kind = ExprKind::Case;
  choice->case_else = true;
  choice->args = {std::move(is_null), std::move(otherwise), value};
  return choice;
}

bool gives_null_over_nothing(const Expr& aggregate) {
  return aggregate.aggregate == Aggregate::Min || aggregate.aggregate == Aggregate::Max ||
         aggregate.aggregate == Aggregate::Avg;
}

/// Aggregates without keys over the chain, for each row by itself.
bool append_aggregates(const AggregateOp& aggregates, Chain inner, Chain& chain, const PassContext& context) {
  if (aggregates.aggregates.size() == 1 && aggregates.aggregates[0].expr->aggregate == Aggregate::CountStar) {
    chain.push_back(ProjectOp{
        {{aggregates.aggregates[0].var, make_subquery(SubqueryMode::Count, std::move(inner), context)}}, true});
    return true;
  }
  OptionalOp by_row;
  ProjectOp defaults{{}, true};
  AggregateOp grouped = aggregates;
  for (const ProjectedColumn& column : aggregates.aggregates) {
    by_row.vars.push_back(column.var);
    if (ExprPtr otherwise = over_nothing(*column.expr)) {
      defaults.columns.push_back({column.var, value_or(context.variable(column.var), std::move(otherwise))});
    } else if (!gives_null_over_nothing(*column.expr)) {
      return false;
    }
  }
  grouped.by_row = true;  // rows without any have no group, not an empty one
  inner.push_back(std::move(grouped));
  by_row.inner = to_plan(std::move(inner));
  chain.push_back(std::move(by_row));
  if (!defaults.columns.empty()) chain.push_back(std::move(defaults));
  return true;
}

/// Appends to the chain what stands for the call; false, and nothing, if it must stay.
bool inline_call(const CallSubqueryOp& call, Chain& chain, const PassContext& context) {
  const Chain inner = to_chain(*call.inner);
  if (call.unit || !std::holds_alternative<ArgumentOp>(inner.front())) return false;
  if (chain.size() > 1 && inputs_of(inner).empty()) return false;
  const size_t begin = chain.size();
  const auto aggregate =
      std::find_if(inner.begin() + 1, inner.end(), [](const PlanOp& op) { return !is_row_wise(op); });
  if (call.optional) {
    if (aggregate != inner.end()) return false;
    Chain optional{ArgumentOp{}};
    append_keeping(inner.begin() + 1, inner.end(), optional);
    append_columns(call, 1, optional, context);
    chain.push_back(OptionalOp{to_plan(std::move(optional)), call.vars});
    return true;
  }
  if (aggregate != inner.end()) {
    const auto* aggregates = std::get_if<AggregateOp>(&*aggregate);
    const bool single_row = aggregates != nullptr && aggregates->keys.empty() && !aggregates->by_row;
    if (!single_row || !std::all_of(aggregate + 1, inner.end(), is_row_wise)) return false;
    if (!append_aggregates(*aggregates, Chain(inner.begin(), aggregate), chain, context)) return false;
    append_keeping(aggregate + 1, inner.end(), chain);
  } else {
    append_keeping(inner.begin() + 1, inner.end(), chain);
  }
  append_columns(call, begin, chain, context);
  return true;
}

}  // namespace

Chain inline_calls(Chain chain, const PassContext& context) {
  const bool calls = std::any_of(chain.begin(), chain.end(),
                                 [](const PlanOp& op) { return std::holds_alternative<CallSubqueryOp>(op); });
  if (!calls) return chain;
  Chain inlined;
  for (PlanOp& op : chain) {
    const auto* call = std::get_if<CallSubqueryOp>(&op);
    if (call == nullptr || !inline_call(*call, inlined, context)) inlined.push_back(std::move(op));
  }
  return inlined;
}

}  // namespace entente
