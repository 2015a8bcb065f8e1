// Graph algorithms of Boost.Graph on snapshots.
//
// Each works on the part of the snapshot that the filter leaves, follows relationships in the given direction, and
// calls `poll` every few thousand steps, which may throw to stop it. Results are in order of node id unless said
// otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/snapshot.h"

namespace entente {

struct AlgorithmOptions {
  std::vector<LabelId> labels;  // empty: all nodes
  std::vector<TypeId> types;    // empty: all relationships
  Direction direction = Direction::Out;
  std::function<void()> poll = [] {};
};

struct Reached {
  NodeId node;
  double distance;
  NodeId predecessor;  // the start's is itself
};

/// Nodes reachable from `start`, nearest first, with the number of relationships to them. O(V + E).
std::vector<Reached> breadth_first(SnapshotPtr graph, NodeId start, const AlgorithmOptions& options);

/// Nodes reachable from `start`, nearest first, with the least sum of `weight` over the relationships to them
/// (Dijkstra, 1959). A relationship without a number in that property counts `missing_weight`. O((V + E) log V). Throws
/// ArgumentError.NegativeWeight if a weight on the way is below 0 or not a number.
std::vector<Reached> shortest_distances(SnapshotPtr graph, NodeId start, KeyId weight, double missing_weight,
                                        const AlgorithmOptions& options);

/// PageRank (Brin and Page, 1998) with damping, for so many iterations; ranks sum to 1. O(iterations * (V + E)).
std::vector<std::pair<NodeId, double>> page_rank(SnapshotPtr graph, double damping, int iterations,
                                                 const AlgorithmOptions& options);

/// The number of its connected component for each node, directions ignored; numbered from 0 by least node id.
std::vector<std::pair<NodeId, uint32_t>> connected_components(SnapshotPtr graph, const AlgorithmOptions& options);

}  // namespace entente
