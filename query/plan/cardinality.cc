#include "entente/query/plan/cardinality.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace entente {

namespace {

double ratio(double part, double whole) { return whole <= 0 ? 0 : std::min(1.0, part / whole); }

double bounded(double rows) { return std::min(rows, kMostRows); }

/// The part of the entries between two bounds, each of which may be null; one at least.
double part_within(const Index& index, const Expr* low, const Expr* high) {
  const auto is_known = [](const Expr* bound) { return bound == nullptr || bound->kind == ExprKind::Literal; };
  const double before = low != nullptr && is_known(low) ? index.part_before(low->literal) : 0;
  const double up_to = high != nullptr && is_known(high) ? index.part_before(high->literal) : 1;
  const double known = std::max(1 / std::max(1.0, static_cast<double>(index.entries)), up_to - before);
  return known * (is_known(low) ? 1 : kRangeSelectivity) * (is_known(high) ? 1 : kRangeSelectivity);
}

}  // namespace

// ---- labels and types --------------------------------------------------------------------------------------

double Cardinality::nodes_with(LabelId label) const {
  return label.valid() ? static_cast<double>(statistics_.label_count(label)) : 0;
}

double Cardinality::nodes_with(const std::vector<LabelId>& labels) const {
  return labels.empty() ? nodes() : nodes_with(rarest(labels));
}

LabelId Cardinality::rarest(const std::vector<LabelId>& labels) const {
  return *std::min_element(labels.begin(), labels.end(),
                           [&](LabelId a, LabelId b) { return nodes_with(a) < nodes_with(b); });
}

Cardinality::Types Cardinality::resolve(const std::vector<std::string>& types) const {
  Types resolved;
  resolved.any = types.empty();
  for (const std::string& name : types) {
    const TypeId type = graph_.names().type(name);
    if (type.valid()) resolved.ids.push_back(type);
  }
  return resolved;
}

double Cardinality::total(const Types& types) const {
  if (types.any) return static_cast<double>(graph_.relationship_count());
  double sum = 0;
  for (TypeId type : types.ids) sum += static_cast<double>(statistics_.type_count(type));
  return sum;
}

double Cardinality::incident(const Types& types, Direction direction, LabelId label) const {
  if (!label.valid()) return 0;
  double sum = 0;
  auto add = [&](TypeId type) {
    if (direction != Direction::In) sum += static_cast<double>(statistics_.source_count(type, label));
    if (direction != Direction::Out) sum += static_cast<double>(statistics_.target_count(type, label));
  };
  if (types.any) {
    for (uint32_t type = 0; type < statistics_.type_counts.size(); ++type) add(TypeId(type));
  } else {
    for (TypeId type : types.ids) add(type);
  }
  return sum;
}

double Cardinality::degree(const std::vector<std::string>& types, Direction direction,
                           const std::vector<LabelId>& labels) const {
  const Types resolved = resolve(types);
  if (labels.empty()) {
    const double ends = total(resolved) * (direction == Direction::Both ? 2 : 1);
    return nodes() <= 0 ? 0 : ends / nodes();
  }
  const LabelId label = rarest(labels);
  const double count = nodes_with(label);
  return count <= 0 ? 0 : incident(resolved, direction, label) / count;
}

bool Cardinality::always_ends_at(const std::vector<std::string>& types, Direction direction,
                                 std::string_view label) const {
  const Types resolved = resolve(types);
  const double ends = total(resolved) * (direction == Direction::Both ? 2 : 1);
  return ends > 0 && incident(resolved, opposite(direction), graph_.names().label(label)) == ends;
}

std::vector<LabelId> Cardinality::labels_at_ends(const std::vector<std::string>& types, Direction direction) const {
  std::vector<LabelId> labels;
  const Types resolved = resolve(types);
  const double ends = total(resolved) * (direction == Direction::Both ? 2 : 1);
  if (ends <= 0 || statistics_.label_counts.size() > kMostLabels) return labels;
  for (uint32_t i = 0; i < statistics_.label_counts.size(); ++i) {
    if (incident(resolved, opposite(direction), LabelId(i)) == ends) labels.push_back(LabelId(i));
  }
  return labels;
}

double Cardinality::distinct_ends(const std::vector<std::string>& types, Direction direction) const {
  const double ends = total(resolve(types)) * (direction == Direction::Both ? 2 : 1);
  return std::min(ends, nodes_with(labels_at_ends(types, direction)));
}

double Cardinality::end_fraction(const std::vector<std::string>& types, Direction direction,
                                 const std::vector<LabelId>& from, const std::vector<LabelId>& to) const {
  if (to.empty()) return 1;
  const Types resolved = resolve(types);
  const double leaving = from.empty() ? total(resolved) * (direction == Direction::Both ? 2 : 1)
                                      : incident(resolved, direction, rarest(from));
  return ratio(incident(resolved, opposite(direction), rarest(to)), leaving);
}

double Cardinality::trails(const std::vector<std::string>& types, Direction direction,
                           const std::vector<LabelId>& labels, uint64_t min, std::optional<uint64_t> max) const {
  const uint64_t longest = max ? std::min(*max, min + 20) : min + kAssumedLongest;
  const double first = degree(types, direction, labels);
  const double further = degree(types, direction, {});
  double sum = 0;
  for (uint64_t length = min; length <= longest; ++length) {
    sum += length == 0 ? 1 : first * std::pow(further, static_cast<double>(length - 1));
    if (sum >= kMostRows) break;
  }
  return bounded(sum);
}

double Cardinality::found_paths(const PathSearchOp& search, const std::vector<LabelId>& labels) const {
  double all = 1;
  const std::vector<LabelId>* first = &labels;
  static const std::vector<LabelId> kAny;
  for (const PathStretch& stretch : search.stretches) {
    double once = 1;
    for (const PathHop& hop : stretch.hops) {
      once *= degree(hop.types, hop.direction, *first);
      if (hop.predicate != nullptr) once *= selectivity(*hop.predicate, {});
      first = &kAny;
    }
    if (stretch.predicate != nullptr) once *= selectivity(*stretch.predicate, {});
    const uint64_t most = stretch.max ? std::min(*stretch.max, stretch.min + 20) : stretch.min + kAssumedLongest;
    double sum = 0;
    for (uint64_t times = stretch.min; times <= most && sum < kMostRows; ++times) {
      sum += std::pow(once, static_cast<double>(times));
    }
    if (stretch.end_predicate != nullptr) sum *= selectivity(*stretch.end_predicate, {});
    all = bounded(all * sum);
  }
  if (search.select == PathSearchOp::Select::All) return all;
  return std::min(all, nodes() * static_cast<double>(search.count));
}

// ---- predicates --------------------------------------------------------------------------------------------

double Cardinality::label_fraction(const LabelExpr& label) const {
  switch (label.kind) {
    case LabelExpr::Kind::Name:
      return ratio(nodes_with(this->label(label.name)), nodes());
    case LabelExpr::Kind::Wildcard:
      return 1;
    case LabelExpr::Kind::Dynamic:
      return kDefaultSelectivity;
    case LabelExpr::Kind::Not:
      return 1 - label_fraction(label.children[0]);
    case LabelExpr::Kind::And: {
      double all = 1;
      for (const LabelExpr& child : label.children) all = std::min(all, label_fraction(child));
      return all;
    }
    case LabelExpr::Kind::Or: {
      double any = 0;
      for (const LabelExpr& child : label.children) any += label_fraction(child);
      return std::min(1.0, any);
    }
  }
  return kDefaultSelectivity;
}

const Index* Cardinality::index_on(const Expr& property, const VarLabels& labels) const {
  if (property.kind != ExprKind::Property || property.args[0]->kind != ExprKind::Variable) return nullptr;
  const auto known = labels.find(property.args[0]->var);
  if (known == labels.end()) return nullptr;
  const KeyId key = graph_.names().key(property.name);
  for (LabelId label : known->second) {
    const Index* index = key.valid() && label.valid() ? graph_.find_index(label, key) : nullptr;
    if (index != nullptr) return index;
  }
  return nullptr;
}

double Cardinality::equality(const Expr& left, const Expr& right, const VarLabels& labels) const {
  for (const Expr* side : {&left, &right}) {
    if (side->kind == ExprKind::Call && side->function != nullptr && side->function->name == "id") {
      return nodes() <= 0 ? kEqualitySelectivity : 1 / nodes();
    }
    const Index* index = index_on(*side, labels);
    if (index != nullptr) return 1 / std::max(1.0, static_cast<double>(index->distinct_values));
  }
  return kEqualitySelectivity;
}

double Cardinality::comparison(const Expr& predicate, const VarLabels& labels) const {
  const bool swapped = predicate.args[0]->kind == ExprKind::Literal;
  const Expr& property = *predicate.args[swapped ? 1 : 0];
  const Expr& bound = *predicate.args[swapped ? 0 : 1];
  const Index* index = bound.kind == ExprKind::Literal ? index_on(property, labels) : nullptr;
  if (index == nullptr) return kRangeSelectivity;
  const bool less = (predicate.kind == ExprKind::Less || predicate.kind == ExprKind::LessEqual) != swapped;
  return part_within(*index, less ? nullptr : &bound, less ? &bound : nullptr);
}

double Cardinality::selectivity(const Expr& predicate, const VarLabels& labels) const {
  switch (predicate.kind) {
    case ExprKind::Literal:
      return predicate.literal.is_boolean() && predicate.literal.as_boolean() ? 1 : 0;
    case ExprKind::Not:
      return 1 - selectivity(*predicate.args[0], labels);
    case ExprKind::And: {
      double all = 1;
      for (const ExprPtr& part : predicate.args) all *= selectivity(*part, labels);
      return all;
    }
    case ExprKind::Or: {
      double none = 1;
      for (const ExprPtr& part : predicate.args) none *= 1 - selectivity(*part, labels);
      return 1 - none;
    }
    case ExprKind::Equal:
      return equality(*predicate.args[0], *predicate.args[1], labels);
    case ExprKind::NotEqual:
      return 1 - equality(*predicate.args[0], *predicate.args[1], labels);
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
      return comparison(predicate, labels);
    case ExprKind::StartsWith:
      return kPrefixSelectivity;
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::Regex:
      return kTextSelectivity;
    case ExprKind::In: {
      const Expr& list = *predicate.args[1];
      const double elements = list.kind == ExprKind::List ? static_cast<double>(list.args.size())
                              : list.kind == ExprKind::Literal && list.literal.is_list()
                                  ? static_cast<double>(list.literal.as_list().size())
                                  : kElementsPerList;
      return std::min(kDefaultSelectivity, elements * equality(*predicate.args[0], list, labels));
    }
    case ExprKind::IsNull:
      return kNullSelectivity;
    case ExprKind::IsNotNull:
      return 1 - kNullSelectivity;
    case ExprKind::HasLabels:
      return label_fraction(predicate.label);
    default:
      return kDefaultSelectivity;
  }
}

// ---- plans -------------------------------------------------------------------------------------------------

double Cardinality::filtered(const Expr& predicate, double rows, Known& known) const {
  if (predicate.kind == ExprKind::And) {
    for (const ExprPtr& part : predicate.args) rows = filtered(*part, rows, known);
    return rows;
  }
  if (predicate.kind != ExprKind::HasLabels || predicate.args[0]->kind != ExprKind::Variable) {
    return rows * selectivity(predicate, known.labels);
  }
  const VarId var = predicate.args[0]->var;
  const std::string* name = single_label(predicate, var);
  if (name == nullptr) return rows * selectivity(predicate, known.labels);
  const LabelId id = label(*name);
  auto along = known.reached.find(var);
  std::vector<LabelId>& labels = known.labels[var];
  if (std::find(labels.begin(), labels.end(), id) != labels.end()) return rows;
  labels.push_back(id);
  if (along == known.reached.end()) return rows * label_fraction(predicate.label);
  const Known::Along& reached = along->second;
  return rows * end_fraction(reached.types, reached.direction, reached.from, {id});
}

namespace {

const std::vector<LabelId>& labels_of(VarId var, const VarLabels& labels) {
  static const std::vector<LabelId> kNone;
  auto found = labels.find(var);
  return found == labels.end() ? kNone : found->second;
}

/// The number that SKIP or LIMIT gives, if it is written there.
std::optional<double> literal_count(const ExprPtr& count) {
  if (count == nullptr || count->kind != ExprKind::Literal || !count->literal.is_integer()) return std::nullopt;
  return static_cast<double>(std::max<int64_t>(0, count->literal.as_integer()));
}

double list_size(const Expr& list) {
  if (list.kind == ExprKind::List) return static_cast<double>(list.args.size());
  if (list.kind == ExprKind::Literal && list.literal.is_list())
    return static_cast<double>(list.literal.as_list().size());
  return kElementsPerList;
}

double groups(double rows) { return rows <= 1 ? rows : std::max(1.0, rows / kRowsPerGroup); }

}  // namespace

void Cardinality::reach(VarId to, const std::vector<std::string>& types, Direction direction,
                        const std::vector<LabelId>& from, Known& known) const {
  if (to == kNoVar) return;
  known.reached[to] = {types, direction, from};
  known.labels[to] = labels_at_ends(types, direction);
}

double Cardinality::expanded(const ExpandOp& op, Known& known) const {
  std::vector<LabelId>& labels = known.labels[op.from];
  if (!labels.empty() || op.match == ExpandMatch::None || op.match == ExpandMatch::Optional) {
    return degree(op.types, op.direction, labels);
  }
  // Where it has such relationships it has the labels that go with them, and so, as a guess, where it is not any node.
  const double of_any = degree(op.types, op.direction, labels);
  labels = labels_at_ends(op.types, opposite(op.direction));
  return known.any_node.contains(op.from) ? of_any : degree(op.types, op.direction, labels);
}

double Cardinality::found_by(const IndexRangeOp& op) const {
  const uint32_t token = graph_.tokens(op.entity).find(op.label);
  const KeyId key = graph_.names().key(op.key);
  const bool known = token != LabelId::kNone && key.valid();
  const Index* index = known ? graph_.find_index(op.entity, token, std::span(&key, 1)) : nullptr;
  if (index == nullptr) return nodes() * kRangeSelectivity;
  const double part = op.prefix != nullptr ? kPrefixSelectivity : part_within(*index, op.low.get(), op.high.get());
  return static_cast<double>(index->entries) * part;
}

double Cardinality::found_by(const IndexSeekOp& op) const {
  const uint32_t token = graph_.tokens(op.entity).find(op.label);
  std::vector<KeyId> keys;
  for (const std::string& key : op.keys) keys.push_back(graph_.names().key(key));
  const Index* index = token != LabelId::kNone ? graph_.find_index(op.entity, token, keys) : nullptr;
  if (index == nullptr) return nodes() * kEqualitySelectivity;
  const auto entries = static_cast<double>(index->entries);
  if (op.values.size() < op.keys.size()) {
    return entries * std::pow(kEqualitySelectivity, static_cast<double>(op.values.size()));
  }
  const double one = entries / std::max(1.0, static_cast<double>(index->distinct_values));
  return op.in_list ? std::min(entries, one * list_size(*op.values[0])) : one;
}

double Cardinality::rows_after(PlanOp& operation, double rows, double argument_rows, Known& known) const {
  VarLabels& labels = known.labels;
  auto inner = [&](PlanPtr& plan) {
    plan = estimate(to_chain(*plan), rows, known);
    return plan->estimated_rows;
  };
  if (auto* op = std::get_if<NodeScanOp>(&operation)) {
    rows *= op->label ? nodes_with(label(*op->label)) : nodes();
    if (op->label) {
      labels[op->var].push_back(label(*op->label));
    } else {
      known.any_node.insert(op->var);
    }
    return counted(op->counts, rows, argument_rows, known);
  }
  if (auto* op = std::get_if<IndexSeekOp>(&operation)) {
    if (op->entity == EntityType::Node) labels[op->var].push_back(label(op->label));
    return rows * found_by(*op);
  }
  if (auto* op = std::get_if<IndexRangeOp>(&operation)) {
    if (op->entity == EntityType::Node) labels[op->var].push_back(label(op->label));
    return rows * found_by(*op);
  }
  if (std::holds_alternative<NodeByIdOp>(operation)) return rows;
  if (auto* op = std::get_if<ExpandOp>(&operation)) {
    double factor = expanded(*op, known);
    factor /= static_cast<double>(op->order.lower.size() + 1);
    if (op->into)
      factor /= std::max(1.0, nodes_with(labels_of(op->to, labels)));
    else
      reach(op->to, op->types, op->direction, labels_of(op->from, labels), known);
    if (!op->counts.empty()) {
      reach(op->each, op->types, op->direction, labels_of(op->from, labels), known);
      return counted(op->counts, rows * factor, argument_rows, known);
    }
    switch (op->match) {
      case ExpandMatch::All:
        return rows * factor;
      case ExpandMatch::Optional:
        return rows * std::max(1.0, factor);
      case ExpandMatch::Exists:
        return rows * std::min(1.0, factor);
      case ExpandMatch::None:
        return rows * (1 - std::min(kDefaultSelectivity, factor));
    }
  }
  if (auto* op = std::get_if<VarExpandOp>(&operation)) {
    double factor = trails(op->types, op->direction, labels_of(op->from, labels), op->min, op->max);
    if (op->into) {
      factor /= std::max(1.0, nodes_with(labels_of(op->to, labels)));
    } else if (op->min > 0) {
      labels[op->to] = labels_at_ends(op->types, op->direction);
    }
    if (op->predicate != nullptr) factor *= selectivity(*op->predicate, labels);
    const double ends = distinct_ends(op->types, op->direction) + (op->min == 0 ? 1 : 0);
    if (op->ends == PathEnds::OncePerRow) factor = std::min(factor, op->into ? 1 : ends);
    return op->ends == PathEnds::Once ? std::min(rows * factor, ends) : rows * factor;
  }
  if (auto* op = std::get_if<PathSearchOp>(&operation)) {
    double factor = found_paths(*op, labels_of(op->from, labels));
    if (op->into) factor /= std::max(1.0, nodes_with(labels_of(op->to, labels)));
    if (op->predicate != nullptr) factor *= selectivity(*op->predicate, labels);
    return rows * factor;
  }
  if (auto* op = std::get_if<BoundRelationshipOp>(&operation)) {
    const int bound_ends = (op->from_bound ? 1 : 0) + (op->to_bound ? 1 : 0);
    return rows * (bound_ends == 0 ? 1 : kDefaultSelectivity);
  }
  if (auto* op = std::get_if<FilterOp>(&operation)) {
    return filtered(*op->predicate, rows, known);
  }
  if (auto* op = std::get_if<ProjectOp>(&operation)) {
    for (const ProjectedColumn& column : op->columns) {
      if (column.expr->kind != ExprKind::Variable || column.expr->var == column.var) continue;
      auto found = labels.find(column.expr->var);
      if (found != labels.end()) labels[column.var] = std::vector<LabelId>(found->second);
    }
    return rows;
  }
  if (auto* op = std::get_if<AggregateOp>(&operation)) {
    if (!op->keys.empty()) return groups(rows);
    return op->by_row ? std::min(rows, argument_rows) : 1;
  }
  if (std::holds_alternative<DistinctOp>(operation)) return groups(rows);
  if (auto* op = std::get_if<CombineRowsOp>(&operation)) {
    if (op->along) {
      PlanOp expansion = *op->along;
      rows = rows_after(expansion, rows, argument_rows, known);
      if (op->labels != nullptr) rows = filtered(*op->labels, rows, known);
    }
    auto along = known.reached.find(op->var);
    return along == known.reached.end() ? rows
                                        : std::min(rows, distinct_ends(along->second.types, along->second.direction));
  }
  if (auto* op = std::get_if<SortOp>(&operation)) return std::min(rows, literal_count(op->limit).value_or(rows));
  if (auto* op = std::get_if<SkipOp>(&operation)) return std::max(0.0, rows - literal_count(op->count).value_or(0));
  if (auto* op = std::get_if<LimitOp>(&operation)) return std::min(rows, literal_count(op->count).value_or(rows));
  if (auto* op = std::get_if<UnwindOp>(&operation)) return rows * list_size(*op->list);
  if (std::holds_alternative<LoadCsvOp>(operation)) return rows * kLinesPerFile;
  if (auto* op = std::get_if<CallSubqueryOp>(&operation)) {
    op->inner = estimate(to_chain(*op->inner), 1, known);  // it runs for each row
    const double found = rows * op->inner->estimated_rows;
    return op->unit ? rows : op->optional ? std::max(rows, found) : found;
  }
  if (auto* op = std::get_if<ForeachOp>(&operation)) {
    inner(op->inner);
    return rows;
  }
  if (auto* op = std::get_if<OptionalOp>(&operation)) return std::max(rows, inner(op->inner));
  if (auto* op = std::get_if<CountJoinOp>(&operation)) {
    op->inner = estimate(to_chain(*op->inner));  // it runs once
    if (op->otherwise != nullptr) inner(op->otherwise);
    const bool keeps = op->count != kNoVar || op->match == ExpandMatch::Optional;
    return keeps ? rows : rows * kDefaultSelectivity;
  }
  if (auto* op = std::get_if<UnionOp>(&operation)) {
    double sum = 0;
    for (PlanPtr& branch : op->branches) {
      Known own = known;
      branch = estimate(to_chain(*branch), argument_rows, own);
      sum += branch->estimated_rows;
    }
    return sum;
  }
  if (auto* op = std::get_if<MergeOp>(&operation)) return std::max(rows, inner(op->match));
  if (auto* op = std::get_if<CallProcedureOp>(&operation)) return op->yields.empty() ? rows : rows * kElementsPerList;
  if (auto* op = std::get_if<ResultOp>(&operation)) return op->vars.empty() ? 0 : rows;
  return rows;
}

double Cardinality::counted(const std::vector<ExpandOp>& counts, double rows, double argument_rows,
                            Known& known) const {
  for (const ExpandOp& count : counts) {
    PlanOp op = count;
    rows = rows_after(op, rows, argument_rows, known);
  }
  return rows;
}

PlanPtr Cardinality::estimate(Chain chain, double input_rows, Known& known) const {
  PlanPtr plan;
  double rows = input_rows;
  for (PlanOp& op : chain) {
    rows = bounded(rows_after(op, rows, input_rows, known));
    plan = make_plan(std::move(op), std::move(plan), rows);
  }
  return plan;
}

std::vector<double> Cardinality::rows(const Chain& chain) const {
  Known known;
  std::vector<double> all;
  double rows = 1;
  for (PlanOp op : chain) all.push_back(rows = bounded(rows_after(op, rows, 1, known)));
  return all;
}

PlanPtr Cardinality::estimate(Chain chain) const {
  Known known;
  return estimate(std::move(chain), 1, known);
}

}  // namespace entente
