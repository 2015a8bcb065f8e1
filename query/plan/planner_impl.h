// The planner of one statement: what its parts share. Internal to query/plan.
//
//   planner.cc            queries and clauses
//   projection_planner.cc WITH and RETURN
//   write_planner.cc      CREATE, MERGE, SET, REMOVE, DELETE and the barriers between reading and writing
//   subquery_planner.cc   subquery expressions
//   nested_planner.cc     clauses with clauses inside: CALL { … } and FOREACH
//   match_planner.cc      patterns (with pattern_graph.cc and match_order.cc)
//
// Clauses are planned in the order written, each adding operators to the end of a chain. `scope` holds the variables
// that are bound where planning has got to; since numbers are unique in a statement, variables that a WITH drops may
// stay in it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "entente/query/plan/cardinality.h"
#include "entente/query/plan/chain.h"
#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/planner.h"

namespace entente {

/// The most operators that may be below one another: what runs a plan recurses along it.
inline constexpr size_t kMaxPlanDepth = 4'000;
/// The same before the optimiser has made it shorter; past it, planning itself would take too long.
inline constexpr size_t kMaxChainLength = 4 * kMaxPlanDepth;
/// Nodes and relationships of MATCH clauses that are found as one pattern.
inline constexpr size_t kMostJoinedElements = 40;

/// A set of variables that remembers in which order they came.
class BoundVariables {
 public:
  bool contains(VarId var) const { return var < positions_.size() && positions_[var] != 0; }
  /// Whether it was there already when mark() gave `mark`.
  bool contained_at(VarId var, size_t mark) const { return contains(var) && positions_[var] <= mark; }
  /// Gives whether it is new.
  bool add(VarId var);
  size_t mark() const { return order_.size(); }
  /// Takes out what came after mark() gave `mark`.
  void release(size_t mark);

 private:
  std::vector<uint32_t> positions_;  // by variable, from 1; 0: not in
  std::vector<VarId> order_;
};

/// How an expression or clause touches the graph.
struct GraphAccess {
  bool structure = false;   // reads which nodes and relationships there are
  bool properties = false;  // reads properties, labels
  bool creates = false;     // adds nodes and relationships
  bool modifies = false;    // changes or deletes what is there
  bool deletes = false;     // deletes it
  GraphAccess& operator|=(const GraphAccess& o) {
    structure |= o.structure;
    properties |= o.properties;
    creates |= o.creates;
    modifies |= o.modifies;
    deletes |= o.deletes;
    return *this;
  }
  bool writes() const { return creates || modifies; }
};

class Planner {
 public:
  /// `assumed` may be null; see plan_statement.
  Planner(Statement& statement, const Snapshot& graph, const PlannerOptions& options, std::vector<EndFact>* assumed);

  PlanPtr plan();

  // ---- what the parts use of one another ----

  BoundVariables scope;
  VarLabels known_labels;  // of node variables, from the patterns so far; for estimates only
  const Cardinality& cardinality() const { return cardinality_; }
  /// Whether label-scans will let a scan go by a label that relationships show.
  bool can_scan_by_labels_of_ends() const {
    const auto& disabled = options_.disabled_passes;
    return assumed_ != nullptr && !disabled.contains("all") && !disabled.contains("label-scans");
  }
  VarId new_variable(std::string name = {});
  /// How often the statement uses a variable, apart from where it is bound.
  uint32_t uses(VarId var) const { return var < statement_.variable_uses.size() ? statement_.variable_uses[var] : 0; }
  /// An expression for a variable, with a name to print.
  ExprPtr variable(VarId var, Span span = {}) const;

  /// entity:label, with the subqueries in its computed names planned.
  ExprPtr has_labels(ExprPtr entity, const LabelExpr& label);

  /// Turns the subquery expressions in an expression into planned ones, in place.
  void plan_subqueries(const ExprPtr& expr);

  /// What the passes are told of a chain; `needed` must outlive it.
  PassContext pass_context(const std::vector<VarId>& needed, bool whole_statement, bool counts_rows = true);

  /// Optimises the chain of an inner plan, which needs the variables `needed` to be bound at its end.
  PlanPtr inner_plan(Chain chain, const std::vector<VarId>& needed);

 private:
  /// What a planned query gives.
  struct Columns {
    std::vector<VarId> vars;
    std::vector<std::string> names;
  };

  // ---- queries and clauses ----
  /// `needed`: whether the values of the columns are asked for, or just the rows.
  Columns plan_query(Query& query, bool needed, Chain& chain);
  Columns plan_part(SingleQuery& part, bool needed, Chain& chain);
  /// The MATCH clause at `first` and those after it that are found as one pattern with it: in whatever order is best,
  /// not one clause after another. (The pass join-matches, which works on clauses.)
  std::vector<MatchClause*> matches_together(SingleQuery& part, size_t first) const;
  void plan_matches(const std::vector<MatchClause*>& clauses, Chain& chain);
  void plan_unwind(UnwindClause& clause, Chain& chain);
  void plan_load_csv(LoadCsvClause& clause, Chain& chain);
  void plan_subquery_clause(SubqueryClause& clause, Chain& chain);
  void plan_foreach(ForeachClause& clause, Chain& chain);
  Columns plan_call(CallClause& clause, Chain& chain);
  void filter(const ExprPtr& predicate, Chain& chain);

  // ---- projections ----
  Columns plan_projection(ProjectionClause& clause, Chain& chain);
  bool is_bare(const ProjectionClause& clause) const;
  void plan_grouping(const ProjectionClause& clause, std::vector<SortItem>& order_by, Chain& chain);
  void plan_plain(const ProjectionClause& clause, bool keep_input, Chain& chain);
  /// Variables that were in scope at the mark `outside` stay visible in all of an inner query: the projections of its
  /// chain pass on those that are read behind them.
  void carry_outer(size_t outside, Chain& chain);
  void carry(const std::vector<VarId>& vars, std::vector<ProjectedColumn>& columns) const;
  void call_up_to(size_t last, Chain& chain);

  // ---- writing ----
  void plan_create(CreateClause& clause, Chain& chain);
  void plan_merge(MergeClause& clause, Chain& chain);
  void plan_set(SetClause& clause, Chain& chain);
  void plan_remove(RemoveClause& clause, Chain& chain);
  void plan_delete(DeleteClause& clause, Chain& chain);
  void plan_set_items(std::vector<SetItem>& items);
  struct Created;
  Created created_by(PathPattern& path);
  void append_create(Created created, Chain& chain);
  bool reads_created(const ExprPtr& properties) const;

  /// Puts a barrier before a clause where what came since the last one must be done with first, and remembers the
  /// clause.
  void enter(const GraphAccess& access, Chain& chain);
  /// Puts a barrier if anything since the last one writes.
  void settle_writes(Chain& chain);
  GraphAccess access_of(const ExprPtr& expr) const;

  // ---- subqueries ----
  void plan_subquery(Expr& expr);
  Chain plan_pattern_subquery(Expr& expr, Columns& columns);
  void require_ends(Expr& expr, const PathPattern& path) const;

  Statement& statement_;
  const PlannerOptions& options_;
  Cardinality cardinality_;
  std::vector<EndFact>* assumed_;
  const std::function<VarId()> make_variable_ = [this] { return new_variable(); };
  const std::function<ExprPtr(VarId)> named_variable_ = [this](VarId var) { return variable(var); };

  GraphAccess since_barrier_;
  GraphAccess entered_;                // what all clauses of the query at hand do
  std::unordered_set<VarId> created_;  // by the CreateOp at the chain's end
};

[[noreturn]] void fail_too_long();

}  // namespace entente
