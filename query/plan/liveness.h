// Which variables are read above a place in a chain; for passes that leave out what nobody reads.
//
// Used from the end of the chain to its leaf: begin with what is needed at the end, and go below one operator after
// another. Used by one thread.
#pragma once

#include <unordered_set>
#include <vector>

#include "entente/query/plan/chain.h"

namespace entente {

class LiveVariables {
 public:
  LiveVariables() = default;
  explicit LiveVariables(const std::vector<VarId>& live) : live_(live.begin(), live.end()) {}

  bool has(VarId var) const { return live_.contains(var); }
  void add(VarId var) { live_.insert(var); }
  void remove(VarId var) { live_.erase(var); }
  size_t size() const { return live_.size(); }
  /// In order of their numbers.
  std::vector<VarId> all() const;
  /// The one variable that is live; kNoVar if there is another number of them.
  VarId only() const;

  /// From what is read above the operator to what is read above its input.
  void go_below(const PlanOp& op);

 private:
  std::unordered_set<VarId> live_;  // few of the statement's, which may have many thousands
};

/// Lets the expansion not bind what nobody reads above it.
void leave_unread(ExpandOp& op, const LiveVariables& live);
/// The same for all expansions of a chain at whose end `needed` are read.
void leave_unread(Chain& chain, const std::vector<VarId>& needed);

}  // namespace entente
