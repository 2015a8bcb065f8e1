// Subquery expressions that a pass makes of a chain.
#pragma once

#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

/// EXISTS { inner } or COUNT { inner }. The chain has no ResultOp.
ExprPtr make_subquery(SubqueryMode mode, Chain inner, const PassContext& context);

/// The variables that an inner chain reads and does not bind, each once. Those of comprehensions' own are among them.
std::vector<VarId> inputs_of(const Chain& inner);

}  // namespace entente
