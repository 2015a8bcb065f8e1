// Pass meet-ends: an expansion gives only such ends as a later look-up will find to be neighbours of another node.
//
//   Expand (b)-[:R]-(c), …, ExpandInto (c)-[:S]-(a)   →   Expand (b)-[:R]-(c) near a, …, ExpandInto (c)-[:S]-(a)
//
// The look-up stays: it binds its relationship and counts parallel ones. But rows without any are not made. Where many
// rows have the same `a`, its neighbours are marked once, so that a triangle costs a test for each pair of
// relationships, not a row. (It is the intersection of two lists of a worst-case optimal join, done by marking; see
// Ngo, Porat, Ré, Rudra, "Worst-case optimal join algorithms", JACM 2018.)
#include <unordered_set>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr double kFewestEnds = 4;  // of an expansion, for it to be worth while

bool may_stand_between(const PlanOp& op) {
  return std::holds_alternative<UniqueRelationshipsOp>(op) || std::holds_alternative<FilterOp>(op) ||
         std::holds_alternative<ExpandOp>(op);
}

/// The neighbour that `later` asks of the end of an expansion, if it is one that `bound` tells is known before.
std::optional<NearNode> asked_of(VarId end, const PlanOp& later, const std::unordered_set<VarId>& bound) {
  const auto* into = std::get_if<ExpandOp>(&later);
  if (into == nullptr || !into->into) return std::nullopt;
  if (into->match != ExpandMatch::All && into->match != ExpandMatch::Exists) return std::nullopt;
  if (into->from == end && bound.contains(into->to)) return NearNode{into->to, into->types, opposite(into->direction)};
  if (into->to == end && bound.contains(into->from)) return NearNode{into->from, into->types, into->direction};
  return std::nullopt;
}

}  // namespace

Chain meet_ends(Chain chain, const PassContext& context) {
  std::unordered_set<VarId> bound;
  const std::vector<double> rows = context.cardinality.rows(chain);
  for (size_t i = 0; i < chain.size(); ++i) {
    auto* expand = std::get_if<ExpandOp>(&chain[i]);
    if (expand != nullptr && !expand->into && expand->to != kNoVar && expand->match == ExpandMatch::All &&
        rows[i] >= kFewestEnds * rows[i - 1]) {
      expand->near.clear();  // of an inner plan that has been through this
      for (size_t k = i + 1; k < chain.size() && may_stand_between(chain[k]); ++k) {
        if (auto near = asked_of(expand->to, chain[k], bound)) expand->near.push_back(std::move(*near));
      }
    }
    for_each_binding(chain[i], [&](VarId var) { bound.insert(var); });
  }
  return chain;
}

}  // namespace entente
