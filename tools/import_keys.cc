#include "entente/tools/import_keys.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "entente/tools/import_values.h"

namespace entente {
namespace {

size_t hash_number(int64_t key) {
  uint64_t h = static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 32;
}

size_t hash_text(std::string_view key) { return std::hash<std::string_view>{}(key); }

/// Grows when more than two thirds are taken.
bool is_full(size_t count, size_t capacity) { return (count + 1) * 3 > capacity * 2; }

}  // namespace

KeyMap::NumberSlot& KeyMap::number_slot(int64_t key) {
  const size_t mask = numbers_.size() - 1;
  size_t i = hash_number(key) & mask;
  while (numbers_[i].row != kNone && numbers_[i].key != key) i = (i + 1) & mask;
  return numbers_[i];
}

KeyMap::TextSlot& KeyMap::text_slot(std::string_view key) {
  const size_t mask = texts_.size() - 1;
  size_t i = hash_text(key) & mask;
  while (texts_[i].row != kNone && std::string_view(texts_[i].text, texts_[i].length) != key) i = (i + 1) & mask;
  return texts_[i];
}

bool KeyMap::insert(std::string_view key, uint32_t row, bool copy) {
  if (const auto number = parse_integer(key)) {
    if (is_full(number_count_, numbers_.size())) {
      std::vector<NumberSlot> old =
          std::exchange(numbers_, std::vector<NumberSlot>(std::max<size_t>(1024, 2 * numbers_.size())));
      for (const NumberSlot& slot : old) {
        if (slot.row != kNone) number_slot(slot.key) = slot;
      }
    }
    NumberSlot& slot = number_slot(*number);
    if (slot.row != kNone) return false;
    slot = {*number, row};
    ++number_count_;
    return true;
  }
  if (is_full(text_count_, texts_.size())) {
    std::vector<TextSlot> old = std::exchange(texts_, std::vector<TextSlot>(std::max<size_t>(1024, 2 * texts_.size())));
    for (const TextSlot& slot : old) {
      if (slot.row != kNone) text_slot({slot.text, slot.length}) = slot;
    }
  }
  TextSlot& slot = text_slot(key);
  if (slot.row != kNone) return false;
  if (copy) key = copies_.emplace_back(key);
  slot = {key.data(), static_cast<uint32_t>(key.size()), row};
  ++text_count_;
  return true;
}

uint32_t KeyMap::find(std::string_view key) const {
  auto& self = const_cast<KeyMap&>(*this);  // the slot found is only read
  if (const auto number = parse_integer(key)) return numbers_.empty() ? kNone : self.number_slot(*number).row;
  return texts_.empty() ? kNone : self.text_slot(key).row;
}

}  // namespace entente
