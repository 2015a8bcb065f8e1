#include "entente/core/index.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

namespace entente {
namespace {

constexpr uint64_t kIndexOwner = 1;

/// An index with the column that it is checked against.
struct Indexed {
  Index index;
  Column column;

  void set(uint32_t node, const Value& value, uint64_t owner = kIndexOwner) {
    index.erase(column_get(column, node), node, owner);
    index.insert(value, node, owner);
    column.mutate(node >> kColumnPageBits, owner).set(node & (kColumnPageSize - 1), value);
  }
  std::vector<uint32_t> find(const Value& value) const {
    std::vector<uint32_t> found;
    index.find(value, found);
    return found;
  }
  std::vector<uint32_t> range(std::optional<Value> low, bool low_inclusive, std::optional<Value> high,
                              bool high_inclusive) const {
    std::vector<uint32_t> found;
    index.range(low, low_inclusive, high, high_inclusive, found);
    return found;
  }
};

using Ids = std::vector<uint32_t>;

TEST(Index, TellsThePartBefore) {
  Indexed i;
  EXPECT_EQ(i.index.part_before(1), 0);
  for (uint32_t node = 0; node < 10; ++node) i.set(node, static_cast<int64_t>(node));
  EXPECT_DOUBLE_EQ(i.index.part_before(-1), 0);
  EXPECT_DOUBLE_EQ(i.index.part_before(3), 0.3);
  EXPECT_DOUBLE_EQ(i.index.part_before(100), 1);
  for (uint32_t node = 10; node < 20'000; ++node) i.set(node, static_cast<int64_t>(node));
  for (const int64_t value : {0, 700, 5'000, 12'345, 19'999}) {
    EXPECT_NEAR(i.index.part_before(value), static_cast<double>(value) / 20'000, 0.05) << value;
  }
}

TEST(Index, IsEmptyAtFirst) {
  const Indexed i;
  EXPECT_TRUE(i.find(1).empty());
  EXPECT_TRUE(i.range(Value(1), true, {}, true).empty());
}

TEST(Index, FindsEquivalentValuesInOrderOfId) {
  Indexed i;
  i.set(7, 1);
  i.set(3, 1.0);
  i.set(5, "1");
  i.set(9, List{Value(1)});
  EXPECT_EQ(i.find(1), (Ids{3, 7}));
  EXPECT_EQ(i.find(1.0), (Ids{3, 7}));
  EXPECT_EQ(i.find("1"), (Ids{5}));
  EXPECT_EQ(i.find(List{Value(1.0)}), (Ids{9}));
  EXPECT_TRUE(i.find(Value()).empty());
  EXPECT_EQ(i.index.entries, 4u);
  EXPECT_EQ(i.index.distinct_values, 3u);
}

TEST(Index, DoesNotIndexNull) {
  Indexed i;
  i.index.insert({}, 1, kIndexOwner);
  i.index.erase({}, 1, kIndexOwner);
  EXPECT_EQ(i.index.entries, 0u);
}

TEST(Index, ForgetsErasedValues) {
  Indexed i;
  i.set(1, "a");
  i.set(2, "a");
  i.set(1, "b");
  EXPECT_EQ(i.find("a"), (Ids{2}));
  EXPECT_EQ(i.find("b"), (Ids{1}));
  i.set(2, {});
  EXPECT_TRUE(i.find("a").empty());
  EXPECT_EQ(i.index.entries, 1u);
  EXPECT_EQ(i.index.distinct_values, 1u);
  EXPECT_EQ(i.range({}, true, {}, true), (Ids{1}));
}

TEST(Index, ManyDifferentValuesAreFound) {
  Indexed i;
  constexpr uint32_t kCount = 20'000;
  for (uint32_t n = 0; n < kCount; ++n) i.set(n, static_cast<int64_t>(n * 2));
  EXPECT_EQ(i.index.distinct_values, kCount);
  for (uint32_t n = 0; n < kCount; n += 7) {
    ASSERT_EQ(i.find(static_cast<int64_t>(n * 2)), (Ids{n}));
    ASSERT_TRUE(i.find(static_cast<int64_t>(n * 2 + 1)).empty());
  }
}

TEST(Index, AVeryCommonValueSpansLeaves) {
  Indexed i;
  constexpr uint32_t kCount = 30'000;
  Ids expected;
  for (uint32_t n = 0; n < kCount; ++n) {
    i.set(n, n % 10 == 0 ? Value("rare " + std::to_string(n)) : Value("common"));
    if (n % 10 != 0) expected.push_back(n);
  }
  EXPECT_EQ(i.find("common"), expected);
  EXPECT_EQ(i.find("rare 20"), (Ids{20}));
  EXPECT_EQ(i.index.distinct_values, 1 + kCount / 10);
  for (uint32_t n = 0; n < kCount; ++n) {
    if (n % 10 != 0) i.set(n, {});
  }
  EXPECT_TRUE(i.find("common").empty());
  EXPECT_EQ(i.index.entries, kCount / 10);
  EXPECT_EQ(i.index.distinct_values, kCount / 10);
  i.set(1, "common");
  EXPECT_EQ(i.find("common"), (Ids{1}));
  EXPECT_EQ(i.index.distinct_values, 1 + kCount / 10);
}

TEST(Index, VersionsAreIndependent) {
  Indexed before;
  for (uint32_t n = 0; n < 5'000; ++n) before.set(n, static_cast<int64_t>(n % 1'000));
  Indexed after = before;
  for (uint32_t n = 0; n < 5'000; ++n) after.set(n, "other", kIndexOwner + 1);
  EXPECT_EQ(before.find(5), (Ids{5, 1'005, 2'005, 3'005, 4'005}));
  EXPECT_TRUE(before.find("other").empty());
  EXPECT_EQ(before.range(Value(998), true, {}, true).size(), 10u);
  EXPECT_TRUE(after.find(5).empty());
  EXPECT_EQ(after.find("other").size(), 5'000u);
}

TEST(Index, RangesKeepToOneKindOfValue) {
  Indexed i;
  i.set(1, 5);
  i.set(2, 2.5);
  i.set(3, "b");
  i.set(4, "a");
  i.set(5, true);
  i.set(6, std::numeric_limits<double>::quiet_NaN());
  i.set(7, Date{3});
  i.set(8, -1);
  EXPECT_EQ(i.range(Value(2), true, {}, true), (Ids{2, 1}));
  EXPECT_EQ(i.range({}, true, Value(5), true), (Ids{8, 2, 1}));
  EXPECT_EQ(i.range({}, true, Value(5.0), false), (Ids{8, 2}));
  EXPECT_EQ(i.range(Value(2.5), false, Value(5), true), (Ids{1}));
  EXPECT_EQ(i.range(Value("a"), false, {}, true), (Ids{3}));
  EXPECT_EQ(i.range({}, true, Value("b"), true), (Ids{4, 3}));
  EXPECT_EQ(i.range(Value(Date{3}), true, {}, true), (Ids{7}));
  EXPECT_TRUE(i.range(Value(1), true, Value("z"), true).empty());
  EXPECT_TRUE(i.range(Value(), true, {}, true).empty());
  EXPECT_EQ(i.range({}, true, {}, true).size(), 8u);
}

TEST(Index, RangesSpanLeaves) {
  for (const bool built : {false, true}) {
    SCOPED_TRACE(built ? "built" : "inserted");
    Indexed i;
    constexpr uint32_t kCount = 5'000;
    std::vector<OrderedPage::Entry> entries;
    for (uint32_t n = 0; n < kCount; ++n) {
      const Value value(static_cast<int64_t>(n * 7'919 % kCount / 3));  // each three times
      if (built)
        entries.push_back({value, n});
      else
        i.set(n, value);
    }
    if (built) i.index.build(entries, kIndexOwner);
    EXPECT_GT(i.index.fences->size(), 5u);
    EXPECT_EQ(i.index.entries, kCount);
    EXPECT_EQ(i.range({}, true, {}, true).size(), kCount);
    EXPECT_EQ(i.range(Value(100), true, Value(1'100), false).size(), 3'000u);
    EXPECT_EQ(i.range(Value(100), false, Value(1'100), true).size(), 3'000u);
    EXPECT_EQ(i.range(Value(1'000), true, {}, true).size(), kCount - 3'000);
    const Ids three = i.range(Value(42), true, Value(42), true);
    EXPECT_EQ(three.size(), 3u);
    EXPECT_TRUE(std::is_sorted(three.begin(), three.end()));
    if (built) continue;
    for (uint32_t n = 0; n < kCount; ++n) {
      if (n % 5 != 0) i.set(n, {});
    }
    EXPECT_EQ(i.range({}, true, {}, true).size(), kCount / 5);
    for (uint32_t n = 0; n < kCount; ++n) i.set(n, {});
    EXPECT_TRUE(i.range({}, true, {}, true).empty());
    EXPECT_TRUE(i.index.fences->empty());
    i.set(3, 1);
    EXPECT_EQ(i.range({}, true, {}, true), (Ids{3}));
  }
}

TEST(Index, BuildingGivesWhatInsertingGives) {
  for (const uint32_t count : {0u, 1u, 512u, 513u, 20'000u, 200'000u}) {
    SCOPED_TRACE(count);
    Indexed inserted;
    std::vector<OrderedPage::Entry> entries;
    for (uint32_t n = 0; n < count; ++n) {
      // Two values are heavy, some come a few times, most once.
      Value value(static_cast<int64_t>(n * uint64_t{7'919} % count));
      if (n % 10 == 0) value = Value(n % 20 == 0 ? "often" : "seldom");
      if (n % 10 == 1) value = Value(static_cast<int64_t>(n / 50));
      if (n % 10 == 2) value = Value();
      entries.push_back({value, n});
      inserted.index.insert(value, n, kIndexOwner);
    }
    Indexed built;
    built.index.build(entries, kIndexOwner);
    EXPECT_EQ(built.index.entries, inserted.index.entries);
    EXPECT_EQ(built.index.distinct_values, inserted.index.distinct_values);
    EXPECT_EQ(built.find("often"), inserted.find("often"));
    std::vector<uint32_t> in_order[2];
    for (const Indexed* i : {&inserted, &built}) {
      i->index.range({}, true, {}, true, in_order[i == &built ? 1 : 0]);
    }
    EXPECT_TRUE(in_order[0] == in_order[1]);
  }
}

}  // namespace
}  // namespace entente
