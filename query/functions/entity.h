// Access to nodes and relationships that may have been deleted earlier in the statement.
//
// A deleted entity still has an id, but its data is gone: these throw EntityNotFound.DeletedEntityAccess for it.
//
// An entity may also be made up, as those of db.schema.visualization() are: the graph has none of its id, and its value
// holds its data.
#pragma once

#include <string>

#include "entente/core/error.h"
#include "entente/core/snapshot.h"

namespace entente {

[[noreturn]] inline void fail_deleted(const char* what, uint32_t id, Span span = {}) {
  throw Error("EntityNotFound", "DeletedEntityAccess", Phase::Runtime,
              std::string(what) + " " + std::to_string(id) +
                  " was deleted earlier in this statement; read what is needed of it before the deletion",
              span);
}

inline void check_exists(const Snapshot& graph, NodeId node, Span span = {}) {
  if (!graph.has_node(node)) fail_deleted("node", node.value, span);
}

inline void check_exists(const Snapshot& graph, RelId rel, Span span = {}) {
  if (!graph.has_relationship(rel)) fail_deleted("relationship", rel.value, span);
}

/// The data of a made-up node or relationship; null for others.
inline const NodeData* made_up_node(const Snapshot& graph, const Value& value) {
  const NodeData* data = value.is_node() ? value.node_data() : nullptr;
  return data != nullptr && !graph.has_node(data->id) ? data : nullptr;
}
inline const RelationshipData* made_up_relationship(const Snapshot& graph, const Value& value) {
  const RelationshipData* data = value.is_relationship() ? value.relationship_data() : nullptr;
  return data != nullptr && !graph.has_relationship(data->id) ? data : nullptr;
}
/// Its properties; null if the value is not made up.
inline const Map* made_up_properties(const Snapshot& graph, const Value& value) {
  if (const NodeData* node = made_up_node(graph, value)) return &node->properties;
  if (const RelationshipData* relationship = made_up_relationship(graph, value)) return &relationship->properties;
  return nullptr;
}

}  // namespace entente
