// Passes node-by-id and index-seek: a scan followed by filters becomes a look-up.
//
// node-by-id: a scan and `id(n) = value` become NodeById. index-seek: a scan of a label and `n.key = value` become
// IndexSeek where there is an index on the two, comparisons with bounds become IndexRange where it is ordered. Labels
// that other filters ask for are as good as the scan's own; that one is then a filter. `value` may read what is bound
// before the scan, and must be the same however often it is computed.
//
// IndexSeek finds by `=`: it minds that null and NaN equal nothing, so the filter it stands for is dropped; the same
// goes for NodeById and IndexRange. STARTS WITH only bounds the range, and stays.
#include <algorithm>
#include <iterator>
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

/// What filters say of one property of the scanned node, and the label by whose index it can be looked up.
struct Lookup {
  const Index* index = nullptr;
  std::string label;
  std::string key;
  std::string name;  // of the variable
  double rows = 0;
  ExprPtr equal;
  ExprPtr low, high, prefix;
  bool low_inclusive = true, high_inclusive = true;
  std::vector<size_t> filters;  // that the look-up stands for
};

/// A string just above all that begin with the prefix; null if none is easily told.
ExprPtr above_prefix(const Expr& prefix) {
  if (prefix.kind != ExprKind::Literal || !prefix.literal.is_string() || prefix.literal.as_string().empty())
    return nullptr;
  std::string text = prefix.literal.as_string();
  const auto last = static_cast<unsigned char>(text.back());
  if (last >= 0x7E) return nullptr;
  text.back() = static_cast<char>(last + 1);
  return make_literal(std::move(text), prefix.span);
}

class Seeker {
 public:
  Seeker(Chain& chain, size_t at, const Cardinality& cardinality)
      : chain_(chain), at_(at), cardinality_(cardinality), scan_(std::get<NodeScanOp>(chain[at])) {}

  void run() {
    labels_.push_back(*scan_.label);
    const size_t end = filters_end(chain_, at_);
    for (size_t i = at_ + 1; i < end; ++i) {
      if (const std::string* label = single_label(predicate_at(chain_, i), scan_.var)) labels_.push_back(*label);
    }
    for (size_t i = at_ + 1; i < end; ++i) consider(i);
    const Lookup* best = nullptr;
    for (const Lookup& access : found_) {
      const bool better = best == nullptr || std::pair(access.equal == nullptr, access.rows) <
                                                 std::pair(best->equal == nullptr, best->rows);
      if (better) best = &access;
    }
    if (best != nullptr) use(*best);
  }

 private:
  void consider(size_t filter) {
    const Expr& predicate = predicate_at(chain_, filter);
    const auto comparison = property_comparison(predicate, scan_.var);
    if (!comparison || !is_deterministic(*comparison->value)) return;
    const bool range = comparison->kind != ExprKind::Equal;
    for (const std::string& label : labels_) {
      const LabelId label_id = cardinality_.label(label);
      const KeyId key = cardinality_.graph().names().key(comparison->key);
      const Index* index = label_id.valid() && key.valid() ? cardinality_.graph().find_index(label_id, key) : nullptr;
      if (index == nullptr || (range && !index->definition.ordered)) continue;
      add(*comparison, label, index, filter);
      return;
    }
  }

  void add(const PropertyComparison& comparison, const std::string& label, const Index* index, size_t filter) {
    const bool equality = comparison.kind == ExprKind::Equal;
    auto same = std::find_if(found_.begin(), found_.end(),
                             [&](const Lookup& a) { return a.index == index && !equality && a.equal == nullptr; });
    Lookup& access = same != found_.end() ? *same : found_.emplace_back();
    access.index = index;
    access.label = label;
    access.key = std::string(comparison.key);
    access.name = name_in(predicate_at(chain_, filter), scan_.var);
    access.rows = static_cast<double>(index->entries) *
                  (equality ? 1 / std::max(1.0, static_cast<double>(index->distinct_hashes)) : kRangeSelectivity);
    const bool low = comparison.kind == ExprKind::Greater || comparison.kind == ExprKind::GreaterEqual;
    if (equality) {
      access.equal = comparison.value;
    } else if (comparison.kind == ExprKind::StartsWith) {
      if (access.low != nullptr || access.high != nullptr) return;
      access.low = comparison.value;
      access.high = above_prefix(*comparison.value);
      access.high_inclusive = false;
      access.prefix = comparison.value;
      return;
    } else if (low && access.low == nullptr && access.prefix == nullptr) {
      access.low = comparison.value;
      access.low_inclusive = comparison.kind == ExprKind::GreaterEqual;
    } else if (!low && access.high == nullptr && access.prefix == nullptr) {
      access.high = comparison.value;
      access.high_inclusive = comparison.kind == ExprKind::LessEqual;
    } else {
      return;  // a second bound on one side stays a filter
    }
    access.filters.push_back(filter);
  }

  void use(const Lookup& access) {
    std::vector<PlanOp> replaced;
    if (access.equal != nullptr) {
      replaced.push_back(IndexSeekOp{scan_.var, access.label, access.key, access.equal});
    } else {
      replaced.push_back(IndexRangeOp{scan_.var, access.label, access.key, access.low, access.low_inclusive,
                                      access.high, access.high_inclusive});
    }
    const bool other_label = access.label != *scan_.label;
    if (other_label) replaced.push_back(label_filter(scan_.var, access.name, *scan_.label));
    const size_t end = filters_end(chain_, at_);
    for (size_t i = at_ + 1; i < end; ++i) {
      if (std::find(access.filters.begin(), access.filters.end(), i) != access.filters.end()) continue;
      const std::string* label = single_label(predicate_at(chain_, i), scan_.var);
      if (label != nullptr && *label == access.label) continue;  // the index holds no others
      replaced.push_back(std::move(chain_[i]));
    }
    const auto first = chain_.begin() + static_cast<ptrdiff_t>(at_);
    chain_.erase(first, chain_.begin() + static_cast<ptrdiff_t>(end));
    chain_.insert(chain_.begin() + static_cast<ptrdiff_t>(at_), std::make_move_iterator(replaced.begin()),
                  std::make_move_iterator(replaced.end()));
  }

  Chain& chain_;
  size_t at_;
  const Cardinality& cardinality_;
  NodeScanOp scan_;
  std::vector<std::string> labels_;
  std::vector<Lookup> found_;
};

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
    const auto* scan = std::get_if<NodeScanOp>(&chain[i]);
    if (scan != nullptr && scan->label) Seeker(chain, i, context.cardinality).run();
  }
  return chain;
}

}  // namespace entente
