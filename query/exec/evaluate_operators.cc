// Binary operators and signs on vectors: what operator an expression calls for, and arithmetic. Numbers are worked on
// as they lie in typed vectors; what is left goes value by value through evaluate_binary. Comparisons and IN are in
// evaluate_comparison.cc.

#include <cmath>

#include "entente/query/exec/evaluate_binary.h"
#include "entente/query/exec/evaluate_internal.h"
#include "entente/query/exec/pattern.h"

namespace entente {

namespace {

bool is_arithmetic(ExprKind op) { return op >= ExprKind::Add && op <= ExprKind::Power; }
bool is_numeric(VectorType type) { return type == VectorType::Integer || type == VectorType::Float; }

// ---- arithmetic ----

VectorPtr integer_vectors(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  vector->nulls = null_rows(a, b, rows);
  vector->ints.resize(rows);
  const LargeVector<int64_t>& x = a.vector->ints;
  const LargeVector<int64_t>& y = b.vector->ints;
  for (size_t i = 0; i < rows; ++i) {
    if (!vector->nulls.empty() && vector->nulls[i]) continue;
    vector->ints[i] = integer_arithmetic(op, x[a.at(i)], y[b.at(i)], span);
  }
  vector->set_size(rows, !vector->nulls.empty());
  return vector;
}

double number_at(const Operand& operand, size_t i) {
  const size_t at = operand.at(i);
  return operand.type() == VectorType::Float ? operand.vector->floats[at]
                                             : static_cast<double>(operand.vector->ints[at]);
}

VectorPtr float_vectors(ExprKind op, const Operand& a, const Operand& b, size_t rows) {
  auto vector = std::make_shared<Vector>(VectorType::Float);
  vector->floats.resize(rows);
  for (size_t i = 0; i < rows; ++i) vector->floats[i] = float_arithmetic(op, number_at(a, i), number_at(b, i));
  vector->nulls = null_rows(a, b, rows);
  vector->set_size(rows, !vector->nulls.empty());
  return vector;
}

// ---- the other operators ----

/// Where the expression differs from row to row.
VectorPtr evaluate_regex(const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context) {
  Pattern pattern(span, context);
  Value scratch_a;
  Value scratch_b;
  const auto matches = [&](size_t i) {
    const Value& text = a.ref(i, scratch_a);
    const Value& expression = b.ref(i, scratch_b);
    context.work(1 + steps_of(text) + steps_of(expression));
    return ternary(pattern.matches(text, expression));
  };
  std::vector<Ternary> results(rows);
  for (size_t i = 0; i < rows; ++i) results[i] = matches(i);
  return make_boolean_vector(results);
}

VectorPtr evaluate_values(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span,
                          ExecContext& context) {
  Value scratch_a;
  Value scratch_b;
  return map_rows(rows, a.constant() && b.constant(), [&](size_t i) {
    return evaluate_binary(op, a.ref(i, scratch_a), b.ref(i, scratch_b), span, context);
  });
}

VectorPtr apply(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context) {
  if (is_arithmetic(op)) {
    if ((a.constant() && b.constant()) || !is_numeric(a.type()) || !is_numeric(b.type()))
      return evaluate_values(op, a, b, rows, span, context);
    const bool integers = a.type() == VectorType::Integer && b.type() == VectorType::Integer && op != ExprKind::Power;
    return integers ? integer_vectors(op, a, b, rows, span) : float_vectors(op, a, b, rows);
  }
  if (op == ExprKind::In) return test_membership(a, b, rows, span, context);
  if (op == ExprKind::Regex && !b.constant()) return evaluate_regex(a, b, rows, span, context);
  if (op == ExprKind::Concatenate) return evaluate_values(op, a, b, rows, span, context);
  return compare_operands(op, a, b, rows, span, context);
}

/// value IN range(…), without making the list.
VectorPtr evaluate_in_range(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand value = evaluate_operand(*expr.args[0], batch, context);
  const std::vector<Operand> bounds = evaluate_operands(expr.args[1]->args, batch, context);
  return map_rows(batch.rows, value.constant() && all_constant(bounds), [&](size_t i) -> Value {
    std::vector<Value> args;
    args.reserve(bounds.size());
    for (const Operand& bound : bounds) args.push_back(bound.get(i));
    std::optional<IntegerRange> range;
    try {
      range = IntegerRange::of(args);
    } catch (const Error& e) {
      throw Error(e.kind(), e.detail(), e.phase(), e.what(), expr.args[1]->span);
    }
    if (!range) return Value();
    const Value element = value.get(i);
    if (range->count == 0) return false;
    if (element.is_null()) return Value();
    if (element.is_integer()) return range->contains(element.as_integer());
    const bool whole = element.is_float() && std::floor(element.as_float()) == element.as_float() &&
                       element.as_float() >= -0x1p63 && element.as_float() < 0x1p63;
    return whole && range->contains(static_cast<int64_t>(element.as_float()));
  });
}

}  // namespace

VectorPtr evaluate_operator(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (expr.kind == ExprKind::In && expr.args[1]->kind == ExprKind::Call && is_range(expr.args[1]->function)) {
    return evaluate_in_range(expr, batch, context);
  }
  const Expr& left = *expr.args[0];
  const Expr& right = *expr.args[1];
  // The property's value is only read if the test against the other side needs it.
  const auto read = [&](const Expr& property, const Operand& other, ExprKind op, Operand& values) -> VectorPtr {
    const Operand container = evaluate_operand(*property.args[0], batch, context);
    if (other.constant()) {
      const Value constant = other.get(0);
      if (VectorPtr tested = test_property(op, container, property.name, constant, batch.rows, context, expr.span))
        return tested;
    }
    values = {property_vector(container, property.name, batch.rows, context, property.span), nullptr};
    return nullptr;
  };
  Operand a;
  Operand b;
  if (left.kind == ExprKind::Property) {
    b = evaluate_operand(right, batch, context);
    if (VectorPtr tested = read(left, b, expr.kind, a)) return tested;
  } else if (right.kind == ExprKind::Property && is_comparison(expr.kind)) {
    a = evaluate_operand(left, batch, context);
    if (VectorPtr tested = read(right, a, mirrored(expr.kind), b)) return tested;
  } else {
    a = evaluate_operand(left, batch, context);
    b = evaluate_operand(right, batch, context);
  }
  return apply(expr.kind, a, b, batch.rows, expr.span, context);
}

namespace {

Value apply_sign(const Value& value, bool negate, Span span) {
  if (value.is_null()) return value;
  if (value.is_integer())
    return negate ? Value(integer_arithmetic(ExprKind::Subtract, 0, value.as_integer(), span)) : value;
  if (value.is_float()) return negate ? Value(-value.as_float()) : value;
  if (value.kind() == ValueKind::Duration) return negate ? Value(entente::negate(value.as_duration())) : value;
  throw Error::type("InvalidArgumentType",
                    "a sign goes before INTEGER, FLOAT or DURATION, not " + std::string(kind_name(value.kind())), span);
}

}  // namespace

VectorPtr evaluate_sign(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand operand = evaluate_operand(*expr.args[0], batch, context);
  const bool negate = expr.kind == ExprKind::Negate;
  return map_rows(batch.rows, operand.constant(),
                  [&](size_t i) { return apply_sign(operand.get(i), negate, expr.span); });
}

}  // namespace entente
