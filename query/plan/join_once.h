// Inner plans that are better run once for all rows than for each of them.
#pragma once

#include <optional>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

/// What stands for the inner chain at `place` of the chain, if that is less work by estimate: a join with what it finds
/// for all rows that there could be. `keys`: all variables that it takes from the chain. `first`: each run of it would
/// end with its first row, as it is only asked whether there is one. `gain`: how many times less the work is to be.
std::optional<CountJoinOp> join_once(const Chain& chain, size_t place, const Chain& inner,
                                     const std::vector<VarId>& keys, bool first, const PassContext& context,
                                     double gain = 1);

}  // namespace entente
