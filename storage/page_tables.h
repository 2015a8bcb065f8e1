// Visiting all page tables of a version.
#pragma once

#include "entente/core/page.h"
#include "entente/core/snapshot.h"

namespace entente {

/// fn(PageKind, id, PageTable<…>&) for each table, empty ones too, sorted by kind but not by id within that of
/// indexes.
template <class Fn>
void for_each_table(const SnapshotParts& parts, Fn fn) {
  const auto each = [&](PageKind kind, const auto& tables) {
    for (uint32_t id = 0; id < tables.size(); ++id) fn(kind, id, tables[id]);
  };
  fn(PageKind::Nodes, 0u, parts.nodes);
  fn(PageKind::Relationships, 0u, parts.relationships);
  each(PageKind::Adjacency, parts.adjacency);
  each(PageKind::NodeColumn, parts.node_columns);
  each(PageKind::RelationshipColumn, parts.relationship_columns);
  each(PageKind::Label, parts.labels);
  for (const Index& index : *parts.indexes) fn(PageKind::OrderedIndex, index.definition.id, index.leaves);
}

}  // namespace entente
