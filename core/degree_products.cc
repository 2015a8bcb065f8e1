#include "entente/core/degree_products.h"

#include <algorithm>

namespace entente {

namespace {

// Minima and maxima rather than tests: those are what compilers make vector instructions of.
template <DegreeFactor kFactor>
[[gnu::always_inline]] inline uint32_t factor_of(uint32_t degree) {
  if constexpr (kFactor == DegreeFactor::Degree) return degree;
  if constexpr (kFactor == DegreeFactor::AtLeastOne) return std::max(degree, 1u);
  if constexpr (kFactor == DegreeFactor::Any) return std::min(degree, 1u);
  return std::max(degree, 1u) - degree;
}

/// Degrees as differences of offsets.
struct OfOffsets {
  const uint32_t* __restrict offsets;
  [[gnu::always_inline]] uint32_t operator()(uint32_t i) const { return offsets[i + 1] - offsets[i]; }
};

/// Degrees as they are.
struct OfDegrees {
  const uint32_t* __restrict degrees;
  [[gnu::always_inline]] uint32_t operator()(uint32_t i) const { return degrees[i]; }
};

template <DegreeFactor kFactor, class DegreeOf>
[[gnu::always_inline]] inline uint32_t multiply_all(DegreeOf degree_of, uint32_t* __restrict products) {
  uint32_t largest = 0;
  for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
    const uint32_t factor = factor_of<kFactor>(degree_of(i));
    largest = std::max(largest, factor);
    products[i] *= factor;
  }
  return largest;
}

/// The loops, to be compiled for each kind of processor.
struct Loops {
  [[gnu::always_inline]] static inline void degrees(const uint32_t* __restrict offsets, bool add,
                                                    uint32_t* __restrict degrees) {
    const uint32_t keep = add ? ~0u : 0;
    for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) degrees[i] = (degrees[i] & keep) + (offsets[i + 1] - offsets[i]);
  }

  template <class DegreeOf>
  [[gnu::always_inline]] static inline uint32_t multiply(DegreeOf degree_of, DegreeFactor factor, uint32_t* products) {
    switch (factor) {
      case DegreeFactor::Degree:
        return multiply_all<DegreeFactor::Degree>(degree_of, products);
      case DegreeFactor::AtLeastOne:
        return multiply_all<DegreeFactor::AtLeastOne>(degree_of, products);
      case DegreeFactor::Any:
        return multiply_all<DegreeFactor::Any>(degree_of, products);
      case DegreeFactor::None:
        return multiply_all<DegreeFactor::None>(degree_of, products);
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
[[gnu::target("avx2")]] void wide_degrees(const uint32_t* offsets, bool add, uint32_t* degrees) {
  Loops::degrees(offsets, add, degrees);
}
[[gnu::target("avx2")]] uint32_t wide_multiply(OfOffsets degree_of, DegreeFactor factor, uint32_t* products) {
  return Loops::multiply(degree_of, factor, products);
}
[[gnu::target("avx2")]] uint32_t wide_multiply(OfDegrees degree_of, DegreeFactor factor, uint32_t* products) {
  return Loops::multiply(degree_of, factor, products);
}
[[gnu::target("avx2")]] uint64_t wide_sum(const uint32_t* numbers) { return Loops::sum(numbers); }
#endif

template <class DegreeOf>
uint32_t multiply(DegreeOf degree_of, DegreeFactor factor, PageNumbers& products) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_multiply(degree_of, factor, products.data());
#endif
  return Loops::multiply(degree_of, factor, products.data());
}

}  // namespace

void page_degrees(const uint32_t* offsets, bool add, PageNumbers& degrees) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_degrees(offsets, add, degrees.data());
#endif
  Loops::degrees(offsets, add, degrees.data());
}

uint32_t multiply_products(const PageNumbers& degrees, DegreeFactor factor, PageNumbers& products) {
  return multiply(OfDegrees{degrees.data()}, factor, products);
}

uint32_t multiply_products(const uint32_t* offsets, DegreeFactor factor, PageNumbers& products) {
  return multiply(OfOffsets{offsets}, factor, products);
}

uint64_t sum_of(const PageNumbers& products) {
#if defined(__x86_64__)
  if (has_wide_vectors()) return wide_sum(products.data());
#endif
  return Loops::sum(products.data());
}

}  // namespace entente
