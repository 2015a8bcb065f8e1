// CombineRows: counts, for each node, the rows that have come to it, and gives the nodes in the order of their ids.
//
// Ids are dense, so the counts stand in an array over all ids up to the highest one seen.
#include <algorithm>

#include "entente/query/exec/operators.h"

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
      const IdReader node(in, op_.var, VectorType::Node);
      for (size_t row = 0; row < in.rows; ++row) {
        const uint32_t id = node(row);
        if (id >= counts_.size()) grow(id);
        if (__builtin_add_overflow(counts_[id], in.times(row), &counts_[id])) fail_too_many_rows();
      }
    }
  }

  void grow(uint32_t id) {
    const size_t size = std::max<size_t>(static_cast<size_t>(id) + 1, context_.graph->node_limit());
    hold_.set(size * sizeof(uint64_t));
    counts_.resize(size);
  }

  const CombineRowsOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::vector<uint64_t> counts_;  // by node id
  size_t next_ = 0;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const CombineRowsOp& op, OperatorParts parts) {
  return std::make_unique<CombineRowsOperator>(op, std::move(parts));
}

}  // namespace entente
