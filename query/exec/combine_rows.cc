// CombineRows: counts, for each node, the rows that have come to it, and gives the nodes in the order of their ids.
//
// Ids are dense, so the counts stand in an array over all ids up to the highest one seen. Rows that an expansion would
// give are counted where they would be made.
#include <algorithm>

#include "entente/core/label_members.h"
#include "entente/core/zeroed_array.h"
#include "entente/query/exec/row_lists.h"
#include "entente/query/plan/expressions.h"

namespace entente {

namespace {

/// The counts of one thread.
class NodeCounts {
 public:
  NodeCounts(const CombineRowsOp& op, ExecContext& context) : op_(op), context_(context), hold_(context) {}

  void take(Operator& input) {
    Batch in;
    while (input.next(in)) {
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

  void add(NodeCounts& other) {
    if (other.counts_.size() > counts_.size()) counts_.swap(other.counts_);
    for (size_t id = 0; id < other.counts_.size(); ++id) {
      if (__builtin_add_overflow(counts_[id], other.counts_[id], &counts_[id])) fail_too_many_rows();
    }
    other.clear();
  }

  /// By node id.
  const ZeroedArray<uint64_t>& counts() const { return counts_; }
  void clear() {
    counts_ = {};
    hold_.release();
  }

 private:
  void count(uint32_t id, uint64_t times) {
    if (id >= counts_.size()) grow(id);
    if (__builtin_add_overflow(counts_[id], times, &counts_[id])) fail_too_many_rows();
  }

  void expand(const Batch& in) {
    IdReader(in, op_.along->from, VectorType::Node).read(in.rows, from_);
    found_.open(lists_, from_);
    size_t seen = 0;
    for (size_t row = 0; row < in.rows; ++row) {
      found_.go_to(row);
      const uint32_t node = from_[row];
      if (node == NodeId::kNone) continue;
      for (size_t place = 0; place < lists_.size(); ++place) {
        const auto& [kind, lists] = lists_[place];
        // A loop is in both lists of its node; undirected, the outgoing one counts.
        const bool skip_loops = op_.along->direction == Direction::Both && kind.direction == Direction::In;
        AdjacencySegment list;
        if (found_.find(row, place, list)) {
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
    ZeroedArray<uint64_t> counts(size);
    std::copy(counts_.begin(), counts_.end(), &counts[0]);
    counts_ = std::move(counts);
  }

  static constexpr size_t kEndsPerCheck = 1 << 20;

  const CombineRowsOp& op_;
  ExecContext& context_;
  ExpansionLists lists_;  // of `along`
  RowLists found_;
  std::vector<uint32_t> from_;  // by row
  std::vector<LabelMembers> labels_;
  AdjacencyCursor cursor_;
  ZeroedArray<uint64_t> counts_;  // by node id
  MemoryHold hold_;
};

class CombineRowsOperator final : public Operator {
 public:
  CombineRowsOperator(const CombineRowsOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        workers_(std::move(parts.workers)),
        context_(parts.context),
        counts_(op, parts.context) {}

  bool next(Batch& out) override {
    if (!taken_) take_input();
    context_.check();
    std::vector<uint32_t> ids;
    std::vector<uint64_t> times;
    const ZeroedArray<uint64_t>& counts = counts_.counts();
    for (; next_ < counts.size() && ids.size() < context_.batch_size; ++next_) {
      if (counts[next_] == 0) continue;
      ids.push_back(static_cast<uint32_t>(next_));
      times.push_back(counts[next_]);
    }
    if (ids.empty()) {
      counts_.clear();
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
    taken_ = true;
    if (workers_ == nullptr) {
      counts_.take(*input_);
      input_.reset();
      return;
    }
    std::vector<std::unique_ptr<NodeCounts>> parts(workers_->size());
    workers_->run([&](size_t worker, Operator& input, ExecContext& context) {
      parts[worker] = std::make_unique<NodeCounts>(op_, context);
      parts[worker]->take(input);
    });
    for (const auto& part : parts) {
      if (part != nullptr) counts_.add(*part);
    }
    parts.clear();
    workers_.reset();
  }

  const CombineRowsOp& op_;
  OperatorPtr input_;
  std::unique_ptr<Workers> workers_;
  ExecContext& context_;
  NodeCounts counts_;
  bool taken_ = false;
  size_t next_ = 0;
};

}  // namespace

OperatorPtr make_operator(const CombineRowsOp& op, OperatorParts parts) {
  return std::make_unique<CombineRowsOperator>(op, std::move(parts));
}

}  // namespace entente
