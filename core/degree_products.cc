#include "entente/core/degree_products.h"

#include <algorithm>

namespace entente {

namespace {

template <DegreeFactor kFactor>
[[gnu::always_inline]] inline uint32_t factor_of(uint32_t degree) {
  if constexpr (kFactor == DegreeFactor::Degree) return degree;
  if constexpr (kFactor == DegreeFactor::AtLeastOne) return std::max(degree, 1u);
  if constexpr (kFactor == DegreeFactor::Any) return degree > 0 ? 1 : 0;
  return degree > 0 ? 0 : 1;
}

template <DegreeFactor kFactor>
[[gnu::always_inline]] inline uint32_t multiply_offsets(const uint32_t* __restrict offsets,
                                                        uint32_t* __restrict products) {
  uint32_t largest = 0;
  for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
    const uint32_t degree = offsets[i + 1] - offsets[i];
    largest = std::max(largest, degree);
    products[i] *= factor_of<kFactor>(degree);
  }
  return largest;
}

/// The loops, to be compiled for each kind of processor.
struct Loops {
  [[gnu::always_inline]] static inline uint32_t degrees(const uint32_t* __restrict offsets, bool add,
                                                        uint32_t* __restrict degrees) {
    uint32_t largest = 0;
    const uint32_t keep = add ? ~0u : 0;
    for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
      const uint32_t degree = (degrees[i] & keep) + (offsets[i + 1] - offsets[i]);
      largest = std::max(largest, degree);
      degrees[i] = degree;
    }
    return largest;
  }

  [[gnu::always_inline]] static inline uint32_t multiply(const uint32_t* offsets, DegreeFactor factor,
                                                         uint32_t* products) {
    switch (factor) {
      case DegreeFactor::Degree:
        return multiply_offsets<DegreeFactor::Degree>(offsets, products);
      case DegreeFactor::AtLeastOne:
        return multiply_offsets<DegreeFactor::AtLeastOne>(offsets, products);
      case DegreeFactor::Any:
        return multiply_offsets<DegreeFactor::Any>(offsets, products);
      case DegreeFactor::None:
        return multiply_offsets<DegreeFactor::None>(offsets, products);
    }
    return 0;
  }

  [[gnu::always_inline]] static inline uint64_t sum(const uint32_t* numbers) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) total += numbers[i];
    return total;
  }
};

#if defined(__x86_64__)
bool has_wide_vectors() {
  static const bool kHas = __builtin_cpu_supports("avx2") != 0;
  return kHas;
}
[[gnu::target("avx2")]] uint32_t wide_degrees(const uint32_t* offsets, bool add, uint32_t* degrees) {
  return Loops::degrees(offsets, add, degrees);
}
[[gnu::target("avx2")]] uint32_t wide_multiply(const uint32_t* offsets, DegreeFactor factor, uint32_t* products) {
  return Loops::multiply(offsets, factor, products);
}
[[gnu::target("avx2")]] uint64_t wide_sum(const uint32_t* numbers) { return Loops::sum(numbers); }
#endif

}  // namespace

uint32_t page_degrees(const uint32_t* offsets, bool add, PageNumbers& degrees) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_degrees(offsets, add, degrees.data());
#endif
  return Loops::degrees(offsets, add, degrees.data());
}

void multiply_products(const PageNumbers& degrees, DegreeFactor factor, PageNumbers& products) {
  for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
    const uint32_t degree = degrees[i];
    products[i] *= factor == DegreeFactor::Degree       ? degree
                   : factor == DegreeFactor::AtLeastOne ? std::max(degree, 1u)
                                                        : ((degree > 0) == (factor == DegreeFactor::Any) ? 1u : 0u);
  }
}

uint32_t multiply_products(const uint32_t* offsets, DegreeFactor factor, PageNumbers& products) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_multiply(offsets, factor, products.data());
#endif
  return Loops::multiply(offsets, factor, products.data());
}

uint64_t sum_of(const PageNumbers& products) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_sum(products.data());
#endif
  return Loops::sum(products.data());
}

}  // namespace entente
