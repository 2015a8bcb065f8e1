#include "entente/query/exec/evaluate.h"

#include <limits>
#include <optional>
#include <utility>

#include "expression_fixture.h"

namespace entente {
namespace {

struct Case {
  const char* expression;
  const char* expected;
};

using EvaluateTest = ExpressionTest;

// ---- single values ----

TEST_F(EvaluateTest, Arithmetic) {
  const Case cases[] = {
      {"12 / 4 * 3 - 2 * 4", "1"},
      {"7 / 2", "3"},
      {"-7 / 2", "-3"},
      {"-7 % 3", "-1"},
      {"7.0 / 2", "3.5"},
      {"5.5 % 2", "1.5"},
      {"2 ^ 3", "8.0"},
      {"4 ^ 3 * 2 ^ 3", "512.0"},
      {"1 + null", "null"},
      {"null / 0", "null"},
      {"-null", "null"},
      {"-(3)", "-3"},
      {"+2.5", "2.5"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-9223372036854775808 % -1", "0"},
      {"1.0 / 0 > 1e308", "true"},
      {"'a' + 'b'", "'ab'"},
      {"'a' + 1", "'a1'"},
      {"1.5 + 'a'", "'1.5a'"},
      {"'a' + true", "'atrue'"},
      {"'on ' + date('2020-01-02')", "'on 2020-01-02'"},
      {"[1, 10] + [4]", "[1, 10, 4]"},
      {"[false] + true", "[false, true]"},
      {"1 + [2]", "[1, 2]"},
      {"[1] + null", "null"},
      {"'a' || 'b'", "'ab'"},
      {"[1] || [2]", "[1, 2]"},
      {"date('2020-01-31') + duration('P1M') = date('2020-02-29')", "true"},
      {"duration('P1D') * 2 = duration('P2D')", "true"},
      {"duration('P2D') / 2 = duration('P1D')", "true"},
      {"-duration('P1D') = duration('P-1D')", "true"},
      {"date('2020-01-31') - duration('P1D') = date('2020-01-30')", "true"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
}

TEST_F(EvaluateTest, ArithmeticErrors) {
  const Case cases[] = {
      {"1 / 0", "ArithmeticError.DivisionByZero"},
      {"1 % 0", "ArithmeticError.DivisionByZero"},
      {"9223372036854775807 + 1", "ArithmeticError.IntegerOverflow"},
      {"-9223372036854775808 - 1", "ArithmeticError.IntegerOverflow"},
      {"4611686018427387904 * 2", "ArithmeticError.IntegerOverflow"},
      {"-9223372036854775808 / -1", "ArithmeticError.IntegerOverflow"},
      {"-toInteger('-9223372036854775808')", "ArithmeticError.IntegerOverflow"},
      {"1 + true", "TypeError.InvalidArgumentType"},
      {"1 - 'a'", "TypeError.InvalidArgumentType"},
      {"{} * 2", "TypeError.InvalidArgumentType"},
      {"'a' || 1", "TypeError.InvalidArgumentType"},
      {"-'a'", "TypeError.InvalidArgumentType"},
      {"date('2020-01-01') * 2", "TypeError.InvalidArgumentType"},
      {"date('2020-01-01') + 2", "TypeError.InvalidArgumentType"},
      {"date('2020-01-01') + date('2020-01-01')", "TypeError.InvalidArgumentType"},
  };
  for (const Case& c : cases) EXPECT_EQ(error(c.expression), c.expected) << c.expression;
}

TEST_F(EvaluateTest, Comparisons) {
  const Case cases[] = {
      {"1 = 1.0", "true"},
      {"1 <> 2", "true"},
      {"null = null", "null"},
      {"null <> null", "null"},
      {"'1' < 1", "null"},
      {"'a' < 'b'", "true"},
      {"1 < 2 < 3", "true"},
      {"1 < 3 < 2", "false"},
      {"9007199254740993 = 9007199254740992.0", "false"},
      {"9007199254740993 > 9007199254740992.0", "true"},
      {"0.0 / 0.0 = 0.0 / 0.0", "false"},
      {"0.0 / 0.0 <> 0.0 / 0.0", "true"},
      {"0.0 / 0.0 > 1", "false"},
      {"0.0 / 0.0 > 'a'", "null"},
      {"[1, 2] = 'foo'", "false"},
      {"[1] = [1, null]", "false"},
      {"[null] = [1]", "null"},
      {"[[1, 2], [1, 3]] = [[1, 2], [null, 'foo']]", "false"},
      {"{k: 1, l: null} = {k: 1, l: 1}", "null"},
      {"{k: null} = {}", "false"},
      {"[1, 2] < [3, 4]", "true"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
}

TEST_F(EvaluateTest, Logic) {
  const Case cases[] = {
      {"true AND null", "null"},
      {"false AND null", "false"},
      {"null AND false", "false"},
      {"true OR null", "true"},
      {"null OR true", "true"},
      {"null OR false", "null"},
      {"true XOR true", "false"},
      {"true XOR null", "null"},
      {"true XOR false XOR true", "false"},
      {"NOT null", "null"},
      {"NOT true", "false"},
      {"null IS NULL", "true"},
      {"1 IS NOT NULL", "true"},
      {"false AND 1 / 0 = 1", "false"},
      {"true OR 1 / 0 = 1", "true"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("true AND 1"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("NOT 'a'"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("null AND 1 / 0 = 1"), "ArithmeticError.DivisionByZero");
}

TEST_F(EvaluateTest, Membership) {
  const Case cases[] = {
      {"3 IN [1, null, 3]", "true"},   {"4 IN [1, null, 3]", "null"},
      {"null IN [null]", "null"},      {"null IN []", "false"},
      {"[] IN []", "false"},           {"[null] IN [[null]]", "null"},
      {"[1] IN [[1, null]]", "false"}, {"[1, 2] IN [[null, 2], [1, 2]]", "true"},
      {"1 IN null", "null"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("1 IN 1"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateTest, LongListsAreSearchedByHash) {
  List list;
  for (int i = 0; i < 100; ++i) list.emplace_back(i * 2);
  parameters_ = {{"list", list}, {"nulls", [&] {
                                    List l = list;
                                    l.emplace_back();
                                    return Value(l);
                                  }()}};
  set_column("x", {4, 5, 6.0, 1.5, Value(), "4", List{4}});
  EXPECT_EQ(results("x IN $list"), "[true, false, true, false, null, false, false]");
  EXPECT_EQ(results("x IN $nulls"), "[true, null, true, null, null, null, null]");
}

TEST_F(EvaluateTest, Text) {
  const Case cases[] = {
      {"'abc' STARTS WITH 'ab'", "true"},
      {"'abc' ENDS WITH 'bc'", "true"},
      {"'abc' CONTAINS ''", "true"},
      {"'abc' CONTAINS 'x'", "false"},
      {"'abc' STARTS WITH null", "null"},
      {"1 CONTAINS 'a'", "null"},
      {"[] ENDS WITH {}", "null"},
      {"'abc' =~ 'a.c'", "true"},
      {"'abc' =~ 'b'", "false"},
      {"'ABC' =~ '(?i)abc'", "true"},
      {"'日本' =~ '..'", "true"},
      {"null =~ 'a'", "null"},
      {"'a' =~ null", "null"},
      {"1 =~ 'a'", "null"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("'a' =~ '('"), "ArgumentError.InvalidArgumentValue");
}

TEST_F(EvaluateTest, RegularExpressionsTakeLinearTime) {
  parameters_ = {{"text", std::string(50'000, 'a')}};
  EXPECT_EQ(literal("$text =~ '(a*)*(a*)*(a*)*b'"), "false");
}

TEST_F(EvaluateTest, ElementsAndSlices) {
  const Case cases[] = {
      {"[1, 2, 3][0]", "1"},
      {"[1, 2, 3][-1]", "3"},
      {"[1, 2, 3][3]", "null"},
      {"[1, 2, 3][-4]", "null"},
      {"[1][-9223372036854775808]", "null"},
      {"[1][null]", "null"},
      {"null['a']", "null"},
      {"{a: 1}['a']", "1"},
      {"{a: 1}['A']", "null"},
      {"{a: 1}[null]", "null"},
      {"{a: {b: 2}}.a.b", "2"},
      {"{a: 1}.b", "null"},
      {"null.a", "null"},
      {"date('2020-03-04').month", "3"},
      {"[1, 2, 3][1..]", "[2, 3]"},
      {"[1, 2, 3][..2]", "[1, 2]"},
      {"[1, 2, 3][0..0]", "[]"},
      {"[1, 2, 3][3..1]", "[]"},
      {"[1, 2, 3][-5..5]", "[1, 2, 3]"},
      {"[1, 2, 3][-2..]", "[2, 3]"},
      {"[1, 2, 3][..-1]", "[1, 2]"},
      {"[1, 2, 3][null..2]", "null"},
      {"[1, 2, 3][1..null]", "null"},
      {"null[1..2]", "null"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("[1]['a']"), "TypeError.ListElementAccessByNonInteger");
  EXPECT_EQ(error("[1][1.0]"), "TypeError.ListElementAccessByNonInteger");
  EXPECT_EQ(error("{a: 1}[0]"), "TypeError.MapElementAccessByNonString");
  EXPECT_EQ(error("'text'[0]"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("(1).a"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("[1].a"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("'abc'[0..1]"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("[1]['a'..]"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateTest, ListsMapsAndParameters) {
  parameters_ = {{"p", 5}};
  EXPECT_EQ(literal("[1, $p, [null]]"), "[1, 5, [null]]");
  EXPECT_EQ(literal("{b: $p, a: 'x'}"), "{a: 'x', b: 5}");
  EXPECT_EQ(error("$missing"), "ParameterMissing.MissingParameter");
}

TEST_F(EvaluateTest, CaseExpressions) {
  const Case cases[] = {
      {"CASE WHEN false THEN 1 WHEN null THEN 2 ELSE 3 END", "3"},
      {"CASE WHEN false THEN 1 END", "null"},
      {"CASE 2 WHEN 1 THEN 'a' WHEN 2.0 THEN 'b' END", "'b'"},
      {"CASE null WHEN null THEN 'a' ELSE 'b' END", "'b'"},
      {"CASE WHEN true THEN 1 ELSE 1 / 0 END", "1"},
      {"CASE WHEN false THEN 1 / 0 ELSE 2 END", "2"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("CASE WHEN 1 THEN 2 END"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateTest, ComprehensionsAndReduce) {
  const Case cases[] = {
      {"[x IN [1, 2, 3] WHERE x > 1 | x * 10]", "[20, 30]"},
      {"[x IN [1, 'a', null]]", "[1, 'a', null]"},
      {"[x IN [1, null, 3] WHERE x > 1]", "[3]"},
      {"[x IN null | x]", "null"},
      {"[x IN [] | 1 / 0]", "[]"},
      {"[x IN [1, 2] | [y IN [10, 20] | x + y]]", "[[11, 21], [12, 22]]"},
      {"reduce(s = 0, x IN [1, 2, 3] | s + x)", "6"},
      {"reduce(s = '', x IN ['a', 'b'] | s + x)", "'ab'"},
      {"reduce(s = 1, x IN [] | s + x)", "1"},
      {"reduce(s = 0, x IN null | s + x)", "null"},
      {"reduce(s = 0, x IN [1, null] | s + x)", "null"},
      {"reduce(s = 0, x IN [1, 'a'] | s + x)", "'1a'"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("[x IN 1 | x]"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error("reduce(s = 0, x IN 1 | s)"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateTest, Quantifiers) {
  const Case cases[] = {
      {"all(x IN [] WHERE x = 2)", "true"},
      {"any(x IN [] WHERE x = 2)", "false"},
      {"none(x IN [] WHERE x = 2)", "true"},
      {"single(x IN [] WHERE x = 2)", "false"},
      {"all(x IN [2, null] WHERE x = 2)", "null"},
      {"all(x IN [0, null] WHERE x = 2)", "false"},
      {"any(x IN [2, null] WHERE x = 2)", "true"},
      {"any(x IN [0, null] WHERE x = 2)", "null"},
      {"none(x IN [0, null] WHERE x = 2)", "null"},
      {"none(x IN [2, null] WHERE x = 2)", "false"},
      {"none(x IN [34, 10, null, 15, 900] WHERE x < 10)", "null"},
      {"single(x IN [2, null] WHERE x = 2)", "null"},
      {"single(x IN [2, null, 2] WHERE x = 2)", "false"},
      {"single(x IN [0, null] WHERE x = 2)", "null"},
      {"single(x IN [2, 3] WHERE x = 2)", "true"},
      {"single(x IN [0, null] WHERE x IS NULL)", "true"},
      {"any(x IN null WHERE x = 2)", "null"},
      {"any(x IN [1, 0] WHERE 1 / x = 1)", "true"},
      {"all(x IN [2, 0] WHERE 1 / x = 1)", "false"},
  };
  for (const Case& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("any(x IN [0, 1] WHERE 1 / x = 1)"), "ArithmeticError.DivisionByZero");
  EXPECT_EQ(error("all(x IN [1] WHERE x)"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateTest, ListsLongerThanABatch) {
  context_.batch_size = 7;
  EXPECT_EQ(literal("size([x IN range(1, 100) WHERE x % 2 = 0 | x])"), "50");
  EXPECT_EQ(literal("[x IN range(1, 20) | x][15..18]"), "[16, 17, 18]");
  EXPECT_EQ(literal("any(x IN range(1, 100) WHERE x = 3)"), "true");
  EXPECT_EQ(literal("none(x IN range(1, 100) WHERE x = 200)"), "true");
  set_column("list", {List{1, 2}, Value(), List{}, List(10, Value(3))});
  EXPECT_EQ(results("[x IN list | x + size(list)]"), "[[3, 4], null, [], [13, 13, 13, 13, 13, 13, 13, 13, 13, 13]]");
  EXPECT_EQ(results("reduce(s = 0, x IN list | s + x)"), "[3, null, 0, 30]");
  EXPECT_EQ(results("all(x IN list WHERE x = 3)"), "[false, null, true, true]");
}

// ---- rows ----

TEST_F(EvaluateTest, OnlyUndecidedRowsAreEvaluated) {
  set_column("x", {0, 1, 2, Value()});
  EXPECT_EQ(results("x <> 0 AND 2 / x > 1"), "[false, true, false, null]");
  EXPECT_EQ(results("x = 0 OR 2 / x > 1"), "[true, true, false, null]");
  EXPECT_EQ(results("CASE WHEN x = 0 THEN 'zero' WHEN x = 1 THEN 4 / x ELSE x END"), "['zero', 4, 2, null]");
  EXPECT_EQ(results("CASE x WHEN 0 THEN 'zero' ELSE 6 / x END"), "['zero', 6, 3, null]");
  set_column("y", {Value(), 1, 2, 3});
  EXPECT_EQ(results("coalesce(y, 1 / (x + 1))"), "[1, 1, 2, 3]");
  EXPECT_EQ(error("coalesce(null, 1 / 0)"), "ArithmeticError.DivisionByZero");
}

TEST_F(EvaluateTest, VectorsOfNumbers) {
  set_column("i", {1, Value(), 3});
  set_column("j", {1, 2, 0});
  set_column("f", {0.5, 2.0, Value()});
  set_column("mixed", {1, "a", 2.5});
  EXPECT_EQ(results("i + j"), "[2, null, 3]");
  EXPECT_EQ(run("i + j")->type(), VectorType::Integer);
  EXPECT_EQ(results("i * f"), "[0.5, null, null]");
  EXPECT_EQ(run("i * f")->type(), VectorType::Float);
  EXPECT_EQ(results("i ^ 2"), "[1.0, null, 9.0]");
  EXPECT_EQ(results("i < j"), "[false, null, false]");
  EXPECT_EQ(run("i < j")->type(), VectorType::Boolean);
  EXPECT_EQ(results("i >= f"), "[true, null, null]");
  EXPECT_EQ(results("f < i"), "[true, null, null]");
  EXPECT_EQ(results("j = 2"), "[false, true, false]");
  EXPECT_EQ(results("2 <> j"), "[true, false, true]");
  EXPECT_EQ(results("mixed + 1"), "[2, 'a1', 3.5]");
  EXPECT_EQ(results("mixed > 1"), "[false, null, true]");
  EXPECT_EQ(results("i IS NULL"), "[false, true, false]");
  EXPECT_EQ(results("-i"), "[-1, null, -3]");
  EXPECT_THROW(run("i / j"), Error);
  EXPECT_NO_THROW(run("j / i")) << "the null row holds no divisor";
}

TEST_F(EvaluateTest, ConstantsStayConstant) {
  set_column("x", std::vector<Value>(100, 1));
  for (const char* text : {"1 + 2", "'a' = 'b'", "[1, {a: 2}]", "true AND NOT false", "toUpper('a')", "null IS NULL",
                           "-(2)", "1 IN [1, 2]", "{a: 1}.a", "[1, 2][0]", "false XOR true"}) {
    const VectorPtr vector = run(text);
    EXPECT_TRUE(vector->is_constant()) << text;
    EXPECT_EQ(vector->size(), 100u) << text;
  }
}

TEST_F(EvaluateTest, PredicatesGiveTheRowsThatAreTrue) {
  set_column("x", {0, 1, 2, 3, Value()});
  const auto passed = [&](const char* text) { return *evaluate_predicate(*parse_bound(text), batch_, context_); };
  EXPECT_EQ(passed("x > 1"), (Selection{2, 3}));
  EXPECT_EQ(passed("x > 0 AND 6 / x > 2 AND x < 2"), (Selection{1}));
  EXPECT_EQ(passed("true"), (Selection{0, 1, 2, 3, 4}));
  EXPECT_EQ(passed("null"), Selection{});
  EXPECT_THROW(passed("x"), Error);
}

TEST_F(EvaluateTest, SelectionsAreSeenThrough) {
  set_column("x", {10, 20, 30});
  set_column("s", {"a", "b", "c"});
  batch_ = batch_.select(std::make_shared<Selection>(Selection{2, 0, 0, 1}));
  EXPECT_EQ(results("x"), "[30, 10, 10, 20]");
  EXPECT_EQ(results("x + 1"), "[31, 11, 11, 21]");
  EXPECT_EQ(results("s + x"), "['c30', 'a10', 'a10', 'b20']");
  EXPECT_EQ(results("[y IN [1, 2] | y * x]"), "[[30, 60], [10, 20], [10, 20], [20, 40]]");
  EXPECT_EQ(results("x = 10 OR s = 'c'"), "[true, true, true, false]");
}

TEST_F(EvaluateTest, NoRowsNoErrors) {
  batch_.rows = 0;
  EXPECT_EQ(run("1 / 0")->size(), 0u);
}

// ---- graph ----

class EvaluateGraphTest : public ExpressionTest {
 protected:
  static constexpr int kNodes = 5000;  // more than a column page

  // Node i has i: i, f: i / 2, s: 's' + i, b: even, and where i % 3 = 0 no t, else t: i or text.
  void SetUp() override {
    auto transaction = store_.begin();
    const LabelId even[] = {transaction->label("Even"), transaction->label("N")};
    const LabelId odd[] = {transaction->label("N")};
    const KeyId keys[] = {transaction->key("i"), transaction->key("f"), transaction->key("s"), transaction->key("b"),
                          transaction->key("t")};
    std::vector<Value> nodes;
    for (int i = 0; i < kNodes; ++i) {
      const NodeId node = i % 2 == 0 ? transaction->create_node(even) : transaction->create_node(odd);
      transaction->set_property(node, keys[0], i);
      transaction->set_property(node, keys[1], i / 2.0);
      transaction->set_property(node, keys[2], "s" + std::to_string(i));
      transaction->set_property(node, keys[3], i % 2 == 0);
      if (i % 3 != 0) transaction->set_property(node, keys[4], i % 3 == 1 ? Value(i) : Value("t" + std::to_string(i)));
      nodes.push_back(node);
    }
    const TypeId type = transaction->type("LIKES");
    std::vector<Value> rels;
    for (uint32_t i = 0; i < 3; ++i) {
      rels.push_back(transaction->create_relationship(type, NodeId(i), NodeId(i + 1)));
      transaction->set_property(rels.back().as_relationship(), transaction->key("w"), static_cast<int64_t>(i));
    }
    store_.commit(std::move(transaction));
    use_graph(store_.current());
    set_column("n", nodes);
    rels.resize(nodes.size());
    set_column("r", rels);
  }

  int64_t count(const char* predicate) {
    return static_cast<int64_t>(evaluate_predicate(*parse_bound(predicate), batch_, context_)->size());
  }
};

TEST_F(EvaluateGraphTest, PropertiesComeInTypedVectors) {
  EXPECT_EQ(run("n.i")->type(), VectorType::Integer);
  EXPECT_EQ(run("n.f")->type(), VectorType::Float);
  EXPECT_EQ(run("n.b")->type(), VectorType::Boolean);
  EXPECT_EQ(run("n.i")->get(4999).as_integer(), 4999);
  EXPECT_EQ(run("n.f")->get(4999).as_float(), 2499.5);
  EXPECT_EQ(run("n.s")->get(4999).as_string(), "s4999");
  EXPECT_TRUE(run("n.t")->get(4998).is_null());
  EXPECT_EQ(run("n.t")->get(4999).as_integer(), 4999);
  EXPECT_EQ(run("n.t")->get(2).as_string(), "t2");
  EXPECT_TRUE(run("n.unknown")->get(0).is_null());
  EXPECT_EQ(run("r.w")->get(2).as_integer(), 2);
  EXPECT_TRUE(run("r.w")->get(3).is_null());
  EXPECT_EQ(run("n['i']")->type(), VectorType::Integer);
}

TEST_F(EvaluateGraphTest, FiltersOnPages) {
  parameters_ = {{"s", "s17"}};
  EXPECT_EQ(count("n.i < 10"), 10);
  EXPECT_EQ(count("n.f >= 2000 AND n.b"), 500);
  EXPECT_EQ(count("n.s = 's17'"), 1);
  EXPECT_EQ(count("n.s = $s"), 1);
  EXPECT_EQ(count("$s = n.s"), 1);
  EXPECT_EQ(count("n.s <> 's17'"), kNodes - 1);
  EXPECT_EQ(count("n.s STARTS WITH 's49'"), 111);
  EXPECT_EQ(count("n.s ENDS WITH '99'"), 50);
  EXPECT_EQ(count("n.s CONTAINS '499'"), 15);
  EXPECT_EQ(count("'s998' < n.s"), count("n.s > 's998'"));
  EXPECT_EQ(count("n.s > 's998'"), 1);
  EXPECT_EQ(count("n.s >= 's998'"), 2);
  EXPECT_EQ(count("n.t = 't2'"), 1);
  EXPECT_EQ(count("n.t > 't'"), 1666);
  EXPECT_EQ(count("n.t > 0"), 1667);
  EXPECT_EQ(count("n.t IS NULL"), 1667);
  EXPECT_EQ(count("n.t IS NOT NULL"), 3333);
  EXPECT_EQ(count("n.unknown IS NULL"), kNodes);
  EXPECT_EQ(count("n.s = 5"), 0);
  EXPECT_EQ(count("n = n"), kNodes);
  EXPECT_EQ(count("n <> n"), 0);
}

TEST_F(EvaluateGraphTest, LabelsAndTypes) {
  EXPECT_EQ(count("n:Even"), 2500);
  EXPECT_EQ(count("n:N:Even"), 2500);
  EXPECT_EQ(count("n:N&!Even"), 2500);
  EXPECT_EQ(count("n:Even|N"), kNodes);
  EXPECT_EQ(count("n:%"), kNodes);
  EXPECT_EQ(count("n:Unknown"), 0);
  EXPECT_EQ(count("n:!Unknown"), kNodes);
  EXPECT_EQ(count("r:LIKES"), 3);
  EXPECT_EQ(count("r:!LIKES"), 0);
  EXPECT_EQ(count("(r:LIKES) IS NULL"), kNodes - 3);
  EXPECT_EQ(error("(1):N"), "TypeError.InvalidArgumentType");
}

TEST_F(EvaluateGraphTest, MapProjections) {
  batch_ = batch_.select(std::make_shared<Selection>(Selection{1}));
  set_column("x", {7});
  EXPECT_EQ(results("n {.i, .none, x, k: n.b}"), "[{i: 1, k: false, none: null, x: 7}]");
  EXPECT_EQ(results("n {.*, i: 5}"), "[{b: false, f: 0.5, i: 5, s: 's1', t: 1}]");
  EXPECT_EQ(results("[m IN [{a: 1, b: 2}] | m {.a, .*}]"), "[[{a: 1, b: 2}]]");
  EXPECT_EQ(results("[m IN [null] | m {.a}]"), "[[null]]");
  EXPECT_THROW(results("x {.a}"), Error);
}

TEST_F(EvaluateGraphTest, DeletedEntitiesCannotBeRead) {
  auto transaction = store_.begin();
  transaction->delete_relationship(RelId(0));
  transaction->delete_node(NodeId(0));
  context_.transaction = transaction.get();
  context_.graph = context_.functions.graph = &transaction->view();
  batch_ = batch_.select(std::make_shared<Selection>(Selection{0}));
  for (const char* text : {"n.i", "n.s = 'x'", "n['i']", "n.i IS NULL", "labels(n)", "n:Even", "keys(n)",
                           "properties(n)", "n {.*}", "[n][0].i", "r.w", "startNode(r)", "r:LIKES"}) {
    try {
      run(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "EntityNotFound.DeletedEntityAccess") << text;
    }
  }
  EXPECT_EQ(results("id(n)"), "[0]");
  EXPECT_EQ(results("type(r)"), "['LIKES']");
  context_.transaction = nullptr;
}

TEST_F(EvaluateGraphTest, ChangesOfTheTransactionAreSeen) {
  auto transaction = store_.begin();
  transaction->set_property(NodeId(1), transaction->key("s"), "changed");
  transaction->set_property(NodeId(2), transaction->key("i"), Value());
  transaction->set_property(NodeId(3), transaction->key("i"), "text");
  context_.transaction = transaction.get();
  context_.graph = &transaction->view();
  EXPECT_EQ(count("n.s = 'changed'"), 1);
  EXPECT_EQ(count("n.i IS NULL"), 1);
  EXPECT_EQ(run("n.i")->get(3).as_string(), "text");
  EXPECT_EQ(run("n.i")->get(4).as_integer(), 4);
  context_.transaction = nullptr;
}

// ---- limits ----

TEST_F(EvaluateTest, DeepNestingFitsTheStack) {
  std::string nots;
  for (int i = 0; i < 900; ++i) nots += "NOT ";
  EXPECT_EQ(literal(nots + "true"), "true");
  set_column("x", {true, false});
  EXPECT_EQ(results(nots + "x"), "[true, false]");
  const std::string list = std::string(450, '[') + "x" + std::string(450, ']');
  EXPECT_EQ(run(list)->size(), 2u);
  std::string sum = "1";
  for (int i = 0; i < 900; ++i) sum += " + 1";
  EXPECT_EQ(literal(sum), "901");
}

TEST_F(EvaluateTest, TreesOfTheGreatestDepth) {
  auto literal_true = std::make_shared<Expr>();
  literal_true->literal = true;
  ExprPtr nested = literal_true;
  ExprPtr elements = literal_true;
  ExprPtr calls = literal_true;
  ExprPtr comprehensions = literal_true;
  for (int i = 0; i < kMaxDepth; ++i) {
    const auto wrap = [](ExprKind kind, std::vector<ExprPtr> args) {
      auto expr = std::make_shared<Expr>();
      expr->kind = kind;
      expr->args = std::move(args);
      return expr;
    };
    nested = wrap(ExprKind::Not, {nested});
    elements = wrap(ExprKind::List, {elements});
    auto call = wrap(ExprKind::Call, {calls, literal_true});
    call->function = functions_->find("coalesce");
    calls = call;
    auto comprehension =
        wrap(ExprKind::ListComprehension, {wrap(ExprKind::List, {literal_true}), nullptr, comprehensions});
    comprehension->var = 0;
    comprehensions = comprehension;
  }
  EXPECT_TRUE(evaluate_constant(*nested, context_).as_boolean());
  EXPECT_EQ(evaluate_constant(*elements, context_).as_list().size(), 1u);
  EXPECT_TRUE(evaluate_constant(*calls, context_).as_boolean());
  EXPECT_EQ(evaluate_constant(*comprehensions, context_).as_list().size(), 1u);
}

TEST_F(EvaluateTest, GrowthIsBounded) {
  context_.memory_limit = 1'000'000;
  EXPECT_EQ(error("reduce(s = 'a', x IN range(1, 60) | s + s)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(error("reduce(s = [1], x IN range(1, 60) | s + s)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(error("[x IN range(1, 20000) | [y IN range(1, 20000) | [x, y]]]"), "ResourceError.MemoryLimit");
}

TEST_F(EvaluateTest, CancelStopsLongIterations) {
  std::atomic<bool> cancelled{true};
  context_.cancelled = &cancelled;
  EXPECT_EQ(error("[x IN range(1, 100000) | x]"), "ResourceError.Cancelled");
  EXPECT_EQ(error("reduce(s = 0, x IN range(1, 100000) | s + x)"), "ResourceError.Cancelled");
}

// The vectorised operators against the single-value ones, for all pairs of a set of values that mixes kinds and nulls.
TEST_F(EvaluateTest, VectorsAgreeWithSingleValues) {
  const std::vector<std::vector<Value>> groups = {
      {0, 1, -3, 9007199254740993, Value()},
      {0.0, 1.0, -2.5, 9007199254740992.0, std::numeric_limits<double>::quiet_NaN(), Value()},
      {true, false, Value()},
      {"", "a", "ab", Value()},
      {NodeId(0), NodeId(1), Value()},
      {1, 2.5, "a", List{1, Value()}, NodeId(1), true, Value()},
  };
  const std::pair<const char*, ExprKind> operators[] = {
      {"=", ExprKind::Equal},
      {"<>", ExprKind::NotEqual},
      {"<", ExprKind::Less},
      {"<=", ExprKind::LessEqual},
      {">", ExprKind::Greater},
      {">=", ExprKind::GreaterEqual},
      {"+", ExprKind::Add},
      {"-", ExprKind::Subtract},
      {"*", ExprKind::Multiply},
      {"^", ExprKind::Power},
      {"STARTS WITH", ExprKind::StartsWith},
      {"CONTAINS", ExprKind::Contains},
  };
  const auto single = [this](ExprKind op, const Value& a, const Value& b) -> std::optional<Value> {
    try {
      return evaluate_binary(op, a, b, {}, context_);
    } catch (const Error&) {
      return std::nullopt;
    }
  };
  for (const auto& left : groups) {
    for (const auto& right : groups) {
      for (const auto& [text, op] : operators) {
        std::vector<Value> as, bs, expected;
        for (const Value& a : left) {
          for (const Value& b : right) {
            const std::optional<Value> result = single(op, a, b);
            if (!result) continue;
            as.push_back(a);
            bs.push_back(b);
            expected.push_back(*result);
          }
        }
        if (as.empty()) continue;
        set_column("a", as);
        set_column("b", bs);
        const VectorPtr got = run(std::string("a ") + text + " b");
        for (size_t i = 0; i < expected.size(); ++i) {
          EXPECT_TRUE(Value::equivalent(got->get(i), expected[i]))
              << as[i].to_literal() << " " << text << " " << bs[i].to_literal() << " is " << got->get(i).to_literal();
        }
      }
    }
  }
}

}  // namespace
}  // namespace entente
