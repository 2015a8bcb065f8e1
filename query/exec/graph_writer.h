// GraphWriter: applies what the writing clauses say to the statement's transaction, and counts the side effects.
//
// Rows are worked through one after another, and later rows see what earlier ones changed. Expressions that do not read
// the graph are computed for the whole batch first; the others for each row when its turn comes. Every row of a batch
// stands for one row: multiplicities are expanded before.
//
// Errors (with the place in the statement): TypeError.InvalidArgumentType for a target or value of the wrong kind;
// EntityNotFound.DeletedEntityAccess for a deleted target; EntityNotFound.MissingNode for a relationship with a null
// end; SemanticError.MergeReadOwnWrites for MERGE with a null property; what Transaction throws. Used by one thread.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "entente/query/exec/node_marks.h"
#include "entente/query/exec/operators.h"

namespace entente {

class GraphWriter {
 public:
  /// Throws AccessError.ReadOnly if the statement has no transaction to write with.
  explicit GraphWriter(ExecContext& context);

  /// Creates for each row and adds the columns of what it created. `merging`: null properties are an error, not left
  /// out.
  void create(const CreateOp& op, bool merging, Batch& batch);
  void set(const std::vector<SetItem>& items, const Batch& batch);
  void remove(const std::vector<RemoveItem>& items, const Batch& batch);

 private:
  /// A node or a relationship to be changed.
  struct Entity {
    NodeId node;
    RelId rel;
    bool is_node() const { return node.valid(); }
  };
  class PropertySource;

  void create_rows(const CreateOp& op, bool merging, const Batch& batch, std::vector<std::vector<uint32_t>>& nodes,
                   std::vector<std::vector<uint32_t>>& rels);
  NodeId create_node(const CreatedNode& node, const PropertySource& properties, const Batch& batch, size_t row,
                     bool merging);
  RelId create_relationship(const CreatedRelationship& rel, NodeId from, NodeId to, const PropertySource& properties,
                            const Batch& batch, size_t row, bool merging);
  void set_created(Entity entity, const PropertySource& properties, size_t row, bool merging, Span span);

  void set_item(const SetItem& item, const Value& target, const Value& value, const Batch& batch, size_t row);
  /// All names of labels or types for a row: those written and those computed.
  std::vector<std::string> names(const std::vector<std::string>& written, const std::vector<ExprPtr>& computed,
                                 const Batch& batch, size_t row);
  /// The name of the property that SET or REMOVE changes.
  std::string key_of(const Expr& target, const Batch& batch, size_t row);
  void set_from_map(Entity entity, const Value& source, bool replace, Span span);
  void add_labels(Entity entity, const std::vector<std::string>& labels, Span span);

  std::optional<Entity> entity_of(const Value& value, const char* clause, Span span) const;
  Map properties_of(Entity entity) const;
  bool has_property(Entity entity, const std::string& key) const;
  void write_property(Entity entity, const std::string& key, const Value& value, Span span);

  ExecContext& context_;
  Transaction& transaction_;
};

/// What a DELETE clause is to delete, gathered over all its rows and then deleted together, so that a node may go in
/// one row and its last relationship in another. Naming something twice, or what is gone already, is fine.
class Deletion {
 public:
  explicit Deletion(ExecContext& context);
  /// A node, a relationship, a path or null; throws TypeError.InvalidArgumentType for other kinds.
  void add(const Value& value, Span span);
  /// Without `detach` throws ConstraintVerificationFailed.DeleteConnectedNode if relationships of a node would remain.
  void apply(bool detach);

 private:
  void add_node(NodeId node, Span span);
  void add_relationship(RelId rel);
  void add_relationships_of(NodeId node);

  ExecContext& context_;
  Transaction& transaction_;
  std::vector<std::pair<NodeId, Span>> nodes_;
  std::vector<RelId> rels_;
  NodeSet known_nodes_;
  NodeSet known_rels_;  // by their numbers
  MemoryHold hold_;
};

}  // namespace entente
