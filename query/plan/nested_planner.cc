// CALL { … } and FOREACH: the clauses inside become an inner plan, which the operator runs for each row in turn.
//
// To the clauses around it the clause counts as doing all that the clauses inside do, so barriers stand around it where
// those would have them. Inside, rows of one outer row are kept apart as in any query.
#include <utility>

#include "entente/query/plan/planner_impl.h"

namespace entente {

void Planner::plan_load_csv(LoadCsvClause& clause, Chain& chain) {
  plan_subqueries(clause.url);
  enter(access_of(clause.url), chain);
  chain.push_back(
      LoadCsvOp{clause.url, clause.var, clause.line, clause.file, clause.headers, clause.separator, clause.span});
  scope.add(clause.var);
  scope.add(clause.line);
  scope.add(clause.file);
}

void Planner::plan_subquery_clause(SubqueryClause& clause, Chain& chain) {
  const GraphAccess outer_access = std::exchange(since_barrier_, {});
  const GraphAccess outer_entered = std::exchange(entered_, {});
  const size_t mark = scope.mark();
  Chain inner;
  const Columns columns = plan_query(*clause.query, true, inner);
  scope.release(mark);
  const GraphAccess access = std::exchange(entered_, outer_entered);
  since_barrier_ = outer_access;

  CallSubqueryOp op;
  op.unit = clause.columns.empty();
  op.optional = clause.optional && !op.unit;
  op.columns = columns.vars;
  for (const SubqueryClause::Variable& column : clause.columns) op.vars.push_back(column.var);
  op.inner = inner_plan(std::move(inner), op.columns);
  enter(access, chain);
  chain.push_back(std::move(op));
  for (const SubqueryClause::Variable& column : clause.columns) scope.add(column.var);
}

void Planner::plan_foreach(ForeachClause& clause, Chain& chain) {
  plan_subqueries(clause.list);
  const GraphAccess outer_access = std::exchange(since_barrier_, {});
  const GraphAccess outer_entered = std::exchange(entered_, {});
  const size_t mark = scope.mark();
  scope.add(clause.var);
  Chain inner{ArgumentOp{}};
  plan_part(clause.body->parts[0], false, inner);
  scope.release(mark);
  GraphAccess access = std::exchange(entered_, outer_entered);
  since_barrier_ = outer_access;

  access |= access_of(clause.list);
  enter(access, chain);
  chain.push_back(ForeachOp{clause.list, clause.var, inner_plan(std::move(inner), {})});
}

}  // namespace entente
