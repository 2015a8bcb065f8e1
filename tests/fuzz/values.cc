// Values in their stored form: what can be read is written as the same bytes or as shorter ones that read as an equal
// value, and each value is told in Cypher, in JSON of both shapes, and in those as something that reads back.
#include <cmath>

#include <rapidjson/document.h>

#include <entente/query/entente.h>
#include <entente/storage/damage.h>
#include <entente/storage/value_codec.h>
#include <entente/tools/export_graph.h>
#include <entente/tools/json_value.h>
#include <entente/tools/text.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

std::string encoded(const Value& value) {
  std::string bytes;
  encode_value(value, bytes);
  return bytes;
}

void check_text(const rapidjson::Value& json, std::string_view text) {
  check(json.IsString() && std::string(json.GetString(), json.GetStringLength()) == valid_utf8(text),
        "a text reads from JSON as another");
}

void check_plain(const rapidjson::Value& json, const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null:
      return check(json.IsNull(), "null is not null in JSON");
    case ValueKind::Boolean:
      return check(json.IsBool() && json.GetBool() == value.as_boolean(), "a boolean differs in JSON");
    case ValueKind::Integer:
      return check(json.IsInt64() && json.GetInt64() == value.as_integer(), "an integer differs in JSON");
    case ValueKind::Float:
      if (!std::isfinite(value.as_float())) return check(json.IsString(), "a float without number is no text in JSON");
      return check(json.IsNumber() && json.GetDouble() == value.as_float(), "a float differs in JSON");
    case ValueKind::List:
      check(json.IsArray() && json.Size() == value.as_list().size(), "a list is of another length in JSON");
      for (rapidjson::SizeType i = 0; i < json.Size(); ++i) check_plain(json[i], value.as_list()[i]);
      return;
    case ValueKind::String:
      return check_text(json, value.as_string());
    default:
      return check_text(json, value.to_display());
  }
}

void check_typed(const rapidjson::Value& json, const Value& value) {
  check(json.IsObject() && json.MemberCount() == 2 && json.HasMember("$type") && json.HasMember("_value"),
        "a typed value is not of that shape");
  const rapidjson::Value& inner = json["_value"];
  switch (value.kind()) {
    case ValueKind::List:
      check(inner.IsArray() && inner.Size() == value.as_list().size(), "a list is of another length in typed JSON");
      for (rapidjson::SizeType i = 0; i < inner.Size(); ++i) check_typed(inner[i], value.as_list()[i]);
      return;
    case ValueKind::Integer:
      return check_text(inner, std::to_string(value.as_integer()));
    case ValueKind::Float:
      check(inner.IsString(), "a float is no text in typed JSON");
      if (std::isfinite(value.as_float()))
        check(std::strtod(inner.GetString(), nullptr) == value.as_float(), "a float differs in typed JSON");
      return;
    case ValueKind::Null:
    case ValueKind::Boolean:
      return check_plain(inner, value);
    case ValueKind::String:
      return check_text(inner, value.as_string());
    default:
      return check_text(inner, value.to_display());
  }
}

rapidjson::Document parsed(const std::string& json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag |
                 rapidjson::kParseIterativeFlag>(json.data(), json.size());
  check(!document.HasParseError(), "what was written is no JSON: " + json);
  return document;
}

bool is_well_formed(const Value& value) {
  if (value.is_string()) return valid_utf8(value.as_string()) == value.as_string();
  if (!value.is_list()) return true;
  for (const Value& item : value.as_list()) {
    if (!is_well_formed(item)) return false;
  }
  return true;
}

/// Times that Cypher can write; the store takes some that lie beyond, and zones that do not exist.
bool is_plain_kind(const Value& value) {
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (!is_plain_kind(item)) return false;
    }
    return true;
  }
  return value.is_null() || value.is_boolean() || value.is_integer() || value.is_float() || value.is_string();
}

bool is_finite(const Value& value) {
  if (value.is_float()) return std::isfinite(value.as_float());
  if (!value.is_list()) return true;
  for (const Value& item : value.as_list()) {
    if (!is_finite(item)) return false;
  }
  return true;
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  ByteReader reader(std::string_view(reinterpret_cast<const char*>(data), size));
  Value value;
  try {
    value = decode_value(reader);
  } catch (const Damage&) {
    return 0;
  }
  const std::string once = encoded(value);
  check(once.size() <= size - reader.left(), "a value is written longer than it was");
  ByteReader again(once);
  const Value second = decode_value(again);
  check(again.left() == 0 && encoded(second) == once, "a value that was read and written reads as another");
  check(Value::equivalent(value, second), "a value is not equivalent to its copy");
  check(Value::order(value, second) == 0, "a value is not ordered as its copy");
  check_plain(parsed(plain_json(value)), value);
  check_typed(parsed(typed_json(value)), value);
  if (is_plain_kind(value) && is_well_formed(value)) {
    const Value read = evaluate_expression(cypher_literal(value));
    check(Value::equivalent(read, value), "a value written in Cypher reads as another: " + cypher_literal(value));
    // A literal of JSON is one of Cypher.
    if (is_finite(value)) {
      const std::string json = plain_json(value);
      check(Value::equivalent(evaluate_expression(json), value), "a value written in JSON reads as another: " + json);
    }
  }
  return 0;
}
