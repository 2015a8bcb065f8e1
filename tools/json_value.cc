#include "entente/tools/json_value.h"

#include <cmath>

#include "entente/core/error.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

void check_depth(int depth) {
  if (depth > kMaxJsonDepth) {
    throw Error::resource("NestingTooDeep", "A value nests lists or maps more than " + std::to_string(kMaxJsonDepth) +
                                                " levels deep, too deep to be written as JSON");
  }
}

/// The shortest text that reads back as the same number.
std::string float_text(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "Infinity" : "-Infinity";
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.Double(d);
  return buffer.GetString();
}

void write_properties(JsonWriter& writer, const Map& map, int depth, void (*write)(JsonWriter&, const Value&, int)) {
  writer.StartObject();
  for (const auto& [key, value] : map) {
    const std::string name = valid_utf8(key);
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    write(writer, value, depth + 1);
  }
  writer.EndObject();
}

void write_list(JsonWriter& writer, const List& list, int depth, void (*write)(JsonWriter&, const Value&, int)) {
  writer.StartArray();
  for (const Value& item : list) write(writer, item, depth + 1);
  writer.EndArray();
}

void write_labels(JsonWriter& writer, const std::vector<std::string>& labels) {
  writer.StartArray();
  for (const std::string& label : labels) write_text(writer, label);
  writer.EndArray();
}

void write_id(JsonWriter& writer, uint32_t id) { write_text(writer, std::to_string(id)); }

void write_plain_entity(JsonWriter& writer, const Value& value, int depth) {
  writer.StartObject();
  if (const NodeData* node = value.is_node() ? value.node_data() : nullptr) {
    writer.Key("id");
    writer.Uint(node->id.value);
    writer.Key("labels");
    write_labels(writer, node->labels);
    writer.Key("properties");
    write_properties(writer, node->properties, depth, write_plain_json);
  } else if (const RelationshipData* rel = value.is_relationship() ? value.relationship_data() : nullptr) {
    writer.Key("id");
    writer.Uint(rel->id.value);
    writer.Key("type");
    write_text(writer, rel->type);
    writer.Key("start");
    writer.Uint(rel->start.value);
    writer.Key("end");
    writer.Uint(rel->end.value);
    writer.Key("properties");
    write_properties(writer, rel->properties, depth, write_plain_json);
  } else {
    writer.Key("id");
    writer.Uint(value.is_node() ? value.as_node().value : value.as_relationship().value);
  }
  writer.EndObject();
}

void write_typed_entity(JsonWriter& writer, const Value& value, int depth) {
  writer.StartObject();
  writer.Key("_element_id");
  if (const NodeData* node = value.is_node() ? value.node_data() : nullptr) {
    write_id(writer, node->id.value);
    writer.Key("_labels");
    write_labels(writer, node->labels);
    writer.Key("_properties");
    write_properties(writer, node->properties, depth, write_typed_json);
  } else if (const RelationshipData* rel = value.is_relationship() ? value.relationship_data() : nullptr) {
    write_id(writer, rel->id.value);
    writer.Key("_start_node_element_id");
    write_id(writer, rel->start.value);
    writer.Key("_end_node_element_id");
    write_id(writer, rel->end.value);
    writer.Key("_type");
    write_text(writer, rel->type);
    writer.Key("_properties");
    write_properties(writer, rel->properties, depth, write_typed_json);
  } else {
    write_id(writer, value.is_node() ? value.as_node().value : value.as_relationship().value);
  }
  writer.EndObject();
}

const char* type_name(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null:
      return "Null";
    case ValueKind::Boolean:
      return "Boolean";
    case ValueKind::Integer:
      return "Integer";
    case ValueKind::Float:
      return "Float";
    case ValueKind::String:
      return "String";
    case ValueKind::List:
      return "List";
    case ValueKind::Map:
      return "Map";
    case ValueKind::Node:
      return "Node";
    case ValueKind::Relationship:
      return "Relationship";
    case ValueKind::Path:
      return "Path";
    case ValueKind::Date:
      return "Date";
    case ValueKind::LocalTime:
      return "LocalTime";
    case ValueKind::Time:
      return "Time";
    case ValueKind::LocalDateTime:
      return "LocalDateTime";
    case ValueKind::DateTime:
      return value.as_date_time().zone.empty() ? "OffsetDateTime" : "ZonedDateTime";
    case ValueKind::Duration:
      return "Duration";
  }
  return "Null";
}

}  // namespace

void write_text(JsonWriter& writer, std::string_view text) {
  const std::string valid = valid_utf8(text);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

void write_plain_json(JsonWriter& writer, const Value& value, int depth) {
  check_depth(depth);
  switch (value.kind()) {
    case ValueKind::Null:
      writer.Null();
      return;
    case ValueKind::Boolean:
      writer.Bool(value.as_boolean());
      return;
    case ValueKind::Integer:
      writer.Int64(value.as_integer());
      return;
    case ValueKind::Float:
      if (std::isfinite(value.as_float())) {
        writer.Double(value.as_float());
      } else {
        write_text(writer, float_text(value.as_float()));
      }
      return;
    case ValueKind::List:
      write_list(writer, value.as_list(), depth, write_plain_json);
      return;
    case ValueKind::Map:
      write_properties(writer, value.as_map(), depth, write_plain_json);
      return;
    case ValueKind::Path:
      write_list(writer, value.as_path(), depth, write_plain_json);
      return;
    case ValueKind::Node:
    case ValueKind::Relationship:
      write_plain_entity(writer, value, depth);
      return;
    default:
      write_text(writer, value.to_display());
      return;
  }
}

void write_typed_json(JsonWriter& writer, const Value& value, int depth) {
  check_depth(depth);
  writer.StartObject();
  writer.Key("$type");
  writer.String(type_name(value));
  writer.Key("_value");
  switch (value.kind()) {
    case ValueKind::Null:
      writer.Null();
      break;
    case ValueKind::Boolean:
      writer.Bool(value.as_boolean());
      break;
    case ValueKind::Integer:
      write_text(writer, std::to_string(value.as_integer()));
      break;
    case ValueKind::Float:
      write_text(writer, float_text(value.as_float()));
      break;
    case ValueKind::List:
      write_list(writer, value.as_list(), depth, write_typed_json);
      break;
    case ValueKind::Map:
      write_properties(writer, value.as_map(), depth, write_typed_json);
      break;
    case ValueKind::Path:
      write_list(writer, value.as_path(), depth, write_typed_json);
      break;
    case ValueKind::Node:
    case ValueKind::Relationship:
      write_typed_entity(writer, value, depth);
      break;
    default:
      write_text(writer, value.to_display());
      break;
  }
  writer.EndObject();
}

std::string plain_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  write_plain_json(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string typed_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  write_typed_json(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace entente
