#include "entente/query/plan/liveness.h"

#include <algorithm>
#include <variant>

namespace entente {

VarId LiveVariables::only() const {
  const auto first = std::find(live_.begin(), live_.end(), true);
  if (first == live_.end() || std::find(first + 1, live_.end(), true) != live_.end()) return kNoVar;
  return static_cast<VarId>(first - live_.begin());
}

void LiveVariables::go_below(const PlanOp& op) {
  const auto* project = std::get_if<ProjectOp>(&op);
  const bool replaces = (project != nullptr && !project->keep_input) || std::holds_alternative<AggregateOp>(op);
  if (replaces) {
    live_.assign(live_.size(), false);
  } else {
    for_each_binding(op, [&](VarId var) { remove(var); });
  }
  for_each_read(op, [&](VarId var) { add(var); });
}

}  // namespace entente
