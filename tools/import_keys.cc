#include "entente/tools/import_keys.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <utility>

namespace entente {
namespace {

constexpr uint64_t kArrayPerKey = 8;  // places of the array for each key, so that it is no larger than slots would be
constexpr uint64_t kFirstPlaces = 1024;
constexpr size_t kFirstSlots = 1024;
constexpr size_t kPiece = size_t{1} << 20;  // of copied texts

size_t hash_number(int64_t key) {
  uint64_t h = static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 32;
}

size_t hash_text(std::string_view key) { return std::hash<std::string_view>{}(key); }

/// Grows when more than two thirds are taken.
bool is_full(size_t count, size_t capacity) { return (count + 1) * 3 > capacity * 2; }

}  // namespace

bool KeyMap::insert(const ImportKey& key, uint32_t row) {
  return key.number ? insert_number(*key.number, row) : insert_text(key.text, row);
}

// ---- numbers ----

bool KeyMap::insert_number(int64_t key, uint32_t row) {
  if (slots_.empty() && !make_room(key)) array_to_slots();
  if (slots_.empty()) {
    uint32_t& place = rows_[place_of(key)];
    if (place != kNone) return false;
    place = row;
  } else {
    if (slots_[number_slot(key)].row != kNone) return false;
    put_in_slot(key, row);
  }
  ++number_count_;
  return true;
}

/// Makes the array reach up to the key, unless it would become too large.
bool KeyMap::make_room(int64_t key) {
  if (number_count_ == 0) low_ = key;
  const uint64_t place = place_of(key);
  if (key < low_ || place >= kArrayPerKey * (number_count_ + kFirstPlaces)) return false;
  if (place >= rows_.size()) rows_.resize(std::max<size_t>(place + 1, rows_.size() * 3 / 2), kNone);
  return true;
}

void KeyMap::array_to_slots() {
  const LargeVector<uint32_t> rows = std::exchange(rows_, {});
  slots_.resize(kFirstSlots);
  number_count_ = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == kNone) continue;
    put_in_slot(static_cast<int64_t>(static_cast<uint64_t>(low_) + i), rows[i]);
    ++number_count_;
  }
}

/// The key must not be there.
void KeyMap::put_in_slot(int64_t key, uint32_t row) {
  if (is_full(number_count_, slots_.size())) {
    const LargeVector<NumberSlot> old = std::exchange(slots_, LargeVector<NumberSlot>(2 * slots_.size()));
    for (const NumberSlot& slot : old) {
      if (slot.row != kNone) slots_[number_slot(slot.key)] = slot;
    }
  }
  slots_[number_slot(key)] = {key, row};
}

size_t KeyMap::number_slot(int64_t key) const {
  const size_t mask = slots_.size() - 1;
  size_t i = hash_number(key) & mask;
  while (slots_[i].row != kNone && slots_[i].key != key) i = (i + 1) & mask;
  return i;
}

void KeyMap::finish() {
  if (slots_.empty()) return;
  int64_t low = std::numeric_limits<int64_t>::max();
  int64_t high = std::numeric_limits<int64_t>::min();
  for (const NumberSlot& slot : slots_) {
    if (slot.row == kNone) continue;
    low = std::min(low, slot.key);
    high = std::max(high, slot.key);
  }
  const uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
  if (range >= kArrayPerKey * number_count_) return;
  const LargeVector<NumberSlot> slots = std::exchange(slots_, {});
  low_ = low;
  rows_.assign(range + 1, kNone);
  for (const NumberSlot& slot : slots) {
    if (slot.row != kNone) rows_[place_of(slot.key)] = slot.row;
  }
}

// ---- texts ----

size_t KeyMap::text_slot(std::string_view key) const {
  const size_t mask = texts_.size() - 1;
  size_t i = hash_text(key) & mask;
  while (texts_[i].row != kNone && std::string_view(texts_[i].text, texts_[i].length) != key) i = (i + 1) & mask;
  return i;
}

bool KeyMap::insert_text(std::string_view key, uint32_t row) {
  if (is_full(text_count_, texts_.size())) {
    const LargeVector<TextSlot> old =
        std::exchange(texts_, LargeVector<TextSlot>(std::max(kFirstSlots, 2 * texts_.size())));
    for (const TextSlot& slot : old) {
      if (slot.row != kNone) texts_[text_slot({slot.text, slot.length})] = slot;
    }
  }
  TextSlot& slot = texts_[text_slot(key)];
  if (slot.row != kNone) return false;
  slot = {copy(key), static_cast<uint32_t>(key.size()), row};
  ++text_count_;
  return true;
}

const char* KeyMap::copy(std::string_view text) {
  if (text.size() > left_) {
    left_ = std::max(kPiece, text.size());
    copies_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    free_ = copies_.back().get();
  }
  std::memcpy(free_, text.data(), text.size());
  left_ -= text.size();
  return std::exchange(free_, free_ + text.size());
}

}  // namespace entente
