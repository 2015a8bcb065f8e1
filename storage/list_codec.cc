#include "entente/storage/list_codec.h"

#include "entente/storage/packed_ints.h"

namespace entente {

PackedLists pack_lists(const uint32_t* numbers, std::span<const uint32_t> offsets) {
  Numbers heads;
  Numbers gaps;
  if (!offsets.empty()) gaps.reserve(offsets.back());
  for (size_t list = 0; list + 1 < offsets.size(); ++list) {
    const uint32_t begin = offsets[list];
    const uint32_t end = offsets[list + 1];
    if (begin == end) continue;
    heads.push_back(numbers[begin]);
    for (uint32_t i = begin + 1; i < end; ++i) gaps.push_back(numbers[i] - numbers[i - 1]);  // modulo 2^32
  }
  return {pack(heads), pack(gaps)};
}

void unpack_lists(std::string_view heads, std::string_view gaps, std::span<const uint32_t> offsets, Numbers& out) {
  size_t lists = 0;
  for (size_t list = 0; list + 1 < offsets.size(); ++list) lists += offsets[list] != offsets[list + 1] ? 1 : 0;
  const size_t count = offsets.empty() ? 0 : offsets.back();
  Numbers firsts;
  Numbers steps;
  unpack(heads, lists, firsts);
  unpack(gaps, count - lists, steps);
  out.resize(count);
  const uint32_t* head = firsts.data();
  const uint32_t* step = steps.data();
  for (size_t list = 0; list + 1 < offsets.size(); ++list) {
    const uint32_t begin = offsets[list];
    const uint32_t end = offsets[list + 1];
    if (begin == end) continue;
    uint32_t number = out[begin] = *head++;
    for (uint32_t i = begin + 1; i < end; ++i) out[i] = number += *step++;
  }
}

}  // namespace entente
