// WITH and RETURN.
//
// A plain projection:        Project, Sort, Skip, Limit, Filter. Where ORDER BY or WHERE read variables from before the
// projection,
//                            Project keeps its input, and a second Project at the end leaves only the columns.
// With DISTINCT:             Project, Distinct, Sort, Skip, Limit, Filter.
// With aggregates:           Aggregate (keys are the items without aggregates), and where an item computes with
// aggregates a
//                            Project over them; then as above.
#include <algorithm>
#include <utility>

#include "entente/query/plan/planner_impl.h"

namespace entente {

namespace {

bool reads_other_than(const Expr& expr, const std::vector<ProjectionItem>& items) {
  bool other = false;
  for_each_variable(expr, [&](VarId var) {
    other =
        other || std::none_of(items.begin(), items.end(), [&](const ProjectionItem& item) { return item.var == var; });
  });
  return other;
}

bool passes_on(const ProjectionItem& item) {
  return item.expr->kind == ExprKind::Variable && item.expr->var == item.var;
}

}  // namespace

/// Whether the projection changes nothing about how many rows there are, and nothing but its columns could tell that it
/// is there.
bool Planner::is_bare(const ProjectionClause& clause) const {
  return !clause.distinct && !clause.aggregates && clause.skip == nullptr && clause.limit == nullptr &&
         clause.where == nullptr;
}

void Planner::plan_plain(const ProjectionClause& clause, bool keep_input, Chain& chain) {
  ProjectOp project;
  project.keep_input = keep_input;
  for (const ProjectionItem& item : clause.items) {
    if (!keep_input || !passes_on(item)) project.columns.push_back({item.var, item.expr});
  }
  chain.push_back(std::move(project));
}

/// Splits what is asked for into an Aggregate and, where items compute with aggregates, a Project over it.
void Planner::plan_grouping(const ProjectionClause& clause, std::vector<SortItem>& order_by, Chain& chain) {
  AggregateOp op;
  std::vector<ProjectionItem> keys;
  for (const ProjectionItem& item : clause.items) {
    if (item.aggregates) continue;
    op.keys.push_back({item.var, item.expr});
    keys.push_back(item);
  }
  auto column_of = [&](const ExprPtr& aggregate) -> VarId {
    for (const ProjectedColumn& column : op.aggregates) {
      if (same_expression(*column.expr, *aggregate)) return column.var;
    }
    return kNoVar;
  };
  auto over_aggregates = [&](const ExprPtr& expr) {
    const ExprPtr rewritten = rewrite(expr, [&](const ExprPtr& part) -> ExprPtr {
      if (part->kind == ExprKind::Aggregate) {
        VarId var = column_of(part);
        if (var == kNoVar) {
          var = new_variable();
          op.aggregates.push_back({var, part});
        }
        return variable(var, part->span);
      }
      // A subquery names its inputs: where one is a key of another name, it is grouped by under its own name too.
      for (VarId input : part->subquery_inputs) {
        auto key = std::find_if(op.keys.begin(), op.keys.end(), [&](const ProjectedColumn& k) {
          return k.expr->kind == ExprKind::Variable && k.expr->var == input && k.var != input;
        });
        const bool there =
            std::any_of(op.keys.begin(), op.keys.end(), [&](const ProjectedColumn& k) { return k.var == input; });
        if (key != op.keys.end() && !there) {
          const ExprPtr source = key->expr;
          op.keys.push_back({input, source});
        }
      }
      if (part->kind == ExprKind::Literal) return nullptr;
      for (const ProjectionItem& key : keys) {
        if (!passes_on(key) && same_expression(*part, *key.expr)) return make_variable(key.var, key.name, part->span);
      }
      return nullptr;
    });
    return rewritten;
  };
  // Aggregates that are items themselves come first, so that expressions over them find them.
  for (const ProjectionItem& item : clause.items) {
    if (item.aggregates && item.expr->kind == ExprKind::Aggregate) op.aggregates.push_back({item.var, item.expr});
  }
  ProjectOp project;
  bool computes = false;
  for (const ProjectionItem& item : clause.items) {
    if (!item.aggregates || item.expr->kind == ExprKind::Aggregate) {
      project.columns.push_back({item.var, make_variable(item.var, item.name)});
    } else {
      project.columns.push_back({item.var, over_aggregates(item.expr)});
      computes = true;
    }
  }
  bool hidden = false;  // aggregates that only ORDER BY has
  for (SortItem& item : order_by) {
    if (!contains_aggregate(*item.expr)) continue;
    item.expr = over_aggregates(item.expr);
    hidden = hidden || reads_other_than(*item.expr, clause.items);
  }
  chain.push_back(std::move(op));
  if (!computes) return;
  if (hidden) {
    project.keep_input = true;
    std::erase_if(project.columns,
                  [](const ProjectedColumn& c) { return c.expr->kind == ExprKind::Variable && c.expr->var == c.var; });
  }
  chain.push_back(std::move(project));
}

Planner::Columns Planner::plan_projection(ProjectionClause& clause, Chain& chain) {
  GraphAccess access;
  Columns columns;
  for (const ProjectionItem& item : clause.items) {
    plan_subqueries(item.expr);
    access |= access_of(item.expr);
    columns.vars.push_back(item.var);
    columns.names.push_back(item.name);
  }
  for (const ProjectionItem& item : clause.items) scope.add(item.var);
  for (const SortItem& item : clause.order_by) plan_subqueries(item.expr);
  if (clause.where != nullptr) plan_subqueries(clause.where);
  if (clause.is_return || clause.skip != nullptr || clause.limit != nullptr) {
    settle_writes(chain);  // the result shows what was written, and no limit may stop the writing
  }
  enter(access, chain);

  std::vector<SortItem> order_by = clause.order_by;
  bool narrow = false;
  if (clause.aggregates) {
    plan_grouping(clause, order_by, chain);
  } else {
    const bool sort_reads_input = std::any_of(order_by.begin(), order_by.end(), [&](const SortItem& item) {
      return reads_other_than(*item.expr, clause.items);
    });
    const bool where_reads_input = clause.where != nullptr && reads_other_than(*clause.where, clause.items);
    narrow = !clause.distinct && (sort_reads_input || where_reads_input);
    plan_plain(clause, narrow, chain);
  }
  if (clause.distinct) chain.push_back(DistinctOp{columns.vars});
  if (!order_by.empty()) {
    SortOp sort;
    for (const SortItem& item : order_by) sort.keys.push_back({item.expr, item.descending});
    chain.push_back(std::move(sort));
    narrow = narrow || std::any_of(order_by.begin(), order_by.end(),
                                   [&](const SortItem& item) { return reads_other_than(*item.expr, clause.items); });
  }
  if (clause.skip != nullptr) {
    plan_subqueries(clause.skip);
    chain.push_back(SkipOp{clause.skip});
  }
  if (clause.limit != nullptr) {
    plan_subqueries(clause.limit);
    chain.push_back(LimitOp{clause.limit});
  }
  filter(clause.where, chain);
  if (narrow) {
    ProjectOp only;
    for (const ProjectionItem& item : clause.items)
      only.columns.push_back({item.var, make_variable(item.var, item.name)});
    chain.push_back(std::move(only));
  }
  return columns;
}

// ---- variables from outside ----------------------------------------------------------------------------------

void Planner::carry_outer(size_t outside, Chain& chain) {
  BoundVariables read;  // of those from outside, behind the operator at hand
  std::vector<VarId> carried;
  for (size_t i = chain.size(); i-- > 0;) {
    PlanOp& op = chain[i];
    if (auto* project = std::get_if<ProjectOp>(&op); project != nullptr && !project->keep_input) {
      carry(carried, project->columns);
    } else if (auto* group = std::get_if<AggregateOp>(&op); group != nullptr && !carried.empty()) {
      if (group->keys.empty()) return call_up_to(i, chain);
      carry(carried, group->keys);
    }
    for_each_read(op, [&](VarId var) {
      if (scope.contained_at(var, outside) && read.add(var)) carried.push_back(var);
    });
  }
}

void Planner::carry(const std::vector<VarId>& vars, std::vector<ProjectedColumn>& columns) const {
  for (const VarId var : vars) {
    const bool there =
        std::any_of(columns.begin(), columns.end(), [&](const auto& column) { return column.var == var; });
    if (!there) columns.push_back({var, variable(var)});
  }
}

/// An aggregate without keys has a row also where no row comes in, of which nothing could be passed on. So the chain up
/// to it becomes a subquery, whose one row is joined to the row from outside.
void Planner::call_up_to(size_t last, Chain& chain) {
  Chain inner;
  inner.assign(std::make_move_iterator(chain.begin()),
               std::make_move_iterator(chain.begin() + static_cast<ptrdiff_t>(last) + 1));
  CallSubqueryOp call;
  for (ProjectedColumn& aggregate : std::get<AggregateOp>(inner.back()).aggregates) {
    call.vars.push_back(aggregate.var);
    aggregate.var = new_variable(variable(aggregate.var)->name);
    call.columns.push_back(aggregate.var);
  }
  call.inner = inner_plan(std::move(inner), call.columns);
  chain.erase(chain.begin() + 1, chain.begin() + static_cast<ptrdiff_t>(last) + 1);
  chain.front() = ArgumentOp{};
  chain.insert(chain.begin() + 1, std::move(call));
}

}  // namespace entente
