// Patterns that are matched: their variables, and the expressions in them.
#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

/// Numbers all elements. A path's own variable is bound after them: it is not visible inside its path.
void Binder::declare_path(PathPattern& path, bool optional, std::set<VarId>& relationships) {
  for (PathElement& element : path.elements) {
    if (auto* node = std::get_if<NodePattern>(&element)) declare_node(*node, optional);
    if (auto* relationship = std::get_if<RelationshipPattern>(&element)) {
      declare_relationship(*relationship, optional, relationships);
    }
    if (auto* group = std::get_if<QuantifiedPattern>(&element)) declare_group(*group, optional, relationships);
  }
  bind_path_variable(path, optional);
}

void Binder::bind_path_variable(PathPattern& path, bool optional) {
  if (path.name.empty()) return;
  path.var = declare_new(path.name, {kPathType | (optional ? kNullType : 0), kAnyType}, path.span);
}

/// What a repeated group binds is a list outside of the group.
void Binder::declare_group(QuantifiedPattern& group, bool optional, std::set<VarId>& relationships) {
  Scope inner;
  inner.parent = scope_;
  {
    Restore scope(scope_, &inner);
    declare_path(*group.inner, optional, relationships);
    bind_path_expressions(*group.inner);
    if (group.where) condition(group.where, "WHERE");
  }
  bool repeated = !(group.min == 1 && group.max && *group.max == 1);
  for (auto& [name, symbol] : inner.symbols) {
    if (repeated) symbol.type = {kListType, symbol.type.kinds};
    scope_->symbols[name] = symbol;
  }
}

VarId Binder::use_or_declare(const std::string& name, TypeSet kinds, ValueType type, Span span) {
  if (name.empty()) return new_variable({});
  const Symbol* bound = find(name);
  if (bound == nullptr) return declare(name, type);
  if (!bound->type.may_be(kinds) && bound->type.kinds != kNullType) {
    throw Error::syntax("VariableTypeConflict",
                        shown(name) + " is already " + type_set_name(bound->type.kinds) + " and cannot be " +
                            type_set_name(kinds) + " here; choose another name",
                        span);
  }
  VarId var = bound->var;
  auto own = scope_->symbols.find(name);
  if (own != scope_->symbols.end() && bound->type.may_be(kinds)) own->second.type.kinds &= kinds | kNullType;
  return var;
}

void Binder::declare_node(NodePattern& node, bool optional) {
  node.var = use_or_declare(node.name, kNodeType, {kNodeType | (optional ? kNullType : 0), kAnyType}, node.span);
}

void Binder::declare_relationship(RelationshipPattern& relationship, bool optional, std::set<VarId>& relationships) {
  TypeSet kinds = relationship.variable_length ? kListType : kRelationshipType;
  ValueType type{kinds | (optional ? kNullType : 0), relationship.variable_length ? kRelationshipType : kAnyType};
  relationship.var = use_or_declare(relationship.name, kinds, type, relationship.span);
  if (!relationships.insert(relationship.var).second) {
    throw Error::syntax("RelationshipUniquenessViolation",
                        shown(relationship.name) +
                            " stands for two relationships of one MATCH, which are always different; give them "
                            "different names, or use two MATCH clauses",
                        relationship.span);
  }
}

void Binder::bind_path_expressions(PathPattern& path) {
  for (PathElement& element : path.elements) {
    if (auto* node = std::get_if<NodePattern>(&element)) element_expressions(node->properties, node->where);
    if (auto* relationship = std::get_if<RelationshipPattern>(&element)) {
      element_expressions(relationship->properties, relationship->where);
    }
  }
}

void Binder::element_expressions(const ExprPtr& properties, const ExprPtr& where) {
  if (properties) {
    if (properties->kind == ExprKind::Parameter) {
      throw Error::syntax(
          "InvalidParameterUse",
          "a pattern to match needs to know the properties by name: write {key: $" + properties->name + ".key}",
          properties->span);
    }
    expr(*properties);
  }
  if (where) condition(where, "WHERE");
}

/// A pattern that is a predicate only asks about variables that are there.
void Binder::require_known(const PathPattern& path) const {
  for (const PathElement& element : path.elements) {
    const auto* node = std::get_if<NodePattern>(&element);
    const auto* relationship = std::get_if<RelationshipPattern>(&element);
    const std::string& name = node != nullptr ? node->name : relationship->name;
    if (!name.empty() && find(name) == nullptr) {
      fail_undefined(name, node != nullptr ? node->span : relationship->span);
    }
  }
}

// ---- patterns as expressions -------------------------------------------------------------------------------

ValueType Binder::pattern_predicate(Expr& e, bool boolean) {
  if (e.kind == ExprKind::PatternPredicate && !boolean) {
    throw Error::syntax("UnexpectedSyntax",
                        "a pattern can only be asked for where a boolean is expected, as in WHERE; use "
                        "[(a)-->(b) | …] for a list, or COUNT { (a)-->(b) }",
                        e.span);
  }
  Scope local;
  local.parent = scope_;
  Restore scope(scope_, &local);
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  Restore place(place_, std::string_view("a pattern"));
  std::set<VarId> relationships;
  if (e.kind == ExprKind::PatternPredicate) require_known(*e.pattern);
  declare_path(*e.pattern, false, relationships);
  bind_path_expressions(*e.pattern);
  if (e.kind == ExprKind::PatternPredicate) return {kBooleanType | kNullType, kAnyType};
  if (e.pattern->search == PathSearch::LegacyAllShortest) return {kListType | kNullType, kPathType};
  return {kPathType | kNullType, kAnyType};
}

ValueType Binder::pattern_comprehension(Expr& e) {
  Scope local;
  local.parent = scope_;
  Restore scope(scope_, &local);
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  Restore place(place_, std::string_view("a pattern comprehension"));
  std::set<VarId> relationships;
  std::string path_name = std::exchange(e.pattern->name, {});
  declare_path(*e.pattern, false, relationships);
  if (!path_name.empty()) {
    e.var = declare(path_name, {kPathType, kAnyType});
    e.pattern->var = e.var;
    e.pattern->name = std::move(path_name);
  }
  bind_path_expressions(*e.pattern);
  if (e.args[0]) condition(e.args[0], "WHERE");
  ValueType element = expr(*e.args[1]);
  return {kListType, element.kinds};
}

}  // namespace entente
