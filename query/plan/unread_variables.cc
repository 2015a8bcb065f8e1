// Pass unread-variables: what nobody reads is not computed.
//
// From the end of the chain to its leaf, with the variables needed so far: an expansion whose relationship or end
// nobody reads does not bind it (with neither, it multiplies its rows by the degree); a path nobody reads is not built;
// columns that only pass a variable on, and variables of OPTIONAL that nobody reads, go. Columns that compute something
// stay, as computing may fail.
#include <algorithm>
#include <utility>
#include <vector>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

void prune(Chain& chain, LiveVariables& needed);

PlanPtr prune_inner(const PlanPtr& plan, LiveVariables needed) {
  Chain chain = to_chain(*plan);
  prune(chain, needed);
  return to_plan(std::move(chain));
}

/// Takes out what is not needed of what the operator binds; false if nothing of the operator is needed.
struct Pruner {
  LiveVariables& needed;

  bool operator()(ExpandOp& op) const {
    leave_unread(op, needed);
    return true;
  }
  bool operator()(VarExpandOp& op) const {
    if (!needed.has(op.rel)) op.rel = kNoVar;
    if (!needed.has(op.length)) op.length = kNoVar;
    return true;
  }
  bool operator()(PathSearchOp& op) const {
    if (!needed.has(op.rel)) op.rel = kNoVar;
    auto read = [&](VarId var) {
      return needed.has(var) || (op.predicate != nullptr && reads_variable(*op.predicate, var));
    };
    if (!read(op.path)) op.path = kNoVar;
    std::erase_if(op.variables, [&](const PathVariable& variable) { return !read(variable.var); });
    return true;
  }
  bool operator()(BuildPathOp& op) const { return needed.has(op.path); }
  bool operator()(ProjectOp& op) const {
    std::erase_if(op.columns, [&](const ProjectedColumn& column) {
      const bool cannot_fail = column.expr->kind == ExprKind::Variable || column.expr->kind == ExprKind::Literal;
      return cannot_fail && !needed.has(column.var);
    });
    return !op.keep_input || !op.columns.empty();
  }
  bool operator()(OptionalOp& op) const {
    std::erase_if(op.vars, [&](VarId var) { return !needed.has(var); });
    op.inner = prune_inner(op.inner, needed);
    return true;
  }
  bool operator()(CallSubqueryOp& op) const {
    size_t kept = 0;
    for (size_t k = 0; k < op.vars.size(); ++k) {
      if (!needed.has(op.vars[k])) continue;
      op.vars[kept] = op.vars[k];
      op.columns[kept++] = op.columns[k];
    }
    op.vars.resize(kept);
    op.columns.resize(kept);
    op.inner = prune_inner(op.inner, LiveVariables(op.columns));
    return true;
  }
  bool operator()(LoadCsvOp& op) const {
    if (!needed.has(op.line)) op.line = kNoVar;
    if (!needed.has(op.file)) op.file = kNoVar;
    return true;
  }
  bool operator()(UnionOp& op) const {
    for (size_t i = 0; i < op.branches.size(); ++i) {
      LiveVariables columns(op.columns[i]);
      op.branches[i] = prune_inner(op.branches[i], std::move(columns));
    }
    return true;
  }
  bool operator()(MergeOp& op) const {
    LiveVariables bound = needed;
    for (VarId var : op.vars) bound.add(var);
    op.match = prune_inner(op.match, std::move(bound));
    return true;
  }
  template <class T>
  bool operator()(T&) const {
    return true;
  }
};

void prune(Chain& chain, LiveVariables& needed) {
  std::vector<bool> dropped(chain.size());
  for (size_t i = chain.size(); i-- > 0;) {
    dropped[i] = !std::visit(Pruner{needed}, chain[i]);
    if (!dropped[i]) needed.go_below(chain[i]);
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
  LiveVariables needed(context.needed);
  prune(chain, needed);
  return chain;
}

}  // namespace entente
