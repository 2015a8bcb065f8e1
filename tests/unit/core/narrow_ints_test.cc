#include "entente/core/narrow_ints.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(NarrowInts, HoldsNothingAtFirst) {
  const NarrowInts none;
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(NarrowInts(std::vector<int64_t>{}).greatest(), 0);
}

TEST(NarrowInts, GivesBackNumbersInAsFewBytesAsTheyNeed) {
  const struct {
    std::vector<int64_t> numbers;
    size_t width;
  } cases[] = {
      {{-7, -7, -7}, 0},
      {{1000, 1255, 1001}, 1},
      {{1000, 1256, 1001}, 2},
      {{-32'768, 32'767}, 2},
      {{-32'768, 32'768}, 4},
      {{INT32_MIN, INT32_MAX}, 4},
      {{INT32_MIN, int64_t{INT32_MAX} + 1}, 8},
      {{INT64_MIN, 0, INT64_MAX, -1}, 8},
      {{INT64_MAX, INT64_MAX - 255}, 1},
  };
  for (const auto& each : cases) {
    std::vector<int64_t> many;
    for (int i = 0; i < 100; ++i) many.insert(many.end(), each.numbers.begin(), each.numbers.end());
    EXPECT_GE(NarrowInts(many).heap_bytes(), each.width * many.size());
    EXPECT_LE(NarrowInts(many).heap_bytes(), each.width * many.size() + 8);
    const NarrowInts ints(each.numbers);
    ASSERT_EQ(ints.size(), each.numbers.size());
    EXPECT_EQ(ints.least(), *std::min_element(each.numbers.begin(), each.numbers.end()));
    EXPECT_EQ(ints.greatest(), *std::max_element(each.numbers.begin(), each.numbers.end()));
    const NarrowInts::Reader reader = ints.reader();
    for (size_t i = 0; i < each.numbers.size(); ++i) {
      EXPECT_EQ(ints[i], each.numbers[i]);
      EXPECT_EQ(reader[i], each.numbers[i]);
    }
    ints.with_distances([&](auto distance) {
      for (size_t i = 0; i < each.numbers.size(); ++i) EXPECT_EQ(ints.number(distance(i)), each.numbers[i]);
    });
  }
}

}  // namespace
}  // namespace entente
