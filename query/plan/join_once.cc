#include "entente/query/plan/join_once.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "entente/query/plan/free_pattern.h"

namespace entente {

namespace {

constexpr double kFewRows = 4'096;      // not worth the planning
constexpr size_t kMostOperators = 64;   // of chains that are looked at, so that long plans stay quick to make
constexpr double kRowsUntilFirst = 64;  // that a run which ends with its first row makes at most (see exec/subquery.cc)
constexpr double kPartWithout = 0.1;    // of such runs: they find none, and make all rows
constexpr double kRowsAhead = 2'048;    // that are made before a limit gets to see one

/// Whether all are variables of the chain. (Those of comprehensions are not.)
bool binds(const Chain& outer, const std::vector<VarId>& vars) {
  std::vector<VarId> bound;
  for (const PlanOp& op : outer) {
    for_each_binding(op, [&](VarId var) {
      if (contains(vars, var) && !contains(bound, var)) bound.push_back(var);
    });
  }
  return bound.size() == vars.size();
}

/// The rows that the operators of the inner chain give if they are run for each row of `outer`, and the rows of that.
double cost_by_row(const Chain& outer, const Chain& inner, bool first, const Cardinality& cardinality) {
  Chain both = outer;
  both.insert(both.end(), inner.begin() + 1, inner.end());
  const std::vector<double> rows = cardinality.rows(both);
  const double runs = rows[outer.size() - 1];
  double cost = runs;
  for (size_t i = outer.size(); i < both.size(); ++i) {
    const double until_first = std::min(rows[i], runs * kRowsUntilFirst);
    cost += first ? (1 - kPartWithout) * until_first + kPartWithout * rows[i] : rows[i];
  }
  return cost;
}

/// The part of the chain's rows at `place` that is asked for from above: less than one below a limit.
double part_asked_for(const Chain& chain, size_t place, const Cardinality& cardinality) {
  for (size_t i = place; i < chain.size(); ++i) {
    const PlanOp& op = chain[i];
    if (const auto* limit = std::get_if<LimitOp>(&op)) {
      if (limit->count->kind != ExprKind::Literal || !limit->count->literal.is_integer()) return 1;
      const double rows = cardinality.rows(chain)[i - 1];
      const double asked_for = static_cast<double>(std::max<int64_t>(0, limit->count->literal.as_integer()));
      return rows <= 0 ? 1 : std::min(1.0, (asked_for + kRowsAhead) / rows);
    }
    const bool waits = std::holds_alternative<AggregateOp>(op) || std::holds_alternative<SortOp>(op) ||
                       std::holds_alternative<CombineRowsOp>(op) || std::holds_alternative<BarrierOp>(op);
    if (waits) return 1;
  }
  return 1;
}

/// Takes the last expansion of the inner plan into the join, if it does no more than lead to a key: the rows that it
/// would give are only counted.
void take_in_expansion(CountJoinOp& join) {
  const auto* last = std::get_if<ExpandOp>(&join.inner->op);
  if (last == nullptr || last->into || last->match != ExpandMatch::All || !contains(join.keys, last->to)) return;
  if (!last->except.empty() || !last->far.empty() || !last->near.empty()) return;
  join.along = *last;
  join.along->rel = kNoVar;
  join.inner = join.inner->input;
}

}  // namespace

std::optional<CountJoinOp> join_once(const Chain& chain, size_t place, const Chain& inner,
                                     const std::vector<VarId>& keys, bool first, const PassContext& context,
                                     double gain) {
  if (keys.empty() || keys.size() > 2 || chain.size() > kMostOperators || inner.size() > kMostOperators) {
    return std::nullopt;
  }
  const Chain outer(chain.begin(), chain.begin() + static_cast<ptrdiff_t>(place));
  if (!binds(outer, keys)) return std::nullopt;
  const bool eager = context.options.eager;
  double by_row = cost_by_row(outer, inner, first, context.cardinality);
  if (by_row < kFewRows && !eager) return std::nullopt;
  by_row *= part_asked_for(chain, place, context.cardinality);
  if (by_row < kFewRows && !eager) return std::nullopt;
  std::optional<FreePlan> free = free_pattern(outer, inner, keys, !first, context);
  if (!free || ((free->cost + context.cardinality.rows(outer).back()) * gain >= by_row && !eager)) return std::nullopt;
  if (context.assumed != nullptr) {
    context.assumed->insert(context.assumed->end(), free->assumed.begin(), free->assumed.end());
  }
  CountJoinOp join;
  join.inner = std::move(free->plan);
  join.keys = keys;
  take_in_expansion(join);
  return join;
}

}  // namespace entente
