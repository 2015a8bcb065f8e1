// Patterns that are matched: their variables, and the expressions in them.
#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

/// Calls `visit` on each expression of the path.
template <class Visitor>
void for_each_path_expression(const PathPattern& path, Visitor&& visit) {
  auto visit_all = [&](const auto& element) {
    if (element.properties != nullptr) visit(*element.properties);
    if (element.where != nullptr) visit(*element.where);
  };
  for (const PathElement& element : path.elements) {
    if (const auto* node = std::get_if<NodePattern>(&element)) visit_all(*node);
    if (const auto* relationship = std::get_if<RelationshipPattern>(&element)) visit_all(*relationship);
  }
  if (path.where != nullptr) visit(*path.where);
}

}  // namespace

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

/// What a repeated group may be made of.
void Binder::check_group(const QuantifiedPattern& group) const {
  const PathPattern& inner = *group.inner;
  if (!inner.name.empty()) {
    throw Error::syntax("UnexpectedSyntax",
                        "a path variable cannot be inside of a quantified path pattern; name the whole path: " +
                            shown(inner.name) + " = (…)",
                        inner.span);
  }
  bool relationship = false;
  for (const PathElement& element : inner.elements) {
    if (const auto* nested = std::get_if<QuantifiedPattern>(&element)) {
      throw Error::syntax("UnexpectedSyntax", "quantified path patterns cannot be nested", nested->span);
    }
    const auto* one = std::get_if<RelationshipPattern>(&element);
    if (one == nullptr) continue;
    relationship = true;
    if (!one->variable_length) continue;
    throw Error::syntax("UnexpectedSyntax",
                        "a variable-length relationship cannot be part of a quantified path pattern, which says itself "
                        "how often it is walked",
                        one->span);
  }
  if (relationship) return;
  throw Error::syntax("UnexpectedSyntax",
                      "a quantified path pattern needs at least one relationship: ((a)-->(b))+, not ((a))+",
                      group.span);
}

/// What a repeated group binds is a list outside of the group. Its conditions may ask about its own variables and about
/// those of clauses before, not about the rest of its MATCH, which may be found later.
void Binder::declare_group(QuantifiedPattern& group, bool optional, std::set<VarId>& relationships) {
  check_group(group);
  for (const PathElement& element : group.inner->elements) {
    const auto* node = std::get_if<NodePattern>(&element);
    const std::string& name = node != nullptr ? node->name : std::get<RelationshipPattern>(element).name;
    if (name.empty() || find(name) == nullptr) continue;
    fail_already_bound(name, node != nullptr ? node->span : std::get<RelationshipPattern>(element).span,
                       "what a quantified path pattern binds is a list outside of it; choose another name");
  }
  const VarId group_begin = next_;
  Scope inner;
  inner.parent = scope_;
  {
    Restore scope(scope_, &inner);
    declare_path(*group.inner, optional, relationships);
    bind_path_expressions(*group.inner);
  }
  for_each_path_expression(*group.inner, [&](const Expr& e) {
    for_each_variable(e, [&](VarId var, const std::string& name, Span span) {
      if (var == kNoVar || var < clause_begin_ || var >= group_begin) return;
      throw Error::syntax("UndefinedVariable",
                          shown(name) +
                              " is found by the same MATCH, so it cannot be used inside of a quantified path pattern; "
                              "find it in a MATCH before, or compare in the WHERE of the MATCH",
                          span);
    });
  });
  for (auto& [name, symbol] : inner.symbols) {
    scope_->symbols[name] = {symbol.var, {kListType | (optional ? kNullType : 0), symbol.type.kinds}};
  }
}

// ---- path searches -----------------------------------------------------------------------------------------

/// The paths that are chosen among belong to a search alone: only its ends can be known before.
void Binder::check_search(const MatchClause& clause, const PathPattern& path) const {
  if (path.search == PathSearch::All) return;
  const bool legacy = path.search == PathSearch::LegacyShortest || path.search == PathSearch::LegacyAllShortest;
  if (!legacy && clause.paths.size() > 1) {
    throw Error::syntax("UnexpectedSyntax",
                        "a MATCH that selects paths (ANY, SHORTEST, …) has only the one path pattern; put the others "
                        "into a MATCH of their own",
                        path.span);
  }
  auto fail_bound = [&](const std::string& name, Span span) {
    fail_already_bound(name, span, "in a path search only the nodes at the ends can be; choose another name");
  };
  const auto* first = std::get_if<NodePattern>(&path.elements.front());
  const auto* last = std::get_if<NodePattern>(&path.elements.back());
  for (const PathElement& element : path.elements) {
    if (const auto* node = std::get_if<NodePattern>(&element)) {
      const bool end = (first != nullptr && node->name == first->name) || (last != nullptr && node->name == last->name);
      if (!end && !node->name.empty() && find(node->name) != nullptr) fail_bound(node->name, node->span);
    } else if (const auto* one = std::get_if<RelationshipPattern>(&element)) {
      if (!one->name.empty() && find(one->name) != nullptr) fail_bound(one->name, one->span);
    }
  }
}

/// shortestPath(…) as an expression looks between two nodes that are there.
void Binder::require_ends(const PathPattern& path) const {
  for (const PathElement* element : {&path.elements.front(), &path.elements.back()}) {
    const auto& node = std::get<NodePattern>(*element);
    if (node.name.empty()) {
      throw Error::syntax("UndefinedVariable",
                          "a shortest path outside of MATCH needs its two nodes to be known: name them, and find them "
                          "in a MATCH before",
                          node.span);
    }
    if (find(node.name) == nullptr) fail_undefined(node.name, node.span);
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
  ++uses_[var];
  auto own = scope_->symbols.find(name);
  if (own != scope_->symbols.end() && bound->type.may_be(kinds)) own->second.type.kinds &= kinds | kNullType;
  return var;
}

void Binder::declare_node(NodePattern& node, bool optional) {
  Preparation::step();
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
    if (auto* node = std::get_if<NodePattern>(&element)) {
      if (node->label) dynamic_labels(*node->label, false);
      element_expressions(node->properties, node->where);
    }
    auto* relationship = std::get_if<RelationshipPattern>(&element);
    if (relationship == nullptr) continue;
    if (relationship->type) dynamic_labels(*relationship->type, false);
    if (!relationship->variable_length || relationship->name.empty()) {
      element_expressions(relationship->properties, relationship->where);
      continue;
    }
    // Inside of a variable-length relationship its variable means each of them.
    Scope each;
    each.parent = scope_;
    each.symbols[relationship->name] = {relationship->var, {kRelationshipType, kAnyType}};
    Restore scope(scope_, &each);
    element_expressions(relationship->properties, relationship->where);
  }
  if (path.where) condition(path.where, "WHERE");
}

/// The names that are computed. With `definite` it must be said which are meant.
void Binder::dynamic_labels(const LabelExpr& label, bool definite) {
  if (label.kind == LabelExpr::Kind::Dynamic) {
    if (definite && label.any) {
      throw Error::syntax("UnexpectedSyntax", "$any(…) leaves open which name is meant; use $(…) or $all(…) here",
                          label.span);
    }
    dynamic_names({label.dynamic});
  }
  for (const LabelExpr& child : label.children) dynamic_labels(child, definite);
}

void Binder::dynamic_names(const std::vector<ExprPtr>& names) {
  for (const ExprPtr& name : names) {
    require(*name, expr(*name), kStringType | kListType, "a label or type that is computed");
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
  if (e.kind == ExprKind::ShortestPath) require_ends(*e.pattern);
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
