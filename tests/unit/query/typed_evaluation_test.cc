// Expressions over typed vectors against the same expressions over single values. The twin of a row is the expression
// with parameters in place of the node's properties: all of it is constant, so it is computed value by value.
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "expression_fixture.h"

namespace entente {
namespace {

constexpr uint32_t kTypedNodes = 3 * kColumnPageSize + 500;

class TypedEvaluationTest : public ExpressionTest {
 protected:
  /// Half of the values are written in bulk, some after them one by one.
  void SetUp() override {
    auto transaction = store_.begin();
    const NodeId first = transaction->bulk_nodes({}, kTypedNodes);
    for (const auto& [name, make] : kinds()) {
      std::vector<Value> values(kTypedNodes);
      for (Value& value : values) {
        if (name.ends_with("full") || random_() % 3 != 0) value = make();
      }
      transaction->bulk_property(first, transaction->key(name), values);
    }
    store_.commit(std::move(transaction));
    transaction = store_.begin();
    for (const auto& [name, make] : kinds()) {
      for (int i = 0; i < 60; ++i) {
        const NodeId node(random_() % kColumnPageSize);  // the other pages have no changes
        transaction->set_property(node, transaction->key(name), random_() % 4 == 0 ? Value() : make());
      }
    }
    store_.commit(std::move(transaction));
    use_graph(store_.current());
  }

  template <class T>
  T any(std::initializer_list<T> values) {
    return values.begin()[random_() % values.size()];
  }

  Value whole() {
    constexpr int64_t kTwoTo53 = int64_t{1} << 53;
    return any<int64_t>({0, 1, -1, 2, 7, kTwoTo53, kTwoTo53 + 1, -kTwoTo53 - 1, INT64_MAX, INT64_MIN});
  }
  Value real() {
    return any({0.0, -0.0, 1.0, 0.5, -1.5, 7.0, 0x1p53, 0x1p63, -0x1p63, std::nan(""), HUGE_VAL, -HUGE_VAL});
  }
  Value date() { return Date{any<int64_t>({0, 1, -1, 59, 18'262, 19'000, -719'163})}; }
  Value word() { return any({"", "a", "ab", "b", "summit", "zzz", "\xC3\xA4"}); }
  Value moment() {
    switch (random_() % 5) {
      case 0:
        return LocalDateTime{static_cast<int64_t>(random_() % 3), 5};
      case 1:
        return DateTime{{static_cast<int64_t>(random_() % 3), 0}, 3600, ""};
      case 2:
        return LocalTime{static_cast<int64_t>(random_() % 3)};
      case 3:
        return Duration{0, static_cast<int64_t>(random_() % 3), 0, 0};
      default:
        return date();
    }
  }

  std::vector<std::pair<std::string, std::function<Value()>>> kinds() {
    const auto name = [this] { return Value("name " + std::to_string(random_() % 100'000)); };
    return {{"i", [this] { return whole(); }},
            {"ifull", [this] { return static_cast<int64_t>(random_() % 10); }},
            {"f", [this] { return real(); }},
            {"b", [this] { return random_() % 2 == 0; }},
            {"d", [this] { return date(); }},
            {"dfull", [this] { return date(); }},
            {"s", [this] { return word(); }},
            {"sfull", [this] { return word(); }},
            {"t", name},
            {"m", [this] { return random_() % 2 == 0 ? whole() : word(); }},
            {"w", [this] { return moment(); }}};
  }

  /// Nodes in ways that a batch may have them: one after another, or in any order with some null, behind a selection.
  void set_nodes(bool scan, size_t rows) {
    std::vector<Value> nodes;
    const uint32_t from = random_() % (kTypedNodes - static_cast<uint32_t>(rows));
    for (uint32_t i = 0; i < rows; ++i) {
      if (scan)
        nodes.push_back(NodeId(from + i));
      else
        nodes.push_back(random_() % 20 == 0 ? Value() : Value(NodeId(random_() % kTypedNodes)));
    }
    set_column("n", nodes);
    if (random_() % 2 == 0) {
      auto chosen = std::make_shared<Selection>();
      for (uint32_t row = 0; row < rows; ++row) {
        if (random_() % 3 != 0) chosen->push_back(row);
      }
      batch_ = batch_.select(chosen);
    }
  }

  Value twin(size_t row, const std::string& with_parameters) {
    const Value node = batch_.get(variable("n"), row);
    parameters_.clear();
    for (const auto& [name, make] : kinds()) {
      const KeyId key = graph_->names().key(name);
      parameters_.emplace_back(name, node.is_null() ? Value() : graph_->property(node.as_node(), key));
    }
    std::sort(parameters_.begin(), parameters_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return value(with_parameters);
  }

  void check(const std::string& text) {
    std::string with_parameters = text;
    for (size_t at = 0; (at = with_parameters.find("n.", at)) != std::string::npos;)
      with_parameters.replace(at, 2, "$");
    for (const bool scan : {true, false}) {
      set_nodes(scan, scan ? 200 : 80);
      const ExprPtr expr = parse_bound(text);
      const VectorPtr typed = evaluate(*expr, batch_, context_);
      ASSERT_EQ(typed->size(), batch_.rows) << text;
      Selection passing;
      for (size_t row = 0; row < batch_.rows; ++row) {
        const Value expected = twin(row, with_parameters);
        const Value got = typed->get(row);
        ASSERT_TRUE(got.kind() == expected.kind() && Value::equivalent(got, expected))
            << text << " of row " << row << " is " << got.to_literal() << ", of " << with_parameters << " with "
            << Value::map(parameters_).to_literal() << " " << expected.to_literal();
        ASSERT_EQ(typed->is_null(row), expected.is_null()) << text;
        if (expected.is_boolean() && expected.as_boolean()) passing.push_back(static_cast<uint32_t>(row));
        if (!expected.is_boolean() && !expected.is_null()) predicate_ = false;
      }
      if (predicate_) {
        ASSERT_EQ(*evaluate_predicate(*expr, batch_, context_), passing) << text;
      }
    }
  }

  std::mt19937 random_{20'240'229};
  bool predicate_ = true;
};

TEST_F(TypedEvaluationTest, PropertiesAreReadTyped) {
  set_nodes(true, 500);
  const std::pair<const char*, VectorType> types[] = {
      {"n.i", VectorType::Integer}, {"n.f", VectorType::Float},       {"n.b", VectorType::Boolean},
      {"n.d", VectorType::Date},    {"n.sfull", VectorType::String},  {"n.t", VectorType::String},
      {"n.w", VectorType::Value},   {"n.d.year", VectorType::Integer}};
  for (const auto& [text, type] : types) EXPECT_EQ(run(text)->type(), type) << text;
  EXPECT_TRUE(run("n.unknown")->is_constant());
}

TEST_F(TypedEvaluationTest, StringsAreCopiedWhereTheGraphMayChange) {
  auto transaction = store_.begin();
  context_.graph = &transaction->view();
  context_.transaction = transaction.get();
  set_column("n", {NodeId(0), NodeId(1), NodeId(2)});
  EXPECT_EQ(run("n.sfull")->type(), VectorType::Value);
}

TEST_F(TypedEvaluationTest, ReadsAgree) {
  predicate_ = false;
  for (const auto& [name, make] : kinds()) check("n." + name);
}

TEST_F(TypedEvaluationTest, ComparisonsAgree) {
  const char* others[] = {"0",
                          "7",
                          "9007199254740993",
                          "9007199254740992.0",
                          "0.5",
                          "-0.0",
                          "0.0 / 0.0",
                          "'a'",
                          "''",
                          "true",
                          "null",
                          "[1]",
                          "n.ifull",
                          "n.f",
                          "n.d",
                          "n.s",
                          "n.t",
                          "n.m",
                          "n.w",
                          "n.b",
                          "date('1970-01-02')",
                          "'zzz'",
                          "n.i",
                          "localdatetime('1970-01-01T00:00:01')"};
  const char* operators[] = {"=", "<>", "<", "<=", ">", ">="};
  for (const auto& [name, make] : kinds()) {
    for (const char* other : others) {
      const std::string op = operators[random_() % 6];
      check("n." + name + " " + op + " " + other);
      check(std::string(other) + " " + operators[random_() % 6] + " n." + name);
    }
  }
}

TEST_F(TypedEvaluationTest, MembershipAndSearchAgree) {
  const char* lists[] = {"[]",
                         "[1, 7.0, 'a', null]",
                         "[0, -1, 0.5, 9007199254740993.0]",
                         "['summit', 'b', '']",
                         "['a', null]",
                         "[date('1970-01-02'), 'zzz', true]",
                         "[[1], 'ab', 0.0 / 0.0]",
                         "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]",
                         "null",
                         "[null]"};
  for (const auto& [name, make] : kinds()) {
    for (const char* list : lists) check("n." + name + " IN " + list);
    for (const char* search : {"STARTS WITH", "ENDS WITH", "CONTAINS", "=~"}) {
      for (const char* part : {"'a'", "''", "'name 1'", "'name [12].*|a'", "null", "1", "n.s"}) {
        check("n." + name + " " + search + " " + part);
      }
    }
  }
}

TEST_F(TypedEvaluationTest, LogicAgrees) {
  for (const char* text :
       {"n.i IS NULL", "n.s IS NOT NULL", "n.b", "NOT n.b", "n.b OR n.i > 0", "n.b AND n.s = 'a'",
        "n.b XOR n.ifull < 5", "NOT (n.i > 0 OR n.s STARTS WITH 'a')", "n.ifull > 3 AND n.s <> 'b' AND n.d < date()",
        "n.s = 'a' OR n.s = 'b' OR n.i = 1", "n.ifull > 2 AND (n.b OR n.f < 1)", "n.d = date(n.d)"}) {
    check(text);
  }
}

TEST_F(TypedEvaluationTest, OtherExpressionsAgree) {
  for (const char* text : {"n.d.year",
                           "n.d.month",
                           "n.d.day",
                           "n.d.week",
                           "n.d.weekYear",
                           "n.d.quarter",
                           "n.d.ordinalDay",
                           "n.d.dayOfWeek",
                           "n.d.weekDay",
                           "n.d.dayOfQuarter",
                           "n.dfull.year",
                           "n.d.hour",
                           "n.w.year",
                           "n.w.days",
                           "n.ifull + 1",
                           "n.ifull * n.f",
                           "-n.f",
                           "n.t + 'x'",
                           "coalesce(n.s, n.t, 'none')",
                           "coalesce(n.i, n.f)",
                           "coalesce(n.d, date('2000-01-01'))",
                           "CASE WHEN n.ifull > 5 THEN 1 WHEN n.b THEN 0 END",
                           "CASE n.s WHEN 'a' THEN n.t WHEN 'b' THEN n.i ELSE n.s END",
                           "size(n.s)",
                           "[n.s, n.d]"}) {
    predicate_ = false;
    check(text);
  }
}

}  // namespace
}  // namespace entente
