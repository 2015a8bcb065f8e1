#include "entente/query/syntax/parser.h"

#include <algorithm>
#include <limits>

#include "entente/query/syntax/literals.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {

Parser::Parser(std::string_view text) : text_(text) {
  if (text.size() >= std::numeric_limits<uint32_t>::max()) {
    throw Error::resource("StatementTooLong", "a statement must be shorter than 4 GiB");
  }
  tokens_ = tokenize(text);
}

// ---- tokens ------------------------------------------------------------------------------------------------

Span Parser::span_from(size_t first_token) const {
  const Token& first = tokens_[first_token];
  return {first.begin, pos_ > first_token ? tokens_[pos_ - 1].end : first.end};
}

std::string Parser::describe(const Token& token) const {
  if (token.kind == TokenKind::End) return "the end of the statement";
  constexpr size_t kLongest = 40;
  std::string_view text = text_of(token);
  if (text.size() <= kLongest) return std::string(text);
  size_t length = kLongest;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return std::string(text.substr(0, length)) + "…";
}

void Parser::fail_expected(std::string_view what) {
  const Token& token = peek();
  if (token.kind == TokenKind::Invalid) throw invalid_token_error(text_, token);
  throw Error::syntax("UnexpectedSyntax",
                      "expected " + std::string(what) + ", found " + describe(token) + spelling_hint(), token.span());
}

std::string Parser::spelling_hint() const {
  if (is(TokenKind::Exclamation) && is(TokenKind::Equal, 1)) return "; unequal is written <>";
  const bool doubled = is(TokenKind::Equal) && pos_ > 0 && previous().kind == TokenKind::Equal;
  if (doubled && previous().end == peek().begin) return "; equal is written =";
  if (is(TokenKind::Ampersand) && is(TokenKind::Ampersand, 1)) return "; both is written AND";
  return {};
}

void Parser::fail_too_deep(Span span) const {
  throw Error::syntax("NestingTooDeep",
                      "the statement is nested too deeply: at most " + std::to_string(kMaxDepth) +
                          " levels are allowed; long chains can be written as lists, or split with WITH",
                      span);
}

const Token& Parser::expect(TokenKind kind, std::string_view what) {
  if (!is(kind)) fail_expected(what);
  return take();
}

void Parser::expect(Keyword keyword) {
  if (!accept(keyword)) fail_expected(keyword_name(keyword));
}

bool Parser::is_word(std::string_view upper, size_t ahead) const {
  const Token& token = peek(ahead);
  if (token.kind != TokenKind::Word) return false;
  const std::string_view text = text_of(token);
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char x, char y) { return (x >= 'a' && x <= 'z' ? static_cast<char>(x - 'a' + 'A') : x) == y; });
}

std::string Parser::name_of(const Token& token) const {
  if (token.kind == TokenKind::Word) return std::string(text_of(token));
  return decode_quoted(text_of(token), token.span());
}

std::string Parser::name(std::string_view what) {
  if (!peek().is_name()) fail_expected(what);
  return name_of(take());
}

std::string Parser::variable_name(std::string_view what) {
  const Token& token = peek();
  std::string result = name(what);
  if (result.empty()) throw Error::syntax("UnexpectedSyntax", "a variable's name must not be empty", token.span());
  return result;
}

bool Parser::starts_operand(const Token& token) {
  switch (token.kind) {
    case TokenKind::Word:
      switch (token.keyword) {
        case Keyword::All:
        case Keyword::AllShortestPaths:
        case Keyword::Any:
        case Keyword::Case:
        case Keyword::Collect:
        case Keyword::Count:
        case Keyword::Exists:
        case Keyword::False:
        case Keyword::Inf:
        case Keyword::Infinity:
        case Keyword::Nan:
        case Keyword::NoneOf:
        case Keyword::None:
        case Keyword::Not:
        case Keyword::Null:
        case Keyword::Reduce:
        case Keyword::ShortestPath:
        case Keyword::Single:
        case Keyword::True:
          return true;
        default:
          return false;
      }
    case TokenKind::QuotedName:
    case TokenKind::Integer:
    case TokenKind::Float:
    case TokenKind::BadNumber:
    case TokenKind::String:
    case TokenKind::Parameter:
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket:
    case TokenKind::LeftBrace:
      return true;
    default:
      return false;
  }
}

// ---- statements --------------------------------------------------------------------------------------------

Statement Parser::statement() {
  Statement result;
  result.text = std::string(text_);
  if (accept(Keyword::Explain)) {
    result.mode = Statement::Mode::Explain;
  } else if (accept(Keyword::Profile)) {
    result.mode = Statement::Mode::Profile;
  }
  if (at_schema_command()) {
    result.schema = schema_command();
  } else if (at_show_command()) {
    result.query = std::make_shared<Query>(show_command());
  } else {
    result.query = std::make_shared<Query>(query(false));
  }
  accept(TokenKind::Semicolon);
  if (!is(TokenKind::End)) {
    if (previous().kind == TokenKind::Semicolon) {
      throw Error::syntax("UnexpectedSyntax", "one statement at a time: there is another one after the ;",
                          peek().span());
    }
    fail_clause();
  }
  return result;
}

ExprPtr Parser::lone_expression() {
  ExprPtr result = expression();
  if (!is(TokenKind::End)) fail_expected("the end of the expression");
  return result;
}

Query Parser::query(bool in_subquery) {
  Query result;
  size_t first = pos_;
  std::optional<Span> next;
  result.parts.push_back(single_query(in_subquery, next));
  while (accept(Keyword::Union)) {
    bool all = accept(Keyword::All);
    if (!all) accept(Keyword::Distinct);
    result.union_all.push_back(all);
    result.parts.push_back(single_query(in_subquery, next));
  }
  if (next && result.parts.size() > 1) {
    throw Error::syntax("NotImplemented",
                        "UNION and NEXT in one query are not supported; put the UNION into a subquery, CALL (*) { … }",
                        *next);
  }
  result.span = span_from(first);
  if (result.parts.size() == 1 && result.parts[0].clauses.size() == 1 && !in_subquery) {
    if (auto* call = std::get_if<CallClause>(&result.parts[0].clauses[0])) call->standalone = !call->where;
  }
  return result;
}

/// `next` becomes the place of a NEXT in it.
SingleQuery Parser::single_query(bool in_subquery, std::optional<Span>& next) {
  SingleQuery result;
  while (!is(TokenKind::End) && !is(TokenKind::Semicolon) && !is(Keyword::Union)) {
    if (in_subquery && is(TokenKind::RightBrace)) break;
    if (at_next()) {
      next = peek().span();
      go_on_after_next(result);
    }
    result.clauses.push_back(clause());
  }
  if (result.clauses.empty()) fail_clause();
  return result;
}

/// What is returned before NEXT is what there is after it: the RETURN becomes a WITH.
void Parser::go_on_after_next(SingleQuery& query) {
  const Span span = peek().span();
  auto* last = query.clauses.empty() ? nullptr : std::get_if<ProjectionClause>(&query.clauses.back());
  if (last == nullptr || !last->is_return) {
    throw Error::syntax("InvalidClauseComposition", "NEXT goes on with what a RETURN before it gives", span);
  }
  last->is_return = false;
  take();
  if (is(TokenKind::End) || is(TokenKind::Semicolon) || is(Keyword::Union)) fail_clause();
}

// ---- entry points ------------------------------------------------------------------------------------------

Statement parse(std::string_view text) { return Parser(text).statement(); }

ExprPtr parse_expression(std::string_view text) { return Parser(text).lone_expression(); }

}  // namespace entente
