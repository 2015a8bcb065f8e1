// Binary operators and signs on vectors. Numbers, booleans and ids are worked on as they lie in typed vectors; what is
// left goes value by value through evaluate_binary.

#include <cmath>
#include <compare>
#include <unordered_set>

#include "entente/query/exec/evaluate_binary.h"
#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

bool is_comparison(ExprKind op) { return op >= ExprKind::Equal && op <= ExprKind::GreaterEqual; }
bool is_arithmetic(ExprKind op) { return op >= ExprKind::Add && op <= ExprKind::Power; }
bool is_numeric(VectorType type) { return type == VectorType::Integer || type == VectorType::Float; }

/// `a op b` as `b mirrored(op) a`.
ExprKind mirrored(ExprKind op) {
  switch (op) {
    case ExprKind::Less:
      return ExprKind::Greater;
    case ExprKind::LessEqual:
      return ExprKind::GreaterEqual;
    case ExprKind::Greater:
      return ExprKind::Less;
    case ExprKind::GreaterEqual:
      return ExprKind::LessEqual;
    default:
      return op;
  }
}

/// 1 where either operand is null; empty if there are none.
std::vector<uint8_t> null_rows(const Operand& a, const Operand& b, size_t rows) {
  std::vector<uint8_t> nulls;
  if (!a.has_nulls() && !b.has_nulls()) return nulls;
  nulls.resize(rows);
  for (size_t i = 0; i < rows; ++i) nulls[i] = a.is_null(i) || b.is_null(i);
  return nulls;
}

// ---- comparisons ----

std::partial_ordering compare(int64_t a, int64_t b) { return a <=> b; }
std::partial_ordering compare(double a, double b) { return a <=> b; }
std::partial_ordering compare(uint32_t a, uint32_t b) { return a <=> b; }

/// Exact, where a conversion of the integer would round.
std::partial_ordering compare(int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 9223372036854775808.0) return std::partial_ordering::less;
  if (b < -9223372036854775808.0) return std::partial_ordering::greater;
  const int64_t whole = static_cast<int64_t>(b);
  if (a != whole) return a <=> whole;
  return 0.0 <=> b - static_cast<double>(whole);
}

std::partial_ordering compare(double a, int64_t b) { return 0 <=> compare(b, a); }

template <class A, class B, class Test>
void compare_rows(const Operand& a, const std::vector<A>& as, const Operand& b, const std::vector<B>& bs,
                  std::vector<uint8_t>& results, Test test) {
  if (b.constant()) {
    const B constant = bs[0];
    for (size_t i = 0; i < results.size(); ++i) results[i] = test(compare(as[a.at(i)], constant));
    return;
  }
  for (size_t i = 0; i < results.size(); ++i) results[i] = test(compare(as[a.at(i)], bs[b.at(i)]));
}

template <class A, class B>
VectorPtr compare_data(ExprKind op, const Operand& a, const std::vector<A>& as, const Operand& b,
                       const std::vector<B>& bs, size_t rows) {
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  std::vector<uint8_t>& results = vector->booleans;
  results.resize(rows);
  using Order = std::partial_ordering;
  switch (op) {
    case ExprKind::Equal:
      compare_rows(a, as, b, bs, results, [](Order o) { return o == 0; });
      break;
    case ExprKind::NotEqual:
      compare_rows(a, as, b, bs, results, [](Order o) { return o != 0; });
      break;
    case ExprKind::Less:
      compare_rows(a, as, b, bs, results, [](Order o) { return o < 0; });
      break;
    case ExprKind::LessEqual:
      compare_rows(a, as, b, bs, results, [](Order o) { return o <= 0; });
      break;
    case ExprKind::Greater:
      compare_rows(a, as, b, bs, results, [](Order o) { return o > 0; });
      break;
    default:
      compare_rows(a, as, b, bs, results, [](Order o) { return o >= 0; });
      break;
  }
  vector->nulls = null_rows(a, b, rows);
  vector->set_size(rows, !vector->nulls.empty());
  return vector;
}

// Null if the operands are not both of types that compare as they lie.
VectorPtr compare_typed(ExprKind op, const Operand& a, const Operand& b, size_t rows) {
  const Vector& x = *a.vector;
  const Vector& y = *b.vector;
  if (x.type() == VectorType::Integer && y.type() == VectorType::Integer)
    return compare_data(op, a, x.ints, b, y.ints, rows);
  if (x.type() == VectorType::Float && y.type() == VectorType::Float)
    return compare_data(op, a, x.floats, b, y.floats, rows);
  if (x.type() == VectorType::Integer && y.type() == VectorType::Float)
    return compare_data(op, a, x.ints, b, y.floats, rows);
  if (x.type() == VectorType::Float && y.type() == VectorType::Integer)
    return compare_data(op, a, x.floats, b, y.ints, rows);
  const bool equality = op == ExprKind::Equal || op == ExprKind::NotEqual;
  if (!equality || x.type() != y.type()) return nullptr;
  if (x.type() == VectorType::Node || x.type() == VectorType::Relationship)
    return compare_data(op, a, x.ids, b, y.ids, rows);
  return nullptr;
}

Ternary compare_strings(ExprKind op, const std::string& a, const std::string& b) {
  const int order = a.compare(b);
  switch (op) {
    case ExprKind::Equal:
      return ternary(order == 0);
    case ExprKind::NotEqual:
      return ternary(order != 0);
    case ExprKind::Less:
      return ternary(order < 0);
    case ExprKind::LessEqual:
      return ternary(order <= 0);
    case ExprKind::Greater:
      return ternary(order > 0);
    default:
      return ternary(order >= 0);
  }
}

Ternary to_ternary(const Value& value) {
  return value.is_null() ? Ternary::Null : value.as_boolean() ? Ternary::True : Ternary::False;
}

/// For operators whose result is a boolean or null.
template <class Fn>
VectorPtr map_ternary(size_t rows, bool constant, Fn fn) {
  if (constant) return make_boolean_constant(fn(size_t{0}), rows);
  std::vector<Ternary> results(rows);
  for (size_t i = 0; i < rows; ++i) results[i] = fn(i);
  return make_boolean_vector(results);
}

VectorPtr compare_values(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span,
                         ExecContext& context) {
  Value scratch_a;
  Value scratch_b;
  return map_ternary(rows, a.constant() && b.constant(), [&](size_t i) {
    const Value& x = a.ref(i, scratch_a);
    const Value& y = b.ref(i, scratch_b);
    if (is_comparison(op) && x.is_string() && y.is_string()) {
      context.work(1 + std::min(x.as_string().size(), y.as_string().size()) / sizeof(Value));
      return compare_strings(op, x.as_string(), y.as_string());
    }
    return to_ternary(evaluate_binary(op, x, y, span, context));
  });
}

// ---- arithmetic ----

VectorPtr integer_vectors(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  vector->nulls = null_rows(a, b, rows);
  vector->ints.resize(rows);
  const std::vector<int64_t>& x = a.vector->ints;
  const std::vector<int64_t>& y = b.vector->ints;
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

/// `x IN list` against one list again and again: hashed if long and if equality with its elements is equivalence.
class Membership {
 public:
  Membership(const Value& list, ExecContext& context) {
    constexpr size_t kWorthHashing = 16;
    if (!list.is_list() || list.as_list().size() < kWorthHashing) return;
    for (const Value& element : list.as_list()) {
      context.work(kHashSteps + steps_of(element));
      if (element.is_null())
        has_null_ = true;
      else if (is_plain(element))
        elements_.insert(element);
      else
        return;
    }
    hashed_ = true;
  }
  bool can_answer(const Value& element) const { return hashed_ && is_plain(element); }
  Ternary contains(const Value& element) const {
    return elements_.count(element) != 0 ? Ternary::True : has_null_ ? Ternary::Null : Ternary::False;
  }

 private:
  static constexpr size_t kHashSteps = 16;

  static bool is_plain(const Value& value) {
    if (value.is_float()) return !std::isnan(value.as_float());
    return value.is_boolean() || value.is_integer() || value.is_string() || value.is_node() || value.is_relationship();
  }

  bool hashed_ = false;
  bool has_null_ = false;
  std::unordered_set<Value, ValueHash, ValueEquivalent> elements_;
};

VectorPtr evaluate_in(const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context) {
  const Membership membership(b.constant() && !a.constant() ? b.get(0) : Value(), context);
  Value scratch_a;
  Value scratch_b;
  return map_ternary(rows, a.constant() && b.constant(), [&](size_t i) {
    const Value& element = a.ref(i, scratch_a);
    if (membership.can_answer(element)) return membership.contains(element);
    return to_ternary(evaluate_binary(ExprKind::In, element, b.ref(i, scratch_b), span, context));
  });
}

VectorPtr evaluate_regex(const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context) {
  Pattern pattern(span);
  Value scratch_a;
  Value scratch_b;
  return map_ternary(rows, a.constant() && b.constant(), [&](size_t i) {
    const Value& text = a.ref(i, scratch_a);
    const Value& expression = b.ref(i, scratch_b);
    context.work(1 + steps_of(text) + steps_of(expression));
    return ternary(pattern.matches(text, expression));
  });
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
  const bool constant = a.constant() && b.constant();
  if (is_comparison(op)) {
    const VectorPtr typed = constant ? nullptr : compare_typed(op, a, b, rows);
    return typed != nullptr ? typed : compare_values(op, a, b, rows, span, context);
  }
  if (is_arithmetic(op)) {
    if (constant || !is_numeric(a.type()) || !is_numeric(b.type()))
      return evaluate_values(op, a, b, rows, span, context);
    const bool integers = a.type() == VectorType::Integer && b.type() == VectorType::Integer && op != ExprKind::Power;
    return integers ? integer_vectors(op, a, b, rows, span) : float_vectors(op, a, b, rows);
  }
  if (op == ExprKind::In) return evaluate_in(a, b, rows, span, context);
  if (op == ExprKind::Regex) return evaluate_regex(a, b, rows, span, context);
  if (op == ExprKind::Concatenate) return evaluate_values(op, a, b, rows, span, context);
  return compare_values(op, a, b, rows, span, context);  // STARTS WITH, ENDS WITH, CONTAINS
}

bool is_fixed(const Expr& expr) { return expr.kind == ExprKind::Literal || expr.kind == ExprKind::Parameter; }

// A property against a literal or parameter. Null if the comparison takes the general way.
VectorPtr evaluate_property_comparison(ExprKind op, const Expr& property, const Expr& fixed, bool swapped,
                                       const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand container = evaluate_operand(*property.args[0], batch, context);
  const Operand constant = evaluate_operand(fixed, batch, context);
  if (VectorPtr result = compare_property(swapped ? mirrored(op) : op, container, property.name, constant.get(0),
                                          batch.rows, context, expr.span)) {
    return result;
  }
  const Operand values{property_vector(container, property.name, batch.rows, context, property.span), nullptr};
  return swapped ? apply(op, constant, values, batch.rows, expr.span, context)
                 : apply(op, values, constant, batch.rows, expr.span, context);
}

}  // namespace

namespace {

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
  if (left.kind == ExprKind::Property && is_fixed(right)) {
    return evaluate_property_comparison(expr.kind, left, right, false, expr, batch, context);
  }
  if (right.kind == ExprKind::Property && is_fixed(left) && is_comparison(expr.kind)) {
    return evaluate_property_comparison(expr.kind, right, left, true, expr, batch, context);
  }
  const Operand a = evaluate_operand(left, batch, context);
  const Operand b = evaluate_operand(right, batch, context);
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
