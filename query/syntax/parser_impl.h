// The recursive-descent parser behind parse(): private to query/syntax.
//
// One method a rule of the grammar. A token is looked at with peek(), taken with take(), accept() or expect(); there
// is no backtracking, so time is linear in the text. Where the grammar is ambiguous the parser decides by looking ahead
// over matched brackets: `(a)-[r]->(b)` is a pattern if a node is followed by what can only be a relationship,
// `[x IN …` a comprehension, `n {.a}` a map projection.
//
// Depth is bounded twice: `depth_` counts what is open while parsing (each costs stack here), Expr::height what the
// finished tree is deep (each costs stack in whoever walks it). Operands that a tree shares count extra, since a
// walk meets them more than once: nested sharing could otherwise grow a walk exponentially.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/query/syntax/ast.h"
#include "entente/query/syntax/lexer.h"
#include "entente/query/syntax/preparation.h"

namespace entente {

class Parser {
 public:
  explicit Parser(std::string_view text);

  Statement statement();
  ExprPtr lone_expression();

 private:
  // What a nested rule adds to the depth: about its share of stack compared with one expression.
  static constexpr int kSubqueryWeight = 12;
  static constexpr int kPatternWeight = 6;
  static constexpr uint32_t kSharingWeight = 100;  // times the logarithm of the number of shares

  class Nest {
   public:
    Nest(Parser& parser, int weight = 1) : parser_(parser), weight_(weight) {
      parser_.depth_ += weight_;
      if (parser_.depth_ > kMaxDepth) parser_.fail_too_deep(parser_.peek().span());
    }
    ~Nest() { parser_.depth_ -= weight_; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;

   private:
    Parser& parser_;
    int weight_;
  };

  /// Says which bracket ends the comprehension whose bars are separators rather than label operators; 0: none.
  class BarScope {
   public:
    BarScope(Parser& parser, uint32_t end) : parser_(parser), saved_(std::exchange(parser.bar_end_, end)) {}
    ~BarScope() { parser_.bar_end_ = saved_; }
    BarScope(const BarScope&) = delete;
    BarScope& operator=(const BarScope&) = delete;

   private:
    Parser& parser_;
    uint32_t saved_;
  };

  /// Measures the tallest expression parsed during its life.
  class HeightScope {
   public:
    explicit HeightScope(Parser& parser) : parser_(parser), saved_(std::exchange(parser.tallest_, 0)) {}
    ~HeightScope() { parser_.tallest_ = std::max(saved_, parser_.tallest_); }
    HeightScope(const HeightScope&) = delete;
    HeightScope& operator=(const HeightScope&) = delete;
    uint32_t height() const { return parser_.tallest_; }

   private:
    Parser& parser_;
    uint32_t saved_;
  };

  // ---- tokens (parser.cc)
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(pos_ + ahead, tokens_.size() - 1)]; }
  const Token& at(size_t index) const { return tokens_[std::min(index, tokens_.size() - 1)]; }
  const Token& previous() const { return tokens_[pos_ - 1]; }
  const Token& take() {
    Preparation::step();
    return tokens_[pos_ + 1 < tokens_.size() ? pos_++ : pos_];
  }
  bool is(TokenKind kind, size_t ahead = 0) const { return peek(ahead).kind == kind; }
  bool is(Keyword keyword, size_t ahead = 0) const { return peek(ahead).keyword == keyword; }
  bool accept(TokenKind kind) { return is(kind) && (take(), true); }
  bool accept(Keyword keyword) { return is(keyword) && (take(), true); }
  const Token& expect(TokenKind kind, std::string_view what);
  void expect(Keyword keyword);
  std::string_view text_of(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  Span span_from(size_t first_token) const;
  std::string describe(const Token& token) const;
  /// What other languages write here is written how; empty if nothing is known.
  std::string spelling_hint() const;
  [[noreturn]] void fail_expected(std::string_view what);
  [[noreturn]] void fail_too_deep(Span span) const;
  /// A name: any word, or a quoted one.
  std::string name(std::string_view what);
  /// A name for something that is bound: not empty, as the names of anonymous elements are.
  std::string variable_name(std::string_view what);
  std::string name_of(const Token& token) const;
  /// Whether an operand of an expression can begin with this token (a keyword counts as none).
  static bool starts_operand(const Token& token);

  // ---- statements and clauses (parser.cc, parser_clause.cc)
  Query query(bool in_subquery);
  SingleQuery single_query(bool in_subquery, std::optional<Span>& next);
  Clause clause();
  [[noreturn]] void fail_clause();
  MatchClause match_clause();
  UnwindClause unwind_clause();
  ProjectionClause projection_clause();
  ProjectionClause let_clause();
  ProjectionClause filter_clause();
  bool at_let() const { return is_word("LET") && peek(1).is_name() && is(TokenKind::Equal, 2); }
  bool at_filter() const;
  bool at_insert() const;
  bool at_next() const { return is_word("NEXT"); }
  void go_on_after_next(SingleQuery& query);
  void projection_items(ProjectionClause& clause);
  void order_and_page(ProjectionClause& clause);
  CreateClause create_clause();
  MergeClause merge_clause();
  SetClause set_clause();
  SetItem set_item();
  RemoveClause remove_clause();
  DeleteClause delete_clause();
  Clause call_clause();
  CallClause procedure_call(bool optional, size_t first);
  SubqueryClause subquery_clause(bool optional, size_t first);
  void subquery_scope(SubqueryClause& clause);
  ForeachClause foreach_clause();
  LoadCsvClause load_csv_clause();
  FinishClause finish_clause();
  /// :A:$(e)…
  bool at_label_list() const;
  void label_list(std::vector<std::string>& labels, std::vector<ExprPtr>& dynamic);
  ExprPtr property_target(ExprPtr target, std::string_view clause);

  // ---- indexes, constraints, and what there is (parser_schema.cc)
  bool accept_word(std::string_view word) { return is_word(word) && (take(), true); }
  void expect_word(std::string_view word);
  bool at_schema_command() const;
  SchemaCommand schema_command();
  SchemaCommand create_command();
  SchemaCommand drop_command();
  void create_index(SchemaCommand& command);
  void create_constraint(SchemaCommand& command);
  void new_name(SchemaCommand& command);
  std::string schema_pattern(SchemaCommand& command);
  std::string schema_element(SchemaCommand& command, TokenKind close);
  void schema_properties(SchemaCommand& command, const std::string& variable, TokenKind close);
  void schema_property(SchemaCommand& command, const std::string& variable);
  void constraint_rule(SchemaCommand& command);
  AllowedType property_type();
  void schema_options(SchemaCommand& command);
  bool at_show_command() const;
  Query show_command();
  [[noreturn]] void fail_not_shown();
  std::optional<bool> show_built_in();
  std::vector<std::string> show_filter(bool indexes);

  // ---- patterns (parser_pattern.cc)
  std::vector<PathPattern> patterns();
  PathPattern path_pattern();
  void path_prefix(PathPattern& path);
  void path_keyword();
  bool at_path_prefix() const;
  bool at_shortest_path() const;
  void legacy_shortest(PathPattern& path);
  PathPattern simple_path();
  [[noreturn]] void fail_no_pattern();
  void path_elements(PathPattern& path);
  void check_path_elements(const PathPattern& path) const;
  bool at_parenthesized_path() const;
  uint64_t path_count();
  void take_parenthesized(PathPattern& path, PathPattern inner);
  QuantifiedPattern parenthesized_path();
  bool at_quantifier() const;
  void quantifier(QuantifiedPattern& pattern);
  uint64_t count(std::string_view what);
  NodePattern node_pattern();
  RelationshipPattern relationship_pattern();
  void relationship_filler(RelationshipPattern& relationship);
  void path_length(RelationshipPattern& relationship);
  bool at_element_variable(TokenKind close) const;
  void element_predicate(ExprPtr& properties, ExprPtr& where);
  LabelExpr label_expression();
  LabelExpr label_term();
  LabelExpr label_factor();
  bool at_dynamic_label() const;
  void dynamic_label(LabelExpr& label);
  bool bar_continues_label() const;
  bool is_node_at(size_t index) const;
  bool is_relationship_at(size_t index, size_t& after) const;
  /// Whether a pattern of at least one relationship begins at this token.
  bool is_pattern_at(size_t index) const;

  // ---- expressions (parser_expression.cc, parser_primary.cc)
  ExprPtr expression();
  ExprPtr binary(int lowest);
  ExprPtr operators(ExprPtr left, size_t first, int lowest);
  ExprPtr negation();
  ExprPtr logical(ExprPtr left, ExprKind kind, int level, size_t first);
  ExprPtr comparison(ExprPtr left, size_t first);
  ExprPtr predicate(ExprPtr left, size_t first);
  ExprPtr is_predicate(ExprPtr left, size_t first);
  ExprPtr has_labels(ExprPtr left, size_t first);
  ExprPtr is_typed(ExprPtr left, bool negated, size_t first);
  ExprPtr is_normalized(ExprPtr left, bool negated, size_t first);
  ExprPtr unary();
  ExprPtr postfix();
  ExprPtr subscript(ExprPtr base, size_t first);
  ExprPtr primary();
  ExprPtr word();
  ExprPtr keyword_primary();
  ExprPtr number(bool negative);
  ExprPtr parameter();
  ExprPtr parenthesized();
  ExprPtr list_or_comprehension();
  ExprPtr list_literal();
  bool simple_literal(Value& value);
  ExprPtr list_comprehension();
  ExprPtr pattern_comprehension();
  ExprPtr map_literal(bool fold);
  ExprPtr map_projection();
  MapProjectionItem map_projection_item();
  ExprPtr case_expression();
  /// Conditions of CASE x WHEN …, of which each is a value, or a test of x such as > 3.
  struct CaseCondition {
    size_t place;  // in the arguments
    bool test;
  };
  void case_branches(Expr& result, std::vector<CaseCondition>& conditions);
  bool at_case_test() const;
  ExprPtr case_test();
  static ExprPtr case_operand(Span span);
  ExprPtr quantifier_expression();
  ExprPtr reduce_expression();
  ExprPtr function_call(size_t name_end);
  void trim_arguments(std::string& function, std::vector<ExprPtr>& args);
  void call_arguments(std::string& function, std::vector<ExprPtr>& args);
  ExprPtr subquery_expression();
  bool at_subquery() const;
  ExprPtr variable();

  // ---- types (parser_type.cc)
  TypeSpec type_spec();
  TypeSpec::Alternative type_alternative(std::vector<TypeSpec::Alternative>& more);
  std::shared_ptr<const TypeSpec> element_type();

  /// A word that is no keyword anywhere else.
  bool is_word(std::string_view upper, size_t ahead = 0) const;

  ExprPtr make(ExprKind kind, size_t first, std::vector<ExprPtr> args = {});
  ExprPtr make_literal(Value value, size_t first);
  /// Raises the node's height to one above `below`; throws if the tree is too deep.
  void raise(Expr& expr, uint32_t below) const;
  /// The height of an operand that `shares` nodes point to.
  static uint32_t shared_height(const Expr& operand, size_t shares);

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t pos_ = 0;
  int depth_ = 0;
  uint32_t bar_end_ = 0;
  uint32_t tallest_ = 0;
};

}  // namespace entente
