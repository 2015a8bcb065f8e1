// Parallel execution: the stretch of a plan below an operator that only counts is run by several threads.
//
//   Aggregate count(*)            each thread counts for itself; the counts are added up at the end
//     ExpandCount …               ┐
//     Filter …                    │ a copy for each thread
//     Expand …                    ┘
//       NodeScan …                the source: one for all, which give their rows to whoever asks, under a lock
//
// Threads take a small part of a batch (a morsel) from the source at a time, so that none is left with all the work.
// (Leis, Boncz, Kemper, Neumann, "Morsel-driven parallelism", SIGMOD 2014.) Results do not depend on which thread took
// which morsel: only such operators run this way that add up, and give their rows in an order of their own.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "entente/query/exec/context.h"
#include "entente/query/exec/operator.h"

namespace entente {

/// Where the chain of a plan, leaf first, is cut: operators after `source` and before `end` are copied for each thread.
struct ParallelStretch {
  size_t source;
  size_t end;  // the operator that counts
  size_t morsel_rows;
};

/// The stretches of a chain that are worth running in parallel, in order.
std::vector<ParallelStretch> parallel_stretches(const std::vector<const Plan*>& chain);

class Workers {
 public:
  /// `copied` are the operators of the stretch, leaf first. The plan and `context` must outlive this.
  Workers(std::unique_ptr<Operator> source, const std::vector<const Plan*>& copied, size_t morsel_rows,
          ExecContext& context);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  size_t size() const { return workers_.size(); }

  /// Calls `work(worker, input, context)` for each worker on a thread of its own, and waits for all. If one throws, the
  /// others are stopped, and what was thrown first is thrown here.
  void run(const std::function<void(size_t, Operator&, ExecContext&)>& work);

 private:
  class Source;
  struct Worker;

  std::unique_ptr<Operator> source_;
  const size_t morsel_rows_;
  std::mutex source_mutex_;
  Batch morsels_;        // what the source gave last, …
  size_t next_row_ = 0;  // … from here on not taken yet
  std::atomic<bool> stopped_{false};
  ArgumentSource no_argument_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace entente
