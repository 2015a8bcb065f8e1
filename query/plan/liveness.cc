#include "entente/query/plan/liveness.h"

#include <variant>

namespace entente {

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

}  // namespace entente
