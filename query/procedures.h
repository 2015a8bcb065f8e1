// The procedures that `CALL` can reach: built in (`algo.*`, `db.*`) and the host's own.
//
// A procedure is called once for each input row with its arguments and gives its rows as a list. A registry is filled
// before statements run and then only read.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/exec/context.h"
#include "entente/query/semantic/binder.h"

namespace entente {

/// Rows of a procedure, each with a value for every output field, in order.
using ProcedureRows = std::vector<std::vector<Value>>;
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
