#include <algorithm>
#include <limits>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"
#include "entente/query/procedures.h"

namespace entente {

namespace {

constexpr uint64_t kMostRows = std::numeric_limits<uint64_t>::max();

ValueKind value_kind(VectorType kind) { return kind == VectorType::Node ? ValueKind::Node : ValueKind::Relationship; }

}  // namespace

// ---- IdReader ----

IdReader::IdReader(const Batch& batch, VarId var, VectorType kind) : kind_(kind) {
  if (!batch.has(var)) {
    throw Error("InternalError", "MissingColumn", Phase::Runtime,
                "the plan reads variable " + std::to_string(var) + ", which its input does not give");
  }
  column_ = &batch.columns[var];
  if (column_->data->type() != kind) return;
  ids_ = column_->data->ids.data();
  selection_ = column_->selection ? column_->selection->data() : nullptr;
  constant_ = column_->data->is_constant();
}

void IdReader::read(size_t rows, std::vector<uint32_t>& ids) const {
  ids.resize(rows);
  if (ids_ == nullptr) {
    for (size_t row = 0; row < rows; ++row) ids[row] = slow(row);
  } else if (constant_) {
    std::fill(ids.begin(), ids.end(), ids_[0]);
  } else if (selection_ == nullptr) {
    std::copy_n(ids_, rows, ids.begin());
  } else {
    for (size_t row = 0; row < rows; ++row) ids[row] = ids_[selection_[row]];
  }
}

void IdReader::read(const std::vector<uint32_t>& rows, std::vector<uint32_t>& ids) const {
  ids.resize(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) ids[i] = (*this)(rows[i]);
}

uint32_t IdReader::slow(size_t row) const {
  const size_t at = column_->row(row);
  if (column_->data->is_null(at)) return NodeId::kNone;
  const Value value = column_->data->get(at);
  if (value.kind() != value_kind(kind_)) {
    throw Error::type("InvalidArgumentType", "expected a " + std::string(kind_name(value_kind(kind_))) +
                                                 " in the pattern, found " + std::string(kind_name(value.kind())));
  }
  return kind_ == VectorType::Node ? value.as_node().value : value.as_relationship().value;
}

// ---- columns and rows ----

VectorPtr id_vector(VectorType kind, std::vector<uint32_t> ids) {
  auto vector = std::make_shared<Vector>(kind);
  const size_t size = ids.size();
  vector->ids = std::move(ids);
  vector->set_size(size, false);
  return vector;
}

VectorPtr integer_vector(LargeVector<int64_t> integers) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  const size_t size = integers.size();
  vector->ints = std::move(integers);
  vector->set_size(size, false);
  return vector;
}

BatchColumn column_of(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (expr.kind == ExprKind::Variable && batch.has(expr.var)) return batch.columns[expr.var];
  return {evaluate(expr, batch, context), nullptr};
}

Batch same_rows(const Batch& batch, const ExecContext& context) {
  Batch out(batch.columns.size());
  out.rows = batch.rows;
  out.multiplicity = batch.multiplicity;
  for (const auto& [var, column] : batch.columns) {
    if (var >= context.variable_count) out.columns.set(var, column);
  }
  return out;
}

Batch single_row(const Batch& batch, size_t row) {
  Batch out = batch.select(std::make_shared<const Selection>(1, static_cast<uint32_t>(row)));
  out.multiplicity.clear();
  return out;
}

void fail_too_many_rows() {
  throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
              "the pattern has more matches than a 64-bit count can hold");
}

uint64_t multiply_rows(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) fail_too_many_rows();
  return product;
}

void multiply_batch(Batch& batch, const std::vector<uint64_t>& factors) {
  if (std::all_of(factors.begin(), factors.end(), [](uint64_t f) { return f == 1; })) return;
  if (batch.multiplicity.empty()) {
    batch.multiplicity = factors;
    return;
  }
  for (size_t i = 0; i < batch.rows; ++i) batch.multiplicity[i] = multiply_rows(batch.multiplicity[i], factors[i]);
}

VectorPtr true_or_null(std::vector<uint8_t> found) {
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  const size_t size = found.size();
  const bool has_nulls = std::find(found.begin(), found.end(), 0) != found.end();
  if (has_nulls) {
    vector->nulls.resize(size);
    for (size_t i = 0; i < size; ++i) vector->nulls[i] = found[i] == 0 ? 1 : 0;
  }
  vector->booleans = std::move(found);
  vector->set_size(size, has_nulls);
  return vector;
}

uint64_t expanded_rows(const Batch& batch) {
  if (batch.multiplicity.empty()) return batch.rows;
  uint64_t total = 0;
  for (const uint64_t times : batch.multiplicity) {
    if (__builtin_add_overflow(total, times, &total)) return kMostRows;
  }
  return total;
}

Batch slice_expanded(const Batch& batch, uint64_t skip, uint64_t take) {
  Selection rows;
  std::vector<uint64_t> times;
  for (size_t i = 0; i < batch.rows && take > 0; ++i) {
    uint64_t here = batch.times(i);
    const uint64_t dropped = std::min(here, skip);
    skip -= dropped;
    here = std::min(here - dropped, take);
    take -= here;
    if (here == 0) continue;
    rows.push_back(static_cast<uint32_t>(i));
    times.push_back(here);
  }
  Batch out = batch.select(std::make_shared<const Selection>(std::move(rows)));
  if (!batch.multiplicity.empty()) out.multiplicity = std::move(times);
  return out;
}

size_t held_bytes(const Batch& batch) {
  size_t bytes = sizeof(Batch) + batch.multiplicity.size() * sizeof(uint64_t);
  for (const auto& [var, column] : batch.columns) {
    switch (column.data->type()) {
      case VectorType::Node:
      case VectorType::Relationship:
        bytes += batch.rows * sizeof(uint32_t);
        break;
      case VectorType::Integer:
      case VectorType::Float:
      case VectorType::Date:
        bytes += batch.rows * sizeof(int64_t);
        break;
      case VectorType::String:
        bytes += batch.rows * sizeof(std::string_view);
        break;
      case VectorType::Boolean:
        bytes += batch.rows;
        break;
      case VectorType::Value:
        bytes += batch.rows * sizeof(Value);
        if (column.data->is_constant()) {
          if (column.data->size() > 0) bytes += column.data->get(0).heap_bytes();
        } else {
          for (size_t i = 0; i < batch.rows; ++i) bytes += column.data->values[column.row(i)].heap_bytes();
        }
        break;
    }
  }
  return bytes;
}

std::vector<VarId> present_columns(const Batch& batch) {
  std::vector<VarId> vars;
  for (const auto& [var, column] : batch.columns) vars.push_back(var);
  return vars;
}

// ---- names ----

std::vector<TypeId> resolve_types(const std::vector<std::string>& names, const Snapshot& graph) {
  std::vector<TypeId> types;
  if (names.empty()) {
    for (uint32_t i = 0; i < graph.type_limit(); ++i) types.emplace_back(i);
    return types;
  }
  for (const std::string& name : names) {
    const TypeId type = graph.names().type(name);
    if (type.valid() && type.value < graph.type_limit()) types.push_back(type);
  }
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

std::vector<RelationshipList> relationship_lists(const std::vector<std::string>& names, Direction direction,
                                                 const Snapshot& graph) {
  std::vector<RelationshipList> lists;
  for (const TypeId type : resolve_types(names, graph)) {
    if (direction != Direction::In) lists.push_back({type, Direction::Out});
    if (direction != Direction::Out) lists.push_back({type, Direction::In});
  }
  return lists;
}

void find_between(const Snapshot& graph, const RelationshipList& list, uint32_t from, uint32_t to,
                  std::vector<RelId>& out) {
  const Direction other = opposite(list.direction);
  const Adjacency& forward = graph.adjacency(list.type, list.direction);
  const Adjacency& backward = graph.adjacency(list.type, other);
  if (degree(forward, NodeId(from)) <= degree(backward, NodeId(to))) {
    find_neighbour(forward, NodeId(from), NodeId(to), &out);
  } else {
    find_neighbour(backward, NodeId(to), NodeId(from), &out);
  }
}

// ---- counts, limits ----

uint64_t evaluate_row_count(const Expr& expr, const char* clause, ExecContext& context) {
  const Value value = evaluate_constant(expr, context);
  if (!value.is_integer()) {
    throw Error("SyntaxError", "InvalidArgumentType", Phase::Runtime,
                std::string(clause) + " needs a non-negative integer, not " + value.to_short_literal(), expr.span);
  }
  if (value.as_integer() < 0) {
    throw Error("SyntaxError", "NegativeIntegerArgument", Phase::Runtime,
                std::string(clause) + " needs a non-negative integer, not " + value.to_literal(), expr.span);
  }
  return static_cast<uint64_t>(value.as_integer());
}

void MemoryHold::add(size_t bytes) {
  bytes_ += bytes;
  context_.account(static_cast<ptrdiff_t>(bytes));
}

void MemoryHold::set(size_t bytes) {
  if (bytes > bytes_) {
    add(bytes - bytes_);
  } else if (bytes < bytes_) {
    const size_t less = bytes_ - bytes;
    bytes_ = bytes;
    context_.account(-static_cast<ptrdiff_t>(less));
  }
}

void MemoryHold::release() {
  if (bytes_ == 0) return;
  context_.account(-static_cast<ptrdiff_t>(bytes_));
  bytes_ = 0;
}

bool RowExpander::next(Operator& input, Batch& out, size_t batch_size) {
  if (row_ >= in_.rows) {
    row_ = 0;
    if (!input.next(in_)) {
      in_ = Batch();  // what an input leaves behind at its end is not to be read
      return false;
    }
    left_ = in_.times(0);
    if (in_.multiplicity.empty()) {
      row_ = in_.rows;
      out = std::move(in_);
      in_ = Batch();
      row_ = 0;
      return true;
    }
  }
  Selection rows;
  while (row_ < in_.rows && rows.size() < batch_size) {
    const size_t part = static_cast<size_t>(std::min<uint64_t>(left_, batch_size - rows.size()));
    rows.insert(rows.end(), part, static_cast<uint32_t>(row_));
    left_ -= part;
    if (left_ == 0 && ++row_ < in_.rows) left_ = in_.times(row_);
  }
  out = in_.select(std::make_shared<const Selection>(std::move(rows)));
  out.multiplicity.clear();
  return true;
}

// ---- plans ----

namespace {

/// What one operator does to the rows that pass through it.
class TraitsVisitor {
 public:
  TraitsVisitor(PlanTraits& traits, const ExecContext& context) : traits_(traits), context_(context) {}

  template <class Op>
  void operator()(const Op&) {}

  void operator()(const AggregateOp& op) {
    if (op.keys.empty() && !op.by_row) mixes();
  }
  void operator()(const SortOp& op) {
    if (op.limit != nullptr) mixes();
    traits_.keeps_order = false;
  }
  void operator()(const SkipOp&) { mixes(); }
  void operator()(const LimitOp&) { mixes(); }
  void operator()(const UnionOp& op) {
    for (const PlanPtr& branch : op.branches) {
      const PlanTraits inner = plan_traits(*branch, context_);
      traits_.writes |= inner.writes;
      traits_.keeps_rows &= inner.keeps_rows;
    }
    traits_.keeps_order = false;
  }
  void operator()(const CombineRowsOp&) { mixes(); }
  void operator()(const VarExpandOp& op) {
    if (op.ends == PathEnds::Once) mixes();
  }
  void operator()(const OptionalOp& op) { traits_.writes |= plan_traits(*op.inner, context_).writes; }
  void operator()(const CallSubqueryOp& op) {
    const PlanTraits inner = plan_traits(*op.inner, context_);
    if (inner.writes) writes();
  }
  void operator()(const ForeachOp&) { writes(); }
  void operator()(const CreateOp&) { writes(); }
  void operator()(const MergeOp&) { writes(); }
  void operator()(const SetOp&) { writes(); }
  void operator()(const RemoveOp&) { writes(); }
  void operator()(const DeleteOp&) { writes(); }
  void operator()(const CallProcedureOp& op) {
    const Procedure* procedure = context_.procedures != nullptr ? context_.procedures->find(op.procedure) : nullptr;
    if (procedure != nullptr && procedure->signature.writes) writes();
  }

 private:
  void mixes() { traits_.keeps_rows = false; }
  void writes() {
    traits_.writes = true;
    traits_.keeps_rows = false;
  }

  PlanTraits& traits_;
  const ExecContext& context_;
};

}  // namespace

PlanTraits plan_traits(const Plan& plan, const ExecContext& context) {
  PlanTraits traits;
  TraitsVisitor visitor(traits, context);
  for (const Plan* p = &plan; p != nullptr; p = p->input.get()) std::visit(visitor, p->op);
  return traits;
}

}  // namespace entente
