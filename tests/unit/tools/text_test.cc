#include "entente/tools/text.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(Text, ReplacesIllFormedBytes) {
  EXPECT_EQ(valid_utf8("a\xFF"
                       "b\xE6\x97"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(valid_utf8("日本"), "日本");
}

TEST(Text, MeasuresColumns) {
  EXPECT_EQ(display_width("Japan"), 5u);
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("ｱ"), 1u);        // half-width katakana
  EXPECT_EQ(display_width("e\u0301"), 1u);  // combining accent
  EXPECT_EQ(display_width("US–Japan"), 8u);
}

TEST(Text, CutsByColumnsNotBytes) {
  EXPECT_EQ(fit_width("Japan", 5), "Japan");
  EXPECT_EQ(fit_width("Japanese", 5), "Japa…");
  EXPECT_EQ(fit_width("日本国", 6), "日本国");
  EXPECT_EQ(fit_width("日本国民", 6), "日本…");
  EXPECT_EQ(fit_width("日本国", 4), "日…");
  EXPECT_EQ(fit_width("abc", 0), "");
}

TEST(Text, PadsByColumns) {
  EXPECT_EQ(pad_width("日本", 6), "日本  ");
  EXPECT_EQ(pad_width("7", 3, true), "  7");
}

TEST(Text, ShowsControlAndBidiCharacters) {
  EXPECT_EQ(visible("\uFFFE\U0001FFFF"), "\\uFFFE\\U01FFFF");
  EXPECT_EQ(visible("a\nb\tc\x1b[0m"), "a\\nb\\tc\\u001B[0m");
  EXPECT_EQ(visible("abc\u202E"
                    "def"),
            "abc\\u202Edef");
  EXPECT_EQ(visible(std::string_view("a\0b", 3)), "a\\u0000b");
}

TEST(Text, WrapsWords) {
  EXPECT_EQ(wrap_words("G7 Foreign Ministers' Meeting", 12),
            (std::vector<std::string>{"G7 Foreign", "Ministers'", "Meeting"}));
  EXPECT_EQ(wrap_words("", 12), std::vector<std::string>{""});
}

TEST(Text, CountsEdits) {
  EXPECT_EQ(edit_distance("japan", "japan"), 0u);
  EXPECT_EQ(edit_distance("japn", "japan"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

}  // namespace
}  // namespace entente
