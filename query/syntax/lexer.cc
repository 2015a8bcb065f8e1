#include "entente/query/syntax/lexer.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <utility>

#include "entente/query/syntax/parser.h"
#include "entente/query/syntax/preparation.h"

namespace entente {
namespace {

struct KeywordEntry {
  std::string_view name;
  Keyword keyword;
};

constexpr KeywordEntry kKeywords[] = {
    {"ALL", Keyword::All},
    {"ALLSHORTESTPATHS", Keyword::AllShortestPaths},
    {"AND", Keyword::And},
    {"ANY", Keyword::Any},
    {"AS", Keyword::As},
    {"ASC", Keyword::Asc},
    {"ASCENDING", Keyword::Ascending},
    {"BOTH", Keyword::Both},
    {"BY", Keyword::By},
    {"CALL", Keyword::Call},
    {"CASE", Keyword::Case},
    {"COLLECT", Keyword::Collect},
    {"CONSTRAINT", Keyword::Constraint},
    {"CONTAINS", Keyword::Contains},
    {"COUNT", Keyword::Count},
    {"CREATE", Keyword::Create},
    {"DELETE", Keyword::Delete},
    {"DESC", Keyword::Desc},
    {"DESCENDING", Keyword::Descending},
    {"DETACH", Keyword::Detach},
    {"DISTINCT", Keyword::Distinct},
    {"DROP", Keyword::Drop},
    {"ELSE", Keyword::Else},
    {"END", Keyword::End},
    {"ENDS", Keyword::Ends},
    {"EXISTS", Keyword::Exists},
    {"EXPLAIN", Keyword::Explain},
    {"FALSE", Keyword::False},
    {"FIELDTERMINATOR", Keyword::FieldTerminator},
    {"FINISH", Keyword::Finish},
    {"FOR", Keyword::For},
    {"FOREACH", Keyword::Foreach},
    {"FROM", Keyword::From},
    {"GROUP", Keyword::Group},
    {"GROUPS", Keyword::Groups},
    {"HEADERS", Keyword::Headers},
    {"IF", Keyword::If},
    {"IN", Keyword::In},
    {"INDEX", Keyword::Index},
    {"INF", Keyword::Inf},
    {"INFINITY", Keyword::Infinity},
    {"IS", Keyword::Is},
    {"LEADING", Keyword::Leading},
    {"LIMIT", Keyword::Limit},
    {"LOAD", Keyword::Load},
    {"MATCH", Keyword::Match},
    {"MERGE", Keyword::Merge},
    {"NAN", Keyword::Nan},
    {"NODETACH", Keyword::NoDetach},
    {"NONE", Keyword::NoneOf},
    {"NORMALIZED", Keyword::Normalized},
    {"NOT", Keyword::Not},
    {"NULL", Keyword::Null},
    {"OFFSET", Keyword::Offset},
    {"ON", Keyword::On},
    {"OPTIONAL", Keyword::Optional},
    {"OR", Keyword::Or},
    {"ORDER", Keyword::Order},
    {"PATH", Keyword::Path},
    {"PATHS", Keyword::Paths},
    {"PROFILE", Keyword::Profile},
    {"REDUCE", Keyword::Reduce},
    {"REMOVE", Keyword::Remove},
    {"REQUIRE", Keyword::Require},
    {"RETURN", Keyword::Return},
    {"SET", Keyword::Set},
    {"SHORTEST", Keyword::Shortest},
    {"SHORTESTPATH", Keyword::ShortestPath},
    {"SINGLE", Keyword::Single},
    {"SKIP", Keyword::Skip},
    {"STARTS", Keyword::Starts},
    {"THEN", Keyword::Then},
    {"TRAILING", Keyword::Trailing},
    {"TRANSACTIONS", Keyword::Transactions},
    {"TRUE", Keyword::True},
    {"TYPED", Keyword::Typed},
    {"UNION", Keyword::Union},
    {"UNIQUE", Keyword::Unique},
    {"UNWIND", Keyword::Unwind},
    {"WHEN", Keyword::When},
    {"WHERE", Keyword::Where},
    {"WITH", Keyword::With},
    {"XOR", Keyword::Xor},
    {"YIELD", Keyword::Yield},
};
constexpr size_t kLongestKeyword = 16;
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords),
                             [](const KeywordEntry& a, const KeywordEntry& b) { return a.name < b.name; }));

Keyword find_keyword(std::string_view word) {
  if (word.size() < 2 || word.size() > kLongestKeyword) return Keyword::None;
  std::array<char, kLongestKeyword> upper;
  for (size_t i = 0; i < word.size(); ++i) {
    char c = word[i];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c < 'A' || c > 'Z') return Keyword::None;
    upper[i] = c;
  }
  std::string_view name(upper.data(), word.size());
  const auto* at = std::lower_bound(std::begin(kKeywords), std::end(kKeywords), name,
                                    [](const KeywordEntry& e, std::string_view n) { return e.name < n; });
  return at != std::end(kKeywords) && at->name == name ? at->keyword : Keyword::None;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_octal_digit(char c) { return c >= '0' && c <= '7'; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// Walks the bytes of a text. Positions past its end read as NUL.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    tokens_.reserve(text_.size() / 4 + 2);
    if (text_.starts_with("\xEF\xBB\xBF")) pos_ = 3;  // a byte-order mark
    while (true) {
      Preparation::step();
      if (!skip_separators()) continue;
      if (pos_ >= text_.size()) break;
      next();
    }
    // The end is behind the last token, not behind the white space and comments after it.
    pos_ = tokens_.empty() ? pos_ : tokens_.back().end;
    add(TokenKind::End, pos_);
    return std::move(tokens_);
  }

 private:
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void add(TokenKind kind, size_t begin, Keyword keyword = Keyword::None) {
    Token token;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(pos_);
    token.kind = kind;
    token.keyword = keyword;
    tokens_.push_back(token);
  }

  void symbol(TokenKind kind, size_t length) {
    size_t begin = pos_;
    pos_ += length;
    add(kind, begin);
  }

  /// The code point at `i` and the position after it; negative if the bytes are not UTF-8.
  std::pair<UChar32, size_t> code_point(size_t i) const {
    auto position = static_cast<int64_t>(i);
    auto length = static_cast<int64_t>(text_.size());
    UChar32 c;
    U8_NEXT(text_.data(), position, length, c);
    return {c, static_cast<size_t>(position)};
  }

  /// False if an unterminated comment was met, which becomes an Invalid token.
  bool skip_separators() {
    while (pos_ < text_.size()) {
      char c = text_[pos_];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        ++pos_;
      } else if (c == '/' && at(pos_ + 1) == '/') {
        pos_ = std::min(text_.find('\n', pos_), text_.size());
      } else if (c == '/' && at(pos_ + 1) == '*') {
        size_t end = text_.find("*/", pos_ + 2);
        if (end == std::string_view::npos) {
          size_t begin = std::exchange(pos_, text_.size());
          add(TokenKind::Invalid, begin);
          return false;
        }
        pos_ = end + 2;
      } else if (!is_ascii(c)) {
        auto [point, after] = code_point(pos_);
        if (point < 0 || !u_isUWhiteSpace(point)) return true;
        pos_ = after;
      } else {
        return true;
      }
    }
    return true;
  }

  size_t skip_identifier(size_t i) const {
    while (i < text_.size()) {
      char c = text_[i];
      if (is_ascii(c)) {
        if (!is_ascii_letter(c) && !is_digit(c) && c != '_') break;
        ++i;
      } else {
        auto [point, after] = code_point(i);
        if (point < 0 || !u_hasBinaryProperty(point, UCHAR_XID_CONTINUE)) break;
        i = after;
      }
    }
    return i;
  }

  void next() {
    char c = text_[pos_];
    if (is_ascii_letter(c) || c == '_') return word();
    if (is_digit(c) || (c == '.' && is_digit(at(pos_ + 1)))) return number();
    if (!is_ascii(c)) {
      auto [point, after] = code_point(pos_);
      if (point >= 0 && u_hasBinaryProperty(point, UCHAR_XID_START)) return word();
      size_t begin = std::exchange(pos_, after);
      return add(TokenKind::Invalid, begin);
    }
    switch (c) {
      case '\'':
      case '"':
        return quoted(c, TokenKind::String);
      case '`':
        return quoted(c, TokenKind::QuotedName);
      case '$':
        return parameter();
      case '(':
        return open(TokenKind::LeftParen);
      case '[':
        return open(TokenKind::LeftBracket);
      case '{':
        return open(TokenKind::LeftBrace);
      case ')':
        return close(TokenKind::RightParen, TokenKind::LeftParen);
      case ']':
        return close(TokenKind::RightBracket, TokenKind::LeftBracket);
      case '}':
        return close(TokenKind::RightBrace, TokenKind::LeftBrace);
      case ',':
        return symbol(TokenKind::Comma, 1);
      case '.':
        return at(pos_ + 1) == '.' ? symbol(TokenKind::DotDot, 2) : symbol(TokenKind::Dot, 1);
      case ':':
        return symbol(TokenKind::Colon, 1);
      case ';':
        return symbol(TokenKind::Semicolon, 1);
      case '+':
        return at(pos_ + 1) == '=' ? symbol(TokenKind::PlusEqual, 2) : symbol(TokenKind::Plus, 1);
      case '-':
        return symbol(TokenKind::Minus, 1);
      case '*':
        return symbol(TokenKind::Star, 1);
      case '/':
        return symbol(TokenKind::Slash, 1);
      case '%':
        return symbol(TokenKind::Percent, 1);
      case '^':
        return symbol(TokenKind::Caret, 1);
      case '=':
        return at(pos_ + 1) == '~' ? symbol(TokenKind::RegexMatch, 2) : symbol(TokenKind::Equal, 1);
      case '<':
        if (at(pos_ + 1) == '>') return symbol(TokenKind::NotEqual, 2);
        return at(pos_ + 1) == '=' ? symbol(TokenKind::LessEqual, 2) : symbol(TokenKind::Less, 1);
      case '>':
        return at(pos_ + 1) == '=' ? symbol(TokenKind::GreaterEqual, 2) : symbol(TokenKind::Greater, 1);
      case '|':
        return at(pos_ + 1) == '|' ? symbol(TokenKind::DoubleBar, 2) : symbol(TokenKind::Bar, 1);
      case '&':
        return symbol(TokenKind::Ampersand, 1);
      case '!':
        return symbol(TokenKind::Exclamation, 1);
      default:
        return symbol(TokenKind::Invalid, 1);
    }
  }

  void word() {
    size_t begin = pos_;
    pos_ = skip_identifier(code_point(pos_).second);
    add(TokenKind::Word, begin, find_keyword(text_.substr(begin, pos_ - begin)));
  }

  void open(TokenKind kind) {
    open_.push_back(static_cast<uint32_t>(tokens_.size()));
    symbol(kind, 1);
  }

  void close(TokenKind kind, TokenKind partner) {
    auto index = static_cast<uint32_t>(tokens_.size());
    symbol(kind, 1);
    if (open_.empty() || tokens_[open_.back()].kind != partner) return;
    tokens_[index].match = open_.back();
    tokens_[open_.back()].match = index;
    open_.pop_back();
  }

  /// A string or quoted name: the quote is doubled or escaped inside.
  void quoted(char quote, TokenKind kind) {
    size_t begin = pos_++;
    while (pos_ < text_.size()) {
      char c = text_[pos_++];
      if (c == '\\') {
        ++pos_;
      } else if (c == quote) {
        if (at(pos_) != quote) return add(kind, begin);
        ++pos_;
      }
    }
    pos_ = text_.size();
    add(TokenKind::Invalid, begin);
  }

  void parameter() {
    size_t begin = pos_++;
    if (at(pos_) == '`') {
      quoted('`', TokenKind::Parameter);
      tokens_.back().begin = static_cast<uint32_t>(begin);
      return;
    }
    pos_ = skip_identifier(pos_);
    const bool named = pos_ - begin > 1;
    add(named ? TokenKind::Parameter : at(pos_) == '(' ? TokenKind::Dollar : TokenKind::Invalid, begin);
  }

  /// Digits with single underscores between them. False if an underscore stands elsewhere or there is no digit.
  bool digits(bool (*is_one)(char)) {
    bool any = false;
    while (is_one(at(pos_)) || (at(pos_) == '_' && any && is_one(at(pos_ + 1)))) {
      any = true;
      ++pos_;
    }
    return any;
  }

  void number() {
    size_t begin = pos_;
    bool well_formed = true;
    bool is_float = false;
    if (at(pos_) == '0' && (at(pos_ + 1) == 'x' || at(pos_ + 1) == 'X' || at(pos_ + 1) == 'o')) {
      bool (*is_one)(char) = at(pos_ + 1) == 'o' ? is_octal_digit : is_hex_digit;
      pos_ += 2;
      if (at(pos_) == '_' && is_one(at(pos_ + 1))) ++pos_;
      well_formed = digits(is_one);
    } else {
      if (at(pos_) != '.') digits(is_digit);
      if (at(pos_) == '.' && is_digit(at(pos_ + 1))) {
        is_float = true;
        ++pos_;
        digits(is_digit);
      }
      if (at(pos_) == 'e' || at(pos_) == 'E') {
        size_t sign = at(pos_ + 1) == '+' || at(pos_ + 1) == '-' ? 1 : 0;
        if (is_digit(at(pos_ + 1 + sign))) {
          is_float = true;
          pos_ += 1 + sign;
          digits(is_digit);
        }
      }
      char suffix = at(pos_);
      if (is_float && (suffix == 'f' || suffix == 'F' || suffix == 'd' || suffix == 'D')) ++pos_;
    }
    size_t rest = skip_identifier(pos_);
    if (rest != pos_) well_formed = false;
    pos_ = rest;
    add(!well_formed ? TokenKind::BadNumber : is_float ? TokenKind::Float : TokenKind::Integer, begin);
  }

  std::string_view text_;
  size_t pos_ = 0;
  std::vector<Token> tokens_;
  std::vector<uint32_t> open_;  // indices of brackets not closed yet
};

std::string code_point_name(UChar32 c) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string digits;
  for (auto rest = static_cast<uint32_t>(c); rest != 0 || digits.size() < 4; rest >>= 4) {
    digits.insert(digits.begin(), kHex[rest & 0xF]);
  }
  return "U+" + digits;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

Error invalid_token_error(std::string_view text, const Token& token) {
  Span first{token.begin, token.begin + 1};
  char c = text[token.begin];
  if (c == '\'' || c == '"') return Error::syntax("UnexpectedSyntax", "this string is not closed", first);
  if (c == '`') return Error::syntax("UnexpectedSyntax", "this quoted name is not closed", first);
  if (c == '/') return Error::syntax("UnexpectedSyntax", "this comment is not closed: expected */", first);
  if (c == '$') return Error::syntax("UnexpectedSyntax", "expected a parameter's name after $", first);
  if (is_ascii(c)) {
    std::string shown = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? code_point_name(c) : std::string(1, c);
    return Error::syntax("UnexpectedSyntax", "unexpected character " + shown, first);
  }
  int64_t i = token.begin;
  auto length = static_cast<int64_t>(text.size());
  UChar32 point;
  U8_NEXT(text.data(), i, length, point);
  Span span{token.begin, static_cast<uint32_t>(i)};
  if (point < 0) return Error::syntax("InvalidUnicodeCharacter", "the statement is not valid UTF-8 here", span);
  return Error::syntax("InvalidUnicodeCharacter",
                       "the character " + std::string(text.substr(token.begin, span.end - span.begin)) + " (" +
                           code_point_name(point) + ") is no part of the language; it may stand in strings and `names`",
                       span);
}

std::string_view keyword_name(Keyword keyword) {
  for (const KeywordEntry& entry : kKeywords) {
    if (entry.keyword == keyword) return entry.name;
  }
  return {};
}

size_t statement_length(std::string_view text, StatementScan& scan) {
  size_t& i = scan.position;
  const auto skip_past = [&](std::string_view end) {  // of a comment
    const size_t found = text.find(end, i);
    // What may be the first half of an end is looked at again.
    i = found != std::string_view::npos ? found + end.size() : std::max(i, text.size() - (end.size() - 1));
    if (found != std::string_view::npos) scan.within = 0;
    return found != std::string_view::npos;
  };
  while (i < text.size()) {
    const char c = text[i];
    const bool escape = c == '\\' && scan.within != 0;
    const bool slash = c == '/' && scan.within == 0;
    if (scan.within == '/' || scan.within == '*') {
      if (!skip_past(scan.within == '/' ? "\n" : "*/")) return std::string_view::npos;
      continue;
    }
    if ((escape || slash) && i + 1 == text.size()) return std::string_view::npos;  // what follows tells what it is
    if (slash && (text[i + 1] == '/' || text[i + 1] == '*')) {
      scan.within = text[i + 1];
      i += 2;
    } else if (escape) {
      i += 2;
    } else if (scan.within == 0 && c == ';') {
      return ++i;
    } else {
      if (c == scan.within) {
        scan.within = 0;
      } else if (scan.within == 0 && (c == '\'' || c == '"' || c == '`')) {
        scan.within = c;
      }
      ++i;
    }
  }
  return std::string_view::npos;
}

size_t statement_length(std::string_view text) {
  StatementScan scan;
  return statement_length(text, scan);
}

}  // namespace entente
