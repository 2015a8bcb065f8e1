// Patterns to operators: scans, expansions and checks in the order that match_order chose, every condition as soon as
// what it reads is bound, relationships of the pattern kept distinct, paths built at the end.
//
// A relationship in the pattern may not stand for the same relationship twice, be it single or one of a variable-length
// list, and bound before or not: after each one that is found comes UniqueRelationships against those found before it.
#pragma once

#include <vector>

#include "entente/query/plan/match_order.h"
#include "entente/query/plan/pattern_graph.h"

namespace entente {

/// Appends what finds the pattern, once it is finished, in the rows of the chain.
void plan_pattern(const PatternGraph& pattern, Planner& planner, Chain& chain);

}  // namespace entente
