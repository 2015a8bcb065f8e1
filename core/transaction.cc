#include "entente/core/transaction.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

/// Tags are never used again in the process, so that a page's tag names one transaction between two savepoints. They
/// begin high, out of the way of tags that loaders may give to the pages of versions they build.
uint64_t new_owner() {
  static std::atomic<uint64_t> next{uint64_t{1} << 32};
  return next.fetch_add(1, std::memory_order_relaxed);
}

std::string backticked(const std::string& name) { return "`" + name + "`"; }

void write_label_set(PageTable<NodePage>& nodes, uint32_t node, uint32_t set, uint64_t owner) {
  NodePage& page = nodes.mutate(node >> NodePage::kBits, owner);
  const uint32_t low = node & (NodePage::kSize - 1);
  if (low >= page.label_set.size()) page.label_set.resize(low + 1, NodePage::kAbsent);
  page.label_set[low] = set;
}

void write_relationship(PageTable<RelationshipPage>& relationships, uint32_t rel, const Relationship& r,
                        uint64_t owner) {
  RelationshipPage& page = relationships.mutate(rel >> RelationshipPage::kBits, owner);
  const uint32_t low = rel & (RelationshipPage::kSize - 1);
  if (low >= page.sources.size()) {
    page.sources.resize(low + 1, RelationshipPage::kAbsent);
    page.targets.resize(low + 1, RelationshipPage::kAbsent);
    if (!page.types.empty()) page.types.resize(low + 1, page.type);
  }
  if (page.types.empty() && page.type == RelationshipPage::kAbsent) page.type = r.type.value;
  if (page.types.empty() && page.type != r.type.value) page.types.assign(page.sources.size(), page.type);
  page.sources[low] = r.source.value;
  page.targets[low] = r.target.value;
  if (!page.types.empty()) page.types[low] = r.type.value;
}

void set_label(LabelBitmap& bitmap, uint32_t node, bool member, uint64_t owner) {
  const uint32_t number = node >> kLabelPageBits;
  const uint32_t low = node & ((1u << kLabelPageBits) - 1);
  LabelPage& page = bitmap.mutate(number, owner);
  if (member) {
    page.members.add(low);
  } else {
    page.members.remove(low);
    if (page.members.isEmpty()) bitmap.erase(number, owner);
  }
}

void set_value(Column& column, uint32_t id, const Value& value, uint64_t owner) {
  const uint32_t number = id >> kColumnPageBits;
  ColumnPage& page = column.mutate(number, owner);
  page.set(id & (kColumnPageSize - 1), value);
  if (!page.base && page.delta.empty()) column.erase(number, owner);
}

Error deleted(const char* what, uint32_t id) {
  return {"EntityNotFound", "DeletedEntityAccess", Phase::Runtime,
          std::string(what) + " " + std::to_string(id) + " does not exist, or was deleted in this transaction"};
}

Error unknown_name(const char* what, uint32_t number) {
  return Error::argument("UnknownName", std::string(what) + " number " + std::to_string(number) +
                                            " is not defined in this graph; define its name first");
}

}  // namespace

void check_storable(const Value& value) {
  const auto refuse = [](const Value& v, const char* where) {
    throw Error::type("InvalidPropertyType",
                      "a property cannot hold a value of type " + std::string(kind_name(v.kind())) + where +
                          "; it can hold a boolean, a number, a string, a temporal value, or a list of these");
  };
  const auto simple = [](const Value& v) {
    return !v.is_list() && !v.is_map() && !v.is_node() && !v.is_relationship() && !v.is_path();
  };
  if (!value.is_list()) {
    if (!simple(value)) refuse(value, "");
    return;
  }
  for (const Value& item : value.as_list()) {
    if (item.is_null() || !simple(item)) refuse(item, " inside a list");
  }
}

Transaction::Transaction(GraphStore& store, const Snapshot& base) : store_(store), work_(base), owner_(new_owner()) {}

Transaction::~Transaction() { store_.release(*this); }

// ---- what the transaction owns ----

Dictionary& Transaction::own_names() {
  if (!names_) {
    names_ = std::make_shared<Dictionary>(*work_.names_);
    work_.names_ = names_;
  }
  return *names_;
}

Statistics& Transaction::own_statistics() {
  if (!statistics_) {
    statistics_ = std::make_shared<Statistics>(*work_.statistics_);
    work_.statistics_ = statistics_;
  }
  return *statistics_;
}

uint32_t Transaction::label_set_of(std::vector<LabelId> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  const uint32_t known = work_.names_->label_sets.find(labels);
  return known != LabelSets::kNone ? known : own_names().label_sets.find_or_add(labels);
}

Adjacency& Transaction::own_adjacency(TypeId type, Direction direction) {
  std::vector<Adjacency>& items = work_.adjacency_.mutate(owner_);
  if (2 * size_t{type.value} >= items.size()) items.resize(2 * (size_t{type.value} + 1));
  return items[2 * size_t{type.value} + (direction == Direction::In ? 1 : 0)];
}

Change& Transaction::record(Change::Kind kind, uint32_t id, uint32_t number) {
  Change& change = changes_.changes.emplace_back();
  change.kind = kind;
  change.id = id;
  change.number = number;
  return change;
}

// ---- checks ----

void Transaction::check_node(NodeId node) const {
  if (!work_.has_node(node)) throw deleted("node", node.value);
}
void Transaction::check_relationship(RelId rel) const {
  if (!work_.has_relationship(rel)) throw deleted("relationship", rel.value);
}
void Transaction::check_label(LabelId label) const {
  if (label.value >= work_.names_->labels.size()) throw unknown_name("label", label.value);
}
void Transaction::check_type(TypeId type) const {
  if (type.value >= work_.names_->types.size()) throw unknown_name("relationship type", type.value);
}
void Transaction::check_key(KeyId key) const {
  if (key.value >= work_.names_->keys.size()) throw unknown_name("property key", key.value);
}

void Transaction::check_new_ids(uint64_t limit, uint64_t count, const char* what) const {
  if (limit + count > kMostIds) {
    throw Error::resource("IdsExhausted", "a graph can have " + std::to_string(kMostIds) + " " + what +
                                              " over its life, of which " + std::to_string(limit) +
                                              " are used; export it and import it into a new one");
  }
}

// ---- names ----

LabelId Transaction::label(std::string_view name) {
  const LabelId known = work_.names_->label(name);
  if (known.valid()) return known;
  const LabelId label(own_names().labels.find_or_add(name));
  record(Change::Kind::DefineLabel, 0, label.value).text = name;
  return label;
}

TypeId Transaction::type(std::string_view name) {
  const TypeId known = work_.names_->type(name);
  if (known.valid()) return known;
  const TypeId type(own_names().types.find_or_add(name));
  record(Change::Kind::DefineType, 0, type.value).text = name;
  return type;
}

KeyId Transaction::key(std::string_view name) {
  const KeyId known = work_.names_->key(name);
  if (known.valid()) return known;
  const KeyId key(own_names().keys.find_or_add(name));
  record(Change::Kind::DefineKey, 0, key.value).text = name;
  return key;
}

// ---- nodes ----

NodeId Transaction::create_node(std::span<const LabelId> labels) {
  for (const LabelId label : labels) check_label(label);
  check_new_ids(work_.node_limit_, 1, "nodes");
  const Applying applying(*this);
  const NodeId node(work_.node_limit_);
  const uint32_t set = label_set_of({labels.begin(), labels.end()});
  write_label_set(work_.nodes_, node.value, set, owner_);
  ++work_.node_limit_;
  ++work_.node_count_;
  std::vector<uint32_t>& numbers = record(Change::Kind::CreateNode, node.value).numbers;
  for (const LabelId label : work_.names_->label_sets.labels(set)) {
    set_label(own_slot(work_.labels_, label.value), node.value, true, owner_);
    own_statistics().add_nodes(label, 1);
    numbers.push_back(label.value);
  }
  touch(EntityType::Node, node.value);
  return node;
}

void Transaction::delete_node(NodeId node) {
  check_node(node);
  const uint64_t connected = work_.degree(node, Direction::Both);
  if (connected != 0) {
    throw Error("ConstraintVerificationFailed", "DeleteConnectedNode", Phase::Runtime,
                "node " + std::to_string(node.value) + " still has " +
                    (connected == 1 ? "a relationship" : std::to_string(connected) + " ends of relationships") +
                    "; delete its relationships first, or use DETACH DELETE");
  }
  const Applying applying(*this);
  for (uint32_t k = 0; k < work_.node_columns_.size(); ++k) {
    const Value before = work_.property(node, KeyId(k));
    if (before.is_null()) continue;
    reindex(EntityType::Node, node.value, KeyId(k), before, {});
    write_property(node, KeyId(k), before, {});
  }
  for (const LabelId label : work_.labels(node)) {
    set_label(own_slot(work_.labels_, label.value), node.value, false, owner_);
    own_statistics().add_nodes(label, -1);
  }
  write_label_set(work_.nodes_, node.value, NodePage::kAbsent, owner_);
  --work_.node_count_;
  record(Change::Kind::DeleteNode, node.value);
}

bool Transaction::add_label(NodeId node, LabelId label) {
  check_node(node);
  check_label(label);
  if (work_.has_label(node, label)) return false;
  for (const Index& index : *work_.indexes_) {
    const IndexDefinition& d = index.definition;
    if (d.unique && d.entity == EntityType::Node && d.has_token(label.value)) {
      check_unique(index, node.value, work_.index_value(d, node.value));
    }
  }
  change_label(node, label, true);
  return true;
}

bool Transaction::remove_label(NodeId node, LabelId label) {
  check_node(node);
  check_label(label);
  if (!work_.has_label(node, label)) return false;
  change_label(node, label, false);
  return true;
}

void Transaction::change_label(NodeId node, LabelId label, bool add) {
  const Applying applying(*this);
  std::vector<LabelId> labels = work_.labels(node);
  if (add)
    labels.push_back(label);
  else
    std::erase(labels, label);
  write_label_set(work_.nodes_, node.value, label_set_of(std::move(labels)), owner_);
  set_label(own_slot(work_.labels_, label.value), node.value, add, owner_);
  const int64_t sign = add ? 1 : -1;
  Statistics& statistics = own_statistics();
  statistics.add_nodes(label, sign);
  for (uint32_t t = 0; t < work_.type_limit(); ++t) {
    for (const Direction end : {Direction::Out, Direction::In}) {
      const uint64_t ends = degree(work_.adjacency(TypeId(t), end), node);
      statistics.add_ends(TypeId(t), end, label, sign * static_cast<int64_t>(ends));
    }
  }
  reindex_label(node, label, add);
  if (add) touch(EntityType::Node, node.value);
  record(add ? Change::Kind::AddLabel : Change::Kind::RemoveLabel, node.value, label.value);
}

// ---- relationships ----

RelId Transaction::create_relationship(TypeId type, NodeId source, NodeId target) {
  check_type(type);
  check_node(source);
  check_node(target);
  check_new_ids(work_.relationship_limit_, 1, "relationships");
  const Applying applying(*this);
  const RelId rel(work_.relationship_limit_);
  write_relationship(work_.relationships_, rel.value, {type, source, target}, owner_);
  const auto insert = [&](Direction direction, NodeId node, NodeId neighbour) {
    own_adjacency(type, direction)
        .mutate(node.value >> kAdjacencyPageBits, owner_)
        .insert(node.value & (kAdjacencyPageSize - 1), {neighbour.value, rel.value});
    for (const LabelId label : work_.labels(node)) own_statistics().add_ends(type, direction, label, 1);
  };
  insert(Direction::Out, source, target);
  insert(Direction::In, target, source);
  own_statistics().add_relationships(type, 1);
  ++work_.relationship_limit_;
  ++work_.relationship_count_;
  Change& change = record(Change::Kind::CreateRelationship, rel.value, type.value);
  change.source = source.value;
  change.target = target.value;
  touch(EntityType::Relationship, rel.value);
  return rel;
}

void Transaction::delete_relationship(RelId rel) {
  check_relationship(rel);
  const Relationship r = work_.relationship(rel);
  const Applying applying(*this);
  for (uint32_t k = 0; k < work_.relationship_columns_.size(); ++k) {
    const Value before = work_.property(rel, KeyId(k));
    if (before.is_null()) continue;
    reindex(EntityType::Relationship, rel.value, KeyId(k), before, {});
    write_property(rel, KeyId(k), before, {});
  }
  const auto remove = [&](Direction direction, NodeId node, NodeId neighbour) {
    own_adjacency(r.type, direction)
        .mutate(node.value >> kAdjacencyPageBits, owner_)
        .remove(node.value & (kAdjacencyPageSize - 1), {neighbour.value, rel.value});
    for (const LabelId label : work_.labels(node)) own_statistics().add_ends(r.type, direction, label, -1);
  };
  remove(Direction::Out, r.source, r.target);
  remove(Direction::In, r.target, r.source);
  own_statistics().add_relationships(r.type, -1);
  RelationshipPage& page = work_.relationships_.mutate(rel.value >> RelationshipPage::kBits, owner_);
  const uint32_t low = rel.value & (RelationshipPage::kSize - 1);
  page.sources[low] = RelationshipPage::kAbsent;
  --work_.relationship_count_;
  record(Change::Kind::DeleteRelationship, rel.value);
}

// ---- properties ----

void Transaction::set_property(NodeId node, KeyId key, const Value& value) {
  check_node(node);
  check_key(key);
  check_storable(value);
  const Value before = work_.property(node, key);
  if (before.is_null() && value.is_null()) return;
  if (!Value::equivalent(before, value)) check_unique_with(EntityType::Node, node.value, key, value);
  const Applying applying(*this);
  reindex(EntityType::Node, node.value, key, before, value);
  write_property(node, key, before, value);
  touch(EntityType::Node, node.value);
  record(Change::Kind::SetNodeProperty, node.value, key.value).value = value;
}

void Transaction::set_property(RelId rel, KeyId key, const Value& value) {
  check_relationship(rel);
  check_key(key);
  check_storable(value);
  const Value before = work_.property(rel, key);
  if (before.is_null() && value.is_null()) return;
  if (!Value::equivalent(before, value)) check_unique_with(EntityType::Relationship, rel.value, key, value);
  const Applying applying(*this);
  reindex(EntityType::Relationship, rel.value, key, before, value);
  write_property(rel, key, before, value);
  touch(EntityType::Relationship, rel.value);
  record(Change::Kind::SetRelationshipProperty, rel.value, key.value).value = value;
}

void Transaction::write_property(NodeId node, KeyId key, const Value& before, const Value& after) {
  set_value(own_slot(work_.node_columns_, key.value), node.value, after, owner_);
  if (before.is_null() != after.is_null()) own_statistics().add_node_keys(key, after.is_null() ? -1 : 1);
}

void Transaction::write_property(RelId rel, KeyId key, const Value& before, const Value& after) {
  set_value(own_slot(work_.relationship_columns_, key.value), rel.value, after, owner_);
  if (before.is_null() != after.is_null()) own_statistics().add_relationship_keys(key, after.is_null() ? -1 : 1);
}

// ---- savepoints ----

Transaction::Savepoint Transaction::savepoint() {
  Savepoint savepoint{work_, changes_.changes.size(), touched_.size(), bulk_, broken_};
  owner_ = new_owner();
  names_.reset();
  statistics_.reset();
  return savepoint;
}

Transaction::Undone Transaction::roll_back_to(const Savepoint& savepoint) {
  Undone undone{std::exchange(work_, savepoint.work), changes_.changes.take_from(savepoint.changes),
                std::move(building_), built_};
  touched_.erase(touched_.begin() + static_cast<std::ptrdiff_t>(savepoint.touched), touched_.end());
  bulk_ = savepoint.bulk;
  broken_ = savepoint.broken;
  owner_ = new_owner();
  names_.reset();
  statistics_.reset();
  return undone;
}

void Transaction::abandon() { store_.release(*this); }

// ---- replaying ----

namespace {

Error does_not_fit(const std::string& why) { return Error::storage("Corrupt", why); }

void expect_id(const char* what, uint32_t stated, uint32_t next) {
  if (stated == next) return;
  throw does_not_fit(std::string(what) + " " + std::to_string(stated) + " is created where " + std::to_string(next) +
                     " is next");
}

}  // namespace

void Transaction::apply(const ChangeSet& changes, Misfit misfit) {
  std::optional<Savepoint> before;
  if (misfit == Misfit::Undone) before = savepoint();
  const auto end = [&] {
    broken_ = true;
    if (before) roll_back_to(*before);
  };
  size_t place = 0;
  try {
    for (; place < changes.changes.size(); ++place) apply_change(changes.changes[place]);
  } catch (const Error& error) {
    end();
    if (error.kind() == "StorageError" && error.detail() != "Corrupt") throw;
    throw does_not_fit("change " + std::to_string(place + 1) + " of " + std::to_string(changes.changes.size()) +
                       " of a log record does not fit version " + std::to_string(work_.version_) + ": " + error.what());
  } catch (...) {
    end();
    throw;
  }
}

void Transaction::apply_change(const Change& change) {
  const auto define = [&](const char* what, uint32_t next, uint32_t known) {
    expect_id(what, change.number, next);
    if (known != LabelId::kNone)
      throw does_not_fit(std::string(what) + " " + backticked(change.text) + " is defined twice");
  };
  const Dictionary& names = work_.names();
  switch (change.kind) {
    case Change::Kind::DefineLabel:
      define("label", names.labels.size(), names.labels.find(change.text));
      label(change.text);
      return;
    case Change::Kind::DefineType:
      define("relationship type", names.types.size(), names.types.find(change.text));
      type(change.text);
      return;
    case Change::Kind::DefineKey:
      define("property key", names.keys.size(), names.keys.find(change.text));
      key(change.text);
      return;
    case Change::Kind::CreateNode: {
      expect_id("node", change.id, work_.node_limit_);
      std::vector<LabelId> labels;
      for (const uint32_t number : change.numbers) labels.emplace_back(number);
      create_node(labels);
      return;
    }
    case Change::Kind::DeleteNode:
      return delete_node(NodeId(change.id));
    case Change::Kind::AddLabel:
      add_label(NodeId(change.id), LabelId(change.number));
      return;
    case Change::Kind::RemoveLabel:
      remove_label(NodeId(change.id), LabelId(change.number));
      return;
    case Change::Kind::SetNodeProperty:
      return set_property(NodeId(change.id), KeyId(change.number), change.value);
    case Change::Kind::CreateRelationship:
      expect_id("relationship", change.id, work_.relationship_limit_);
      create_relationship(TypeId(change.number), NodeId(change.source), NodeId(change.target));
      return;
    case Change::Kind::DeleteRelationship:
      return delete_relationship(RelId(change.id));
    case Change::Kind::SetRelationshipProperty:
      return set_property(RelId(change.id), KeyId(change.number), change.value);
    case Change::Kind::CreateIndex:
      expect_id("index", change.id, work_.next_index_);
      return apply_create_index(change);
    case Change::Kind::DropIndex:
      for (const Index& index : *work_.indexes_) {
        if (index.definition.id == change.id) return drop_index(std::string(index.definition.name));
      }
      throw does_not_fit("there is no index " + std::to_string(change.id) + " to drop");
    case Change::Kind::CreateConstraint:
      expect_id("constraint", change.id, work_.next_index_);
      return apply_create_constraint(change);
    case Change::Kind::DropConstraint:
      for (const Constraint& constraint : *work_.constraints_) {
        if (constraint.id == change.id) return drop_constraint(std::string(constraint.name));
      }
      throw does_not_fit("there is no constraint " + std::to_string(change.id) + " to drop");
  }
  throw does_not_fit("there is no change of kind " + std::to_string(static_cast<int>(change.kind)));
}

}  // namespace entente
