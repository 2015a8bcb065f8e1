// Access to nodes and relationships that may have been deleted earlier in the statement.
//
// A deleted entity still has an id, but its data is gone: these throw EntityNotFound.DeletedEntityAccess for it.
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

}  // namespace entente
