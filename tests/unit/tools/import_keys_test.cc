#include "entente/tools/import_keys.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <unordered_map>

namespace entente {
namespace {

TEST(KeyMap, FindsNumbersAndTexts) {
  KeyMap keys;
  std::vector<std::string> texts;
  for (int i = 0; i < 5'000; ++i) texts.push_back((i % 2 == 0 ? "" : "k") + std::to_string(i * 7919));
  for (uint32_t i = 0; i < texts.size(); ++i) ASSERT_TRUE(keys.insert(ImportKey(texts[i]), i));
  for (uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(keys.find(ImportKey(texts[i])), i);
  EXPECT_FALSE(keys.insert(ImportKey("0"), 1));
  EXPECT_EQ(keys.find(ImportKey("-1")), KeyMap::kNone);
  EXPECT_TRUE(keys.insert(ImportKey("007"), 9));  // not the number 7
  EXPECT_EQ(keys.find(ImportKey("7")), KeyMap::kNone);
  EXPECT_EQ(keys.find(ImportKey("007")), 9u);
}

TEST(KeyMap, KeepsACopyOfTexts) {
  KeyMap keys;
  const std::string longest(3 << 20, 'x');
  for (uint32_t i = 0; i < 50'000; ++i) {
    const std::string text = "a rather long key " + std::to_string(i);
    ASSERT_TRUE(keys.insert(ImportKey(text), i));
  }
  ASSERT_TRUE(keys.insert(ImportKey(std::string(longest)), 50'000));
  EXPECT_EQ(keys.find(ImportKey("a rather long key 41999")), 41'999u);
  EXPECT_EQ(keys.find(ImportKey(longest)), 50'000u);
}

TEST(KeyMap, FindsNumbersHoweverTheyLie) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  std::mt19937_64 random(3);
  std::vector<std::vector<int64_t>> cases(6);
  for (int64_t i = 0; i < 20'000; ++i) {
    cases[0].push_back(1'000 + 7 * i);                           // close together, ascending
    cases[1].push_back(-7 * i);                                  // descending
    cases[2].push_back(i * 7'919 % 20'000 - 10'000);             // close together, in any order
    cases[3].push_back(static_cast<int64_t>(random()));          // anywhere
    cases[4].push_back(i < 10'000 ? 5 * i : 1'000'000'000 * i);  // close together at first
    cases[5].push_back(i % 2 == 0 ? kMax - i : kMin + i);
  }
  for (size_t c = 0; c < cases.size(); ++c) {
    SCOPED_TRACE(c);
    KeyMap keys;
    std::unordered_map<int64_t, uint32_t> expected;
    for (uint32_t row = 0; row < cases[c].size(); ++row) {
      const std::string text = std::to_string(cases[c][row]);
      ASSERT_EQ(keys.insert(ImportKey(text), row), expected.emplace(cases[c][row], row).second);
      ASSERT_FALSE(keys.insert(ImportKey(text), row));
    }
    for (const bool finished : {false, true}) {
      if (finished) keys.finish();
      for (const auto& [number, row] : expected) {
        ASSERT_EQ(keys.find(ImportKey(std::to_string(number))), row);
        for (const int64_t near : {number == kMin ? number : number - 1, number == kMax ? number : number + 1}) {
          const auto it = expected.find(near);
          ASSERT_EQ(keys.find(ImportKey(std::to_string(near))), it == expected.end() ? KeyMap::kNone : it->second);
        }
      }
      EXPECT_EQ(keys.find(ImportKey(std::to_string(kMax))), expected.contains(kMax) ? expected[kMax] : KeyMap::kNone);
    }
  }
}

}  // namespace
}  // namespace entente
