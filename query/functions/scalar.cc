// Functions of one value: identity and data of entities, sizes, conversions between kinds, nulls.
//
// Conversions from text: surrounding white space is ignored, what is no number (boolean) gives null, and a number with
// a fraction is truncated towards zero by toInteger().

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "entente/core/error.h"
#include "entente/query/functions/entity.h"
#include "entente/query/functions/registry.h"
#include "entente/query/functions/text_search.h"

namespace entente {

namespace {

using Args = std::span<const Value>;

constexpr TypeSet kEntityType = kNodeType | kRelationshipType;
constexpr TypeSet kToBooleanType = kBooleanType | kIntegerType | kStringType;
constexpr TypeSet kToNumberType = kNumberType | kStringType;
constexpr TypeSet kToStringType = kBooleanType | kNumberType | kStringType | kTemporalType;

// ---- entities ----

int64_t raw_id(const Value& entity) {
  return entity.is_node() ? entity.as_node().value : entity.as_relationship().value;
}

Value id_function(Args args, FunctionContext&) { return raw_id(args[0]); }
Value element_id(Args args, FunctionContext&) { return std::to_string(raw_id(args[0])); }

Value type_function(Args args, FunctionContext& context) {
  if (const RelationshipData* data = made_up_relationship(*context.graph, args[0])) return data->type;
  const RelId rel = args[0].as_relationship();
  const TypeId type = context.graph->relationship_type(rel);  // openCypher: known of a deleted relationship too
  if (!type.valid()) fail_deleted("relationship", rel.value);
  return context.graph->names().types.name(type.value);
}

Value labels(Args args, FunctionContext& context) {
  const NodeId node = args[0].as_node();
  List names;
  if (const NodeData* data = made_up_node(*context.graph, args[0])) {
    names.assign(data->labels.begin(), data->labels.end());
    return names;
  }
  check_exists(*context.graph, node);
  for (const LabelId label : context.graph->labels(node))
    names.emplace_back(context.graph->names().labels.name(label.value));
  return names;
}

Map property_map(const Value& value, const Snapshot* graph) {
  if (value.is_map()) return value.as_map();
  if (const Map* own = made_up_properties(*graph, value)) return *own;
  if (value.is_node()) {
    check_exists(*graph, value.as_node());
    return graph->properties(value.as_node());
  }
  check_exists(*graph, value.as_relationship());
  return graph->properties(value.as_relationship());
}

Value properties(Args args, FunctionContext& context) {
  if (args[0].is_map()) return args[0];
  return Value::map(property_map(args[0], context.graph));
}

Value keys(Args args, FunctionContext& context) {
  List names;
  if (args[0].is_map()) {
    for (const auto& [key, value] : args[0].as_map()) names.emplace_back(key);
  } else {
    for (auto& [key, value] : property_map(args[0], context.graph)) names.emplace_back(std::move(key));
  }
  return names;
}

Value start_node(Args args, FunctionContext& context) {
  if (const RelationshipData* data = made_up_relationship(*context.graph, args[0])) return data->start;
  check_exists(*context.graph, args[0].as_relationship());
  return context.graph->relationship(args[0].as_relationship()).source;
}

Value end_node(Args args, FunctionContext& context) {
  if (const RelationshipData* data = made_up_relationship(*context.graph, args[0])) return data->end;
  check_exists(*context.graph, args[0].as_relationship());
  return context.graph->relationship(args[0].as_relationship()).target;
}

// ---- size and nulls ----

Value size(Args args, FunctionContext& context) {
  if (args[0].is_list()) return static_cast<int64_t>(args[0].as_list().size());
  return code_points(args[0].as_string(), context);
}

Value is_empty(Args args, FunctionContext&) {
  if (args[0].is_list()) return args[0].as_list().empty();
  if (args[0].is_map()) return args[0].as_map().empty();
  return args[0].as_string().empty();
}

Value coalesce(Args args, FunctionContext&) {
  for (const Value& value : args) {
    if (!value.is_null()) return value;
  }
  return Value();
}

Value null_if(Args args, FunctionContext&) { return Value::equals(args[0], args[1]) == true ? Value() : args[0]; }
Value exists(Args args, FunctionContext&) { return !args[0].is_null(); }

Value timestamp(Args, FunctionContext& context) {
  const DateTime& now = context.statement_time();
  return now.utc_seconds() * 1000 + now.local.nanos / 1'000'000;
}

// ---- conversions ----

std::string_view trim_ascii(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> parse_float(std::string_view text) {
  text = trim_ascii(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  if (digits == "Infinity") {
    const double infinity = std::numeric_limits<double>::infinity();
    return text.front() == '-' ? -infinity : infinity;
  }
  if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;  // from_chars knows "inf"
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return std::nullopt;
  if (failure == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return failure == std::errc() ? std::optional<double>(number) : std::nullopt;
}

// No value for what does not fit 64 bits.
std::optional<int64_t> truncate_float(double number) {
  if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0)) return std::nullopt;
  return static_cast<int64_t>(number);
}

[[noreturn]] void fail_integer_range(const std::string& shown) {
  throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
              "toInteger(): " + shown + " does not fit an integer of 64 bits");
}

Value to_integer(Args args, FunctionContext&) {
  const Value& value = args[0];
  if (value.is_integer()) return value;
  if (value.is_boolean()) return value.as_boolean() ? 1 : 0;
  if (value.is_float()) {
    const auto whole = truncate_float(value.as_float());
    if (!whole) fail_integer_range(value.to_display());
    return *whole;
  }
  std::string_view text = trim_ascii(value.as_string());
  const std::string_view unsigned_text = text.starts_with('+') ? text.substr(1) : text;
  if (!(text.starts_with('+') && unsigned_text.starts_with('-'))) {
    int64_t number = 0;
    const auto [end, failure] =
        std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), number);
    if (failure == std::errc() && end == unsigned_text.data() + unsigned_text.size()) return number;
  }
  const auto number = parse_float(text);
  if (!number) return Value();
  const auto whole = truncate_float(*number);
  if (!whole) fail_integer_range("'" + std::string(text) + "'");
  return *whole;
}

Value to_float(Args args, FunctionContext&) {
  const Value& value = args[0];
  if (value.is_number()) return value.as_number();
  const auto number = parse_float(value.as_string());
  return number ? Value(*number) : Value();
}

Value to_boolean(Args args, FunctionContext&) {
  const Value& value = args[0];
  if (value.is_boolean()) return value;
  if (value.is_integer()) return value.as_integer() != 0;
  std::string text(trim_ascii(value.as_string()));
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (text == "true") return true;
  if (text == "false") return false;
  return Value();
}

Value to_string_function(Args args, FunctionContext&) {
  return args[0].is_string() ? args[0] : Value(args[0].to_display());
}

// The conversion, or null where it cannot be done.
Value convert_or_null(Value (*convert)(Args, FunctionContext&), TypeSet accepted, const Value& value,
                      FunctionContext& context) {
  if (value.is_null() || (accepted & type_of(value.kind())) == 0) return Value();
  try {
    return convert(Args(&value, 1), context);
  } catch (const Error& error) {
    if (error.kind() == "ArithmeticError") return Value();
    throw;
  }
}

}  // namespace

bool is_id(const Function* function) {
  if (function == nullptr || function->name != "id") return false;
  using Plain = Value (*)(Args, FunctionContext&);
  const Plain* call = function->call.target<Plain>();
  return call != nullptr && *call == id_function;
}

namespace {

void add_entity_functions(FunctionRegistry& registry) {
  registry.add(
      {"id", {kEntityType}, 1, false, kIntegerType, false, true, id_function, "The number of a node or relationship."});
  registry.add({"elementId",
                {kEntityType},
                1,
                false,
                kStringType,
                false,
                true,
                element_id,
                "The number of a node or relationship, as text."});
  registry.add({"type",
                {kRelationshipType},
                1,
                false,
                kStringType,
                false,
                true,
                type_function,
                "The type of a relationship.",
                "InvalidArgumentValue"});
  registry.add({"labels",
                {kNodeType},
                1,
                false,
                kListType,
                false,
                true,
                labels,
                "The labels of a node.",
                "InvalidArgumentValue"});
  registry.add({"keys",
                {kEntityType | kMapType},
                1,
                false,
                kListType,
                false,
                true,
                keys,
                "The keys of a node's or relationship's properties, or of a map."});
  registry.add({"properties",
                {kEntityType | kMapType},
                1,
                false,
                kMapType,
                false,
                true,
                properties,
                "The properties of a node or relationship, as a map."});
  registry.add({"startNode",
                {kRelationshipType},
                1,
                false,
                kNodeType,
                false,
                true,
                start_node,
                "The node a relationship starts at."});
  registry.add(
      {"endNode", {kRelationshipType}, 1, false, kNodeType, false, true, end_node, "The node a relationship ends at."});
}

constexpr size_t kStepsPerConversion = 32;

void add_conversion(FunctionRegistry& registry, const std::string& target, TypeSet accepted, TypeSet result,
                    Value (*convert)(Args, FunctionContext&)) {
  const std::string name = "to" + target;
  registry.add(
      {name,
       {accepted},
       1,
       false,
       result | kNullType,
       false,
       true,
       convert,
       "The value as " + type_set_name(result) + (result == kStringType ? "." : "; null for a text that is none."),
       "InvalidArgumentValue"});
  registry.add({name + "OrNull",
                {kAnyType},
                1,
                false,
                result | kNullType,
                false,
                true,
                [convert, accepted](Args args, FunctionContext& context) {
                  return convert_or_null(convert, accepted, args[0], context);
                },
                "The value as " + type_set_name(result) + "; null if it cannot be converted."});
  registry.add(
      {name + "List",
       {kListType},
       1,
       false,
       kListType,
       false,
       true,
       [convert, accepted](Args args, FunctionContext& context) -> Value {
         List converted;
         converted.reserve(args[0].as_list().size());
         for (const Value& element : args[0].as_list()) {
           context.work(kStepsPerConversion);
           converted.push_back(convert_or_null(convert, accepted, element, context));
         }
         return converted;
       },
       "The list with each element as " + type_set_name(result) + "; null for those that cannot be converted."});
}

}  // namespace

void add_scalar_functions(FunctionRegistry& registry) {
  add_entity_functions(registry);
  add_conversion(registry, "Integer", kToNumberType | kBooleanType, kIntegerType, to_integer);
  add_conversion(registry, "Float", kToNumberType, kFloatType, to_float);
  add_conversion(registry, "Boolean", kToBooleanType, kBooleanType, to_boolean);
  add_conversion(registry, "String", kToStringType, kStringType, to_string_function);
  registry.add({"size",
                {kListType | kStringType},
                1,
                false,
                kIntegerType,
                false,
                true,
                size,
                "The number of elements of a list, or of characters of a string."});
  registry.add({"isEmpty",
                {kListType | kMapType | kStringType},
                1,
                false,
                kBooleanType,
                false,
                true,
                is_empty,
                "Whether a list, map or string has nothing in it."});
  registry.add(
      {"coalesce", {kAnyType}, 1, true, kAnyType, true, true, coalesce, "The first argument that is not null."});
  registry.add({"nullIf",
                {kAnyType, kAnyType},
                2,
                false,
                kAnyType,
                true,
                true,
                null_if,
                "Null if the arguments are equal, else the first."});
  registry.add({"exists", {kAnyType}, 1, false, kBooleanType, true, true, exists, "Whether a property is not null."});
  registry.add({"timestamp",
                {},
                0,
                false,
                kIntegerType,
                false,
                false,
                timestamp,
                "Milliseconds since 1970-01-01T00:00Z, when the statement began."});
  // What LOAD CSV is at comes as an argument, which the binder adds; a statement cannot give one.
  const auto given = [](Args args, FunctionContext&) { return args.empty() ? Value() : args[0]; };
  registry.add("linenumber", {}, 0, kIntegerType | kNullType, given,
               "The line of the file that LOAD CSV is at; null without one.");
  registry.add("file", {}, 0, kStringType | kNullType, given,
               "The URL of the file that LOAD CSV reads; null without one.");
}

}  // namespace entente
