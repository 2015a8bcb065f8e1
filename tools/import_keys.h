// Keys of an imported file and the rows that have them.
//
// Keys are compared as texts, but whole numbers (see parse_integer) are held as such: two hash tables with open
// addressing and linear probing (Knuth, The Art of Computer Programming, volume 3, 6.4). Used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

class KeyMap {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  /// False if the key is taken. Unless `copy`, the text must outlive the map.
  bool insert(std::string_view key, uint32_t row, bool copy);
  /// kNone if there is no such key.
  uint32_t find(std::string_view key) const;

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

  NumberSlot& number_slot(int64_t key);
  TextSlot& text_slot(std::string_view key);

  std::vector<NumberSlot> numbers_;  // the size is a power of two, or 0
  std::vector<TextSlot> texts_;
  size_t number_count_ = 0;
  size_t text_count_ = 0;
  std::deque<std::string> copies_;
};

}  // namespace entente
