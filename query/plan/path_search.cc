#include "entente/query/plan/path_search.h"

#include <algorithm>
#include <utility>

namespace entente {

// ---- elements ----------------------------------------------------------------------------------------------

bool type_names(const LabelExpr& type, std::vector<std::string>& names) {
  if (type.kind == LabelExpr::Kind::Name) {
    if (std::find(names.begin(), names.end(), type.name) == names.end()) names.push_back(type.name);
    return true;
  }
  if (type.kind != LabelExpr::Kind::Or) return false;
  return std::all_of(type.children.begin(), type.children.end(),
                     [&](const LabelExpr& child) { return type_names(child, names); });
}

void element_conditions(const ExprPtr& properties, const ExprPtr& where, const ExprPtr& entity, Planner& planner,
                        std::vector<ExprPtr>& conditions) {
  if (properties != nullptr) {
    if (properties->kind != ExprKind::Map) {
      throw Error::syntax("InvalidParameterUse",
                          "A pattern to be matched needs its properties written out, as in (n {key: $value})",
                          properties->span);
    }
    planner.plan_subqueries(properties);
    for (size_t i = 0; i < properties->keys.size(); ++i) {
      const ExprPtr& value = properties->args[i];
      conditions.push_back(
          make_binary(ExprKind::Equal, make_property(entity, properties->keys[i], value->span), value, value->span));
    }
  }
  if (where != nullptr) {
    planner.plan_subqueries(where);
    split_conjunction(where, conditions);
  }
}

ExprPtr make_all_of(const ExprPtr& variable, ExprPtr each) {
  auto all = std::make_shared<Expr>();
  all->kind = ExprKind::Quantifier;
  all->quantifier = Quantifier::All;
  all->var = variable->var;
  all->var_name = variable->name;
  all->span = each->span;
  all->args = {variable, std::move(each)};
  all->type = kBooleanType | kNullType;
  return all;
}

std::vector<const PathElement*> alternating(const PathPattern& path) {
  static const PathElement kAnyNode = NodePattern{};
  std::vector<const PathElement*> elements;
  for (const PathElement& element : path.elements) {
    const bool node_next = elements.size() % 2 == 0;
    if (node_next && !std::holds_alternative<NodePattern>(element)) elements.push_back(&kAnyNode);
    elements.push_back(&element);
  }
  if (elements.size() % 2 == 0) elements.push_back(&kAnyNode);
  return elements;
}

namespace {

void and_with(ExprPtr& place, const ExprPtr& condition) {
  std::vector<ExprPtr> parts;
  split_conjunction(place, parts);
  parts.push_back(condition);
  place = make_and(std::move(parts));
}

void select_paths(const PathPattern& path, PathSearchOp& op) {
  switch (path.search) {
    case PathSearch::All:
      op.select = PathSearchOp::Select::All;
      return;
    case PathSearch::AllShortest:
    case PathSearch::LegacyAllShortest:
    case PathSearch::ShortestGroups:
      op.select = PathSearchOp::Select::Groups;
      break;
    case PathSearch::Any:
    case PathSearch::AnyShortest:
    case PathSearch::ShortestK:
    case PathSearch::LegacyShortest:
      op.select = PathSearchOp::Select::Shortest;  // of any paths, the shortest are as good as others
      break;
  }
  op.count = path.search_count;
}

}  // namespace

// ---- the pattern -------------------------------------------------------------------------------------------

SearchPattern::SearchPattern(const QuantifiedPattern& group, Planner& planner) : planner_(planner) { add_group(group); }

SearchPattern::SearchPattern(const PathPattern& path, VarId from, VarId to, const std::vector<VarId>& ends_bound,
                             Planner& planner)
    : planner_(planner),
      legacy_(path.search == PathSearch::LegacyShortest || path.search == PathSearch::LegacyAllShortest),
      where_(path.where) {
  select_paths(path, op_);
  op_.path = path.var;
  op_.from = from;
  op_.to = to;
  for (VarId end : {from, to}) {
    named_.insert(end);
    if (std::find(ends_bound.begin(), ends_bound.end(), end) == ends_bound.end()) outside_.insert(end);
  }
  const std::vector<const PathElement*> elements = alternating(path);
  VarId left = from;
  for (size_t i = 1; i + 1 < elements.size(); i += 2) {
    const bool last = i + 2 == elements.size();
    VarId right = to;
    if (!last) {
      const auto& node = std::get<NodePattern>(*elements[i + 1]);
      right = name_node(node, false, PathVariable::kEnd);
      outside_.insert(right);
    }
    if (const auto* group = std::get_if<QuantifiedPattern>(elements[i])) {
      add_group(*group);
    } else {
      add_relationship(std::get<RelationshipPattern>(*elements[i]), left, right);
    }
    if (!last) op_.stretches.back().end = right;
    left = right;
  }
}

VarId SearchPattern::name_node(const NodePattern& node, bool inside, uint32_t element) {
  const auto stretch = static_cast<uint32_t>(op_.stretches.size());
  VarId var = node.var == kNoVar ? planner_.new_variable() : node.var;
  if (!named_.insert(var).second) {
    // The same node again: under a name of its own, and equal.
    const VarId again = planner_.new_variable(node.name);
    const ExprPtr equal = make_binary(ExprKind::Equal, planner_.variable(again), planner_.variable(var), node.span);
    if (inside) {
      inner_.emplace_back(stretch, equal);
    } else {
      outer_.push_back(equal);
      op_.variables.push_back({again, stretch, element, false});
    }
    var = again;
  } else if (!node.name.empty()) {
    op_.variables.push_back({var, stretch, element, inside});
  }
  if (node.label || node.properties != nullptr || node.where != nullptr) {
    written_.push_back({&node, nullptr, var, inside, stretch});
  }
  return var;
}

VarId SearchPattern::name_relationship(const RelationshipPattern& rel, bool list, uint32_t element) {
  const auto stretch = static_cast<uint32_t>(op_.stretches.size());
  const VarId var = rel.var == kNoVar ? planner_.new_variable() : rel.var;
  if (!rel.name.empty()) op_.variables.push_back({var, stretch, element, list});
  return var;
}

void SearchPattern::add_group(const QuantifiedPattern& group) {
  const auto index = static_cast<uint32_t>(op_.stretches.size());
  PathStretch stretch;
  stretch.min = group.min;
  stretch.max = group.max;
  const std::vector<PathElement>& inner = group.inner->elements;
  VarId near = name_node(std::get<NodePattern>(inner.front()), true, 0);
  for (uint32_t i = 1; i + 1 < inner.size(); i += 2) {
    const auto& rel = std::get<RelationshipPattern>(inner[i]);
    PathHop hop{};
    hop.near = near;
    hop.rel = name_relationship(rel, true, i);
    hop.direction = rel.direction;
    const bool named = !rel.type || type_names(*rel.type, hop.types);
    if (!named) hop.types.clear();
    if (!named || rel.properties != nullptr || rel.where != nullptr) {
      written_.push_back({nullptr, &rel, hop.rel, true, index});
    }
    hop.far = name_node(std::get<NodePattern>(inner[i + 1]), true, i + 1);
    near = hop.far;
    stretch.hops.push_back(std::move(hop));
  }
  if (group.inner->where != nullptr) inner_.emplace_back(index, group.inner->where);
  op_.stretches.push_back(std::move(stretch));
}

void SearchPattern::add_relationship(const RelationshipPattern& rel, VarId near, VarId far) {
  PathStretch stretch;
  PathHop hop{};
  hop.rel = name_relationship(rel, rel.variable_length, 1);
  if (rel.variable_length) {
    stretch.min = rel.min_length;
    stretch.max = rel.max_length;
    hop.near = planner_.new_variable();
    hop.far = planner_.new_variable();
  } else {
    stretch.single = true;
    hop.near = near;
    hop.far = far;
    outside_.insert(hop.rel);
  }
  hop.direction = rel.direction;
  const bool named = !rel.type || type_names(*rel.type, hop.types);
  if (!named) hop.types.clear();
  if (!named || rel.properties != nullptr || rel.where != nullptr) {
    written_.push_back({nullptr, &rel, hop.rel, rel.variable_length, static_cast<uint32_t>(op_.stretches.size())});
  }
  stretch.hops.push_back(std::move(hop));
  op_.stretches.push_back(std::move(stretch));
}

std::vector<VarId> SearchPattern::variables() const {
  std::vector<VarId> vars;
  if (op_.path != kNoVar) vars.push_back(op_.path);
  for (const PathVariable& variable : op_.variables) vars.push_back(variable.var);
  return vars;
}

// ---- conditions --------------------------------------------------------------------------------------------

void SearchPattern::conditions_of(const Written& written, std::vector<ExprPtr>& conditions) const {
  const ExprPtr entity = planner_.variable(written.var);
  if (written.node != nullptr) {
    if (written.node->label) conditions.push_back(planner_.has_labels(entity, *written.node->label));
    element_conditions(written.node->properties, written.node->where, entity, planner_, conditions);
    return;
  }
  std::vector<std::string> names;
  if (written.rel->type && !type_names(*written.rel->type, names)) {
    conditions.push_back(planner_.has_labels(entity, *written.rel->type));
  }
  element_conditions(written.rel->properties, written.rel->where, entity, planner_, conditions);
}

void SearchPattern::add_conditions() {
  for (const Written& written : written_) {
    std::vector<ExprPtr> conditions;
    conditions_of(written, conditions);
    for (ExprPtr& condition : conditions) {
      if (!written.inside) {
        outer_.push_back(std::move(condition));
      } else {
        inner_.emplace_back(written.stretch, std::move(condition));
      }
    }
  }
  for (const auto& [stretch, condition] : inner_) {
    planner_.plan_subqueries(condition);
    std::vector<ExprPtr> parts;
    split_conjunction(condition, parts);
    for (const ExprPtr& part : parts) place_inside(stretch, part);
  }
  if (where_ != nullptr) {
    planner_.plan_subqueries(where_);
    split_conjunction(where_, outer_);
  }
  for (const ExprPtr& condition : outer_) place(condition);
}

std::vector<VarId> SearchPattern::read_of(const Expr& condition, const std::unordered_set<VarId>& variables) const {
  std::vector<VarId> read;
  for_each_variable(condition, [&](VarId var) {
    const bool listed = std::find(read.begin(), read.end(), var) != read.end();
    if (variables.contains(var) && !listed) read.push_back(var);
  });
  return read;
}

bool SearchPattern::place_on_hop(PathStretch& stretch, const ExprPtr& condition, const std::vector<VarId>& read) {
  for (PathHop& hop : stretch.hops) {
    const bool local = std::all_of(read.begin(), read.end(),
                                   [&](VarId var) { return var == hop.near || var == hop.rel || var == hop.far; });
    if (!local) continue;
    and_with(hop.predicate, condition);
    return true;
  }
  return false;
}

/// What is inside of a group, or of a variable-length relationship, whose condition may read the rest of the path.
void SearchPattern::place_inside(uint32_t index, const ExprPtr& condition) {
  PathStretch& stretch = op_.stretches[index];
  if (!read_of(*condition, outside_).empty()) {
    require(make_all_of(planner_.variable(stretch.hops.front().rel), condition));
    return;
  }
  std::unordered_set<VarId> own;
  for (const PathHop& hop : stretch.hops) own.insert({hop.near, hop.rel, hop.far});
  if (!place_on_hop(stretch, condition, read_of(*condition, own))) and_with(stretch.predicate, condition);
}

void SearchPattern::place(const ExprPtr& condition) {
  std::unordered_set<VarId> all = outside_;
  for (VarId var : variables()) all.insert(var);
  const std::vector<VarId> read = read_of(*condition, all);
  if (!read.empty()) {
    for (PathStretch& stretch : op_.stretches) {
      if (read.size() == 1 && read.front() == stretch.end) {
        and_with(stretch.end_predicate, condition);
        return;
      }
    }
    for (PathStretch& stretch : op_.stretches) {
      if (stretch.single && place_on_hop(stretch, condition, read)) return;
    }
  }
  require(condition);
}

void SearchPattern::require(const ExprPtr& condition) { require_of_path(condition, variables(), planner_, op_); }

namespace {

/// What `all(x IN relationships(p) WHERE …)` and the like walk through.
enum class Walked : uint8_t { Nothing, Relationships, Nodes };

Walked walked_by(const Expr& list, const PathSearchOp& op) {
  if (list.kind == ExprKind::Variable) {
    for (const PathVariable& variable : op.variables) {
      const bool whole = op.stretches.size() == 1 && op.stretches.front().hops.size() == 1;
      if (variable.var == list.var && whole && variable.element == 1 && variable.list) return Walked::Relationships;
    }
    return Walked::Nothing;
  }
  const bool of_path = list.kind == ExprKind::Call && list.function != nullptr && list.args.size() == 1 &&
                       list.args[0]->kind == ExprKind::Variable && op.path != kNoVar && list.args[0]->var == op.path;
  if (!of_path) return Walked::Nothing;
  if (list.function->name == "relationships") return Walked::Relationships;
  return list.function->name == "nodes" ? Walked::Nodes : Walked::Nothing;
}

}  // namespace

void require_of_path(const ExprPtr& condition, const std::vector<VarId>& inside, const Planner& planner,
                     PathSearchOp& op) {
  and_with(op.predicate, condition);
  const bool of_each = condition->kind == ExprKind::Quantifier &&
                       (condition->quantifier == Quantifier::All || condition->quantifier == Quantifier::None);
  if (!of_each || condition->args.size() != 2 || condition->args[1] == nullptr) return;
  const Expr& each = *condition->args[1];
  if (contains_subquery(each) || !is_deterministic(each)) return;
  const bool reads_rest = std::any_of(inside.begin(), inside.end(),
                                      [&](VarId var) { return var != condition->var && reads_variable(each, var); });
  const Walked walked = walked_by(*condition->args[0], op);
  if (reads_rest || walked == Walked::Nothing) return;
  auto of = [&](VarId element) {
    ExprPtr said = rewrite(condition->args[1], [&](const ExprPtr& part) -> ExprPtr {
      if (part->kind != ExprKind::Variable || part->var != condition->var) return nullptr;
      return planner.variable(element, part->span);
    });
    if (condition->quantifier == Quantifier::All) return said;
    auto negated = std::make_shared<Expr>();
    negated->kind = ExprKind::Not;
    negated->args = {std::move(said)};
    negated->span = each.span;
    negated->type = kBooleanType | kNullType;
    return ExprPtr(negated);
  };
  for (PathStretch& stretch : op.stretches) {
    for (PathHop& hop : stretch.hops) {
      if (walked == Walked::Relationships) {
        and_with(hop.predicate, of(hop.rel));
      } else {
        and_with(hop.predicate, of(hop.near));
        and_with(hop.predicate, of(hop.far));
      }
    }
  }
}

// ---- from the other end ------------------------------------------------------------------------------------

std::vector<PathStretch> reversed(const std::vector<PathStretch>& stretches) {
  std::vector<PathStretch> back(stretches.rbegin(), stretches.rend());
  for (size_t i = 0; i < back.size(); ++i) {
    std::reverse(back[i].hops.begin(), back[i].hops.end());
    for (PathHop& hop : back[i].hops) {
      std::swap(hop.near, hop.far);
      hop.direction = opposite(hop.direction);
    }
    const bool last = i + 1 == back.size();
    back[i].end = last ? kNoVar : stretches[stretches.size() - 2 - i].end;
    back[i].end_predicate = last ? nullptr : stretches[stretches.size() - 2 - i].end_predicate;
  }
  return back;
}

PathSearchOp reversed(PathSearchOp op) {
  const auto count = static_cast<uint32_t>(op.stretches.size());
  for (PathVariable& variable : op.variables) {
    if (variable.element == PathVariable::kEnd) {
      variable.stretch = count - 2 - variable.stretch;
      continue;
    }
    const auto hops = static_cast<uint32_t>(op.stretches[variable.stretch].hops.size());
    variable.element = 2 * hops - variable.element;
    variable.stretch = count - 1 - variable.stretch;
  }
  op.stretches = reversed(op.stretches);
  std::swap(op.from, op.to);
  op.reversed = !op.reversed;
  return op;
}

}  // namespace entente
