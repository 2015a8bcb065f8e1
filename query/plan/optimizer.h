// The optimiser: an ordered list of passes, each a pure function from chain to chain.
//
// A pass changes how a result is found, never which result. Each can be switched off by name (PlannerOptions) and has a
// golden pair of plans in tests/golden/plans. Passes see one chain at a time: inner plans are optimised when they are
// made, before the chain that holds them; only unread-variables looks into them again.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "entente/query/plan/cardinality.h"
#include "entente/query/plan/chain.h"
#include "entente/query/plan/planner.h"

namespace entente {

struct PassContext {
  const Cardinality& cardinality;
  const std::vector<VarId>& needed;  // variables that must be bound at the chain's end
  bool whole_statement;              // not an inner plan
  std::vector<EndFact>* assumed;     // where what the plan rests on is noted; null if it must hold whatever happens
  bool counts_rows;                  // it matters how often equal rows come at the chain's end
  bool writes;                       // the statement
  const PlannerOptions& options;     // for passes that plan something anew
  const std::function<VarId()>& new_variable;
  const std::function<ExprPtr(VarId)>& variable;  // an expression for one, with a name to print

  /// For a chain made by a pass, at whose end `read` are read. What it rests on goes to `rests_on`.
  PassContext inside(const std::vector<VarId>& read, bool once, bool counts, std::vector<EndFact>& rests_on) const {
    std::vector<EndFact>* noted = assumed != nullptr ? &rests_on : nullptr;
    return {cardinality, read, once, noted, counts, writes, options, new_variable, variable};
  }
};

/// The one pass that is not from chain to chain: MATCH clauses that follow one another are planned as one pattern
/// (planner.cc).
inline constexpr std::string_view kJoinMatches = "join-matches";

using Pass = Chain (*)(Chain chain, const PassContext& context);

/// Runs the passes that are not switched off, in order.
Chain optimize(Chain chain, const PassContext& context, const PlannerOptions& options);

// ---- the passes; each is explained where it is defined, in the file of its name ----

Chain fold_constants(Chain chain, const PassContext& context);
Chain measure_paths(Chain chain, const PassContext& context);
Chain push_filters(Chain chain, const PassContext& context);
Chain push_limits(Chain chain, const PassContext& context);
Chain anti_join(Chain chain, const PassContext& context);
Chain run_once(Chain chain, const PassContext& context);
Chain inline_calls(Chain chain, const PassContext& context);
Chain join_subqueries(Chain chain, const PassContext& context);
Chain join_optional(Chain chain, const PassContext& context);
Chain implied_labels(Chain chain, const PassContext& context);
Chain node_by_id(Chain chain, const PassContext& context);  // index_seek.cc
Chain label_scans(Chain chain, const PassContext& context);
Chain index_seek(Chain chain, const PassContext& context);
Chain count_rows(Chain chain, const PassContext& context);
Chain drop_uniqueness(Chain chain, const PassContext& context);
Chain join_cycles(Chain chain, const PassContext& context);
Chain exclude_ends(Chain chain, const PassContext& context);
Chain unread_variables(Chain chain, const PassContext& context);
Chain semi_expand(Chain chain, const PassContext& context);
Chain optional_count(Chain chain, const PassContext& context);
Chain meet_ends(Chain chain, const PassContext& context);
Chain reach_ends(Chain chain, const PassContext& context);
Chain combine_rows(Chain chain, const PassContext& context);
Chain push_distinct(Chain chain, const PassContext& context);
Chain break_symmetry(Chain chain, const PassContext& context);
Chain sum_ends(Chain chain, const PassContext& context);
Chain count_scan(Chain chain, const PassContext& context);
Chain sort_limit(Chain chain, const PassContext& context);

}  // namespace entente
