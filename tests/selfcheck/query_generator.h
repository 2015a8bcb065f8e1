// Random statements, as lists of clauses that oracles may rewrite and the shrinker may drop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expression_generator.h"

namespace entente::selfcheck {

struct ClauseText {
  std::string text;
  std::optional<MatchPiece> match;  // text is its

  ClauseText(std::string words) : text(std::move(words)) {}
  ClauseText(MatchPiece piece) : text(piece.text()), match(std::move(piece)) {}
};

struct QueryText {
  std::vector<ClauseText> clauses;
  bool ordered = false;  // the rows come in one order only
  std::string text() const;
};

class QueryGenerator {
 public:
  explicit QueryGenerator(Random& random) : random_(random), expressions_(random, scope_) {}

  /// MATCH … RETURN, with what may stand between; sometimes a UNION.
  QueryText reading();
  /// Reads, then creates, merges, sets, removes, deletes. What it does does not depend on the order of rows.
  QueryText writing();
  /// A MATCH with one aggregate over it: shapes that an optimiser counts without enumerating.
  QueryText counting();
  /// What is asked for only once, however often it is found: ends of paths, rows below DISTINCT.
  QueryText once();
  /// CALL { … } with a MATCH inside.
  QueryText calling();
  /// Rows that are limited: in a full order, or only counted.
  QueryText limited();
  /// Quantified patterns, shortest paths, selectors.
  QueryText paths();
  /// Clauses, without a RETURN. The scope is what they leave.
  std::vector<ClauseText> prefix(int max_clauses);

  void allow_failures(bool allow) { expressions_.allow_failures(allow); }
  ExpressionGenerator& expressions() { return expressions_; }
  const Scope& scope() const { return scope_; }
  void reset() { scope_.clear(); }

 private:
  std::string project(bool is_return, bool& ordered);
  std::string aggregate(Type& type);
  std::string order_and_limit(const std::vector<std::string>& columns, const Scope& columns_scope, bool& ordered);
  ClauseText with();
  ClauseText let_or_filter();
  ClauseText call(int depth);
  std::string searched_path(std::string& columns);
  ClauseText unwind();
  ClauseText matching(bool optional);
  std::string write_clause();
  std::string set_items(const std::string& entity);

  Random& random_;
  Scope scope_;
  ExpressionGenerator expressions_;
};

}  // namespace entente::selfcheck
