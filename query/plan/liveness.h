// Which variables are read above a place in a chain; for passes that leave out what nobody reads.
//
// Used from the end of the chain to its leaf: begin with what is needed at the end, and go below one operator after
// another. Used by one thread.
#pragma once

#include <vector>

#include "entente/query/plan/chain.h"

namespace entente {

class LiveVariables {
 public:
  explicit LiveVariables(size_t variables) : live_(variables) {}
  LiveVariables(size_t variables, const std::vector<VarId>& live) : live_(variables) {
    for (VarId var : live) add(var);
  }

  bool has(VarId var) const { return var < live_.size() && live_[var]; }
  void add(VarId var) {
    if (var >= live_.size()) live_.resize(var + 1);
    live_[var] = true;
  }
  void remove(VarId var) {
    if (var < live_.size()) live_[var] = false;
  }
  size_t size() const { return live_.size(); }
  /// The one variable that is live; kNoVar if there is another number of them.
  VarId only() const;

  /// From what is read above the operator to what is read above its input.
  void go_below(const PlanOp& op);

 private:
  std::vector<bool> live_;
};

}  // namespace entente
