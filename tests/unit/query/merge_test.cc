// MERGE in statements: what it matches, what it makes, ON CREATE and ON MATCH, in odd places.
#include "statement_fixture.h"

namespace entente {
namespace {

class MergeTest : public StatementTest {};

TEST_F(MergeTest, NodesWithAndWithoutProperties) {
  EXPECT_EQ(run({"MERGE ()", "MERGE ()", "MATCH (n) RETURN count(n)"}), (Rows{"1"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1, w: 2}), (:A {v: 1}), (:B {v: 1})", "MERGE (n:A {v: 1}) RETURN n.w ORDER BY n.w"}),
            (Rows{"2", "null"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1})", "MERGE (n:A:B {v: 1}) RETURN labels(n)", "MATCH (n:A) RETURN count(n)"}),
            (Rows{"2"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1})", "MERGE (n:A {v: 1.0}) RETURN n.v", "MATCH (n:A) RETURN count(n)"}), (Rows{"1"}));
  EXPECT_EQ(run({"MERGE (n:A {l: [1, 2]})", "MERGE (n:A {l: [1, 2]})", "MERGE (n:A {l: [2, 1]})",
                 "MATCH (n:A) RETURN count(n)"}),
            (Rows{"2"}));
  EXPECT_EQ(run({"MERGE (n:A {v: $v, w: $w}) RETURN n.v + n.w"}, {{"v", Value(1)}, {"w", Value(2)}}), (Rows{"3"}));
}

TEST_F(MergeTest, SeesWhatTheRowsBeforeMade) {
  EXPECT_EQ(
      run({"UNWIND [1, 2, 1, 2, 3] AS v MERGE (n:A {v: v}) ON CREATE SET n.c = 1 ON MATCH SET n.c = n.c + 1 RETURN "
           "count(n)",
           "MATCH (n:A) RETURN n.v, n.c ORDER BY n.v"}),
      (Rows{"1 2", "2 2", "3 1"}));
  EXPECT_EQ(run({"UNWIND range(1, 5000) AS x MERGE (n:A {v: x % 7})", "MATCH (n:A) RETURN count(n), sum(n.v)"}),
            (Rows{"7 21"}));
  EXPECT_EQ(run({"UNWIND range(1, 5000) AS x MERGE (a:A {v: x % 3}) MERGE (b:B {v: x % 2}) MERGE (a)-[r:R]->(b) ON "
                 "CREATE SET r.c = 1 ON MATCH SET r.c = r.c + 1",
                 "MATCH (:A)-[r:R]->(:B) RETURN count(r), sum(r.c)"}),
            (Rows{"6 5000"}));
  EXPECT_EQ(run({"UNWIND [1, 2] AS x CREATE (n:A {v: x}) MERGE (m:A {v: 1}) RETURN x, m.v"}), (Rows{"1 1", "2 1"}));
}

TEST_F(MergeTest, Relationships) {
  const std::string graph = "CREATE (a:A)-[:R {w: 1}]->(b:B)";
  const std::string count = "MATCH ()-[r]->() RETURN count(r)";
  const std::string match = "MATCH (a:A), (b:B) ";
  EXPECT_EQ(run({graph, match + "MERGE (a)-[:R]->(b)", count}), (Rows{"1"}));
  EXPECT_EQ(run({graph, match + "MERGE (a)<-[:R]-(b)", count}), (Rows{"2"}));
  EXPECT_EQ(run({graph, match + "MERGE (b)-[r:R]-(a) RETURN r.w", count}), (Rows{"1"}));
  EXPECT_EQ(run({graph, match + "MERGE (a)-[:R {w: 2}]->(b)", count}), (Rows{"2"}));
  EXPECT_EQ(run({graph, match + "MERGE (a)-[:S]-(b)", "MATCH (:A)-[r:S]->(:B) RETURN count(r)"}), (Rows{"1"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) MERGE (a)-[:R]->(a)", count}), (Rows{"2"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) MERGE (a)-[:R]-(a) MERGE (a)-[:R]-(a)", count}), (Rows{"2"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) MERGE (a)-[:R]->(x:B) RETURN labels(x)", "MATCH (n) RETURN count(n)"}),
            (Rows{"2"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) MERGE (a)-[:R]->(x:C) RETURN labels(x)", "MATCH (n) RETURN count(n)"}),
            (Rows{"3"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) MERGE (a)-[:R]->(x:B)-[:S]->(y:C)", "MATCH (n) RETURN count(n)"}), (Rows{"4"}));
  EXPECT_EQ(run({graph, "MERGE p = (:A)-[:R]->(:B) RETURN length(p)", "MATCH (n) RETURN count(n)"}), (Rows{"2"}));
}

TEST_F(MergeTest, OnCreateAndOnMatchTakeEveryKindOfSet) {
  const std::string merge = "MERGE (n:A {k: 1}) ON CREATE SET n += {a: 1, b: 2}, n:New ON MATCH SET n.b = null, n:Old ";
  const std::string read = "MATCH (n:A) RETURN properties(n), labels(n)";
  EXPECT_EQ(run({merge, read}), (Rows{"{a: 1, b: 2, k: 1} ['A', 'New']"}));
  EXPECT_EQ(run({merge, merge, read}), (Rows{"{a: 1, k: 1} ['A', 'New', 'Old']"}));
  EXPECT_EQ(run({"MERGE (n:A {k: 1}) ON MATCH SET n.m = 1 ON CREATE SET n.c = 1 ON MATCH SET n.m = n.m + 1", read}),
            (Rows{"{c: 1, k: 1} ['A']"}));
  EXPECT_EQ(run({"MERGE (n:A {k: 1})",
                 "MERGE (n:A {k: 1}) ON MATCH SET n.m = 1 ON CREATE SET n.c = 1 ON MATCH SET n.m = "
                 "n.m + 1",
                 read}),
            (Rows{"{k: 1, m: 2} ['A']"}));
  EXPECT_EQ(run({"MERGE (n:A {k: 1}) ON CREATE SET n = {z: 9}", read}), (Rows{"{z: 9} ['A']"}));
  EXPECT_EQ(run({"CREATE (x:X {p: 5})",
                 "MATCH (x:X) MERGE (n:A {k: 1})-[r:R {w: 1}]->(x) ON CREATE SET r = properties(x), "
                 "x.seen = true, n[$key] = x.p RETURN r.p, r.w, x.seen, n.dyn"},
                {{"key", Value("dyn")}}),
            (Rows{"5 null true 5"}));
  EXPECT_EQ(run({"MERGE (n:A {k: 1}) ON CREATE SET n.at = coalesce(n.at, 0) + 1 SET n.all = n.at * 10 RETURN n.all",
                 "MERGE (n:A {k: 1}) ON CREATE SET n.at = 100 SET n.all = n.at * 20 RETURN n.all"}),
            (Rows{"20"}));
}

TEST_F(MergeTest, InOddPlaces) {
  EXPECT_EQ(run({"FOREACH (x IN [1, 1, 2] | MERGE (n:A {v: x}) ON MATCH SET n.again = true)",
                 "MATCH (n:A) RETURN n.v, n.again ORDER BY n.v"}),
            (Rows{"1 true", "2 null"}));
  EXPECT_EQ(run({"UNWIND [1, 1, 2] AS x CALL (x) { MERGE (n:A {v: x}) ON CREATE SET n.c = 0 ON MATCH SET n.c = n.c + 1 "
                 "RETURN n.c AS c } RETURN x, c"}),
            (Rows{"1 0", "1 1", "2 0"}));
  EXPECT_EQ(
      run({"CREATE (:S {v: 1}), (:S {v: 2}), (:S {v: 1})",
           "MATCH (s:S) WITH s.v AS v, count(*) AS c MERGE (n:A {v: v}) SET n.c = c WITH n ORDER BY n.v MATCH (m:A) "
           "WHERE m.v <= n.v RETURN n.v, n.c, count(m)"}),
      (Rows{"1 2 1", "2 1 2"}));
  EXPECT_EQ(
      run({"MERGE (a:A {v: 1}) WITH a OPTIONAL MATCH (a)-[:R]->(b) MERGE (c:C {v: coalesce(b.v, 7)}) RETURN c.v"}),
      (Rows{"7"}));
  EXPECT_EQ(
      run({"CREATE (:A {v: 1})", "MATCH (a:A) DELETE a MERGE (b:A {v: 1}) RETURN b.v", "MATCH (n:A) RETURN count(n)"}),
      (Rows{"1"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1})",
                 "MATCH (a:A) SET a.v = 2 MERGE (b:A {v: 1}) MERGE (c:A {v: 2}) RETURN id(a) = id(c), "
                 "id(b) = id(a)"}),
            (Rows{"true false"}));
  EXPECT_EQ(run({"CREATE (:A), (:A)", "MATCH (a:A) MERGE (b:B) RETURN count(DISTINCT b), count(*)"}), (Rows{"1 2"}));
  EXPECT_EQ(run({"UNWIND [] AS x MERGE (:A {v: x})", "MATCH (n) RETURN count(n)"}), (Rows{"0"}));
  EXPECT_EQ(run({"MERGE (a:A {v: 1})-[:R]->(b:B {v: 1}) MERGE (a)-[:R]->(c:B {v: 2}) RETURN COUNT { (a)-[:R]->() }"}),
            (Rows{"2"}));
}

TEST_F(MergeTest, WithIndexesAndConstraints) {
  const std::string unique = "CREATE CONSTRAINT FOR (n:A) REQUIRE n.v IS UNIQUE";
  EXPECT_EQ(run({unique, "UNWIND [1, 2, 1] AS x MERGE (n:A {v: x}) ON CREATE SET n.c = x RETURN n.c"}),
            (Rows{"1", "2", "1"}));
  EXPECT_EQ(error({unique, "MERGE (n:A {v: 1}) MERGE (m:A {v: 2}) SET m.v = 1"}),
            "ConstraintValidationFailed.UniqueConstraint@1");
  EXPECT_EQ(run({"CREATE INDEX FOR (n:A) ON (n.v)", "CREATE (:A {v: 3})",
                 "UNWIND range(1, 5) AS x MERGE (n:A {v: x}) ON "
                 "MATCH SET n.old = true",
                 "MATCH (n:A) WHERE n.old RETURN n.v"}),
            (Rows{"3"}));
}

TEST_F(MergeTest, OfNullFails) {
  expect_error("MERGE (n:A {v: null})", "SemanticError.MergeReadOwnWrites@null", "null");
  expect_error("MERGE (n:A {v: $v})", "SemanticError.MergeReadOwnWrites@$v", "null", {{"v", Value()}});
  expect_error({"CREATE (:A), (:B)", "MATCH (a:A), (b:B) MERGE (a)-[:R {w: b.none}]->(b)"},
               "SemanticError.MergeReadOwnWrites@b.none", "null");
  expect_error("OPTIONAL MATCH (a:None) MERGE (a)-[:R]->(b)", "EntityNotFound.MissingNode@-[:R]->", "null");
}

TEST_F(MergeTest, RefusesPatternsItCannotMake) {
  expect_error("MERGE (a)-[:R*2]->(b)", "SyntaxError.CreatingVarLength@-[:R*2]->", "");
  expect_error("MERGE (a)-->(b)", "SyntaxError.NoSingleRelationshipType@-->", "");
  expect_error("MERGE (a)-[:R|S]->(b)", "SyntaxError.NoSingleRelationshipType@-[:R|S]->", "");
  expect_error("MATCH (a) MERGE (a)", "SyntaxError.VariableAlreadyBound@(a)", "`a`");
  expect_error("MATCH (a)-[r]->(b) MERGE (a)-[r:R]->(b)", "SyntaxError.VariableAlreadyBound@-[r:R]->", "`r`");
  expect_error("MERGE (a {v: a.w})", "SyntaxError.UndefinedVariable@a", "`a`");
  expect_error("MERGE (a) ON CREATE SET b.v = 1", "SyntaxError.UndefinedVariable@b", "`b`");
  expect_error("MERGE (a $p)", "SyntaxError.InvalidParameterUse@$p", "", {{"p", Value::map({})}});
}

}  // namespace
}  // namespace entente
