// Pass optional-count: OPTIONAL MATCH of relationships that nobody reads multiplies rows by their number, at least one.
//
//   OPTIONAL MATCH (m)<-[:LIKES]-(p) … count(*)     Optional { ExpandCount }   →   OptionalExpandCount
#include <algorithm>
#include <utility>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

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
      const bool read = std::any_of(optional->vars.begin(), optional->vars.end(), [&](VarId v) { return live.has(v); });
      if (found != nullptr && !read) {
        ExpandOp expand = *found;
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
