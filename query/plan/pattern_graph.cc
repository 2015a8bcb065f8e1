#include "entente/query/plan/pattern_graph.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

const char* search_name(PathSearch search) {
  switch (search) {
    case PathSearch::All:
      return "ALL";
    case PathSearch::Any:
      return "ANY";
    case PathSearch::AnyShortest:
      return "ANY SHORTEST";
    case PathSearch::AllShortest:
      return "ALL SHORTEST";
    case PathSearch::ShortestK:
      return "SHORTEST k";
    case PathSearch::ShortestGroups:
      return "SHORTEST k GROUPS";
    case PathSearch::LegacyShortest:
      return "shortestPath(…)";
    case PathSearch::LegacyAllShortest:
      return "allShortestPaths(…)";
  }
  return "path search";
}

/// The names in `A`, `A|B`, `A|(B|C)`, without repetition; nothing for other type expressions.
bool type_names(const LabelExpr& type, std::vector<std::string>& names) {
  if (type.kind == LabelExpr::Kind::Name) {
    if (std::find(names.begin(), names.end(), type.name) == names.end()) names.push_back(type.name);
    return true;
  }
  if (type.kind != LabelExpr::Kind::Or) return false;
  return std::all_of(type.children.begin(), type.children.end(),
                     [&](const LabelExpr& child) { return type_names(child, names); });
}

void split_labels(const LabelExpr& label, std::vector<const LabelExpr*>& parts) {
  if (label.kind != LabelExpr::Kind::And) {
    parts.push_back(&label);
    return;
  }
  for (const LabelExpr& child : label.children) split_labels(child, parts);
}

bool same_name(const LabelExpr& a, const LabelExpr& b) {
  return a.kind == LabelExpr::Kind::Name && b.kind == LabelExpr::Kind::Name && a.name == b.name;
}

}  // namespace

// ---- elements ----------------------------------------------------------------------------------------------

uint32_t PatternGraph::add_node(const NodePattern& node) {
  const VarId var = node.var == kNoVar ? planner_.new_variable() : node.var;
  auto [found, fresh] = node_of_.try_emplace(var, static_cast<uint32_t>(nodes_.size()));
  if (fresh) {
    MatchNode& info = nodes_.emplace_back();
    info.var = var;
    info.bound = planner_.scope.contains(var);
  }
  const uint32_t index = found->second;
  if (node.label) {
    std::vector<const LabelExpr*> parts;
    split_labels(*node.label, parts);
    std::vector<const LabelExpr*>& known = nodes_[index].labels;
    for (const LabelExpr* part : parts) {
      if (std::none_of(known.begin(), known.end(), [&](const LabelExpr* other) { return same_name(*part, *other); })) {
        known.push_back(part);
      }
    }
  }
  written_nodes_.emplace_back(&node, index);
  return index;
}

uint32_t PatternGraph::add_edge(const RelationshipPattern& rel, uint32_t left, uint32_t right) {
  const auto index = static_cast<uint32_t>(edges_.size());
  MatchEdge edge;
  edge.var = rel.var == kNoVar ? planner_.new_variable() : rel.var;
  if (!rel.name.empty()) {
    auto same = std::find_if(edges_.begin(), edges_.end(), [&](const MatchEdge& e) { return e.var == edge.var; });
    if (same != edges_.end()) edge.repeats = static_cast<uint32_t>(same - edges_.begin());
  }
  edge.bound = edge.repeats != MatchEdge::kFirst || planner_.scope.contains(edge.var);
  edge.left = left;
  edge.right = right;
  if (rel.type && !type_names(*rel.type, edge.types)) edge.types.clear();
  edge.direction = rel.direction;
  edge.variable_length = rel.variable_length;
  edge.min = rel.min_length;
  edge.max = rel.max_length;
  edges_.push_back(std::move(edge));
  nodes_[left].edges.push_back(index);
  if (right != left) nodes_[right].edges.push_back(index);
  written_edges_.emplace_back(&rel, index);
  return index;
}

void PatternGraph::add(const PathPattern& path) {
  if (path.search != PathSearch::All) fail_not_implemented(search_name(path.search), path.span);
  MatchPath built;
  built.var = path.var;
  for (size_t i = 0; i < path.elements.size(); ++i) {
    if (const auto* quantified = std::get_if<QuantifiedPattern>(&path.elements[i])) {
      fail_not_implemented("A quantified path pattern", quantified->span);
    }
  }
  if (nodes_.size() + edges_.size() + path.elements.size() > kMaxPlanDepth) fail_too_long();
  uint32_t left = 0;
  const RelationshipPattern* between = nullptr;
  for (const PathElement& element : path.elements) {
    if (const auto* rel = std::get_if<RelationshipPattern>(&element)) {
      between = rel;
      continue;
    }
    const uint32_t node = add_node(std::get<NodePattern>(element));
    if (between != nullptr) {
      const uint32_t edge = add_edge(*between, left, node);
      if (built.var != kNoVar) built.parts.push_back(edges_[edge].var);
      between = nullptr;
    }
    if (built.var != kNoVar) built.parts.push_back(nodes_[node].var);
    left = node;
  }
  if (built.var != kNoVar) paths_.push_back(std::move(built));
}

void PatternGraph::number_elements() {
  auto introduce = [&](VarId var, uint32_t element) {
    element_of_.emplace(var, element);
    if (planner_.scope.add(var)) new_variables_.push_back(var);
  };
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].bound) introduce(nodes_[i].var, i);
  }
  for (uint32_t i = 0; i < edges_.size(); ++i) {
    if (!edges_[i].bound) introduce(edges_[i].var, element_of_edge(i));
  }
  for (uint32_t i = 0; i < paths_.size(); ++i) introduce(paths_[i].var, element_of_path(i));
  waiting_.resize(element_count());
}

// ---- conditions --------------------------------------------------------------------------------------------

void PatternGraph::finish(const ExprPtr& where) {
  number_elements();
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    MatchNode& node = nodes_[i];
    for (const LabelExpr* label : node.labels) {
      if (label->kind == LabelExpr::Kind::Name) node.label_ids.push_back(planner_.cardinality().label(label->name));
      add_predicate(make_has_labels(planner_.variable(node.var), *label));
    }
    if (!node.bound) {
      planner_.known_labels[node.var] = node.label_ids;
    } else if (auto known = planner_.known_labels.find(node.var); known != planner_.known_labels.end()) {
      node.label_ids.insert(node.label_ids.end(), known->second.begin(), known->second.end());
    }
    if (!node.label_ids.empty()) labels_[node.var] = node.label_ids;
    if (node.bound && node.edges.empty() && node.labels.empty()) {
      // A node bound to null matches nothing; everywhere else some operator or predicate says so.
      auto present = std::make_shared<Expr>();
      present->kind = ExprKind::IsNotNull;
      present->args.push_back(planner_.variable(node.var));
      present->type = kBooleanType;
      add_predicate(std::move(present));
    }
  }
  for (const auto& [node, index] : written_nodes_) add_node_conditions(*node, index);
  for (const auto& [rel, index] : written_edges_) add_edge_conditions(*rel, index);
  if (where != nullptr) {
    planner_.plan_subqueries(where);
    std::vector<ExprPtr> parts;
    split_conjunction(where, parts);
    for (ExprPtr& part : parts) add_predicate(std::move(part));
  }
}

void PatternGraph::add_properties(const ExprPtr& properties, const ExprPtr& entity, std::vector<ExprPtr>& conditions) {
  if (properties == nullptr) return;
  if (properties->kind != ExprKind::Map) {
    throw Error::syntax("InvalidParameterUse",
                        "A pattern to be matched needs its properties written out, as in (n {key: $value})",
                        properties->span);
  }
  planner_.plan_subqueries(properties);
  for (size_t i = 0; i < properties->keys.size(); ++i) {
    const ExprPtr& value = properties->args[i];
    conditions.push_back(
        make_binary(ExprKind::Equal, make_property(entity, properties->keys[i], value->span), value, value->span));
  }
}

void PatternGraph::add_node_conditions(const NodePattern& node, uint32_t index) {
  std::vector<ExprPtr> conditions;
  if (node.properties != nullptr) add_properties(node.properties, planner_.variable(nodes_[index].var), conditions);
  if (node.where != nullptr) {
    planner_.plan_subqueries(node.where);
    split_conjunction(node.where, conditions);
  }
  for (ExprPtr& condition : conditions) add_predicate(std::move(condition));
}

void PatternGraph::add_edge_conditions(const RelationshipPattern& rel, uint32_t index) {
  const bool type_is_condition = rel.type && edges_[index].types.empty();
  if (!type_is_condition && rel.properties == nullptr && rel.where == nullptr) return;
  const VarId var = edges_[index].var;
  VarId entity = var;
  if (rel.variable_length) {
    entity = planner_.new_variable(rel.name);
    edges_[index].element = entity;
  }
  std::vector<ExprPtr> conditions;
  if (type_is_condition) conditions.push_back(make_has_labels(planner_.variable(entity), *rel.type));
  if (rel.properties != nullptr) add_properties(rel.properties, planner_.variable(entity), conditions);
  if (rel.where != nullptr) {
    planner_.plan_subqueries(rel.where);
    // In the condition of a variable-length relationship its variable means each of them.
    ExprPtr where = rewrite(rel.where, [&](const ExprPtr& part) -> ExprPtr {
      if (entity == var || part->kind != ExprKind::Variable || part->var != var) return nullptr;
      return planner_.variable(entity, part->span);
    });
    split_conjunction(where, conditions);
  }
  for (ExprPtr& condition : conditions) {
    if (rel.variable_length) {
      add_each(index, std::move(condition));
    } else {
      add_predicate(std::move(condition));
    }
  }
}

void PatternGraph::add_predicate(ExprPtr expr) {
  predicates_.emplace_back().expr = std::move(expr);
  wait(static_cast<uint32_t>(predicates_.size() - 1));
}

void PatternGraph::add_each(uint32_t edge, ExprPtr each) {
  auto all = std::make_shared<Expr>();
  all->kind = ExprKind::Quantifier;
  all->quantifier = Quantifier::All;
  all->var = edges_[edge].element;
  all->var_name = planner_.variable(all->var)->name;
  all->args = {planner_.variable(edges_[edge].var), each};
  all->span = each->span;
  all->type = kBooleanType | kNullType;
  MatchCondition& predicate = predicates_.emplace_back();
  predicate.expr = std::move(all);
  predicate.edge = edge;
  predicate.each = std::move(each);
  wait(static_cast<uint32_t>(predicates_.size() - 1));
}

void PatternGraph::wait(uint32_t predicate) {
  std::vector<uint32_t>& elements = predicates_[predicate].elements;
  for_each_variable(*predicates_[predicate].expr, [&](VarId var) {
    auto found = element_of_.find(var);
    if (found == element_of_.end()) return;
    if (std::find(elements.begin(), elements.end(), found->second) != elements.end()) return;
    elements.push_back(found->second);
    waiting_[found->second].push_back(predicate);
  });
}

}  // namespace entente
