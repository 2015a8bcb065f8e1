// Pass count-scan: a scan multiplies its nodes by their degrees as it finds them.
//
//   NodeScan (a:A), ExpandCount (a)-[:R]->(), ExpandCount (a)<-[:S]-()
//                                                →  CountScan (a:A) times (a)-[:R]->(), (a)<-[:S]-()
//
// Degrees of a page of nodes stand in one array for each relation, so that they are multiplied as arrays. Where nobody
// reads the node, no row is made of it at all: a count over a star costs one look at the degrees.
//
// It is the first scan of a statement that only reads. What has no label must have a relationship, so that ids without
// a node are not taken for one.
#include <algorithm>
#include <utility>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

bool counts_from(const PlanOp& op, VarId node) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && expand->from == node && !expand->into && expand->rel == kNoVar && expand->to == kNoVar &&
         expand->except.empty() && expand->far.empty() && expand->found.empty() && expand->counts.empty();
}

bool needs_relationship(const PlanOp& op) {
  const ExpandMatch match = std::get<ExpandOp>(op).match;
  return match == ExpandMatch::All || match == ExpandMatch::Exists;
}

}  // namespace

Chain count_scan(Chain chain, const PassContext& context) {
  if (!context.whole_statement || context.writes || chain.size() < 3) return chain;
  auto* scan = std::get_if<NodeScanOp>(&chain[1]);
  if (scan == nullptr || !std::holds_alternative<ArgumentOp>(chain[0])) return chain;
  leave_unread(chain, context.needed);
  const auto begin = chain.begin() + 2;
  const auto end = std::find_if_not(begin, chain.end(), [&](const PlanOp& op) { return counts_from(op, scan->var); });
  const bool exist = scan->label || std::any_of(begin, end, needs_relationship);
  if (begin == end || !exist) return chain;
  for (auto at = begin; at != end; ++at) scan->counts.push_back(std::get<ExpandOp>(std::move(*at)));
  chain.erase(begin, end);
  LiveVariables above(context.needed);
  for (size_t i = chain.size(); i-- > 2;) above.go_below(chain[i]);
  scan->together = !above.has(scan->var);
  return chain;
}

}  // namespace entente
