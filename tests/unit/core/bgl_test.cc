// The Boost.Graph adaptor and the algorithms that run on it.
#include "entente/core/bgl.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>
#include <set>

#include "entente/core/algorithms.h"
#include "entente/core/error.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

/// a -> b (twice), b -> c, c -> c, d -> a by LINK (with weights); a -> d by OTHER; e alone. a, b, c, e are :Yes.
class BglTest : public testing::Test {
 protected:
  void SetUp() override {
    auto t = store_.begin();
    yes_ = t->label("Yes");
    const LabelId no = t->label("No");
    link_ = t->type("LINK");
    other_ = t->type("OTHER");
    weight_ = t->key("weight");
    for (int i = 0; i < 5; ++i) nodes_.push_back(t->create_node({i == 3 ? &no : &yes_, 1}));
    add(*t, link_, 0, 1, 5.0);
    add(*t, link_, 0, 1, 2.0);
    add(*t, link_, 1, 2, 1.0);
    add(*t, link_, 2, 2, 1.0);
    add(*t, link_, 3, 0, 1.0);
    add(*t, other_, 0, 3, 0.5);
    store_.commit(std::move(t));
    snapshot_ = store_.current();
  }

  void add(Transaction& t, TypeId type, int from, int to, double weight) {
    t.set_property(t.create_relationship(type, nodes_[from], nodes_[to]), weight_, Value(weight));
  }
  uint32_t v(int i) const { return nodes_[i].value; }

  GraphStore store_;
  SnapshotPtr snapshot_;
  std::vector<NodeId> nodes_;
  LabelId yes_;
  TypeId link_;
  TypeId other_;
  KeyId weight_;
};

TEST_F(BglTest, CountsVerticesAndEdges) {
  const SnapshotGraph all(snapshot_);
  EXPECT_EQ(num_vertices(all), 5u);
  EXPECT_EQ(num_edges(all), 6u);
  const SnapshotGraph filtered(snapshot_, {{yes_}, {link_}});
  EXPECT_EQ(num_vertices(filtered), 4u);
  EXPECT_EQ(num_edges(filtered), 4u);
  size_t walked = 0;
  for (auto [it, end] = edges(filtered); it != end; ++it) {
    EXPECT_TRUE(filtered.contains(source(*it, filtered)));
    EXPECT_TRUE(filtered.contains(target(*it, filtered)));
    ++walked;
  }
  EXPECT_EQ(walked, 4u);
}

TEST_F(BglTest, ListsEdgesInBothDirections) {
  const SnapshotGraph g(snapshot_);
  EXPECT_EQ(out_degree(v(0), g), 3u);
  EXPECT_EQ(in_degree(v(0), g), 1u);
  EXPECT_EQ(degree(v(2), g), 3u);  // a loop counts at both ends
  const auto [in, in_end] = in_edges(v(0), g);
  EXPECT_EQ(source(*in, g), v(3));
  EXPECT_EQ(target(*in, g), v(0));
  std::multiset<uint32_t> near;
  for (auto [it, end] = adjacent_vertices(v(0), g); it != end; ++it) near.insert(*it);
  EXPECT_EQ(near, (std::multiset<uint32_t>{v(1), v(1), v(3)}));
  EXPECT_EQ(out_degree(v(2), UndirectedView(g)), 2u);  // b and the loop, once
}

TEST_F(BglTest, FindsEdgesBetweenVertices) {
  const SnapshotGraph g(snapshot_);
  EXPECT_TRUE(edge(v(0), v(3), g).second);
  EXPECT_FALSE(edge(v(1), v(0), g).second);
  EXPECT_FALSE(edge(v(0), v(3), SnapshotGraph(snapshot_, {{}, {link_}})).second);
  EXPECT_FALSE(edge(v(0), v(3), SnapshotGraph(snapshot_, {{yes_}, {}})).second);
}

TEST_F(BglTest, SearchesBreadthFirst) {
  AlgorithmOptions options;
  options.types = {link_};
  const auto out = breadth_first(snapshot_, nodes_[3], options);
  ASSERT_EQ(out.size(), 4u);
  EXPECT_EQ(out[0].node, nodes_[3]);
  EXPECT_EQ(out[3].node, nodes_[2]);
  EXPECT_EQ(out[3].distance, 3);
  EXPECT_EQ(out[3].predecessor, nodes_[1]);
  options.direction = Direction::In;
  EXPECT_EQ(breadth_first(snapshot_, nodes_[2], options).size(), 4u);
  options.direction = Direction::Both;
  EXPECT_EQ(breadth_first(snapshot_, nodes_[1], options).size(), 4u);
  options.labels = {yes_};
  EXPECT_EQ(breadth_first(snapshot_, nodes_[1], options).size(), 3u);
  EXPECT_THROW(breadth_first(snapshot_, nodes_[3], options), Error);  // not among the labels
}

TEST_F(BglTest, FindsLeastWeights) {
  const auto out = shortest_distances(snapshot_, nodes_[0], weight_, 1, {});
  ASSERT_EQ(out.size(), 4u);
  EXPECT_EQ(out[1].node, nodes_[3]);
  EXPECT_DOUBLE_EQ(out[1].distance, 0.5);
  EXPECT_EQ(out[2].node, nodes_[1]);
  EXPECT_DOUBLE_EQ(out[2].distance, 2.0);  // the lighter of two parallel edges
  EXPECT_DOUBLE_EQ(out[3].distance, 3.0);
  AlgorithmOptions back;
  back.direction = Direction::In;
  const auto in = shortest_distances(snapshot_, nodes_[2], weight_, 1, back);
  ASSERT_EQ(in.size(), 4u);
  EXPECT_EQ(in.back().node, nodes_[3]);
  EXPECT_DOUBLE_EQ(in.back().distance, 4.0);
}

TEST_F(BglTest, RefusesNegativeWeights) {
  auto t = store_.begin();
  add(*t, link_, 1, 4, -1.0);
  store_.commit(std::move(t));
  EXPECT_THROW(shortest_distances(store_.current(), nodes_[0], weight_, 1, {}), Error);
}

TEST_F(BglTest, RanksAndComponentsAreBrokenOff) {
  GraphStore store;
  auto t = store.begin();
  for (int i = 0; i < 20'000; ++i) t->create_node({});
  const TypeId type = t->type("LINK");
  for (uint32_t i = 1; i < 20'000; ++i) t->create_relationship(type, NodeId(i - 1), NodeId(i));
  store.commit(std::move(t));
  AlgorithmOptions options;
  size_t polls = 0;
  options.poll = [&] { ++polls; };
  page_rank(store.current(), 0.85, 2, options);
  EXPECT_GE(polls, 20u);  // also within an iteration
  polls = 0;
  EXPECT_EQ(connected_components(store.current(), options).size(), 20'000u);
  EXPECT_GE(polls, 5u);
  options.poll = [] { throw Error::resource("Cancelled", "stopped"); };
  EXPECT_THROW(page_rank(store.current(), 0.85, 2, options), Error);
  EXPECT_THROW(connected_components(store.current(), options), Error);
}

TEST_F(BglTest, RanksSumToOneAndFollowLinks) {
  const auto ranks = page_rank(snapshot_, 0.85, 50, {});
  ASSERT_EQ(ranks.size(), 5u);
  double sum = 0;
  for (const auto& [node, rank] : ranks) sum += rank;
  EXPECT_NEAR(sum, 1.0, 1e-9);
  EXPECT_GT(ranks[2].second, ranks[1].second);  // the loop keeps its rank
  EXPECT_GT(ranks[1].second, ranks[4].second);  // nothing links to e
  EXPECT_THROW(page_rank(snapshot_, 1.5, 1, {}), Error);
}

TEST_F(BglTest, FindsConnectedComponents) {
  const auto components = connected_components(snapshot_, {});
  std::map<uint32_t, int> sizes;
  for (const auto& [node, component] : components) ++sizes[component];
  EXPECT_EQ(sizes, (std::map<uint32_t, int>{{0, 4}, {1, 1}}));
}

/// Against a relabelling that goes on until nothing changes.
TEST_F(BglTest, ComponentsAreThoseThatLabelsSpreadTo) {
  std::mt19937 random(11);
  for (const uint32_t edges : {0u, 20u, 60u, 120u, 400u}) {
    GraphStore store;
    auto t = store.begin();
    constexpr uint32_t kNodes = 150;
    for (uint32_t i = 0; i < kNodes; ++i) t->create_node({});
    std::vector<std::pair<uint32_t, uint32_t>> ends;
    for (uint32_t i = 0; i < edges; ++i) ends.emplace_back(random() % kNodes, random() % kNodes);
    const TypeId type = t->type("LINK");
    for (const auto& [a, b] : ends) t->create_relationship(type, NodeId(a), NodeId(b));
    store.commit(std::move(t));
    std::vector<uint32_t> least(kNodes);
    std::iota(least.begin(), least.end(), 0u);
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& [a, b] : ends) {
        changed = changed || least[a] != least[b];
        least[a] = least[b] = std::min(least[a], least[b]);
      }
    }
    std::map<uint32_t, uint32_t> numbers;  // by the least node, in order of first sight
    std::vector<std::pair<NodeId, uint32_t>> expected;
    for (uint32_t i = 0; i < kNodes; ++i) {
      const auto number = numbers.try_emplace(least[i], static_cast<uint32_t>(numbers.size())).first->second;
      expected.emplace_back(NodeId(i), number);
    }
    EXPECT_EQ(connected_components(store.current(), {}), expected) << edges;
  }
}

}  // namespace
}  // namespace entente
