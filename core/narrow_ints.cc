#include "entente/core/narrow_ints.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace entente {

namespace {

constexpr size_t kPadding = sizeof(uint64_t) - 1;

template <class T>
void store(std::span<const int64_t> numbers, int64_t least, std::vector<uint8_t>& bytes) {
  bytes.resize(numbers.size() * sizeof(T) + kPadding);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const T distance = static_cast<T>(static_cast<uint64_t>(numbers[i]) - static_cast<uint64_t>(least));
    std::memcpy(bytes.data() + i * sizeof(T), &distance, sizeof(T));
  }
}

}  // namespace

NarrowInts::NarrowInts(std::span<const int64_t> numbers, std::shared_ptr<PageMemory> memory) : size_(numbers.size()) {
  if (numbers.empty()) return;
  const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
  least_ = *least;
  greatest_ = *greatest;
  const uint64_t distance = static_cast<uint64_t>(greatest_) - static_cast<uint64_t>(least_);
  std::vector<uint8_t> bytes;
  if (distance == 0) {
    bytes.resize(kPadding + 1);
  } else if (distance <= UINT8_MAX) {
    width_ = 1;
    store<uint8_t>(numbers, least_, bytes);
  } else if (distance <= UINT16_MAX) {
    width_ = 2;
    store<uint16_t>(numbers, least_, bytes);
  } else if (distance <= UINT32_MAX) {
    width_ = 4;
    store<uint32_t>(numbers, least_, bytes);
  } else {
    width_ = 8;
    store<uint64_t>(numbers, least_, bytes);
  }
  bytes_ = PageArray<uint8_t>(bytes, std::move(memory));
}

NarrowInts::Reader NarrowInts::reader() const {
  static_assert(std::endian::native == std::endian::little);
  Reader reader;
  reader.bytes_ = bytes_.data();
  reader.mask_ = width_ == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * width_);
  reader.least_ = static_cast<uint64_t>(least_);
  reader.width_ = width_;
  return reader;
}

}  // namespace entente
