// Aggregates over groups, fed with vectors of all types, against one accumulator for each group.
#include <limits>

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/query/exec/aggregate_column.h"
#include "entente/query/exec/group_table.h"
#include "entente/query/plan/expressions.h"

namespace entente {
namespace {

ExprPtr aggregate_of(Aggregate kind, bool distinct) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Aggregate;
  expr->aggregate = kind;
  expr->distinct = distinct;
  if (kind != Aggregate::CountStar) expr->args = {make_variable(0, "x")};
  return expr;
}

struct GroupedRows {
  std::vector<Value> values;
  std::vector<uint32_t> groups;
  std::vector<uint64_t> times = {};
};

/// The results by group, as literals.
std::string aggregate_results(Aggregate kind, bool distinct, bool one_group, uint32_t group_count,
                              const std::vector<GroupedRows>& in) {
  ExecContext context;
  AggregateMemory memory(context);
  const ExprPtr expr = aggregate_of(kind, distinct);
  AggregateColumn column(*expr, one_group, memory);
  for (const GroupedRows& rows : in) {
    Batch batch(1);
    batch.rows = rows.values.size();
    batch.multiplicity = rows.times;
    batch.set(0, Vector::from_values(rows.values));
    column.add(batch, rows.groups, group_count, context);
  }
  column.grow(group_count);
  std::string text;
  for (uint32_t group = 0; group < group_count; ++group)
    text += (group > 0 ? " " : "") + column.result(group).to_literal();
  return text;
}

const Value kNothing;

TEST(AggregateColumnTest, NumbersAreKeptByGroup) {
  const std::vector<GroupedRows> in = {{{1, 2, kNothing, 4}, {0, 1, 1, 0}, {1, 3, 1, 1}}, {{10}, {1}}};
  EXPECT_EQ(aggregate_results(Aggregate::CountStar, false, false, 3, in), "2 5 0");
  EXPECT_EQ(aggregate_results(Aggregate::Count, false, false, 3, in), "2 4 0");
  EXPECT_EQ(aggregate_results(Aggregate::Sum, false, false, 3, in), "5 16 0");
  EXPECT_EQ(aggregate_results(Aggregate::Avg, false, false, 3, in), "2.5 4.0 null");
  EXPECT_EQ(aggregate_results(Aggregate::Min, false, false, 3, in), "1 2 null");
  EXPECT_EQ(aggregate_results(Aggregate::Max, false, false, 3, in), "4 10 null");
  EXPECT_EQ(aggregate_results(Aggregate::Collect, false, false, 3, in), "[1, 4] [2, 2, 2, 10] []");
}

TEST(AggregateColumnTest, CollectsInOrder) {
  const std::vector<GroupedRows> in = {{{"a", 1, kNothing, "a"}, {0, 2, 1, 0}, {1, 2, 1, 1}}, {{"b", List{1}}, {0, 2}}};
  EXPECT_EQ(aggregate_results(Aggregate::Collect, false, false, 3, in), "['a', 'a', 'b'] [] [1, 1, [1]]");
  EXPECT_EQ(aggregate_results(Aggregate::Collect, true, false, 3, in), "['a', 'b'] [] [1, [1]]");
  const std::vector<GroupedRows> one = {{{"a", 1, kNothing, "a"}, {0, 0, 0, 0}, {1, 2, 1, 1}}, {{"a", "c"}, {0, 0}}};
  EXPECT_EQ(aggregate_results(Aggregate::Collect, false, true, 1, one), "['a', 1, 1, 'a', 'a', 'c']");
  EXPECT_EQ(aggregate_results(Aggregate::Collect, true, true, 1, one), "['a', 1, 'c']");
  EXPECT_EQ(aggregate_results(Aggregate::Collect, false, true, 1, {}), "[]");
}

TEST(AggregateColumnTest, TextsFromThePlaceOfOthersAreNotTakenForThem) {
  std::vector<Value> first;
  std::vector<Value> second;
  for (int i = 0; i < 600; ++i) {
    first.push_back(std::string(1, static_cast<char>('a' + i % 20)));
    second.push_back(std::string(1, static_cast<char>('A' + i % 20)));
  }
  const std::vector<uint32_t> groups(600, 0);
  const std::string result =
      aggregate_results(Aggregate::Collect, false, false, 1, {{first, groups}, {second, groups}});
  List expected = first;
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(result, Value(expected).to_literal());
}

TEST(AggregateColumnTest, WhatIsCollectedIsCounted) {
  for (const bool one_group : {true, false}) {
    ExecContext context;
    AggregateMemory memory(context);
    const ExprPtr expr = aggregate_of(Aggregate::Collect, false);
    AggregateColumn column(*expr, one_group, memory);
    Batch batch(1);
    batch.rows = 1;
    batch.set(0, Vector::from_values({std::string(1'000'000, 'x')}));
    column.add(batch, {0}, 1, context);
    EXPECT_GT(context.memory_used.load(), 900'000u);
    context.memory_limit = 5'000'000;
    batch.multiplicity = {50'000'000};  // one row that stands for many
    EXPECT_THROW(column.add(batch, {0}, 1, context), Error);
    memory.release();
    EXPECT_EQ(context.memory_used.load(), 0u);
  }
}

TEST(AggregateColumnTest, OtherTypesJoinIn) {
  const std::vector<GroupedRows> in = {
      {{1, 2}, {0, 1}}, {{0.5, 0.25}, {0, 0}}, {{kNothing, kNothing}, {0, 1}}, {{3, 4}, {0, 1}}};
  EXPECT_EQ(aggregate_results(Aggregate::Sum, false, false, 2, in), "4.75 6");
  EXPECT_EQ(aggregate_results(Aggregate::Avg, false, false, 2, in), "1.1875 3.0");
  EXPECT_EQ(aggregate_results(Aggregate::Min, false, false, 2, in), "0.25 2");
  EXPECT_EQ(aggregate_results(Aggregate::Max, false, false, 2, in), "3 4");
  const Value day = Date{7};
  EXPECT_EQ(aggregate_results(Aggregate::Max, false, false, 1, {{{day, Date{3}}, {0, 0}}, {{1}, {0}}}), "1");
  EXPECT_EQ(aggregate_results(Aggregate::Max, false, false, 1, {{{day, Date{3}}, {0, 0}}}), day.to_literal());
  EXPECT_EQ(aggregate_results(Aggregate::Min, false, false, 1, {{{"b", "a"}, {0, 0}}}), "'a'");
}

TEST(AggregateColumnTest, TotalsMayBeLargerOnTheWay) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(aggregate_results(Aggregate::Sum, false, true, 1, {{{most, most, -most}, {0, 0, 0}}}),
            std::to_string(most));
  EXPECT_THROW(aggregate_results(Aggregate::Sum, false, true, 1, {{{most, 1}, {0, 0}}}), Error);
  EXPECT_THROW(aggregate_results(Aggregate::Sum, false, true, 1, {{{1}, {0}}, {{Duration{1, 0, 0, 0}}, {0}}}), Error);
}

TEST(AggregateColumnTest, DistinctLooksAtEquivalence) {
  const std::vector<GroupedRows> in = {{{1, 1.0, kNothing, 2, kNothing}, {0, 0, 0, 1, 1}},
                                       {{1, 2, "a"}, {1, 1, 0}, {5, 1, 1}}};
  EXPECT_EQ(aggregate_results(Aggregate::Count, true, false, 2, in), "2 2");
  EXPECT_EQ(aggregate_results(Aggregate::Collect, true, false, 2, in), "[1, 'a'] [2, 1]");
  const std::vector<GroupedRows> numbers = {{{1, 1, 2}, {0, 0, 0}, {3, 1, 1}}, {{2, 3, 1}, {0, 0, 0}}};
  EXPECT_EQ(aggregate_results(Aggregate::Sum, true, true, 1, numbers), "6");
  EXPECT_EQ(aggregate_results(Aggregate::Count, true, true, 1, numbers), "3");
  const std::vector<GroupedRows> nodes = {{{NodeId(7), NodeId(9), NodeId(7), kNothing}, {0, 0, 0, 0}},
                                          {{RelId(7), NodeId(7), 7}, {0, 0, 0}}};
  EXPECT_EQ(aggregate_results(Aggregate::Count, true, true, 1, nodes), "4");
}

TEST(AggregateColumnTest, WhatDistinctHoldsIsCounted) {
  ExecContext context;
  AggregateMemory memory(context);
  const ExprPtr expr = aggregate_of(Aggregate::Count, true);
  AggregateColumn column(*expr, true, memory);
  Batch batch(1);
  batch.rows = 1000;
  std::vector<Value> values;
  for (int i = 0; i < 1000; ++i) values.emplace_back(std::string(1000, 'x') + std::to_string(i));
  batch.set(0, Vector::from_values(values));
  column.add(batch, std::vector<uint32_t>(1000, 0), 1, context);
  EXPECT_GT(context.memory_used.load(), 900'000u);
  memory.release();
  EXPECT_EQ(context.memory_used.load(), 0u);
}

TEST(GroupTableTest, KeysOfAllKindsHaveNumbers) {
  ExecContext context;
  GroupTable table(2);
  const std::vector<std::vector<Value>> first = {
      {1, 1.0, kNothing, kNothing}, {"a", "b", "a", List{1}}, {0.5, true, false, 1}};
  const std::vector<std::vector<Value>> second = {{"x", "x", "x", "y"}, {1, 1, 1, 1}, {Date{1}, Date{1}, 1, "x"}};
  const std::vector<std::vector<uint32_t>> expected = {{0, 0, 1, 2}, {3, 4, 3, 5}, {6, 7, 8, 0}};
  std::vector<uint32_t> groups;
  for (size_t i = 0; i < first.size(); ++i) {
    const std::vector<BatchColumn> columns = {{Vector::from_values(first[i]), nullptr},
                                              {Vector::from_values(second[i]), nullptr}};
    table.find_or_add(columns, 4, groups, context);
    EXPECT_EQ(groups, expected[i]) << i;
  }
  EXPECT_EQ(table.size(), 9u);
  EXPECT_EQ(table.key(5, 0).to_literal() + table.key(5, 1).to_literal(), "[1]1");
  EXPECT_EQ(table.key(2, 0).to_literal() + table.key(2, 1).to_literal(), "null'y'");
}

TEST(GroupTableTest, TextsFromPagesAndComputedOnesAreTheSame) {
  ExecContext context;
  GroupTable table(1);
  const std::string texts = "G7 G20 G7";
  auto vector = std::make_shared<Vector>(VectorType::String);
  const std::string_view all = texts;
  vector->texts = {all.substr(0, 2), all.substr(3, 3), all.substr(7, 2), all.substr(3, 2), all.substr(3, 3)};
  vector->set_size(5, false);
  std::vector<uint32_t> groups;
  const BatchColumn in_pages{vector, nullptr};
  table.find_or_add(std::span(&in_pages, 1), 5, groups, context);
  EXPECT_EQ(groups, (std::vector<uint32_t>{0, 1, 0, 2, 1}));
  const BatchColumn computed{Vector::from_values({"G20", "G7", kNothing}), nullptr};
  table.find_or_add(std::span(&computed, 1), 3, groups, context);
  EXPECT_EQ(groups, (std::vector<uint32_t>{1, 0, 3}));
}

}  // namespace
}  // namespace entente
