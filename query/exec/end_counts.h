// Internal to query/exec: what is asked of the ends of an expansion, for all ends of a list together.
//
// Used by one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "entente/core/slabs.h"
#include "entente/core/sorted_lists.h"
#include "entente/query/exec/row_lists.h"

namespace entente {

using Ends = std::span<const uint32_t>;

/// The places of a sorted list where `end` stands.
inline Ends places_of(Ends list, uint32_t end) {
  const auto [first, last] = std::equal_range(list.begin(), list.end(), end);
  return {first, last};
}

/// Degrees of nodes, remembered: for nodes that come again and again.
class NodeDegrees {
 public:
  explicit NodeDegrees(const ExpandOp& op) : op_(op) {}

  /// To be called at the begin of each batch.
  void open(const ExecContext& context) {
    lists_.open(op_, context);
    if (context.transaction != nullptr) {  // lists may have changed
      for (size_t i = 0; i < made_.size(); ++i) made_[i].fill(0);
    }
    pages_.resize(context.graph->node_limit() / kPage + 1);
  }

  uint64_t of(uint32_t node, MemoryHold& hold) {
    Page*& page = pages_[node / kPage];
    if (page == nullptr) {
      page = &made_.add();
      hold.add(sizeof(Page));
    }
    uint32_t& known = (*page)[node % kPage];
    if (known != 0) return known - 1;
    const uint64_t degree = degree_of(lists_, op_.direction, node);
    if (degree < std::numeric_limits<uint32_t>::max()) known = static_cast<uint32_t>(degree) + 1;
    return degree;
  }

 private:
  static constexpr uint32_t kPage = 1024;
  using Page = std::array<uint32_t, kPage>;  // one more than the degree; 0 where it is not known yet

  const ExpandOp& op_;
  ExpansionLists lists_;
  std::vector<Page*> pages_;
  Slabs<Page> made_;
};

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
    reader_ = IdReader(in, expansion_.from, VectorType::Node);
    lists_.open(expansion_, context);
    limit_ = context.graph->node_limit();
    may_mark_ = context.transaction == nullptr;  // else lists may change between batches
  }

  /// The rows of the batch to which `move_to` will go, in order.
  void open_rows(const std::vector<uint32_t>& rows) {
    reader_.read(rows, nodes_);
    found_.open(lists_, nodes_);
    not_worth_before_ = 0;
  }

  /// Goes to the i-th of the rows.
  void move_to(size_t i) {
    node_ = nodes_[i];
    row_ = i;
    found_.go_to(i);
  }

  /// The same, with `ends` nodes of which will be asked how often they are neighbours.
  void move_to(size_t i, uint64_t ends, MemoryHold& hold) {
    move_to(i);
    if (node_ == NodeId::kNone || node_ == marked_ || !may_mark_ || i < not_worth_before_) return;
    uint64_t same = 1;
    while (same < kLookAhead && i + same < nodes_.size() && nodes_[i + same] == node_) ++same;
    if (same * ends >= kFewestEnds && degree() <= same * ends * kMarkedPerEnd && mark(hold)) return;
    if (same > 1) not_worth_before_ = i + same;
  }

  uint32_t node() const { return node_; }
  /// That of the i-th row.
  uint32_t node_of(size_t i) const { return nodes_[i]; }

  /// Of the node at hand, with loops in both directions.
  uint64_t degree() const {
    uint64_t degree = 0;
    for (size_t place = 0; place < lists_.size(); ++place) degree += found_.degree(row_, place);
    return degree;
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
      if (skipped != NodeId::kNone) sum -= count_common(places_of(ends, skipped), list);
    });
    return sum;
  }

  /// The total of all neighbours themselves, if that can be told from their lists alone: the sum of the squares of how
  /// often each is one.
  std::optional<uint64_t> total_of_own() {
    uint64_t total = 0;
    for (size_t place = 0; place < lists_.size(); ++place) {
      AdjacencySegment list;
      if (!found_.find(row_, place, list)) return std::nullopt;
      const bool both = expansion_.direction == Direction::Both;
      if (both && list.size > 0 && lists_[place].lists.may_have_loop(node_)) return std::nullopt;
      const Ends own(list.neighbours, list.size);
      total += count_common_with_itself(own);
      for (size_t other = 0; other < place; ++other) {
        found_.find(row_, other, list);
        total += 2 * count_common(own, Ends(list.neighbours, list.size));
      }
    }
    return total;
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

  /// Finds those that are some: their places among the ends, and how often each is one. Gives how many there are.
  size_t find_some(Ends ends, uint32_t* places, uint32_t* times) {
    size_t found = 0;
    if (node_ != NodeId::kNone && node_ == marked_) {
      for (size_t i = 0; i < ends.size(); ++i) {
        const uint8_t marks = marks_[ends[i]];
        places[found] = static_cast<uint32_t>(i);
        times[found] = marks;
        found += marks != 0 ? 1 : 0;
      }
      return found;
    }
    find(ends, times);
    for (size_t i = 0; i < ends.size(); ++i) {
      places[found] = static_cast<uint32_t>(i);
      times[found] = times[i];
      found += times[i] != 0 ? 1 : 0;
    }
    return found;
  }

  /// Calls `see(times)` for each of the ends that is one. `times` has room for a number an end.
  template <class See>
  void for_each_found(Ends ends, uint32_t* times, See see) {
    AdjacencySegment list;
    if (node_ != NodeId::kNone && node_ != marked_ && lists_.size() == 1 && expansion_.direction != Direction::Both &&
        found_.find(row_, 0, list)) {
      for_each_common(ends, Ends(list.neighbours, list.size),
                      [&](size_t, size_t found) { see(static_cast<uint32_t>(found)); });
      return;
    }
    find(ends, times);
    for (size_t i = 0; i < ends.size(); ++i) {
      if (times[i] != 0) see(times[i]);
    }
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

  /// Calls `see(list, skipped)` for the sorted parts of the node's lists, and the neighbour that does not count there.
  template <class See>
  void for_each_list(See see) {
    for (size_t place = 0; place < lists_.size(); ++place) {
      auto& [kind, lists] = lists_[place];
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skips = expansion_.direction == Direction::Both && kind.direction == Direction::In;
      const uint32_t skipped = skips && lists.may_have_loop(node_) ? node_ : NodeId::kNone;
      AdjacencySegment list;
      if (found_.find(row_, place, list)) {
        if (list.size > 0) see(Ends(list.neighbours, list.size), skipped);
        continue;
      }
      cursor_.open(lists.adjacency(), NodeId(node_));
      while (cursor_.next(list)) see(Ends(list.neighbours, list.size), skipped);
    }
  }

  /// Not if one is its neighbour too often.
  bool mark(MemoryHold& hold) {
    if (size_ < limit_) {
      hold.add(limit_ - size_);
      marks_.reset(static_cast<uint8_t*>(std::calloc(limit_, 1)));
      if (marks_ == nullptr) throw std::bad_alloc();
      size_ = limit_;
      marked_ = NodeId::kNone;
    }
    unmark();
    uint8_t* const marks = marks_.get();
    bool fits = true;
    for_each_list([&](Ends list, uint32_t skipped) {
      for (const uint32_t end : list) {
        if (++marks[end] == 0) fits = false;
      }
      if (skipped != NodeId::kNone) marks[skipped] -= static_cast<uint8_t>(count_common(Ends(&skipped, 1), list));
    });
    marked_ = node_;
    if (!fits) unmark();
    return fits;
  }

  void unmark() {
    if (marked_ == NodeId::kNone) return;
    uint8_t* const marks = marks_.get();
    for (auto& [kind, lists] : lists_) {
      AdjacencySegment list;
      cursor_.open(lists.adjacency(), NodeId(marked_));
      while (cursor_.next(list)) {
        for (uint32_t i = 0; i < list.size; ++i) marks[list.neighbours[i]] = 0;
      }
    }
    marked_ = NodeId::kNone;
  }

  struct Free {
    void operator()(uint8_t* bytes) const { std::free(bytes); }
  };

  ExpandOp expansion_{};
  IdReader reader_;
  std::vector<uint32_t> nodes_;  // by row
  ExpansionLists lists_;
  RowLists found_;
  AdjacencyCursor cursor_;
  uint32_t limit_ = 0;
  size_t row_ = 0;                          // that is at hand, …
  uint32_t node_ = NodeId::kNone;           // … and its node
  uint32_t marked_ = NodeId::kNone;         // the node whose neighbours are marked
  std::unique_ptr<uint8_t[], Free> marks_;  // by node id
  uint32_t size_ = 0;                       // of it
  bool may_mark_ = true;
  size_t not_worth_before_ = 0;  // rows for which that has been found
};

}  // namespace entente
