#include "entente/query/exec/vector.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace entente {

namespace {

VectorType vector_type_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Node:
      return VectorType::Node;
    case ValueKind::Relationship:
      return VectorType::Relationship;
    case ValueKind::Integer:
      return VectorType::Integer;
    case ValueKind::Float:
      return VectorType::Float;
    case ValueKind::Boolean:
      return VectorType::Boolean;
    case ValueKind::Date:
      return VectorType::Date;
    default:
      return VectorType::Value;
  }
}

/// A node or relationship that holds data of its own stays a value.
VectorType vector_type_of(const Value& value) {
  const bool own_data = (value.is_node() && value.node_data() != nullptr) ||
                        (value.is_relationship() && value.relationship_data() != nullptr);
  return own_data ? VectorType::Value : vector_type_of(value.kind());
}

constexpr uint32_t kNoId = NodeId::kNone;

uint32_t id_in(const Value& value) {
  if (value.is_node()) return value.as_node().value;
  if (value.is_relationship()) return value.as_relationship().value;
  return kNoId;
}

/// Whether nulls of the type are marked beside the raw data, and not in it.
bool marks_nulls(VectorType type) {
  return type != VectorType::Node && type != VectorType::Relationship && type != VectorType::Value;
}

}  // namespace

// ---- Vector ----

std::shared_ptr<const Vector> Vector::constant(Value value, size_t size) {
  auto vector = std::make_shared<Vector>(vector_type_of(value));
  vector->push(value);
  vector->constant_ = true;
  vector->size_ = size;
  return vector;
}

std::shared_ptr<const Vector> Vector::from_values(std::vector<Value> values) {
  VectorType type = VectorType::Value;
  bool nulls = false;
  bool first = true;
  for (const Value& value : values) {
    if (value.is_null()) {
      nulls = true;
      continue;
    }
    const VectorType own = vector_type_of(value);
    if (first) type = own;
    first = false;
    if (own != type) type = VectorType::Value;
    if (type == VectorType::Value) break;
  }
  auto vector = std::make_shared<Vector>(type);
  if (type != VectorType::Value) {
    vector->reserve(values.size());
    for (const Value& value : values) vector->push(value);
    return vector;
  }
  if (!nulls) nulls = std::any_of(values.begin(), values.end(), [](const Value& value) { return value.is_null(); });
  vector->values = std::move(values);
  vector->set_size(vector->values.size(), nulls);
  return vector;
}

Value Vector::get(size_t row) const {
  const size_t i = at(row);
  if (!nulls.empty() && nulls[i]) return Value();
  switch (type_) {
    case VectorType::Node:
      return ids[i] == kNoId ? Value() : Value(NodeId(ids[i]));
    case VectorType::Relationship:
      return ids[i] == kNoId ? Value() : Value(RelId(ids[i]));
    case VectorType::Integer:
      return Value(ints[i]);
    case VectorType::Float:
      return Value(floats[i]);
    case VectorType::Boolean:
      return Value(booleans[i] != 0);
    case VectorType::Date:
      return Value(Date{ints[i]});
    case VectorType::String:
      return Value(texts[i]);
    case VectorType::Value:
      return values[i];
  }
  return Value();
}

bool Vector::is_null(size_t row) const {
  if (!has_nulls_) return false;
  const size_t i = at(row);
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      return ids[i] == kNoId;
    case VectorType::Value:
      return values[i].is_null();
    default:
      return !nulls.empty() && nulls[i] != 0;
  }
}

void Vector::expand_constant() {
  constant_ = false;
  const size_t rows = size_;
  with_raw(*this, [rows](auto& raw) {
    if (!raw.empty()) raw.resize(rows, std::decay_t<decltype(raw[0])>(raw[0]));
  });
  if (!nulls.empty()) nulls.resize(rows, nulls[0]);
}

void Vector::generalize() {
  if (type_ == VectorType::Value) return;
  std::vector<Value> all;
  all.reserve(std::max(size_ + 1, ints.capacity()));
  for (size_t row = 0; row < size_; ++row) all.push_back(get(row));
  values = std::move(all);
  ids = {};
  ints = {};
  floats = {};
  booleans = {};
  texts = {};
  nulls = {};
  type_ = VectorType::Value;
}

/// Notes that the row about to be counted is null.
void Vector::push_absence() {
  if (!marks_nulls(type_)) return;
  if (nulls.empty()) nulls.resize(size_, 0);
  nulls.push_back(1);
}

void Vector::push_null() {
  if (constant_) expand_constant();
  has_nulls_ = true;
  if (type_ == VectorType::Node || type_ == VectorType::Relationship)
    ids.push_back(kNoId);
  else
    with_raw(*this, [](auto& raw) { raw.emplace_back(); });
  push_absence();
  ++size_;
}

void Vector::push(const Value& value) {
  if (value.is_null()) return push_null();
  if (constant_) expand_constant();
  if (type_ != VectorType::Value && type_ != vector_type_of(value)) generalize();
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      ids.push_back(id_in(value));
      break;
    case VectorType::Integer:
      ints.push_back(value.as_integer());
      break;
    case VectorType::Float:
      floats.push_back(value.as_float());
      break;
    case VectorType::Boolean:
      booleans.push_back(value.as_boolean() ? 1 : 0);
      break;
    case VectorType::Date:
      ints.push_back(value.as_date().days);
      break;
    case VectorType::String:  // no value is of this type: a text would have to outlive it
    case VectorType::Value:
      values.push_back(value);
      break;
  }
  if (!nulls.empty()) nulls.push_back(0);
  ++size_;
}

namespace {

/// fn(to, from) with the raw data of two vectors of one type.
template <class Fn>
void with_both(Vector& to, const Vector& from, Fn fn) {
  with_raw(to, [&](auto& own) {
    with_raw(from, [&](const auto& others) {
      if constexpr (std::is_same_v<std::decay_t<decltype(own)>, std::decay_t<decltype(others)>>) fn(own, others);
    });
  });
}

}  // namespace

void Vector::push_from(const Vector& source, size_t row) {
  if (source.type_ != type_) return push(source.get(row));
  if (source.is_null(row)) return push_null();
  if (constant_) expand_constant();
  const size_t i = source.at(row);
  with_both(*this, source, [i](auto& own, const auto& others) { own.push_back(others[i]); });
  if (!nulls.empty()) nulls.push_back(0);
  ++size_;
}

void Vector::push_from(const Vector& source, const std::vector<uint32_t>* selection, size_t count) {
  const auto row = [selection](size_t i) { return selection != nullptr ? (*selection)[i] : i; };
  if (source.type_ != type_) {
    for (size_t i = 0; i < count; ++i) push(source.get(row(i)));
    return;
  }
  if (count == 0) return;
  if (constant_) expand_constant();
  if (source.has_nulls_) has_nulls_ = true;
  if (!source.nulls.empty() || !nulls.empty()) {
    nulls.resize(size_, 0);
    if (source.nulls.empty()) {
      nulls.resize(size_ + count, 0);
    } else {
      for (size_t i = 0; i < count; ++i) nulls.push_back(source.nulls[source.at(row(i))]);
    }
  }
  with_both(*this, source, [&](auto& own, const auto& others) {
    if (own.capacity() < own.size() + count) own.reserve(std::max(own.size() + count, own.capacity() * 2));
    for (size_t i = 0; i < count; ++i) own.push_back(others[source.at(row(i))]);
  });
  size_ += count;
}

void Vector::reserve(size_t rows) {
  with_raw(*this, [rows](auto& raw) { raw.reserve(rows); });
}

size_t Vector::bytes() const {
  size_t total = sizeof(Vector) + ids.capacity() * sizeof(uint32_t) + ints.capacity() * sizeof(int64_t) +
                 floats.capacity() * sizeof(double) + booleans.capacity() +
                 texts.capacity() * sizeof(std::string_view) + nulls.capacity() + values.capacity() * sizeof(Value);
  for (const Value& value : values) total += value.heap_bytes();
  return total;
}

// ---- VectorBuilder ----

VectorBuilder::VectorBuilder(size_t expected_rows) : expected_(expected_rows), vector_(std::make_shared<Vector>()) {}

// Gives whether values of the type can be put into the vector's raw data.
bool VectorBuilder::prepare(VectorType type) {
  if (typed_) {
    if (vector_->type_ != type && vector_->type_ != VectorType::Value) vector_->generalize();
    return vector_->type_ == type;
  }
  // So far there are only nulls.
  typed_ = true;
  const size_t rows = vector_->size_;
  vector_ = std::make_shared<Vector>(type);
  vector_->reserve(std::max(expected_, rows + 1));
  for (size_t row = 0; row < rows; ++row) vector_->push_null();
  return true;
}

void VectorBuilder::add(Value value) {
  switch (value.kind()) {
    case ValueKind::Null:
      return add_null();
    case ValueKind::Integer:
      return add_integer(value.as_integer());
    case ValueKind::Float:
      return add_float(value.as_float());
    case ValueKind::Boolean:
      return add_boolean(value.as_boolean());
    case ValueKind::Node:
    case ValueKind::Relationship:
      if (const VectorType type = vector_type_of(value); type != VectorType::Value) return add_id(type, id_in(value));
      break;
    case ValueKind::Date:
      prepare(VectorType::Date);
      return vector_->push(value);
    default:
      break;
  }
  prepare(VectorType::Value);
  vector_->values.push_back(std::move(value));
  ++vector_->size_;
}

void VectorBuilder::add_null() {
  if (!typed_ && vector_->size_ == 0) vector_->reserve(expected_);
  vector_->push_null();
}

void VectorBuilder::add_integer(int64_t i) {
  if (!prepare(VectorType::Integer)) return vector_->push(Value(i));
  vector_->ints.push_back(i);
  if (!vector_->nulls.empty()) vector_->nulls.push_back(0);
  ++vector_->size_;
}

void VectorBuilder::add_float(double d) {
  if (!prepare(VectorType::Float)) return vector_->push(Value(d));
  vector_->floats.push_back(d);
  if (!vector_->nulls.empty()) vector_->nulls.push_back(0);
  ++vector_->size_;
}

void VectorBuilder::add_boolean(bool b) {
  if (!prepare(VectorType::Boolean)) return vector_->push(Value(b));
  vector_->booleans.push_back(b ? 1 : 0);
  if (!vector_->nulls.empty()) vector_->nulls.push_back(0);
  ++vector_->size_;
}

void VectorBuilder::add_id(VectorType type, uint32_t id) {
  if (id == kNoId) return add_null();
  if (!prepare(type)) return vector_->push(type == VectorType::Node ? Value(NodeId(id)) : Value(RelId(id)));
  vector_->ids.push_back(id);
  ++vector_->size_;
}

std::shared_ptr<Vector> VectorBuilder::finish() {
  typed_ = false;
  return std::exchange(vector_, std::make_shared<Vector>());
}

}  // namespace entente
