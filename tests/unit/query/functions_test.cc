#include <cmath>
#include <set>

#include "expression_fixture.h"

namespace entente {
namespace {

class FunctionsTest : public ExpressionTest {
 protected:
  // (:A:B {name: 'a', age: 3})-[:KNOWS {since: 1}]->(); columns n, m, r and p.
  void make_graph() {
    auto transaction = store_.begin();
    const LabelId labels[] = {transaction->label("A"), transaction->label("B")};
    const NodeId n = transaction->create_node(labels);
    const NodeId m = transaction->create_node({});
    const RelId r = transaction->create_relationship(transaction->type("KNOWS"), n, m);
    transaction->set_property(n, transaction->key("name"), "a");
    transaction->set_property(n, transaction->key("age"), 3);
    transaction->set_property(r, transaction->key("since"), 1);
    store_.commit(std::move(transaction));
    use_graph(store_.current());
    set_column("n", {n});
    set_column("m", {m});
    set_column("r", {r});
    set_column("p", {Value::path({n, r, m})});
  }
};

struct FunctionCase {
  const char* expression;
  const char* expected;
};

TEST_F(FunctionsTest, EntitiesAndPaths) {
  make_graph();
  const FunctionCase cases[] = {
      {"id(n)", "[0]"},
      {"id(m)", "[1]"},
      {"elementId(m)", "['1']"},
      {"labels(n)", "[['A', 'B']]"},
      {"labels(m)", "[[]]"},
      {"type(r)", "['KNOWS']"},
      {"properties(n)", "[{age: 3, name: 'a'}]"},
      {"properties(r)", "[{since: 1}]"},
      {"keys(m)", "[[]]"},
      {"keys(r)", "[['since']]"},
      {"id(startNode(r))", "[0]"},
      {"id(endNode(r))", "[1]"},
      {"length(p)", "[1]"},
      {"size(nodes(p))", "[2]"},
      {"[x IN relationships(p) | type(x)]", "[['KNOWS']]"},
      {"exists(n.name)", "[true]"},
      {"exists(n.other)", "[false]"},
  };
  for (const FunctionCase& c : cases) EXPECT_EQ(results(c.expression), c.expected) << c.expression;
  EXPECT_THROW(results("labels(r)"), Error);
}

TEST_F(FunctionsTest, SizesAndNulls) {
  const FunctionCase cases[] = {
      {"size([1, null])", "2"},
      {"size('añ日😀')", "4"},
      {"char_length('日')", "1"},
      {"isEmpty('')", "true"},
      {"isEmpty([1])", "false"},
      {"isEmpty({})", "true"},
      {"size(null)", "null"},
      {"coalesce(null, 2, 1 / 0)", "2"},
      {"coalesce(null, null)", "null"},
      {"nullIf(1, 1.0)", "null"},
      {"nullIf(1, 2)", "1"},
      {"nullIf(null, 2)", "null"},
      {"labels(null)", "null"},
      {"keys({b: 1, a: null})", "['a', 'b']"},
      {"keys(null)", "null"},
      {"properties({a: 1})", "{a: 1}"},
      {"valueType(1)", "'INTEGER NOT NULL'"},
      {"valueType(null)", "'NULL'"},
      {"valueType([])", "'LIST<NOTHING> NOT NULL'"},
      {"valueType([null])", "'LIST<NULL> NOT NULL'"},
      {"valueType([2.5, 1, 'a', 1, true])",
       "'LIST<BOOLEAN NOT NULL | STRING NOT NULL | INTEGER NOT NULL | FLOAT NOT NULL> NOT NULL'"},
      {"valueType([[1], {a: 1}, date('2023-05-19'), null])", "'LIST<DATE | MAP | LIST<INTEGER NOT NULL>> NOT NULL'"},
      {"valueType([[1], [null], ['a']])",
       "'LIST<LIST<INTEGER NOT NULL> NOT NULL | LIST<NULL> NOT NULL | LIST<STRING NOT NULL> NOT NULL> NOT NULL'"},
  };
  for (const FunctionCase& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
}

TEST_F(FunctionsTest, Conversions) {
  const FunctionCase cases[] = {
      {"toInteger('42')", "42"},
      {"toInteger(' -7 ')", "-7"},
      {"toInteger('+7')", "7"},
      {"toInteger('+-7')", "null"},
      {"toInteger('2.9')", "2"},
      {"toInteger('-2.9')", "-2"},
      {"toInteger('1e3')", "1000"},
      {"toInteger('9223372036854775807')", "9223372036854775807"},
      {"toInteger('foo')", "null"},
      {"toInteger('')", "null"},
      {"toInteger('12abc')", "null"},
      {"toInteger(82.9)", "82"},
      {"toInteger(-82.9)", "-82"},
      {"toInteger(true)", "1"},
      {"toInteger(null)", "null"},
      {"toFloat('5')", "5.0"},
      {"toFloat('.5')", "0.5"},
      {"toFloat('1e400') > 1e308", "true"},
      {"toFloat('inf')", "null"},
      {"toFloat('nan')", "null"},
      {"toFloat('0x10')", "null"},
      {"toFloat('foo')", "null"},
      {"toFloat(3)", "3.0"},
      {"toBoolean('TRUE')", "true"},
      {"toBoolean(' tru ')", "null"},
      {"toBoolean('f alse')", "null"},
      {"toBoolean(false)", "false"},
      {"toBoolean(0)", "false"},
      {"toString(42)", "'42'"},
      {"toString(2.0)", "'2.0'"},
      {"toString(1 < 0)", "'false'"},
      {"toString('x')", "'x'"},
      {"toString(date('2020-02-03'))", "'2020-02-03'"},
      {"toIntegerOrNull([])", "null"},
      {"toIntegerOrNull('9223372036854775808')", "null"},
      {"toFloatOrNull(true)", "null"},
      {"toStringOrNull({})", "null"},
      {"toBooleanOrNull(1.5)", "null"},
      {"toIntegerList(['1', 2.5, 'a', null, []])", "[1, 2, null, null, null]"},
      {"toFloatList(['1', 2])", "[1.0, 2.0]"},
      {"toStringList([1, true, []])", "['1', 'true', null]"},
      {"toBooleanList(['true', 1.5])", "[true, null]"},
  };
  for (const FunctionCase& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  for (const char* text : {"toInteger('9223372036854775808')", "toInteger(1e300)", "toInteger(0.0 / 0.0)"}) {
    EXPECT_EQ(error(text), "ArithmeticError.IntegerOverflow") << text;
  }
}

TEST_F(FunctionsTest, Strings) {
  const FunctionCase cases[] = {
      {"toUpper('straße')", "'STRASSE'"},
      {"upper('abz')", "'ABZ'"},
      {"toLower('ÅNGSTRÖM')", "'ångström'"},
      {"lower('ABZ@[')", "'abz@['"},
      {"left('日本語', 2)", "'日本'"},
      {"left('ab', 5)", "'ab'"},
      {"right('日本語', 2)", "'本語'"},
      {"right('ab', 5)", "'ab'"},
      {"right('ab', 0)", "''"},
      {"substring('0123456789', 1)", "'123456789'"},
      {"substring('日本語', 1, 1)", "'本'"},
      {"substring('abc', 5)", "''"},
      {"substring('abc', 1, 9223372036854775807)", "'bc'"},
      {"reverse('日ab')", "'ba日'"},
      {"trim('  a b\t\n')", "'a b'"},
      {"trim('\\u00a0\\u3000a\\u2003')", "'a'"},
      {"lTrim('  a ')", "'a '"},
      {"rTrim('  a ')", "'  a'"},
      {"btrim('xyaxyx', 'xy')", "'a'"},
      {"lTrim('日日a', '日')", "'a'"},
      {"replace('hello', 'l', 'LL')", "'heLLLLo'"},
      {"replace('hello', '', 'x')", "'hello'"},
      {"replace('aaa', 'aa', 'b')", "'ba'"},
      {"split('one1two', '1')", "['one', 'two']"},
      {"split('a,b,,', ',')", "['a', 'b', '', '']"},
      {"split('a,b;c', [',', ';'])", "['a', 'b', 'c']"},
      {"split('日本', '')", "['日', '本']"},
      {"split('', ',')", "['']"},
      {"normalize('e\\u0301') = '\\u00e9'", "true"},
      {"size(normalize('\\u00e9', 'NFD'))", "2"},
      {"normalize('\\uFB01', 'NFKC')", "'fi'"},
      {"toUpper(null)", "null"},
      {"substring(null, 1)", "null"},
  };
  for (const FunctionCase& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  for (const char* text : {"left('a', -1)", "right('a', -1)", "substring('a', -1)", "substring('a', 0, -1)"}) {
    EXPECT_EQ(error(text), "ArgumentError.NumberOutOfRange") << text;
  }
  EXPECT_EQ(error("normalize('a', 'NFX')"), "ArgumentError.InvalidArgumentValue");
}

TEST_F(FunctionsTest, Mathematics) {
  const FunctionCase cases[] = {
      {"abs(-3)", "3"},
      {"abs(-3.5)", "3.5"},
      {"sign(-3)", "-1"},
      {"sign(0.0)", "0"},
      {"ceil(0.1)", "1.0"},
      {"floor(-0.1)", "-1.0"},
      {"round(2.5)", "3.0"},
      {"round(-1.5)", "-1.0"},
      {"round(0.49999999999999994)", "0.0"},
      {"round(3)", "3.0"},
      {"round(1.005, 2)", "1.01"},
      {"round(-1.005, 2)", "-1.01"},
      {"round(3.14159, 3)", "3.142"},
      {"round(9.99, 1)", "10.0"},
      {"round(0.001, 1)", "0.0"},
      {"round(0.06, 1)", "0.1"},
      {"round(1.249, 1, 'UP')", "1.3"},
      {"round(1.25, 1, 'DOWN')", "1.2"},
      {"round(-1.25, 1, 'CEILING')", "-1.2"},
      {"round(-1.25, 1, 'FLOOR')", "-1.3"},
      {"round(1.25, 1, 'HALF_DOWN')", "1.2"},
      {"round(1.25, 1, 'half_even')", "1.2"},
      {"round(1.35, 1, 'HALF_EVEN')", "1.4"},
      {"round(1e300, 5)", "1e+300"},
      {"sqrt(12.96)", "3.6"},
      {"isNaN(sqrt(-1))", "true"},
      {"isNaN(1)", "false"},
      {"exp(0)", "1.0"},
      {"log(e())", "1.0"},
      {"log10(1000)", "3.0"},
      {"sin(0)", "0.0"},
      {"cos(0)", "1.0"},
      {"atan2(0, 1)", "0.0"},
      {"degrees(pi())", "180.0"},
      {"radians(180) = pi()", "true"},
      {"haversin(0)", "0.0"},
      {"abs(null)", "null"},
  };
  for (const FunctionCase& c : cases)
    EXPECT_TRUE(Value::equivalent(value(c.expression), value(c.expected)))
        << c.expression << " is " << literal(c.expression);
  EXPECT_EQ(error("abs(-9223372036854775808)"), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(error("round(1.5, -1)"), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(error("round(1.5, 1, 'SIDEWAYS')"), "ArgumentError.InvalidArgumentValue");
}

TEST_F(FunctionsTest, RandomOnesAreComputedForEachRow) {
  set_column("x", {1, 2, 3});
  const VectorPtr random = run("rand()");
  EXPECT_NE(random->get(0).as_float(), random->get(1).as_float());
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_GE(random->get(i).as_float(), 0.0);
    EXPECT_LT(random->get(i).as_float(), 1.0);
  }
  const std::string uuid = value("randomUUID()").as_string();
  EXPECT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST_F(FunctionsTest, Lists) {
  const FunctionCase cases[] = {
      {"range(1, 3)", "[1, 2, 3]"},
      {"range(0, 10, 5)", "[0, 5, 10]"},
      {"range(5, 0, -2)", "[5, 3, 1]"},
      {"range(0, -1)", "[]"},
      {"range(0, 1, -1)", "[]"},
      {"range(9223372036854775806, 9223372036854775807)", "[9223372036854775806, 9223372036854775807]"},
      {"range(-9223372036854775808, 9223372036854775807, 9223372036854775807)",
       "[-9223372036854775808, -1, 9223372036854775806]"},
      {"range(0, -9223372036854775808, -9223372036854775808)", "[0, -9223372036854775808]"},
      {"range(null, 3)", "null"},
      {"head([1, 2])", "1"},
      {"head([])", "null"},
      {"last([1, 2])", "2"},
      {"tail([1, 2, 3])", "[2, 3]"},
      {"tail([])", "[]"},
      {"reverse([1, null, 3])", "[3, null, 1]"},
  };
  for (const FunctionCase& c : cases) EXPECT_EQ(literal(c.expression), c.expected) << c.expression;
  EXPECT_EQ(error("range(1, 2, 0)"), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(error("range(1, 9223372036854775807)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(error("range(-9223372036854775808, 9223372036854775807)"), "ResourceError.MemoryLimit");
  for (const char* text : {"range(true, 1, 1)", "range(0, 1.1)", "range(0, 1, 'x')", "range([0], 1)"}) {
    EXPECT_EQ(error(text), "ArgumentError.InvalidArgumentType") << text;
  }
}

TEST_F(FunctionsTest, WrongKindsAreNamed) {
  for (const char* text :
       {"toInteger([])", "toFloat(true)", "toBoolean(1.0)", "toString({})", "type(0)", "labels('')"}) {
    EXPECT_EQ(error(text), "TypeError.InvalidArgumentValue") << text;
  }
  for (const char* text : {"abs('a')", "size(1)", "head('a')", "toUpper(1)", "left('a', 'b')", "keys(1)"}) {
    EXPECT_EQ(error(text), "TypeError.InvalidArgumentType") << text;
  }
  try {
    value("left('a', 'b')");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "left() expects INTEGER as argument 2, but was given STRING");
  }
}

TEST_F(FunctionsTest, ResultsStayWithinTheMemoryLimit) {
  context_.memory_limit = 100'000;
  EXPECT_EQ(error("range(1, 1000000)"), "ResourceError.MemoryLimit");
  EXPECT_EQ(error("replace(toString(range(1, 1000)[0]) + 'aaaaaaaaaaaaaaaaaaaa', 'a', replace('aaaaaaaaaa', 'a', "
                  "replace('aaaaaaaaaa', 'a', replace('aaaaaaaaaa', 'a', 'bbbbbbbbbb'))))"),
            "ResourceError.MemoryLimit");
  std::vector<Value> many(1000, Value(100));
  set_column("x", many);
  EXPECT_THROW(run("range(1, x)"), Error);
  EXPECT_NO_THROW(run("range(1, 5)"));
}

TEST(FunctionRegistryTest, FindsWithoutRegardToCase) {
  const auto registry = FunctionRegistry::built_in();
  ASSERT_NE(registry->find("TOUPPER"), nullptr);
  EXPECT_EQ(registry->find("toupper")->name, "toUpper");
  EXPECT_EQ(registry->find("nothing"), nullptr);
  EXPECT_EQ(registry->nearest("toUper"), "toUpper");
  EXPECT_EQ(registry->nearest("qqqqqqqqqqqq"), "");
}

TEST(FunctionRegistryTest, ListsAllInOrderWithDescriptions) {
  const auto registry = FunctionRegistry::built_in();
  const auto all = registry->all();
  std::set<std::string> names;
  for (const Function* function : all) {
    EXPECT_FALSE(function->description.empty()) << function->name;
    EXPECT_LE(function->required, function->parameters.size()) << function->name;
    names.insert(function->name);
  }
  for (const char* name :
       {"id",        "elementId",  "type",          "labels",    "keys",      "properties", "startNode",
        "endNode",   "nodes",      "relationships", "length",    "size",      "head",       "last",
        "tail",      "range",      "reverse",       "coalesce",  "timestamp", "toInteger",  "toFloat",
        "toString",  "toBoolean",  "toIntegerList", "abs",       "ceil",      "floor",      "round",
        "sign",      "sqrt",       "exp",           "log",       "log10",     "e",          "pi",
        "rand",      "randomUUID", "sin",           "cos",       "tan",       "cot",        "asin",
        "acos",      "atan",       "atan2",         "degrees",   "radians",   "haversin",   "isNaN",
        "left",      "right",      "lTrim",         "rTrim",     "trim",      "replace",    "split",
        "substring", "toLower",    "toUpper",       "normalize", "isEmpty",   "valueType",  "nullIf"}) {
    EXPECT_TRUE(names.count(name)) << name;
  }
}

TEST(FunctionRegistryTest, HostFunctionsReplaceOthers) {
  FunctionRegistry registry;
  registry.add({"f",
                {kIntegerType},
                1,
                false,
                kAnyType,
                false,
                true,
                [](std::span<const Value>, FunctionContext&) -> Value { return 1; },
                "one"});
  registry.add({"F",
                {kIntegerType},
                1,
                false,
                kAnyType,
                false,
                true,
                [](std::span<const Value>, FunctionContext&) -> Value { return 2; },
                "two"});
  EXPECT_EQ(registry.all().size(), 1u);
  EXPECT_EQ(registry.find("f")->description, "two");
}

TEST(TypeSetTest, Names) {
  EXPECT_EQ(type_set_name(kNumberType), "INTEGER | FLOAT");
  EXPECT_EQ(type_set_name(kAnyType), "ANY");
  EXPECT_EQ(type_set_name(kNodeType | kNullType), "NODE");
}

}  // namespace
}  // namespace entente
