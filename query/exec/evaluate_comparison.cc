// Comparisons, IN, STARTS WITH, ENDS WITH and CONTAINS on vectors. Numbers, dates, booleans, ids and texts are compared
// as they lie in typed vectors; what is left goes value by value through evaluate_binary.

#include <algorithm>
#include <cmath>
#include <compare>
#include <type_traits>
#include <unordered_set>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

void mark_nulls(const Operand& operand, std::vector<uint8_t>& nulls) {
  if (!operand.has_nulls()) return;
  const std::vector<uint8_t>& own = operand.vector->nulls;
  if (own.empty()) {
    for (size_t i = 0; i < nulls.size(); ++i) nulls[i] |= operand.is_null(i) ? 1 : 0;
  } else {
    for (size_t i = 0; i < nulls.size(); ++i) nulls[i] |= own[operand.at(i)];
  }
}

}  // namespace

std::vector<uint8_t> null_rows(const Operand& a, const Operand& b, size_t rows) {
  std::vector<uint8_t> nulls;
  if (!a.has_nulls() && !b.has_nulls()) return nulls;
  nulls.resize(rows);
  mark_nulls(a, nulls);
  mark_nulls(b, nulls);
  return nulls;
}

namespace {

// ---- typed ----

/// Exact, where a conversion of the integer would round.
std::partial_ordering compare_exactly(int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= 9223372036854775808.0) return std::partial_ordering::less;
  if (b < -9223372036854775808.0) return std::partial_ordering::greater;
  const int64_t whole = static_cast<int64_t>(b);
  if (a != whole) return a <=> whole;
  return 0.0 <=> b - static_cast<double>(whole);
}
std::partial_ordering compare_exactly(double a, int64_t b) { return 0 <=> compare_exactly(b, a); }

template <class A, class B>
bool is_less(const A& a, const B& b) {
  if constexpr (std::is_same_v<A, B>) {
    return a < b;
  } else {
    return compare_exactly(a, b) < 0;
  }
}

template <class A, class B>
bool is_less_or_equal(const A& a, const B& b) {
  if constexpr (std::is_same_v<A, B>) {
    return a <= b;
  } else {
    return compare_exactly(a, b) <= 0;
  }
}

template <class A, class B>
bool is_equal(const A& a, const B& b) {
  if constexpr (std::is_same_v<A, B>) {
    return a == b;
  } else {
    return compare_exactly(a, b) == 0;
  }
}

/// test(a, b) of the comparison, for values that are not null.
template <class Fn>
void with_test(ExprKind op, Fn fn) {
  switch (op) {
    case ExprKind::Equal:
      return fn([](const auto& a, const auto& b) { return is_equal(a, b); });
    case ExprKind::NotEqual:
      return fn([](const auto& a, const auto& b) { return !is_equal(a, b); });
    case ExprKind::Less:
      return fn([](const auto& a, const auto& b) { return is_less(a, b); });
    case ExprKind::LessEqual:
      return fn([](const auto& a, const auto& b) { return is_less_or_equal(a, b); });
    case ExprKind::Greater:
      return fn([](const auto& a, const auto& b) { return is_less(b, a); });
    default:
      return fn([](const auto& a, const auto& b) { return is_less_or_equal(b, a); });
  }
}

/// The rows' values one after another: as they are, or gathered.
template <class Raw>
const typename Raw::value_type* flat(const Operand& operand, const Raw& raw, size_t rows, Raw& gathered) {
  if (operand.selection == nullptr) return raw.data();
  gathered.resize(rows);
  for (size_t i = 0; i < rows; ++i) gathered[i] = raw[(*operand.selection)[i]];
  return gathered.data();
}

/// Compares with a constant that is not null.
template <class Raw, class B>
VectorPtr compare_with(ExprKind op, const Operand& a, const Raw& raw, const B& constant, size_t rows) {
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  vector->booleans.resize(rows);
  uint8_t* out = vector->booleans.data();
  Raw gathered;
  const auto* values = flat(a, raw, rows, gathered);
  with_test(op, [&](auto test) {
    for (size_t i = 0; i < rows; ++i) out[i] = test(values[i], constant);
  });
  if (a.has_nulls()) {
    vector->nulls.resize(rows);
    mark_nulls(a, vector->nulls);
  }
  vector->set_size(rows, !vector->nulls.empty());
  return vector;
}

/// One of the operands at most is constant, and that one is not null.
template <class RawA, class RawB>
VectorPtr compare_raw(ExprKind op, const Operand& a, const RawA& as, const Operand& b, const RawB& bs, size_t rows) {
  if (b.constant()) return compare_with(op, a, as, bs[0], rows);
  if (a.constant()) return compare_with(mirrored(op), b, bs, as[0], rows);
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  vector->booleans.resize(rows);
  uint8_t* out = vector->booleans.data();
  RawA gathered_a;
  RawB gathered_b;
  const auto* x = flat(a, as, rows, gathered_a);
  const auto* y = flat(b, bs, rows, gathered_b);
  with_test(op, [&](auto test) {
    for (size_t i = 0; i < rows; ++i) out[i] = test(x[i], y[i]);
  });
  vector->nulls = null_rows(a, b, rows);
  vector->set_size(rows, !vector->nulls.empty());
  return vector;
}

const Value* constant_text(const Operand& operand) {
  const bool text = operand.constant() && operand.type() == VectorType::Value && operand.vector->values[0].is_string();
  return text ? &operand.vector->values[0] : nullptr;
}

// Null if the operands are not both of types that compare as they lie.
VectorPtr compare_typed(ExprKind op, const Operand& a, const Operand& b, size_t rows) {
  const Vector& x = *a.vector;
  const Vector& y = *b.vector;
  if (x.type() == VectorType::Integer && y.type() == VectorType::Float)
    return compare_raw(op, a, x.ints, b, y.floats, rows);
  if (x.type() == VectorType::Float && y.type() == VectorType::Integer)
    return compare_raw(op, a, x.floats, b, y.ints, rows);
  if (x.type() == VectorType::String) {
    if (const Value* text = constant_text(b))
      return compare_with(op, a, x.texts, std::string_view(text->as_string()), rows);
  }
  if (y.type() == VectorType::String) {
    if (const Value* text = constant_text(a))
      return compare_with(mirrored(op), b, y.texts, std::string_view(text->as_string()), rows);
  }
  if (x.type() != y.type()) return nullptr;
  const bool equality = op == ExprKind::Equal || op == ExprKind::NotEqual;
  switch (x.type()) {
    case VectorType::Node:
    case VectorType::Relationship:
      return equality ? compare_raw(op, a, x.ids, b, y.ids, rows) : nullptr;
    case VectorType::Integer:
    case VectorType::Date:
      return compare_raw(op, a, x.ints, b, y.ints, rows);
    case VectorType::Float:
      return compare_raw(op, a, x.floats, b, y.floats, rows);
    case VectorType::Boolean:
      return compare_raw(op, a, x.booleans, b, y.booleans, rows);
    case VectorType::String:
      return compare_raw(op, a, x.texts, b, y.texts, rows);
    case VectorType::Value:
      break;
  }
  return nullptr;
}

// ---- value by value ----

/// For operators whose result is a boolean or null.
template <class Fn>
VectorPtr map_ternary(size_t rows, bool constant, Fn fn) {
  if (constant) return make_boolean_constant(fn(size_t{0}), rows);
  std::vector<Ternary> results(rows);
  for (size_t i = 0; i < rows; ++i) results[i] = fn(i);
  return make_boolean_vector(results);
}

/// Gives whether row i is a string; if so `text` is it.
bool text_at(const Operand& operand, size_t i, std::string_view& text) {
  const size_t at = operand.at(i);
  if (operand.type() == VectorType::String) {
    if (operand.is_null(i)) return false;
    text = operand.vector->texts[at];
    return true;
  }
  if (operand.type() != VectorType::Value || !operand.vector->values[at].is_string()) return false;
  text = operand.vector->values[at].as_string();
  return true;
}

Ternary compare_texts(ExprKind op, std::string_view a, std::string_view b) {
  bool result = false;
  with_test(op, [&](auto test) { result = test(a, b); });
  return ternary(result);
}

VectorPtr compare_values(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span,
                         ExecContext& context) {
  Value scratch_a;
  Value scratch_b;
  std::string_view text_a;
  std::string_view text_b;
  return map_ternary(rows, a.constant() && b.constant(), [&](size_t i) {
    if (is_comparison(op) && text_at(a, i, text_a) && text_at(b, i, text_b)) {
      context.work(1 + std::min(text_a.size(), text_b.size()) / sizeof(Value));
      return compare_texts(op, text_a, text_b);
    }
    return ternary_of(evaluate_binary(op, a.ref(i, scratch_a), b.ref(i, scratch_b), span, context));
  });
}

/// STARTS WITH, ENDS WITH, CONTAINS and =~ of a constant.
VectorPtr search_texts(ExprKind op, const Operand& a, const Value& constant, size_t rows, Span span,
                       ExecContext& context) {
  const TextTest test(op, constant, span, context);
  std::string_view text;
  return map_ternary(rows, false, [&](size_t i) { return text_at(a, i, text) ? test(text) : Ternary::Null; });
}

// ---- IN ----

/// The whole numbers, or the days of the dates, among the elements of a list.
class NumberSet {
 public:
  NumberSet(const List& list, VectorType type, ExecContext& context) {
    numbers_.reserve(list.size());
    for (const Value& element : list) {
      context.work(1);
      has_null_ |= element.is_null();
      if (type == VectorType::Integer && element.is_integer()) numbers_.push_back(element.as_integer());
      if (type == VectorType::Integer && element.is_float()) add_float(element.as_float());
      if (type == VectorType::Date && element.kind() == ValueKind::Date) numbers_.push_back(element.as_date().days);
    }
    std::sort(numbers_.begin(), numbers_.end(), [&](int64_t a, int64_t b) {
      context.work(1);
      return a < b;
    });
  }
  bool has_null() const { return has_null_; }
  bool contains(int64_t number) const {
    constexpr size_t kFew = 8;
    if (numbers_.size() > kFew) return std::binary_search(numbers_.begin(), numbers_.end(), number);
    return std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end();
  }

 private:
  void add_float(double d) {
    if (d >= -0x1p63 && d < 0x1p63 && std::trunc(d) == d) numbers_.push_back(static_cast<int64_t>(d));
  }

  std::vector<int64_t> numbers_;
  bool has_null_ = false;
};

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

/// Of an Integer, Date or String operand; null if it is of another type.
VectorPtr test_typed_membership(const Operand& a, const Value& list, size_t rows, Span span, ExecContext& context) {
  const Ternary missing = list.as_list().empty() ? Ternary::False : Ternary::Null;  // what null gives
  if (a.type() == VectorType::String) {
    if (!TextTest::exists(ExprKind::In, list)) return nullptr;
    const TextTest test(ExprKind::In, list, span, context);
    std::string_view text;
    return map_ternary(rows, false, [&](size_t i) { return text_at(a, i, text) ? test(text) : missing; });
  }
  if (a.type() != VectorType::Integer && a.type() != VectorType::Date) return nullptr;
  const NumberSet numbers(list.as_list(), a.type(), context);
  const Ternary otherwise = numbers.has_null() ? Ternary::Null : Ternary::False;
  return map_ternary(rows, false, [&](size_t i) {
    if (a.is_null(i)) return missing;
    return numbers.contains(a.vector->ints[a.at(i)]) ? Ternary::True : otherwise;
  });
}

}  // namespace

VectorPtr compare_operands(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span,
                           ExecContext& context) {
  if (a.constant() && b.constant()) return compare_values(op, a, b, rows, span, context);
  if ((a.constant() && a.is_null(0)) || (b.constant() && b.is_null(0))) return Vector::constant(Value(), rows);
  if (!is_comparison(op)) {
    const Value* text = constant_text(b);
    return text != nullptr ? search_texts(op, a, *text, rows, span, context)
                           : compare_values(op, a, b, rows, span, context);
  }
  const VectorPtr typed = compare_typed(op, a, b, rows);
  return typed != nullptr ? typed : compare_values(op, a, b, rows, span, context);
}

VectorPtr test_membership(const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context) {
  const bool one_list = b.constant() && !a.constant();
  const Value list = one_list ? b.get(0) : Value();
  if (list.is_list()) {
    if (VectorPtr typed = test_typed_membership(a, list, rows, span, context)) return typed;
  }
  const Membership membership(list, context);
  Value scratch_a;
  Value scratch_b;
  return map_ternary(rows, a.constant() && b.constant(), [&](size_t i) {
    const Value& element = a.ref(i, scratch_a);
    if (membership.can_answer(element)) return membership.contains(element);
    return ternary_of(evaluate_binary(ExprKind::In, element, b.ref(i, scratch_b), span, context));
  });
}

}  // namespace entente
