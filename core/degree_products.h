// Products of degrees for all nodes of an adjacency page at once, from where their lists begin.
//
// Numbers are 32 bits wide, eight of which are multiplied at a time where the processor can; a caller that keeps the
// largest of each factor knows whether a product may have been too large.
#pragma once

#include <array>
#include <cstdint>

#include "entente/core/adjacency.h"

namespace entente {

using PageNumbers = std::array<uint32_t, kAdjacencyPageSize>;  // by the low bits of the id

/// What a degree is made to before it is multiplied.
enum class DegreeFactor : uint8_t {
  Degree,
  AtLeastOne,  // 1 for 0
  Any,         // 1 unless it is 0
  None,        // 1 for 0, else 0
};

/// Sets `degrees`, or adds to it.
void page_degrees(const uint32_t* offsets, bool add, PageNumbers& degrees);

/// Multiplies each product by the factor that is made of the degree. Gives the largest factor.
uint32_t multiply_products(const PageNumbers& degrees, DegreeFactor factor, PageNumbers& products);

/// The same for a single list of each node, without `degrees` in between.
uint32_t multiply_products(const uint32_t* offsets, DegreeFactor factor, PageNumbers& products);

uint64_t sum_of(const PageNumbers& products);

}  // namespace entente
