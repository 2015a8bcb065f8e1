#include "entente/core/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

namespace entente {
namespace {

TEST(RadixSort, SortsStablyByTheBitsAskedFor) {
  std::mt19937_64 random(1);
  for (const size_t count : {0, 1, 2, 1'000, 200'000}) {
    for (const auto& bits : {std::pair(0u, 64u), {0u, 1u}, {5u, 5u}, {3u, 17u}, {32u, 55u}, {0u, 23u}, {53u, 64u}}) {
      const uint32_t from = bits.first;
      const uint32_t to = bits.second;
      for (const unsigned threads : {1u, 2u}) {
        LargeVector<uint64_t> keys(count);
        for (uint64_t& key : keys) key = random();
        LargeVector<uint32_t> places(count);
        std::iota(places.begin(), places.end(), 0u);
        const uint64_t mask = to == from ? 0 : ~uint64_t{0} >> (64 - (to - from));
        LargeVector<uint32_t> expected = places;
        std::stable_sort(expected.begin(), expected.end(), [&](uint32_t a, uint32_t b) {
          return (keys[a] >> (from % 64) & mask) < (keys[b] >> (from % 64) & mask);
        });
        const LargeVector<uint64_t> before = keys;
        radix_sort(keys, places, from, to, threads);
        ASSERT_EQ(places, expected) << count << ' ' << from << ' ' << to;
        for (size_t i = 0; i < count; ++i) ASSERT_EQ(keys[i], before[places[i]]);
      }
    }
  }
}

TEST(RadixSort, SortsKeysAlone) {
  LargeVector<uint64_t> keys = {7, 3, 9, 3};
  LargeVector<uint32_t> nothing;
  radix_sort(keys, nothing, 0, 4);
  EXPECT_EQ(keys, (LargeVector<uint64_t>{3, 3, 7, 9}));
}

TEST(RadixSort, CanBeStopped) {
  LargeVector<uint64_t> keys(100'000, 1);
  LargeVector<uint32_t> nothing;
  size_t steps = 0;
  radix_sort(keys, nothing, 0, 22, 1, [&](size_t n) { steps += n; });
  EXPECT_EQ(steps, 4 * keys.size());  // two passes that count and move
  EXPECT_THROW(radix_sort(keys, nothing, 0, 22, 1, [](size_t) { throw std::runtime_error("stopped"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace entente
