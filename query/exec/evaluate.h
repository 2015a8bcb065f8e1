// Evaluates bound expressions over batches, a vector at a time.
//
// There is one evaluator: every expression is computed for all rows of a batch. Constructs that must not compute
// some rows (CASE branches, the right side of AND and OR, coalesce) narrow the batch first, so that an error in a row
// not asked for is not raised. Comprehensions, quantifiers and reduce unnest their lists into batches of elements.
//
// Errors are thrown as Error at run time with the expression's span: TypeError.InvalidArgumentType,
// ArithmeticError.DivisionByZero, ArithmeticError.IntegerOverflow, ParameterMissing,
// EntityNotFound.DeletedEntityAccess, …
#pragma once

#include <vector>

#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// Bytes that expressions make (context.made_bytes) since this was made; forgotten at its end.
class MadeBytes {
 public:
  explicit MadeBytes(ExecContext& context) : context_(context), before_(context.made_bytes) {}
  ~MadeBytes();
  MadeBytes(const MadeBytes&) = delete;
  MadeBytes& operator=(const MadeBytes&) = delete;
  /// How many they are; to be counted by somebody else from now on.
  size_t take();

 private:
  ExecContext& context_;
  const size_t before_;
};

/// A vector of batch.rows values.
VectorPtr evaluate(const Expr& expr, const Batch& batch, ExecContext& context);

/// The same for a part of a larger expression, or for an operator that keeps the vector: what it holds stays counted as
/// made, in the MadeBytes around it.
VectorPtr evaluate_part(const Expr& expr, const Batch& batch, ExecContext& context);

/// The rows for which the predicate is true (not null, not false). Throws TypeError.InvalidArgumentType if it is no
/// boolean.
SelectionPtr evaluate_predicate(const Expr& predicate, const Batch& batch, ExecContext& context);

/// An expression with no variables.
Value evaluate_constant(const Expr& expr, ExecContext& context);

// Single operations on values, for the evaluator's slow path, aggregates and constant folding. `span` is for errors.
Value evaluate_binary(ExprKind op, const Value& a, const Value& b, Span span, ExecContext& context);
Value property_of(const Value& container, const std::string& name, ExecContext& context, Span span);
Value element_of(const Value& container, const Value& key, ExecContext& context, Span span);

/// The labels or types that a computed name `$(…)` stands for: that of a text, or those of a list of texts. Throws
/// TypeError.InvalidArgumentType for null and other kinds, ArgumentError.InvalidArgumentValue for an empty text.
std::vector<std::string> computed_names(const Value& value, Span span);

/// Runs a planned subquery (ExprKind::Subquery) for all rows of a batch at once. Implemented beside the operators.
VectorPtr evaluate_subquery(const Expr& expr, const Batch& batch, ExecContext& context);

}  // namespace entente
