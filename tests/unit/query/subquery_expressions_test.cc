// EXISTS, COUNT and COLLECT { … } in every clause that takes an expression.
#include "statement_fixture.h"

namespace entente {
namespace {

class SubqueryExpressionsTest : public StatementTest {
 protected:
  /// 1 -K-> 2, 1 -K-> 3, 2 -K-> 3, 3 -L-> 3.
  const std::string graph_ =
      "CREATE (a:P {n: 1}), (b:P {n: 2}), (c:P {n: 3}), (a)-[:K {w: 1}]->(b), (a)-[:K {w: 2}]->(c), "
      "(b)-[:K {w: 3}]->(c), (c)-[:L {w: 4}]->(c)";

  Rows on_graph(const std::string& query, const Map& parameters = {}) const { return run({graph_, query}, parameters); }
};

TEST_F(SubqueryExpressionsTest, InWhere) {
  EXPECT_EQ(on_graph("MATCH (p:P) WHERE EXISTS { (p)-[:K]->() } RETURN p.n ORDER BY p.n"), (Rows{"1", "2"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WHERE NOT EXISTS { MATCH (p)-[:K]->(q) WHERE q.n = 3 RETURN q } RETURN p.n"),
            (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WHERE COUNT { (p)-[:K]->() } > 1 OR EXISTS { (p)-[:L]-(p) } RETURN p.n ORDER BY p.n"),
            (Rows{"1", "3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WHERE 3 IN COLLECT { MATCH (p)-[:K]->(q) RETURN q.n } RETURN p.n ORDER BY p.n"),
            (Rows{"1", "2"}));
  EXPECT_EQ(on_graph("MATCH (p:P)-[k:K]->(q) WHERE EXISTS { MATCH (q)-[l:K]->() WHERE l.w > k.w } RETURN p.n, q.n"),
            (Rows{"1 2"}));
  EXPECT_EQ(on_graph("OPTIONAL MATCH (p:P {n: 1})-[:K]->(q) WHERE NOT EXISTS { (q)-[:K]->() } RETURN q.n"),
            (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WITH p WHERE EXISTS { (p)<-[:K]-() } RETURN p.n ORDER BY p.n"), (Rows{"2", "3"}));
}

TEST_F(SubqueryExpressionsTest, InsideOfPatterns) {
  EXPECT_EQ(on_graph("MATCH (p:P WHERE EXISTS { (p)-[:L]->() }) RETURN p.n"), (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (p)-[k:K WHERE COUNT { MATCH ()-[l:K]->() WHERE l.w > k.w } = 1]->(q) RETURN p.n, q.n"),
            (Rows{"1 3"}));
  EXPECT_EQ(on_graph("MATCH (p:P {n: COUNT { ()-[:L]->() }}) RETURN p.n"), (Rows{"1"}));
}

TEST_F(SubqueryExpressionsTest, InProjectionsAndTheirOrder) {
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN p.n, EXISTS { (p)-[:K]->() }, COUNT { (p)--() } ORDER BY p.n"),
            (Rows{"1 true 2", "2 true 2", "3 false 3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN p.n ORDER BY COUNT { (p)--() } DESC, p.n"), (Rows{"3", "1", "2"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WITH p ORDER BY COUNT { (p)-[:K]->() } LIMIT 1 RETURN p.n"), (Rows{"3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) WITH p, COUNT { (p)-[:K]->() } AS k WHERE k < 2 RETURN p.n, k ORDER BY k"),
            (Rows{"3 0", "2 1"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN CASE WHEN EXISTS { (p)-[:L]->() } THEN 'loop' ELSE 'none' END AS c, p.n "
                     "ORDER BY p.n"),
            (Rows{"'none' 1", "'none' 2", "'loop' 3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN p { .n, out: COUNT { (p)-[:K]->() } } AS m ORDER BY m.n"),
            (Rows{"{n: 1, out: 2}", "{n: 2, out: 1}", "{n: 3, out: 0}"}));
}

TEST_F(SubqueryExpressionsTest, WithAggregates) {
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN sum(COUNT { (p)-[:K]->() }), collect(EXISTS { (p)-[:K]->({n: 2}) })"),
            (Rows{"3 [true, false, false]"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COUNT { (p)-[:K]->() } > 0 AS has, count(*) ORDER BY has"),
            (Rows{"false 1", "true 2"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN count(CASE WHEN EXISTS { (p)-[:K]->() } THEN 1 END)"), (Rows{"2"}));
}

TEST_F(SubqueryExpressionsTest, InLists) {
  EXPECT_EQ(on_graph("RETURN [x IN [1, 2, 3] WHERE EXISTS { MATCH (:P {n: x})-[:K]->() } | x]"), (Rows{"[1, 2]"}));
  EXPECT_EQ(on_graph("RETURN [x IN [1, 2, 3] | COUNT { MATCH (:P {n: x})-[:K]->() }]"), (Rows{"[2, 1, 0]"}));
  EXPECT_EQ(on_graph("RETURN all(x IN [1, 2] WHERE EXISTS { (:P {n: x})-[:K]->() }), "
                     "any(x IN [3] WHERE EXISTS { (:P {n: x})-[:K]->() }), "
                     "none(x IN [] WHERE EXISTS { (:P) }), single(x IN [1, 3] WHERE EXISTS { (:P {n: x})-[:K]->() })"),
            (Rows{"true false true true"}));
  EXPECT_EQ(on_graph("RETURN reduce(s = 0, x IN [1, 2, 3] | s * 10 + COUNT { (:P {n: x})-[:K]->() })"), (Rows{"210"}));
  EXPECT_EQ(on_graph("UNWIND COLLECT { MATCH (p:P) RETURN p.n ORDER BY p.n DESC } AS x RETURN x * 10"),
            (Rows{"30", "20", "10"}));
  EXPECT_EQ(on_graph("MATCH (p:P {n: 1}) UNWIND [(p)-[:K]->(q) | [q.n, COUNT { (q)--() }]] AS l RETURN l ORDER BY l"),
            (Rows{"[2, 2]", "[3, 3]"}));
}

TEST_F(SubqueryExpressionsTest, InUpdates) {
  EXPECT_EQ(run({graph_, "MATCH (p:P) SET p.out = COUNT { (p)-[:K]->() }", "MATCH (p:P) RETURN p.out ORDER BY p.n"}),
            (Rows{"2", "1", "0"}));
  EXPECT_EQ(on_graph("CREATE (s:S {c: COUNT { (:P) }, l: COLLECT { MATCH (p:P) RETURN p.n ORDER BY p.n }}) "
                     "RETURN s.c, s.l"),
            (Rows{"3 [1, 2, 3]"}));
  EXPECT_EQ(on_graph("MERGE (s:S {c: COUNT { (:P) }}) ON CREATE SET s.e = EXISTS { (:P)-[:L]->() } "
                     "MERGE (t:S {c: 3}) ON MATCH SET t.m = COUNT { (:S) } RETURN t.c, t.e, t.m"),
            (Rows{"3 true 1"}));
  EXPECT_EQ(run({graph_, "MATCH (p:P) WHERE NOT EXISTS { (p)-[:K]->() } DETACH DELETE p",
                 "MATCH (p:P) RETURN p.n, COUNT { (p)-[:K]->() } ORDER BY p.n"}),
            (Rows{"1 1", "2 0"}));
  EXPECT_EQ(run({graph_, "FOREACH (x IN COLLECT { MATCH (p:P) RETURN p } | SET x.seen = COUNT { (x)--() })",
                 "MATCH (p:P) RETURN p.seen ORDER BY p.n"}),
            (Rows{"2", "2", "3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) CREATE (:Q) RETURN COUNT { (:Q) }"), (Rows{"3", "3", "3"}));
}

TEST_F(SubqueryExpressionsTest, CollectKeepsOrderAndNulls) {
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COLLECT { MATCH (p)-[:K]->(q) RETURN q.n ORDER BY q.n DESC } ORDER BY p.n"),
            (Rows{"[3, 2]", "[3]", "[]"}));
  EXPECT_EQ(run("RETURN COLLECT { UNWIND [1, null, 1] AS x RETURN x }, COLLECT { UNWIND [] AS x RETURN x }"),
            (Rows{"[1, null, 1] []"}));
  EXPECT_EQ(run("UNWIND [3, 1] AS x RETURN COLLECT { UNWIND range(1, x) AS y RETURN y * x AS z ORDER BY y DESC SKIP 1 "
                "LIMIT 2 }"),
            (Rows{"[6, 3]", "[]"}));
  EXPECT_EQ(on_graph("RETURN COLLECT { MATCH (p:P) RETURN p { .n } AS m ORDER BY p.n LIMIT 1 }"), (Rows{"[{n: 1}]"}));
}

TEST_F(SubqueryExpressionsTest, TakeDistinctAggregatesAndUnions) {
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COUNT { MATCH (p)-[:K*1..2]->(q) RETURN DISTINCT q } ORDER BY p.n"),
            (Rows{"2", "1", "0"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COUNT { MATCH (p)-[:K]->(q) RETURN q.n AS x UNION MATCH (p)--(q) RETURN q.n "
                     "AS x }, COUNT { MATCH (p)-[:K]->(q) RETURN q.n AS x UNION ALL MATCH (p)--(q) RETURN q.n AS x } "
                     "ORDER BY p.n"),
            (Rows{"2 4", "2 3", "3 3"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN EXISTS { MATCH (p)-[:K]->(q) WITH count(q) AS c WHERE c > 1 RETURN c }, "
                     "COUNT { MATCH (p)-[:K]->(q) RETURN count(q) } ORDER BY p.n"),
            (Rows{"true 1", "false 1", "false 1"}));
  EXPECT_EQ(on_graph("RETURN EXISTS { MATCH (p:P {n: 9}) RETURN p UNION MATCH (p:P {n: 1}) RETURN p }"),
            (Rows{"true"}));
}

TEST_F(SubqueryExpressionsTest, Nest) {
  EXPECT_EQ(on_graph("MATCH (p:P) WHERE EXISTS { MATCH (p)-[:K]->(q) WHERE EXISTS { (q)-[:K]->() } } RETURN p.n"),
            (Rows{"1"}));
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COLLECT { MATCH (p)-[:K]->(q) RETURN COUNT { (q)--(r) WHERE r <> p } AS c "
                     "ORDER BY c } ORDER BY p.n"),
            (Rows{"[1, 2]", "[2]", "[]"}));
  // Names from outside stay visible behind a WITH.
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COUNT { MATCH (q:P) WITH q.n AS m WHERE m > p.n RETURN m } ORDER BY p.n"),
            (Rows{"2", "1", "0"}));
}

TEST_F(SubqueryExpressionsTest, SeeTheVariablesOutsideBehindAWith) {
  const std::string each = "MATCH (p:P) RETURN p.n, ";
  const std::string order = " AS v ORDER BY p.n";
  EXPECT_EQ(on_graph(each + "EXISTS { WITH 3 AS x MATCH (p)-[:K]->(q) WHERE q.n = x RETURN 1 }" + order),
            (Rows{"1 true", "2 true", "3 false"}));
  EXPECT_EQ(on_graph(each + "COUNT { MATCH (q:P) WITH q.n AS m MATCH (p) WHERE p.n <= m RETURN m }" + order),
            (Rows{"1 3", "2 2", "3 1"}));
  EXPECT_EQ(on_graph(each + "COUNT { WITH 1 AS x RETURN x ORDER BY p.n }" + order), (Rows{"1 1", "2 1", "3 1"}));
  EXPECT_EQ(on_graph(each + "COLLECT { MATCH (p)-[:K]->(q) WITH q.n AS m ORDER BY m RETURN m + p.n }" + order),
            (Rows{"1 [3, 4]", "2 [5]", "3 []"}));
  EXPECT_EQ(
      on_graph(each + "COLLECT { MATCH (p)-[k]->() WITH type(k) AS t, count(*) AS c RETURN t + c + p.n }" + order),
      (Rows{"1 ['K21']", "2 ['K12']", "3 ['L13']"}));
  EXPECT_EQ(on_graph(each + "COLLECT { MATCH (p)-[k:K]->() WITH count(k) AS c RETURN c + 10 * p.n }" + order),
            (Rows{"1 [12]", "2 [21]", "3 [30]"}));
  EXPECT_EQ(on_graph(each + "COLLECT { MATCH (p)-[k:K]->() WITH count(k) AS c WITH sum(c) + p.n AS s RETURN s * p.n }" +
                     order),
            (Rows{"1 [3]", "2 [6]", "3 [9]"}));
  EXPECT_EQ(on_graph(each + "COLLECT { UNWIND [1, 1, 2] AS x WITH DISTINCT x LIMIT 2 RETURN x * p.n }" + order),
            (Rows{"1 [1, 2]", "2 [2, 4]", "3 [3, 6]"}));
  EXPECT_EQ(on_graph(each + "COLLECT { WITH 1 AS x RETURN x UNION ALL WITH 2 AS x RETURN p.n AS x }" + order),
            (Rows{"1 [1, 1]", "2 [1, 2]", "3 [1, 3]"}));
  EXPECT_EQ(
      on_graph(each + "COLLECT { WITH 1 AS x CALL (x) { WITH 1 AS y RETURN x + y AS z } RETURN z + p.n }" + order),
      (Rows{"1 [3]", "2 [4]", "3 [5]"}));
  EXPECT_EQ(on_graph(each + "[x IN [p.n] | COLLECT { WITH 1 AS y RETURN x + y + p.n }]" + order),
            (Rows{"1 [[3]]", "2 [[5]]", "3 [[7]]"}));
}

TEST_F(SubqueryExpressionsTest, DoNotBindTheVariablesOutsideAnew) {
  const std::string advice = "stays visible in all of a subquery";
  expect_error("MATCH (n) RETURN EXISTS { WITH 1 AS n RETURN n }", "SyntaxError.VariableAlreadyBound@1", advice);
  expect_error("MATCH (n) RETURN COUNT { WITH n.x AS n RETURN n }", "SyntaxError.VariableAlreadyBound@n.x", advice);
  expect_error("MATCH (n) RETURN EXISTS { MATCH (m) WHERE EXISTS { WITH 1 AS n RETURN n } }",
               "SyntaxError.VariableAlreadyBound@1", advice);
  expect_error("MATCH (n) RETURN COLLECT { UNWIND [1] AS n RETURN n }",
               "SyntaxError.VariableAlreadyBound@UNWIND [1] AS n", "");
  EXPECT_EQ(on_graph("MATCH (p:P) RETURN COLLECT { WITH p AS p RETURN p.n } AS v ORDER BY v"),
            (Rows{"[1]", "[2]", "[3]"}));
}

TEST_F(SubqueryExpressionsTest, OfNullFindNothing) {
  EXPECT_EQ(run("OPTIONAL MATCH (x:None) RETURN EXISTS { (x)--() }, COUNT { (x)--() }, COLLECT { MATCH (x)--(y) RETURN "
                "y }"),
            (Rows{"false 0 []"}));
  EXPECT_EQ(on_graph("UNWIND [1, null] AS x RETURN EXISTS { MATCH (p:P) WHERE p.n = x }, COUNT { (:P {n: x}) }"),
            (Rows{"true 1", "false 0"}));
}

TEST_F(SubqueryExpressionsTest, OverSeveralBatches) {
  EXPECT_EQ(on_graph("UNWIND range(1, 5000) AS x RETURN sum(COUNT { MATCH (p:P) WHERE p.n <= x % 4 })"),
            (Rows{"7500"}));
  EXPECT_EQ(on_graph("UNWIND range(1, 5000) AS x WITH x WHERE EXISTS { MATCH (p:P) WHERE p.n * 1000 = x } RETURN x"),
            (Rows{"1000", "2000", "3000"}));
  EXPECT_EQ(run("WITH COLLECT { UNWIND range(1, 5000) AS x RETURN x } AS l RETURN size(l), l[0], l[2048], l[4999]"),
            (Rows{"5000 1 2049 5000"}));
}

TEST_F(SubqueryExpressionsTest, RefuseWhatTheyCannotDo) {
  expect_error("RETURN EXISTS { CREATE (:X) }", "SyntaxError.InvalidClauseComposition@CREATE (:X)", "only reads");
  expect_error("RETURN COLLECT { MATCH (n) RETURN n, 1 AS x }",
               "SyntaxError.InvalidClauseComposition@MATCH (n) RETURN n, 1 AS x", "one column");
  expect_error("RETURN COLLECT { MATCH (n) }", "SyntaxError.InvalidClauseComposition@MATCH (n)", "RETURN");
  expect_error("MATCH (n) RETURN EXISTS { (m)--() WHERE k.x }", "SyntaxError.UndefinedVariable@k", "`k`");
  expect_error("RETURN EXISTS { MATCH (m) } AS e, m.x", "SyntaxError.UndefinedVariable@m", "`m`");
}

}  // namespace
}  // namespace entente
