// Passes node-by-id and index-seek: a scan followed by filters becomes a look-up.
//
// node-by-id: a scan and `id(n) = value` become NodeById. index-seek: a scan of a label and `n.key = value` become
// IndexSeek where there is an index on the two, so does `n.key IN list`; comparisons with bounds and STARTS WITH become
// IndexRange where it is ordered. An index on several keys is used where all of them have an equality, or the first
// ones and the others must be there for some filter to be true (an element that lacks one is not in the index). Labels
// that other filters ask for are as good as the scan's own; that one is then a filter. A scan of nodes that are
// expanded along a relationship of one type, and filters on that relationship, become a look-up of relationships by an
// index on the type, whose ends are then bound. `value` may read what is bound before the scan, and must be the same
// however often it is computed.
//
// IndexSeek finds by `=`: it minds that null and NaN equal nothing, so the filter it stands for is dropped; the same
// goes for NodeById and IndexRange.
#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// One past the last of the filters that follow the operator at `at`.
size_t filters_end(const Chain& chain, size_t at) {
  size_t end = at + 1;
  while (end < chain.size() && std::holds_alternative<FilterOp>(chain[end])) ++end;
  return end;
}

const Expr& predicate_at(const Chain& chain, size_t at) { return *std::get<FilterOp>(chain[at]).predicate; }

FilterOp label_filter(VarId var, const std::string& name_of_var, std::string label) {
  LabelExpr expr;
  expr.name = std::move(label);
  return FilterOp{make_has_labels(make_variable(var, name_of_var), std::move(expr))};
}

std::string name_in(const Expr& predicate, VarId var) {
  std::string name;
  any_part(predicate, [&](const Expr& part) {
    if (part.kind == ExprKind::Variable && part.var == var) name = part.name;
    return !name.empty();
  });
  return name;
}

/// As some operator's expression has it; empty if none reads the variable.
std::string name_in(const Chain& chain, VarId var) {
  std::string name;
  for (const PlanOp& op : chain) {
    for_each_expression(op, [&](const ExprPtr& expr) {
      if (expr != nullptr && name.empty()) name = name_in(*expr, var);
    });
  }
  return name;
}

bool seek_id(Chain& chain, size_t at) {
  const NodeScanOp scan = std::get<NodeScanOp>(chain[at]);
  for (size_t i = at + 1; i < filters_end(chain, at); ++i) {
    const Expr& predicate = predicate_at(chain, i);
    ExprPtr id = id_comparison(predicate, scan.var);
    if (id == nullptr || !is_deterministic(*id)) continue;
    const std::string name = name_in(predicate, scan.var);
    chain[at] = NodeByIdOp{scan.var, std::move(id)};
    if (scan.label) {
      chain[i] = label_filter(scan.var, name, *scan.label);
    } else {
      chain.erase(chain.begin() + static_cast<ptrdiff_t>(i));
    }
    return true;
  }
  return false;
}

/// A way to find elements by an index.
struct Lookup {
  PlanOp op;
  std::string token;            // the label or type whose index it is
  bool exact = false;           // by equality of all keys
  double rows = 0;              // that it gives
  std::vector<size_t> filters;  // that it stands for
};

/// What the filters say of the properties of one variable.
class Conditions {
 public:
  explicit Conditions(VarId var) : var_(var) {}

  void add(const Expr& predicate, size_t filter, const std::function<bool(const Expr&)>& usable) {
    if (const std::string_view key = required_key(predicate, var_); !key.empty()) required_.emplace(key);
    if (const auto comparison = property_comparison(predicate, var_)) {
      if (usable(*comparison->value)) comparisons_.push_back({*comparison, filter});
    } else if (const auto membership = property_membership(predicate, var_)) {
      if (usable(*membership->list)) memberships_.push_back({*membership, filter});
    }
  }
  bool empty() const { return comparisons_.empty() && memberships_.empty(); }

  /// The best way by this range index; none if it is of no use.
  std::optional<Lookup> by(const Index& index, const Cardinality& cardinality) const {
    const Dictionary& names = cardinality.graph().names();
    std::vector<std::string> keys;
    for (const KeyId key : index.definition.keys) keys.push_back(names.keys.name(key.value));
    Lookup lookup;
    lookup.token = cardinality.graph().tokens(index.definition.entity).name(index.definition.tokens.front());
    IndexSeekOp seek{var_, lookup.token, keys, {}, false, index.definition.entity};
    for (const std::string& key : keys) {
      const auto* equality = equality_on(key);
      if (equality == nullptr) break;
      seek.values.push_back(equality->first.value);
      lookup.filters.push_back(equality->second);
    }
    const bool others_required = std::all_of(keys.begin() + static_cast<ptrdiff_t>(seek.values.size()), keys.end(),
                                             [&](const std::string& key) { return required_.contains(key); });
    lookup.exact = seek.values.size() == keys.size();
    if (lookup.exact || (!seek.values.empty() && others_required)) {
      lookup.rows = cardinality.found_by(seek);
      lookup.op = std::move(seek);
      return lookup;
    }
    if (keys.size() > 1) return std::nullopt;
    for (const auto& [membership, filter] : memberships_) {
      if (membership.key != keys[0]) continue;
      seek.values = {membership.list};
      seek.in_list = true;
      lookup.rows = cardinality.found_by(seek);
      lookup.op = std::move(seek);
      lookup.filters = {filter};
      return lookup;
    }
    return by_range(std::move(lookup), keys[0], index, cardinality);
  }

 private:
  using Comparison = std::pair<PropertyComparison, size_t>;

  const Comparison* equality_on(const std::string& key) const {
    for (const Comparison& comparison : comparisons_) {
      if (comparison.first.kind == ExprKind::Equal && comparison.first.key == key) return &comparison;
    }
    return nullptr;
  }

  /// A second bound on one side stays a filter.
  std::optional<Lookup> by_range(Lookup lookup, std::string key, const Index& index,
                                 const Cardinality& cardinality) const {
    IndexRangeOp range{};
    range.var = var_;
    range.label = lookup.token;
    range.key = std::move(key);
    range.entity = index.definition.entity;
    for (const auto& [comparison, filter] : comparisons_) {
      const bool bounded = range.low != nullptr || range.high != nullptr;
      if (comparison.key != range.key || range.prefix != nullptr) continue;
      if (comparison.kind == ExprKind::StartsWith) {
        if (bounded) continue;
        range.prefix = comparison.value;
      } else if (comparison.kind == ExprKind::Greater || comparison.kind == ExprKind::GreaterEqual) {
        if (range.low != nullptr) continue;
        range.low = comparison.value;
        range.low_inclusive = comparison.kind == ExprKind::GreaterEqual;
      } else {
        if (range.high != nullptr) continue;
        range.high = comparison.value;
        range.high_inclusive = comparison.kind == ExprKind::LessEqual;
      }
      lookup.filters.push_back(filter);
    }
    if (lookup.filters.empty()) return std::nullopt;
    lookup.rows = cardinality.found_by(range);
    lookup.op = std::move(range);
    return lookup;
  }

  VarId var_;
  std::vector<Comparison> comparisons_;
  std::vector<std::pair<PropertyMembership, size_t>> memberships_;
  std::set<std::string, std::less<>> required_;
};

/// The best look-up by an index of elements with one of the labels or types.
std::optional<Lookup> best_lookup(const Conditions& conditions, EntityType entity,
                                  const std::vector<std::string>& tokens, const Cardinality& cardinality) {
  std::optional<Lookup> best;
  const Snapshot& graph = cardinality.graph();
  for (const std::string& token : tokens) {
    const uint32_t number = graph.tokens(entity).find(token);
    for (const Index& index : graph.indexes()) {
      const IndexDefinition& d = index.definition;
      if (d.kind != IndexKind::Range || d.entity != entity || d.tokens.front() != number) continue;
      std::optional<Lookup> found = conditions.by(index, cardinality);
      if (!found) continue;
      const bool better = !best || std::pair(!found->exact, found->rows) < std::pair(!best->exact, best->rows);
      if (better) best = std::move(found);
    }
  }
  return best;
}

void replace_operators(Chain& chain, size_t from, size_t to, std::vector<PlanOp> by) {
  const auto first = chain.begin() + static_cast<ptrdiff_t>(from);
  chain.erase(first, chain.begin() + static_cast<ptrdiff_t>(to));
  chain.insert(chain.begin() + static_cast<ptrdiff_t>(from), std::make_move_iterator(by.begin()),
               std::make_move_iterator(by.end()));
}

bool is_among(const std::vector<size_t>& places, size_t place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

bool seek_node(Chain& chain, size_t at, const Cardinality& cardinality) {
  const NodeScanOp scan = std::get<NodeScanOp>(chain[at]);
  if (!scan.label) return false;
  const size_t end = filters_end(chain, at);
  std::vector<std::string> labels{*scan.label};
  Conditions conditions(scan.var);
  for (size_t i = at + 1; i < end; ++i) {
    if (const std::string* label = single_label(predicate_at(chain, i), scan.var)) labels.push_back(*label);
    conditions.add(predicate_at(chain, i), i, [](const Expr& value) { return is_deterministic(value); });
  }
  if (conditions.empty()) return false;
  const std::optional<Lookup> lookup = best_lookup(conditions, EntityType::Node, labels, cardinality);
  if (!lookup) return false;
  std::vector<PlanOp> replaced{lookup->op};
  if (lookup->token != *scan.label) {
    const std::string name = name_in(predicate_at(chain, lookup->filters.front()), scan.var);
    replaced.push_back(label_filter(scan.var, name, *scan.label));
  }
  for (size_t i = at + 1; i < end; ++i) {
    if (is_among(lookup->filters, i)) continue;
    const std::string* label = single_label(predicate_at(chain, i), scan.var);
    if (label != nullptr && *label == lookup->token) continue;  // the index holds no others
    replaced.push_back(std::move(chain[i]));
  }
  replace_operators(chain, at, end, std::move(replaced));
  return true;
}

/// One past the last of the filters and comparisons with other relationships that follow the operator at `at`.
size_t checks_end(const Chain& chain, size_t at) {
  size_t end = at + 1;
  while (end < chain.size() &&
         (std::holds_alternative<FilterOp>(chain[end]) || std::holds_alternative<UniqueRelationshipsOp>(chain[end]))) {
    ++end;
  }
  return end;
}

/// A scan, its filters, an expansion, and checks of that become the look-up, its ends, and all the checks.
void seek_relationship(Chain& chain, size_t at, const Cardinality& cardinality) {
  const NodeScanOp scan = std::get<NodeScanOp>(chain[at]);
  const size_t expand_at = filters_end(chain, at);
  if (expand_at == chain.size() || !std::holds_alternative<ExpandOp>(chain[expand_at])) return;
  const ExpandOp expand = std::get<ExpandOp>(chain[expand_at]);
  const bool fits = expand.from == scan.var && !expand.into && expand.rel != kNoVar && expand.to != kNoVar &&
                    expand.types.size() == 1;
  if (!fits) return;
  const size_t end = checks_end(chain, expand_at);
  const auto usable = [&](const Expr& value) {
    return is_deterministic(value) && !reads_variable(value, expand.from) && !reads_variable(value, expand.to);
  };
  Conditions conditions(expand.rel);
  for (size_t i = expand_at + 1; i < end; ++i) {
    if (std::holds_alternative<FilterOp>(chain[i])) conditions.add(predicate_at(chain, i), i, usable);
  }
  if (conditions.empty()) return;
  const std::optional<Lookup> lookup = best_lookup(conditions, EntityType::Relationship, expand.types, cardinality);
  std::vector<LabelId> labels;
  if (scan.label) labels.push_back(cardinality.label(*scan.label));
  const double scanned = cardinality.nodes_with(labels);
  if (!lookup || lookup->rows > scanned * (1 + cardinality.degree(expand.types, expand.direction, labels))) return;
  std::vector<PlanOp> replaced{lookup->op};
  BoundRelationshipOp ends{};
  ends.rel = expand.rel;
  ends.from = expand.from;
  ends.to = expand.to;
  ends.types = expand.types;
  ends.direction = expand.direction;
  replaced.push_back(std::move(ends));
  if (scan.label) replaced.push_back(label_filter(scan.var, name_in(chain, scan.var), *scan.label));
  for (size_t i = at + 1; i < end; ++i) {
    if (i != expand_at && !is_among(lookup->filters, i)) replaced.push_back(std::move(chain[i]));
  }
  replace_operators(chain, at, end, std::move(replaced));
}

}  // namespace

Chain node_by_id(Chain chain, const PassContext&) {
  for (size_t i = 0; i < chain.size(); ++i) {
    if (std::holds_alternative<NodeScanOp>(chain[i])) seek_id(chain, i);
  }
  return chain;
}

Chain index_seek(Chain chain, const PassContext& context) {
  if (context.cardinality.graph().indexes().empty()) return chain;
  for (size_t i = 0; i < chain.size(); ++i) {
    if (!std::holds_alternative<NodeScanOp>(chain[i])) continue;
    if (!seek_node(chain, i, context.cardinality)) seek_relationship(chain, i, context.cardinality);
  }
  return chain;
}

}  // namespace entente
