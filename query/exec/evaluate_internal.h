// What the parts of the evaluator share. Not for use outside query/exec/evaluate*.cc.
//
// Each `evaluate_…` computes one kind (or a few) of expression for all rows of a batch that has at least one
// row. Where all operands are constant vectors, the result is one too, and computed once.
#pragma once

#include <string>
#include <vector>

#include "entente/core/error.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/text_test.h"

namespace entente {

/// An evaluated operand: a vector and, for a variable, the selection of its column, so that it need not be copied.
struct Operand {
  VectorPtr vector;
  SelectionPtr selection;

  VectorType type() const { return vector->type(); }
  bool constant() const { return vector->is_constant(); }
  bool has_nulls() const { return vector->has_nulls(); }
  size_t row(size_t i) const { return selection ? (*selection)[i] : i; }
  /// The place of row i in the vector's raw data.
  size_t at(size_t i) const { return vector->at(row(i)); }
  bool is_null(size_t i) const { return vector->is_null(row(i)); }
  Value get(size_t i) const { return vector->get(row(i)); }
  /// The same into a value that is there, which is cheaper for texts.
  void get(size_t i, Value& value) const {
    if (type() == VectorType::String && !is_null(i))
      value.set_text(vector->texts[at(i)]);
    else
      value = get(i);
  }
  /// The value itself where it is stored as one, else put into `scratch`.
  const Value& ref(size_t i, Value& scratch) const {
    if (type() == VectorType::Value) return vector->values[at(i)];
    get(i, scratch);
    return scratch;
  }
};

Operand evaluate_operand(const Expr& expr, const Batch& batch, ExecContext& context);
std::vector<Operand> evaluate_operands(const std::vector<ExprPtr>& exprs, const Batch& batch, ExecContext& context);
bool all_constant(const std::vector<Operand>& operands);

/// The bytes of a list, map or string itself, without what it shares with others.
size_t own_bytes(const Value& value);
/// The bytes that the values of a vector hold.
size_t heap_bytes(const Vector& vector);

/// fn(i) for each row, or once if `constant`.
template <class Fn>
VectorPtr map_rows(size_t rows, bool constant, Fn fn) {
  if (constant) return Vector::constant(fn(size_t{0}), rows);
  VectorBuilder builder(rows);
  for (size_t i = 0; i < rows; ++i) builder.add(fn(i));
  return builder.finish();
}

/// Throws TypeError.InvalidArgumentType for what is neither a boolean nor null.
Ternary ternary_at(const Operand& operand, size_t i, Span span);
std::vector<Ternary> ternaries(const Operand& operand, size_t rows, Span span);
VectorPtr make_boolean_vector(const std::vector<Ternary>& values);
VectorPtr make_boolean_constant(Ternary value, size_t rows);

// evaluate_logic.cc
VectorPtr evaluate_and_or(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_xor(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_not(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_null_test(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_case(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_coalesce(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_call.cc
VectorPtr evaluate_call(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_comparison.cc
/// 1 where either operand is null; empty if there are none.
std::vector<uint8_t> null_rows(const Operand& a, const Operand& b, size_t rows);
/// A comparison, STARTS WITH, ENDS WITH or CONTAINS.
VectorPtr compare_operands(ExprKind op, const Operand& a, const Operand& b, size_t rows, Span span,
                           ExecContext& context);
/// a IN b.
VectorPtr test_membership(const Operand& a, const Operand& b, size_t rows, Span span, ExecContext& context);

// evaluate_operators.cc: all binary operators, and the signs
VectorPtr evaluate_operator(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_sign(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_property.cc
VectorPtr evaluate_property(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_property_test(const Expr& property, const Batch& batch, bool is_null, ExecContext& context);
/// A test of a property against a constant, on the texts of the column's pages (see text_test.h). Null if it cannot be
/// done so; `container` is the evaluated args[0] of the property.
VectorPtr test_property(ExprKind op, const Operand& container, const std::string& name, const Value& constant,
                        size_t rows, ExecContext& context, Span span);
VectorPtr property_vector(const Operand& container, const std::string& name, size_t rows, ExecContext& context,
                          Span span);
VectorPtr evaluate_element(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_slice(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_map_projection(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_type.cc
VectorPtr evaluate_is_typed(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_labels.cc
VectorPtr evaluate_labels(const Expr& expr, const Batch& batch, ExecContext& context);

// evaluate_collections.cc
VectorPtr evaluate_list(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_map(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_list_comprehension(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_quantifier(const Expr& expr, const Batch& batch, ExecContext& context);
VectorPtr evaluate_reduce(const Expr& expr, const Batch& batch, ExecContext& context);

}  // namespace entente
