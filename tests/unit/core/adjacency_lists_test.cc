#include "entente/core/adjacency_lists.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace entente {
namespace {

constexpr uint64_t kWriter = 1;

std::vector<uint32_t> neighbours(const AdjacencySegment& list) {
  return {list.neighbours, list.neighbours + list.size};
}

TEST(AdjacencyLists, HaveNothingWhereThereIsNoPage) {
  const Adjacency empty;
  AdjacencyLists lists;
  lists.open(empty);
  AdjacencySegment list;
  EXPECT_TRUE(lists.find(3, list));
  EXPECT_EQ(list.size, 0u);
  EXPECT_TRUE(lists.find(NodeId::kNone, list));
  EXPECT_EQ(lists.degree(NodeId::kNone), 0u);
  lists.prefetch(3);
  lists.prefetch_list(NodeId::kNone);
}

TEST(AdjacencyLists, GiveListsThatAreInOnePiece) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(1, kWriter);
  page.insert(3, {9, 7});
  page.insert(3, {4, 8});
  page.insert(5, {1, 9});
  page.compact();
  AdjacencyLists lists;
  lists.open(adjacency);
  AdjacencySegment list;
  ASSERT_TRUE(lists.find(kAdjacencyPageSize + 3, list));
  EXPECT_EQ(neighbours(list), (std::vector<uint32_t>{4, 9}));
  EXPECT_EQ(list.rel(0), 8u);
  EXPECT_EQ(list.rel(1), 7u);
  ASSERT_TRUE(lists.find(kAdjacencyPageSize + 4, list));
  EXPECT_EQ(list.size, 0u);
  ASSERT_TRUE(lists.find(3, list));  // a page that is not there
  EXPECT_EQ(list.size, 0u);
}

TEST(AdjacencyLists, LeaveListsInPiecesToTheCursor) {
  Adjacency adjacency;
  AdjacencyPage& page = adjacency.mutate(0, kWriter);
  page.insert(3, {9, 7});
  page.compact();
  page.insert(4, {2, 8});  // a delta
  AdjacencyLists lists;
  lists.open(adjacency);
  AdjacencySegment list;
  EXPECT_FALSE(lists.find(3, list));
  EXPECT_EQ(lists.degree(3), 1u);
  EXPECT_EQ(lists.degree(4), 1u);
}

TEST(AdjacencyLists, CountAsTheAdjacencyDoes) {
  std::mt19937 random(7);
  std::uniform_int_distribution<uint32_t> node(0, 3 * kAdjacencyPageSize - 1);
  Adjacency adjacency;
  for (uint32_t rel = 0; rel < 3'000; ++rel) {
    const uint32_t from = node(random);
    adjacency.mutate(from >> kAdjacencyPageBits, kWriter).insert(from & (kAdjacencyPageSize - 1), {node(random), rel});
  }
  for (uint32_t i = 0; i <= AdjacencyPage::kHugeList; ++i) adjacency.mutate(1, kWriter).insert(1, {i, 3'000 + i});
  adjacency.mutate(0, kWriter).compact();
  AdjacencyLists lists;
  lists.open(adjacency);
  std::vector<uint32_t> nodes{NodeId::kNone};
  for (uint32_t i = 0; i < 4 * kAdjacencyPageSize; ++i) nodes.push_back(i);
  std::vector<uint64_t> sums(nodes.size(), 1);
  lists.add_degrees(nodes, sums.data());
  for (size_t i = 0; i < nodes.size(); ++i) {
    ASSERT_EQ(lists.degree(nodes[i]), degree(adjacency, NodeId(nodes[i]))) << nodes[i];
    ASSERT_EQ(sums[i], 1 + degree(adjacency, NodeId(nodes[i]))) << nodes[i];
  }
}

TEST(AdjacencyLists, TakesSingleEndsAsFarAsThereAreNoOthers) {
  Adjacency adjacency;
  const auto end_of = [](uint32_t node) { return node * 7 % 1'000; };
  for (uint32_t node = 0; node < 2 * kAdjacencyPageSize; ++node) {
    AdjacencyPage& page = adjacency.mutate(node >> kAdjacencyPageBits, kWriter);
    page.insert(node & (kAdjacencyPageSize - 1), {end_of(node), 10'000 + node / 2});
  }
  adjacency.mutate(2, kWriter).insert(0, {5, 1});
  adjacency.mutate(2, kWriter).insert(0, {6, 2});
  for (const uint32_t page : {0, 1, 2}) adjacency.mutate(page, kWriter).compact();
  AdjacencyLists lists;
  lists.open(adjacency);
  const uint32_t last = 2 * kAdjacencyPageSize - 1;
  std::vector<uint32_t> nodes{last, 0, 4'000, 3, last + 1, 2};
  std::vector<uint32_t> ends(nodes.size(), 77);
  std::vector<uint32_t> rels(nodes.size(), 77);
  ASSERT_EQ(lists.take_single(nodes, ends.data(), rels.data()), 4u);
  EXPECT_EQ(ends, (std::vector<uint32_t>{end_of(last), end_of(0), end_of(4'000), end_of(3), 77, 77}));
  EXPECT_EQ(rels, (std::vector<uint32_t>{10'000 + last / 2, 10'000, 12'000, 10'001, 77, 77}));
  nodes = {NodeId::kNone, 0};
  EXPECT_EQ(lists.take_single(nodes, ends.data(), nullptr), 0u);
}

TEST(AdjacencyLists, KnowWhereThereAreLoops) {
  Adjacency adjacency;
  AdjacencyPage& first = adjacency.mutate(0, kWriter);
  for (uint32_t i = 0; i < 200; ++i) first.insert(i, {i + 1, i});
  first.compact();
  AdjacencyPage& second = adjacency.mutate(1, kWriter);
  second.insert(5, {kAdjacencyPageSize + 5, 1000});
  second.compact();
  adjacency.mutate(2, kWriter).insert(0, {1, 1001});
  AdjacencyLists lists;
  lists.open(adjacency);
  int unknown = 0;
  for (uint32_t i = 0; i < 200; ++i) unknown += lists.may_have_loop(i) ? 1 : 0;
  EXPECT_LE(unknown, 64);
  EXPECT_FALSE(lists.may_have_loop(7));
  EXPECT_FALSE(lists.may_have_loops(0));
  EXPECT_TRUE(lists.may_have_loops(1));
  EXPECT_TRUE(lists.may_have_loop(kAdjacencyPageSize + 5));
  EXPECT_TRUE(lists.may_have_loops(2));  // it is in pieces
  EXPECT_FALSE(lists.may_have_loops(1'000'000));
  const uint32_t* offsets = nullptr;
  EXPECT_TRUE(lists.offsets_of_page(0, offsets));
  EXPECT_EQ(offsets[kAdjacencyPageSize], 200u);
  EXPECT_FALSE(lists.offsets_of_page(2, offsets));
  EXPECT_TRUE(lists.offsets_of_page(1'000'000 >> kAdjacencyPageBits, offsets));
  EXPECT_EQ(offsets, nullptr);
}

}  // namespace
}  // namespace entente
