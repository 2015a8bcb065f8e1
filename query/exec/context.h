// What a running statement shares among its operators and expressions: the graph, parameters, limits, counters.
//
// One statement, one context, and one for each thread that works for it. `check()` is called once a batch, and inside
// long loops, and throws ResourceError.Cancelled, ResourceError.Timeout or ResourceError.MemoryLimit. The cancel flag
// may be set from any thread; the rest is the statement's own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "entente/core/snapshot.h"
#include "entente/core/transaction.h"
#include "entente/core/value.h"
#include "entente/query/counters.h"
#include "entente/query/exec/batch.h"
#include "entente/query/functions/registry.h"

namespace entente {

class ProcedureRegistry;
class Profile;

struct ExecContext {
  /// The version that is read; in a writing statement the transaction's working version.
  const Snapshot* graph = nullptr;
  Transaction* transaction = nullptr;  // null: reading only
  const Map* parameters = nullptr;
  const ProcedureRegistry* procedures = nullptr;
  const FunctionRegistry* function_registry = nullptr;  // for listing them; null: none
  FunctionContext functions;
  Counters counters;
  std::string csv_root;  // the folder below which LOAD CSV may read; empty: none
  size_t variable_count = 0;
  size_t batch_size = kBatchSize;
  unsigned threads = 1;        // the most that a reading statement may use
  Profile* profile = nullptr;  // null: nothing is measured

  // Limits.
  const std::atomic<bool>* cancelled = nullptr;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  size_t memory_limit = 0;  // 0: none
  std::atomic<size_t> memory_used{0};

  /// Makes this the context of a thread that works for `parent`: it reads the same, is stopped as it is and by
  /// `stopped`, and counts its memory there. Both must outlive it.
  void share(ExecContext& parent, const std::atomic<bool>& stopped);

  void check() const;
  /// Counts bytes that an operator begins (or with a negative number ceases) to hold.
  void account(ptrdiff_t bytes);

  /// The parameter's value. Throws ParameterMissing.MissingParameter.
  const Value& parameter(const std::string& name, Span span) const;

 private:
  ExecContext* parent_ = nullptr;
  const std::atomic<bool>* stopped_ = nullptr;
};

}  // namespace entente
