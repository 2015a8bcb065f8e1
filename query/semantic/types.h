// What the binder can tell of a value before any is computed: the kinds it may have, and those of its elements.
//
// Kinds are over-approximated: what a value may be is always among them. An operation is refused only if it accepts
// none of them; that a value might be null as well does not save it. Everything else is left to run time.
// Pure functions; thread-safe.
#pragma once

#include <span>

#include "entente/query/functions/registry.h"
#include "entente/query/syntax/ast.h"

namespace entente {

struct ValueType {
  TypeSet kinds = kAnyType;
  TypeSet elements = kAnyType;  // of the elements, where the value is a list

  bool may_be(TypeSet types) const { return (kinds & types) != 0; }
  /// Whether it is none of these, unless it is null: then an operation on these cannot do anything useful.
  bool excludes(TypeSet types) const { return (kinds & ~kNullType) != 0 && (kinds & types) == 0; }
  /// Whether it cannot be anything but these, or null.
  bool is_only(TypeSet types) const { return (kinds & ~(types | kNullType)) == 0 && (kinds & types) != 0; }
};

/// What either of the two may be.
ValueType either(const ValueType& a, const ValueType& b);

ValueType type_of_literal(const Value& value);

/// Of `a op b`, op being an arithmetic operator or ||.
ValueType type_of_arithmetic(ExprKind op, const ValueType& a, const ValueType& b);

/// The kinds an operand of an arithmetic operator, a sign or || must have one of (null apart).
TypeSet operand_types(ExprKind op);

/// The operator as written, for messages.
std::string_view operator_text(ExprKind op);

ValueType type_of_aggregate(Aggregate aggregate, std::span<const ValueType> args);

/// The kinds an aggregate takes as its argument of this number.
TypeSet aggregate_argument_types(Aggregate aggregate, size_t argument);

ValueType type_of_call(const Function& function, std::span<const ValueType> args);

}  // namespace entente
