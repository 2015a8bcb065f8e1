#include "entente/query/exec/group_table.h"

#include <utility>

namespace entente {

namespace {

/// Mixes all bits into all others (the finaliser of MurmurHash3, by Austin Appleby, in the public domain).
uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDull;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53ull;
  x ^= x >> 33;
  return x;
}

bool countable(VectorType type) {
  return type == VectorType::Node || type == VectorType::Relationship || type == VectorType::Integer;
}

}  // namespace

void GroupTable::find_or_add(std::span<const BatchColumn> columns, size_t rows, std::vector<uint32_t>& groups,
                             ExecContext& context) {
  groups.resize(rows);
  if (form_ == Form::Undecided && rows > 0) {
    const bool numbers = width_ == 1 && countable(columns[0].data->type());
    form_ = numbers ? Form::Numbers : Form::Values;
    if (numbers) kind_ = columns[0].data->type();
  }
  size_t done = 0;
  if (form_ == Form::Numbers) {
    done = add_numbers(columns[0], rows, groups);
    if (done < rows) to_values();
  }
  if (done < rows) add_values(columns, done, rows, groups, context);
}

GroupTable::Match GroupTable::number_at(const BatchColumn& column, size_t row, int64_t& number) const {
  const Vector& data = *column.data;
  const size_t at = column.row(row);
  if (data.is_null(at)) return Match::Null;
  if (data.type() == kind_) {
    const size_t i = data.at(at);
    number = kind_ == VectorType::Integer ? data.ints[i] : static_cast<int64_t>(data.ids[i]);
    if (kind_ != VectorType::Integer && data.ids[i] == NodeId::kNone) return Match::Null;
    return Match::Number;
  }
  const Value value = data.get(at);
  if (kind_ == VectorType::Integer && value.is_integer()) {
    number = value.as_integer();
  } else if (kind_ == VectorType::Node && value.is_node()) {
    number = value.as_node().value;
  } else if (kind_ == VectorType::Relationship && value.is_relationship()) {
    number = value.as_relationship().value;
  } else {
    return Match::Other;
  }
  return Match::Number;
}

/// Gives how many rows it could do.
size_t GroupTable::add_numbers(const BatchColumn& column, size_t rows, std::vector<uint32_t>& groups) {
  for (size_t row = 0; row < rows; ++row) {
    int64_t number = 0;
    const Match match = number_at(column, row, number);
    if (match == Match::Other) return row;
    if (match == Match::Null) {
      if (null_group_ == kNone) {
        null_group_ = add_group();
        numbers_.push_back(0);
      }
      groups[row] = null_group_;
      continue;
    }
    if ((size_t{size_} + 1) * 2 > slots_.size()) grow();
    size_t slot = mix(static_cast<uint64_t>(number)) & (slots_.size() - 1);
    while (slots_[slot] != 0 && (numbers_[slots_[slot] - 1] != number || slots_[slot] - 1 == null_group_)) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    if (slots_[slot] == 0) {
      slots_[slot] = add_group() + 1;
      numbers_.push_back(number);
    }
    groups[row] = slots_[slot] - 1;
  }
  return rows;
}

void GroupTable::add_values(std::span<const BatchColumn> columns, size_t from, size_t rows,
                            std::vector<uint32_t>& groups, ExecContext& context) {
  std::vector<Value> key(width_);
  for (size_t row = from; row < rows; ++row) {
    uint64_t hash = 0;
    for (size_t k = 0; k < width_; ++k) {
      key[k] = columns[k].data->get(columns[k].row(row));
      context.work(1 + steps_of(key[k]));
      hash = mix(hash * 31 + key[k].hash());
    }
    if ((size_t{size_} + 1) * 2 > slots_.size()) grow();
    const auto same = [&](uint32_t group) {
      if (hashes_[group] != hash) return false;
      for (size_t k = 0; k < width_; ++k) {
        if (!Value::equivalent(values_[group * width_ + k], key[k])) return false;
      }
      return true;
    };
    size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != 0 && !same(slots_[slot] - 1)) slot = (slot + 1) & (slots_.size() - 1);
    if (slots_[slot] == 0) {
      slots_[slot] = add_group() + 1;
      hashes_.push_back(hash);
      for (Value& value : key) {
        heap_bytes_ += value.heap_bytes();
        values_.push_back(std::move(value));
        value = Value();
      }
    }
    groups[row] = slots_[slot] - 1;
  }
}

uint32_t GroupTable::add_group() {
  if (size_ == kNone - 1)
    throw Error::resource("TooManyGroups", "a statement cannot tell apart more than 4,294,967,294 groups");
  return size_++;
}

Value GroupTable::key(uint32_t group, size_t column) const {
  if (form_ != Form::Numbers) return values_[group * width_ + column];
  if (group == null_group_) return Value();
  switch (kind_) {
    case VectorType::Node:
      return NodeId(static_cast<uint32_t>(numbers_[group]));
    case VectorType::Relationship:
      return RelId(static_cast<uint32_t>(numbers_[group]));
    default:
      return numbers_[group];
  }
}

uint64_t GroupTable::group_hash(uint32_t group) const {
  return form_ == Form::Numbers ? mix(static_cast<uint64_t>(numbers_[group])) : hashes_[group];
}

void GroupTable::to_values() {
  values_.reserve(size_);
  hashes_.reserve(size_);
  for (uint32_t group = 0; group < size_; ++group) {
    values_.push_back(key(group, 0));
    hashes_.push_back(mix(values_.back().hash()));
  }
  form_ = Form::Values;
  numbers_ = {};
  null_group_ = kNone;
  rebuild(std::max<size_t>(slots_.size(), 16));
}

void GroupTable::grow() { rebuild(std::max<size_t>(slots_.size() * 2, 16)); }

void GroupTable::rebuild(size_t slots) {
  slots_.assign(slots, 0);
  for (uint32_t group = 0; group < size_; ++group) {
    if (form_ == Form::Numbers && group == null_group_) continue;
    size_t slot = group_hash(group) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = group + 1;
  }
}

size_t GroupTable::bytes() const {
  return slots_.capacity() * sizeof(uint32_t) + numbers_.capacity() * sizeof(int64_t) +
         values_.capacity() * sizeof(Value) + hashes_.capacity() * sizeof(uint64_t) + heap_bytes_;
}

}  // namespace entente
