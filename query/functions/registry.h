// The functions a query can call: names, argument types, implementation. One table for all of them.
//
// Types are sets of value kinds (`TypeSet`), declared, not coded: the binder checks what it can at compile time, the
// evaluator checks the rest (InvalidArgumentType at run time) before it calls, so an implementation may rely on
// them. A null argument makes the result null without a call, unless `takes_null` is set.
//
// Implementations throw Error without a span; the evaluator adds the call's.
//
// A registry is filled before statements run and then only read; reading is thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/value.h"
#include "entente/query/statement_limits.h"

namespace entente {

class Snapshot;

/// A set of value kinds: bit k is the kind with number k.
using TypeSet = uint32_t;
constexpr TypeSet type_of(ValueKind kind) { return TypeSet{1} << static_cast<unsigned>(kind); }
inline constexpr TypeSet kAnyType = 0xFFFF;
inline constexpr TypeSet kNullType = type_of(ValueKind::Null);
inline constexpr TypeSet kBooleanType = type_of(ValueKind::Boolean);
inline constexpr TypeSet kIntegerType = type_of(ValueKind::Integer);
inline constexpr TypeSet kFloatType = type_of(ValueKind::Float);
inline constexpr TypeSet kNumberType = kIntegerType | kFloatType;
inline constexpr TypeSet kStringType = type_of(ValueKind::String);
inline constexpr TypeSet kListType = type_of(ValueKind::List);
inline constexpr TypeSet kMapType = type_of(ValueKind::Map);
inline constexpr TypeSet kNodeType = type_of(ValueKind::Node);
inline constexpr TypeSet kRelationshipType = type_of(ValueKind::Relationship);
inline constexpr TypeSet kPathType = type_of(ValueKind::Path);
inline constexpr TypeSet kDurationType = type_of(ValueKind::Duration);
inline constexpr TypeSet kInstantType = type_of(ValueKind::Date) | type_of(ValueKind::LocalTime) |
                                        type_of(ValueKind::Time) | type_of(ValueKind::LocalDateTime) |
                                        type_of(ValueKind::DateTime);
inline constexpr TypeSet kTemporalType = kInstantType | kDurationType;

/// "INTEGER | FLOAT", for messages.
std::string type_set_name(TypeSet types);

/// No list or string grows past this, whatever the limits of the statement: a list has at most 67,108,864 elements.
inline constexpr size_t kMaxValueBytes = size_t{1} << 30;

/// The system's clock, in UTC.
DateTime system_time();

/// What a function may see of the statement that calls it. One thread at a time uses a context.
struct FunctionContext {
  const Snapshot* graph = nullptr;  // the version being read; node and relationship ids refer to it
  /// When the explicit transaction began that the statement is part of; none: the statement is one by itself.
  std::optional<DateTime> transaction_began;
  /// When the statement began, as far as its functions can tell: they all get the time that the first one asked.
  const DateTime& statement_time();
  const DateTime& transaction_time() { return transaction_began ? *transaction_began : statement_time(); }
  /// Random numbers, from a seed of the system's.
  std::mt19937_64& random();
  /// A list or string longer than this is not made: ResourceError.MemoryLimit. Set from the statement's memory limit.
  size_t max_result_bytes = kMaxValueBytes;
  StatementLimits* limits = nullptr;  // of the statement; null: none

  /// Counts steps of some nanoseconds each, and throws if the statement is to end. For functions that take long.
  void work(size_t steps) {
    if (limits != nullptr) limits->work(steps);
  }

 private:
  // Made when first asked for: most statements need neither.
  std::optional<DateTime> statement_time_;
  std::unique_ptr<std::mt19937_64> random_;
};

/// For functions that make lists and strings: throws ResourceError.MemoryLimit if one of so many bytes is too long.
void check_result_bytes(const FunctionContext& context, std::string_view function, uint64_t bytes);

/// Throws ResourceError.MemoryLimit if no list or string may be so long.
void check_value_bytes(uint64_t bytes);

/// Appends elements to a list, in parts between which limits are looked at.
template <class Iterator>
void append_elements(List& list, Iterator begin, Iterator end, FunctionContext& context) {
  constexpr ptrdiff_t kPart = 1 << 16;
  while (begin != end) {
    const Iterator part = begin + std::min(kPart, static_cast<ptrdiff_t>(end - begin));
    list.insert(list.end(), begin, part);
    context.work(static_cast<size_t>(part - begin));
    begin = part;
  }
}

/// The list as a value; limits are looked at while what its elements hold is added up.
Value make_list(List list, StatementLimits* limits);

/// About how long it takes to walk through a value, in steps of some nanoseconds; of very large ones less.
inline size_t steps_of(const Value& value) { return std::min<size_t>(value.heap_bytes() / sizeof(Value), 1 << 16); }

struct Function;

/// What range(start, end[, step]) gives, without the list.
struct IntegerRange {
  int64_t start = 0;
  int64_t step = 1;
  uint64_t count = 0;
  int64_t at(uint64_t i) const {
    return static_cast<int64_t>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(step));
  }
  bool contains(int64_t value) const;
  /// Of the arguments of range(); nothing if one of them is null. Throws what range() throws.
  static std::optional<IntegerRange> of(std::span<const Value> args);
};

/// Whether the function is the built-in range(), or id().
bool is_range(const Function* function);
bool is_id(const Function* function);
/// Whether calls with the same arguments give the same as long as a statement runs: clocks may be read, if they are
/// fixed for the statement.
bool is_stable(const Function& function);

using ScalarFunction = std::function<Value(std::span<const Value> args, FunctionContext& context)>;

struct Function {
  std::string name;                 // as documented: "toUpper", "duration.between"; looked up without regard to case
  std::vector<TypeSet> parameters;  // for each argument the kinds it accepts; null is accepted everywhere
  size_t required = 0;              // the first so many must be given
  bool variadic = false;            // the last parameter may be repeated
  TypeSet result = kAnyType;
  bool takes_null = false;
  bool deterministic = true;  // may be folded when all arguments are constant
  ScalarFunction call;
  std::string description;  // one line, for SHOW FUNCTIONS and the documentation
  /// Detail of the TypeError at run time for an argument of another kind. (At compile time it is always
  /// InvalidArgumentType.)
  std::string mismatch_detail = "InvalidArgumentType";
};

/// Checks the number and kinds of arguments (null fits everywhere). Throws TypeError of the function's mismatch_detail,
/// naming the function, the position, and the kinds expected and given.
void check_arguments(const Function& function, std::span<const Value> args);

class FunctionRegistry {
 public:
  /// All built-in functions.
  static std::shared_ptr<const FunctionRegistry> built_in();

  /// Adds or replaces the function of this name.
  void add(Function function);
  /// The same for the usual one: null in any argument gives null.
  void add(const char* name, std::vector<TypeSet> parameters, size_t required, TypeSet result, ScalarFunction call,
           const char* description, bool deterministic = true);
  /// Null if there is none. The pointer stays valid as long as the registry and the entry do.
  const Function* find(std::string_view name) const;
  /// The name closest to this one, for "did you mean"; empty if none is near.
  std::string nearest(std::string_view name) const;
  std::vector<const Function*> all() const;  // sorted by name

 private:
  std::map<std::string, Function, std::less<>> functions_;  // by lower-case name
};

// The groups of built-in functions, each in the file of its name.
void add_scalar_functions(FunctionRegistry& registry);     // scalar.cc: id, type, labels, coalesce, size, …
void add_string_functions(FunctionRegistry& registry);     // string.cc
void add_math_functions(FunctionRegistry& registry);       // math.cc
void add_list_functions(FunctionRegistry& registry);       // list.cc: range, head, keys, nodes, …
void add_temporal_functions(FunctionRegistry& registry);   // temporal.cc
void add_value_type_function(FunctionRegistry& registry);  // value_type.cc

}  // namespace entente
