// VarExpand that gives each end once, for each row or for all of them together (see PathEnds).
#pragma once

#include "entente/query/exec/operators.h"

namespace entente {

OperatorPtr make_reach_expand(const VarExpandOp& op, OperatorParts parts);

}  // namespace entente
