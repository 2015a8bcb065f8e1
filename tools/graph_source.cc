#include "entente/tools/graph_source.h"

#include <unordered_set>
#include <utility>

namespace entente {
namespace {

constexpr size_t kScan = 4'096;

/// Collects from nested values without recursion, as a value may be nested deeply.
void collect(const Value& root, PartSource& part) {
  std::vector<const Value*> todo{&root};
  while (!todo.empty()) {
    const Value& value = *todo.back();
    todo.pop_back();
    if (value.is_node()) {
      if (const NodeData* data = value.node_data()) part.add(*data);
    } else if (value.is_relationship()) {
      if (const RelationshipData* data = value.relationship_data()) part.add(*data);
    } else if (value.is_list() || value.is_path()) {
      for (const Value& item : value.is_list() ? value.as_list() : value.as_path()) todo.push_back(&item);
    } else if (value.is_map()) {
      for (const auto& entry : value.as_map()) todo.push_back(&entry.second);
    }
  }
}

}  // namespace

void SnapshotSource::each_node(const std::function<void(const NodeData&)>& visit) const {
  std::vector<uint32_t> ids;
  for (uint32_t from = 0; from < snapshot_->node_limit();) {
    ids.clear();
    from = snapshot_->scan_nodes(from, kScan, ids);
    for (const uint32_t id : ids) visit(snapshot_->node_data(NodeId(id)));
  }
}

void SnapshotSource::each_relationship(const std::function<void(const RelationshipData&)>& visit) const {
  std::vector<uint32_t> ids;
  for (uint32_t from = 0; from < snapshot_->relationship_limit();) {
    ids.clear();
    from = snapshot_->scan_relationships(from, kScan, ids);
    for (const uint32_t id : ids) visit(snapshot_->relationship_data(RelId(id)));
  }
}

void PartSource::add(const Value& value) { collect(value, *this); }

void PartSource::add(NodeData node) {
  const uint32_t id = node.id.value;
  nodes_.insert_or_assign(id, std::move(node));
}

void PartSource::add(RelationshipData rel) {
  const uint32_t id = rel.id.value;
  relationships_.insert_or_assign(id, std::move(rel));
}

void PartSource::complete(const Snapshot* snapshot) {
  for (const auto& [id, rel] : relationships_) {
    for (const NodeId end : {rel.start, rel.end}) {
      if (nodes_.count(end.value) != 0) continue;
      const bool known = snapshot != nullptr && snapshot->has_node(end);
      nodes_.emplace(end.value, known ? snapshot->node_data(end) : NodeData{end, {}, {}});
    }
  }
}

void PartSource::each_node(const std::function<void(const NodeData&)>& visit) const {
  for (const auto& [id, node] : nodes_) visit(node);
}

void PartSource::each_relationship(const std::function<void(const RelationshipData&)>& visit) const {
  for (const auto& [id, rel] : relationships_) visit(rel);
}

PartSource neighbourhood(const Snapshot& snapshot, const std::vector<NodeId>& starts, unsigned depth, size_t node_limit,
                         bool* cut) {
  std::unordered_set<uint32_t> seen;
  std::vector<uint32_t> frontier;
  bool stopped = false;
  const auto take = [&](uint32_t node, std::vector<uint32_t>& into) {
    if (seen.count(node) != 0) return;
    if (seen.size() >= node_limit) {
      stopped = true;
      return;
    }
    seen.insert(node);
    into.push_back(node);
  };
  const auto each_entry = [&](uint32_t node, Direction direction, const auto& visit) {
    AdjacencyCursor cursor;
    AdjacencySegment segment;
    for (uint32_t type = 0; type < snapshot.type_limit(); ++type) {
      cursor.open(snapshot.adjacency(TypeId(type), direction), NodeId(node));
      while (cursor.next(segment)) {
        for (uint32_t i = 0; i < segment.size; ++i) visit(segment.neighbours[i], segment.rel(i));
      }
    }
  };
  for (const NodeId start : starts) take(start.value, frontier);
  for (unsigned step = 0; step < depth && !frontier.empty() && !stopped; ++step) {
    std::vector<uint32_t> next;
    for (const uint32_t node : frontier) {
      for (const Direction direction : {Direction::Out, Direction::In}) {
        each_entry(node, direction, [&](uint32_t neighbour, uint32_t) { take(neighbour, next); });
      }
    }
    frontier = std::move(next);
  }
  PartSource part;
  for (const uint32_t node : seen) {
    part.add(snapshot.node_data(NodeId(node)));
    each_entry(node, Direction::Out, [&](uint32_t neighbour, uint32_t rel) {
      if (seen.count(neighbour) != 0) part.add(snapshot.relationship_data(RelId(rel)));
    });
  }
  if (cut != nullptr) *cut = stopped;
  return part;
}

std::vector<std::string> label_order(const Snapshot& snapshot) {
  std::vector<std::string> labels;
  const NameTable& names = snapshot.names().labels;
  for (uint32_t i = 0; i < names.size(); ++i) labels.push_back(names.name(i));
  return labels;
}

}  // namespace entente
