// The updating clauses: what they create must be new, complete and written out.
#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {
namespace {

bool is_simple_labels(const LabelExpr& label) {
  if (label.kind == LabelExpr::Kind::Name || label.kind == LabelExpr::Kind::Dynamic) return true;
  if (label.kind != LabelExpr::Kind::And) return false;
  for (const LabelExpr& child : label.children) {
    if (child.kind != LabelExpr::Kind::Name && child.kind != LabelExpr::Kind::Dynamic) return false;
  }
  return true;
}

}  // namespace

/// An element's properties may use the elements to its left.
void Binder::create(CreateClause& clause) {
  Scope created;
  created.parent = scope_;
  {
    Restore scope(scope_, &created);
    for (PathPattern& path : clause.paths) updated_path(path, false, created);
  }
  scope_->symbols.merge(created.symbols);
}

/// The properties of the path are looked up before any of it exists, so they do not see its variables.
void Binder::merge(MergeClause& clause) {
  Scope created;
  {
    Scope named;
    for (const PathElement& element : clause.path.elements) {
      const auto* node = std::get_if<NodePattern>(&element);
      const auto* relationship = std::get_if<RelationshipPattern>(&element);
      if (node != nullptr) named.symbols[node->name];
      if (relationship != nullptr) named.symbols[relationship->name];
    }
    Restore pending(pending_, static_cast<const Scope*>(&named));
    updated_path(clause.path, true, created);
  }
  scope_->symbols.merge(created.symbols);
  set_items(clause.on_create);
  set_items(clause.on_match);
}

/// Binds a path of CREATE or MERGE; its new variables go to `created`.
void Binder::updated_path(PathPattern& path, bool merging, Scope& created) {
  std::string_view keyword = merging ? "MERGE" : "CREATE";
  if (path.search != PathSearch::All) {
    throw Error::syntax("UnexpectedSyntax", std::string(keyword) + " takes plain patterns, without a path search",
                        path.span);
  }
  if (path.where != nullptr) {
    throw Error::syntax("UnexpectedSyntax", std::string(keyword) + " takes plain patterns, without WHERE",
                        path.where->span);
  }
  for (PathElement& element : path.elements) {
    if (auto* node = std::get_if<NodePattern>(&element)) {
      updated_node(*node, path.elements.size() == 1, merging, created);
    } else if (auto* relationship = std::get_if<RelationshipPattern>(&element)) {
      updated_relationship(*relationship, merging, created);
    } else {
      throw Error::syntax("UnexpectedSyntax",
                          std::string(keyword) + " takes plain patterns, without groups and repetition",
                          std::get<QuantifiedPattern>(element).span);
    }
  }
  if (path.name.empty()) return;
  if (find(path.name) != nullptr || created.symbols.contains(path.name)) fail_already_bound(path.name, path.span);
  path.var = new_variable(path.name);
  created.symbols[path.name] = {path.var, {kPathType, kAnyType}};
}

void Binder::updated_node(NodePattern& node, bool alone, bool merging, Scope& created) {
  Preparation::step();
  if (node.where) throw Error::syntax("UnexpectedSyntax", "WHERE is not allowed in what is created", node.where->span);
  if (node.label && !is_simple_labels(*node.label)) {
    throw Error::syntax("UnexpectedSyntax", "what is created needs definite labels, such as :A:B", node.label->span);
  }
  auto own = created.symbols.find(node.name);
  const Symbol* bound = own != created.symbols.end() ? &own->second : node.name.empty() ? nullptr : find(node.name);
  if (bound != nullptr) {
    if (!bound->type.may_be(kNodeType)) {
      throw Error::syntax("VariableTypeConflict",
                          shown(node.name) + " is no node but " + type_set_name(bound->type.kinds), node.span);
    }
    if (alone || node.label || node.properties) {
      fail_already_bound(node.name, node.span,
                         "a bound node can be connected, as in (" + node.name +
                             ")-[:TYPE]->(), but not be created or given labels and properties here");
    }
    node.var = bound->var;
    return;
  }
  if (node.label) dynamic_labels(*node.label, true);
  updated_properties(node.properties, merging);
  node.var = new_variable(node.name);
  if (!node.name.empty()) created.symbols[node.name] = {node.var, {kNodeType, kAnyType}};
}

void Binder::updated_relationship(RelationshipPattern& relationship, bool merging, Scope& created) {
  std::string_view keyword = merging ? "MERGE" : "CREATE";
  Span span = relationship.span;
  if (!relationship.name.empty() &&
      (find(relationship.name) != nullptr || created.symbols.contains(relationship.name))) {
    fail_already_bound(relationship.name, span, "a relationship is created with a new name");
  }
  if (relationship.variable_length) {
    throw Error::syntax("CreatingVarLength", std::string(keyword) + " cannot create relationships of variable length",
                        span);
  }
  const bool one_type = relationship.type && (relationship.type->kind == LabelExpr::Kind::Name ||
                                              relationship.type->kind == LabelExpr::Kind::Dynamic);
  if (!one_type) {
    throw Error::syntax("NoSingleRelationshipType",
                        "a relationship is created with exactly one type, such as -[:KNOWS]->", span);
  }
  if (!merging && relationship.direction == Direction::Both) {
    throw Error::syntax("RequiresDirectedRelationship",
                        "a relationship is created in one direction, such as -[:KNOWS]->", span);
  }
  if (relationship.where) {
    throw Error::syntax("UnexpectedSyntax", "WHERE is not allowed in what is created", relationship.where->span);
  }
  dynamic_labels(*relationship.type, true);
  updated_properties(relationship.properties, merging);
  relationship.var = new_variable(relationship.name);
  if (!relationship.name.empty()) {
    created.symbols[relationship.name] = {relationship.var, {kRelationshipType, kAnyType}};
  }
}

void Binder::updated_properties(const ExprPtr& properties, bool merging) {
  if (!properties) return;
  if (merging && properties->kind == ExprKind::Parameter) {
    throw Error::syntax("InvalidParameterUse",
                        "MERGE needs to know the properties by name: write {key: $" + properties->name + ".key}",
                        properties->span);
  }
  expr(*properties);
}

void Binder::property_target(Expr& target) {
  ValueType type = expr(*target.args[0]);
  require(*target.args[0], type, kNodeType | kRelationshipType, "what a property is set or removed of");
  if (target.kind == ExprKind::Element) {
    require(*target.args[1], expr(*target.args[1]), kStringType, "the name of a property");
  }
  target.type = kAnyType;
}

void Binder::label_target(Expr& target, TypeSet types, std::string_view what) {
  require(target, expr(target), types, what);
}

void Binder::set_items(std::vector<SetItem>& items) {
  for (SetItem& item : items) {
    switch (item.kind) {
      case SetItem::Kind::Property:
        property_target(*item.target);
        break;
      case SetItem::Kind::Labels:
        label_target(*item.target, kNodeType, "what gets labels");
        dynamic_names(item.dynamic_labels);
        break;
      case SetItem::Kind::Replace:
      case SetItem::Kind::Merge:
        label_target(*item.target, kNodeType | kRelationshipType, "what gets properties");
        break;
    }
    if (!item.value) continue;
    ValueType type = expr(*item.value);
    if (item.kind != SetItem::Kind::Property) {
      require(*item.value, type, kMapType | kNodeType | kRelationshipType, "a set of properties");
    }
  }
}

void Binder::remove(RemoveClause& clause) {
  for (RemoveItem& item : clause.items) {
    if (!item.has_labels()) {
      property_target(*item.target);
    } else {
      label_target(*item.target, kNodeType, "what loses labels");
      dynamic_names(item.dynamic_labels);
    }
  }
}

void Binder::delete_entities(DeleteClause& clause) {
  for (const ExprPtr& target : clause.targets) {
    if (target->kind == ExprKind::HasLabels) {
      throw Error::syntax("InvalidDelete",
                          "DELETE takes nodes, relationships and paths; a label is taken off with REMOVE, and a "
                          "relationship's type cannot change",
                          target->span);
    }
    ValueType type = expr(*target);
    require(*target, type, kNodeType | kRelationshipType | kPathType, "what is deleted");
  }
}

}  // namespace entente
