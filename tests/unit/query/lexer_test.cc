#include "entente/query/syntax/lexer.h"

#include <gtest/gtest.h>

#include "entente/query/syntax/literals.h"
#include "entente/query/syntax/parser.h"

namespace entente {
namespace {

std::vector<TokenKind> kinds(std::string_view text) {
  std::vector<TokenKind> result;
  for (const Token& token : tokenize(text)) result.push_back(token.kind);
  EXPECT_EQ(result.back(), TokenKind::End);
  result.pop_back();
  return result;
}

TokenKind only(std::string_view text) {
  std::vector<TokenKind> all = kinds(text);
  EXPECT_EQ(all.size(), 1u) << text;
  return all.empty() ? TokenKind::End : all[0];
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return "no error";
}

TEST(Lexer, KeywordsAreFoundInAnyCaseAndRemainNames) {
  std::vector<Token> tokens = tokenize("mAtCh Matches none");
  EXPECT_EQ(tokens[0].keyword, Keyword::Match);
  EXPECT_TRUE(tokens[0].is_name());
  EXPECT_EQ(tokens[1].keyword, Keyword::None);
  EXPECT_EQ(tokens[2].keyword, Keyword::NoneOf);
  EXPECT_EQ(keyword_name(Keyword::AllShortestPaths), "ALLSHORTESTPATHS");
}

TEST(Lexer, IdentifiersFollowUnicode) {
  EXPECT_EQ(only("外務大臣"), TokenKind::Word);
  EXPECT_EQ(only("_été2"), TokenKind::Word);
  EXPECT_EQ(only("`any \"thing`` here`"), TokenKind::QuotedName);
  EXPECT_EQ(only("$0"), TokenKind::Parameter);
  EXPECT_EQ(only("$`a b`"), TokenKind::Parameter);
}

TEST(Lexer, WhitespaceAndCommentsSeparate) {
  EXPECT_EQ(kinds("a\u00A0b\u3000c // d\n/* e ' */ f").size(), 4u);
  EXPECT_EQ(kinds("\xEF\xBB\xBF a").size(), 1u);
}

TEST(Lexer, Numbers) {
  for (const char* text : {"0", "1_000", "0x_1F", "0XfF", "0o17", "007"}) EXPECT_EQ(only(text), TokenKind::Integer);
  for (const char* text : {".5", "1.5", "1e9", "1.5E-3", "1_0.2_5", "1.0f", "2e3D"}) {
    EXPECT_EQ(only(text), TokenKind::Float) << text;
  }
  for (const char* text : {"0x", "0o9", "12ab", "1__0", "1_", "1e", "0x1G", "1.5x"}) {
    EXPECT_EQ(only(text), TokenKind::BadNumber) << text;
  }
  EXPECT_EQ(kinds("1..5"), (std::vector{TokenKind::Integer, TokenKind::DotDot, TokenKind::Integer}));
  EXPECT_EQ(kinds("1.a"), (std::vector{TokenKind::Integer, TokenKind::Dot, TokenKind::Word}));
}

TEST(Lexer, BracketsKnowTheirPartners) {
  std::vector<Token> tokens = tokenize("(a [b {c}]) )");
  EXPECT_EQ(tokens[0].match, 8u);
  EXPECT_EQ(tokens[8].match, 0u);
  EXPECT_EQ(tokens[2].match, 7u);
  EXPECT_EQ(tokens[4].match, 6u);
  EXPECT_EQ(tokens[9].match, Token::kNoMatch);
  EXPECT_EQ(tokenize("(]")[0].match, Token::kNoMatch);
}

TEST(Lexer, WhatIsNoTokenSaysWhy) {
  auto code = [](std::string_view text) {
    for (const Token& token : tokenize(text)) {
      if (token.kind == TokenKind::Invalid) return invalid_token_error(text, token).code();
    }
    return std::string("no error");
  };
  EXPECT_EQ(code("a # b"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code("1 — 2"), "SyntaxError.InvalidUnicodeCharacter");
  EXPECT_EQ(code("a \xFF b"), "SyntaxError.InvalidUnicodeCharacter");
  EXPECT_EQ(code("'open"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code("/* open"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code("$ a"), "SyntaxError.UnexpectedSyntax");
}

TEST(Literals, Integers) {
  EXPECT_EQ(decode_integer("9223372036854775807", false, {}).as_integer(), INT64_MAX);
  EXPECT_EQ(decode_integer("9223372036854775808", true, {}).as_integer(), INT64_MIN);
  EXPECT_EQ(decode_integer("0x_ff", false, {}).as_integer(), 255);
  EXPECT_EQ(decode_integer("0o17", true, {}).as_integer(), -15);
  EXPECT_EQ(decode_integer("1_000", false, {}).as_integer(), 1000);
  for (const char* text : {"9223372036854775808", "0x8000000000000000", "99999999999999999999999"}) {
    EXPECT_EQ(error_of([&] { decode_integer(text, false, {}); }), "SyntaxError.IntegerOverflow") << text;
  }
}

TEST(Literals, Floats) {
  EXPECT_DOUBLE_EQ(decode_float(".5", true, {}).as_float(), -0.5);
  EXPECT_DOUBLE_EQ(decode_float("1_0.5e1f", false, {}).as_float(), 105.0);
  EXPECT_EQ(decode_float("1e-999", false, {}).as_float(), 0.0);
  EXPECT_EQ(decode_float("0.0000001e-400", false, {}).as_float(), 0.0);
  EXPECT_EQ(error_of([] { decode_float("1.34E999", false, {}); }), "SyntaxError.FloatingPointOverflow");
  EXPECT_EQ(error_of([] { decode_float("1e99999999999999999999", false, {}); }), "SyntaxError.FloatingPointOverflow");
}

TEST(Literals, Strings) {
  EXPECT_EQ(decode_quoted(R"('it''s \'a\' "b" \t\\')", {}), "it's 'a' \"b\" \t\\");
  EXPECT_EQ(decode_quoted("`a``b`", {}), "a`b");
  EXPECT_EQ(decode_quoted(R"('\u00e9\U01F600\U0001F600\uD83D\uDE00')", {}), "é😀😀😀");
  for (const char* text : {R"('\uH')", R"('\u12')", R"('\uD83D')", R"('\uDE00')", R"('\U99999999')", R"('\U00D800')"}) {
    EXPECT_EQ(error_of([&] { decode_quoted(text, {}); }), "SyntaxError.InvalidUnicodeLiteral") << text;
  }
  EXPECT_EQ(error_of([] { decode_quoted(R"('\q')", {}); }), "SyntaxError.UnexpectedSyntax");
}

TEST(Statements, TheFirstOnesLengthMindsQuotesAndComments) {
  EXPECT_EQ(statement_length("RETURN 1; RETURN 2"), 9u);
  EXPECT_EQ(statement_length("RETURN ';' + \"\\\";\" + `;` /* ; */ // ;\n ; x"), 40u);
  EXPECT_EQ(statement_length("RETURN 1"), std::string_view::npos);
  EXPECT_EQ(statement_length("RETURN 'a;"), std::string_view::npos);
  EXPECT_EQ(statement_length("/* ;"), std::string_view::npos);
}

TEST(Statements, TheFirstOnesLengthIsFoundInPieces) {
  for (const std::string text : {"RETURN ';' + \"\\\";\" + `;\\`;` /* ; */ // ;\n ; x", "/**/;", "/*/;*/;", "//\n;",
                                 "a/b;", "'\\\\';", "'\\';'", "/* * / */ / ;", "'a", "/* *", "`"}) {
    const size_t whole = statement_length(text);
    for (size_t step = 1; step <= text.size(); ++step) {
      StatementScan scan;
      size_t found = std::string_view::npos;
      for (size_t end = step; found == std::string_view::npos && end < text.size() + step; end += step) {
        found = statement_length(std::string_view(text).substr(0, end), scan);
      }
      EXPECT_EQ(found, whole) << text << " in steps of " << step;
    }
  }
}

}  // namespace
}  // namespace entente
