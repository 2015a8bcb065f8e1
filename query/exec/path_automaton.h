// The pattern of a searched path as an automaton over the graph.
//
// A position says which hop of which stretch is next, and how many times the stretch has been walked over. Behind the
// last stretch is the end. A position between two times over may also stand for the beginning of what comes next, so
// `alternatives` gives all that it stands for.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "entente/query/exec/operators.h"
#include "entente/query/exec/trail.h"

namespace entente {

struct PathPosition {
  uint32_t stretch = 0;
  uint32_t hop = 0;
  uint64_t times = 0;
};

class PathAutomaton {
 public:
  /// The stretches must stay.
  PathAutomaton(const std::vector<PathStretch>& stretches, ExecContext& context);

  const std::vector<PathStretch>& stretches() const { return stretches_; }
  /// Names of types are looked up again.
  void new_batch();
  /// A batch of the one row that is searched for.
  void new_row(const Batch& row) { row_ = row; }

  bool at_end(const PathPosition& at) const { return at.stretch == stretches_.size(); }
  /// All that a position at a node stands for.
  void alternatives(PathPosition at, uint32_t node, std::vector<PathPosition>& out);
  /// The relationships for the next hop that fit its type and predicate and are not in the trail (if one is given).
  void edges(const PathPosition& at, uint32_t node, const Trail* trail, std::vector<AdjacencyEntry>& out);
  PathPosition after(PathPosition at) const;

  /// Evaluates a predicate for `count` rows: the row searched for with more columns.
  struct Column {
    VarId var;
    VectorType type;
    std::vector<uint32_t> ids;  // one a row
  };
  SelectionPtr passing(const Expr& predicate, size_t count, std::vector<Column> columns);

 private:
  bool passes_end(const PathStretch& stretch, uint32_t node);

  const std::vector<PathStretch>& stretches_;
  ExecContext& context_;
  Batch row_;
  std::vector<std::vector<std::vector<RelationshipList>>> lists_;  // by stretch and hop
  AdjacencyCursor cursor_;
};

/// The fewest and the most relationships of a path that fits.
uint64_t shortest_fit(const std::vector<PathStretch>& stretches);
uint64_t longest_fit(const std::vector<PathStretch>& stretches);

}  // namespace entente
