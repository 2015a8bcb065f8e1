// Building, walking and rewriting bound expressions, for the planner and the optimiser's passes.
//
// Expressions are shared between the syntax tree, the plan and its rewritings, so rewriting copies the nodes on the way
// to a change and leaves the rest. The one exception is the planning of subqueries, which turns the expression itself
// into `ExprKind::Subquery` (subquery_planner.cc). Trees are at most kMaxDepth deep, so all of this recurses.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/syntax/ast.h"
#include "entente/query/syntax/preparation.h"

namespace entente {

// ---- building ----

ExprPtr make_variable(VarId var, std::string name, Span span = {});
ExprPtr make_literal(Value value, Span span = {});
ExprPtr make_property(ExprPtr container, std::string key, Span span = {});
ExprPtr make_binary(ExprKind kind, ExprPtr left, ExprPtr right, Span span = {});
ExprPtr make_has_labels(ExprPtr entity, LabelExpr label);
/// The conjunction; null of none, the predicate itself of one.
ExprPtr make_and(std::vector<ExprPtr> predicates);
/// How many rows there are at most up to the end of SKIP `skip` LIMIT `limit`; `skip` may be null. Null where the
/// counts are not literals or parameters, and so would be computed twice.
ExprPtr make_row_limit(const ExprPtr& skip, const ExprPtr& limit);

// ---- looking ----

/// Calls `visit` on each direct part that is there.
template <class Visitor>
void for_each_child(const Expr& expr, Visitor&& visit) {
  Preparation::step();
  for (const ExprPtr& arg : expr.args) {
    if (arg != nullptr) visit(arg);
  }
  for (const MapProjectionItem& item : expr.projection) {
    if (item.value != nullptr) visit(item.value);
  }
}

/// Calls `visit(VarId)` for each use of a variable, those of comprehensions' own variables and of subqueries' inputs
/// included.
template <class Visitor>
void for_each_variable(const Expr& expr, Visitor&& visit) {
  if (expr.kind == ExprKind::Variable) visit(expr.var);
  for (VarId input : expr.subquery_inputs) visit(input);
  for_each_child(expr, [&](const ExprPtr& child) { for_each_variable(*child, visit); });
}

bool reads_variable(const Expr& expr, VarId var);

/// Whether `accepts` holds for the expression or a part of it.
template <class Predicate>
bool any_part(const Expr& expr, const Predicate& accepts) {
  if (accepts(expr)) return true;
  bool found = false;
  for_each_child(expr, [&](const ExprPtr& child) { found = found || any_part(*child, accepts); });
  return found;
}

bool contains_subquery(const Expr& expr);
bool contains_aggregate(const Expr& expr);
/// Gives the same for the same variables within a statement: calls no function such as rand(). Clocks that are fixed
/// for a statement are deterministic here, though not for folding.
bool is_deterministic(const Expr& expr);

/// The same expression of the same variables, whatever its place in the text.
bool same_expression(const Expr& a, const Expr& b);

/// The parts of a conjunction, in order; of anything else, itself.
void split_conjunction(const ExprPtr& predicate, std::vector<ExprPtr>& parts);

/// `n.key = value` or `value = n.key`, for a variable n that `value` does not read.
struct PropertyComparison {
  ExprKind kind;  // Equal, Less, LessEqual, Greater, GreaterEqual (with the property on the left), StartsWith
  std::string_view key;
  ExprPtr value;
};
std::optional<PropertyComparison> property_comparison(const Expr& predicate, VarId var);

/// `n.key IN list`, or `n.key = a OR n.key = b OR …` as `n.key IN [a, b, …]`, for a variable n that the list does not
/// read. As conditions of a filter the two are the same.
struct PropertyMembership {
  std::string_view key;
  ExprPtr list;
};
std::optional<PropertyMembership> property_membership(const Expr& predicate, VarId var);

/// The key of a property of the variable that must be there for the predicate to be true; empty if none is known.
std::string_view required_key(const Expr& predicate, VarId var);

/// The value in `id(n) = value` or `value = id(n)`, if it does not read n; else null.
ExprPtr id_comparison(const Expr& predicate, VarId var);

/// The label in `n:Label`, if the predicate is that and nothing more; else null.
const std::string* single_label(const Expr& predicate, VarId var);

// ---- rewriting ----

/// Rebuilds the expression from the top down: where `replace` gives an expression, that is taken (and not looked into);
/// where it gives null, the parts are rewritten. Gives the same pointer if nothing changed.
using Replacement = std::function<ExprPtr(const ExprPtr&)>;
ExprPtr rewrite(const ExprPtr& expr, const Replacement& replace);

}  // namespace entente
