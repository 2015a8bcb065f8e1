// Functions and operators of strings in statements: nulls, code points, limits.
#include "statement_fixture.h"

namespace entente {
namespace {

class StringsTest : public StatementTest {};

TEST_F(StringsTest, NullsMakeNulls) {
  EXPECT_EQ(run("WITH null AS n RETURN toUpper(n), toLower(n), trim(n), lTrim(n), rTrim(n), size(n), reverse(n), "
                "split(n, ','), split('a', n), replace(n, 'a', 'b'), replace('a', n, 'b'), replace('a', 'a', n)"),
            (Rows{"null null null null null null null null null null null null"}));
  EXPECT_EQ(
      run("WITH null AS n RETURN substring(n, 1), substring(n, 1, 2), left(n, 1), right(n, 1), n + 'a', 'a' + n, n "
          "STARTS WITH 'a', 'a' ENDS WITH n, 'a' CONTAINS n, n =~ 'a', 'a' =~ n, toString(n), toInteger(n)"),
      (Rows{"null null null null null null null null null null null null null"}));
  EXPECT_EQ(run("RETURN 1 STARTS WITH 'a', 'a' ENDS WITH 1, [1] CONTAINS 'a', 1 =~ 'a'"),
            (Rows{"null null null null"}));
}

TEST_F(StringsTest, CountCodePoints) {
  EXPECT_EQ(run("WITH '👨‍👩‍👧né' AS s RETURN size(s), left(s, 1), right(s, 2), substring(s, 4, 2), "
                "reverse('né日')"),
            (Rows{"7 '👨' 'né' '👧n' '日én'"}));
  EXPECT_EQ(run("WITH 'ab日c' AS s RETURN substring(s, 0, 0), substring(s, 4), substring(s, 3, 9), left(s, 0), left(s, "
                "9), right(s, 9), split(s, '日'), split(s, ''), replace(s, '日', '')"),
            (Rows{"'' '' 'c' '' 'ab日c' 'ab日c' ['ab', 'c'] ['a', 'b', '日', 'c'] 'abc'"}));
  EXPECT_EQ(run("UNWIND ['a', 'é', '日', '😀', ''] AS s RETURN collect(size(s)), collect(char_length(s))"),
            (Rows{"[1, 1, 1, 1, 0] [1, 1, 1, 1, 0]"}));
}

TEST_F(StringsTest, CaseOfAllScripts) {
  EXPECT_EQ(run("RETURN toUpper('straße ﬁ ŉ ǆ'), toLower('ΣΑΣ İ ÀÉ'), toUpper('éñ日ı')"),
            run("RETURN 'STRASSE FI ʼN Ǆ', 'σας i̇ àé', 'ÉÑ日I'"));
}

TEST_F(StringsTest, ConcatenationTurnsNumbersToText) {
  EXPECT_EQ(run("RETURN 'a' + 'b', 'a' + 1, 1 + 'a', 'a' + 1.5, 2.0 + 'a', 'a' + '', '' + ''"),
            (Rows{"'ab' 'a1' '1a' 'a1.5' '2.0a' 'a' ''"}));
  EXPECT_EQ(run("UNWIND ['a', 1, 2.5, null] AS x RETURN x + 'z', 'z' + x"),
            (Rows{"'az' 'za'", "'1z' 'z1'", "'2.5z' 'z2.5'", "null null"}));
  EXPECT_EQ(run("RETURN 'a' + [1], [1] + 'a'"), (Rows{"['a', 1] [1, 'a']"}));
  expect_error("RETURN 'a' + {b: 1}", "TypeError.InvalidArgumentType@'a' + {b: 1}", "MAP");
  expect_error("RETURN 'a' - 'b'", "SyntaxError.InvalidArgumentType@'a'", "STRING");
}

TEST_F(StringsTest, Predicates) {
  EXPECT_EQ(run("UNWIND ['abc', '', 'ABC', 'añb'] AS s RETURN s STARTS WITH 'a', s ENDS WITH 'b', s CONTAINS 'ñ', s "
                "STARTS WITH '', s CONTAINS ''"),
            (Rows{"true false false true true", "false false false true true", "false false false true true",
                  "true true true true true"}));
  EXPECT_EQ(
      run("RETURN 'abc' =~ 'abc', 'abc' =~ 'b', 'abc' =~ '.*b.*', 'ABC' =~ '(?i)abc', 'a\\nb' =~ 'a.b', 'a\\nb' =~ "
          "'(?s)a.b', '日本' =~ '..', '' =~ '.*', 'a.c' =~ 'a\\\\.c'"),
      (Rows{"true false true true false true true true true"}));
  EXPECT_EQ(run("UNWIND ['a1', 'b', null, 'c22'] AS s WITH s WHERE s =~ '[a-z]\\\\d+' RETURN s"),
            (Rows{"'a1'", "'c22'"}));
  EXPECT_EQ(run("UNWIND [['a1', '\\\\w1'], ['a1', 'b.'], ['a', null]] AS p RETURN p[0] =~ p[1]"),
            (Rows{"true", "false", "null"}));
  EXPECT_EQ(run("UNWIND ['b', 'a', 'B', ''] AS s RETURN s < 'b', s >= 'a', s <> 'a', s = 'B'"),
            (Rows{"false true true false", "true true false false", "true false true true", "true false true false"}));
  expect_error("RETURN 'a' =~ '('", "ArgumentError.InvalidArgumentValue@'a' =~ '('", "(");
  expect_error("RETURN 'a' =~ $r", "ArgumentError.InvalidArgumentValue@'a' =~ $r", "*", {{"r", Value("*")}});
}

TEST_F(StringsTest, PredicatesOnProperties) {
  const std::string graph =
      "CREATE (:P {s: 'abc', i: 1}), (:P {s: 'bcd', i: 2}), (:P {i: 3}), (:P {s: 5, i: 4}), "
      "(:P {s: '', i: 5})";
  const auto found = [&](const std::string& condition) {
    return run({graph, "MATCH (p:P) WHERE " + condition + " RETURN p.i ORDER BY p.i"});
  };
  EXPECT_EQ(found("p.s STARTS WITH 'a'"), (Rows{"1"}));
  EXPECT_EQ(found("p.s ENDS WITH 'cd'"), (Rows{"2"}));
  EXPECT_EQ(found("p.s CONTAINS 'bc'"), (Rows{"1", "2"}));
  EXPECT_EQ(found("p.s =~ '.b.'"), (Rows{"1"}));
  EXPECT_EQ(found("p.s < 'b'"), (Rows{"1", "5"}));
  EXPECT_EQ(found("p.s <= 'bcd'"), (Rows{"1", "2", "5"}));
  EXPECT_EQ(found("p.s > 'abc'"), (Rows{"2"}));
  EXPECT_EQ(found("'abc' <= p.s"), (Rows{"1", "2"}));
  EXPECT_EQ(found("p.s >= 5"), (Rows{"4"}));
  EXPECT_EQ(found("p.s = ''"), (Rows{"5"}));
  EXPECT_EQ(found("p.s <> ''"), (Rows{"1", "2", "4"}));
  EXPECT_EQ(found("NOT p.s STARTS WITH 'a'"), (Rows{"2", "5"}));
  EXPECT_EQ(found("p.s IS NULL OR p.s CONTAINS 'd'"), (Rows{"2", "3"}));
  expect_error({graph, "MATCH (p:P) WHERE size(p.s) = 3 RETURN p.i"}, "TypeError.InvalidArgumentType@size(p.s)",
               "INTEGER");
}

TEST_F(StringsTest, TrimCutsWhatItIsTold) {
  EXPECT_EQ(
      run("RETURN trim(' \\t\\u3000a b\\n'), lTrim('  a '), rTrim(' a  '), bTrim('xxaxx', 'x'), lTrim('xyab', 'yx'), "
          "rTrim('ab日日', '日'), trim(''), bTrim('xx', 'x')"),
      (Rows{"'a b' 'a ' ' a' 'a' 'ab' 'ab' '' ''"}));
}

TEST_F(StringsTest, SplitAndReplace) {
  EXPECT_EQ(
      run("RETURN split('a,b,,c', ','), split(',', ','), split('', ','), split('abc', 'abc'), split('a;b,c', [',', "
          "';']), split('aXXb', 'X')"),
      (Rows{"['a', 'b', '', 'c'] ['', ''] [''] ['', ''] ['a', 'b', 'c'] ['a', '', 'b']"}));
  EXPECT_EQ(
      run("RETURN replace('aaa', 'a', 'bb'), replace('abab', 'aba', 'x'), replace('abc', '', 'x'), replace('', 'a', "
          "'b')"),
      (Rows{"'bbbbbb' 'xb' 'abc' ''"}));
}

TEST_F(StringsTest, Conversions) {
  EXPECT_EQ(run("UNWIND [1, -0.0, 1e100, 0.1, true, 'x', date('2020-02-29'), duration('P1Y'), 1.0 / 0.0] AS x RETURN "
                "toString(x)"),
            (Rows{"'1'", "'-0.0'", "'1.0E100'", "'0.1'", "'true'", "'x'", "'2020-02-29'", "'P1Y'", "'Infinity'"}));
  EXPECT_EQ(run("RETURN toInteger(' 12 '), toInteger('1.9'), toInteger('-1.9'), toInteger('x'), toInteger(''), "
                "toFloat('1e-3'), toFloat('.5'), toFloat('1,5'), toBoolean('True'), toBoolean('yes'), toBoolean(1)"),
            (Rows{"12 1 -1 null null 0.001 0.5 null true null true"}));
  expect_error("RETURN toString([1])", "SyntaxError.InvalidArgumentType@[1]", "toString");
  expect_error("RETURN toInteger($x)", "TypeError.InvalidArgumentValue@toInteger($x)", "LIST", {{"x", Value(List{1})}});
}

TEST_F(StringsTest, WrongArguments) {
  for (const char* call : {"left('abc', -1)", "right('abc', -1)", "substring('abc', -1)", "substring('abc', 0, -1)"}) {
    expect_error("RETURN " + std::string(call), "ArgumentError.NumberOutOfRange@" + std::string(call), "negative");
  }
  expect_error("RETURN toUpper(1)", "SyntaxError.InvalidArgumentType@1", "STRING");
  expect_error("RETURN toUpper($x)", "TypeError.InvalidArgumentType@toUpper($x)", "STRING", {{"x", Value(1)}});
  expect_error("RETURN toUpper()", "SyntaxError.InvalidNumberOfArguments@toUpper()", "1");
  expect_error("RETURN toUppr('a')", "SyntaxError.UnknownFunction@toUppr('a')", "toUpper");
  expect_error("RETURN split('a', [1])", "TypeError.InvalidArgumentType@split('a', [1])", "STRING");
}

TEST_F(StringsTest, Literals) {
  EXPECT_EQ(run("RETURN 'a\\'b', \"a'b\", 'a\\\\b', '\\u00e9', '\\U0001F600', 'a\\tb' CONTAINS '\\t', "
                "size('\\b\\f\\r\\n\\t')"),
            (Rows{"'a\\'b' 'a\\'b' 'a\\\\b' 'é' '😀' true 5"}));
  EXPECT_EQ(run("RETURN '\\b\\f\\r\\n\\t'"), (Rows{"'\\b\\f\\r\\n\\t'"}));
  EXPECT_EQ(run("RETURN ''''"), run("RETURN '\\''")) << "a doubled quote";
  expect_error("RETURN '\\ud800'", "SyntaxError.InvalidUnicodeLiteral@\\u", "");
  expect_error("RETURN 'abc", "SyntaxError.UnexpectedSyntax@'", "not closed");
}

TEST_F(StringsTest, OverSeveralBatches) {
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x WITH 's' + x AS s WHERE s ENDS WITH '00' AND s STARTS WITH 's4' RETURN "
                "count(s), min(s), max(s)"),
            (Rows{"11 's400' 's4900'"}));
  EXPECT_EQ(run("UNWIND range(1, 5000) AS x RETURN sum(size(left(toString(x), 2)))"), (Rows{"9991"}));
}

}  // namespace
}  // namespace entente
