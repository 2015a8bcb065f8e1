// Snapshot: one immutable version of a graph.
//
// Everything a query reads comes from a Snapshot. Getting the current one is a pointer copy; from then on it needs no
// lock and does not change, whatever is written meanwhile. Copying a Snapshot copies a few dozen pointers; versions
// share pages. Thread-safe for reading. A transaction's working version is a Snapshot too, seen by its own thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entente/core/adjacency.h"
#include "entente/core/column.h"
#include "entente/core/constraint.h"
#include "entente/core/dictionary.h"
#include "entente/core/ids.h"
#include "entente/core/index.h"
#include "entente/core/label.h"
#include "entente/core/page.h"
#include "entente/core/statistics.h"
#include "entente/core/value.h"

namespace entente {

/// The label set of each node in a run of 4,096.
struct NodePage : Page {
  static constexpr uint32_t kBits = 12;
  static constexpr uint32_t kSize = 1u << kBits;
  static constexpr uint32_t kAbsent = ~uint32_t{0};
  std::vector<uint32_t> label_set;  // up to kSize, by low bits of the id; past the end: absent
  size_t bytes() const override;
};

/// Type and ends of each relationship in a run of 4,096.
struct RelationshipPage : Page {
  static constexpr uint32_t kBits = 12;
  static constexpr uint32_t kSize = 1u << kBits;
  static constexpr uint32_t kAbsent = ~uint32_t{0};
  std::vector<uint32_t> sources;  // kAbsent where there is no relationship
  std::vector<uint32_t> targets;  // stays after a deletion: pages on disk may refer to it
  std::vector<uint32_t> types;    // empty if all are of `type`
  uint32_t type = kAbsent;
  size_t bytes() const override;
};

struct Relationship {
  TypeId type;
  NodeId source;
  NodeId target;
};

/// A vector that versions share until one of them changes it.
template <class T>
class Shared {
 public:
  const std::vector<T>& operator*() const { return *items_; }
  const std::vector<T>* operator->() const { return items_.get(); }
  size_t size() const { return items_->size(); }
  const T& operator[](size_t i) const { return (*items_)[i]; }
  /// For writing by the transaction `owner`.
  std::vector<T>& mutate(uint64_t owner) {
    if (owner_ != owner) {
      items_ = std::make_shared<std::vector<T>>(*items_);
      owner_ = owner;
    }
    return *items_;
  }

 private:
  std::shared_ptr<std::vector<T>> items_ = std::make_shared<std::vector<T>>();
  uint64_t owner_ = 0;
};

class Snapshot {
 public:
  /// How many commits made this version. A transaction's working version has that of the version it began from.
  uint64_t version() const { return version_; }
  const Dictionary& names() const { return *names_; }
  const Statistics& statistics() const { return *statistics_; }

  // ---- nodes ----
  /// One past the highest node id in use.
  uint32_t node_limit() const { return node_limit_; }
  uint64_t node_count() const { return node_count_; }
  bool has_node(NodeId node) const { return label_set(node) != NodePage::kAbsent; }
  /// Sorted by label number. The node must exist.
  const std::vector<LabelId>& labels(NodeId node) const;
  bool has_label(NodeId node, LabelId label) const;
  const LabelBitmap* label_bitmap(LabelId label) const;  // null if no node ever had it
  uint64_t label_count(LabelId label) const;
  /// Appends to `out` up to `limit` ids of existing nodes from `from` on, all or those with a label, in order; gives
  /// the id to go on from, or node_limit() at the end.
  uint32_t scan_nodes(uint32_t from, size_t limit, std::vector<uint32_t>& out) const;
  uint32_t scan_label(LabelId label, uint32_t from, size_t limit, std::vector<uint32_t>& out) const;

  // ---- relationships ----
  uint32_t relationship_limit() const { return relationship_limit_; }
  uint64_t relationship_count() const { return relationship_count_; }
  bool has_relationship(RelId rel) const;
  /// The relationship must exist.
  Relationship relationship(RelId rel) const;
  /// The type of a relationship, known also after its deletion as long as its page is in memory; else none.
  TypeId relationship_type(RelId rel) const {
    if (rel.value >= relationship_limit_) return {};
    const RelationshipPage* page = relationships_.find(rel.value >> RelationshipPage::kBits);
    if (page == nullptr) return {};
    const uint32_t low = rel.value & (RelationshipPage::kSize - 1);
    if (page->types.empty()) return TypeId(page->type);
    return low < page->types.size() ? TypeId(page->types[low]) : TypeId();
  }
  uint64_t type_count(TypeId type) const;
  uint32_t scan_relationships(uint32_t from, size_t limit, std::vector<uint32_t>& out) const;
  /// Lists of the relationships of a type at their sources (Out) or targets (In). Never null.
  const Adjacency& adjacency(TypeId type, Direction direction) const;
  uint32_t type_limit() const { return static_cast<uint32_t>(adjacency_.size() / 2); }
  /// Relationships of all types at a node; a loop counts once in each direction.
  uint64_t degree(NodeId node, Direction direction) const;

  // ---- properties ----
  Value property(NodeId node, KeyId key) const;  // null if it has none
  Value property(RelId rel, KeyId key) const;
  Map properties(NodeId node) const;
  Map properties(RelId rel) const;
  /// Null if no node (relationship) ever had the key.
  const Column* node_column(KeyId key) const;
  const Column* relationship_column(KeyId key) const;

  // ---- result data ----
  NodeData node_data(NodeId node) const;
  RelationshipData relationship_data(RelId rel) const;
  /// The value with all nodes and relationships in it, also inside lists, maps and paths, given their data. `made` (if
  /// there is one) is told the bytes of each part that is made, and now and then 0; it may throw. Throws
  /// ResourceError.ValueTooDeep for a value of too many levels.
  Value materialize(const Value& value, const std::function<void(size_t bytes)>& made = {}) const;

  // ---- indexes ----
  const std::vector<Index>& indexes() const { return *indexes_; }
  /// The range index of nodes on one property.
  const Index* find_index(LabelId label, KeyId key) const;
  const Index* find_index(EntityType entity, uint32_t token, std::span<const KeyId> keys) const;
  const Index* find_index(std::string_view name) const;
  /// The value under which a range index has the element; null if it lacks a property.
  Value index_value(const IndexDefinition& definition, uint32_t element) const;

  // ---- constraints, apart from those that are unique indexes ----
  const std::vector<Constraint>& constraints() const { return *constraints_; }
  const Constraint* find_constraint(std::string_view name) const;

  // ---- nodes and relationships alike ----
  const NameTable& tokens(EntityType entity) const {
    return entity == EntityType::Node ? names_->labels : names_->types;
  }
  uint32_t element_limit(EntityType entity) const {
    return entity == EntityType::Node ? node_limit_ : relationship_limit_;
  }
  bool has_element(EntityType entity, uint32_t element) const;
  /// Whether it has the label, or is of the type. It must exist.
  bool has_token(EntityType entity, uint32_t element, uint32_t token) const;
  Value property(EntityType entity, uint32_t element, KeyId key) const;
  const Column* column(EntityType entity, KeyId key) const {
    return entity == EntityType::Node ? node_column(key) : relationship_column(key);
  }
  /// Appends up to about `limit` elements with the label or of the type from `from` on; gives the id to go on from, or
  /// element_limit() at the end.
  uint32_t scan_token(EntityType entity, uint32_t token, uint32_t from, size_t limit, std::vector<uint32_t>& out) const;

  /// Memory held by pages that are loaded, in bytes, by what they hold.
  struct Memory {
    size_t nodes = 0;
    size_t relationships = 0;
    size_t adjacency = 0;
    size_t columns = 0;
    size_t labels = 0;
    size_t indexes = 0;
    size_t total() const { return nodes + relationships + adjacency + columns + labels + indexes; }
  };
  Memory memory() const;

 private:
  friend class Transaction;
  friend class GraphStore;
  friend struct SnapshotParts;  // storage reads and builds versions through it

  uint32_t label_set(NodeId node) const;

  uint64_t version_ = 0;
  std::shared_ptr<const Dictionary> names_ = std::make_shared<Dictionary>();
  std::shared_ptr<const Statistics> statistics_ = std::make_shared<Statistics>();
  uint32_t node_limit_ = 0;
  uint32_t relationship_limit_ = 0;
  uint64_t node_count_ = 0;
  uint64_t relationship_count_ = 0;
  PageTable<NodePage> nodes_;
  PageTable<RelationshipPage> relationships_;
  Shared<Adjacency> adjacency_;  // 2 * type + direction
  Shared<Column> node_columns_;  // by key
  Shared<Column> relationship_columns_;
  Shared<LabelBitmap> labels_;  // by label
  Shared<Index> indexes_;
  Shared<Constraint> constraints_;
  uint32_t next_index_ = 0;  // id of the next index or constraint
};

/// Everything of a snapshot by reference, for the code that writes versions to disk and reads them back.
struct SnapshotParts {
  explicit SnapshotParts(Snapshot& s)
      : version(s.version_),
        names(s.names_),
        statistics(s.statistics_),
        node_limit(s.node_limit_),
        relationship_limit(s.relationship_limit_),
        node_count(s.node_count_),
        relationship_count(s.relationship_count_),
        nodes(s.nodes_),
        relationships(s.relationships_),
        adjacency(s.adjacency_),
        node_columns(s.node_columns_),
        relationship_columns(s.relationship_columns_),
        labels(s.labels_),
        indexes(s.indexes_),
        constraints(s.constraints_),
        next_index(s.next_index_) {}

  uint64_t& version;
  std::shared_ptr<const Dictionary>& names;
  std::shared_ptr<const Statistics>& statistics;
  uint32_t& node_limit;
  uint32_t& relationship_limit;
  uint64_t& node_count;
  uint64_t& relationship_count;
  PageTable<NodePage>& nodes;
  PageTable<RelationshipPage>& relationships;
  Shared<Adjacency>& adjacency;
  Shared<Column>& node_columns;
  Shared<Column>& relationship_columns;
  Shared<LabelBitmap>& labels;
  Shared<Index>& indexes;
  Shared<Constraint>& constraints;
  uint32_t& next_index;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace entente
