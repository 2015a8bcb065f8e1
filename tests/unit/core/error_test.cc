#include "entente/core/error.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

Error error_at(uint32_t begin, uint32_t end) {
  return Error::syntax("UndefinedVariable", "Variable `x` is not defined.", {begin, end});
}

TEST(Error, NamesKindDetailAndPhase) {
  const Error e = error_at(0, 1);
  EXPECT_EQ(e.code(), "SyntaxError.UndefinedVariable");
  EXPECT_EQ(e.phase(), Phase::CompileTime);
  EXPECT_EQ(Error::type("InvalidArgumentType", "m").phase(), Phase::Runtime);
}

TEST(Error, LocatesByCodePoints) {
  const std::string text = "MATCH (n)\nRETURN 'é\u20AC', x";
  Error e = error_at(static_cast<uint32_t>(text.size() - 1), static_cast<uint32_t>(text.size()));
  e.locate(text);
  EXPECT_EQ(e.line(), 2u);
  EXPECT_EQ(e.column(), 14u);
  EXPECT_EQ(e.pretty(),
            "Variable `x` is not defined.\n"
            "  RETURN 'é\u20AC', x\n"
            "               ^");
}

TEST(Error, WithoutAPlaceIsOnlyTheMessage) {
  Error e = Error::type("InvalidArgumentType", "No.");
  e.locate("RETURN 1");
  EXPECT_EQ(e.line(), 0u);
  EXPECT_EQ(e.column(), 0u);
  EXPECT_EQ(e.pretty(), "No.");
}

TEST(Error, LocatesTheEndOfTheText) {
  Error e = error_at(6, 6);
  e.locate("RETURN");
  EXPECT_EQ(e.column(), 7u);
  EXPECT_EQ(e.pretty(), "Variable `x` is not defined.\n  RETURN\n        ^");
}

TEST(Error, PastTheTextIsItsEnd) {
  Error e = error_at(100, 101);
  e.locate("RETURN");
  EXPECT_EQ(e.line(), 1u);
  EXPECT_EQ(e.column(), 7u);
}

TEST(Error, KeepsTabsAndDropsCarriageReturns) {
  Error e = error_at(8, 9);
  e.locate("\tRETURN x\r\nLIMIT 1");
  EXPECT_EQ(e.pretty(), "Variable `x` is not defined.\n  \tRETURN x\n  \t       ^");
}

TEST(Error, ShowsAWindowOfALongLine) {
  const std::string text = std::string(500, 'a') + "X" + std::string(500, 'b');
  Error e = error_at(500, 501);
  e.locate(text);
  const std::string pretty = e.pretty();
  const size_t first = pretty.find('\n') + 1;
  const size_t second = pretty.find('\n', first) + 1;
  const std::string line = pretty.substr(first, second - first - 1);
  const std::string caret = pretty.substr(second);
  EXPECT_LT(line.size(), 120u);
  EXPECT_EQ(line[caret.find('^')], 'X');
}

}  // namespace
}  // namespace entente
