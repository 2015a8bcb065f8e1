// Operators over relationships that are bound already: fitting them to a pattern, keeping them distinct, building
// paths.
#include <algorithm>
#include <unordered_set>

#include "entente/query/exec/operators.h"

namespace entente {

namespace {

/// The relationships in a value: one, or a list of them; false if it is null. Throws TypeError.InvalidArgumentType if
/// it is anything else.
bool relationships_of(const Value& value, std::vector<uint32_t>& out) {
  out.clear();
  if (value.is_null()) return false;
  if (value.is_relationship()) {
    out.push_back(value.as_relationship().value);
    return true;
  }
  if (!value.is_list()) {
    throw Error::type("InvalidArgumentType", "expected a RELATIONSHIP or a list of them in the pattern, found " +
                                                 std::string(kind_name(value.kind())));
  }
  for (const Value& item : value.as_list()) {
    if (item.is_null()) return false;
    if (!item.is_relationship()) {
      throw Error::type("InvalidArgumentType", "expected a list of RELATIONSHIPs in the pattern, found one with " +
                                                   std::string(kind_name(item.kind())));
    }
    out.push_back(item.as_relationship().value);
  }
  return true;
}

class BoundRelationshipOperator final : public Operator {
 public:
  BoundRelationshipOperator(const BoundRelationshipOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      if (!input_->next(in_)) return false;
      fit_batch();
      if (parents_.empty()) continue;
      out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
      if (!from_bound_) out.set(op_.from, id_vector(VectorType::Node, std::move(froms_)));
      if (!to_bound_) out.set(op_.to, id_vector(VectorType::Node, std::move(tos_)));
      parents_.clear();
      froms_.clear();
      tos_.clear();
      return true;
    }
  }

 private:
  void fit_batch() {
    types_ = resolve_types(op_.types, *context_.graph);
    // Where both ends are one variable, it is bound or not as a whole.
    const bool loop = op_.from == op_.to;
    from_bound_ = loop ? in_.has(op_.from) : op_.from_bound;
    to_bound_ = loop ? from_bound_ : op_.to_bound;
    if (from_bound_) from_ = IdReader(in_, op_.from, VectorType::Node);
    if (to_bound_) to_ = IdReader(in_, op_.to, VectorType::Node);
    for (row_ = 0; row_ < in_.rows; ++row_) {
      if (!relationships_of(value_at(in_, op_.rel, row_), rels_) || !fits_length() || !fits_types()) continue;
      if (from_bound_) {
        if (from_(row_) != NodeId::kNone) walk(from_(row_));
      } else {
        walk_from_anywhere();
      }
    }
  }

  bool fits_length() const {
    if (!op_.variable_length) return rels_.size() == 1;
    return rels_.size() >= op_.min && (!op_.max || rels_.size() <= *op_.max);
  }

  bool fits_types() {
    seen_.clear();
    for (const uint32_t rel : rels_) {
      if (!context_.graph->has_relationship(RelId(rel)) || !seen_.insert(rel).second) return false;
      if (op_.types.empty()) continue;
      if (!std::binary_search(types_.begin(), types_.end(), context_.graph->relationship(RelId(rel)).type))
        return false;
    }
    return true;
  }

  void walk_from_anywhere() {
    if (!rels_.empty()) {
      const Relationship first = context_.graph->relationship(RelId(rels_.front()));
      if (op_.direction != Direction::In) walk(first.source.value);
      const bool other =
          op_.direction == Direction::In || (op_.direction == Direction::Both && first.source != first.target);
      if (other) walk(first.target.value);
    } else if (to_bound_) {
      if (to_(row_) != NodeId::kNone) walk(to_(row_));
    } else {
      std::vector<uint32_t> nodes;
      for (uint32_t at = 0; at < context_.graph->node_limit();) {
        context_.check();
        nodes.clear();
        at = context_.graph->scan_nodes(at, context_.batch_size, nodes);
        for (const uint32_t node : nodes) walk(node);
      }
    }
  }

  /// Follows the relationships from a node; a row comes of it if they connect and end where they must.
  void walk(uint32_t from) {
    uint32_t at = from;
    for (const uint32_t rel : rels_) {
      const Relationship r = context_.graph->relationship(RelId(rel));
      const bool out = r.source.value == at && op_.direction != Direction::In;
      const bool in = r.target.value == at && op_.direction != Direction::Out;
      if (!out && !in) return;
      at = out ? r.target.value : r.source.value;
    }
    if (to_bound_ ? to_(row_) != at : (op_.from == op_.to && from != at)) return;
    parents_.push_back(static_cast<uint32_t>(row_));
    if (!from_bound_) froms_.push_back(from);
    if (!to_bound_) tos_.push_back(at);
  }

  const BoundRelationshipOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  Batch in_;
  size_t row_ = 0;
  bool from_bound_ = false;
  bool to_bound_ = false;
  IdReader from_;
  IdReader to_;
  std::vector<TypeId> types_;
  std::vector<uint32_t> rels_;
  std::unordered_set<uint32_t> seen_;
  Selection parents_;
  std::vector<uint32_t> froms_;
  std::vector<uint32_t> tos_;
};

class UniqueRelationshipsOperator final : public Operator {
 public:
  UniqueRelationshipsOperator(const UniqueRelationshipsOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      Selection rows(in.rows);
      for (size_t i = 0; i < in.rows; ++i) rows[i] = static_cast<uint32_t>(i);
      for (const VarId other : op_.others) {
        if (single(in, op_.rel) && single(in, other)) {
          keep_unequal(in, other, rows);
        } else {
          keep_disjoint(in, other, rows);
        }
      }
      if (rows.empty()) continue;
      out = rows.size() == in.rows ? std::move(in) : in.select(std::make_shared<const Selection>(std::move(rows)));
      return true;
    }
  }

 private:
  static bool single(const Batch& in, VarId var) {
    return in.has(var) && in.columns[var].data->type() == VectorType::Relationship;
  }

  void keep_unequal(const Batch& in, VarId other, Selection& rows) const {
    const IdReader a(in, op_.rel, VectorType::Relationship);
    const IdReader b(in, other, VectorType::Relationship);
    std::erase_if(rows, [&](uint32_t row) { return a(row) == b(row) && a(row) != RelId::kNone; });
  }

  void keep_disjoint(const Batch& in, VarId other, Selection& rows) {
    std::erase_if(rows, [&](uint32_t row) {
      if (!relationships_of(value_at(in, op_.rel, row), left_) || !relationships_of(value_at(in, other, row), right_))
        return false;
      if (left_.size() > right_.size()) std::swap(left_, right_);
      if (left_.size() <= kSearchDirectly) {
        return std::any_of(left_.begin(), left_.end(),
                           [&](uint32_t rel) { return std::find(right_.begin(), right_.end(), rel) != right_.end(); });
      }
      const std::unordered_set<uint32_t> seen(left_.begin(), left_.end());
      return std::any_of(right_.begin(), right_.end(), [&](uint32_t rel) { return seen.count(rel) != 0; });
    });
  }

  static constexpr size_t kSearchDirectly = 8;

  const UniqueRelationshipsOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::vector<uint32_t> left_;
  std::vector<uint32_t> right_;
};

class BuildPathOperator final : public Operator {
 public:
  BuildPathOperator(const BuildPathOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    if (!input_->next(out)) return false;
    std::vector<Value> paths;
    paths.reserve(out.rows);
    for (size_t row = 0; row < out.rows; ++row) paths.push_back(build(out, row));
    out.set(op_.path, Vector::from_values(std::move(paths)));
    return true;
  }

 private:
  Value build(const Batch& in, size_t row) {
    List elements;
    for (size_t i = 0; i < op_.parts.size(); ++i) {
      const Value part = value_at(in, op_.parts[i], row);
      if (part.is_null()) return Value();
      if (i % 2 == 1) {
        if (!append_relationships(part, elements)) return Value();
      } else if (i == 0) {
        elements.emplace_back(part.as_node());
      }  // later nodes are the ends of the relationships before them
    }
    return Value::path(std::move(elements));
  }

  bool append_relationships(const Value& part, List& elements) {
    if (!relationships_of(part, rels_)) return false;
    for (const uint32_t rel : rels_) {
      if (!context_.graph->has_relationship(RelId(rel))) {
        throw Error("EntityNotFound", "DeletedEntityAccess", Phase::Runtime,
                    "a path cannot be built over a relationship that was deleted in this statement");
      }
      const Relationship r = context_.graph->relationship(RelId(rel));
      const NodeId at = elements.back().as_node();
      elements.emplace_back(RelId(rel));
      elements.emplace_back(r.source == at ? r.target : r.source);
    }
    return true;
  }

  const BuildPathOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::vector<uint32_t> rels_;
};

}  // namespace

OperatorPtr make_operator(const BoundRelationshipOp& op, OperatorParts parts) {
  return std::make_unique<BoundRelationshipOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const UniqueRelationshipsOp& op, OperatorParts parts) {
  return std::make_unique<UniqueRelationshipsOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const BuildPathOp& op, OperatorParts parts) {
  return std::make_unique<BuildPathOperator>(op, std::move(parts));
}

}  // namespace entente
