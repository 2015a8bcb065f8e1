// Whether computing something may fail, so that it must not be computed for rows that it was not written for.
#pragma once

#include <functional>
#include <unordered_set>

#include "entente/query/plan/plan.h"

namespace entente {

/// Whether computing the expression may fail for some values of its variables, other than for all of them alike (as it
/// may where a parameter has a wrong type). `is_entity` says which variables are nodes, relationships or null. True
/// where it is not known.
bool can_fail(const Expr& expr, const std::function<bool(VarId)>& is_entity);

/// The same for a predicate, which must also be a boolean or null.
bool predicate_can_fail(const Expr& predicate, const std::function<bool(VarId)>& is_entity);

/// Which variables are nodes, relationships or null for all that a chain's operators tell; used from the leaf to the
/// end. Entities that the statement deletes count as such.
class EntityVariables {
 public:
  bool has(VarId var) const { return entities_.contains(var); }
  /// From what is known below the operator to what is known above it.
  void go_above(const PlanOp& op);

 private:
  void pass_on(const std::vector<ProjectedColumn>& columns, bool keep_input);

  std::unordered_set<VarId> entities_;
};

}  // namespace entente
