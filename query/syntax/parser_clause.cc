// The clauses of a query.
#include <array>
#include <span>
#include <string>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/literals.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {

void Parser::fail_clause() {
  const Token& token = peek();
  std::string hint = spelling_hint();
  if (token.kind == TokenKind::Word && token.keyword == Keyword::None) {
    static const std::array<std::string, 29> kWords = {
        "LET",     "FILTER", "INSERT", "MATCH",  "OPTIONAL", "UNWIND", "WITH",    "RETURN", "CREATE", "MERGE",
        "SET",     "REMOVE", "DELETE", "DETACH", "CALL",     "WHERE",  "ORDER",   "LOAD",   "FINISH", "SKIP",
        "FOREACH", "LIMIT",  "UNION",  "YIELD",  "EXPLAIN",  "SHOW",   "PROFILE", "DROP",   "OFFSET"};
    hint = did_you_mean(text_of(token), kWords);
  }
  if (is_word("LET")) hint = "; LET is followed by a new variable, = and its value: LET x = 1";
  if (is_word("FILTER")) hint = "; FILTER is followed by a condition: FILTER n.x > 1";
  if (is_word("INSERT")) hint = "; INSERT is followed by a pattern: INSERT (:Label)";
  if (is(Keyword::Drop)) hint = "; DROP is followed by INDEX or CONSTRAINT";
  if (is_word("USE")) hint = "; a statement is about the one graph of its database, so there is no USE";
  if (is(Keyword::When) || is(Keyword::Then) || is(Keyword::Else) || is(Keyword::End)) {
    hint = "; a CASE is written CASE WHEN condition THEN value ELSE value END";
  }
  if (token.kind == TokenKind::Invalid) throw invalid_token_error(text_, token);
  throw Error::syntax("UnexpectedSyntax",
                      "expected a clause (MATCH, RETURN, WITH, CREATE, …), found " + describe(token) + hint,
                      token.span());
}

Clause Parser::clause() {
  switch (peek().keyword) {
    case Keyword::Match:
      return match_clause();
    case Keyword::Optional:
      if (is(Keyword::Call, 1)) return call_clause();
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
    case Keyword::NoDetach:
      return delete_clause();
    case Keyword::Call:
      return call_clause();
    case Keyword::Foreach:
      return foreach_clause();
    case Keyword::Load:
      return load_csv_clause();
    case Keyword::Finish:
      return finish_clause();
    default:
      break;
  }
  if (at_let()) return let_clause();
  if (at_filter()) return filter_clause();
  if (at_insert()) return create_clause();
  fail_clause();
}

bool Parser::at_filter() const {
  return is_word("FILTER") && (is(Keyword::Where, 1) || starts_operand(peek(1)) || is(TokenKind::Minus, 1));
}

bool Parser::at_insert() const {
  return is_word("INSERT") && (is(TokenKind::LeftParen, 1) || (peek(1).is_name() && is(TokenKind::Equal, 2)));
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
  if (!accept(Keyword::As)) fail_expected("AS and a variable for the elements of the list");
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
  } else if (is(Keyword::All) && !is(TokenKind::LeftParen, 1) && !is(TokenKind::LeftBracket, 1) &&
             (more || is(TokenKind::Star, 1))) {
    take();
  }
  projection_items(result);
  order_and_page(result);
  if (!result.is_return && accept(Keyword::Where)) result.where = expression();
  result.span = span_from(first);
  return result;
}

/// LET x = e, y = f: new variables beside those that there are.
ProjectionClause Parser::let_clause() {
  ProjectionClause result;
  size_t first = pos_;
  take();
  result.form = ProjectionClause::Form::Let;
  result.star = true;
  do {
    ProjectionItem item;
    item.aliased = true;
    item.name = variable_name("a new variable");
    expect(TokenKind::Equal, "= and the value of the variable");
    item.expr = expression();
    result.items.push_back(std::move(item));
  } while (accept(TokenKind::Comma));
  result.span = span_from(first);
  return result;
}

/// FILTER [WHERE] e: keeps rows.
ProjectionClause Parser::filter_clause() {
  ProjectionClause result;
  size_t first = pos_;
  take();
  accept(Keyword::Where);
  result.form = ProjectionClause::Form::Filter;
  result.star = true;
  result.where = expression();
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
  take();  // CREATE or INSERT
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
  if (is_variable && at_label_list()) {
    item.kind = SetItem::Kind::Labels;
    label_list(item.labels, item.dynamic_labels);
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
  if (target->kind == ExprKind::Property || target->kind == ExprKind::Element) return target;
  throw Error::syntax(
      "UnexpectedSyntax",
      std::string(clause) + " needs a property such as n.name or n[key], or a variable with labels such as n:Label",
      target->span);
}

bool Parser::at_label_list() const { return is(TokenKind::Colon) || is(Keyword::Is); }

/// :A:B, or IS A:B
void Parser::label_list(std::vector<std::string>& labels, std::vector<ExprPtr>& dynamic) {
  for (bool more = at_label_list(); more; more = is(TokenKind::Colon)) {
    take();
    if (!at_dynamic_label()) {
      labels.push_back(name("a label"));
      continue;
    }
    LabelExpr label;
    size_t first = pos_;
    dynamic_label(label);
    if (label.any) {
      throw Error::syntax("UnexpectedSyntax", "$any(…) leaves open which label is meant; use $(…) or $all(…) here",
                          span_from(first));
    }
    dynamic.push_back(std::move(label.dynamic));
  }
}

RemoveClause Parser::remove_clause() {
  RemoveClause result;
  size_t first = pos_;
  expect(Keyword::Remove);
  do {
    RemoveItem item;
    size_t item_first = pos_;
    item.target = postfix();
    if (item.target->kind == ExprKind::Variable && at_label_list()) {
      label_list(item.labels, item.dynamic_labels);
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
  if (!result.detach) accept(Keyword::NoDetach);
  expect(Keyword::Delete);
  do {
    result.targets.push_back(expression());
  } while (accept(TokenKind::Comma));
  result.span = span_from(first);
  return result;
}

/// [OPTIONAL] CALL of a procedure or of a subquery.
Clause Parser::call_clause() {
  size_t first = pos_;
  bool optional = accept(Keyword::Optional);
  expect(Keyword::Call);
  if (is(TokenKind::LeftBrace) || is(TokenKind::LeftParen)) return subquery_clause(optional, first);
  return procedure_call(optional, first);
}

/// After CALL: [(imports)] { query }.
SubqueryClause Parser::subquery_clause(bool optional, size_t first) {
  Nest nest(*this, kSubqueryWeight);
  SubqueryClause result;
  result.optional = optional;
  if (is(TokenKind::LeftParen)) subquery_scope(result);
  expect(TokenKind::LeftBrace, "{ and a subquery");
  BarScope bars(*this, 0);
  result.query = std::make_shared<Query>(query(true));
  expect(TokenKind::RightBrace, "} or a clause");
  if (is(Keyword::In)) {
    throw Error::syntax("NotImplemented",
                        "CALL { … } IN TRANSACTIONS is not supported: a statement is one transaction; run it in parts, "
                        "with SKIP and LIMIT or a parameter",
                        peek().span());
  }
  result.span = span_from(first);
  return result;
}

/// (), (*) or (a, b).
void Parser::subquery_scope(SubqueryClause& clause) {
  clause.scoped = true;
  expect(TokenKind::LeftParen, "(");
  if (accept(TokenKind::Star)) {
    clause.import_star = true;
  } else if (!is(TokenKind::RightParen)) {
    do {
      size_t first = pos_;
      std::string variable = variable_name("a variable to import");
      clause.imports.push_back({std::move(variable), kNoVar, span_from(first)});
    } while (accept(TokenKind::Comma));
  }
  expect(TokenKind::RightParen, ") — a subquery imports variables by their names");
}

/// FOREACH (x IN list | clauses)
ForeachClause Parser::foreach_clause() {
  Nest nest(*this, kSubqueryWeight);
  ForeachClause result;
  size_t first = pos_;
  expect(Keyword::Foreach);
  uint32_t close = peek().match;
  expect(TokenKind::LeftParen, "( and a variable IN a list");
  result.name = variable_name("a variable for the elements of the list");
  expect(Keyword::In);
  {
    BarScope bars(*this, close == Token::kNoMatch ? 0 : close);
    result.list = expression();
  }
  expect(TokenKind::Bar, "| and updating clauses");
  BarScope bars(*this, 0);
  result.body = std::make_shared<Query>();
  size_t body = pos_;
  SingleQuery part;
  do {
    part.clauses.push_back(clause());
  } while (!is(TokenKind::RightParen) && !is(TokenKind::End) && !is(TokenKind::Semicolon));
  result.body->parts.push_back(std::move(part));
  result.body->span = span_from(body);
  expect(TokenKind::RightParen, ") or an updating clause");
  result.span = span_from(first);
  return result;
}

/// LOAD CSV [WITH HEADERS] FROM url AS name [FIELDTERMINATOR 'c']
LoadCsvClause Parser::load_csv_clause() {
  LoadCsvClause result;
  size_t first = pos_;
  expect(Keyword::Load);
  if (!is_word("CSV")) fail_expected("CSV");
  take();
  if (accept(Keyword::With)) {
    expect(Keyword::Headers);
    result.headers = true;
  }
  expect(Keyword::From);
  result.url = expression();
  expect(Keyword::As);
  result.name = variable_name("a variable for the lines of the file");
  if (accept(Keyword::FieldTerminator)) {
    const Token& token = peek();
    if (token.kind != TokenKind::String) fail_expected("a string of one character, such as ';'");
    std::string separator = decode_quoted(text_of(take()), token.span());
    bool fits = separator.size() == 1 && static_cast<unsigned char>(separator[0]) < 0x80 && separator[0] != '"' &&
                separator[0] != '\n' && separator[0] != '\r' && separator[0] != '\0';
    if (!fits) {
      throw Error::syntax("InvalidArgumentValue",
                          "FIELDTERMINATOR takes one ASCII character that is no quote and no line end, such as ';'",
                          token.span());
    }
    result.separator = separator[0];
  }
  result.span = span_from(first);
  return result;
}

FinishClause Parser::finish_clause() {
  size_t first = pos_;
  expect(Keyword::Finish);
  return {span_from(first)};
}

CallClause Parser::procedure_call(bool optional, size_t first) {
  CallClause result;
  result.optional = optional;
  result.procedure = name("the name of a procedure");
  while (accept(TokenKind::Dot)) result.procedure += "." + name("the name of a procedure");
  if (accept(TokenKind::LeftParen)) {
    result.explicit_args = true;
    if (!is(TokenKind::RightParen)) {
      do {
        result.args.push_back(expression());
      } while (accept(TokenKind::Comma));
    }
    expect(TokenKind::RightParen, ") or a comma");
  }
  if (accept(Keyword::Yield)) {
    result.has_yield = true;
    if (accept(TokenKind::Star)) {
      result.yield_star = true;
    } else {
      do {
        YieldItem item;
        const size_t first_of_item = pos_;
        item.field = name("an output of the procedure");
        item.name = accept(Keyword::As) ? variable_name("a variable") : item.field;
        item.span = span_from(first_of_item);
        result.yields.push_back(std::move(item));
      } while (accept(TokenKind::Comma));
      if (accept(Keyword::Where)) result.where = expression();
    }
  }
  result.span = span_from(first);
  return result;
}

}  // namespace entente
