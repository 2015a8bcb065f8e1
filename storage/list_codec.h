// Arrays that are made of lists whose numbers mostly ascend, in few bits.
//
// The first number of each list that is not empty stands in one packed array, the heads, and the differences from one
// number of a list to the next in another, the gaps. See FORMAT.md, "Lists". Where the lists begin is known from
// elsewhere. Pure functions; unpacking throws Damage.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

using Numbers = std::vector<uint32_t>;

struct PackedLists {
  std::string heads;
  std::string gaps;
  size_t size() const { return heads.size() + gaps.size(); }
};

/// List i is numbers[offsets[i]] to before numbers[offsets[i + 1]]; any numbers come back as they were.
PackedLists pack_lists(const uint32_t* numbers, std::span<const uint32_t> offsets);
void unpack_lists(std::string_view heads, std::string_view gaps, std::span<const uint32_t> offsets, Numbers& out);

}  // namespace entente
