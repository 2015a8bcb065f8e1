// Vectors: the values of one variable or expression for the rows of a batch, typed where they are all of one type.
//
// A String vector refers to texts in the pages of the version that is read, so that reading a property copies none; it
// is only made where that version does not change while the statement runs. Strings that are computed stand in vectors
// of Values, as does everything else that has no type of its own.
// Vectors are immutable once they are in a batch.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/large_heap.h"
#include "entente/core/value.h"

namespace entente {

enum class VectorType : uint8_t { Node, Relationship, Integer, Float, Boolean, Date, String, Value };

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
  /// push(source.get(row)) for one row, or for `count` rows: those of the selection, or the first ones if it is null.
  /// No value is made where the types agree.
  void push_from(const Vector& source, size_t row);
  void push_from(const Vector& source, const std::vector<uint32_t>* selection, size_t count);
  void reserve(size_t rows);

  // Raw data, by type; `at(row)` minds constants. Node, Relationship: `ids`, null is StrongId::kNone.
  // Integer, Date (its days): `ints`; Float: `floats`; Boolean: `booleans`; String: `texts`; with `nulls` (empty if
  // there are none; else 1 where null).
  std::vector<uint32_t> ids;
  LargeVector<int64_t> ints;
  LargeVector<double> floats;
  std::vector<uint8_t> booleans;
  LargeVector<std::string_view> texts;
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
  void push_absence();

  VectorType type_;
  size_t size_ = 0;
  bool constant_ = false;
  bool has_nulls_ = false;
};

using VectorPtr = std::shared_ptr<const Vector>;

/// fn(raw) with the raw data of the vector's type; `vector` may be const.
template <class V, class Fn>
auto with_raw(V& vector, Fn fn) {
  switch (vector.type()) {
    case VectorType::Node:
    case VectorType::Relationship:
      return fn(vector.ids);
    case VectorType::Integer:
    case VectorType::Date:
      return fn(vector.ints);
    case VectorType::Float:
      return fn(vector.floats);
    case VectorType::Boolean:
      return fn(vector.booleans);
    case VectorType::String:
      return fn(vector.texts);
    case VectorType::Value:
      break;
  }
  return fn(vector.values);
}

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

}  // namespace entente
