#include "entente/query/exec/batch.h"

#include <chrono>

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/query/exec/context.h"

namespace entente {
namespace {

SelectionPtr rows(std::vector<uint32_t> chosen) { return std::make_shared<Selection>(std::move(chosen)); }

std::string shown(const Vector& vector) {
  List list;
  for (size_t i = 0; i < vector.size(); ++i) list.push_back(vector.get(i));
  return Value(list).to_literal();
}

TEST(VectorTest, TakesTheTypeOfItsValues) {
  EXPECT_EQ(Vector::from_values({1, 2})->type(), VectorType::Integer);
  EXPECT_EQ(Vector::from_values({Value(), 1.5})->type(), VectorType::Float);
  EXPECT_EQ(Vector::from_values({true, Value()})->type(), VectorType::Boolean);
  EXPECT_EQ(Vector::from_values({NodeId(1), Value()})->type(), VectorType::Node);
  EXPECT_EQ(Vector::from_values({RelId(1)})->type(), VectorType::Relationship);
  EXPECT_EQ(Vector::from_values({1, 1.5})->type(), VectorType::Value);
  EXPECT_EQ(Vector::from_values({Date{1}, Value()})->type(), VectorType::Date);
  EXPECT_EQ(Vector::from_values({"a"})->type(), VectorType::Value);
  EXPECT_EQ(Vector::from_values({Value()})->type(), VectorType::Value);
}

TEST(VectorTest, KeepsNullsInEveryType) {
  for (const Value& value :
       {Value(7), Value(1.5), Value(true), Value(NodeId(3)), Value(RelId(4)), Value(Date{5}), Value("x")}) {
    const auto vector = Vector::from_values({Value(), value, Value(), value});
    EXPECT_TRUE(vector->has_nulls());
    EXPECT_TRUE(vector->is_null(0));
    EXPECT_FALSE(vector->is_null(1));
    EXPECT_TRUE(vector->is_null(2));
    EXPECT_TRUE(Value::equivalent(vector->get(3), value));
    EXPECT_TRUE(vector->get(2).is_null());
  }
}

TEST(VectorTest, BecomesAVectorOfValuesWhenTypesMix) {
  Vector vector(VectorType::Integer);
  vector.push(1);
  vector.push_null();
  EXPECT_EQ(vector.type(), VectorType::Integer);
  vector.push("text");
  EXPECT_EQ(vector.type(), VectorType::Value);
  EXPECT_EQ(shown(vector), "[1, null, 'text']");
}

TEST(VectorTest, AConstantIsStoredOnceAndCanGrow) {
  const auto constant = Vector::constant(5, 1000);
  EXPECT_EQ(constant->ints.size(), 1u);
  EXPECT_EQ(constant->size(), 1000u);
  EXPECT_EQ(constant->get(999).as_integer(), 5);
  Vector copy = *Vector::constant(5, 2);
  copy.push(6);
  EXPECT_EQ(shown(copy), "[5, 5, 6]");
  Vector nothing = *Vector::constant(Value(), 2);
  nothing.push(6);
  EXPECT_EQ(shown(nothing), "[null, null, 6]");
}

TEST(VectorTest, PushFromCopiesAcrossTypes) {
  const auto numbers = Vector::from_values({1, Value(), 3});
  Vector same(VectorType::Integer);
  Vector other(VectorType::Float);
  for (size_t i = 0; i < 3; ++i) {
    same.push_from(*numbers, i);
    other.push_from(*numbers, i);
  }
  EXPECT_EQ(shown(same), "[1, null, 3]");
  EXPECT_EQ(same.type(), VectorType::Integer);
  EXPECT_EQ(shown(other), "[1, null, 3]");
}

TEST(VectorTest, PushFromTakesManyRowsAtATime) {
  const std::vector<uint32_t> chosen{2, 0, 1, 2};
  for (const Value& value : {Value(7), Value(1.5), Value(true), Value(NodeId(3)), Value(Date{5}), Value("x")}) {
    const auto source = Vector::from_values({value, Value(), value});
    Vector rows(source->type());
    Vector one_by_one(source->type());
    rows.push_from(*Vector::constant(value, 2), nullptr, 2);
    rows.push_from(*source, nullptr, 3);
    rows.push_from(*source, &chosen, 4);
    rows.push_from(*Vector::from_values({value}), nullptr, 1);
    for (const bool null : {false, false, false, true, false, false, false, true, false, false}) {
      one_by_one.push(null ? Value() : value);
    }
    EXPECT_EQ(rows.type(), source->type());
    EXPECT_TRUE(rows.has_nulls());
    EXPECT_EQ(shown(rows), shown(one_by_one));
  }
  Vector mixed(VectorType::Integer);
  mixed.push(1);
  mixed.push_from(*Vector::from_values({1.5, Value()}), nullptr, 2);
  EXPECT_EQ(shown(mixed), "[1, 1.5, null]");
}

TEST(VectorTest, TextsAreReadAsStrings) {
  const std::string kept = "kept elsewhere";
  auto texts = std::make_shared<Vector>(VectorType::String);
  texts->texts = {std::string_view(kept).substr(0, 4), ""};
  texts->set_size(2, false);
  EXPECT_EQ(shown(*texts), "['kept', '']");
  Vector copy(VectorType::String);
  copy.push_from(*texts, 0);
  copy.push_null();
  EXPECT_EQ(copy.type(), VectorType::String);
  EXPECT_EQ(shown(copy), "['kept', null]");
  copy.push("own");
  EXPECT_EQ(copy.type(), VectorType::Value);
  EXPECT_EQ(shown(copy), "['kept', null, 'own']");
}

TEST(VectorBuilderTest, DecidesTheTypeAtTheFirstValue) {
  VectorBuilder builder(4);
  builder.add_null();
  builder.add_integer(1);
  builder.add(Value(2));
  auto vector = builder.finish();
  EXPECT_EQ(vector->type(), VectorType::Integer);
  EXPECT_EQ(shown(*vector), "[null, 1, 2]");

  builder.add_float(1.5);
  builder.add_boolean(true);
  builder.add_id(VectorType::Node, 9);
  builder.add_id(VectorType::Node, NodeId::kNone);
  builder.add("s");
  vector = builder.finish();
  EXPECT_EQ(vector->type(), VectorType::Value);
  ASSERT_EQ(vector->size(), 5u);
  EXPECT_EQ(vector->get(2).as_node(), NodeId(9));
  EXPECT_TRUE(vector->get(3).is_null());
  EXPECT_TRUE(vector->has_nulls());
}

TEST(BatchTest, SelectComposesSelectionsAndSharesThem) {
  Batch batch(4);
  batch.rows = 4;
  batch.set(0, Vector::from_values({10, 11, 12, 13}));
  batch.set(1, Vector::from_values({"a", "b", "c", "d"}));
  batch.set(2, Vector::constant(true, 4));
  batch.multiplicity = {1, 2, 3, 4};
  const Batch first = batch.select(rows({3, 1, 1}));
  const Batch second = first.select(rows({1, 0}));
  EXPECT_EQ(second.rows, 2u);
  EXPECT_EQ(second.get(0, 0).as_integer(), 11);
  EXPECT_EQ(second.get(1, 1).as_string(), "d");
  EXPECT_TRUE(second.get(2, 1).as_boolean());
  EXPECT_EQ(second.multiplicity, (std::vector<uint64_t>{2, 4}));
  EXPECT_EQ(second.columns[0].selection, second.columns[1].selection);
  EXPECT_FALSE(second.has(3));
  EXPECT_EQ(shown(*second.flatten(0)), "[11, 13]");
  EXPECT_EQ(shown(*second.flatten(2)), "[true, true]");
}

TEST(BatchTest, FlattenKeepsNulls) {
  Batch batch(1);
  batch.rows = 3;
  batch.set(0, Vector::from_values({Value(), 5, Value()}));
  const VectorPtr flat = batch.select(rows({1, 2})).flatten(0);
  EXPECT_EQ(shown(*flat), "[5, null]");
  EXPECT_TRUE(flat->is_null(1));
}

TEST(BatchTest, IdOfTypedAndMixedColumns) {
  Batch batch(2);
  batch.rows = 2;
  batch.set(0, Vector::from_values({NodeId(7), Value()}));
  batch.set(1, Vector::from_values({RelId(8), "text"}));
  EXPECT_EQ(batch.id(0, 0), 7u);
  EXPECT_EQ(batch.id(0, 1), NodeId::kNone);
  EXPECT_EQ(batch.id(1, 0), 8u);
  EXPECT_EQ(batch.id(1, 1), NodeId::kNone);
}

TEST(BatchTest, ExpandsMultiplicityInParts) {
  Batch batch(1);
  batch.rows = 3;
  batch.set(0, Vector::from_values({1, 2, 3}));
  batch.multiplicity = {2, 0, kBatchSize};
  const std::vector<Batch> parts = batch.expand_multiplicity();
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].rows, kBatchSize);
  EXPECT_EQ(parts[1].rows, 2u);
  EXPECT_EQ(parts[0].get(0, 1).as_integer(), 1);
  EXPECT_EQ(parts[0].get(0, 2).as_integer(), 3);
  EXPECT_TRUE(parts[0].multiplicity.empty());
  batch.multiplicity.clear();
  EXPECT_EQ(batch.expand_multiplicity().size(), 1u);
}

TEST(BatchBuilderTest, GathersRowsOfBatchesThatLackColumns) {
  Batch with(3);
  with.rows = 2;
  with.set(1, Vector::from_values({1, 2}));
  with.set(2, Vector::from_values({"a", "b"}));
  Batch without(3);
  without.rows = 1;
  without.set(1, Vector::from_values({3}));
  without.multiplicity = {5};

  BatchBuilder builder(3, {1, 2});
  builder.append(without);
  builder.append(with, 1);
  builder.append(with);
  builder.append(without, 0);
  EXPECT_EQ(builder.rows(), 5u);
  const Batch all = builder.finish();
  EXPECT_EQ(shown(*all.flatten(1)), "[3, 2, 1, 2, 3]");
  EXPECT_EQ(shown(*all.flatten(2)), "[null, 'b', 'a', 'b', null]");
  EXPECT_EQ(all.multiplicity, (std::vector<uint64_t>{5, 1, 1, 1, 5}));
  EXPECT_FALSE(all.has(0));
  EXPECT_EQ(builder.finish().rows, 0u);
}

TEST(BatchTest, BytesCountsSharedDataOnce) {
  Batch batch(2);
  batch.rows = 1;
  batch.set(0, Vector::from_values({std::string(10000, 'x')}));
  const size_t once = batch.bytes();
  EXPECT_GT(once, 10000u);
  batch.columns.set(1, batch.columns[0]);
  EXPECT_LT(batch.bytes(), once + 100);
}

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

TEST(ExecContextTest, ChecksItsLimits) {
  ExecContext context;
  EXPECT_EQ(code_of([&] { context.check(); }), "");
  std::atomic<bool> cancelled{true};
  context.cancelled = &cancelled;
  EXPECT_EQ(code_of([&] { context.check(); }), "ResourceError.Cancelled");
  cancelled = false;
  context.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(code_of([&] { context.check(); }), "ResourceError.Timeout");
}

TEST(ExecContextTest, AccountsMemory) {
  ExecContext context;
  context.memory_limit = 1000;
  context.account(900);
  EXPECT_EQ(code_of([&] { context.account(200); }), "ResourceError.MemoryLimit");
  EXPECT_EQ(code_of([&] { context.check(); }), "ResourceError.MemoryLimit");
  context.account(-1000);
  EXPECT_EQ(code_of([&] { context.check(); }), "");
  context.account(-1'000'000);
  EXPECT_EQ(context.memory_used.load(), 0u);
}

TEST(ExecContextTest, FindsParameters) {
  ExecContext context;
  const Map parameters = {{"a", Value(1)}, {"b", Value(2)}};
  context.parameters = &parameters;
  EXPECT_EQ(context.parameter("b", {}).as_integer(), 2);
  EXPECT_EQ(code_of([&] { context.parameter("c", {}); }), "ParameterMissing.MissingParameter");
}

}  // namespace
}  // namespace entente
