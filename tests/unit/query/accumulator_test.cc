#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/query/exec/accumulator.h"

namespace entente {
namespace {

/// An accumulator with what it needs.
struct Made {
  ExecContext context;
  AggregateMemory memory{context};
  std::unique_ptr<Accumulator> accumulator;

  explicit Made(Aggregate kind) : accumulator(make_accumulator(kind, Span{3, 4}, memory)) {}
  Accumulator* operator->() { return accumulator.get(); }
};

Value aggregate(Aggregate kind, const std::vector<Value>& values, const Value& parameter = Value()) {
  Made accumulator(kind);
  for (const Value& value : values) accumulator->add(value, 1, parameter);
  return accumulator->result();
}

std::string shown(Aggregate kind, const std::vector<Value>& values, const Value& parameter = Value()) {
  return aggregate(kind, values, parameter).to_literal();
}

std::string code(Aggregate kind, const std::vector<Value>& values, const Value& parameter = Value()) {
  try {
    aggregate(kind, values, parameter);
  } catch (const Error& error) {
    EXPECT_EQ(error.span().begin, 3u);
    return error.code();
  }
  return "";
}

const Value kNull;
const std::vector<Value> kNone;

TEST(AccumulatorTest, CountLeavesOutNulls) {
  EXPECT_EQ(shown(Aggregate::Count, {1, kNull, "a"}), "2");
  EXPECT_EQ(shown(Aggregate::CountStar, {1, kNull, "a"}), "3");
  EXPECT_EQ(shown(Aggregate::Count, kNone), "0");
}

TEST(AccumulatorTest, SumKeepsIntegersAndTurnsToFloats) {
  EXPECT_EQ(shown(Aggregate::Sum, kNone), "0");
  EXPECT_EQ(shown(Aggregate::Sum, {33, kNull, 42}), "75");
  EXPECT_EQ(shown(Aggregate::Sum, {1, 0.5}), "1.5");
  EXPECT_EQ(shown(Aggregate::Sum, std::vector<Value>(10, 0.1)), "1.0");
  EXPECT_EQ(shown(Aggregate::Sum, {1e308, 1e308}), Value(std::numeric_limits<double>::infinity()).to_literal());
}

TEST(AccumulatorTest, SumOverflowsOnlyIfTheResultDoes) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(code(Aggregate::Sum, {most, 1}), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(aggregate(Aggregate::Sum, {most, 1, -1}).as_integer(), most);
  EXPECT_EQ(code(Aggregate::Sum, {"a"}), "TypeError.InvalidArgumentType");
}

TEST(AccumulatorTest, SumAndAverageOfDurations) {
  const Value day(Duration{1, 2, 3, 500'000'000});
  EXPECT_TRUE(Value::equivalent(aggregate(Aggregate::Sum, {day, day}), Value(Duration{2, 4, 7, 0})));
  EXPECT_TRUE(Value::equivalent(aggregate(Aggregate::Avg, {day, day}), day));
  const Value negative(Duration{0, 0, -1, 500'000'000});
  EXPECT_TRUE(Value::equivalent(aggregate(Aggregate::Sum, {negative, negative}), Value(Duration{0, 0, -1, 0})));
  EXPECT_EQ(code(Aggregate::Sum, {day, 1}), "TypeError.InvalidArgumentType");
}

TEST(AccumulatorTest, Average) {
  EXPECT_EQ(shown(Aggregate::Avg, kNone), "null");
  EXPECT_EQ(shown(Aggregate::Avg, {1, 2, kNull}), "1.5");
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_DOUBLE_EQ(aggregate(Aggregate::Avg, {most, most}).as_float(), static_cast<double>(most));
}

TEST(AccumulatorTest, MinAndMaxFollowTheGlobalOrder) {
  const std::vector<Value> mixed = {1, "a", kNull, List{1, 2}, 0.2, "b"};
  EXPECT_EQ(shown(Aggregate::Max, mixed), "1");
  EXPECT_EQ(shown(Aggregate::Min, mixed), "[1, 2]");
  EXPECT_EQ(shown(Aggregate::Max, {List{1}, List{2}, List{2, 1}}), "[2, 1]");
  EXPECT_EQ(shown(Aggregate::Min, {"b", "a", "B"}), "'B'");
  EXPECT_EQ(shown(Aggregate::Min, {kNull}), "null");
}

TEST(AccumulatorTest, Deviations) {
  const std::vector<Value> values = {2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(aggregate(Aggregate::StDevP, values).as_float(), 2.0);
  EXPECT_DOUBLE_EQ(aggregate(Aggregate::StDev, values).as_float(), std::sqrt(32.0 / 7));
  EXPECT_EQ(shown(Aggregate::StDev, {1}), "0.0");
  EXPECT_EQ(shown(Aggregate::StDevP, kNone), "0.0");
}

TEST(AccumulatorTest, Percentiles) {
  const std::vector<Value> prices = {30.0, 10.0, kNull, 20.0};
  EXPECT_EQ(shown(Aggregate::PercentileDisc, prices, 0.0), "10.0");
  EXPECT_EQ(shown(Aggregate::PercentileDisc, prices, 0.5), "20.0");
  EXPECT_EQ(shown(Aggregate::PercentileDisc, prices, 1), "30.0");
  EXPECT_EQ(shown(Aggregate::PercentileDisc, {1, 2, 3, 4}, 0.5), "2");
  EXPECT_EQ(shown(Aggregate::PercentileDisc, {1, 2, 3, 4}, 0.51), "3");
  EXPECT_EQ(shown(Aggregate::PercentileCont, prices, 0.5), "20.0");
  EXPECT_EQ(shown(Aggregate::PercentileCont, {1, 2, 3, 4}, 0.5), "2.5");
  EXPECT_EQ(shown(Aggregate::PercentileCont, {7}, 0.9), "7.0");
  EXPECT_EQ(shown(Aggregate::PercentileCont, {kNull}, 0.9), "null");
  for (const Value& bad : {Value(1000), Value(-1), Value(1.1), Value(), Value("a"), Value(std::nan(""))}) {
    EXPECT_EQ(code(Aggregate::PercentileDisc, {10.0}, bad), "ArgumentError.NumberOutOfRange");
    EXPECT_EQ(code(Aggregate::PercentileCont, {10.0}, bad), "ArgumentError.NumberOutOfRange");
  }
}

TEST(AccumulatorTest, ARowMayStandForSeveral) {
  const auto with_times = [](Aggregate kind, const Value& parameter = Value()) {
    Made accumulator(kind);
    accumulator->add(1, 3, parameter);
    accumulator->add(5, 1, parameter);
    return accumulator->result().to_literal();
  };
  EXPECT_EQ(with_times(Aggregate::Count), "4");
  EXPECT_EQ(with_times(Aggregate::Sum), "8");
  EXPECT_EQ(with_times(Aggregate::Avg), "2.0");
  EXPECT_EQ(with_times(Aggregate::StDev), "2.0");
  EXPECT_EQ(with_times(Aggregate::PercentileDisc, 0.75), "1");
  EXPECT_EQ(with_times(Aggregate::PercentileCont, 1.0), "5.0");
}

TEST(AccumulatorTest, WhatIsHeldIsCounted) {
  Made accumulator(Aggregate::PercentileDisc);
  accumulator.context.memory_limit = 1'000'000;
  const auto add_many = [&] {
    for (int i = 0; i < 1'000'000; ++i) accumulator->add(i, 1, 0.5);
  };
  EXPECT_THROW(add_many(), Error);
  EXPECT_GT(accumulator.context.memory_used.load(), 500'000u);
  accumulator.memory.release();
  EXPECT_EQ(accumulator.context.memory_used.load(), 0u);
}

}  // namespace
}  // namespace entente
