#include "entente/core/column.h"

#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace entente {
namespace {

using CellEntries = std::vector<std::pair<uint16_t, Value>>;

bool identical(const Value& a, const Value& b) { return a.kind() == b.kind() && Value::equivalent(a, b); }

ColumnPage page_of(const CellEntries& entries) {
  ColumnPage page;
  page.base = ColumnPage::build(entries);
  return page;
}

TEST(ColumnPage, IsEmptyAtFirst) {
  const ColumnPage page;
  EXPECT_TRUE(page.get(0).is_null());
  EXPECT_FALSE(page.has(kColumnPageSize - 1));
}

TEST(ColumnPage, BuildsATypedBaseForEachTypeThatHasOne) {
  const auto type = [](Value a, Value b) {
    return ColumnPage::build({{1, std::move(a)}, {4'095, std::move(b)}})->type;
  };
  EXPECT_EQ(type(1, -2), ColumnType::Integer);
  EXPECT_EQ(type(1.5, -0.0), ColumnType::Float);
  EXPECT_EQ(type(true, false), ColumnType::Boolean);
  EXPECT_EQ(type(Date{1}, Date{-1}), ColumnType::Date);
  EXPECT_EQ(type("a", ""), ColumnType::String);
  EXPECT_EQ(type(1, 1.0), ColumnType::Mixed);
  EXPECT_EQ(type(List{Value(1)}, List{}), ColumnType::Mixed);
  EXPECT_EQ(ColumnPage::build({}), nullptr);
}

TEST(ColumnPage, GivesBackWhatItWasBuiltFrom) {
  const std::vector<CellEntries> all{
      {{0, 5}, {63, INT64_MIN}, {64, INT64_MAX}, {4'095, 0}},
      {{7, 0.1}, {8, -1e300}},
      {{0, true}, {1, false}},
      {{3, Date{-719'162}}, {4, Date{20'000}}},
      {{10, "one"}, {11, ""}, {200, std::string(10'000, 'x')}, {4'000, std::string("\0z", 2)}},
      {{1, "text"}, {2, 3}, {3, 3.0}, {4, List{Value(1), Value("b")}}, {5, Duration{1, 2, 3, 4}}},
  };
  for (const CellEntries& entries : all) {
    const ColumnPage page = page_of(entries);
    EXPECT_EQ(page.base->count, entries.size());
    std::map<uint32_t, Value> expected(entries.begin(), entries.end());
    for (uint32_t i = 0; i < kColumnPageSize; ++i) {
      auto it = expected.find(i);
      ASSERT_EQ(page.has(i), it != expected.end());
      ASSERT_TRUE(identical(page.get(i), it == expected.end() ? Value() : it->second)) << i;
    }
  }
}

TEST(ColumnPage, KeepsStringsThatRepeatOnce) {
  CellEntries repeated, different, half;
  for (uint16_t i = 0; i < 1'000; ++i) {
    repeated.emplace_back(i, "kind " + std::to_string(i % 7));
    different.emplace_back(i, "name " + std::to_string(i));
    half.emplace_back(i, "name " + std::to_string(i / 2));
  }
  const ColumnPage kinds = page_of(repeated);
  EXPECT_EQ(kinds.base->text_count(), 7u);
  EXPECT_EQ(kinds.base->codes.size(), 1'000u);
  EXPECT_EQ(kinds.base->string_bytes(), 6'000u);
  EXPECT_LT(kinds.bytes(), page_of(different).bytes() / 3);
  EXPECT_TRUE(page_of(different).base->codes.empty());
  EXPECT_EQ(page_of(half).base->text_count(), page_of(half).base->codes.empty() ? 1'000u : 500u);
  for (const CellEntries& entries : {repeated, different, half}) {
    ColumnPage page = page_of(entries);
    page.set(3, "changed");
    page.compact();
    for (const auto& [i, value] : entries) ASSERT_EQ(page.get(i).as_string(), i == 3 ? "changed" : value.as_string());
  }
}

TEST(ColumnPage, KnowsWhereItsIdsFollowOneAnother) {
  EXPECT_TRUE(page_of({{100, 1}, {101, 2}, {102, 3}}).base->dense);
  EXPECT_EQ(page_of({{100, 1}, {101, 2}, {102, 3}}).base->first, 100u);
  EXPECT_TRUE(page_of({{63, 1}, {64, 2}}).base->dense);
  EXPECT_FALSE(page_of({{100, 1}, {102, 3}}).base->dense);
}

TEST(ColumnPage, BoundsItsValuesAsTheyChange) {
  const auto shown = [](const ColumnPage& page) {
    const auto bounds = page.base->bounds();
    return bounds ? bounds->first.to_literal() + " " + bounds->second.to_literal() : "";
  };
  EXPECT_EQ(shown(page_of({{1, 5}, {2, -3}, {3, 4}})), "-3 5");
  EXPECT_EQ(shown(page_of({{1, true}, {2, false}})), "false true");
  EXPECT_EQ(shown(page_of({{1, Date{0}}, {2, Date{1}}})), "date('1970-01-01') date('1970-01-02')");
  EXPECT_EQ(shown(page_of({{1, 0.5}, {2, std::nan("")}, {3, -1.5}})), "-1.5 0.5");
  EXPECT_EQ(shown(page_of({{1, std::nan("")}})), "");
  EXPECT_EQ(shown(page_of({{1, 1}, {2, "a"}})), "");
  ColumnPage page = page_of({{1, 5}, {2, -3}});
  page.set(2, 9);
  page.set(3, 20);
  page.compact();
  EXPECT_EQ(shown(page), "5 20");
}

TEST(ColumnPage, ChangesStandInTheDeltaUntilItIsMerged) {
  ColumnPage page = page_of({{1, 10}, {2, 20}, {3, 30}});
  const auto base = page.base;
  page.set(2, {});
  page.set(3, 31);
  page.set(5, 50);
  page.set(6, 60);
  page.set(6, {});
  page.set(7, {});
  EXPECT_EQ(page.base, base);
  EXPECT_EQ(page.delta.size(), 3u);
  for (int merged = 0; merged < 2; ++merged) {
    EXPECT_EQ(page.get(1).as_integer(), 10);
    EXPECT_FALSE(page.has(2));
    EXPECT_TRUE(page.get(2).is_null());
    EXPECT_EQ(page.get(3).as_integer(), 31);
    EXPECT_EQ(page.get(5).as_integer(), 50);
    EXPECT_FALSE(page.has(6));
    page.compact();
  }
  EXPECT_TRUE(page.delta.empty());
  EXPECT_EQ(page.base->type, ColumnType::Integer);
  EXPECT_EQ(base->count, 3u);  // others may still read it
}

TEST(ColumnPage, MergesByItselfWhenTheDeltaGrows) {
  ColumnPage page;
  for (uint32_t i = 0; i < 3 * ColumnPage::kDeltaLimit; ++i) {
    page.set((i * 37) % kColumnPageSize, Value("v" + std::to_string(i)));
    ASSERT_LE(page.delta.size(), ColumnPage::kDeltaLimit);
  }
  ASSERT_NE(page.base, nullptr);
  EXPECT_EQ(page.base->type, ColumnType::String);
  for (uint32_t i = 0; i < 3 * ColumnPage::kDeltaLimit; ++i) {
    ASSERT_EQ(page.get((i * 37) % kColumnPageSize).as_string(), "v" + std::to_string(i));
  }
}

TEST(ColumnPage, ItsTypeFollowsItsValues) {
  ColumnPage page = page_of({{1, 10}, {2, 20}});
  page.set(3, "three");
  page.compact();
  EXPECT_EQ(page.base->type, ColumnType::Mixed);
  EXPECT_EQ(page.get(1).as_integer(), 10);
  EXPECT_EQ(page.get(3).as_string(), "three");
  page.set(1, {});
  page.set(2, "two");
  page.compact();
  EXPECT_EQ(page.base->type, ColumnType::String);
  EXPECT_EQ(page.get(2).as_string(), "two");
  page.set(2, {});
  page.set(3, {});
  page.compact();
  EXPECT_EQ(page.base, nullptr);
  EXPECT_FALSE(page.has(3));
}

TEST(ColumnPage, AgreesWithAMap) {
  for (const uint32_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    ColumnPage page;
    std::map<uint32_t, Value> model;
    for (int step = 0; step < 4'000; ++step) {
      const uint32_t i = random() % 600;
      Value value;
      if (random() % 4 != 0) value = random() % 50 == 0 ? Value(1.5) : Value(static_cast<int64_t>(random()));
      page.set(i, value);
      model[i] = value;
    }
    for (const auto& [i, value] : model) {
      ASSERT_TRUE(identical(page.get(i), value));
      ASSERT_EQ(page.has(i), !value.is_null());
    }
  }
}

TEST(ColumnPage, CountsItsMemory) {
  ColumnPage page = page_of({{1, std::string(100'000, 'x')}});
  EXPECT_GT(page.bytes(), 100'000u);
  EXPECT_LT(page_of({{1, 1}}).bytes(), 3'000u);
}

TEST(Column, FindsThePageOfAnId) {
  Column column;
  column.mutate(2, 1).set(7, "here");
  EXPECT_EQ(column_get(column, 2 * kColumnPageSize + 7).as_string(), "here");
  EXPECT_TRUE(column_get(column, 7).is_null());
  EXPECT_TRUE(column_get(column, 4'000'000'000).is_null());
}

}  // namespace
}  // namespace entente
