#include "entente/query/exec/batch.h"

#include <algorithm>

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
    default:
      return VectorType::Value;
  }
}

constexpr uint32_t kNoId = NodeId::kNone;

uint32_t id_of(const Value& value) {
  if (value.is_node()) return value.as_node().value;
  if (value.is_relationship()) return value.as_relationship().value;
  return kNoId;
}

}  // namespace

// ---- Vector ----

std::shared_ptr<const Vector> Vector::constant(Value value, size_t size) {
  auto vector = std::make_shared<Vector>(vector_type_of(value.kind()));
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
    const VectorType own = vector_type_of(value.kind());
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
  ids.resize(ids.empty() ? 0 : rows, ids.empty() ? 0 : ids[0]);
  ints.resize(ints.empty() ? 0 : rows, ints.empty() ? 0 : ints[0]);
  floats.resize(floats.empty() ? 0 : rows, floats.empty() ? 0 : floats[0]);
  booleans.resize(booleans.empty() ? 0 : rows, booleans.empty() ? 0 : booleans[0]);
  if (!values.empty()) values.resize(rows, Value(values[0]));
  nulls.resize(nulls.empty() ? 0 : rows, 1);
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
  nulls = {};
  type_ = VectorType::Value;
}

void Vector::push_null() {
  if (constant_) expand_constant();
  has_nulls_ = true;
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      ids.push_back(kNoId);
      break;
    case VectorType::Value:
      values.emplace_back();
      break;
    case VectorType::Integer:
      ints.push_back(0);
      break;
    case VectorType::Float:
      floats.push_back(0);
      break;
    case VectorType::Boolean:
      booleans.push_back(0);
      break;
  }
  if (type_ == VectorType::Integer || type_ == VectorType::Float || type_ == VectorType::Boolean) {
    if (nulls.empty()) nulls.resize(size_, 0);
    nulls.push_back(1);
  }
  ++size_;
}

void Vector::push(const Value& value) {
  if (value.is_null()) return push_null();
  if (constant_) expand_constant();
  if (type_ != VectorType::Value && type_ != vector_type_of(value.kind())) generalize();
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      ids.push_back(id_of(value));
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
    case VectorType::Value:
      values.push_back(value);
      break;
  }
  if (!nulls.empty()) nulls.push_back(0);
  ++size_;
}

void Vector::push_from(const Vector& source, size_t row) {
  if (source.type_ != type_) return push(source.get(row));
  if (source.is_null(row)) return push_null();
  if (constant_) expand_constant();
  const size_t i = source.at(row);
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      ids.push_back(source.ids[i]);
      break;
    case VectorType::Integer:
      ints.push_back(source.ints[i]);
      break;
    case VectorType::Float:
      floats.push_back(source.floats[i]);
      break;
    case VectorType::Boolean:
      booleans.push_back(source.booleans[i]);
      break;
    case VectorType::Value:
      values.push_back(source.values[i]);
      break;
  }
  if (!nulls.empty()) nulls.push_back(0);
  ++size_;
}

void Vector::reserve(size_t rows) {
  switch (type_) {
    case VectorType::Node:
    case VectorType::Relationship:
      ids.reserve(rows);
      break;
    case VectorType::Integer:
      ints.reserve(rows);
      break;
    case VectorType::Float:
      floats.reserve(rows);
      break;
    case VectorType::Boolean:
      booleans.reserve(rows);
      break;
    case VectorType::Value:
      values.reserve(rows);
      break;
  }
}

size_t Vector::bytes() const {
  size_t total = sizeof(Vector) + ids.capacity() * sizeof(uint32_t) + ints.capacity() * sizeof(int64_t) +
                 floats.capacity() * sizeof(double) + booleans.capacity() + nulls.capacity() +
                 values.capacity() * sizeof(Value);
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
      return add_id(VectorType::Node, id_of(value));
    case ValueKind::Relationship:
      return add_id(VectorType::Relationship, id_of(value));
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

// ---- Batch ----

const BatchColumn& BatchColumns::operator[](VarId var) const {
  static const BatchColumn kAbsent;
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), var,
                                      [](const Entry& entry, VarId wanted) { return entry.var < wanted; });
  return found != entries_.end() && found->var == var ? found->column : kAbsent;
}

void BatchColumns::set(VarId var, BatchColumn column) {
  size_ = std::max<size_t>(size_, size_t{var} + 1);
  const auto place = std::lower_bound(entries_.begin(), entries_.end(), var,
                                      [](const Entry& entry, VarId wanted) { return entry.var < wanted; });
  if (place != entries_.end() && place->var == var) {
    place->column = std::move(column);
  } else {
    entries_.insert(place, {var, std::move(column)});
  }
}

uint32_t Batch::id(VarId var, size_t row) const {
  const BatchColumn& column = columns[var];
  const Vector& data = *column.data;
  const size_t i = data.at(column.row(row));
  if (data.type() == VectorType::Node || data.type() == VectorType::Relationship) return data.ids[i];
  return data.type() == VectorType::Value ? id_of(data.values[i]) : kNoId;
}

Batch Batch::select(const SelectionPtr& chosen) const {
  Batch out(columns.size());
  out.rows = chosen->size();
  out.columns.reserve(columns.present());
  std::vector<std::pair<const Selection*, SelectionPtr>> composed;  // columns of one selection share the new one
  for (const auto& [var, column] : columns) {
    if (column.selection == nullptr) {
      out.columns.set(var, {column.data, chosen});
      continue;
    }
    const Selection* old = column.selection.get();
    auto found =
        std::find_if(composed.begin(), composed.end(), [old](const auto& entry) { return entry.first == old; });
    if (found == composed.end()) {
      auto selection = std::make_shared<Selection>(chosen->size());
      for (size_t i = 0; i < chosen->size(); ++i) (*selection)[i] = (*old)[(*chosen)[i]];
      composed.emplace_back(old, std::move(selection));
      found = composed.end() - 1;
    }
    out.columns.set(var, {column.data, found->second});
  }
  if (!multiplicity.empty()) {
    out.multiplicity.resize(chosen->size());
    for (size_t i = 0; i < chosen->size(); ++i) out.multiplicity[i] = multiplicity[(*chosen)[i]];
  }
  return out;
}

namespace {

template <class T>
void gather(const std::vector<T>& from, const Selection& rows, std::vector<T>& to) {
  if (from.empty()) return;
  to.resize(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
}

}  // namespace

VectorPtr Batch::flatten(VarId var) const {
  const BatchColumn& column = columns[var];
  const Vector& data = *column.data;
  if (data.is_constant()) return data.size() == rows ? column.data : Vector::constant(data.get(0), rows);
  if (column.selection == nullptr) return column.data;
  auto out = std::make_shared<Vector>(data.type());
  const Selection& selection = *column.selection;
  gather(data.ids, selection, out->ids);
  gather(data.ints, selection, out->ints);
  gather(data.floats, selection, out->floats);
  gather(data.booleans, selection, out->booleans);
  gather(data.nulls, selection, out->nulls);
  gather(data.values, selection, out->values);
  out->set_size(selection.size(), data.has_nulls());
  return out;
}

std::vector<Batch> Batch::expand_multiplicity() const {
  std::vector<Batch> parts;
  const bool single = std::all_of(multiplicity.begin(), multiplicity.end(), [](uint64_t times) { return times == 1; });
  if (single) {
    parts.push_back(*this);
    parts.back().multiplicity.clear();
    return parts;
  }
  auto chosen = std::make_shared<Selection>();
  const auto emit = [&] {
    Batch part = select(chosen);
    part.multiplicity.clear();
    parts.push_back(std::move(part));
    chosen = std::make_shared<Selection>();
  };
  for (size_t row = 0; row < rows; ++row) {
    for (uint64_t left = multiplicity[row]; left > 0; --left) {
      chosen->push_back(static_cast<uint32_t>(row));
      if (chosen->size() == kBatchSize) emit();
    }
  }
  if (!chosen->empty()) emit();
  return parts;
}

size_t Batch::bytes() const {
  size_t total = sizeof(Batch) + multiplicity.capacity() * sizeof(uint64_t);
  std::vector<const void*> seen;  // shared vectors and selections count once
  const auto first_time = [&seen](const void* thing) {
    if (thing == nullptr || std::find(seen.begin(), seen.end(), thing) != seen.end()) return false;
    seen.push_back(thing);
    return true;
  };
  for (const auto& [var, column] : columns) {
    total += sizeof(BatchColumns::Entry);
    if (first_time(column.data.get())) total += column.data->bytes();
    if (first_time(column.selection.get())) total += column.selection->capacity() * sizeof(uint32_t);
  }
  return total;
}

// ---- BatchBuilder ----

BatchBuilder::BatchBuilder(size_t variable_count, std::vector<VarId> vars)
    : variable_count_(variable_count), vars_(std::move(vars)), data_(vars_.size()) {}

void BatchBuilder::append(const Batch& batch, size_t row) {
  for (size_t k = 0; k < vars_.size(); ++k) {
    const VarId var = vars_[k];
    std::shared_ptr<Vector>& data = data_[k];
    if (!batch.has(var)) {
      if (data != nullptr) data->push_null();
      continue;
    }
    const BatchColumn& column = batch.columns[var];
    if (data == nullptr) {
      data = std::make_shared<Vector>(column.data->type());
      for (size_t i = 0; i < rows_; ++i) data->push_null();
    }
    data->push_from(*column.data, column.row(row));
  }
  const uint64_t times = batch.times(row);
  if (times != 1 && multiplicity_.empty()) multiplicity_.resize(rows_, 1);
  if (!multiplicity_.empty()) multiplicity_.push_back(times);
  ++rows_;
}

void BatchBuilder::append(const Batch& batch) {
  for (size_t k = 0; k < vars_.size(); ++k) {
    const VarId var = vars_[k];
    std::shared_ptr<Vector>& data = data_[k];
    if (!batch.has(var)) {
      for (size_t i = 0; data != nullptr && i < batch.rows; ++i) data->push_null();
      continue;
    }
    const BatchColumn& column = batch.columns[var];
    if (data == nullptr) {
      data = std::make_shared<Vector>(column.data->type());
      for (size_t i = 0; i < rows_; ++i) data->push_null();
    }
    for (size_t row = 0; row < batch.rows; ++row) data->push_from(*column.data, column.row(row));
  }
  if (!batch.multiplicity.empty() || !multiplicity_.empty()) {
    if (multiplicity_.empty()) multiplicity_.resize(rows_, 1);
    for (size_t row = 0; row < batch.rows; ++row) multiplicity_.push_back(batch.times(row));
  }
  rows_ += batch.rows;
}

Batch BatchBuilder::finish() {
  Batch out(variable_count_);
  out.rows = rows_;
  for (size_t k = 0; k < vars_.size(); ++k) {
    if (data_[k] != nullptr) out.set(vars_[k], std::exchange(data_[k], nullptr));
  }
  out.multiplicity = std::exchange(multiplicity_, {});
  rows_ = 0;
  return out;
}

}  // namespace entente
