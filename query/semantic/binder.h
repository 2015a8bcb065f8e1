// Resolves the names of a parsed statement in place and raises openCypher's compile-time errors.
//
// Numbers variables, points calls at functions, expands `*`, infers the kinds an expression can have, checks the
// composition of clauses, aggregation, arguments of procedures and uses of variables. Labels, types and property
// keys need no resolving here: unknown ones are legal.
// Errors: SyntaxError.UndefinedVariable, VariableAlreadyBound, VariableTypeConflict, AmbiguousAggregationExpression,
// UnknownFunction, InvalidNumberOfArguments, …; ProcedureError.ProcedureNotFound; ParameterMissing.MissingParameter for
// a standalone call without arguments. All at compile time, with the place and, where one is near, a suggestion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "entente/query/functions/registry.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// What the binder must know of a procedure.
struct ProcedureSignature {
  struct Field {
    std::string name;
    TypeSet type = kAnyType;
    std::string type_name;  // as declared: "INTEGER?"
  };
  std::string name;
  std::vector<Field> inputs;
  std::vector<Field> outputs;
  bool writes = false;
};

/// Gives the binder what it looks up outside the statement.
class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual const Function* function(std::string_view name) const = 0;
  virtual std::string nearest_function(std::string_view name) const = 0;
  virtual const ProcedureSignature* procedure(std::string_view name) const = 0;
  virtual std::string nearest_procedure(std::string_view name) const = 0;
};

void bind(Statement& statement, const Catalog& catalog);

/// Binds an expression that may use parameters and functions but no variables.
void bind_constant(Expr& expr, const Catalog& catalog);

}  // namespace entente
