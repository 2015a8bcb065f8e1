// Keys of an imported file and the rows that have them.
//
// Keys are compared as texts, but whole numbers (see parse_integer) are held as such. Numbers that lie close together
// index an array of rows. Other numbers and texts are in hash tables with open addressing and linear probing (Knuth,
// The Art of Computer Programming, volume 3, 6.4). Looking up is thread-safe while nothing is inserted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "entente/core/large_heap.h"
#include "entente/tools/import_values.h"

namespace entente {

/// A key as it stands in a cell, and the number that it is, if it is one. The text must outlive it.
struct ImportKey {
  explicit ImportKey(std::string_view t) : text(t), number(parse_integer(t)) {}
  std::string_view text;
  std::optional<int64_t> number;
};

class KeyMap {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  /// False if the key is taken.
  bool insert(const ImportKey& key, uint32_t row);
  /// To be called when all keys are in: makes looking up faster where it can.
  void finish();
  /// kNone if there is no such key.
  uint32_t find(const ImportKey& key) const { return key.number ? find_number(*key.number) : find_text(key.text); }

 private:
  struct NumberSlot {
    int64_t key = 0;
    uint32_t row = kNone;
  };
  struct TextSlot {
    const char* text = nullptr;
    uint32_t length = 0;
    uint32_t row = kNone;
  };

  bool insert_number(int64_t key, uint32_t row);
  bool insert_text(std::string_view key, uint32_t row);
  bool make_room(int64_t key);
  void array_to_slots();
  void put_in_slot(int64_t key, uint32_t row);
  size_t number_slot(int64_t key) const;
  size_t text_slot(std::string_view key) const;
  uint32_t find_number(int64_t key) const {
    if (!slots_.empty()) return slots_[number_slot(key)].row;
    const uint64_t place = place_of(key);
    return place < rows_.size() ? rows_[place] : kNone;
  }
  uint32_t find_text(std::string_view key) const { return texts_.empty() ? kNone : texts_[text_slot(key)].row; }
  const char* copy(std::string_view text);
  /// In `rows_`; past its end if the key is not in its range.
  uint64_t place_of(int64_t key) const { return static_cast<uint64_t>(key) - static_cast<uint64_t>(low_); }

  // Numbers: an array of rows by key, from the lowest on; or slots, whose count is a power of two.
  int64_t low_ = 0;
  LargeVector<uint32_t> rows_;
  LargeVector<NumberSlot> slots_;
  size_t number_count_ = 0;

  LargeVector<TextSlot> texts_;  // as many as a power of two, or none
  size_t text_count_ = 0;
  std::vector<std::unique_ptr<char[]>> copies_;  // of texts, in pieces
  char* free_ = nullptr;                         // in the last piece
  size_t left_ = 0;
};

}  // namespace entente
