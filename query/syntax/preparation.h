// The limits of the statement that is being prepared, for what walks through its text and its trees: a statement may be
// megabytes long.
#pragma once

#include "entente/query/statement_limits.h"

namespace entente {

/// As long as it lives, the thread prepares a statement with these limits.
class Preparation {
 public:
  explicit Preparation(StatementLimits& limits) : outer_(limits_) { limits_ = &limits; }
  ~Preparation() { limits_ = outer_; }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  /// For each token or node of a tree that is looked at. Throws what StatementLimits::check() does.
  static void step() {
    constexpr size_t kSteps = 64;
    if (limits_ != nullptr) limits_->work(kSteps);
  }

 private:
  StatementLimits* outer_;
  static inline thread_local StatementLimits* limits_ = nullptr;
};

}  // namespace entente
