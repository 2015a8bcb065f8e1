// Expressions with operators, by precedence climbing.
//
// From loosest to tightest: OR, XOR, AND, NOT, comparisons (= <> < <= > >=, chained), predicates (IN, STARTS WITH, ENDS
// WITH, CONTAINS, =~, IS [NOT] NULL, labels), + - ||, * / %, ^, signs, then properties and subscripts. All binary
// operators associate to the left, ^ too; a sign binds tighter than ^.
#include <algorithm>
#include <bit>

#include "entente/query/syntax/parser_impl.h"

namespace entente {
namespace {

enum Level : int { kOr = 1, kXor, kAnd, kNot, kComparison, kPredicate, kSum, kProduct, kPower, kNoOperator = 0 };

struct BinaryOperator {
  int level = kNoOperator;
  ExprKind kind = ExprKind::Literal;
};

/// The operator that this token is, or begins.
BinaryOperator operator_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::Equal:
      return {kComparison, ExprKind::Equal};
    case TokenKind::NotEqual:
      return {kComparison, ExprKind::NotEqual};
    case TokenKind::Less:
      return {kComparison, ExprKind::Less};
    case TokenKind::LessEqual:
      return {kComparison, ExprKind::LessEqual};
    case TokenKind::Greater:
      return {kComparison, ExprKind::Greater};
    case TokenKind::GreaterEqual:
      return {kComparison, ExprKind::GreaterEqual};
    case TokenKind::RegexMatch:
      return {kPredicate, ExprKind::Regex};
    case TokenKind::Colon:
      return {kPredicate, ExprKind::HasLabels};
    case TokenKind::Plus:
      return {kSum, ExprKind::Add};
    case TokenKind::Minus:
      return {kSum, ExprKind::Subtract};
    case TokenKind::DoubleBar:
      return {kSum, ExprKind::Concatenate};
    case TokenKind::Star:
      return {kProduct, ExprKind::Multiply};
    case TokenKind::Slash:
      return {kProduct, ExprKind::Divide};
    case TokenKind::Percent:
      return {kProduct, ExprKind::Modulo};
    case TokenKind::Caret:
      return {kPower, ExprKind::Power};
    case TokenKind::Word:
      break;
    default:
      return {};
  }
  switch (token.keyword) {
    case Keyword::Or:
      return {kOr, ExprKind::Or};
    case Keyword::Xor:
      return {kXor, ExprKind::Xor};
    case Keyword::And:
      return {kAnd, ExprKind::And};
    case Keyword::In:
      return {kPredicate, ExprKind::In};
    case Keyword::Starts:
      return {kPredicate, ExprKind::StartsWith};
    case Keyword::Ends:
      return {kPredicate, ExprKind::EndsWith};
    case Keyword::Contains:
      return {kPredicate, ExprKind::Contains};
    case Keyword::Is:
      return {kPredicate, ExprKind::IsNull};
    default:
      return {};
  }
}

}  // namespace

// ---- making nodes ------------------------------------------------------------------------------------------

void Parser::raise(Expr& expr, uint32_t below) const {
  expr.height = std::max(expr.height, below + 1);
  if (expr.height > static_cast<uint32_t>(kMaxDepth)) fail_too_deep(expr.span);
}

uint32_t Parser::shared_height(const Expr& operand, size_t shares) {
  if (shares < 2 || operand.height <= 2) return operand.height;
  return operand.height + kSharingWeight * static_cast<uint32_t>(std::bit_width(shares - 1));
}

ExprPtr Parser::make(ExprKind kind, size_t first, std::vector<ExprPtr> args) {
  auto result = std::make_shared<Expr>();
  result->kind = kind;
  result->span = span_from(first);
  for (const ExprPtr& arg : args) {
    if (arg) raise(*result, arg->height);
  }
  result->args = std::move(args);
  return result;
}

ExprPtr Parser::make_literal(Value value, size_t first) {
  ExprPtr result = make(ExprKind::Literal, first);
  result->literal = std::move(value);
  return result;
}

// ---- operators ---------------------------------------------------------------------------------------------

ExprPtr Parser::expression() {
  ExprPtr result = binary(kOr);
  tallest_ = std::max(tallest_, result->height);
  return result;
}

/// An expression whose operators outside of brackets are of `lowest` level or tighter.
ExprPtr Parser::binary(int lowest) {
  Nest nest(*this);
  size_t first = pos_;
  bool negated = lowest <= kNot && is(Keyword::Not) && (starts_operand(peek(1)) || is(TokenKind::Minus, 1));
  return operators(negated ? negation() : unary(), first, lowest);
}

/// The operators behind an operand that begins with the token `first`.
ExprPtr Parser::operators(ExprPtr left, size_t first, int lowest) {
  while (true) {
    BinaryOperator op = operator_of(peek());
    if (op.level < lowest || op.level == kNoOperator) return left;
    if (op.level == kComparison) {
      left = comparison(std::move(left), first);
    } else if (op.level == kPredicate) {
      left = predicate(std::move(left), first);
    } else if (op.level < kNot) {
      left = logical(std::move(left), op.kind, op.level, first);
    } else {
      take();
      ExprPtr right = binary(op.level + 1);
      left = make(op.kind, first, {std::move(left), std::move(right)});
    }
  }
}

/// WHEN > 3, WHEN IS NULL and the like: a predicate of the operand of the CASE, which is a variable without a name.
ExprPtr Parser::case_test() {
  Nest nest(*this);
  size_t first = pos_;
  ExprPtr result = operators(case_operand({peek().begin, peek().begin}), first, kComparison);
  tallest_ = std::max(tallest_, result->height);
  return result;
}

ExprPtr Parser::negation() {
  std::vector<size_t> places;
  while (is(Keyword::Not) && (starts_operand(peek(1)) || is(TokenKind::Minus, 1))) {
    if (places.size() >= static_cast<size_t>(kMaxDepth)) fail_too_deep(peek().span());
    places.push_back(pos_);
    take();
  }
  ExprPtr result = binary(kComparison);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    result = make(ExprKind::Not, *place, {std::move(result)});
  }
  return result;
}

/// A run of the same logical operator makes one node.
ExprPtr Parser::logical(ExprPtr left, ExprKind kind, int level, size_t first) {
  std::vector<ExprPtr> args{std::move(left)};
  while (operator_of(peek()).kind == kind) {
    take();
    args.push_back(binary(level + 1));
  }
  return make(kind, first, std::move(args));
}

/// a < b, or a < b <= c, which is a < b AND b <= c with one b.
ExprPtr Parser::comparison(ExprPtr left, size_t first) {
  std::vector<ExprPtr> parts;
  size_t part_first = first;
  while (true) {
    BinaryOperator op = operator_of(peek());
    if (op.level != kComparison) break;
    take();
    size_t right_first = pos_;
    ExprPtr right = binary(kPredicate);
    ExprPtr next = right;
    parts.push_back(make(op.kind, part_first, {std::move(left), std::move(right)}));
    left = std::move(next);
    part_first = right_first;
  }
  if (parts.size() == 1) return std::move(parts[0]);
  uint32_t height = 0;
  for (size_t i = 0; i + 1 < parts.size(); ++i) height = std::max(height, shared_height(*parts[i]->args[1], 2) + 1);
  ExprPtr result = make(ExprKind::And, first, std::move(parts));
  raise(*result, height);
  return result;
}

ExprPtr Parser::predicate(ExprPtr left, size_t first) {
  BinaryOperator op = operator_of(peek());
  take();
  switch (op.kind) {
    case ExprKind::IsNull:
      return is_predicate(std::move(left), first);
    case ExprKind::HasLabels:
      return accept(TokenKind::Colon) ? is_typed(std::move(left), false, first) : has_labels(std::move(left), first);
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
      expect(Keyword::With);
      break;
    default:
      break;
  }
  ExprPtr right = binary(kSum);
  return make(op.kind, first, {std::move(left), std::move(right)});
}

ExprPtr Parser::has_labels(ExprPtr left, size_t first) {
  LabelExpr label = label_expression();
  std::vector<ExprPtr> operands{std::move(left)};
  take_operands(label, operands);
  ExprPtr result = make(ExprKind::HasLabels, first, std::move(operands));
  result->label = std::move(label);
  return result;
}

/// After `::` or TYPED.
ExprPtr Parser::is_typed(ExprPtr left, bool negated, size_t first) {
  auto type = std::make_shared<TypeSpec>(type_spec());
  ExprPtr result = make(ExprKind::IsTyped, first, {std::move(left)});
  result->type_spec = std::move(type);
  return negated ? make(ExprKind::Not, first, {std::move(result)}) : result;
}

/// After IS [NOT]: [form] NORMALIZED. What is no string is neither.
ExprPtr Parser::is_normalized(ExprPtr left, bool negated, size_t first) {
  std::vector<ExprPtr> args{std::move(left)};
  if (!is(Keyword::Normalized)) {
    const Token& form = take();
    std::string upper(text_of(form));
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    args.push_back(make_literal(std::move(upper), pos_ - 1));
  }
  expect(Keyword::Normalized);
  ExprPtr result = make(ExprKind::Call, first, std::move(args));
  result->name = "isNormalized";
  return negated ? make(ExprKind::Not, first, {std::move(result)}) : result;
}

/// After IS: [NOT] NULL, [NOT] :: or TYPED and a type, [NOT] [form] NORMALIZED, or labels.
ExprPtr Parser::is_predicate(ExprPtr left, size_t first) {
  if (is(Keyword::Not) && is(Keyword::Null, 1)) {
    take();
    take();
    return make(ExprKind::IsNotNull, first, {std::move(left)});
  }
  if (accept(Keyword::Null)) return make(ExprKind::IsNull, first, {std::move(left)});
  size_t ahead = is(Keyword::Not) ? 1 : 0;
  bool negated = ahead == 1;
  bool colons = is(TokenKind::Colon, ahead) && is(TokenKind::Colon, ahead + 1);
  bool typed = is(Keyword::Typed, ahead) && peek(ahead + 1).kind == TokenKind::Word;
  if (colons || typed) {
    for (size_t i = 0; i < ahead + (colons ? 2 : 1); ++i) take();
    return is_typed(std::move(left), negated, first);
  }
  bool form = is_word("NFC", ahead) || is_word("NFD", ahead) || is_word("NFKC", ahead) || is_word("NFKD", ahead);
  if (is(Keyword::Normalized, ahead + (form ? 1 : 0))) {
    if (negated) take();
    return is_normalized(std::move(left), negated, first);
  }
  if (!peek().is_name() && !is(TokenKind::Exclamation) && !is(TokenKind::LeftParen) && !is(TokenKind::Percent) &&
      !at_dynamic_label()) {
    fail_expected("NULL, NOT NULL, :: and a type, or a label");
  }
  return has_labels(std::move(left), first);
}

/// Signs, and what they stand before. A minus directly before a number is part of the number.
ExprPtr Parser::unary() {
  if (!is(TokenKind::Minus) && !is(TokenKind::Plus)) return postfix();
  std::vector<std::pair<size_t, ExprKind>> signs;
  while (is(TokenKind::Minus) || is(TokenKind::Plus)) {
    if (signs.size() >= static_cast<size_t>(kMaxDepth)) fail_too_deep(peek().span());
    signs.emplace_back(pos_, is(TokenKind::Minus) ? ExprKind::Negate : ExprKind::Plus);
    take();
  }
  ExprPtr result;
  if (signs.back().second == ExprKind::Negate && (is(TokenKind::Integer) || is(TokenKind::Float)) &&
      !is(TokenKind::Dot, 1) && !is(TokenKind::LeftBracket, 1)) {
    result = number(true);
    result->span.begin = tokens_[signs.back().first].begin;
    signs.pop_back();
  } else {
    result = postfix();
  }
  for (auto sign = signs.rbegin(); sign != signs.rend(); ++sign) {
    result = make(sign->second, sign->first, {std::move(result)});
  }
  return result;
}

ExprPtr Parser::postfix() {
  size_t first = pos_;
  ExprPtr result = primary();
  while (true) {
    if (accept(TokenKind::Dot)) {
      std::string key = name("a property");
      result = make(ExprKind::Property, first, {std::move(result)});
      result->name = std::move(key);
    } else if (is(TokenKind::LeftBracket)) {
      result = subscript(std::move(result), first);
    } else {
      return result;
    }
  }
}

/// [index], [from..to], [from..], [..to] or [..].
ExprPtr Parser::subscript(ExprPtr base, size_t first) {
  expect(TokenKind::LeftBracket, "[");
  BarScope bars(*this, 0);
  ExprPtr from;
  if (!is(TokenKind::DotDot)) from = expression();
  if (!accept(TokenKind::DotDot)) {
    expect(TokenKind::RightBracket, "] or ..");
    return make(ExprKind::Element, first, {std::move(base), std::move(from)});
  }
  ExprPtr to;
  if (!is(TokenKind::RightBracket)) to = expression();
  expect(TokenKind::RightBracket, "]");
  return make(ExprKind::Slice, first, {std::move(base), std::move(from), std::move(to)});
}

}  // namespace entente
