#include "entente/core/degree_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace entente {
namespace {

TEST(DegreeProducts, AreThoseOfEachNode) {
  std::mt19937 random(1);
  std::vector<uint32_t> a(kAdjacencyPageSize + 1);
  std::vector<uint32_t> b(kAdjacencyPageSize + 1);
  for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
    a[i + 1] = a[i] + random() % 4;
    b[i + 1] = b[i] + random() % 3;
  }
  PageNumbers products;
  for (const DegreeFactor factor :
       {DegreeFactor::Degree, DegreeFactor::AtLeastOne, DegreeFactor::Any, DegreeFactor::None}) {
    const auto made = [&](uint32_t degree) -> uint32_t {
      if (factor == DegreeFactor::Degree) return degree;
      if (factor == DegreeFactor::AtLeastOne) return std::max(degree, 1u);
      return (degree > 0) == (factor == DegreeFactor::Any) ? 1 : 0;
    };
    products.fill(7);
    EXPECT_EQ(multiply_products(a.data(), factor, products), factor <= DegreeFactor::AtLeastOne ? 3u : 1u);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
      ASSERT_EQ(products[i], 7 * made(a[i + 1] - a[i])) << i;
      sum += products[i];
    }
    EXPECT_EQ(sum_of(products), sum);
    PageNumbers degrees;
    page_degrees(a.data(), false, degrees);
    page_degrees(b.data(), true, degrees);
    products.fill(7);
    EXPECT_EQ(multiply_products(degrees, factor, products), factor <= DegreeFactor::AtLeastOne ? 5u : 1u);
    for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
      ASSERT_EQ(products[i], 7 * made(a[i + 1] - a[i] + b[i + 1] - b[i])) << i;
    }
  }
}

}  // namespace
}  // namespace entente
