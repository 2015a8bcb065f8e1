#include "entente/core/label_members.h"

#include <gtest/gtest.h>

#include "entente/core/graph_store.h"

namespace entente {
namespace {

TEST(LabelMembers, AgreeWithEachNodesLabels) {
  GraphStore store;
  auto transaction = store.begin();
  const LabelId run = transaction->label("Run");
  const LabelId some = transaction->label("Some");
  const LabelId none = transaction->label("None");
  constexpr uint32_t kNodes = 200'000;  // several pages of a bitmap
  for (uint32_t i = 0; i < kNodes; ++i) {
    std::vector<LabelId> labels;
    if (i >= 60'000 && i < 140'000) labels.push_back(run);
    if (i % 3 == 0 && i < 100'000) labels.push_back(some);
    transaction->create_node(labels);
  }
  store.commit(std::move(transaction));
  const SnapshotPtr graph = store.current();
  for (const LabelId label : {run, some, none}) {
    LabelMembers members(graph->label_bitmap(label));
    uint64_t found = 0;
    for (uint32_t i = 0; i < kNodes; ++i) {
      const bool expected = graph->has_label(NodeId(i), label);
      ASSERT_EQ(members.contains(i), expected) << i;
      if (expected) ++found;
    }
    EXPECT_EQ(found, graph->label_count(label));
    EXPECT_FALSE(members.contains(NodeId::kNone));
    for (uint32_t first = 0; first < kNodes; first += 2048) {
      uint32_t count = 0;
      for (uint32_t i = first; i < first + 2048; ++i) count += members.contains(i) ? 1 : 0;
      const LabelMembers::Of of = members.of(first, first + 2047);
      if (of == LabelMembers::Of::None) {
        EXPECT_EQ(count, 0u) << first;
      }
      if (of == LabelMembers::Of::All) {
        EXPECT_EQ(count, 2048u) << first;
      }
      if (label == run) {
        EXPECT_EQ(of == LabelMembers::Of::Some, count != 0 && count != 2048) << first;
      }
    }
  }
  EXPECT_FALSE(LabelMembers(nullptr).contains(1));
}

}  // namespace
}  // namespace entente
