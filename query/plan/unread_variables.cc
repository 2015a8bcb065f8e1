// Pass unread-variables: what nobody reads is not computed.
//
// From the end of the chain to its leaf, with the variables needed so far: an expansion whose relationship or end
// nobody reads does not bind it (with neither, it multiplies its rows by the degree); a path nobody reads is not built;
// columns that only pass a variable on, and variables of OPTIONAL that nobody reads, go. Columns that compute something
// stay, as computing may fail.
#include <algorithm>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// Variables needed above where the pass has got to.
class Needed {
 public:
  explicit Needed(size_t variables) : needed_(variables) {}
  bool has(VarId var) const { return var < needed_.size() && needed_[var]; }
  void add(VarId var) {
    if (var >= needed_.size()) needed_.resize(var + 1);
    needed_[var] = true;
  }
  void remove(VarId var) {
    if (var < needed_.size()) needed_[var] = false;
  }
  size_t size() const { return needed_.size(); }

 private:
  std::vector<bool> needed_;
};

void prune(Chain& chain, Needed& needed);

PlanPtr prune_inner(const PlanPtr& plan, Needed needed) {
  Chain chain = to_chain(*plan);
  prune(chain, needed);
  return to_plan(std::move(chain));
}

/// Takes out what is not needed of what the operator binds; false if nothing of the operator is needed.
struct Pruner {
  Needed& needed;

  bool operator()(ExpandOp& op) const {
    if (!needed.has(op.rel)) op.rel = kNoVar;
    if (!op.into && !needed.has(op.to)) op.to = kNoVar;
    return true;
  }
  bool operator()(VarExpandOp& op) const {
    if (!needed.has(op.rel)) op.rel = kNoVar;
    return true;
  }
  bool operator()(BuildPathOp& op) const { return needed.has(op.path); }
  bool operator()(ProjectOp& op) const {
    std::erase_if(op.columns, [&](const ProjectedColumn& column) {
      return column.expr->kind == ExprKind::Variable && !needed.has(column.var);
    });
    return !op.keep_input || !op.columns.empty();
  }
  bool operator()(OptionalOp& op) const {
    std::erase_if(op.vars, [&](VarId var) { return !needed.has(var); });
    op.inner = prune_inner(op.inner, needed);
    return true;
  }
  bool operator()(UnionOp& op) const {
    for (size_t i = 0; i < op.branches.size(); ++i) {
      Needed columns(needed.size());
      for (VarId var : op.columns[i]) columns.add(var);
      op.branches[i] = prune_inner(op.branches[i], std::move(columns));
    }
    return true;
  }
  bool operator()(MergeOp& op) const {
    Needed bound = needed;
    for (VarId var : op.vars) bound.add(var);
    op.match = prune_inner(op.match, std::move(bound));
    return true;
  }
  template <class T>
  bool operator()(T&) const {
    return true;
  }
};

/// What is needed below an operator, of what is needed above it.
void go_below(const PlanOp& op, Needed& needed) {
  const auto* project = std::get_if<ProjectOp>(&op);
  const bool replaces = (project != nullptr && !project->keep_input) || std::holds_alternative<AggregateOp>(op);
  if (replaces) {
    needed = Needed(needed.size());
  } else if (project != nullptr) {
    for (const ProjectedColumn& column : project->columns) needed.remove(column.var);
  }
  for_each_read(op, [&](VarId var) { needed.add(var); });
}

void prune(Chain& chain, Needed& needed) {
  std::vector<bool> dropped(chain.size());
  for (size_t i = chain.size(); i-- > 0;) {
    dropped[i] = !std::visit(Pruner{needed}, chain[i]);
    if (!dropped[i]) go_below(chain[i], needed);
  }
  size_t kept = 0;
  for (size_t i = 0; i < chain.size(); ++i) {
    if (dropped[i]) continue;
    if (kept != i) chain[kept] = std::move(chain[i]);
    ++kept;
  }
  chain.resize(kept);
}

}  // namespace

Chain unread_variables(Chain chain, const PassContext& context) {
  Needed needed(context.variable_count);
  for (VarId var : context.needed) needed.add(var);
  prune(chain, needed);
  return chain;
}

}  // namespace entente
