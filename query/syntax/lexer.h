// Cuts a statement into tokens, in one pass over its bytes.
//
// Tokens are places in the text; what a name, number or string stands for is decoded when the parser takes the
// token (query/syntax/literals.h), so that an error in it is reported only if everything before it is right.
// Brackets know their partners, which lets the parser tell a pattern from a parenthesised expression by looking
// ahead in constant time. Tokenizing itself never fails: what cannot be a token becomes one of kind Invalid.
//
// Identifiers follow Unicode's XID_Start and XID_Continue, with `_` as a start. Whitespace is Unicode's White_Space;
// `//` and `/* */` are comments. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/error.h"

namespace entente {

enum class TokenKind : uint8_t {
  End,
  Word,        // a name or a keyword
  QuotedName,  // `a name`
  Integer,
  Float,
  BadNumber,  // begins as a number, goes on as something else: 12ab, 0x
  String,
  Parameter,  // $name, $`a name`, $0
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Dot,
  DotDot,
  Colon,
  Semicolon,
  Plus,
  PlusEqual,
  Minus,
  Star,
  Slash,
  Percent,
  Caret,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  RegexMatch,
  Bar,
  DoubleBar,
  Ampersand,
  Exclamation,
  Dollar,  // directly before (, as in $(…)
  Invalid,
};

/// What a Word means where the grammar asks for a keyword. No word is reserved: any may be a name.
enum class Keyword : uint8_t {
  None,
  All,
  AllShortestPaths,
  And,
  Any,
  As,
  Asc,
  Ascending,
  Both,
  By,
  Call,
  Case,
  Collect,
  Constraint,
  Contains,
  Count,
  Create,
  Delete,
  Desc,
  Descending,
  Detach,
  Distinct,
  Drop,
  Else,
  End,
  Ends,
  Exists,
  Explain,
  False,
  FieldTerminator,
  Finish,
  For,
  Foreach,
  From,
  Group,
  Groups,
  Headers,
  If,
  In,
  Index,
  Inf,
  Infinity,
  Is,
  Leading,
  Limit,
  Load,
  Match,
  Merge,
  Nan,
  NoDetach,
  NoneOf,
  Normalized,
  Not,
  Null,
  Offset,
  On,
  Optional,
  Or,
  Order,
  Path,
  Paths,
  Profile,
  Reduce,
  Remove,
  Require,
  Return,
  Set,
  Shortest,
  ShortestPath,
  Single,
  Skip,
  Starts,
  Then,
  Trailing,
  Transactions,
  True,
  Typed,
  Union,
  Unique,
  Unwind,
  When,
  Where,
  With,
  Xor,
  Yield,
};

struct Token {
  static constexpr uint32_t kNoMatch = ~uint32_t{0};

  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t match = kNoMatch;  // of a bracket: the index of its partner
  TokenKind kind = TokenKind::End;
  Keyword keyword = Keyword::None;

  Span span() const { return {begin, end}; }
  bool is_name() const { return kind == TokenKind::Word || kind == TokenKind::QuotedName; }
};

/// All tokens of the text and an End after them. The text must be shorter than 4 GiB.
std::vector<Token> tokenize(std::string_view text);

/// The error that an Invalid token is.
Error invalid_token_error(std::string_view text, const Token& token);

/// A keyword as it is written, in upper case; empty for None.
std::string_view keyword_name(Keyword keyword);

}  // namespace entente
