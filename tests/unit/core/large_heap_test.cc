#include "entente/core/large_heap.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "entente/core/page_memory.h"
#include "entente/core/zeroed_array.h"

namespace entente {
namespace {

constexpr size_t kMiB = 1 << 20;

/// Whether the system was asked to map the address by huge pages (its mapping's flags have "hg").
bool wants_huge_pages(const void* address) {
  const auto at = reinterpret_cast<uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) here = begin <= at && at < end;
    if (here && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
  return false;
}

bool has_huge_pages() { return std::filesystem::exists("/sys/kernel/mm/transparent_hugepage/enabled"); }

/// Under sanitizers each array is by itself.
bool shares_pieces() {
  void* const at = LargeHeap::allocate_array(kMiB);
  const bool shares = wants_huge_pages(at);
  LargeHeap::free_array(at, kMiB);
  return shares;
}

TEST(Segments, BlockSizesHaveEightStepsForEachPowerOfTwo) {
  EXPECT_EQ(Segments::block_size(1), 64u);
  EXPECT_EQ(Segments::block_size(1'024), 1'024u);
  EXPECT_EQ(Segments::block_size(1'025), 1'152u);
  EXPECT_EQ(Segments::block_size(kMiB + 1), kMiB + kMiB / 8);
  for (size_t bytes = 1; bytes < 100'000; bytes += 7) {
    const size_t size = Segments::block_size(bytes);
    ASSERT_GE(size, bytes);
    ASSERT_EQ(size % 64, 0u);
    ASSERT_EQ(Segments::block_size(size), size);
    ASSERT_LE(size, std::max<size_t>(64 + bytes, bytes + bytes / 8 + 64));
  }
}

/// Against a map of what is in use.
TEST(Segments, BlocksAreInSegmentsAndNeverOverlap) {
  Segments segments;
  std::vector<char> memory(size_t{64} * 4096);  // segments of 4 KiB
  std::vector<char*> spare;
  for (size_t i = 0; i < memory.size(); i += 4096) spare.push_back(&memory[i]);
  std::map<char*, size_t> added;
  std::map<char*, size_t> used;
  size_t bytes = 0;
  std::mt19937 random(7);
  const auto take = [&] {
    const size_t size = Segments::block_size(64 + random() % 1'500);
    void* block = segments.take(size);
    if (block == nullptr) {
      if (spare.empty()) return;
      added.emplace(spare.back(), 4096);
      block = segments.add({spare.back(), 4096}, size);
      spare.pop_back();
    }
    char* const at = static_cast<char*>(block);
    const auto segment = std::prev(added.upper_bound(at));
    ASSERT_LE(at + size, segment->first + segment->second);
    const auto next = used.lower_bound(at);
    ASSERT_TRUE(next == used.end() || at + size <= next->first);
    ASSERT_TRUE(next == used.begin() || std::prev(next)->first + std::prev(next)->second <= at);
    used.emplace(at, size);
    bytes += size;
  };
  const auto give_back = [&](std::map<char*, size_t>::iterator block) {
    const auto segment = std::prev(added.upper_bound(block->first));
    bytes -= block->second;
    const auto given = segments.give_back(block->first, block->second);
    used.erase(block);
    const auto first = used.lower_bound(segment->first);
    const bool is_empty = first == used.end() || first->first >= segment->first + segment->second;
    if (!given) return;
    ASSERT_TRUE(is_empty);
    ASSERT_EQ(given->at, segment->first);
    ASSERT_EQ(given->size, segment->second);
    spare.push_back(given->at);
    added.erase(segment);
  };
  for (int step = 0; step < 20'000; ++step) {
    const bool grows = step / 1'000 % 2 == 0;
    if (used.empty() || random() % 10 < (grows ? 7u : 3u)) {
      take();
    } else {
      give_back(std::next(used.begin(), static_cast<ptrdiff_t>(random() % used.size())));
    }
    ASSERT_EQ(segments.in_use(), bytes);
    ASSERT_EQ(segments.all().size(), added.size());
  }
  while (!used.empty()) give_back(used.begin());
  EXPECT_EQ(added.size(), 1u);  // the current one
  EXPECT_EQ(segments.in_use(), 0u);
}

TEST(LargeHeap, KeepsWhatIsInIt) {
  LargeHeap heap;
  std::mt19937 random(3);
  struct Array {
    uint32_t* at;
    size_t size;
    uint32_t seed;
  };
  std::vector<Array> arrays;
  const auto check = [](const Array& array) {
    for (size_t i = 0; i < array.size; ++i) {
      if (array.at[i] != array.seed + i) return false;
    }
    return true;
  };
  for (uint32_t step = 0; step < 2'000; ++step) {
    if (arrays.size() < 64 || random() % 2 == 0) {
      const size_t size = 1 + random() % (step % 50 == 0 ? 2'000'000 : 50'000);
      auto* const at = static_cast<uint32_t*>(heap.allocate(size * sizeof(uint32_t)));
      ASSERT_EQ(reinterpret_cast<uintptr_t>(at) % 64, 0u);
      for (size_t i = 0; i < size; ++i) at[i] = step + static_cast<uint32_t>(i);
      arrays.push_back({at, size, step});
    } else {
      std::swap(arrays[random() % arrays.size()], arrays.back());
      ASSERT_TRUE(check(arrays.back()));
      heap.free(arrays.back().at, arrays.back().size * sizeof(uint32_t));
      arrays.pop_back();
    }
    ASSERT_LE(heap.allocated(), heap.mapped());
  }
  for (const Array& array : arrays) {
    ASSERT_TRUE(check(array));
    heap.free(array.at, array.size * sizeof(uint32_t));
  }
  EXPECT_EQ(heap.allocated(), 0u);
  EXPECT_LE(heap.mapped(), 16 * kMiB);
}

TEST(LargeHeap, AsksForHugePages) {
  if (!has_huge_pages()) GTEST_SKIP() << "this system has no huge pages";
  LargeHeap heap;
  void* const block = heap.allocate(100'000);
  void* const large = heap.allocate(20 * kMiB);
  EXPECT_TRUE(wants_huge_pages(block));
  EXPECT_TRUE(wants_huge_pages(large));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(large) % (2 * kMiB), 0u);
  EXPECT_EQ(heap.mapped(), 36 * kMiB);
  heap.free(large, 20 * kMiB);
  EXPECT_EQ(heap.mapped(), 16 * kMiB);
  heap.free(block, 100'000);
}

TEST(LargeHeap, GivesBackWhatHadAPieceOfItsOwnThoughTheOtherPieceIsFull) {
  LargeHeap heap;
  std::vector<void*> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(heap.allocate(3 * kMiB));
  blocks.push_back(heap.allocate(3 * kMiB / 4));
  EXPECT_EQ(heap.mapped(), 16 * kMiB);
  void* const large = heap.allocate(11 * kMiB / 2);
  EXPECT_EQ(heap.mapped(), 22 * kMiB);
  heap.free(large, 11 * kMiB / 2);
  EXPECT_EQ(heap.mapped(), 16 * kMiB);
  for (size_t i = 0; i < blocks.size(); ++i) heap.free(blocks[i], i < 5 ? 3 * kMiB : 3 * kMiB / 4);
}

TEST(LargeHeap, HoldsPagesTablesAndLargeVectors) {
  if (!has_huge_pages() || !shares_pieces()) GTEST_SKIP() << "no huge pages, or under a sanitizer";
  EXPECT_TRUE(wants_huge_pages(PageArray<uint32_t>(std::vector<uint32_t>(1'000)).data()));
  EXPECT_FALSE(wants_huge_pages(PageArray<uint32_t>(std::vector<uint32_t>(10)).data()));
  EXPECT_TRUE(wants_huge_pages(LargeVector<uint64_t>(10'000).data()));
  EXPECT_FALSE(wants_huge_pages(LargeVector<uint64_t>(100).data()));
  EXPECT_TRUE(wants_huge_pages(ZeroedArray<uint64_t>(kMiB).begin()));
}

TEST(LargeHeap, IsForManyThreads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([t, &wrong] {
      std::vector<LargeVector<uint32_t>> kept;
      for (uint32_t i = 0; i < 300; ++i) {
        kept.emplace_back(10'000 + i * 100, t * 1'000 + i);
        if (i % 3 == 2) kept.erase(kept.begin());
      }
      for (const auto& vector : kept) {
        for (const uint32_t x : vector) wrong[t] += x != vector[0] || x / 1'000 != t;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(LargeHeap, CanBeUsedAfterAForkWhileOtherThreadsUseIt) {
  if (!shares_pieces()) GTEST_SKIP() << "no huge pages, or under a sanitizer";
  std::atomic<bool> ends = false;
  std::thread other([&] {
    while (!ends) LargeVector<uint32_t>(20'000, 1);
  });
  for (int round = 0; round < 100; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(60);
      const LargeVector<uint32_t> vector(20'000, 2);
      _exit(vector[19'999] == 2 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0) << "round " << round;
  }
  ends = true;
  other.join();
}

TEST(ZeroedArray, IsZerosHoweverLargeAndWhateverWasThere) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1'000}, 2 * kMiB / 8 - 1, 2 * kMiB / 8, kMiB + 5}) {
    for (int round = 0; round < 2; ++round) {
      ZeroedArray<uint64_t> array(size);
      ASSERT_EQ(array.size(), size);
      for (size_t i = 0; i < size; ++i) ASSERT_EQ(array[i], 0u) << size << ' ' << i;
      for (size_t i = 0; i < size; ++i) array[i] = i + 1;
      const ZeroedArray<uint64_t> moved(std::move(array));
      ASSERT_EQ(moved.size(), size);
      ASSERT_TRUE(size == 0 || moved[size - 1] == size);
    }
  }
}

}  // namespace
}  // namespace entente
