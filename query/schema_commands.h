// Runs CREATE and DROP of indexes and constraints.
#pragma once

#include <vector>

#include "entente/core/transaction.h"
#include "entente/query/exec/context.h"
#include "entente/query/notification.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// Throws SchemaError.AlreadyExists or .NotFound (unless IF [NOT] EXISTS says that it may be so), and what the
/// transaction throws of data that break a new constraint. Counts what it did in the context, whose limits it keeps;
/// tells where IF [NOT] EXISTS left nothing to do.
void run_schema_command(const SchemaCommand& command, Transaction& transaction, ExecContext& context,
                        std::vector<Notification>& notifications);

}  // namespace entente
