#include "entente/query/plan/free_pattern.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "entente/query/plan/duplicates.h"
#include "entente/query/plan/failure.h"

namespace entente {

namespace {

constexpr size_t kMostPatternNodes = 8;
constexpr double kNodesLookedThrough = 16;  // looked through in the time that a row takes

/// A relationship, or walk, between two nodes of the pattern.
struct Edge {
  PlanOp op;
  VarId from;
  VarId to;
};

/// What keeps, drops or multiplies rows once some variables are bound.
struct Condition {
  PlanOp op;
  std::vector<VarId> needs;
};

class FreedPattern {
 public:
  explicit FreedPattern(const PassContext& context) : context_(context) {}

  /// False if the chain is more than a pattern.
  bool take(const Chain& inner) {
    for (size_t i = 1; i < inner.size(); ++i) {
      if (!take(inner[i])) return false;
    }
    // A node that may be null is no key: what is found once has no null.
    if (!std::all_of(nodes_.begin(), nodes_.end(), [&](VarId node) { return contains(required_, node); })) return false;
    return nodes_.size() <= kMostPatternNodes && std::none_of(conditions_.begin(), conditions_.end(), [&](auto& c) {
             const auto* filter = std::get_if<FilterOp>(&c.op);
             return filter != nullptr && predicate_can_fail(*filter->predicate, [&](VarId v) { return is_element(v); });
           });
  }

  const std::vector<VarId>& nodes() const { return nodes_; }

  void add_label(VarId node, const std::string& label) { labels_.emplace_back(node, label); }

  /// The pattern from one of its nodes on; nothing if a condition reads what the pattern does not have.
  /// `assumed`: where what it rests on is noted; null if it must rest on nothing.
  std::optional<Chain> from(VarId start, std::vector<EndFact>* assumed) {
    assumed_ = assumed;
    chain_ = {ArgumentOp{}};
    bound_.clear();
    placed_.assign(edges_.size(), 0);
    applied_.assign(conditions_.size(), 0);
    begin(start);
    while (true) {
      if (const size_t edge = next_edge(); edge < edges_.size()) {
        walk(edge);
      } else if (const VarId apart = unbound(); apart != kNoVar) {
        begin(apart);
      } else {
        break;
      }
    }
    if (std::find(applied_.begin(), applied_.end(), 0) != applied_.end()) return std::nullopt;
    return std::move(chain_);
  }

 private:
  bool is_element(VarId var) const { return contains(nodes_, var) || contains(relationships_, var); }

  void add_node(VarId var) {
    if (!contains(nodes_, var)) nodes_.push_back(var);
  }

  bool take(const PlanOp& op) {
    if (!is_repeatable(op)) return false;
    if (const auto* expand = std::get_if<ExpandOp>(&op)) return take(*expand);
    if (const auto* walk = std::get_if<VarExpandOp>(&op)) return take(*walk);
    if (std::holds_alternative<FilterOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op)) {
      add_condition(op);
      return true;
    }
    return take_source(op);
  }

  bool take(const ExpandOp& op) {
    add_node(op.from);
    if (op.match == ExpandMatch::All || op.match == ExpandMatch::Exists)
      required_.insert(required_.end(), {op.from, op.to});
    if (op.match != ExpandMatch::All || op.to == kNoVar || !op.except.empty()) {
      if (op.into) add_node(op.to);
      add_condition(op);
      return true;
    }
    add_node(op.to);
    if (op.rel != kNoVar) relationships_.push_back(op.rel);
    ExpandOp edge = op;
    edge.into = false;
    edge.near.clear();  // only says what may be left out, from this end
    edges_.push_back({std::move(edge), op.from, op.to});
    return true;
  }

  bool take(const VarExpandOp& op) {
    bool only_element = true;
    if (op.predicate != nullptr) {
      for_each_variable(*op.predicate, [&](VarId var) { only_element = only_element && var == op.element; });
      if (!only_element || predicate_can_fail(*op.predicate, [](VarId) { return true; })) return false;
    }
    add_node(op.from);
    add_node(op.to);
    required_.insert(required_.end(), {op.from, op.to});
    VarExpandOp edge = op;
    edge.into = false;
    edges_.push_back({std::move(edge), op.from, op.to});
    return true;
  }

  bool take_source(const PlanOp& op) {
    const auto* seek = std::get_if<IndexSeekOp>(&op);
    const auto* range = std::get_if<IndexRangeOp>(&op);
    const bool of_nodes = std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<NodeByIdOp>(op) ||
                          (seek != nullptr && seek->entity == EntityType::Node) ||
                          (range != nullptr && range->entity == EntityType::Node);
    if (!of_nodes) return false;
    bool reads = false;
    for_each_read(op, [&](VarId) { reads = true; });
    if (reads) return false;
    for_each_binding(op, [&](VarId var) {
      add_node(var);
      required_.push_back(var);
      sources_.emplace_back(var, op);
    });
    return true;
  }

  void add_condition(const PlanOp& op) {
    Condition condition{op, {}};
    for_each_read(op, [&](VarId var) { condition.needs.push_back(var); });
    conditions_.push_back(std::move(condition));
  }

  /// Finds a node by itself.
  void begin(VarId var) {
    const auto source = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.first == var; });
    if (source != sources_.end()) {
      chain_.push_back(source->second);
    } else {
      chain_.push_back(NodeScanOp{var, label_of(var)});
    }
    bind(var);
  }

  /// The rarest of the labels that the node must have to be found.
  std::optional<std::string> label_of(VarId var) const {
    std::optional<std::string> rarest;
    EndFact fact;
    auto consider = [&](const std::string& label) {
      const Cardinality& cardinality = context_.cardinality;
      auto nodes = [&](const std::string& name) { return cardinality.nodes_with(cardinality.label(name)); };
      if (!rarest || nodes(label) < nodes(*rarest)) rarest = label;
    };
    for (const auto& [node, label] : labels_) {
      if (node == var) consider(label);
    }
    for (const Condition& condition : conditions_) {
      const auto* filter = std::get_if<FilterOp>(&condition.op);
      const std::string* label = filter != nullptr ? single_label(*filter->predicate, var) : nullptr;
      if (label != nullptr) consider(*label);
    }
    if (rarest || assumed_ == nullptr) return rarest;
    // As in the pass implied-labels, which has left out what would say so.
    for (const Edge& edge : edges_) {
      if (edge.from != var && edge.to != var) continue;
      const auto* expand = std::get_if<ExpandOp>(&edge.op);
      const auto* steps = std::get_if<VarExpandOp>(&edge.op);
      if (steps != nullptr && steps->min == 0) continue;
      const std::vector<std::string>& types = expand != nullptr ? expand->types : steps->types;
      const Direction along = expand != nullptr ? expand->direction : steps->direction;
      const Direction towards = edge.to == var ? along : opposite(along);
      for (LabelId label : context_.cardinality.labels_at_ends(types, towards)) {
        const std::string& name = context_.cardinality.graph().names().labels.name(label.value);
        consider(name);
        if (rarest == name) fact = {types, towards, name};
      }
    }
    if (rarest) assumed_->push_back(fact);
    return rarest;
  }

  void bind(VarId var) {
    if (var == kNoVar || contains(bound_, var)) return;
    bound_.push_back(var);
    for (size_t i = 0; i < conditions_.size(); ++i) {
      const Condition& condition = conditions_[i];
      if (applied_[i] || !std::all_of(condition.needs.begin(), condition.needs.end(),
                                      [&](VarId needed) { return contains(bound_, needed); })) {
        continue;
      }
      applied_[i] = 1;
      chain_.push_back(condition.op);
    }
  }

  /// The edge from what is bound that leads to the fewest nodes; edges_.size() if there is none.
  size_t next_edge() const {
    size_t best = edges_.size();
    double fewest = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < edges_.size(); ++i) {
      const bool left = contains(bound_, edges_[i].from);
      const bool right = contains(bound_, edges_[i].to);
      if (placed_[i] || !(left || right) || (!(left && right) && has_source(left ? edges_[i].to : edges_[i].from))) {
        continue;
      }
      const double found = left && right ? 0 : degree(edges_[i].op, !left);
      if (found >= fewest) continue;
      fewest = found;
      best = i;
    }
    return best;
  }

  bool has_source(VarId var) const {
    return std::any_of(sources_.begin(), sources_.end(), [&](const auto& source) { return source.first == var; });
  }

  double degree(const PlanOp& op, bool backwards) const {
    auto found = [&](const auto& edge) {
      return context_.cardinality.degree(edge.types, backwards ? opposite(edge.direction) : edge.direction, {});
    };
    const auto* expand = std::get_if<ExpandOp>(&op);
    return expand != nullptr ? found(*expand) : found(std::get<VarExpandOp>(op));
  }

  void walk(size_t place) {
    placed_[place] = 1;
    const Edge& edge = edges_[place];
    const bool backwards = !contains(bound_, edge.from);
    const bool into = contains(bound_, edge.from) && contains(bound_, edge.to);
    PlanOp op = edge.op;
    VarId rel = kNoVar;
    VarId length = kNoVar;
    auto turn = [&](auto& step) {
      rel = step.rel;
      step.into = into;
      if (!backwards) return;
      std::swap(step.from, step.to);
      step.direction = opposite(step.direction);
    };
    if (auto* expand = std::get_if<ExpandOp>(&op)) {
      turn(*expand);
    } else {
      auto& steps = std::get<VarExpandOp>(op);
      turn(steps);
      length = steps.length;
      if (backwards) steps.reversed = !steps.reversed;
    }
    chain_.push_back(std::move(op));
    bind(rel);
    bind(length);
    bind(backwards ? edge.from : edge.to);
  }

  /// A node that no edge from what is bound leads to.
  VarId unbound() const {
    for (const auto& [var, op] : sources_) {
      if (!contains(bound_, var)) return var;
    }
    const auto left = std::find_if(nodes_.begin(), nodes_.end(), [&](VarId var) { return !contains(bound_, var); });
    return left != nodes_.end() ? *left : kNoVar;
  }

  const PassContext& context_;
  std::vector<EndFact>* assumed_ = nullptr;
  std::vector<VarId> required_;  // nodes without which there is no row
  std::vector<VarId> nodes_;
  std::vector<VarId> relationships_;
  std::vector<Edge> edges_;
  std::vector<Condition> conditions_;
  std::vector<std::pair<VarId, PlanOp>> sources_;      // nodes that are found by themselves
  std::vector<std::pair<VarId, std::string>> labels_;  // that nodes are known to have
  Chain chain_;
  std::vector<VarId> bound_;
  std::vector<uint8_t> placed_;   // by edge
  std::vector<uint8_t> applied_;  // by condition
};

/// Labels that the outer chain has checked.
void add_labels(const Chain& outer, const std::vector<VarId>& keys, FreedPattern& pattern) {
  for (const PlanOp& op : outer) {
    const auto* scan = std::get_if<NodeScanOp>(&op);
    const auto* seek = std::get_if<IndexSeekOp>(&op);
    const auto* range = std::get_if<IndexRangeOp>(&op);
    const auto* filter = std::get_if<FilterOp>(&op);
    for (VarId key : keys) {
      if (scan != nullptr && scan->var == key && scan->label) pattern.add_label(key, *scan->label);
      if (seek != nullptr && seek->var == key) pattern.add_label(key, seek->label);
      if (range != nullptr && range->var == key) pattern.add_label(key, range->label);
      const std::string* label = filter != nullptr ? single_label(*filter->predicate, key) : nullptr;
      if (label != nullptr) pattern.add_label(key, *label);
    }
  }
}

double cost_of(const Chain& chain, const Cardinality& cardinality) {
  double cost = 0;
  const std::vector<double> rows = cardinality.rows(chain);
  for (size_t i = 0; i < chain.size(); ++i) {
    cost += rows[i];
    if (std::holds_alternative<CombineRowsOp>(chain[i])) cost += cardinality.nodes() / kNodesLookedThrough;
  }
  return cost;
}

/// Grouping by the keys: what tells the passes what of the rows matters.
AggregateOp grouping(const std::vector<VarId>& keys, VarId count_column, const PassContext& context) {
  AggregateOp op;
  for (VarId key : keys) op.keys.push_back({key, context.variable(key)});
  if (count_column == kNoVar) return op;
  auto count = std::make_shared<Expr>();
  count->kind = ExprKind::Aggregate;
  count->aggregate = Aggregate::CountStar;
  op.aggregates.push_back({count_column, std::move(count)});
  return op;
}

}  // namespace

std::optional<FreePlan> free_pattern(const Chain& outer, const Chain& inner, const std::vector<VarId>& keys,
                                     bool counts_rows, const PassContext& context) {
  FreedPattern pattern(context);
  if (!pattern.take(inner)) return std::nullopt;
  const std::vector<VarId>& nodes = pattern.nodes();
  if (!std::all_of(keys.begin(), keys.end(), [&](VarId key) { return contains(nodes, key); })) return std::nullopt;
  add_labels(outer, keys, pattern);
  const AggregateOp by_keys = grouping(keys, counts_rows ? context.new_variable() : kNoVar, context);
  std::optional<FreePlan> best;
  for (VarId start : nodes) {
    FreePlan found;
    std::optional<Chain> from_start = pattern.from(start, context.assumed != nullptr ? &found.assumed : nullptr);
    if (!from_start) return std::nullopt;
    from_start->push_back(by_keys);
    const PassContext inside = context.inside(keys, true, counts_rows, found.assumed);
    Chain chain = optimize(std::move(*from_start), inside, context.options);
    if (!std::holds_alternative<AggregateOp>(chain.back())) continue;
    chain.pop_back();
    found.cost = cost_of(chain, context.cardinality);
    if (best && best->cost <= found.cost) continue;
    found.plan = to_plan(std::move(chain));
    best = std::move(found);
  }
  return best;
}

}  // namespace entente
