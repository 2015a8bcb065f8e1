#include "entente/core/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "entente/core/error.h"

namespace entente {
namespace {

const double kNan = std::nan("");
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::optional<bool> kUnknown = std::nullopt;

Value list(List values) { return Value(std::move(values)); }

Value nested(size_t depth, Value inner = {}) {
  for (size_t i = 0; i < depth; ++i) inner = i % 2 == 0 ? list({inner}) : Value::map({{"k", inner}});
  return inner;
}

Value node(uint32_t id) { return Value(NodeId(id)); }

TEST(Value, AccessorsNameBothKinds) {
  EXPECT_EQ(Value("a").as_string(), "a");
  EXPECT_EQ(Value(3).as_number(), 3.0);
  try {
    Value("a").as_integer();
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), "TypeError.InvalidArgumentType");
    EXPECT_NE(std::string(e.what()).find("INTEGER"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find("STRING"), std::string::npos);
  }
}

TEST(Value, SettingATextLeavesOthersThatShareItAlone) {
  Value value(3);
  value.set_text("a text of more than fifteen letters");
  const Value shared = value;
  value.set_text("two");
  EXPECT_EQ(shared.as_string(), "a text of more than fifteen letters");
  EXPECT_EQ(value.as_string(), "two");
  const std::string* const place = &value.as_string();
  value.set_text("three");
  EXPECT_EQ(value.as_string(), "three");
  EXPECT_EQ(&value.as_string(), place);
}

TEST(Value, MapKeepsTheLastOfEqualKeysInOrder) {
  const Value m = Value::map({{"b", 1}, {"a", 2}, {"b", 3}});
  ASSERT_EQ(m.as_map().size(), 2u);
  EXPECT_EQ(m.as_map()[0].first, "a");
  EXPECT_EQ(m["b"].as_integer(), 3);
  EXPECT_TRUE(m["c"].is_null());
}

TEST(Value, EqualityOfNumbersIsExact) {
  const int64_t big = (int64_t{1} << 53) + 1;
  EXPECT_EQ(Value::equals(Value(big), Value(9007199254740992.0)), false);
  EXPECT_EQ(Value::equals(Value(1), Value(1.0)), true);
  EXPECT_EQ(Value::equals(Value(std::numeric_limits<int64_t>::max()), Value(9223372036854775808.0)), false);
  EXPECT_EQ(Value::equals(Value(std::numeric_limits<int64_t>::min()), Value(-9223372036854775808.0)), true);
  EXPECT_EQ(Value::less(Value(9007199254740992.0), Value(big)), true);
  EXPECT_EQ(Value::less(Value(std::numeric_limits<int64_t>::max()), Value(kInfinity)), true);
  EXPECT_EQ(Value::less(Value(-1), Value(-0.5)), true);
  EXPECT_EQ(Value::less(Value(-0.5), Value(0)), true);
}

TEST(Value, EqualityIsThreeValued) {
  EXPECT_EQ(Value::equals(Value(), Value()), kUnknown);
  EXPECT_EQ(Value::equals(Value(1), Value("1")), false);
  EXPECT_EQ(Value::equals(list({1, 2}), list({1})), false);
  EXPECT_EQ(Value::equals(list({Value()}), list({1})), kUnknown);
  EXPECT_EQ(Value::equals(list({list({1}), list({2, 3})}), list({list({1}), list({Value()})})), false);
  EXPECT_EQ(Value::equals(list({list({1}), list({2})}), list({list({1}), list({Value()})})), kUnknown);
  EXPECT_EQ(Value::equals(Value::map({{"k", Value()}}), Value::map({})), false);
  EXPECT_EQ(Value::equals(Value::map({{"k", Value()}}), Value::map({{"k", Value()}})), kUnknown);
  EXPECT_EQ(Value::equals(Value::map({{"k", 1}, {"l", Value()}}), Value::map({{"k", 2}, {"l", 1}})), false);
  EXPECT_EQ(Value::equals(Value(kNan), Value(kNan)), false);
  EXPECT_EQ(Value::equals(Value(kNan), Value("a")), false);
}

TEST(Value, LessComparesWithinAKindOnly) {
  EXPECT_EQ(Value::less(Value(1), Value("a")), kUnknown);
  EXPECT_EQ(Value::less(Value(kNan), Value(1)), false);
  EXPECT_EQ(Value::less_or_equal(Value(kNan), Value(kNan)), false);
  EXPECT_EQ(Value::less(Value(kNan), Value("a")), kUnknown);
  EXPECT_EQ(Value::less(Value(false), Value(true)), true);
  EXPECT_EQ(Value::less(node(1), node(2)), kUnknown);
  EXPECT_EQ(Value::less(Value(Duration{.days = 1}), Value(Duration{.days = 2})), kUnknown);
  EXPECT_EQ(Value::less(Value(Date{1}), Value(Date{2})), true);
  EXPECT_EQ(Value::less(Value(Date{1}), Value(LocalDateTime{0, 0})), kUnknown);
  // 10:00+01:00 is before 09:35Z.
  const Time ten{LocalTime{36'000 * kNanosPerSecond}, 3600};
  const Time later{LocalTime{(9 * 3600 + 35 * 60) * kNanosPerSecond}, 0};
  EXPECT_EQ(Value::less(Value(ten), Value(later)), true);
  EXPECT_EQ(Value::less(Value(DateTime{{7200, 0}, 7200, {}}), Value(DateTime{{3600, 0}, 0, {}})), true);
}

TEST(Value, ListsCompareFromTheFirstDifference) {
  EXPECT_EQ(Value::less(list({1, 2}), list({1, 3})), true);
  EXPECT_EQ(Value::less(list({1}), list({1, Value()})), true);
  EXPECT_EQ(Value::less(list({1, Value()}), list({2, 1})), true);
  EXPECT_EQ(Value::less(list({1, Value()}), list({1, 1})), kUnknown);
  EXPECT_EQ(Value::less(list({1, "a"}), list({1, 1})), kUnknown);
  EXPECT_EQ(Value::less(list({node(1), 1}), list({node(1), 2})), true);
  EXPECT_EQ(Value::less(list({list({1, 5})}), list({list({1, 6})})), true);
  EXPECT_EQ(Value::less_or_equal(list({1, 2}), list({1, 2})), true);
  EXPECT_EQ(Value::less_or_equal(list({2}), list({1, 2})), false);
}

std::vector<Value> in_ascending_order() {
  return {Value::map({}),
          Value::map({{"a", 1}}),
          Value::map({{"a", 2}}),
          node(1),
          node(2),
          Value(RelId(1)),
          list({}),
          list({"a"}),
          list({"a", 1}),
          list({1}),
          list({1, "a"}),
          list({1, Value()}),
          list({Value(), 1}),
          list({Value(), 2}),
          Value::path({node(1)}),
          Value(DateTime{{0, 0}, 3600, {}}),
          Value(DateTime{{0, 0}, 0, {}}),
          Value(LocalDateTime{-1, 0}),
          Value(LocalDateTime{0, 0}),
          Value(Date{-5}),
          Value(Date{5}),
          Value(Time{LocalTime{0}, 60}),
          Value(Time{LocalTime{0}, 0}),
          Value(LocalTime{0}),
          Value(LocalTime{1}),
          Value(Duration{.days = 30}),
          Value(Duration{.months = 1}),
          Value(Duration{.days = 31}),
          Value(""),
          Value(".*"),
          Value("one"),
          Value(false),
          Value(true),
          Value(-kInfinity),
          Value(-1.5),
          Value(0),
          Value(9007199254740992.0),
          Value((int64_t{1} << 53) + 1),
          Value(kInfinity),
          Value(kNan),
          Value()};
}

TEST(Value, OrderIsTotalOverAllKinds) {
  const std::vector<Value> values = in_ascending_order();
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(Value::order(values[i], values[j]), i <=> j) << values[i].to_literal() << " " << values[j].to_literal();
      EXPECT_EQ(Value::equivalent(values[i], values[j]), i == j) << values[i].to_literal() << values[j].to_literal();
      EXPECT_EQ(values[i].hash() == values[j].hash(), i == j) << values[i].to_literal() << values[j].to_literal();
    }
  }
}

TEST(Value, HashAgreesWithEquivalence) {
  const std::pair<Value, Value> same[] = {
      {Value(1), Value(1.0)},
      {Value(0.0), Value(-0.0)},
      {Value(kNan), Value(-kNan)},
      {Value(), Value()},
      {list({1, Value(), kNan}), list({1.0, Value(), kNan})},
      {Value::map({{"a", 1}, {"b", 2}}), Value::map({{"b", 2.0}, {"a", 1}})},
      {node(4), Value::node({NodeId(4), {"L"}, {}})},
      {Value(9223372036854774784.0), Value(int64_t{9223372036854774784})},
  };
  for (const auto& [a, b] : same) {
    EXPECT_TRUE(Value::equivalent(a, b)) << a.to_literal();
    EXPECT_EQ(a.hash(), b.hash()) << a.to_literal();
    EXPECT_EQ(Value::order(a, b), std::strong_ordering::equal) << a.to_literal();
  }
  EXPECT_NE(list({list({1}), 2}).hash(), list({list({1, 2})}).hash());
  EXPECT_NE(Value("ab").hash(), Value("ba").hash());
}

TEST(Value, HashIsTheSameOnEveryRun) {  // indexes store it: a change of these needs a new format version
  EXPECT_EQ(Value().hash(), 0xc44bdff4074eecdbu);
  EXPECT_EQ(Value(42).hash(), 0xa21e1a867f970becu);
  EXPECT_EQ(Value(0.5).hash(), 0x70827c21a1fdf17cu);
  EXPECT_EQ(Value("Entente").hash(), 0x77a5ce7d81c20f63u);
  EXPECT_EQ(list({1, "a", Value()}).hash(), 0x83a8159b5a255e2bu);
  // As the index on several properties has it.
  EXPECT_EQ(list({list({1, "x"}), "k", list({})}).hash(), 0xb44393e749dcce1du);
  EXPECT_EQ(list({Value::map({{"b", 2}, {"a", Value()}}), 3}).hash(), 0xeb73a71cfc844c6cu);
}

TEST(Value, FloatsPrintAsJavaDoes) {
  const std::pair<double, const char*> cases[] = {
      {1.0, "1.0"},
      {-0.0, "-0.0"},
      {0.1, "0.1"},
      {0.001, "0.001"},
      {0.00099, "9.9E-4"},
      {1e7, "1.0E7"},
      {9999999.0, "9999999.0"},
      {1234567.25, "1234567.25"},
      {1e10, "1.0E10"},
      {1.5e300, "1.5E300"},
      {-2.5, "-2.5"},
      {5e-324, "5.0E-324"},
      {kNan, "NaN"},
      {kInfinity, "Infinity"},
      {-kInfinity, "-Infinity"},
      {100.0, "100.0"},
      {0.30000000000000004, "0.30000000000000004"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(Value(number).to_literal(), text);
}

TEST(Value, LiteralsReadBack) {
  EXPECT_EQ(Value("it's\n\\").to_literal(), "'it\\'s\\n\\\\'");
  EXPECT_EQ(Value(std::string("\x01")).to_literal(), "'\\u0001'");
  EXPECT_EQ(list({1, 2.0, true, Value()}).to_literal(), "[1, 2.0, true, null]");
  EXPECT_EQ(Value::map({{"a", Value()}, {"b c", list({})}}).to_literal(), "{a: null, `b c`: []}");
  EXPECT_EQ(Value(Date{0}).to_literal(), "date('1970-01-01')");
  EXPECT_EQ(Value(Date{0}).to_display(), "1970-01-01");
  EXPECT_EQ(Value("a").to_display(), "a");
  EXPECT_EQ(Value(std::numeric_limits<int64_t>::min()).to_literal(), "-9223372036854775808");
}

TEST(Value, GraphLiteralsShowTheirData) {
  const Value a = Value::node({NodeId(0), {"A", "B`"}, {{"k", 1}}});
  const Value b = Value::node({NodeId(1), {}, {}});
  const Value there = Value::relationship({RelId(0), NodeId(0), NodeId(1), "T", {{"w", 1.5}}});
  const Value back = Value::relationship({RelId(1), NodeId(0), NodeId(1), "T", {}});
  EXPECT_EQ(a.to_literal(), "(:A:`B``` {k: 1})");
  EXPECT_EQ(b.to_literal(), "()");
  EXPECT_EQ(there.to_literal(), "[:T {w: 1.5}]");
  EXPECT_EQ(Value::path({a, there, b, back, a}).to_literal(),
            "<(:A:`B``` {k: 1})-[:T {w: 1.5}]->()<-[:T]-(:A:`B``` {k: 1})>");
  EXPECT_EQ(node(7).to_literal(), "(#7)");
  EXPECT_EQ(node(7).node_data(), nullptr);
  EXPECT_EQ(a.node_data()->labels[0], "A");
}

TEST(Value, DeepNestingNeedsNoStack) {
  const Value a = nested(200'000, 1);
  const Value b = nested(200'000, 1);
  const Value c = nested(200'000, 2);
  EXPECT_EQ(Value::equals(a, b), true);
  EXPECT_TRUE(Value::equivalent(a, b));
  EXPECT_EQ(a.hash(), b.hash());
  EXPECT_EQ(Value::order(a, c), std::strong_ordering::less);
  EXPECT_GT(a.to_literal().size(), 400'000u);
  Value lists = 1;
  for (int i = 0; i < 200'000; ++i) lists = list({lists});
  EXPECT_EQ(Value::less_or_equal(lists, lists), true);
}

TEST(Value, HashesOfSharedPartsTakeNoLongerThanTheParts) {
  const auto doubled = [](Value value, int levels) {
    for (int i = 0; i < levels; ++i) value = list({value, value});
    return value;
  };
  EXPECT_EQ(doubled(1, 100).hash(), doubled(1.0, 100).hash());
  EXPECT_NE(doubled(1, 100).hash(), doubled(2, 100).hash());
  EXPECT_NE(doubled(1, 100).hash(), doubled(1, 99).hash());
  Value map = 1;
  for (int i = 0; i < 100; ++i) map = Value::map({{"a", map}, {"b", map}});
  EXPECT_NE(map.hash(), doubled(1, 100).hash());
  // The same without sharing: what counts is the shape.
  std::function<Value(int)> apart = [&](int level) {
    return level == 0 ? Value(1) : list({apart(level - 1), apart(level - 1)});
  };
  EXPECT_EQ(apart(10).hash(), doubled(1, 10).hash());
  // Long lists in lists are there by their hash.
  const std::vector<Value> many(5000, Value(7));
  EXPECT_EQ(list({list(many), list(many)}).hash(), list({list(many), list(many)}).hash());
  EXPECT_NE(list({list(many), list(many)}).hash(), list({list(many), list({7})}).hash());
}

TEST(Value, HeapBytesCountsWhatIsInside) {
  EXPECT_EQ(Value(1).heap_bytes(), 0u);
  EXPECT_GE(Value(std::string(1000, 'x')).heap_bytes(), 1000u);
  EXPECT_GE(list({std::string(1000, 'x'), std::string(1000, 'y')}).heap_bytes(), 2000u);
  Value doubled = 1;
  for (int i = 0; i < 100; ++i) doubled = list({doubled, doubled});
  EXPECT_EQ(doubled.heap_bytes(), Value::kMostHeapBytes);
}

TEST(Value, ShortLiteralsAreCutOff) {
  EXPECT_EQ(list({1, "a"}).to_short_literal(), "[1, 'a']");
  EXPECT_EQ(list({1, 2, 3}).to_short_literal(4), "[1, …");
  EXPECT_EQ(Value("ééé").to_short_literal(4), "'é…");
  Value doubled = 1;
  for (int i = 0; i < 100; ++i) doubled = list({doubled, doubled});
  EXPECT_LT(doubled.to_short_literal().size(), 210u);
  EXPECT_LT(list(std::vector<Value>(100, std::string(100, 'x'))).to_short_literal().size(), 210u);
}

TEST(Value, CopiesShareAndMoveLeavesNull) {
  Value a = list({1, 2});
  const Value b = a;
  EXPECT_EQ(&a.as_list(), &b.as_list());
  const Value c = std::move(a);
  EXPECT_EQ(c.as_list().size(), 2u);
  Value d = c;
  d = Value(1);
  EXPECT_EQ(c.as_list().size(), 2u);
}

TEST(Value, CopiesMayBeDroppedInOtherThreads) {
  const Value shared = list({list({"a"}), Value::map({{"k", "b"}})});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([shared] {
      for (int k = 0; k < 1000; ++k) {
        const Value copy = shared;
        ASSERT_EQ(copy.as_list().size(), 2u);
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

}  // namespace
}  // namespace entente
