#include "entente/core/column.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

namespace entente {
namespace {

using Entry = std::pair<uint16_t, Value>;

ColumnType type_of(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Integer:
      return ColumnType::Integer;
    case ValueKind::Float:
      return ColumnType::Float;
    case ValueKind::Boolean:
      return ColumnType::Boolean;
    case ValueKind::Date:
      return ColumnType::Date;
    case ValueKind::String:
      return ColumnType::String;
    default:
      return ColumnType::Mixed;
  }
}

/// The type that holds both; Empty goes with all.
ColumnType join(ColumnType a, ColumnType b) {
  if (a == ColumnType::Empty || a == b) return b;
  return b == ColumnType::Empty ? a : ColumnType::Mixed;
}

}  // namespace

ColumnBuilder::ColumnBuilder(ColumnType type, size_t count, size_t text_bytes) : base_(std::make_shared<ColumnBase>()) {
  base_->type = type;
  switch (type) {
    case ColumnType::Float:
      floats_.reserve(count);
      break;
    case ColumnType::String:
      offsets_.reserve(count + 1);
      offsets_.push_back(0);
      bytes_.reserve(text_bytes);
      break;
    case ColumnType::Mixed:
      base_->values.reserve(count);
      break;
    default:
      ints_.reserve(count);
  }
}

void ColumnBuilder::add(uint32_t i, const Value& value) {
  if (base_->type == ColumnType::String) return add_text(i, value.as_string());
  mark(i);
  switch (base_->type) {
    case ColumnType::Integer:
      ints_.push_back(value.as_integer());
      break;
    case ColumnType::Float:
      floats_.push_back(value.as_float());
      break;
    case ColumnType::Boolean:
      ints_.push_back(value.as_boolean() ? 1 : 0);
      break;
    case ColumnType::Date:
      ints_.push_back(value.as_date().days);
      break;
    default:
      base_->values.push_back(value);
  }
}

void ColumnBuilder::add_text(uint32_t i, std::string_view text) {
  mark(i);
  bytes_.append(text);
  offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
}

void ColumnBuilder::copy(uint32_t i, const ColumnBase& from, uint32_t position) {
  if (base_->type == ColumnType::String) return add_text(i, from.string_at(position));
  mark(i);
  switch (base_->type) {
    case ColumnType::Float:
      floats_.push_back(from.floats[position]);
      break;
    case ColumnType::Mixed:
      base_->values.push_back(from.values[position]);
      break;
    default:
      ints_.push_back(from.ints[position]);
  }
}

std::shared_ptr<const ColumnBase> ColumnBuilder::finish() {
  base_->ints = NarrowInts(ints_);
  base_->floats = PageArray<double>(floats_);
  base_->offsets = PageArray<uint32_t>(offsets_);
  base_->bytes = PageArray<char>(bytes_);
  base_->seal();
  return std::move(base_);
}

void ColumnBase::seal(const std::shared_ptr<PageMemory>& memory) {
  uint32_t before = 0;
  uint32_t last = 0;
  for (uint32_t w = 0; w < present.size(); ++w) {
    rank[w] = static_cast<uint16_t>(before);
    if (present[w] == 0) continue;
    if (before == 0) first = w * 64 + static_cast<uint32_t>(std::countr_zero(present[w]));
    last = w * 64 + 63 - static_cast<uint32_t>(std::countl_zero(present[w]));
    before += static_cast<uint32_t>(std::popcount(present[w]));
  }
  count = before;
  dense = count > 0 && last - first + 1 == count;
  if (type == ColumnType::Float) bound_floats();
  if (type == ColumnType::String && codes.empty()) code_texts(memory);
}

void ColumnBase::bound_floats() {
  bool any = false;
  for (const double d : floats) {
    if (std::isnan(d)) continue;
    least_float = any ? std::min(least_float, d) : d;
    greatest_float = any ? std::max(greatest_float, d) : d;
    any = true;
  }
}

std::optional<std::pair<Value, Value>> ColumnBase::bounds() const {
  switch (type) {
    case ColumnType::Integer:
      return std::pair{Value(ints.least()), Value(ints.greatest())};
    case ColumnType::Boolean:
      return std::pair{Value(ints.least() != 0), Value(ints.greatest() != 0)};
    case ColumnType::Date:
      return std::pair{Value(Date{ints.least()}), Value(Date{ints.greatest()})};
    case ColumnType::Float:
      if (greatest_float < least_float) return std::nullopt;
      return std::pair{Value(least_float), Value(greatest_float)};
    default:
      return std::nullopt;
  }
}

/// Keeps each text once, if at most half as many as there are values remain.
void ColumnBase::code_texts(const std::shared_ptr<PageMemory>& memory) {
  constexpr uint32_t kFewest = 8;        // values that codes are tried for
  constexpr uint32_t kEarlyTexts = 128;  // with so many different ones among the first of them it is given up
  if (count < kFewest) return;
  const uint32_t most = count / 2;
  constexpr uint16_t kFree = UINT16_MAX;
  std::vector<uint16_t> slots(std::bit_ceil(size_t{most} * 2 + 2), kFree);
  std::vector<uint16_t> numbers;
  std::vector<std::string_view> texts;
  numbers.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view own = text(i);
    size_t slot = std::hash<std::string_view>{}(own) & (slots.size() - 1);
    while (slots[slot] != kFree && texts[slots[slot]] != own) slot = (slot + 1) & (slots.size() - 1);
    if (slots[slot] == kFree) {
      if (texts.size() == most || (texts.size() > kEarlyTexts && texts.size() * 2 > i)) return;
      slots[slot] = static_cast<uint16_t>(texts.size());
      texts.push_back(own);
    }
    numbers.push_back(slots[slot]);
  }
  std::string kept;
  std::vector<uint32_t> ends{0};
  ends.reserve(texts.size() + 1);
  for (const std::string_view each : texts) {
    kept.append(each);
    ends.push_back(static_cast<uint32_t>(kept.size()));
  }
  codes = PageArray<uint16_t>(numbers, memory);
  offsets = PageArray<uint32_t>(ends, memory);
  bytes = PageArray<char>(kept, memory);
}

Value ColumnBase::at(uint32_t position) const {
  switch (type) {
    case ColumnType::Empty:
      return {};
    case ColumnType::Integer:
      return ints[position];
    case ColumnType::Float:
      return floats[position];
    case ColumnType::Boolean:
      return ints[position] != 0;
    case ColumnType::Date:
      return Date{ints[position]};
    case ColumnType::String:
      return string_at(position);
    case ColumnType::Mixed:
      return values[position];
  }
  return {};
}

size_t ColumnBase::string_bytes() const {
  if (codes.empty()) return bytes.size();
  size_t total = 0;
  for (const uint16_t code : codes) total += text(code).size();
  return total;
}

size_t ColumnBase::memory() const {
  size_t total = sizeof(*this) + ints.heap_bytes() + floats.bytes() + codes.bytes() + offsets.bytes() + bytes.bytes() +
                 values.capacity() * sizeof(Value);
  for (const Value& value : values) total += value.heap_bytes();
  return total;
}

namespace {

template <class Delta>
auto delta_place(Delta& delta, uint32_t i) {
  return std::lower_bound(delta.begin(), delta.end(), i, [](const Entry& e, uint32_t id) { return e.first < id; });
}

}  // namespace

Value ColumnPage::get(uint32_t i) const {
  if (!delta.empty()) {
    auto it = delta_place(delta, i);
    if (it != delta.end() && it->first == i) return it->second;
  }
  return base && base->has(i) ? base->at(base->position(i)) : Value();
}

bool ColumnPage::has(uint32_t i) const {
  auto it = delta_place(delta, i);
  if (it != delta.end() && it->first == i) return !it->second.is_null();
  return base && base->has(i);
}

void ColumnPage::set(uint32_t i, Value value) {
  auto it = delta_place(delta, i);
  const bool found = it != delta.end() && it->first == i;
  if (value.is_null() && !(base && base->has(i))) {
    if (found) delta.erase(it);
    return;
  }
  if (found) {
    it->second = std::move(value);
    return;
  }
  delta.emplace(it, static_cast<uint16_t>(i), std::move(value));
  if (delta.size() > kDeltaLimit) compact();
}

void ColumnPage::compact() {
  if (delta.empty()) return;
  uint32_t kept = base ? base->count : 0;
  size_t text_bytes = base ? base->string_bytes() : 0;
  size_t added = 0;
  ColumnType type = ColumnType::Empty;
  for (const Entry& e : delta) {
    if (base && base->has(e.first)) --kept;
    if (e.second.is_null()) continue;
    ++added;
    type = join(type, type_of(e.second));
    if (e.second.is_string()) text_bytes += e.second.as_string().size();
  }
  if (kept > 0) type = join(type, base->type);
  if (kept + added == 0) {
    base.reset();
    delta.clear();
    return;
  }
  if (text_bytes > std::numeric_limits<uint32_t>::max()) type = ColumnType::Mixed;

  std::vector<Entry> entries;  // only for mixed types: what remains may be of one type
  const bool mixed = type == ColumnType::Mixed;
  ColumnBuilder builder(type, mixed ? 0 : kept + added, mixed ? 0 : text_bytes);
  if (mixed) entries.reserve(kept + added);
  auto change = delta.begin();
  uint32_t position = 0;
  const auto take_change = [&] {
    if (!change->second.is_null()) {
      if (mixed)
        entries.push_back(*change);
      else
        builder.add(change->first, change->second);
    }
    ++change;
  };
  for (uint32_t word = 0; base && word < base->present.size(); ++word) {
    for (uint64_t bits = base->present[word]; bits != 0; bits &= bits - 1) {
      const uint32_t i = word * 64 + static_cast<uint32_t>(__builtin_ctzll(bits));
      while (change != delta.end() && change->first < i) take_change();
      if (change != delta.end() && change->first == i) {
        take_change();
      } else if (mixed) {
        entries.emplace_back(static_cast<uint16_t>(i), base->at(position));
      } else {
        builder.copy(i, *base, position);
      }
      ++position;
    }
  }
  while (change != delta.end()) take_change();
  base = mixed ? build(entries) : builder.finish();
  delta.clear();
}

std::shared_ptr<const ColumnBase> ColumnPage::build(const std::vector<Entry>& entries) {
  ColumnType type = ColumnType::Empty;
  size_t text_bytes = 0;
  for (const Entry& e : entries) {
    type = join(type, type_of(e.second));
    if (e.second.is_string()) text_bytes += e.second.as_string().size();
  }
  if (text_bytes > std::numeric_limits<uint32_t>::max()) type = ColumnType::Mixed;
  if (type == ColumnType::Empty) return nullptr;
  ColumnBuilder builder(type, entries.size(), type == ColumnType::String ? text_bytes : 0);
  for (const Entry& e : entries) builder.add(e.first, e.second);
  return builder.finish();
}

size_t ColumnPage::bytes() const {
  size_t total = sizeof(*this) + delta.capacity() * sizeof(Entry) + (base ? base->memory() : 0);
  for (const Entry& e : delta) total += e.second.heap_bytes();
  return total;
}

}  // namespace entente
