// Pass implied-labels: a label that the end of a relationship always has is not checked.
//
// The statistics say exactly how many relationships of a type end at nodes with a label. Where that is all of them,
// `(a)-[:HELD_AT]->(f:Forum)` needs not look at f. A plan that rests on this holds as long as it is true, so each fact
// is noted (`PassContext::assumed`) and looked at again before the plan is used; and a statement that writes, which may
// make it false on the way, is left alone. A label that was checked once is not checked again either.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

class ImpliedLabels {
 public:
  explicit ImpliedLabels(const PassContext& context) : context_(context) {}

  /// Whether the operator is needed, of those that come after the ones visited.
  bool visit(const PlanOp& op) {
    if (const auto* scan = std::get_if<NodeScanOp>(&op)) {
      if (scan->label) labels_[scan->var].push_back(*scan->label);
    } else if (const auto* seek = std::get_if<IndexSeekOp>(&op)) {
      if (seek->entity == EntityType::Node) labels_[seek->var].push_back(seek->label);
    } else if (const auto* range = std::get_if<IndexRangeOp>(&op)) {
      if (range->entity == EntityType::Node) labels_[range->var].push_back(range->label);
    } else if (const auto* expand = std::get_if<ExpandOp>(&op)) {
      if (!expand->into) reached_[expand->to] = {expand->types, expand->direction, {}};
    } else if (const auto* walk = std::get_if<VarExpandOp>(&op)) {
      if (!walk->into && walk->min > 0) reached_[walk->to] = {walk->types, walk->direction, {}};
    } else if (const auto* filter = std::get_if<FilterOp>(&op)) {
      return !implied(*filter->predicate);
    } else if (may_write(op)) {
      labels_.clear();
      reached_.clear();
    }
    return true;
  }

 private:
  static bool may_write(const PlanOp& op) {
    return std::holds_alternative<CreateOp>(op) || std::holds_alternative<MergeOp>(op) ||
           std::holds_alternative<SetOp>(op) || std::holds_alternative<RemoveOp>(op) ||
           std::holds_alternative<DeleteOp>(op) || std::holds_alternative<ForeachOp>(op) ||
           std::holds_alternative<CallSubqueryOp>(op) || std::holds_alternative<BarrierOp>(op) ||
           std::holds_alternative<CallProcedureOp>(op);
  }

  bool implied(const Expr& predicate) {
    if (predicate.kind != ExprKind::HasLabels || predicate.args[0]->kind != ExprKind::Variable) return false;
    const VarId var = predicate.args[0]->var;
    const std::string* label = single_label(predicate, var);
    if (label == nullptr) return false;
    std::vector<std::string>& known = labels_[var];
    if (std::find(known.begin(), known.end(), *label) != known.end()) return true;
    known.push_back(*label);
    const auto along = reached_.find(var);
    if (along == reached_.end() || context_.assumed == nullptr) return false;
    if (!context_.cardinality.always_ends_at(along->second.types, along->second.direction, *label)) return false;
    EndFact fact = along->second;
    fact.label = *label;
    context_.assumed->push_back(std::move(fact));
    return true;
  }

  const PassContext& context_;
  std::unordered_map<VarId, std::vector<std::string>> labels_;  // that a node is known to have
  std::unordered_map<VarId, EndFact> reached_;                  // along what a node was found
};

}  // namespace

Chain implied_labels(Chain chain, const PassContext& context) {
  ImpliedLabels pass(context);
  Chain left;
  left.reserve(chain.size());
  for (PlanOp& op : chain) {
    if (pass.visit(op)) left.push_back(std::move(op));
  }
  return left;
}

}  // namespace entente
