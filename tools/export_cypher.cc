// The dump in Cypher. Nodes are created with a temporary label and a number, both under names that the graph does not
// use; an index on the number makes the relationships find their ends quickly. Statements hold at most kChunk items and
// about kBytes bytes.
#include <cmath>
#include <ostream>
#include <set>

#include "entente/query/schema_text.h"
#include "entente/tools/export_graph.h"

namespace entente {
namespace {

constexpr size_t kChunk = 200;
constexpr size_t kBytes = 64 << 10;

/// Names that the graph uses for labels and properties of nodes.
std::set<std::string> used_names(const GraphSource& graph) {
  std::set<std::string> names;
  graph.each_node([&](const NodeData& node) {
    names.insert(node.labels.begin(), node.labels.end());
    for (const auto& entry : node.properties) names.insert(entry.first);
  });
  return names;
}

std::string fresh_name(const std::set<std::string>& used, std::string name) {
  while (used.count(name) != 0) name += '_';
  return name;
}

std::string map_literal(const Map& map) {
  std::string out = "{";
  for (const auto& [key, value] : map) {
    if (out.size() > 1) out += ", ";
    out += cypher_name(key) + ": " + cypher_literal(value);
  }
  return out + "}";
}

/// Joins items into statements: head, items between separators, tail.
class Statements {
 public:
  Statements(std::ostream& out, std::string head, std::string tail)
      : out_(out), head_(std::move(head)), tail_(std::move(tail)) {}
  ~Statements() { flush(); }

  void add(const std::string& item) {
    if (count_ == kChunk || bytes_ + item.size() > kBytes) flush();
    out_ << (count_ == 0 ? head_ : ",\n  ") << item;
    ++count_;
    bytes_ += item.size();
  }
  void flush() {
    if (count_ > 0) out_ << tail_ << ";\n";
    count_ = 0;
    bytes_ = 0;
  }

 private:
  std::ostream& out_;
  std::string head_;
  std::string tail_;
  size_t count_ = 0;
  size_t bytes_ = 0;
};

void write_nodes(std::ostream& out, const GraphSource& graph, const std::string& label, const std::string& key) {
  Statements statements(out, "CREATE\n  ", "");
  graph.each_node([&](const NodeData& node) {
    std::string labels;
    for (const std::string& name : node.labels) labels += ":" + cypher_name(name);
    std::string item = "(" + labels + ":" + label + " " + map_literal(node.properties);
    item.pop_back();
    if (item.back() != '{') item += ", ";
    statements.add(item + key + ": " + std::to_string(node.id.value) + "})");
  });
}

void write_relationships(std::ostream& out, const GraphSource& graph, const std::string& label,
                         const std::string& key) {
  std::set<std::string> types;
  graph.each_relationship([&](const RelationshipData& rel) { types.insert(rel.type); });
  for (const std::string& type : types) {
    Statements statements(out, "UNWIND [\n  ",
                          "\n] AS r MATCH (a:" + label + " {" + key + ": r[0]}), (b:" + label + " {" + key +
                              ": r[1]}) CREATE (a)-[x:" + cypher_name(type) + "]->(b) SET x = r[2]");
    graph.each_relationship([&](const RelationshipData& rel) {
      if (rel.type != type) return;
      statements.add("[" + std::to_string(rel.start.value) + ", " + std::to_string(rel.end.value) + ", " +
                     map_literal(rel.properties) + "]");
    });
  }
}

void write_schema(std::ostream& out, const Snapshot& snapshot) {
  for (const Index& index : snapshot.indexes()) out << create_statement(index.definition, snapshot) << ";\n";
  for (const Constraint& constraint : snapshot.constraints()) out << create_statement(constraint, snapshot) << ";\n";
}

}  // namespace

std::string cypher_literal(const Value& value) {
  if (value.is_float() && !std::isfinite(value.as_float())) {
    if (std::isnan(value.as_float())) return "(0.0 / 0.0)";
    return value.as_float() > 0 ? "(1.0 / 0.0)" : "(-1.0 / 0.0)";
  }
  if (!value.is_list()) return value.to_literal();
  std::string out = "[";
  for (const Value& item : value.as_list()) {
    if (out.size() > 1) out += ", ";
    out += cypher_literal(item);
  }
  return out + "]";
}

void write_cypher(std::ostream& out, const GraphSource& graph, const Snapshot* schema) {
  const std::set<std::string> used = used_names(graph);
  const std::string label = cypher_name(fresh_name(used, "DumpedNode"));
  const std::string key = cypher_name(fresh_name(used, "dumpedId"));
  out << "// A graph of " << graph.node_count() << " nodes and " << graph.relationship_count()
      << " relationships. Read it into a new database: entente load this-file DB\n";
  if (graph.node_count() > 0) {
    out << "CREATE CONSTRAINT dumped_node FOR (n:" << label << ") REQUIRE n." << key << " IS UNIQUE;\n";
    write_nodes(out, graph, label, key);
    write_relationships(out, graph, label, key);
    out << "DROP CONSTRAINT dumped_node;\nMATCH (n:" << label << ") REMOVE n:" << label << ", n." << key << ";\n";
  }
  if (schema != nullptr) write_schema(out, *schema);
}

}  // namespace entente
