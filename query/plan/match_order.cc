#include "entente/query/plan/match_order.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace entente {

namespace {

constexpr size_t kStartsTried = 3;    // the cheapest; one more: the node with most relationships
constexpr size_t kOrdersTried = 512;  // that are continued; after them only the best one is
constexpr double kScanned = 0.25;     // of what a look-up costs: one from nodes in the order of their ids
constexpr double kAllEnds = 0.999;    // the part of a relationship's ends that as good as all have a label
constexpr double kFewEnds = 4;
constexpr size_t kMostNodesTried = 32;  // of patterns with more, only the best start is taken

/// How far an order has got.
struct Progress {
  std::vector<uint8_t> bound;      // by element
  std::vector<uint32_t> missing;   // by condition: elements it waits for
  std::vector<uint8_t> done;       // by edge
  std::vector<uint32_t> frontier;  // edges that can be next
  std::vector<uint32_t> searches;  // the same, of those that choose paths, which come last
  std::vector<MatchStep> steps;
  uint32_t scanned = ~uint32_t{0};  // the node in the order of whose ids rows come
  double rows = 1;
  double cost = 0;
};

struct Choice {
  uint32_t edge;
  bool reversed;
  double enumerated;  // for each row, before conditions
  double kept;        // after them
};

struct Start {
  uint32_t node;
  double scanned;
  double kept;
};

class Search {
 public:
  Search(const PatternGraph& pattern, const Cardinality& cardinality)
      : pattern_(pattern),
        cardinality_(cardinality),
        enumerated_(pattern.edges().size() * 2, -1.0),
        end_part_(pattern.edges().size() * 2, -1.0),
        starts_(pattern.nodes().size()) {
    selectivity_.reserve(pattern.predicates().size());
    for (const MatchCondition& condition : pattern.predicates()) {
      const bool label = condition.expr->kind == ExprKind::HasLabels;  // counted with the node
      selectivity_.push_back(label ? 1 : cardinality.selectivity(*condition.expr, pattern.labels()));
    }
    for (uint32_t i = 0; i < pattern.edges().size(); ++i) {
      if (pattern.edges()[i].repeats != MatchEdge::kFirst) repeats_.push_back(i);
    }
    for (uint32_t i = 0; i < pattern.nodes().size(); ++i) only_compared_.push_back(is_only_compared(i));
  }

  std::vector<MatchStep> run() {
    std::vector<Progress> begun;
    begun.push_back(begin());
    for (;;) {
      Progress progress = cheapest(std::move(begun));
      std::vector<Start> starts = cheapest_starts(progress);
      begun.clear();
      if (take_search(starts, progress)) {
        begun.push_back(std::move(progress));
        continue;
      }
      if (starts.empty()) return std::move(progress.steps);
      if (pattern_.nodes().size() > kMostNodesTried) starts.resize(1);
      for (const Start& start : starts) {
        begun.push_back(progress);
        start_at(start, begun.back());
      }
    }
  }

 private:
  Progress begin() {
    Progress progress;
    progress.bound.resize(pattern_.element_count());
    progress.done.resize(pattern_.edges().size());
    progress.missing.reserve(pattern_.predicates().size());
    for (const MatchCondition& condition : pattern_.predicates()) {
      progress.missing.push_back(static_cast<uint32_t>(condition.elements.size()));
    }
    for (uint32_t i = 0; i < pattern_.edges().size(); ++i) {
      const MatchEdge& edge = pattern_.edges()[i];
      if (edge.bound && edge.repeats == MatchEdge::kFirst) progress.frontier.push_back(i);
    }
    for (uint32_t i = 0; i < pattern_.nodes().size(); ++i) {
      if (pattern_.nodes()[i].bound) reach(i, progress);
    }
    return progress;
  }

  /// Marks a node as bound, and its edges as possible.
  void reach(uint32_t node, Progress& progress) const {
    if (progress.bound[node]) return;
    bind(node, progress);
    for (uint32_t edge : pattern_.nodes()[node].edges) {
      const MatchEdge& info = pattern_.edges()[edge];
      const uint32_t other = info.left == node ? info.right : info.left;
      const bool listed = info.bound || (other != node && progress.bound[other]);
      if (listed || progress.done[edge]) continue;
      (info.selects() ? progress.searches : progress.frontier).push_back(edge);
    }
  }

  void bind(uint32_t element, Progress& progress) const {
    progress.bound[element] = 1;
    for (uint32_t condition : pattern_.waiting_for(element)) --progress.missing[condition];
  }

  /// The part of the rows that conditions leave which become ready when these elements (the second may be none) are
  /// bound.
  double ready_selectivity(const Progress& progress, uint32_t first, uint32_t second) const {
    double all = 1;
    auto waits = [&](uint32_t condition, uint32_t element) {
      const std::vector<uint32_t>& elements = pattern_.predicates()[condition].elements;
      return element != kNone && std::find(elements.begin(), elements.end(), element) != elements.end();
    };
    for (uint32_t condition : pattern_.waiting_for(first)) {
      const uint32_t others = waits(condition, second) ? 1 : 0;
      if (progress.missing[condition] == 1 + others) all *= selectivity_[condition];
    }
    if (second == kNone) return all;
    for (uint32_t condition : pattern_.waiting_for(second)) {
      if (progress.missing[condition] == 1 && !waits(condition, first)) all *= selectivity_[condition];
    }
    return all;
  }

  double enumerated(uint32_t index, bool reversed) {
    double& known = enumerated_[index * 2 + (reversed ? 1 : 0)];
    if (known >= 0) return known;
    const MatchEdge& edge = pattern_.edges()[index];
    const std::vector<LabelId>& labels = pattern_.nodes()[reversed ? edge.right : edge.left].label_ids;
    const Direction direction = seen(edge, reversed);
    if (edge.search != nullptr) {
      const PathSearchOp& op = edge.search->op();
      return known = cardinality_.found_paths(reversed ? entente::reversed(op) : op, labels);
    }
    known = edge.variable_length ? cardinality_.trails(edge.types, direction, labels, edge.min, edge.max)
                                 : cardinality_.degree(edge.types, direction, labels);
    return known;
  }

  static Direction seen(const MatchEdge& edge, bool reversed) {
    return reversed ? opposite(edge.direction) : edge.direction;
  }

  Choice assess(uint32_t index, const Progress& progress) {
    const MatchEdge& edge = pattern_.edges()[index];
    if (edge.bound) return {index, false, 0, 0};  // at most one row for each: always first
    const bool left = progress.bound[edge.left] != 0;
    const bool right = progress.bound[edge.right] != 0;
    const uint32_t rel = pattern_.element_of_edge(index);
    if (left && right) {
      const bool reversed = enumerated(index, true) < enumerated(index, false);
      const MatchNode& end = pattern_.nodes()[reversed ? edge.left : edge.right];
      const double kept = enumerated(index, reversed) / std::max(1.0, cardinality_.nodes_with(end.label_ids));
      return {index, reversed, std::min(1.0, enumerated(index, reversed)),
              kept * ready_selectivity(progress, rel, kNone)};
    }
    const bool reversed = right;
    const uint32_t end = reversed ? edge.left : edge.right;
    const std::vector<LabelId>& labels = pattern_.nodes()[end].label_ids;
    double kept = enumerated(index, reversed);
    if (edge.variable_length && !labels.empty()) {
      kept *= cardinality_.nodes_with(labels) / std::max(1.0, cardinality_.nodes());
    } else {
      kept *= end_part(index, reversed);
    }
    kept *= ready_selectivity(progress, rel, end);
    if (is_counted(index, reversed, progress)) return {index, reversed, 0, std::min(1.0, kept)};
    return {index, reversed, enumerated(index, reversed), kept};
  }

  /// The part of the relationship's ends with the labels of the node there.
  double end_part(uint32_t index, bool reversed) {
    double& known = end_part_[index * 2 + (reversed ? 1 : 0)];
    if (known >= 0) return known;
    const MatchEdge& edge = pattern_.edges()[index];
    const MatchNode& from = pattern_.nodes()[reversed ? edge.right : edge.left];
    const MatchNode& to = pattern_.nodes()[reversed ? edge.left : edge.right];
    return known = cardinality_.end_fraction(edge.types, seen(edge, reversed), from.label_ids, to.label_ids);
  }

  /// Whether nobody reads the node, save conditions that it is another than some node.
  bool is_only_compared(uint32_t index) const {
    const MatchNode& node = pattern_.nodes()[index];
    if (node.bound || node.edges.size() != 1) return false;
    for (const MatchPath& path : pattern_.paths()) {
      if (std::find(path.parts.begin(), path.parts.end(), node.var) != path.parts.end()) return false;
    }
    uint32_t compared = 0;
    for (uint32_t waiting : pattern_.waiting_for(index)) {
      const Expr& condition = *pattern_.predicates()[waiting].expr;
      if (single_label(condition, node.var) != nullptr) continue;
      const bool unequal = condition.kind == ExprKind::NotEqual && condition.args[0]->kind == ExprKind::Variable &&
                           condition.args[1]->kind == ExprKind::Variable;
      if (!unequal) return false;
      ++compared;
    }
    return node.uses == compared;
  }

  /// Whether the optimiser will be able to count relationships to a new node instead of finding it.
  bool is_counted(uint32_t index, bool reversed, const Progress& progress) {
    const MatchEdge& edge = pattern_.edges()[index];
    const uint32_t end = reversed ? edge.left : edge.right;
    if (!only_compared_[end] || edge.variable_length || edge.search != nullptr || edge.uses > 0) return false;
    if (!pattern_.waiting_for(pattern_.element_of_edge(index)).empty()) return false;
    const std::vector<uint32_t>& conditions = pattern_.waiting_for(end);
    const bool ready = std::all_of(conditions.begin(), conditions.end(),
                                   [&](uint32_t condition) { return progress.missing[condition] == 1; });
    return ready && end_part(index, reversed) >= kAllEnds;
  }

  /// Puts all relationships in order that can be reached from one of these, and gives what costs least. Always the
  /// order that has cost least so far is continued, by each relationship that can be next.
  Progress cheapest(std::vector<Progress> begun) {
    std::vector<Progress> orders = std::move(begun);
    std::vector<size_t> heap(orders.size());
    std::iota(heap.begin(), heap.end(), 0);
    auto later = [&](size_t a, size_t b) {
      return orders[a].cost > orders[b].cost || (orders[a].cost == orders[b].cost && a > b);
    };
    std::make_heap(heap.begin(), heap.end(), later);
    const size_t tried = pattern_.nodes().size() > kMostNodesTried ? 0 : kOrdersTried;
    std::unordered_map<std::string, double> known;  // the least cost of finding some relationships
    for (size_t i = 0; !orders[heap.front()].frontier.empty(); ++i) {
      if (i == tried) return greedy(std::move(orders[heap.front()]));
      std::pop_heap(heap.begin(), heap.end(), later);
      const Progress order = std::move(orders[heap.back()]);
      heap.pop_back();
      for (size_t at = 0; at < order.frontier.size(); ++at) {
        const Choice choice = assess(order.frontier[at], order);
        const double cost = order.cost + cost_of(choice, order);
        std::string found(order.done.begin(), order.done.end());
        found[choice.edge] = 1;
        // What is left to do costs less from a node in the order of whose ids rows come.
        if (has_more_to_scan(order, choice.edge)) found += std::to_string(order.scanned);
        const auto [entry, fresh] = known.try_emplace(std::move(found), cost);
        if (!fresh && entry->second <= cost) continue;
        entry->second = cost;
        orders.push_back(order);
        take(choice, at, orders.back());
        heap.push_back(orders.size() - 1);
        std::push_heap(heap.begin(), heap.end(), later);
      }
    }
    return std::move(orders[heap.front()]);
  }

  bool has_more_to_scan(const Progress& order, uint32_t chosen) const {
    if (order.scanned >= pattern_.nodes().size()) return false;
    const std::vector<uint32_t>& edges = pattern_.nodes()[order.scanned].edges;
    return std::any_of(edges.begin(), edges.end(), [&](uint32_t edge) { return edge != chosen && !order.done[edge]; });
  }

  /// Goes on with the relationship that leaves the fewest rows.
  Progress greedy(Progress progress) {
    while (!progress.frontier.empty()) {
      size_t best_at = 0;
      Choice best = assess(progress.frontier[0], progress);
      for (size_t i = 1; i < progress.frontier.size(); ++i) {
        const Choice choice = assess(progress.frontier[i], progress);
        const bool better = choice.kept < best.kept || (choice.kept == best.kept && choice.edge < best.edge);
        if (better) {
          best = choice;
          best_at = i;
        }
      }
      take(best, best_at, progress);
    }
    return progress;
  }

  /// A look-up for each row, and what it finds.
  double cost_of(const Choice& choice, const Progress& progress) const {
    const MatchEdge& edge = pattern_.edges()[choice.edge];
    const uint32_t from = choice.reversed ? edge.right : edge.left;
    return progress.rows * ((from == progress.scanned ? kScanned : 1) + choice.enumerated);
  }

  /// Whether all that leads to the node chooses paths.
  bool only_searched(uint32_t node) const {
    const std::vector<uint32_t>& edges = pattern_.nodes()[node].edges;
    return !edges.empty() &&
           std::all_of(edges.begin(), edges.end(), [&](uint32_t edge) { return pattern_.edges()[edge].selects(); });
  }

  /// Paths are chosen when all other relationships are found, and nodes that other conditions are about: what is asked
  /// of a path may read them. Gives whether there was such an edge to take.
  bool take_search(std::vector<Start>& starts, Progress& progress) {
    if (!starts.empty() && !only_searched(starts.front().node)) return false;
    if (progress.searches.empty()) return false;
    // An end that is as good as known is found first: between two nodes a search is quicker.
    const auto few = std::find_if(starts.begin(), starts.end(), [&](const Start& start) {
      return start.kept <= kFewEnds && start.scanned <= kFewEnds;
    });
    if (few != starts.end()) {
      starts = {*few};
      return false;
    }
    const uint32_t edge = progress.searches.front();
    progress.searches.erase(progress.searches.begin());
    take(assess(edge, progress), progress);
    return true;
  }

  /// Takes what is `at` this place in the frontier.
  void take(const Choice& choice, size_t at, Progress& progress) const {
    progress.frontier[at] = progress.frontier.back();
    progress.frontier.pop_back();
    take(choice, progress);
  }

  void take(const Choice& choice, Progress& progress) const {
    const MatchEdge& edge = pattern_.edges()[choice.edge];
    progress.done[choice.edge] = 1;
    progress.cost += cost_of(choice, progress);
    if (!edge.bound) {
      progress.steps.push_back({MatchStep::Kind::Expand, choice.edge, choice.reversed});
      progress.rows *= choice.kept;
      bind(pattern_.element_of_edge(choice.edge), progress);
    } else {
      progress.steps.push_back({MatchStep::Kind::Check, choice.edge, false});
    }
    reach(edge.left, progress);
    reach(edge.right, progress);
    for (uint32_t repeat : repeats_) {
      if (pattern_.edges()[repeat].repeats == choice.edge) progress.frontier.push_back(repeat);
    }
  }

  /// What it costs to find a node with nothing but its own conditions and what is bound.
  Start assess_start(uint32_t index, const Progress& progress) {
    if (!starts_[index]) starts_[index] = compute_start(index, progress);
    const Start start = *starts_[index];
    const std::vector<uint32_t>& conditions = pattern_.waiting_for(index);
    const bool others_matter = std::any_of(conditions.begin(), conditions.end(), [&](uint32_t condition) {
      return pattern_.predicates()[condition].elements.size() > 1;
    });
    if (others_matter) starts_[index].reset();  // another when more is bound
    return start;
  }

  Start compute_start(uint32_t index, const Progress& progress) const {
    const MatchNode& node = pattern_.nodes()[index];
    // Of a node of which nothing is asked relationships are better counted.
    const bool any = only_compared_[index] && node.labels.empty();
    const double found = any ? cardinality_.nodes() : cardinality_.nodes_with(node.label_ids);
    const double scanned = any ? cardinality_.nodes() : cardinality_.nodes_with(node.scan_ids);
    Start start{index, scanned, found * ready_selectivity(progress, index, kNone)};
    for (uint32_t waiting : pattern_.waiting_for(index)) {
      if (progress.missing[waiting] != 1) continue;
      const Expr& condition = *pattern_.predicates()[waiting].expr;
      if (id_comparison(condition, node.var) != nullptr) return {index, 1, std::min(1.0, start.kept)};
      const auto comparison = property_comparison(condition, node.var);
      if (!comparison) continue;
      const KeyId key = cardinality_.graph().names().key(comparison->key);
      for (LabelId label : node.scan_ids) {
        const Index* usable = key.valid() && label.valid() ? cardinality_.graph().find_index(label, key) : nullptr;
        if (usable == nullptr) continue;
        const double part = comparison->kind == ExprKind::Equal
                                ? 1 / std::max(1.0, static_cast<double>(usable->distinct_values))
                                : cardinality_.selectivity(condition, pattern_.labels());
        start.scanned = std::min(start.scanned, part * static_cast<double>(usable->entries));
      }
    }
    return start;
  }

  std::vector<Start> cheapest_starts(const Progress& progress) {
    std::vector<Start> starts;
    for (uint32_t i = 0; i < pattern_.nodes().size(); ++i) {
      if (!progress.bound[i]) starts.push_back(assess_start(i, progress));
    }
    auto searched = [&](const Start& start) { return only_searched(start.node); };
    if (!std::all_of(starts.begin(), starts.end(), searched)) std::erase_if(starts, searched);
    const size_t wanted = std::min(starts.size(), kStartsTried);
    std::partial_sort(starts.begin(), starts.begin() + static_cast<ptrdiff_t>(wanted), starts.end(),
                      [](const Start& a, const Start& b) {
                        if (a.kept != b.kept) return a.kept < b.kept;
                        if (a.scanned != b.scanned) return a.scanned < b.scanned;
                        return a.node < b.node;
                      });
    if (starts.size() > wanted) {
      const auto most = std::max_element(
          starts.begin() + static_cast<ptrdiff_t>(wanted), starts.end(), [&](const Start& a, const Start& b) {
            return pattern_.nodes()[a.node].edges.size() < pattern_.nodes()[b.node].edges.size();
          });
      starts[wanted] = *most;
    }
    starts.resize(std::min(starts.size(), wanted + 1));
    return starts;
  }

  void start_at(const Start& start, Progress& progress) const {
    progress.steps.push_back({MatchStep::Kind::Start, start.node, false});
    progress.cost += progress.rows * (1 + start.scanned);
    if (progress.steps.size() == 1) progress.scanned = start.node;
    progress.rows *= start.kept;
    reach(start.node, progress);
  }

  static constexpr uint32_t kNone = ~uint32_t{0};

  const PatternGraph& pattern_;
  const Cardinality& cardinality_;
  std::vector<double> selectivity_;           // by condition
  std::vector<double> enumerated_;            // by edge and end, -1: not known yet
  std::vector<double> end_part_;              // the same
  std::vector<uint8_t> only_compared_;        // by node
  std::vector<std::optional<Start>> starts_;  // by node, where it is the same whatever is bound
  std::vector<uint32_t> repeats_;             // edges that repeat another
};

}  // namespace

std::vector<MatchStep> match_order(const PatternGraph& pattern, const Cardinality& cardinality) {
  return Search(pattern, cardinality).run();
}

const std::string* scan_label(const MatchNode& node, const Cardinality& cardinality) {
  const std::string* best = nullptr;
  double fewest = 0;
  for (const LabelExpr* label : node.labels) {
    if (label->kind != LabelExpr::Kind::Name) continue;
    const double count = cardinality.nodes_with(cardinality.label(label->name));
    if (best == nullptr || count < fewest) {
      best = &label->name;
      fewest = count;
    }
  }
  return best;
}

}  // namespace entente
