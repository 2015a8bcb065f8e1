// Bound syntax tree to plan, and the optimiser.
//
// `plan_statement` translates clause by clause, in the order written and with the simplest operators, choosing the
// order within a MATCH by cost. It then runs the passes listed in optimizer.cc, each a pure function from plan to plan,
// in order; each can be switched off by name, for tests and to find a wrong one.
//
// Errors: SyntaxError.NotImplemented (compile time) names what is parsed but not executed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/snapshot.h"
#include "entente/query/plan/plan.h"
#include "entente/query/syntax/ast.h"

namespace entente {

struct PlannerOptions {
  /// Names as optimizer_passes() gives them.
  std::set<std::string, std::less<>> disabled_passes;  // "all" switches off every one
  bool eager = false;  // passes do what they may also where the estimates say that it is not worthwhile
};

/// The statement must be bound and have a query. Its subquery expressions are planned in place. Appends to `assumed`
/// what the plan rests on; without it, the plan rests on nothing that may change.
PlanPtr plan_statement(Statement& statement, const Snapshot& graph, const PlannerOptions& options = {},
                       std::vector<EndFact>* assumed = nullptr);

/// Names of the passes, in order.
std::vector<std::string_view> optimizer_passes();

}  // namespace entente
