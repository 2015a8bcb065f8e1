// Batches: what flows between operators, about 2,048 rows at a time.
//
// A Vector holds the values of one variable, typed where they are all of one type. A Batch has a column for each
// variable of the statement, by VarId; columns of variables that are not in scope or not needed are absent. A column is
// a shared vector and an optional selection: filtering and expanding only make a new selection and leave the data where
// it is. Columns that had the same selection share the new one.
//
// Rows carry a multiplicity: a row with multiplicity 3 stands for three equal rows. Operators that cannot work with
// that
// (`LIMIT`, `collect`, writes, results, …) expand it.
// Vectors are immutable once they are in a batch. A batch is used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/value.h"
#include "entente/query/syntax/ast.h"

namespace entente {

inline constexpr size_t kBatchSize = 2048;

enum class VectorType : uint8_t { Node, Relationship, Integer, Float, Boolean, Value };

class Vector {
 public:
  explicit Vector(VectorType type = VectorType::Value) : type_(type) {}
  /// The same value `size` times, stored once.
  static std::shared_ptr<const Vector> constant(Value value, size_t size);
  /// From values, typed if they allow it.
  static std::shared_ptr<const Vector> from_values(std::vector<Value> values);

  VectorType type() const { return type_; }
  size_t size() const { return size_; }
  bool is_constant() const { return constant_; }
  bool has_nulls() const { return has_nulls_; }

  Value get(size_t row) const;
  bool is_null(size_t row) const;
  void push(const Value& value);  // becomes a Value vector if the type does not fit
  void push_null();
  /// push(source.get(row)), without making a value where the types agree.
  void push_from(const Vector& source, size_t row);
  void reserve(size_t rows);

  // Raw data, by type; `at(row)` minds constants. Node, Relationship: `ids`, null is StrongId::kNone.
  // Integer, Float, Boolean: `ints`, `floats`, `booleans` with `nulls` (empty if there are none; else 1 where null).
  std::vector<uint32_t> ids;
  std::vector<int64_t> ints;
  std::vector<double> floats;
  std::vector<uint8_t> booleans;
  std::vector<uint8_t> nulls;
  std::vector<Value> values;
  size_t at(size_t row) const { return constant_ ? 0 : row; }
  /// To be called after the raw data were filled directly.
  void set_size(size_t size, bool has_nulls) {
    size_ = size;
    has_nulls_ = has_nulls;
  }

  size_t bytes() const;

 private:
  friend class VectorBuilder;
  void generalize();
  void expand_constant();

  VectorType type_;
  size_t size_ = 0;
  bool constant_ = false;
  bool has_nulls_ = false;
};

using VectorPtr = std::shared_ptr<const Vector>;

/// Builds a vector whose type follows from its values: typed as long as they are nulls and values of one type.
class VectorBuilder {
 public:
  explicit VectorBuilder(size_t expected_rows);
  void add(Value value);
  void add_null();
  void add_integer(int64_t i);
  void add_float(double d);
  void add_boolean(bool b);
  void add_id(VectorType type, uint32_t id);  // Node or Relationship; kNone is null
  size_t size() const { return vector_->size(); }
  /// The builder is empty afterwards.
  std::shared_ptr<Vector> finish();

 private:
  bool prepare(VectorType type);

  size_t expected_;
  std::shared_ptr<Vector> vector_;
  bool typed_ = false;  // a value that is not null decided the type
};
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
  BatchBuilder(size_t variable_count, std::vector<VarId> vars);
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
};

}  // namespace entente
