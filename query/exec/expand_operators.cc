// Expansion of one relationship to nodes that are new; its other forms are in expand_into.cc and expand_count.cc.
//
// Rows come out in order of the input row, then relationship type, outgoing before incoming, neighbour. Ids are copied
// from adjacency segments into id vectors; the other columns follow by one selection of parent rows.
#include <algorithm>

#include "entente/query/exec/node_order.h"
#include "entente/query/exec/row_lists.h"

namespace entente {

namespace {

/// `to` is new: walks the lists of each row's node, and stops in the middle of one when the batch is full.
class ExpandAllOperator final : public Operator {
 public:
  ExpandAllOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), lower_(op.order), hold_(parts.context) {
    for (const NearNode& near : op.near) near_.emplace_back(near);
    hold_.set(near_.size() * context_.graph->node_limit() / 8);
  }

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (size_ > 0) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      IdReader(in_, op_.from, VectorType::Node).read(in_.rows, from_);
      lists_.open(op_, context_);
      found_.open(lists_, from_);
      plain_ = lists_.size() == 1 && op_.direction != Direction::Both && near_.empty() && lower_.empty();
      if (!lower_.empty()) lower_.open(in_);
      for (NearMarks& near : near_) near.open(in_, context_);
      row_ = 0;
      list_ = 0;
    }
  }

 private:
  void fill() {
    if (offset_ == segment_.size && row_ >= in_.rows) return;
    const size_t limit = context_.batch_size;
    parents_.resize(limit);
    if (op_.to != kNoVar) neighbours_.resize(limit);
    if (op_.rel != kNoVar) rels_.resize(limit);
    while (size_ < limit) {
      if (offset_ < segment_.size) {
        take(std::min<size_t>(limit - size_, segment_.size - offset_));
      } else if (pieces_ && cursor_.next(segment_)) {
        offset_ = first_end();
      } else {
        if (list_ == lists_.size()) end_row();
        if (plain_) take_whole_lists();
        if (!open_next_list()) return;
      }
    }
  }

  void end_row() {
    ++row_;
    list_ = 0;
  }

  /// The lists of the next rows, as far as each is in one piece and fits. Only where a row has one list, of which all
  /// ends are wanted.
  void take_whole_lists() {
    uint32_t* const ends = op_.to != kNoVar ? neighbours_.data() + size_ : nullptr;
    uint32_t* const rels = op_.rel != kNoVar ? rels_.data() + size_ : nullptr;
    size_ += found_.take(0, row_, context_.batch_size - size_, parents_.data() + size_, ends, rels);
  }

  bool open_next_list() {
    pieces_ = false;
    segment_.size = 0;
    offset_ = 0;
    while (row_ < in_.rows) {
      if (list_ == 0) {
        node_ = from_[row_];
        found_.go_to(row_);
        if (!near_.empty()) find_marks();
      }
      if (node_ != NodeId::kNone && list_ < lists_.size()) {
        ExpansionLists::List& list = lists_[list_++];
        if (!found_.find(row_, list_ - 1, segment_)) {
          cursor_.open(list.lists.adjacency(), NodeId(node_));
          pieces_ = true;
        } else {
          offset_ = first_end();
          if (offset_ == segment_.size) continue;
        }
        // A loop is in both lists of its node; undirected, the outgoing one counts.
        skip_loops_ = op_.direction == Direction::Both && list.kind.direction == Direction::In;
        return true;
      }
      end_row();
    }
    return false;
  }

  /// Where the ends begin in the segment that was opened.
  size_t first_end() const {
    if (lower_.empty() || segment_.size == 0) return 0;
    const std::span<const uint32_t> list(segment_.neighbours, segment_.size);
    return list.size() - LowerNodes::from(list, lower_.least(row_)).size();
  }

  /// The marks for the row that begins.
  void find_marks() {
    marks_.clear();
    if (node_ == NodeId::kNone) return;
    uint64_t ends = 1;
    for (size_t i = 0; i < lists_.size(); ++i) ends += found_.degree(row_, i);
    for (NearMarks& near : near_) {
      near.move_to(row_, ends);
      if (near.marks() != nullptr) marks_.push_back(near.marks());
    }
  }

  void take(size_t count) {
    if (!marks_.empty()) return take_marked(count);
    const uint32_t* neighbours = segment_.neighbours + offset_;
    if (skip_loops_ && std::find(neighbours, neighbours + count, node_) != neighbours + count) {
      return take_but_loops(count);
    }
    if (count == 1) {  // as many lists are
      parents_[size_] = static_cast<uint32_t>(row_);
      if (op_.to != kNoVar) neighbours_[size_] = neighbours[0];
      if (op_.rel != kNoVar) rels_[size_] = segment_.rel(static_cast<uint32_t>(offset_));
    } else {
      std::fill_n(parents_.data() + size_, count, static_cast<uint32_t>(row_));
      if (op_.to != kNoVar) std::copy_n(neighbours, count, neighbours_.data() + size_);
      for (size_t i = 0; i < count && op_.rel != kNoVar; ++i) {
        rels_[size_ + i] = segment_.rel(static_cast<uint32_t>(offset_ + i));
      }
    }
    size_ += count;
    offset_ += count;
  }

  void take_but_loops(size_t count) {
    for (size_t i = offset_; i < offset_ + count; ++i) {
      if (segment_.neighbours[i] == node_) continue;
      parents_[size_] = static_cast<uint32_t>(row_);
      if (op_.to != kNoVar) neighbours_[size_] = segment_.neighbours[i];
      if (op_.rel != kNoVar) rels_[size_] = segment_.rel(static_cast<uint32_t>(i));
      ++size_;
    }
    offset_ += count;
  }

  void take_marked(size_t count) {
    for (size_t i = offset_; i < offset_ + count; ++i) {
      const uint32_t end = segment_.neighbours[i];
      const bool kept = std::all_of(marks_.begin(), marks_.end(), [&](const MarkedEnds* m) { return m->test(end); });
      if (!kept || (skip_loops_ && end == node_)) continue;
      parents_[size_] = static_cast<uint32_t>(row_);
      neighbours_[size_] = end;
      if (op_.rel != kNoVar) rels_[size_] = segment_.rel(static_cast<uint32_t>(i));
      ++size_;
    }
    offset_ += count;
  }

  /// How many orders of nodes each row stands for.
  std::vector<uint64_t> orders() const {
    std::vector<uint64_t> orders(size_);
    for (size_t i = 0; i < size_; ++i) {
      const LowerNodes::Times times = lower_.times(parents_[i]);
      orders[i] = neighbours_[i] == lower_.least(parents_[i]) ? times.least : times.other;
    }
    return orders;
  }

  void emit(Batch& out) {
    const std::vector<uint64_t> orders = op_.order.as_all ? this->orders() : std::vector<uint64_t>{};
    parents_.resize(size_);
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (op_.to != kNoVar) {
      neighbours_.resize(size_);
      out.set(op_.to, id_vector(VectorType::Node, std::move(neighbours_)));
    }
    if (op_.rel != kNoVar) {
      rels_.resize(size_);
      out.set(op_.rel, id_vector(VectorType::Relationship, std::move(rels_)));
    }
    if (!orders.empty()) multiply_batch(out, orders);
    parents_.clear();
    neighbours_.clear();
    rels_.clear();
    size_ = 0;
  }

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  std::vector<uint32_t> from_;  // by row
  ExpansionLists lists_;
  RowLists found_;
  bool plain_ = false;
  LowerNodes lower_;
  std::vector<NearMarks> near_;
  std::vector<const MarkedEnds*> marks_;  // for the row that is at hand
  MemoryHold hold_;

  // Where it stands: the row, the next of its lists, and the segment of the list that is open.
  size_t row_ = 0;
  size_t list_ = 0;
  uint32_t node_ = NodeId::kNone;
  bool pieces_ = false;  // the open list has more segments
  bool skip_loops_ = false;
  AdjacencyCursor cursor_;
  AdjacencySegment segment_;
  size_t offset_ = 0;

  // What has been found: `size_` entries.
  size_t size_ = 0;
  Selection parents_;
  std::vector<uint32_t> neighbours_;
  std::vector<uint32_t> rels_;
};

}  // namespace

OperatorPtr make_operator(const ExpandOp& op, OperatorParts parts) {
  if (!op.counts.empty()) return make_expand_sum(op, std::move(parts));
  if (op.into) return make_expand_into(op, std::move(parts));
  if (op.rel == kNoVar && op.to == kNoVar) return make_expand_count(op, std::move(parts));
  return std::make_unique<ExpandAllOperator>(op, std::move(parts));
}

}  // namespace entente
