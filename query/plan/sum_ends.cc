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
// Relationships that must not be the same are compared there, too, in the few cases where they lie between the same two
// nodes. What stands between and does not ask for the end is done after. Only in statements that do nothing but read,
// as they have their rows counted.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

using PlacedRelationships = std::unordered_map<VarId, PlacedRelationship>;

/// Whether the operator multiplies rows by a number of relationships, or compares such.
bool counts_ends(const PlanOp& op) {
  if (std::holds_alternative<UniqueRelationshipsOp>(op)) return true;
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && (expand->into || expand->to == kNoVar) && expand->found.empty();
}

bool finds_ends(const PlanOp& op) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && !expand->into && expand->to != kNoVar && expand->match == ExpandMatch::All;
}

bool is_read_by(const PlanOp& op, VarId var) {
  bool found = false;
  for_each_read(op, [&](VarId read) { found = found || read == var; });
  return found;
}

/// Whether it leads from the end to nodes of which is only asked how often a node of the row has them.
bool leads_to_row(const ExpandOp& count, VarId end) {
  if (count.from != end || count.counts.size() != 1 || !count.apart.empty() || count.rel != kNoVar) return false;
  const ExpandOp& into = count.counts[0];
  return into.into && into.match == ExpandMatch::All && into.rel == kNoVar && into.from != end && into.to != end;
}

/// Whether it is of one of the kinds that are added up.
bool can_be_added(const ExpandOp& count, VarId end) {
  if (!count.order.lower.empty()) return false;
  if (!count.counts.empty()) return leads_to_row(count, end);
  if (count.into) return (count.from == end) != (count.to == end);
  if (count.rel != kNoVar || count.except.size() > 1 || count.far.size() > 1) return false;
  const bool excepts_end = count.except.size() == 1 && count.except[0] == end;
  if (count.from != end) return excepts_end && count.far.empty();
  return !excepts_end && (count.far.empty() || count.far[0].node != end);
}

/// An expansion with what follows it as a sum. What does not ask for the ends stands behind it then.
class Sum {
 public:
  Sum(const ExpandOp& ends, const PlacedRelationships& placed) : sum_(ends), placed_(placed) {
    note(sum_.rel, sum_.from, sum_.to);
  }

  /// False if it cannot be taken in.
  bool add(const PlanOp& op) {
    if (const auto* unique = std::get_if<UniqueRelationshipsOp>(&op)) return add(*unique);
    const auto& count = std::get<ExpandOp>(op);
    if (!is_read_by(op, sum_.to)) {
      others_.push_back(op);
      return count.rel == kNoVar || !count.counts.empty();
    }
    if (!can_be_added(count, sum_.to)) return false;
    note(count.rel, count.from, count.to);
    sum_.counts.push_back(count);
    return true;
  }

  /// Nothing if the ends, or relationships, are read further up.
  std::optional<Chain> finish(const LiveVariables& live) {
    if (sum_.counts.empty() || live.has(sum_.to)) return std::nullopt;
    for (const auto& [rel, place] : found_) {
      if (live.has(rel)) return std::nullopt;
    }
    for (ExpandOp& count : sum_.counts) {
      if (!compared_.contains(count.rel)) count.rel = kNoVar;
      if (count.rel != kNoVar && count.match != ExpandMatch::All) return std::nullopt;
    }
    if (!compared_.contains(sum_.rel)) sum_.rel = kNoVar;
    sum_.each = std::exchange(sum_.to, kNoVar);
    sum_.near.clear();  // it is asked of the ends anyway
    others_.insert(others_.begin(), std::move(sum_));
    return std::move(others_);
  }

 private:
  void note(VarId rel, VarId from, VarId to) {
    if (rel != kNoVar) found_[rel] = {rel, from, to};
  }

  bool add(const UniqueRelationshipsOp& unique) {
    if (!found_.contains(unique.rel)) return false;
    ExpandOp* compared = &sum_;
    for (ExpandOp& count : sum_.counts) {
      if (count.rel == unique.rel) compared = &count;
    }
    compared_.insert(unique.rel);
    for (const VarId other : unique.others) {
      const bool here = found_.contains(other);
      const PlacedRelationships& known = here ? found_ : placed_;
      const auto place = known.find(other);
      if (place == known.end()) return false;
      if (here) compared_.insert(other);
      compared->apart.push_back(place->second);
    }
    return true;
  }

  ExpandOp sum_;
  const PlacedRelationships& placed_;
  PlacedRelationships found_;  // by the sum
  std::unordered_set<VarId> compared_;
  Chain others_;
};

/// Replaces the expansion before `begin`, and what follows it up to `end`. Gives where that ends then, 0 if it cannot
/// be.
size_t take_counts(Chain& chain, size_t begin, size_t end, const LiveVariables& live,
                   const PlacedRelationships& placed) {
  Sum sum(std::get<ExpandOp>(chain[begin - 1]), placed);
  for (size_t i = begin; i < end; ++i) {
    if (!sum.add(chain[i])) return 0;
  }
  std::optional<Chain> taken = sum.finish(live);
  if (!taken) return 0;
  const auto at = [&](size_t i) { return chain.begin() + static_cast<ptrdiff_t>(i); };
  chain.erase(at(begin - 1), at(end));
  chain.insert(at(begin - 1), taken->begin(), taken->end());
  return begin - 1 + taken->size();
}

/// The relationships that expansions bind, where the nodes at their ends are bound as well.
PlacedRelationships placed_in(const Chain& chain) {
  PlacedRelationships placed;
  for (const PlanOp& op : chain) {
    const auto* expand = std::get_if<ExpandOp>(&op);
    if (expand != nullptr && expand->rel != kNoVar && expand->to != kNoVar) {
      placed[expand->rel] = {expand->rel, expand->from, expand->to};
    }
  }
  return placed;
}

}  // namespace

Chain sum_ends(Chain chain, const PassContext& context) {
  if (!context.whole_statement || context.writes) return chain;
  leave_unread(chain, context.needed);
  LiveVariables live(context.needed);
  const PlacedRelationships placed = placed_in(chain);
  size_t end = chain.size();        // [i + 1, end) only count
  LiveVariables live_above = live;  // what is read above that
  for (size_t i = chain.size(); i-- > 0;) {
    live.go_below(chain[i]);
    if (counts_ends(chain[i])) continue;
    const size_t taken = finds_ends(chain[i]) && i + 1 < end ? take_counts(chain, i + 1, end, live_above, placed) : 0;
    if (taken > 0) {
      end = taken;
      for_each_read(chain[i], [&](VarId var) { live.add(var); });
      continue;
    }
    end = i;
    if (i > 0 && counts_ends(chain[i - 1])) live_above = live;
  }
  return chain;
}

}  // namespace entente
