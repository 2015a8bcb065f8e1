#include "entente/query/exec/evaluate.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

[[noreturn]] void fail_unplanned(const Expr& expr) {
  throw Error("SyntaxError", "NotImplemented", Phase::CompileTime, "this kind of expression cannot be used here",
              expr.span);
}

const BatchColumn& column_of(const Expr& expr, const Batch& batch) {
  if (batch.has(expr.var)) return batch.columns[expr.var];
  throw Error(
      "InternalError", "MissingVariable", Phase::Runtime,
      "the plan does not provide the variable `" + expr.name + "` where it is read; please report the statement",
      expr.span);
}

}  // namespace

// ---- shared by the parts of the evaluator ----

Operand evaluate_operand(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (expr.kind != ExprKind::Variable || batch.rows == 0) return {evaluate_part(expr, batch, context), nullptr};
  const BatchColumn& column = column_of(expr, batch);
  return {column.data, column.selection};
}

std::vector<Operand> evaluate_operands(const std::vector<ExprPtr>& exprs, const Batch& batch, ExecContext& context) {
  std::vector<Operand> operands;
  operands.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) operands.push_back(evaluate_operand(*expr, batch, context));
  return operands;
}

bool all_constant(const std::vector<Operand>& operands) {
  return std::all_of(operands.begin(), operands.end(), [](const Operand& operand) { return operand.constant(); });
}

size_t own_bytes(const Value& value) {
  constexpr size_t kHead = 64;
  switch (value.kind()) {
    case ValueKind::String:
      return kHead + value.as_string().size();
    case ValueKind::List:
      return kHead + value.as_list().size() * sizeof(Value);
    case ValueKind::Map:
      return kHead + value.as_map().size() * sizeof(Map::value_type);
    default:
      return 0;
  }
}

size_t heap_bytes(const Vector& vector) {
  size_t bytes = 0;
  for (const Value& value : vector.values) bytes += value.heap_bytes();
  return bytes;
}

Ternary ternary_at(const Operand& operand, size_t i, Span span) {
  const size_t at = operand.at(i);
  const Vector& vector = *operand.vector;
  if (vector.type() == VectorType::Boolean) {
    if (!vector.nulls.empty() && vector.nulls[at]) return Ternary::Null;
    return vector.booleans[at] ? Ternary::True : Ternary::False;
  }
  const Value value = operand.get(i);
  if (value.is_null()) return Ternary::Null;
  if (value.is_boolean()) return value.as_boolean() ? Ternary::True : Ternary::False;
  throw Error::type("InvalidArgumentType",
                    "a predicate must be BOOLEAN, but is " + std::string(kind_name(value.kind())), span);
}

std::vector<Ternary> ternaries(const Operand& operand, size_t rows, Span span) {
  std::vector<Ternary> results(rows);
  if (operand.constant() || operand.type() != VectorType::Boolean) {
    for (size_t i = 0; i < rows; ++i) results[i] = ternary_at(operand, i, span);
    return results;
  }
  const std::vector<uint8_t>& booleans = operand.vector->booleans;
  const std::vector<uint8_t>& nulls = operand.vector->nulls;
  for (size_t i = 0; i < rows; ++i) results[i] = booleans[operand.row(i)] ? Ternary::True : Ternary::False;
  for (size_t i = 0; i < rows && !nulls.empty(); ++i) {
    if (nulls[operand.row(i)]) results[i] = Ternary::Null;
  }
  return results;
}

VectorPtr make_boolean_vector(const std::vector<Ternary>& values) {
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  vector->booleans.resize(values.size());
  bool nulls = false;
  for (size_t i = 0; i < values.size(); ++i) {
    vector->booleans[i] = values[i] == Ternary::True;
    nulls |= values[i] == Ternary::Null;
  }
  if (nulls) {
    vector->nulls.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) vector->nulls[i] = values[i] == Ternary::Null;
  }
  vector->set_size(values.size(), nulls);
  return vector;
}

VectorPtr make_boolean_constant(Ternary value, size_t rows) {
  return Vector::constant(value == Ternary::Null ? Value() : Value(value == Ternary::True), rows);
}

namespace {

VectorPtr evaluate_kind(const Expr& expr, const Batch& batch, ExecContext& context) {
  switch (expr.kind) {
    case ExprKind::Literal:
      return Vector::constant(expr.literal, batch.rows);
    case ExprKind::Parameter:
      return Vector::constant(context.parameter(expr.name, expr.span), batch.rows);
    case ExprKind::Variable:
      return column_of(expr, batch), batch.flatten(expr.var);
    case ExprKind::Property:
      return evaluate_property(expr, batch, context);
    case ExprKind::Element:
      return evaluate_element(expr, batch, context);
    case ExprKind::Slice:
      return evaluate_slice(expr, batch, context);
    case ExprKind::List:
      return evaluate_list(expr, batch, context);
    case ExprKind::Map:
      return evaluate_map(expr, batch, context);
    case ExprKind::Not:
      return evaluate_not(expr, batch, context);
    case ExprKind::Negate:
    case ExprKind::Plus:
      return evaluate_sign(expr, batch, context);
    case ExprKind::And:
    case ExprKind::Or:
      return evaluate_and_or(expr, batch, context);
    case ExprKind::Xor:
      return evaluate_xor(expr, batch, context);
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::Add:
    case ExprKind::Subtract:
    case ExprKind::Multiply:
    case ExprKind::Divide:
    case ExprKind::Modulo:
    case ExprKind::Power:
    case ExprKind::Concatenate:
    case ExprKind::In:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::Regex:
      return evaluate_operator(expr, batch, context);
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
      return evaluate_null_test(expr, batch, context);
    case ExprKind::IsTyped:
      return evaluate_is_typed(expr, batch, context);
    case ExprKind::HasLabels:
      return evaluate_labels(expr, batch, context);
    case ExprKind::Call:
      return evaluate_call(expr, batch, context);
    case ExprKind::Case:
      return evaluate_case(expr, batch, context);
    case ExprKind::ListComprehension:
      return evaluate_list_comprehension(expr, batch, context);
    case ExprKind::Quantifier:
      return evaluate_quantifier(expr, batch, context);
    case ExprKind::Reduce:
      return evaluate_reduce(expr, batch, context);
    case ExprKind::MapProjection:
      return evaluate_map_projection(expr, batch, context);
    case ExprKind::Subquery:
      return evaluate_subquery(expr, batch, context);
    case ExprKind::Aggregate:  // replaced by variables when planned
    case ExprKind::PatternPredicate:
    case ExprKind::PatternComprehension:
    case ExprKind::ShortestPath:
    case ExprKind::Exists:
    case ExprKind::Count:
    case ExprKind::Collect:
      fail_unplanned(expr);
  }
  fail_unplanned(expr);
}

}  // namespace

// What was made on the way to a value is gone with it, but for what the value holds.
VectorPtr evaluate_part(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (batch.rows == 0) return std::make_shared<Vector>();
  context.work(batch.rows);
  const size_t before = context.made_bytes;
  VectorPtr result = evaluate_kind(expr, batch, context);
  if (context.made_bytes > before) {
    context.made_bytes = before + std::min(context.made_bytes - before, heap_bytes(*result));
  }
  return result;
}

// ---- entry points ----

MadeBytes::~MadeBytes() { context_.made_bytes = before_; }

size_t MadeBytes::take() { return std::exchange(context_.made_bytes, before_) - before_; }

VectorPtr evaluate(const Expr& expr, const Batch& batch, ExecContext& context) {
  const MadeBytes made(context);
  return evaluate_part(expr, batch, context);
}

namespace {

SelectionPtr all_rows(size_t rows) {
  auto selection = std::make_shared<Selection>(rows);
  std::iota(selection->begin(), selection->end(), 0);
  return selection;
}

// Of a conjunction each part sees only the rows that passed the parts before.
SelectionPtr evaluate_conjunction(const Expr& expr, const Batch& batch, ExecContext& context) {
  SelectionPtr passed;  // null: all
  for (const ExprPtr& part : expr.args) {
    if (passed == nullptr) {
      passed = evaluate_predicate(*part, batch, context);
      if (passed->size() == batch.rows) passed = nullptr;
      continue;
    }
    if (passed->empty()) break;
    const SelectionPtr next = evaluate_predicate(*part, batch.select(passed), context);
    if (next->size() == passed->size()) continue;
    auto composed = std::make_shared<Selection>(next->size());
    for (size_t i = 0; i < next->size(); ++i) (*composed)[i] = (*passed)[(*next)[i]];
    passed = std::move(composed);
  }
  return passed != nullptr ? passed : all_rows(batch.rows);
}

}  // namespace

SelectionPtr evaluate_predicate(const Expr& predicate, const Batch& batch, ExecContext& context) {
  if (batch.rows == 0) return std::make_shared<Selection>();
  if (predicate.kind == ExprKind::And) return evaluate_conjunction(predicate, batch, context);
  const MadeBytes made(context);
  const Operand result = evaluate_operand(predicate, batch, context);
  if (result.constant()) {
    const bool passes = ternary_at(result, 0, predicate.span) == Ternary::True;
    return passes ? all_rows(batch.rows) : std::make_shared<Selection>();
  }
  auto passed = std::make_shared<Selection>(batch.rows);
  uint32_t* out = passed->data();
  size_t count = 0;  // each row is put at the end, and stays there if it passes
  const auto take = [&](size_t row, bool passes) {
    out[count] = static_cast<uint32_t>(row);
    count += passes ? 1 : 0;
  };
  const Vector& vector = *result.vector;
  if (result.type() == VectorType::Boolean && result.selection == nullptr) {
    const uint8_t* booleans = vector.booleans.data();
    const uint8_t* nulls = vector.nulls.empty() ? nullptr : vector.nulls.data();
    for (size_t i = 0; i < batch.rows; ++i) take(i, booleans[i] != 0 && (nulls == nullptr || nulls[i] == 0));
  } else {
    for (size_t i = 0; i < batch.rows; ++i) take(i, ternary_at(result, i, predicate.span) == Ternary::True);
  }
  passed->resize(count);
  return passed;
}

Value evaluate_constant(const Expr& expr, ExecContext& context) {
  Batch row(context.variable_count);
  row.rows = 1;
  return evaluate(expr, row, context)->get(0);
}

}  // namespace entente
