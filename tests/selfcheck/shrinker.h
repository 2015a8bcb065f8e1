// Makes a failing case small: takes clauses, tokens, nodes, relationships and properties away while it goes on failing.
//
// A candidate that is no longer a statement fails in the same way everywhere, so it does not count as a difference, and
// need not be ruled out beforehand. One thing must be kept: a LIMIT or SKIP without its ORDER BY has many right
// answers.
#pragma once

#include <functional>
#include <string>

#include "graph_spec.h"

namespace entente::selfcheck {

struct Case {
  GraphSpec graph;
  std::string statement;

  std::string text() const { return graph_text() + statement; }

 private:
  std::string graph_text() const;
};

/// Whether the case still shows the difference.
using StillFails = std::function<bool(const Case&)>;

Case shrink(Case failing, const StillFails& still_fails);
GraphSpec shrink_graph(GraphSpec graph, const std::function<bool(const GraphSpec&)>& still_fails);

}  // namespace entente::selfcheck
