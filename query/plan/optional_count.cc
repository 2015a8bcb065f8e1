// Pass optional-count: OPTIONAL MATCH of relationships that nobody reads multiplies rows by their number, at least one.
//
//   OPTIONAL MATCH (m)<-[:LIKES]-(p) … count(*), count(p)     Optional { ExpandCount }   →   OptionalExpandCount
//
// What only asks whether one was found (count(p), p IS NULL) reads a flag in its place.
#include <utility>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/presence.h"

namespace entente {

namespace {

/// The expansion that the inner plan consists of; null if it is anything else.
const ExpandOp* single_expansion(const OptionalOp& optional) {
  const auto* expand = std::get_if<ExpandOp>(&optional.inner->op);
  const Plan* below = optional.inner->input.get();
  const bool single = expand != nullptr && below != nullptr && std::holds_alternative<ArgumentOp>(below->op);
  return single && expand->match == ExpandMatch::All ? expand : nullptr;
}

}  // namespace

Chain optional_count(Chain chain, const PassContext& context) {
  LiveVariables live(context.needed);
  for (size_t i = chain.size(); i-- > 0;) {
    if (const auto* optional = std::get_if<OptionalOp>(&chain[i])) {
      const ExpandOp* found = single_expansion(*optional);
      if (found != nullptr && only_presence_read(chain, i, optional->vars, context.needed)) {
        ExpandOp expand = *found;
        for (VarId var : optional->vars) {
          if (live.has(var)) expand.found.push_back(var);
        }
        expand.rel = kNoVar;
        if (!expand.into) expand.to = kNoVar;
        expand.match = ExpandMatch::Optional;
        chain[i] = std::move(expand);
      }
    }
    live.go_below(chain[i]);
  }
  return chain;
}

}  // namespace entente
