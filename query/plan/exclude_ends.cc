// Pass exclude-ends: an end that is only asked to be another node than some is counted, not found.
//
//   (a)-[:R]->(b), … (c)-[:S]->(d) WHERE d <> a     Expand (c)-[:S]->(d), Filter d <> a
//                                                →  ExpandCount (c)-[:S]->() except a
//
// That is the degree of c less the relationships from c to a, which are found by binary search. The same where the end
// must not be a neighbour of some node: then the ends are looked through, with that node's neighbours marked.
//
//   … WHERE NOT (d)-[:S]-(a)                        Expand (c)-[:R]->(d), AntiExpand (d)-[:S]-(a)
//                                                →  ExpandCount (c)-[:R]->() far from a
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// How often variables are read in a chain, what is needed at its end included.
std::unordered_map<VarId, size_t> count_reads(const Chain& chain, const PassContext& context) {
  std::unordered_map<VarId, size_t> reads;
  auto count = [&](VarId var) { ++reads[var]; };
  for (const PlanOp& op : chain) for_each_read(op, count);
  for (VarId var : context.needed) count(var);
  return reads;
}

/// The other side of `var <> other`, two variables; kNoVar if the operator is anything else.
VarId unequal_to(const PlanOp& op, VarId var) {
  const auto* filter = std::get_if<FilterOp>(&op);
  if (filter == nullptr || filter->predicate->kind != ExprKind::NotEqual) return kNoVar;
  const Expr& left = *filter->predicate->args[0];
  const Expr& right = *filter->predicate->args[1];
  if (left.kind != ExprKind::Variable || right.kind != ExprKind::Variable || left.var == right.var) return kNoVar;
  if (left.var == var) return right.var;
  return right.var == var ? left.var : kNoVar;
}

/// That there is no relationship between `end` and another node, if the operator asks for that.
std::optional<NearNode> no_neighbour_of(const PlanOp& op, VarId end) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  if (expand == nullptr || !expand->into || expand->match != ExpandMatch::None || expand->from == expand->to) {
    return std::nullopt;
  }
  if (expand->from == end) return NearNode{expand->to, expand->types, opposite(expand->direction)};
  if (expand->to == end) return NearNode{expand->from, expand->types, expand->direction};
  return std::nullopt;
}

bool is_test(const PlanOp& op) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return std::holds_alternative<FilterOp>(op) || (expand != nullptr && expand->match == ExpandMatch::None);
}

/// The node that the operator finds by itself; kNoVar if it finds none.
VarId found_node(const PlanOp& op) {
  if (const auto* scan = std::get_if<NodeScanOp>(&op)) return scan->var;
  if (const auto* by_id = std::get_if<NodeByIdOp>(&op)) return by_id->var;
  const auto* seek = std::get_if<IndexSeekOp>(&op);
  if (seek != nullptr && seek->entity == EntityType::Node) return seek->var;
  const auto* range = std::get_if<IndexRangeOp>(&op);
  return range != nullptr && range->entity == EntityType::Node ? range->var : kNoVar;
}

}  // namespace

Chain exclude_ends(Chain chain, const PassContext& context) {
  const std::unordered_map<VarId, size_t> reads = count_reads(chain, context);
  auto read_at_most = [&](VarId var, size_t times) {
    const auto found = reads.find(var);
    return var == kNoVar || found == reads.end() || found->second <= times;
  };
  std::unordered_set<VarId> is_node;
  std::vector<uint8_t> dropped(chain.size());
  for (size_t i = 0; i < chain.size(); ++i) {
    const VarId found = found_node(chain[i]);
    if (found != kNoVar) is_node.insert(found);
    auto* expand = std::get_if<ExpandOp>(&chain[i]);
    if (expand == nullptr || expand->into || expand->to == kNoVar) continue;
    if (read_at_most(expand->rel, 0)) {
      std::vector<VarId> except;
      std::vector<size_t> tests;
      std::vector<NearNode> far;
      for (size_t k = i + 1; k < chain.size() && is_test(chain[k]); ++k) {
        const VarId other = unequal_to(chain[k], expand->to);
        std::optional<NearNode> near = no_neighbour_of(chain[k], expand->to);
        const VarId read = near ? near->node : other;
        if (read == kNoVar || !is_node.contains(read)) continue;
        if (near) {
          far.push_back(std::move(*near));
        } else {
          except.push_back(other);
        }
        tests.push_back(k);
      }
      if (!tests.empty() && read_at_most(expand->to, tests.size())) {
        for (size_t k : tests) dropped[k] = 1;
        expand->to = kNoVar;
        expand->rel = kNoVar;
        expand->except = std::move(except);
        expand->far = std::move(far);
        continue;
      }
    }
    is_node.insert(expand->to);
  }
  Chain left;
  left.reserve(chain.size());
  for (size_t i = 0; i < chain.size(); ++i) {
    if (!dropped[i]) left.push_back(std::move(chain[i]));
  }
  return left;
}

}  // namespace entente
