// The comparisons of values.
//
// Lists and maps may be nested deeply, so all of these walk them with a stack of their own.
// Equality and equivalence need not look at parts in order: one pair that differs decides. Orderings do: the first pair
// of parts that differs decides, and a list that another begins with comes before it.
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "entente/core/value.h"
#include "entente/core/value_parts.h"

namespace entente {

namespace {

constexpr double kTwoTo63 = 0x1p63;

/// Where ORDER BY puts a kind.
int rank(const Value& v) {
  switch (v.kind()) {
    case ValueKind::Map:
      return 0;
    case ValueKind::Node:
      return 1;
    case ValueKind::Relationship:
      return 2;
    case ValueKind::List:
      return 3;
    case ValueKind::Path:
      return 4;
    case ValueKind::DateTime:
      return 5;
    case ValueKind::LocalDateTime:
      return 6;
    case ValueKind::Date:
      return 7;
    case ValueKind::Time:
      return 8;
    case ValueKind::LocalTime:
      return 9;
    case ValueKind::Duration:
      return 10;
    case ValueKind::String:
      return 11;
    case ValueKind::Boolean:
      return 12;
    case ValueKind::Integer:
    case ValueKind::Float:
      return 13;
    case ValueKind::Null:
      break;
  }
  return 14;
}

bool is_nan(const Value& v) { return v.is_float() && std::isnan(v.as_float()); }

/// Exact for every pair; `d` is not NaN.
std::strong_ordering compare(int64_t i, double d) {
  if (d >= kTwoTo63) return std::strong_ordering::less;
  if (d < -kTwoTo63) return std::strong_ordering::greater;
  const double whole = std::trunc(d);
  if (const auto c = i <=> static_cast<int64_t>(whole); std::is_neq(c)) return c;
  return whole < d ? std::strong_ordering::less
                   : (whole > d ? std::strong_ordering::greater : std::strong_ordering::equal);
}

std::strong_ordering compare(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::strong_ordering reverse(std::strong_ordering c) {
  if (std::is_eq(c)) return c;
  return std::is_lt(c) ? std::strong_ordering::greater : std::strong_ordering::less;
}

/// Two numbers, neither NaN.
std::strong_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.is_integer()) {
    return b.is_integer() ? a.as_integer() <=> b.as_integer() : compare(a.as_integer(), b.as_float());
  }
  return b.is_integer() ? reverse(compare(b.as_integer(), a.as_float())) : compare(a.as_float(), b.as_float());
}

std::strong_ordering compare_date_times(const DateTime& a, const DateTime& b) {
  if (const auto c = a.utc_seconds() <=> b.utc_seconds(); std::is_neq(c)) return c;
  if (const auto c = a.local.nanos <=> b.local.nanos; std::is_neq(c)) return c;
  if (const auto c = a.offset <=> b.offset; std::is_neq(c)) return c;
  return a.zone <=> b.zone;
}

std::strong_ordering compare_times(Time a, Time b) {
  if (const auto c = a.utc_nanos() <=> b.utc_nanos(); std::is_neq(c)) return c;
  return a.offset <=> b.offset;
}

std::strong_ordering compare_durations(const Duration& a, const Duration& b) {
  if (const auto c = average_length(a) <=> average_length(b); std::is_neq(c)) return c;
  if (const auto c = a.months <=> b.months; std::is_neq(c)) return c;
  if (const auto c = a.days <=> b.days; std::is_neq(c)) return c;
  return a.seconds <=> b.seconds;
}

/// Two values of the same rank, neither null nor NaN, of which the parts (of lists, paths and maps) do not count.
std::strong_ordering compare_leaves(const Value& a, const Value& b) {
  switch (a.kind()) {
    case ValueKind::Boolean:
      return a.as_boolean() <=> b.as_boolean();
    case ValueKind::Integer:
    case ValueKind::Float:
      return compare_numbers(a, b);
    case ValueKind::String:
      return a.as_string() <=> b.as_string();
    case ValueKind::Node:
      return a.as_node() <=> b.as_node();
    case ValueKind::Relationship:
      return a.as_relationship() <=> b.as_relationship();
    case ValueKind::Date:
      return a.as_date() <=> b.as_date();
    case ValueKind::LocalTime:
      return a.as_local_time() <=> b.as_local_time();
    case ValueKind::Time:
      return compare_times(a.as_time(), b.as_time());
    case ValueKind::LocalDateTime:
      return a.as_local_date_time() <=> b.as_local_date_time();
    case ValueKind::DateTime:
      return compare_date_times(a.as_date_time(), b.as_date_time());
    case ValueKind::Duration:
      return compare_durations(a.as_duration(), b.as_duration());
    default:
      return std::strong_ordering::equal;
  }
}

bool same_keys(const Map& a, const Map& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first) return false;
  }
  return true;
}

using Pair = std::pair<const Value*, const Value*>;

/// Adds the pairs of parts of two containers of the same kind; false if they differ in size or keys.
bool push_parts(const Value& a, const Value& b, std::vector<Pair>& stack) {
  if (a.is_map()) {
    if (!same_keys(a.as_map(), b.as_map())) return false;
    for (size_t i = 0; i < a.as_map().size(); ++i) stack.emplace_back(&a.as_map()[i].second, &b.as_map()[i].second);
    return true;
  }
  if (parts(a).size() != parts(b).size()) return false;
  for (size_t i = 0; i < parts(a).size(); ++i) stack.emplace_back(&parts(a)[i], &parts(b)[i]);
  return true;
}

/// The pairs of containers that one comparison has met. Values may share parts so that a walk over all of them would
/// take time exponential in their depth; but a pair that was met before has nothing new to say. Small values are
/// compared before it would pay to remember anything.
class MetPairs {
 public:
  /// Whether the pair was met before. `a` and `b` stand for what the containers hold; `shared`: one of them may be
  /// held by several values. Where neither is, the pair around them would have been met again.
  bool again(const void* a, const void* b, bool shared) {
    if (!shared || ++steps_ < kForgotten) return false;
    return !met_.emplace(a, b).second;
  }

 private:
  static constexpr size_t kForgotten = 4096;
  size_t steps_ = 0;
  std::set<std::pair<const void*, const void*>> met_;
};

/// Two containers of the same kind, and how many parts were compared.
struct Frame {
  const Value* a;
  const Value* b;
  size_t next = 0;
};

std::strong_ordering compare_keys(const Map& a, const Map& b) {
  if (const auto c = a.size() <=> b.size(); std::is_neq(c)) return c;
  for (size_t i = 0; i < a.size(); ++i) {
    if (const auto c = a[i].first <=> b[i].first; std::is_neq(c)) return c;
  }
  return std::strong_ordering::equal;
}

/// How two values compare under `<`.
enum class Comparison : uint8_t { Less, Equal, Greater, Never, Unknown };  // Never: a NaN is involved

Comparison to_comparison(std::strong_ordering c) {
  if (std::is_eq(c)) return Comparison::Equal;
  return std::is_lt(c) ? Comparison::Less : Comparison::Greater;
}

/// Compares all but lists.
Comparison comparability_of_leaves(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null() || rank(a) != rank(b)) return Comparison::Unknown;
  switch (a.kind()) {
    case ValueKind::Integer:
    case ValueKind::Float:
      return is_nan(a) || is_nan(b) ? Comparison::Never : to_comparison(compare_numbers(a, b));
    case ValueKind::Boolean:
    case ValueKind::String:
    case ValueKind::Date:
    case ValueKind::LocalTime:
    case ValueKind::Time:
    case ValueKind::LocalDateTime:
    case ValueKind::DateTime:
      return to_comparison(compare_leaves(a, b));
    default:
      return Comparison::Unknown;
  }
}

Comparison comparability(const Value& a, const Value& b) {
  if (!a.is_list() || !b.is_list()) return comparability_of_leaves(a, b);
  MetPairs met;
  std::vector<Frame> stack{{&a, &b}};
  while (!stack.empty()) {
    Frame& top = stack.back();
    const List& left = top.a->as_list();
    const List& right = top.b->as_list();
    if (top.next == left.size() || top.next == right.size()) {
      if (left.size() != right.size()) return to_comparison(left.size() <=> right.size());
      stack.pop_back();
      continue;
    }
    const Value& x = left[top.next];
    const Value& y = right[top.next];
    ++top.next;
    if (x.is_list() && y.is_list()) {
      if (!met.again(&x.as_list(), &y.as_list(), true)) stack.push_back({&x, &y});  // if met, it was found equal
      continue;
    }
    const Comparison c = comparability_of_leaves(x, y);
    // Parts that have no order, such as nodes, do not matter where they are equal.
    if (c == Comparison::Unknown && Value::equals(x, y) == true) continue;
    if (c != Comparison::Equal) return c;
  }
  return Comparison::Equal;
}

}  // namespace

std::optional<bool> Value::equals(const Value& a, const Value& b) {
  const auto leaf = [](const Value& x, const Value& y) -> std::optional<bool> {
    if (x.is_null() || y.is_null()) return std::nullopt;
    if (rank(x) != rank(y) || is_nan(x) || is_nan(y)) return false;
    return std::is_eq(compare_leaves(x, y));
  };
  if (!a.is_container() || a.kind() != b.kind()) return leaf(a, b);
  bool unknown = false;
  const auto shared = [](const Value& v) { return v.u_.heap->references.load(std::memory_order_relaxed) > 1; };
  MetPairs met;
  std::vector<Pair> stack{{&a, &b}};
  while (!stack.empty()) {
    const auto [x, y] = stack.back();
    stack.pop_back();
    if (x->is_container() && x->kind() == y->kind()) {
      if (!met.again(x->u_.heap, y->u_.heap, shared(*x) || shared(*y)) && !push_parts(*x, *y, stack)) return false;
      continue;
    }
    const std::optional<bool> equal = leaf(*x, *y);
    if (equal == false) return false;
    if (!equal) unknown = true;
  }
  if (unknown) return std::nullopt;
  return true;
}

std::optional<bool> Value::less(const Value& a, const Value& b) {
  const Comparison c = comparability(a, b);
  if (c == Comparison::Unknown) return std::nullopt;
  return c == Comparison::Less;
}

std::optional<bool> Value::less_or_equal(const Value& a, const Value& b) {
  const Comparison c = comparability(a, b);
  if (c == Comparison::Unknown) return std::nullopt;
  return c == Comparison::Less || c == Comparison::Equal;
}

bool Value::equivalent(const Value& a, const Value& b) {
  const auto leaf = [](const Value& x, const Value& y) {
    if (rank(x) != rank(y) || is_nan(x) != is_nan(y)) return false;
    return is_nan(x) || std::is_eq(compare_leaves(x, y));
  };
  if (!a.is_container() || a.kind() != b.kind()) return leaf(a, b);
  const auto shared = [](const Value& v) { return v.u_.heap->references.load(std::memory_order_relaxed) > 1; };
  MetPairs met;
  std::vector<Pair> stack{{&a, &b}};
  while (!stack.empty()) {
    const auto [x, y] = stack.back();
    stack.pop_back();
    if (x->is_container() && x->kind() == y->kind()) {
      if (x->u_.heap == y->u_.heap || met.again(x->u_.heap, y->u_.heap, shared(*x) || shared(*y))) continue;
      if (!push_parts(*x, *y, stack)) return false;
    } else if (!leaf(*x, *y)) {
      return false;
    }
  }
  return true;
}

std::strong_ordering Value::order(const Value& a, const Value& b) {
  const auto leaf = [](const Value& x, const Value& y) {
    if (const auto c = rank(x) <=> rank(y); std::is_neq(c)) return c;
    if (const auto c = is_nan(x) <=> is_nan(y); std::is_neq(c)) return c;
    return is_nan(x) ? std::strong_ordering::equal : compare_leaves(x, y);
  };
  if (!a.is_container() || a.kind() != b.kind()) return leaf(a, b);
  const auto shared = [](const Value& v) { return v.u_.heap->references.load(std::memory_order_relaxed) > 1; };
  MetPairs met;
  std::vector<Frame> stack;
  const auto enter = [&](const Value& x, const Value& y) {  // what can be said before looking at the parts
    // A pair met before was found equal, or the comparison would be over.
    if (x.u_.heap == y.u_.heap || met.again(x.u_.heap, y.u_.heap, shared(x) || shared(y)))
      return std::strong_ordering::equal;
    stack.push_back({&x, &y});
    return x.is_map() ? compare_keys(x.as_map(), y.as_map()) : std::strong_ordering::equal;
  };
  if (const auto c = enter(a, b); std::is_neq(c)) return c;
  while (!stack.empty()) {
    Frame& top = stack.back();
    const size_t left = size_of(*top.a);
    const size_t right = size_of(*top.b);
    if (top.next == left || top.next == right) {
      if (left != right) return left <=> right;
      stack.pop_back();
      continue;
    }
    const Value& x = part(*top.a, top.next);
    const Value& y = part(*top.b, top.next);
    ++top.next;
    const auto c = x.is_container() && x.kind() == y.kind() ? enter(x, y) : leaf(x, y);
    if (std::is_neq(c)) return c;
  }
  return std::strong_ordering::equal;
}

}  // namespace entente
