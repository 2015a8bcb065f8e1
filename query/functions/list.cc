// Functions that make lists and take them apart, and the parts of paths.

#include <algorithm>

#include <unicode/utf8.h>

#include "entente/core/discard.h"
#include "entente/core/error.h"
#include "entente/query/functions/registry.h"

namespace entente {

namespace {

using Args = std::span<const Value>;

// range() checks the kinds itself: wrong ones are an ArgumentError and, unlike elsewhere, only at run time.
int64_t range_argument(const Value& value, int position) {
  if (value.is_integer()) return value.as_integer();
  throw Error::argument("InvalidArgumentType", "range() expects INTEGER as argument " + std::to_string(position) +
                                                   ", but was given " + std::string(kind_name(value.kind())));
}

Value range(Args args, FunctionContext& context) {
  const IntegerRange numbers = *IntegerRange::of(args);
  check_result_bytes(context, "range", std::min<uint64_t>(numbers.count, UINT64_MAX / 32) * sizeof(Value));
  Filling<List> list;
  list->reserve(numbers.count);
  for (uint64_t i = 0; i < numbers.count; ++i) {
    list->emplace_back(numbers.at(i));
    context.work(1);
  }
  return Value::list(list.take(), 0);
}

Value head(Args args, FunctionContext&) {
  const List& list = args[0].as_list();
  return list.empty() ? Value() : list.front();
}

Value last(Args args, FunctionContext&) {
  const List& list = args[0].as_list();
  return list.empty() ? Value() : list.back();
}

/// A list of a range.
template <class Iterator>
Value list_of(const char* function, Iterator begin, Iterator end, FunctionContext& context) {
  const auto size = static_cast<size_t>(end - begin);
  check_result_bytes(context, function, size * sizeof(Value));
  Filling<List> list;
  list->reserve(size);
  append_elements(*list, begin, end, context);
  return make_list(list.take(), context.limits);
}

Value tail(Args args, FunctionContext& context) {
  const List& list = args[0].as_list();
  return list.empty() ? Value(List()) : list_of("tail", list.begin() + 1, list.end(), context);
}

std::string reverse_text(const std::string& text, FunctionContext& context) {
  check_result_bytes(context, "reverse", text.size());
  std::string reversed;
  reversed.reserve(text.size());
  for (size_t end = text.size(); end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && U8_IS_TRAIL(text[begin])) --begin;
    reversed.append(text, begin, end - begin);
    end = begin;
    context.work(1);
  }
  return reversed;
}

Value reverse(Args args, FunctionContext& context) {
  if (args[0].is_string()) return reverse_text(args[0].as_string(), context);
  const List& list = args[0].as_list();
  return list_of("reverse", list.rbegin(), list.rend(), context);
}

// Every second element of a path's list.
List path_elements(const Value& path, size_t first) {
  const List& elements = path.as_path();
  List chosen;
  for (size_t i = first; i < elements.size(); i += 2) chosen.push_back(elements[i]);
  return chosen;
}

Value nodes(Args args, FunctionContext&) { return path_elements(args[0], 0); }
Value relationships(Args args, FunctionContext&) { return path_elements(args[0], 1); }
Value length(Args args, FunctionContext&) { return static_cast<int64_t>(args[0].as_path().size() / 2); }

}  // namespace

std::optional<IntegerRange> IntegerRange::of(Args args) {
  if (std::any_of(args.begin(), args.end(), [](const Value& arg) { return arg.is_null(); })) return std::nullopt;
  IntegerRange result;
  result.start = range_argument(args[0], 1);
  const int64_t end = range_argument(args[1], 2);
  result.step = args.size() > 2 ? range_argument(args[2], 3) : 1;
  if (result.step == 0) {
    throw Error::argument("NumberOutOfRange", "range(): the step must not be 0; give a positive or negative one");
  }
  const bool up = result.step > 0;
  if (up ? result.start > end : result.start < end) return result;
  // The differences fit 64 bits without sign.
  const auto from = static_cast<uint64_t>(result.start);
  const auto to = static_cast<uint64_t>(end);
  const auto step = static_cast<uint64_t>(result.step);
  const uint64_t last = (up ? to - from : from - to) / (up ? step : ~step + 1);
  result.count = last == UINT64_MAX ? last : last + 1;  // of 2^64 numbers the last is left out: nobody gets there
  return result;
}

bool IntegerRange::contains(int64_t value) const {
  if (count == 0 || (step > 0 ? value < start : value > start)) return false;
  const auto from = static_cast<uint64_t>(start);
  const auto to = static_cast<uint64_t>(value);
  const uint64_t distance = step > 0 ? to - from : from - to;
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : ~static_cast<uint64_t>(step) + 1;
  return distance % stride == 0 && distance / stride < count;
}

Value make_list(List elements, StatementLimits* limits) {
  constexpr size_t kPart = 4'096;
  Filling<List> list(std::move(elements));
  size_t bytes = 0;
  for (size_t i = 0; i < list->size(); ++i) {
    bytes = std::min(bytes + (*list)[i].heap_bytes(), Value::kMostHeapBytes);
    if (limits != nullptr && i % kPart == kPart - 1) limits->work(4 * kPart);
  }
  return Value::list(list.take(), bytes);
}

bool is_range(const Function* function) {
  if (function == nullptr || function->name != "range") return false;
  using Plain = Value (*)(Args, FunctionContext&);
  const Plain* call = function->call.target<Plain>();
  return call != nullptr && *call == range;
}

void add_list_functions(FunctionRegistry& registry) {
  registry.add("range", {kAnyType, kAnyType, kAnyType}, 2, kListType, range,
               "The integers from the first to the second, both included, in steps of 1 or of the third.");
  registry.add("head", {kListType}, 1, kAnyType, head, "The first element; null if there is none.");
  registry.add("last", {kListType}, 1, kAnyType, last, "The last element; null if there is none.");
  registry.add("tail", {kListType}, 1, kListType, tail, "All elements but the first.");
  registry.add("reverse", {kListType | kStringType}, 1, kListType | kStringType, reverse,
               "The elements of a list, or characters of a string, in the opposite order.");
  registry.add("nodes", {kPathType}, 1, kListType, nodes, "The nodes of a path, in order.");
  registry.add("relationships", {kPathType}, 1, kListType, relationships, "The relationships of a path, in order.");
  registry.add("length", {kPathType}, 1, kIntegerType, length, "The number of relationships of a path.");
}

}  // namespace entente
