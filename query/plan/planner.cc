#include "entente/query/plan/planner.h"

#include <algorithm>
#include <set>
#include <utility>

#include "entente/query/plan/match_planner.h"
#include "entente/query/plan/planner_impl.h"

namespace entente {

void fail_too_long() {
  throw Error::syntax("StatementTooLong", "The statement needs more than " + std::to_string(kMaxPlanDepth) +
                                              " operators one after another; split it into several statements, or use "
                                              "UNWIND over a list");
}

PlanPtr plan_statement(Statement& statement, const Snapshot& graph, const PlannerOptions& options,
                       std::vector<EndFact>* assumed) {
  return Planner(statement, graph, options, statement.writes ? nullptr : assumed).plan();
}

// ---- variables ---------------------------------------------------------------------------------------------

bool BoundVariables::add(VarId var) {
  if (contains(var)) return false;
  if (var >= positions_.size()) positions_.resize(static_cast<size_t>(var) + 1);
  order_.push_back(var);
  positions_[var] = static_cast<uint32_t>(order_.size());
  return true;
}

void BoundVariables::release(size_t mark) {
  while (order_.size() > mark) {
    positions_[order_.back()] = 0;
    order_.pop_back();
  }
}

VarId Planner::new_variable(std::string name) {
  statement_.variable_names.resize(statement_.variable_count);
  statement_.variable_names.push_back(std::move(name));
  return statement_.variable_count++;
}

ExprPtr Planner::variable(VarId var, Span span) const {
  const std::vector<std::string>& names = statement_.variable_names;
  const bool named = var < names.size() && !names[var].empty();
  return make_variable(var, named ? names[var] : "anon_" + std::to_string(var), span);
}

// ---- plans -------------------------------------------------------------------------------------------------

Planner::Planner(Statement& statement, const Snapshot& graph, const PlannerOptions& options,
                 std::vector<EndFact>* assumed)
    : statement_(statement), options_(options), cardinality_(graph), assumed_(assumed) {}

PlanPtr Planner::plan() {
  Chain chain;
  Columns columns = plan_query(*statement_.query, true, chain);
  const std::vector<VarId> needed = columns.vars;
  chain.push_back(ResultOp{std::move(columns.vars), std::move(columns.names)});
  chain = optimize(std::move(chain), pass_context(needed, true), options_);
  if (depth(chain) > kMaxPlanDepth) fail_too_long();
  return cardinality_.estimate(std::move(chain));
}

PlanPtr Planner::inner_plan(Chain chain, const std::vector<VarId>& needed) {
  return to_plan(optimize(std::move(chain), pass_context(needed, false), options_));
}

PassContext Planner::pass_context(const std::vector<VarId>& needed, bool whole_statement, bool counts_rows) {
  return {cardinality_,      needed,   whole_statement, assumed_,       counts_rows,
          statement_.writes, options_, make_variable_,  named_variable_};
}

Planner::Columns Planner::plan_query(Query& query, bool needed, Chain& chain) {
  if (query.parts.size() == 1) {
    chain.push_back(ArgumentOp{});
    return plan_part(query.parts.front(), needed, chain);
  }
  UnionOp all;
  Columns columns;
  for (size_t i = 0; i < query.parts.size(); ++i) {
    const size_t mark = scope.mark();
    Chain branch{ArgumentOp{}};
    Columns part = plan_part(query.parts[i], true, branch);
    scope.release(mark);
    if (i == 0) columns = part;
    // Columns go together by name.
    std::vector<VarId> ordered;
    for (size_t k = 0; k < columns.names.size() && k < part.vars.size(); ++k) {
      auto same = std::find(part.names.begin(), part.names.end(), columns.names[k]);
      ordered.push_back(part.vars[same != part.names.end() ? static_cast<size_t>(same - part.names.begin()) : k]);
    }
    all.branches.push_back(inner_plan(std::move(branch), ordered));
    all.columns.push_back(std::move(ordered));
  }
  // Columns of its own: a part's variable may be one from outside, or be two columns.
  for (size_t k = 0; k < columns.vars.size(); ++k) columns.vars[k] = new_variable(columns.names[k]);
  all.vars = columns.vars;
  const bool distinct = std::find(query.union_all.begin(), query.union_all.end(), false) != query.union_all.end();
  const std::vector<VarId> vars = all.vars;
  chain.push_back(std::move(all));
  if (distinct) chain.push_back(DistinctOp{vars});
  for (VarId var : vars) scope.add(var);
  return columns;
}

Planner::Columns Planner::plan_part(SingleQuery& part, bool needed, Chain& chain) {
  const size_t outside = scope.mark();
  Columns columns;
  for (size_t i = 0; i < part.clauses.size(); ++i) {
    const bool last = i + 1 == part.clauses.size();
    Clause& clause = part.clauses[i];
    if (std::holds_alternative<MatchClause>(clause)) {
      const std::vector<MatchClause*> matches = matches_together(part, i);
      plan_matches(matches, chain);
      i += matches.size() - 1;
    } else if (auto* unwind = std::get_if<UnwindClause>(&clause)) {
      plan_unwind(*unwind, chain);
    } else if (auto* projection = std::get_if<ProjectionClause>(&clause)) {
      if (last && !needed && is_bare(*projection)) break;  // as many rows without it
      Columns projected = plan_projection(*projection, chain);
      if (last && projection->is_return) columns = std::move(projected);
    } else if (auto* call = std::get_if<CallClause>(&clause)) {
      Columns yielded = plan_call(*call, chain);
      if (call->standalone) columns = std::move(yielded);
    } else if (auto* load = std::get_if<LoadCsvClause>(&clause)) {
      plan_load_csv(*load, chain);
    } else if (auto* subquery = std::get_if<SubqueryClause>(&clause)) {
      plan_subquery_clause(*subquery, chain);
    } else if (auto* foreach = std::get_if<ForeachClause>(&clause)) {
      plan_foreach(*foreach, chain);
    } else if (auto* create = std::get_if<CreateClause>(&clause)) {
      plan_create(*create, chain);
    } else if (auto* merge = std::get_if<MergeClause>(&clause)) {
      plan_merge(*merge, chain);
    } else if (auto* set = std::get_if<SetClause>(&clause)) {
      plan_set(*set, chain);
    } else if (auto* remove = std::get_if<RemoveClause>(&clause)) {
      plan_remove(*remove, chain);
    } else if (auto* del = std::get_if<DeleteClause>(&clause)) {
      plan_delete(*del, chain);
    }
    if (chain.size() > kMaxChainLength) fail_too_long();
  }
  carry_outer(outside, chain);
  since_barrier_ = {};
  return columns;
}

// ---- reading clauses ---------------------------------------------------------------------------------------

void Planner::filter(const ExprPtr& predicate, Chain& chain) {
  if (predicate == nullptr) return;
  plan_subqueries(predicate);
  enter(access_of(predicate), chain);
  chain.push_back(FilterOp{predicate});
}

namespace {

/// Whether the clause may be found together with others: it is not optional, its relationships are new, one by one, and
/// its condition is the same whenever it is computed. Adds the names of its relationships to `relationships`, and its
/// elements to `size`.
bool joins(const MatchClause& clause, std::set<VarId>& relationships, size_t& size) {
  if (clause.optional || (clause.where != nullptr && !is_deterministic(*clause.where))) return false;
  for (const PathPattern& path : clause.paths) {
    if (path.search != PathSearch::All || path.where != nullptr) return false;
    for (const PathElement& element : path.elements) {
      ++size;
      if (std::holds_alternative<NodePattern>(element)) continue;
      const auto* relationship = std::get_if<RelationshipPattern>(&element);
      if (relationship == nullptr || relationship->variable_length) return false;
      if (relationship->var != kNoVar && !relationships.insert(relationship->var).second) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<MatchClause*> Planner::matches_together(SingleQuery& part, size_t first) const {
  std::vector<MatchClause*> matches{&std::get<MatchClause>(part.clauses[first])};
  if (options_.disabled_passes.contains("all") || options_.disabled_passes.contains(kJoinMatches)) return matches;
  std::set<VarId> relationships;
  size_t size = 0;
  if (!joins(*matches.front(), relationships, size)) return matches;
  for (size_t i = first + 1; i < part.clauses.size(); ++i) {
    auto* next = std::get_if<MatchClause>(&part.clauses[i]);
    if (next == nullptr || !joins(*next, relationships, size) || size > kMostJoinedElements) break;
    matches.push_back(next);
  }
  return matches;
}

void Planner::plan_matches(const std::vector<MatchClause*>& clauses, Chain& chain) {
  GraphAccess access;
  access.structure = access.properties = true;
  enter(access, chain);
  PatternGraph pattern(*this);
  std::vector<ExprPtr> conditions;
  for (const MatchClause* clause : clauses) {
    pattern.begin_clause();
    for (const PathPattern& path : clause->paths) pattern.add(path);
    if (clause->where != nullptr) conditions.push_back(clause->where);
  }
  pattern.finish(make_and(std::move(conditions)));
  if (!clauses.front()->optional) {
    plan_pattern(pattern, *this, chain);
    return;
  }
  Chain inner{ArgumentOp{}};
  plan_pattern(pattern, *this, inner);
  chain.push_back(OptionalOp{inner_plan(std::move(inner), pattern.new_variables()), pattern.new_variables()});
}

void Planner::plan_unwind(UnwindClause& clause, Chain& chain) {
  plan_subqueries(clause.list);
  enter(access_of(clause.list), chain);
  chain.push_back(UnwindOp{clause.list, clause.var});
  scope.add(clause.var);
}

Planner::Columns Planner::plan_call(CallClause& clause, Chain& chain) {
  // A procedure may read the graph, and in a statement that writes it may be what writes.
  GraphAccess access;
  access.structure = access.properties = true;
  access.creates = access.modifies = access.deletes = statement_.writes;
  enter(access, chain);
  CallProcedureOp op;
  op.procedure = clause.procedure;
  op.span = clause.span;
  op.args = clause.args;
  for (const ExprPtr& arg : op.args) plan_subqueries(arg);
  Columns columns;
  for (const YieldItem& item : clause.yields) {
    op.yields.emplace_back(item.field, item.var);
    columns.vars.push_back(item.var);
    columns.names.push_back(item.name);
    scope.add(item.var);
  }
  op.keep_input_only = op.yields.empty();
  if (!clause.optional) {
    chain.push_back(std::move(op));
    filter(clause.where, chain);
    return columns;
  }
  Chain inner{ArgumentOp{}};
  inner.push_back(std::move(op));
  filter(clause.where, inner);
  chain.push_back(OptionalOp{inner_plan(std::move(inner), columns.vars), columns.vars});
  return columns;
}

}  // namespace entente
