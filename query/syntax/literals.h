// Decodes the tokens that stand for numbers, strings and names.
//
// Pure functions; thread-safe. Each throws Error SyntaxError.* at compile time with the place of what is wrong.
#pragma once

#include <string>
#include <string_view>

#include "entente/core/error.h"
#include "entente/core/value.h"

namespace entente {

/// A decimal, hexadecimal (0x) or octal (0o) integer, with underscores; a minus before it is given apart so that the
/// smallest integer can be written. Throws IntegerOverflow.
Value decode_integer(std::string_view text, bool negative, Span span);

/// A decimal number with a fraction or an exponent, and an f or d after it. What is too small becomes 0.
/// Throws FloatingPointOverflow.
Value decode_float(std::string_view text, bool negative, Span span);

/// What stands between the quotes of a string or `quoted name`, with doubled quotes and escapes resolved.
/// `\u` takes four hexadecimal digits (two in a row may be a surrogate pair), `\U` six or eight.
/// Throws InvalidUnicodeLiteral, UnexpectedSyntax.
std::string decode_quoted(std::string_view text, Span span);

}  // namespace entente
