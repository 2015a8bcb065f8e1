// In which order the elements of a pattern are found.
//
// A best-first search: always the order is continued that has cost least so far by estimate, by each relationship that
// can be next; of orders of the same relationships only the cheapest is (Dijkstra's algorithm on sets of relationships;
// as a way to order joins it is in Selinger et al., "Access path selection in a relational database", SIGMOD 1979).
// Where nothing bound is left to go on from, it starts at the node that is cheapest to find; the best few starts are
// all tried. Patterns that are large, or whose search takes too long, are finished greedily by the relationship that
// leaves the fewest rows.
//
// A relationship to a node of which nobody asks anything, or only that it is another than some node, makes no rows: it
// will be counted.
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
