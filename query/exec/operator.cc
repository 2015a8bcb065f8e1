#include "entente/query/exec/operator.h"

#include <algorithm>
#include <string>
#include <vector>

#include "entente/query/exec/operators.h"
#include "entente/query/exec/profile.h"

namespace entente {

namespace {

/// Operators call their inputs, so a chain as long as this is as deep as the stack may get.
constexpr size_t kMaxPlanLength = 5'000;

class ArgumentOperator final : public Operator {
 public:
  explicit ArgumentOperator(ArgumentSource& source) : source_(source) {}

  bool next(Batch& out) override {
    if (!source_.pending || source_.batch.rows == 0) return false;
    source_.pending = false;
    out = source_.batch;
    return true;
  }

 private:
  ArgumentSource& source_;
};

}  // namespace

OperatorPtr make_operator(const ArgumentOp&, OperatorParts parts) {
  return std::make_unique<ArgumentOperator>(parts.argument);
}

OperatorPtr make_plan_operator(const Plan& plan, OperatorPtr input, ExecContext& context, ArgumentSource& argument,
                               std::span<const Plan* const> consumers) {
  return std::visit(
      [&](const auto& op) {
        return make_operator(op, OperatorParts{plan, std::move(input), context, argument, nullptr, consumers});
      },
      plan.op);
}

namespace {

/// From the leaf up.
std::vector<const Plan*> chain_of(const Plan& plan) {
  std::vector<const Plan*> chain;
  for (const Plan* p = &plan; p != nullptr; p = p->input.get()) {
    chain.push_back(p);
    if (chain.size() > kMaxPlanLength) {
      throw Error::resource("PlanTooLong", "the statement has more than " + std::to_string(kMaxPlanLength) +
                                               " steps; split it into several statements, or use UNWIND over a list");
    }
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

/// The same as build_operator, with stretches that several threads run.
OperatorPtr build_parallel(const Plan& plan, ExecContext& context, ArgumentSource& argument) {
  const std::vector<const Plan*> chain = chain_of(plan);
  const std::vector<ParallelStretch> stretches = parallel_stretches(chain);
  auto next = stretches.begin();
  OperatorPtr built;
  for (size_t i = 0; i < chain.size(); ++i) {
    built = make_plan_operator(*chain[i], std::move(built), context, argument, std::span(chain).subspan(i + 1));
    if (next == stretches.end() || next->source != i) continue;
    const std::vector<const Plan*> copied(chain.begin() + static_cast<ptrdiff_t>(i + 1),
                                          chain.begin() + static_cast<ptrdiff_t>(next->end));
    auto workers = std::make_unique<Workers>(std::move(built), copied, next->morsel_rows, context);
    i = next->end;
    built = std::visit(
        [&](const auto& op) {
          return make_operator(op, OperatorParts{*chain[i], nullptr, context, argument, std::move(workers)});
        },
        chain[i]->op);
    ++next;
  }
  return built;
}

}  // namespace

OperatorPtr build_operator(const Plan& plan, ExecContext& context, ArgumentSource& argument) {
  const std::vector<const Plan*> chain = chain_of(plan);
  OperatorPtr built;
  for (size_t i = 0; i < chain.size(); ++i) {
    built = make_plan_operator(*chain[i], std::move(built), context, argument, std::span(chain).subspan(i + 1));
    if (context.profile != nullptr) built = context.profile->measure(*chain[i], std::move(built));
  }
  return built;
}

PlanRunner::PlanRunner(PlanPtr plan, ExecContext& context) : plan_(std::move(plan)) {
  argument_.batch = Batch(context.variable_count);
  argument_.batch.rows = 1;
  argument_.pending = true;
  const bool parallel = context.threads > 1 && context.transaction == nullptr && context.profile == nullptr;
  root_ = parallel ? build_parallel(*plan_, context, argument_) : build_operator(*plan_, context, argument_);
}

const ResultOp& PlanRunner::result() const {
  const auto* result = std::get_if<ResultOp>(&plan_->op);
  if (result == nullptr) {
    throw Error("InternalError", "PlanWithoutResult", Phase::Runtime, "the plan does not end in a result");
  }
  return *result;
}

}  // namespace entente
