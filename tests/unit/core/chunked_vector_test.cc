#include "entente/core/chunked_vector.h"

#include <string>

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(ChunkedVectorTest, HoldsWhatAVectorWouldAndMovesNothing) {
  ChunkedVector<std::string> chunked;
  std::vector<std::string> plain;
  const size_t count = 3 * ChunkedVector<std::string>::kChunk + 7;
  std::vector<const std::string*> places;
  for (size_t i = 0; i < count; ++i) {
    chunked.push_back(std::to_string(i));
    plain.push_back(std::to_string(i));
    if (i >= ChunkedVector<std::string>::kChunk) places.push_back(&chunked.back());
  }
  EXPECT_EQ(chunked.size(), count);
  EXPECT_TRUE(std::equal(chunked.begin(), chunked.end(), plain.begin(), plain.end()));
  for (size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(places[i], &chunked[i + ChunkedVector<std::string>::kChunk]);
  }
  EXPECT_GE(chunked.bytes(), count * sizeof(std::string));
}

TEST(ChunkedVectorTest, ATailIsTakenOff) {
  constexpr size_t kChunk = ChunkedVector<size_t>::kChunk;
  for (const size_t count : {size_t{0}, size_t{1}, kChunk - 1, kChunk, kChunk + 1, 3 * kChunk, 3 * kChunk + 5}) {
    for (const size_t first : {size_t{0}, size_t{1}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 4 * kChunk}) {
      ChunkedVector<size_t> all;
      all.grow(count);
      for (size_t i = 0; i < count; ++i) all[i] = i;
      const ChunkedVector<size_t> tail = all.take_from(first);
      EXPECT_EQ(all.size(), std::min(count, first));
      size_t at = 0;
      for (const size_t value : all) EXPECT_EQ(value, at++);
      all.push_back(77);
      EXPECT_EQ(all.back(), 77u);
      EXPECT_EQ(all.size(), std::min(count, first) + 1);
    }
  }
}

}  // namespace
}  // namespace entente
