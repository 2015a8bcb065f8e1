#include "entente/query/exec/batch.h"

#include <algorithm>

namespace entente {

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
  if (data.type() != VectorType::Value) return NodeId::kNone;
  const Value& value = data.values[i];
  if (value.is_node()) return value.as_node().value;
  return value.is_relationship() ? value.as_relationship().value : NodeId::kNone;
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

template <class Raw>
void gather(const Raw& from, const Selection& rows, Raw& to) {
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
  gather(data.texts, selection, out->texts);
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

BatchBuilder::BatchBuilder(size_t variable_count, std::vector<VarId> vars, size_t expected)
    : variable_count_(variable_count), vars_(std::move(vars)), data_(vars_.size()), expected_(expected) {}

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
      data->reserve(expected_);
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
      data->reserve(expected_);
      for (size_t i = 0; i < rows_; ++i) data->push_null();
    }
    data->push_from(*column.data, column.selection.get(), batch.rows);
  }
  if (!batch.multiplicity.empty() || !multiplicity_.empty()) {
    if (multiplicity_.empty()) {
      multiplicity_.reserve(expected_);
      multiplicity_.resize(rows_, 1);
    }
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
