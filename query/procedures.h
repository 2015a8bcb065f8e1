// The procedures that `CALL` can reach: built in (`algo.*`, `db.*`) and the host's own.
//
// A procedure is called once for each input row with its arguments and gives its rows as a list. A registry is filled
// before statements run and then only read.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/chunked_vector.h"
#include "entente/query/exec/context.h"
#include "entente/query/semantic/binder.h"

namespace entente {

/// Rows of a procedure, each with a value for every output field, in order. Their values stand one behind the other:
/// there may be millions, and to give each row back by itself takes longer than a statement that is stopped may.
class ProcedureRows {
 public:
  ProcedureRows() = default;
  ProcedureRows(std::initializer_list<std::vector<Value>> rows) {
    for (const std::vector<Value>& row : rows) push_back(row);
  }
  void push_back(std::vector<Value> row) {
    if (count_ == 0) width_ = row.size();
    if (row.size() != width_) odd_width_ = row.size();
    for (Value& value : row) values_.push_back(std::move(value));
    ++count_;
  }
  size_t size() const { return count_; }
  /// Of each row; where there is one that has another, of that.
  size_t width() const { return odd_width_.value_or(width_); }
  /// Where all have the same width.
  const Value& at(size_t row, size_t field) const { return values_[row * width_ + field]; }

 private:
  ChunkedVector<Value> values_;
  size_t count_ = 0;
  size_t width_ = 0;
  std::optional<size_t> odd_width_;
};

using ProcedureFunction = std::function<ProcedureRows(const std::vector<Value>& args, ExecContext& context)>;

struct Procedure {
  ProcedureSignature signature;
  ProcedureFunction call;
  std::string description;
};

class ProcedureRegistry {
 public:
  void add(Procedure procedure);
  const Procedure* find(std::string_view name) const;  // without regard to case
  std::string nearest(std::string_view name) const;
  std::vector<const Procedure*> all() const;

 private:
  std::map<std::string, Procedure, std::less<>> procedures_;
};

/// Parses "name(in :: TYPE, …) :: (out :: TYPE, …)". Throws Error SyntaxError.InvalidProcedureSignature.
ProcedureSignature parse_procedure_signature(std::string_view text);

// db.labels, db.relationshipTypes, db.propertyKeys, db.schema.*
void add_graph_procedures(ProcedureRegistry& registry);
void add_schema_procedures(ProcedureRegistry& registry);  // db.indexes, db.constraints, dbms.functions, dbms.procedures
void add_full_text_procedures(ProcedureRegistry& registry);  // db.index.fulltext.*
void add_algorithm_procedures(ProcedureRegistry& registry);  // algo.*

}  // namespace entente
