#include "entente/query/plan/liveness.h"

#include <algorithm>
#include <variant>

namespace entente {

std::vector<VarId> LiveVariables::all() const {
  std::vector<VarId> vars(live_.begin(), live_.end());
  std::sort(vars.begin(), vars.end());
  return vars;
}

VarId LiveVariables::only() const { return live_.size() == 1 ? *live_.begin() : kNoVar; }

void LiveVariables::go_below(const PlanOp& op) {
  const auto* project = std::get_if<ProjectOp>(&op);
  const bool replaces = (project != nullptr && !project->keep_input) || std::holds_alternative<AggregateOp>(op);
  if (replaces) {
    live_.clear();
  } else {
    for_each_binding(op, [&](VarId var) { remove(var); });
  }
  for_each_read(op, [&](VarId var) { add(var); });
}

void leave_unread(ExpandOp& op, const LiveVariables& live) {
  if (!op.counts.empty()) return;  // it binds nothing
  if (!live.has(op.rel)) op.rel = kNoVar;
  if (!op.into && !live.has(op.to)) op.to = kNoVar;
}

void leave_unread(Chain& chain, const std::vector<VarId>& needed) {
  LiveVariables live(needed);
  for (size_t i = chain.size(); i-- > 0;) {
    if (auto* expand = std::get_if<ExpandOp>(&chain[i])) leave_unread(*expand, live);
    live.go_below(chain[i]);
  }
}

}  // namespace entente
