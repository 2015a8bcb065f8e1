// Pass sum-ends: an expansion whose ends are only asked for counts adds those up, and gives no row for an end.
//
//   Expand (a)-[:R]-(b), ExpandCount (b)-[:S]-() except a
//                                                →  ExpandSum (a)-[:R]-(b) times (b)-[:S]-() except a
//   Expand (a)-[:R]-(b), AntiExpand (c)-[:S]-(b), ExpandCount (c)-[:T]-() except b
//                                                →  ExpandSum (a)-[:R]-(b) times no (c)-[:S]-(b), (c)-[:T]-() except b
//
// Such counts are degrees, and how often the end is a neighbour of another node of the row; for all ends of a list they
// are found together by merging lists (exec/expand_sum.cc).
//
// What stands between and does not ask for the end is done before. Only in statements that do nothing but read, as they
// have their rows counted.
#include <algorithm>
#include <utility>
#include <vector>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// Whether the operator multiplies rows by a number of relationships, and does nothing else.
bool only_counts(const PlanOp& op) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && expand->rel == kNoVar && (expand->into || expand->to == kNoVar) &&
         expand->found.empty() && expand->counts.empty();
}

bool reads(const PlanOp& op, VarId var) {
  bool found = false;
  for_each_read(op, [&](VarId read) { found = found || read == var; });
  return found;
}

/// Whether it is of one of the kinds that are added up.
bool can_be_added(const ExpandOp& count, VarId end) {
  if (count.into) return (count.from == end) != (count.to == end);
  if (count.except.size() > 1 || count.far.size() > 1) return false;
  const bool excepts_end = count.except.size() == 1 && count.except[0] == end;
  if (count.from != end) return excepts_end && count.far.empty();
  return !excepts_end && (count.far.empty() || count.far[0].node != end);
}

bool finds_ends(const PlanOp& op) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && !expand->into && expand->to != kNoVar && expand->rel == kNoVar &&
         expand->match == ExpandMatch::All;
}

/// Takes the counts in [begin, end) of the chain that ask for the ends of the expansion before them into it, if nothing
/// above needs the ends.
void take_counts(Chain& chain, size_t begin, size_t end, const LiveVariables& live) {
  const VarId node = std::get<ExpandOp>(chain[begin - 1]).to;
  if (live.has(node)) return;
  std::vector<ExpandOp> counts;
  Chain others;
  for (size_t i = begin; i < end; ++i) {
    if (!reads(chain[i], node)) {
      others.push_back(chain[i]);
      continue;
    }
    const auto& count = std::get<ExpandOp>(chain[i]);
    if (!can_be_added(count, node)) return;
    counts.push_back(count);
  }
  if (counts.empty()) return;
  ExpandOp sum = std::get<ExpandOp>(std::move(chain[begin - 1]));
  sum.each = std::exchange(sum.to, kNoVar);
  sum.near.clear();  // it is asked of the ends anyway
  sum.counts = std::move(counts);
  others.push_back(std::move(sum));
  chain.erase(chain.begin() + static_cast<ptrdiff_t>(begin - 1), chain.begin() + static_cast<ptrdiff_t>(end));
  chain.insert(chain.begin() + static_cast<ptrdiff_t>(begin - 1), others.begin(), others.end());
}

}  // namespace

Chain sum_ends(Chain chain, const PassContext& context) {
  if (!context.whole_statement || context.writes) return chain;
  LiveVariables live(context.needed);
  size_t end = chain.size();        // [i + 1, end) only count
  LiveVariables live_above = live;  // what is read above that
  for (size_t i = chain.size(); i-- > 0;) {
    if (auto* expand = std::get_if<ExpandOp>(&chain[i])) leave_unread(*expand, live);
    live.go_below(chain[i]);
    if (only_counts(chain[i])) continue;
    if (finds_ends(chain[i]) && i + 1 < end) take_counts(chain, i + 1, end, live_above);
    end = i;
    if (i > 0 && std::holds_alternative<ExpandOp>(chain[i - 1])) live_above = live;
  }
  return chain;
}

}  // namespace entente
