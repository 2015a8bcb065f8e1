// Quantified path patterns and variable lengths: their variables as lists, nothing at all, loops, both directions.
#include "statement_fixture.h"

namespace entente {
namespace {

class QuantifiedPathsTest : public StatementTest {
 protected:
  /// 1 -R 1-> 2 -R 2-> 3 -R 3-> 4, 2 -S 4-> 4, 3 -R 5-> 3; 1 to 3 are P, 4 is Q.
  const std::string graph_ =
      "CREATE (a:P {n: 1}), (b:P {n: 2}), (c:P {n: 3}), (d:Q {n: 4}), (a)-[:R {w: 1}]->(b), (b)-[:R {w: 2}]->(c), "
      "(c)-[:R {w: 3}]->(d), (b)-[:S {w: 4}]->(d), (c)-[:R {w: 5}]->(c)";

  Rows on_graph(const std::string& query, const Map& parameters = {}) const { return run({graph_, query}, parameters); }
};

TEST_F(QuantifiedPathsTest, VariablesAreLists) {
  const std::string match = "MATCH (a {n: 1}) ((x)-[r:R]->(y)){1,2} (b) ";
  EXPECT_EQ(
      on_graph(match + "RETURN [n IN x | n.n] AS xs, [n IN r | n.w] AS rs, [n IN y | n.n] AS ys, b.n ORDER BY xs"),
      (Rows{"[1] [1] [2] 2", "[1, 2] [1, 2] [2, 3] 3"}));
  EXPECT_EQ(
      on_graph(match + "RETURN size(x), head(y).n, last(r).w, x[0].n, reduce(s = 0, n IN r | s + n.w) ORDER BY b.n"),
      (Rows{"1 2 1 1 1", "2 2 2 1 3"}));
  EXPECT_EQ(on_graph(match + "WHERE all(n IN y WHERE n.n < 3) RETURN b.n"), (Rows{"2"}));
  EXPECT_EQ(on_graph(match + "WITH b, x, r UNWIND x AS n RETURN b.n, n.n, size(r) ORDER BY b.n, n.n"),
            (Rows{"2 1 1", "3 1 2", "3 2 2"}));
  EXPECT_EQ(on_graph(match + "RETURN sum(size(r)), collect(b.n + size(x))"), (Rows{"3 [3, 5]"}));
  EXPECT_EQ(on_graph(match + "RETURN size(x) AS s, count(*) ORDER BY s DESC"), (Rows{"2 1", "1 1"}));
}

TEST_F(QuantifiedPathsTest, NothingAtAll) {
  EXPECT_EQ(
      on_graph("MATCH (a {n: 1}) ((x)-[r:R]->(y)){0,1} (b) RETURN b.n, size(x), size(r), [n IN y | n.n] AS ys ORDER "
               "BY b.n"),
      (Rows{"1 0 0 []", "2 1 1 [2]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 4}) ((x)-[r]->(y))* (b) RETURN b.n, x, r, y"), (Rows{"4 [] [] []"}));
  EXPECT_EQ(on_graph("MATCH (a:Q)-[r:R*0]->(b) RETURN b.n, r"), (Rows{"4 []"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 2})-[r:R*0..1]->(b) RETURN b.n, [x IN r | x.w] AS w ORDER BY b.n"),
            (Rows{"2 []", "3 [2]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 4}) ((x)-[:R]->(y))+ (b) RETURN b"), Rows{});
  EXPECT_EQ(on_graph("MATCH (a {n: 4}) OPTIONAL MATCH (a) ((x)-[r]->(y))+ (b) RETURN x, r, y, b, size(x)"),
            (Rows{"null null null null null"}));
  EXPECT_EQ(on_graph("MATCH (a)-[*0]-(b) RETURN count(*)"), (Rows{"4"}));
}

TEST_F(QuantifiedPathsTest, ConditionsInside) {
  EXPECT_EQ(on_graph("MATCH (a {n: 1}) ((x:P)-[r:R]->(y) WHERE x.n < y.n)+ (b) RETURN b.n ORDER BY b.n"),
            (Rows{"2", "3", "4"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 1}) ((x)-[r:R]->(y WHERE y.n <> 4))+ (b) RETURN b.n, size(r) ORDER BY size(r)"),
            (Rows{"2 1", "3 2", "3 3"}));
  EXPECT_EQ(on_graph("WITH 2 AS most MATCH (a {n: 1}) ((x)-[r:R WHERE r.w <= most]->(y))+ (b) RETURN b.n ORDER BY b.n"),
            (Rows{"2", "3"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 1}) ((x)-[r {w: $w}]->(y))+ (b) RETURN b.n", {{"w", Value(1)}}), (Rows{"2"}));
  EXPECT_EQ(
      on_graph("MATCH ((x:P)-[:R|S]->(y) WHERE EXISTS { (y)-[:R]->(:Q) }){1} (b) RETURN b.n, x[0].n ORDER BY x[0].n"),
      (Rows{"3 2", "3 3"}));
  EXPECT_EQ(on_graph("MATCH (a:P) ((x)-[r:R]->(y) WHERE r.w > null)+ (b) RETURN b"), Rows{});
}

TEST_F(QuantifiedPathsTest, SeveralRelationshipsAndSeveralGroups) {
  EXPECT_EQ(
      on_graph("MATCH (a {n: 1}) ((x)-[p:R]->(y)-[q]->(z)){1,2} (b) RETURN b.n, [n IN y | n.n] AS ys, [n IN q | n.w] "
               "AS qs ORDER BY b.n, qs"),
      (Rows{"3 [2] [2]", "4 [2, 3] [2, 3]", "4 [2] [4]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 1}) ((x)-[:R]->(y)){1} (m) ((u)-[s:S]->(v)){1} (b) RETURN m.n, b.n, s[0].w"),
            (Rows{"2 4 4"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 1})-[:R]->(m) ((u)-[:R]->(v))* (b:P)-[:R]->(c:Q) RETURN m.n, b.n, size(u) ORDER BY "
                     "size(u)"),
            (Rows{"2 3 1", "2 3 2"}));  // round the loop or not
}

TEST_F(QuantifiedPathsTest, PathsAndDirections) {
  EXPECT_EQ(on_graph("MATCH p = (a {n: 1}) ((x)-[r:R]->(y)){2} (b) RETURN length(p), [n IN nodes(p) | n.n], [r IN "
                     "relationships(p) | r.w]"),
            (Rows{"2 [1, 2, 3] [1, 2]"}));
  EXPECT_EQ(on_graph("MATCH (a:Q) ((x)<-[r:R]-(y)){1,2} (b) RETURN b.n, [n IN r | n.w] AS w ORDER BY w"),
            (Rows{"3 [3]", "2 [3, 2]", "3 [3, 5]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 3}) ((x)-[r]-(y)){1} (b) RETURN b.n ORDER BY b.n"), (Rows{"2", "3", "4"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 3})-[r]-(b) RETURN b.n, r.w ORDER BY r.w"), (Rows{"2 2", "4 3", "3 5"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 3})-[r*1..2]-(a) RETURN [x IN r | x.w]"), (Rows{"[5]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 2})-[r*3]-(a) RETURN [x IN r | x.w] AS w ORDER BY w"),
            (Rows{"[2, 3, 4]", "[4, 3, 2]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 2})-[r:R]->{1,2}(b) RETURN b.n, size(r) ORDER BY b.n, size(r)"),
            (Rows{"3 1", "3 2", "4 2"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 4})<-[r:!S]-{,2}(b) RETURN b.n, size(r) ORDER BY size(r), b.n"),
            (Rows{"4 0", "3 1", "2 2", "3 2"}));
}

TEST_F(QuantifiedPathsTest, NoRelationshipTwice) {
  EXPECT_EQ(on_graph("MATCH (a {n: 3}) ((x)-[r]->(y)){2,3} (b) RETURN [n IN r | n.w] AS w"), (Rows{"[5, 3]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 3})-[s:R]->(a)-[r*]->(b) RETURN s.w, [n IN r | n.w]"), (Rows{"5 [3]"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 3})-[s:R]->(a) MATCH (a)-[r*]->(b) RETURN count(*)"), (Rows{"3"}));
}

TEST_F(QuantifiedPathsTest, ListsOfRelationshipsAreMatchedAgain) {
  EXPECT_EQ(on_graph("MATCH (a {n: 1})-[r:R*2]->() MATCH (x)-[r*]->(y) RETURN x.n, y.n"), (Rows{"1 3"}));
  EXPECT_EQ(on_graph("MATCH (a {n: 1})-[r:R*2]->() MATCH (x)<-[r*]-(y) RETURN x.n, y.n"), Rows{});
  EXPECT_EQ(on_graph("MATCH (a {n: 1})-[r:R*2]->() WITH reverse(r) AS r MATCH (x)<-[r*]-(y) RETURN x.n, y.n"),
            (Rows{"3 1"}));
  EXPECT_EQ(on_graph("WITH [] AS r MATCH (x {n: 1})-[r*0..]-(y) RETURN y.n"), (Rows{"1"}));
  EXPECT_EQ(on_graph("WITH null AS r MATCH (x {n: 1})-[r*]-(y) RETURN y.n"), Rows{});
  expect_error({graph_, "MATCH (a) WITH a, $l AS r MATCH (a)-[r*]->(b) RETURN b"}, "TypeError.InvalidArgumentType",
               "list of RELATIONSHIPs", {{"l", Value(List{1})}});
}

TEST_F(QuantifiedPathsTest, OverSeveralBatches) {
  EXPECT_EQ(
      run({"UNWIND range(1, 3000) AS i CREATE (:C {i: i})-[:N {w: i}]->(:C {i: -i})-[:N {w: -1}]->(:C {i: 0})",
           "MATCH (a:C) ((x)-[r:N]->(y)){2} (b:C) RETURN count(*), sum(r[0].w + r[1].w), sum(x[1].i), sum(y[1].i)"}),
      (Rows{"3000 4498500 -4501500 0"}));
  EXPECT_EQ(run({"CREATE (:C {i: 0})", "FOREACH (i IN range(1, 300) | CREATE (:C {i: i}))",
                 "MATCH (a:C), (b:C) WHERE b.i = a.i + 1 CREATE (a)-[:N {i: b.i}]->(b)",
                 "MATCH (a:C {i: 0})-[r:N*290..]->(b) RETURN count(*), sum(size(r)), max(b.i)"}),
            (Rows{"11 3245 300"}));
}

TEST_F(QuantifiedPathsTest, Refused) {
  expect_error("MATCH (a) ((x)-->(y))+ (b) RETURN x.n", "TypeError.InvalidArgumentType@x", "LIST");
  expect_error("MATCH (x) ((x)-->(y))+ (b) RETURN b", "SyntaxError.VariableAlreadyBound@(x)", "`x`");
  expect_error("MATCH (a) ((x)-->(y)){2,1} (b) RETURN b", "SyntaxError.UnexpectedSyntax@{2,1}", "");
  expect_error("MATCH (a) ((x)){2} (b) RETURN b", "SyntaxError.UnexpectedSyntax@((x)){2}", "relationship");
  expect_error("MATCH (a)-[r*]->(b) RETURN r.w", "TypeError.InvalidArgumentType@r", "LIST");
}

}  // namespace
}  // namespace entente
