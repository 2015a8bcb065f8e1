// The graph that `entente bench` measures: `nodes` nodes with label Node and a unique integer `id`, and `nodes *
// degree` relationships LINK whose ends are drawn at random (SplitMix64, Steele et al. 2014, from a fixed seed), so
// that every run measures the same graph.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "entente/entente.h"

namespace entente {

struct SplitMix64 {
  uint64_t state;
  uint64_t operator()() {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
};

using Ends = std::vector<std::pair<NodeId, NodeId>>;

Ends draw_ends(uint32_t nodes, uint32_t degree);
void build_graph(Database& db, uint32_t nodes, const Ends& ends);

}  // namespace entente
