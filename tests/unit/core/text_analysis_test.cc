#include "entente/core/text_analysis.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

std::string words(std::string_view text, std::string_view analyzer = TextAnalyzer::kDefault) {
  std::vector<TextToken> tokens;
  TextAnalyzer::find(analyzer)->analyze(text, 0, tokens);
  std::string out;
  for (const TextToken& token : tokens) {
    if (!out.empty()) out += ' ';
    out += token.term + "/" + std::to_string(token.position);
  }
  return out;
}

TEST(TextAnalysis, FoldsCaseAndDiacritics) {
  EXPECT_EQ(words("Crème BRÛLÉE, naïve"), "creme/0 brulee/1 naive/2");
  EXPECT_EQ(words("cre\u0300me"), "creme/0");  // decomposed
  EXPECT_EQ(words("Straße Ørsted Łódź"), "strasse/0 orsted/1 lodz/2");
  EXPECT_EQ(words("Ἀθήνα"), "αθηνα/0");
  EXPECT_EQ(words("Ｆｕｌｌ ｗｉｄｔｈ"), "full/0 width/1");
}

TEST(TextAnalysis, KeepsMarksThatMakeAnotherLetter) {
  EXPECT_EQ(words("Й"), "й/0");
  EXPECT_EQ(words("がか"), "がか/0 か/1");
}

TEST(TextAnalysis, CutsAtWordBoundaries) {
  EXPECT_EQ(words("G7 wi-fi 3.14, a_b don\u2019t"), "g7/0 wi/1 fi/2 3.14/3 a_b/4 don't/5");
  EXPECT_EQ(words(""), "");
  EXPECT_EQ(words(" \n—!?"), "");
}

TEST(TextAnalysis, TakesCjkRunsToBigrams) {
  EXPECT_EQ(words("日本経済"), "日本/0 本経/1 経済/2 済/3");
  EXPECT_EQ(words("京"), "京/0");
  EXPECT_EQ(words("G7外相 会合"), "g7/0 外相/1 相/2 会合/3 合/4");
  EXPECT_EQ(words("ｶﾞｲﾄﾞ"), "ガイ/0 イド/1 ド/2");
  EXPECT_EQ(words("한국어"), "한국/0 국어/1 어/2");
  EXPECT_EQ(words("スーパー"), "スー/0 ーパ/1 パー/2 ー/3");
}

TEST(TextAnalysis, StemsByLanguage) {
  EXPECT_EQ(words("The ministers were meeting", "english"), "minist/1 were/2 meet/3");
  EXPECT_EQ(words("The ministers", "standard"), "ministers/1");
  EXPECT_EQ(words("Häuser Häusern", "german"), "haus/0 haus/1");
  EXPECT_EQ(words("日本 ministers", "english"), "日本/0 本/1 minist/2");
  EXPECT_EQ(TextAnalyzer::find("klingon"), nullptr);
}

TEST(TextAnalysis, BoundsTermsAndTakesAnyBytes) {
  std::vector<TextToken> tokens;
  const std::string longest(100'000, 'a');
  TextAnalyzer::find("english")->analyze(longest, 7, tokens);
  for (const TextToken& token : tokens) EXPECT_LE(token.term.size(), TextAnalyzer::kLongestTerm);
  EXPECT_FALSE(tokens.empty());
  tokens.clear();
  TextAnalyzer::find("english")->analyze(std::string("a\0b\xFF\xC0 c", 7), 0, tokens);
  for (const TextToken& token : tokens) EXPECT_EQ(token.term.find('\0'), std::string::npos);
}

}  // namespace
}  // namespace entente
