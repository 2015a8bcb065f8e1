// Text to syntax tree: a hand-written lexer and recursive-descent parser for the whole openCypher grammar
// (openCypher 9 with the additions of the 2024 grammar), and the index and constraint commands.
//
// Names are kept as written; keywords are matched without regard to case. Input is UTF-8.
// Throws Error SyntaxError.* at compile time with the place: UnexpectedSyntax, InvalidNumberLiteral,
// IntegerOverflow, FloatingPointOverflow, InvalidUnicodeLiteral, InvalidUnicodeCharacter, InvalidRelationshipPattern,
// …; and SyntaxError.NestingTooDeep past kMaxDepth.
#pragma once

#include <string>
#include <string_view>

#include "entente/query/syntax/ast.h"

namespace entente {

/// Parses one statement; a `;` at its end is allowed.
Statement parse(std::string_view text);

/// Parses an expression alone, as for `--param k=EXPR`.
ExprPtr parse_expression(std::string_view text);

/// How far a text was looked through for the end of a statement.
struct StatementScan {
  size_t position = 0;
  char within = 0;  // the quote that is open there, or '/' or '*' in a comment of that kind
};

/// The length of the first statement in `text` including its `;`, minding strings, quoted names and comments; npos if
/// no `;` ends one. For shells. With `scan`, which begins as it is made, it goes on where the same text, then shorter,
/// was left.
size_t statement_length(std::string_view text, StatementScan& scan);
size_t statement_length(std::string_view text);

}  // namespace entente
