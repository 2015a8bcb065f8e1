// Transaction: makes the next version of a graph.
//
// One transaction writes at a time; `GraphStore::begin` waits for its turn. The transaction reads its own writes
// through `view()`; nobody else sees them before `commit()` returns to the store. Dropping a transaction without
// committing rolls it back. Used by one thread.
//
// Errors: TypeError.InvalidPropertyType for values that cannot be stored (maps, nodes, relationships, paths, lists of
// those or nested lists); ConstraintVerificationFailed.DeleteConnectedNode for deleting a node that still has
// relationships; ConstraintValidationFailed.UniqueConstraint, when writing and when creating a constraint that does not
// hold; ConstraintValidationFailed.ExistenceConstraint and .TypeConstraint, when committing and when creating one;
// ResourceError.IdsExhausted; EntityNotFound.DeletedEntityAccess for nodes and relationships that are not there;
// ArgumentError.UnknownName for labels, types and keys that the version does not know. A call that throws has changed
// nothing, with one exception: where a page cannot be read in the midst of a change (StorageError), the transaction is
// broken. It can then only be rolled back, whole or to a savepoint; committing it throws
// StorageError.TransactionBroken.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/change_set.h"
#include "entente/core/error.h"
#include "entente/core/snapshot.h"

namespace entente {

class GraphStore;

class Transaction {
 public:
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// The version as written so far. Valid as long as the transaction; references into it only until the next change.
  const Snapshot& view() const { return work_; }

  // Names; creating one is part of the transaction.
  LabelId label(std::string_view name);
  TypeId type(std::string_view name);
  KeyId key(std::string_view name);

  NodeId create_node(std::span<const LabelId> labels);
  RelId create_relationship(TypeId type, NodeId source, NodeId target);
  void delete_relationship(RelId rel);
  /// The node must have no relationships left.
  void delete_node(NodeId node);
  /// Both give whether anything changed.
  bool add_label(NodeId node, LabelId label);
  bool remove_label(NodeId node, LabelId label);
  /// Null removes the property.
  void set_property(NodeId node, KeyId key, const Value& value);
  void set_property(RelId rel, KeyId key, const Value& value);

  // Indexes and constraints share their names and numbers (`id` is given by these). Creating throws
  // SchemaError.AlreadyExists for a name that is taken, or if there is one for the same; dropping .NotFound.
  uint32_t create_index(IndexDefinition definition);
  /// Of nodes, on one property.
  uint32_t create_index(std::string name, LabelId label, KeyId key, bool unique);
  uint32_t create_constraint(Constraint constraint);
  void drop_index(std::string_view name);
  void drop_constraint(std::string_view name);

  /// Whether the elements written so far keep the constraints that need only hold at the end; throws
  /// ConstraintValidationFailed. Committing begins with this.
  void check_constraints() const;

  // ---- bulk loading: pages are built directly, sorted, without going through deltas. Not part of the change set: a
  // transaction that used it commits by a checkpoint instead of a log record. ----
  /// On how many threads the calls below and create_index work at most; at first on one. The result does not depend on
  /// it.
  void set_threads(unsigned threads) { threads_ = threads; }
  /// Called every few thousand elements while an index or constraint is created over what is there, with the bytes that
  /// it has come to hold since the last call, and while constraints are checked at the end; what it throws ends that,
  /// and nothing has changed. Empty: not called.
  void set_poll(Index::Poll poll) { poll_ = std::move(poll); }
  /// Nodes with the same labels; gives the first of `count` consecutive ids.
  NodeId bulk_nodes(std::span<const LabelId> labels, uint32_t count);
  /// Relationships of one type. They get ids in order of (source, target), from the id returned; `order[i]` (if given)
  /// becomes the place in `ends` of the i-th of them.
  RelId bulk_relationships(TypeId type, std::span<const std::pair<NodeId, NodeId>> ends,
                           std::vector<uint32_t>* order = nullptr);
  /// Values of consecutive ids from `first` on; null leaves an id without.
  void bulk_property(NodeId first, KeyId key, std::span<const Value> values);
  void bulk_property(RelId first, KeyId key, std::span<const Value> values);
  /// Values of the ids of a column page, each at its place in `values`; ids that it lacks keep what they have.
  void bulk_page(EntityType entity, uint32_t page, KeyId key, std::shared_ptr<const ColumnBase> values);
  bool is_bulk() const { return bulk_; }

  // ---- savepoints, which nest: rolling back to one ends those made after it ----
  struct Savepoint {
    Snapshot work;
    size_t changes;
    size_t touched;
    bool bulk;
    bool broken;
  };
  Savepoint savepoint();
  /// An index that is being created, or could not be.
  struct Building {
    Index index;
    std::vector<OrderedPage::Entry> values;
  };
  /// What was undone. To destroy it may take as long as to make it did, and may be done by another thread.
  struct Undone {
    Snapshot work;
    ChunkedVector<Change> changes;
    std::unique_ptr<Building> building;
    size_t built;  // entries of indexes that were created
    size_t parts() const { return changes.size() + built + (building != nullptr ? building->values.size() : 0); }
  };
  Undone roll_back_to(const Savepoint& savepoint);
  /// Ends the turn to write, having changed nothing. The transaction can then only be destroyed, for which the same
  /// holds.
  void abandon();
  /// About how many parts there would be to destroy.
  size_t parts() const {
    return changes_.changes.size() + built_ + (building_ != nullptr ? building_->values.size() : 0);
  }

  enum class Misfit { Undone, Breaks };
  /// Applies a change set read from the log. Throws StorageError.Corrupt if it does not fit the version; what was
  /// applied of it by then is undone, or the transaction is broken, which is much cheaper: pages that several change
  /// sets change are then copied once.
  void apply(const ChangeSet& changes, Misfit misfit = Misfit::Undone);

  /// What the transaction did, apart from bulk loading. What was applied counts too.
  const ChangeSet& changes() const { return changes_; }
  bool empty() const { return changes_.changes.empty() && !bulk_; }

 private:
  friend class GraphStore;
  Transaction(GraphStore& store, const Snapshot& base);

  /// In force while a change is made, after all checks: an exception now breaks the transaction.
  class Applying {
   public:
    explicit Applying(Transaction& transaction) : transaction_(transaction), before_(std::uncaught_exceptions()) {}
    ~Applying() {
      if (std::uncaught_exceptions() > before_) transaction_.broken_ = true;
    }
    Applying(const Applying&) = delete;
    Applying& operator=(const Applying&) = delete;

   private:
    Transaction& transaction_;
    int before_;
  };

  Dictionary& own_names();
  Statistics& own_statistics();
  uint32_t label_set_of(std::vector<LabelId> labels);  // sorts
  Adjacency& own_adjacency(TypeId type, Direction direction);
  template <class T>
  T& own_slot(Shared<T>& slots, uint32_t place) {
    std::vector<T>& items = slots.mutate(owner_);
    if (place >= items.size()) items.resize(place + 1);
    return items[place];
  }

  void check_node(NodeId node) const;
  void check_relationship(RelId rel) const;
  void check_label(LabelId label) const;
  void check_type(TypeId type) const;
  void check_key(KeyId key) const;
  void check_new_ids(uint64_t limit, uint64_t count, const char* what) const;

  // ---- indexes and constraints (transaction_schema.cc) ----
  /// Elements that a constraint which holds at the end may be about.
  struct Touched {
    EntityType entity;
    uint32_t first;
    uint32_t count;
  };
  void touch(EntityType entity, uint32_t first, uint32_t count = 1);
  void check_element(EntityType entity, uint32_t element) const;
  void check_new_name(const std::string& name) const;
  void check_definition(const IndexDefinition& definition) const;
  void check_rule(const Constraint& constraint, uint32_t element) const;
  void check_required(const IndexDefinition& definition, uint32_t element) const;
  template <class Check>
  void check_all(EntityType entity, uint32_t token, Check check) const;
  /// Whether the index is about an element with its present labels or type.
  bool covers(const IndexDefinition& definition, uint32_t element) const;
  /// The value under which a range index is to have the element once its property of the key is `value`.
  Value value_with(const IndexDefinition& definition, uint32_t element, KeyId key, const Value& value) const;
  void check_unique(const Index& index, uint32_t element, const Value& value) const;
  /// For each unique index that the property is part of.
  void check_unique_with(EntityType entity, uint32_t element, KeyId key, const Value& value) const;
  void check_distinct(const Index& index) const;
  Error not_unique(const IndexDefinition& index, const Value& value, uint32_t other) const;
  std::string element_text(EntityType entity, uint32_t token, uint32_t element) const;
  void gather_indexed_values(const IndexDefinition& definition);
  /// Whether some index has the key.
  bool is_indexed(EntityType entity, KeyId key) const;
  void check_bulk_unique(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values) const;
  void bulk_reindex(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values);
  /// Changes the index entries of an element for one key, before the property is written.
  void reindex(EntityType entity, uint32_t element, KeyId key, const Value& before, const Value& after);
  /// Changes the index entries of a node that gains or loses a label; it has the labels of before (losing) or after
  /// (gaining).
  void reindex_label(NodeId node, LabelId label, bool add);
  Change& record_index(const IndexDefinition& definition);
  void apply_create_index(const Change& change);
  void apply_create_constraint(const Change& change);

  void change_label(NodeId node, LabelId label, bool add);
  void write_property(NodeId node, KeyId key, const Value& before, const Value& after);
  void write_property(RelId rel, KeyId key, const Value& before, const Value& after);
  void check_ends(std::span<const std::pair<NodeId, NodeId>> ends) const;
  void bulk_table(TypeId type, std::span<const uint64_t> ends);
  void bulk_adjacency(TypeId type, Direction direction, std::span<const uint64_t> ends, std::span<const uint32_t> rels);
  void check_there(EntityType entity, uint32_t element) const;
  Column& own_column(EntityType entity, KeyId key);
  void count_keys(EntityType entity, KeyId key, int64_t by);
  void bulk_values(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values);
  /// Gives by how much the number of ids that have the key has changed.
  int64_t bulk_column(Column& column, uint32_t first, std::span<const Value> values);
  void apply_change(const Change& change);
  Change& record(Change::Kind kind, uint32_t id, uint32_t number = 0);

  GraphStore& store_;
  Snapshot work_;
  ChangeSet changes_;
  std::vector<Touched> touched_;
  std::unique_ptr<Building> building_;
  unsigned threads_ = 1;
  Index::Poll poll_;
  uint64_t owner_;                          // tag on the pages that this transaction made since its last savepoint
  uint64_t generation_ = 0;                 // of the versions in the store that it builds on
  std::shared_ptr<Dictionary> names_;       // that of `work_`, if the transaction made it since its last savepoint
  std::shared_ptr<Statistics> statistics_;  // likewise
  size_t built_ = 0;                        // entries of indexes that were created
  bool bulk_ = false;
  bool broken_ = false;
  bool finished_ = false;  // its turn to write is over
};

/// Throws TypeError.InvalidPropertyType for a value that cannot be a property.
void check_storable(const Value& value);

}  // namespace entente
