#include "entente/storage/packed_ints.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "entente/storage/byte_codec.h"

namespace entente {
namespace {

constexpr size_t kBlock = 128;
constexpr uint8_t kAscending = 0x80;

/// Widths from 57 to 63 are stored as 64, so that one load of 8 bytes holds any difference.
unsigned stored_width(uint64_t widest) {
  const unsigned width = static_cast<unsigned>(std::bit_width(widest));
  return width > 56 ? 64 : width;
}

void append_bits(const uint64_t* numbers, size_t count, unsigned width, std::string& out) {
  if (width == 64) {
    out.append(reinterpret_cast<const char*>(numbers), count * sizeof(uint64_t));
    return;
  }
  uint64_t pending = 0;
  unsigned bits = 0;
  for (size_t i = 0; i < count; ++i) {
    pending |= numbers[i] << bits;  // bits < 8 and width <= 56
    for (bits += width; bits >= 8; bits -= 8, pending >>= 8) out.push_back(static_cast<char>(pending));
  }
  if (bits > 0) out.push_back(static_cast<char>(pending));
}

template <class T>
void pack_block(const T* numbers, size_t count, std::string& out) {
  const auto [low, high] = std::minmax_element(numbers, numbers + count);
  bool ascending = true;
  T widest_step = 0;
  for (size_t i = 1; i < count; ++i) {
    ascending = ascending && numbers[i] >= numbers[i - 1];
    widest_step = std::max<T>(widest_step, numbers[i] - numbers[i - 1]);
  }
  const unsigned plain_width = stored_width(*high - *low);
  const bool steps = ascending && stored_width(widest_step) < plain_width;
  uint64_t differences[kBlock];
  size_t stored = 0;
  if (steps) {
    for (size_t i = 1; i < count; ++i) differences[stored++] = numbers[i] - numbers[i - 1];
  } else {
    for (size_t i = 0; i < count; ++i) differences[stored++] = numbers[i] - *low;
  }
  const unsigned width = steps ? stored_width(widest_step) : plain_width;
  ByteWriter writer(out);
  writer.u8(static_cast<uint8_t>(width | (steps ? kAscending : 0)));
  writer.fixed<T>(*low);  // of an ascending block this is the first number
  append_bits(differences, stored, width, out);
}

template <class T>
std::string pack_all(std::span<const T> numbers) {
  std::string out;
  out.reserve(numbers.size() * sizeof(T) / 2 + 16);
  for (size_t at = 0; at < numbers.size(); at += kBlock) {
    pack_block(numbers.data() + at, std::min(kBlock, numbers.size() - at), out);
  }
  return out;
}

template <class T>
void unpack_block(ByteReader& reader, T* out, size_t count) {
  const uint8_t head = reader.u8();
  const bool steps = (head & kAscending) != 0;
  const unsigned width = head & 0x7F;
  require(width <= 8 * sizeof(T) && (width <= 56 || width == 64), "packed numbers have an impossible width");
  T base = reader.fixed<T>();
  const size_t stored = steps ? count - 1 : count;
  const std::string_view bits = reader.take((stored * width + 7) / 8);
  char padded[kBlock * sizeof(uint64_t) + sizeof(uint64_t)];
  std::memcpy(padded, bits.data(), bits.size());
  std::memset(padded + bits.size(), 0, sizeof(uint64_t));
  const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  if (steps) *out++ = base;
  for (size_t i = 0, bit = 0; i < stored; ++i, bit += width) {
    const T difference = static_cast<T>(load_u64(padded + (bit >> 3)) >> (bit & 7) & mask);
    const T number = static_cast<T>(base + difference);
    require(number >= base, "packed numbers overflow");
    *out++ = number;
    if (steps) base = number;
  }
}

template <class T>
void unpack_all(std::string_view bytes, size_t count, std::vector<T>& out) {
  const size_t blocks = count / kBlock + (count % kBlock != 0);
  require(blocks <= bytes.size() / (1 + sizeof(T)), "packed numbers are missing");
  out.resize(count);
  ByteReader reader(bytes);
  for (size_t at = 0; at < count; at += kBlock) unpack_block(reader, out.data() + at, std::min(kBlock, count - at));
  require(reader.left() == 0, "bytes follow the packed numbers");
}

}  // namespace

std::string pack(std::span<const uint32_t> numbers) { return pack_all(numbers); }
std::string pack(std::span<const uint64_t> numbers) { return pack_all(numbers); }

void unpack(std::string_view bytes, size_t count, std::vector<uint32_t>& out) { unpack_all(bytes, count, out); }
void unpack(std::string_view bytes, size_t count, std::vector<uint64_t>& out) { unpack_all(bytes, count, out); }

}  // namespace entente
