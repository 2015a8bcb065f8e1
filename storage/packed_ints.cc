#include "entente/storage/packed_ints.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "entente/storage/byte_codec.h"

namespace entente {
namespace {

constexpr size_t kBlock = 128;
constexpr uint8_t kAscending = 0x80;
constexpr unsigned kPatched = 65;  // added to the width of a block with exceptions
constexpr unsigned kWidest = 56;   // of those below 64, so that one load of 8 bytes holds any difference

unsigned stored_width(uint64_t widest) {
  const unsigned width = static_cast<unsigned>(std::bit_width(widest));
  return width > kWidest ? 64 : width;
}

void append_bits(const uint64_t* numbers, size_t count, unsigned width, std::string& out) {
  if (width == 64) {
    out.append(reinterpret_cast<const char*>(numbers), count * sizeof(uint64_t));
    return;
  }
  char bytes[kBlock * sizeof(uint64_t) + sizeof(uint64_t)] = {};
  for (size_t i = 0, bit = 0; i < count; ++i, bit += width) {
    char* at = bytes + (bit >> 3);
    const uint64_t word = load_u64(at) | numbers[i] << (bit & 7);  // width <= 56
    std::memcpy(at, &word, sizeof word);
  }
  out.append(bytes, (count * width + 7) / 8);
}

/// How differences are stored in the fewest bytes: all but the exceptions have at most `width` bits.
struct Layout {
  unsigned width = 0;
  size_t exceptions = 0;
  size_t bytes = 0;
};

template <class T>
Layout best_layout(const uint64_t* differences, size_t count) {
  std::array<uint8_t, 65> wide{};  // differences that have so many bits
  uint64_t all = 0;
  for (size_t i = 0; i < count; ++i) {
    ++wide[static_cast<size_t>(std::bit_width(differences[i]))];
    all |= differences[i];
  }
  Layout best{stored_width(all), 0, (count * stored_width(all) + 7) / 8};
  size_t exceptions = 0;
  for (unsigned width = static_cast<unsigned>(std::bit_width(all)); width-- > 0;) {
    exceptions += wide[width + 1];
    if (width > kWidest) continue;
    const size_t bytes = (count * width + 7) / 8 + 1 + exceptions * (1 + sizeof(T));
    if (bytes < best.bytes) best = {width, exceptions, bytes};
  }
  return best;
}

template <class T>
void pack_block(const T* numbers, size_t count, std::string& out) {
  const T low = *std::min_element(numbers, numbers + count);
  uint64_t plain[kBlock];
  uint64_t steps[kBlock];
  bool ascending = true;
  for (size_t i = 0; i < count; ++i) plain[i] = numbers[i] - low;
  for (size_t i = 1; i < count; ++i) {
    ascending = ascending && numbers[i] >= numbers[i - 1];
    steps[i - 1] = static_cast<T>(numbers[i] - numbers[i - 1]);
  }
  Layout layout = best_layout<T>(plain, count);
  uint64_t* differences = plain;
  size_t stored = count;
  if (ascending) {
    const Layout of_steps = best_layout<T>(steps, count - 1);
    if (of_steps.bytes < layout.bytes) {
      layout = of_steps;
      differences = steps;
      stored = count - 1;
    }
  }
  ByteWriter writer(out);
  const unsigned code = layout.exceptions > 0 ? kPatched + layout.width : layout.width;
  writer.u8(static_cast<uint8_t>(code | (differences == steps ? kAscending : 0)));
  writer.fixed<T>(low);  // of an ascending block this is the first number
  if (layout.exceptions == 0) return append_bits(differences, stored, layout.width, out);
  std::string patches;
  ByteWriter patch(patches);
  for (size_t i = 0; i < stored; ++i) {
    if (static_cast<unsigned>(std::bit_width(differences[i])) <= layout.width) continue;
    patch.u8(static_cast<uint8_t>(i));
    patch.fixed<T>(static_cast<T>(differences[i]));
    differences[i] = 0;
  }
  writer.u8(static_cast<uint8_t>(layout.exceptions));
  append_bits(differences, stored, layout.width, out);
  writer.bytes(patches);
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
  const bool patched = (head & ~kAscending) >= kPatched;
  const unsigned width = (head & ~kAscending) - (patched ? kPatched : 0);
  require(width <= 8 * sizeof(T) && (width <= kWidest || (width == 64 && !patched)),
          "packed numbers have an impossible width");
  T base = reader.fixed<T>();
  const size_t exceptions = patched ? reader.u8() : 0;
  const size_t stored = steps ? count - 1 : count;
  const std::string_view bits = reader.take((stored * width + 7) / 8);
  char padded[kBlock * sizeof(uint64_t) + sizeof(uint64_t)];
  std::memcpy(padded, bits.data(), bits.size());
  std::memset(padded + bits.size(), 0, sizeof(uint64_t));
  const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  T differences[kBlock];
  for (size_t i = 0, bit = 0; i < stored; ++i, bit += width) {
    differences[i] = static_cast<T>(load_u64(padded + (bit >> 3)) >> (bit & 7) & mask);
  }
  for (size_t e = 0; e < exceptions; ++e) {
    const uint8_t place = reader.u8();
    require(place < stored, "an exception among packed numbers is past the last one");
    differences[place] = reader.fixed<T>();
  }
  if (steps) *out++ = base;
  for (size_t i = 0; i < stored; ++i) {
    const T number = static_cast<T>(base + differences[i]);
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
