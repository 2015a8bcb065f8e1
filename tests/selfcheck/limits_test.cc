// Statements and values far larger or deeper than any that are meant: each gives its answer or a clear error. That it
// comes at all, on a stack of the usual size, is what is tested.
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

/// The only value of the result as a literal, or the error's code.
std::string outcome(const std::string& statement) {
  Database database = Database::in_memory();
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
  EXPECT_EQ(outcome("RETURN size([" + joined("1", ",", 1'000'000) + "])"), "1000000");
}

TEST(Limits, LongPatternsAndStatements) {
  EXPECT_EQ(outcome("MATCH ()" + times("-[:R]->()", 500) + " RETURN count(*)"), "0");
  EXPECT_EQ(outcome("MATCH ()" + times("-[:R]->()", 5000) + " RETURN count(*)"), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(joined("WITH 1 AS x", " ", 20'000) + " RETURN x"), "SyntaxError.StatementTooLong");
  EXPECT_EQ(outcome(joined("RETURN 1 AS x", " UNION ", 2000)), "1");
  EXPECT_EQ(outcome("UNWIND [1] AS y RETURN y ORDER BY " + joined("y", ",", 20'000)), "1");
}

TEST(Limits, LargeValues) {
  EXPECT_EQ(outcome("RETURN size([x IN range(1, 10000000) | x])"), "10000000");
  EXPECT_EQ(outcome("RETURN size(range(1, 100000000000))"), "ResourceError.MemoryLimit");
  EXPECT_EQ(outcome("RETURN size(reduce(x = 'ab', i IN range(1, 60) | x + x))"), "ResourceError.MemoryLimit");
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
