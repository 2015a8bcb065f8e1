#include "entente/query/statement_limits.h"

#include <algorithm>
#include <string>

#include "entente/core/error.h"

namespace entente {

void StatementLimits::work_for(const StatementLimits& statement, const std::atomic<bool>& stopped) {
  statement_ = &statement;
  stopped_ = &stopped;
}

void StatementLimits::check() const {
  if (statement_ != nullptr) {
    if (stopped_->load(std::memory_order_relaxed)) throw Error::resource("Cancelled", "the statement was stopped");
    return statement_->check();
  }
  if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
    throw Error::resource("Cancelled", "the statement was cancelled");
  }
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() >= deadline) {
    throw Error::resource("Timeout",
                          "the statement ran longer than its time limit; raise the limit or narrow the statement");
  }
  check_memory();
}

void StatementLimits::check_memory() const {
  if (statement_ != nullptr) return statement_->check_memory();
  const size_t used = memory_used.load(std::memory_order_relaxed);
  if (memory_limit == 0 || used <= memory_limit) return;
  throw Error::resource("MemoryLimit", "the statement needs more memory than its limit of " +
                                           std::to_string(memory_limit) + " bytes (it holds " + std::to_string(used) +
                                           "); raise the limit, or let it hold fewer rows at a time");
}

size_t StatementLimits::available() const {
  const StatementLimits& statement = statement_ != nullptr ? *statement_ : *this;
  if (statement.memory_limit == 0) return ~size_t{0};
  const size_t used = statement.memory_used.load(std::memory_order_relaxed) + made_bytes;
  return statement.memory_limit - std::min(used, statement.memory_limit);
}

void StatementLimits::fail_made(size_t bytes) const {
  throw Error::resource("MemoryLimit", "the statement needs " + std::to_string(bytes) +
                                           " bytes more, but its memory limit leaves " + std::to_string(available()) +
                                           "; raise the limit, or let it hold fewer rows or make smaller lists and "
                                           "strings at a time");
}

}  // namespace entente
