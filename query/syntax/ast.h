// The syntax tree of a statement: what the parser builds and the binder annotates.
//
// The parser fills names, operators and spans. The binder (query/semantic) resolves them in place: it gives each
// distinct variable of a statement a number (`VarId`), points function calls at their functions, and infers types.
// Expressions are shared with the plan, which refers to variables by the same numbers.
//
// Trees are at most `kMaxDepth` deep; the parser refuses deeper input, so walking them by recursion is safe.
// A tree is owned by its Statement, used by one thread while it is bound and planned, and read-only afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "entente/core/constraint.h"
#include "entente/core/error.h"
#include "entente/core/ids.h"
#include "entente/core/value.h"
#include "entente/query/functions/registry.h"

namespace entente {

inline constexpr int kMaxDepth = 1000;

/// The number of a variable within its statement: dense from 0, unique across scopes and subqueries.
using VarId = uint32_t;
inline constexpr VarId kNoVar = ~VarId{0};

struct Expr;
struct Query;
struct PathPattern;
struct Plan;
using ExprPtr = std::shared_ptr<Expr>;

// ---- label expressions -------------------------------------------------------------------------------------

struct LabelExpr {
  enum class Kind : uint8_t { Name, Wildcard, Not, And, Or, Dynamic } kind = Kind::Name;
  std::string name;                 // Name
  std::vector<LabelExpr> children;  // Not: one; And, Or: two or more
  bool legacy_and = false;          // written `:A:B` rather than `:A&B`
  ExprPtr dynamic;                  // Dynamic: $(e), $all(e), $any(e): the name, or a list of names
  bool any = false;                 // Dynamic: one of the names is enough
  uint32_t operand = 0;             // Dynamic, in a HasLabels expression: `dynamic` is this one of its args
  Span span;
};

/// The type of `value IS :: type`: a value fits if it fits one of the alternatives.
struct TypeSpec {
  struct Alternative {
    TypeSet kinds = 0;                        // what it may be beside null
    std::shared_ptr<const TypeSpec> element;  // a list's elements; null: anything
    bool property = false;                    // a list must be one that can be stored in a property
    bool not_null = false;
  };
  std::vector<Alternative> alternatives;
  std::string text;  // as it is written
};

// ---- expressions -------------------------------------------------------------------------------------------

enum class ExprKind : uint8_t {
  Literal,    // literal
  Parameter,  // name
  Variable,   // name, var
  Property,   // args[0] . name
  Element,    // args[0] [ args[1] ]
  Slice,      // args[0] [ args[1] .. args[2] ]; a missing bound is a null pointer
  List,       // args
  Map,        // keys, args
  Not,        // args[0]
  Negate,     // - args[0]
  Plus,       // + args[0]
  And,        // two or more args, flattened
  Or,
  Xor,
  Equal,  // args[0] op args[1]; a chain a < b < c is And(a < b, b < c) sharing b
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Power,
  Concatenate,  // ||
  In,
  StartsWith,
  EndsWith,
  Contains,
  Regex,  // =~
  IsNull,
  IsNotNull,
  IsTyped,               // args[0] IS :: type
  HasLabels,             // args[0] : label; also relationship types; args from 1 on: the label's dynamic names
  Call,                  // name, args, function
  Aggregate,             // aggregate, args (none for count(*)), distinct
  Case,                  // [operand,] when, then, …[, else]; see case_operand, case_tests, case_else
  ListComprehension,     // [var IN args[0] WHERE args[1] | args[2]]; args[1], args[2] may be null pointers
  Quantifier,            // quantifier(var IN args[0] WHERE args[1])
  Reduce,                // reduce(accumulator = args[0], var IN args[1] | args[2])
  MapProjection,         // args[0] {…}: see projection
  PatternPredicate,      // pattern: a path pattern as a boolean
  PatternComprehension,  // [path = pattern WHERE args[0] | args[1]]; args[0] may be a null pointer
  ShortestPath,          // pattern: shortestPath(…) as an expression
  Exists,                // query
  Count,                 // COUNT { query }
  Collect,               // COLLECT { query }
  Subquery,              // made by the planner of the six kinds above: plan, subquery_mode
};

enum class Aggregate : uint8_t {
  Count,
  CountStar,
  Sum,
  Avg,
  Min,
  Max,
  Collect,
  StDev,
  StDevP,
  PercentileCont,
  PercentileDisc,
};

enum class Quantifier : uint8_t { All, Any, None, Single };

/// What a planned subquery gives for each row of its outer query.
enum class SubqueryMode : uint8_t {
  Exists,
  Count,
  Collect,
  First,  // the value of the first row; null if there is none
};

struct MapProjectionItem {
  enum class Kind : uint8_t { Property, AllProperties, Variable, Entry } kind;  // .name | .* | name | name: value
  std::string name;
  ExprPtr value;  // Variable: a Variable expression; Entry: the value
};

struct Expr {
  ExprKind kind = ExprKind::Literal;
  Span span;
  std::string name;
  std::vector<ExprPtr> args;
  Value literal;

  VarId var = kNoVar;          // Variable; the iteration variable of comprehensions, quantifiers, reduce; a pattern
                               // comprehension's path; the operand of a Case with tests
  VarId accumulator = kNoVar;  // Reduce
  std::string var_name;        // names behind var and accumulator, for printing
  std::string accumulator_name;

  std::vector<std::string> keys;  // Map
  std::vector<MapProjectionItem> projection;
  LabelExpr label;
  std::shared_ptr<const TypeSpec> type_spec;  // IsTyped
  const Function* function = nullptr;         // Call, set by the binder
  Aggregate aggregate = Aggregate::Count;
  Quantifier quantifier = Quantifier::All;
  bool distinct = false;      // Aggregate
  bool case_operand = false;  // Case
  bool case_tests = false;    // each `when` is a predicate of `var`, which stands for the operand: WHEN > 3
  bool case_else = false;
  bool parenthesized = false;

  std::shared_ptr<PathPattern> pattern;
  std::shared_ptr<Query> query;
  std::shared_ptr<const Plan> plan;
  SubqueryMode subquery_mode = SubqueryMode::Exists;
  std::vector<VarId> subquery_inputs;  // outer variables the plan reads
  bool subquery_once = false;          // the same for all rows of a run: to be computed once
  bool subquery_per_row =
      false;  // the plan aggregates, sorts, counts or compares rows: to be run for each outer row by itself

  TypeSet type = kAnyType;  // kinds it can have, as far as the binder can tell (null included)
  uint32_t height = 1;      // levels of the tree from here down, patterns and subqueries included; at most kMaxDepth
};

/// = <> < <= > >=
bool is_comparison(ExprKind kind);
/// `a op b` as `b mirrored(op) a`; other operators as they are.
ExprKind mirrored(ExprKind comparison);

/// Makes the dynamic names of a label expression operands of the HasLabels expression that asks for it.
void take_operands(LabelExpr& label, std::vector<ExprPtr>& operands);

/// As Cypher text, fully parenthesised only where needed; also the column name of an unnamed projection is NOT this
/// but the source text.
std::string to_string(const Expr& expr);

// ---- patterns ----------------------------------------------------------------------------------------------

struct NodePattern {
  std::string name;    // empty if anonymous
  VarId var = kNoVar;  // the binder numbers anonymous elements too
  std::optional<LabelExpr> label;
  ExprPtr properties;  // Map, Parameter, or null
  ExprPtr where;
  Span span;
};

struct RelationshipPattern {
  std::string name;
  VarId var = kNoVar;
  std::optional<LabelExpr> type;
  Direction direction = Direction::Both;  // Out: (a)-->(b)
  bool variable_length = false;
  uint64_t min_length = 1;
  std::optional<uint64_t> max_length = 1;  // none: unbounded
  ExprPtr properties;
  ExprPtr where;
  Span span;
};

/// ISO GQL's quantified path pattern: ((a)-[:R]->(b) WHERE …){1,3}; the condition is that of the inner pattern.
struct QuantifiedPattern {
  std::shared_ptr<PathPattern> inner;
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;
  Span span;
};

using PathElement = std::variant<NodePattern, RelationshipPattern, QuantifiedPattern>;

enum class PathSearch : uint8_t {
  All,
  Any,
  AnyShortest,
  AllShortest,
  ShortestK,
  ShortestGroups,  // ISO GQL prefixes
  LegacyShortest,
  LegacyAllShortest,  // shortestPath(…), allShortestPaths(…)
};

struct PathPattern {
  std::string name;  // of the path variable; empty if none
  VarId var = kNoVar;
  PathSearch search = PathSearch::All;
  uint64_t search_count = 1;
  std::vector<PathElement> elements;  // as written; in a simple pattern node, relationship, node, …
  ExprPtr where;                      // of a path in parentheses, ((a)-->(b) WHERE …): before paths are selected
  Span span;
};

// ---- clauses -----------------------------------------------------------------------------------------------

struct MatchClause {
  bool optional = false;
  std::vector<PathPattern> paths;
  ExprPtr where;
  Span span;
};

struct UnwindClause {
  ExprPtr list;
  std::string name;
  VarId var = kNoVar;
  Span span;
};

struct ProjectionItem {
  ExprPtr expr;
  std::string name;         // the column's name: alias, or the source text of the expression
  bool aliased = false;     // AS was written
  VarId var = kNoVar;       // of the column; a variable passed on unchanged keeps its number
  bool aggregates = false;  // contains an aggregate
};

struct SortItem {
  ExprPtr expr;
  bool descending = false;
};

/// RETURN, and WITH with its WHERE, also as LET and FILTER. After binding, `star` is expanded into items, and ORDER BY
/// refers to items' variables where it repeats them.
struct ProjectionClause {
  enum class Form : uint8_t { Plain, Let, Filter };  // LET is WITH *, …; FILTER is WITH * WHERE …
  Form form = Form::Plain;
  bool is_return = false;
  bool distinct = false;
  bool star = false;
  std::vector<ProjectionItem> items;
  std::vector<SortItem> order_by;
  ExprPtr skip;
  ExprPtr limit;
  ExprPtr where;
  bool aggregates = false;  // any item contains an aggregate: the items without are the grouping keys
  Span span;
};

struct CreateClause {
  std::vector<PathPattern> paths;
  Span span;
};

struct SetItem {
  enum class Kind : uint8_t { Property, Replace, Merge, Labels } kind;  // a.b = v | a = v | a += v | a:L
  ExprPtr target;  // Property: a Property or (a[key]) Element expression; else a Variable
  ExprPtr value;
  std::vector<std::string> labels;
  Span span;
  std::vector<ExprPtr> dynamic_labels = {};  // $(e): a label or a list of labels
};

struct SetClause {
  std::vector<SetItem> items;
  Span span;
};

struct RemoveItem {
  ExprPtr target;  // a Property or Element expression, or a Variable with labels
  std::vector<std::string> labels;
  Span span;
  std::vector<ExprPtr> dynamic_labels = {};
  bool has_labels() const { return !labels.empty() || !dynamic_labels.empty(); }
};

struct RemoveClause {
  std::vector<RemoveItem> items;
  Span span;
};

struct MergeClause {
  PathPattern path;
  std::vector<SetItem> on_create;
  std::vector<SetItem> on_match;
  Span span;
};

struct DeleteClause {
  bool detach = false;
  std::vector<ExprPtr> targets;
  Span span;
};

struct YieldItem {
  std::string field;
  std::string name;
  VarId var = kNoVar;
  Span span = {};  // empty if it is not written
};

struct CallClause {
  std::string procedure;  // dotted name
  bool optional = false;  // a row without results is kept, with nulls
  std::vector<ExprPtr> args;
  bool explicit_args = false;  // parentheses were written; a standalone call without takes them from parameters
  bool standalone = false;     // the whole statement
  bool yield_star = false;
  bool has_yield = false;
  std::vector<YieldItem> yields;  // after binding, all fields that are visible
  ExprPtr where;
  Span span;
};

/// FOREACH (name IN list | clauses): updating clauses only.
struct ForeachClause {
  ExprPtr list;
  std::string name;
  VarId var = kNoVar;
  std::shared_ptr<Query> body;  // of one part
  Span span;
};

/// [OPTIONAL] CALL [(imports)] { query }.
struct SubqueryClause {
  /// A variable from outside, or a column for the outside.
  struct Variable {
    std::string name;
    VarId var = kNoVar;
    Span span;
  };
  bool optional = false;
  bool scoped = false;       // imports are written before the brace; else each part may begin with an importing WITH
  bool import_star = false;  // CALL (*)
  std::vector<Variable> imports;
  std::shared_ptr<Query> query;
  std::vector<Variable> columns;  // after binding: one for each column of the query, with variables of their own
  Span span;
};

/// LOAD CSV [WITH HEADERS] FROM url AS name [FIELDTERMINATOR separator]
struct LoadCsvClause {
  bool headers = false;
  ExprPtr url;
  std::string name;
  VarId var = kNoVar;
  VarId line = kNoVar;  // what linenumber() and file() give
  VarId file = kNoVar;
  char separator = ',';
  Span span;
};

/// FINISH: ends a query without a result.
struct FinishClause {
  Span span;
};

using Clause =
    std::variant<MatchClause, UnwindClause, ProjectionClause, CreateClause, MergeClause, SetClause, RemoveClause,
                 DeleteClause, CallClause, ForeachClause, SubqueryClause, LoadCsvClause, FinishClause>;

struct SingleQuery {
  std::vector<Clause> clauses;
};

/// Linear queries joined by UNION: parts[i] and parts[i + 1] by union_all[i].
struct Query {
  std::vector<SingleQuery> parts;
  std::vector<bool> union_all;
  std::vector<VarId> columns;  // after binding: the result's variables, in order (of every part: a UNION's parts are
                               // projected onto the first part's variables)
  std::vector<std::string> column_names;
  Span span;
};

/// CREATE/DROP INDEX and CONSTRAINT.
struct SchemaCommand {
  enum class Kind : uint8_t { CreateIndex, CreateConstraint, DropIndex, DropConstraint };
  enum class Rule : uint8_t { Unique, Key, Exists, Type };  // of a constraint
  Kind kind = Kind::CreateIndex;
  std::string name;  // may be empty when creating
  bool full_text = false;
  Rule rule = Rule::Unique;
  EntityType entity = EntityType::Node;
  std::vector<std::string> tokens;  // labels or types: one, of a full-text index any number
  std::vector<std::string> properties;
  AllowedType type;        // of Rule::Type
  std::string analyzer;    // of a full-text index; empty if none was named
  bool if_exists = false;  // IF EXISTS or IF NOT EXISTS was written
  Span span;               // of the name, or of the whole command if it has none
};

/// A place where a statement uses a parameter.
struct ParameterUse {
  std::string name;
  Span span;
};

struct Statement {
  enum class Mode : uint8_t { Run, Explain, Profile } mode = Mode::Run;
  std::shared_ptr<Query> query;  // or
  std::optional<SchemaCommand> schema;
  uint32_t variable_count = 0;              // after binding
  std::vector<std::string> variable_names;  // by VarId; anonymous ones are empty
  std::vector<uint32_t> variable_uses;      // by VarId, after binding: how often, apart from where they are bound
  std::vector<ParameterUse> parameters;     // after binding: every use, those in the arguments of a bare CALL included
  bool writes = false;                      // after binding: has an updating clause or calls a writing procedure
  std::string text;
};

}  // namespace entente
