// Calls of functions: kinds of arguments, nulls, and the place of errors are seen to here, so that implementations need
// not.

#include <algorithm>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

class Caller {
 public:
  Caller(const Expr& expr, const std::vector<Operand>& operands, ExecContext& context)
      : function_(*expr.function), operands_(operands), context_(context), args_(operands.size()) {
    expected_.assign(operands.size(), kAnyType);
    for (size_t k = 0; k < operands.size() && !function_.parameters.empty(); ++k) {
      expected_[k] = function_.parameters[std::min(k, function_.parameters.size() - 1)];
    }
  }

  Value call(size_t row) {
    size_t steps = kCallSteps;
    for (size_t k = 0; k < args_.size(); ++k) {
      operands_[k].get(row, args_[k]);
      const Value& value = args_[k];
      steps += steps_of(value);
      if (value.is_null() && !function_.takes_null) return Value();
      if (!value.is_null() && (expected_[k] & type_of(value.kind())) == 0) check_arguments(function_, args_);
    }
    context_.work(steps);
    context_.functions.max_result_bytes = std::min(kMaxValueBytes, context_.available());
    Value result = function_.call(args_, context_.functions);
    context_.count_made(own_bytes(result));
    return result;
  }

 private:
  static constexpr size_t kCallSteps = 16;

  const Function& function_;
  const std::vector<Operand>& operands_;
  ExecContext& context_;
  std::vector<Value> args_;
  std::vector<TypeSet> expected_;
};

/// id() of a Node or Relationship vector.
VectorPtr ids_as_integers(const Operand& entities, size_t rows) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  vector->ints.resize(rows);
  const std::vector<uint32_t>& ids = entities.vector->ids;
  for (size_t i = 0; i < rows; ++i) vector->ints[i] = ids[entities.row(i)];
  const bool nulls = entities.has_nulls();
  if (nulls) {
    vector->nulls.resize(rows);
    for (size_t i = 0; i < rows; ++i) vector->nulls[i] = ids[entities.row(i)] == NodeId::kNone;
  }
  vector->set_size(rows, nulls);
  return vector;
}

}  // namespace

VectorPtr evaluate_call(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (expr.function == nullptr) {
    throw Error::syntax("UnknownFunction", "there is no function " + expr.name + "()", expr.span);
  }
  const Function& function = *expr.function;
  if (function.name == "coalesce") return evaluate_coalesce(expr, batch, context);
  // exists() of a pattern asks whether it matches, of a property whether it is there.
  if (function.name == "exists" && expr.args.size() == 1 && expr.args[0]->kind == ExprKind::Subquery) {
    return evaluate_part(*expr.args[0], batch, context);
  }
  const std::vector<Operand> operands = evaluate_operands(expr.args, batch, context);
  if (is_id(&function) && !operands[0].constant() &&
      (operands[0].type() == VectorType::Node || operands[0].type() == VectorType::Relationship)) {
    return ids_as_integers(operands[0], batch.rows);
  }
  try {
    Caller caller(expr, operands, context);
    return map_rows(batch.rows, is_stable(function) && all_constant(operands),
                    [&](size_t row) { return caller.call(row); });
  } catch (const Error& error) {
    if (!error.span().empty()) throw;
    throw Error(error.kind(), error.detail(), error.phase(), error.what(), expr.span);
  }
}

}  // namespace entente
