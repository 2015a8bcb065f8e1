// ORDER BY, SKIP, LIMIT and DISTINCT: the order of all values, ties, many rows.
#include "statement_fixture.h"

namespace entente {
namespace {

class OrderingTest : public StatementTest {};

TEST_F(OrderingTest, OfValuesOfAllTypes) {
  const std::string values =
      "UNWIND [null, 1, 'a', true, [1], {a: 1}, 0.0 / 0.0, 1.5, '', false, [], date('2020-01-01'), "
      "datetime('2020-01-01T00:00Z'), localdatetime('2020-01-01T00:00'), localtime('12:00'), time('12:00Z'), "
      "duration('P1D'), -1.0 / 0.0, 1.0 / 0.0] AS x ";
  const Rows ascending{"{a: 1}",
                       "[]",
                       "[1]",
                       "datetime('2020-01-01T00:00Z')",
                       "localdatetime('2020-01-01T00:00')",
                       "date('2020-01-01')",
                       "time('12:00Z')",
                       "localtime('12:00')",
                       "duration('P1D')",
                       "''",
                       "'a'",
                       "false",
                       "true",
                       "-Infinity",
                       "1",
                       "1.5",
                       "Infinity",
                       "NaN",
                       "null"};
  const Rows descending(ascending.rbegin(), ascending.rend());
  EXPECT_EQ(run(values + "RETURN x ORDER BY x"), ascending);
  EXPECT_EQ(run(values + "RETURN x ORDER BY x DESC"), descending);
  EXPECT_EQ(run(values + "WITH x ORDER BY x LIMIT 5 RETURN x"), Rows(ascending.begin(), ascending.begin() + 5));
  EXPECT_EQ(run(values + "WITH x ORDER BY x DESCENDING SKIP 16 RETURN x"),
            Rows(descending.begin() + 16, descending.end()));
  EXPECT_EQ(run(values + "WITH x ORDER BY x RETURN min(x), max(x)"), (Rows{"{a: 1} NaN"}));
}

TEST_F(OrderingTest, OfElementsAndPaths) {
  const std::string graph = "CREATE (a:P {n: 1})-[:R {w: 1}]->(b:P {n: 2})-[:R {w: 2}]->(c:P {n: 3})";
  EXPECT_EQ(run({graph, "MATCH (a {n: 1})-[r]->(b) UNWIND [null, 1, r, [a], a, {m: a}] AS x RETURN x ORDER BY x"}),
            run({graph, "MATCH (a {n: 1})-[r]->(b) UNWIND [{m: a}, a, r, [a], 1, null] AS x RETURN x"}));
  EXPECT_EQ(run({graph, "MATCH p = (a {n: 1})-[*]->() RETURN length(p) ORDER BY p DESC"}), (Rows{"2", "1"}));
  EXPECT_EQ(run({graph, "MATCH (a) RETURN a.n ORDER BY a DESC"}), (Rows{"3", "2", "1"}));
  EXPECT_EQ(run({graph, "MATCH ()-[r]->() RETURN r.w ORDER BY r DESC LIMIT 1"}), (Rows{"2"}));
}

TEST_F(OrderingTest, OfListsAndMaps) {
  EXPECT_EQ(run("UNWIND [[1, 2], [1], [], ['a'], [null], [1, null], [2]] AS x RETURN x ORDER BY x"),
            (Rows{"[]", "['a']", "[1]", "[1, 2]", "[1, null]", "[2]", "[null]"}));
  EXPECT_EQ(run("UNWIND [{b: 1}, {a: 2}, {a: 1}, {a: 1, b: 0}, {}] AS x RETURN x ORDER BY x")[0], "{}");
  EXPECT_EQ(run("UNWIND [1, 1.0, 0.5, 2] AS x RETURN x ORDER BY x, toString(x) DESC"), (Rows{"0.5", "1.0", "1", "2"}));
}

TEST_F(OrderingTest, OfTexts) {
  // By code points: upper case first, characters past U+FFFF behind those of the Private Use Area.
  EXPECT_EQ(run("UNWIND ['b', 'B', 'a', 'ä', '', '\\uE000', '😀', 'ab', 'a b', '10', '9'] AS x RETURN x ORDER BY x"),
            run("UNWIND ['', '10', '9', 'B', 'a', 'a b', 'ab', 'b', 'ä', '\\uE000', '😀'] AS x RETURN x"));
}

TEST_F(OrderingTest, OfTimes) {
  EXPECT_EQ(run("UNWIND [datetime('2020-01-01T12:00+02:00'), datetime('2020-01-01T11:00Z'), "
                "datetime('2020-01-01T09:00-02:00'), datetime('2019-12-31T23:00Z')] AS x RETURN x ORDER BY x"),
            (Rows{"datetime('2019-12-31T23:00Z')", "datetime('2020-01-01T12:00+02:00')",
                  "datetime('2020-01-01T09:00-02:00')", "datetime('2020-01-01T11:00Z')"}));
  EXPECT_EQ(run("UNWIND [date('-0001-01-01'), date('9999-01-01'), date('0000-01-01')] AS x RETURN x.year ORDER BY x"),
            (Rows{"-1", "0", "9999"}));
  EXPECT_EQ(run("UNWIND [duration('P1M'), duration('P29D'), duration('PT1S'), duration('-P1D'), duration('P31D')] AS x "
                "RETURN x ORDER BY x"),
            (Rows{"duration('P-1D')", "duration('PT1S')", "duration('P29D')", "duration('P1M')", "duration('P31D')"}));
}

TEST_F(OrderingTest, BySeveralKeys) {
  const std::string rows =
      "UNWIND [['a', 2, 1], ['b', 1, 2], ['a', 1, 3], [null, 1, 4], ['b', null, 5]] AS r WITH r[0] AS k, r[1] AS v, "
      "r[2] AS i ";
  EXPECT_EQ(run(rows + "RETURN i ORDER BY k, v"), (Rows{"3", "1", "2", "5", "4"}));
  EXPECT_EQ(run(rows + "RETURN i ORDER BY k DESC, v ASC"), (Rows{"4", "2", "5", "3", "1"}));
  EXPECT_EQ(run(rows + "RETURN i ORDER BY v DESCENDING, k ASCENDING"), (Rows{"5", "1", "3", "2", "4"}));
  EXPECT_EQ(run(rows + "WITH k, v, i ORDER BY v IS NULL, coalesce(k, ''), i LIMIT 3 RETURN i"), (Rows{"4", "1", "3"}));
  EXPECT_EQ(run(rows + "WITH i AS j ORDER BY i * -1 SKIP 1 LIMIT 2 RETURN j"), (Rows{"4", "3"}));
  EXPECT_EQ(run(rows + "RETURN k AS v, v AS w ORDER BY v, w LIMIT 1"),
            (Rows{"'a' 1"}));  // the column hides the variable
}

TEST_F(OrderingTest, TiesKeepTheirOrder) {
  EXPECT_EQ(run("UNWIND range(1, 6000) AS x WITH x ORDER BY x % 2 RETURN collect(x)[0..3], collect(x)[3000..3003]"),
            (Rows{"[2, 4, 6] [1, 3, 5]"}));
  EXPECT_EQ(run("UNWIND range(1, 6000) AS x WITH x ORDER BY 1 LIMIT 3 RETURN x"), (Rows{"1", "2", "3"}));
}

TEST_F(OrderingTest, OverSeveralBatches) {
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x WITH x ORDER BY (x * 7919) % 5000 SKIP 2047 LIMIT 3 RETURN (x * 7919) % "
                "5000"),
            (Rows{"2047", "2048", "2049"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x RETURN x ORDER BY x DESC LIMIT 2"), (Rows{"5000", "4999"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x RETURN x SKIP 4998"), (Rows{"4999", "5000"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x RETURN x ORDER BY x SKIP 2048 LIMIT 1"), (Rows{"2049"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x WITH toString(x) AS s ORDER BY s RETURN collect(s)[..4]"),
            (Rows{"['1', '10', '100', '1000']"}));
}

TEST_F(OrderingTest, SkipAndLimit) {
  const std::string rows = "UNWIND [1, 2, 3] AS x ";
  EXPECT_EQ(run(rows + "RETURN x LIMIT 0"), Rows{});
  EXPECT_EQ(run(rows + "RETURN x SKIP 3"), Rows{});
  EXPECT_EQ(run(rows + "RETURN x SKIP 0 LIMIT 9223372036854775807"), (Rows{"1", "2", "3"}));
  EXPECT_EQ(run(rows + "RETURN x SKIP 9223372036854775807 LIMIT 9223372036854775807"), Rows{});
  EXPECT_EQ(run(rows + "RETURN x ORDER BY x DESC LIMIT 1 + 1"), (Rows{"3", "2"}));
  EXPECT_EQ(run(rows + "RETURN x ORDER BY x OFFSET 1"), (Rows{"2", "3"}));
  EXPECT_EQ(run(rows + "RETURN x SKIP $s LIMIT $l", {{"s", Value(1)}, {"l", Value(1)}}), (Rows{"2"}));
  EXPECT_EQ(run(rows + "WITH x SKIP 1 LIMIT 1 RETURN x UNION ALL RETURN 9 AS x"), (Rows{"2", "9"}));
  EXPECT_EQ(run({"UNWIND [1, 2, 3] AS x CREATE (:N {v: x}) WITH x LIMIT 1 RETURN x", "MATCH (n:N) RETURN count(n)"}),
            (Rows{"3"}));
  expect_error(rows + "RETURN x LIMIT -1", "SyntaxError.NegativeIntegerArgument@-1", "negative");
  expect_error(rows + "RETURN x SKIP 1.5", "SyntaxError.InvalidArgumentType@1.5", "INTEGER");
  expect_error(rows + "RETURN x LIMIT x", "SyntaxError.NonConstantExpression@x", "LIMIT");
  expect_error(rows + "RETURN x LIMIT $l", "SyntaxError.NegativeIntegerArgument@$l", "not -1", {{"l", Value(-1)}});
  expect_error(rows + "RETURN x LIMIT $l", "SyntaxError.InvalidArgumentType@$l", "not 'a'", {{"l", Value("a")}});
  expect_error(rows + "RETURN x LIMIT $l", "SyntaxError.InvalidArgumentType@$l", "not null", {{"l", Value()}});
}

TEST_F(OrderingTest, Distinct) {
  EXPECT_EQ(run("UNWIND [1, 1.0, null, 2, null, [1], [1.0], 'a'] AS x RETURN DISTINCT x"),
            (Rows{"1", "null", "2", "[1]", "'a'"}));
  EXPECT_EQ(run("UNWIND range(1, 6000) AS x RETURN DISTINCT x % 3 AS k ORDER BY k"), (Rows{"0", "1", "2"}));
  EXPECT_EQ(run("UNWIND range(1, 6000) AS x WITH DISTINCT x % 2500 AS k RETURN count(k), sum(k)"),
            (Rows{"2500 3123750"}));
  EXPECT_EQ(run("UNWIND [[1, 2], [1, 3], [1, 2]] AS x RETURN DISTINCT x[0] AS a, x[1] AS b ORDER BY b DESC"),
            (Rows{"1 3", "1 2"}));
  EXPECT_EQ(run({"CREATE (a:A)-[:R]->(:B), (a)-[:R]->(:B)", "MATCH (a)-->() RETURN DISTINCT a IS NULL, labels(a)"}),
            (Rows{"false ['A']"}));
  expect_error("UNWIND [1] AS x UNWIND [2] AS y RETURN DISTINCT x ORDER BY y", "SyntaxError.UndefinedVariable@y",
               "DISTINCT");
}

TEST_F(OrderingTest, Unions) {
  EXPECT_EQ(run("UNWIND [1, 2] AS x RETURN x UNION UNWIND [2, 3, null] AS x RETURN x UNION RETURN null AS x"),
            (Rows{"1", "2", "3", "null"}));
  EXPECT_EQ(run("RETURN 1 AS a, 'x' AS b UNION ALL RETURN 1 AS a, 'x' AS b"), (Rows{"1 'x'", "1 'x'"}));
  EXPECT_EQ(run("RETURN 1 AS x UNION RETURN 1.0 AS x"), (Rows{"1"}));
  EXPECT_EQ(
      run("UNWIND range(1, 3000) AS x RETURN x % 10 AS k UNION UNWIND range(1, 3000) AS x RETURN x % 20 AS k").size(),
      20u);
  EXPECT_EQ(run("UNWIND [3, 1, 2] AS x RETURN x ORDER BY x LIMIT 2 UNION ALL UNWIND [9, 8] AS x RETURN x ORDER BY x"),
            (Rows{"1", "2", "8", "9"}));
  EXPECT_EQ(run({"CREATE (:N {v: 1}) RETURN 1 AS x UNION CREATE (:N {v: 2}) RETURN 2 AS x",
                 "MATCH (n:N) RETURN n.v ORDER BY n.v"}),
            (Rows{"1", "2"}));
  expect_error("RETURN 1 AS a UNION RETURN 2 AS b", "SyntaxError.DifferentColumnsInUnion@RETURN 2 AS b", "same names");
  expect_error("RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a",
               "SyntaxError.DifferentColumnsInUnion@RETURN 3 AS b, 4 AS a", "same order");
  expect_error("RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
               "SyntaxError.InvalidClauseComposition@RETURN 3 AS a", "UNION ALL");
}

}  // namespace
}  // namespace entente
