// NarrowInts: whole numbers in order, each stored as its distance from the least of them, in as few bytes as the
// greatest distance needs (0, 1, 2, 4 or 8). So a column of days or of small numbers takes an eighth to a half of what
// 64-bit numbers would, and the least and greatest are at hand.
//
// Immutable once made; may be read from many threads.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "entente/core/page_memory.h"

namespace entente {

class NarrowInts {
 public:
  NarrowInts() = default;
  explicit NarrowInts(std::span<const int64_t> numbers, std::shared_ptr<PageMemory> memory = nullptr);

  size_t size() const { return size_; }
  /// Both 0 if there are no numbers.
  int64_t least() const { return least_; }
  int64_t greatest() const { return greatest_; }

  /// The number whose distance from the least is this.
  int64_t number(uint64_t distance) const { return static_cast<int64_t>(static_cast<uint64_t>(least_) + distance); }

  /// fn(distance), where distance(i) is the i-th number's from the least: for loops that look at the width only once.
  template <class Fn>
  auto with_distances(Fn fn) const {
    const uint8_t* bytes = bytes_.data();
    switch (width_) {
      case 0:
        return fn([](size_t) { return uint64_t{0}; });
      case 1:
        return fn([bytes](size_t i) { return uint64_t{bytes[i]}; });
      case 2:
        return fn([bytes](size_t i) { return load<uint16_t>(bytes, i); });
      case 4:
        return fn([bytes](size_t i) { return load<uint32_t>(bytes, i); });
      default:
        return fn([bytes](size_t i) { return load<uint64_t>(bytes, i); });
    }
  }

  int64_t operator[](size_t i) const {
    return with_distances([&](auto distance) { return number(distance(i)); });
  }

  /// The same for reading here and there, without asking for the width each time.
  class Reader {
   public:
    int64_t operator[](size_t i) const {
      uint64_t distance;
      std::memcpy(&distance, bytes_ + i * width_, sizeof distance);
      return static_cast<int64_t>(least_ + (distance & mask_));
    }

   private:
    friend class NarrowInts;
    const uint8_t* bytes_;
    uint64_t mask_;
    uint64_t least_;
    uint64_t width_;
  };
  /// There must be numbers; they must stay.
  Reader reader() const;

  /// Bytes held outside the object itself.
  size_t heap_bytes() const { return bytes_.bytes(); }

 private:
  template <class T>
  static uint64_t load(const uint8_t* bytes, size_t i) {
    T value;
    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    return value;
  }

  int64_t least_ = 0;
  int64_t greatest_ = 0;
  size_t size_ = 0;
  uint8_t width_ = 0;
  PageArray<uint8_t> bytes_;  // low byte first; some more follow, so that 8 can be read at any number
};

}  // namespace entente
