#include "entente/storage/packed_ints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "entente/storage/damage.h"

namespace entente {
namespace {

template <class T>
void expect_round_trip(const std::vector<T>& numbers) {
  const std::string packed = pack(std::span<const T>(numbers));
  std::vector<T> unpacked;
  unpack(packed, numbers.size(), unpacked);
  EXPECT_EQ(unpacked, numbers);
  EXPECT_THROW(unpack(packed, numbers.size() + 128, unpacked), Damage);
  EXPECT_THROW(unpack(packed + "x", numbers.size(), unpacked), Damage);
  if (packed.empty()) return;
  EXPECT_THROW(unpack(packed.substr(0, packed.size() - 1), numbers.size(), unpacked), Damage);
}

template <class T>
class PackedIntsTest : public testing::Test {};
using Widths = testing::Types<uint32_t, uint64_t>;
TYPED_TEST_SUITE(PackedIntsTest, Widths);

TYPED_TEST(PackedIntsTest, EveryWidthAndManyLengthsComeBack) {
  std::mt19937_64 random(7);
  for (unsigned width = 0; width <= 8 * sizeof(TypeParam); ++width) {
    const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
    for (const size_t count : {0, 1, 2, 127, 128, 129, 300}) {
      std::vector<TypeParam> numbers(count);
      for (TypeParam& number : numbers) number = static_cast<TypeParam>(random() & mask);
      expect_round_trip(numbers);
      std::sort(numbers.begin(), numbers.end());
      expect_round_trip(numbers);
    }
  }
}

TYPED_TEST(PackedIntsTest, ExtremesComeBack) {
  constexpr TypeParam kMax = std::numeric_limits<TypeParam>::max();
  expect_round_trip<TypeParam>({kMax});
  expect_round_trip<TypeParam>({0, kMax});
  expect_round_trip<TypeParam>({kMax, 0, kMax, 1});
  expect_round_trip(std::vector<TypeParam>(1'000, kMax));
}

TEST(PackedIntsSize, AscendingAndNarrowNumbersTakeFewBits) {
  std::vector<uint32_t> ascending(4'096);
  std::vector<uint32_t> narrow(4'096);
  for (uint32_t i = 0; i < 4'096; ++i) {
    ascending[i] = 3'000'000'000 + i / 10;
    narrow[i] = 3'000'000'000 + i * 7 % 16;
  }
  EXPECT_LT(pack(ascending).size(), 4'096 / 8 + 32 * 5 + 1);
  EXPECT_LT(pack(narrow).size(), 4'096 / 2 + 32 * 5 + 1);
}

TYPED_TEST(PackedIntsTest, ExceptionsComeBackAndCostAFewBytesEach) {
  constexpr TypeParam kMax = std::numeric_limits<TypeParam>::max();
  for (const size_t count : {10, 128, 300}) {
    for (const size_t step : {7, 50, 127}) {
      std::vector<TypeParam> numbers(count);
      for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<TypeParam>(i % step == step - 1 ? kMax - i : i % 4);
      expect_round_trip(numbers);
      std::sort(numbers.begin(), numbers.end());
      expect_round_trip(numbers);
    }
  }
  std::vector<TypeParam> numbers(1'280, 5);
  numbers[700] = kMax;
  EXPECT_LE(pack(std::span<const TypeParam>(numbers)).size(), 10 * (1 + sizeof(TypeParam)) + 2 + sizeof(TypeParam));
  std::vector<TypeParam> ascending(1'280);
  for (size_t i = 0; i < ascending.size(); ++i) ascending[i] = static_cast<TypeParam>(i + (i > 700 ? 1'000'000 : 0));
  EXPECT_LE(pack(std::span<const TypeParam>(ascending)).size(),
            10 * (1 + sizeof(TypeParam)) + 1'280 / 8 + 2 + sizeof(TypeParam));
}

TEST(PackedIntsDamage, ACountBeyondTheBytesIsRefusedBeforeMemoryIsTaken) {
  std::vector<uint32_t> out;
  EXPECT_THROW(unpack(std::string_view("abc"), 0xFFFF'FFFF'FFFF, out), Damage);
}

TEST(PackedIntsDamage, AnyBytesGiveNumbersOrDamage) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 3'000; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    std::vector<uint64_t> out;
    const size_t count = random() % 300;
    try {
      unpack(bytes, count, out);
      EXPECT_EQ(out.size(), count);
    } catch (const Damage&) {
    }
  }
}

}  // namespace
}  // namespace entente
