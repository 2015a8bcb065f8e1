// Pass reach-ends: where only the ends of variable-length paths are asked for, and not how many paths lead there, each
// end is found once.
//
//   MATCH (a {…})-[:R*2..4]-(b) RETURN DISTINCT b     VarExpand   →   ReachTogether
//
// The paths are not enumerated, of which there may be exponentially many: a breadth-first search looks at each
// relationship once (how it minds that no relationship may come twice in a path is told in exec/reach_search.h). Where
// nothing else of the rows is read any more, one search begins at the nodes of all rows together; else each row has its
// own (ReachExpand).
//
// Between two known nodes the last relationship of a path is looked up rather than walked to, so there a search is only
// begun where the estimates say that it is less work.
#include <algorithm>
#include <utility>

#include "entente/query/plan/duplicates.h"
#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

/// Past this, proving that ends nearer than `min` have longer paths too is more work than it may save.
constexpr uint64_t kMostMin = 16;

class ReachEnds {
 public:
  explicit ReachEnds(const PassContext& context) : context_(context) {}

  /// `whole`: the chain is not an inner plan.
  void visit(Chain& chain, LiveVariables live, Duplicates duplicates, bool whole) const {
    for (size_t i = chain.size(); i-- > 0;) {
      if (auto* walk = std::get_if<VarExpandOp>(&chain[i]); walk != nullptr && !duplicates.matter()) {
        if (!live.has(walk->rel) && !live.has(walk->length) && is_worthwhile(*walk)) {
          walk->rel = walk->length = kNoVar;
          const bool only_end = !walk->into && live.only() == walk->to && reads_only_element(*walk);
          walk->ends = whole && only_end && !is_ordered(chain, i) ? PathEnds::Once : PathEnds::OncePerRow;
        }
      }
      Duplicates below = duplicates;
      below.go_below(chain[i]);
      visit_inner_plans(chain[i], live, below, [this](Chain& inner, LiveVariables read, Duplicates there) {
        visit(inner, std::move(read), there, false);
      });
      duplicates = below;
      live.go_below(chain[i]);
    }
  }

 private:
  bool is_worthwhile(const VarExpandOp& walk) const {
    const bool several_steps = !walk.max || (*walk.max >= 2 && *walk.max >= walk.min);
    if (!several_steps || walk.min > kMostMin) return false;
    if (!walk.into) return true;
    if (walk.predicate != nullptr) return false;  // which relationships it is asked for is told by the end
    if (context_.options.eager) return true;
    const Cardinality& cardinality = context_.cardinality;
    const double relationships = cardinality.degree(walk.types, walk.direction, {}) * cardinality.nodes();
    auto trails = [&](std::optional<uint64_t> max) {
      return cardinality.trails(walk.types, walk.direction, {}, 1, max);
    };
    return std::min(relationships, trails(walk.max)) < trails(walk.max ? std::optional(*walk.max - 1) : std::nullopt);
  }

  static bool reads_only_element(const VarExpandOp& walk) {
    bool only = true;
    if (walk.predicate != nullptr) {
      for_each_variable(*walk.predicate, [&](VarId var) { only = only && var == walk.element; });
    }
    return only;
  }

  /// Whether the rows below may have an order that somebody asked for.
  static bool is_ordered(const Chain& chain, size_t at) {
    while (at-- > 0) {
      if (std::holds_alternative<SortOp>(chain[at])) return true;
      if (std::holds_alternative<AggregateOp>(chain[at]) || std::holds_alternative<DistinctOp>(chain[at])) return false;
    }
    return false;
  }

  const PassContext& context_;
};

}  // namespace

Chain reach_ends(Chain chain, const PassContext& context) {
  ReachEnds(context).visit(chain, LiveVariables(context.needed), Duplicates(context.counts_rows),
                           context.whole_statement);
  return chain;
}

}  // namespace entente
