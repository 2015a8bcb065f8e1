// Whether computing something may fail, so that it must not be computed for rows that it was not written for.
#pragma once

#include <functional>

#include "entente/query/plan/plan.h"

namespace entente {

/// Whether computing the expression may fail for some values of its variables, other than for all of them alike (as it
/// may where a parameter has a wrong type). `is_entity` says which variables are nodes, relationships or null. True
/// where it is not known.
bool can_fail(const Expr& expr, const std::function<bool(VarId)>& is_entity);

/// The same for a predicate, which must also be a boolean or null.
bool predicate_can_fail(const Expr& predicate, const std::function<bool(VarId)>& is_entity);

}  // namespace entente
