// Questions about bound expressions: which variables they use, whether two are the same, and a copy.
//
// All walk trees that the parser has bounded, by recursion. Thread-safe on trees that nobody changes.
#pragma once

#include <functional>
#include <string_view>

#include "entente/query/syntax/ast.h"

namespace entente {

/// Calls `use` for each use of a variable, those inside patterns and subqueries included.
using VariableUse = std::function<void(VarId var, const std::string& name, Span span)>;
void for_each_variable(const Expr& expr, const VariableUse& use);

/// Tells two expressions of a statement apart from what surrounds them.
struct ComparisonContext {
  std::string_view text;  // the statement's
  VarId own_a = kNoVar;   // variables from this number on are made by the first expression itself
  VarId own_b = kNoVar;   // and by the second
};

/// Whether two expressions say the same: the same operators over the same variables and equal literals of the same
/// kinds. Variables that they make themselves may differ in number.
bool same_expression(const Expr& a, const Expr& b, const ComparisonContext& context);

/// A hash that agrees with same_expression for expressions whose own variables have the same names. `inner`, if given,
/// is called with each node below and its hash.
size_t hash_expression(const Expr& expr, const std::function<void(const Expr&, size_t)>& inner = nullptr);

/// A copy of the tree; patterns and subqueries are shared.
ExprPtr clone_expression(const Expr& expr);

}  // namespace entente
