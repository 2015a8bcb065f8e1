#include "entente/query/plan/chain.h"

#include <algorithm>
#include <utility>

namespace entente {

PlanPtr to_plan(Chain chain) {
  PlanPtr plan;
  for (PlanOp& op : chain) plan = make_plan(std::move(op), std::move(plan));
  return plan;
}

Chain to_chain(const Plan& plan) {
  Chain chain;
  for (const Plan* at = &plan; at != nullptr; at = at->input.get()) chain.push_back(at->op);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

namespace {

using Visit = std::function<void(VarId)>;

void visit_unless_none(VarId var, const Visit& visit) {
  if (var != kNoVar) visit(var);
}

/// What an operator reads by itself, its expressions apart.
struct ReadVisitor {
  const Visit& visit;

  void operator()(const ExpandOp& op) const {
    if (op.counts.empty()) return read(op, visit);
    const Visit others = [&](VarId var) {
      if (!is_found_by(op, var)) visit(var);
    };
    read(op, others);
    for (const ExpandOp& count : op.counts) ReadVisitor{others}(count);
  }
  static void read(const ExpandOp& op, const Visit& visit) {
    visit(op.from);
    if (op.into) visit(op.to);
    for (VarId end : op.except) visit(end);
    for (const NearNode& other : op.far) visit(other.node);
    for (const NearNode& other : op.near) visit(other.node);
    for (VarId lower : op.order.lower) visit(lower);
    for (const PlacedRelationship& other : op.apart) {
      visit(other.rel);
      visit(other.from);
      visit(other.to);
    }
  }
  /// What an expansion with counts finds, and does not bind.
  static bool is_found_by(const ExpandOp& op, VarId var) {
    return var == op.each || var == op.rel ||
           std::any_of(op.counts.begin(), op.counts.end(), [&](const ExpandOp& count) { return var == count.rel; });
  }
  void operator()(const CombineRowsOp& op) const { visit(op.along ? op.along->from : op.var); }
  void operator()(const CountJoinOp& op) const {
    for (VarId key : op.keys) visit(key);
    for (const auto& [a, b] : op.same) {
      visit(a);
      visit(b);
    }
  }
  void operator()(const VarExpandOp& op) const {
    visit(op.from);
    if (op.into) visit(op.to);
  }
  void operator()(const PathSearchOp& op) const {
    visit(op.from);
    if (op.into) visit(op.to);
  }
  void operator()(const BoundRelationshipOp& op) const {
    visit(op.rel);
    if (op.from_bound) visit(op.from);
    if (op.to_bound) visit(op.to);
  }
  void operator()(const UniqueRelationshipsOp& op) const {
    visit(op.rel);
    for (VarId other : op.others) visit(other);
  }
  void operator()(const BuildPathOp& op) const {
    for (VarId part : op.parts) visit(part);
  }
  void operator()(const DistinctOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  void operator()(const UnionOp& op) const {
    for (const std::vector<VarId>& columns : op.columns) {
      for (VarId var : columns) visit(var);
    }
  }
  void operator()(const CreateOp& op) const {
    for (const CreatedRelationship& rel : op.relationships) {
      visit(rel.from);
      visit(rel.to);
    }
  }
  void operator()(const MergeOp& op) const { (*this)(op.create); }
  void operator()(const ResultOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  template <class T>
  void operator()(const T&) const {}
};

/// What an operator binds.
struct BindingVisitor {
  const Visit& visit;

  void operator()(const NodeScanOp& op) const {
    if (!op.together) visit(op.var);
  }
  void operator()(const IndexSeekOp& op) const { visit(op.var); }
  void operator()(const IndexRangeOp& op) const { visit(op.var); }
  void operator()(const NodeByIdOp& op) const { visit(op.var); }
  void operator()(const ExpandOp& op) const {
    if (!op.counts.empty()) return;
    visit_unless_none(op.rel, visit);
    if (!op.into) visit_unless_none(op.to, visit);
    for (VarId var : op.found) visit(var);
  }
  void operator()(const VarExpandOp& op) const {
    visit_unless_none(op.rel, visit);
    visit_unless_none(op.length, visit);
    if (!op.into) visit_unless_none(op.to, visit);
  }
  void operator()(const PathSearchOp& op) const {
    visit_unless_none(op.rel, visit);
    visit_unless_none(op.path, visit);
    for (const PathVariable& variable : op.variables) visit(variable.var);
    if (!op.into) visit(op.to);
  }
  void operator()(const CombineRowsOp& op) const {
    if (op.along) visit(op.var);
  }
  void operator()(const BoundRelationshipOp& op) const {
    if (!op.from_bound) visit(op.from);
    if (!op.to_bound) visit(op.to);
  }
  void operator()(const BuildPathOp& op) const { visit(op.path); }
  void operator()(const ProjectOp& op) const {
    for (const ProjectedColumn& column : op.columns) visit(column.var);
  }
  void operator()(const AggregateOp& op) const {
    for (const ProjectedColumn& column : op.keys) visit(column.var);
    for (const ProjectedColumn& column : op.aggregates) visit(column.var);
  }
  void operator()(const CountJoinOp& op) const {
    visit_unless_none(op.count, visit);
    for (VarId var : op.found) visit(var);
  }
  void operator()(const UnwindOp& op) const { visit(op.var); }
  void operator()(const UnionOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  void operator()(const OptionalOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  void operator()(const CallSubqueryOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  void operator()(const LoadCsvOp& op) const {
    visit(op.var);
    visit_unless_none(op.line, visit);
    visit_unless_none(op.file, visit);
  }
  void operator()(const CreateOp& op) const {
    for (const CreatedNode& node : op.nodes) visit(node.var);
    for (const CreatedRelationship& rel : op.relationships) visit(rel.var);
  }
  void operator()(const MergeOp& op) const {
    for (VarId var : op.vars) visit(var);
  }
  void operator()(const CallProcedureOp& op) const {
    for (const auto& [field, var] : op.yields) visit(var);
  }
  template <class T>
  void operator()(const T&) const {}
};

size_t depth(const Plan& plan);

/// `below` operators are under this one.
size_t depth_at(const PlanOp& op, size_t above) {
  size_t deepest = above;
  auto deepen = [&](const Plan& inner) { deepest = std::max(deepest, above + depth(inner)); };
  for_each_inner(op, [&](const PlanPtr& inner) { deepen(*inner); });
  const std::function<void(const Expr&)> search = [&](const Expr& expr) {
    if (expr.kind == ExprKind::Subquery && expr.plan != nullptr) deepen(*expr.plan);
    for_each_child(expr, [&](const ExprPtr& child) { search(*child); });
  };
  for_each_expression(op, [&](const ExprPtr& expr) {
    if (expr != nullptr) search(*expr);
  });
  return deepest;
}

size_t depth(const Plan& plan) {
  size_t above = 0;
  size_t deepest = 0;
  for (const Plan* at = &plan; at != nullptr; at = at->input.get()) {
    ++above;
    deepest = std::max(deepest, depth_at(at->op, above));
  }
  return deepest;
}

}  // namespace

void for_each_read(const PlanOp& op, const std::function<void(VarId)>& visit) {
  std::visit(ReadVisitor{visit}, op);
  for_each_expression(op, [&](const ExprPtr& expr) {
    if (expr != nullptr) for_each_variable(*expr, visit);
  });
  const auto* join = std::get_if<CountJoinOp>(&op);
  for_each_inner(op, [&](const PlanPtr& inner) {
    if (join != nullptr && inner == join->inner) return;  // which reads nothing from outside
    for (const Plan* at = inner.get(); at != nullptr; at = at->input.get()) for_each_read(at->op, visit);
  });
}

void for_each_binding(const PlanOp& op, const std::function<void(VarId)>& visit) {
  std::visit(BindingVisitor{visit}, op);
}

bool works_by_row(const PlanOp& op) {
  return std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
         std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op) ||
         std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
         std::holds_alternative<FilterOp>(op) || std::holds_alternative<ProjectOp>(op) ||
         std::holds_alternative<OptionalOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op) ||
         std::holds_alternative<CountJoinOp>(op);
}

size_t depth(const Chain& chain) {
  size_t deepest = 0;
  for (size_t i = 0; i < chain.size(); ++i) deepest = std::max(deepest, depth_at(chain[i], chain.size() - i));
  return deepest;
}

}  // namespace entente
