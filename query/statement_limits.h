// What a statement may use of time and memory, and whether it was cancelled.
//
// check() and work() are called once a batch and in long loops; they throw ResourceError.Cancelled,
// ResourceError.Timeout or ResourceError.MemoryLimit. The cancel flag may be set from any thread; the rest is used by
// one thread. Threads that work for a statement have limits of their own, which look at those of the statement.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

namespace entente {

struct StatementLimits {
  const std::atomic<bool>* cancelled = nullptr;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  size_t memory_limit = 0;             // 0: none
  std::atomic<size_t> memory_used{0};  // held by operators
  /// Of lists and strings that the expression being evaluated has made so far; operators that keep its value count it
  /// as held (see evaluate.h).
  size_t made_bytes = 0;

  /// Makes these the limits of a thread that works for `statement`: those are checked, and `stopped`, which ends the
  /// thread. Both must outlive this.
  void work_for(const StatementLimits& statement, const std::atomic<bool>& stopped);

  void check() const;
  void check_memory() const;
  /// Counts steps of some nanoseconds each, and checks now and then.
  void work(size_t steps) {
    steps_ += steps;
    if (steps_ < kStepsBetweenChecks) return;
    steps_ = 0;
    check();
  }
  /// Bytes that the memory limit leaves; the largest number if there is none.
  size_t available() const;
  /// Throws ResourceError.MemoryLimit if so many bytes are not available.
  void require(size_t bytes) const {
    if (bytes > available()) fail_made(bytes);
  }
  /// Counts bytes of a value that is about to be made, and the work of making it.
  void count_made(size_t bytes) {
    require(bytes);
    made_bytes += bytes;
    work(bytes / kBytesPerStep);
  }

 private:
  static constexpr size_t kStepsBetweenChecks = size_t{1} << 16;
  static constexpr size_t kBytesPerStep = 16;
  [[noreturn]] void fail_made(size_t bytes) const;

  size_t steps_ = 0;
  const StatementLimits* statement_ = nullptr;  // of a thread that works for one
  const std::atomic<bool>* stopped_ = nullptr;
};

}  // namespace entente
