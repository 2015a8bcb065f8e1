// All graphs of up to three nodes and three relationships, times a list of patterns, against a matcher that tries
// everything.
//
// Graphs: 0 to 3 nodes, each with the label A or none; up to 3 relationships of the types R and S between any two nodes
// or a node and itself. Of graphs that differ only in the order of their relationships one is taken. There are too many
// for a test of a few seconds, so as many are checked, in an order that the seed picks, as there is time for
// (ENTENTE_SELFCHECK_SECONDS); how many that were is printed.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "brute_force.h"
#include "explorer.h"
#include "outcome.h"

namespace entente::selfcheck {
namespace {

struct Pattern {
  std::vector<MatchPiece> clauses;
  std::vector<std::string> variables;
  std::string written;    // as the engine is asked, where that is in another form
  bool shortest = false;  // of the matches with the same ends those with the fewest relationships
  std::string text() const {
    if (!written.empty()) return "MATCH " + written + " ";
    std::string all;
    for (const MatchPiece& clause : clauses) all += clause.text() + " ";
    return all;
  }
};

/// `a:A -R> b -*0..1- c` as a path: nodes and relationships in turn. A relationship is a direction mark at its end, and
/// before it name, `:type` and `*length`.
PathPiece path_of(const std::vector<std::string>& parts) {
  PathPiece path;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string text = parts[i];
    if (i % 2 == 0) {
      const size_t colon = std::min(text.find(':'), text.size());
      path.nodes.push_back({text.substr(0, colon), text.substr(colon), "", ""});
      continue;
    }
    RelationshipPiece rel;
    rel.direction = text.back();
    text.pop_back();
    const size_t star = std::min(text.find('*'), text.size());
    rel.length = text.substr(star);
    const size_t colon = std::min(text.find(':'), star);
    rel.name = text.substr(0, colon);
    rel.type = text.substr(colon, star - colon);
    path.relationships.push_back(rel);
  }
  return path;
}

using Paths = std::vector<std::vector<std::string>>;

MatchPiece clause_of(const Paths& paths, bool optional = false) {
  MatchPiece piece;
  piece.optional = optional;
  for (const auto& parts : paths) piece.paths.push_back(path_of(parts));
  return piece;
}

Pattern pattern_of(std::vector<MatchPiece> clauses) {
  Pattern pattern{std::move(clauses), {}, "", false};
  for (const MatchPiece& clause : pattern.clauses) {
    for (const PathPiece& path : clause.paths) {
      for (const NodePiece& node : path.nodes) pattern.variables.push_back(node.name);
      for (const RelationshipPiece& rel : path.relationships) pattern.variables.push_back(rel.name);
    }
  }
  std::sort(pattern.variables.begin(), pattern.variables.end());
  pattern.variables.erase(std::unique(pattern.variables.begin(), pattern.variables.end()), pattern.variables.end());
  std::erase(pattern.variables, "");
  return pattern;
}

std::vector<Pattern> patterns() {
  const std::vector<Paths> single = {
      {{"a"}},
      {{"a:A"}},
      {{"a", "r>", "b"}},
      {{"a", "r<", "b"}},
      {{"a", "r-", "b"}},
      {{"a", "r:R>", "b"}},
      {{"a:A", "r:R-", "b:A"}},
      {{"a", "r>", "a"}},
      {{"a", "r-", "a"}},
      {{"a", ">", "b", ">", "c"}},
      {{"a", "r>", "b", "s<", "c"}},
      {{"a", "r-", "b", "s-", "c"}},
      {{"a", ":R>", "b:A", ":S<", "c"}},
      {{"a", "r>", "b", "s>", "a"}},
      {{"a", "r-", "b", "s-", "a"}},
      {{"a", ">", "b", ">", "c", ">", "a"}},
      {{"a", "-", "b", "-", "c", "-", "a"}},
      {{"a", "-", "b", "-", "c", "-", "d"}},
      {{"a", ">", "b", "<", "c", ">", "d"}},
      {{"a", "r*>", "b"}},
      {{"a", "r*-", "b"}},
      {{"a", "r*0..>", "b"}},
      {{"a", "r*0..0-", "b"}},
      {{"a", "r*0..1<", "b"}},
      {{"a", "r*2>", "b"}},
      {{"a", "r*2..3-", "b"}},
      {{"a", "r*..2>", "b:A"}},
      {{"a", "r:R*>", "b"}},
      {{"a", "r:S*0..2-", "a"}},
      {{"a", "r*-", "a"}},
      {{"a", "r*>", "b", "s*>", "c"}},
      {{"a", "r*0..1-", "b", "s-", "c"}},
      {{"a", "*>", "b"}},
      {{"a", "*0..2-", "b"}},
      {{"a", "*2..3-", "b"}},
      {{"a", "*3..>", "b"}},
      {{"", "r>", ""}},
      {{"", "*-", "b"}},
      {{"a"}, {"b"}},
      {{"a", "r>", "b"}, {"c", "s>", "d"}},
      {{"a", "r>", "b"}, {"b", "s>", "c"}},
      {{"a", "r>", "b"}, {"a", "s>", "b"}},
      {{"a", "r-", "b"}, {"a", "s*-", "b"}},
      {{"a", "-", "b"}, {"b", "-", "c"}, {"c", "-", "a"}},
      {{"a", ">", "b"}, {"b", ">", "c"}, {"c", ">", "d"}, {"d", ">", "a"}},
  };
  std::vector<Pattern> all;
  for (const Paths& paths : single) all.push_back(pattern_of({clause_of(paths)}));
  const auto two = [&](const Paths& first, const Paths& second, bool optional) {
    all.push_back(pattern_of({clause_of(first), clause_of(second, optional)}));
  };
  two({{"a", "r>", "b"}}, {{"b", "s>", "c"}}, false);
  two({{"a", "r>", "b"}}, {{"a", "r>", "b"}}, false);
  two({{"a", "r-", "b"}}, {{"c", "r-", "d"}}, false);
  two({{"a", "r-", "b"}}, {{"b", "s*-", "a"}}, false);
  two({{"a"}}, {{"a", "r>", "b"}}, true);
  two({{"a:A"}}, {{"a", "r*-", "a"}}, true);
  two({{"a"}, {"b"}}, {{"a", "r:R>", "b"}}, true);
  two({{"a", "r>", "b"}}, {{"b", "s>", "c:A"}, {"c", "t-", "a"}}, true);
  two({{"a"}, {"b"}}, {{"a", "r*1..2-", "b"}}, true);
  two({{"a", "r*0..1>", "b"}}, {{"b", "s>", "a"}}, true);
  const auto same = [&](const std::vector<std::string>& path, const std::string& written, bool shortest) {
    all.push_back(pattern_of({clause_of({path})}));
    all.back().written = written;
    all.back().shortest = shortest;
  };
  same({"a", "r*1..2>", "b"}, "(a)((x)-[r]->(y)){1,2}(b)", false);
  same({"a", "r*-", "b"}, "(a)((x)-[r]-(y))+(b)", false);
  same({"a", "r*0..<", "b"}, "(a)((x)<-[r]-(y))*(b)", false);
  same({"a", "r*-", "a"}, "(a)((x)-[r]-(y))+(a)", false);
  same({"a", "r:R*2..3-", "b"}, "(a)-[r:R]-{2,3}(b)", false);
  same({"a:A", "r*0..2>", "b:A"}, "(a:A)-[r]->{,2}(b:A)", false);
  same({"a", "r*>", "b"}, "ALL SHORTEST (a)-[r]->+(b)", true);
  same({"a", "r*-", "b"}, "ALL SHORTEST (a)((x)-[r]-(y))+(b)", true);
  same({"a", "r*0..-", "b:A"}, "SHORTEST 1 GROUPS (a)-[r]-*(b:A)", true);
  same({"a", "r*2..>", "b"}, "ALL SHORTEST (a)-[r]->{2,}(b)", true);
  same({"a", "r:S*-", "a"}, "ALL SHORTEST (a)-[r:S]-+(a)", true);
  return all;
}

// ---- graphs ----

/// The possible relationships between this many nodes.
std::vector<TinyGraph::Edge> edges_of(int nodes) {
  std::vector<TinyGraph::Edge> edges;
  for (int from = 0; from < nodes; ++from) {
    for (int to = 0; to < nodes; ++to) {
      for (char type : {'R', 'S'}) edges.push_back({from, to, type});
    }
  }
  return edges;
}

void add_graphs(std::vector<TinyGraph>& all, const TinyGraph& graph, const std::vector<TinyGraph::Edge>& edges,
                size_t from) {
  all.push_back(graph);
  if (graph.edges.size() == 3) return;
  for (size_t i = from; i < edges.size(); ++i) {
    TinyGraph more = graph;
    more.edges.push_back(edges[i]);
    add_graphs(all, more, edges, i);
  }
}

std::vector<TinyGraph> graphs(int nodes) {
  std::vector<TinyGraph> all;
  for (int labels = 0; labels <= nodes; ++labels) {  // the first so many have the label
    TinyGraph graph;
    for (int i = 0; i < nodes; ++i) graph.labels.emplace_back(i < labels ? "A" : "");
    add_graphs(all, graph, edges_of(nodes), 0);
  }
  return all;
}

// ---- comparing ----

std::string name_of(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_node()) return value.node_data()->properties.at(0).second.as_string();
  if (value.is_relationship()) return value.relationship_data()->properties.at(0).second.as_string();
  std::string text;
  for (const Value& part : value.as_list()) text += (text.empty() ? "" : ", ") + name_of(part);
  return "[" + text + "]";
}

std::vector<std::string> engine_rows(Session& session, const Pattern& pattern) {
  std::string items;
  for (const std::string& variable : pattern.variables) items += (items.empty() ? "" : ", ") + variable;
  if (items.empty()) items = "1 AS one";
  std::vector<std::string> rows;
  for (const Row& row : session.run(pattern.text() + "RETURN " + items)) {
    std::string text;
    if (!pattern.variables.empty()) {
      for (const Value& value : row.values()) text += name_of(value) + " ";
    }
    rows.push_back(text);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// Of rows that end in a list those with the shortest list for what comes before it.
void keep_shortest(std::vector<std::string>& rows) {
  const auto length = [](const std::string& row) {
    return row.find("[]") != std::string::npos ? 0 : 1 + std::count(row.begin(), row.end(), ',');
  };
  std::map<std::string, ptrdiff_t> least;
  for (const std::string& row : rows) {
    const std::string ends = row.substr(0, row.find('['));
    const auto known = least.emplace(ends, length(row)).first;
    known->second = std::min(known->second, length(row));
  }
  std::erase_if(rows, [&](const std::string& row) { return length(row) > least[row.substr(0, row.find('['))]; });
}

std::vector<std::string> brute_rows(const TinyGraph& graph, const Pattern& pattern) {
  std::vector<Bindings> found = {{}};
  for (const MatchPiece& clause : pattern.clauses) found = brute_force(graph, clause, found);
  std::vector<std::string> rows;
  for (Bindings& bindings : found) {
    std::string text;
    for (const std::string& variable : pattern.variables) text += bindings[variable] + " ";
    rows.push_back(text);
  }
  if (pattern.shortest) keep_shortest(rows);
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// How many values the first or last variable has.
size_t distinct_ends(const std::vector<std::string>& rows, bool last) {
  std::vector<std::string> ends;
  for (const std::string& row : rows) {
    ends.push_back(last ? row.substr(row.rfind(' ', row.size() - 2) + 1, row.size()) : row.substr(0, row.find(' ')));
    if (last) ends.back().pop_back();
  }
  std::sort(ends.begin(), ends.end());
  std::erase(ends, "null");
  return static_cast<size_t>(std::unique(ends.begin(), ends.end()) - ends.begin());
}

/// Rows, their count, and the counts of what the first and the last variable can be: an optimiser finds each in another
/// way.
std::string compare(Session& session, const TinyGraph& graph, const Pattern& pattern) {
  const std::vector<std::string> expected = brute_rows(graph, pattern);
  std::vector<std::string> actual = engine_rows(session, pattern);
  std::string text = graph.create_statement() + "\n" + pattern.text() + "\n";
  if (actual != expected) {
    text += "expected:\n";
    for (const std::string& row : expected) text += "  " + row + "\n";
    text += "actual:\n";
    for (const std::string& row : actual) text += "  " + row + "\n";
    return text;
  }
  std::string counts = "RETURN count(*) AS c";
  const int64_t all = session.run(pattern.text() + counts).rows().at(0)[0].as_integer();
  if (all != static_cast<int64_t>(expected.size())) {
    return text + "count(*) is " + std::to_string(all) + ", not " + std::to_string(expected.size());
  }
  if (pattern.variables.empty()) return "";
  for (const bool last : {false, true}) {
    const std::string& variable = last ? pattern.variables.back() : pattern.variables.front();
    if (variable[0] >= 'r') continue;  // lists print as several
    counts = "RETURN count(DISTINCT " + variable + ") AS c";
    const int64_t ends = session.run(pattern.text() + counts).rows().at(0)[0].as_integer();
    const size_t right = distinct_ends(expected, last);
    if (ends != static_cast<int64_t>(right)) {
      return text + counts + " is " + std::to_string(ends) + ", not " + std::to_string(right);
    }
  }
  return "";
}

bool check_graph(const TinyGraph& graph, const std::vector<Pattern>& all) {
  Database database = Database::in_memory();
  Session session = database.session();
  const std::string text = graph.create_statement();
  if (!text.empty()) session.run(text);
  for (const Pattern& pattern : all) {
    const std::string wrong = compare(session, graph, pattern);
    if (wrong.empty()) continue;
    ADD_FAILURE() << wrong;
    return false;
  }
  return true;
}

TEST(Exhaustive, GraphsOfTwoNodes) {
  const std::vector<Pattern> all = patterns();
  const Budget budget(0.1);
  size_t checked = 0;
  for (int nodes = 0; nodes <= 2; ++nodes) {
    std::vector<TinyGraph> some = graphs(nodes);
    Random random(run_seed());
    for (size_t i = some.size(); i > 1; --i) std::swap(some[i - 1], some[random.below(i)]);
    for (const TinyGraph& graph : some) {
      if (!budget.left()) break;
      ++checked;
      if (!check_graph(graph, all)) return;
    }
  }
  std::cout << checked << " graphs, " << all.size() << " patterns" << std::endl;
}

TEST(Exhaustive, GraphsOfThreeNodes) {
  const std::vector<Pattern> all = patterns();
  const Budget budget(0.1);
  std::vector<TinyGraph> some = graphs(3);
  Random random(run_seed());
  for (size_t i = some.size(); i > 1; --i) std::swap(some[i - 1], some[random.below(i)]);
  size_t checked = 0;
  for (const TinyGraph& graph : some) {
    if (!budget.left()) break;
    ++checked;
    if (!check_graph(graph, all)) return;
  }
  std::cout << checked << " of " << some.size() << " graphs, " << all.size() << " patterns" << std::endl;
}

}  // namespace
}  // namespace entente::selfcheck
