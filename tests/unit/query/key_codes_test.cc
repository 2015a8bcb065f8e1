// Codes of values and of pairs, against a list of what was seen.
#include "entente/query/exec/key_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "expression_fixture.h"

namespace entente {
namespace {

class KeyCodesTest : public ExpressionTest {
 protected:
  KeyCodesTest() {
    for (int i = 0; i < 40; ++i) texts_.push_back("text " + std::to_string(i % 30));  // ten of them in two places
  }

  /// Values of one kind, some null, as a typed vector.
  VectorPtr column(VectorType type, size_t rows, int64_t spread) {
    auto vector = std::make_shared<Vector>(type);
    std::uniform_int_distribution<int64_t> number(-spread, spread);
    std::uniform_int_distribution<size_t> text(0, texts_.size() - 1);
    vector->nulls.resize(rows);
    for (size_t i = 0; i < rows; ++i) {
      vector->nulls[i] = random_() % 10 == 0 ? 1 : 0;
      if (type == VectorType::String) {
        vector->texts.push_back(texts_[text(random_)]);
      } else {
        vector->ints.push_back(number(random_));
      }
    }
    vector->set_size(rows, true);
    return vector;
  }

  /// Adds the rows, and compares their codes with places in `seen_`.
  void add(const VectorPtr& vector, SelectionPtr selection = nullptr) {
    const size_t rows = selection ? selection->size() : vector->size();
    const BatchColumn column{vector, std::move(selection)};
    std::vector<uint32_t> codes;
    codes_.find_or_add(column, rows, codes, context_);
    ASSERT_EQ(codes.size(), rows);
    for (size_t row = 0; row < rows; ++row) {
      const Value value = vector->get(column.row(row));
      const auto same = [&](const Value& known) { return Value::equivalent(known, value); };
      const auto found = std::find_if(seen_.begin(), seen_.end(), same);
      ASSERT_EQ(codes[row], found - seen_.begin()) << "row " << row;
      if (found == seen_.end()) seen_.push_back(value);
    }
    ASSERT_EQ(codes_.size(), seen_.size());
    for (uint32_t code = 0; code < codes_.size(); ++code) {
      ASSERT_TRUE(Value::equivalent(codes_.value(code), seen_[code]));
    }
  }

  std::mt19937 random_{11};
  std::vector<std::string> texts_;
  KeyCodes codes_;
  std::vector<Value> seen_;
};

TEST_F(KeyCodesTest, AreHandedOutInOrderOfFirstSight) {
  for (const int64_t spread : {5, 1'000, 100'000, 7}) {
    for (const size_t rows : {3, 200, 500}) {
      add(column(VectorType::Integer, rows, spread));
      add(column(VectorType::Date, rows, spread));
      add(column(VectorType::String, rows, spread));
    }
  }
  std::vector<Value> values{Value(1.0), Value("text 3"), Value(2.5), Value(Date{4}), Value(), Value(2.5), Value(-1.0)};
  add(Vector::from_values(values));
}

TEST_F(KeyCodesTest, NumbersNearTheEndsOfTheirRange) {
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  for (int64_t i = 0; i < 300; ++i) {
    const int64_t most = std::numeric_limits<int64_t>::max();
    vector->ints.push_back(i % 3 == 0 ? most - i % 50 : -most - 1 + i % 40);
  }
  vector->set_size(vector->ints.size(), false);
  add(vector);
  add(vector);
}

TEST_F(KeyCodesTest, OfSelectedRows) {
  const VectorPtr numbers = column(VectorType::Integer, 400, 50);
  auto selection = std::make_shared<Selection>();
  for (uint32_t i = 0; i < 400; ++i) selection->push_back(i * 7 % 400);
  add(numbers, selection);
  add(column(VectorType::String, 400, 0), selection);
}

TEST_F(KeyCodesTest, ATextThatAnotherHasTakenThePlaceOf) {
  std::string place = "one text of a page";
  auto vector = std::make_shared<Vector>(VectorType::String);
  vector->texts.push_back(place);
  vector->set_size(1, false);
  add(vector);
  place = "two text of a page";
  ASSERT_EQ(vector->texts[0], place);
  add(vector);
}

TEST_F(KeyCodesTest, TablesDoNotGrowBeyondTheMemoryLimit) {
  context_.memory_limit = 1'000'000;
  PairCodes pairs;
  const auto fill = [&](bool single) {
    for (int64_t batch = 0; batch < 500; ++batch) {
      auto vector = std::make_shared<Vector>(VectorType::Integer);
      std::vector<uint32_t> codes(1'000);
      const std::vector<uint32_t> seconds(codes.size(), 1);
      for (size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<uint32_t>(batch * 1'000 + static_cast<int64_t>(i));
        vector->ints.push_back(codes[i]);
      }
      vector->set_size(codes.size(), false);
      if (single) {
        codes_.find_or_add({std::move(vector), nullptr}, codes.size(), codes, context_);
      } else {
        pairs.find_or_add(codes, seconds, context_);
      }
    }
  };
  EXPECT_THROW(fill(true), Error);
  EXPECT_THROW(fill(false), Error);
  EXPECT_LT(codes_.bytes(), 1'500'000u);
  EXPECT_LT(pairs.bytes(), 2'500'000u);
}

TEST_F(KeyCodesTest, AnEmptyTextWithoutAPlace) {
  auto vector = std::make_shared<Vector>(VectorType::String);
  vector->texts.resize(3);
  vector->texts[2] = texts_[0];
  vector->set_size(3, false);
  ASSERT_EQ(vector->texts[0].data(), nullptr);
  add(vector);
  add(vector);
}

TEST_F(KeyCodesTest, PairsAreHandedOutInOrderOfFirstSight) {
  PairCodes pairs;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> seen;
  for (const uint32_t most : {4u, 20'000u, 30u, 300u, 255u, 256u, 20'000u, 40u}) {
    std::uniform_int_distribution<uint32_t> number(0, most);
    std::vector<uint32_t> codes(7'001);
    std::vector<uint32_t> seconds(codes.size());
    for (uint32_t& code : codes) code = number(random_);
    for (uint32_t& second : seconds) second = random_() % 2 == 0 ? number(random_) : second % 5;
    const std::vector<uint32_t> firsts = codes;
    pairs.find_or_add(codes, seconds, context_);
    for (size_t row = 0; row < codes.size(); ++row) {
      const auto next = static_cast<uint32_t>(seen.size());
      const auto [known, added] = seen.try_emplace({firsts[row], seconds[row]}, next);
      ASSERT_EQ(codes[row], known->second) << "row " << row << " of numbers up to " << most;
      ASSERT_EQ(pairs.first(codes[row]), firsts[row]);
      ASSERT_EQ(pairs.second(codes[row]), seconds[row]);
    }
  }
  EXPECT_EQ(pairs.size(), seen.size());
}

}  // namespace
}  // namespace entente
