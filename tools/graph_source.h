// The part of a graph that is exported: all of it, what a query returns, or the neighbourhood of some nodes.
//
// GraphSource is walked as often as an exporter needs, each time in order of ids. SnapshotSource reads a version page
// by page; PartSource holds a few nodes and relationships. Neither is thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "entente/core/snapshot.h"

namespace entente {

class GraphSource {
 public:
  virtual ~GraphSource() = default;
  virtual void each_node(const std::function<void(const NodeData&)>& visit) const = 0;
  virtual void each_relationship(const std::function<void(const RelationshipData&)>& visit) const = 0;
  virtual uint64_t node_count() const = 0;
  virtual uint64_t relationship_count() const = 0;
};

class SnapshotSource final : public GraphSource {
 public:
  explicit SnapshotSource(SnapshotPtr snapshot) : snapshot_(std::move(snapshot)) {}
  void each_node(const std::function<void(const NodeData&)>& visit) const override;
  void each_relationship(const std::function<void(const RelationshipData&)>& visit) const override;
  uint64_t node_count() const override { return snapshot_->node_count(); }
  uint64_t relationship_count() const override { return snapshot_->relationship_count(); }

 private:
  SnapshotPtr snapshot_;
};

class PartSource final : public GraphSource {
 public:
  /// Adds every node and relationship in a value of a result row, also inside lists, maps and paths.
  void add(const Value& value);
  void add(NodeData node);
  void add(RelationshipData rel);
  /// Adds the ends of relationships that are missing. Without a snapshot they become nodes without labels or
  /// properties.
  void complete(const Snapshot* snapshot);
  bool empty() const { return nodes_.empty() && relationships_.empty(); }

  void each_node(const std::function<void(const NodeData&)>& visit) const override;
  void each_relationship(const std::function<void(const RelationshipData&)>& visit) const override;
  uint64_t node_count() const override { return nodes_.size(); }
  uint64_t relationship_count() const override { return relationships_.size(); }

 private:
  std::map<uint32_t, NodeData> nodes_;
  std::map<uint32_t, RelationshipData> relationships_;
};

/// The nodes within `depth` relationships of `starts`, whatever their direction, and all relationships between them.
/// Stops taking in nodes at `node_limit`; `cut` says whether it did.
PartSource neighbourhood(const Snapshot& snapshot, const std::vector<NodeId>& starts, unsigned depth, size_t node_limit,
                         bool* cut = nullptr);

/// Labels of a version in the order in which they came into use.
std::vector<std::string> label_order(const Snapshot& snapshot);

}  // namespace entente
