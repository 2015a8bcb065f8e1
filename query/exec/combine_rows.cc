// CombineRows: counts, for each node, the rows that have come to it, and gives the nodes in the order of their ids.
//
// Ids are dense, so the counts stand in an array over all ids up to the highest one seen. Rows that an expansion would
// give are counted where they would be made.
#include <algorithm>

#include "entente/core/label_members.h"
#include "entente/query/exec/expansion_lists.h"
#include "entente/query/plan/expressions.h"

namespace entente {

namespace {

class CombineRowsOperator final : public Operator {
 public:
  CombineRowsOperator(const CombineRowsOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    if (input_ != nullptr) {
      take_input();
      input_.reset();
    }
    context_.check();
    std::vector<uint32_t> ids;
    std::vector<uint64_t> times;
    for (; next_ < counts_.size() && ids.size() < context_.batch_size; ++next_) {
      if (counts_[next_] == 0) continue;
      ids.push_back(static_cast<uint32_t>(next_));
      times.push_back(counts_[next_]);
    }
    if (ids.empty()) {
      counts_ = {};
      hold_.release();
      return false;
    }
    out = Batch(context_.variable_count);
    out.rows = ids.size();
    out.set(op_.var, id_vector(VectorType::Node, std::move(ids)));
    out.multiplicity = std::move(times);
    return true;
  }

 private:
  void take_input() {
    Batch in;
    while (input_->next(in)) {
      context_.check();
      if (op_.along) {
        lists_.open(*op_.along, context_);
        find_labels();
        expand(in);
      } else {
        const IdReader node(in, op_.var, VectorType::Node);
        for (size_t row = 0; row < in.rows; ++row) count(node(row), in.times(row));
      }
    }
  }

  void count(uint32_t id, uint64_t times) {
    if (id >= counts_.size()) grow(id);
    if (__builtin_add_overflow(counts_[id], times, &counts_[id])) fail_too_many_rows();
  }

  void expand(const Batch& in) {
    const IdReader from(in, op_.along->from, VectorType::Node);
    size_t seen = 0;
    for (size_t row = 0; row < in.rows; ++row) {
      lists_.prefetch(from, row, in.rows);
      const uint32_t node = from(row);
      if (node == NodeId::kNone) continue;
      for (auto& [kind, lists] : lists_) {
        // A loop is in both lists of its node; undirected, the outgoing one counts.
        const bool skip_loops = op_.along->direction == Direction::Both && kind.direction == Direction::In;
        AdjacencySegment list;
        if (lists.find(node, list)) {
          seen += count_ends(list, skip_loops ? node : NodeId::kNone, in.times(row));
        } else {
          cursor_.open(lists.adjacency(), NodeId(node));
          while (cursor_.next(list)) seen += count_ends(list, skip_loops ? node : NodeId::kNone, in.times(row));
        }
      }
      if (seen < kEndsPerCheck) continue;
      seen = 0;
      context_.check();
    }
  }

  /// Gives how many entries the list has.
  size_t count_ends(const AdjacencySegment& list, uint32_t skipped, uint64_t times) {
    for (uint32_t i = 0; i < list.size; ++i) {
      const uint32_t end = list.neighbours[i];
      const bool kept = end != skipped && std::all_of(labels_.begin(), labels_.end(),
                                                      [&](LabelMembers& label) { return label.contains(end); });
      if (kept) count(end, times);
    }
    return list.size;
  }

  void find_labels() {
    if (op_.labels == nullptr) return;
    std::vector<ExprPtr> tests;
    split_conjunction(op_.labels, tests);
    labels_.clear();
    for (const ExprPtr& test : tests) {
      const LabelId label = context_.graph->names().label(*single_label(*test, op_.var));
      labels_.emplace_back(label.valid() ? context_.graph->label_bitmap(label) : nullptr);
    }
  }

  void grow(uint32_t id) {
    const size_t size = std::max<size_t>(static_cast<size_t>(id) + 1, context_.graph->node_limit());
    hold_.set(size * sizeof(uint64_t));
    counts_.resize(size);
  }

  static constexpr size_t kEndsPerCheck = 1 << 20;

  const CombineRowsOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  ExpansionLists lists_;  // of `along`
  std::vector<LabelMembers> labels_;
  AdjacencyCursor cursor_;
  std::vector<uint64_t> counts_;  // by node id
  size_t next_ = 0;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const CombineRowsOp& op, OperatorParts parts) {
  return std::make_unique<CombineRowsOperator>(op, std::move(parts));
}

}  // namespace entente
