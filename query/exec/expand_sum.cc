// Expansion whose ends are only counted: each row is multiplied by the sum over the ends of a product of counts.
//
// The counts of an end are of these kinds, which come down to degrees and to how often a node X of the row has the end
// among its neighbours:
//   (end)-[:R]-() except X     the end's degree, less how often it is X's neighbour
//   (X)-[:R]-() except end     X's degree, less the same
//   (end)-[:R]-(X)             the same alone
//   (end)-[:R]-() far from Y   those of the end's own neighbours that are no neighbours of Y
//   (end)-[:R]-(x), (x)-[:S]-(X)   how often X has each of the end's own neighbours x
// Neighbours are found for all ends of a list together: the list is merged with those of X, both being sorted, or where
// that costs less, the neighbours of X are marked with how often they are such.
#include <algorithm>
#include <array>
#include <optional>

#include "entente/query/exec/coinciding_ends.h"
#include "entente/query/exec/end_counts.h"
#include "entente/query/exec/node_order.h"
#include "entente/query/exec/two_steps.h"

namespace entente {

namespace {

/// One count of the ends.
struct EndCount {
  enum class Kind : uint8_t { DegreeOfEnd, DegreeOfRow, Between, Path };
  Kind kind;
  const ExpandOp* op;
  RowNeighbours* neighbours;     // null if there is no X
  RowNeighbours* far = nullptr;  // null if there is no Y
  bool far_has_node = false;     // in the row: X is a neighbour of Y, and so does not count anyway
  ExpansionLists lists = {};
  std::optional<NodeDegrees> degrees_of_ends = std::nullopt;  // DegreeOfEnd without Y
  IdReader reader = {};                                       // DegreeOfRow: of X, …
  std::vector<uint32_t> nodes = {};                           // … X by row, …
  std::vector<uint64_t> degrees = {};                         // … its degree by row, then by candidate, …
  uint64_t degree = 0;                                        // … and that of the candidate at hand
  std::unique_ptr<TwoSteps> steps = nullptr;                  // Path
  Between between = {};                                       // where relationships are to be found one by one
};

class ExpandSumOperator final : public Operator {
 public:
  ExpandSumOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        context_(parts.context),
        lower_(op.order),
        apart_(op),
        hold_(parts.context) {
    for (const bool selective : {true, false}) {
      for (const ExpandOp& count : op.counts) {
        if (is_selective(count) == selective) counts_.push_back(count_of(count));
      }
    }
    ordered_ = !lower_.empty();
    alone_ = counts_.size() == 1 && counts_[0].op->match == ExpandMatch::All;
    together_ = std::all_of(counts_.begin(), counts_.end(), [&](const EndCount& count) {
      return (count.kind == EndCount::Kind::Between || count.kind == EndCount::Kind::DegreeOfRow) &&
             count.neighbours == counts_[0].neighbours;
    });
    own_ = alone_ && counts_[0].kind == EndCount::Kind::DegreeOfEnd && counts_[0].far == nullptr && lower_.empty() &&
           counts_[0].neighbours != nullptr && counts_[0].neighbours->is_of(op.from, op.types, op.direction);
    const bool plain = apart_.empty() && lower_.empty();
    if (alone_ && counts_[0].kind == EndCount::Kind::Between && plain) steps_ = steps_of(op, op.counts[0]);
  }

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      open(in);
      find_candidates(in.rows);
      Selection rows;
      std::vector<uint64_t> times;
      size_t seen = 0;
      for (size_t i = 0; i < candidates_.size(); ++i) {
        const uint64_t sum = sum_of(i, seen);
        if (seen >= kEndsPerCheck) {
          seen = 0;
          context_.check();
        }
        if (sum == 0) continue;
        rows.push_back(candidates_[i]);
        times.push_back(sum);
      }
      if (rows.empty()) continue;
      out = rows.size() == in.rows ? std::move(in) : in.select(std::make_shared<const Selection>(std::move(rows)));
      multiply_batch(out, times);
      return true;
    }
  }

 private:
  static constexpr size_t kEndsPerCheck = 1 << 20;
  static constexpr size_t kEndsAtOnce = 1024;
  static constexpr uint64_t kAskedPerEnd = 16;  // ends of its own, as a guess

  /// Whether few ends have a number but 0.
  static bool is_selective(const ExpandOp& count) { return count.into && count.match == ExpandMatch::All; }

  EndCount count_of(const ExpandOp& count) {
    if (!count.counts.empty()) {
      const ExpandOp& into = count.counts[0];
      const bool from_own = into.from == count.each;
      EndCount path{EndCount::Kind::Path, &count,
                    neighbours_of(from_own ? into.to : into.from, into.types,
                                  from_own ? opposite(into.direction) : into.direction)};
      path.steps = steps_of(count, into);
      return path;
    }
    if (count.into) {
      const bool from_end = count.from == op_.each;
      const VarId node = from_end ? count.to : count.from;
      return {EndCount::Kind::Between, &count,
              neighbours_of(node, count.types, from_end ? opposite(count.direction) : count.direction)};
    }
    if (count.from == op_.each) {
      RowNeighbours* except =
          count.except.empty() ? nullptr : neighbours_of(count.except[0], count.types, opposite(count.direction));
      if (count.far.empty()) {
        EndCount degree{EndCount::Kind::DegreeOfEnd, &count, except};
        degree.degrees_of_ends.emplace(count);
        return degree;
      }
      return {EndCount::Kind::DegreeOfEnd, &count, except,
              neighbours_of(count.far[0].node, count.far[0].types, count.far[0].direction)};
    }
    return {EndCount::Kind::DegreeOfRow, &count, neighbours_of(count.from, count.types, count.direction)};
  }

  /// Along `first`, and from where it leads along `into`, to wherever.
  static std::unique_ptr<TwoSteps> steps_of(const ExpandOp& first, const ExpandOp& into) {
    ExpandOp second;
    second.types = into.types;
    second.direction = into.from == first.each ? into.direction : opposite(into.direction);
    return std::make_unique<TwoSteps>(first, std::move(second));
  }

  RowNeighbours* neighbours_of(VarId node, const std::vector<std::string>& types, Direction direction) {
    for (const auto& known : neighbours_) {
      if (known->is_of(node, types, direction)) return known.get();
    }
    neighbours_.push_back(std::make_unique<RowNeighbours>(node, types, direction));
    return neighbours_.back().get();
  }

  void open(const Batch& in) {
    from_ = IdReader(in, op_.from, VectorType::Node);
    lists_.open(op_, context_);
    if (!lower_.empty()) lower_.open(in);
    if (steps_ != nullptr) steps_->open(context_);
    for (const auto& neighbours : neighbours_) neighbours->open(in, context_);
    for (EndCount& count : counts_) {
      if (count.kind != EndCount::Kind::Between) count.lists.open(*count.op, context_);
      if (count.kind == EndCount::Kind::DegreeOfRow) count.reader = IdReader(in, count.op->from, VectorType::Node);
      if (count.degrees_of_ends) count.degrees_of_ends->open(context_);
      if (count.steps != nullptr) count.steps->open(context_);
      if (count.op->rel != kNoVar) count.between.open(*count.op, context_);
    }
    apart_.open(in);
  }

  /// Finds the rows whose sum is not 0 because of a degree that is the same for all ends.
  void find_candidates(size_t rows) {
    candidates_.clear();
    from_.read(rows, nodes_);
    for (EndCount& count : counts_) {
      if (count.kind == EndCount::Kind::DegreeOfRow) find_degrees(count, rows);
    }
    for (size_t row = 0; row < rows; ++row) {
      if (nodes_[row] != NodeId::kNone) candidates_.push_back(static_cast<uint32_t>(row));
    }
    for (const EndCount& count : counts_) {
      if (count.kind != EndCount::Kind::DegreeOfRow || times_of(count.op->match, 0) != 0) continue;
      std::erase_if(candidates_, [&](uint32_t row) { return count.degrees[row] == 0; });
    }
    for (size_t i = 0; i < candidates_.size() && candidates_.size() < rows; ++i) {
      nodes_[i] = nodes_[candidates_[i]];
      for (EndCount& count : counts_) {
        if (count.kind == EndCount::Kind::DegreeOfRow) count.degrees[i] = count.degrees[candidates_[i]];
      }
    }
    nodes_.resize(candidates_.size());
    row_lists_.open(lists_, nodes_);
    for (const auto& neighbours : neighbours_) neighbours->open_rows(candidates_);
    apart_.open_rows(candidates_);
  }

  void find_degrees(EndCount& count, size_t rows) {
    count.reader.read(rows, count.nodes);
    count.degrees.assign(rows, 0);
    degrees_of(count.lists, count.op->direction, count.nodes, count.degrees.data());
  }

  /// What the row of a candidate is multiplied by. `seen` is told how many ends were looked at.
  uint64_t sum_of(size_t candidate, size_t& seen) {
    if (steps_ != nullptr) {
      const TwoSteps::End* end = steps_->from(nodes_[candidate], hold_);
      if (end != nullptr) return end->node == counts_[0].neighbours->node_of(candidate) ? end->times : 0;
    }
    for (EndCount& count : counts_) {
      if (count.kind == EndCount::Kind::DegreeOfRow) count.degree = count.degrees[candidate];
    }
    row_lists_.go_to(candidate);
    uint64_t ends = 0;
    for (size_t place = 0; place < lists_.size(); ++place) ends += row_lists_.degree(candidate, place);
    if (ends == 0) return 0;
    seen += ends;
    candidate_ = candidate;
    move_neighbours(ends);
    apart_.go_to(candidate);
    if (ordered_) {
      least_ = lower_.least(candidates_[candidate]);
      total_of_least_ = 0;
    }
    const uint32_t from = nodes_[candidate];
    uint64_t total = 0;
    for (size_t place = 0; place < lists_.size(); ++place) {
      auto& [kind, lists] = lists_[place];
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = op_.direction == Direction::Both && kind.direction == Direction::In;
      const uint32_t skipped = skips && lists.may_have_loop(from) ? from : NodeId::kNone;
      if (row_lists_.find(candidate, place, list_)) {
        add_list(skipped, total);
        continue;
      }
      cursor_.open(lists.adjacency(), NodeId(from));
      while (cursor_.next(list_)) add_list(skipped, total);
    }
    if (total_of_own_) total -= *total_of_own_;
    if (!ordered_ || (total == 0 && total_of_least_ == 0)) return total;
    const LowerNodes::Times times = lower_.times(candidates_[candidate]);
    total = multiply_rows(total, times.other);
    if (__builtin_add_overflow(total, multiply_rows(total_of_least_, times.least), &total)) fail_too_many_rows();
    return total;
  }

  /// To the row at hand.
  void move_neighbours(uint64_t ends) {
    if (own_) {
      counts_[0].neighbours->move_to(candidate_);
      total_of_own_ = counts_[0].neighbours->total_of_own();
      if (total_of_own_) return;
    }
    for (const auto& neighbours : neighbours_) neighbours->move_to(candidate_, ends, hold_);
    for (EndCount& count : counts_) {
      if (count.far == nullptr) continue;
      count.far->move_to(candidate_, ends * kAskedPerEnd, hold_);
      count.far_has_node = count.neighbours != nullptr && count.far->is_near_node_of(*count.neighbours);
    }
  }

  void add_list(uint32_t skipped, uint64_t& total) {
    const Ends list(list_.neighbours, list_.size);
    if (!ordered_) return add_but(list, skipped, total);
    const Ends kept = LowerNodes::from(list, least_);
    const Ends same = kept.empty() || kept.front() != least_ ? Ends() : places_of(kept, least_);
    add_but(same, skipped, total_of_least_);
    add_but(kept.subspan(same.size()), skipped, total);
  }

  void add_but(Ends list, uint32_t skipped, uint64_t& total) {
    if (skipped != NodeId::kNone) {
      const Ends loops = places_of(list, skipped);
      add_ends(Ends(list.begin(), loops.begin()), total);
      list = Ends(loops.end(), list.end());
    }
    add_ends(list, total);
  }

  void add_ends(Ends ends, uint64_t& total) {
    while (!ends.empty()) {
      const Ends some = ends.first(std::min(ends.size(), kEndsAtOnce));
      ends = ends.subspan(some.size());
      const uint64_t sum = apart_.any() ? sum_of_products(some)
                           : alone_     ? sum_alone(some)
                           : together_  ? sum_together(some)
                                        : sum_of_products(some);
      if (__builtin_add_overflow(total, sum, &total)) fail_too_many_rows();
    }
  }

  /// Where there is one count, and it is of all relationships.
  uint64_t sum_alone(Ends ends) {
    EndCount& count = counts_[0];
    uint64_t sum = 0;
    if (count.kind == EndCount::Kind::Path) {
      for (const uint32_t end : ends) sum += paths(count, end);
      return sum;
    }
    const bool less = count.neighbours != nullptr && !count.far_has_node && !total_of_own_;
    const uint64_t neighbours = less ? count.neighbours->total(ends) : 0;
    if (count.kind == EndCount::Kind::Between) return neighbours;
    if (count.kind == EndCount::Kind::DegreeOfRow) return ends.size() * count.degree - neighbours;
    for (const uint32_t end : ends) sum += degree_of_end(count, end);
    return sum - neighbours;
  }

  /// Where all counts depend on nothing but how often an end is a neighbour of the same node: most ends are not at all.
  uint64_t sum_together(Ends ends) {
    uint64_t sum = 0;
    size_t others = ends.size();
    const auto add = [&](uint64_t ends_of_kind, uint64_t times) {
      uint64_t product = ends_of_kind;
      for (EndCount& count : counts_) {
        const uint64_t number = count.kind == EndCount::Kind::Between ? times : count.degree - times;
        product = multiply_rows(product, times_of(count.op->match, number));
      }
      if (__builtin_add_overflow(sum, product, &sum)) fail_too_many_rows();
    };
    counts_[0].neighbours->for_each_found(ends, times_.data(), [&](uint32_t times) {
      --others;
      add(1, times);
    });
    if (others > 0) add(others, 0);
    return sum;
  }

  uint64_t degree_of_end(EndCount& count, uint32_t end) {
    return count.degrees_of_ends ? count.degrees_of_ends->of(end, hold_) : count_far(count, end);
  }

  /// How many relationships lead from the end to nodes that are far enough.
  uint64_t count_far(EndCount& count, uint32_t end) {
    uint64_t total = 0;
    for (auto& [kind, lists] : count.lists) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = count.op->direction == Direction::Both && kind.direction == Direction::In;
      const bool loops = skips && lists.may_have_loop(end);
      const auto add = [&](Ends list) {
        total += count.far->count_far(list);
        if (loops) total -= count.far->count_far(places_of(list, end));
      };
      AdjacencySegment list;
      if (lists.find(end, list)) {
        add(Ends(list.neighbours, list.size));
        continue;
      }
      end_cursor_.open(lists.adjacency(), NodeId(end));
      while (end_cursor_.next(list)) add(Ends(list.neighbours, list.size));
    }
    return total;
  }

  uint64_t sum_of_products(Ends ends) {
    size_t size = ends.size();
    size_t done = 0;
    if (is_selective(*counts_[0].op)) {
      size = counts_[0].neighbours->find_some(ends, places_.data(), times_.data());
      for (size_t i = 0; i < size; ++i) products_[i] = times_[i];
      for (size_t i = 0; i < size; ++i) some_[i] = ends[places_[i]];
      done = 1;
    } else {
      std::fill_n(products_.begin(), size, 1);
      std::copy(ends.begin(), ends.end(), some_.begin());
      for (size_t i = 0; i < size && apart_.any(); ++i) places_[i] = static_cast<uint32_t>(i);
    }
    const Ends some(some_.data(), size);
    const RowNeighbours* found = nullptr;
    for (; done < counts_.size() && size > 0; ++done) multiply(counts_[done], some, found);
    uint64_t sum = 0;
    for (size_t i = 0; i < size; ++i) {
      if (products_[i] != 0 && apart_.any() && apart_.may_be(some_[i])) {
        const auto place = static_cast<uint32_t>(ends.data() + places_[i] - list_.neighbours);
        products_[i] = count_apart(some_[i], list_.rel(place));
      }
      if (__builtin_add_overflow(sum, products_[i], &sum)) fail_too_many_rows();
    }
    return sum;
  }

  /// `found` are those of which times_ tells how often they have the ends.
  void multiply(EndCount& count, Ends ends, const RowNeighbours*& found) {
    if (count.kind == EndCount::Kind::Path) {
      for (size_t i = 0; i < ends.size(); ++i) {
        if (products_[i] != 0) products_[i] = multiply_rows(products_[i], paths(count, ends[i]));
      }
      return;
    }
    if (count.neighbours != nullptr && count.neighbours != found) count.neighbours->find(ends, times_.data());
    if (count.neighbours != nullptr) found = count.neighbours;
    for (size_t i = 0; i < ends.size(); ++i) {
      if (products_[i] == 0) continue;
      const uint64_t number = number_of(count, ends[i], count.neighbours != nullptr ? times_[i] : 0);
      products_[i] = multiply_rows(products_[i], times_of(count.op->match, number));
    }
  }

  /// The count of an end that is `times` times a neighbour of X.
  uint64_t number_of(EndCount& count, uint32_t end, uint64_t times) {
    switch (count.kind) {
      case EndCount::Kind::Between:
        return times;
      case EndCount::Kind::DegreeOfRow:
        return count.degree - times;
      case EndCount::Kind::DegreeOfEnd:
        return degree_of_end(count, end) - (count.far_has_node ? 0 : times);
      case EndCount::Kind::Path:
        break;
    }
    return paths(count, end);
  }

  /// How often X has each of the end's neighbours.
  uint64_t paths(EndCount& count, uint32_t end) {
    if (const TwoSteps::End* last = count.steps->from(end, hold_)) {
      return last->node == count.neighbours->node() ? last->times : 0;
    }
    uint64_t total = 0;
    for (auto& [kind, lists] : count.lists) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = count.op->direction == Direction::Both && kind.direction == Direction::In;
      const bool loops = skips && lists.may_have_loop(end);
      const auto add = [&](Ends list) {
        total += count.neighbours->total(list);
        if (loops) total -= count.neighbours->total(places_of(list, end));
      };
      AdjacencySegment list;
      if (lists.find(end, list)) {
        add(Ends(list.neighbours, list.size));
        continue;
      }
      end_cursor_.open(lists.adjacency(), NodeId(end));
      while (end_cursor_.next(list)) add(Ends(list.neighbours, list.size));
    }
    return total;
  }

  // ---- relationships that must not be the same ----
  //
  // Ends for which they may be have their relationships found one by one.

  /// The product for an end to which this relationship leads.
  uint64_t count_apart(uint32_t end, uint32_t rel) {
    found_.clear();
    if (!is_apart(op_, rel)) return 0;
    found_.emplace_back(op_.rel, rel);
    return count_apart(size_t{0}, end);
  }

  /// The same of the counts from this one on.
  uint64_t count_apart(size_t from, uint32_t end) {
    if (from == counts_.size()) return 1;
    EndCount& count = counts_[from];
    if (count.op->rel == kNoVar) {
      const bool asked = count.neighbours != nullptr && count.kind != EndCount::Kind::Path;
      const uint64_t number = number_of(count, end, asked ? count.neighbours->total(Ends(&end, 1)) : 0);
      return multiply_rows(times_of(count.op->match, number), count_apart(from + 1, end));
    }
    const uint32_t other = apart_.id(count.op->from == op_.each ? count.op->to : count.op->from);
    const bool from_end = count.op->from == op_.each;
    const std::vector<RelId> between = count.between.find(from_end ? end : other, from_end ? other : end);
    uint64_t sum = 0;
    for (const RelId rel : between) {
      if (!is_apart(*count.op, rel.value)) continue;
      found_.emplace_back(count.op->rel, rel.value);
      if (__builtin_add_overflow(sum, count_apart(from + 1, end), &sum)) fail_too_many_rows();
      found_.pop_back();
    }
    return sum;
  }

  /// Whether it is none of those that the ones found by `op` must not be.
  bool is_apart(const ExpandOp& op, uint32_t rel) const {
    return std::none_of(op.apart.begin(), op.apart.end(),
                        [&](const PlacedRelationship& other) { return relationship(other.rel) == rel; });
  }
  uint32_t relationship(VarId var) const {
    for (const auto& [found, rel] : found_) {
      if (found == var) return rel;
    }
    return apart_.id(var);
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  IdReader from_;
  ExpansionLists lists_;
  AdjacencyCursor cursor_;
  AdjacencyCursor end_cursor_;  // of the lists of an end
  std::vector<std::unique_ptr<RowNeighbours>> neighbours_;
  std::vector<EndCount> counts_;
  bool alone_ = false;
  bool together_ = false;
  bool own_ = false;  // the only count asks how often ends are neighbours of the node they are found from
  std::optional<uint64_t> total_of_own_;  // of the row at hand, to be taken off; else it is done list by list
  std::unique_ptr<TwoSteps> steps_;       // where the sum is that of the ways to a node of the row in two steps
  std::vector<uint32_t> candidates_;      // rows of the batch, …
  std::vector<uint32_t> nodes_;           // … where they expand from, …
  RowLists row_lists_;                    // … and the lists of those
  size_t candidate_ = 0;                  // that is at hand
  AdjacencySegment list_;                 // that is at hand
  LowerNodes lower_;
  bool ordered_ = false;            // there are such nodes
  uint32_t least_ = NodeId::kNone;  // end in the row that is at hand, if there are lower nodes, …
  uint64_t total_of_least_ = 0;     // … and the sum for it
  CoincidingEnds apart_;
  std::vector<std::pair<VarId, uint32_t>> found_;  // relationships, while they are found one by one
  MemoryHold hold_;
  std::array<uint32_t, kEndsAtOnce> places_{};
  std::array<uint32_t, kEndsAtOnce> some_{};
  std::array<uint32_t, kEndsAtOnce> times_{};
  std::array<uint64_t, kEndsAtOnce> products_{};
};

}  // namespace

OperatorPtr make_expand_sum(const ExpandOp& op, OperatorParts parts) {
  return std::make_unique<ExpandSumOperator>(op, std::move(parts));
}

}  // namespace entente
