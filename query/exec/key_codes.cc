#include "entente/query/exec/key_codes.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "entente/core/discard.h"

namespace entente {

namespace {

/// Stands for all kinds whose values are compared as such.
constexpr ValueKind kCompared = ValueKind::List;

constexpr size_t kFewestSlots = 16;
constexpr size_t kStepsPerMove = 4;
constexpr size_t kNodesAhead = 12;  // of which memory is asked for the marks
constexpr size_t kRowsForNear = 64;

uint64_t mixed(uint64_t key, ValueKind kind) {
  key = (key ^ static_cast<uint64_t>(kind) << 56) * 0x9E3779B97F4A7C15ull;
  return key ^ key >> 32;
}

}  // namespace

void KeyCodes::find_or_add(const BatchColumn& column, size_t rows, std::vector<uint32_t>& codes, ExecContext& context) {
  codes.resize(rows);
  context_ = &context;
  const Vector& data = *column.data;
  context.work(rows);
  switch (data.type()) {
    case VectorType::Node:
      if (nodes_ == nullptr) nodes_ = std::make_unique<NodeMarks<uint32_t>>();
      for (size_t row = 0; row < rows; ++row) {
        if (row + kNodesAhead < rows) nodes_->prefetch(data.ids[data.at(column.row(row + kNodesAhead))]);
        const uint32_t node = data.ids[data.at(column.row(row))];
        codes[row] = node == NodeId::kNone ? code_of_null() : code_of_node(node);
      }
      return;
    case VectorType::Integer:
      return find_numbers(column, codes, ValueKind::Integer);
    case VectorType::Date:
      return find_numbers(column, codes, ValueKind::Date);
    case VectorType::String:
      return find_texts(column, codes);
    default:
      break;
  }
  for (size_t row = 0; row < rows; ++row) {
    const Value value = data.get(column.row(row));
    context.work(steps_of(value));
    codes[row] = code_of(value);
  }
}

/// The codes of a column of numbers or texts. `known` gives the code of the value at a place, or kNone if it is to be
/// looked up: under what `key_of` gives. Memory is asked for the slots of a block of rows before they are looked at.
template <class Known, class KeyOf, class CodeOf>
void KeyCodes::fill(const BatchColumn& column, std::vector<uint32_t>& codes, ValueKind kind, Known known, KeyOf key_of,
                    CodeOf code_of) {
  constexpr size_t kBlock = 32;
  struct Unknown {
    size_t row;
    size_t at;
    uint64_t key;
  };
  std::array<Unknown, kBlock> unknown;
  const Vector& data = *column.data;
  for (size_t begin = 0; begin < codes.size(); begin += kBlock) {
    const size_t end = std::min(begin + kBlock, codes.size());
    size_t count = 0;
    for (size_t row = begin; row < end; ++row) {
      const size_t at = data.at(column.row(row));
      const bool is_null = data.has_nulls() && data.is_null(at);
      codes[row] = is_null ? null_code_ : known(at);
      if (codes[row] != kNone) continue;
      unknown[count++] = {row, at, is_null ? 0 : key_of(at)};
      if (slots_.size() > 0) __builtin_prefetch(&slots_[mixed(unknown[count - 1].key, kind) & (slots_.size() - 1)]);
    }
    for (size_t i = 0; i < count; ++i) {  // in this order, as codes are handed out in it
      const bool is_null = data.has_nulls() && data.is_null(unknown[i].at);
      codes[unknown[i].row] = is_null ? code_of_null() : code_of(unknown[i].at, unknown[i].key);
    }
  }
}

void KeyCodes::find_numbers(const BatchColumn& column, std::vector<uint32_t>& codes, ValueKind kind) {
  const LargeVector<int64_t>& numbers = column.data->ints;
  if (near_.size() == 0 && codes.size() >= kRowsForNear) {
    near_ = ZeroedArray<uint32_t>(kNear);
    near_begin_ = static_cast<uint64_t>(numbers[column.data->at(column.row(0))]) - kNear / 2;
    near_kind_ = kind;
  }
  const auto place = [&](size_t at) { return static_cast<uint64_t>(numbers[at]) - near_begin_; };
  const size_t near = kind == near_kind_ ? near_.size() : 0;
  fill(
      column, codes, kind, [&](size_t at) { return place(at) < near ? near_[place(at)] - 1 : kNone; },
      [&](size_t at) { return static_cast<uint64_t>(numbers[at]); },
      [&](size_t at, uint64_t number) {
        const Value value = kind == ValueKind::Integer ? Value(numbers[at]) : Value(Date{numbers[at]});
        const uint32_t code = code_of_number(kind, number, value);
        if (place(at) < near) near_[place(at)] = code + 1;
        return code;
      });
}

void KeyCodes::find_texts(const BatchColumn& column, std::vector<uint32_t>& codes) {
  const Vector& data = *column.data;
  fill(
      column, codes, ValueKind::String, [&](size_t at) { return known_text(data.texts[at]); },
      [&](size_t at) { return std::hash<std::string_view>{}(data.texts[at]); },
      [&](size_t at, uint64_t hash) { return code_of_text(data.texts[at], hash); });
}

uint32_t KeyCodes::code_of(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null:
      return code_of_null();
    case ValueKind::Node:
      return code_of_node(value.as_node().value);
    case ValueKind::Relationship:
      return code_of_number(value.kind(), value.as_relationship().value, value);
    case ValueKind::Boolean:
      return code_of_number(value.kind(), value.as_boolean() ? 1 : 0, value);
    case ValueKind::Integer:
      return code_of_number(value.kind(), static_cast<uint64_t>(value.as_integer()), value);
    case ValueKind::Date:
      return code_of_number(value.kind(), static_cast<uint64_t>(value.as_date().days), value);
    case ValueKind::Float: {
      const double number = value.as_float();  // 1.0 is 1
      if (number < -0x1p63 || number >= 0x1p63 || std::trunc(number) != number) break;
      return code_of_number(ValueKind::Integer, static_cast<uint64_t>(static_cast<int64_t>(number)), value);
    }
    case ValueKind::String: {
      const std::string_view text = value.as_string();
      const uint32_t known = known_text(text);
      return known != kNone ? known : code_of_text(text, std::hash<std::string_view>{}(text));
    }
    default:
      break;
  }
  return look_up(
      kCompared, value.hash(), [&](const Value& known) { return Value::equivalent(known, value); },
      [&] { return value; });
}

uint32_t KeyCodes::code_of_null() {
  if (null_code_ == kNone) null_code_ = add(Value());
  return null_code_;
}

uint32_t KeyCodes::code_of_node(uint32_t node) {
  if (nodes_ == nullptr) nodes_ = std::make_unique<NodeMarks<uint32_t>>();
  uint32_t& code = (*nodes_)[node];
  if (code == 0) code = add(NodeId(node)) + 1;
  return code - 1;
}

uint32_t KeyCodes::code_of_number(ValueKind kind, uint64_t number, const Value& value) {
  return look_up(
      kind, number, [](const Value&) { return true; }, [&] { return value; });
}

uint32_t KeyCodes::known_text(std::string_view text) {
  const SeenTexts<uint32_t>::Seen& seen = seen_texts_.at(text.data());
  return seen.text == text.data() && values_[seen.what].as_string() == text ? seen.what : kNone;
}

uint32_t KeyCodes::code_of_text(std::string_view text, uint64_t hash) {
  const uint32_t code = look_up(
      ValueKind::String, hash, [&](const Value& known) { return known.as_string() == text; },
      [&] { return Value(text); });
  seen_texts_.at(text.data()) = {text.data(), code};
  return code;
}

template <class Same, class Make>
uint32_t KeyCodes::look_up(ValueKind kind, uint64_t key, Same same, Make make) {
  if ((used_ + 1) * 2 > slots_.size()) grow();
  size_t place = mixed(key, kind) & (slots_.size() - 1);
  for (; slots_[place].code != 0; place = (place + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[place];
    if (slot.key == key && slot.kind == kind && same(values_[slot.code - 1])) return slot.code - 1;
  }
  const uint32_t code = add(make());
  slots_[place] = {key, code + 1, kind};
  ++used_;
  return code;
}

void KeyCodes::grow() {
  const size_t size = std::max(slots_.size() * 2, kFewestSlots);
  context_->require(size * sizeof(Slot));
  ZeroedArray<Slot> old(size);
  old.swap(slots_);
  for (size_t i = 0; i < old.size(); ++i) {
    const Slot& slot = old[i];
    context_->work(kStepsPerMove);
    if (slot.code == 0) continue;
    size_t place = mixed(slot.key, slot.kind) & (slots_.size() - 1);
    while (slots_[place].code != 0) place = (place + 1) & (slots_.size() - 1);
    slots_[place] = slot;
  }
  const size_t bytes = old.size() * sizeof(Slot);
  discard(std::move(old), bytes);
}

uint32_t KeyCodes::add(Value value) {
  if (values_.size() >= kNone - 1) {
    throw Error::resource("TooManyGroups", "a statement cannot tell apart more than 4,294,967,294 groups");
  }
  heap_bytes_ += value.heap_bytes();
  values_.push_back(std::move(value));
  return static_cast<uint32_t>(values_.size() - 1);
}

size_t KeyCodes::bytes() const {
  return values_.bytes() + heap_bytes_ + slots_.size() * sizeof(Slot) + (nodes_ != nullptr ? nodes_->bytes() : 0) +
         seen_texts_.bytes() + near_.size() * sizeof(uint32_t);
}

void PairCodes::find_or_add(std::vector<uint32_t>& codes, const std::vector<uint32_t>& seconds, ExecContext& context) {
  looked_up_ += codes.size();
  if (small_.size() == 0 && looked_up_ > kMany) {
    small_ = ZeroedArray<uint32_t>(size_t{kSmall} * kSmall);
    for (size_t code = 0; code < pairs_.size(); ++code) {
      if (uint32_t* const known = small(pairs_[code])) *known = static_cast<uint32_t>(code + 1);
    }
  }
  for (size_t row = 0; row < codes.size();) {
    const uint32_t* const known = small(uint64_t{codes[row]} << 32 | seconds[row]);
    if (known != nullptr && *known != 0) {
      codes[row++] = *known - 1;
      continue;
    }
    const size_t count = std::min(kBlock, codes.size() - row);
    find_or_add_block({&codes[row], count}, &seconds[row], context);
    row += count;
  }
}

void PairCodes::find_or_add_block(std::span<uint32_t> codes, const uint32_t* seconds, ExecContext& context) {
  std::array<uint64_t, kBlock> pairs;
  std::array<size_t, kBlock> places;
  while ((pairs_.size() + codes.size()) * 2 > slots_.size()) grow(context);
  for (size_t i = 0; i < codes.size(); ++i) {
    pairs[i] = uint64_t{codes[i]} << 32 | seconds[i];
    places[i] = place_of(pairs[i]);
    __builtin_prefetch(&slots_[places[i]]);
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    if (const uint32_t code = slots_[places[i]]; code != 0) __builtin_prefetch(&pairs_[code - 1]);
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    codes[i] = find_or_add(pairs[i], places[i]);
    if (uint32_t* const known = small(pairs[i])) *known = codes[i] + 1;
  }
}

uint32_t PairCodes::find_or_add(uint64_t pair, size_t slot) {
  while (slots_[slot] != 0 && pairs_[slots_[slot] - 1] != pair) slot = (slot + 1) & (slots_.size() - 1);
  if (slots_[slot] == 0) {
    pairs_.push_back(pair);
    slots_[slot] = static_cast<uint32_t>(pairs_.size());
  }
  return slots_[slot] - 1;
}

void PairCodes::grow(ExecContext& context) {
  const size_t size = std::max(slots_.size() * 2, kFewestSlots);
  context.require(size * sizeof(uint32_t));
  ZeroedArray<uint32_t> old(size);
  old.swap(slots_);
  const size_t bytes = old.size() * sizeof(uint32_t);
  discard(std::move(old), bytes);
  for (size_t code = 0; code < pairs_.size(); ++code) {
    context.work(kStepsPerMove);
    size_t slot = place_of(pairs_[code]);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<uint32_t>(code + 1);
  }
}

}  // namespace entente
