// Expansion of which only the number of relationships is asked.
#include "entente/query/exec/expansion_lists.h"

namespace entente {

namespace {

/// Nobody reads the relationship or its end: multiplies each row by its node's degree, less the relationships to the
/// ends that do not count.
class ExpandCountOperator final : public Operator {
 public:
  ExpandCountOperator(const ExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {
    for (const NearNode& far : op.far) far_.emplace_back(far);
    hold_.set(far_.size() * context_.graph->node_limit() / 8);
  }

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      lists_.open(op_, context_);
      if (!op_.except.empty()) between_.open(op_, context_);
      const IdReader from(in, op_.from, VectorType::Node);
      except_.clear();
      for (const VarId end : op_.except) except_.emplace_back(in, end, VectorType::Node);
      for (NearMarks& far : far_) far.open(in, context_);
      if (far_.empty()) {
        count(in, from);
      } else {
        count_far(in, from);
      }
      Selection rows;
      rows.reserve(in.rows);
      std::vector<uint64_t> times;
      times.reserve(in.rows);
      std::vector<uint8_t> found;
      for (size_t row = 0; row < in.rows; ++row) {
        const uint64_t factor = times_of(op_.match, counts_[row]);
        if (factor == 0) continue;
        rows.push_back(static_cast<uint32_t>(row));
        times.push_back(factor);
        if (!op_.found.empty()) found.push_back(counts_[row] > 0 ? 1 : 0);
      }
      if (rows.empty()) continue;
      out = rows.size() == in.rows ? std::move(in) : in.select(std::make_shared<const Selection>(std::move(rows)));
      multiply_batch(out, times);
      set_found(op_, std::move(found), out);
      return true;
    }
  }

 private:
  /// Sets `counts_` to how many relationships lead on from each row.
  void count(const Batch& in, const IdReader& from) {
    from.read(in.rows, nodes_);
    counts_.assign(in.rows, 0);
    degrees_of(lists_, op_.direction, nodes_, counts_.data());
    if (except_.empty()) return;
    for (size_t row = 0; row < in.rows; ++row) {
      if (counts_[row] > 0) counts_[row] -= excluded(nodes_[row], row);
    }
  }

  /// The same where ends are to be looked at one by one.
  void count_far(const Batch& in, const IdReader& from) {
    counts_.assign(in.rows, 0);
    size_t seen = 0;
    for (size_t row = 0; row < in.rows; ++row) {
      lists_.prefetch(from, row, in.rows);
      const uint32_t node = from(row);
      if (node == NodeId::kNone) continue;
      uint64_t ends = 0;
      for (auto& [kind, lists] : lists_) ends += lists.degree(node);
      for (NearMarks& far : far_) far.move_to(row, ends);
      for (auto& [kind, lists] : lists_) {
        // A loop is in both lists of its node; undirected, the outgoing one counts.
        const bool skip_loops = op_.direction == Direction::Both && kind.direction == Direction::In;
        cursor_.open(lists.adjacency(), NodeId(node));
        AdjacencySegment list;
        while (cursor_.next(list)) counts_[row] += count_far(list, row, skip_loops ? node : NodeId::kNone);
      }
      seen += ends;
      if (seen < kEndsPerCheck) continue;
      seen = 0;
      context_.check();
    }
  }

  uint64_t count_far(const AdjacencySegment& list, size_t row, uint32_t skipped) {
    uint64_t total = 0;
    const MarkedEnds* only = far_.size() == 1 ? far_[0].marks() : nullptr;
    for (uint32_t i = 0; i < list.size; ++i) {
      const uint32_t end = list.neighbours[i];
      if (only != nullptr ? only->test(end) : is_near(end)) continue;
      if (end != skipped && !is_excepted(end, row)) ++total;
    }
    return total;
  }

  bool is_near(uint32_t end) {
    return std::any_of(far_.begin(), far_.end(), [&](NearMarks& far) { return far.test(end); });
  }
  bool is_excepted(uint32_t end, size_t row) const {
    return std::any_of(except_.begin(), except_.end(), [&](const IdReader& other) { return other(row) == end; });
  }

  /// Relationships to the nodes that are no ends, each node once.
  uint64_t excluded(uint32_t node, size_t row) {
    uint64_t total = 0;
    for (size_t i = 0; i < except_.size(); ++i) {
      const uint32_t end = except_[i](row);
      const bool again = std::any_of(except_.begin(), except_.begin() + static_cast<ptrdiff_t>(i),
                                     [&](const IdReader& other) { return other(row) == end; });
      if (!again) total += between_.count(node, end);
    }
    return total;
  }

  static constexpr size_t kEndsPerCheck = 1 << 20;

  const ExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  ExpansionLists lists_;
  Between between_;
  std::vector<IdReader> except_;
  std::vector<NearMarks> far_;
  AdjacencyCursor cursor_;
  MemoryHold hold_;
  std::vector<RelId> loops_;
  std::vector<uint32_t> nodes_;   // by row
  std::vector<uint64_t> counts_;  // the same
};

}  // namespace

OperatorPtr make_expand_count(const ExpandOp& op, OperatorParts parts) {
  return std::make_unique<ExpandCountOperator>(op, std::move(parts));
}

}  // namespace entente
