// Runs CREATE and DROP of indexes and constraints.
#pragma once

#include "entente/core/transaction.h"
#include "entente/query/counters.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// Throws SchemaError.AlreadyExists or .NotFound (unless IF [NOT] EXISTS says that it may be so), and what the
/// transaction throws of data that break a new constraint.
void run_schema_command(const SchemaCommand& command, Transaction& transaction, Counters& counters);

}  // namespace entente
