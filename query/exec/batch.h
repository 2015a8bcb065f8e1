// Batches: what flows between operators, about 2,048 rows at a time.
//
// A Batch has a column for each variable of the statement, by VarId; columns of variables that are not in scope or not
// needed are absent. A column is a shared Vector and an optional selection: filtering and expanding only make a new
// selection and leave the data where it is. Columns that had the same selection share the new one.
//
// Rows carry a multiplicity: a row with multiplicity 3 stands for three equal rows. Operators that cannot work with
// that (`LIMIT`, `collect`, writes, results, …) expand it. A batch is used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "entente/query/exec/vector.h"
#include "entente/query/syntax/ast.h"

namespace entente {

inline constexpr size_t kBatchSize = 2048;

using Selection = std::vector<uint32_t>;
using SelectionPtr = std::shared_ptr<const Selection>;

struct BatchColumn {
  VectorPtr data;          // null: absent
  SelectionPtr selection;  // null: row i is data's row i
  size_t row(size_t i) const { return selection ? (*selection)[i] : i; }
};

/// The columns of a batch by VarId. A statement may have many thousand variables, of which few are there at a time, so
/// only those are stored.
class BatchColumns {
 public:
  struct Entry {
    VarId var;
    BatchColumn column;
  };
  explicit BatchColumns(size_t size) : size_(size) {}

  /// How many columns there may be: as many as the statement has variables, and then the hidden ones.
  size_t size() const { return size_; }
  void resize(size_t size) { size_ = size; }
  size_t present() const { return entries_.size(); }
  void reserve(size_t present) { entries_.reserve(present); }
  /// With no data if it is absent.
  const BatchColumn& operator[](VarId var) const;
  void set(VarId var, BatchColumn column);
  /// One more hidden column.
  void push_back(BatchColumn column) { set(static_cast<VarId>(size_++), std::move(column)); }

  /// Those that are there, in order of their variables.
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
  size_t size_;
};

struct Batch {
  size_t rows = 0;
  BatchColumns columns;
  std::vector<uint64_t> multiplicity;  // empty: all 1

  explicit Batch(size_t variable_count = 0) : columns(variable_count) {}

  bool has(VarId var) const { return columns[var].data != nullptr; }
  Value get(VarId var, size_t row) const {
    const BatchColumn& column = columns[var];
    return column.data->get(column.row(row));
  }
  /// Node or relationship id; kNone for null. The column must be of that type or hold such values.
  uint32_t id(VarId var, size_t row) const;
  uint64_t times(size_t row) const { return multiplicity.empty() ? 1 : multiplicity[row]; }
  void set(VarId var, VectorPtr data) { columns.set(var, {std::move(data), nullptr}); }

  /// The batch of the given rows, in that order; a row may be repeated.
  Batch select(const SelectionPtr& rows) const;
  /// A dense vector of the column, with the selection applied.
  VectorPtr flatten(VarId var) const;
  /// Repeats each row as often as its multiplicity says, in parts of at most kBatchSize rows each.
  std::vector<Batch> expand_multiplicity() const;

  size_t bytes() const;
};

/// Gathers rows of many batches into one, for operators that hold rows. Only the given variables are kept.
class BatchBuilder {
 public:
  /// `expected`: for how many rows there is to be room from the start.
  BatchBuilder(size_t variable_count, std::vector<VarId> vars, size_t expected = 0);
  void append(const Batch& batch, size_t row);
  void append(const Batch& batch);
  size_t rows() const { return rows_; }
  Batch finish();

 private:
  size_t variable_count_;
  std::vector<VarId> vars_;
  std::vector<std::shared_ptr<Vector>> data_;  // by place in vars_; null as long as no batch had the variable
  std::vector<uint64_t> multiplicity_;
  size_t rows_ = 0;
  size_t expected_;
};

}  // namespace entente
