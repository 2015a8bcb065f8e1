// Pass break-symmetry: of nodes that can change places in a pattern whose matches are counted, one order is found.
//
//   Expand (a)-[:R]-(b), Expand (b)-[:R]-(c), ExpandInto (c)-[:R]-(a), Aggregate count(*)
//      →  Expand (a)-[:R]-(b) from a on, Expand (b)-[:R]-(c) from b on as all orders, ExpandInto (c)-[:R]-(a), …
//
// Each triangle is then found once and counted six times. `from a on`: only ends whose id is not below a's. Nodes that
// are the same have fewer orders: the row is multiplied by as many as there are. (Grochow, Kellis, "Network motif
// discovery using subgraph enumeration and symmetry-breaking", RECOMB 2007.)
//
// The nodes are such that each has a relationship to each other, on a cycle; else counting degrees costs less. What
// can change places is seen in the operators below the aggregation, so far as each says all that it asks of its
// variables; variables from below those stay where they are, as do those of the aggregation's keys. A label that one
// node must have and the other always has, as relationships of its type end at nothing else, is asked of both; the plan
// rests on that then. Before sum-ends, which takes in expansions with such an order; after all that makes fewer rows.
#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/plan/optimizer.h"
#include "entente/query/plan/symmetry.h"

namespace entente {

namespace {

constexpr size_t kMostNodes = 8;  // that change places
constexpr size_t kMostConditions = 64;

bool counts_all_rows(const PlanOp& op) {
  const auto* aggregate = std::get_if<AggregateOp>(&op);
  if (aggregate == nullptr || aggregate->by_row || aggregate->aggregates.empty()) return false;
  return std::all_of(aggregate->aggregates.begin(), aggregate->aggregates.end(), [](const ProjectedColumn& column) {
    return column.expr->kind == ExprKind::Aggregate && column.expr->aggregate == Aggregate::CountStar;
  });
}

/// Whether all that it does is to ask something of its variables, and to multiply rows by how often that is so.
bool only_asks(const PlanOp& op) {
  if (const auto* scan = std::get_if<NodeScanOp>(&op)) return scan->counts.empty();
  if (const auto* filter = std::get_if<FilterOp>(&op)) {
    return is_deterministic(*filter->predicate) && !contains_subquery(*filter->predicate);
  }
  const auto* expand = std::get_if<ExpandOp>(&op);
  if (expand != nullptr) return expand->found.empty() && expand->counts.empty() && expand->order.lower.empty();
  return std::holds_alternative<UniqueRelationshipsOp>(op);
}

bool finds_node(const PlanOp& op) {
  const auto* expand = std::get_if<ExpandOp>(&op);
  return expand != nullptr && !expand->into && expand->to != kNoVar && expand->match == ExpandMatch::All;
}

/// The operators [begin, end) of a chain as conditions.
class Pattern {
 public:
  Pattern(const Chain& chain, size_t begin, size_t end, const PassContext& context) : context_(context) {
    for (size_t i = begin; i < end; ++i) {
      for_each_binding(chain[i], [&](VarId var) { bound_.insert(var); });
      std::visit([&](const auto& op) { add(op); }, chain[i]);
    }
    add_labels_of_ends(chain, begin, end);
    for (const auto& [label, var] : labels_) conditions_.push_back({"label " + label, {var}});
  }

  const std::vector<Condition>& conditions() const { return conditions_; }
  /// Relationships that must be there, as pairs of nodes.
  const std::vector<std::pair<VarId, VarId>>& edges() const { return edges_; }
  /// What the conditions rest on.
  const std::vector<EndFact>& facts() const { return facts_; }

  /// Variables that come from elsewhere.
  std::vector<VarId> fixed() const {
    std::vector<VarId> fixed;
    for (const Condition& condition : conditions_) {
      for (const VarId var : condition.vars) {
        if (!bound_.contains(var) && !invented_.contains(var)) fixed.push_back(var);
      }
    }
    return fixed;
  }

 private:
  template <class Op>
  void add(const Op&) {}

  void add(const NodeScanOp& op) {
    if (op.label) labels_.emplace(*op.label, op.var);
  }

  void add(const UniqueRelationshipsOp& op) {
    for (const VarId other : op.others) conditions_.push_back({"not the same", {op.rel, other}, true});
  }

  void add(const ExpandOp& op) {
    const VarId to = op.to != kNoVar ? op.to : invent();
    const VarId rel = op.rel != kNoVar ? op.rel : invent();
    Condition found{"match " + std::to_string(static_cast<int>(op.match)) + kind_of(op.types), {op.from, to, rel}};
    point(found, op.direction);
    conditions_.push_back(std::move(found));
    if (op.match == ExpandMatch::All || op.match == ExpandMatch::Exists) edges_.emplace_back(op.from, to);
    for (const VarId other : op.except) conditions_.push_back({"not the same", {to, other}, true});
    for (const NearNode& far : op.far) {
      Condition condition{"not near" + kind_of(far.types), {to, far.node}};
      point(condition, opposite(far.direction));
      conditions_.push_back(std::move(condition));
    }
  }

  void add(const FilterOp& op) {
    std::vector<ExprPtr> parts;
    split_conjunction(op.predicate, parts);
    for (const ExprPtr& part : parts) add_predicate(part);
  }

  void add_predicate(const ExprPtr& predicate) {
    if (predicate->kind == ExprKind::HasLabels && predicate->args[0]->kind == ExprKind::Variable) {
      const VarId var = predicate->args[0]->var;
      if (const std::string* label = single_label(*predicate, var)) {
        labels_.emplace(*label, var);
        return;
      }
    }
    std::vector<VarId> vars;
    const ExprPtr asked = rewrite(predicate, [&](const ExprPtr& part) -> ExprPtr {
      if (part->kind != ExprKind::Variable) return nullptr;
      const auto known = std::find(vars.begin(), vars.end(), part->var);
      const auto place = static_cast<VarId>(known - vars.begin());
      if (known == vars.end()) vars.push_back(part->var);
      return make_variable(place, "");
    });
    const auto known = std::find_if(predicates_.begin(), predicates_.end(),
                                    [&](const ExprPtr& other) { return same_expression(*asked, *other); });
    const size_t number = static_cast<size_t>(known - predicates_.begin());
    if (known == predicates_.end()) predicates_.push_back(asked);
    const bool compares = predicate->kind == ExprKind::Equal || predicate->kind == ExprKind::NotEqual;
    const bool two = vars.size() == 2 && std::all_of(predicate->args.begin(), predicate->args.end(),
                                                     [](const auto& arg) { return arg->kind == ExprKind::Variable; });
    conditions_.push_back({"predicate " + std::to_string(number), std::move(vars), compares && two});
  }

  static std::string kind_of(const std::vector<std::string>& types) {
    const std::set<std::string> sorted(types.begin(), types.end());
    std::string kind;
    for (const std::string& type : sorted) kind += '\n' + type;
    return kind;
  }

  static void point(Condition& condition, Direction direction) {
    if (direction == Direction::In) std::swap(condition.vars[0], condition.vars[1]);
    condition.either_way = direction == Direction::Both;
    condition.kind += condition.either_way ? "\n-" : "\n->";
  }

  /// Labels that the conditions ask of one node, for all nodes that always have them.
  void add_labels_of_ends(const Chain& chain, size_t begin, size_t end) {
    if (context_.assumed == nullptr) return;
    std::set<std::string> asked;
    for (const auto& [label, var] : labels_) asked.insert(label);
    for (size_t i = begin; i < end; ++i) {
      const auto* expand = std::get_if<ExpandOp>(&chain[i]);
      if (expand == nullptr || (expand->match != ExpandMatch::All && expand->match != ExpandMatch::Exists)) continue;
      for (const std::string& label : asked) {
        add_label_of_end(expand->to, expand->types, expand->direction, label);
        add_label_of_end(expand->from, expand->types, opposite(expand->direction), label);
      }
    }
  }

  void add_label_of_end(VarId var, const std::vector<std::string>& types, Direction direction,
                        const std::string& label) {
    if (var == kNoVar || labels_.contains({label, var})) return;
    if (!context_.cardinality.always_ends_at(types, direction, label)) return;
    labels_.emplace(label, var);
    facts_.push_back({types, direction, label});
  }

  /// A variable for what has none.
  VarId invent() {
    const VarId var = kNoVar - 1 - static_cast<VarId>(invented_.size());
    invented_.insert(var);
    return var;
  }

  const PassContext& context_;
  std::vector<Condition> conditions_;
  std::vector<std::pair<VarId, VarId>> edges_;
  std::vector<ExprPtr> predicates_;                 // of variables 0, 1, …
  std::set<std::pair<std::string, VarId>> labels_;  // that nodes have
  std::vector<EndFact> facts_;
  std::unordered_set<VarId> bound_;
  std::unordered_set<VarId> invented_;
};

bool has_edge(const Pattern& pattern, VarId a, VarId b) {
  return std::any_of(pattern.edges().begin(), pattern.edges().end(),
                     [&](const auto& edge) { return edge == std::pair(a, b) || edge == std::pair(b, a); });
}

/// Whether there is a way between the two that is not a relationship between them.
bool on_cycle(const Pattern& pattern, VarId a, VarId b) {
  std::unordered_set<VarId> reached = {a};
  for (bool grows = true; grows && !reached.contains(b);) {
    grows = false;
    for (const auto& [x, y] : pattern.edges()) {
      if (std::pair(x, y) == std::pair(a, b) || std::pair(x, y) == std::pair(b, a)) continue;
      if (reached.contains(x) != reached.contains(y)) grows = reached.insert(reached.contains(x) ? y : x).second;
    }
  }
  return reached.contains(b);
}

/// Whether any order of the nodes is as good as any other: each can be exchanged with the next.
bool can_change_places(PatternSymmetry& symmetry, const std::vector<VarId>& nodes, const std::vector<VarId>& fixed) {
  for (size_t i = 0; i + 1 < nodes.size(); ++i) {
    std::vector<VarId> others = fixed;
    std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(others),
                 [&](VarId var) { return var != nodes[i] && var != nodes[i + 1]; });
    if (!symmetry.can_exchange(nodes[i], nodes[i + 1], others)) return false;
  }
  return true;
}

/// Nodes of the chain from `begin` on that can change places, in the order in which they are found; empty if there are
/// none.
std::vector<VarId> find_alike(const Chain& chain, size_t begin, size_t end, const Pattern& pattern) {
  PatternSymmetry symmetry(pattern.conditions());
  std::vector<VarId> fixed = pattern.fixed();
  for (const ProjectedColumn& key : std::get<AggregateOp>(chain[end]).keys) {
    for_each_variable(*key.expr, [&](VarId var) { fixed.push_back(var); });
  }
  std::vector<VarId> best;
  for (size_t i = begin; i < end; ++i) {
    const auto* scan = std::get_if<NodeScanOp>(&chain[i]);
    if (scan == nullptr && !finds_node(chain[i])) continue;
    std::vector<VarId> nodes = {scan != nullptr ? scan->var : std::get<ExpandOp>(chain[i]).to};
    for (size_t k = i + 1; k < end && nodes.size() < kMostNodes; ++k) {
      if (!finds_node(chain[k])) continue;
      const VarId next = std::get<ExpandOp>(chain[k]).to;
      if (!std::all_of(nodes.begin(), nodes.end(), [&](VarId node) { return has_edge(pattern, node, next); })) continue;
      nodes.push_back(next);
      if (!on_cycle(pattern, nodes[0], next) || !can_change_places(symmetry, nodes, fixed)) nodes.pop_back();
    }
    if (nodes.size() > std::max<size_t>(1, best.size())) best = std::move(nodes);
  }
  return best;
}

void find_in_order(Chain& chain, size_t begin, size_t end, const std::vector<VarId>& nodes) {
  for (size_t i = begin; i < end; ++i) {
    if (!finds_node(chain[i])) continue;
    auto& expand = std::get<ExpandOp>(chain[i]);
    const auto place = std::find(nodes.begin(), nodes.end(), expand.to);
    if (place == nodes.end() || place == nodes.begin()) continue;
    expand.order.lower.assign(std::make_reverse_iterator(place), nodes.rend());
    expand.order.as_all = place + 1 == nodes.end();
  }
}

}  // namespace

Chain break_symmetry(Chain chain, const PassContext& context) {
  if (context.writes) return chain;
  for (size_t end = 0; end < chain.size(); ++end) {
    if (!counts_all_rows(chain[end])) continue;
    size_t begin = end;
    while (begin > 0 && only_asks(chain[begin - 1])) --begin;
    const auto found = std::count_if(chain.begin() + static_cast<ptrdiff_t>(begin),
                                     chain.begin() + static_cast<ptrdiff_t>(end), finds_node);
    if (found == 0) continue;
    const Pattern pattern(chain, begin, end, context);
    if (pattern.conditions().size() > kMostConditions) continue;
    const std::vector<VarId> alike = find_alike(chain, begin, end, pattern);
    if (alike.empty()) continue;
    find_in_order(chain, begin, end, alike);
    if (context.assumed != nullptr) {
      context.assumed->insert(context.assumed->end(), pattern.facts().begin(), pattern.facts().end());
    }
  }
  return chain;
}

}  // namespace entente
