// Grouping and aggregates in statements: nulls, mixed types, empty inputs, many rows.
#include "statement_fixture.h"

namespace entente {
namespace {

class AggregationTest : public StatementTest {};

TEST_F(AggregationTest, OfNoRows) {
  EXPECT_EQ(run("UNWIND [] AS x RETURN count(*), count(x), sum(x), avg(x), min(x), max(x), collect(x), stDev(x), "
                "stDevP(x), percentileCont(x, 0.5), percentileDisc(x, 0.5)"),
            (Rows{"0 0 0 null null null [] 0.0 0.0 null null"}));
  EXPECT_EQ(run("UNWIND [] AS x RETURN x, count(*)"), Rows{});
  EXPECT_EQ(run("MATCH (n:None) RETURN count(n) + 1, {c: count(*)}, [max(n.v)]"), (Rows{"1 {c: 0} [null]"}));
}

TEST_F(AggregationTest, LeaveOutNulls) {
  EXPECT_EQ(run("UNWIND [null, 4, null, 2] AS x RETURN count(*), count(x), sum(x), avg(x), min(x), max(x), collect(x)"),
            (Rows{"4 2 6 3.0 2 4 [4, 2]"}));
  EXPECT_EQ(run("UNWIND [null, null] AS x RETURN count(x), sum(x), avg(x), min(x), collect(DISTINCT x), stDev(x)"),
            (Rows{"0 0 null null [] 0.0"}));
}

TEST_F(AggregationTest, MixedTypes) {
  EXPECT_EQ(run("UNWIND [1, 'a', [1], 2.5, true, {b: 1}, date('2020-01-01')] AS x RETURN min(x), max(x), count(x)"),
            (Rows{"{b: 1} 2.5 7"}));
  EXPECT_EQ(run("UNWIND [[1, 2], [1], [1, 'a'], []] AS x RETURN min(x), max(x)"), (Rows{"[] [1, 2]"}));
  EXPECT_EQ(run("UNWIND [1, 2.5] AS x RETURN sum(x), avg(x)"), (Rows{"3.5 1.75"}));
  EXPECT_EQ(run("UNWIND [true, false] AS x RETURN min(x), max(x)"), (Rows{"false true"}));
  EXPECT_EQ(run("UNWIND [0.0 / 0.0, 1, 2.5] AS x RETURN max(x), min(x), isNaN(sum(x))"), (Rows{"NaN 1 true"}));
  EXPECT_EQ(run("UNWIND ['2020-03-01', '2019-12-31'] AS x RETURN min(date(x)), max(date(x))"),
            (Rows{"date('2019-12-31') date('2020-03-01')"}));
  EXPECT_EQ(run("UNWIND [duration('P1M'), duration('P2DT1S'), duration('P1MT3S')] AS d RETURN sum(d), avg(d)"),
            run("RETURN duration('P2M2DT4S'), duration('P2M2DT4S') / 3"));
  for (const char* aggregate : {"sum", "avg"}) {
    expect_error("UNWIND [1, 'a'] AS x RETURN " + std::string(aggregate) + "(x)",
                 "TypeError.InvalidArgumentType@" + std::string(aggregate) + "(x)", "STRING");
    expect_error("UNWIND [1, duration('P1D')] AS x RETURN " + std::string(aggregate) + "(x)",
                 "TypeError.InvalidArgumentType@" + std::string(aggregate) + "(x)", "durations");
  }
}

TEST_F(AggregationTest, Distinct) {
  EXPECT_EQ(run("UNWIND [1, 1.0, 2, null, 2, 'a', 'a', [1], [1.0]] AS x RETURN count(DISTINCT x), collect(DISTINCT x)"),
            (Rows{"4 [1, 2, 'a', [1]]"}));
  EXPECT_EQ(run("UNWIND [1, 1, 2, 5] AS x RETURN sum(DISTINCT x), avg(DISTINCT x), count(DISTINCT x % 2)"),
            (Rows{"8 2.6666666666666665 2"}));
  EXPECT_EQ(run("UNWIND [1, 1, 3] AS x RETURN percentileDisc(DISTINCT x, 0.5), stDevP(DISTINCT x), min(DISTINCT x)"),
            (Rows{"1 1.0 1"}));
  EXPECT_EQ(run("UNWIND [{a: 1}, {a: 1.0}, {a: null}, {a: null}] AS m RETURN count(DISTINCT m)"), (Rows{"2"}));
  EXPECT_EQ(run({"CREATE (a:A)-[:R]->(b:B), (a)-[:R]->(b)",
                 "MATCH p = (a:A)-[r]->(b) RETURN count(DISTINCT a), "
                 "count(DISTINCT r), count(DISTINCT p), count(DISTINCT labels(b))"}),
            (Rows{"1 2 2 1"}));
}

TEST_F(AggregationTest, GroupsByValue) {
  EXPECT_EQ(run("UNWIND [1, 1.0, 2, null, null, 'a'] AS k RETURN k, count(*) AS c ORDER BY k"),
            (Rows{"'a' 1", "1 2", "2 1", "null 2"}));
  EXPECT_EQ(run("UNWIND [0.0 / 0.0, 0.0 / 0.0, 0.0, -0.0] AS k RETURN count(*) AS c, count(DISTINCT k) ORDER BY c"),
            (Rows{"4 2"}));
  EXPECT_EQ(run("UNWIND [0.0 / 0.0, 0.0 / 0.0, 1.0] AS k WITH k, count(*) AS c RETURN c ORDER BY c"), (Rows{"1", "2"}));
  EXPECT_EQ(run("UNWIND [[1, null], [1, null], [1, 2], {a: [1]}, {a: [1.0]}] AS k RETURN count(*) AS c, k ORDER BY k"),
            (Rows{"2 {a: [1]}", "1 [1, 2]", "2 [1, null]"}));
  EXPECT_EQ(run("UNWIND [true, false, true, null] AS k RETURN k, count(*) ORDER BY k"),
            (Rows{"false 1", "true 2", "null 1"}));
  EXPECT_EQ(run("UNWIND ['a', 'A', 'a', 'á', 'á'] AS k RETURN k, count(*) ORDER BY k"),
            (Rows{"'A' 1", "'a' 2", "'á' 2"}));
  EXPECT_EQ(
      run("UNWIND [date('2020-01-01'), date('2020-01-01'), localtime('12:00')] AS k RETURN count(*) AS c ORDER BY "
          "c"),
      (Rows{"3"}));
  EXPECT_EQ(run("UNWIND [duration('P1D'), duration('PT24H'), duration('P1D')] AS k RETURN k, count(*) AS c ORDER BY c"),
            (Rows{"duration('PT24H') 1", "duration('P1D') 2"}));
}

TEST_F(AggregationTest, GroupsByElements) {
  const std::string graph =
      "CREATE (a:P {n: 1}), (b:P {n: 2}), (a)-[:R {w: 1}]->(b), (a)-[:R {w: 2}]->(b), "
      "(b)-[:R {w: 3}]->(b)";
  EXPECT_EQ(run({graph, "MATCH (p)-[r]->() WITH p, count(r) AS c RETURN p.n, c ORDER BY c"}), (Rows{"2 1", "1 2"}));
  EXPECT_EQ(run({graph, "MATCH ()-[r]-() WITH r, count(*) AS c RETURN r.w, c ORDER BY r.w"}),
            (Rows{"1 2", "2 2", "3 1"}));
  EXPECT_EQ(run({graph, "MATCH (p:P) OPTIONAL MATCH (p)-[r]->(q {n: 1}) WITH q, count(*) AS c RETURN q, c"}),
            (Rows{"null 2"}));
  EXPECT_EQ(run({graph, "MATCH (p)-[r]->(q) RETURN p.n + q.n AS k, sum(r.w), collect(r.w)[0] > 0 ORDER BY k"}),
            (Rows{"3 3 true", "4 3 true"}));
  EXPECT_EQ(run({graph,
                 "MATCH (p) RETURN p.n % 2 = 0 AS even, CASE p.n WHEN 1 THEN 'one' ELSE 'more' END AS word, "
                 "count(*) ORDER BY even"}),
            (Rows{"false 'one' 1", "true 'more' 1"}));
}

TEST_F(AggregationTest, KeysOfEveryKindOfExpression) {
  // Behind an aggregating RETURN only its columns are there: ORDER BY must recognize what repeats one.
  const std::vector<std::string> keys{"x.a + 1",
                                      "x['a']",
                                      "x {.a}",
                                      "x {.a, b: x.a * 2}",
                                      "{a: x.a}",
                                      "[x.a, 1]",
                                      "[y IN [x.a] | y + 1]",
                                      "[y IN [x.a] WHERE y > 0]",
                                      "reduce(s = 0, y IN [x.a] | s + y)",
                                      "any(y IN [x.a] WHERE y > 1)",
                                      "CASE x.a WHEN 1 THEN 'a' ELSE 'b' END",
                                      "CASE WHEN x.a = 1 THEN 'a' END",
                                      "coalesce(x.a, 0)",
                                      "x.a IS NULL",
                                      "x.a IS NOT NULL",
                                      "x.a IS :: INTEGER",
                                      "x.a IN [1]",
                                      "[x.a, 2][0]",
                                      "[x.a, 2][0..1]",
                                      "-x.a",
                                      "NOT x.a = 1",
                                      "x.a = 1 AND true",
                                      "x.a = 1 XOR x.a = 2",
                                      "toString(x.a) + 'z'",
                                      "toString(x.a) STARTS WITH '1'",
                                      "toString(x.a) =~ '1'",
                                      "1 < x.a <= 2",
                                      "x.a ^ 2",
                                      "'a' || toString(x.a)",
                                      "[1, {b: [x.a, 'c']}]",
                                      "COUNT { UNWIND range(1, x.a) AS y RETURN y }",
                                      "EXISTS { UNWIND range(2, x.a) AS y RETURN y }",
                                      "COLLECT { UNWIND range(1, x.a) AS y RETURN y ORDER BY y }"};
  const auto expect_ordered = [&](std::vector<std::string> statements, const std::string& from,
                                  const std::string& key) {
    statements.push_back(from + " WITH " + key + " AS k WITH k, count(*) AS c RETURN k, c ORDER BY [k], c");
    const Rows expected = run(statements);
    EXPECT_FALSE(expected.empty()) << key;
    statements.back() = from + " RETURN " + key + " AS k, count(*) AS c ORDER BY [" + key + "], count(*)";
    EXPECT_EQ(run(statements), expected);
    statements.back() = from + " RETURN DISTINCT " + key + " AS k ORDER BY [" + key + "]";
    EXPECT_EQ(run(statements).size(), expected.size());
  };
  for (const std::string& key : keys) expect_ordered({}, "UNWIND [{a: 1}, {a: 2}, {a: 1}] AS x", key);
  for (const char* key : {"n:A&B", "n:A|C", "n:$('B')", "size([(n)-[:R]->(m) | m.a])", "EXISTS { (n)-[:R]->() }",
                          "EXISTS { MATCH (n)-->(m:A) WHERE m.a > 1 }", "labels(n)", "n.a", "n {.*}",
                          "shortestPath((n)-[*0..1]-(n)) IS NULL"}) {
    expect_ordered({"CREATE (:A:B {a: 1})-[:R]->(:A {a: 2})"}, "MATCH (n)", key);
  }
  expect_error("MATCH (n) RETURN n.a + 1 AS k, n.a + 1 + count(*)", "SyntaxError.AmbiguousAggregationExpression@n",
               "`n`");
}

TEST_F(AggregationTest, InsideOfExpressions) {
  EXPECT_EQ(run("UNWIND [1, 2, 3] AS x RETURN sum(x) * 10 + count(*), [min(x), max(x)], {m: avg(x)}.m, "
                "CASE WHEN count(*) > 2 THEN 'many' ELSE 'few' END, size(collect(x)), collect(x)[1..]"),
            (Rows{"63 [1, 3] 2.0 'many' 3 [2, 3]"}));
  EXPECT_EQ(
      run("UNWIND [1, 2, 3] AS x RETURN [y IN collect(x) WHERE y > 1 | y * 2], reduce(s = 0, y IN collect(x) | s + "
          "y), any(y IN collect(x) WHERE y = 3)"),
      (Rows{"[4, 6] 6 true"}));
  EXPECT_EQ(run("UNWIND [1, 2, 3, 4] AS x WITH x % 2 AS k, collect(x) AS l RETURN k, sum(size(l)), max(l) ORDER BY k"),
            (Rows{"0 2 [2, 4]", "1 2 [1, 3]"}));
  expect_error("UNWIND [1] AS x RETURN count(sum(x))", "SyntaxError.NestedAggregation@sum(x)", "");
  expect_error("UNWIND [1] AS x UNWIND [2] AS y RETURN x + count(y)", "SyntaxError.AmbiguousAggregationExpression@x",
               "`x`");
  expect_error("MATCH (n) WHERE count(n) > 1 RETURN n", "SyntaxError.InvalidAggregation@count(n)", "WHERE");
  expect_error("UNWIND [count(*)] AS x RETURN x", "SyntaxError.InvalidAggregation@count(*)", "");
}

TEST_F(AggregationTest, OrderedAndFilteredByAggregates) {
  const std::string rows = "UNWIND [['a', 1], ['b', 5], ['a', 2], ['c', 1]] AS r WITH r[0] AS k, r[1] AS v ";
  EXPECT_EQ(run(rows + "RETURN k, sum(v) AS s ORDER BY sum(v) DESC, k LIMIT 2"), (Rows{"'b' 5", "'a' 3"}));
  EXPECT_EQ(run(rows + "RETURN k, sum(v) AS s ORDER BY -sum(v) + count(*), k LIMIT 2"), (Rows{"'b' 5", "'a' 3"}));
  EXPECT_EQ(run(rows + "RETURN k, count(*) AS c ORDER BY c DESC, k SKIP 1"), (Rows{"'b' 1", "'c' 1"}));
  EXPECT_EQ(run(rows + "WITH k, sum(v) AS s WHERE s > 1 RETURN k, s ORDER BY k"), (Rows{"'a' 3", "'b' 5"}));
  EXPECT_EQ(run(rows + "WITH k, collect(v) AS l ORDER BY size(l) DESC, k LIMIT 1 RETURN k, l"), (Rows{"'a' [1, 2]"}));
  EXPECT_EQ(run(rows + "WITH k, v ORDER BY v DESC, k RETURN collect(k)"), (Rows{"['b', 'a', 'a', 'c']"}));
  expect_error(rows + "RETURN k ORDER BY sum(v)", "SyntaxError.InvalidAggregation@sum(v)", "WITH before");
  expect_error(rows + "RETURN k, sum(v) AS s ORDER BY v", "SyntaxError.UndefinedVariable@v", "`v`");
}

TEST_F(AggregationTest, Deviations) {
  EXPECT_EQ(run("UNWIND [2, 4, 4, 4, 5, 5, 7, 9] AS x RETURN stDevP(x), round(stDev(x), 6)"), (Rows{"2.0 2.13809"}));
  EXPECT_EQ(run("UNWIND [5] AS x RETURN stDev(x), stDevP(x)"), (Rows{"0.0 0.0"}));
  EXPECT_EQ(run("UNWIND [1.0e15, 1.0e15 + 2] AS x RETURN stDevP(x)"), (Rows{"1.0"}));  // no cancellation
  EXPECT_EQ(run("UNWIND [1, null, 3] AS x RETURN stDevP(x)"), (Rows{"1.0"}));
  expect_error("UNWIND ['a'] AS x RETURN stDev(x)", "SyntaxError.InvalidArgumentType@x", "STRING");
  expect_error("UNWIND [1, 'a'] AS x RETURN stDev(x)", "TypeError.InvalidArgumentType@stDev(x)", "STRING");
  expect_error("RETURN stDev('a')", "SyntaxError.InvalidArgumentType@'a'", "stDev");
}

TEST_F(AggregationTest, Percentiles) {
  EXPECT_EQ(run("UNWIND [10, 20, 30, 40] AS x RETURN percentileCont(x, 0), percentileCont(x, 0.4), percentileCont(x, "
                "1.0), percentileDisc(x, 0), percentileDisc(x, 0.25), percentileDisc(x, 0.26), percentileDisc(x, 1)"),
            (Rows{"10.0 22.0 40.0 10 10 20 40"}));
  EXPECT_EQ(run("UNWIND [1, 2.5, 4] AS x RETURN percentileDisc(x, 0.5), percentileCont(x, $p)", {{"p", Value(0.75)}}),
            (Rows{"2.5 3.25"}));
  EXPECT_EQ(run("UNWIND [7] AS x RETURN percentileCont(x, 0.3), percentileDisc(x, 0.3)"), (Rows{"7.0 7"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x RETURN percentileDisc(x, 0.9), percentileCont(x, 0.5)"),
            (Rows{"4500 2500.5"}));
  expect_error("UNWIND [1] AS x RETURN percentileCont(x, 1.5)", "ArgumentError.NumberOutOfRange@percentileCont(x, 1.5)",
               "from 0.0 to 1.0");
  expect_error("UNWIND [1] AS x RETURN percentileDisc(x, $p)", "ArgumentError.NumberOutOfRange@percentileDisc(x, $p)",
               "from 0.0 to 1.0", {{"p", Value()}});
  expect_error("UNWIND [1] AS x RETURN percentileDisc(x)", "SyntaxError.InvalidNumberOfArguments@percentileDisc(x)",
               "2");
}

TEST_F(AggregationTest, OverSeveralBatches) {
  EXPECT_EQ(run("UNWIND range(1, 10000) AS x RETURN count(x), sum(x), avg(x), min(x), max(x), size(collect(x)), "
                "count(DISTINCT x % 3000)"),
            (Rows{"10000 50005000 5000.5 1 10000 10000 3000"}));
  EXPECT_EQ(run("UNWIND range(1, 10000) AS x WITH x % 3000 AS k, count(*) AS c RETURN c, count(*), sum(k) ORDER BY c"),
            (Rows{"3 2000 3998000", "4 1000 500500"}));
  EXPECT_EQ(
      run("UNWIND range(1, 5000) AS x WITH toString(x % 10) AS k, sum(x) AS s RETURN collect(k + ':' + toString(s))"
          "[0..1], count(*)"),
      (Rows{"['1:1248000'] 10"}));
}

TEST_F(AggregationTest, SumsOverflowOnlyIfTheResultDoes) {
  EXPECT_EQ(run("UNWIND [9223372036854775807, 1, -1] AS x RETURN sum(x)"), (Rows{"9223372036854775807"}));
  expect_error("UNWIND [9223372036854775807, 1] AS x RETURN sum(x)", "ArithmeticError.IntegerOverflow@sum(x)",
               "64 bits");
  EXPECT_EQ(run("UNWIND [9223372036854775807, 9223372036854775807] AS x RETURN avg(x) = 9223372036854775807.0"),
            (Rows{"true"}));
}

}  // namespace
}  // namespace entente
