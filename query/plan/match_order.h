// In which order the elements of a pattern are found.
//
// Greedy: from what is bound, always take the relationship that leaves the fewest rows by estimate; where nothing bound
// is left to go on from, start at the node that is cheapest to find. For small patterns the best few starts are each
// tried to the end of their connected part and the cheapest total is kept. O(n²) for n relationships, whatever the
// pattern. (The greedy approach is that of "minimum selectivity" join ordering; see Steinbrunner, Moerkotte, Kemper,
// "Heuristic and randomized optimization for the join ordering problem", VLDB Journal 1997.)
#pragma once

#include <cstdint>
#include <vector>

#include "entente/query/plan/pattern_graph.h"

namespace entente {

struct MatchStep {
  enum class Kind : uint8_t {
    Start,   // find node `index`
    Expand,  // along edge `index`
    Check,   // edge `index`, whose relationship is bound already
  } kind;
  uint32_t index;
  bool reversed = false;  // Expand: from the right end to the left one
};

std::vector<MatchStep> match_order(const PatternGraph& pattern, const Cardinality& cardinality);

/// Of a node's labels that are single names the rarest; null if there is none. Where a scan starts.
const std::string* scan_label(const MatchNode& node, const Cardinality& cardinality);

}  // namespace entente
