#include "stop_cases.h"

#include <fstream>
#include <random>
#include <utility>

namespace entente {
namespace {

std::string times(size_t count, const std::string& separator, const std::string& item) {
  std::string text;
  text.reserve(count * (separator.size() + item.size()));
  for (size_t i = 0; i < count; ++i) text += (i == 0 ? "" : separator) + item;
  return text;
}

/// A text of 8 * 2^doublings letters.
std::string long_text(int doublings) {
  return "WITH reduce(s = 'abcdefgh', i IN range(1, " + std::to_string(doublings) + ") | s + s) AS text ";
}

void add_patterns(std::vector<StopCase>& cases) {
  cases.push_back({"product of 8 billion rows", "MATCH (a:N), (b:N), (c:N) RETURN sum(a.i * b.i + c.i)"});
  cases.push_back({"product without labels", "MATCH (a), (b), (c) WHERE a.i + b.i = c.i RETURN count(*)"});
  cases.push_back({"product, rows counted",
                   "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b UNWIND range(1, 2000) AS c "
                   "WITH a, b, c WHERE a + b = c * 7 RETURN count(*)"});
  cases.push_back({"exploding path", "MATCH p = (a:C {i: 0})-[:R*1..30]-(b:C) RETURN sum(length(p))"});
  cases.push_back({"exploding path, ends", "MATCH (a:C)-[:R*5..30]-(b:C) WHERE a.i < b.i RETURN sum(b.i)"});
  cases.push_back({"reachable nodes", "MATCH (a:Big)-[:L*1..20]->(b) RETURN count(DISTINCT b)", 0, true});
  cases.push_back({"shortest paths of all pairs", "MATCH p = shortestPath((a:Big)-[:L*]->(b:Big)) RETURN count(p)"});
  cases.push_back({"shortest path with a condition",
                   "MATCH ANY SHORTEST (p = (a:C {i: 0})-[:R]-+(b:C {i: 39}) WHERE length(p) > 35) RETURN length(p)"});
  cases.push_back(
      {"steps counted",
       "MATCH (a:Big)-[:L]-(b)-[:L]-(c)-[:L]-(d)-[:L]-(e) WHERE a.i <> c.i AND b.i <> e.i RETURN count(*)"});
  cases.push_back({"cycles counted", "MATCH (a)-[:L]-(b)-[:L]-(c)-[:L]-(d)-[:L]-(a) RETURN count(*)", 0, true});
  cases.push_back(
      {"COUNT {} a row", "MATCH (a:Big), (n:N) RETURN sum(COUNT { (a)-[:L]-(b)-[:L]-(c) WHERE c.i > n.i })"});
  cases.push_back({"pattern comprehension a row",
                   "MATCH (a:Big), (n:N) RETURN sum(size([(a)-[:L]-(b)-[:L]-(c) WHERE c.i > n.i | c.i]))"});
}

void add_rows(std::vector<StopCase>& cases) {
  cases.push_back({"sort of 100 million rows",
                   "UNWIND range(1, 100000000) AS i WITH i * 7919 % 100000007 AS k ORDER BY k RETURN last(collect(k))",
                   0, false, true});
  cases.back().spills = true;
  cases.push_back({"sort of 100 million rows on disk",
                   "UNWIND range(1, 100000000) AS i WITH i * 7919 % 100000007 AS k ORDER BY k RETURN sum(k)",
                   size_t{64} << 20});
  cases.push_back({"sort on disk to its end",
                   "UNWIND range(1, 3000000) AS i WITH i * 7919 % 100000007 AS k ORDER BY k RETURN sum(k)",
                   size_t{8} << 20, true});
  cases.push_back({"sort to its end", "UNWIND range(1, 5000000) AS i WITH toString(i) AS k ORDER BY k RETURN max(k)", 0,
                   true, true});
  cases.back().spills = true;
  cases.push_back({"sort of long lists",
                   "UNWIND range(1, 3000) AS i WITH range(1, 3000) + [i % 7] AS l ORDER BY l RETURN count(l[0])", 0,
                   false, true});
  cases.back().spills = true;
  cases.push_back({"collect of texts", "UNWIND range(1, 100000000) AS i WITH collect(toString(i)) AS l RETURN size(l)",
                   0, false, true});
  cases.push_back(
      {"collect, distinct", "UNWIND range(1, 100000000) AS i RETURN size(collect(DISTINCT i))", 0, false, true});
  cases.push_back({"groups",
                   "UNWIND range(1, 100000000) AS i RETURN i % 50000021 AS k, count(*) AS n ORDER BY n LIMIT 1", 0,
                   false, true});
  cases.back().spills = true;
  cases.push_back({"groups of texts, with lists",
                   "UNWIND range(1, 100000000) AS i RETURN toString(i % 10000019) AS k, collect(i) AS n, avg(i) AS a "
                   "ORDER BY a LIMIT 1",
                   0, false, true});
  cases.back().spills = true;
  cases.push_back({"groups of two keys",
                   "UNWIND range(1, 100000000) AS i RETURN count(*) AS n, i % 9973 AS a, i AS b "
                   "ORDER BY n LIMIT 1",
                   0, false, true});
  cases.back().spills = true;
  cases.push_back({"groups on disk",
                   "UNWIND range(1, 100000000) AS i RETURN i % 50000021 AS k, count(*) AS n ORDER BY n LIMIT 1",
                   size_t{64} << 20});
  cases.push_back({"distinct on disk",
                   "UNWIND range(1, 100000000) AS i WITH DISTINCT i % 50000021 AS k RETURN count(k)",
                   size_t{64} << 20});
  cases.push_back({"percentile", "UNWIND range(1, 100000000) AS i RETURN percentileDisc(i * 7919 % 100000007, 0.5)", 0,
                   false, true});
  cases.push_back(
      {"a result of 100 million rows", "UNWIND range(1, 100000000) AS i RETURN i, toString(i)", 0, false, true});
  cases.push_back(
      {"a result in a transaction", "UNWIND range(1, 100000000) AS i RETURN i, toString(i)", 0, false, true, true});
}

void add_values(std::vector<StopCase>& cases) {
  cases.push_back({"reduce", "RETURN reduce(a = 0, i IN range(1, 60000000) | (a + i) % 1000)"});
  cases.push_back({"list comprehension", "RETURN size([i IN range(1, 60000000) WHERE i % 2 = 0 | toString(i * 2)])", 0,
                   false, true});
  cases.push_back({"ranges", "UNWIND range(1, 1000) AS n RETURN sum(size(range(n, 60000000)))"});
  cases.push_back({"lists joined", "WITH range(1, 30000000) AS l UNWIND range(1, 1000) AS n RETURN sum(size(l + l))"});
  cases.push_back(
      {"a list reversed, sorted in parts",
       "WITH range(1, 60000000) AS l UNWIND range(1, 1000) AS n RETURN sum(reverse(l)[n]), sum(size(l[n..]))"});
  cases.push_back(
      {"IN of a long list",
       "WITH range(1, 60000000) AS l UNWIND range(1, 1000) AS n RETURN sum(CASE WHEN -n IN l THEN 1 ELSE 0 END)"});
  cases.push_back({"lists compared",
                   "WITH range(1, 30000000) AS l, range(1, 30000000) AS m UNWIND range(1, 1000) AS n "
                   "RETURN count(CASE WHEN l = m THEN n END)"});
  for (const auto& [name, what] : std::vector<std::pair<std::string, std::string>>{
           {"toUpper", "size(toUpper(text + n))"},
           {"replace", "size(replace(text, 'cd', 'xyz' + n))"},
           {"split", "size(split(text, 'h'))"},
           {"reverse", "size(reverse(text))"},
           {"substring, size", "size(substring(text, n, 200000000))"},
           {"trim", "size(trim(text))"},
           {"contains", "CASE WHEN text CONTAINS 'hb' + n THEN 1 ELSE 0 END"},
           {"compare", "CASE WHEN text = text + '' THEN 1 ELSE 0 END"},
           {"normalize", "size(normalize(text + 'ä'))"},
           {"toString, toInteger", "coalesce(toInteger(text), 0)"}}) {
    cases.push_back({"long text: " + name, long_text(25) + "UNWIND range(1, 1000) AS n RETURN sum(" + what + ")", 0,
                     name == "toString, toInteger"});
  }
  cases.push_back({"long text: =~", long_text(23) + "UNWIND range(1, 1000) AS n "
                                                    "RETURN count(CASE WHEN text =~ '(a.*c|b)*x' + n THEN 1 END)"});
}

void add_files_and_schema(std::vector<StopCase>& cases) {
  cases.push_back({"LOAD CSV, many lines",
                   "UNWIND range(1, 1000) AS n LOAD CSV WITH HEADERS FROM 'file:///huge.csv' AS "
                   "line RETURN count(line.a)"});
  cases.push_back({"LOAD CSV, one line",
                   "UNWIND range(1, 1000) AS n LOAD CSV FROM 'file:///line.csv' AS line RETURN "
                   "sum(size(line))"});
  cases.push_back({"index", "CREATE INDEX big FOR (n:Big) ON (n.s)", 0, true, false, true});
  cases.push_back(
      {"index on three properties", "CREATE INDEX big FOR (n:Big) ON (n.t, n.s, n.i)", 0, true, false, true});
  cases.push_back({"full-text index", "CREATE FULLTEXT INDEX big FOR (n:Big) ON EACH [n.t]", 0, true, false, true});
  cases.push_back(
      {"unique constraint", "CREATE CONSTRAINT big FOR (n:Big) REQUIRE n.s IS UNIQUE", 0, true, false, true});
  cases.push_back(
      {"type constraint", "CREATE CONSTRAINT big FOR (n:Big) REQUIRE n.s IS :: STRING", 0, true, false, true});
}

void add_writes(std::vector<StopCase>& cases) {
  cases.push_back({"create", "UNWIND range(1, 100000000) AS i CREATE (:New {i: i, s: toString(i)})", 0, false, true});
  cases.push_back({"create in a transaction", "UNWIND range(1, 100000000) AS i CREATE (:New {i: i})-[:T]->(:New)", 0,
                   false, true, true});
  cases.push_back(
      {"create, returned", "UNWIND range(1, 100000000) AS i CREATE (n:New {i: i}) RETURN n", 0, false, true});
  cases.push_back({"set", "UNWIND range(1, 1000) AS i MATCH (n:Big) SET n.i = n.i + i", 0, false, true});
  cases.push_back({"set, map and label", "UNWIND range(1, 1000) AS i MATCH (n:Big) SET n += {i: i, x: n.s}, n:More", 0,
                   false, true});
  cases.push_back({"detach delete", "MATCH (n:Big) DETACH DELETE n", 0, true, true, true});
  cases.push_back({"delete relationships", "MATCH ()-[r:L]->() DELETE r", 0, true, true, true});
  cases.push_back({"merge", "UNWIND range(1, 100000000) AS i MERGE (n:Merged {i: i % 1000000})", 0, false, true});
  cases.push_back({"remove", "MATCH (n:Big) REMOVE n:Big, n.s", 0, true, true, true});
  cases.push_back({"foreach", "WITH range(1, 60000000) AS l FOREACH (i IN l | CREATE (:New {i: i}))", 0, false, true});
}

void add_calls_and_texts(std::vector<StopCase>& cases) {
  cases.push_back({"page rank", "CALL algo.pageRank({iterations: 1000}) YIELD rank RETURN sum(rank)"});
  cases.push_back(
      {"connected components", "CALL algo.connectedComponents({}) YIELD component RETURN max(component)", 0, true});
  cases.push_back({"breadth first",
                   "MATCH (n:Big {i: 1}) CALL algo.bfs(n, {direction: 'both'}) YIELD distance RETURN "
                   "sum(distance)",
                   0, true});
  cases.push_back({"dijkstra",
                   "MATCH (n:Big {i: 1}) CALL algo.dijkstra(n, 'w', {direction: 'both'}) YIELD distance "
                   "RETURN sum(distance)",
                   0, true});
  cases.push_back({"db.schema", "CALL db.schema.nodeTypeProperties() YIELD propertyName RETURN count(*)", 0, true});
  cases.push_back(
      {"a statement of 10 MB: list", "RETURN size([" + times(1'000'000, ",", "i + 12.5") + "]) AS i", 0, true});
  cases.back().statement = "UNWIND [1] AS i " + cases.back().statement;
  cases.push_back(
      {"a statement of 10 MB: literals", "RETURN size([" + times(1'500'000, ",", "'text'") + "])", 0, true});
  std::string columns = "UNWIND [{a: 1}] AS m RETURN m.a AS first";
  for (int i = 0; i < 100'000; ++i) columns += ", m.a + 1 AS `" + std::string(70, 'x') + std::to_string(i) + "`";
  cases.push_back({"a statement of 10 MB: columns", columns, 0, true});
  cases.push_back(
      {"a statement of 10 MB: pattern", "CREATE " + times(400'000, ",", "(:New {a: 1})"), 0, true, false, true});
  cases.push_back({"a statement of 10 MB: OR",
                   "MATCH (n:N) WHERE " + times(500'000, " OR ", "n.i = 7 + 1") + " RETURN count(*)", 0, true});
}

}  // namespace

std::vector<StopCase> stop_cases() {
  std::vector<StopCase> cases;
  add_patterns(cases);
  add_rows(cases);
  add_values(cases);
  add_files_and_schema(cases);
  add_writes(cases);
  add_calls_and_texts(cases);
  return cases;
}

void build_stop_graph(Database& database, uint32_t nodes) {
  Session session = database.session();
  session.run("UNWIND range(1, 2000) AS i CREATE (:N {i: i})");
  session.run("UNWIND range(0, 39) AS i CREATE (:C {i: i})");
  session.run("MATCH (a:C), (b:C) WHERE a.i < b.i CREATE (a)-[:R]->(b)");
  database.bulk_load([&](Transaction& transaction) {
    std::mt19937 random(7);
    const LabelId label = transaction.label("Big");
    const NodeId first = transaction.bulk_nodes({&label, 1}, nodes);
    std::vector<Value> numbers, texts, words;
    std::vector<std::pair<NodeId, NodeId>> ends;
    for (uint32_t i = 0; i < nodes; ++i) {
      numbers.emplace_back(static_cast<int64_t>(i));
      texts.emplace_back("text " + std::to_string(uint64_t{i} * 7919 % 1'000'003));
      words.emplace_back("some words and " + std::to_string(i % 1'000) + " more " + std::to_string(i % 77));
      for (int k = 0; k < 4; ++k) {
        ends.emplace_back(NodeId(first.value + i), NodeId(static_cast<uint32_t>(first.value + random() % nodes)));
      }
    }
    transaction.bulk_property(first, transaction.key("i"), numbers);
    transaction.bulk_property(first, transaction.key("s"), texts);
    transaction.bulk_property(first, transaction.key("t"), words);
    const RelId relationships = transaction.bulk_relationships(transaction.type("L"), ends);
    std::vector<Value> weights;
    for (size_t i = 0; i < ends.size(); ++i) weights.emplace_back(static_cast<int64_t>(random() % 100));
    transaction.bulk_property(relationships, transaction.key("w"), weights);
  });
}

void write_stop_files(const std::filesystem::path& folder, size_t lines) {
  std::ofstream many(folder / "huge.csv");
  many << "a,b,c\n";
  for (size_t i = 0; i < lines; ++i) many << i << ",text of line " << i << ",\"quoted, " << i << "\"\n";
  std::ofstream one(folder / "line.csv");
  for (size_t i = 0; i < lines * 4; ++i) one << (i == 0 ? "" : ",") << "cell " << i;
  one << "\n";
}

}  // namespace entente
