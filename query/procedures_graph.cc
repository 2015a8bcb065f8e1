// The procedures that tell what a graph holds: db.labels, db.relationshipTypes, db.propertyKeys, db.schema.*.
#include <algorithm>
#include <map>
#include <set>

#include "entente/query/procedures.h"

namespace entente {

namespace {

template <class Count>
ProcedureRows used_names(const NameTable& names, Count count) {
  ProcedureRows rows;
  for (uint32_t i = 0; i < names.size(); ++i) {
    if (count(i) > 0) rows.push_back({Value(names.name(i))});
  }
  return rows;
}

ProcedureRows labels(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  return used_names(graph.names().labels, [&](uint32_t i) { return graph.label_count(LabelId(i)); });
}

ProcedureRows relationship_types(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  return used_names(graph.names().types, [&](uint32_t i) { return graph.type_count(TypeId(i)); });
}

ProcedureRows property_keys(const std::vector<Value>&, ExecContext& context) {
  const Statistics& statistics = context.graph->statistics();
  const auto at = [](const std::vector<uint64_t>& counts, uint32_t i) { return i < counts.size() ? counts[i] : 0; };
  return used_names(context.graph->names().keys, [&](uint32_t i) {
    return at(statistics.node_key_counts, i) + at(statistics.relationship_key_counts, i);
  });
}

/// What the elements of one kind (nodes with the same labels, or relationships of a type) have of one property.
struct PropertyUse {
  uint64_t count = 0;
  std::set<std::string> kinds;
};
struct ElementKind {
  uint64_t count = 0;
  std::map<std::string, PropertyUse> properties;

  void add(const Map& properties_of_one) {
    ++count;
    for (const auto& [key, value] : properties_of_one) {
      PropertyUse& use = properties[key];
      ++use.count;
      use.kinds.emplace(kind_name(value.kind()));
    }
  }

  /// A row for each property; one with nulls if there is none. A property is mandatory if all have it.
  void add_rows(const Value& name, ProcedureRows& rows) const {
    if (properties.empty()) rows.push_back({name, Value(), Value(), Value(false)});
    for (const auto& [key, use] : properties) {
      List kinds(use.kinds.begin(), use.kinds.end());
      rows.push_back({name, Value(key), Value(std::move(kinds)), Value(use.count == count)});
    }
  }
};

ProcedureRows node_type_properties(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  std::map<std::vector<LabelId>, ElementKind> kinds;
  std::vector<uint32_t> ids;
  for (uint32_t at = 0; at < graph.node_limit();) {
    context.check();
    ids.clear();
    at = graph.scan_nodes(at, context.batch_size, ids);
    for (const uint32_t id : ids) kinds[graph.labels(NodeId(id))].add(graph.properties(NodeId(id)));
  }
  ProcedureRows rows;
  for (const auto& [label_ids, kind] : kinds) {
    List names;
    for (const LabelId label : label_ids) names.emplace_back(graph.names().labels.name(label.value));
    kind.add_rows(Value(std::move(names)), rows);
  }
  return rows;
}

ProcedureRows relationship_type_properties(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  std::map<TypeId, ElementKind> kinds;
  std::vector<uint32_t> ids;
  for (uint32_t at = 0; at < graph.relationship_limit();) {
    context.check();
    ids.clear();
    at = graph.scan_relationships(at, context.batch_size, ids);
    for (const uint32_t id : ids) kinds[graph.relationship(RelId(id)).type].add(graph.properties(RelId(id)));
  }
  ProcedureRows rows;
  for (const auto& [type, kind] : kinds) kind.add_rows(Value(graph.names().types.name(type.value)), rows);
  return rows;
}

}  // namespace

void add_graph_procedures(ProcedureRegistry& registry) {
  const auto add = [&registry](std::string_view signature, ProcedureFunction call, std::string description) {
    registry.add({parse_procedure_signature(signature), std::move(call), std::move(description)});
  };
  add("db.labels() :: (label :: STRING)", labels, "The labels that nodes have.");
  add("db.relationshipTypes() :: (relationshipType :: STRING)", relationship_types,
      "The types that relationships have.");
  add("db.propertyKeys() :: (propertyKey :: STRING)", property_keys,
      "The keys of properties that nodes or relationships have.");
  add("db.schema.nodeTypeProperties() :: (nodeLabels :: LIST OF STRING, propertyName :: STRING?, "
      "propertyTypes :: LIST OF STRING?, mandatory :: BOOLEAN)",
      node_type_properties,
      "For each combination of labels the properties that nodes with it have, by looking at all nodes.");
  add("db.schema.relTypeProperties() :: (relType :: STRING, propertyName :: STRING?, "
      "propertyTypes :: LIST OF STRING?, mandatory :: BOOLEAN)",
      relationship_type_properties,
      "For each relationship type the properties that relationships of it have, by looking at all of them.");
}

}  // namespace entente
