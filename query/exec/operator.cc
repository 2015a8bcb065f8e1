#include "entente/query/exec/operator.h"

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

std::unique_ptr<Operator> build_operator(const Plan& plan, ExecContext& context, ArgumentSource& argument) {
  std::vector<const Plan*> chain;
  for (const Plan* p = &plan; p != nullptr; p = p->input.get()) {
    chain.push_back(p);
    if (chain.size() > kMaxPlanLength) {
      throw Error::resource("PlanTooLong", "the statement has more than " + std::to_string(kMaxPlanLength) +
                                               " steps; split it into several statements, or use UNWIND over a list");
    }
  }
  OperatorPtr built;
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    built = std::visit(
        [&](const auto& op) {
          return make_operator(op, OperatorParts{**it, std::move(built), context, argument});
        },
        (*it)->op);
    if (context.profile != nullptr) built = context.profile->measure(**it, std::move(built));
  }
  return built;
}

PlanRunner::PlanRunner(PlanPtr plan, ExecContext& context) : plan_(std::move(plan)) {
  argument_.batch = Batch(context.variable_count);
  argument_.batch.rows = 1;
  argument_.pending = true;
  root_ = build_operator(*plan_, context, argument_);
}

const ResultOp& PlanRunner::result() const {
  const auto* result = std::get_if<ResultOp>(&plan_->op);
  if (result == nullptr) {
    throw Error("InternalError", "PlanWithoutResult", Phase::Runtime, "the plan does not end in a result");
  }
  return *result;
}

}  // namespace entente
