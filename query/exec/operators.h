// Internal to query/exec: what makes each kind of operator, and what operators share.
//
// Every operator that builds a new batch keeps the hidden columns: those past the statement's variables
// (index >= context.variable_count), which inner plans use to find the way back to the outer rows (see inner_runner.h).
// Names of labels, types and keys are looked up anew for each input batch, because a clause before may just have
// created them; and the graph is always read through the context, because a writing statement changes it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entente/core/chunked_vector.h"
#include "entente/core/discard.h"
#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"
#include "entente/query/exec/operator.h"
#include "entente/query/exec/parallel.h"
#include "entente/query/plan/plan.h"

namespace entente {

using OperatorPtr = std::unique_ptr<Operator>;

/// What an operator is built from. `input` is null for a leaf.
struct OperatorParts {
  const Plan& plan;
  OperatorPtr input;
  ExecContext& context;
  ArgumentSource& argument;
  std::unique_ptr<Workers> workers = nullptr;   // instead of `input`, where several threads are to work
  std::span<const Plan* const> consumers = {};  // the operators above, the nearest first
};

OperatorPtr make_operator(const ArgumentOp& op, OperatorParts parts);
OperatorPtr make_operator(const NodeScanOp& op, OperatorParts parts);
OperatorPtr make_operator(const IndexSeekOp& op, OperatorParts parts);
OperatorPtr make_operator(const IndexRangeOp& op, OperatorParts parts);
OperatorPtr make_operator(const NodeByIdOp& op, OperatorParts parts);
OperatorPtr make_operator(const ExpandOp& op, OperatorParts parts);
OperatorPtr make_operator(const VarExpandOp& op, OperatorParts parts);
OperatorPtr make_operator(const PathSearchOp& op, OperatorParts parts);
OperatorPtr make_operator(const BoundRelationshipOp& op, OperatorParts parts);
OperatorPtr make_operator(const UniqueRelationshipsOp& op, OperatorParts parts);
OperatorPtr make_operator(const BuildPathOp& op, OperatorParts parts);
OperatorPtr make_operator(const FilterOp& op, OperatorParts parts);
OperatorPtr make_operator(const ProjectOp& op, OperatorParts parts);
OperatorPtr make_operator(const AggregateOp& op, OperatorParts parts);
OperatorPtr make_operator(const DistinctOp& op, OperatorParts parts);
OperatorPtr make_operator(const CombineRowsOp& op, OperatorParts parts);
OperatorPtr make_operator(const CountJoinOp& op, OperatorParts parts);
OperatorPtr make_operator(const SortOp& op, OperatorParts parts);
OperatorPtr make_operator(const SkipOp& op, OperatorParts parts);
OperatorPtr make_operator(const LimitOp& op, OperatorParts parts);
OperatorPtr make_operator(const UnwindOp& op, OperatorParts parts);
OperatorPtr make_operator(const UnionOp& op, OperatorParts parts);
OperatorPtr make_operator(const OptionalOp& op, OperatorParts parts);
OperatorPtr make_operator(const CallSubqueryOp& op, OperatorParts parts);
OperatorPtr make_operator(const LoadCsvOp& op, OperatorParts parts);
OperatorPtr make_operator(const ForeachOp& op, OperatorParts parts);
OperatorPtr make_operator(const CreateOp& op, OperatorParts parts);
OperatorPtr make_operator(const MergeOp& op, OperatorParts parts);
OperatorPtr make_operator(const SetOp& op, OperatorParts parts);
OperatorPtr make_operator(const RemoveOp& op, OperatorParts parts);
OperatorPtr make_operator(const DeleteOp& op, OperatorParts parts);
OperatorPtr make_operator(const BarrierOp& op, OperatorParts parts);
OperatorPtr make_operator(const CallProcedureOp& op, OperatorParts parts);
OperatorPtr make_operator(const ResultOp& op, OperatorParts parts);

// ---- columns and rows ----

/// Reads the ids of a node or relationship column row by row; null is StrongId::kNone. Throws
/// TypeError.InvalidArgumentType at a value of another kind. The batch must stay.
class IdReader {
 public:
  IdReader() = default;
  /// `kind` is VectorType::Node or VectorType::Relationship.
  IdReader(const Batch& batch, VarId var, VectorType kind);

  uint32_t operator()(size_t row) const {
    if (ids_ == nullptr) return slow(row);
    return ids_[constant_ ? 0 : (selection_ != nullptr ? selection_[row] : row)];
  }
  /// Of all rows, of which there are `rows`, or of those given.
  void read(size_t rows, std::vector<uint32_t>& ids) const;
  void read(const std::vector<uint32_t>& rows, std::vector<uint32_t>& ids) const;

 private:
  uint32_t slow(size_t row) const;

  const BatchColumn* column_ = nullptr;
  const uint32_t* ids_ = nullptr;  // null: values that are looked at one by one
  const uint32_t* selection_ = nullptr;
  bool constant_ = false;
  VectorType kind_ = VectorType::Node;
};

/// The value, or null if the batch does not have the variable.
inline Value value_at(const Batch& batch, VarId var, size_t row) {
  return batch.has(var) ? batch.get(var, row) : Value();
}

/// A vector of ids, none of them null.
VectorPtr id_vector(VectorType kind, std::vector<uint32_t> ids);
/// A vector of integers, none of them null.
VectorPtr integer_vector(LargeVector<int64_t> integers);

/// The column that an expression gives: that of the batch if it is a plain variable, else evaluated.
BatchColumn column_of(const Expr& expr, const Batch& batch, ExecContext& context);

/// An empty batch of the same rows, multiplicities and hidden columns.
Batch same_rows(const Batch& batch, const ExecContext& context);

/// `batch` with only the row given, standing for one row.
Batch single_row(const Batch& batch, size_t row);

/// Throws ArithmeticError.IntegerOverflow: more rows than can be counted.
[[noreturn]] void fail_too_many_rows();
/// a * b, or fails with too many rows.
uint64_t multiply_rows(uint64_t a, uint64_t b);
/// Multiplies the rows of the batch by `factors`, one for each row.
void multiply_batch(Batch& batch, const std::vector<uint64_t>& factors);

/// How many rows stand for one from which `count` relationships lead on.
inline uint64_t times_of(ExpandMatch match, uint64_t count) {
  switch (match) {
    case ExpandMatch::All:
      return count;
    case ExpandMatch::Optional:
      return std::max<uint64_t>(count, 1);
    case ExpandMatch::Exists:
      return count > 0 ? 1 : 0;
    case ExpandMatch::None:
      return count > 0 ? 0 : 1;
  }
  return count;
}
/// A boolean vector: true where `found` is not 0, else null.
VectorPtr true_or_null(std::vector<uint8_t> found);

/// How many rows the batch stands for; the largest number if that overflows.
uint64_t expanded_rows(const Batch& batch);
/// The part [skip, skip + take) of the rows that the batch stands for.
Batch slice_expanded(const Batch& batch, uint64_t skip, uint64_t take);

/// About how many bytes the rows of a batch take if copied out of it.
size_t held_bytes(const Batch& batch);

/// The variables (and hidden columns) that the batch has.
std::vector<VarId> present_columns(const Batch& batch);

// ---- names ----

/// The known ones of the types named, or all types if none is named; sorted, each once.
std::vector<TypeId> resolve_types(const std::vector<std::string>& names, const Snapshot& graph);

/// A list of relationships of a node: a type seen from one side.
struct RelationshipList {
  TypeId type;
  Direction direction;  // Out or In
};
/// In order of type, Out before In.
std::vector<RelationshipList> relationship_lists(const std::vector<std::string>& names, Direction direction,
                                                 const Snapshot& graph);

/// Appends the relationships from `from` to `to` in one list, looking in the smaller one of the two nodes'.
void find_between(const Snapshot& graph, const RelationshipList& list, uint32_t from, uint32_t to,
                  std::vector<RelId>& out);

// ---- counts, limits ----

/// What the vector has, in one piece; it is empty afterwards.
template <class T>
std::vector<T> join(ChunkedVector<T>& vector, ExecContext& context) {
  Filling<std::vector<LargeVector<T>>> rest(vector.take_chunks());
  Filling<std::vector<T>> all;
  all->reserve(rest->empty() ? 0 : vector.kChunk * (rest->size() - 1) + rest->back().size());
  for (LargeVector<T>& chunk : *rest) {
    context.work(chunk.size());
    all->insert(all->end(), std::make_move_iterator(chunk.begin()), std::make_move_iterator(chunk.end()));
    chunk = {};
  }
  return all.take();
}

/// The value of SKIP or LIMIT. Throws SyntaxError.NegativeIntegerArgument or InvalidArgumentType at run time.
uint64_t evaluate_row_count(const Expr& expr, const char* clause, ExecContext& context);

/// Bytes counted against the statement's budget until this is gone.
class MemoryHold {
 public:
  explicit MemoryHold(ExecContext& context) : context_(context) {}
  ~MemoryHold() { release(); }
  MemoryHold(const MemoryHold&) = delete;
  MemoryHold& operator=(const MemoryHold&) = delete;
  void add(size_t bytes);
  /// Counts exactly so many.
  void set(size_t bytes);
  void release();
  size_t bytes() const { return bytes_; }

 private:
  ExecContext& context_;
  size_t bytes_ = 0;
};

/// Gives the rows of an operator one by one as often as their multiplicity says, in batches of bounded size.
class RowExpander {
 public:
  bool next(Operator& input, Batch& out, size_t batch_size);

 private:
  Batch in_;
  size_t row_ = 0;
  uint64_t left_ = 0;  // of the current row
};

// ---- plans ----

struct PlanTraits {
  bool writes = false;
  bool keeps_rows =
      true;  // hidden columns pass through to the rows they belong to, and rows do not depend on other rows
  bool keeps_order = true;  // rows come in the order of the rows handed in
};
PlanTraits plan_traits(const Plan& plan, const ExecContext& context);

}  // namespace entente
