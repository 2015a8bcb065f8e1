// A plan while it is made: its operators in a vector, from the leaf to the end.
//
// A plan is a chain of operators with one input each, so this form says the same as the tree of Plan nodes, and can be
// changed in place and walked in a loop however long it is. Inner plans (of Optional, Union, Merge and subquery
// expressions) are finished plans. What an operator reads and binds is told here once, for all passes.
#pragma once

#include <algorithm>
#include <vector>

#include "entente/query/plan/expressions.h"
#include "entente/query/plan/plan.h"

namespace entente {

struct Chain : std::vector<PlanOp> {
  using std::vector<PlanOp>::vector;
};

/// Without estimates; see Cardinality for those.
PlanPtr to_plan(Chain chain);
Chain to_chain(const Plan& plan);

namespace detail {

template <class T, class... Options>
inline constexpr bool kIsOneOf = (std::is_same_v<std::remove_const_t<T>, Options> || ...);

template <class Items, class Visitor>
void visit_set_items(Items& items, Visitor& visit) {
  for (auto& item : items) {
    visit(item.target);
    visit(item.value);
    for (auto& label : item.dynamic_labels) visit(label);
  }
}

template <class Create, class Visitor>
void visit_create(Create& create, Visitor& visit) {
  for (auto& node : create.nodes) {
    for (auto& label : node.dynamic_labels) visit(label);
    visit(node.properties);
  }
  for (auto& rel : create.relationships) {
    visit(rel.dynamic_type);
    visit(rel.properties);
  }
}

}  // namespace detail

/// Calls `visit` on each place of the operator that holds an expression, also where it is null. `Op` is PlanOp, const
/// or not. Inner plans are not looked into.
template <class Op, class Visitor>
void for_each_expression(Op& operation, Visitor&& visit) {
  std::visit(
      [&](auto& op) {
        using T = std::remove_const_t<std::remove_reference_t<decltype(op)>>;
        if constexpr (detail::kIsOneOf<T, IndexSeekOp>) {
          for (auto& value : op.values) visit(value);
        } else if constexpr (detail::kIsOneOf<T, IndexRangeOp>) {
          visit(op.low);
          visit(op.high);
          visit(op.prefix);
        } else if constexpr (detail::kIsOneOf<T, NodeByIdOp>) {
          visit(op.id);
        } else if constexpr (detail::kIsOneOf<T, VarExpandOp, FilterOp>) {
          visit(op.predicate);
        } else if constexpr (detail::kIsOneOf<T, CombineRowsOp>) {
          visit(op.labels);
        } else if constexpr (detail::kIsOneOf<T, PathSearchOp>) {
          for (auto& stretch : op.stretches) {
            for (auto& hop : stretch.hops) visit(hop.predicate);
            visit(stretch.predicate);
            visit(stretch.end_predicate);
          }
          visit(op.predicate);
        } else if constexpr (detail::kIsOneOf<T, ProjectOp>) {
          for (auto& column : op.columns) visit(column.expr);
        } else if constexpr (detail::kIsOneOf<T, AggregateOp>) {
          for (auto& column : op.keys) visit(column.expr);
          for (auto& column : op.aggregates) visit(column.expr);
        } else if constexpr (detail::kIsOneOf<T, SortOp>) {
          for (auto& key : op.keys) visit(key.expr);
          visit(op.limit);
        } else if constexpr (detail::kIsOneOf<T, SkipOp, LimitOp>) {
          visit(op.count);
        } else if constexpr (detail::kIsOneOf<T, LoadCsvOp>) {
          visit(op.url);
        } else if constexpr (detail::kIsOneOf<T, UnwindOp, ForeachOp>) {
          visit(op.list);
        } else if constexpr (detail::kIsOneOf<T, CreateOp>) {
          detail::visit_create(op, visit);
        } else if constexpr (detail::kIsOneOf<T, MergeOp>) {
          detail::visit_create(op.create, visit);
          detail::visit_set_items(op.on_create, visit);
          detail::visit_set_items(op.on_match, visit);
        } else if constexpr (detail::kIsOneOf<T, SetOp>) {
          detail::visit_set_items(op.items, visit);
        } else if constexpr (detail::kIsOneOf<T, RemoveOp>) {
          for (auto& item : op.items) {
            visit(item.target);
            for (auto& label : item.dynamic_labels) visit(label);
          }
        } else if constexpr (detail::kIsOneOf<T, DeleteOp>) {
          for (auto& target : op.targets) visit(target);
        } else if constexpr (detail::kIsOneOf<T, CallProcedureOp>) {
          for (auto& arg : op.args) visit(arg);
        }
      },
      operation);
}

/// Calls `visit` on each inner plan (PlanPtr).
template <class Op, class Visitor>
void for_each_inner(Op& operation, Visitor&& visit) {
  if (auto* optional = std::get_if<OptionalOp>(&operation)) {
    visit(optional->inner);
  } else if (auto* call = std::get_if<CallSubqueryOp>(&operation)) {
    visit(call->inner);
  } else if (auto* join = std::get_if<CountJoinOp>(&operation)) {
    visit(join->inner);
    if (join->otherwise != nullptr) visit(join->otherwise);
  } else if (auto* foreach = std::get_if<ForeachOp>(&operation)) {
    visit(foreach->inner);
  } else if (auto* merge = std::get_if<MergeOp>(&operation)) {
    visit(merge->match);
  } else if (auto* branches = std::get_if<UnionOp>(&operation)) {
    for (auto& branch : branches->branches) visit(branch);
  }
}

/// Calls `visit(VarId)` for each variable that the operator takes from its input, those of its expressions included.
/// For an operator with inner plans that includes all they read, and so variables that they bind themselves; not for
/// those that read nothing from outside.
void for_each_read(const PlanOp& op, const std::function<void(VarId)>& visit);

/// Calls `visit(VarId)` for each variable that is new in the operator's rows.
void for_each_binding(const PlanOp& op, const std::function<void(VarId)>& visit);

inline bool contains(const std::vector<VarId>& vars, VarId var) {
  return std::find(vars.begin(), vars.end(), var) != vars.end();
}

/// Whether the operator reads the graph and gives rows for each of its input's, whatever the others are.
bool works_by_row(const PlanOp& op);

/// How many operators are at most below one another, inner plans included. What runs a plan recurses so deep.
size_t depth(const Chain& chain);

}  // namespace entente
