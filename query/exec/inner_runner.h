// InnerRunner: runs an inner plan for all rows of an outer batch and says which outer row each inner row came from.
//
// Where the inner plan lets rows pass on their own, it is run once for the whole batch: the rows handed in carry their
// number in a hidden column past all variables, and so do the rows that come out. Otherwise (the plan limits,
// aggregates without keys, or gives rows out of order where order is asked for) it is run for each row in turn. Nesting
// adds one hidden column a level.
//
// The inner rows stand for themselves only: what an outer row's multiplicity is, is left to the caller. Used by one
// thread.
#pragma once

#include <vector>

#include "entente/query/exec/operators.h"

namespace entente {

class InnerRunner {
 public:
  enum class Order : uint8_t { Any, Outer };

  /// With Order::Outer inner rows come in order of their outer rows. `row_by_row` forbids running many rows at once.
  InnerRunner(const Plan& plan, ExecContext& context, Order order, bool row_by_row = false);

  /// A new outer batch, of which the inner plan may read all columns.
  void start(const Batch& outer);
  /// The next inner rows, at least one; `rows[i]` is the outer row of row i.
  bool next(Batch& inner, std::vector<uint32_t>& rows);
  /// Leaves the rest of the outer row being worked on and goes to the one after. Only if row_by_row.
  void skip_row();

 private:
  void run(Batch argument);

  const Plan& plan_;
  ExecContext& context_;
  const bool together_;
  Batch outer_;
  size_t row_ = 0;  // the outer row to be handed in next
  ArgumentSource argument_;
  OperatorPtr running_;
};

/// How many rows the plan gives for each of the outer rows; the largest number for more than fit. An outer row counts
/// as one.
std::vector<uint64_t> count_inner_rows(const Plan& plan, const Batch& outer, ExecContext& context);

}  // namespace entente
