// The commands on indexes and constraints, and SHOW, in Neo4j's syntax.
//
//   CREATE [RANGE] INDEX [name] [IF NOT EXISTS] FOR pattern ON (v.key, …) [OPTIONS {…}]
//   CREATE FULLTEXT INDEX [name] [IF NOT EXISTS] FOR pattern ON EACH [v.key, …] [OPTIONS {…}]
//   CREATE CONSTRAINT [name] [IF NOT EXISTS] FOR pattern REQUIRE v.key | (v.key, …) IS rule [OPTIONS {…}]
//   DROP INDEX | CONSTRAINT name [IF EXISTS]
//   pattern = (v:Label) | ()-[v:TYPE]-();  rule = [NODE | RELATIONSHIP] UNIQUE | … KEY | NOT NULL | :: type | TYPED
//   type
//
// SHOW [BUILT IN | USER DEFINED] FUNCTIONS lists some of the functions. SHOW INDEXES (CONSTRAINTS, FUNCTIONS,
// PROCEDURES) is a CALL of the procedure that lists them, followed by the projections that are written, or by a RETURN
// of the columns that are shown by default.
#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/parser_impl.h"

namespace entente {

namespace {

/// What SHOW can list: the procedure, its columns, and how many of them are shown by default.
struct Shown {
  std::string_view singular;
  std::string_view plural;
  std::string_view procedure;
  std::vector<std::string_view> columns;
  size_t shown;
};

const std::array<Shown, 4>& shown_things() {
  static const std::array<Shown, 4> kShown{{
      {"INDEX",
       "INDEXES",
       "db.indexes",
       {"id", "name", "state", "populationPercent", "type", "entityType", "labelsOrTypes", "properties",
        "indexProvider", "owningConstraint", "options", "failureMessage", "createStatement"},
       10},
      {"CONSTRAINT",
       "CONSTRAINTS",
       "db.constraints",
       {"id", "name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex", "propertyType", "options",
        "createStatement"},
       8},
      {"FUNCTION",
       "FUNCTIONS",
       "dbms.functions",
       {"name", "category", "description", "signature", "isBuiltIn", "aggregating"},
       3},
      {"PROCEDURE", "PROCEDURES", "dbms.procedures", {"name", "description", "mode", "worksOnSystem", "signature"}, 4},
  }};
  return kShown;
}

constexpr std::string_view kTypesText =
    "BOOLEAN, STRING, INTEGER, FLOAT, DATE, LOCAL TIME, ZONED TIME, LOCAL DATETIME, ZONED DATETIME, DURATION, or "
    "LIST<… NOT NULL>";

constexpr std::array<std::string_view, 5> kOtherIndexes{"TEXT", "POINT", "LOOKUP", "VECTOR", "BTREE"};

ExprPtr variable_of(std::string_view name, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Variable;
  expr->name = std::string(name);
  expr->span = span;
  return expr;
}

}  // namespace

void Parser::expect_word(std::string_view word) {
  if (!accept_word(word)) fail_expected(word);
}

// ---- CREATE and DROP ---------------------------------------------------------------------------------------

bool Parser::at_schema_command() const {
  if (!is(Keyword::Create) && !is(Keyword::Drop)) return false;
  const auto at = [&](size_t ahead) {
    return (is(Keyword::Index, ahead) || is(Keyword::Constraint, ahead)) && !is(TokenKind::Equal, ahead + 1);
  };
  return at(1) || (is(TokenKind::Word, 1) && at(2) && !is(Keyword::Constraint, 2));
}

SchemaCommand Parser::schema_command() {
  const size_t first = pos_;
  SchemaCommand command = is(Keyword::Drop) ? drop_command() : create_command();
  if (command.name.empty()) command.span = span_from(first);
  return command;
}

SchemaCommand Parser::create_command() {
  expect(Keyword::Create);
  SchemaCommand command;
  for (const std::string_view other : kOtherIndexes) {
    if (!is_word(other)) continue;
    throw Error::syntax("NotImplemented",
                        std::string(other) +
                            " indexes are not there; CREATE INDEX makes a range index, which answers "
                            "=, IN, <, > and STARTS WITH, CREATE FULLTEXT INDEX one that finds words",
                        peek().span());
  }
  command.full_text = accept_word("FULLTEXT");
  if (!command.full_text) accept_word("RANGE");
  if (accept(Keyword::Index)) {
    create_index(command);
  } else {
    expect(Keyword::Constraint);
    create_constraint(command);
  }
  return command;
}

/// [name] [IF NOT EXISTS] FOR
void Parser::new_name(SchemaCommand& command) {
  if (is(Keyword::On) && (is(TokenKind::Colon, 1) || is(TokenKind::LeftParen, 1))) {
    fail_expected("a name or FOR, as in CREATE INDEX FOR (n:Label) ON (n.key)");
  }
  const bool condition = is(Keyword::If) && (is(Keyword::Not, 1) || is(Keyword::Exists, 1));
  const bool unnamed = condition || (is(Keyword::For) && is(TokenKind::LeftParen, 1));
  const size_t first = pos_;
  if (!unnamed) command.name = variable_name("a name for the index or constraint, IF NOT EXISTS or FOR");
  if (!unnamed) command.span = span_from(first);
  if (accept(Keyword::If)) {
    if (!is(Keyword::Not)) fail_expected("NOT EXISTS after IF");
    expect(Keyword::Not);
    expect(Keyword::Exists);
    command.if_exists = true;
  }
  expect(Keyword::For);
}

void Parser::create_index(SchemaCommand& command) {
  command.kind = SchemaCommand::Kind::CreateIndex;
  new_name(command);
  const std::string variable = schema_pattern(command);
  expect(Keyword::On);
  if (command.full_text) {
    expect_word("EACH");
    expect(TokenKind::LeftBracket, "[ and properties such as [n.name, n.title]");
    schema_properties(command, variable, TokenKind::RightBracket);
  } else {
    expect(TokenKind::LeftParen, "( and properties such as (n.name)");
    schema_properties(command, variable, TokenKind::RightParen);
  }
  schema_options(command);
}

void Parser::create_constraint(SchemaCommand& command) {
  command.kind = SchemaCommand::Kind::CreateConstraint;
  new_name(command);
  const std::string variable = schema_pattern(command);
  if (is_word("ASSERT")) {
    throw Error::syntax("UnexpectedSyntax", "expected REQUIRE, found ASSERT: that is how constraints begin by now",
                        peek().span());
  }
  expect(Keyword::Require);
  if (accept(TokenKind::LeftParen)) {
    schema_properties(command, variable, TokenKind::RightParen);
  } else {
    schema_property(command, variable);
  }
  expect(Keyword::Is);
  constraint_rule(command);
  schema_options(command);
}

/// (v:Label) or ()-[v:TYPE]-(); gives v.
std::string Parser::schema_pattern(SchemaCommand& command) {
  expect(TokenKind::LeftParen, "( and a node such as (n:Label), or ()-[r:TYPE]-()");
  if (!accept(TokenKind::RightParen)) return schema_element(command, TokenKind::RightParen);
  command.entity = EntityType::Relationship;
  const bool in = accept(TokenKind::Less);
  expect(TokenKind::Minus, "- and a relationship such as -[r:TYPE]-()");
  expect(TokenKind::LeftBracket, "[");
  std::string variable = schema_element(command, TokenKind::RightBracket);
  expect(TokenKind::Minus, "-");
  if (!in) accept(TokenKind::Greater);
  expect(TokenKind::LeftParen, "()");
  expect(TokenKind::RightParen, ")");
  return variable;
}

std::string Parser::schema_element(SchemaCommand& command, TokenKind close) {
  const bool node = command.entity == EntityType::Node;
  const std::string_view what = node ? "a label" : "a relationship type";
  std::string variable = variable_name("a variable");
  expect(TokenKind::Colon, node ? ": and a label" : ": and a relationship type");
  do {
    const Span span = peek().span();
    std::string token = name(what);
    if (std::find(command.tokens.begin(), command.tokens.end(), token) != command.tokens.end()) {
      throw Error::syntax("UnexpectedSyntax", "`" + token + "` is there twice; name each once", span);
    }
    command.tokens.push_back(std::move(token));
  } while (command.full_text && accept(TokenKind::Bar));
  const char* one = node ? ") — a range index or constraint is on one label, only a FULLTEXT index on several"
                         : "] — a range index or constraint is on one type, only a FULLTEXT index on several";
  expect(close, command.full_text ? std::string_view("| or the end of the element") : std::string_view(one));
  return variable;
}

void Parser::schema_properties(SchemaCommand& command, const std::string& variable, TokenKind close) {
  do {
    schema_property(command, variable);
  } while (accept(TokenKind::Comma));
  expect(close, close == TokenKind::RightParen ? ") or a comma" : "] or a comma");
}

void Parser::schema_property(SchemaCommand& command, const std::string& variable) {
  const Token& owner = peek();
  const std::string owner_name = name("the variable " + variable);
  if (owner_name != variable) {
    throw Error::syntax("UndefinedVariable",
                        "`" + owner_name + "` is not defined; the " +
                            (command.entity == EntityType::Node ? "node" : "relationship") + " here is `" + variable +
                            "`",
                        owner.span());
  }
  expect(TokenKind::Dot, ". and a property");
  const Span span = peek().span();
  std::string key = name("a property");
  if (std::find(command.properties.begin(), command.properties.end(), key) != command.properties.end()) {
    throw Error::syntax("UnexpectedSyntax", "property `" + key + "` is there twice; name each once", span);
  }
  command.properties.push_back(std::move(key));
}

/// After IS.
void Parser::constraint_rule(SchemaCommand& command) {
  using Rule = SchemaCommand::Rule;
  const Span span = peek().span();
  const bool of_nodes = is_word("NODE");
  const bool of_relationships = is_word("RELATIONSHIP") || is_word("REL");
  if (of_nodes || of_relationships) {
    if (of_nodes != (command.entity == EntityType::Node)) {
      throw Error::syntax("UnexpectedSyntax",
                          of_nodes ? "a NODE constraint is FOR (n:Label), not for a relationship"
                                   : "a RELATIONSHIP constraint is FOR ()-[r:TYPE]-(), not for a node",
                          span);
    }
    take();
  }
  if (accept(Keyword::Unique)) {
    command.rule = Rule::Unique;
  } else if (accept_word("KEY")) {
    command.rule = Rule::Key;
  } else if (of_nodes || of_relationships) {
    fail_expected("KEY or UNIQUE");
  } else if (accept(Keyword::Not)) {
    expect(Keyword::Null);
    command.rule = Rule::Exists;
  } else if (accept_word("TYPED")) {
    command.rule = Rule::Type;
  } else if (accept(TokenKind::Colon)) {
    expect(TokenKind::Colon, ":: and a type");
    command.rule = Rule::Type;
  } else {
    fail_expected("UNIQUE, KEY, NOT NULL, or :: and a type");
  }
  if (command.rule == Rule::Type) command.type = property_type();
  const bool one = command.rule == Rule::Type || command.rule == Rule::Exists;
  if (one && command.properties.size() > 1) {
    throw Error::syntax("UnexpectedSyntax",
                        "such a constraint is on one property; make one for each, or require them to be a KEY", span);
  }
}

/// Types joined by |: of those of IS :: the ones that properties can be of.
AllowedType Parser::property_type() {
  const size_t first = pos_;
  const TypeSpec spec = type_spec();
  const auto fail = [&](const std::string& text) { throw Error::syntax("UnexpectedSyntax", text, span_from(first)); };
  const auto is_scalar = [](const TypeSpec::Alternative& type) {
    return std::has_single_bit(type.kinds) && (type.kinds & ~AllowedType::kStorable) == 0 && !type.property;
  };
  AllowedType result;
  for (const TypeSpec::Alternative& type : spec.alternatives) {
    const bool list = type.kinds == kListType && type.element != nullptr;
    const bool list_of_scalars =
        list && type.element->alternatives.size() == 1 && is_scalar(type.element->alternatives.front());
    if (!is_scalar(type) && !list_of_scalars) {
      fail("a property cannot be constrained to " + spec.text + "; there are " + std::string(kTypesText));
    }
    if (type.not_null) {
      fail("a type constraint says nothing of missing properties; add a constraint IS NOT NULL for that");
    }
    if (!list) {
      result.kinds |= type.kinds;
      continue;
    }
    const TypeSpec::Alternative& element = type.element->alternatives.front();
    if (!element.not_null) {
      fail("lists that are properties hold no null, so their elements are NOT NULL: write LIST<STRING NOT NULL>");
    }
    result.lists.push_back(element.kinds);
  }
  result.normalize();
  return result;
}

/// [OPTIONS {indexProvider: '…', indexConfig: {…}}]
void Parser::schema_options(SchemaCommand& command) {
  if (!accept_word("OPTIONS")) return;
  const Span span = peek().span();
  const auto fail = [&](const std::string& text) { throw Error::syntax("InvalidOptions", text, span); };
  const ExprPtr options = map_literal(true);
  if (options->kind != ExprKind::Literal) fail("OPTIONS must be a map of values, without parameters or computations");
  const std::string provider = command.full_text ? "fulltext-1.0" : "range-1.0";
  for (const auto& [key, value] : options->literal.as_map()) {
    if (key == "indexProvider") {
      if (!value.is_string() || value.as_string() != provider) fail("the indexProvider here is '" + provider + "'");
    } else if (key != "indexConfig" || !value.is_map()) {
      fail("OPTIONS can have indexProvider and the map indexConfig, not `" + key + "`: " + value.to_short_literal());
    } else {
      for (const auto& [name, setting] : value.as_map()) {
        if (!command.full_text) fail("a range index has no settings, so indexConfig must be empty");
        if (name == "fulltext.eventually_consistent" && setting.is_boolean() && !setting.as_boolean()) continue;
        if (name == "fulltext.eventually_consistent") {
          fail("full-text indexes are always up to date: fulltext.eventually_consistent can only be false");
        }
        if (name != "fulltext.analyzer" || !setting.is_string()) {
          fail("indexConfig can have `fulltext.analyzer` with the name of an analyzer, not `" + name +
               "`: " + setting.to_short_literal());
        }
        command.analyzer = setting.as_string();
      }
    }
  }
}

SchemaCommand Parser::drop_command() {
  expect(Keyword::Drop);
  SchemaCommand command;
  const bool index = is(Keyword::Index);
  if (!index && !is(Keyword::Constraint)) fail_expected("INDEX or CONSTRAINT");
  take();
  command.kind = index ? SchemaCommand::Kind::DropIndex : SchemaCommand::Kind::DropConstraint;
  if (is(Keyword::On) && is(TokenKind::Colon, 1)) {
    fail_expected("the name of the index or constraint to drop, which SHOW INDEXES and SHOW CONSTRAINTS tell");
  }
  const size_t first = pos_;
  command.name = name("the name of the index or constraint to drop");
  command.span = span_from(first);
  if (accept(Keyword::If)) {
    expect(Keyword::Exists);
    command.if_exists = true;
  }
  return command;
}

// ---- SHOW --------------------------------------------------------------------------------------------------

bool Parser::at_show_command() const { return is_word("SHOW") && is(TokenKind::Word, 1); }

/// BUILT IN or USER DEFINED before FUNCTIONS: which of the two; nothing for all.
std::optional<bool> Parser::show_built_in() {
  const bool built_in = is_word("BUILT") && is(Keyword::In, 1);
  if (!built_in && !(is_word("USER") && is_word("DEFINED", 1))) return std::nullopt;
  take();
  take();
  if (!is_word("FUNCTION") && !is_word("FUNCTIONS")) fail_expected("FUNCTIONS");
  return built_in;
}

/// Words before INDEXES or CONSTRAINTS; gives the types that they let through, none for all.
std::vector<std::string> Parser::show_filter(bool indexes) {
  if (accept(Keyword::All)) return {};
  if (indexes) {
    for (const std::string_view type : {"RANGE", "FULLTEXT", "TEXT", "POINT", "LOOKUP", "VECTOR"}) {
      if (accept_word(type)) return {std::string(type)};
    }
    return {};
  }
  const bool node = accept_word("NODE");
  const bool rel = !node && (accept_word("RELATIONSHIP") || accept_word("REL"));
  const auto either = [&](const char* of_nodes, const char* of_relationships) {
    std::vector<std::string> types;
    if (!rel) types.emplace_back(of_nodes);
    if (!node) types.emplace_back(of_relationships);
    return types;
  };
  if (accept(Keyword::Unique) || accept_word("UNIQUENESS")) return either("UNIQUENESS", "RELATIONSHIP_UNIQUENESS");
  if (accept_word("KEY")) return either("NODE_KEY", "RELATIONSHIP_KEY");
  const bool property = accept_word("PROPERTY");
  if (property && accept_word("TYPE")) return either("NODE_PROPERTY_TYPE", "RELATIONSHIP_PROPERTY_TYPE");
  if (accept_word("UNIQUENESS")) return either("UNIQUENESS", "RELATIONSHIP_UNIQUENESS");
  if (accept_word("EXISTENCE") || accept_word("EXIST")) {
    return either("NODE_PROPERTY_EXISTENCE", "RELATIONSHIP_PROPERTY_EXISTENCE");
  }
  if (node || rel || property) fail_expected("UNIQUENESS, KEY, PROPERTY EXISTENCE or PROPERTY TYPE");
  return {};
}

void Parser::fail_not_shown() {
  static const std::vector<std::string> kThings = {"INDEXES",   "INDEX",    "CONSTRAINTS", "CONSTRAINT",
                                                   "FUNCTIONS", "FUNCTION", "PROCEDURES",  "PROCEDURE"};
  throw Error::syntax("UnexpectedSyntax",
                      "expected INDEXES, CONSTRAINTS, FUNCTIONS or PROCEDURES, found " + describe(peek()) +
                          did_you_mean(text_of(peek()), kThings),
                      peek().span());
}

Query Parser::show_command() {
  const size_t first = pos_;
  expect_word("SHOW");
  const bool indexes = is_word("INDEX") || is_word("INDEXES") || is_word("INDEX", 1) || is_word("INDEXES", 1);
  const std::optional<bool> built_in = show_built_in();
  const std::vector<std::string> types = built_in ? std::vector<std::string>() : show_filter(indexes);
  const Shown* shown = nullptr;
  for (const Shown& thing : shown_things()) {
    if (shown == nullptr && (accept_word(thing.plural) || accept_word(thing.singular))) shown = &thing;
  }
  if (shown == nullptr) fail_not_shown();
  const bool callable = shown->singular == "FUNCTION" || shown->singular == "PROCEDURE";
  if (callable && accept_word("EXECUTABLE") && accept(Keyword::By)) {  // by anybody: there are no users
    expect_word("CURRENT");
    expect_word("USER");
  }

  SingleQuery query;
  CallClause call;
  call.procedure = std::string(shown->procedure);
  call.explicit_args = call.has_yield = true;
  call.span = span_from(first);
  for (const std::string_view column : shown->columns) {
    call.yields.push_back({std::string(column), std::string(column), kNoVar});
  }
  std::vector<ExprPtr> conditions;
  if (!types.empty()) {
    List names(types.begin(), types.end());
    conditions.push_back(
        make(ExprKind::In, first, {variable_of("type", call.span), make_literal(Value(std::move(names)), first)}));
  }
  if (built_in) {
    conditions.push_back(
        make(ExprKind::Equal, first, {variable_of("isBuiltIn", call.span), make_literal(*built_in, first)}));
  }
  ProjectionClause result;
  result.is_return = true;
  result.span = call.span;
  const auto give = [&](std::string_view column) {
    ProjectionItem item;
    item.expr = variable_of(column, call.span);
    item.name = std::string(column);
    result.items.push_back(std::move(item));
  };
  std::optional<ProjectionClause> with;
  if (is(Keyword::Return)) fail_expected("YIELD with the columns to go on with before RETURN, or the end");
  if (is(Keyword::Yield)) {
    with = projection_clause();  // the items and what follows them are those of WITH
    if (with->star) {
      for (const std::string_view column : shown->columns) give(column);
    }
    for (const ProjectionItem& item : with->items) give(item.name);
  } else {
    if (accept(Keyword::Where)) conditions.push_back(expression());
    for (const std::string_view column : std::span(shown->columns).first(shown->shown)) give(column);
  }
  if (conditions.size() == 1) call.where = conditions[0];
  if (conditions.size() == 2) call.where = make(ExprKind::And, first, std::move(conditions));
  query.clauses.emplace_back(std::move(call));
  if (with) {
    query.clauses.emplace_back(std::move(*with));
    if (is(Keyword::Return)) result = projection_clause();
  }
  query.clauses.emplace_back(std::move(result));
  Query whole;
  whole.parts.push_back(std::move(query));
  whole.span = span_from(first);
  return whole;
}

}  // namespace entente
