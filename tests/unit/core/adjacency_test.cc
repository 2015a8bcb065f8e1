#include "entente/core/adjacency_lists.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace entente {
namespace {

using Entries = std::vector<AdjacencyEntry>;

constexpr uint64_t kOwner = 1;

Entries list_of(const Adjacency& adjacency, uint32_t node, size_t* segments = nullptr) {
  Entries all;
  AdjacencyCursor cursor;
  AdjacencySegment segment;
  cursor.open(adjacency, NodeId(node));
  size_t count = 0;
  while (cursor.next(segment)) {
    ++count;
    EXPECT_GT(segment.size, 0u);
    for (uint32_t i = 0; i < segment.size; ++i) all.push_back({segment.neighbours[i], segment.rel(i)});
  }
  EXPECT_FALSE(cursor.next(segment));
  if (segments != nullptr) *segments = count;
  return all;
}

TEST(Adjacency, IsEmptyWhereThereIsNoPage) {
  const Adjacency adjacency;
  EXPECT_TRUE(list_of(adjacency, 0).empty());
  EXPECT_TRUE(list_of(adjacency, NodeId::kNone).empty());
  EXPECT_EQ(degree(adjacency, NodeId(5'000)), 0u);
  EXPECT_FALSE(find_neighbour(adjacency, NodeId(1), NodeId(2)));
}

TEST(Adjacency, ListsAreSortedWhateverTheOrderOfInsertion) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  page.insert(3, {9, 0});
  page.insert(3, {1, 1});
  page.insert(2, {4, 2});
  page.insert(3, {9, 3});
  page.insert(3, {1, 4});
  const Entries expected{{1, 1}, {1, 4}, {9, 0}, {9, 3}};
  EXPECT_EQ(list_of(adjacency, 3), expected);
  page.compact();
  EXPECT_EQ(list_of(adjacency, 3), expected);
  EXPECT_EQ(list_of(adjacency, 2), (Entries{{4, 2}}));
  EXPECT_EQ(degree(adjacency, NodeId(3)), 4u);
}

TEST(Adjacency, ReadsAnUntouchedListWithoutCopying) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  const std::vector<uint32_t> nodes{0, 0, 1, 1};
  const Entries entries{{5, 10}, {6, 11}, {5, 12}, {7, 13}};
  page.bulk_insert(nodes.data(), entries.data(), entries.size());
  EXPECT_TRUE(page.base->rels.empty());  // numbered on
  EXPECT_EQ(page.base->first_rel, 10u);
  AdjacencyCursor cursor;
  AdjacencySegment segment;
  cursor.open(adjacency, NodeId(1));
  ASSERT_TRUE(cursor.next(segment));
  EXPECT_EQ(segment.neighbours, page.base->neighbours.data() + 2);
  EXPECT_EQ(segment.rel(1), 13u);

  page.insert(0, {6, 20});
  page.remove(1, {5, 12});
  EXPECT_EQ(list_of(adjacency, 0), (Entries{{5, 10}, {6, 11}, {6, 20}}));
  EXPECT_EQ(list_of(adjacency, 1), (Entries{{7, 13}}));
  EXPECT_EQ(degree(adjacency, NodeId(1)), 1u);
  page.compact();
  EXPECT_FALSE(page.base->rels.empty());
  EXPECT_EQ(list_of(adjacency, 0), (Entries{{5, 10}, {6, 11}, {6, 20}}));
  EXPECT_EQ(list_of(adjacency, 1), (Entries{{7, 13}}));
}

TEST(Adjacency, PagesOfNodesWithOneNeighbourEachShareWhereTheirListsBegin) {
  Adjacency adjacency;
  std::vector<uint32_t> nodes(3 * kAdjacencyPageSize);
  std::iota(nodes.begin(), nodes.end(), 0u);
  Entries entries;
  for (const uint32_t node : nodes) entries.push_back({node / 2, node});
  nodes.back() -= 1;  // on the last page one has two, and one none
  for (uint32_t page = 0; page < 3; ++page) {
    const size_t first = size_t{page} * kAdjacencyPageSize;
    adjacency.mutate(page, kOwner).bulk_insert(&nodes[first], &entries[first], kAdjacencyPageSize);
  }
  const auto offsets = [&](uint32_t page) -> const ListOffsets& { return adjacency.find(page)->base->offsets; };
  EXPECT_EQ(offsets(0).data(), offsets(1).data());
  EXPECT_EQ(offsets(0).memory(), 0u);
  EXPECT_NE(offsets(2).data(), offsets(0).data());
  EXPECT_EQ(offsets(2).memory(), (kAdjacencyPageSize + 1) * sizeof(uint32_t));
  EXPECT_EQ(list_of(adjacency, 2'050), (Entries{{1'025, 2'050}}));
  EXPECT_EQ(list_of(adjacency, 3 * kAdjacencyPageSize - 2).size(), 2u);
  EXPECT_EQ(list_of(adjacency, 3 * kAdjacencyPageSize - 1), Entries{});

  AdjacencyLists lists;
  lists.open(adjacency);
  const std::vector<uint32_t> wanted{2'050, NodeId::kNone, 3 * kAdjacencyPageSize - 2, 9 * kAdjacencyPageSize};
  std::vector<AdjacencySegment> found(wanted.size());
  lists.find(wanted, found.data());
  EXPECT_EQ(found[0].size, 1u);
  EXPECT_EQ(found[0].neighbours[0], 1'025u);
  EXPECT_EQ(found[0].rel(0), 2'050u);
  EXPECT_EQ(found[1].size, 0u);
  EXPECT_EQ(found[2].size, 2u);
  EXPECT_EQ(found[3].size, 0u);
  adjacency.mutate(1, kOwner).insert(2, {7, 9'999});
  lists.open(adjacency);
  lists.find(wanted, found.data());
  EXPECT_EQ(found[0].size, AdjacencyLists::kPieces);
}

TEST(Adjacency, FindsNeighboursInBaseAndDelta) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  const std::vector<uint32_t> nodes{4, 4, 4, 4};
  const Entries entries{{2, 1}, {5, 2}, {5, 7}, {8, 3}};
  page.bulk_insert(nodes.data(), entries.data(), entries.size());
  page.remove(4, {5, 2});
  page.insert(4, {5, 4});
  page.insert(4, {5, 9});
  page.remove(4, {8, 3});
  std::vector<RelId> rels;
  EXPECT_TRUE(find_neighbour(adjacency, NodeId(4), NodeId(5), &rels));
  EXPECT_EQ(rels, (std::vector<RelId>{RelId(4), RelId(7), RelId(9)}));
  EXPECT_TRUE(find_neighbour(adjacency, NodeId(4), NodeId(2)));
  EXPECT_FALSE(find_neighbour(adjacency, NodeId(4), NodeId(8)));
  EXPECT_FALSE(find_neighbour(adjacency, NodeId(4), NodeId(6), &rels));
  EXPECT_FALSE(find_neighbour(adjacency, NodeId(3), NodeId(5)));
  EXPECT_EQ(rels.size(), 3u);
}

TEST(Adjacency, RemovingWhatIsNotThereChangesNothing) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  page.insert(1, {2, 3});
  page.remove(1, {2, 4});
  page.remove(7, {2, 3});
  EXPECT_EQ(degree(adjacency, NodeId(1)), 1u);
  EXPECT_EQ(degree(adjacency, NodeId(7)), 0u);
}

TEST(Adjacency, TheDeltaIsMergedWhenItGrows) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  for (uint32_t i = 0; i < 10'000; ++i) {
    page.insert(i % 50, {i * 7919 % 1'000, i});
    ASSERT_LE(page.delta.size(), 2'048u);
  }
  ASSERT_NE(page.base, nullptr);
  EXPECT_GT(page.base->neighbours.size(), 7'000u);
  for (uint32_t node = 0; node < 50; ++node) {
    const Entries list = list_of(adjacency, node);
    EXPECT_EQ(list.size(), 200u);
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
  }
}

TEST(Adjacency, AHugeListIsSharedInChunksWithTheVersionBefore) {
  Adjacency before;
  constexpr uint32_t kCount = 100'000;
  {
    std::vector<uint32_t> nodes(kCount, 6);
    Entries entries;
    for (uint32_t i = 0; i < kCount; ++i) entries.push_back({2 * i, i});
    before.mutate(0, kOwner).bulk_insert(nodes.data(), entries.data(), entries.size());
  }
  const AdjacencyPage& old_page = *before.find(0);
  ASSERT_EQ(old_page.huge.size(), 1u);
  EXPECT_EQ(old_page.base, nullptr);

  Adjacency after = before;
  AdjacencyPage& page = after.mutate(0, kOwner + 1);
  page.insert(6, {77, kCount});
  page.insert(6, {77, kCount + 1});
  page.remove(6, {10'000, 5'000});
  EXPECT_TRUE(page.delta.empty());
  const auto& old_chunks = old_page.huge.at(6)->chunks;
  const auto& chunks = page.huge.at(6)->chunks;
  ASSERT_EQ(chunks.size(), old_chunks.size());
  size_t shared = 0;
  for (size_t i = 0; i < chunks.size(); ++i) shared += chunks[i] == old_chunks[i] ? 1 : 0;
  EXPECT_EQ(shared, chunks.size() - 2);

  size_t segments = 0;
  const Entries list = list_of(after, 6, &segments);
  EXPECT_EQ(segments, chunks.size());
  EXPECT_EQ(list.size(), kCount + 1);
  EXPECT_EQ(degree(after, NodeId(6)), kCount + 1);
  EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
  std::vector<RelId> rels;
  EXPECT_TRUE(find_neighbour(after, NodeId(6), NodeId(77), &rels));
  EXPECT_EQ(rels, (std::vector<RelId>{RelId(kCount), RelId(kCount + 1)}));
  EXPECT_FALSE(find_neighbour(after, NodeId(6), NodeId(10'000)));
  EXPECT_TRUE(find_neighbour(after, NodeId(6), NodeId(2 * kCount - 2)));
  EXPECT_FALSE(find_neighbour(after, NodeId(6), NodeId(2 * kCount)));

  EXPECT_EQ(list_of(before, 6).size(), kCount);
  EXPECT_FALSE(find_neighbour(before, NodeId(6), NodeId(77)));
  EXPECT_TRUE(find_neighbour(before, NodeId(6), NodeId(10'000)));
}

TEST(Adjacency, ManyRelationshipsToOneNeighbourSpanChunks) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  constexpr uint32_t kCount = 30'000;
  for (uint32_t i = 0; i < kCount; ++i) page.insert(0, {i % 3, i});
  ASSERT_EQ(page.huge.size(), 1u);
  for (uint32_t neighbour = 0; neighbour < 3; ++neighbour) {
    std::vector<RelId> rels;
    EXPECT_TRUE(find_neighbour(adjacency, NodeId(0), NodeId(neighbour), &rels));
    EXPECT_EQ(rels.size(), kCount / 3);
    EXPECT_TRUE(std::is_sorted(rels.begin(), rels.end()));
  }
}

TEST(Adjacency, AListThatShrinksGoesBackIntoTheBlock) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kOwner);
  constexpr uint32_t kCount = 20'000;
  for (uint32_t i = 0; i < kCount; ++i) page.insert(1, {i, i});
  page.insert(2, {5, kCount});
  ASSERT_EQ(page.huge.size(), 1u);
  for (uint32_t i = 0; i < kCount - 10; ++i) page.remove(1, {i, i});
  EXPECT_TRUE(page.huge.empty());
  EXPECT_EQ(list_of(adjacency, 1).size(), 10u);
  EXPECT_EQ(list_of(adjacency, 1).front(), (AdjacencyEntry{kCount - 10, kCount - 10}));
  EXPECT_EQ(list_of(adjacency, 2).size(), 1u);
}

TEST(Adjacency, BulkInsertMergesWithWhatIsThere) {
  Adjacency adjacency;
  std::map<uint32_t, Entries> model;
  std::mt19937 random(7);
  uint32_t rel = 0;
  for (const uint32_t count : {30'000u, 10u, 60'000u, 5'000u, 1u}) {
    std::vector<std::pair<uint32_t, AdjacencyEntry>> batch;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t node = random() % 2 == 0 ? 100 : random() % kAdjacencyPageSize;
      batch.push_back({node, {static_cast<uint32_t>(random() % 5'000), rel++}});
      model[node].push_back(batch.back().second);
    }
    std::sort(batch.begin(), batch.end());
    std::vector<uint32_t> nodes;
    Entries entries;
    for (const auto& [node, entry] : batch) {
      nodes.push_back(node);
      entries.push_back(entry);
    }
    AdjacencyPage& page = adjacency.mutate(0, kOwner + count);
    page.bulk_insert(nodes.data(), entries.data(), entries.size());
    page.insert(100, {1, rel});
    model[100].push_back({1, rel++});
    for (auto& [node, list] : model) {
      std::sort(list.begin(), list.end());
      ASSERT_TRUE(list_of(adjacency, node) == list) << "node " << node << " after " << count;
    }
  }
}

}  // namespace
}  // namespace entente
