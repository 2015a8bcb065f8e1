#include "entente/core/sorted_lists.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace entente {
namespace {

TEST(SortedLists, CommonNumbersAreThoseThatEachPairTells) {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const auto some = [&] {
      std::vector<uint32_t> list(random() % 3 == 0 ? random() % 200 : random() % 6);
      const uint32_t range = random() % 2 == 0 ? 10 : 300;
      for (uint32_t& number : list) number = random() % range;
      std::sort(list.begin(), list.end());
      return list;
    };
    const std::vector<uint32_t> a = some();
    const std::vector<uint32_t> b = some();
    std::vector<uint64_t> expected(a.size());
    uint64_t total = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      expected[i] = static_cast<uint64_t>(std::count(b.begin(), b.end(), a[i]));
      total += expected[i];
    }
    std::vector<uint64_t> found(a.size());
    for_each_common(a, b, [&](size_t i, size_t times) { found[i] += times; });
    EXPECT_EQ(found, expected);
    EXPECT_EQ(count_common(a, b), total);
  }
}

TEST(SortedLists, GallopFindsTheFirstPlaceNotLess) {
  const std::vector<uint32_t> list = {1, 3, 3, 5, 8, 13};
  for (size_t at = 0; at <= list.size(); ++at) {
    for (uint32_t wanted = 0; wanted < 15; ++wanted) {
      size_t expected = at;
      while (expected < list.size() && list[expected] < wanted) ++expected;
      EXPECT_EQ(gallop(list, at, wanted), expected) << at << ' ' << wanted;
    }
  }
}

}  // namespace
}  // namespace entente
