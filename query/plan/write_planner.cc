// CREATE, MERGE, SET, REMOVE, DELETE, and the barriers that keep clauses apart.
//
// Rows flow through the clauses in batches, so without care a later clause would change the graph while an earlier one
// still reads it. A barrier takes in all rows before the first goes on. It is put before a clause wherever what came
// since the last barrier could see what the clause writes, or the clause could see only a part of what came before it
// writes. Reading properties and labels is told apart from reading which nodes and relationships there are, and
// creating from changing: so a chain of CREATE clauses that read properties needs none.
//
// Consecutive CREATE clauses become one operator, unless a later one reads properties of what an earlier one created.
#include <utility>

#include "entente/query/plan/match_planner.h"
#include "entente/query/plan/planner_impl.h"

namespace entente {

// ---- barriers ----------------------------------------------------------------------------------------------

GraphAccess Planner::access_of(const ExprPtr& expr) const {
  GraphAccess access;
  if (expr == nullptr) return access;
  any_part(*expr, [&](const Expr& part) {
    switch (part.kind) {
      case ExprKind::Subquery:
        access.structure = access.properties = true;
        break;
      case ExprKind::Property:
      case ExprKind::Element:
        if ((part.args[0]->type & (kNodeType | kRelationshipType)) != 0) access.properties = true;
        break;
      case ExprKind::HasLabels:
      case ExprKind::MapProjection:
      case ExprKind::IsTyped:
        access.properties = true;
        break;
      case ExprKind::Call:
        for (const ExprPtr& arg : part.args) {
          const bool may_be_entity = arg != nullptr && (arg->type & (kNodeType | kRelationshipType | kPathType)) != 0;
          access.properties = access.properties || may_be_entity;
        }
        break;
      default:
        break;
    }
    return access.structure && access.properties;
  });
  return access;
}

void Planner::enter(const GraphAccess& access, Chain& chain) {
  const GraphAccess& before = since_barrier_;
  const bool apart = (before.structure && access.writes()) || (before.properties && access.modifies) ||
                     (before.writes() && access.structure) || (before.modifies && access.properties) ||
                     (before.modifies && access.modifies) || (before.writes() && access.deletes) ||
                     (before.deletes && access.writes());
  if (apart) {
    chain.push_back(BarrierOp{});
    since_barrier_ = {};
  }
  since_barrier_ |= access;
  entered_ |= access;
}

void Planner::settle_writes(Chain& chain) {
  if (!since_barrier_.writes()) return;
  chain.push_back(BarrierOp{});
  since_barrier_ = {};
}

// ---- CREATE ------------------------------------------------------------------------------------------------

namespace {

void label_names(const LabelExpr& label, std::vector<std::string>& names, std::vector<ExprPtr>& dynamic) {
  if (label.kind == LabelExpr::Kind::Name) names.push_back(label.name);
  if (label.kind == LabelExpr::Kind::Dynamic) dynamic.push_back(label.dynamic);
  for (const LabelExpr& child : label.children) label_names(child, names, dynamic);
}

void name_type(const RelationshipPattern& rel, CreatedRelationship& made) {
  std::vector<std::string> names;
  std::vector<ExprPtr> dynamic;
  if (rel.type) label_names(*rel.type, names, dynamic);
  if (names.size() + dynamic.size() != 1) {
    throw Error::syntax("NoSingleRelationshipType",
                        "A relationship to be created needs exactly one type, as in -[:TYPE]->", rel.span);
  }
  if (!names.empty()) made.type = std::move(names.front());
  if (!dynamic.empty()) made.dynamic_type = std::move(dynamic.front());
}

}  // namespace

struct Planner::Created {
  CreateOp op;
  std::vector<BuildPathOp> paths;
  std::vector<VarId> vars;  // bound by all of it
};

/// What a path pattern creates beyond what is bound; binds it in the scope.
Planner::Created Planner::created_by(PathPattern& path) {
  Created created;
  BuildPathOp built{path.var, {}};
  VarId left = kNoVar;
  RelationshipPattern* between = nullptr;
  for (PathElement& element : path.elements) {
    if (auto* rel = std::get_if<RelationshipPattern>(&element)) {
      between = rel;
      continue;
    }
    auto& node = std::get<NodePattern>(element);
    if (scope.add(node.var)) {
      CreatedNode& made = created.op.nodes.emplace_back();
      made.var = node.var;
      if (node.label) label_names(*node.label, made.labels, made.dynamic_labels);
      for (const ExprPtr& label : made.dynamic_labels) plan_subqueries(label);
      made.properties = node.properties;
      made.span = node.span;
      created.vars.push_back(node.var);
    }
    if (node.properties != nullptr) plan_subqueries(node.properties);
    if (between != nullptr) {
      CreatedRelationship& made = created.op.relationships.emplace_back();
      const bool backwards = between->direction == Direction::In;
      made.var = between->var;
      made.from = backwards ? node.var : left;
      made.to = backwards ? left : node.var;
      name_type(*between, made);
      plan_subqueries(made.dynamic_type);
      made.properties = between->properties;
      made.span = between->span;
      if (made.properties != nullptr) plan_subqueries(made.properties);
      scope.add(made.var);
      created.vars.push_back(made.var);
      built.parts.push_back(made.var);
      between = nullptr;
    }
    built.parts.push_back(node.var);
    left = node.var;
  }
  if (path.var != kNoVar) {
    scope.add(path.var);
    created.vars.push_back(path.var);
    created.paths.push_back(std::move(built));
  }
  return created;
}

/// Whether computing the properties needs the CreateOp at the chain's end to have run.
bool Planner::reads_created(const ExprPtr& properties) const {
  if (properties == nullptr) return false;
  bool reads = contains_subquery(*properties);
  for_each_variable(*properties, [&](VarId var) { reads = reads || created_.contains(var); });
  return reads;
}

/// Adds to the CreateOp at the chain's end where it can.
void Planner::append_create(Created created, Chain& chain) {
  auto end = [&](bool fresh) -> CreateOp& {
    if (fresh || !std::holds_alternative<CreateOp>(chain.back())) {
      chain.push_back(CreateOp{});
      created_.clear();
    }
    return std::get<CreateOp>(chain.back());
  };
  for (CreatedNode& node : created.op.nodes) {
    bool fresh = reads_created(node.properties);
    for (const ExprPtr& label : node.dynamic_labels) fresh = fresh || reads_created(label);
    CreateOp& op = end(fresh);
    created_.insert(node.var);
    op.nodes.push_back(std::move(node));
  }
  for (CreatedRelationship& rel : created.op.relationships) {
    CreateOp& op = end(reads_created(rel.properties) || reads_created(rel.dynamic_type));
    created_.insert(rel.var);
    op.relationships.push_back(std::move(rel));
  }
  for (BuildPathOp& path : created.paths) chain.push_back(std::move(path));
}

void Planner::plan_create(CreateClause& clause, Chain& chain) {
  std::vector<Created> all;
  GraphAccess access;
  access.creates = true;
  for (PathPattern& path : clause.paths) {
    Created& created = all.emplace_back(created_by(path));
    for (const CreatedNode& node : created.op.nodes) {
      access |= access_of(node.properties);
      for (const ExprPtr& label : node.dynamic_labels) access |= access_of(label);
    }
    for (const CreatedRelationship& rel : created.op.relationships) {
      access |= access_of(rel.properties);
      access |= access_of(rel.dynamic_type);
    }
  }
  enter(access, chain);
  for (Created& created : all) append_create(std::move(created), chain);
}

// ---- MERGE -------------------------------------------------------------------------------------------------

void Planner::plan_set_items(std::vector<SetItem>& items) {
  for (SetItem& item : items) {
    if (item.target != nullptr) plan_subqueries(item.target);
    if (item.value != nullptr) plan_subqueries(item.value);
    for (const ExprPtr& label : item.dynamic_labels) plan_subqueries(label);
  }
}

void Planner::plan_merge(MergeClause& clause, Chain& chain) {
  GraphAccess access;
  access.structure = access.properties = access.creates = access.modifies = true;
  enter(access, chain);
  MergeOp op;
  const size_t mark = scope.mark();
  {
    PathPattern pattern_only = clause.path;  // the path is built once, of what was found or created
    pattern_only.var = kNoVar;
    PatternGraph pattern(*this);
    pattern.add(pattern_only);
    pattern.finish(nullptr);
    Chain match{ArgumentOp{}};
    plan_pattern(pattern, *this, match);
    op.vars = pattern.new_variables();
    op.match = inner_plan(std::move(match), op.vars);
  }
  scope.release(mark);
  Created created = created_by(clause.path);
  op.create = std::move(created.op);
  plan_set_items(clause.on_create);
  plan_set_items(clause.on_match);
  op.on_create = clause.on_create;
  op.on_match = clause.on_match;
  chain.push_back(std::move(op));
  for (BuildPathOp& path : created.paths) chain.push_back(std::move(path));
}

// ---- SET, REMOVE, DELETE -----------------------------------------------------------------------------------

void Planner::plan_set(SetClause& clause, Chain& chain) {
  plan_set_items(clause.items);
  GraphAccess access;
  access.modifies = true;
  for (const SetItem& item : clause.items) {
    access |= access_of(item.value);
    for (const ExprPtr& label : item.dynamic_labels) access |= access_of(label);
    if (item.target->kind == ExprKind::Element) access |= access_of(item.target->args[1]);
    const bool copies = item.kind == SetItem::Kind::Replace || item.kind == SetItem::Kind::Merge;
    if (copies && (item.value->type & (kNodeType | kRelationshipType)) != 0) access.properties = true;
  }
  enter(access, chain);
  chain.push_back(SetOp{clause.items});
}

void Planner::plan_remove(RemoveClause& clause, Chain& chain) {
  GraphAccess access;
  access.modifies = true;
  for (const RemoveItem& item : clause.items) {
    plan_subqueries(item.target);
    for (const ExprPtr& label : item.dynamic_labels) {
      plan_subqueries(label);
      access |= access_of(label);
    }
    if (item.target->kind == ExprKind::Element) access |= access_of(item.target->args[1]);
  }
  enter(access, chain);
  chain.push_back(RemoveOp{clause.items});
}

void Planner::plan_delete(DeleteClause& clause, Chain& chain) {
  GraphAccess access;
  access.modifies = access.deletes = true;
  for (const ExprPtr& target : clause.targets) {
    plan_subqueries(target);
    access |= access_of(target);
  }
  enter(access, chain);
  chain.push_back(DeleteOp{clause.detach, clause.targets});
}

}  // namespace entente
