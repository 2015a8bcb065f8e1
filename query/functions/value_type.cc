// valueType(): the type of a value as text.
#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>

#include "entente/core/error.h"
#include "entente/query/functions/registry.h"

namespace entente {

namespace {

/// Types in the order in which Neo4j lists alternatives.
constexpr ValueKind kTypeOrder[] = {
    ValueKind::Boolean,   ValueKind::String,       ValueKind::Integer,       ValueKind::Float,    ValueKind::Date,
    ValueKind::LocalTime, ValueKind::Time,         ValueKind::LocalDateTime, ValueKind::DateTime, ValueKind::Duration,
    ValueKind::Node,      ValueKind::Relationship, ValueKind::Map,           ValueKind::List,     ValueKind::Path};

ptrdiff_t type_rank(ValueKind kind) {
  return std::find(std::begin(kTypeOrder), std::end(kTypeOrder), kind) - kTypeOrder;
}

/// Describes one value. Lists that are there several times are looked at once.
class TypeDescriber {
 public:
  explicit TypeDescriber(FunctionContext& context) : context_(context) {}

  std::string describe(const Value& value, int depth = 0) {
    context_.work(1);
    if (value.is_null()) return "NULL";
    if (value.is_list()) return describe_list(value.as_list(), depth);
    return std::string(kind_name(value.kind())) + std::string(kNotNull);
  }

 private:
  static constexpr int kMaxDepth = 16;  // deeper lists are of ANY
  static constexpr std::string_view kNotNull = " NOT NULL";

  const std::string& describe_list(const List& list, int depth) {
    auto& known = known_[depth];
    const auto found = known.find(&list);
    if (found != known.end()) return found->second;
    return known.emplace(&list, "LIST<" + elements(list, depth) + ">" + std::string(kNotNull)).first->second;
  }

  std::string elements(const List& list, int depth) {
    if (list.empty()) return "NOTHING";
    std::set<std::pair<ptrdiff_t, std::string>> kinds;
    bool nulls = false;
    for (const Value& element : list) {
      if (element.is_null()) {
        nulls = true;
        continue;
      }
      kinds.emplace(type_rank(element.kind()),
                    depth < kMaxDepth ? describe(element, depth + 1) : "ANY" + std::string(kNotNull));
    }
    if (kinds.empty()) return "NULL";
    std::string inner;
    for (const auto& [rank, text] : kinds) {
      std::string_view kind = text;
      if (nulls) kind.remove_suffix(kNotNull.size());
      check_result_bytes(context_, "valueType", bytes_ += kind.size());
      inner.append(inner.empty() ? "" : " | ").append(kind);
    }
    return inner;
  }

  FunctionContext& context_;
  std::unordered_map<const List*, std::string> known_[kMaxDepth + 1];
  size_t bytes_ = 0;  // of all descriptions so far
};

Value value_type(std::span<const Value> args, FunctionContext& context) {
  return TypeDescriber(context).describe(args[0]);
}

}  // namespace

void add_value_type_function(FunctionRegistry& registry) {
  registry.add({"valueType",
                {kAnyType},
                1,
                false,
                kStringType,
                true,
                true,
                value_type,
                "The type of a value, as 'INTEGER NOT NULL'."});
}

}  // namespace entente
