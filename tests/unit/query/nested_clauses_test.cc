// FOREACH, CALL { … } and FINISH.
#include "statement_fixture.h"

namespace entente {
namespace {

class NestedClausesTest : public StatementTest {};

// ---- FOREACH ----

TEST_F(NestedClausesTest, ForeachCreatesAsUnwindDoes) {
  const std::string all = "MATCH (n:N) RETURN n.v ORDER BY n.v";
  const Rows expected{"1", "2", "3"};
  EXPECT_EQ(run({"FOREACH (x IN [1, 2, 3] | CREATE (:N {v: x}))", all}), expected);
  EXPECT_EQ(run({"UNWIND [1, 2, 3] AS x CREATE (:N {v: x})", all}), expected);
}

TEST_F(NestedClausesTest, ForeachLeavesTheRowsAsTheyAre) {
  EXPECT_EQ(run("UNWIND [1, 2] AS i FOREACH (x IN [i, i] | CREATE (:N)) WITH i MATCH (n) RETURN i, count(n)"),
            (Rows{"1 4", "2 4"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS i FOREACH (x IN [] | CREATE (:N)) RETURN i"), (Rows{"1", "2"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS i FOREACH (x IN null | CREATE (:N)) RETURN i"), (Rows{"1", "2"}));
}

TEST_F(NestedClausesTest, ForeachSeesWhatEarlierElementsWrote) {
  EXPECT_EQ(run({"CREATE (:S {sum: 0, seen: []})",
                 "MATCH (n:S) FOREACH (x IN [1, 2, 3] | SET n.sum = n.sum + x SET n.seen = n.seen + n.sum)",
                 "MATCH (n:S) RETURN n.sum, n.seen"}),
            (Rows{"6 [1, 3, 6]"}));
  EXPECT_EQ(run({"FOREACH (x IN [1, 1, 2] | MERGE (:M {v: x}))", "MATCH (n:M) RETURN count(n)"}), (Rows{"2"}));
}

TEST_F(NestedClausesTest, ForeachNestsAndTakesAllUpdates) {
  EXPECT_EQ(
      run({"FOREACH (a IN [1, 2] | CREATE (n:A {v: a}) FOREACH (b IN range(1, a) | CREATE (n)-[:R {w: b}]->(:B)))",
           "MATCH (a:A) RETURN a.v, COUNT { (a)-[:R]->(:B) } ORDER BY a.v"}),
      (Rows{"1 1", "2 2"}));
  EXPECT_EQ(run({"CREATE (:A:X {p: 1})-[:R]->(:B {p: 2})",
                 "MATCH p = (:A)-[:R]->(:B) FOREACH (n IN nodes(p) | REMOVE n.p SET n:Seen REMOVE n:X)",
                 "MATCH (n) RETURN labels(n), n.p ORDER BY labels(n)[0]"}),
            (Rows{"['A', 'Seen'] null", "['B', 'Seen'] null"}));
  EXPECT_EQ(run({"CREATE (:A)-[:R]->(:B)", "MATCH (n) WITH collect(n) AS ns FOREACH (n IN ns | DETACH DELETE n)",
                 "MATCH (n) RETURN count(n)"}),
            (Rows{"0"}));
}

TEST_F(NestedClausesTest, ForeachScopesItsVariables) {
  EXPECT_EQ(error("FOREACH (x IN [1] | CREATE (n)) RETURN x"), "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("FOREACH (x IN [1] | CREATE (n)) RETURN n"), "SyntaxError.UndefinedVariable@n");
  EXPECT_EQ(error("WITH 1 AS x FOREACH (x IN [1] | CREATE ()) RETURN x"),
            "SyntaxError.VariableAlreadyBound@FOREACH (x IN [1] | CREATE ())");
  EXPECT_EQ(error("FOREACH (x IN [1] | MATCH (n) SET n.v = x)"), "SyntaxError.InvalidClauseComposition@MATCH (n)");
  EXPECT_EQ(error("FOREACH (x IN 1 | CREATE ())"), "SyntaxError.InvalidArgumentType@1");
  EXPECT_EQ(error("FOREACH (x IN $l | CREATE ())", {{"l", Value(1)}}), "TypeError.InvalidArgumentType@$l");
  EXPECT_EQ(error("FOREACH (x IN [1] | )"), "SyntaxError.UnexpectedSyntax@)");
  EXPECT_EQ(error("RETURN EXISTS { FOREACH (x IN [1] | CREATE ()) }"),
            "SyntaxError.InvalidClauseComposition@FOREACH (x IN [1] | CREATE ())");
}

TEST_F(NestedClausesTest, ForeachThatFailsChangesNothing) {
  EXPECT_EQ(error("FOREACH (x IN [1, 0] | CREATE (:N {v: 1 / x}))"), "ArithmeticError.DivisionByZero@1 / x");
}

// ---- CALL { … } ----

TEST_F(NestedClausesTest, CallMultipliesRowsAsTheClausesInlined) {
  const std::string graph =
      "CREATE (a:A {v: 1}), (b:A {v: 2}), (:A {v: 3}), (a)-[:R]->(b), (a)-[:R]->(a), (a)-[:R]->(b)";
  const Rows expected{"1 1", "1 2", "1 2"};
  const std::string end = " RETURN a.v, w ORDER BY a.v, w";
  EXPECT_EQ(run({graph, "MATCH (a:A) MATCH (a)-[:R]->(b) WITH a, b.v AS w" + end}), expected);
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL { WITH a MATCH (a)-[:R]->(b) RETURN b.v AS w }" + end}), expected);
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL (a) { MATCH (a)-[:R]->(b) RETURN b.v AS w }" + end}), expected);
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL (*) { MATCH (a)-[:R]->(b) RETURN b.v AS w }" + end}), expected);
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL { WITH * MATCH (a)-[:R]->(b) RETURN b.v AS w }" + end}), expected);
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL () { MATCH (b:A) RETURN count(b) AS w }" + end}),
            (Rows{"1 3", "2 3", "3 3"}));
  EXPECT_EQ(run({graph, "MATCH (a:A) CALL (a) { MATCH (a)-[:R]->(b) RETURN b } RETURN count(*)"}), (Rows{"3"}));
}

TEST_F(NestedClausesTest, CallRunsForEachRow) {
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { UNWIND [x, x * 10] AS y RETURN sum(y) AS s } RETURN x, s"),
            (Rows{"1 11", "2 22"}));
  EXPECT_EQ(
      run("UNWIND [2, 1] AS x CALL { WITH x UNWIND [3, 1, 2] AS y WITH y, x ORDER BY y LIMIT 2 RETURN y + x AS z } "
          "RETURN x, z"),
      (Rows{"2 3", "2 4", "1 2", "1 3"}));
  EXPECT_EQ(run("UNWIND [1, 1] AS x CALL { WITH x RETURN DISTINCT x AS y } RETURN x, y"), (Rows{"1 1", "1 1"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { UNWIND [] AS y RETURN count(y) AS c } RETURN x, c"),
            (Rows{"1 0", "2 0"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { UNWIND [] AS y RETURN y } RETURN x, y"), Rows{});
  EXPECT_EQ(run("CALL { RETURN 1 AS a } CALL { WITH a RETURN a + 1 AS b } RETURN a, b"), (Rows{"1 2"}));
  EXPECT_EQ(run("CALL { WITH 5 AS v RETURN v } RETURN v"), (Rows{"5"}));
}

TEST_F(NestedClausesTest, CallTakesUnions) {
  EXPECT_EQ(
      run("UNWIND [1, 2] AS x CALL { WITH x RETURN x AS y UNION WITH x RETURN 2 AS y } RETURN x, y ORDER BY x, y"),
      (Rows{"1 1", "1 2", "2 2"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { RETURN x AS y UNION ALL RETURN 2 AS y } RETURN x, y ORDER BY x, y"),
            (Rows{"1 1", "1 2", "2 2", "2 2"}));
}

TEST_F(NestedClausesTest, OptionalCallKeepsRowsWithoutAny) {
  EXPECT_EQ(run("UNWIND [1, 2] AS x OPTIONAL CALL (x) { UNWIND range(2, x) AS y RETURN y, x AS z } RETURN x, y, z"),
            (Rows{"1 null null", "2 2 2"}));
  EXPECT_EQ(run("OPTIONAL CALL () { MATCH (n:None) RETURN n } RETURN n"), (Rows{"null"}));
}

TEST_F(NestedClausesTest, CallsNest) {
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { CALL (x) { RETURN x * 2 AS y } CALL (x, y) { RETURN x + y AS z } "
                "RETURN y, z } RETURN x, y, z"),
            (Rows{"1 2 3", "2 4 6"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL { WITH x CALL { WITH x RETURN x AS y } RETURN y } RETURN x, y"),
            (Rows{"1 1", "2 2"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x RETURN x, COLLECT { CALL (x) { UNWIND range(1, x) AS y RETURN y } RETURN y }"),
            (Rows{"1 [1]", "2 [1, 2]"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x WITH x WHERE EXISTS { CALL (x) { RETURN x > 1 AS ok } WITH ok WHERE ok RETURN ok } "
                "RETURN x"),
            (Rows{"2"}));
}

TEST_F(NestedClausesTest, UnitCallLeavesTheRowsAsTheyAre) {
  EXPECT_EQ(run("UNWIND [1, 2, 3] AS x CALL (x) { UNWIND range(1, x) AS y CREATE (:N {v: y}) } WITH x MATCH (n:N) "
                "RETURN x, count(n)"),
            (Rows{"1 6", "2 6", "3 6"}));
  EXPECT_EQ(run({"UNWIND [1, 2] AS x CALL (x) { UNWIND [] AS y CREATE (:N) } RETURN x"}), (Rows{"1", "2"}));
  EXPECT_EQ(run({"UNWIND [1, 2] AS x CALL (x) { CREATE (:N {v: x}) FINISH }", "MATCH (n:N) RETURN count(n)"}),
            (Rows{"2"}));
}

TEST_F(NestedClausesTest, EachRunOfACallSeesWhatTheOnesBeforeWrote) {
  EXPECT_EQ(run({"CREATE (:C {n: 0})",
                 "UNWIND range(1, 4) AS x CALL { MATCH (c:C) SET c.n = c.n + 1 RETURN c.n AS n } RETURN x, n"}),
            (Rows{"1 1", "2 2", "3 3", "4 4"}));
  EXPECT_EQ(run({"CREATE (:C), (:C)", "MATCH (c:C) CALL (c) { CREATE (:C) } RETURN count(*)"}), (Rows{"2"}));
  EXPECT_EQ(run({"CREATE (:C), (:C)", "MATCH (c:C) CALL (c) { CREATE (d:C) RETURN d } RETURN count(d) LIMIT 1",
                 "MATCH (c:C) RETURN count(c)"}),
            (Rows{"4"}));
  EXPECT_EQ(run({"UNWIND [1, 2, 3] AS x CALL (x) { CREATE (d:D {v: x}) RETURN d } RETURN d.v LIMIT 1",
                 "MATCH (d:D) RETURN count(d)"}),
            (Rows{"3"}));
}

TEST_F(NestedClausesTest, WhatACallImportsStaysVisibleBehindAWith) {
  const std::string each = "UNWIND [1, 2] AS x ";
  EXPECT_EQ(run(each + "CALL (x) { WITH 1 AS y RETURN x + y AS z } RETURN z"), (Rows{"2", "3"}));
  EXPECT_EQ(run(each + "CALL (*) { UNWIND [5, 6] AS y WITH max(y) AS m RETURN m * x AS z } RETURN z"),
            (Rows{"6", "12"}));
  EXPECT_EQ(run(each + "CALL (x) { MATCH (n) WITH count(n) AS c RETURN c + x AS z } RETURN z"), (Rows{"1", "2"}));
  EXPECT_EQ(run(each + "CALL (x) { UNWIND [3, 4] AS y WITH y ORDER BY y DESC LIMIT 1 RETURN y * x AS z } RETURN z"),
            (Rows{"4", "8"}));
  EXPECT_EQ(run(each + "CALL (x) { UNWIND [3, 3] AS y WITH DISTINCT y AS k RETURN k * x AS z } RETURN z"),
            (Rows{"3", "6"}));
  EXPECT_EQ(run({each + "CALL (x) { CREATE (n:N) WITH n AS m SET m.v = x }", "MATCH (n:N) RETURN n.v ORDER BY n.v"}),
            (Rows{"1", "2"}));
  EXPECT_EQ(run({each + "CALL (x) { CREATE (n:N) WITH count(n) AS c CREATE (:M {v: c + x}) }",
                 "MATCH (n:N) MATCH (m:M) RETURN count(DISTINCT n), collect(DISTINCT m.v)"}),
            (Rows{"2 [2, 3]"}));
  EXPECT_EQ(error("WITH 1 AS x CALL { WITH x WITH 1 AS y RETURN x + y AS z } RETURN z"),
            "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("WITH 1 AS x CALL (x) { WITH 2 AS x RETURN x AS y } RETURN y"), "SyntaxError.VariableAlreadyBound@2");
}

TEST_F(NestedClausesTest, CallSeesOnlyWhatItImports) {
  EXPECT_EQ(error("WITH 1 AS x CALL { RETURN x + 1 AS y } RETURN y"), "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("WITH 1 AS x CALL () { RETURN x + 1 AS y } RETURN y"), "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("WITH 1 AS x CALL (z) { RETURN 1 AS y } RETURN y"), "SyntaxError.UndefinedVariable@z");
  EXPECT_EQ(error("WITH 1 AS x CALL { WITH x AS z RETURN z AS y } RETURN y"), "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("WITH 1 AS x, 2 AS z CALL { WITH x, 1 AS k RETURN k } RETURN k"),
            "SyntaxError.InvalidClauseComposition@WITH x, 1 AS k");
  EXPECT_EQ(error("WITH 1 AS x CALL { WITH x WHERE x > 1 RETURN 1 AS k } RETURN k"),
            "SyntaxError.InvalidClauseComposition@WITH x WHERE x > 1");
}

TEST_F(NestedClausesTest, CallRefusesNamesThatAreTaken) {
  EXPECT_EQ(error("WITH 1 AS x CALL { RETURN 2 AS x } RETURN x"), "SyntaxError.VariableAlreadyBound@RETURN 2 AS x");
  EXPECT_EQ(error("WITH 1 AS x CALL (x) { RETURN x } RETURN x"), "SyntaxError.VariableAlreadyBound@RETURN x");
  EXPECT_EQ(error("WITH 1 AS x CALL (x) { UNWIND [1] AS x RETURN 1 AS y } RETURN y"),
            "SyntaxError.VariableAlreadyBound@UNWIND [1] AS x");
  EXPECT_EQ(error("WITH 1 AS x CALL (x) { WITH 2 AS x RETURN 1 AS y } RETURN y"), "SyntaxError.VariableAlreadyBound@2");
  EXPECT_EQ(error("WITH 1 AS x CALL (x, x) { RETURN 1 AS y } RETURN y"), "SyntaxError.VariableAlreadyBound@x");
}

TEST_F(NestedClausesTest, CallRefusesWhatItDoesNotDo) {
  EXPECT_EQ(error("UNWIND [1] AS x CALL (x) { CREATE (:N) } IN TRANSACTIONS"), "SyntaxError.NotImplemented@IN");
  EXPECT_EQ(error("CALL { MATCH (n) } RETURN 1"), "SyntaxError.InvalidClauseComposition@MATCH (n)");
  EXPECT_EQ(error("WITH 1 AS x CALL { WITH x }"), "SyntaxError.InvalidClauseComposition@WITH x");
  EXPECT_EQ(error("CALL { RETURN 1 AS x }"), "SyntaxError.InvalidClauseComposition@CALL { RETURN 1 AS x }");
  EXPECT_EQ(error("CALL { RETURN 1 AS x UNION RETURN 2 AS y } RETURN x"),
            "SyntaxError.DifferentColumnsInUnion@RETURN 2 AS y");
  EXPECT_EQ(error("RETURN COUNT { CALL { CREATE (:N) } RETURN 1 AS x }"),
            "SyntaxError.InvalidClauseComposition@CREATE (:N)");
}

// ---- FINISH ----

TEST_F(NestedClausesTest, FinishEndsWithoutRows) {
  EXPECT_EQ(run("UNWIND [1, 2] AS x FINISH"), Rows{});
  EXPECT_EQ(run({"CREATE (:N) FINISH", "MATCH (n) RETURN count(n)"}), (Rows{"1"}));
  EXPECT_EQ(error("FINISH RETURN 1"), "SyntaxError.InvalidClauseComposition@FINISH");
  EXPECT_EQ(error("RETURN EXISTS { MATCH (n) FINISH }"), "SyntaxError.InvalidClauseComposition@FINISH");
}

}  // namespace
}  // namespace entente
