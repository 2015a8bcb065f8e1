#include "entente/query/exec/graph_writer.h"

#include <algorithm>

#include "entente/query/exec/evaluate.h"
#include "entente/query/plan/chain.h"

namespace entente {

namespace {

Transaction& transaction_of(ExecContext& context) {
  if (context.transaction == nullptr) {
    throw Error("AccessError", "ReadOnly", Phase::Runtime,
                "this statement writes, but it was started for reading only");
  }
  context.graph = &context.transaction->view();
  context.functions.graph = context.graph;
  return *context.transaction;
}

Error deleted_entity(const char* what, Span span) {
  return {"EntityNotFound", "DeletedEntityAccess", Phase::Runtime,
          std::string("the ") + what + " was deleted in this statement", span};
}

/// Runs `fn`, and adds the place to errors that have none.
template <class Fn>
auto placed(Span span, Fn fn) {
  try {
    return fn();
  } catch (const Error& e) {
    if (!e.span().empty()) throw;
    throw Error(e.kind(), e.detail(), e.phase(), e.what(), span);
  }
}

/// Whether the value of an expression may change while the rows of the batch are written: it reads properties, labels
/// or the graph. A property of a map in the batch (as of the rows of `UNWIND $rows AS row`) does not count.
bool depends_on_writes(const Expr& expr, const Batch& batch, const ExecContext& context) {
  const auto holds_no_entity = [&](const Expr& e) {
    if (e.kind == ExprKind::Parameter) return context.parameter(e.name, e.span).is_map();
    if (e.kind != ExprKind::Variable || !batch.has(e.var)) return false;
    const BatchColumn& column = batch.columns[e.var];
    if (column.data->type() != VectorType::Value) return false;
    for (size_t row = 0; row < batch.rows; ++row) {
      const Value value = column.data->get(column.row(row));
      if (value.is_node() || value.is_relationship()) return false;
      if (column.data->is_constant()) break;
    }
    return true;
  };
  switch (expr.kind) {
    case ExprKind::Property:
    case ExprKind::Element:
      if (!holds_no_entity(*expr.args[0])) return true;
      break;
    case ExprKind::Call:
    case ExprKind::HasLabels:
    case ExprKind::MapProjection:
    case ExprKind::PatternPredicate:
    case ExprKind::PatternComprehension:
    case ExprKind::ShortestPath:
    case ExprKind::Exists:
    case ExprKind::Count:
    case ExprKind::Collect:
    case ExprKind::Subquery:
      return true;
    default:
      break;
  }
  bool depends = false;
  for_each_child(expr, [&](const ExprPtr& child) { depends = depends || depends_on_writes(*child, batch, context); });
  return depends;
}

/// The value of an expression in one row of a batch.
Value value_in_row(const Expr& expr, const Batch& batch, size_t row, ExecContext& context) {
  if (expr.kind == ExprKind::Variable && batch.has(expr.var)) return batch.get(expr.var, row);
  if (batch.rows == 1) return evaluate(expr, batch, context)->get(0);
  return evaluate(expr, single_row(batch, row), context)->get(0);
}

constexpr size_t kStepsPerChange = 64;

/// For each change: counts what it adds to the transaction, which holds it to its end.
void count_change(ExecContext& context, size_t bytes = 0) {
  context.work(kStepsPerChange);
  context.account(static_cast<ptrdiff_t>(sizeof(Change) + bytes));
}

}  // namespace

// ---- properties of what is created ----

/// The property map of a created element: a map literal, of which the entries are computed on their own, or any map.
class GraphWriter::PropertySource {
 public:
  PropertySource(const ExprPtr& expr, const Batch& batch, ExecContext& context) : expr_(expr.get()) {
    if (expr_ == nullptr) return;
    if (expr_->kind != ExprKind::Map) {
      map_ = column_of(*expr_, batch, context);
      return;
    }
    for (size_t i = 0; i < expr_->keys.size(); ++i) entries_.push_back(column_of(*expr_->args[i], batch, context));
  }

  /// fn(key, value, span)
  template <class Fn>
  void for_each(size_t row, Fn fn) const {
    if (expr_ == nullptr) return;
    for (size_t i = 0; i < entries_.size(); ++i) {
      fn(expr_->keys[i], entries_[i].data->get(entries_[i].row(row)), expr_->args[i]->span);
    }
    if (map_.data == nullptr) return;
    const Value map = map_.data->get(map_.row(row));
    if (!map.is_map()) {
      throw Error::type("InvalidArgumentType",
                        "properties must be given as a MAP, not as " + std::string(kind_name(map.kind())), expr_->span);
    }
    for (const auto& [key, value] : map.as_map()) fn(key, value, expr_->span);
  }

 private:
  const Expr* expr_;
  BatchColumn map_;
  std::vector<BatchColumn> entries_;
};

// ---- create ----

GraphWriter::GraphWriter(ExecContext& context) : context_(context), transaction_(transaction_of(context)) {}

void GraphWriter::create(const CreateOp& op, bool merging, Batch& batch) {
  std::vector<std::vector<uint32_t>> nodes(op.nodes.size());
  std::vector<std::vector<uint32_t>> rels(op.relationships.size());
  // Properties that read what the same clause creates can only be computed row by row.
  std::unordered_set<VarId> created;
  for (const CreatedNode& node : op.nodes) created.insert(node.var);
  for (const CreatedRelationship& rel : op.relationships) created.insert(rel.var);
  bool reads_created = false;
  const auto look = [&](const ExprPtr& properties) {
    if (properties != nullptr)
      for_each_variable(*properties, [&](VarId var) { reads_created |= created.count(var) != 0; });
  };
  detail::visit_create(op, look);
  if (reads_created) {
    for (size_t row = 0; row < batch.rows; ++row) create_rows(op, merging, single_row(batch, row), nodes, rels);
  } else {
    create_rows(op, merging, batch, nodes, rels);
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (op.nodes[i].var != kNoVar) batch.set(op.nodes[i].var, id_vector(VectorType::Node, std::move(nodes[i])));
  }
  for (size_t i = 0; i < rels.size(); ++i) {
    const VarId var = op.relationships[i].var;
    if (var != kNoVar) batch.set(var, id_vector(VectorType::Relationship, std::move(rels[i])));
  }
}

void GraphWriter::create_rows(const CreateOp& op, bool merging, const Batch& batch,
                              std::vector<std::vector<uint32_t>>& nodes, std::vector<std::vector<uint32_t>>& rels) {
  const bool alone = batch.rows == 1;  // then properties may read what was created before them
  Batch row_batch = alone ? batch : Batch();
  const Batch& scope = alone ? row_batch : batch;
  std::vector<PropertySource> node_properties, rel_properties;
  if (!alone) {
    for (const CreatedNode& node : op.nodes) node_properties.emplace_back(node.properties, scope, context_);
    for (const CreatedRelationship& rel : op.relationships)
      rel_properties.emplace_back(rel.properties, scope, context_);
  }
  for (size_t row = 0; row < batch.rows; ++row) {
    context_.work(kStepsPerChange);
    for (size_t i = 0; i < op.nodes.size(); ++i) {
      if (alone) node_properties.emplace_back(op.nodes[i].properties, scope, context_);
      const NodeId node = create_node(op.nodes[i], node_properties[i], scope, row, merging);
      nodes[i].push_back(node.value);
      if (alone && op.nodes[i].var != kNoVar) row_batch.set(op.nodes[i].var, id_vector(VectorType::Node, {node.value}));
    }
    const auto end = [&](VarId var, const CreatedRelationship& rel) {
      for (size_t i = 0; i < op.nodes.size(); ++i) {
        if (op.nodes[i].var == var) return NodeId(nodes[i].back());
      }
      const Value value = value_at(scope, var, row);
      if (value.is_null()) {
        throw Error("EntityNotFound", "MissingNode", Phase::Runtime,
                    "a relationship of type `" + rel.type + "` cannot be created: the node at one of its ends is null",
                    rel.span);
      }
      if (!value.is_node()) {
        throw Error::type("InvalidArgumentType",
                          "a relationship needs a NODE at each end, not " + std::string(kind_name(value.kind())),
                          rel.span);
      }
      return value.as_node();
    };
    for (size_t i = 0; i < op.relationships.size(); ++i) {
      const CreatedRelationship& created = op.relationships[i];
      if (alone) rel_properties.emplace_back(created.properties, scope, context_);
      const NodeId from = end(created.from, created);
      const NodeId to = end(created.to, created);
      const RelId rel = create_relationship(created, from, to, rel_properties[i], scope, row, merging);
      rels[i].push_back(rel.value);
      if (alone && created.var != kNoVar) row_batch.set(created.var, id_vector(VectorType::Relationship, {rel.value}));
    }
  }
}

std::vector<std::string> GraphWriter::names(const std::vector<std::string>& written,
                                            const std::vector<ExprPtr>& computed, const Batch& batch, size_t row) {
  std::vector<std::string> all = written;
  for (const ExprPtr& expr : computed) {
    for (std::string& name : computed_names(value_in_row(*expr, batch, row, context_), expr->span)) {
      all.push_back(std::move(name));
    }
  }
  return all;
}

std::string GraphWriter::key_of(const Expr& target, const Batch& batch, size_t row) {
  if (target.kind == ExprKind::Property) return target.name;
  const Expr& key = *target.args[1];
  const Value value = value_in_row(key, batch, row, context_);
  if (!value.is_string()) {
    throw Error::type("InvalidArgumentType",
                      "the name of a property must be a STRING, not " + std::string(kind_name(value.kind())), key.span);
  }
  if (value.as_string().empty()) {
    throw Error("ArgumentError", "InvalidArgumentValue", Phase::Runtime, "the name of a property must not be empty",
                key.span);
  }
  return value.as_string();
}

NodeId GraphWriter::create_node(const CreatedNode& created, const PropertySource& properties, const Batch& batch,
                                size_t row, bool merging) {
  std::vector<LabelId> labels;
  for (const std::string& name : names(created.labels, created.dynamic_labels, batch, row))
    labels.push_back(transaction_.label(name));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  count_change(context_, labels.size() * sizeof(LabelId));
  const NodeId node = placed(created.span, [&] { return transaction_.create_node(labels); });
  ++context_.counters.nodes_created;
  context_.counters.labels_added += labels.size();
  set_created({node, RelId()}, properties, row, merging, created.span);
  return node;
}

RelId GraphWriter::create_relationship(const CreatedRelationship& created, NodeId from, NodeId to,
                                       const PropertySource& properties, const Batch& batch, size_t row, bool merging) {
  std::string type = created.type;
  if (created.dynamic_type != nullptr) {
    std::vector<std::string> types = names({}, {created.dynamic_type}, batch, row);
    if (types.size() != 1) {
      throw Error(
          "ArgumentError", "InvalidArgumentValue", Phase::Runtime,
          "a relationship is created with exactly one type, but " + std::to_string(types.size()) + " were computed",
          created.dynamic_type->span);
    }
    type = std::move(types.front());
  }
  count_change(context_);
  const RelId rel =
      placed(created.span, [&] { return transaction_.create_relationship(transaction_.type(type), from, to); });
  ++context_.counters.relationships_created;
  set_created({NodeId(), rel}, properties, row, merging, created.span);
  return rel;
}

void GraphWriter::set_created(Entity entity, const PropertySource& properties, size_t row, bool merging, Span span) {
  properties.for_each(row, [&](const std::string& key, const Value& value, Span place) {
    if (!value.is_null()) {
      write_property(entity, key, value, place);
    } else if (merging) {
      throw Error("SemanticError", "MergeReadOwnWrites", Phase::Runtime,
                  "MERGE cannot look for the property `" + key +
                      "`, whose value is null; leave it out, or set it with ON CREATE SET",
                  place.empty() ? span : place);
    }
  });
}

// ---- set and remove ----

void GraphWriter::set(const std::vector<SetItem>& items, const Batch& batch) {
  std::vector<BatchColumn> values(items.size());
  for (size_t i = 0; i < items.size() && batch.rows > 1; ++i) {
    if (items[i].value != nullptr && !depends_on_writes(*items[i].value, batch, context_)) {
      values[i] = column_of(*items[i].value, batch, context_);
    }
  }
  for (size_t row = 0; row < batch.rows; ++row) {
    context_.work(kStepsPerChange);
    for (size_t i = 0; i < items.size(); ++i) {
      const SetItem& item = items[i];
      const Expr& target = item.kind == SetItem::Kind::Property ? *item.target->args[0] : *item.target;
      const Value entity = value_in_row(target, batch, row, context_);
      if (entity.is_null()) continue;
      Value value;
      if (item.value != nullptr) {
        value = values[i].data != nullptr ? values[i].data->get(values[i].row(row))
                                          : value_in_row(*item.value, batch, row, context_);
      }
      set_item(item, entity, value, batch, row);
    }
  }
}

void GraphWriter::set_item(const SetItem& item, const Value& target, const Value& value, const Batch& batch,
                           size_t row) {
  const Span span = item.span.empty() ? item.target->span : item.span;
  const std::optional<Entity> entity = entity_of(target, "SET", item.target->span);
  if (!entity) return;
  switch (item.kind) {
    case SetItem::Kind::Property:
      write_property(*entity, key_of(*item.target, batch, row), value, item.value->span);
      break;
    case SetItem::Kind::Replace:
      set_from_map(*entity, value, true, item.value->span);
      break;
    case SetItem::Kind::Merge:
      set_from_map(*entity, value, false, item.value->span);
      break;
    case SetItem::Kind::Labels:
      add_labels(*entity, names(item.labels, item.dynamic_labels, batch, row), span);
      break;
  }
}

void GraphWriter::set_from_map(Entity entity, const Value& source, bool replace, Span span) {
  Map map;
  if (source.is_map()) {
    map = source.as_map();
  } else if (const std::optional<Entity> other =
                 source.is_node() || source.is_relationship() ? entity_of(source, "SET", span) : std::nullopt) {
    map = properties_of(*other);
  } else {
    throw Error::type(
        "InvalidArgumentType",
        "properties can be set from a MAP, a NODE or a RELATIONSHIP, not from " + std::string(kind_name(source.kind())),
        span);
  }
  if (replace) {
    for (const auto& [key, old] : properties_of(entity)) {
      const bool kept = std::binary_search(map.begin(), map.end(), std::pair<std::string, Value>(key, Value()),
                                           [](const auto& a, const auto& b) { return a.first < b.first; });
      if (!kept) write_property(entity, key, Value(), span);
    }
  }
  for (const auto& [key, value] : map) write_property(entity, key, value, span);
}

void GraphWriter::add_labels(Entity entity, const std::vector<std::string>& labels, Span span) {
  if (!entity.is_node()) {
    throw Error::type("InvalidArgumentType", "labels can be set on a NODE, not on a RELATIONSHIP", span);
  }
  for (const std::string& name : labels) {
    const LabelId label = transaction_.label(name);
    count_change(context_);
    if (placed(span, [&] { return transaction_.add_label(entity.node, label); })) ++context_.counters.labels_added;
  }
}

void GraphWriter::remove(const std::vector<RemoveItem>& items, const Batch& batch) {
  for (size_t row = 0; row < batch.rows; ++row) {
    context_.work(kStepsPerChange);
    for (const RemoveItem& item : items) {
      const bool labels = item.has_labels();
      const Expr& target = labels ? *item.target : *item.target->args[0];
      const std::optional<Entity> entity =
          entity_of(value_in_row(target, batch, row, context_), "REMOVE", item.target->span);
      if (!entity) continue;
      if (!labels) {
        write_property(*entity, key_of(*item.target, batch, row), Value(), item.span);
        continue;
      }
      if (!entity->is_node()) {
        throw Error::type("InvalidArgumentType", "labels can be removed from a NODE, not from a RELATIONSHIP",
                          item.span);
      }
      for (const std::string& name : names(item.labels, item.dynamic_labels, batch, row)) {
        const LabelId label = context_.graph->names().label(name);
        count_change(context_);
        if (label.valid() && transaction_.remove_label(entity->node, label)) ++context_.counters.labels_removed;
      }
    }
  }
}

// ---- entities ----

std::optional<GraphWriter::Entity> GraphWriter::entity_of(const Value& value, const char* clause, Span span) const {
  if (value.is_null()) return std::nullopt;
  if (value.is_node()) {
    if (!context_.graph->has_node(value.as_node())) throw deleted_entity("node", span);
    return Entity{value.as_node(), RelId()};
  }
  if (value.is_relationship()) {
    if (!context_.graph->has_relationship(value.as_relationship())) throw deleted_entity("relationship", span);
    return Entity{NodeId(), value.as_relationship()};
  }
  throw Error::type(
      "InvalidArgumentType",
      std::string(clause) + " needs a NODE or a RELATIONSHIP, not " + std::string(kind_name(value.kind())), span);
}

Map GraphWriter::properties_of(Entity entity) const {
  return entity.is_node() ? context_.graph->properties(entity.node) : context_.graph->properties(entity.rel);
}

bool GraphWriter::has_property(Entity entity, const std::string& key) const {
  const KeyId id = context_.graph->names().key(key);
  if (!id.valid()) return false;
  const Value value =
      entity.is_node() ? context_.graph->property(entity.node, id) : context_.graph->property(entity.rel, id);
  return !value.is_null();
}

void GraphWriter::write_property(Entity entity, const std::string& key, const Value& value, Span span) {
  context_.work(kStepsPerChange);
  if (value.is_null() && !has_property(entity, key)) return;
  placed(span, [&] {
    const KeyId id = transaction_.key(key);
    if (entity.is_node()) {
      transaction_.set_property(entity.node, id, value);
    } else {
      transaction_.set_property(entity.rel, id, value);
    }
  });
  count_change(context_, 2 * value.heap_bytes());  // in the change set and on a page
  ++context_.counters.properties_set;
}

// ---- delete ----

Deletion::Deletion(ExecContext& context) : context_(context), transaction_(transaction_of(context)), hold_(context) {
  known_nodes_.clear(context.graph->node_limit());
  known_rels_.clear(context.graph->relationship_limit());
}

void Deletion::add(const Value& value, Span span) {
  switch (value.kind()) {
    case ValueKind::Null:
      return;
    case ValueKind::Node:
      return add_node(value.as_node(), span);
    case ValueKind::Relationship:
      return add_relationship(value.as_relationship());
    case ValueKind::Path:
      for (const Value& element : value.as_path()) add(element, span);
      return;
    default:
      throw Error::type("InvalidArgumentType",
                        "DELETE needs a NODE, a RELATIONSHIP or a PATH, not " + std::string(kind_name(value.kind())) +
                            "; to delete what is in a list, UNWIND it first",
                        span);
  }
}

void Deletion::add_node(NodeId node, Span span) {
  if (!known_nodes_.insert(node.value)) return;
  nodes_.emplace_back(node, span);
  hold_.add(sizeof(nodes_[0]) + sizeof(NodeId));
}

void Deletion::add_relationship(RelId rel) {
  context_.work(1);
  if (!known_rels_.insert(rel.value)) return;
  rels_.push_back(rel);
  hold_.add(2 * sizeof(RelId));
}

void Deletion::add_relationships_of(NodeId node) {
  AdjacencyCursor cursor;
  AdjacencySegment segment;
  for (const RelationshipList& list : relationship_lists({}, Direction::Both, *context_.graph)) {
    cursor.open(context_.graph->adjacency(list.type, list.direction), node);
    while (cursor.next(segment)) {
      for (uint32_t i = 0; i < segment.size; ++i) add_relationship(RelId(segment.rel(i)));
    }
  }
}

void Deletion::apply(bool detach) {
  std::erase_if(nodes_, [&](const auto& node) {
    context_.work(1);
    return !context_.graph->has_node(node.first);
  });
  for (size_t i = 0; detach && i < nodes_.size(); ++i) {
    context_.work(kStepsPerChange);
    add_relationships_of(nodes_[i].first);
  }
  for (const RelId rel : rels_) {
    context_.work(kStepsPerChange);
    if (!context_.graph->has_relationship(rel)) continue;
    count_change(context_);
    transaction_.delete_relationship(rel);
    ++context_.counters.relationships_deleted;
  }
  for (const auto& [node, span] : nodes_) {
    count_change(context_);
    placed(span, [&, id = node] { transaction_.delete_node(id); });
    ++context_.counters.nodes_deleted;
  }
}

}  // namespace entente
