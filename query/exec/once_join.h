// CALL { … } that finds the same rows for each row: they are found once and kept.
#pragma once

#include "entente/query/exec/operators.h"

namespace entente {

OperatorPtr make_once_join(const CallSubqueryOp& op, OperatorParts parts);

}  // namespace entente
