// Whether it matters at a place in a chain how often equal rows come; for passes that take duplicates away early.
//
// It does not below DISTINCT, nor below a grouping whose aggregates do not care (min, max, those over DISTINCT values),
// down to where rows are counted, limited, written, or given to what is random. Equal means: equal in the variables
// that are read above (see liveness.h).
//
// Used from the end of the chain to its leaf, as LiveVariables are. Used by one thread.
#pragma once

#include <utility>

#include "entente/query/plan/chain.h"
#include "entente/query/plan/liveness.h"

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

/// Calls `visit(Chain&, LiveVariables, Duplicates)` on the operator's inner plans that give rows, to change them, where
/// duplicates do not matter at their ends. `live` is what is read above the operator, `duplicates` whether they matter
/// below it.
template <class Visitor>
void visit_inner_plans(PlanOp& op, const LiveVariables& live, Duplicates duplicates, Visitor&& visit) {
  if (duplicates.matter()) return;
  const auto visit_plan = [&](PlanPtr& plan, LiveVariables read) {
    Chain inner = to_chain(*plan);
    visit(inner, std::move(read), duplicates);
    plan = to_plan(std::move(inner));
  };
  if (auto* optional = std::get_if<OptionalOp>(&op)) {
    visit_plan(optional->inner, live);
  } else if (auto* call = std::get_if<CallSubqueryOp>(&op); call != nullptr && !call->unit) {
    visit_plan(call->inner, LiveVariables(call->columns));
  } else if (auto* all = std::get_if<UnionOp>(&op)) {
    for (size_t k = 0; k < all->branches.size(); ++k) visit_plan(all->branches[k], LiveVariables(all->columns[k]));
  }
}

/// Whether what the operator does with a row is the same each time and has no effect but the rows that it gives; inner
/// plans and subqueries included.
bool is_repeatable(const PlanOp& op);
/// The same for all operators of a plan.
bool is_repeatable(const Plan& plan);

}  // namespace entente
