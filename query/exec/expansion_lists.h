// Internal to query/exec: the adjacency lists of an expansion, and look-ups in them, shared by the operators that
// expand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "entente/core/adjacency_lists.h"
#include "entente/query/exec/operators.h"

namespace entente {

/// The lists of an expansion, each with its pages looked up once. In a transaction that writes, pages may change
/// between two batches: they are looked up anew for each.
class ExpansionLists {
 public:
  struct List {
    RelationshipList kind;
    AdjacencyLists lists;
  };

  /// To be called at the begin of each batch.
  void open(const ExpandOp& op, const ExecContext& context) {
    const std::vector<RelationshipList> kinds = relationship_lists(op.types, op.direction, *context.graph);
    const bool again = context.transaction == nullptr && context.graph == graph_ && kinds.size() == lists_.size();
    if (again) return;
    graph_ = context.graph;
    lists_.resize(kinds.size());
    for (size_t i = 0; i < kinds.size(); ++i) {
      lists_[i].kind = kinds[i];
      lists_[i].lists.open(graph_->adjacency(kinds[i].type, kinds[i].direction));
    }
  }

  size_t size() const { return lists_.size(); }
  List& operator[](size_t i) { return lists_[i]; }
  std::vector<List>::iterator begin() { return lists_.begin(); }
  std::vector<List>::iterator end() { return lists_.end(); }

  /// Has memory fetch what the look-ups of the rows some way behind `row` will read.
  template <class Nodes>
  void prefetch(const Nodes& from, size_t row, size_t rows) {
    constexpr size_t kFar = 16;
    constexpr size_t kNear = 8;
    if (row + kFar < rows) {
      const uint32_t node = from(row + kFar);
      for (List& list : lists_) list.lists.prefetch(node);
    }
    if (row + kNear < rows) {
      const uint32_t node = from(row + kNear);
      for (List& list : lists_) list.lists.prefetch_list(node);
    }
  }

 private:
  const Snapshot* graph_ = nullptr;
  std::vector<List> lists_;
};

/// The relationships between two nodes along an expansion's lists.
class Between {
 public:
  /// To be called at the begin of each batch.
  void open(const ExpandOp& op, const ExecContext& context) {
    op_ = &op;
    graph_ = context.graph;
    lists_.open(op, context);
  }

  /// How many there are; a look at the list of `from` where that is not long, else at the smaller one of the two.
  uint64_t count(uint32_t from, uint32_t to) {
    uint64_t total = 0;
    for (auto& [kind, lists] : lists_) {
      if (skips(kind, from, to)) continue;
      AdjacencySegment list;
      if (!lists.find(from, list) || list.size > kLong) {
        found_.clear();
        find_between(*graph_, kind, from, to, found_);
        total += found_.size();
      } else if (list.size <= kShort) {
        total += static_cast<uint64_t>(std::count(list.neighbours, list.neighbours + list.size, to));
      } else {
        const auto [first, last] = std::equal_range(list.neighbours, list.neighbours + list.size, to);
        total += static_cast<uint64_t>(last - first);
      }
    }
    return total;
  }

  /// Has memory fetch what the look-ups of the rows some way behind `row` will read.
  void prefetch(const IdReader& from, size_t row, size_t rows) { lists_.prefetch(from, row, rows); }

  /// Valid until the next call.
  const std::vector<RelId>& find(uint32_t from, uint32_t to) {
    found_.clear();
    for (const auto& [kind, lists] : lists_) {
      if (!skips(kind, from, to)) find_between(*graph_, kind, from, to, found_);
    }
    return found_;
  }

  /// Calls `see(node)` for each relationship's other end.
  template <class See>
  void for_each_end(uint32_t from, See see) {
    for (const auto& [kind, lists] : lists_) {
      cursor_.open(lists.adjacency(), NodeId(from));
      AdjacencySegment list;
      while (cursor_.next(list)) {
        for (uint32_t i = 0; i < list.size; ++i) {
          if (!skips(kind, from, list.neighbours[i])) see(list.neighbours[i]);
        }
      }
    }
  }

  uint64_t degree(uint32_t from) {
    uint64_t total = 0;
    for (auto& [kind, lists] : lists_) total += lists.degree(from);
    return total;
  }

 private:
  static constexpr uint32_t kShort = 16;  // to be looked through
  static constexpr uint32_t kLong = 1024;

  /// A loop is in both lists of its node; undirected, the outgoing one counts.
  bool skips(const RelationshipList& kind, uint32_t from, uint32_t to) const {
    return from == to && op_->direction == Direction::Both && kind.direction == Direction::In;
  }

  const ExpandOp* op_ = nullptr;
  const Snapshot* graph_ = nullptr;
  ExpansionLists lists_;
  AdjacencyCursor cursor_;
  std::vector<RelId> found_;
};

/// The nodes to which relationships lead from one node, as bits by id: for many look-ups from the same node.
class MarkedEnds {
 public:
  uint32_t from() const { return from_; }
  bool test(uint32_t node) const { return (bits_[node / 64] >> (node % 64) & 1) != 0; }

  void mark(uint32_t from, Between& between, uint32_t node_limit) {
    clear();
    bits_.resize(node_limit / 64 + 1);
    from_ = from;
    between.for_each_end(from, [&](uint32_t node) {
      bits_[node / 64] |= uint64_t{1} << (node % 64);
      marked_.push_back(node);
    });
  }
  void clear() {
    for (const uint32_t node : marked_) bits_[node / 64] = 0;
    marked_.clear();
    from_ = NodeId::kNone;
  }

 private:
  uint32_t from_ = NodeId::kNone;
  std::vector<uint64_t> bits_;
  std::vector<uint32_t> marked_;
};

/// The neighbours of a node that differs from row to row, marked where that pays.
class NearMarks {
 public:
  explicit NearMarks(const NearNode& near) : near_(near) {
    expansion_.from = near.node;
    expansion_.types = near.types;
    expansion_.direction = near.direction;
  }

  /// To be called at the begin of each batch.
  void open(const Batch& in, const ExecContext& context) {
    rows_ = in.rows;
    nodes_ = IdReader(in, near_.node, VectorType::Node);
    between_.open(expansion_, context);
    limit_ = context.graph->node_limit();
    if (context.transaction != nullptr) marks_.clear();
  }

  /// Goes to a row, of which `ends` nodes are to be tested.
  void move_to(size_t row, uint64_t ends) {
    node_ = nodes_(row);
    if (node_ == NodeId::kNone || node_ == marks_.from()) return;
    uint64_t same = 1;
    while (same < kLookAhead && row + same < rows_ && nodes_(row + same) == node_) ++same;
    if (between_.degree(node_) <= same * ends) marks_.mark(node_, between_, limit_);
  }

  /// Null where it is cheaper to look each end up.
  const MarkedEnds* marks() const { return node_ != NodeId::kNone && node_ == marks_.from() ? &marks_ : nullptr; }
  /// Whether `end` is a neighbour; no node is one of null.
  bool test(uint32_t end) {
    if (node_ == NodeId::kNone) return false;
    return node_ == marks_.from() ? marks_.test(end) : between_.count(node_, end) > 0;
  }

 private:
  static constexpr uint64_t kLookAhead = 64;

  const NearNode& near_;
  ExpandOp expansion_{};
  size_t rows_ = 0;
  IdReader nodes_;
  Between between_;
  uint32_t limit_ = 0;
  uint32_t node_ = NodeId::kNone;
  MarkedEnds marks_;
};

/// Binds what tells whether each row has a match.
inline void set_found(const ExpandOp& op, std::vector<uint8_t> found, Batch& out) {
  if (op.found.empty()) return;
  const VectorPtr flags = true_or_null(std::move(found));
  for (const VarId var : op.found) out.set(var, flags);
}

/// How many relationships along the lists lead on from the node.
inline uint64_t degree_of(ExpansionLists& expansion, Direction direction, uint32_t node) {
  uint64_t total = 0;
  for (auto& [kind, lists] : expansion) {
    const uint64_t degree = lists.degree(node);
    total += degree;
    // A loop is in both lists of its node; undirected, the outgoing one counts.
    if (direction != Direction::Both || kind.direction != Direction::In || degree == 0) continue;
    if (!lists.may_have_loop(node)) continue;
    std::vector<RelId> loops;
    find_neighbour(lists.adjacency(), NodeId(node), NodeId(node), &loops);
    total -= loops.size();
  }
  return total;
}

/// Adds the same for each of the nodes to what is in its place in `degrees`; nothing for NodeId::kNone.
inline void degrees_of(ExpansionLists& expansion, Direction direction, const std::vector<uint32_t>& nodes,
                       uint64_t* degrees) {
  std::vector<RelId> loops;
  for (auto& [kind, lists] : expansion) {
    lists.add_degrees(nodes, degrees);
    if (direction != Direction::Both || kind.direction != Direction::In) continue;
    for (size_t i = 0; i < nodes.size(); ++i) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      if (degrees[i] == 0 || nodes[i] == NodeId::kNone || !lists.may_have_loop(nodes[i])) continue;
      loops.clear();
      find_neighbour(lists.adjacency(), NodeId(nodes[i]), NodeId(nodes[i]), &loops);
      degrees[i] -= loops.size();
    }
  }
}

/// The forms of an expansion, and of a scan with counts; see ExpandOp.
OperatorPtr make_expand_into(const ExpandOp& op, OperatorParts parts);
OperatorPtr make_expand_count(const ExpandOp& op, OperatorParts parts);
OperatorPtr make_expand_sum(const ExpandOp& op, OperatorParts parts);
OperatorPtr make_counted_scan(const NodeScanOp& op, OperatorParts parts);

}  // namespace entente
