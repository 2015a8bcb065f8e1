// Operators that pair each input row with nodes or relationships found in the graph: by label, by index, by id.
#include <algorithm>
#include <cmath>
#include <optional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/evaluate_binary.h"
#include "entente/query/exec/expansion_lists.h"
#include "entente/query/exec/operators.h"
#include "entente/query/exec/page_filter.h"

namespace entente {

namespace {

/// Finds nodes (or relationships) for one input row after another, a bounded number at a time.
class ElementFinder {
 public:
  virtual ~ElementFinder() = default;
  /// A new input batch, valid until the next.
  virtual void begin(const Batch& in) = 0;
  virtual void open(size_t row) = 0;
  /// Appends up to `limit` ids for the row opened; false once there are no more.
  virtual bool fetch(size_t limit, std::vector<uint32_t>& out) = 0;
};

class SourceOperator final : public Operator {
 public:
  SourceOperator(VarId var, VectorType type, std::unique_ptr<ElementFinder> finder, OperatorParts parts)
      : var_(var), type_(type), finder_(std::move(finder)), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!elements_.empty()) {
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
    while (row_ < in_.rows && elements_.size() < context_.batch_size) {
      if (!open_) finder_->open(row_);
      open_ = finder_->fetch(context_.batch_size - elements_.size(), elements_);
      parents_.resize(elements_.size(), static_cast<uint32_t>(row_));
      if (!open_) ++row_;
    }
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    out.set(var_, id_vector(type_, std::move(elements_)));
    parents_.clear();
    elements_.clear();
  }

  const VarId var_;
  const VectorType type_;
  std::unique_ptr<ElementFinder> finder_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  size_t row_ = 0;
  bool open_ = false;  // the row at row_ has begun and may have more
  Selection parents_;
  std::vector<uint32_t> elements_;
};

/// All nodes, or all with a label, but for those in pages where none passes the filters that follow.
class ScanFinder final : public ElementFinder {
 public:
  ScanFinder(const NodeScanOp& op, std::span<const Plan* const> consumers, ExecContext& context)
      : name_(op.label), context_(context), pages_(op.var, consumers) {}

  void begin(const Batch&) override {
    if (name_) label_ = context_.graph->names().label(*name_);
    if (!pages_.empty()) pages_.begin(context_);
  }
  void open(size_t) override {
    at_ = 0;
    cleared_ = 0;
  }
  bool fetch(size_t limit, std::vector<uint32_t>& out) override {
    if (name_ && !label_.valid()) return false;
    if (pages_.empty()) {
      at_ = scan(at_, limit, out);
      return at_ < context_.graph->node_limit();
    }
    const size_t full = out.size() + limit;
    while (out.size() < full && clear()) {
      const size_t before = out.size();
      at_ = scan(at_, full - out.size(), out);
      if (at_ < cleared_) continue;
      while (out.size() > before && out.back() >= cleared_) out.pop_back();
      at_ = static_cast<uint32_t>(cleared_);
    }
    return at_ < context_.graph->node_limit();
  }

 private:
  uint32_t scan(uint32_t from, size_t limit, std::vector<uint32_t>& out) const {
    const Snapshot& graph = *context_.graph;
    return name_ ? graph.scan_label(label_, from, limit, out) : graph.scan_nodes(from, limit, out);
  }

  /// Moves on to the next page that must be scanned, and clears the ids to the end of it and of some that follow.
  /// Gives whether there is one.
  bool clear() {
    if (at_ < cleared_) return true;
    const uint64_t limit = context_.graph->node_limit();
    uint64_t page = at_ >> kColumnPageBits;
    const auto begin = [](uint64_t number) { return number << kColumnPageBits; };
    while (begin(page) < limit && !pages_.may_pass(static_cast<uint32_t>(page))) ++page;
    at_ = static_cast<uint32_t>(std::min(std::max<uint64_t>(at_, begin(page)), limit));
    if (at_ == limit) return false;
    const uint64_t last = page + kPagesAhead;
    do ++page;
    while (page < last && begin(page) < limit && pages_.may_pass(static_cast<uint32_t>(page)));
    cleared_ = std::min(begin(page), limit);
    return true;
  }

  static constexpr uint64_t kPagesAhead = 16;

  const std::optional<std::string>& name_;
  ExecContext& context_;
  PageFilter pages_;
  LabelId label_;
  uint32_t at_ = 0;
  uint64_t cleared_ = 0;  // what is from at_ to here is to be scanned
};

/// Finders that have all elements of a row at once.
class ListFinder : public ElementFinder {
 public:
  bool fetch(size_t limit, std::vector<uint32_t>& out) override {
    const size_t end = std::min(found_.size(), at_ + limit);
    for (; at_ < end; ++at_) out.push_back(found_[at_]);
    return at_ < found_.size();
  }

 protected:
  void reset() {
    found_.clear();
    at_ = 0;
  }
  std::vector<uint32_t> found_;

 private:
  size_t at_ = 0;
};

bool certainly(const std::optional<bool>& truth) { return truth.has_value() && *truth; }

/// Finders that use the index on a label or type and some keys; where that is gone that the plan was made for, they
/// look at all elements.
class IndexFinder : public ListFinder {
 public:
  IndexFinder(EntityType entity, const std::string& token, const std::vector<std::string>& keys, ExecContext& context)
      : context_(context), entity_(entity), token_name_(token), key_names_(keys) {}

 protected:
  /// False if the graph does not know the names: then there is nothing to find.
  bool resolve() {
    const Snapshot& graph = *context_.graph;
    token_ = graph.tokens(entity_).find(token_name_);
    keys_.clear();
    for (const std::string& name : key_names_) keys_.push_back(graph.names().key(name));
    known_ = token_ != LabelId::kNone && std::all_of(keys_.begin(), keys_.end(), [](KeyId k) { return k.valid(); });
    return known_;
  }
  const Index* index() const { return context_.graph->find_index(entity_, token_, keys_); }

  /// Adds the elements that pass the test.
  template <class Test>
  void scan(Test test) {
    const Snapshot& graph = *context_.graph;
    std::vector<uint32_t> ids;
    for (uint32_t at = 0; at < graph.element_limit(entity_);) {
      context_.check();
      ids.clear();
      at = graph.scan_token(entity_, token_, at, context_.batch_size, ids);
      for (const uint32_t id : ids) {
        if (test(id)) found_.push_back(id);
      }
    }
  }

  ExecContext& context_;
  const EntityType entity_;
  const std::string& token_name_;
  const std::vector<std::string> key_names_;
  uint32_t token_ = LabelId::kNone;
  std::vector<KeyId> keys_;
  bool known_ = false;
};

class SeekFinder final : public IndexFinder {
 public:
  SeekFinder(const IndexSeekOp& op, ExecContext& context)
      : IndexFinder(op.entity, op.label, op.keys, context), op_(op) {}

  void begin(const Batch& in) override {
    columns_.clear();
    for (const ExprPtr& value : op_.values) columns_.push_back(evaluate(*value, in, context_));
    resolve();
  }

  void open(size_t row) override {
    reset();
    if (!known_) return;
    if (op_.in_list) {
      find_any(columns_[0]->get(row));
      return;
    }
    List values;
    for (const VectorPtr& column : columns_) {
      values.push_back(column->get(row));
      if (!equals_itself(values.back())) return;
    }
    find(values);
  }

 private:
  /// False for null, NaN, and lists with one of them inside: they equal nothing.
  static bool equals_itself(const Value& value) { return certainly(Value::equals(value, value)); }

  void find(const List& values) {
    const Snapshot& graph = *context_.graph;
    const Index* used = index();
    if (used != nullptr && values.size() < keys_.size()) {
      used->prefix(values, found_);
    } else if (used != nullptr && values.size() == keys_.size()) {
      used->find(values.size() == 1 ? values[0] : Value(values), found_);
    } else {
      scan([&](uint32_t element) {
        for (size_t i = 0; i < values.size(); ++i) {
          if (!certainly(Value::equals(graph.property(entity_, element, keys_[i]), values[i]))) return false;
        }
        return true;
      });
    }
  }

  void find_any(const Value& list) {
    if (list.is_null()) return;
    if (!list.is_list()) {  // fails as IN does, if there is anything that it would be computed for
      scan([&](uint32_t) {
        return evaluate_binary(ExprKind::In, Value(), list, op_.values[0]->span, context_).is_null();
      });
      return;
    }
    for (const Value& item : list.as_list()) {
      context_.check();
      if (equals_itself(item)) find({item});
    }
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  }

  const IndexSeekOp& op_;
  std::vector<VectorPtr> columns_;
};

class RangeFinder final : public IndexFinder {
 public:
  RangeFinder(const IndexRangeOp& op, ExecContext& context)
      : IndexFinder(op.entity, op.label, {op.key}, context), op_(op) {}

  void begin(const Batch& in) override {
    low_ = evaluate_if(op_.low, in);
    high_ = evaluate_if(op_.high, in);
    prefix_ = evaluate_if(op_.prefix, in);
    resolve();
  }

  void open(size_t row) override {
    reset();
    if (!known_) return;
    if (prefix_ != nullptr) {
      find_prefix(prefix_->get(row));
      return;
    }
    std::optional<Value> low, high;
    if (low_ != nullptr) low = low_->get(row);
    if (high_ != nullptr) high = high_->get(row);
    // A bound that is null compares with nothing, and bounds of two kinds leave nothing between them.
    if (low && !certainly(Value::less_or_equal(*low, *low))) return;
    if (high && !certainly(Value::less_or_equal(*high, *high))) return;
    if (low && high && !Value::less(*low, *high).has_value()) return;
    const Snapshot& graph = *context_.graph;
    const auto inside = [&](uint32_t element) {
      const Value v = graph.property(entity_, element, keys_[0]);
      return (!low || certainly(op_.low_inclusive ? Value::less_or_equal(*low, v) : Value::less(*low, v))) &&
             (!high || certainly(op_.high_inclusive ? Value::less_or_equal(v, *high) : Value::less(v, *high)));
    };
    const Index* used = index();
    if (used == nullptr) {
      scan(inside);
      return;
    }
    used->range(low, op_.low_inclusive, high, op_.high_inclusive, found_);
    // The order of an index spans kinds that do not compare; what does not compare with a bound is not inside.
    std::erase_if(found_, [&](uint32_t element) { return !inside(element); });
  }

 private:
  VectorPtr evaluate_if(const ExprPtr& expr, const Batch& in) const {
    return expr != nullptr ? evaluate(*expr, in, context_) : nullptr;
  }

  void find_prefix(const Value& prefix) {
    if (!prefix.is_string()) return;  // what is no string begins with nothing
    const auto begins = [&](const Value& v) { return v.is_string() && v.as_string().starts_with(prefix.as_string()); };
    const Index* used = index();
    if (used == nullptr) {
      scan([&](uint32_t element) { return begins(context_.graph->property(entity_, element, keys_[0])); });
      return;
    }
    used->scan([&](const Value& v) { return Value::order(v, prefix) < 0; },
               [&](const OrderedPage::Entry& entry) {
                 if (!begins(entry.value)) return false;
                 found_.push_back(entry.node);
                 return true;
               });
  }

  const IndexRangeOp& op_;
  VectorPtr low_;
  VectorPtr high_;
  VectorPtr prefix_;
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
    if (context_.graph->has_node(node)) found_.push_back(node.value);
  }

 private:
  const NodeByIdOp& op_;
  ExecContext& context_;
  VectorPtr ids_;
};

template <class Finder, class Op, class Source>
OperatorPtr make_source(const Op& op, const Source& source, VectorType type, OperatorParts parts) {
  auto finder = std::make_unique<Finder>(source, parts.context);
  return std::make_unique<SourceOperator>(op.var, type, std::move(finder), std::move(parts));
}

VectorType vector_type(EntityType entity) {
  return entity == EntityType::Node ? VectorType::Node : VectorType::Relationship;
}

}  // namespace

OperatorPtr make_operator(const NodeScanOp& op, OperatorParts parts) {
  if (!op.counts.empty()) return make_counted_scan(op, std::move(parts));
  auto finder = std::make_unique<ScanFinder>(op, parts.consumers, parts.context);
  return std::make_unique<SourceOperator>(op.var, VectorType::Node, std::move(finder), std::move(parts));
}
OperatorPtr make_operator(const IndexSeekOp& op, OperatorParts parts) {
  return make_source<SeekFinder>(op, op, vector_type(op.entity), std::move(parts));
}
OperatorPtr make_operator(const IndexRangeOp& op, OperatorParts parts) {
  return make_source<RangeFinder>(op, op, vector_type(op.entity), std::move(parts));
}
OperatorPtr make_operator(const NodeByIdOp& op, OperatorParts parts) {
  return make_source<IdFinder>(op, op, VectorType::Node, std::move(parts));
}

}  // namespace entente
