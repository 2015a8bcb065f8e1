// Lists and maps in statements: projections, comprehensions, slices, reduce, quantifiers, CASE.
#include "statement_fixture.h"

namespace entente {
namespace {

class CollectionsTest : public StatementTest {};

// ---- map projections ----

TEST_F(CollectionsTest, MapProjectionsOfNodesAndRelationships) {
  const std::string graph = "CREATE (:P {a: 1, b: 'x'})-[:R {w: 2}]->(:P {a: 2})";
  const std::string match = "MATCH (n {a: 1})-[r]->(m) RETURN ";
  EXPECT_EQ(run({graph, match + "n { .a, .none }, n { .* }, n {}, r { .* }"}),
            (Rows{"{a: 1, none: null} {a: 1, b: 'x'} {} {w: 2}"}));
  EXPECT_EQ(run({graph, match + "n { .*, a: 7 }, n { a: 7, .* }, n { .a, a: n.a + 1, c: [m.a, r.w] }"}),
            (Rows{"{a: 7, b: 'x'} {a: 1, b: 'x'} {a: 2, c: [2, 2]}"}));
  EXPECT_EQ(run({graph, "MATCH (n {a: 1})--(m) WITH n, m.a AS other RETURN n { .b, other }"}),
            (Rows{"{b: 'x', other: 2}"}));
  EXPECT_EQ(run({graph, match + "n { .a, next: m { .a, back: n { .b } } }"}),
            (Rows{"{a: 1, next: {a: 2, back: {b: 'x'}}}"}));
  EXPECT_EQ(run({graph, "MATCH (n:P) RETURN collect(n { .a, .b }) AS l ORDER BY l"}),
            (Rows{"[{a: 1, b: 'x'}, {a: 2, b: null}]"}));
  EXPECT_EQ(run({graph, "MATCH (n:P)--() RETURN n.b AS b, {b: n.b, c: count(*)} AS m ORDER BY b"}),
            (Rows{"'x' {b: 'x', c: 1}", "null {b: null, c: 1}"}));
  expect_error("MATCH (n) RETURN n { .b, c: count(*) }", "SyntaxError.AmbiguousAggregationExpression@n", "`n`");
}

TEST_F(CollectionsTest, MapProjectionsOfMapsAndNull) {
  EXPECT_EQ(run("WITH {a: 1, b: {c: 2}} AS m RETURN m { .b, .z }, m { .*, b: null }, m { .b }.b.c"),
            (Rows{"{b: {c: 2}, z: null} {a: 1, b: null} 2"}));
  EXPECT_EQ(run("OPTIONAL MATCH (n) WITH n, null AS m RETURN n { .a, x: 1 }, m { .* }"), (Rows{"null null"}));
  EXPECT_EQ(run({"CREATE (:P {a: 1})", "UNWIND [0, 1] AS x OPTIONAL MATCH (n:P {a: x}) RETURN n { .a, x } AS m"}),
            (Rows{"null", "{a: 1, x: 1}"}));
  EXPECT_EQ(run("UNWIND range(1, 3000) AS x WITH {v: x} AS m RETURN sum(m { .v, w: m.v * 2 }.w)"), (Rows{"9003000"}));
  expect_error("WITH 1 AS x RETURN x { .a }", "SyntaxError.InvalidArgumentType@x", "map projection");
  expect_error("UNWIND [1] AS x WITH $p AS x RETURN x { .a }", "TypeError.InvalidArgumentType@x { .a }", "INTEGER",
               {{"p", Value(1)}});
  expect_error("WITH {} AS m RETURN m { none }", "SyntaxError.UndefinedVariable@none", "`none`");
}

// ---- comprehensions ----

TEST_F(CollectionsTest, ListComprehensions) {
  EXPECT_EQ(run("RETURN [x IN [1, null, 3]], [x IN [1, null, 3] WHERE x > 1], [x IN [1, null] | x + 1], "
                "[x IN [1, 2, 3] WHERE x % 2 = 1 | x * x], [x IN [] | 1 / 0], [x IN null | x]"),
            (Rows{"[1, null, 3] [3] [2, null] [1, 9] [] null"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS y RETURN [x IN range(1, y) | [x IN [x, y] | x * 10]]"),
            (Rows{"[[10, 10]]", "[[10, 20], [20, 20]]"}));
  EXPECT_EQ(run("WITH 5 AS x RETURN [x IN [1, 2] | x], x"), (Rows{"[1, 2] 5"}));
  EXPECT_EQ(run("RETURN [x IN [1, 2, 3] WHERE null | x], [x IN [[1, 2], [], null] | size(x)]"),
            (Rows{"[] [2, 0, null]"}));
  EXPECT_EQ(run("UNWIND range(1, 3000) AS x WITH [y IN [x, x + 1] WHERE y % 2 = 0 | y] AS l RETURN size(collect(l)), "
                "sum(l[0])"),
            (Rows{"3000 4503000"}));
  expect_error("RETURN [x IN 1 | x]", "SyntaxError.InvalidArgumentType@1", "LIST");
  expect_error("RETURN [x IN $l | x]", "TypeError.InvalidArgumentType@$l", "LIST", {{"l", Value(1)}});
  expect_error("RETURN [x IN [1] | y]", "SyntaxError.UndefinedVariable@y", "`y`");
  expect_error("RETURN [x IN [1] | count(x)]", "SyntaxError.InvalidAggregation@count(x)", "");
}

TEST_F(CollectionsTest, PatternComprehensions) {
  const std::string graph =
      "CREATE (a:P {n: 1}), (b:P {n: 2}), (c:Q {n: 3}), (a)-[:R {w: 1}]->(b), (a)-[:R {w: 2}]->(c), (c)-[:S]->(c)";
  EXPECT_EQ(run({graph, "MATCH (p) UNWIND [(p)-[r:R]->(q) | [p.n, r.w, q.n]] AS x RETURN x ORDER BY x"}),
            (Rows{"[1, 1, 2]", "[1, 2, 3]"}));
  EXPECT_EQ(run({graph, "MATCH (p) RETURN p.n, [(p)--(q) WHERE q.n <> 1 | q.n], size([(p)--() | 1]) ORDER BY p.n"})[2],
            "3 [3] 2");
  EXPECT_EQ(run({graph, "MATCH (p) RETURN [x = (p)-[:R*2]-(q) | length(x)] ORDER BY p.n"}), (Rows{"[]", "[2]", "[2]"}));
  EXPECT_EQ(run({graph, "MATCH (p) RETURN [(p)-[r:R WHERE r.w > 1]->(q:Q WHERE q.n > 2) | q.n] ORDER BY p.n"}),
            (Rows{"[3]", "[]", "[]"}));
  EXPECT_EQ(run({graph, "MATCH (p:Q) RETURN [(p)-[:S]-(q) | q.n]"}), (Rows{"[3]"}));
  EXPECT_EQ(run({graph, "OPTIONAL MATCH (p:None) RETURN [(p)--(q) | q.n]"}), (Rows{"[]"}));
  EXPECT_EQ(run({graph, "RETURN size([(x)-[:R]->(y) | x.n + y.n])"}), (Rows{"2"}));
  EXPECT_EQ(run({graph, "MATCH (p {n: 1}) RETURN [(p)-[:R]->(q:P) | [(q)--(z) | z.n]]"}), (Rows{"[[1]]"}));
}

// ---- elements and slices ----

TEST_F(CollectionsTest, Elements) {
  EXPECT_EQ(run("WITH [1, 2, 3] AS l RETURN l[0], l[-1], l[3], l[-4], l[null], [[1, 2], [3]][0][1]"),
            (Rows{"1 3 null null null 2"}));
  EXPECT_EQ(run("WITH null AS l RETURN l[0], [1][9223372036854775807], [1][-9223372036854775808]"),
            (Rows{"null null null"}));
  EXPECT_EQ(run("WITH {a: 1, `b c`: 2} AS m RETURN m.a, m['b c'], m['z'], m[null], m.z.y"),
            (Rows{"1 2 null null null"}));
  EXPECT_EQ(
      run({"CREATE (:P {a: 1})-[:R {b: 2}]->()", "MATCH (p:P)-[r]->() UNWIND ['a', 'b', null] AS k RETURN p[k], r[k]"}),
      (Rows{"1 null", "null 2", "null null"}));
  EXPECT_EQ(run("UNWIND [0, 1, 2] AS i RETURN [10, 20][i]"), (Rows{"10", "20", "null"}));
  expect_error("RETURN [1]['a']", "TypeError.ListElementAccessByNonInteger@[1]['a']", "INTEGER");
  expect_error("RETURN $l[$i]", "TypeError.ListElementAccessByNonInteger@$l[$i]", "INTEGER",
               {{"l", Value(List{1})}, {"i", Value(0.5)}});
  expect_error("RETURN $l[$i]", "TypeError.MapElementAccessByNonString@$l[$i]", "STRING",
               {{"l", Value::map({})}, {"i", Value(1)}});
}

TEST_F(CollectionsTest, Slices) {
  EXPECT_EQ(run("WITH [1, 2, 3, 4] AS l RETURN l[1..3], l[..2], l[2..], l[..], l[-2..], l[..-1], l[-3..-1]"),
            (Rows{"[2, 3] [1, 2] [3, 4] [1, 2, 3, 4] [3, 4] [1, 2, 3] [2, 3]"}));
  EXPECT_EQ(run("WITH [1, 2, 3, 4] AS l RETURN l[3..1], l[4..], l[9..12], l[-9..2], l[0..0], l[1..99], [][0..5]"),
            (Rows{"[] [] [] [1, 2] [] [2, 3, 4] []"}));
  EXPECT_EQ(run("WITH [1, 2] AS l, null AS n RETURN l[n..1], l[0..n], l[n..], n[0..1], "
                "l[-9223372036854775808..9223372036854775807]"),
            (Rows{"null null null null [1, 2]"}));
  EXPECT_EQ(run("UNWIND range(0, 3) AS i RETURN [1, 2, 3][i..i + 1]"), (Rows{"[1]", "[2]", "[3]", "[]"}));
  expect_error("RETURN 'text'[0..1]", "SyntaxError.InvalidArgumentType@'text'", "slice");
  expect_error("RETURN $l[0..$i]", "TypeError.InvalidArgumentType@$l[0..$i]", "INTEGER",
               {{"l", Value(List{1})}, {"i", Value("a")}});
}

// ---- reduce and quantifiers ----

TEST_F(CollectionsTest, Reduce) {
  EXPECT_EQ(run("RETURN reduce(s = 0, x IN [1, 2, 3] | s + x), reduce(s = 7, x IN [] | 1 / 0), "
                "reduce(s = 0, x IN null | s), reduce(s = 0, x IN [1, null] | s + x), "
                "reduce(s = '', x IN ['a', 'b'] | s + x), reduce(l = [], x IN [1, 2] | [x] + l)"),
            (Rows{"6 7 null null 'ab' [2, 1]"}));
  EXPECT_EQ(run("RETURN reduce(a = 0, x IN [[1, 2], [3]] | a * 100 + reduce(a = 0, y IN x | a * 10 + y))"),
            (Rows{"1203"}));
  EXPECT_EQ(run("WITH 1 AS s, 2 AS x RETURN reduce(s = s, x IN [x, x] | s + x), s, x"), (Rows{"5 1 2"}));
  EXPECT_EQ(run("UNWIND range(1, 3000) AS i WITH i WHERE reduce(p = 1, x IN [i, 2] | p * x) = 5000 RETURN i"),
            (Rows{"2500"}));
  EXPECT_EQ(run({"CREATE (:P {v: 1})-[:R {w: 2}]->(:P {v: 3})-[:R {w: 4}]->(:Q)",
                 "MATCH p = (:P)-[*2]->(:Q) RETURN reduce(s = 0, r IN relationships(p) | s + r.w), "
                 "reduce(s = 0, n IN nodes(p) | s + coalesce(n.v, 100))"}),
            (Rows{"6 104"}));
  expect_error("RETURN reduce(s = 0, x IN 5 | s)", "SyntaxError.InvalidArgumentType@5", "LIST");
  expect_error("RETURN reduce(s = 0, x IN [1] | s + sum(x))", "SyntaxError.InvalidAggregation@sum(x)", "");
}

TEST_F(CollectionsTest, QuantifiersWithNulls) {
  EXPECT_EQ(run("UNWIND [[], [1], [2], [1, null], [2, null], [1, 1], [1, 2], [null], null] AS l RETURN l, "
                "all(x IN l WHERE x = 1), any(x IN l WHERE x = 1), none(x IN l WHERE x = 1), "
                "single(x IN l WHERE x = 1)"),
            (Rows{"[] true false true false", "[1] true true false true", "[2] false false true false",
                  "[1, null] null true false null", "[2, null] false null null null", "[1, 1] true true false false",
                  "[1, 2] false true false true", "[null] null null null null", "null null null null null"}));
  EXPECT_EQ(run("RETURN single(x IN [1, 1, null] WHERE x = 1), any(x IN [[1], []] WHERE any(y IN x WHERE y > 0))"),
            (Rows{"false true"}));
  expect_error("RETURN any(x IN [1] WHERE x + 1)", "SyntaxError.InvalidArgumentType@x + 1", "BOOLEAN");
}

// ---- comparisons, concatenation, membership ----

TEST_F(CollectionsTest, ComparisonsOfLists) {
  EXPECT_EQ(run("RETURN [1, null] = [1, 2], [1, null] = [2, null], [null] = [null], [1] = [1, 2], [] = [], [1] <> "
                "[1.0], [1, null] <> [2, null]"),
            (Rows{"null false null false true false true"}));
  EXPECT_EQ(
      run("RETURN [1, 2] < [1, 3], [1] < [1, 0], [1, null] < [1, 2], [1, null] < [2, 0], [2, null] < [1, 0], [] < "
          "[null], [1] < ['a']"),
      (Rows{"true true null true false true null"}));
  EXPECT_EQ(run("RETURN {a: 1} = {a: 1.0}, {a: null} = {a: null}, {a: 1} = {b: 1}, {a: 1, b: null} = {a: 2, b: null}, "
                "{} = {}"),
            (Rows{"true null false false true"}));
}

TEST_F(CollectionsTest, Membership) {
  EXPECT_EQ(run("RETURN 1 IN [1, null], 2 IN [1, null], null IN [], null IN [1], 1 IN null, [1] IN [[1]], [1, null] IN "
                "[[1, 2]], [2, null] IN [[1, 2]], 1 IN [1.0], 'a' IN [1, 'a']"),
            (Rows{"true null false null null true null false true true"}));
  EXPECT_EQ(run("UNWIND [1, 2, null] AS x RETURN x IN [1, 3], NOT x IN [1, 3]"),
            (Rows{"true false", "false true", "null null"}));
  EXPECT_EQ(run("UNWIND range(1, 3000) AS x WITH x WHERE x IN [y IN [1000, 2000, 3000] WHERE y % 1000 = 0] RETURN x"),
            (Rows{"1000", "2000", "3000"}));
  expect_error("RETURN 1 IN 1", "SyntaxError.InvalidArgumentType@1", "LIST");
}

TEST_F(CollectionsTest, Concatenation) {
  EXPECT_EQ(run("RETURN [1] + [2], [1] + 2, 1 + [2], [1] + [[2]], [1] + null, null + [1], [] + []"),
            (Rows{"[1, 2] [1, 2] [1, 2] [1, [2]] null null []"}));
  EXPECT_EQ(run("RETURN 'a' || 'b', [1] || [2, 3], null || 'a', [1] || null"), (Rows{"'ab' [1, 2, 3] null null"}));
  expect_error("RETURN 1 || 2", "SyntaxError.InvalidArgumentType@1", "||");
  expect_error("RETURN $a || $b", "TypeError.InvalidArgumentType@$a || $b", "||",
               {{"a", Value("a")}, {"b", Value(List{1})}});
}

TEST_F(CollectionsTest, FunctionsOfLists) {
  EXPECT_EQ(run("RETURN head([]), last([]), tail([]), tail([1]), head([null, 1]), reverse([1, null]), size([null])"),
            (Rows{"null null [] [] null [null, 1] 1"}));
  EXPECT_EQ(run("WITH null AS n RETURN head(n), last(n), tail(n), reverse(n), size(n), keys(n), nodes(n), range(n, 1)"),
            (Rows{"null null null null null null null null"}));
  EXPECT_EQ(run("RETURN range(0, 3), range(3, 0), range(3, 0, -2), range(0, 0), range(1, 10, 4), range(5, 4)"),
            (Rows{"[0, 1, 2, 3] [] [3, 1] [0] [1, 5, 9] []"}));
  expect_error("RETURN head('a')", "SyntaxError.InvalidArgumentType@'a'", "head()");
  expect_error("RETURN range(1, 2.5)", "ArgumentError.InvalidArgumentType@range(1, 2.5)", "INTEGER");
}

// ---- CASE ----

TEST_F(CollectionsTest, Case) {
  EXPECT_EQ(
      run("UNWIND [1, 1.0, 2, 'a', null] AS x RETURN CASE x WHEN 1 THEN 'one' WHEN 'a' THEN 'text' WHEN null THEN "
          "'null' END, CASE WHEN x IS NULL THEN 0 WHEN x = 2 THEN 2 ELSE x END"),
      (Rows{"'one' 1", "'one' 1.0", "null 2", "'text' 'a'", "null 0"}));
  EXPECT_EQ(run("UNWIND [0, 2] AS x RETURN CASE x WHEN 0 THEN 'none' ELSE 10 / x END"), (Rows{"'none'", "5"}));
  EXPECT_EQ(run("UNWIND [true, false, null] AS b RETURN CASE WHEN b THEN 1 ELSE 2 END, CASE b WHEN true THEN 1 END"),
            (Rows{"1 1", "2 null", "2 null"}));
  EXPECT_EQ(
      run("UNWIND range(1, 5000) AS x RETURN CASE WHEN x <= 2048 THEN 'a' WHEN x % 2 = 0 THEN 'b' ELSE 'c' END AS "
          "k, count(*) ORDER BY k"),
      (Rows{"'a' 2048", "'b' 1476", "'c' 1476"}));
  expect_error("RETURN CASE WHEN 1 THEN 2 END", "SyntaxError.InvalidArgumentType@1", "BOOLEAN");
}

}  // namespace
}  // namespace entente
