// Pass combine-rows: rows that have come to the same node go on as one.
//
//   (:Person)<-[:HAS_MEMBER]-(f:Forum)-[:CONTAINER_OF]->(:Post) … count(*)
//
// After the first expansion only f is read, and many rows have the same f. They become one that stands for all of
// them, so the rest of the way is gone once for each f: along a chain of relationships a count costs the relationships
// of each type once, not the number of paths. (Known as eager aggregation: Yan, Larson, "Eager Aggregation and Lazy
// Aggregation", VLDB 1995; for chains it is counting by messages along a join tree.)
//
// It is done where rows end in a grouping or DISTINCT, so that their order is nobody's concern; where exactly one
// variable is read further up, the end of an expansion; where further expansions follow; and where the estimates say
// that rows are at least kWorthwhile times as many as nodes that they can have come to, and not so few that looking
// through the counts of all nodes would cost more.
//
// An expansion that is followed by nothing but tests of its end's labels is taken into the operator that combines: the
// rows that it would give are only counted. That costs less than giving them, so it is done also where few are equal.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr double kWorthwhile = 2;
constexpr double kWorthwhileAlong = 0.75;  // where the expansion is taken in
constexpr double kNodesPerRow = 16;        // looked through in the time that a row takes

bool ends_order(const PlanOp& op) {
  return std::holds_alternative<AggregateOp>(op) || std::holds_alternative<DistinctOp>(op);
}

struct End {
  VarId node;
  double distinct;  // nodes that it can be at most
};

End end_of(const PlanOp& op, const Cardinality& cardinality) {
  if (const auto* expand = std::get_if<ExpandOp>(&op)) {
    if (!expand->into) return {expand->to, cardinality.distinct_ends(expand->types, expand->direction)};
  } else if (const auto* walk = std::get_if<VarExpandOp>(&op)) {
    if (!walk->into && walk->min > 0 && walk->ends != PathEnds::Once)
      return {walk->to, cardinality.distinct_ends(walk->types, walk->direction)};
  }
  return {kNoVar, 0};
}

/// `var:A`, or a conjunction of such.
bool only_names_labels(const Expr& predicate, VarId var) {
  if (predicate.kind == ExprKind::And) {
    return std::all_of(predicate.args.begin(), predicate.args.end(),
                       [&](const ExprPtr& part) { return only_names_labels(*part, var); });
  }
  return single_label(predicate, var) != nullptr;
}

/// Where rows are combined: after the operator `after`, in `node`. With `along` the operators from there up to `after`
/// become a part of it.
struct Place {
  size_t after;
  VarId node;
  std::optional<size_t> along = std::nullopt;
};

class Combiner {
 public:
  Combiner(const Chain& chain, const PassContext& context)
      : chain_(chain), context_(context), rows_(context.cardinality.rows(chain)), only_(chain.size(), kNoVar) {
    LiveVariables live(context.needed);
    for (size_t i = chain.size(); i-- > 0;) {
      only_[i] = live.only();
      live.go_below(chain[i]);
    }
  }

  /// In order.
  std::vector<Place> places() {
    size_t begin = 1;
    for (size_t i = 1; i < chain_.size(); ++i) {
      if (works_by_row(chain_[i])) continue;
      if (ends_order(chain_[i])) stretch(begin, i);
      begin = i + 1;
      while (begin < chain_.size() && !ends_order(chain_[begin - 1])) ++begin;
      i = begin - 1;
    }
    return std::move(places_);
  }

 private:
  /// A run of operators that work by row, from rows without order up to a grouping.
  void stretch(size_t begin, size_t end) {
    size_t last = end;  // the last expansion: what comes to its end is grouped anyway
    while (last > begin && !is_expansion(chain_[last - 1])) --last;
    double combined = 1;  // the part of the estimated rows that is left
    for (size_t i = begin; i + 1 < last; ++i) {
      note_bound(i);
      const auto* counted = std::get_if<ExpandOp>(&chain_[i]);
      const bool makes_rows = counted == nullptr || counted->rel != kNoVar || (counted->to != kNoVar && !counted->into);
      if (!makes_rows && rows_[i] > rows_[i - 1]) combined *= rows_[i - 1] / rows_[i];
      size_t place = i;
      while (std::holds_alternative<FilterOp>(chain_[place + 1])) ++place;
      const VarId node = only_[place];
      const auto known = distinct_.find(node);
      if (place + 1 >= last || known == distinct_.end() || known->second <= 0) continue;
      const double most = known->second;
      const double rows = rows_[place] * combined;
      const bool along = end_of(chain_[i], context_.cardinality).node == node && can_be_taken_in(i, place, node);
      // Where the next operator finds nothing new, more than this may become one after it.
      if (!along && !finds_nodes(chain_[place + 1])) continue;
      const double worthwhile = along ? kWorthwhileAlong : kWorthwhile;
      const bool is_worthwhile = rows * kNodesPerRow >= context_.cardinality.nodes() && rows >= worthwhile * most;
      if (!is_worthwhile && !context_.options.eager) continue;
      places_.push_back({place, node, along ? std::optional(i) : std::nullopt});
      combined *= std::min(1.0, most / rows);
      i = place;
    }
  }

  /// How many nodes what the operator binds can be at most.
  void note_bound(size_t i) {
    const End found = end_of(chain_[i], context_.cardinality);
    if (found.node != kNoVar) distinct_[found.node] = found.distinct;
    const auto* scan = std::get_if<NodeScanOp>(&chain_[i]);
    if (scan != nullptr && i == 1) distinct_[scan->var] = rows_[i];
  }

  static bool finds_nodes(const PlanOp& op) {
    const auto* expand = std::get_if<ExpandOp>(&op);
    return expand != nullptr ? expand->to != kNoVar && !expand->into : is_expansion(op);
  }

  bool can_be_taken_in(size_t expansion, size_t last, VarId end) const {
    const auto* expand = std::get_if<ExpandOp>(&chain_[expansion]);
    if (expand == nullptr || expand->match != ExpandMatch::All || !expand->except.empty() || !expand->far.empty() ||
        !expand->near.empty()) {
      return false;
    }
    for (size_t i = expansion + 1; i <= last; ++i) {
      if (!only_names_labels(*std::get<FilterOp>(chain_[i]).predicate, end)) return false;
    }
    return true;
  }

  static bool is_expansion(const PlanOp& op) {
    return std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
           std::holds_alternative<OptionalOp>(op);
  }

  const Chain& chain_;
  const PassContext& context_;
  std::vector<double> rows_;
  std::vector<VarId> only_;                     // the one variable that is read above each operator, if it is one
  std::unordered_map<VarId, double> distinct_;  // by variable: how many nodes it can be at most, where that is known
  std::vector<Place> places_;
};

}  // namespace

Chain combine_rows(Chain chain, const PassContext& context) {
  if (!context.whole_statement) return chain;
  const std::vector<Place> places = Combiner(chain, context).places();
  if (places.empty()) return chain;
  Chain combined;
  size_t next = 0;
  for (size_t i = 0; i < chain.size(); ++i) {
    if (next == places.size() || i < places[next].along.value_or(places[next].after)) {
      combined.push_back(std::move(chain[i]));
      continue;
    }
    const Place& place = places[next++];
    CombineRowsOp op{place.node};
    if (place.along) {
      op.along = std::get<ExpandOp>(std::move(chain[i]));
      op.along->rel = kNoVar;  // only the end is read
      std::vector<ExprPtr> labels;
      while (i < place.after) labels.push_back(std::get<FilterOp>(chain[++i]).predicate);
      op.labels = make_and(std::move(labels));
    } else {
      combined.push_back(std::move(chain[i]));
    }
    combined.push_back(std::move(op));
  }
  return combined;
}

}  // namespace entente
