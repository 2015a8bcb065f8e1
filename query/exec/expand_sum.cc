// Expansion whose ends are only counted: each row is multiplied by the sum over the ends of a product of counts.
//
// The counts of an end are of four kinds, which come down to degrees and to how often a node X of the row has the end
// among its neighbours:
//   (end)-[:R]-() except X     the end's degree, less how often it is X's neighbour
//   (X)-[:R]-() except end     X's degree, less the same
//   (end)-[:R]-(X)             the same alone
//   (end)-[:R]-() far from Y   those of the end's own neighbours that are no neighbours of Y
// Neighbours are found for all ends of a list together: the list is merged with those of X, both being sorted, or where
// that costs less, the neighbours of X are marked with how often they are such.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>

#include "entente/core/sorted_lists.h"
#include "entente/query/exec/expansion_lists.h"

namespace entente {

namespace {

using Ends = std::span<const uint32_t>;

/// How often nodes are neighbours of one node of the row.
class RowNeighbours {
 public:
  /// From `from`, seen from there.
  RowNeighbours(VarId from, std::vector<std::string> types, Direction direction) {
    expansion_.from = from;
    expansion_.types = std::move(types);
    expansion_.direction = direction;
  }

  bool is_of(VarId from, const std::vector<std::string>& types, Direction direction) const {
    return expansion_.from == from && expansion_.types == types && expansion_.direction == direction;
  }

  void open(const Batch& in, const ExecContext& context) {
    nodes_ = IdReader(in, expansion_.from, VectorType::Node);
    rows_ = in.rows;
    lists_.open(expansion_, context);
    limit_ = context.graph->node_limit();
    if (context.transaction != nullptr) unmark();
  }

  void prefetch(size_t row) { lists_.prefetch(nodes_, row, rows_); }

  /// Goes to a row, with `ends` nodes of which `total` or `add` will be asked.
  void move_to(size_t row, uint64_t ends, MemoryHold& hold) {
    node_ = nodes_(row);
    if (node_ == NodeId::kNone || node_ == marked_ || ends < kFewestEnds) return;
    uint64_t same = 1;
    while (same < kLookAhead && row + same < rows_ && nodes_(row + same) == node_) ++same;
    uint64_t degree = 0;
    for (auto& [kind, lists] : lists_) degree += lists.degree(node_);
    if (degree <= same * ends * kMarkedPerEnd) mark(hold);
  }

  /// The sum of how often each of them is a neighbour.
  uint64_t total(Ends ends) {
    uint64_t sum = 0;
    if (node_ == NodeId::kNone) return 0;
    if (node_ == marked_) {
      for (const uint32_t end : ends) sum += marks_[end];
      return sum;
    }
    for_each_list([&](Ends list, uint32_t skipped) {
      sum += count_common(ends, list);
      if (skipped != NodeId::kNone) sum -= count_common(Ends(std::ranges::equal_range(ends, skipped)), list);
    });
    return sum;
  }

  /// How many of them are none; they are sorted.
  uint64_t count_far(Ends ends) {
    if (node_ == NodeId::kNone) return ends.size();
    uint64_t near = 0;
    if (node_ == marked_) {
      for (const uint32_t end : ends) near += marks_[end] != 0 ? 1 : 0;
      return ends.size() - near;
    }
    std::vector<uint32_t> times(ends.size());
    find(ends, times.data());
    return static_cast<uint64_t>(std::count(times.begin(), times.end(), 0u));
  }

  /// Whether the node that is at hand in `other` is one.
  bool is_near_node_of(const RowNeighbours& other) {
    if (other.node_ == NodeId::kNone) return false;
    return total(Ends(&other.node_, 1)) > 0;
  }

  /// Sets how often each of them is one.
  void find(Ends ends, uint32_t* times) {
    std::fill_n(times, ends.size(), 0);
    if (node_ == NodeId::kNone) return;
    if (node_ == marked_) {
      for (size_t i = 0; i < ends.size(); ++i) times[i] = marks_[ends[i]];
      return;
    }
    for_each_list([&](Ends list, uint32_t skipped) {
      for_each_common(ends, list, [&](size_t i, size_t found) {
        if (ends[i] != skipped) times[i] += static_cast<uint32_t>(found);
      });
    });
  }

 private:
  static constexpr uint64_t kLookAhead = 64;
  static constexpr uint64_t kFewestEnds = 16;
  static constexpr uint64_t kMarkedPerEnd = 2;  // that are marked in the time in which an end is merged
  static constexpr uint8_t kMostTimes = 255;

  /// Calls `see(list, skipped)` for the sorted parts of the node's lists, and the neighbour that does not count there.
  template <class See>
  void for_each_list(See see) {
    for (auto& [kind, lists] : lists_) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = expansion_.direction == Direction::Both && kind.direction == Direction::In;
      const uint32_t skipped = skips && lists.may_have_loop(node_) ? node_ : NodeId::kNone;
      AdjacencySegment list;
      if (lists.find(node_, list)) {
        if (list.size > 0) see(Ends(list.neighbours, list.size), skipped);
        continue;
      }
      cursor_.open(lists.adjacency(), NodeId(node_));
      while (cursor_.next(list)) see(Ends(list.neighbours, list.size), skipped);
    }
  }

  /// Leaves the node unmarked if one is its neighbour too often.
  void mark(MemoryHold& hold) {
    if (marks_ == nullptr || size_ < limit_) {
      hold.add(limit_ - size_);
      marks_.reset(static_cast<uint8_t*>(std::calloc(std::max<size_t>(limit_, 1), 1)));
      if (marks_ == nullptr) throw std::bad_alloc();
      size_ = limit_;
      in_use_.clear();
    }
    unmark();
    bool fits = true;
    for_each_list([&](Ends list, uint32_t skipped) {
      for (const uint32_t end : list) {
        if (end == skipped) continue;
        in_use_.push_back(end);
        if (marks_[end] == kMostTimes) {
          fits = false;
        } else {
          ++marks_[end];
        }
      }
    });
    if (fits) {
      marked_ = node_;
    } else {
      unmark();
    }
  }

  void unmark() {
    for (const uint32_t end : in_use_) marks_[end] = 0;
    in_use_.clear();
    marked_ = NodeId::kNone;
  }

  struct Free {
    void operator()(uint8_t* bytes) const { std::free(bytes); }
  };

  ExpandOp expansion_{};
  IdReader nodes_;
  size_t rows_ = 0;
  ExpansionLists lists_;
  AdjacencyCursor cursor_;
  uint32_t limit_ = 0;
  uint32_t node_ = NodeId::kNone;
  uint32_t marked_ = NodeId::kNone;         // the node whose neighbours are marked
  std::unique_ptr<uint8_t[], Free> marks_;  // by node id
  uint32_t size_ = 0;                       // of it
  std::vector<uint32_t> in_use_;
};

/// One count of the ends.
struct EndCount {
  enum class Kind : uint8_t { DegreeOfEnd, DegreeOfRow, Between };
  Kind kind;
  const ExpandOp* op;
  RowNeighbours* neighbours;     // null if there is no X
  RowNeighbours* far = nullptr;  // null if there is no Y
  bool far_has_node = false;     // in the row: X is a neighbour of Y, and so does not count anyway
  ExpansionLists lists = {};
  IdReader nodes = {};  // DegreeOfRow: X
  uint64_t degree = 0;  // of X
};

class ExpandSumOperator final : public Operator {
 public:
  ExpandSumOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {
    for (const ExpandOp& count : op.counts) counts_.push_back(count_of(count));
    alone_ = counts_.size() == 1 && counts_[0].op->match == ExpandMatch::All;
  }

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      open(in);
      Selection rows;
      std::vector<uint64_t> times;
      size_t seen = 0;
      for (size_t row = 0; row < in.rows; ++row) {
        const uint64_t sum = sum_of(row, in.rows, seen);
        if (seen >= kEndsPerCheck) {
          seen = 0;
          context_.check();
        }
        if (sum == 0) continue;
        rows.push_back(static_cast<uint32_t>(row));
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

  EndCount count_of(const ExpandOp& count) {
    if (count.into) {
      const bool from_end = count.from == op_.each;
      const VarId node = from_end ? count.to : count.from;
      return {EndCount::Kind::Between, &count,
              neighbours_of(node, count.types, from_end ? opposite(count.direction) : count.direction)};
    }
    if (count.from == op_.each) {
      RowNeighbours* except =
          count.except.empty() ? nullptr : neighbours_of(count.except[0], count.types, opposite(count.direction));
      if (count.far.empty()) return {EndCount::Kind::DegreeOfEnd, &count, except};
      return {EndCount::Kind::DegreeOfEnd, &count, except,
              neighbours_of(count.far[0].node, count.far[0].types, count.far[0].direction)};
    }
    return {EndCount::Kind::DegreeOfRow, &count, neighbours_of(count.from, count.types, count.direction)};
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
    for (const auto& neighbours : neighbours_) neighbours->open(in, context_);
    for (EndCount& count : counts_) {
      if (count.kind != EndCount::Kind::Between) count.lists.open(*count.op, context_);
      if (count.kind == EndCount::Kind::DegreeOfRow) count.nodes = IdReader(in, count.op->from, VectorType::Node);
    }
  }

  /// What the row is multiplied by. `seen` is told how many ends were looked at.
  uint64_t sum_of(size_t row, size_t rows, size_t& seen) {
    lists_.prefetch(from_, row, rows);
    for (const auto& neighbours : neighbours_) neighbours->prefetch(row);
    const uint32_t from = from_(row);
    if (from == NodeId::kNone || !find_degrees(row)) return 0;
    uint64_t ends = 0;
    for (auto& [kind, lists] : lists_) ends += lists.degree(from);
    if (ends == 0) return 0;
    seen += ends;
    for (const auto& neighbours : neighbours_) neighbours->move_to(row, ends, hold_);
    for (EndCount& count : counts_) {
      if (count.far == nullptr) continue;
      count.far->move_to(row, ends * kAskedPerEnd, hold_);
      count.far_has_node = count.neighbours != nullptr && count.far->is_near_node_of(*count.neighbours);
    }
    uint64_t total = 0;
    for (auto& [kind, lists] : lists_) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = op_.direction == Direction::Both && kind.direction == Direction::In;
      const uint32_t skipped = skips && lists.may_have_loop(from) ? from : NodeId::kNone;
      AdjacencySegment list;
      if (lists.find(from, list)) {
        add_list(Ends(list.neighbours, list.size), skipped, total);
        continue;
      }
      cursor_.open(lists.adjacency(), NodeId(from));
      while (cursor_.next(list)) add_list(Ends(list.neighbours, list.size), skipped, total);
    }
    return total;
  }

  /// False if they are such that the row's sum is 0.
  bool find_degrees(size_t row) {
    for (EndCount& count : counts_) {
      if (count.kind != EndCount::Kind::DegreeOfRow) continue;
      const uint32_t node = count.nodes(row);
      count.degree = node == NodeId::kNone ? 0 : degree_of(count.lists, count.op->direction, node);
      if (count.degree == 0 && times_of(count.op->match, 0) == 0) return false;
    }
    return true;
  }

  void add_list(Ends list, uint32_t skipped, uint64_t& total) {
    if (skipped != NodeId::kNone) {
      const auto loops = std::ranges::equal_range(list, skipped);
      add_ends(Ends(list.begin(), loops.begin()), total);
      list = Ends(loops.end(), list.end());
    }
    add_ends(list, total);
  }

  void add_ends(Ends ends, uint64_t& total) {
    while (!ends.empty()) {
      const Ends some = ends.first(std::min(ends.size(), kEndsAtOnce));
      ends = ends.subspan(some.size());
      const uint64_t sum = alone_ ? sum_alone(some) : sum_of_products(some);
      if (__builtin_add_overflow(total, sum, &total)) fail_too_many_rows();
    }
  }

  /// Where there is one count, and it is of all relationships.
  uint64_t sum_alone(Ends ends) {
    EndCount& count = counts_[0];
    const bool less = count.neighbours != nullptr && !count.far_has_node;
    const uint64_t neighbours = less ? count.neighbours->total(ends) : 0;
    switch (count.kind) {
      case EndCount::Kind::Between:
        return neighbours;
      case EndCount::Kind::DegreeOfRow:
        return ends.size() * count.degree - neighbours;
      case EndCount::Kind::DegreeOfEnd:
        break;
    }
    uint64_t degrees = 0;
    for (const uint32_t end : ends) degrees += degree_of_end(count, end);
    return degrees - neighbours;
  }

  static uint64_t degree_of_end(EndCount& count, uint32_t end) {
    return count.far == nullptr ? degree_of(count.lists, count.op->direction, end) : count_far(count, end);
  }

  /// How many relationships lead from the end to nodes that are far enough.
  static uint64_t count_far(EndCount& count, uint32_t end) {
    uint64_t total = 0;
    AdjacencyCursor cursor;
    for (auto& [kind, lists] : count.lists) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = count.op->direction == Direction::Both && kind.direction == Direction::In;
      const bool loops = skips && lists.may_have_loop(end);
      const auto add = [&](Ends list) {
        total += count.far->count_far(list);
        if (loops) total -= count.far->count_far(Ends(std::ranges::equal_range(list, end)));
      };
      AdjacencySegment list;
      if (lists.find(end, list)) {
        add(Ends(list.neighbours, list.size));
        continue;
      }
      cursor.open(lists.adjacency(), NodeId(end));
      while (cursor.next(list)) add(Ends(list.neighbours, list.size));
    }
    return total;
  }

  uint64_t sum_of_products(Ends ends) {
    std::fill_n(products_.begin(), ends.size(), 1);
    for (EndCount& count : counts_) {
      if (count.neighbours != nullptr) count.neighbours->find(ends, times_.data());
      for (size_t i = 0; i < ends.size(); ++i) {
        if (products_[i] == 0) continue;
        uint64_t number = count.neighbours != nullptr && !count.far_has_node ? times_[i] : 0;
        if (count.kind == EndCount::Kind::DegreeOfRow) number = count.degree - number;
        if (count.kind == EndCount::Kind::DegreeOfEnd) number = degree_of_end(count, ends[i]) - number;
        products_[i] = multiply_rows(products_[i], times_of(count.op->match, number));
      }
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < ends.size(); ++i) {
      if (__builtin_add_overflow(sum, products_[i], &sum)) fail_too_many_rows();
    }
    return sum;
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  IdReader from_;
  ExpansionLists lists_;
  AdjacencyCursor cursor_;
  std::vector<std::unique_ptr<RowNeighbours>> neighbours_;
  std::vector<EndCount> counts_;
  bool alone_ = false;
  MemoryHold hold_;
  std::array<uint32_t, kEndsAtOnce> times_{};
  std::array<uint64_t, kEndsAtOnce> products_{};
};

}  // namespace

OperatorPtr make_expand_sum(const ExpandOp& op, OperatorParts parts) {
  return std::make_unique<ExpandSumOperator>(op, std::move(parts));
}

}  // namespace entente
