// Inner plans that match a pattern from nodes of the outer row, as plans that match it wherever it is: what they find
// for all possible outer rows at once.
//
// Worked example: the plan of EXISTS { MATCH (p)-[:ATTENDED]->(e)-[:HELD_AT]->(f:Forum {name: $x}) }, from p,
//   Argument, Expand (p)-[:ATTENDED]->(e), Expand (e)-[:HELD_AT]->(f), Filter f:Forum, Filter f.name = $x
// may become, from f,
//   Argument, NodeScan (f:Forum), Filter f.name = $x, Expand (f)<-[:HELD_AT]-(e), Expand (e)<-[:ATTENDED]-(p)
// whose rows have in p each node for which the inner plan finds something, as often as it finds it. Run once and kept
// by p, it answers for every row.
#pragma once

#include <optional>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

struct FreePlan {
  PlanPtr plan;  // reads nothing from outside; binds the keys
  double cost;   // rows that its operators give, by estimate
  std::vector<EndFact> assumed;
};

/// The cheapest one found for an inner chain after the chain `outer`, which binds `keys`: the nodes that the inner
/// chain takes from there. Nothing if the inner chain is more than a pattern, could fail where it would not have been
/// run, or has too many parts. `counts_rows`: it matters how often rows come, not just which.
std::optional<FreePlan> free_pattern(const Chain& outer, const Chain& inner, const std::vector<VarId>& keys,
                                     bool counts_rows, const PassContext& context);

}  // namespace entente
