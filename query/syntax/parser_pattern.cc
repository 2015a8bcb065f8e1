// Patterns: paths of nodes and relationships, their quantifiers and prefixes, and label expressions.
#include <algorithm>
#include <array>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/literals.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {

std::vector<PathPattern> Parser::patterns() {
  std::vector<PathPattern> result;
  do {
    result.push_back(path_pattern());
  } while (accept(TokenKind::Comma));
  return result;
}

PathPattern Parser::path_pattern() {
  PathPattern result;
  size_t first = pos_;
  if (peek().is_name() && is(TokenKind::Equal, 1)) {
    result.name = variable_name("a path variable");
    take();
  }
  if (at_path_prefix()) {
    path_prefix(result);
    if (result.name.empty() && peek().is_name() && is(TokenKind::Equal, 1)) {
      result.name = variable_name("a path variable");
      take();
    }
  }
  if (at_shortest_path()) {
    if (result.search != PathSearch::All) fail_expected("a pattern of nodes and relationships");
    legacy_shortest(result);
  } else {
    path_elements(result);
    check_path_elements(result);
  }
  result.span = span_from(first);
  return result;
}

// ---- which of the paths ------------------------------------------------------------------------------------

bool Parser::at_path_prefix() const { return is(Keyword::All) || is(Keyword::Any) || is(Keyword::Shortest); }

void Parser::path_keyword() {
  if (!accept(Keyword::Path)) accept(Keyword::Paths);
}

void Parser::path_prefix(PathPattern& path) {
  if (accept(Keyword::All)) {
    if (accept(Keyword::Shortest)) path.search = PathSearch::AllShortest;
    return path_keyword();
  }
  if (accept(Keyword::Any)) {
    path.search = PathSearch::Any;
    if (accept(Keyword::Shortest)) {
      path.search = PathSearch::AnyShortest;
    } else if (is(TokenKind::Integer) || is(TokenKind::Parameter)) {
      path.search_count = path_count();
    }
    return path_keyword();
  }
  expect(Keyword::Shortest);
  path.search = PathSearch::ShortestK;
  bool counted = is(TokenKind::Integer) || is(TokenKind::Parameter);
  if (counted) path.search_count = path_count();
  path_keyword();
  if (accept(Keyword::Group) || accept(Keyword::Groups)) {
    path.search = PathSearch::ShortestGroups;
  } else if (!counted) {
    fail_expected("GROUP or GROUPS, or a number after SHORTEST");
  }
}

uint64_t Parser::path_count() {
  const uint64_t paths = count("a number of paths");
  if (paths == 0) {
    throw Error::syntax("InvalidArgumentValue", "the number of paths must be at least 1", span_from(pos_ - 1));
  }
  return paths;
}

/// An unsigned decimal integer.
uint64_t Parser::count(std::string_view what) {
  const Token& token = peek();
  if (token.kind == TokenKind::Parameter) {
    throw Error::syntax("InvalidParameterUse",
                        std::string(what) + " must be written as a literal here, not as a parameter", token.span());
  }
  std::string_view text = text_of(token);
  bool decimal = token.kind == TokenKind::Integer && text.find_first_of("xXo") == std::string_view::npos;
  if (!decimal) fail_expected(what);
  return static_cast<uint64_t>(decode_integer(text_of(take()), false, token.span()).as_integer());
}

bool Parser::at_shortest_path() const {
  return (is(Keyword::ShortestPath) || is(Keyword::AllShortestPaths)) && is(TokenKind::LeftParen, 1);
}

/// shortestPath((a)-[…]-(b)) or allShortestPaths(…).
void Parser::legacy_shortest(PathPattern& path) {
  path.search = take().keyword == Keyword::ShortestPath ? PathSearch::LegacyShortest : PathSearch::LegacyAllShortest;
  expect(TokenKind::LeftParen, "(");
  path.elements.emplace_back(node_pattern());
  path.elements.emplace_back(relationship_pattern());
  path.elements.emplace_back(node_pattern());
  expect(TokenKind::RightParen, ") — a shortest path has a single relationship, such as -[*]-");
}

// ---- paths -------------------------------------------------------------------------------------------------

/// A node, and at least one relationship with a node: the patterns that are expressions.
PathPattern Parser::simple_path() {
  Nest nest(*this, kPatternWeight);
  PathPattern result;
  size_t first = pos_;
  result.elements.emplace_back(node_pattern());
  do {
    result.elements.emplace_back(relationship_pattern());
    result.elements.emplace_back(node_pattern());
  } while (is(TokenKind::Minus) || (is(TokenKind::Less) && is(TokenKind::Minus, 1)));
  result.span = span_from(first);
  return result;
}

void Parser::fail_no_pattern() {
  const Token& token = peek();
  if (token.kind == TokenKind::Word && is(TokenKind::LeftParen, 1)) {
    static const std::array<std::string, 2> kSearches = {"shortestPath", "allShortestPaths"};
    const std::string near = did_you_mean(text_of(token), kSearches);
    throw Error::syntax("UnexpectedSyntax", "expected a pattern such as (n)-->(m), found " + describe(token) + near,
                        token.span());
  }
  const bool created = pos_ > 0 && previous().keyword == Keyword::Create;
  if (created && (is(Keyword::Index) || is(Keyword::Constraint))) {
    throw Error::syntax("UnexpectedSyntax",
                        "CREATE " + describe(token) + " is a statement of its own, without other clauses",
                        token.span());
  }
  static const std::array<std::string, 3> kCommands = {"INDEX", "CONSTRAINT", "FULLTEXT"};
  if (const std::string near = created ? did_you_mean(text_of(token), kCommands) : ""; !near.empty()) {
    throw Error::syntax("UnexpectedSyntax",
                        "expected a pattern or INDEX or CONSTRAINT, found " + describe(token) + near, token.span());
  }
  if (token.is_name()) {
    throw Error::syntax("UnexpectedSyntax",
                        "expected a pattern, found " + describe(token) + "; a node is written in parentheses: (" +
                            describe(token) + ")",
                        token.span());
  }
  fail_expected("a pattern such as (n)-->(m)");
}

void Parser::path_elements(PathPattern& path) {
  Nest nest(*this, kPatternWeight);
  if (!is(TokenKind::LeftParen) && !is(TokenKind::Minus) && !is(TokenKind::Less)) fail_no_pattern();
  do {
    if (is(TokenKind::LeftParen)) {
      if (!at_parenthesized_path()) {
        path.elements.emplace_back(node_pattern());
        continue;
      }
      QuantifiedPattern group = parenthesized_path();
      if (at_quantifier()) {
        quantifier(group);
        path.elements.emplace_back(std::move(group));
        continue;
      }
      const bool more = is(TokenKind::LeftParen) || is(TokenKind::Minus) || is(TokenKind::Less);
      if (more || !path.elements.empty()) {
        throw Error::syntax("UnexpectedSyntax",
                            "a path in parentheses among other elements needs a quantifier, such as + or {1,3}; "
                            "without one, leave out the parentheses",
                            group.span);
      }
      return take_parenthesized(path, std::move(*group.inner));
    }
    size_t first = pos_;
    RelationshipPattern relationship = relationship_pattern();
    if (!at_quantifier()) {
      path.elements.emplace_back(std::move(relationship));
      continue;
    }
    // -[:R]->{1,3} stands for (()-[:R]->()){1,3}
    QuantifiedPattern group;
    group.inner = std::make_shared<PathPattern>();
    group.inner->elements.emplace_back(NodePattern{});
    group.inner->elements.emplace_back(std::move(relationship));
    group.inner->elements.emplace_back(NodePattern{});
    group.inner->span = span_from(first);
    quantifier(group);
    group.span = span_from(first);
    path.elements.emplace_back(std::move(group));
  } while (is(TokenKind::LeftParen) || is(TokenKind::Minus) || (is(TokenKind::Less) && is(TokenKind::Minus, 1)));
}

/// A path in parentheses that is not repeated is the path itself.
void Parser::take_parenthesized(PathPattern& path, PathPattern inner) {
  if (!path.name.empty() && !inner.name.empty()) {
    throw Error::syntax("UnexpectedSyntax", "a path has one variable, inside or outside of the parentheses",
                        inner.span);
  }
  if (path.name.empty()) path.name = std::move(inner.name);
  path.elements = std::move(inner.elements);
  path.where = std::move(inner.where);
}

/// Relationships stand between nodes (or groups); two nodes do not follow each other.
void Parser::check_path_elements(const PathPattern& path) const {
  const std::vector<PathElement>& elements = path.elements;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (const auto* relationship = std::get_if<RelationshipPattern>(&elements[i])) {
      bool ends = i == 0 || i + 1 == elements.size();
      if (ends || std::holds_alternative<RelationshipPattern>(elements[i - 1])) {
        throw Error::syntax("UnexpectedSyntax", "a relationship must have a node on each side: (a)-->(b)",
                            relationship->span);
      }
    } else if (const auto* node = std::get_if<NodePattern>(&elements[i])) {
      if (i > 0 && std::holds_alternative<NodePattern>(elements[i - 1])) {
        throw Error::syntax("UnexpectedSyntax", "expected a relationship or a comma between two nodes", node->span);
      }
    }
  }
}

/// After `(`: whether what follows is a path rather than the inside of a node.
bool Parser::at_parenthesized_path() const {
  if (is(TokenKind::LeftParen, 1)) return true;
  return peek(1).is_name() && is(TokenKind::Equal, 2);
}

QuantifiedPattern Parser::parenthesized_path() {
  QuantifiedPattern result;
  size_t first = pos_;
  expect(TokenKind::LeftParen, "(");
  BarScope bars(*this, 0);
  PathPattern inner;
  size_t inner_first = pos_;
  if (peek().is_name() && is(TokenKind::Equal, 1)) {
    inner.name = variable_name("a path variable");
    take();
  }
  path_elements(inner);
  check_path_elements(inner);
  inner.span = span_from(inner_first);
  if (accept(Keyword::Where)) {
    ExprPtr where = expression();
    inner.where = inner.where == nullptr ? std::move(where)
                                         : make(ExprKind::And, inner_first, {std::move(inner.where), std::move(where)});
  }
  expect(TokenKind::RightParen, ")");
  result.inner = std::make_shared<PathPattern>(std::move(inner));
  result.span = span_from(first);
  return result;
}

bool Parser::at_quantifier() const {
  if (is(TokenKind::Star) || is(TokenKind::Plus)) return true;
  return is(TokenKind::LeftBrace) && (is(TokenKind::Integer, 1) || is(TokenKind::Comma, 1));
}

void Parser::quantifier(QuantifiedPattern& pattern) {
  size_t first = pos_;
  pattern.max.reset();
  if (accept(TokenKind::Star)) {
    pattern.min = 0;
  } else if (accept(TokenKind::Plus)) {
    pattern.min = 1;
  } else {
    expect(TokenKind::LeftBrace, "{");
    pattern.min = is(TokenKind::Comma) ? 0 : count("a number of repetitions");
    if (accept(TokenKind::Comma)) {
      if (!is(TokenKind::RightBrace)) pattern.max = count("a number of repetitions");
    } else {
      pattern.max = pattern.min;
    }
    expect(TokenKind::RightBrace, "}");
    if (pattern.max && (*pattern.max == 0 || *pattern.max < pattern.min)) {
      throw Error::syntax("UnexpectedSyntax", "the upper bound must be at least 1 and not below the lower bound",
                          span_from(first));
    }
  }
  pattern.span.end = previous().end;
}

// ---- nodes and relationships -------------------------------------------------------------------------------

/// Whether the next word is the element's variable, rather than IS or WHERE.
bool Parser::at_element_variable(TokenKind close) const {
  if (!peek().is_name()) return false;
  if (!is(Keyword::Is) && !is(Keyword::Where)) return true;
  const Token& after = peek(1);
  return after.kind == close || after.kind == TokenKind::Colon || after.kind == TokenKind::LeftBrace ||
         after.kind == TokenKind::Star || after.kind == TokenKind::Parameter || after.keyword == Keyword::Is ||
         after.keyword == Keyword::Where;
}

void Parser::element_predicate(ExprPtr& properties, ExprPtr& where) {
  if (is(TokenKind::LeftBrace)) {
    properties = map_literal(false);
    tallest_ = std::max(tallest_, properties->height);
  } else if (is(TokenKind::Parameter)) {
    properties = parameter();
  }
  if (accept(Keyword::Where)) where = expression();
}

NodePattern Parser::node_pattern() {
  NodePattern result;
  size_t first = pos_;
  expect(TokenKind::LeftParen, "a node such as (n)");
  BarScope bars(*this, 0);
  if (at_element_variable(TokenKind::RightParen)) result.name = variable_name("a variable");
  if (accept(TokenKind::Colon) || accept(Keyword::Is)) result.label = label_expression();
  element_predicate(result.properties, result.where);
  expect(TokenKind::RightParen, "the end of the node, )");
  result.span = span_from(first);
  return result;
}

RelationshipPattern Parser::relationship_pattern() {
  RelationshipPattern result;
  size_t first = pos_;
  bool to_left = accept(TokenKind::Less);
  expect(TokenKind::Minus, "a relationship such as -->");
  if (accept(TokenKind::LeftBracket)) {
    BarScope bars(*this, 0);
    relationship_filler(result);
    expect(TokenKind::RightBracket, "the end of the relationship, ]");
  }
  expect(TokenKind::Minus, "- or -> after the relationship, as in -[:TYPE]->");
  if (is(TokenKind::Minus) && is(TokenKind::Greater, 1)) fail_expected("> or a node after one -, as in -[:TYPE]->");
  bool to_right = accept(TokenKind::Greater);
  result.direction = to_left == to_right ? Direction::Both : to_right ? Direction::Out : Direction::In;
  result.span = span_from(first);
  return result;
}

void Parser::relationship_filler(RelationshipPattern& relationship) {
  if (at_element_variable(TokenKind::RightBracket)) relationship.name = variable_name("a variable");
  if (accept(TokenKind::Colon) || accept(Keyword::Is)) relationship.type = label_expression();
  if (is(TokenKind::DotDot)) {
    throw Error::syntax("InvalidRelationshipPattern", "a range of lengths needs a * before it, such as *1..3",
                        peek().span());
  }
  if (accept(TokenKind::Star)) path_length(relationship);
  element_predicate(relationship.properties, relationship.where);
}

/// After `*`: nothing, n, n.., ..m or n..m.
void Parser::path_length(RelationshipPattern& relationship) {
  relationship.variable_length = true;
  relationship.min_length = 1;
  relationship.max_length.reset();
  if (is(TokenKind::Minus) || is(TokenKind::Float) || is(TokenKind::BadNumber)) {
    throw Error::syntax("InvalidRelationshipPattern",
                        "the length of a path must be a non-negative integer or a range such as 1..3", peek().span());
  }
  bool lower = is(TokenKind::Integer);
  if (lower) relationship.min_length = count("a length");
  if (accept(TokenKind::DotDot)) {
    if (is(TokenKind::Minus) || is(TokenKind::Float) || is(TokenKind::BadNumber)) {
      throw Error::syntax("InvalidRelationshipPattern", "the length of a path must be a non-negative integer",
                          peek().span());
    }
    if (is(TokenKind::Integer)) relationship.max_length = count("a length");
  } else if (lower) {
    relationship.max_length = relationship.min_length;
  }
}

// ---- label expressions -------------------------------------------------------------------------------------

/// A|B (also A|:B), of terms A&B (also A:B), of !A, (…), % and names.
LabelExpr Parser::label_expression() {
  Nest nest(*this);
  size_t first = pos_;
  LabelExpr left = label_term();
  if (!is(TokenKind::Bar) || !bar_continues_label()) return left;
  LabelExpr result;
  result.kind = LabelExpr::Kind::Or;
  result.children.push_back(std::move(left));
  while (is(TokenKind::Bar) && bar_continues_label()) {
    take();
    accept(TokenKind::Colon);
    result.children.push_back(label_term());
  }
  result.span = span_from(first);
  return result;
}

LabelExpr Parser::label_term() {
  size_t first = pos_;
  LabelExpr left = label_factor();
  if (!is(TokenKind::Ampersand) && !is(TokenKind::Colon)) return left;
  LabelExpr result;
  result.kind = LabelExpr::Kind::And;
  result.legacy_and = is(TokenKind::Colon);
  result.children.push_back(std::move(left));
  while (accept(TokenKind::Ampersand) || accept(TokenKind::Colon)) result.children.push_back(label_factor());
  result.span = span_from(first);
  return result;
}

LabelExpr Parser::label_factor() {
  LabelExpr result;
  size_t first = pos_;
  if (accept(TokenKind::Exclamation)) {
    Nest nest(*this);
    result.kind = LabelExpr::Kind::Not;
    result.children.push_back(label_factor());
  } else if (accept(TokenKind::LeftParen)) {
    BarScope bars(*this, 0);
    result = label_expression();
    expect(TokenKind::RightParen, ")");
  } else if (accept(TokenKind::Percent)) {
    result.kind = LabelExpr::Kind::Wildcard;
  } else if (at_dynamic_label()) {
    dynamic_label(result);
  } else {
    if (is(TokenKind::Parameter)) {
      const std::string parameter = describe(peek());
      throw Error::syntax("UnexpectedSyntax",
                          "expected a label or relationship type, found " + parameter +
                              "; one that is computed is written $(" + parameter + ")",
                          peek().span());
    }
    result.name = name("a label or relationship type");
  }
  result.span = span_from(first);
  return result;
}

/// $(…), $all(…) or $any(…)
bool Parser::at_dynamic_label() const {
  if (is(TokenKind::Dollar)) return true;
  if (!is(TokenKind::Parameter) || !is(TokenKind::LeftParen, 1)) return false;
  const std::string_view text = text_of(peek());
  auto is_text = [&](std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char x, char y) {
      return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
    });
  };
  return is_text("$all") || is_text("$any");
}

void Parser::dynamic_label(LabelExpr& label) {
  size_t first = pos_;
  label.kind = LabelExpr::Kind::Dynamic;
  const std::string_view text = text_of(take());
  label.any = text.size() > 2 && (text[2] == 'n' || text[2] == 'N');
  expect(TokenKind::LeftParen, "(");
  BarScope bars(*this, 0);
  label.dynamic = expression();
  expect(TokenKind::RightParen, ")");
  label.span = span_from(first);
}

/// In `[x IN xs WHERE x:A | x.name]` the bar ends the filter; in `[x IN xs WHERE x:A|B | x.name]` the first belongs to
/// the label. A bar of a comprehension's own brackets is a label's if another one follows and what is between can be a
/// label.
bool Parser::bar_continues_label() const {
  if (bar_end_ == 0) return true;
  const Token& after = peek(2);
  if (peek(1).is_name() && (after.kind == TokenKind::Dot || after.kind == TokenKind::LeftParen ||
                            after.kind == TokenKind::LeftBracket || after.kind == TokenKind::Colon)) {
    return false;
  }
  for (size_t i = pos_ + 1; i < bar_end_; ++i) {
    if (at(i).kind == TokenKind::Bar) return true;
    if (at(i).match != Token::kNoMatch && at(i).match > i) i = at(i).match;
  }
  return false;
}

// ---- looking ahead -----------------------------------------------------------------------------------------

/// Whether the parenthesis at this token can be a node: (), (n), (:A), (n:A), ({…}), (n {…}), (WHERE …), ….
bool Parser::is_node_at(size_t index) const {
  if (at(index).kind != TokenKind::LeftParen || at(index).match == Token::kNoMatch) return false;
  const Token& first = at(index + 1);
  if (first.kind == TokenKind::LeftBrace) {
    if (first.match == Token::kNoMatch) return false;
    const Token& behind = at(first.match + 1);
    return behind.kind == TokenKind::RightParen || behind.keyword == Keyword::Where;
  }
  if (first.kind == TokenKind::RightParen || first.kind == TokenKind::Colon) return true;
  if (!first.is_name()) return false;
  if (first.keyword == Keyword::Is || first.keyword == Keyword::Where) return true;
  const Token& second = at(index + 2);
  switch (second.kind) {
    case TokenKind::RightParen:
    case TokenKind::Colon:
    case TokenKind::LeftBrace:
    case TokenKind::Parameter:
      return true;
    default:
      return second.keyword == Keyword::Is || second.keyword == Keyword::Where;
  }
}

/// Whether tokens from `index` on can be a relationship; `after` becomes the token behind it.
bool Parser::is_relationship_at(size_t index, size_t& after) const {
  size_t i = index;
  if (at(i).kind == TokenKind::Less) ++i;
  if (at(i).kind != TokenKind::Minus) return false;
  ++i;
  if (at(i).kind == TokenKind::LeftBracket) {
    if (at(i).match == Token::kNoMatch) return false;
    const Token& first = at(i + 1);
    const Token& second = at(i + 2);
    bool filler = first.kind == TokenKind::RightBracket || first.kind == TokenKind::Colon ||
                  first.kind == TokenKind::Star || first.kind == TokenKind::LeftBrace ||
                  first.kind == TokenKind::DotDot;
    if (first.is_name()) {
      filler = second.kind == TokenKind::RightBracket || second.kind == TokenKind::Colon ||
               second.kind == TokenKind::Star || second.kind == TokenKind::LeftBrace ||
               second.kind == TokenKind::Parameter || second.kind == TokenKind::DotDot ||
               first.keyword == Keyword::Is || first.keyword == Keyword::Where || second.keyword == Keyword::Is ||
               second.keyword == Keyword::Where;
    }
    if (!filler) return false;
    i = at(i).match + 1;
  }
  if (at(i).kind != TokenKind::Minus) return false;
  ++i;
  if (at(i).kind == TokenKind::Greater) ++i;
  after = i;
  return true;
}

bool Parser::is_pattern_at(size_t index) const {
  if (!is_node_at(index)) return false;
  size_t after = 0;
  return is_relationship_at(at(index).match + 1, after) && at(after).kind == TokenKind::LeftParen && is_node_at(after);
}

}  // namespace entente
