// Pass label-scans: a scan of all nodes goes by a label that the node must have anyway.
//
//   NodeScan (e), Expand (e)-[:HELD_AT]->(f)   →   NodeScan (e:Event), …
//
// if the statistics say that every relationship of the type begins at a node with the label. An index on such a label
// can be used then. A plan that rests on this holds as long as it is true (see implied_labels.cc). A node without such
// relationships gives no rows, whatever filters and other expansions stand between.
#include <utility>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// That the node has a label, the rarest that expansions of it show; without a label if there is none.
EndFact label_of(VarId node, const Chain& chain, size_t from, const Cardinality& cardinality) {
  EndFact best;
  double fewest = cardinality.nodes();
  const auto consider = [&](const ExpandOp& op, Direction direction) {
    for (const LabelId label : cardinality.labels_at_ends(op.types, direction)) {
      const double count = cardinality.nodes_with(label);
      if (count >= fewest) continue;
      fewest = count;
      best = {op.types, direction, cardinality.graph().names().labels.name(label.value)};
    }
  };
  for (size_t i = from; i < chain.size(); ++i) {
    if (std::holds_alternative<FilterOp>(chain[i]) || std::holds_alternative<UniqueRelationshipsOp>(chain[i])) continue;
    const auto* expand = std::get_if<ExpandOp>(&chain[i]);
    if (expand == nullptr) break;
    if (expand->match != ExpandMatch::All && expand->match != ExpandMatch::Exists) continue;
    if (expand->from == node) consider(*expand, opposite(expand->direction));
    if (expand->into && expand->to == node) consider(*expand, expand->direction);
  }
  return best;
}

}  // namespace

Chain label_scans(Chain chain, const PassContext& context) {
  if (context.assumed == nullptr) return chain;
  for (size_t i = 0; i < chain.size(); ++i) {
    auto* scan = std::get_if<NodeScanOp>(&chain[i]);
    if (scan == nullptr || scan->label) continue;
    EndFact fact = label_of(scan->var, chain, i + 1, context.cardinality);
    if (fact.label.empty()) continue;
    scan->label = fact.label;
    context.assumed->push_back(std::move(fact));
  }
  return chain;
}

}  // namespace entente
