#include "entente/query/exec/reach_expand.h"

#include <algorithm>
#include <utility>

#include "entente/query/exec/reach_search.h"

namespace entente {

namespace {

/// What a search has found and has not been taken yet.
class FoundEnds {
 public:
  FoundEnds(const VarExpandOp& op, ExecContext& context) : context_(context), search_(op, context) {}

  void new_batch() { search_.new_batch(); }
  void start(std::vector<uint32_t> sources, uint32_t target, const Batch& row) {
    search_.start(std::move(sources), target, row);
    ends_.clear();
    taken_ = 0;
  }
  /// Appends up to `most` ends; gives how many. None: there are no more.
  size_t take(size_t most, std::vector<uint32_t>& out) {
    while (taken_ == ends_.size()) {
      context_.check();
      ends_.clear();
      taken_ = 0;
      if (!search_.next(ends_)) return 0;
    }
    const size_t count = std::min(most, ends_.size() - taken_);
    const auto begin = ends_.begin() + static_cast<ptrdiff_t>(taken_);
    out.insert(out.end(), begin, begin + static_cast<ptrdiff_t>(count));
    taken_ += count;
    return count;
  }

 private:
  ExecContext& context_;
  ReachSearch search_;
  std::vector<uint32_t> ends_;
  size_t taken_ = 0;
};

/// Each end once for each row.
class ReachExpandOperator final : public Operator {
 public:
  ReachExpandOperator(const VarExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), found_(op, parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
        if (!op_.into) out.set(op_.to, id_vector(VectorType::Node, std::move(ends_)));
        parents_.clear();
        ends_.clear();
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      from_ = IdReader(in_, op_.from, VectorType::Node);
      if (op_.into) to_ = IdReader(in_, op_.to, VectorType::Node);
      found_.new_batch();
      row_ = 0;
      searching_ = false;
    }
  }

 private:
  void fill() {
    while (row_ < in_.rows && parents_.size() < context_.batch_size) {
      if (!searching_) searching_ = start();
      const size_t count = searching_ ? found_.take(context_.batch_size - parents_.size(), ends_) : 0;
      if (count == 0) {
        searching_ = false;
        ++row_;
      } else {
        parents_.insert(parents_.end(), count, static_cast<uint32_t>(row_));
      }
    }
  }

  bool start() {
    const uint32_t from = from_(row_);
    const uint32_t to = op_.into ? to_(row_) : NodeId::kNone;
    if (from == NodeId::kNone || (op_.into && to == NodeId::kNone)) return false;
    // A node deleted in this statement is nowhere, so not at its own end of a path of no relationships either.
    if (!context_.graph->has_node(NodeId(from))) return false;
    found_.start({from}, to, op_.predicate != nullptr ? single_row(in_, row_) : Batch());
    return true;
  }

  const VarExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  FoundEnds found_;
  Batch in_;
  IdReader from_;
  IdReader to_;
  size_t row_ = 0;
  bool searching_ = false;
  Selection parents_;
  std::vector<uint32_t> ends_;
};

/// Each end once for all rows together; of the rows only the ends are left.
class ReachTogetherOperator final : public Operator {
 public:
  ReachTogetherOperator(const VarExpandOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), found_(op, parts.context) {}

  bool next(Batch& out) override {
    if (input_ != nullptr) {
      start();
      input_.reset();
    }
    context_.check();
    std::vector<uint32_t> ends;
    while (ends.size() < context_.batch_size && found_.take(context_.batch_size - ends.size(), ends) > 0) {
    }
    if (ends.empty()) return false;
    out = Batch(context_.variable_count);
    out.rows = ends.size();
    out.set(op_.to, id_vector(VectorType::Node, std::move(ends)));
    return true;
  }

 private:
  void start() {
    std::vector<uint32_t> sources;
    MemoryHold hold(context_);
    Batch in;
    while (input_->next(in)) {
      context_.check();
      const IdReader from(in, op_.from, VectorType::Node);
      for (size_t row = 0; row < in.rows; ++row) {
        const uint32_t node = from(row);
        if (node != NodeId::kNone && context_.graph->has_node(NodeId(node))) sources.push_back(node);
      }
      if (sources.size() >= next_sort_) {
        sort_out(sources);
        next_sort_ = std::max(next_sort_, 2 * sources.size());
      }
      hold.set(sources.capacity() * sizeof(uint32_t));
    }
    sort_out(sources);
    Batch no_columns(context_.variable_count);
    no_columns.rows = 1;
    found_.new_batch();
    found_.start(std::move(sources), NodeId::kNone, no_columns);
  }

  static void sort_out(std::vector<uint32_t>& nodes) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  }

  const VarExpandOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  FoundEnds found_;
  size_t next_sort_ = 65'536;  // sources at which those that are there twice are taken out
};

}  // namespace

OperatorPtr make_reach_expand(const VarExpandOp& op, OperatorParts parts) {
  if (op.ends == PathEnds::Once) return std::make_unique<ReachTogetherOperator>(op, std::move(parts));
  return std::make_unique<ReachExpandOperator>(op, std::move(parts));
}

}  // namespace entente
