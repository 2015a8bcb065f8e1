// What operators stand between: literals, names, calls, comprehensions, patterns and subqueries.
#include <algorithm>
#include <iterator>
#include <limits>

#include "entente/query/syntax/literals.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {
namespace {

struct AggregateName {
  std::string_view name;
  Aggregate aggregate;
};
constexpr AggregateName kAggregates[] = {
    {"count", Aggregate::Count},
    {"sum", Aggregate::Sum},
    {"avg", Aggregate::Avg},
    {"min", Aggregate::Min},
    {"max", Aggregate::Max},
    {"collect", Aggregate::Collect},
    {"stdev", Aggregate::StDev},
    {"stdevp", Aggregate::StDevP},
    {"percentilecont", Aggregate::PercentileCont},
    {"percentiledisc", Aggregate::PercentileDisc},
};

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y; });
}

const Aggregate* find_aggregate(std::string_view name) {
  for (const AggregateName& entry : kAggregates) {
    if (equal_ignoring_case(name, entry.name)) return &entry.aggregate;
  }
  return nullptr;
}

}  // namespace

ExprPtr Parser::primary() {
  switch (peek().kind) {
    case TokenKind::Integer:
    case TokenKind::Float:
    case TokenKind::BadNumber:
      return number(false);
    case TokenKind::String: {
      const Token& token = take();
      return make_literal(decode_quoted(text_of(token), token.span()), pos_ - 1);
    }
    case TokenKind::Parameter:
      return parameter();
    case TokenKind::LeftParen:
      return parenthesized();
    case TokenKind::LeftBracket:
      return list_or_comprehension();
    case TokenKind::LeftBrace:
      return map_literal(true);
    case TokenKind::Word:
    case TokenKind::QuotedName:
      return word();
    default:
      fail_expected("an expression");
  }
}

ExprPtr Parser::number(bool negative) {
  const Token& token = take();
  std::string_view text = text_of(token);
  switch (token.kind) {
    case TokenKind::Integer:
      return make_literal(decode_integer(text, negative, token.span()), pos_ - 1);
    case TokenKind::Float:
      return make_literal(decode_float(text, negative, token.span()), pos_ - 1);
    default:
      throw Error::syntax("InvalidNumberLiteral",
                          describe(token) + " is not a number; a name cannot begin with a digit", token.span());
  }
}

ExprPtr Parser::parameter() {
  const Token& token = take();
  ExprPtr result = make(ExprKind::Parameter, pos_ - 1);
  std::string_view text = text_of(token).substr(1);
  result->name = text[0] == '`' ? decode_quoted(text, token.span()) : std::string(text);
  return result;
}

ExprPtr Parser::variable() {
  const Token& token = take();
  ExprPtr result = make(ExprKind::Variable, pos_ - 1);
  result->name = name_of(token);
  if (result->name.empty())
    throw Error::syntax("UnexpectedSyntax", "a variable's name must not be empty", token.span());
  // A name that is not bound can be one of these numbers: the binder decides.
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (token.keyword == Keyword::Inf || token.keyword == Keyword::Infinity) result->literal = Value(kInfinity);
  if (token.keyword == Keyword::Nan) result->literal = Value(std::numeric_limits<double>::quiet_NaN());
  return result;
}

// ---- words -------------------------------------------------------------------------------------------------

ExprPtr Parser::word() {
  if (ExprPtr result = keyword_primary()) return result;
  size_t end = pos_ + 1;
  while (at(end).kind == TokenKind::Dot && at(end + 1).is_name()) end += 2;
  if (at(end).kind == TokenKind::LeftParen) return function_call(end);
  if (is(TokenKind::LeftBrace, 1)) return map_projection();
  // Any word may be a variable, but one of the grammar's before another operand is a slip.
  const Token& next = peek(1);
  bool operand_follows = starts_operand(next) && next.kind != TokenKind::LeftBracket;
  bool grammar_word = is(Keyword::Not) || (!is(Keyword::None) && !starts_operand(peek()));
  if (grammar_word && operand_follows) fail_expected("an expression");
  return variable();
}

/// What begins with a keyword; null if the word is only a name here.
ExprPtr Parser::keyword_primary() {
  size_t first = pos_;
  bool call = is(TokenKind::LeftParen, 1);
  switch (peek().keyword) {
    case Keyword::True:
    case Keyword::False: {
      bool value = take().keyword == Keyword::True;
      return make_literal(value, first);
    }
    case Keyword::Null:
      take();
      return make_literal(Value(), first);
    case Keyword::Case:
      return starts_operand(peek(1)) || is(Keyword::When, 1) || is(TokenKind::Minus, 1) ? case_expression() : nullptr;
    case Keyword::Exists:
    case Keyword::Count:
    case Keyword::Collect:
      return at_subquery() ? subquery_expression() : nullptr;
    case Keyword::All:
    case Keyword::Any:
    case Keyword::NoneOf:
    case Keyword::Single:
      return call && peek(2).is_name() && is(Keyword::In, 3) ? quantifier_expression() : nullptr;
    case Keyword::Reduce:
      return call && peek(2).is_name() && is(TokenKind::Equal, 3) ? reduce_expression() : nullptr;
    case Keyword::ShortestPath:
    case Keyword::AllShortestPaths: {
      if (!call) return nullptr;
      Nest nest(*this, kPatternWeight);
      HeightScope heights(*this);
      auto pattern = std::make_shared<PathPattern>();
      legacy_shortest(*pattern);
      pattern->span = span_from(first);
      ExprPtr result = make(ExprKind::ShortestPath, first);
      result->pattern = std::move(pattern);
      raise(*result, heights.height() + kPatternWeight);
      return result;
    }
    default:
      return nullptr;
  }
}

/// A call whose name ends before the token `name_end`, a parenthesis.
ExprPtr Parser::function_call(size_t name_end) {
  size_t first = pos_;
  std::string full_name = name("a function");
  while (pos_ < name_end) {
    take();
    full_name += "." + name("a function");
  }
  expect(TokenKind::LeftParen, "(");
  BarScope bars(*this, 0);
  const Aggregate* aggregate = find_aggregate(full_name);
  bool star = aggregate != nullptr && *aggregate == Aggregate::Count && accept(TokenKind::Star);
  bool distinct = false;
  std::vector<ExprPtr> args;
  if (!star && !is(TokenKind::RightParen)) {
    if (is(Keyword::Distinct) && (starts_operand(peek(1)) || is(TokenKind::Minus, 1))) {
      take();
      distinct = true;
    } else if (is(Keyword::All) && starts_operand(peek(1)) && !is(TokenKind::LeftParen, 1)) {
      take();
    }
    call_arguments(full_name, args);
  }
  expect(TokenKind::RightParen, ") or a comma");
  ExprPtr result = make(aggregate != nullptr ? ExprKind::Aggregate : ExprKind::Call, first, std::move(args));
  result->name = std::move(full_name);
  result->distinct = distinct;
  if (aggregate != nullptr) result->aggregate = star ? Aggregate::CountStar : *aggregate;
  return result;
}

void Parser::call_arguments(std::string& function, std::vector<ExprPtr>& args) {
  if (equal_ignoring_case(function, "trim")) return trim_arguments(function, args);
  const bool normal_form = equal_ignoring_case(function, "normalize");
  do {
    if (normal_form && args.size() == 1 && is(TokenKind::RightParen, 1) &&
        (is_word("NFC") || is_word("NFD") || is_word("NFKC") || is_word("NFKD"))) {
      args.push_back(make_literal(std::string(text_of(take())), pos_ - 1));
      continue;
    }
    args.push_back(expression());
  } while (accept(TokenKind::Comma));
}

/// s, or s, characters, or [[LEADING | TRAILING | BOTH] [characters] FROM] s; names the function that does it.
void Parser::trim_arguments(std::string& function, std::vector<ExprPtr>& args) {
  const bool side = (is(Keyword::Leading) || is(Keyword::Trailing) || is(Keyword::Both)) &&
                    (is(Keyword::From, 1) || starts_operand(peek(1)) || peek(1).is_name());
  if (side) {
    const Keyword which = take().keyword;
    function = which == Keyword::Leading ? "lTrim" : which == Keyword::Trailing ? "rTrim" : "bTrim";
    const bool bare = is(Keyword::From) && !is(Keyword::From, 1);
    if (!bare) args.push_back(expression());
    expect(Keyword::From);
    args.insert(args.begin(), expression());
    return;
  }
  args.push_back(expression());
  if (accept(Keyword::From)) {
    args.insert(args.begin(), expression());
    return;
  }
  while (accept(TokenKind::Comma)) args.push_back(expression());
}

// ---- parentheses, lists, maps ------------------------------------------------------------------------------

ExprPtr Parser::parenthesized() {
  size_t first = pos_;
  if (is_pattern_at(pos_)) {
    HeightScope heights(*this);
    auto pattern = std::make_shared<PathPattern>(simple_path());
    ExprPtr result = make(ExprKind::PatternPredicate, first);
    result->pattern = std::move(pattern);
    raise(*result, heights.height() + kPatternWeight);
    return result;
  }
  take();
  BarScope bars(*this, 0);
  ExprPtr result = expression();
  expect(TokenKind::RightParen, ")");
  result->parenthesized = true;
  return result;
}

ExprPtr Parser::list_or_comprehension() {
  if (peek(1).is_name() && is(Keyword::In, 2)) return list_comprehension();
  size_t pattern = pos_ + 1;
  if (at(pattern).is_name() && at(pattern + 1).kind == TokenKind::Equal) pattern += 2;
  if (is_pattern_at(pattern)) return pattern_comprehension();
  return list_literal();
}

/// Takes a number, string, boolean or null that is a whole element of a list.
bool Parser::simple_literal(Value& value) {
  bool negative = is(TokenKind::Minus);
  const Token& token = peek(negative ? 1 : 0);
  const Token& after = peek(negative ? 2 : 1);
  if (after.kind != TokenKind::Comma && after.kind != TokenKind::RightBracket) return false;
  std::string_view text = text_of(token);
  if (token.kind == TokenKind::Integer) {
    value = decode_integer(text, negative, token.span());
  } else if (token.kind == TokenKind::Float) {
    value = decode_float(text, negative, token.span());
  } else if (negative) {
    return false;
  } else if (token.kind == TokenKind::String) {
    value = decode_quoted(text, token.span());
  } else if (token.keyword == Keyword::True || token.keyword == Keyword::False) {
    value = Value(token.keyword == Keyword::True);
  } else if (token.keyword == Keyword::Null) {
    value = Value();
  } else {
    return false;
  }
  take();
  if (negative) take();
  return true;
}

/// A list. One of literals only is a literal itself, so that long lists stay small.
ExprPtr Parser::list_literal() {
  size_t first = pos_;
  expect(TokenKind::LeftBracket, "[");
  BarScope bars(*this, 0);
  List constants;
  std::vector<ExprPtr> args;  // all elements, once one is no literal
  while (!is(TokenKind::RightBracket)) {
    Value value;
    if (args.empty() && simple_literal(value)) {
      constants.push_back(std::move(value));
    } else {
      ExprPtr element = expression();
      if (args.empty() && element->kind == ExprKind::Literal) {
        constants.push_back(std::move(element->literal));
      } else {
        for (Value& constant : constants) args.push_back(make_literal(std::move(constant), first));
        constants.clear();
        args.push_back(std::move(element));
      }
    }
    if (!accept(TokenKind::Comma)) break;
    if (is(TokenKind::RightBracket)) fail_expected("an expression");
  }
  expect(TokenKind::RightBracket, "] or a comma");
  if (args.empty()) return make_literal(std::move(constants), first);
  return make(ExprKind::List, first, std::move(args));
}

ExprPtr Parser::map_literal(bool fold) {
  size_t first = pos_;
  expect(TokenKind::LeftBrace, "{");
  BarScope bars(*this, 0);
  std::vector<std::string> keys;
  std::vector<ExprPtr> args;
  bool constant = true;
  while (!is(TokenKind::RightBrace)) {
    keys.push_back(name("a key"));
    expect(TokenKind::Colon, "a colon after the key");
    args.push_back(expression());
    constant = constant && args.back()->kind == ExprKind::Literal;
    if (!accept(TokenKind::Comma)) break;
    if (is(TokenKind::RightBrace)) fail_expected("a key");
  }
  expect(TokenKind::RightBrace, "} or a comma");
  if (fold && constant) {
    Map entries;
    for (size_t i = 0; i < keys.size(); ++i) entries.emplace_back(std::move(keys[i]), std::move(args[i]->literal));
    return make_literal(Value::map(std::move(entries)), first);
  }
  ExprPtr result = make(ExprKind::Map, first, std::move(args));
  result->keys = std::move(keys);
  return result;
}

ExprPtr Parser::map_projection() {
  size_t first = pos_;
  ExprPtr base = variable();
  base->literal = Value();
  expect(TokenKind::LeftBrace, "{");
  BarScope bars(*this, 0);
  std::vector<MapProjectionItem> items;
  uint32_t height = 1;
  while (!is(TokenKind::RightBrace)) {
    items.push_back(map_projection_item());
    if (items.back().value) height = std::max(height, items.back().value->height);
    if (!accept(TokenKind::Comma)) break;
    if (is(TokenKind::RightBrace)) fail_expected("an entry of the map projection");
  }
  expect(TokenKind::RightBrace, "} or a comma");
  ExprPtr result = make(ExprKind::MapProjection, first, {std::move(base)});
  result->projection = std::move(items);
  raise(*result, height);
  return result;
}

MapProjectionItem Parser::map_projection_item() {
  MapProjectionItem item{};
  if (accept(TokenKind::Dot)) {
    if (accept(TokenKind::Star)) {
      item.kind = MapProjectionItem::Kind::AllProperties;
    } else {
      item.kind = MapProjectionItem::Kind::Property;
      item.name = name("a property, or *");
    }
    return item;
  }
  if (!peek().is_name()) fail_expected(".property, .*, a variable or key: value");
  if (is(TokenKind::Colon, 1)) {
    item.kind = MapProjectionItem::Kind::Entry;
    item.name = name("a key");
    take();
    item.value = expression();
  } else {
    item.kind = MapProjectionItem::Kind::Variable;
    item.value = variable();
    item.value->literal = Value();
    item.name = item.value->name;
  }
  return item;
}

// ---- comprehensions and the like ---------------------------------------------------------------------------

/// [x IN list WHERE filter | value]
ExprPtr Parser::list_comprehension() {
  size_t first = pos_;
  uint32_t close = peek().match;
  take();
  BarScope bars(*this, close == Token::kNoMatch ? 0 : close);
  std::string element = variable_name("a variable");
  expect(Keyword::In);
  ExprPtr list = expression();
  ExprPtr filter;
  ExprPtr value;
  if (accept(Keyword::Where)) filter = expression();
  if (accept(TokenKind::Bar)) value = expression();
  expect(TokenKind::RightBracket, filter || value ? "]" : "WHERE, | or ]");
  ExprPtr result = make(ExprKind::ListComprehension, first, {std::move(list), std::move(filter), std::move(value)});
  result->var_name = std::move(element);
  return result;
}

/// [path = pattern WHERE filter | value]
ExprPtr Parser::pattern_comprehension() {
  size_t first = pos_;
  uint32_t close = peek().match;
  take();
  BarScope bars(*this, close == Token::kNoMatch ? 0 : close);
  std::string path_name;
  if (is(TokenKind::Equal, 1)) {
    path_name = variable_name("a path variable");
    take();
  }
  HeightScope heights(*this);
  auto pattern = std::make_shared<PathPattern>(simple_path());
  pattern->name = path_name;
  ExprPtr filter;
  if (accept(Keyword::Where)) filter = expression();
  expect(TokenKind::Bar, filter ? "| and the value of each element" : "WHERE, or | and the value of each element");
  ExprPtr value = expression();
  expect(TokenKind::RightBracket, "]");
  ExprPtr result = make(ExprKind::PatternComprehension, first, {std::move(filter), std::move(value)});
  result->var_name = std::move(path_name);
  result->pattern = std::move(pattern);
  raise(*result, heights.height() + kPatternWeight);
  return result;
}

/// all(x IN list WHERE predicate) and its like.
ExprPtr Parser::quantifier_expression() {
  size_t first = pos_;
  Keyword which = take().keyword;
  expect(TokenKind::LeftParen, "(");
  BarScope bars(*this, 0);
  std::string element = variable_name("a variable");
  expect(Keyword::In);
  ExprPtr list = expression();
  expect(Keyword::Where);
  ExprPtr condition = expression();
  expect(TokenKind::RightParen, ")");
  ExprPtr result = make(ExprKind::Quantifier, first, {std::move(list), std::move(condition)});
  result->var_name = std::move(element);
  result->quantifier = which == Keyword::All      ? Quantifier::All
                       : which == Keyword::Any    ? Quantifier::Any
                       : which == Keyword::NoneOf ? Quantifier::None
                                                  : Quantifier::Single;
  return result;
}

/// reduce(accumulator = start, x IN list | step)
ExprPtr Parser::reduce_expression() {
  size_t first = pos_;
  take();
  uint32_t close = peek().match;
  expect(TokenKind::LeftParen, "(");
  BarScope bars(*this, close == Token::kNoMatch ? 0 : close);
  std::string accumulator = variable_name("a variable");
  expect(TokenKind::Equal, "=");
  ExprPtr start = expression();
  expect(TokenKind::Comma, ", and a variable IN a list");
  std::string element = variable_name("a variable");
  expect(Keyword::In);
  ExprPtr list = expression();
  expect(TokenKind::Bar, "| and the next value of the accumulator");
  ExprPtr step = expression();
  expect(TokenKind::RightParen, ")");
  ExprPtr result = make(ExprKind::Reduce, first, {std::move(start), std::move(list), std::move(step)});
  result->var_name = std::move(element);
  result->accumulator_name = std::move(accumulator);
  return result;
}

// ---- CASE --------------------------------------------------------------------------------------------------

ExprPtr Parser::case_expression() {
  size_t first = pos_;
  expect(Keyword::Case);
  BarScope bars(*this, 0);
  ExprPtr result = make(ExprKind::Case, first);
  if (!is(Keyword::When)) {
    result->case_operand = true;
    result->args.push_back(expression());
    raise(*result, result->args[0]->height);
  }
  std::vector<CaseCondition> conditions;
  do {
    case_branches(*result, conditions);
  } while (is(Keyword::When));
  result->case_tests = std::any_of(conditions.begin(), conditions.end(), [](const auto& c) { return c.test; });
  for (const CaseCondition& condition : conditions) {
    if (!result->case_tests || condition.test) continue;
    ExprPtr& value = result->args[condition.place];  // among tests: equal to it
    auto equal = std::make_shared<Expr>();
    equal->kind = ExprKind::Equal;
    equal->span = value->span;
    raise(*equal, value->height);
    equal->args = {case_operand(value->span), std::move(value)};
    raise(*result, equal->height);
    value = std::move(equal);
  }
  if (accept(Keyword::Else)) {
    result->case_else = true;
    result->args.push_back(expression());
    raise(*result, result->args.back()->height);
  }
  expect(Keyword::End);
  result->span = span_from(first);
  return result;
}

/// WHEN a, b THEN v: a branch for each of a and b, which share v. Only a CASE with an operand takes several.
void Parser::case_branches(Expr& result, std::vector<CaseCondition>& conditions) {
  expect(Keyword::When);
  std::vector<ExprPtr> written;
  do {
    const bool test = result.case_operand && at_case_test();
    conditions.push_back({result.args.size() + 2 * written.size(), test});
    written.push_back(test ? case_test() : expression());
    raise(result, written.back()->height);
  } while (result.case_operand && accept(TokenKind::Comma));
  expect(Keyword::Then);
  ExprPtr value = expression();
  raise(result, shared_height(*value, written.size()));
  for (ExprPtr& condition : written) {
    result.args.push_back(std::move(condition));
    result.args.push_back(value);
  }
}

/// Whether an operator stands where a value of WHEN would. A word is one only before what it may stand before.
bool Parser::at_case_test() const {
  switch (peek().kind) {
    case TokenKind::Equal:
    case TokenKind::NotEqual:
    case TokenKind::Less:
    case TokenKind::LessEqual:
    case TokenKind::Greater:
    case TokenKind::GreaterEqual:
    case TokenKind::RegexMatch:
      return true;
    default:
      break;
  }
  const bool operand_follows = starts_operand(peek(1)) || is(TokenKind::Minus, 1) || is(TokenKind::Plus, 1);
  switch (peek().keyword) {
    case Keyword::Is:
      return !is(Keyword::Then, 1) && (peek(1).is_name() || (is(TokenKind::Colon, 1) && is(TokenKind::Colon, 2)));
    case Keyword::In:
    case Keyword::Contains:
      return operand_follows && !is(Keyword::Then, 1);
    case Keyword::Starts:
    case Keyword::Ends:
      return is(Keyword::With, 1);
    default:
      return false;
  }
}

ExprPtr Parser::case_operand(Span span) {
  auto result = std::make_shared<Expr>();
  result->kind = ExprKind::Variable;
  result->span = span;
  return result;
}

// ---- subqueries --------------------------------------------------------------------------------------------

/// After EXISTS, COUNT or COLLECT: whether a brace with a subquery follows, rather than a map projection.
bool Parser::at_subquery() const {
  if (!is(TokenKind::LeftBrace, 1)) return false;
  if (is(TokenKind::Dot, 2)) return false;
  if (is(TokenKind::RightBrace, 2)) return is(Keyword::Exists);  // to say what is missing
  bool entry = is(TokenKind::Colon, 3) || is(TokenKind::Comma, 3) || is(TokenKind::RightBrace, 3);
  return !(peek(2).is_name() && entry);
}

/// EXISTS { … }, COUNT { … } or COLLECT { … }, of a query or of a pattern with WHERE.
ExprPtr Parser::subquery_expression() {
  Nest nest(*this, kSubqueryWeight);
  size_t first = pos_;
  Keyword which = take().keyword;
  expect(TokenKind::LeftBrace, "{");
  BarScope bars(*this, 0);
  HeightScope heights(*this);
  auto inner = std::make_shared<Query>();
  bool pattern = is(TokenKind::LeftParen) || at_path_prefix() || at_shortest_path() ||
                 (peek().is_name() && is(TokenKind::Equal, 1));
  if (pattern && which != Keyword::Collect) {
    size_t inner_first = pos_;
    MatchClause match;
    match.paths = patterns();
    if (accept(Keyword::Where)) match.where = expression();
    match.span = span_from(inner_first);
    inner->span = match.span;
    inner->parts.emplace_back();
    inner->parts[0].clauses.emplace_back(std::move(match));
  } else {
    *inner = query(true);
  }
  expect(TokenKind::RightBrace, "} or a clause");
  ExprPtr result = make(which == Keyword::Exists  ? ExprKind::Exists
                        : which == Keyword::Count ? ExprKind::Count
                                                  : ExprKind::Collect,
                        first);
  result->query = std::move(inner);
  raise(*result, heights.height() + kSubqueryWeight);
  return result;
}

}  // namespace entente
