// What a running statement shares among its operators and expressions: the graph, parameters, limits, counters.
//
// One statement, one context, and one for each thread that works for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "entente/core/snapshot.h"
#include "entente/core/transaction.h"
#include "entente/core/value.h"
#include "entente/query/counters.h"
#include "entente/query/exec/batch.h"
#include "entente/query/functions/registry.h"
#include "entente/query/statement_limits.h"

namespace entente {

class ColumnViews;
class ProcedureRegistry;
class Profile;

/// Values of the subqueries that are computed once for a whole run.
class OnceValues {
 public:
  /// Null if it has not been computed yet. Valid until another is kept.
  const Value* find(const Expr& subquery) const {
    const auto found = values_.find(&subquery);
    return found == values_.end() ? nullptr : &found->second;
  }
  void keep(const Expr& subquery, Value value) { values_.emplace(&subquery, std::move(value)); }

 private:
  std::unordered_map<const Expr*, Value> values_;
};

struct ExecContext : StatementLimits {
  ExecContext() { functions.limits = this; }

  /// The version that is read; in a writing statement the transaction's working version.
  const Snapshot* graph = nullptr;
  Transaction* transaction = nullptr;  // null: reading only
  const Map* parameters = nullptr;
  const ProcedureRegistry* procedures = nullptr;
  const FunctionRegistry* function_registry = nullptr;  // for listing them; null: none
  FunctionContext functions;
  Counters counters;
  std::string_view csv_root;          // the folder below which LOAD CSV may read; empty: none
  std::string_view temporary_folder;  // for what operators move to disk; empty: the system's
  size_t variable_count = 0;
  size_t batch_size = kBatchSize;
  unsigned threads = 1;        // the most that a reading statement may use
  Profile* profile = nullptr;  // null: nothing is measured
  OnceValues once;
  std::shared_ptr<ColumnViews> column_views;  // see column_reader.h; null: none yet

  /// Makes this the context of a thread that works for `parent`: it reads the same, is stopped as it is and by
  /// `stopped`, and counts its memory there. Both must outlive it.
  void share(ExecContext& parent, const std::atomic<bool>& stopped);

  /// Counts bytes that an operator begins (or with a negative number ceases) to hold.
  void account(ptrdiff_t bytes);

  /// The parameter's value. Throws ParameterMissing.MissingParameter.
  const Value& parameter(const std::string& name, Span span) const;

 private:
  ExecContext* parent_ = nullptr;
};

}  // namespace entente
