// Statements and values far larger or deeper than any that are meant: each gives its answer or a clear error. That it
// comes at all, on a stack of the usual size, is what is tested.
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <entente/query/entente.h>

namespace entente {
namespace {

constexpr size_t kMany = 100'000;

std::string times(const std::string& text, size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string joined(const std::string& part, const std::string& by, size_t count) {
  return times(part + by, count - 1) + part;
}

std::string nested(const std::string& open, const std::string& core, const std::string& close) {
  return times(open, kMany) + core + times(close, kMany);
}

struct Bounds {
  size_t memory = 0;
  std::chrono::milliseconds time{0};
};

/// The only value of the result as a literal, or the error's code.
std::string outcome(const std::string& statement, Bounds bounds = {}) {
  DatabaseOptions options;
  options.timeout = bounds.time;
  options.memory_limit = bounds.memory;
  Database database = Database::in_memory(options);
  try {
    const std::vector<Row> rows = database.session().run(statement).rows();
    if (rows.size() != 1 || rows[0].size() != 1) return std::to_string(rows.size()) + " rows";
    return rows[0][0].to_literal();
  } catch (const Error& error) {
    return error.code();
  }
}

TEST(Limits, DeepNesting) {
  const std::vector<std::string> statements = {
      "RETURN " + nested("(", "1", ")"),
      "RETURN " + nested("[", "", "]"),
      "RETURN " + times("[", kMany),
      "RETURN " + nested("CASE WHEN true THEN ", "1", " END"),
      "RETURN " + nested("CASE 1 WHEN > ", "1", " THEN 1 END"),
      "RETURN " + nested("CASE 1 WHEN > 2 THEN ", "1", " END"),
      "RETURN " + nested("CASE ", "1", " WHEN > 2 THEN 1 END"),
      "RETURN CASE 1 WHEN > " + joined("1", "+", kMany) + " THEN 1 END",
      "RETURN " + times("NOT ", kMany) + "true",
      "RETURN " + times("- ", kMany) + "1",
      "RETURN " + nested("{a:", "1", "}"),
      "RETURN " + nested("abs(", "1", ")"),
      "RETURN " + nested("EXISTS { MATCH (n) WHERE ", "true", "}"),
      "RETURN " + nested("COUNT { RETURN ", "1", "}"),
      "RETURN " + nested("COLLECT { RETURN ", "1", "}"),
      "RETURN " + nested("[x IN ", "[1]", "]"),
      "RETURN " + nested("[x IN [1] | ", "1", "]"),
      "RETURN " + nested("any(x IN [1] WHERE ", "true", ")"),
      "RETURN " + nested("reduce(a = 0, x IN [1] | ", "1", ")"),
      "MATCH (a) RETURN " + nested("[(a)--(b) | ", "1", "]"),
      "MATCH " + nested("(a WHERE EXISTS { ", "(b)", "})") + " RETURN 1",
      "MATCH (n:" + times("!", kMany) + "A) RETURN n",
      "MATCH (n:" + nested("(", "A", ")") + ") RETURN n",
      "WITH {a: 1} AS a RETURN a" + times(".a", kMany),
      "WITH [1] AS a RETURN a" + times("[0]", kMany),
      "WITH [1] AS a RETURN a" + times("[0..1]", kMany),
      "RETURN 1" + times(" IS NULL", kMany),
      "RETURN 1" + times(" IN [1]", kMany),
      "RETURN " + joined("1", "+", kMany),
      "RETURN " + joined("1", "-", kMany),
      "RETURN " + joined("1", "^", kMany),
      "RETURN size(" + joined("'a'", "+", kMany) + ")",
      "MATCH " + nested("(", "(a)-->(b)", ")") + " RETURN a",
      "MATCH " + nested("(", "(a)-->(b)", "){1,2}") + " RETURN a",
      "MATCH " + nested("(x WHERE COUNT { ", "(b)", " } > 0)") + " RETURN 1",
      "MATCH (a) RETURN a" + nested(" {b: a", "", "}"),
      "MATCH (a) WHERE " + nested("NOT EXISTS { (a WHERE ", "true", ") }") + " RETURN a",
      "RETURN " + nested("none(x IN ", "[]", " WHERE true)"),
      "RETURN " + nested("coalesce(null, ", "1", ")"),
      "RETURN " + nested("CASE true WHEN true THEN 1 ELSE ", "1", " END"),
      "RETURN " + times("+ ", kMany) + "1",
      "RETURN 1 IS :: " + nested("LIST<", "INTEGER", ">"),
      "CREATE (a {x: " + nested("[", "1", "]") + "})",
      "MATCH (a:$(" + nested("(", "'A'", ")") + ")) RETURN a",
      "UNWIND " + nested("[", "1", "]") + " AS x RETURN x",
      "CREATE INDEX FOR (a:A) ON (a.x) OPTIONS " + nested("{a: ", "1", "}"),
  };
  for (const std::string& statement : statements) {
    EXPECT_EQ(outcome(statement), "SyntaxError.NestingTooDeep") << statement.substr(0, 60);
  }
}

TEST(Limits, NestedClauses) {
  for (const std::string& statement : {times("FOREACH (x IN [1] | ", kMany) + "CREATE ()" + times(")", kMany),
                                       times("CALL { ", kMany) + "RETURN 1 AS x" + times("} RETURN x ", kMany)}) {
    const std::string code = outcome(statement);
    EXPECT_EQ(code.substr(0, 12), "SyntaxError.") << code;
  }
}

TEST(Limits, LongChains) {
  EXPECT_EQ(outcome("RETURN " + joined("true", " AND ", kMany)), "true");
  EXPECT_EQ(outcome("UNWIND [1] AS y RETURN " + joined("y = 2", " OR ", kMany)), "false");
  EXPECT_EQ(outcome("RETURN " + joined("1", " = ", kMany)), "true");
  EXPECT_EQ(outcome("RETURN " + joined("1", " < ", kMany)), "false");
  EXPECT_EQ(outcome("RETURN coalesce(" + joined("null", ", ", kMany) + ")"), "null");
  EXPECT_EQ(outcome("RETURN CASE 1 " + times("WHEN 2 THEN 3 ", kMany) + "END"), "null");
  EXPECT_EQ(outcome("RETURN CASE 1 " + times("WHEN > 2, < 0 THEN 3 ", kMany) + "END"), "null");
  EXPECT_EQ(outcome("MATCH (n:" + joined("A", "|", kMany) + ") RETURN count(*)"), "0");
  EXPECT_EQ(outcome("MATCH (n) WHERE n.a IN [" + joined("1", ",", kMany) + "] RETURN count(*)"), "0");
  EXPECT_EQ(outcome("MATCH (n) WHERE " + joined("n.a = 1", " AND ", 20'000) + " RETURN count(*)"),
            "SyntaxError.StatementTooLong");
}

TEST(Limits, LongTexts) {
  EXPECT_EQ(outcome("RETURN size('" + std::string(10'000'000, 'x') + "')"), "10000000");
  EXPECT_EQ(outcome("/*" + std::string(10'000'000, 'x') + "*/ RETURN 1"), "1");
  EXPECT_EQ(outcome("RETURN " + std::string(1'000'000, '1')), "SyntaxError.IntegerOverflow");
  EXPECT_EQ(outcome("RETURN `" + std::string(kMany + 1, '`')), "SyntaxError.UndefinedVariable");
  EXPECT_EQ(outcome("RETURN size([" + joined("1", ",", 10'000'000) + "])"), "10000000");
  EXPECT_EQ(outcome("CREATE " + joined("(:A {x: 'abcdefgh', y: 12345})", ", ", 320'000) + " RETURN 1 AS one"), "1");
  EXPECT_EQ(outcome("RETURN 'a' =~ '" + std::string(10'000'000, 'a') + "'"), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(outcome("RETURN 'a' =~ '" + times("\\\\pL", 20'000) + "'"), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(outcome("RETURN 'a' =~ '" + times("(", 60'000) + times(")", 60'000) + "'"),
            "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(outcome("RETURN 'a' =~ '((((a{100}){100}){100}){100})*'"), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(outcome("WITH reduce(x = 'a', i IN range(1, 22) | x + x) AS t RETURN t =~ '(a*)*(a|aa)*b'"), "false");
}

TEST(Limits, ListsOfTenMillionElements) {
  Database database = Database::in_memory();
  Session session = database.session();
  const Map parameters{{"p", Value(List(10'000'000, Value(1)))}};
  EXPECT_EQ(session.run("RETURN size($p) AS x", parameters).rows()[0][0].as_integer(), 10'000'000);
  EXPECT_EQ(session.run("UNWIND $p AS x RETURN sum(x) AS x", parameters).rows()[0][0].as_integer(), 10'000'000);
  EXPECT_EQ(session.run("RETURN size($p[1..] + 2) AS x", parameters).rows()[0][0].as_integer(), 10'000'000);
  EXPECT_EQ(session.run("RETURN 2 IN $p AS x", parameters).rows()[0][0].as_boolean(), false);
  EXPECT_EQ(session.run("RETURN $p AS x", parameters).rows()[0][0].as_list().size(), 10'000'000u);
}

TEST(Limits, RangesWithoutEnd) {
  const std::string range = "range(1, 9223372036854775807)";
  EXPECT_EQ(outcome("RETURN " + range), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN size(" + range + ")"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN range(-9223372036854775808, 9223372036854775807)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN range(9223372036854775807, -9223372036854775808, -1)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN range(9223372036854775806, 9223372036854775807)"),
            "[9223372036854775806, 9223372036854775807]");
  EXPECT_EQ(outcome("RETURN range(1, 9223372036854775807, 9223372036854775807)"), "[1]");
  for (const std::string& statement :
       {"UNWIND " + range + " AS x RETURN x LIMIT 1", "RETURN head(" + range + ")", "RETURN 5 IN " + range}) {
    const std::string result = outcome(statement);
    EXPECT_TRUE(result == "1" || result == "true" || result == "ResourceError.MemoryLimit") << statement << result;
  }
  EXPECT_EQ(outcome("UNWIND " + range + " AS x RETURN count(x)", {.memory = 0, .time = std::chrono::milliseconds(300)})
                .substr(0, 13),
            "ResourceError");
}

TEST(Limits, LongPatternsAndStatements) {
  EXPECT_EQ(outcome("MATCH ()" + times("-[:R]->()", 500) + " RETURN count(*)"), "0");
  const std::string chain = "CREATE (:A)" + times("-[:R]->(:A)", 600) + " WITH 1 AS one MATCH ";
  EXPECT_EQ(outcome(chain + "()" + times("-[:R]->()", 500) + " RETURN count(*)"), "101");
  EXPECT_EQ(outcome(chain + "p = (:A)" + times("-[]->(:A)", 500) + " RETURN count(p)"), "101");
  EXPECT_EQ(outcome(chain + "()" + times("-[:R]-()", 500) + " RETURN count(*)"), "202");
  EXPECT_EQ(outcome(chain + "(()-[:R]->()){500} RETURN count(*)"), "101");
  EXPECT_EQ(outcome(chain + "()-[:R*500]->() RETURN count(*)"), "101");
  EXPECT_EQ(outcome("MATCH ()" + times("-[:R]->()", 5000) + " RETURN count(*)"), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(joined("WITH 1 AS x", " ", 20'000) + " RETURN x"), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(joined("RETURN 1 AS x", " NEXT ", 20'000)), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(times("FILTER true ", 20'000) + "RETURN 1 AS x"), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome("UNWIND [1] AS y RETURN y ORDER BY " + joined("y", ",", 20'000)), "1");
}

/// Time grows with the number of parts, not with its square: seconds, tens of them under sanitizers, and not hours.
TEST(Limits, ManyUnionParts) {
  const Bounds bounds{.memory = 0, .time = std::chrono::minutes(5)};
  EXPECT_EQ(outcome(joined("RETURN 1 AS x", " UNION ", 80'000), bounds), "1");
  EXPECT_EQ(outcome(joined("MATCH (n)-->(m:A {x: 1}) WHERE n.y > m.y RETURN n.x AS x", " UNION ", 20'000), bounds),
            "0 rows");
  Database database = Database::in_memory();
  Session session = database.session();
  session.disable_pass("all");
  EXPECT_EQ(session.run(joined("MATCH (n)-->(m:A {x: 1}) RETURN n.x AS x", " UNION ALL ", 20'000)).rows().size(), 0u);
}

std::string numbered(size_t count, const std::string& separator, const std::function<std::string(std::string)>& item) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += (i == 0 ? "" : separator) + item(std::to_string(i));
  return all;
}

TEST(Limits, ManyDifferentThings) {
  constexpr size_t kCount = 10'000;
  const auto list = [](const std::function<std::string(std::string)>& item) { return numbered(kCount, ", ", item); };
  EXPECT_EQ(outcome("CALL { RETURN " + list([](auto i) { return i + " AS x" + i; }) + " } RETURN x9999"), "9999");
  EXPECT_EQ(outcome("CALL { UNWIND [1] AS y RETURN " + list([](auto i) { return "sum(y + " + i + ") AS x" + i; }) +
                    " } RETURN x9999"),
            "10000");
  EXPECT_EQ(outcome("CALL { UNWIND [1] AS y RETURN count(*) AS c, " +
                    list([](auto i) { return "y + " + i + " AS x" + i; }) + " } RETURN x9999"),
            "10000");
  EXPECT_EQ(outcome("UNWIND [9999] AS y RETURN CASE y " +
                    numbered(kCount, " ", [](auto i) { return "WHEN " + i + " THEN " + i; }) + " END"),
            "9999");
  EXPECT_EQ(outcome("CREATE (n:" + numbered(kCount, ":", [](auto i) { return "L" + i; }) + " {" +
                    list([](auto i) { return "p" + i + ": " + i; }) + "}) RETURN size(labels(n)) + size(keys(n))"),
            "20000");
  EXPECT_EQ(outcome("CREATE " + list([](auto i) { return "(n" + i + ":A {x: " + i + "})"; }) + " RETURN n9999.x"),
            "9999");
  EXPECT_EQ(outcome("CREATE (n) SET " + list([](auto i) { return "n.p" + i + " = " + i; }) + " RETURN n.p9999"),
            "9999");
  EXPECT_EQ(outcome(numbered(kCount, " ", [](auto i) { return "MATCH (n" + i + ")"; }) + " RETURN 1"),
            "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(numbered(kCount, " ", [](auto i) { return "WITH *, 1 AS n" + i; }) + " RETURN 1"),
            "ResourceError.StatementTooLarge");
  EXPECT_EQ(outcome(numbered(2'000, " ", [](auto i) { return "UNWIND [1] AS n" + i; }) + " RETURN n1999"), "1");
}

/// A clause that changes much for a row looks at the time within the row.
TEST(Limits, LongUpdatesEndInTime) {
  const std::string statement = "UNWIND range(1, 1000) AS i CREATE (n) WITH n SET " +
                                numbered(10'000, ", ", [](auto i) { return "n.p" + i + " = " + i; });
  EXPECT_EQ(outcome(statement, {.memory = 0, .time = std::chrono::milliseconds(300)}), "ResourceError.Timeout");
}

TEST(Limits, LargeValues) {
  EXPECT_EQ(outcome("RETURN size([x IN range(1, 10000000) | x])"), "10000000");
  EXPECT_EQ(outcome("RETURN size(range(1, 100000000000))"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN size(reduce(x = 'ab', i IN range(1, 60) | x + x))"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN size(reduce(x = [1], i IN range(1, 100) | x + x))"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN size(range(1, 67108865))"), "ResourceError.MemoryLimit");
}

TEST(Limits, DeepValues) {
  const std::string deep = "reduce(x = [], i IN range(1, 1000000) | [x])";
  EXPECT_EQ(outcome("RETURN size(" + deep + ")"), "1");
  EXPECT_EQ(outcome("WITH " + deep + " AS a, " + deep + " AS b RETURN [a = b, a < b, a IN [b]]"),
            "[true, false, true]");
  EXPECT_EQ(outcome("UNWIND [1, 2] AS k WITH " + deep + " AS a ORDER BY a RETURN count(DISTINCT a)"), "1");
  EXPECT_EQ(outcome("RETURN " + deep), "ResourceError.ValueTooDeep");
  EXPECT_EQ(outcome("RETURN reduce(x = {}, i IN range(1, 1000000) | {a: x})"), "ResourceError.ValueTooDeep");
  EXPECT_EQ(outcome("CREATE ({a: " + deep + "})"), "TypeError.InvalidPropertyType");
}

/// Values of 60 levels of which each holds the one below twice: to walk all of one would take 2^60 steps.
TEST(Limits, SharedValues) {
  const std::string first = "reduce(x = [1], i IN range(1, 60) | [x, x])";
  const std::string second = "reduce(x = [2], i IN range(1, 60) | [x, x])";
  const std::string unknown = "reduce(x = [null], i IN range(1, 60) | [x, x])";
  EXPECT_EQ(outcome("RETURN " + first + " = " + first), "true");
  EXPECT_EQ(outcome("RETURN " + first + " = " + second), "false");
  EXPECT_EQ(outcome("RETURN " + unknown + " = " + unknown), "null");
  EXPECT_EQ(outcome("RETURN [" + first + " < " + first + ", " + first + " < " + second + "]"), "[false, true]");
  EXPECT_EQ(outcome("UNWIND [" + second + ", " + first + "] AS x WITH x ORDER BY x LIMIT 1 RETURN x = " + first),
            "true");
}

TEST(Limits, SharedValuesInResults) {
  const std::string shared = "reduce(x = [1], i IN range(1, 60) | [x, x])";
  const std::string map = "reduce(x = {a: 1}, i IN range(1, 60) | {a: x, b: x})";
  const std::string wide = "reduce(x = [1], i IN range(1, 15) | [y IN range(1, 1000) | x])";
  for (const std::string& value : {shared, map, wide}) {
    EXPECT_EQ(outcome("RETURN " + value), "ResourceError.MemoryLimit");
    EXPECT_EQ(outcome("RETURN [1, {a: " + value + "}]"), "ResourceError.MemoryLimit");
    EXPECT_EQ(outcome("WITH DISTINCT " + value + " AS x RETURN size(keys({a: x}))"), "1");
    EXPECT_EQ(outcome("UNWIND [1, 2] AS k WITH " + value + " AS x, count(*) AS c RETURN c"), "2");
    EXPECT_EQ(outcome("UNWIND [1, 2] AS k RETURN count(DISTINCT " + value + ")"), "1");
    EXPECT_EQ(outcome("RETURN " + value + " UNION RETURN " + value), "ResourceError.MemoryLimit");
    EXPECT_EQ(outcome("RETURN valueType(" + value + ") STARTS WITH 'MAP' OR size(valueType(" + value + ")) > 100"),
              "true");
    EXPECT_EQ(outcome("RETURN " + value + " IS :: MAP | LIST<LIST<LIST<LIST<ANY>>>>"), "true");
    EXPECT_EQ(outcome("RETURN percentileCont(1, " + value + ")"), "ArgumentError.NumberOutOfRange");
    EXPECT_EQ(outcome("RETURN 1 LIMIT " + value), "SyntaxError.InvalidArgumentType");
    EXPECT_EQ(outcome("CREATE (n {a: " + value + "})"), "TypeError.InvalidPropertyType");
  }
  std::string type = "INTEGER";
  for (int i = 0; i < 61; ++i) type = "LIST<" + type + ">";
  EXPECT_EQ(outcome("RETURN " + shared + " IS :: " + type), "true");
  EXPECT_EQ(outcome("RETURN " + shared, {.memory = 1'000'000}), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN reduce(x = [1], i IN range(1, 16) | [x, x])", {.memory = 1'000'000}),
            "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN reduce(x = [], i IN range(1, 2) | [x, x])"), "[[[], []], [[], []]]");
}

/// Types of which the text would be very long, though the value is small.
TEST(Limits, LongTypeNames) {
  // Lists of all subsets of four kinds, then of all but one of those, and so on.
  const std::string subsets =
      "WITH [1, 'a', true, 1.5] AS k WITH [i IN range(0, 15) | [j IN range(0, 3) WHERE toInteger(i / 2 ^ j) % 2 = 1 | "
      "k[j]]] AS a ";
  const std::string next = "WITH [i IN range(0, size(a) - 1) | a[0..i] + a[i + 1..]] AS a ";
  EXPECT_EQ(outcome(subsets + times(next, 10) + "RETURN size(valueType(a))", {.memory = 50'000'000}),
            "ResourceError.MemoryLimit");
}

TEST(Limits, ValuesAreCountedBeforeTheyAreMade) {
  const std::vector<std::string> statements = {
      "RETURN size(reduce(x = [1], i IN range(1, 100) | x + x))",
      "RETURN size(reduce(x = [1], i IN range(1, 100) | x || x))",
      "RETURN size(reduce(x = 'a', i IN range(1, 100) | x + x))",
      "RETURN size(reduce(x = 'a', i IN range(1, 100) | replace(x, 'a', 'aa')))",
      "RETURN size([x IN range(1, 1000000) | range(1, 10000)])",
      "RETURN size([x IN range(1, 1000000) | [y IN range(1, 10000) | y]])",
      "RETURN size(reduce(x = [], i IN range(1, 1000000) | x + [range(1, 10000)]))",
      "RETURN size(split(reduce(x = 'aa', i IN range(1, 22) | x + x), ''))",
      "RETURN size(split(reduce(x = 'aa', i IN range(1, 22) | x + x), 'a'))",
      "WITH range(1, 2000000) AS x RETURN size([tail(x), reverse(x), x[1..], x + 1, [y IN x | y]])",
      "WITH range(1, 2000000) AS x RETURN tail(x) AS a, reverse(x) AS b, x[1..] AS c, x + 1 AS d",
      "UNWIND range(1, 100000000) AS x RETURN size(collect(x))",
      "UNWIND range(1, 100000000) AS x RETURN size(collect(DISTINCT x))",
      "UNWIND range(1, 100000000) AS x RETURN percentileCont(x, 0.5)",
      "UNWIND range(1, 100000000) AS x RETURN COLLECT { UNWIND range(1, 2000) AS y RETURN x + y }[0] AS y LIMIT 1",
      "RETURN COLLECT { UNWIND range(1, 100000000) AS y RETURN y }[0] AS y",
      "RETURN max(range(1, 10000000))",
      "UNWIND range(1, 100000000) AS x RETURN x",
      "UNWIND range(1, 100000000) AS x CREATE (n:A {x: x})",
      "UNWIND range(1, 100000000) AS x CALL { CREATE (n:A) }",
      "FOREACH (x IN range(1, 3000000) | CREATE (n:A))",
      "CREATE (n) FOREACH (x IN range(1, 3000000) | SET n.x = x)",
      "UNWIND range(1, 3000000) AS x MERGE (n:A) ON CREATE SET n.x = 1 ON MATCH SET n.x = x",
  };
  for (const std::string& statement : statements) {
    EXPECT_EQ(outcome(statement, {.memory = 50'000'000}), "ResourceError.MemoryLimit") << statement;
  }
}

/// What is gone again does not count.
TEST(Limits, ValuesThatAreGoneAreNotCounted) {
  const std::vector<std::pair<std::string, std::string>> statements = {
      {"RETURN size(reduce(x = 'a', i IN range(1, 20000) | toUpper(substring(x + 'bcdefghij', 0, 5000))))", "5000"},
      {"RETURN reduce(x = 0, i IN range(1, 2000) | x + size(range(1, 10000)))", "20000000"},
      {"RETURN size([x IN range(1, 20000) | size(range(1, 1000))])", "20000"},
      {"RETURN size([x IN range(1, 20000) | head(split('abcdefghijklmnopqrstuvwxyz', ''))])", "20000"},
      {"UNWIND range(1, 20000) AS x WITH size(range(1, 1000)) AS s RETURN sum(s)", "20000000"},
      {"UNWIND range(1, 200) AS x UNWIND [i IN range(1, 10000) | i] AS y RETURN count(y)", "2000000"},
      {"UNWIND range(1, 200) AS x WITH COLLECT { UNWIND range(1, 10000) AS y RETURN y } AS l RETURN sum(size(l))",
       "2000000"},
      {"UNWIND range(1, 20000) AS x WITH x WHERE any(y IN range(1, 1000) WHERE y = x) RETURN count(*)", "1000"},
      {"RETURN size(reduce(x = [1], i IN range(1, 60) | [x, x]))", "2"},
  };
  for (const auto& [statement, expected] : statements) {
    EXPECT_EQ(outcome(statement, {.memory = 50'000'000}), expected) << statement;
  }
}

/// Searching takes time linear in the texts.
TEST(Limits, LongTextsAreSearchedQuickly) {
  const std::string text = "WITH reduce(x = 'a', i IN range(1, 22) | x + x) AS t ";
  EXPECT_EQ(outcome(text + "RETURN (t + t) CONTAINS (t + 'b')"), "false");
  EXPECT_EQ(outcome(text + "RETURN size(replace(t + t, t + 'b', 'c'))"), "8388608");
  EXPECT_EQ(outcome(text + "RETURN size(split(t + 'b' + t + 'b', t + 'b'))"), "3");
  EXPECT_EQ(outcome(text + "CREATE (n {t: t + t}) WITH n, t WHERE n.t CONTAINS t + 'b' RETURN count(n)"), "0");
  EXPECT_EQ(outcome(text + "RETURN size(ltrim(t + 'x', reduce(c = 'a', i IN range(1, 20) | c + c) + 'b'))"), "1");
}

/// Each would take minutes or hours.
TEST(Limits, LongExpressionsEndInTime) {
  const std::string text = "reduce(x = 'a', i IN range(1, 24) | x + x)";
  const std::string list = "[x IN range(1, 1000000) | x]";
  const std::vector<std::string> statements = {
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN count(t CONTAINS toString(i))",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN sum(size(toUpper(t)))",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN sum(size(substring(t, 16000000)))",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN sum(size(reverse(t)))",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN count(t =~ 'a*b')",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN count(t < t + 'b')",
      "WITH " + text + " AS t UNWIND range(1, 1000000) AS i RETURN count(DISTINCT t + 'b')",
      "WITH " + text + " AS t RETURN size(split(t, [i IN range(1, 1000000) | 'b' + i]))",
      "WITH " + list + " AS l UNWIND range(2000000, 3000000) AS i RETURN count(i IN l)",
      "WITH " + list + " AS l UNWIND range(1, 1000000) AS i RETURN count(l = reverse(reverse(l)))",
      "WITH " + list + " AS l UNWIND range(1, 1000000) AS i RETURN sum(size(tail(l)))",
      "WITH " + list + " AS l UNWIND range(1, 1000000) AS i RETURN sum(size(toStringList(l)))",
      "WITH " + list + " AS l UNWIND range(1, 1000000) AS i RETURN count(l IS :: LIST<STRING | INTEGER>)",
      "WITH " + list + " AS l UNWIND range(1, 1000000) AS i RETURN count(valueType(l))",
      "WITH " + list + " AS l RETURN size(reduce(x = [], i IN l | x + i))",
      "WITH " + list + " AS l UNWIND range(1, 100000) AS i WITH l + i AS k ORDER BY reverse(k) RETURN count(*)",
  };
  for (const std::string& statement : statements) {
    EXPECT_EQ(outcome(statement, {.time = std::chrono::milliseconds(300)}), "ResourceError.Timeout") << statement;
  }
}

TEST(Limits, DeepParameters) {
  Value deep{List{}};
  for (int i = 0; i < 1'000'000; ++i) deep = Value(List{deep});
  Database database = Database::in_memory();
  Session session = database.session();
  EXPECT_EQ(session.run("RETURN size($p) AS x", {{"p", deep}}).rows().at(0)[0].as_integer(), 1);
  EXPECT_TRUE(session.run("RETURN $p = $p AS x", {{"p", deep}}).rows().at(0)[0].as_boolean());
  EXPECT_THROW(session.run("RETURN $p AS x", {{"p", deep}}).rows(), Error);
  EXPECT_THROW(session.run("CREATE ({a: $p})", {{"p", deep}}), Error);
}

}  // namespace
}  // namespace entente
