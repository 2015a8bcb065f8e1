// Operators: the running form of a plan. Each pulls batches from its input and gives batches.
//
// `next` fills a batch with at least one row, or gives false at the end, for good. An operator checks the context's
// limits at least once a batch and bounds what it gives at a time to about context.batch_size rows, whatever a row
// expands to.
#pragma once

#include <memory>
#include <span>

#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"
#include "entente/query/plan/plan.h"

namespace entente {

class Operator {
 public:
  virtual ~Operator() = default;
  virtual bool next(Batch& out) = 0;
};

/// Where the leaf of a plan finds its rows. Used again and again for inner plans.
struct ArgumentSource {
  Batch batch;
  bool pending = false;
};

/// Builds one operator on its input, which is null for a leaf. `consumers`: the operators that will stand above it, the
/// nearest first, as far as they are known.
std::unique_ptr<Operator> make_plan_operator(const Plan& plan, std::unique_ptr<Operator> input, ExecContext& context,
                                             ArgumentSource& argument, std::span<const Plan* const> consumers = {});

/// Builds the operators of a plan. `argument` must outlive them; the plan too.
std::unique_ptr<Operator> build_operator(const Plan& plan, ExecContext& context, ArgumentSource& argument);

/// Builds and hands in one empty row. The result's columns are the variables of the plan's ResultOp.
class PlanRunner {
 public:
  PlanRunner(PlanPtr plan, ExecContext& context);
  PlanRunner(const PlanRunner&) = delete;
  PlanRunner& operator=(const PlanRunner&) = delete;
  bool next(Batch& out) { return root_->next(out); }
  const ResultOp& result() const;

 private:
  PlanPtr plan_;
  ArgumentSource argument_;
  std::unique_ptr<Operator> root_;
};

}  // namespace entente
