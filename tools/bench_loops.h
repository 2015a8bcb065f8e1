// Queries over the graph of `entente bench` that are also written by hand, as plain loops over adjacency arrays on one
// thread: what an engine can hope to come near.
#pragma once

#include <cstdint>
#include <ostream>
#include <vector>

#include "entente/tools/bench_graph.h"

namespace entente {

/// The targets of each node's relationships, sorted, one list behind the other.
struct LinkArrays {
  explicit LinkArrays(uint32_t nodes, const Ends& ends);
  uint32_t nodes() const { return static_cast<uint32_t>(offsets.size() - 1); }

  std::vector<uint64_t> offsets;
  std::vector<uint32_t> targets;
};

/// A query with one integer in its one row, and the loop that computes the same.
struct LoopedQuery {
  const char* name;
  const char* text;
  int64_t (*loop)(const LinkArrays&);
};

const std::vector<LoopedQuery>& looped_queries();

/// The time of a query by one thread and of its loop; of each the least of some runs, in milliseconds.
struct LoopedTimes {
  double query_ms = 0;
  double loop_ms = 0;
};
/// Throws if the two do not agree.
LoopedTimes measure(const LoopedQuery& query, Session& session, const LinkArrays& links);

/// Measures graphs of a sixteenth of the nodes, a fourth, and all, in memory, and prints what building them and each
/// query takes a relationship.
void measure_scales(uint32_t nodes, uint32_t degree, std::ostream& out);

}  // namespace entente
