// Label and type expressions, and WHERE inside of patterns.
#include "statement_fixture.h"

namespace entente {
namespace {

class LabelExpressionsTest : public StatementTest {
 protected:
  /// 1: A; 2: B; 3: A and B; 4: no label; 5: C. 1 -R 1-> 2 -S 2-> 3 -T 3-> 3, 1 -R 4-> 4.
  const std::string graph_ =
      "CREATE (a:A {v: 1}), (b:B {v: 2}), (c:A:B {v: 3}), (d {v: 4}), (e:C {v: 5}), (a)-[:R {w: 1}]->(b), "
      "(b)-[:S {w: 2}]->(c), (c)-[:T {w: 3}]->(c), (a)-[:R {w: 4}]->(d)";

  Rows on_graph(const std::string& query, const Map& parameters = {}) const { return run({graph_, query}, parameters); }
  /// The nodes that the label expression finds, as a list.
  std::string nodes(const std::string& label) const {
    const std::string list = "RETURN collect(n.v)";
    const Rows found = on_graph("MATCH (n" + label + ") WITH n ORDER BY n.v " + list);
    EXPECT_EQ(on_graph("MATCH (n) WHERE n" + label + " WITH n ORDER BY n.v " + list), found) << label;
    EXPECT_EQ(on_graph("MATCH (n) WITH n, n" + label + " AS is ORDER BY n.v WHERE is " + list), found) << label;
    EXPECT_EQ(on_graph("MATCH (n) WHERE EXISTS { (n" + label + ") } WITH n ORDER BY n.v " + list), found) << label;
    EXPECT_EQ(on_graph("UNWIND range(1, 5) AS v OPTIONAL MATCH (n" + label + " {v: v}) " + list), found) << label;
    return found.at(0);
  }
  /// What the relationships that the type expression finds carry, as a list.
  std::string relationships(const std::string& type) const {
    const Rows found = on_graph("MATCH ()-[r" + type + "]->() WITH r ORDER BY r.w RETURN collect(r.w)");
    EXPECT_EQ(on_graph("MATCH ()-[r]->() WHERE r" + type + " WITH r ORDER BY r.w RETURN collect(r.w)"), found) << type;
    EXPECT_EQ(on_graph("MATCH ()<-[r" + type + "]-() WITH r ORDER BY r.w RETURN collect(r.w)"), found) << type;
    EXPECT_EQ(on_graph("MATCH ()-[r" + type + "]-() WITH DISTINCT r ORDER BY r.w RETURN collect(r.w)"), found) << type;
    return found.at(0);
  }
};

TEST_F(LabelExpressionsTest, OfNodes) {
  EXPECT_EQ(nodes(":A"), "[1, 3]");
  EXPECT_EQ(nodes(":A|B"), "[1, 2, 3]");
  EXPECT_EQ(nodes(":A&B"), "[3]");
  EXPECT_EQ(nodes(":A:B"), "[3]");
  EXPECT_EQ(nodes(":A&!B"), "[1]");
  EXPECT_EQ(nodes(":!A"), "[2, 4, 5]");
  EXPECT_EQ(nodes(":!!A"), "[1, 3]");
  EXPECT_EQ(nodes(":%"), "[1, 2, 3, 5]");
  EXPECT_EQ(nodes(":!%"), "[4]");
  EXPECT_EQ(nodes(":(A|B)&!(A&B)"), "[1, 2]");
  EXPECT_EQ(nodes(":!A&!B"), "[4, 5]");
  EXPECT_EQ(nodes(":%&!C"), "[1, 2, 3]");
  EXPECT_EQ(nodes(":A|!%"), "[1, 3, 4]");
  EXPECT_EQ(nodes(":A|B&C"), "[1, 3]");  // & binds more
  EXPECT_EQ(nodes(":None"), "[]");
  EXPECT_EQ(nodes(":None|C"), "[5]");
  EXPECT_EQ(nodes(":!None"), "[1, 2, 3, 4, 5]");
  EXPECT_EQ(nodes(":None&A"), "[]");
  EXPECT_EQ(nodes(" IS A|C"), "[1, 3, 5]");
}

TEST_F(LabelExpressionsTest, OfRelationships) {
  EXPECT_EQ(relationships(":R"), "[1, 4]");
  EXPECT_EQ(relationships(":R|S"), "[1, 2, 4]");
  EXPECT_EQ(relationships(":!R"), "[2, 3]");
  EXPECT_EQ(relationships(":%"), "[1, 2, 3, 4]");
  EXPECT_EQ(relationships(":!%"), "[]");
  EXPECT_EQ(relationships(":R&S"), "[]");
  EXPECT_EQ(relationships(":!(R|S)"), "[3]");
  EXPECT_EQ(relationships(":!R&!S"), "[3]");
  EXPECT_EQ(relationships(":None|T"), "[3]");
  EXPECT_EQ(relationships(" IS S|T"), "[2, 3]");
}

TEST_F(LabelExpressionsTest, InPathsOfAnyLength) {
  EXPECT_EQ(on_graph("MATCH (:A {v: 1})-[r:R|S*1..3]->(n) RETURN n.v, size(r) ORDER BY n.v"),
            (Rows{"2 1", "3 2", "4 1"}));
  EXPECT_EQ(on_graph("MATCH (:B&!A)-[:!R*]->(n:A&B) RETURN n.v"), (Rows{"3", "3"}));  // with the loop and without
  EXPECT_EQ(on_graph("MATCH (:A)-[:%]->+(n:!%) RETURN n.v"), (Rows{"4"}));
}

TEST_F(LabelExpressionsTest, OfNullAreNull) {
  EXPECT_EQ(run("OPTIONAL MATCH (n:None) RETURN n:A, n:!A, n:%, n:A|B, n IS A"), (Rows{"null null null null null"}));
  EXPECT_EQ(run("OPTIONAL MATCH ()-[r:None]->() RETURN r:A, NOT r:A|B"), (Rows{"null null"}));
  EXPECT_EQ(on_graph("UNWIND [1, 9] AS v OPTIONAL MATCH (n {v: v}) RETURN n:A ORDER BY v"), (Rows{"true", "null"}));
  EXPECT_EQ(on_graph("UNWIND [1, 9] AS v OPTIONAL MATCH (n {v: v}) WITH n, v WHERE NOT n:B RETURN v"), (Rows{"1"}));
}

TEST_F(LabelExpressionsTest, AfterUpdates) {
  EXPECT_EQ(on_graph("MATCH (n:C) SET n:A REMOVE n:C WITH n MATCH (m:A&!B) RETURN m.v ORDER BY m.v"), (Rows{"1", "5"}));
  EXPECT_EQ(on_graph("MATCH (n:A&B) REMOVE n:A:B WITH n MATCH (m:!%) RETURN m.v ORDER BY m.v"), (Rows{"3", "4"}));
  EXPECT_EQ(on_graph("MATCH (n:A|B|C) DETACH DELETE n WITH count(*) AS gone MATCH (m) RETURN gone, m.v"),
            (Rows{"4 4"}));
  EXPECT_EQ(run({"CREATE (n:X&Y {v: 1})", "MERGE (m:X&Y {v: 1}) RETURN labels(m)"}), (Rows{"['X', 'Y']"}));
}

TEST_F(LabelExpressionsTest, RefusedWhereOneIsMade) {
  for (const char* label : {"A|B", "!A", "%"}) {
    const std::string text = label;
    EXPECT_TRUE(error("CREATE (n:" + text + ")").starts_with("SyntaxError.")) << label;
    EXPECT_TRUE(error("MERGE (n:" + text + ")").starts_with("SyntaxError.")) << label;
    EXPECT_TRUE(error("CREATE ()-[:" + text + "]->()").starts_with("SyntaxError.")) << label;
    EXPECT_TRUE(error("CREATE (n) SET n:" + text).starts_with("SyntaxError.")) << label;
  }
  expect_error("MATCH (n:A|) RETURN n", "SyntaxError.UnexpectedSyntax@)", "label");
  expect_error("MATCH (n:(A) RETURN n", "SyntaxError.UnexpectedSyntax@RETURN", ")");
}

// ---- WHERE in patterns ----

TEST_F(LabelExpressionsTest, WhereInNodes) {
  EXPECT_EQ(on_graph("MATCH (n:A WHERE n.v > 1) RETURN n.v"), (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (n WHERE n.none IS NULL AND n.v < 3) RETURN n.v ORDER BY n.v"), (Rows{"1", "2"}));
  EXPECT_EQ(on_graph("MATCH (n {v: $v} WHERE n:A) RETURN n.v", {{"v", Value(3)}}), (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (n WHERE n.v > null) RETURN n.v"), Rows{});
  EXPECT_EQ(on_graph("WITH 2 AS x MATCH (n WHERE n.v = x)-->(m WHERE m.v = x + 1) RETURN n.v, m.v"), (Rows{"2 3"}));
  EXPECT_EQ(on_graph("MATCH (n:A)-->(m WHERE m.v > n.v + 1) RETURN n.v, m.v"), (Rows{"1 4"}));
  EXPECT_EQ(on_graph("MATCH (n:A WHERE n.v < 3)-->(m:B WHERE m.v < 3) WHERE n.v < m.v RETURN n.v, m.v"), (Rows{"1 2"}));
  EXPECT_EQ(on_graph("UNWIND [1, 5] AS v MATCH (n {v: v}) OPTIONAL MATCH (n)-->(m WHERE m.v > 2) RETURN v, m.v"),
            (Rows{"1 4", "5 null"}));
}

TEST_F(LabelExpressionsTest, WhereInRelationships) {
  EXPECT_EQ(on_graph("MATCH (n)-[r:R WHERE r.w > 1]->(m) RETURN n.v, m.v"), (Rows{"1 4"}));
  EXPECT_EQ(on_graph("MATCH (n)-[r WHERE r.w = 3]-(m) RETURN n.v, m.v"), (Rows{"3 3"}));
  EXPECT_EQ(on_graph("MATCH (n)-[r WHERE r:R OR r.w = 2]->() RETURN r.w ORDER BY r.w"), (Rows{"1", "2", "4"}));
  EXPECT_EQ(on_graph("MATCH (:A)-[r*1..3 WHERE r.w < 4]->(n) RETURN n.v, [x IN r | x.w] AS w ORDER BY w"),
            (Rows{"2 [1]", "3 [1, 2]", "3 [1, 2, 3]", "3 [3]"}));
  EXPECT_EQ(on_graph("MATCH (n) RETURN n.v, COUNT { (n)-[r WHERE r.w >= 3]-() } AS c ORDER BY n.v"),
            (Rows{"1 1", "2 0", "3 1", "4 1", "5 0"}));
  EXPECT_EQ(on_graph("MATCH (n)-[r:R|S WHERE r.w % 2 = 0]->(m WHERE m.v = 4) RETURN r.w"), (Rows{"4"}));
  EXPECT_EQ(on_graph("MATCH (n {v: 1}) OPTIONAL MATCH (n)-[r WHERE r.w > 9]->() RETURN r"), (Rows{"null"}));
}

TEST_F(LabelExpressionsTest, WhereIsNotForWhatIsMade) {
  expect_error("CREATE (n:A WHERE n.v = 1)", "SyntaxError.UnexpectedSyntax@n.v = 1", "WHERE");
  expect_error("MERGE (n:A WHERE n.v = 1)", "SyntaxError.UnexpectedSyntax@n.v = 1", "WHERE");
  expect_error("CREATE ()-[r:R WHERE r.w = 1]->()", "SyntaxError.UnexpectedSyntax@r.w = 1", "WHERE");
  expect_error("MATCH (n WHERE count(n) > 1) RETURN n", "SyntaxError.InvalidAggregation@count(n)", "");
  expect_error("MATCH (n WHERE 1) RETURN n", "SyntaxError.InvalidArgumentType@1", "BOOLEAN");
}

}  // namespace
}  // namespace entente
