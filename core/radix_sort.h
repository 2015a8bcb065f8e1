// Sorting 64-bit keys by some of their bits, stably, in time linear in their number: a radix sort, the least
// significant digit first (Knuth, The Art of Computer Programming, volume 3, 5.2.5), in digits of at most 11 bits.
//
// With several threads each takes a part of the keys: how many keys of each digit the parts before hold says where a
// part's keys go, so the result is that of one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "entente/core/large_heap.h"

namespace entente {

/// Sorts by the bits [from, to) of the keys; `carried`, if not empty, is permuted alike. While it works there are twice
/// as many of both. `step(n)`, if given, is called about every n keys of a pass, and may throw; with several threads
/// on several of them.
void radix_sort(LargeVector<uint64_t>& keys, LargeVector<uint32_t>& carried, uint32_t from, uint32_t to,
                unsigned threads = 1, const std::function<void(size_t)>& step = {});

}  // namespace entente
