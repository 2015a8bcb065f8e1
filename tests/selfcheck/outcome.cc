#include "outcome.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>

namespace entente::selfcheck {

namespace {

constexpr std::chrono::milliseconds kTimeout{4000};
constexpr size_t kMemory = size_t{256} << 20;

std::string float_text(double number, bool loose) {
  if (std::isnan(number)) return "NaN";
  if (loose && number == 0) number = 0;  // of either sign
  char buffer[64];
  // Sums in another order round differently in the last digits.
  if (std::fabs(number) < 1e-9 && number != 0) return loose ? "0" : "~0";
  std::snprintf(buffer, sizeof buffer, "%.9g", number);
  std::string text = buffer;
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return whole && !loose ? text + ".0" : text;
}

std::string list_text(const List& list, const Comparing& comparing, bool loose) {
  std::vector<std::string> parts;
  parts.reserve(list.size());
  for (const Value& part : list) parts.push_back(canonical(part, comparing));
  if (loose) std::sort(parts.begin(), parts.end());
  std::string text = "[";
  for (const std::string& part : parts) text += part + ", ";
  return text + "]";
}

std::string map_text(const Map& map, const Comparing& comparing) {
  std::string text = "{";
  for (const auto& [key, value] : map) text += key + ": " + canonical(value, comparing) + ", ";
  return text + "}";
}

bool contains(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

std::string joined(std::vector<std::string> parts) {
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += part + ";";
  return text;
}

}  // namespace

Comparing comparing_for(std::string_view statement) {
  Comparing comparing;
  for (const char* word :
       {"DISTINCT", "min(", "max(", "UNION", "ORDER BY", "MERGE", "count(", "sum(", "avg(", "collect(", "reduce("}) {
    comparing.loose_numbers = comparing.loose_numbers || contains(statement, word);
  }
  for (const char* word : {"collect(", "COLLECT"}) {
    comparing.loose_lists = comparing.loose_lists || contains(statement, word);
  }
  return comparing;
}

std::string canonical(const Value& value, const Comparing& comparing) {
  switch (value.kind()) {
    case ValueKind::Float:
      return float_text(value.as_float(), comparing.loose_numbers);
    case ValueKind::List:
      return list_text(value.as_list(), comparing, comparing.loose_lists);
    case ValueKind::Path:
      return "path" + list_text(value.as_path(), comparing, false);
    case ValueKind::Map:
      return map_text(value.as_map(), comparing);
    case ValueKind::Node: {
      std::string text = "(" + std::to_string(value.as_node().value);
      if (const NodeData* data = value.node_data()) {
        std::vector<std::string> labels = data->labels;  // which come in the order in which they were first used
        std::sort(labels.begin(), labels.end());
        for (const std::string& label : labels) text += ":" + label;
        text += map_text(data->properties, comparing);
      }
      return text + ")";
    }
    case ValueKind::Relationship: {
      std::string text = "[" + std::to_string(value.as_relationship().value);
      if (const RelationshipData* data = value.relationship_data()) {
        text += ":" + data->type + std::to_string(data->start.value) + ">" + std::to_string(data->end.value) +
                map_text(data->properties, comparing);
      }
      return text + "]";
    }
    default:
      return value.to_literal();
  }
}

std::string Outcome::text() const {
  if (gave_up) return "gave up: " + message + "\n";
  if (failed()) return "error " + error + ": " + message + "\n";
  std::string text = std::to_string(rows.size()) + " rows\n";
  for (size_t i = 0; i < rows.size() && i < 40; ++i) text += "  " + rows[i] + "\n";
  return rows.size() > 40 ? text + "  …\n" : text;
}

const Map& known_parameters() {
  static const Map kParameters = {{"i", Value(2)},
                                  {"s", Value("ab")},
                                  {"label", Value("A")},
                                  {"map", Value::map({{"k", Value(3)}})},
                                  {"missing", Value()}};
  return kParameters;
}

Outcome run(Database& database, const std::string& statement, const Twin& twin, const Comparing& comparing) {
  Outcome outcome;
  Session session = database.session();
  session.set_timeout(kTimeout);
  session.set_memory_limit(kMemory);
  session.set_batch_size(twin.batch_size);
  session.set_threads(twin.threads);
  for (const std::string& pass : twin.disabled) session.disable_pass(pass);
  if (twin.eager) session.optimize_eagerly();
  try {
    Result result = session.run(statement, known_parameters());
    outcome.columns = result.columns();
    for (const Row& row : result) {
      std::string text;
      for (const Value& value : row.values()) text += canonical(value, comparing) + " | ";
      outcome.rows.push_back(std::move(text));
    }
  } catch (const Error& error) {
    outcome.rows.clear();
    outcome.error = error.code() + (error.phase() == Phase::CompileTime ? " (compile time)" : " (run time)");
    outcome.message = error.what();
    outcome.gave_up = error.kind() == "ResourceError";
  }
  if (!comparing.ordered) std::sort(outcome.rows.begin(), outcome.rows.end());
  return outcome;
}

std::string difference(const Outcome& a, const Outcome& b, bool kinds) {
  if (a.gave_up || b.gave_up) return "";
  if (a.failed() != b.failed()) return "one fails, the other does not";
  if (a.failed()) return kinds && a.error != b.error ? "the errors differ" : "";
  if (a.columns != b.columns) return "the columns differ";
  return a.rows == b.rows ? "" : "the rows differ";
}

std::vector<std::string> describe_graph(Database& database) {
  const Comparing exact;
  Session session = database.session();
  std::map<int64_t, std::string> nodes;
  for (const Row& row : session.run("MATCH (n) RETURN id(n), labels(n), properties(n)")) {
    Comparing labels;
    labels.loose_lists = true;
    nodes[row[0].as_integer()] = canonical(row[1], labels) + canonical(row[2], exact);
  }
  struct Edge {
    int64_t from, to;
    std::string text;
  };
  std::vector<Edge> edges;
  for (const Row& row : session.run("MATCH (a)-[r]->(b) RETURN id(a), id(b), type(r), properties(r)")) {
    edges.push_back({row[0].as_integer(), row[1].as_integer(), row[2].as_string() + canonical(row[3], exact)});
  }
  std::vector<std::string> lines;
  for (int round = 0; round < 3; ++round) {
    std::map<int64_t, std::vector<std::string>> around;
    for (const Edge& edge : edges) {
      around[edge.from].push_back(">" + edge.text + nodes[edge.to]);
      around[edge.to].push_back("<" + edge.text + nodes[edge.from]);
    }
    lines.clear();
    for (const Edge& edge : edges) lines.push_back(nodes[edge.from] + "-" + edge.text + "->" + nodes[edge.to]);
    for (auto& [id, text] : nodes) lines.push_back(text);
    for (auto& [id, text] : nodes) {
      char hash[32];
      std::snprintf(hash, sizeof hash, "%zx", std::hash<std::string>()(text + joined(around[id])));
      text = text.substr(0, text.find('#')) + "#" + hash;
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace entente::selfcheck
