#include "entente/tools/bench_graph.h"

#include <span>

namespace entente {

Ends draw_ends(uint32_t nodes, uint32_t degree) {
  Ends ends;
  ends.reserve(size_t{nodes} * degree);
  SplitMix64 random{20230519};
  for (size_t i = 0; i < size_t{nodes} * degree; ++i) {
    const auto from = static_cast<uint32_t>(random() % nodes);
    ends.emplace_back(NodeId(from), NodeId(static_cast<uint32_t>(random() % nodes)));
  }
  return ends;
}

void build_graph(Database& db, uint32_t nodes, const Ends& ends) {
  db.bulk_load([&](Transaction& transaction) {
    const LabelId label = transaction.label("Node");
    const NodeId first = transaction.bulk_nodes(std::span(&label, 1), nodes);
    std::vector<Value> ids;
    ids.reserve(nodes);
    for (uint32_t i = 0; i < nodes; ++i) ids.emplace_back(static_cast<int64_t>(i));
    transaction.bulk_property(first, transaction.key("id"), ids);
    transaction.create_index("node_id", label, transaction.key("id"), true);
    transaction.bulk_relationships(transaction.type("LINK"), ends);
  });
}

}  // namespace entente
