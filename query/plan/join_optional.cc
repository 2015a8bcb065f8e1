// Pass join-optional: an OPTIONAL MATCH of which only the number of matches is read is matched for all rows at once,
// where that is less work.
//
//   MATCH (f:Forum)-[:HAS_MEMBER]->(c) OPTIONAL MATCH (f)<-[:HELD_AT]-(e)-[:IN_COUNTRY]->(c) RETURN f, c, count(e)
//
// Per row that is to go through all events of the forum for each of its members. Instead the events are gone through
// once, counted by forum and country, and each row is multiplied by its count, at least one: an OptionalJoin. What asks
// whether something was found (count(e), e IS NULL) reads a flag in its place.
//
// An OPTIONAL MATCH of a single relationship is left to optional-count if it has no conditions. Only in statements that
// do not write, as the match is not run again.
#include <optional>
#include <utility>

#include "entente/query/plan/join_once.h"
#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/presence.h"
#include "entente/query/plan/subquery_expr.h"

namespace entente {

Chain join_optional(Chain chain, const PassContext& context) {
  if (!context.whole_statement || context.writes) return chain;
  LiveVariables live(context.needed);
  for (size_t i = chain.size(); i-- > 1;) {
    if (const auto* optional = std::get_if<OptionalOp>(&chain[i])) {
      const Chain inner = to_chain(*optional->inner);
      const bool single = inner.size() == 2 && std::holds_alternative<ExpandOp>(inner[1]);
      if (!single && only_presence_read(chain, i, optional->vars, context.needed)) {
        std::optional<CountJoinOp> join = join_once(chain, i, inner, inputs_of(inner), false, context);
        if (join) {
          join->match = ExpandMatch::Optional;
          for (VarId var : optional->vars) {
            if (live.has(var)) join->found.push_back(var);
          }
          chain[i] = std::move(*join);
        }
      }
    }
    live.go_below(chain[i]);
  }
  return chain;
}

}  // namespace entente
