#include "entente/core/page_memory.h"

#include <atomic>
#include <filesystem>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "entente/core/error.h"

namespace entente {
namespace {

constexpr size_t kMega = 1 << 20;

std::string folder() { return std::filesystem::temp_directory_path().string(); }

std::vector<uint32_t> numbers(size_t count, uint32_t seed) {
  std::vector<uint32_t> out(count);
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<uint32_t>(i) * 2'654'435'761u + seed;
  return out;
}

TEST(PageMemory, KeepsWhatIsInItWhileItStaysWithinItsBudget) {
  const auto memory = PageMemory::create(8 * kMega, folder());
  std::vector<PageArray<uint32_t>> arrays;
  size_t most = 0;
  for (uint32_t i = 0; i < 256; ++i) {
    arrays.emplace_back(numbers(65'536 + i, i), memory);
    most = std::max(most, memory->resident());
  }
  EXPECT_GE(memory->allocated(), 64 * kMega);
  EXPECT_LE(most, 16 * kMega);  // and not the 64 that there are
  for (uint32_t i = 0; i < 256; ++i) {
    const std::vector<uint32_t> expected = numbers(65'536 + i, i);
    ASSERT_TRUE(std::equal(arrays[i].begin(), arrays[i].end(), expected.begin(), expected.end())) << i;
  }
  memory->trim();
  EXPECT_LE(memory->resident(), 8 * kMega);
}

TEST(PageMemory, ReadersReadOnWhilePartsAreGivenBack) {
  const auto memory = PageMemory::create(2 * kMega, folder());
  std::vector<PageArray<uint32_t>> arrays;
  std::vector<uint64_t> sums;
  for (uint32_t i = 0; i < 32; ++i) {
    const std::vector<uint32_t> items = numbers(100'000, i);
    sums.push_back(std::accumulate(items.begin(), items.end(), uint64_t{0}));
    arrays.emplace_back(items, memory);
  }
  std::atomic<bool> ends = false;
  std::thread trimmer([&] {
    while (!ends) memory->trim();
  });
  for (int round = 0; round < 20; ++round) {
    for (size_t i = 0; i < arrays.size(); ++i) {
      ASSERT_EQ(std::accumulate(arrays[i].begin(), arrays[i].end(), uint64_t{0}), sums[i]);
    }
  }
  ends = true;
  trimmer.join();
}

TEST(PageMemory, TakesWhatWasFreedAgain) {
  const auto memory = PageMemory::create(kMega, folder());
  PageArray<uint32_t> kept(numbers(10'000, 1), memory);
  const void* at = nullptr;
  {
    const PageArray<uint32_t> first(numbers(10'000, 2), memory);
    at = first.data();
    EXPECT_GE(memory->allocated(), 80'000u);
  }
  EXPECT_LT(memory->allocated(), 60'000u);
  const PageArray<uint32_t> second(numbers(9'900, 3), memory);
  EXPECT_EQ(second.data(), at);
  EXPECT_EQ(second[9'899], numbers(9'900, 3)[9'899]);
  EXPECT_EQ(kept[77], numbers(10'000, 1)[77]);
}

TEST(PageMemory, ArraysMoveAndAreEqualByTheirItems) {
  const auto memory = PageMemory::create(kMega, folder());
  PageArray<uint32_t> a(numbers(2'000, 5), memory);
  const PageArray<uint32_t> b(numbers(2'000, 5));
  EXPECT_TRUE(a == b);
  const uint32_t* const data = a.data();
  PageArray<uint32_t> c(std::move(a));
  EXPECT_EQ(c.data(), data);
  c = PageArray<uint32_t>(numbers(3, 0), memory);  // so few stay on the heap
  EXPECT_EQ(c.size(), 3u);
  EXPECT_EQ(memory->allocated(), 0u);
}

TEST(PageMemory, SaysWhyItHasNoFile) {
  try {
    PageMemory::create(kMega, "/nowhere/at/all");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.detail(), "PageMemory");
    EXPECT_NE(std::string(e.what()).find("'/nowhere/at/all'"), std::string::npos);
  }
}

}  // namespace
}  // namespace entente
