#include "entente/query/schema_text.h"
#include "entente/tools/export_graph.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "entente/tools/graph_source.h"
#include "entente/tools/shell.h"

namespace entente {
namespace {

std::vector<std::string> rows(Database& database, const std::string& statement) {
  std::vector<std::string> out;
  for (const Row& row : database.session().run(statement)) {
    std::string text;
    for (const Value& value : row.values()) text += value.to_literal() + "|";
    out.push_back(text);
  }
  return out;
}

/// Runs statements as `entente shell` reads them.
std::string replay(Database& database, const std::string& text) {
  Session session = database.session();
  std::ostringstream out;
  std::ostringstream err;
  Shell shell(database, session, {}, {}, out, err);
  std::istringstream in(text);
  shell.read(in);
  return err.str();
}

TEST(CypherExport, ReadsBackToAnEqualGraph) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("CREATE CONSTRAINT country_code FOR (n:Country) REQUIRE n.code IS UNIQUE");
  session.run("CREATE INDEX FOR (n:`odd label`) ON (n.`a``b`)");
  session.run(
      "CREATE (a:Country {code: 'JP', s: 'it\\'s \\\\ \\n \"q\"', l: [1, 2], e: [], f: 1.0, big: 1e300, nan: 0.0 / "
      "0.0, inf: [-1.0 / 0.0], "
      "d: date('2023-05-19'), z: datetime('2023-05-19T17:45[Asia/Tokyo]'), p: duration('P1M2DT3.5S'), t: "
      "time('10:00+01:00'), dumpedId: 5}), "
      "(b:`odd label`:DumpedNode {`a``b`: 1}), (c), (a)-[:`odd type` {w: 1}]->(b), (b)-[:R]->(b), (c)-[:R {x: "
      "true}]->(a)");
  session.run("UNWIND range(1, 700) AS i CREATE (:Many {i: i})");
  session.run("MATCH (a:Many), (b:Many) WHERE a.i + 1 = b.i CREATE (a)-[:NEXT {i: a.i}]->(b)");
  std::ostringstream dump;
  write_cypher(dump, SnapshotSource(database.snapshot()), database.snapshot().get());

  Database copy = Database::in_memory();
  EXPECT_EQ(replay(copy, dump.str()), "");
  for (const char* statement : {"MATCH (n) RETURN labels(n) AS l, properties(n) AS p ORDER BY l, p.i, p.code",
                                "MATCH (a)-[r]->(b) RETURN labels(a), a.i, type(r) AS t, properties(r), labels(b), b.i "
                                "ORDER BY t, r.i, r.w, r.x"}) {
    EXPECT_EQ(rows(copy, statement), rows(database, statement));
  }
  ASSERT_EQ(copy.snapshot()->indexes().size(), 2u);
  EXPECT_NE(copy.snapshot()->find_index("country_code"), nullptr);
  EXPECT_TRUE(copy.snapshot()->find_index("country_code")->definition.unique);
}

TEST(CypherExport, WritesNamesAndNumbers) {
  EXPECT_EQ(cypher_name("Country"), "Country");
  EXPECT_EQ(cypher_name("a b"), "`a b`");
  EXPECT_EQ(cypher_name("a`b"), "`a``b`");
  EXPECT_EQ(cypher_name("a\\n\\"), "`a\\\\n\\\\`");
  EXPECT_EQ(cypher_name("1a"), "`1a`");
  EXPECT_EQ(cypher_literal(Value(1.0 / 0.0)), "(1.0 / 0.0)");
}

TEST(CsvExport, WarnsOfMixedTypes) {
  PartSource part;
  part.add(NodeData{NodeId(0), {}, {{"x", Value(1)}}});
  part.add(NodeData{NodeId(1), {}, {{"x", Value("a")}}});
  std::vector<std::string> warnings;
  const auto folder = std::filesystem::temp_directory_path() / "entente_csv_export_test";
  write_csv_files(folder, part, [&](const std::string& w) { warnings.push_back(w); });
  std::filesystem::remove_all(folder);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("'x'"), std::string::npos);
}

TEST(JsonLines, AreOneElementALine) {
  PartSource part;
  part.add(NodeData{NodeId(3), {"A"}, {{"d", Value(*parse_date("2023-05-19"))}}});
  part.add(RelationshipData{RelId(1), NodeId(3), NodeId(3), "R", {}});
  std::ostringstream out;
  write_json_lines(out, part);
  EXPECT_EQ(out.str(),
            "{\"kind\":\"node\",\"id\":3,\"labels\":[\"A\"],\"properties\":{\"d\":\"2023-05-19\"}}\n"
            "{\"kind\":\"relationship\",\"id\":1,\"type\":\"R\",\"start\":3,\"end\":3,\"properties\":{}}\n");
}

TEST(Neighbourhood, TakesNodesWithinAFewSteps) {
  Database database = Database::in_memory();
  database.session().run("CREATE (a:A)-[:R]->(b:B)<-[:S]-(c:C)-[:R]->(d:D), (a)-[:T]->(c)");
  const SnapshotPtr snapshot = database.snapshot();
  const auto around = [&](unsigned depth, size_t limit, bool* cut = nullptr) {
    std::vector<NodeId> start;
    for (const Row& row : database.session().run("MATCH (b:B) RETURN b")) start.push_back(row[0].as_node());
    return neighbourhood(*snapshot, start, depth, limit, cut);
  };
  EXPECT_EQ(around(0, 10).node_count(), 1u);
  EXPECT_EQ(around(1, 10).node_count(), 3u);
  EXPECT_EQ(around(1, 10).relationship_count(), 3u);  // also the one between the neighbours
  EXPECT_EQ(around(2, 10).node_count(), 4u);
  bool cut = false;
  EXPECT_EQ(around(2, 2, &cut).node_count(), 2u);
  EXPECT_TRUE(cut);
}

TEST(PartSource, FindsElementsInNestedValues) {
  PartSource part;
  const Value node = Value::node({NodeId(1), {"A"}, {}});
  Value deep = node;
  for (int i = 0; i < 10'000; ++i) deep = Value(List{deep});
  part.add(Value::map({{"k", deep}}));
  part.add(Value::relationship({RelId(0), NodeId(1), NodeId(2), "R", {}}));
  part.complete(nullptr);
  EXPECT_EQ(part.node_count(), 2u);
  EXPECT_EQ(part.relationship_count(), 1u);
}

}  // namespace
}  // namespace entente
