// Symmetry of a pattern: which of its variables can change places, others following, so that it asks the same.
//
// A pattern is a list of conditions on variables. The search for such a permutation goes from condition to condition,
// those first that share variables with what is decided already, and tries which other condition each may become. It
// gives up, and says that there is none, after kMostTries. Used by one thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "entente/query/plan/plan.h"

namespace entente {

/// What is asked of some variables: two conditions of one kind ask the same of theirs.
struct Condition {
  std::string kind;
  std::vector<VarId> vars;
  bool either_way = false;  // it says the same with the first two variables exchanged
};

class PatternSymmetry {
 public:
  explicit PatternSymmetry(std::vector<Condition> conditions) : conditions_(std::move(conditions)) {}

  /// Whether `a` and `b` can be exchanged while each of `fixed` stays where it is.
  bool can_exchange(VarId a, VarId b, const std::vector<VarId>& fixed);

 private:
  static constexpr size_t kMostTries = 2'000;

  /// Whether what is decided can be completed.
  bool complete();
  bool become(const Condition& condition, const Condition& other, bool exchanged);
  bool decide(VarId from, VarId to);
  void take_back(size_t decided);
  /// One that has not become another yet and has the most variables that are decided; none if all have.
  size_t next() const;

  std::vector<Condition> conditions_;
  std::unordered_map<VarId, VarId> image_;   // what a variable becomes, …
  std::unordered_map<VarId, VarId> origin_;  // … and the other way round
  std::vector<VarId> decided_;               // in order
  std::vector<bool> done_;                   // conditions that have become another, …
  std::vector<bool> taken_;                  // … and those that another has become
  size_t tries_ = 0;
};

}  // namespace entente
