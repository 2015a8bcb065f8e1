// Binary operators on single values: openCypher's rules for every pair of kinds.

#include <cmath>
#include <limits>

#include "entente/core/discard.h"
#include "entente/core/error.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/evaluate_binary.h"
#include "entente/query/exec/pattern.h"
#include "entente/query/functions/registry.h"
#include "entente/query/functions/temporal.h"
#include "entente/query/functions/text_search.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

const char* symbol(ExprKind op) {
  switch (op) {
    case ExprKind::And:
      return "AND";
    case ExprKind::Or:
      return "OR";
    case ExprKind::Xor:
      return "XOR";
    case ExprKind::Add:
      return "+";
    case ExprKind::Subtract:
      return "-";
    case ExprKind::Multiply:
      return "*";
    case ExprKind::Divide:
      return "/";
    case ExprKind::Modulo:
      return "%";
    case ExprKind::Power:
      return "^";
    case ExprKind::Concatenate:
      return "||";
    case ExprKind::In:
      return "IN";
    default:
      return "this operator";
  }
}

[[noreturn]] void fail_kinds(ExprKind op, const Value& a, const Value& b, Span span) {
  throw Error::type("InvalidArgumentType",
                    std::string("`") + symbol(op) + "` cannot be applied to " + std::string(kind_name(a.kind())) +
                        " and " + std::string(kind_name(b.kind())),
                    span);
}

constexpr size_t kHeadBytes = 64;

/// Counts a list or string that is about to be made.
void count_value(uint64_t bytes, ExecContext& context) {
  check_value_bytes(bytes);
  context.count_made(kHeadBytes + bytes);
}

Value concatenate_text(const std::string& a, const std::string& b, ExecContext& context) {
  count_value(a.size() + b.size(), context);
  constexpr size_t kPart = size_t{1} << 20;
  std::string text;
  text.reserve(a.size() + b.size());
  for (const std::string* s : {&a, &b}) {
    for (size_t from = 0; from < s->size(); from += kPart) {
      text.append(*s, from, kPart);
      context.work(1 + std::min(kPart, s->size() - from) / sizeof(Value));
    }
  }
  return text;
}

// Of two values one is a list: the elements of both, a value that is none counting as one element.
Value concatenate_lists(const Value& a, const Value& b, ExecContext& context) {
  const size_t size = (a.is_list() ? a.as_list().size() : 1) + (b.is_list() ? b.as_list().size() : 1);
  count_value(size * sizeof(Value), context);
  Filling<List> list;
  list->reserve(size);
  for (const Value* part : {&a, &b}) {
    if (part->is_list())
      append_elements(*list, part->as_list().begin(), part->as_list().end(), context.functions);
    else
      list->push_back(*part);
  }
  return make_list(list.take(), &context);
}

bool shows_in_text(const Value& value) {
  return value.is_string() || value.is_number() || value.is_boolean() || value.is_temporal();
}

Value add(const Value& a, const Value& b, Span span, ExecContext& context) {
  if (a.is_list() || b.is_list()) return concatenate_lists(a, b, context);
  if (a.is_string() && b.is_string()) return concatenate_text(a.as_string(), b.as_string(), context);
  if ((a.is_string() && shows_in_text(b)) || (b.is_string() && shows_in_text(a))) {
    return concatenate_text(a.to_display(), b.to_display(), context);
  }
  if (a.is_temporal() && b.is_temporal()) return temporal_add(a, b);
  fail_kinds(ExprKind::Add, a, b, span);
}

Value temporal_arithmetic(ExprKind op, const Value& a, const Value& b, Span span) {
  const bool duration_a = a.kind() == ValueKind::Duration;
  const bool duration_b = b.kind() == ValueKind::Duration;
  if (op == ExprKind::Subtract && a.is_temporal() && duration_b) return temporal_subtract(a, b);
  if (op == ExprKind::Multiply && ((duration_a && b.is_number()) || (a.is_number() && duration_b))) {
    return temporal_multiply(a, b);
  }
  if (op == ExprKind::Divide && duration_a && b.is_number()) return temporal_divide(a, b);
  fail_kinds(op, a, b, span);
}

Value arithmetic(ExprKind op, const Value& a, const Value& b, Span span, ExecContext& context) {
  if (a.is_integer() && b.is_integer() && op != ExprKind::Power) {
    return integer_arithmetic(op, a.as_integer(), b.as_integer(), span);
  }
  if (a.is_number() && b.is_number()) return float_arithmetic(op, a.as_number(), b.as_number());
  if (op == ExprKind::Add) return add(a, b, span, context);
  return temporal_arithmetic(op, a, b, span);
}

std::optional<bool> truth(ExprKind op, const Value& value, const Value& a, const Value& b, Span span) {
  if (value.is_null()) return std::nullopt;
  if (value.is_boolean()) return value.as_boolean();
  fail_kinds(op, a, b, span);
}

std::optional<bool> logic(ExprKind op, const Value& a, const Value& b, Span span) {
  const std::optional<bool> x = truth(op, a, a, b, span);
  const std::optional<bool> y = truth(op, b, a, b, span);
  if (op == ExprKind::Xor) return x && y ? std::optional<bool>(*x != *y) : std::nullopt;
  const bool decisive = op == ExprKind::Or;
  if (x == decisive || y == decisive) return decisive;
  return x && y ? std::optional<bool>(!decisive) : std::nullopt;
}

std::optional<bool> negate(std::optional<bool> b) { return b ? std::optional<bool>(!*b) : std::nullopt; }

Value to_value(std::optional<bool> b) { return b ? Value(*b) : Value(); }

std::optional<bool> search(ExprKind op, const Value& a, const Value& b, ExecContext& context) {
  if (!a.is_string() || !b.is_string()) return std::nullopt;
  const std::string& text = a.as_string();
  const std::string& part = b.as_string();
  if (op == ExprKind::StartsWith) return text.starts_with(part);
  if (op == ExprKind::EndsWith) return text.ends_with(part);
  return find_text(text, part, 0, context.functions) != std::string::npos;
}

std::optional<bool> is_in(const Value& element, const Value& list, Span span, ExecContext& context) {
  if (list.is_null()) return std::nullopt;
  if (!list.is_list()) fail_kinds(ExprKind::In, element, list, span);
  bool unknown = false;
  for (const Value& candidate : list.as_list()) {
    context.work(1 + steps_of(candidate));
    const std::optional<bool> equal = Value::equals(element, candidate);
    if (equal == true) return true;
    unknown |= !equal;
  }
  return unknown ? std::nullopt : std::optional<bool>(false);
}

/// `=`; long lists are compared element by element, so that limits are looked at.
std::optional<bool> equal_values(const Value& a, const Value& b, ExecContext& context) {
  constexpr size_t kLong = 10'000;
  if (!a.is_list() || !b.is_list() || a.as_list().size() != b.as_list().size() || a.as_list().size() < kLong) {
    return Value::equals(a, b);
  }
  bool unknown = false;
  for (size_t i = 0; i < a.as_list().size(); ++i) {
    context.work(1 + steps_of(a.as_list()[i]));
    const std::optional<bool> equal = Value::equals(a.as_list()[i], b.as_list()[i]);
    if (equal == false) return false;
    unknown |= !equal;
  }
  return unknown ? std::nullopt : std::optional<bool>(true);
}

Value dispatch(ExprKind op, const Value& a, const Value& b, Span span, ExecContext& context) {
  context.work(1 + steps_of(a) + steps_of(b));
  switch (op) {
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Xor:
      return to_value(logic(op, a, b, span));
    case ExprKind::Equal:
      return to_value(equal_values(a, b, context));
    case ExprKind::NotEqual:
      return to_value(negate(equal_values(a, b, context)));
    case ExprKind::Less:
      return to_value(Value::less(a, b));
    case ExprKind::LessEqual:
      return to_value(Value::less_or_equal(a, b));
    case ExprKind::Greater:
      return to_value(Value::less(b, a));
    case ExprKind::GreaterEqual:
      return to_value(Value::less_or_equal(b, a));
    case ExprKind::In:
      return to_value(is_in(a, b, span, context));
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
      return to_value(search(op, a, b, context));
    case ExprKind::Regex:
      return to_value(Pattern(span, context).matches(a, b));
    default:
      break;
  }
  if (a.is_null() || b.is_null()) return Value();
  if (op == ExprKind::Concatenate) {
    if (a.is_string() && b.is_string()) return concatenate_text(a.as_string(), b.as_string(), context);
    if (a.is_list() && b.is_list()) return concatenate_lists(a, b, context);
    fail_kinds(op, a, b, span);
  }
  return arithmetic(op, a, b, span, context);
}

}  // namespace

Value evaluate_binary(ExprKind op, const Value& a, const Value& b, Span span, ExecContext& context) {
  try {
    return dispatch(op, a, b, span, context);
  } catch (const Error& error) {
    if (!error.span().empty() || span.empty()) throw;
    throw Error(error.kind(), error.detail(), error.phase(), error.what(), span);
  }
}

// ---- numbers ----

void fail_overflow(ExprKind op, int64_t a, int64_t b, Span span) {
  throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
              std::to_string(a) + " " + symbol(op) + " " + std::to_string(b) + " does not fit an integer of 64 bits",
              span);
}

void fail_division(ExprKind op, int64_t a, Span span) {
  throw Error("ArithmeticError", "DivisionByZero", Phase::Runtime,
              std::to_string(a) + " " + symbol(op) + " 0: an integer cannot be divided by zero", span);
}

double float_arithmetic(ExprKind op, double a, double b) {
  switch (op) {
    case ExprKind::Add:
      return a + b;
    case ExprKind::Subtract:
      return a - b;
    case ExprKind::Multiply:
      return a * b;
    case ExprKind::Divide:
      return a / b;
    case ExprKind::Modulo:
      return std::fmod(a, b);
    default:
      return std::pow(a, b);
  }
}

}  // namespace entente
