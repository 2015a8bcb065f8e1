// Operators that pair each input row with nodes found in the graph: by label, by index, by id.
#include <cmath>
#include <optional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

/// Finds nodes for one input row after another, a bounded number at a time.
class NodeFinder {
 public:
  virtual ~NodeFinder() = default;
  /// A new input batch, valid until the next.
  virtual void begin(const Batch& in) = 0;
  virtual void open(size_t row) = 0;
  /// Appends up to `limit` nodes of the row opened; false once there are no more.
  virtual bool fetch(size_t limit, std::vector<uint32_t>& out) = 0;
};

class NodeSourceOperator final : public Operator {
 public:
  NodeSourceOperator(VarId var, std::unique_ptr<NodeFinder> finder, OperatorParts parts)
      : var_(var), finder_(std::move(finder)), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!nodes_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      finder_->begin(in_);
      row_ = 0;
      open_ = false;
    }
  }

 private:
  void fill() {
    while (row_ < in_.rows && nodes_.size() < context_.batch_size) {
      if (!open_) finder_->open(row_);
      open_ = finder_->fetch(context_.batch_size - nodes_.size(), nodes_);
      parents_.resize(nodes_.size(), static_cast<uint32_t>(row_));
      if (!open_) ++row_;
    }
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    out.set(var_, id_vector(VectorType::Node, std::move(nodes_)));
    parents_.clear();
    nodes_.clear();
  }

  const VarId var_;
  std::unique_ptr<NodeFinder> finder_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  size_t row_ = 0;
  bool open_ = false;  // the row at row_ has begun and may have more
  Selection parents_;
  std::vector<uint32_t> nodes_;
};

/// All nodes, or all with a label.
class ScanFinder final : public NodeFinder {
 public:
  ScanFinder(const std::optional<std::string>& name, const ExecContext& context) : name_(name), context_(context) {}

  void begin(const Batch&) override {
    if (name_) label_ = context_.graph->names().label(*name_);
  }
  void open(size_t) override { at_ = 0; }
  bool fetch(size_t limit, std::vector<uint32_t>& out) override {
    if (name_ && !label_.valid()) return false;
    const Snapshot& graph = *context_.graph;
    at_ = name_ ? graph.scan_label(label_, at_, limit, out) : graph.scan_nodes(at_, limit, out);
    return at_ < graph.node_limit();
  }

 private:
  const std::optional<std::string>& name_;
  const ExecContext& context_;
  LabelId label_;
  uint32_t at_ = 0;
};

/// Finders that have all nodes of a row at once.
class ListFinder : public NodeFinder {
 public:
  bool fetch(size_t limit, std::vector<uint32_t>& out) override {
    const size_t end = std::min(found_.size(), at_ + limit);
    for (; at_ < end; ++at_) out.push_back(found_[at_].value);
    return at_ < found_.size();
  }

 protected:
  void reset() {
    found_.clear();
    at_ = 0;
  }
  std::vector<NodeId> found_;

 private:
  size_t at_ = 0;
};

/// Appends the nodes with the label whose value of the key passes the test; for where the index is gone that the plan
/// was made for.
template <class Test>
void scan_property(const Snapshot& graph, LabelId label, KeyId key, ExecContext& context, std::vector<NodeId>& out,
                   Test test) {
  std::vector<uint32_t> ids;
  for (uint32_t at = 0; at < graph.node_limit();) {
    context.check();
    ids.clear();
    at = graph.scan_label(label, at, context.batch_size, ids);
    for (const uint32_t id : ids) {
      if (test(graph.property(NodeId(id), key))) out.emplace_back(id);
    }
  }
}

bool certainly(const std::optional<bool>& truth) { return truth.has_value() && *truth; }

class SeekFinder final : public ListFinder {
 public:
  SeekFinder(const IndexSeekOp& op, ExecContext& context) : op_(op), context_(context) {}

  void begin(const Batch& in) override {
    values_ = evaluate(*op_.value, in, context_);
    label_ = context_.graph->names().label(op_.label);
    key_ = context_.graph->names().key(op_.key);
  }

  void open(size_t row) override {
    reset();
    if (!label_.valid() || !key_.valid()) return;
    const Value value = values_->get(row);
    if (!certainly(Value::equals(value, value))) return;  // null, NaN, or a null inside: equals nothing
    const Snapshot& graph = *context_.graph;
    const Index* index = graph.find_index(label_, key_);
    const Column* column = graph.node_column(key_);
    if (column == nullptr) return;
    if (index != nullptr) {
      index->find(value, *column, found_);
    } else {
      scan_property(graph, label_, key_, context_, found_,
                    [&](const Value& v) { return certainly(Value::equals(v, value)); });
    }
  }

 private:
  const IndexSeekOp& op_;
  ExecContext& context_;
  VectorPtr values_;
  LabelId label_;
  KeyId key_;
};

class RangeFinder final : public ListFinder {
 public:
  RangeFinder(const IndexRangeOp& op, ExecContext& context) : op_(op), context_(context) {}

  void begin(const Batch& in) override {
    low_ = op_.low != nullptr ? evaluate(*op_.low, in, context_) : nullptr;
    high_ = op_.high != nullptr ? evaluate(*op_.high, in, context_) : nullptr;
    label_ = context_.graph->names().label(op_.label);
    key_ = context_.graph->names().key(op_.key);
  }

  void open(size_t row) override {
    reset();
    if (!label_.valid() || !key_.valid()) return;
    std::optional<Value> low, high;
    if (low_ != nullptr) low = low_->get(row);
    if (high_ != nullptr) high = high_->get(row);
    // A bound that is null compares with nothing, and bounds of two kinds leave nothing between them.
    if (low && !certainly(Value::less_or_equal(*low, *low))) return;
    if (high && !certainly(Value::less_or_equal(*high, *high))) return;
    if (low && high && !Value::less(*low, *high).has_value()) return;
    const Snapshot& graph = *context_.graph;
    const Index* index = graph.find_index(label_, key_);
    const auto inside = [&](const Value& v) {
      return (!low || certainly(op_.low_inclusive ? Value::less_or_equal(*low, v) : Value::less(*low, v))) &&
             (!high || certainly(op_.high_inclusive ? Value::less_or_equal(v, *high) : Value::less(v, *high)));
    };
    if (index == nullptr || !index->definition.ordered) {
      scan_property(graph, label_, key_, context_, found_, inside);
      return;
    }
    index->range(low, op_.low_inclusive, high, op_.high_inclusive, found_);
    // The order of an index spans kinds that do not compare; what does not compare with a bound is not inside.
    std::erase_if(found_, [&](NodeId node) { return !inside(graph.property(node, key_)); });
  }

 private:
  const IndexRangeOp& op_;
  ExecContext& context_;
  VectorPtr low_;
  VectorPtr high_;
  LabelId label_;
  KeyId key_;
};

class IdFinder final : public ListFinder {
 public:
  IdFinder(const NodeByIdOp& op, ExecContext& context) : op_(op), context_(context) {}

  void begin(const Batch& in) override { ids_ = evaluate(*op_.id, in, context_); }

  void open(size_t row) override {
    reset();
    const Value value = ids_->get(row);
    std::optional<int64_t> id;
    if (value.is_integer()) id = value.as_integer();
    if (value.is_float()) {  // id(n) = 1.0 holds for the node 1
      const double d = value.as_float();
      if (d >= 0 && d < NodeId::kNone && std::trunc(d) == d) id = static_cast<int64_t>(d);
    }
    if (!id || *id < 0 || *id >= NodeId::kNone) return;
    const NodeId node(static_cast<uint32_t>(*id));
    if (context_.graph->has_node(node)) found_.push_back(node);
  }

 private:
  const NodeByIdOp& op_;
  ExecContext& context_;
  VectorPtr ids_;
};

template <class Finder, class Op, class Source>
OperatorPtr make_source(const Op& op, const Source& source, OperatorParts parts) {
  auto finder = std::make_unique<Finder>(source, parts.context);
  return std::make_unique<NodeSourceOperator>(op.var, std::move(finder), std::move(parts));
}

}  // namespace

OperatorPtr make_operator(const NodeScanOp& op, OperatorParts parts) {
  return make_source<ScanFinder>(op, op.label, std::move(parts));
}
OperatorPtr make_operator(const IndexSeekOp& op, OperatorParts parts) {
  return make_source<SeekFinder>(op, op, std::move(parts));
}
OperatorPtr make_operator(const IndexRangeOp& op, OperatorParts parts) {
  return make_source<RangeFinder>(op, op, std::move(parts));
}
OperatorPtr make_operator(const NodeByIdOp& op, OperatorParts parts) {
  return make_source<IdFinder>(op, op, std::move(parts));
}

}  // namespace entente
