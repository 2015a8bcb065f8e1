// Writing and reading of single bytes, variable-length integers and fixed little-endian words.
//
// The reader checks its bounds at each step and throws Damage at the end of the bytes. It does not own them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "entente/storage/damage.h"

namespace entente {

static_assert(std::endian::native == std::endian::little, "the format's words are copied as they stand in memory");

inline uint64_t load_u64(const char* at) {
  uint64_t v;
  std::memcpy(&v, at, sizeof v);
  return v;
}

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void u8(uint8_t v) { out_.push_back(static_cast<char>(v)); }
  template <class T>
  void fixed(T v) {
    out_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  /// Seven bits a byte, lowest first; the high bit marks that more follow.
  void varint(uint64_t v) {
    for (; v >= 0x80; v >>= 7) u8(static_cast<uint8_t>(v | 0x80));
    u8(static_cast<uint8_t>(v));
  }
  /// Small negative numbers become small too: 0, -1, 1, -2, …
  void zigzag(int64_t v) { varint(static_cast<uint64_t>(v) << 1 ^ static_cast<uint64_t>(v >> 63)); }
  void bytes(std::string_view v) { out_.append(v); }

 private:
  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  size_t left() const { return bytes_.size(); }

  std::string_view take(uint64_t count) {
    require(count <= bytes_.size(), "bytes are missing at the end");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  uint8_t u8() { return static_cast<uint8_t>(take(1)[0]); }
  template <class T>
  T fixed() {
    T v;
    std::memcpy(&v, take(sizeof v).data(), sizeof v);
    return v;
  }
  uint64_t varint() {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t b = u8();
      require(shift < 63 || b < 2, "a number has more than 64 bits");
      v |= static_cast<uint64_t>(b & 0x7F) << shift;
      if (b < 0x80) return v;
    }
    throw Damage("a number does not end");
  }
  int64_t zigzag() {
    const uint64_t v = varint();
    return static_cast<int64_t>(v >> 1 ^ (~(v & 1) + 1));
  }

 private:
  std::string_view bytes_;
};

}  // namespace entente
