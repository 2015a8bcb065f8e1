// Graphs as JSON lines and as CSV files.
#include <fstream>
#include <map>
#include <ostream>
#include <set>

#include "entente/core/error.h"
#include "entente/tools/export_graph.h"
#include "entente/tools/format.h"
#include "entente/tools/import_values.h"
#include "entente/tools/json_value.h"

namespace entente {
namespace {

constexpr char kArrayDelimiter = ';';

void put_json_line(std::ostream& out, const rapidjson::StringBuffer& buffer) {
  out.write(buffer.GetString(), static_cast<std::streamsize>(buffer.GetSize()));
  out << '\n';
}

void write_properties(JsonWriter& writer, const Map& properties) {
  writer.Key("properties");
  write_plain_json(writer, Value::map(properties));
}

CellType cell_type(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Boolean:
      return CellType::Boolean;
    case ValueKind::Integer:
      return CellType::Integer;
    case ValueKind::Float:
      return CellType::Float;
    case ValueKind::Date:
      return CellType::Date;
    case ValueKind::LocalTime:
      return CellType::LocalTime;
    case ValueKind::Time:
      return CellType::Time;
    case ValueKind::LocalDateTime:
      return CellType::LocalDateTime;
    case ValueKind::DateTime:
      return CellType::DateTime;
    case ValueKind::Duration:
      return CellType::Duration;
    default:
      return CellType::String;
  }
}

/// The types that the values of a property were seen to have.
class SeenTypes {
 public:
  void add(const Value& value) {
    if (!value.is_list()) {
      single_ = true;
      bases_.insert(cell_type(value));
      return;
    }
    array_ = true;
    for (const Value& item : value.as_list()) bases_.insert(cell_type(item));
  }
  bool mixed() const { return bases_.size() > 1 || (single_ && array_); }
  PropertyType type() const {
    if (single_ && array_) return {CellType::String, false};
    return {bases_.size() == 1 ? *bases_.begin() : CellType::String, array_};
  }

 private:
  std::set<CellType> bases_;
  bool single_ = false;
  bool array_ = false;
};

using SeenColumns = std::map<std::string, SeenTypes>;

void see(SeenColumns& columns, const Map& properties) {
  for (const auto& [key, value] : properties) columns[key].add(value);
}

std::string property_cell(const Value& value, PropertyType type) {
  if (!type.array || !value.is_list())
    return csv_cell(value.is_null() ? value : Value(value.is_list() ? plain_json(value) : value.to_display()));
  if (value.as_list().empty()) return "\"\"";
  std::string out;
  for (const Value& item : value.as_list()) {
    if (!out.empty()) out += kArrayDelimiter;
    out += list_item(item.to_display(), kArrayDelimiter);
  }
  return csv_quote(out);
}

/// Cells for all columns, each after a delimiter.
void put_cells(std::ostream& out, const SeenColumns& columns, const Map& properties) {
  for (const auto& [key, seen] : columns) {
    out << ',';
    for (const auto& [name, value] : properties) {
      if (name == key) out << property_cell(value, seen.type());
    }
  }
}

void put_header(std::ostream& out, const SeenColumns& columns) {
  for (const auto& [key, seen] : columns) out << ',' << csv_quote(key + ":" + type_name(seen.type()));
  out << '\n';
}

std::ofstream create(const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) throw Error("ToolError", "CannotWrite", Phase::Runtime, "Cannot write the file '" + path.string() + "'");
  return out;
}

void close(std::ofstream& out, const std::filesystem::path& path) {
  out.flush();
  if (!out) throw Error("ToolError", "CannotWrite", Phase::Runtime, "Writing the file '" + path.string() + "' failed");
}

}  // namespace

void write_json_lines(std::ostream& out, const GraphSource& graph) {
  graph.each_node([&](const NodeData& node) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("kind");
    writer.String("node");
    writer.Key("id");
    writer.Uint(node.id.value);
    writer.Key("labels");
    writer.StartArray();
    for (const std::string& label : node.labels) write_text(writer, label);
    writer.EndArray();
    write_properties(writer, node.properties);
    writer.EndObject();
    put_json_line(out, buffer);
  });
  graph.each_relationship([&](const RelationshipData& rel) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("kind");
    writer.String("relationship");
    writer.Key("id");
    writer.Uint(rel.id.value);
    writer.Key("type");
    write_text(writer, rel.type);
    writer.Key("start");
    writer.Uint(rel.start.value);
    writer.Key("end");
    writer.Uint(rel.end.value);
    write_properties(writer, rel.properties);
    writer.EndObject();
    put_json_line(out, buffer);
  });
}

void write_csv_files(const std::filesystem::path& folder, const GraphSource& graph,
                     const std::function<void(const std::string&)>& warn) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  SeenColumns node_columns;
  SeenColumns relationship_columns;
  graph.each_node([&](const NodeData& node) { see(node_columns, node.properties); });
  graph.each_relationship([&](const RelationshipData& rel) { see(relationship_columns, rel.properties); });
  for (const SeenColumns* columns : {&node_columns, &relationship_columns}) {
    for (const auto& [key, seen] : *columns) {
      if (seen.mixed())
        warn("The property '" + key + "' has values of several types; they are written as " + type_name(seen.type()));
    }
  }
  const std::filesystem::path nodes_path = folder / "nodes.csv";
  std::ofstream nodes = create(nodes_path);
  nodes << ":ID,:LABEL";
  put_header(nodes, node_columns);
  graph.each_node([&](const NodeData& node) {
    std::string labels;
    for (const std::string& label : node.labels) {
      if (!labels.empty()) labels += kArrayDelimiter;
      labels += list_item(label, kArrayDelimiter);
    }
    nodes << node.id.value << ',' << csv_quote(labels);
    put_cells(nodes, node_columns, node.properties);
    nodes << '\n';
  });
  close(nodes, nodes_path);
  const std::filesystem::path relationships_path = folder / "relationships.csv";
  std::ofstream relationships = create(relationships_path);
  relationships << ":START_ID,:END_ID,:TYPE";
  put_header(relationships, relationship_columns);
  graph.each_relationship([&](const RelationshipData& rel) {
    relationships << rel.start.value << ',' << rel.end.value << ',' << csv_quote(rel.type);
    put_cells(relationships, relationship_columns, rel.properties);
    relationships << '\n';
  });
  close(relationships, relationships_path);
}

}  // namespace entente
