// A matcher that tries everything: for each way to choose nodes and relationships it asks whether they fit the pattern.
//
// It knows a graph as two arrays, and a pattern as MatchPiece; nothing of the engine's structures. Labels are one name,
// types one name or none, lengths as `*a..b`; no properties and predicates.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pattern.h"

namespace entente::selfcheck {

struct TinyGraph {
  struct Edge {
    int from, to;
    char type;
  };
  std::vector<std::string> labels;  // a node's: a text with one letter a label
  std::vector<Edge> edges;

  std::string create_statement() const;
};

/// A match: variables to text, nodes as `n0`, relationships as `r1`, lists of them as `[r1, r0]`.
using Bindings = std::map<std::string, std::string>;

/// Extends the bindings by every match of the clause; an optional clause without match binds its variables to `null`.
std::vector<Bindings> brute_force(const TinyGraph& graph, const MatchPiece& piece, const std::vector<Bindings>& input);

}  // namespace entente::selfcheck
