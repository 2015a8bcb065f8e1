// The clauses of a query.
#include <array>
#include <span>
#include <string>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {

void Parser::fail_clause() {
  const Token& token = peek();
  std::string hint = spelling_hint();
  if (token.kind == TokenKind::Word && token.keyword == Keyword::None) {
    static const std::array<std::string, 14> kClauses = {"MATCH",  "OPTIONAL", "UNWIND", "WITH",   "RETURN",
                                                         "CREATE", "MERGE",    "SET",    "REMOVE", "DELETE",
                                                         "DETACH", "CALL",     "WHERE",  "ORDER"};
    std::string near = nearest_name(text_of(token), kClauses);
    if (!near.empty()) hint = "; did you mean " + near + "?";
  }
  if (token.kind == TokenKind::Invalid) throw invalid_token_error(text_, token);
  throw Error::syntax("UnexpectedSyntax",
                      "expected a clause (MATCH, RETURN, WITH, CREATE, …), found " + describe(token) + hint,
                      token.span());
}

Clause Parser::clause() {
  switch (peek().keyword) {
    case Keyword::Match:
    case Keyword::Optional:
      return match_clause();
    case Keyword::Unwind:
      return unwind_clause();
    case Keyword::With:
    case Keyword::Return:
      return projection_clause();
    case Keyword::Create:
      return create_clause();
    case Keyword::Merge:
      return merge_clause();
    case Keyword::Set:
      return set_clause();
    case Keyword::Remove:
      return remove_clause();
    case Keyword::Delete:
    case Keyword::Detach:
      return delete_clause();
    case Keyword::Call:
      return call_clause();
    default:
      fail_clause();
  }
}

MatchClause Parser::match_clause() {
  MatchClause result;
  size_t first = pos_;
  result.optional = accept(Keyword::Optional);
  expect(Keyword::Match);
  result.paths = patterns();
  if (accept(Keyword::Where)) result.where = expression();
  result.span = span_from(first);
  return result;
}

UnwindClause Parser::unwind_clause() {
  UnwindClause result;
  size_t first = pos_;
  expect(Keyword::Unwind);
  result.list = expression();
  expect(Keyword::As);
  result.name = variable_name("a variable for the elements of the list");
  result.span = span_from(first);
  return result;
}

ProjectionClause Parser::projection_clause() {
  ProjectionClause result;
  size_t first = pos_;
  result.is_return = take().keyword == Keyword::Return;
  bool more = starts_operand(peek(1));
  if (is(Keyword::Distinct) && (more || is(TokenKind::Star, 1) || is(TokenKind::Minus, 1) || is(TokenKind::Plus, 1))) {
    take();
    result.distinct = true;
  } else if (is(Keyword::All) && ((more && !is(TokenKind::LeftParen, 1)) || is(TokenKind::Star, 1))) {
    take();
  }
  projection_items(result);
  order_and_page(result);
  if (!result.is_return && accept(Keyword::Where)) result.where = expression();
  result.span = span_from(first);
  return result;
}

void Parser::projection_items(ProjectionClause& clause) {
  if (accept(TokenKind::Star)) {
    clause.star = true;
    if (!accept(TokenKind::Comma)) return;
  }
  do {
    ProjectionItem item;
    size_t first = pos_;
    item.expr = expression();
    Span span = span_from(first);
    if (accept(Keyword::As)) {
      item.aliased = true;
      item.name = variable_name("an alias");
    } else if (item.expr->kind == ExprKind::Variable && !item.expr->parenthesized) {
      item.name = item.expr->name;
    } else {
      item.name = std::string(text_.substr(span.begin, span.end - span.begin));
    }
    clause.items.push_back(std::move(item));
  } while (accept(TokenKind::Comma));
}

void Parser::order_and_page(ProjectionClause& clause) {
  if (accept(Keyword::Order)) {
    expect(Keyword::By);
    do {
      SortItem item;
      item.expr = expression();
      if (accept(Keyword::Desc) || accept(Keyword::Descending)) {
        item.descending = true;
      } else if (!accept(Keyword::Asc)) {
        accept(Keyword::Ascending);
      }
      clause.order_by.push_back(std::move(item));
    } while (accept(TokenKind::Comma));
  }
  if (accept(Keyword::Skip) || accept(Keyword::Offset)) clause.skip = expression();
  if (accept(Keyword::Limit)) clause.limit = expression();
}

CreateClause Parser::create_clause() {
  CreateClause result;
  size_t first = pos_;
  expect(Keyword::Create);
  result.paths = patterns();
  result.span = span_from(first);
  return result;
}

MergeClause Parser::merge_clause() {
  MergeClause result;
  size_t first = pos_;
  expect(Keyword::Merge);
  result.path = path_pattern();
  while (accept(Keyword::On)) {
    bool on_create = accept(Keyword::Create);
    if (!on_create && !accept(Keyword::Match)) fail_expected("CREATE or MATCH");
    SetClause set = set_clause();
    std::vector<SetItem>& items = on_create ? result.on_create : result.on_match;
    std::move(set.items.begin(), set.items.end(), std::back_inserter(items));
  }
  result.span = span_from(first);
  return result;
}

SetClause Parser::set_clause() {
  SetClause result;
  size_t first = pos_;
  expect(Keyword::Set);
  do {
    result.items.push_back(set_item());
  } while (accept(TokenKind::Comma));
  result.span = span_from(first);
  return result;
}

SetItem Parser::set_item() {
  SetItem item;
  size_t first = pos_;
  item.target = postfix();
  bool is_variable = item.target->kind == ExprKind::Variable;
  if (is_variable && is(TokenKind::Colon)) {
    item.kind = SetItem::Kind::Labels;
    item.labels = label_list();
  } else if (is_variable && is(TokenKind::PlusEqual)) {
    take();
    item.kind = SetItem::Kind::Merge;
    item.value = expression();
  } else {
    if (!is_variable) item.target = property_target(std::move(item.target), "SET");
    expect(TokenKind::Equal, is_variable ? "=, += or a label such as :Label" : "=");
    item.kind = is_variable ? SetItem::Kind::Replace : SetItem::Kind::Property;
    item.value = expression();
  }
  item.span = span_from(first);
  return item;
}

ExprPtr Parser::property_target(ExprPtr target, std::string_view clause) {
  if (target->kind == ExprKind::Property) return target;
  throw Error::syntax(
      "UnexpectedSyntax",
      std::string(clause) + " needs a property such as n.name or a variable with labels such as n:Label", target->span);
}

std::vector<std::string> Parser::label_list() {
  std::vector<std::string> labels;
  while (accept(TokenKind::Colon)) labels.push_back(name("a label"));
  return labels;
}

RemoveClause Parser::remove_clause() {
  RemoveClause result;
  size_t first = pos_;
  expect(Keyword::Remove);
  do {
    RemoveItem item;
    size_t item_first = pos_;
    item.target = postfix();
    if (item.target->kind == ExprKind::Variable && is(TokenKind::Colon)) {
      item.labels = label_list();
    } else {
      item.target = property_target(std::move(item.target), "REMOVE");
    }
    item.span = span_from(item_first);
    result.items.push_back(std::move(item));
  } while (accept(TokenKind::Comma));
  result.span = span_from(first);
  return result;
}

DeleteClause Parser::delete_clause() {
  DeleteClause result;
  size_t first = pos_;
  result.detach = accept(Keyword::Detach);
  expect(Keyword::Delete);
  do {
    result.targets.push_back(expression());
  } while (accept(TokenKind::Comma));
  result.span = span_from(first);
  return result;
}

CallClause Parser::call_clause() {
  CallClause result;
  size_t first = pos_;
  expect(Keyword::Call);
  result.procedure = name("the name of a procedure");
  while (accept(TokenKind::Dot)) result.procedure += "." + name("the name of a procedure");
  if (accept(TokenKind::LeftParen)) {
    result.explicit_args = true;
    if (!is(TokenKind::RightParen)) {
      do {
        result.args.push_back(expression());
      } while (accept(TokenKind::Comma));
    }
    expect(TokenKind::RightParen, ") or ,");
  }
  if (accept(Keyword::Yield)) {
    result.has_yield = true;
    if (accept(TokenKind::Star)) {
      result.yield_star = true;
    } else {
      do {
        YieldItem item;
        item.field = name("an output of the procedure");
        item.name = accept(Keyword::As) ? variable_name("a variable") : item.field;
        result.yields.push_back(std::move(item));
      } while (accept(TokenKind::Comma));
      if (accept(Keyword::Where)) result.where = expression();
    }
  }
  result.span = span_from(first);
  return result;
}

}  // namespace entente
