// What each operator of a plan did while it ran: for PROFILE.
//
// A ProfiledOperator stands around each operator and measures its calls. Times include the inputs' own; `table` tells
// them apart. An inner plan is run many times over; its operators' figures are totals over all runs. Used by one
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "entente/query/exec/operator.h"
#include "entente/query/plan/plan.h"

namespace entente {

struct OperatorProfile {
  uint64_t rows = 0;                  // given, as they are held
  uint64_t multiplied = 0;            // rows that those stand for
  std::chrono::nanoseconds time{0};   // spent in it and below it
  std::chrono::nanoseconds below{0};  // of that, in what it called
  uint64_t pages = 0;                 // read from disk in it and below it
  uint64_t pages_below = 0;           // of these, in what it called
  size_t held_bytes = 0;              // that it holds now, as far as it accounts for them
  size_t peak_bytes = 0;
};

class Profile {
 public:
  /// An operator that measures `op`, made for `plan`. The profile must outlive it.
  std::unique_ptr<Operator> measure(const Plan& plan, std::unique_ptr<Operator> op);
  /// Bytes that the operator which runs now begins (or with a negative number ceases) to hold.
  void account(ptrdiff_t bytes);
  /// The plan as text with rows, multiplied rows, own time, peak memory and pages read beside the estimates.
  std::string table(const Plan& plan, const std::vector<std::string>& variable_names) const;

 private:
  friend class ProfiledOperator;

  std::unordered_map<const Plan*, OperatorProfile> profiles_;
  OperatorProfile* running_ = nullptr;
};

}  // namespace entente
