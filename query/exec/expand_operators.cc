// Single-relationship expansion in its three forms: to new nodes, between two nodes that are known, and counted only.
//
// Rows come out in order of the input row, then relationship type, outgoing before incoming, neighbour. Ids are copied
// from adjacency segments into id vectors; the other columns follow by one selection of parent rows.
#include <algorithm>
#include <numeric>

#include "entente/query/exec/operators.h"

namespace entente {

namespace {

/// `to` is new: walks the lists of each row's node, and stops in the middle of one when the batch is full.
class ExpandAllOperator final : public Operator {
 public:
  ExpandAllOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      from_ = IdReader(in_, op_.from, VectorType::Node);
      lists_ = relationship_lists(op_.types, op_.direction, *context_.graph);
      row_ = 0;
      list_ = 0;
    }
  }

 private:
  void fill() {
    while (parents_.size() < context_.batch_size) {
      if (offset_ < segment_.size) {
        take(std::min<size_t>(context_.batch_size - parents_.size(), segment_.size - offset_));
      } else if (open_ && cursor_.next(segment_)) {
        offset_ = 0;
      } else if (!open_next_list()) {
        return;
      }
    }
  }

  bool open_next_list() {
    open_ = false;
    segment_ = {};
    offset_ = 0;
    while (row_ < in_.rows) {
      if (list_ == 0) node_ = from_(row_);
      if (node_ != NodeId::kNone && list_ < lists_.size()) {
        const RelationshipList& list = lists_[list_++];
        cursor_.open(context_.graph->adjacency(list.type, list.direction), NodeId(node_));
        // A loop is in both lists of its node; undirected, the outgoing one counts.
        skip_loops_ = op_.direction == Direction::Both && list.direction == Direction::In;
        open_ = true;
        return true;
      }
      ++row_;
      list_ = 0;
    }
    return false;
  }

  void take(size_t count) {
    const uint32_t* neighbours = segment_.neighbours + offset_;
    const bool loops = skip_loops_ && std::find(neighbours, neighbours + count, node_) != neighbours + count;
    if (loops) {
      for (size_t i = 0; i < count; ++i) {
        if (neighbours[i] == node_) continue;
        parents_.push_back(static_cast<uint32_t>(row_));
        if (op_.to != kNoVar) neighbours_.push_back(neighbours[i]);
        if (op_.rel != kNoVar) rels_.push_back(segment_.rel(static_cast<uint32_t>(offset_ + i)));
      }
    } else {
      parents_.insert(parents_.end(), count, static_cast<uint32_t>(row_));
      if (op_.to != kNoVar) neighbours_.insert(neighbours_.end(), neighbours, neighbours + count);
      if (op_.rel != kNoVar) {
        if (segment_.rels != nullptr) {
          rels_.insert(rels_.end(), segment_.rels + offset_, segment_.rels + offset_ + count);
        } else {
          rels_.resize(rels_.size() + count);
          std::iota(rels_.end() - static_cast<ptrdiff_t>(count), rels_.end(),
                    segment_.rel(static_cast<uint32_t>(offset_)));
        }
      }
    }
    offset_ += count;
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (op_.to != kNoVar) out.set(op_.to, id_vector(VectorType::Node, std::move(neighbours_)));
    if (op_.rel != kNoVar) out.set(op_.rel, id_vector(VectorType::Relationship, std::move(rels_)));
    parents_.clear();
    neighbours_.clear();
    rels_.clear();
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  IdReader from_;
  std::vector<RelationshipList> lists_;

  // Where it stands: the row, the next of its lists, and the segment of the list that is open.
  size_t row_ = 0;
  size_t list_ = 0;
  uint32_t node_ = NodeId::kNone;
  bool open_ = false;
  bool skip_loops_ = false;
  AdjacencyCursor cursor_;
  AdjacencySegment segment_;
  size_t offset_ = 0;

  Selection parents_;
  std::vector<uint32_t> neighbours_;
  std::vector<uint32_t> rels_;
};

/// The relationships between two nodes along an expansion's lists.
class Between {
 public:
  Between(const ExpandOp& op, const Snapshot& graph) : op_(op), graph_(graph) {}

  /// Valid until the next call.
  const std::vector<RelId>& find(const std::vector<RelationshipList>& lists, uint32_t from, uint32_t to) {
    found_.clear();
    for (const RelationshipList& list : lists) {
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      if (op_.direction == Direction::Both && list.direction == Direction::In && from == to) continue;
      find_between(graph_, list, from, to, found_);
    }
    return found_;
  }

 private:
  const ExpandOp& op_;
  const Snapshot& graph_;
  std::vector<RelId> found_;
};

/// How many rows stand for one from which `count` relationships lead on.
uint64_t times_of(ExpandMatch match, uint64_t count) {
  switch (match) {
    case ExpandMatch::All:
      return count;
    case ExpandMatch::Optional:
      return std::max<uint64_t>(count, 1);
    case ExpandMatch::Exists:
      return count > 0 ? 1 : 0;
    case ExpandMatch::None:
      return count > 0 ? 0 : 1;
  }
  return count;
}

/// Both ends are known: looks each pair up. If nobody reads the relationship, parallel ones only multiply the row.
class ExpandIntoOperator final : public Operator {
 public:
  ExpandIntoOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      from_ = IdReader(in_, op_.from, VectorType::Node);
      to_ = IdReader(in_, op_.to, VectorType::Node);
      lists_ = relationship_lists(op_.types, op_.direction, *context_.graph);
      row_ = 0;
    }
  }

 private:
  void fill() {
    static const std::vector<RelId> kNothing;
    Between between(op_, *context_.graph);
    for (; row_ < in_.rows && parents_.size() < context_.batch_size; ++row_) {
      const uint32_t from = from_(row_);
      const uint32_t to = to_(row_);
      const bool known = from != NodeId::kNone && to != NodeId::kNone;
      const std::vector<RelId>& found = known ? between.find(lists_, from, to) : kNothing;
      if (op_.rel == kNoVar) {
        const uint64_t times = times_of(op_.match, found.size());
        if (times == 0) continue;
        parents_.push_back(static_cast<uint32_t>(row_));
        times_.push_back(times);
      } else {
        parents_.insert(parents_.end(), found.size(), static_cast<uint32_t>(row_));
        for (const RelId rel : found) rels_.push_back(rel.value);
      }
    }
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (op_.rel == kNoVar) {
      multiply_batch(out, times_);
    } else {
      out.set(op_.rel, id_vector(VectorType::Relationship, std::move(rels_)));
    }
    parents_.clear();
    times_.clear();
    rels_.clear();
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  IdReader from_;
  IdReader to_;
  std::vector<RelationshipList> lists_;
  size_t row_ = 0;
  Selection parents_;
  std::vector<uint64_t> times_;
  std::vector<uint32_t> rels_;
};

/// Nobody reads the relationship or its end: multiplies each row by its node's degree, less the relationships to the
/// ends that do not count.
class ExpandCountOperator final : public Operator {
 public:
  ExpandCountOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      lists_ = relationship_lists(op_.types, op_.direction, *context_.graph);
      const IdReader from(in, op_.from, VectorType::Node);
      except_.clear();
      for (const VarId end : op_.except) except_.emplace_back(in, end, VectorType::Node);
      Selection rows;
      std::vector<uint64_t> times;
      for (size_t row = 0; row < in.rows; ++row) {
        const uint32_t node = from(row);
        const uint64_t count = node == NodeId::kNone ? 0 : degree_of(node) - excluded(node, row);
        const uint64_t factor = times_of(op_.match, count);
        if (factor == 0) continue;
        rows.push_back(static_cast<uint32_t>(row));
        times.push_back(factor);
      }
      if (rows.empty()) continue;
      out = rows.size() == in.rows ? std::move(in) : in.select(std::make_shared<const Selection>(std::move(rows)));
      multiply_batch(out, times);
      return true;
    }
  }

 private:
  uint64_t degree_of(uint32_t node) {
    uint64_t total = 0;
    for (const RelationshipList& list : lists_) {
      const Adjacency& adjacency = context_.graph->adjacency(list.type, list.direction);
      const uint64_t entries = degree(adjacency, NodeId(node));
      total += entries;
      if (entries > 0 && op_.direction == Direction::Both && list.direction == Direction::In) {
        loops_.clear();
        find_neighbour(adjacency, NodeId(node), NodeId(node), &loops_);
        total -= loops_.size();
      }
    }
    return total;
  }

  /// Relationships to the nodes that are no ends, each node once.
  uint64_t excluded(uint32_t node, size_t row) {
    uint64_t total = 0;
    if (except_.empty()) return 0;
    Between between(op_, *context_.graph);
    for (size_t i = 0; i < except_.size(); ++i) {
      const uint32_t end = except_[i](row);
      const bool again = std::any_of(except_.begin(), except_.begin() + static_cast<ptrdiff_t>(i),
                                     [&](const IdReader& other) { return other(row) == end; });
      if (!again) total += between.find(lists_, node, end).size();
    }
    return total;
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::vector<RelationshipList> lists_;
  std::vector<IdReader> except_;
  std::vector<RelId> loops_;
};

}  // namespace

OperatorPtr make_operator(const ExpandOp& op, OperatorParts parts) {
  if (op.into) return std::make_unique<ExpandIntoOperator>(op, std::move(parts));
  if (op.rel == kNoVar && op.to == kNoVar) return std::make_unique<ExpandCountOperator>(op, std::move(parts));
  return std::make_unique<ExpandAllOperator>(op, std::move(parts));
}

}  // namespace entente
