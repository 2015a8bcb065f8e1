// Random well-typed expressions and patterns over the variables in scope.
//
// To extend: a new expression is a case in the function of its type (boolean, integer, …); a new kind of path element
// goes into `path`. What is generated must not depend on the order in which rows come: lists made by collect() have the
// type Bag, and are only counted, searched and unwound.
#pragma once

#include <string>
#include <vector>

#include "pattern.h"
#include "random_source.h"

namespace entente::selfcheck {

enum class Type {
  Boolean,
  Integer,
  Float,
  String,
  Date,
  DateTime,
  Duration,
  Integers,  // list of integers
  Any,       // any property value: compared, never computed with
  Node,
  Relationship,
  Relationships,  // list of relationships
  Path,
  Bag,  // list of integers in an order that is free
};

struct Variable {
  std::string name;
  Type type;
};
using Scope = std::vector<Variable>;

class ExpressionGenerator {
 public:
  ExpressionGenerator(Random& random, Scope& scope) : random_(random), scope_(scope) {}

  /// Expressions may fail when they run (divide by zero, overflow).
  void allow_failures(bool allow) { failures_ = allow; }

  std::string expression(Type type, int depth);
  /// Where a predicate is expected, as after WHERE, a bare pattern may be one; in a column it may not.
  std::string predicate(int depth) { return boolean(depth, true); }
  std::string boolean(int depth, bool predicate = false);
  /// A type of which values may be put into a column, and compared.
  Type column_type();

  /// The variables that the clause binds are added to the scope.
  MatchPiece match(bool optional, int max_paths, int max_hops);
  /// A path that reads the scope and adds to it; with `fresh` null it binds no named variable.
  PathPiece path(int max_hops, Scope* fresh, bool variable_length);
  std::string literal(Type type);
  std::string fresh_name(const char* prefix) { return prefix + std::to_string(next_name_++); }
  /// A variable of this type in scope, or empty.
  std::string variable(Type type);
  /// `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`: the inside. With `value` it returns one integer.
  std::string subquery(int depth, bool value = false);

 private:
  std::string integer(int depth);
  std::string floating(int depth);
  std::string string(int depth);
  std::string integers(int depth);
  std::string date(int depth);
  std::string date_time(int depth);
  std::string duration(int depth);
  std::string map_projection(const std::string& entity, int depth);
  std::string subquery_tail(const Scope& outer, bool value);
  std::string any(int depth);
  std::string comparison(int depth);
  std::string pattern_test(int depth, bool bare);
  std::string list_test(int depth);
  std::string property(Type type);
  std::string path_text_for_comprehension(const std::string& entity, int depth);
  std::string case_of(Type type, int depth);
  std::string with_local(Type type, const std::string& name, Type result, int depth);
  NodePiece node(Scope* fresh);
  RelationshipPiece relationship(Scope* fresh, bool variable_length);
  void shape(PathPiece& path, Scope* fresh);
  std::string label();
  std::string inline_where(const std::string& name, Type type);

  Random& random_;
  Scope& scope_;
  bool failures_ = false;
  std::vector<std::string> clause_relationships_;  // that the clause being made names: each may be named once
  int next_name_ = 0;
};

}  // namespace entente::selfcheck
