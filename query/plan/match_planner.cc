#include "entente/query/plan/match_planner.h"

#include <algorithm>
#include <utility>

namespace entente {

namespace {

class MatchPlanner {
 public:
  MatchPlanner(const PatternGraph& pattern, Planner& planner, Chain& chain)
      : pattern_(pattern),
        planner_(planner),
        chain_(chain),
        bound_(pattern.element_count()),
        applied_(pattern.predicates().size()) {}

  void run() {
    missing_.reserve(pattern_.predicates().size());
    for (uint32_t i = 0; i < pattern_.predicates().size(); ++i) {
      missing_.push_back(static_cast<uint32_t>(pattern_.predicates()[i].elements.size()));
      if (missing_[i] == 0) ready_.push_back(i);
    }
    for (uint32_t i = 0; i < pattern_.nodes().size(); ++i) {
      if (pattern_.nodes()[i].bound) bound_[i] = 1;
    }
    apply_ready();
    for (const MatchStep& step : match_order(pattern_, planner_.cardinality())) {
      switch (step.kind) {
        case MatchStep::Kind::Start:
          start(step.index);
          break;
        case MatchStep::Kind::Expand:
          expand(step.index, step.reversed);
          break;
        case MatchStep::Kind::Check:
          check(step.index);
          break;
      }
      apply_ready();
    }
    for (uint32_t i = 0; i < pattern_.paths().size(); ++i) {
      chain_.push_back(BuildPathOp{pattern_.paths()[i].var, pattern_.paths()[i].parts});
      bind(pattern_.element_of_path(i));
    }
    apply_ready();
  }

 private:
  void bind(uint32_t element) {
    if (bound_[element]) return;
    bound_[element] = 1;
    for (uint32_t condition : pattern_.waiting_for(element)) {
      if (--missing_[condition] == 0) ready_.push_back(condition);
    }
  }

  /// Conditions in the order written, those with subqueries last.
  void apply_ready() {
    std::sort(ready_.begin(), ready_.end());
    auto dear = [&](uint32_t condition) { return contains_subquery(*pattern_.predicates()[condition].expr); };
    if (ready_.size() > 1) std::stable_partition(ready_.begin(), ready_.end(), [&](uint32_t c) { return !dear(c); });
    for (uint32_t condition : ready_) {
      if (!applied_[condition]) chain_.push_back(FilterOp{pattern_.predicates()[condition].expr});
      applied_[condition] = 1;
    }
    ready_.clear();
  }

  void start(uint32_t index) {
    const MatchNode& node = pattern_.nodes()[index];
    NodeScanOp scan{node.var, std::nullopt};
    if (const std::string* label = scan_label(node, planner_.cardinality())) {
      scan.label = *label;
      for (uint32_t waiting : pattern_.waiting_for(index)) {
        const MatchCondition& condition = pattern_.predicates()[waiting];
        const std::string* checked = condition.elements.size() == 1 ? single_label(*condition.expr, node.var) : nullptr;
        if (checked != nullptr && *checked == *label) applied_[waiting] = 1;
      }
    }
    chain_.push_back(std::move(scan));
    bind(index);
  }

  void expand(uint32_t index, bool reversed) {
    const MatchEdge& edge = pattern_.edges()[index];
    const uint32_t from = reversed ? edge.right : edge.left;
    const uint32_t to = reversed ? edge.left : edge.right;
    const bool into = bound_[to] != 0;
    const Direction direction = reversed ? opposite(edge.direction) : edge.direction;
    if (edge.search != nullptr) {
      PathSearchOp op = reversed ? entente::reversed(edge.search->op()) : edge.search->op();
      op.from = pattern_.nodes()[from].var;
      op.rel = edge.var;
      op.to = pattern_.nodes()[to].var;
      op.into = into;
      if (edge.search->takes_conditions()) require_conditions(index, to, op);
      chain_.push_back(std::move(op));
    } else if (edge.variable_length) {
      VarExpandOp op{};
      op.from = pattern_.nodes()[from].var;
      op.rel = edge.var;
      op.to = pattern_.nodes()[to].var;
      op.types = edge.types;
      op.direction = direction;
      op.min = edge.min;
      op.max = edge.max;
      op.into = into;
      op.reversed = reversed;
      attach_conditions(index, op);
      chain_.push_back(std::move(op));
    } else {
      chain_.push_back(
          ExpandOp{pattern_.nodes()[from].var, edge.var, pattern_.nodes()[to].var, edge.types, direction, into});
    }
    if (!edge.selects()) keep_distinct(edge);
    bind(pattern_.element_of_edge(index));
    bind(to);
  }

  /// What must hold for a path that is chosen is checked before it is, if all else that it reads is bound by now.
  void require_conditions(uint32_t index, uint32_t to, PathSearchOp& op) {
    const uint32_t path = pattern_.element_of_edge(index);
    for (uint32_t waiting : pattern_.waiting_for(path)) {
      const MatchCondition& condition = pattern_.predicates()[waiting];
      const bool reads_end = !bound_[to] && std::find(condition.elements.begin(), condition.elements.end(), to) !=
                                                condition.elements.end();
      if (missing_[waiting] != (reads_end ? 2u : 1u)) continue;
      std::vector<VarId> inside = pattern_.edges()[index].search->variables();
      if (reads_end) inside.push_back(op.to);
      require_of_path(condition.expr, inside, planner_, op);
      applied_[waiting] = 1;
    }
  }

  /// What must hold for each relationship is checked on the way, if all else that it reads is bound by now.
  void attach_conditions(uint32_t index, VarExpandOp& op) {
    const uint32_t rel = pattern_.element_of_edge(index);
    std::vector<ExprPtr> each;
    for (uint32_t waiting : pattern_.waiting_for(rel)) {
      const MatchCondition& condition = pattern_.predicates()[waiting];
      if (condition.edge != index || missing_[waiting] != 1) continue;
      each.push_back(condition.each);
      applied_[waiting] = 1;
    }
    if (each.empty()) return;
    op.element = pattern_.edges()[index].element;
    op.predicate = make_and(std::move(each));
  }

  void check(uint32_t index) {
    const MatchEdge& edge = pattern_.edges()[index];
    BoundRelationshipOp op{};
    op.rel = edge.var;
    op.from = pattern_.nodes()[edge.left].var;
    op.from_bound = bound_[edge.left] != 0;
    op.to = pattern_.nodes()[edge.right].var;
    op.to_bound = bound_[edge.right] != 0;
    op.types = edge.types;
    op.direction = edge.direction;
    op.variable_length = edge.variable_length;
    op.min = edge.min;
    op.max = edge.max;
    if (edge.left == edge.right && !op.from_bound) {
      // One variable for both ends: bind each end, and compare them.
      const VarId other_end = planner_.new_variable();
      op.to = other_end;
      chain_.push_back(std::move(op));
      chain_.push_back(FilterOp{make_binary(ExprKind::Equal, planner_.variable(pattern_.nodes()[edge.left].var),
                                            planner_.variable(other_end))});
    } else {
      chain_.push_back(std::move(op));
    }
    keep_distinct(edge);
    bind(edge.left);
    bind(edge.right);
  }

  /// A relationship is found once in a clause.
  void keep_distinct(const MatchEdge& edge) {
    if (relationships_.size() <= edge.clause) relationships_.resize(edge.clause + 1);
    std::vector<VarId>& others = relationships_[edge.clause];
    if (!others.empty()) chain_.push_back(UniqueRelationshipsOp{edge.var, others});
    others.push_back(edge.var);
  }

  const PatternGraph& pattern_;
  Planner& planner_;
  Chain& chain_;
  std::vector<uint8_t> bound_;                     // by element
  std::vector<uint32_t> missing_;                  // by condition
  std::vector<uint8_t> applied_;                   // by condition
  std::vector<uint32_t> ready_;                    // conditions to be applied next
  std::vector<std::vector<VarId>> relationships_;  // by clause
};

}  // namespace

void plan_pattern(const PatternGraph& pattern, Planner& planner, Chain& chain) {
  MatchPlanner(pattern, planner, chain).run();
}

}  // namespace entente
