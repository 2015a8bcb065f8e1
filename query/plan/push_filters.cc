// Pass push-filters: splits conjunctions, and moves each part down to where the variables that it reads are bound.
//
// A filter moves below an operator that binds none of its variables and for which it is the same to drop rows before or
// after. Below a projection or grouping it reads what the columns were made from, if those are plain variables. It does
// not move below what limits rows, writes, calls procedures or waits (barriers), and not at all if it calls a function
// such as rand().
#include <algorithm>
#include <optional>
#include <utility>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr size_t kFarthest = 256;  // operators that a filter moves across, so that long plans stay quick to make

enum class Move : uint8_t { Stop, Pass };

/// Whether a comprehension in the predicate makes the variable.
bool is_own(const Expr& predicate, VarId var) {
  return any_part(predicate, [&](const Expr& part) {
    return part.kind != ExprKind::Variable && (part.var == var || part.accumulator == var);
  });
}

/// The columns' variables replaced by the variables that they were made from; nothing if one was made otherwise, or
/// `keep_input` is not set and the filter reads what is no column.
std::optional<ExprPtr> before_projection(const ExprPtr& predicate, const std::vector<ProjectedColumn>& columns,
                                         bool keep_input) {
  std::vector<std::pair<VarId, const Expr*>> renamed;
  bool possible = true;
  for_each_variable(*predicate, [&](VarId var) {
    auto column = std::find_if(columns.begin(), columns.end(), [&](const ProjectedColumn& c) { return c.var == var; });
    if (column == columns.end()) {
      possible = possible && (keep_input || is_own(*predicate, var));
    } else if (column->expr->kind != ExprKind::Variable) {
      possible = false;
    } else if (column->expr->var != var) {
      renamed.emplace_back(var, column->expr.get());
    }
  });
  if (!possible) return std::nullopt;
  if (renamed.empty()) return predicate;
  if (contains_subquery(*predicate)) return std::nullopt;  // its plan names its inputs
  return rewrite(predicate, [&](const ExprPtr& part) -> ExprPtr {
    if (part->kind != ExprKind::Variable) return nullptr;
    for (const auto& [var, source] : renamed) {
      if (part->var == var) return make_variable(source->var, source->name, part->span);
    }
    return nullptr;
  });
}

bool reads_binding(const Expr& predicate, const PlanOp& op) {
  bool reads = false;
  for_each_binding(op, [&](VarId bound) { reads = reads || reads_variable(predicate, bound); });
  return reads;
}

Move across(const PlanOp& op, ExprPtr& predicate) {
  if (const auto* project = std::get_if<ProjectOp>(&op)) {
    std::optional<ExprPtr> before = before_projection(predicate, project->columns, project->keep_input);
    if (!before) return Move::Stop;
    predicate = *before;
    return Move::Pass;
  }
  if (const auto* aggregate = std::get_if<AggregateOp>(&op)) {
    if (aggregate->keys.empty()) return Move::Stop;
    std::optional<ExprPtr> before = before_projection(predicate, aggregate->keys, false);
    if (!before) return Move::Stop;
    predicate = *before;
    return Move::Pass;
  }
  if (const auto* sort = std::get_if<SortOp>(&op)) return sort->limit == nullptr ? Move::Pass : Move::Stop;
  if (const auto* distinct = std::get_if<DistinctOp>(&op)) {
    bool only_those = true;
    for_each_variable(*predicate, [&](VarId var) {
      const bool compared = std::find(distinct->vars.begin(), distinct->vars.end(), var) != distinct->vars.end();
      only_those = only_those && (compared || is_own(*predicate, var));
    });
    return only_those ? Move::Pass : Move::Stop;
  }
  const bool extends_rows =
      std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
      std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op) ||
      std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
      std::holds_alternative<PathSearchOp>(op) || std::holds_alternative<BoundRelationshipOp>(op) ||
      std::holds_alternative<UniqueRelationshipsOp>(op) || std::holds_alternative<BuildPathOp>(op) ||
      std::holds_alternative<UnwindOp>(op) || std::holds_alternative<OptionalOp>(op);
  return extends_rows && !reads_binding(*predicate, op) ? Move::Pass : Move::Stop;
}

}  // namespace

Chain push_filters(Chain chain, const PassContext&) {
  if (std::none_of(chain.begin(), chain.end(), [](const PlanOp& op) { return std::holds_alternative<FilterOp>(op); })) {
    return chain;
  }
  Chain others;
  std::vector<std::vector<ExprPtr>> after;  // the filters that are to follow each of them
  for (PlanOp& op : chain) {
    const auto* filter = std::get_if<FilterOp>(&op);
    if (filter == nullptr) {
      others.push_back(std::move(op));
      after.emplace_back();
      continue;
    }
    std::vector<ExprPtr> parts;
    split_conjunction(filter->predicate, parts);
    for (ExprPtr& part : parts) {
      size_t at = others.size() - 1;
      if (is_deterministic(*part)) {
        const size_t lowest = at > kFarthest ? at - kFarthest : 0;
        while (at > lowest && across(others[at], part) == Move::Pass) --at;
      }
      after[at].push_back(std::move(part));
    }
  }
  Chain pushed;
  pushed.reserve(chain.size());
  for (size_t i = 0; i < others.size(); ++i) {
    pushed.push_back(std::move(others[i]));
    for (ExprPtr& predicate : after[i]) pushed.push_back(FilterOp{std::move(predicate)});
  }
  return pushed;
}

}  // namespace entente
