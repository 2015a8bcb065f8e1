#include "entente/query/exec/context.h"

#include <algorithm>

#include "entente/query/exec/profile.h"

namespace entente {

namespace {

[[noreturn]] void fail_memory(size_t used, size_t limit) {
  throw Error::resource("MemoryLimit", "the statement needs more memory than its limit of " + std::to_string(limit) +
                                           " bytes (it holds " + std::to_string(used) +
                                           "); raise the limit, or let it hold fewer rows at a time");
}

}  // namespace

void ExecContext::share(ExecContext& parent, const std::atomic<bool>& stopped) {
  graph = parent.graph;
  parameters = parent.parameters;
  procedures = parent.procedures;
  function_registry = parent.function_registry;
  functions = parent.functions;
  csv_root = parent.csv_root;
  variable_count = parent.variable_count;
  batch_size = parent.batch_size;
  parent_ = &parent;
  stopped_ = &stopped;
}

void ExecContext::check() const {
  if (parent_ != nullptr) {
    if (stopped_->load(std::memory_order_relaxed)) throw Error::resource("Cancelled", "the statement was stopped");
    return parent_->check();
  }
  if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
    throw Error::resource("Cancelled", "the statement was cancelled");
  }
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() >= deadline) {
    throw Error::resource("Timeout",
                          "the statement ran longer than its time limit; raise the limit or narrow the statement");
  }
  const size_t used = memory_used.load(std::memory_order_relaxed);
  if (memory_limit != 0 && used > memory_limit) fail_memory(used, memory_limit);
}

void ExecContext::account(ptrdiff_t bytes) {
  if (parent_ != nullptr) return parent_->account(bytes);
  if (profile != nullptr) profile->account(bytes);
  if (bytes < 0) {
    const size_t released = static_cast<size_t>(-bytes);
    size_t used = memory_used.load(std::memory_order_relaxed);
    while (!memory_used.compare_exchange_weak(used, used - std::min(used, released), std::memory_order_relaxed)) {
    }
    return;
  }
  const size_t used =
      memory_used.fetch_add(static_cast<size_t>(bytes), std::memory_order_relaxed) + static_cast<size_t>(bytes);
  if (memory_limit != 0 && used > memory_limit) fail_memory(used, memory_limit);
}

const Value& ExecContext::parameter(const std::string& name, Span span) const {
  if (parameters != nullptr) {
    const auto found = std::lower_bound(parameters->begin(), parameters->end(), name,
                                        [](const auto& entry, const std::string& key) { return entry.first < key; });
    if (found != parameters->end() && found->first == name) return found->second;
  }
  throw Error("ParameterMissing", "MissingParameter", Phase::Runtime,
              "the statement uses the parameter $" + name + ", but no value was given for it", span);
}

}  // namespace entente
