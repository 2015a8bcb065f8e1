// Pass join-subqueries: EXISTS and COUNT over a pattern from one or two nodes of the row are answered for all rows at
// once, where that is less work than to look from each row.
//
//   MATCH (p:Person) WHERE EXISTS { (p)-[:ATTENDED]->(e:Event)-[:HELD_AT]->(:Forum {name: $f}) }
//
// Per row that is to go through all events of every person. Instead the pattern is matched once, from the end that is
// cheapest to begin at (free_pattern.h), and the persons at its other end are kept: a SemiJoin, or AntiJoin for NOT
// EXISTS; where the value is used otherwise, a CountJoin that binds the number found. (Known as unnesting: Neumann,
// Kemper, "Unnesting Arbitrary Queries", BTW 2015.)
//
// Only in statements that do not write, as the subquery is not run again.
#include <optional>
#include <utility>
#include <vector>

#include "entente/query/plan/join_once.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

class SubqueryJoiner {
 public:
  SubqueryJoiner(Chain chain, const PassContext& context) : chain_(std::move(chain)), context_(context) {}

  Chain run() {
    for (place_ = 1; place_ < chain_.size(); ++place_) {
      if (join_filter()) continue;
      PlanOp& op = chain_[place_];
      const bool computes = std::holds_alternative<FilterOp>(op) || std::holds_alternative<ProjectOp>(op) ||
                            std::holds_alternative<AggregateOp>(op) || std::holds_alternative<SortOp>(op) ||
                            std::holds_alternative<UnwindOp>(op);
      if (computes) join_parts();
    }
    return std::move(chain_);
  }

 private:
  /// A filter that is EXISTS or NOT EXISTS and nothing more.
  bool join_filter() {
    const auto* filter = std::get_if<FilterOp>(&chain_[place_]);
    if (filter == nullptr) return false;
    const bool negated = filter->predicate->kind == ExprKind::Not;
    const Expr& exists = negated ? *filter->predicate->args[0] : *filter->predicate;
    if (exists.kind != ExprKind::Subquery || exists.subquery_mode != SubqueryMode::Exists) return false;
    std::optional<CountJoinOp> join = joined(exists);
    if (!join) return false;
    join->match = negated ? ExpandMatch::None : ExpandMatch::Exists;
    chain_[place_] = std::move(*join);
    return true;
  }

  /// Subqueries anywhere in the operator's expressions.
  void join_parts() {
    std::vector<PlanOp> joins;
    PlanOp op = chain_[place_];
    for_each_expression(op, [&](ExprPtr& expr) {
      expr = rewrite(expr, [&](const ExprPtr& part) -> ExprPtr {
        if (part->kind != ExprKind::Subquery) return nullptr;
        std::optional<CountJoinOp> join = joined(*part);
        if (!join) return nullptr;
        join->count = context_.new_variable();
        ExprPtr count = context_.variable(join->count);
        count->type = kIntegerType;
        joins.push_back(std::move(*join));
        if (part->subquery_mode == SubqueryMode::Count) return count;
        return make_binary(ExprKind::Greater, std::move(count), make_literal(0), part->span);
      });
    });
    if (joins.empty()) return;
    chain_[place_] = std::move(op);
    chain_.insert(chain_.begin() + static_cast<ptrdiff_t>(place_), joins.begin(), joins.end());
    place_ += joins.size();
  }

  std::optional<CountJoinOp> joined(const Expr& subquery) const {
    const bool exists = subquery.subquery_mode == SubqueryMode::Exists;
    if (!exists && subquery.subquery_mode != SubqueryMode::Count) return std::nullopt;
    if (subquery.plan == nullptr) return std::nullopt;
    Chain inner = to_chain(*subquery.plan);
    if (std::holds_alternative<ResultOp>(inner.back())) inner.pop_back();
    return join_once(chain_, place_, inner, subquery.subquery_inputs, exists, context_);
  }

  Chain chain_;
  const PassContext& context_;
  size_t place_ = 0;
};

}  // namespace

Chain join_subqueries(Chain chain, const PassContext& context) {
  if (!context.whole_statement || context.writes) return chain;
  return SubqueryJoiner(std::move(chain), context).run();
}

}  // namespace entente
