// The binder behind bind(): private to query/semantic.
//
// It walks a statement once, clause by clause, with a stack of scopes. A scope maps names to variables; the lowest
// one of a query holds what the clauses so far have bound, and a projection replaces it. Comprehensions and subqueries
// put a scope above it while they are bound. A variable keeps its number as long as it means the same.
//
// The walk may meet a node twice where the parser shares operands; such operands are bound once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/query/semantic/binder.h"
#include "entente/query/semantic/expr_tools.h"
#include "entente/query/semantic/types.h"
#include "entente/query/syntax/preparation.h"

namespace entente {

struct Symbol {
  VarId var = kNoVar;
  ValueType type;
};

struct Scope {
  std::map<std::string, Symbol, std::less<>> symbols;
  const Scope* parent = nullptr;
  VarId line = kNoVar;  // of the LOAD CSV since the last projection: what linenumber() and file() give
  VarId file = kNoVar;
};

class Binder {
 public:
  Binder(const Catalog& catalog, std::string_view text) : catalog_(catalog), text_(text) {}

  void statement(Statement& statement);
  void constant(Expr& expr, std::string_view what);

 private:
  enum class AggregateUse : uint8_t { Allowed, Forbidden, Inside };
  enum class QueryUse : uint8_t { Statement, Exists, Collect, Call };

  /// Sets a member for the time of a block.
  template <class T>
  class Restore {
   public:
    Restore(T& place, T value) : place_(place), saved_(std::exchange(place, std::move(value))) {}
    ~Restore() { place_ = std::move(saved_); }
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;

   private:
    T& place_;
    T saved_;
  };

  // ---- scopes (binder.cc)
  VarId new_variable(std::string_view name);
  const Symbol* find(std::string_view name) const;
  VarId declare(const std::string& name, ValueType type);
  /// As declare, but the name must be new.
  VarId declare_new(const std::string& name, ValueType type, Span span);
  [[noreturn]] void fail_undefined(const std::string& name, Span span) const;
  [[noreturn]] void fail_already_bound(const std::string& name, Span span, std::string_view advice = {}) const;

  // ---- queries and clauses (binder.cc, binder_update.cc)
  /// Gives the types of the columns.
  std::vector<ValueType> query(Query& query, const Scope* outer, QueryUse use);
  void check_unions(const Query& query) const;
  void check_composition(const SingleQuery& part, QueryUse use) const;
  void check_conclusion(const SingleQuery& part, QueryUse use) const;
  void columns_of(const SingleQuery& part, std::vector<VarId>& columns, std::vector<std::string>& names) const;
  void clause(Clause& clause);
  void match(MatchClause& clause);
  void unwind(UnwindClause& clause);
  void call(CallClause& clause);
  void foreach (ForeachClause& clause);
  void load_csv(LoadCsvClause& clause);
  void subquery_clause(SubqueryClause& clause);
  void import_scope(SubqueryClause& clause, Scope& imports);
  void import_first_with(SingleQuery& part, Scope& scope);
  void subquery_columns(SubqueryClause& clause, const std::vector<ValueType>& types);
  void call_arguments(CallClause& clause, const ProcedureSignature& procedure);
  void call_yields(CallClause& clause, const ProcedureSignature& procedure);
  void create(CreateClause& clause);
  void merge(MergeClause& clause);
  void set_items(std::vector<SetItem>& items);
  void remove(RemoveClause& clause);
  void delete_entities(DeleteClause& clause);
  void updated_path(PathPattern& path, bool merging, Scope& created);
  void updated_node(NodePattern& node, bool alone, bool merging, Scope& created);
  void updated_relationship(RelationshipPattern& relationship, bool merging, Scope& created);
  void dynamic_labels(const LabelExpr& label, bool definite);
  void dynamic_names(const std::vector<ExprPtr>& names);
  void updated_properties(const ExprPtr& properties, bool merging);
  void label_target(Expr& target, TypeSet types, std::string_view what);
  void property_target(Expr& target);

  // ---- projections (binder_projection.cc)
  struct Grouping;
  struct Replacer;
  void projection(ProjectionClause& clause);
  void expand_star(ProjectionClause& clause);
  void keep_place(ProjectionClause& clause, Scope& projected);
  void bind_items(ProjectionClause& clause, std::vector<ValueType>& types);
  /// Whether it is a variable of the queries around, as seen from the clauses of an inner one.
  bool bound_outside(std::string_view name) const;
  Scope projected_scope(ProjectionClause& clause, const std::vector<ValueType>& types);
  void check_columns(const ProjectionClause& clause) const;
  void after_items(ProjectionClause& clause, Scope& projected, VarId own_items);
  void check_item_grouping(const ProjectionClause& clause, VarId own) const;
  void row_count(ExprPtr& expr, std::string_view keyword);

  // ---- patterns (binder_pattern.cc)
  void declare_path(PathPattern& path, bool optional, std::set<VarId>& relationships);
  void check_group(const QuantifiedPattern& group) const;
  void check_search(const MatchClause& clause, const PathPattern& path) const;
  void require_ends(const PathPattern& path) const;
  void declare_group(QuantifiedPattern& group, bool optional, std::set<VarId>& relationships);
  void bind_path_variable(PathPattern& path, bool optional);
  void declare_node(NodePattern& node, bool optional);
  void declare_relationship(RelationshipPattern& relationship, bool optional, std::set<VarId>& relationships);
  VarId use_or_declare(const std::string& name, TypeSet kinds, ValueType type, Span span);
  void bind_path_expressions(PathPattern& path);
  void element_expressions(const ExprPtr& properties, const ExprPtr& where);
  void require_known(const PathPattern& path) const;

  // ---- expressions (binder_expression.cc)
  ValueType expr(Expr& e, bool boolean = false);
  ValueType optional_expr(const ExprPtr& e);
  ValueType bind_kind(Expr& e, bool boolean);
  ValueType condition(const ExprPtr& e, std::string_view what);
  ValueType variable(Expr& e);
  ValueType property(Expr& e);
  ValueType element(Expr& e);
  ValueType slice(Expr& e);
  ValueType list(Expr& e);
  ValueType map(Expr& e);
  ValueType logical(Expr& e);
  ValueType arithmetic(Expr& e);
  ValueType membership(Expr& e);
  ValueType has_labels(Expr& e);
  ValueType call(Expr& e);
  ValueType aggregate(Expr& e);
  ValueType case_expression(Expr& e);
  ValueType list_comprehension(Expr& e);
  ValueType quantifier(Expr& e);
  ValueType reduce(Expr& e);
  ValueType map_projection(Expr& e);
  ValueType pattern_predicate(Expr& e, bool boolean);
  ValueType pattern_comprehension(Expr& e);
  ValueType subquery(Expr& e);
  /// The type of the elements of a list that a comprehension walks through.
  ValueType source_elements(const ExprPtr& list);
  void check_argument_count(const Expr& e, size_t least, size_t most) const;
  void require(const Expr& e, const ValueType& type, TypeSet accepted, std::string_view what) const;

  const Catalog& catalog_;
  std::string_view text_;
  Scope* scope_ = nullptr;
  const Scope* importable_ = nullptr;  // in CALL { WITH …: what the first WITH may take from outside
  const Scope* pending_ = nullptr;     // what the MERGE at hand makes: not visible yet
  VarId next_ = 0;
  VarId clause_begin_ = 0;  // variables from this number on are of the MATCH at hand
  std::vector<std::string> names_;
  std::vector<uint32_t> uses_;  // by variable
  std::vector<ParameterUse> parameters_;
  AggregateUse aggregates_ = AggregateUse::Forbidden;
  std::string_view place_;     // where aggregates are forbidden, for messages
  std::string_view constant_;  // if not empty, what must not use variables
  bool saw_aggregate_ = false;
  bool saw_random_ = false;
  bool writes_ = false;
  bool in_subquery_ = false;
  bool reads_only_ = false;  // in a subquery expression
  size_t expanded_ = 0;      // items that `*` stood for
};

}  // namespace entente
