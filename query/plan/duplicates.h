// Whether it matters at a place in a chain how often equal rows come; for passes that take duplicates away early.
//
// It does not below DISTINCT, nor below a grouping whose aggregates do not care (min, max, those over DISTINCT values),
// down to where rows are counted, limited, written, or given to what is random. Equal means: equal in the variables
// that are read above (see liveness.h).
//
// Used from the end of the chain to its leaf, as LiveVariables are. Used by one thread.
#pragma once

#include "entente/query/plan/chain.h"

namespace entente {

class Duplicates {
 public:
  explicit Duplicates(bool matter) : matter_(matter) {}

  bool matter() const { return matter_; }
  /// From what is so above the operator to what is so above its input, and at the end of its inner plans, if it has
  /// some that give rows.
  void go_below(const PlanOp& op);

 private:
  bool matter_;
};

/// Whether what the operator does with a row is the same each time and has no effect but the rows that it gives; inner
/// plans and subqueries included.
bool is_repeatable(const PlanOp& op);
/// The same for all operators of a plan.
bool is_repeatable(const Plan& plan);

}  // namespace entente
