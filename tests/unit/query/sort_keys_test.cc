// Rows in order of some keys, against a sort that compares values.
#include "entente/query/exec/sort_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "operator_fixture.h"

namespace entente {
namespace {

using Random = std::mt19937;
using Make = std::function<Value(Random&)>;

Make with_nulls(const Make& make) {
  return [make](Random& random) { return random() % 5 == 0 ? Value() : make(random); };
}

/// Columns of each type, with few and many different values.
std::vector<Make> makers() {
  const auto float_of = [](Random& random) {
    const double some[] = {0.0,
                           -0.0,
                           1.5,
                           -1.5,
                           std::numeric_limits<double>::infinity(),
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN(),
                           -std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::denorm_min()};
    return random() % 2 == 0 ? Value(some[random() % std::size(some)]) : Value(static_cast<double>(random()) / 7 - 3e8);
  };
  const auto far_integer = [](Random& random) {
    const int64_t some[] = {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), 0, -1};
    return Value(some[random() % std::size(some)]);
  };
  const auto text_of = [](std::string begin, size_t most, uint32_t letters) {
    return [=](Random& random) {
      std::string text = begin;
      for (size_t length = random() % (most + 1); length > 0; --length)
        text += static_cast<char>(random() % letters == 0 ? 0xC3 : 'a' + random() % letters);
      return Value(text);
    };
  };
  const auto zeros = [](Random& random) { return Value(std::string(random() % 5, '\0')); };
  std::vector<Make> makers = {
      [](Random& random) { return Value(static_cast<int64_t>(random() % 7)); },
      [](Random& random) { return Value(static_cast<int64_t>(random()) - 1'000'000); },
      far_integer,
      [](Random&) { return Value(int64_t{42}); },
      [](Random& random) { return Value(random() % 2 == 0); },
      [](Random& random) { return Value(Date{static_cast<int64_t>(random() % 20'000) - 5'000}); },
      [](Random& random) { return Value(NodeId(random() % 300)); },
      [](Random& random) { return Value(RelId(random() % 300)); },
      float_of,
      text_of("", 3, 3),
      text_of("topic ", 7, 5),
      text_of("topic ", 20, 26),
      zeros,
      [](Random& random) {
        return Value("working group on " + std::to_string(random() % 40) + " and " + std::to_string(random() % 99));
      },
      [](Random& random) { return Value(std::string(random() % 600, 'x')); },
      [=](Random& random) { return random() % 2 == 0 ? Value(int64_t{1}) : text_of("", 2, 3)(random); },
  };
  const size_t plain = makers.size();
  for (size_t i = 0; i < plain; ++i) makers.push_back(with_nulls(makers[i]));
  makers.emplace_back([](Random&) { return Value(); });
  return makers;
}

class SortKeysTest : public OperatorTest {};

TEST_F(SortKeysTest, AreInTheOrderOfTheirValues) {
  Random random(1);
  const std::vector<Make> makers = entente::makers();
  for (int round = 0; round < 400; ++round) {
    const size_t rows = random() % 4 == 0 ? random() % 50 : 300 + random() % 4'000;
    const size_t count = 1 + random() % 4;
    std::vector<std::vector<Value>> values;
    std::vector<bool> descending;
    SortColumns columns;
    for (size_t k = 0; k < count; ++k) {
      const Make& make = makers[round < static_cast<int>(makers.size()) && k == 0 ? static_cast<size_t>(round)
                                                                                  : random() % makers.size()];
      std::vector<Value> column;
      for (size_t i = 0; i < rows; ++i) column.push_back(make(random));
      descending.push_back(random() % 2 == 0);
      columns.add({Vector::from_values(column), nullptr}, descending.back());
      values.push_back(std::move(column));
    }
    Selection expected(rows);
    std::iota(expected.begin(), expected.end(), 0u);
    std::stable_sort(expected.begin(), expected.end(), [&](uint32_t a, uint32_t b) {
      for (size_t k = 0; k < count; ++k) {
        const auto order = Value::order(values[k][a], values[k][b]);
        if (order != 0) return descending[k] ? order > 0 : order < 0;
      }
      return false;
    });
    ASSERT_EQ(columns.sorted(rows, context_), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace entente
