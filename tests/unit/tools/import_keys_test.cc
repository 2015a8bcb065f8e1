#include "entente/tools/import_keys.h"

#include <gtest/gtest.h>

#include <string>

namespace entente {
namespace {

TEST(KeyMap, FindsNumbersAndTexts) {
  KeyMap keys;
  std::vector<std::string> texts;
  for (int i = 0; i < 5'000; ++i) texts.push_back((i % 2 == 0 ? "" : "k") + std::to_string(i * 7919));
  for (uint32_t i = 0; i < texts.size(); ++i) ASSERT_TRUE(keys.insert(texts[i], i, false));
  for (uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(keys.find(texts[i]), i);
  EXPECT_FALSE(keys.insert("0", 1, false));
  EXPECT_EQ(keys.find("-1"), KeyMap::kNone);
  EXPECT_TRUE(keys.insert("007", 9, true));  // not the number 7
  EXPECT_EQ(keys.find("7"), KeyMap::kNone);
  EXPECT_EQ(keys.find(std::string("007")), 9u);
}

}  // namespace
}  // namespace entente
