#include "entente/query/plan/pattern_graph.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

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

bool is_any_node(const PathElement& element) {
  const auto& node = std::get<NodePattern>(element);
  return node.name.empty() && !node.label && node.properties == nullptr && node.where == nullptr;
}

/// A group of one relationship between any nodes says the same as a variable-length relationship.
std::optional<RelationshipPattern> as_variable_length(const QuantifiedPattern& group) {
  const std::vector<PathElement>& inner = group.inner->elements;
  if (inner.size() != 3 || !is_any_node(inner.front()) || !is_any_node(inner.back())) return std::nullopt;
  RelationshipPattern rel = std::get<RelationshipPattern>(inner[1]);
  rel.variable_length = true;
  rel.min_length = group.min;
  rel.max_length = group.max;
  if (group.inner->where != nullptr) {
    std::vector<ExprPtr> conditions;
    if (rel.where != nullptr) conditions.push_back(rel.where);
    conditions.push_back(group.inner->where);
    rel.where = make_and(std::move(conditions));
  }
  return rel;
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
    info.uses = planner_.uses(var);
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
  edge.uses = planner_.uses(edge.var);
  edge.clause = clause_;
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

uint32_t PatternGraph::add_group(const QuantifiedPattern& group, uint32_t left, uint32_t right) {
  if (std::optional<RelationshipPattern> rel = as_variable_length(group)) {
    rewritten_.push_back(std::move(*rel));
    return add_edge(rewritten_.back(), left, right);
  }
  return add_search(std::make_shared<SearchPattern>(group, planner_), left, right);
}

uint32_t PatternGraph::add_search(std::shared_ptr<SearchPattern> search, uint32_t left, uint32_t right) {
  const auto index = static_cast<uint32_t>(edges_.size());
  MatchEdge edge;
  edge.var = planner_.new_variable();
  edge.clause = clause_;
  edge.left = left;
  edge.right = right;
  edge.variable_length = true;
  edge.search = std::move(search);
  edges_.push_back(std::move(edge));
  nodes_[left].edges.push_back(index);
  if (right != left) nodes_[right].edges.push_back(index);
  return index;
}

/// A path of which only some are chosen: one edge between its ends.
void PatternGraph::add_selected(const PathPattern& path) {
  const std::vector<const PathElement*> elements = alternating(path);
  const uint32_t left = add_node(std::get<NodePattern>(*elements.front()));
  if (elements.size() == 1) {
    // A node alone is the one shortest path from itself to itself.
    if (path.var != kNoVar) paths_.push_back({path.var, {nodes_[left].var}});
    if (path.where != nullptr) path_conditions_.push_back(path.where);
    return;
  }
  const uint32_t right = add_node(std::get<NodePattern>(*elements.back()));
  std::vector<VarId> bound;
  for (uint32_t end : {left, right}) {
    if (nodes_[end].bound) bound.push_back(nodes_[end].var);
  }
  add_search(std::make_shared<SearchPattern>(path, nodes_[left].var, nodes_[right].var, bound, planner_), left, right);
}

void PatternGraph::add(const PathPattern& path) {
  Preparation::step();
  if (nodes_.size() + edges_.size() + path.elements.size() > kMaxPlanDepth) fail_too_long();
  if (path.search != PathSearch::All) return add_selected(path);
  if (path.where != nullptr) path_conditions_.push_back(path.where);
  MatchPath built;
  built.var = path.var;
  uint32_t left = 0;
  const PathElement* between = nullptr;
  for (const PathElement* element : alternating(path)) {
    if (!std::holds_alternative<NodePattern>(*element)) {
      between = element;
      continue;
    }
    const uint32_t node = add_node(std::get<NodePattern>(*element));
    if (between != nullptr) {
      const auto* group = std::get_if<QuantifiedPattern>(between);
      const uint32_t edge = group != nullptr ? add_group(*group, left, node)
                                             : add_edge(std::get<RelationshipPattern>(*between), left, node);
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
    if (edges_[i].search == nullptr) continue;
    for (VarId var : edges_[i].search->variables()) introduce(var, element_of_edge(i));
  }
  for (uint32_t i = 0; i < paths_.size(); ++i) introduce(paths_[i].var, element_of_path(i));
  waiting_.resize(element_count());
}

// ---- conditions --------------------------------------------------------------------------------------------

/// Labels that nodes have because relationships of a type end at nothing else.
void PatternGraph::add_labels_of_ends() {
  const Cardinality& cardinality = planner_.cardinality();
  const auto add = [&](MatchNode& node, const MatchEdge& edge, Direction direction) {
    for (const LabelId label : cardinality.labels_at_ends(edge.types, direction)) {
      std::vector<LabelId>& known = node.label_ids;
      if (std::find(known.begin(), known.end(), label) == known.end()) known.push_back(label);
    }
  };
  for (const MatchEdge& edge : edges_) {
    if (edge.search != nullptr || (edge.variable_length && edge.min == 0)) continue;
    add(nodes_[edge.left], edge, opposite(edge.direction));
    add(nodes_[edge.right], edge, edge.direction);
  }
}

void PatternGraph::finish(const ExprPtr& where) {
  number_elements();
  add_labels_of_ends();
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    MatchNode& node = nodes_[i];
    if (planner_.can_scan_by_labels_of_ends()) node.scan_ids = node.label_ids;
    for (const LabelExpr* label : node.labels) {
      if (label->kind == LabelExpr::Kind::Name) {
        node.label_ids.push_back(planner_.cardinality().label(label->name));
        node.scan_ids.push_back(node.label_ids.back());
      }
      add_predicate(planner_.has_labels(planner_.variable(node.var), *label));
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
  for (const MatchEdge& edge : edges_) {
    if (edge.search != nullptr) edge.search->add_conditions();
  }
  if (where != nullptr) path_conditions_.push_back(where);
  for (const ExprPtr& condition : path_conditions_) {
    planner_.plan_subqueries(condition);
    std::vector<ExprPtr> parts;
    split_conjunction(condition, parts);
    for (ExprPtr& part : parts) add_predicate(std::move(part));
  }
}

void PatternGraph::add_node_conditions(const NodePattern& node, uint32_t index) {
  if (node.properties == nullptr && node.where == nullptr) return;
  std::vector<ExprPtr> conditions;
  element_conditions(node.properties, node.where, planner_.variable(nodes_[index].var), planner_, conditions);
  for (ExprPtr& condition : conditions) add_predicate(std::move(condition));
}

void PatternGraph::add_edge_conditions(const RelationshipPattern& rel, uint32_t index) {
  const bool type_is_condition = rel.type && edges_[index].types.empty();
  if (!type_is_condition && rel.properties == nullptr && rel.where == nullptr) return;
  // In the conditions of a variable-length relationship its variable means each of them.
  const ExprPtr entity = planner_.variable(edges_[index].var);
  if (rel.variable_length) edges_[index].element = edges_[index].var;
  std::vector<ExprPtr> conditions;
  if (type_is_condition) conditions.push_back(planner_.has_labels(entity, *rel.type));
  element_conditions(rel.properties, rel.where, entity, planner_, conditions);
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
  MatchCondition& predicate = predicates_.emplace_back();
  predicate.expr = make_all_of(planner_.variable(edges_[edge].var), each);
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
