// Pass push-limits: LIMIT, with the SKIP before it, moves down to where fewer columns have been computed, so that what
// is above is done for the rows that are asked for only.
//
//   Project …, Limit                      →   Limit, Project …
//   Project a, b, c, Sort by a, Limit     →   Project a, Sort by a, Limit, Project a, b, c
//   Optional …, Limit                     →   Limit (of as many rows as SKIP and LIMIT together), Optional …, Limit
//
// The last wherever each row gives at least one. What moves above a limit is then not computed for all rows, so that
// must be without effect: it neither fails for some rows nor writes. Between a sort and its limit nothing may come, as
// the sort then keeps few rows (see sort-limit); so columns that it does not sort by are computed behind it.
#include <algorithm>
#include <utility>

#include "entente/query/plan/failure.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// What is known below the operator at `place`.
EntityVariables entities_below(const Chain& chain, size_t place) {
  EntityVariables entities;
  for (size_t i = 0; i < place; ++i) entities.go_above(chain[i]);
  return entities;
}

class LimitPusher {
 public:
  LimitPusher(Chain chain, const PassContext& context) : chain_(std::move(chain)), context_(context) {}

  Chain pushed() {
    for (size_t i = chain_.size(); i-- > 1;) {
      if (std::holds_alternative<LimitOp>(chain_[i])) push(i);
    }
    return std::move(chain_);
  }

 private:
  /// `last`: of the limit.
  void push(size_t last) {
    const bool skips = std::holds_alternative<SkipOp>(chain_[last - 1]);
    size_t first = skips ? last - 1 : last;
    while (first > 1) {
      PlanOp& below = chain_[first - 1];
      const auto* project = std::get_if<ProjectOp>(&below);
      if (project == nullptr || !can_wait(*project, first - 1)) break;
      std::rotate(chain_.begin() + at(first - 1), chain_.begin() + at(first), chain_.begin() + at(last + 1));
      --first;
      --last;
    }
    if (first > 2 && std::holds_alternative<SortOp>(chain_[first - 1])) {
      split_projection(first - 2, last);
    } else {
      copy_below(first, last);
    }
  }

  bool can_wait(const ProjectOp& project, size_t place) const {
    const EntityVariables entities = entities_below(chain_, place);
    return std::none_of(project.columns.begin(), project.columns.end(), [&](const ProjectedColumn& column) {
      return can_fail(*column.expr, [&](VarId var) { return entities.has(var); });
    });
  }

  /// Of the projection at `place`, above which a sort stands and then, up to `last`, a limit: what the sort does not
  /// need is computed above the limit.
  void split_projection(size_t place, size_t last) {
    const auto* project = std::get_if<ProjectOp>(&chain_[place]);
    if (project == nullptr) return;
    const SortOp& sort = std::get<SortOp>(chain_[place + 1]);
    const EntityVariables entities = entities_below(chain_, place);
    ProjectOp before{{}, project->keep_input};
    ProjectOp after{{}, project->keep_input};
    std::vector<VarId> read;  // by what comes after
    for (const ProjectedColumn& column : project->columns) {
      const bool sorted_by = std::any_of(sort.keys.begin(), sort.keys.end(),
                                         [&](const SortKey& key) { return reads_variable(*key.expr, column.var); });
      const bool passes_on = column.expr->kind == ExprKind::Variable;
      const bool fails = can_fail(*column.expr, [&](VarId var) { return entities.has(var); });
      if (sorted_by || passes_on || fails) {
        before.columns.push_back(column);
        if (!after.keep_input) after.columns.push_back({column.var, context_.variable(column.var)});
      } else {
        after.columns.push_back(column);
        for_each_variable(*column.expr, [&](VarId var) { read.push_back(var); });
      }
    }
    if (read.empty() || !pass_on(read, before)) return;
    chain_[place] = std::move(before);
    chain_.insert(chain_.begin() + at(last + 1), std::move(after));
  }

  /// Adds the variables to what the projection gives, under their own names; false if it has other things under these.
  bool pass_on(const std::vector<VarId>& vars, ProjectOp& project) const {
    for (const VarId var : vars) {
      const auto column = std::find_if(project.columns.begin(), project.columns.end(),
                                       [&](const ProjectedColumn& c) { return c.var == var; });
      if (column == project.columns.end()) {
        if (!project.keep_input) project.columns.push_back({var, context_.variable(var)});
      } else if (column->expr->kind != ExprKind::Variable || column->expr->var != var) {
        return false;
      }
    }
    return true;
  }

  /// A copy of the limit below what gives at least a row for each.
  void copy_below(size_t first, size_t last) {
    size_t place = first;  // below which operator
    for (size_t i = first; i-- > 1;) {
      const auto* project = std::get_if<ProjectOp>(&chain_[i]);
      if (keeps_each_row(chain_[i])) {
        place = i;
      } else if (project == nullptr || !can_wait(*project, i)) {
        break;
      }
    }
    if (place == first) return;
    const ExprPtr& limit = std::get<LimitOp>(chain_[last]).count;
    ExprPtr count = make_row_limit(first < last ? std::get<SkipOp>(chain_[first]).count : nullptr, limit);
    if (count == nullptr || place < 2 || std::holds_alternative<LimitOp>(chain_[place - 1])) return;
    chain_.insert(chain_.begin() + at(place), LimitOp{std::move(count)});
    push(place);
  }

  static bool keeps_each_row(const PlanOp& op) {
    if (const auto* expand = std::get_if<ExpandOp>(&op)) return expand->match == ExpandMatch::Optional;
    const auto* optional = std::get_if<OptionalOp>(&op);
    if (optional == nullptr) return false;
    for (const Plan* inner = optional->inner.get(); inner != nullptr; inner = inner->input.get()) {
      if (matches_only(inner->op)) continue;
      const auto* filter = std::get_if<FilterOp>(&inner->op);
      if (filter == nullptr || predicate_can_fail(*filter->predicate, [](VarId) { return true; })) return false;
    }
    return true;
  }

  static bool matches_only(const PlanOp& op) {
    return std::holds_alternative<ArgumentOp>(op) || std::holds_alternative<NodeScanOp>(op) ||
           std::holds_alternative<ExpandOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op) ||
           std::holds_alternative<BuildPathOp>(op);
  }

  static ptrdiff_t at(size_t place) { return static_cast<ptrdiff_t>(place); }

  Chain chain_;
  const PassContext& context_;
};

}  // namespace

Chain push_limits(Chain chain, const PassContext& context) {
  const bool limits =
      std::any_of(chain.begin(), chain.end(), [](const PlanOp& op) { return std::holds_alternative<LimitOp>(op); });
  if (!limits || context.writes) return chain;
  return LimitPusher(std::move(chain), context).pushed();
}

}  // namespace entente
