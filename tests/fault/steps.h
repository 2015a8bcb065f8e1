// What kill_writer.cc writes, and whether a version holds it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "entente/core/adjacency.h"
#include "entente/core/snapshot.h"

namespace entente {

/// Every commit that the version counts is in it whole, and nothing else is.
inline void expect_whole(const Snapshot& snapshot) {
  const uint64_t commits = snapshot.version();
  if (commits == 0) {
    EXPECT_EQ(snapshot.node_count(), 0u);
    return;
  }
  const KeyId n = snapshot.names().key("n");
  const KeyId text = snapshot.names().key("text");
  ASSERT_EQ(snapshot.node_count(), 2 * commits + 1);
  ASSERT_EQ(snapshot.relationship_count(), 2 * commits);
  EXPECT_EQ(snapshot.property(NodeId(0), snapshot.names().key("last")).as_integer(), static_cast<int64_t>(commits));
  const Index* index = snapshot.find_index("steps");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->entries, 2 * commits);
  AdjacencyCursor cursor;
  for (uint64_t step = 1; step <= commits; ++step) {
    const NodeId a(static_cast<uint32_t>(2 * step - 1));
    const NodeId b(a.value + 1);
    const Value number(static_cast<int64_t>(step));
    ASSERT_TRUE(Value::equivalent(snapshot.property(a, n), number)) << "commit " << step;
    ASSERT_TRUE(Value::equivalent(snapshot.property(b, n), number)) << "commit " << step;
    const std::string letters = snapshot.property(a, text).as_string();
    ASSERT_EQ(letters.find_first_not_of(static_cast<char>('a' + step % 26)), std::string::npos) << "commit " << step;
    std::vector<RelId> rels;
    ASSERT_TRUE(find_neighbour(snapshot.adjacency(snapshot.names().type("PAIR"), Direction::Out), a, b, &rels));
    ASSERT_TRUE(find_neighbour(snapshot.adjacency(snapshot.names().type("PAIR"), Direction::In), b, a));
    ASSERT_TRUE(Value::equivalent(snapshot.property(rels.at(0), n), number)) << "commit " << step;
    EXPECT_EQ(degree(snapshot.adjacency(snapshot.names().type("AFTER"), Direction::Out), a), 1u);
    std::vector<uint32_t> found;
    index->find(number, found);
    EXPECT_EQ(found, (std::vector<uint32_t>{a.value, b.value})) << "commit " << step;
  }
}

}  // namespace entente
