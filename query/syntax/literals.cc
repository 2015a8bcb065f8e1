#include "entente/query/syntax/literals.h"

#include <unicode/utf8.h>

#include <charconv>
#include <limits>
#include <optional>

namespace entente {
namespace {

std::string without_underscores(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (c != '_') out.push_back(c);
  }
  return out;
}

/// Of a float's text that is out of range: whether it is too large rather than too small.
bool is_too_large(std::string_view text) {
  int64_t magnitude = 0;  // the decimal exponent of the first digit that is not zero
  bool seen_point = false;
  bool seen_digit = false;
  size_t i = 0;
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') {
      seen_point = true;
      continue;
    }
    if (text[i] != '0') seen_digit = true;
    if (!seen_point && seen_digit) ++magnitude;
    if (seen_point && !seen_digit) --magnitude;
  }
  if (i == text.size()) return magnitude > 0;
  bool negative = text[++i] == '-';
  if (text[i] == '-' || text[i] == '+') ++i;
  int64_t exponent = 0;
  auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
  if (error == std::errc::result_out_of_range) return !negative;
  return magnitude + (negative ? -exponent : exponent) > 0;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `count` hexadecimal digits at `i`, if they are there.
std::optional<uint32_t> hex_digits(std::string_view text, size_t i, size_t count) {
  if (i + count > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t k = 0; k < count; ++k) {
    int digit = hex_value(text[i + k]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

void append_utf8(std::string& out, uint32_t point) {
  char bytes[U8_MAX_LENGTH];
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, point);
  out.append(bytes, static_cast<size_t>(length));
}

bool is_high_surrogate(uint32_t c) { return c >= 0xD800 && c < 0xDC00; }
bool is_low_surrogate(uint32_t c) { return c >= 0xDC00 && c < 0xE000; }

/// Decodes one quoted token.
class Unquoter {
 public:
  Unquoter(std::string_view text, Span span) : text_(text.substr(1, text.size() - 2)), quote_(text[0]), span_(span) {}

  std::string run() {
    std::string out;
    out.reserve(text_.size());
    for (i_ = 0; i_ < text_.size();) {
      char c = text_[i_];
      if (c == '\\') {
        escape(out);
      } else {
        out.push_back(c);
        i_ += c == quote_ ? 2 : 1;  // the lexer has seen to it that a quote inside is doubled
      }
    }
    return out;
  }

 private:
  void escape(std::string& out) {
    switch (char c = text_[i_ + 1]) {
      case '\\':
      case '\'':
      case '"':
      case '`':
        out.push_back(c);
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'b':
        out.push_back('\b');
        break;
      case 'n':
        out.push_back('\n');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'u':
        return unicode_4(out);
      case 'U':
        return unicode_6_or_8(out);
      default:
        throw Error::syntax(
            "UnexpectedSyntax",
            "unknown escape in a string; the known ones are \\\\ \\' \\\" \\` \\t \\b \\n \\r \\f \\uXXXX "
            "\\UXXXXXX; write \\\\ for a backslash",
            place(2));
    }
    i_ += 2;
  }

  void unicode_4(std::string& out) {
    std::optional<uint32_t> point = hex_digits(text_, i_ + 2, 4);
    if (!point) fail("\\u needs four hexadecimal digits");
    if (is_low_surrogate(*point)) fail("a low surrogate must follow a high one");
    if (!is_high_surrogate(*point)) {
      append_utf8(out, *point);
      i_ += 6;
      return;
    }
    std::optional<uint32_t> low;
    if (text_.substr(i_ + 6, 2) == "\\u") low = hex_digits(text_, i_ + 8, 4);
    if (!low || !is_low_surrogate(*low)) fail("a high surrogate must be followed by a low one");
    append_utf8(out, 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00));
    i_ += 12;
  }

  void unicode_6_or_8(std::string& out) {
    size_t count = 8;
    std::optional<uint32_t> point = hex_digits(text_, i_ + 2, 8);
    if (!point || *point > 0x10FFFF) {
      count = 6;
      point = hex_digits(text_, i_ + 2, 6);
    }
    if (!point) fail("\\U needs six or eight hexadecimal digits");
    if (*point > 0x10FFFF || is_high_surrogate(*point) || is_low_surrogate(*point))
      fail("this is no Unicode character");
    append_utf8(out, *point);
    i_ += 2 + count;
  }

  Span place(size_t length) const {
    auto begin = static_cast<uint32_t>(span_.begin + 1 + i_);
    return {begin, static_cast<uint32_t>(begin + length)};
  }

  [[noreturn]] void fail(const char* message) const { throw Error::syntax("InvalidUnicodeLiteral", message, place(2)); }

  std::string_view text_;
  char quote_;
  Span span_;
  size_t i_ = 0;
};

}  // namespace

Value decode_integer(std::string_view text, bool negative, Span span) {
  std::string digits = without_underscores(text);
  int base = 10;
  size_t skip = 0;
  if (digits.size() > 2 && digits[0] == '0' && hex_value(digits[1]) < 0) {
    base = digits[1] == 'o' ? 8 : 16;
    skip = 2;
  }
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(digits.data() + skip, digits.data() + digits.size(), magnitude, base);
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (error != std::errc() || magnitude > kMax + (negative ? 1 : 0)) {
    throw Error::syntax("IntegerOverflow",
                        "the integer " + std::string(negative ? "-" : "") + std::string(text.substr(0, 64)) +
                            " is out of range: integers go from -9223372036854775808 to 9223372036854775807",
                        span);
  }
  return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

Value decode_float(std::string_view text, bool negative, Span span) {
  std::string digits = without_underscores(text);
  if (char last = digits.back(); last == 'f' || last == 'F' || last == 'd' || last == 'D') digits.pop_back();
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    if (is_too_large(digits)) {
      throw Error::syntax(
          "FloatingPointOverflow",
          "the number " + std::string(text.substr(0, 64)) + " is out of range: floats go up to about 1.797e308", span);
    }
    value = 0;
  }
  return negative ? -value : value;
}

std::string decode_quoted(std::string_view text, Span span) { return Unquoter(text, span).run(); }

}  // namespace entente
