#include "entente/query/exec/context.h"

#include <algorithm>

#include "entente/query/exec/profile.h"

namespace entente {

void ExecContext::share(ExecContext& parent, const std::atomic<bool>& stopped) {
  graph = parent.graph;
  parameters = parent.parameters;
  procedures = parent.procedures;
  function_registry = parent.function_registry;
  functions.graph = parent.functions.graph;
  csv_root = parent.csv_root;
  temporary_folder = parent.temporary_folder;
  variable_count = parent.variable_count;
  batch_size = parent.batch_size;
  parent_ = &parent;
  work_for(parent, stopped);
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
  memory_used.fetch_add(static_cast<size_t>(bytes), std::memory_order_relaxed);
  check_memory();
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
