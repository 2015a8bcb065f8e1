// Variables of which nobody asks more than whether they are null.
#pragma once

#include <vector>

#include "entente/query/plan/chain.h"

namespace entente {

/// Whether above `place` in the chain, at whose end `needed` are read, the variables bound there are only counted
/// (`count(v)`) and compared with null, so that any value may stand for theirs.
bool only_presence_read(const Chain& chain, size_t place, std::vector<VarId> vars, const std::vector<VarId>& needed);

}  // namespace entente
