// Pass push-distinct: equal rows are dropped as early as it is worthwhile, where it does not matter how often they
// come.
//
//   MATCH (a:Person)-[:KNOWS]->()-[:HAS_INTEREST]->(t)<-[:HAS_TAG]-(m) RETURN DISTINCT a, m
//
// After the second expansion only a and t are read, and many rows agree in both. With a DISTINCT there the rest of the
// way is gone once for each pair. Rows that agree in a single node become one that counts (see combine-rows), which is
// for whole statements, also where they are counted; here are the rows of several variables, and of inner plans.
//
// It is done where only nodes are read above, and so few different ones that, by the estimates, there are at least
// kWorthwhileDistinct times as many rows as can be different; and where another expansion comes before the rows are
// compared anyway.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/query/plan/duplicates.h"
#include "entente/query/plan/liveness.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr double kWorthwhileDistinct = 2;
constexpr double kFewestDistinct = 1'000;  // rows
constexpr size_t kMostCompared = 4;        // variables

bool expands(const PlanOp& op) {
  return std::holds_alternative<ExpandOp>(op) || std::holds_alternative<VarExpandOp>(op) ||
         std::holds_alternative<PathSearchOp>(op) || std::holds_alternative<OptionalOp>(op);
}

class EarlyDistinct {
 public:
  explicit EarlyDistinct(const PassContext& context) : context_(context) {}

  void visit(Chain& chain, LiveVariables live, Duplicates duplicates, bool whole) const {
    std::vector<std::vector<VarId>> compared(chain.size());  // what is read above; empty where nothing is to be done
    bool expanded = false;                                   // before the rows are compared
    for (size_t i = chain.size(); i-- > 0;) {
      if (!duplicates.matter() && expanded && live.size() <= kMostCompared) compared[i] = live.all();
      Duplicates below = duplicates;
      below.go_below(chain[i]);
      visit_inner_plans(chain[i], live, below, [this](Chain& inner, LiveVariables read, Duplicates there) {
        visit(inner, std::move(read), there, false);
      });
      duplicates = below;
      live.go_below(chain[i]);
      if (std::holds_alternative<DistinctOp>(chain[i]) || std::holds_alternative<AggregateOp>(chain[i])) {
        expanded = false;
      }
      expanded = expanded || expands(chain[i]);
    }
    insert(chain, compared, whole);
  }

 private:
  void insert(Chain& chain, const std::vector<std::vector<VarId>>& compared, bool whole) const {
    const std::vector<double> rows = context_.cardinality.rows(chain);
    std::unordered_map<VarId, double> most;  // by variable: how many different ones there can be, where that is known
    Chain result;
    double left = 1;     // the part of the estimated rows that is left
    bool grown = false;  // by an expansion, since rows were compared last
    for (size_t i = 0; i < chain.size(); ++i) {
      note_bound(chain[i], rows[i], most);
      grown = grown || expands(chain[i]);
      if (std::holds_alternative<CombineRowsOp>(chain[i]) || std::holds_alternative<DistinctOp>(chain[i]))
        grown = false;
      const bool before_filter = i + 1 < chain.size() && std::holds_alternative<FilterOp>(chain[i + 1]);
      const std::optional<double> different = product(compared[i], most);
      result.push_back(std::move(chain[i]));
      if (!grown || before_filter || !different || (whole && compared[i].size() == 1)) continue;
      const double there = rows[i] * left;
      const bool worthwhile = there >= kFewestDistinct && there >= kWorthwhileDistinct * *different;
      if (!worthwhile && !context_.options.eager) continue;
      result.push_back(DistinctOp{compared[i]});
      left *= std::min(1.0, *different / std::max(1.0, there));
      grown = false;
    }
    chain = std::move(result);
  }

  void note_bound(const PlanOp& op, double rows, std::unordered_map<VarId, double>& most) const {
    const Cardinality& cardinality = context_.cardinality;
    if (const auto* expand = std::get_if<ExpandOp>(&op)) {
      if (!expand->into) most[expand->to] = cardinality.distinct_ends(expand->types, expand->direction);
    } else if (const auto* walk = std::get_if<VarExpandOp>(&op)) {
      if (!walk->into) most[walk->to] = cardinality.nodes();
    } else {
      const bool finds = std::holds_alternative<NodeScanOp>(op) || std::holds_alternative<IndexSeekOp>(op) ||
                         std::holds_alternative<IndexRangeOp>(op) || std::holds_alternative<NodeByIdOp>(op);
      if (finds) for_each_binding(op, [&](VarId var) { most[var] = std::min(rows, cardinality.nodes()); });
    }
  }

  static std::optional<double> product(const std::vector<VarId>& vars, const std::unordered_map<VarId, double>& most) {
    if (vars.empty()) return std::nullopt;
    double different = 1;
    for (const VarId var : vars) {
      const auto known = most.find(var);
      if (known == most.end()) return std::nullopt;
      different *= std::max(1.0, known->second);
    }
    return different;
  }

  const PassContext& context_;
};

}  // namespace

Chain push_distinct(Chain chain, const PassContext& context) {
  // An EXISTS stops at the first row, and may become a join, which must find a plain pattern.
  EarlyDistinct(context).visit(chain, LiveVariables(context.needed),
                               Duplicates(context.counts_rows || !context.whole_statement), context.whole_statement);
  return chain;
}

}  // namespace entente
