// Path searches against a twin that enumerates all trails of small random graphs; quantified path patterns against the
// unions of patterns that they stand for; and what is refused.
#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entente/query/entente.h"

namespace entente {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::vector<std::string> lines(Session& session, const std::string& query) {
  std::vector<std::string> out;
  for (const Row& row : session.run(query)) {
    std::string line;
    for (const Value& value : row.values()) line += (line.empty() ? "" : " ") + value.to_literal();
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<std::string> sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// The same whatever the optimiser does and however rows are batched.
std::vector<std::string> rows_of(Database& database, const std::string& query) {
  Session plain = database.session();
  const std::vector<std::string> rows = sorted(lines(plain, query));
  Session unoptimised = database.session();
  unoptimised.disable_pass("all");
  EXPECT_EQ(sorted(lines(unoptimised, query)), rows) << query;
  Session one_by_one = database.session();
  one_by_one.set_batch_size(1);
  EXPECT_EQ(sorted(lines(one_by_one, query)), rows) << query;
  return rows;
}

std::string error_of(Database& database, const std::string& query) {
  Session session = database.session();
  try {
    lines(session, query);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// ---- the twin ----------------------------------------------------------------------------------------------

struct Edge {
  int from;
  int to;
  bool s;  // of type S rather than R
  int x;
};

struct Graph {
  int nodes = 0;
  std::vector<Edge> edges;
};

Graph random_graph(std::mt19937& random) {
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Graph graph;
  graph.nodes = 2 + below(4);
  const int edges = below(8);
  for (int i = 0; i < edges; ++i) {
    graph.edges.push_back({below(graph.nodes), below(graph.nodes), below(3) == 0, below(4)});
  }
  return graph;
}

void load(Database& database, const Graph& graph) {
  Session session = database.session();
  for (int i = 0; i < graph.nodes; ++i) lines(session, "CREATE (:N {i: " + std::to_string(i) + "})");
  for (size_t i = 0; i < graph.edges.size(); ++i) {
    const Edge& e = graph.edges[i];
    lines(session, "MATCH (a {i: " + std::to_string(e.from) + "}), (b {i: " + std::to_string(e.to) +
                       "}) CREATE (a)-[:" + (e.s ? "S" : "R") + " {i: " + std::to_string(i) +
                       ", x: " + std::to_string(e.x) + "}]->(b)");
  }
}

enum class Way { Out, In, Both };

struct Wanted {
  Way way = Way::Out;
  bool only_r = false;
  int least_x = 0;    // of each relationship
  int least_sum = 0;  // of x over the path
  size_t min = 1;
  size_t max = 100;
};

using Path = std::vector<int>;  // edges
using Pair = std::pair<int, int>;

class Twin {
 public:
  Twin(const Graph& graph, const Wanted& wanted) : graph_(graph), wanted_(wanted) {
    for (start_ = 0; start_ < graph.nodes; ++start_) walk(start_);
  }
  /// All trails, by their ends, shortest first.
  std::map<Pair, std::vector<Path>> found;

 private:
  void walk(int at) {
    int sum = 0;
    for (const int e : path_) sum += graph_.edges[static_cast<size_t>(e)].x;
    if (path_.size() >= wanted_.min && sum >= wanted_.least_sum) {
      std::vector<Path>& paths = found[{start_, at}];
      paths.insert(std::upper_bound(paths.begin(), paths.end(), path_,
                                    [](const Path& a, const Path& b) { return a.size() < b.size(); }),
                   path_);
    }
    if (path_.size() == wanted_.max) return;
    for (size_t i = 0; i < graph_.edges.size(); ++i) {
      const Edge& e = graph_.edges[i];
      const int id = static_cast<int>(i);
      if ((wanted_.only_r && e.s) || e.x < wanted_.least_x) continue;
      if (std::find(path_.begin(), path_.end(), id) != path_.end()) continue;
      path_.push_back(id);
      if (wanted_.way != Way::In && e.from == at) walk(e.to);
      const bool loop_done = wanted_.way == Way::Both && e.from == e.to;
      if (wanted_.way != Way::Out && e.to == at && !loop_done) walk(e.from);
      path_.pop_back();
    }
  }

  const Graph& graph_;
  const Wanted& wanted_;
  int start_ = 0;
  Path path_;
};

std::string path_text(const Path& path) {
  std::string text;
  for (const int e : path) text += (text.empty() ? "" : ", ") + std::to_string(e);
  return "[" + text + "]";
}

std::string row_text(const Pair& ends, const Path& path) {
  return std::to_string(ends.first) + " " + std::to_string(ends.second) + " " + path_text(path);
}

/// Of each pair the paths of the `groups` least lengths.
std::vector<std::string> shortest_groups(const Twin& twin, size_t groups) {
  std::vector<std::string> rows;
  for (const auto& [ends, paths] : twin.found) {
    std::set<size_t> lengths;
    for (const Path& path : paths) {
      lengths.insert(path.size());
      if (lengths.size() <= groups) rows.push_back(row_text(ends, path));
    }
  }
  return sorted(std::move(rows));
}

/// Of each pair the lengths of the `count` shortest: which of equal length are chosen is free.
std::vector<std::string> shortest_lengths(const Twin& twin, size_t count) {
  std::vector<std::string> rows;
  for (const auto& [ends, paths] : twin.found) {
    for (size_t i = 0; i < std::min(count, paths.size()); ++i) {
      rows.push_back(std::to_string(ends.first) + " " + std::to_string(ends.second) + " " +
                     std::to_string(paths[i].size()));
    }
  }
  return sorted(std::move(rows));
}

std::string arrow(const Wanted& wanted, const std::string& inside, const std::string& quantifier = "") {
  return std::string(wanted.way == Way::In ? "<-[" : "-[") + inside + (wanted.way == Way::Out ? "]->" : "]-") +
         quantifier;
}

const std::string kReturnPath = " RETURN a.i, b.i, [r IN relationships(p) | r.i]";
const std::string kReturnLength = " RETURN a.i, b.i, length(p)";

Wanted random_wanted(std::mt19937& random) {
  Wanted wanted;
  wanted.way = static_cast<Way>(random() % 3);
  wanted.only_r = random() % 2 == 0;
  wanted.least_x = random() % 3 == 0 ? 1 : 0;
  wanted.min = random() % 5 == 0 ? 2 : random() % 2;
  wanted.max = random() % 3 == 0 ? wanted.min + random() % 3 : 100;
  if (wanted.max == 0) wanted.max = 1;
  return wanted;
}

std::string bounds(const Wanted& wanted) {
  return std::to_string(wanted.min) + ".." + (wanted.max == 100 ? "" : std::to_string(wanted.max));
}
std::string quantifier(const Wanted& wanted) {
  return "{" + std::to_string(wanted.min) + "," + (wanted.max == 100 ? "" : std::to_string(wanted.max)) + "}";
}

TEST(PathSearchTwin, ShortestPaths) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const Graph graph = random_graph(random);
    Database database = Database::in_memory();
    load(database, graph);
    Wanted wanted = random_wanted(random);
    const std::string type = wanted.only_r ? ":R" : "";
    const std::string each = wanted.least_x > 0 ? " WHERE r.x >= 1" : "";
    const std::string legacy = arrow(wanted, "r" + type + "*" + bounds(wanted) + each);
    const std::string repeated = arrow(wanted, "r" + type + each, quantifier(wanted));
    for (const std::string ends : {"MATCH (a), (b) ", "MATCH (a) ", "MATCH (b) ", ""}) {
      const Twin twin(graph, wanted);
      const auto groups = [&](size_t k) { return shortest_groups(twin, k); };
      EXPECT_EQ(rows_of(database, ends + "MATCH p = allShortestPaths((a)" + legacy + "(b))" + kReturnPath), groups(1));
      EXPECT_EQ(rows_of(database, ends + "MATCH p = shortestPath((a)" + legacy + "(b))" + kReturnLength),
                shortest_lengths(twin, 1));
      EXPECT_EQ(rows_of(database, ends + "MATCH p = ALL SHORTEST (a)" + repeated + "(b)" + kReturnPath), groups(1));
      EXPECT_EQ(rows_of(database, ends + "MATCH SHORTEST 2 GROUPS p = (a)" + repeated + "(b)" + kReturnPath),
                groups(2));
      EXPECT_EQ(rows_of(database, ends + "MATCH p = SHORTEST 3 (a)" + legacy + "(b)" + kReturnLength),
                shortest_lengths(twin, 3));
      EXPECT_EQ(rows_of(database, ends + "MATCH p = (a)" + repeated + "(b)" + kReturnPath), groups(100));
    }
    if (HasFailure()) return;
  }
}

TEST(PathSearchTwin, ConditionsOnThePath) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const Graph graph = random_graph(random);
    Database database = Database::in_memory();
    load(database, graph);
    Wanted wanted = random_wanted(random);
    const std::string legacy = "(a)" + arrow(wanted, (wanted.only_r ? ":R*" : "*") + bounds(wanted)) + "(b)";
    wanted.least_sum = 3;
    const std::string sum = "reduce(s = 0, r IN relationships(p) | s + r.x) >= 3";
    std::string each = wanted.least_x > 0 ? "all(r IN relationships(p) WHERE r.x >= 1) AND " : "";
    if (seed % 2 == 0 && wanted.least_x > 0) each = "none(r IN relationships(p) WHERE r.x < 1) AND ";
    for (const std::string ends : {"MATCH (a), (b) ", "MATCH (b) ", ""}) {
      const Twin twin(graph, wanted);
      EXPECT_EQ(
          rows_of(database, ends + "MATCH p = allShortestPaths(" + legacy + ") WHERE " + each + sum + kReturnPath),
          shortest_groups(twin, 1));
      EXPECT_EQ(rows_of(database, ends + "MATCH p = shortestPath(" + legacy + ") WHERE " + each + sum + kReturnLength),
                shortest_lengths(twin, 1));
      EXPECT_EQ(
          rows_of(database, ends + "MATCH ALL SHORTEST (p = " + legacy + " WHERE " + each + sum + ")" + kReturnPath),
          shortest_groups(twin, 1));
    }
    if (HasFailure()) return;
  }
}

// ---- groups ------------------------------------------------------------------------------------------------

/// `hop` with each @ replaced by a number.
std::string numbered(const std::string& text, int n) {
  std::string out;
  for (const char c : text) c == '@' ? out += std::to_string(n) : out += c;
  return out;
}

/// (a) ((x)HOPS(z) WHERE …){min,max} (b) by hand: a UNION ALL of a pattern for each number of times.
std::string by_hand(const std::string& hops, const std::string& where, int min, int max) {
  std::string query;
  for (int times = min; times <= max; ++times) {
    std::string pattern = "(x1)";
    std::string conditions = "true";
    std::string xs;
    std::string rs;
    for (int i = 1; i <= times; ++i) {
      pattern += numbered(hops, i) + "(x" + std::to_string(i + 1) + ")";
      std::string condition = numbered(where, i);
      for (size_t at; (at = condition.find('#')) != std::string::npos;) {
        condition.replace(at, 1, "x" + std::to_string(i + 1));
      }
      conditions += " AND (" + condition + ")";
      xs += (i > 1 ? ", x" : "x") + std::to_string(i) + ".i";
      rs += (i > 1 ? ", r" : "r") + std::to_string(i) + ".i";
    }
    const std::string last = "x" + std::to_string(times + 1);
    query += (query.empty() ? "" : " UNION ALL ") + ("MATCH p = " + pattern) + " WHERE " + conditions +
             " RETURN x1.i AS a, " + last + ".i AS b, [" + xs + "] AS xs, [" + rs +
             "] AS rs, [r IN relationships(p) | r.i] AS p";
  }
  return query;
}

TEST(PathSearchTwin, GroupsAreUnionsOfPatterns) {
  struct Case {
    std::string inner;  // as a group
    std::string hops;   // by hand, @ is the number of the time over
    std::string condition;
    std::string condition_by_hand;  // # is the node behind
  };
  const std::vector<Case> cases = {
      {"-[r]->", "-[r@]->", "x.i < z.i", "x@.i < #.i"},
      {"-[r:R]-", "-[r@:R]-", "r.x >= x.i", "r@.x >= x@.i"},
      {"-[r]->(y)<-[s:R]-", "-[r@]->(y@)<-[s@:R]-", "x.i <> z.i OR y.i > 1", "x@.i <> #.i OR y@.i > 1"},
      {"-[r:R|S]-(y)-[s]-", "-[r@:R|S]-(y@)-[s@]-", "r.x <= s.x", "r@.x <= s@.x"},
  };
  for (uint32_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    Database database = Database::in_memory();
    load(database, random_graph(random));
    for (const Case& c : cases) {
      for (const auto& [min, max] : {std::pair(0, 2), std::pair(1, 3), std::pair(2, 2)}) {
        const std::string group = "((x)" + c.inner + "(z) WHERE " + c.condition + "){" + std::to_string(min) + "," +
                                  std::to_string(max) + "}";
        const std::string result =
            " RETURN a.i AS a, b.i AS b, [n IN x | n.i] AS xs, [e IN r | e.i] AS rs, [e IN relationships(p) | e.i] AS "
            "p";
        const std::vector<std::string> expected = rows_of(database, by_hand(c.hops, c.condition_by_hand, min, max));
        for (const std::string ends : {"", "MATCH (a) ", "MATCH (b) ", "MATCH (a), (b) "}) {
          EXPECT_EQ(rows_of(database, ends + "MATCH p = (a)" + group + "(b)" + result), expected) << group;
        }
      }
    }
    if (HasFailure()) return;
  }
}

TEST(PathSearchTwin, SelectionOverGroupsIsTheShortestOfAll) {
  for (uint32_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    Database database = Database::in_memory();
    load(database, random_graph(random));
    for (const std::string path :
         {"(a)((x)-[:R]->(y)--(z) WHERE x.i <> z.i)+(b)", "(a)-[s:S]-(m)((x)-[r]->(y) WHERE r.x >= x.i)*(b)",
          "(a)((x)-[q:R]->())*(m WHERE m.i > 0)-[r]-{1,2}(b)", "(a)--(m)-->(n)--(b)",
          "(a)-->*(m)-[r {x: 1}]-(n)-->*(b)"}) {
      std::map<std::string, std::set<std::string>> by_length;
      std::map<std::string, size_t> least;
      const std::string result =
          " RETURN toString(a.i) + '-' + toString(b.i), length(p), [r IN relationships(p) | r.i]";
      for (const Row& row : database.session().run("MATCH p = " + path + result)) {
        const std::string ends = row[0].as_string();
        const auto length = static_cast<size_t>(row[1].as_integer());
        if (!least.contains(ends) || length < least[ends]) by_length[ends].clear(), least[ends] = length;
        if (length == least[ends]) by_length[ends].insert(row[2].to_literal());
      }
      for (const std::string ends : {"", "MATCH (a), (b) ", "MATCH (b) "}) {
        std::map<std::string, std::set<std::string>> found;
        for (const Row& row : database.session().run(ends + "MATCH p = ALL SHORTEST " + path + result)) {
          found[row[0].as_string()].insert(row[2].to_literal());
        }
        EXPECT_EQ(found, by_length) << path;
        std::map<std::string, size_t> any;
        for (const Row& row : database.session().run(ends + "MATCH p = ANY SHORTEST " + path + result)) {
          EXPECT_TRUE(any.emplace(row[0].as_string(), static_cast<size_t>(row[1].as_integer())).second);
        }
        EXPECT_EQ(any, least) << path;
      }
    }
    if (HasFailure()) return;
  }
}

// ---- examples ----------------------------------------------------------------------------------------------

/// a -R-> b -R-> c -R-> d, a -S-> d, c -R-> a, x alone, and a loop at d.
class PathSearchTest : public ::testing::Test {
 protected:
  PathSearchTest() {
    once(
        "CREATE (a:A {n: 'a', x: 1}), (b:B {n: 'b', x: 2}), (c:B {n: 'c', x: 3}), (d:C {n: 'd', x: 4}), (:X {n: 'x'}), "
        "(a)-[:R {w: 1}]->(b), (b)-[:R {w: 2}]->(c), (c)-[:R {w: 3}]->(d), (a)-[:S {w: 9}]->(d), (c)-[:R {w: 4}]->(a), "
        "(d)-[:R {w: 5}]->(d)");
  }
  std::vector<std::string> run(const std::string& query) { return rows_of(database_, query); }
  std::vector<std::string> once(const std::string& query) {
    Session session = database_.session();
    return lines(session, query);
  }
  std::string error(const std::string& query) { return error_of(database_, query); }
  std::string explain(const std::string& query) { return database_.session().explain(query); }

  Database database_ = Database::in_memory();
};

TEST_F(PathSearchTest, ExpressionsBetweenKnownNodes) {
  const std::string ends = "MATCH (a:A), (d:C), (x:X) ";
  EXPECT_THAT(run(ends + "RETURN length(shortestPath((a)-[:R*]->(d))), shortestPath((a)-[*]-(x)), "
                         "size(allShortestPaths((a)-[*]-(d))), allShortestPaths((a)-[*]-(x))"),
              ElementsAre("3 null 1 []"));
  EXPECT_THAT(run(ends + "WITH * WHERE length(shortestPath((a)-[:R*..3]->(d))) = 3 RETURN a.n"), ElementsAre("'a'"));
  EXPECT_THAT(run(ends + "RETURN shortestPath((a)-[:R*..2]->(d)) IS NULL"), ElementsAre("true"));
  EXPECT_THAT(run(ends + "RETURN length(shortestPath((a)-[*0..]-(a))), length(shortestPath((a)-[:R*]->(a)))"),
              ElementsAre("0 3"));
  EXPECT_THAT(run("MATCH (a:A) OPTIONAL MATCH (z:Nowhere) RETURN shortestPath((a)-[*]-(z))"), ElementsAre("null"));
  EXPECT_THAT(run("MATCH (a:A), (n) RETURN n.n, length(shortestPath((a)-[r:R* {w: 1}]->(n)))"),
              UnorderedElementsAre("'a' null", "'b' 1", "'c' null", "'d' null", "'x' null"));
  EXPECT_THAT(run("MATCH (a:A), (n) WHERE shortestPath((a)-[:R]->(n)) IS NOT NULL RETURN n.n"), ElementsAre("'b'"));
}

TEST_F(PathSearchTest, ConditionsAreOfTheSearch) {
  const std::string nodes = " RETURN [n IN nodes(p) | n.n]";
  EXPECT_THAT(run("MATCH p = shortestPath((a:A)-[*]->(d:C)) WHERE length(p) > 1" + nodes),
              ElementsAre("['a', 'd', 'd']"));
  EXPECT_THAT(run("MATCH p = shortestPath((a:A)-[*]->(d:C)) WHERE none(r IN relationships(p) WHERE r.w > 4)" + nodes),
              ElementsAre("['a', 'b', 'c', 'd']"));
  EXPECT_THAT(run("MATCH p = shortestPath((a:A)-[rs*]->(d:C)) WHERE all(r IN rs WHERE r.w < a.x + 4)" + nodes),
              ElementsAre("['a', 'b', 'c', 'd']"));
  EXPECT_THAT(run("MATCH (b {n: 'b'}), p = shortestPath((a:A)-[*]->(d:C)) WHERE b IN nodes(p)" + nodes),
              ElementsAre("['a', 'b', 'c', 'd']"));
  EXPECT_THAT(
      run("MATCH p = shortestPath((a:A)-[*]->(d:C)) WHERE any(n IN nodes(p) WHERE EXISTS { (n)-[:R]->(:A) })" + nodes),
      ElementsAre("['a', 'b', 'c', 'd']"));
  // A selector chooses first, unless the condition is in the path's parentheses.
  EXPECT_THAT(run("MATCH p = ANY SHORTEST (a:A)-[*]->(d:C) WHERE length(p) > 1" + nodes), ElementsAre());
  EXPECT_THAT(run("MATCH ANY SHORTEST (p = (a:A)-[*]->(d:C) WHERE length(p) > 1)" + nodes),
              ElementsAre("['a', 'd', 'd']"));
}

TEST_F(PathSearchTest, InlineConditions) {
  EXPECT_THAT(run("MATCH (a:A)-[r:R* WHERE r.w < 3]->(n) RETURN n.n, size(r)"), UnorderedElementsAre("'b' 1", "'c' 2"));
  EXPECT_THAT(run("MATCH (a:A)-[r* WHERE r.w < 3 AND EXISTS { (m) WHERE m.x = r.w }]->(n) RETURN n.n"),
              UnorderedElementsAre("'b'", "'c'"));
  EXPECT_THAT(run("MATCH (a:A)-[r:R WHERE r.w = a.x]->(n WHERE n.x > 1) RETURN n.n"), ElementsAre("'b'"));
  EXPECT_THAT(run("MATCH (a:A)-[r WHERE r.w > 8]-{1,2}(n) RETURN n.n, [e IN r | e.w]"), ElementsAre("'d' [9]"));
  EXPECT_THAT(run("MATCH (a:A)-[r:R* WHERE r.w < n.x]->(n) RETURN n.n, size(r)"),
              UnorderedElementsAre("'b' 1", "'c' 2", "'d' 3"));
}

TEST_F(PathSearchTest, GroupsInPaths) {
  EXPECT_THAT(run("MATCH (s:A) ((x)-[r:R]->(y) WHERE x.x < y.x)+ (t:C) RETURN [n IN x | n.n], [n IN y | n.n], size(r)"),
              ElementsAre("['a', 'b', 'c'] ['b', 'c', 'd'] 3"));
  EXPECT_THAT(
      run("MATCH p = (:A) ((x)-[:R]->(y)){1} ((v)-[:R]->(w)){2} RETURN [n IN nodes(p) | n.n], size(x), size(v)"),
      UnorderedElementsAre("['a', 'b', 'c', 'd'] 1 2", "['a', 'b', 'c', 'a'] 1 2"));
  EXPECT_THAT(run("MATCH (a:A)-[:R]->{0,1}(b) RETURN b.n"), UnorderedElementsAre("'a'", "'b'"));
  // A relationship stands for one element of the whole MATCH only.
  EXPECT_THAT(run("MATCH (a:A)-[q:R]->(b) ((x)-[r:R]->(y)-->(z)){1,2} (t) RETURN t.n, [e IN r | e.w]"),
              UnorderedElementsAre("'d' [2]", "'a' [2]"));
  EXPECT_THAT(run("MATCH (a:A) WITH a MATCH ((x WHERE x.x >= a.x)-[:R {w: a.x}]->(y))+ (t) RETURN t.n"),
              ElementsAre("'b'"));
  EXPECT_THAT(run("MATCH (a) WHERE EXISTS { (a) ((x)-[:R]->(y) WHERE y.x > x.x){3} (:C) } RETURN a.n"),
              ElementsAre("'a'"));
  EXPECT_THAT(run("MATCH (n) RETURN n.n, COUNT { (n)-[:R]->+(:C) }"),
              UnorderedElementsAre("'a' 2", "'b' 2", "'c' 4", "'d' 1", "'x' 0"));
  EXPECT_THAT(run("MATCH (x:X) OPTIONAL MATCH p = (x) ((u)-->(v)-->(w))+ (t) RETURN x.n, u, p, t"),
              ElementsAre("'x' null null null"));
  EXPECT_THAT(run("MATCH (x:X) OPTIONAL MATCH p = ANY SHORTEST (x)-[r]->+(t) RETURN r, p"), ElementsAre("null null"));
  EXPECT_THAT(run("MATCH ((x)-->(y)-->(z)-->(x))+ RETURN [n IN x + y + z | n.n]"),
              UnorderedElementsAre("['a', 'b', 'c']", "['b', 'c', 'a']", "['c', 'a', 'b']"));
}

TEST_F(PathSearchTest, InStatementsThatWrite) {
  EXPECT_THAT(once("MATCH (x:X), (a:A) CREATE (x)-[:R {w: 7}]->(a) WITH x MATCH p = ANY SHORTEST (x)-[:R]->+(c:C) "
                   "SET c.far = length(p) RETURN c.far"),
              ElementsAre("4"));
}

TEST_F(PathSearchTest, RefusesWhatIsWrong) {
  EXPECT_THAT(error("MATCH (((a)-->(b))+)+ RETURN 1"), HasSubstr("cannot be nested"));
  EXPECT_THAT(error("MATCH ((a))+ RETURN 1"), HasSubstr("at least one relationship"));
  EXPECT_THAT(error("MATCH ((a)-[*]->(b))+ RETURN 1"), HasSubstr("variable-length relationship cannot be part"));
  EXPECT_THAT(error("MATCH (p = (a)-->(b))+ RETURN 1"), HasSubstr("name the whole path"));
  EXPECT_THAT(error("MATCH (a)((a)-->(b))+ RETURN 1"), HasSubstr("`a` is bound already"));
  EXPECT_THAT(error("MATCH ((a)-->(b))+ (a) RETURN 1"), HasSubstr("cannot be"));
  EXPECT_THAT(error("MATCH (s)((a)-->(b) WHERE a.x < s.x)+ RETURN 1"), HasSubstr("found by the same MATCH"));
  EXPECT_THAT(error("MATCH (s), ANY SHORTEST (s)-->+(t) RETURN 1"), HasSubstr("MATCH of their own"));
  EXPECT_THAT(error("MATCH ()-[r]->() MATCH ANY SHORTEST (s)-[r]->(t)-->+(u) RETURN 1"), HasSubstr("bound already"));
  EXPECT_THAT(error("MATCH p = SHORTEST 0 (s)-->+(t) RETURN 1"), HasSubstr("at least 1"));
  EXPECT_THAT(error("MATCH (a)((x)-->(y))(b) RETURN 1"), HasSubstr("needs a quantifier"));
  EXPECT_THAT(error("MATCH (a) RETURN shortestPath((a)-[*]->(b))"), HasSubstr("`b` is not defined"));
  EXPECT_THAT(error("MATCH (a) RETURN shortestPath((a)-[*]->())"), HasSubstr("needs its two nodes to be known"));
  EXPECT_THAT(error("CREATE ((a)-[:R]->(b))+"), HasSubstr("CREATE takes plain patterns"));
  EXPECT_THAT(error("MERGE ((a)-[:R]->(b) WHERE a.x = 1)"), HasSubstr("MERGE takes plain patterns"));
  EXPECT_THAT(error("MATCH ((a)-->(b)){3,2} RETURN 1"), HasSubstr("upper bound"));
}

TEST_F(PathSearchTest, KeepsToLimits) {
  once("UNWIND range(1, 12) AS i CREATE (:K {i: i})");
  once("MATCH (a:K), (b:K) WHERE a.i < b.i CREATE (a)-[:L]->(b)");
  Session session = database_.session();
  session.set_timeout(std::chrono::milliseconds(100));
  EXPECT_THROW(lines(session, "MATCH (:K {i: 1})((x)-[:L]-(y)-[:L]-(z))+(t) RETURN t"), Error);
  session.set_timeout(std::chrono::milliseconds(0));
  session.set_memory_limit(2'000);
  EXPECT_THROW(lines(session, "MATCH p = ANY SHORTEST (:K {i: 1})-[:L]-+(:K {i: 2}) RETURN p"), Error);
  session.set_memory_limit(0);
  EXPECT_EQ(lines(session, "MATCH ALL SHORTEST (:K {i: 1})-[:L]-{3,}(:K {i: 12}) RETURN 1").size(), 90u);
  EXPECT_EQ(lines(session, "MATCH ((a)-->(b)){1000000000} RETURN 1").size(), 0u);
  EXPECT_EQ(lines(session, "MATCH ANY SHORTEST ((a)-->(b)){9223372036854775807} RETURN 1").size(), 0u);
}

/// From a node back to itself, breadth-first search is near the goal wherever it is. What hangs by one relationship is
/// no way back, however many trails there are in it.
TEST_F(PathSearchTest, ClosedTrailsAmongManyOthers) {
  once("CREATE (:Start {n: 'alone'}), (:Start {n: 'ring'})");
  const auto hang_clique = [&](const std::string& at) {
    once("UNWIND range(1, 12) AS i CREATE (:New {i: i})");
    once("MATCH (a:New), (b:New) WHERE a.i < b.i CREATE (a)-[:L]->(b)");
    once("MATCH (a:New {i: 1}), (b) WHERE " + at + " CREATE (b)-[:L]->(a)");
    once("MATCH (a:New) REMOVE a:New");
  };
  hang_clique("b.n = 'alone'");
  once("UNWIND range(1, 19) AS i CREATE (:Ring {r: i})");
  once("MATCH (a:Ring), (b:Ring) WHERE a.r + 1 = b.r CREATE (a)-[:L]->(b)");
  once("MATCH (a:Ring {r: 1}), (b:Ring {r: 19}), (s {n: 'ring'}) CREATE (a)-[:L]->(s), (b)-[:L]->(s)");
  hang_clique("b.n = 'ring'");
  hang_clique("b.r = 5");
  hang_clique("b.r = 13");
  Session session = database_.session();
  session.set_timeout(std::chrono::seconds(20));
  for (const std::string path : {"shortestPath((s)-[:L*1..]-(s))", "ANY SHORTEST (s)-[:L]-+(s)",
                                 "SHORTEST 1 (s)-[:L]-{1,}(s)", "ANY (s) ((x)-[:L]-(y))+ (s)"}) {
    EXPECT_THAT(lines(session, "MATCH (s:Start) MATCH p = " + path + " RETURN s.n, length(p)"),
                ElementsAre("'ring' 20"))
        << path;
  }
  for (const std::string path :
       {"allShortestPaths((s)-[:L*]-(s))", "ALL SHORTEST (s)-[:L]-+(s)", "SHORTEST 1 GROUPS (s)-[:L]-+(s)"}) {
    EXPECT_THAT(lines(session, "MATCH (s:Start) MATCH p = " + path + " RETURN s.n, length(p)"),
                ElementsAre("'ring' 20", "'ring' 20"))
        << path;
  }
  EXPECT_THAT(lines(session, "MATCH (s:Start {n: 'alone'}) RETURN shortestPath((s)-[:L*1..]-(s))"),
              ElementsAre("null"));
  EXPECT_THAT(lines(session, "MATCH (s:Start {n: 'alone'}) MATCH (s) ((x)-[:L]-(y)-[:L]-(z))+ (s) RETURN 1"),
              ElementsAre());
  EXPECT_THAT(lines(session, "MATCH (s:Start {n: 'ring'}) MATCH p = shortestPath((s)-[:L*1..19]-(s)) RETURN 1"),
              ElementsAre());
}

/// Against the length of a shortest way back to a node from the other end of each of its relationships without that.
TEST_F(PathSearchTest, ClosedTrailsOfRandomGraphs) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 30; ++round) {
    Database database = Database::in_memory();
    Session session = database.session();
    session.set_timeout(std::chrono::seconds(20));
    std::vector<std::pair<int, int>> edges;
    int nodes = 1;
    // Cliques and rings, each hung to what is there by one relationship or two.
    for (int part = 0; part < 4; ++part) {
      const int size = 5 + below(7);
      const bool clique = below(2) == 0;
      for (int i = 0; i < size; ++i) {
        for (int k = i + 1; k < size; ++k) {
          if (clique || k == i + 1 || (i == 0 && k + 1 == size)) edges.emplace_back(nodes + i, nodes + k);
        }
      }
      for (int i = 0; i <= below(2); ++i) edges.emplace_back(below(nodes), nodes + below(size));
      nodes += size;
    }
    lines(session, "UNWIND range(0, " + std::to_string(nodes - 1) + ") AS i CREATE (:N {i: i})");
    List ends;
    for (const auto& [from, to] : edges) ends.push_back(Value(List{Value(from), Value(to)}));
    session.run("UNWIND $ends AS e MATCH (a:N {i: e[0]}), (b:N {i: e[1]}) CREATE (a)-[:L]->(b)",
                {{"ends", Value(ends)}});
    for (int start = 0; start < nodes; start += 3) {
      int least = 0;
      for (size_t without = 0; without < edges.size(); ++without) {
        const auto [from, to] = edges[without];
        if (from != start && to != start) continue;
        std::vector<int> distance(static_cast<size_t>(nodes), -1);
        std::vector<int> queue{from == start ? to : from};
        distance[static_cast<size_t>(queue[0])] = 1;
        for (size_t at = 0; at < queue.size(); ++at) {
          for (size_t e = 0; e < edges.size(); ++e) {
            const auto [a, b] = edges[e];
            if (e == without || (a != queue[at] && b != queue[at])) continue;
            const int other = a == queue[at] ? b : a;
            if (distance[static_cast<size_t>(other)] >= 0) continue;
            distance[static_cast<size_t>(other)] = distance[static_cast<size_t>(queue[at])] + 1;
            queue.push_back(other);
          }
        }
        const int back = distance[static_cast<size_t>(start)];
        if (back > 0 && (least == 0 || back < least)) least = back;
      }
      const std::string found =
          lines(session, "MATCH (s:N {i: " + std::to_string(start) +
                             "}) RETURN coalesce(length(shortestPath((s)-[:L*1..]-(s))), 0) AS length")[0];
      EXPECT_EQ(found, std::to_string(least)) << "round " << round << ", node " << start;
    }
  }
}

TEST_F(PathSearchTest, ShortestPathsOfNothing) {
  for (const std::string ends : {"null AS a, null AS b", "null AS a, x AS b", "x AS a, null AS b"}) {
    EXPECT_THAT(run("MATCH (x:A) WITH " + ends +
                    " RETURN shortestPath((a)-[*]-(b)) AS one, allShortestPaths((a)-[*]-(b)) AS all"),
                ElementsAre("null null"))
        << ends;
  }
  EXPECT_THAT(run("MATCH (a:A), (b:X) RETURN shortestPath((a)<-[*]-(b)) AS one, allShortestPaths((a)<-[*]-(b)) AS all"),
              ElementsAre("null []"));
  EXPECT_THAT(run("MATCH (a:A), (b:C) RETURN size(allShortestPaths((a)-[:R*]->(b))) AS all"), ElementsAre("1"));
}

TEST_F(PathSearchTest, LongPaths) {
  once("UNWIND range(0, 3000) AS i CREATE (:P {i: i})");
  once(
      "MATCH (a:P) WITH collect(a) AS ps UNWIND range(0, 2999) AS i WITH ps[i] AS a, ps[i + 1] AS b CREATE "
      "(a)-[:Q]->(b)");
  EXPECT_THAT(once("MATCH (a:P {i: 0}), (b:P {i: 3000}) RETURN length(shortestPath((a)-[*]-(b)))"),
              ElementsAre("3000"));
  EXPECT_THAT(once("MATCH p = ANY SHORTEST (a:P {i: 0})((x)-[:Q]->(y)-[:Q]->(z))+(b:P {i: 3000}) RETURN size(x)"),
              ElementsAre("1500"));
}

TEST_F(PathSearchTest, Plans) {
  EXPECT_THAT(explain("MATCH (a:A), (c:C) MATCH p = shortestPath((a)-[r:R*..5]->(c)) WHERE length(p) > 1 RETURN p"),
              HasSubstr("ShortestPathInto"));
  EXPECT_THAT(explain("MATCH (a:A)((x)-[r:R]->(y) WHERE x.x < y.x){1,3}(b) RETURN r"),
              HasSubstr("(a) ((x)-[r:R]->(y) WHERE x.x < y.x){1,3} (b)"));
  EXPECT_THAT(explain("MATCH (a:A)-[r:R]->{1,3}(b) RETURN r"), HasSubstr("VarExpand"));
}

}  // namespace
}  // namespace entente
