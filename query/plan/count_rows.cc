// Pass count-rows: count(v) of a variable that is never null becomes count(*).
//
// Never null is what a scan, an expansion or BuildPath binds, until a projection makes other columns. So `count(r)`
// over relationships needs not look at them, and unread-variables can let their expansion multiply.
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

class Counter {
 public:
  void visit(PlanOp& op) {
    if (auto* aggregate = std::get_if<AggregateOp>(&op)) {
      for (ProjectedColumn& column : aggregate->aggregates) replace(column.expr);
    }
    const bool binds_values = std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
                              std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op) ||
                              std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
                              std::holds_alternative<PathSearchOp>(op) ||
                              std::holds_alternative<BoundRelationshipOp>(op) ||
                              std::holds_alternative<BuildPathOp>(op);
    if (binds_values) {
      for_each_binding(op, [&](VarId var) { mark(var, true); });
    } else if (const auto* project = std::get_if<ProjectOp>(&op)) {
      for (const ProjectedColumn& column : project->columns) {
        if (column.expr->kind != ExprKind::Variable || column.expr->var != column.var) {
          mark(column.var, column.expr->kind == ExprKind::Variable && present(column.expr->var));
        }
      }
    }
  }

 private:
  bool present(VarId var) const { return present_.contains(var); }
  void mark(VarId var, bool is_present) {
    if (is_present) {
      present_.insert(var);
    } else {
      present_.erase(var);
    }
  }

  void replace(ExprPtr& expr) const {
    if (expr->kind != ExprKind::Aggregate || expr->aggregate != Aggregate::Count || expr->distinct) return;
    const Expr& counted = *expr->args[0];
    if (counted.kind != ExprKind::Variable || !present(counted.var)) return;
    auto count = std::make_shared<Expr>(*expr);
    count->aggregate = Aggregate::CountStar;
    count->args.clear();
    expr = std::move(count);
  }

  std::unordered_set<VarId> present_;
};

}  // namespace

Chain count_rows(Chain chain, const PassContext&) {
  Counter counter;
  for (PlanOp& op : chain) counter.visit(op);
  return chain;
}

}  // namespace entente
