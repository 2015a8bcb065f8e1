// RETURN and WITH: columns, implicit grouping, and what ORDER BY and WHERE see.
//
// The items are bound in the scope before the clause. ORDER BY and WHERE are bound in a scope of the projected names
// above that one, and then what repeats an item is replaced by the item's variable. If the clause aggregates or is
// DISTINCT, the rows before it are gone by then: a variable from before that is still used is an error.
//
// An item with an aggregate is computed for a group of rows. What it uses beside aggregates must be the same for the
// whole group: literals, parameters, and variables and properties that are grouping keys as they stand. More complex
// keys do not count even if they are repeated word for word (AmbiguousAggregationExpression).
#include <algorithm>

#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {
namespace {

constexpr size_t kMostExpandedItems = 100'000;

bool contains_aggregate(const Expr& e) {
  if (e.kind == ExprKind::Aggregate) return true;
  for (const ExprPtr& arg : e.args) {
    if (arg && contains_aggregate(*arg)) return true;
  }
  for (const MapProjectionItem& item : e.projection) {
    if (item.value && contains_aggregate(*item.value)) return true;
  }
  return false;
}

ExprPtr item_variable(const ProjectionItem& item, const Expr& replaced) {
  auto result = std::make_shared<Expr>();
  result->kind = ExprKind::Variable;
  result->name = item.name;
  result->var = item.var;
  result->span = replaced.span;
  result->type = item.expr->type;
  return result;
}

}  // namespace

// ---- what is the same for a group --------------------------------------------------------------------------

/// Checks the parts of aggregating expressions that are outside of the aggregates.
struct Binder::Grouping {
  ComparisonContext comparison;
  std::unordered_set<VarId> before;  // variables of the rows before the clause: these must be keys
  std::unordered_set<VarId> keys;
  std::unordered_multimap<size_t, const Expr*> properties;  // keys that are properties, by hash

  void add_key(const Expr& e) {
    if (e.kind == ExprKind::Variable) keys.insert(e.var);
    if (e.kind == ExprKind::Property) properties.emplace(hash_expression(e), &e);
  }

  bool is_key(const Expr& e) const {
    if (properties.empty()) return false;
    auto [begin, end] = properties.equal_range(hash_expression(e));
    return std::any_of(begin, end, [&](const auto& key) { return same_expression(*key.second, e, comparison); });
  }

  void check_variable(VarId var, const std::string& name, Span span) const {
    if (!before.contains(var) || keys.contains(var)) return;
    throw Error::syntax("AmbiguousAggregationExpression",
                        shown(name) +
                            " is used beside an aggregate, but is no column of its own, so its value differs within "
                            "a group; return it as a column too, or compute the expression in a WITH before",
                        span);
  }

  void check(const Expr& e) const {
    if (e.kind == ExprKind::Aggregate || (e.kind == ExprKind::Property && is_key(e))) return;
    if (e.kind == ExprKind::Variable) return check_variable(e.var, e.name, e.span);
    if (e.pattern || e.query) {
      return for_each_variable(
          e, [this](VarId var, const std::string& name, Span span) { check_variable(var, name, span); });
    }
    for (const ExprPtr& arg : e.args) {
      if (arg) check(*arg);
    }
    for (const MapProjectionItem& item : e.projection) {
      if (item.value) check(*item.value);
    }
  }
};

// ---- what repeats an item ----------------------------------------------------------------------------------

/// Rewrites expressions behind the items in terms of the items.
struct Binder::Replacer {
  const ProjectionClause& clause;
  ComparisonContext comparison;
  bool rows_are_gone;                               // DISTINCT or aggregating
  std::unordered_set<VarId> hidden;                 // variables that are only before the clause
  std::unordered_multimap<size_t, size_t> by_hash;  // items that are worth replacing
  std::unordered_map<VarId, size_t> renamed;        // items with a variable of their own
  std::unordered_map<const Expr*, size_t> hashes;   // of the expression at hand

  void index_items() {
    for (size_t i = 0; i < clause.items.size(); ++i) {
      const ProjectionItem& item = clause.items[i];
      bool passed_on = item.expr->kind == ExprKind::Variable && item.expr->var == item.var;
      if (!passed_on) renamed.emplace(item.var, i);
      if (passed_on || item.expr->kind == ExprKind::Literal || item.expr->kind == ExprKind::Parameter) continue;
      by_hash.emplace(hash_expression(*item.expr), i);
    }
  }

  const ProjectionItem* find(const Expr& e) const {
    auto hash = hashes.find(&e);
    if (hash == hashes.end()) return nullptr;
    auto [begin, end] = by_hash.equal_range(hash->second);
    const ProjectionItem* found = nullptr;
    for (auto at = begin; at != end; ++at) {
      const ProjectionItem& item = clause.items[at->second];
      if ((found == nullptr || &item < found) && same_expression(*item.expr, e, comparison)) found = &item;
    }
    return found;
  }

  /// Makes ready to find the parts of `e` among the items.
  void prepare(const Expr& e) {
    hashes.clear();
    if (by_hash.empty()) return;
    hash_expression(e, [this](const Expr& node, size_t hash) { hashes[&node] = hash; });
  }

  void replace(ExprPtr& e) {
    if (const ProjectionItem* item = find(*e)) {
      e = item_variable(*item, *e);
      return;
    }
    if (e->kind == ExprKind::Variable) return check(e->var, e->name, e->span);
    if (e->pattern || e->query) return check_all(*e);
    bool aggregate = e->kind == ExprKind::Aggregate;
    for (ExprPtr& arg : e->args) {
      if (arg) aggregate ? restore(arg) : replace(arg);
    }
    for (MapProjectionItem& item : e->projection) {
      if (item.value) replace(item.value);
    }
  }

  /// In an aggregate that no item has: it is computed over the rows before, so columns become what they stand for.
  void restore(ExprPtr& e) {
    if (e->kind == ExprKind::Variable) {
      auto found = renamed.find(e->var);
      if (found == renamed.end()) return check(e->var, e->name, e->span);
      const ProjectionItem& item = clause.items[found->second];
      if (item.aggregates) {
        throw Error::syntax("NestedAggregation",
                            shown(item.name) + " is an aggregate itself; aggregate it in a clause after this one",
                            e->span);
      }
      e = clone_expression(*item.expr);
      return;
    }
    if (e->pattern || e->query) {
      // a variable in a pattern cannot become an expression
      for_each_variable(*e, [this](VarId var, const std::string& name, Span span) {
        if (renamed.contains(var)) fail_gone(name, span);
      });
      return check_all(*e);
    }
    for (ExprPtr& arg : e->args) {
      if (arg) restore(arg);
    }
    for (MapProjectionItem& item : e->projection) {
      if (item.value) restore(item.value);
    }
  }

  void check_all(const Expr& e) const {
    for_each_variable(e, [this](VarId var, const std::string& name, Span span) { check(var, name, span); });
  }

  void check(VarId var, const std::string& name, Span span) const {
    if (rows_are_gone && hidden.contains(var)) fail_gone(name, span);
  }

  [[noreturn]] void fail_gone(const std::string& name, Span span) const {
    throw Error::syntax("UndefinedVariable",
                        shown(name) + " is no longer there: after " + (clause.aggregates ? "aggregating" : "DISTINCT") +
                            " only the columns can be used; add a column for it",
                        span);
  }
};

// ---- the clause --------------------------------------------------------------------------------------------

void Binder::projection(ProjectionClause& clause) {
  if (clause.form == ProjectionClause::Form::Let) {
    for (const ProjectionItem& item : clause.items) {
      if (find(item.name) != nullptr) fail_already_bound(item.name, item.expr->span);
    }
  }
  if (clause.star) expand_star(clause);
  VarId own_items = next_;
  std::vector<ValueType> types;
  bind_items(clause, types);
  if (clause.aggregates) check_item_grouping(clause, own_items);
  Scope projected = projected_scope(clause, types);
  after_items(clause, projected, own_items);
  row_count(clause.skip, "SKIP");
  row_count(clause.limit, "LIMIT");
  check_columns(clause);
  const bool keeps_rows = !clause.is_return && !clause.distinct && !clause.aggregates;
  if (keeps_rows) keep_place(clause, projected);
  *scope_ = std::move(projected);
}

/// The line that LOAD CSV is at goes on with the rows, under no name.
void Binder::keep_place(ProjectionClause& clause, Scope& projected) {
  for (const VarId var : {scope_->line, scope_->file}) {
    if (var == kNoVar) continue;
    ProjectionItem item;
    item.expr = std::make_shared<Expr>();
    item.expr->kind = ExprKind::Variable;
    item.expr->var = var;
    item.expr->span = clause.span;
    item.var = var;
    clause.items.push_back(std::move(item));
  }
  projected.line = scope_->line;
  projected.file = scope_->file;
}

/// All variables bound so far, by name, before the items that are written out.
void Binder::expand_star(ProjectionClause& clause) {
  if (clause.is_return && scope_->symbols.empty() && !in_subquery_) {
    throw Error::syntax("NoVariablesInScope", "RETURN * needs a variable, and none is bound", clause.span);
  }
  expanded_ += scope_->symbols.size();
  if (expanded_ > kMostExpandedItems) {
    throw Error::resource("StatementTooLarge", "the *s of this statement stand for more than 100,000 columns");
  }
  std::vector<ProjectionItem> items;
  for (const auto& [name, symbol] : scope_->symbols) {
    ProjectionItem item;
    item.expr = std::make_shared<Expr>();
    item.expr->kind = ExprKind::Variable;
    item.expr->name = name;
    item.expr->span = clause.span;
    item.name = name;
    items.push_back(std::move(item));
  }
  std::move(clause.items.begin(), clause.items.end(), std::back_inserter(items));
  clause.items = std::move(items);
}

void Binder::bind_items(ProjectionClause& clause, std::vector<ValueType>& types) {
  const bool let = clause.form == ProjectionClause::Form::Let;
  Restore aggregates(aggregates_, let ? AggregateUse::Forbidden : AggregateUse::Allowed);
  for (ProjectionItem& item : clause.items) {
    Restore saw(saw_aggregate_, false);
    types.push_back(expr(*item.expr));
    item.aggregates = saw_aggregate_;
    clause.aggregates = clause.aggregates || item.aggregates;
  }
}

void Binder::check_item_grouping(const ProjectionClause& clause, VarId own) const {
  Grouping grouping;
  grouping.comparison = {text_, own, own};
  for (const auto& [name, symbol] : scope_->symbols) grouping.before.insert(symbol.var);
  grouping.before.insert({scope_->line, scope_->file});
  for (const ProjectionItem& item : clause.items) {
    if (!item.aggregates) grouping.add_key(*item.expr);
  }
  for (const ProjectionItem& item : clause.items) {
    if (item.aggregates) grouping.check(*item.expr);
  }
}

bool Binder::bound_outside(std::string_view name) const {
  for (const Scope* outer = scope_->parent; outer != nullptr; outer = outer->parent) {
    if (outer->symbols.contains(name)) return true;
  }
  return false;
}

/// A variable that is passed on under its name keeps its number; every other item gets a new one.
Scope Binder::projected_scope(ProjectionClause& clause, const std::vector<ValueType>& types) {
  Scope projected;
  projected.parent = scope_->parent;
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < clause.items.size(); ++i) {
    ProjectionItem& item = clause.items[i];
    if (!seen.insert(item.name).second) {
      throw Error::syntax("ColumnNameConflict",
                          "two columns are called " + shown(item.name) + "; give one of them another name with AS",
                          item.expr->span);
    }
    bool passed_on = item.expr->kind == ExprKind::Variable && (!item.aliased || item.name == item.expr->name);
    item.var = passed_on ? item.expr->var : new_variable(item.name);
    std::string name = passed_on ? item.expr->name : item.name;
    const bool inner = in_subquery_ && !clause.is_return;
    if (inner && !passed_on && bound_outside(name)) {
      fail_already_bound(name, item.expr->span,
                         "a variable from outside stays visible in all of a subquery; choose another name");
    }
    projected.symbols[name] = {item.var, types[i]};
  }
  return projected;
}

void Binder::check_columns(const ProjectionClause& clause) const {
  if (clause.is_return) return;
  for (const ProjectionItem& item : clause.items) {
    if (item.aliased || item.expr->kind == ExprKind::Variable) continue;
    constexpr size_t kLongest = 60;
    std::string_view source = text_.substr(item.expr->span.begin, item.expr->span.end - item.expr->span.begin);
    if (source.size() > kLongest) source = "…";
    throw Error::syntax("NoExpressionAlias",
                        "WITH needs a name for this expression: " + std::string(source) + " AS name", item.expr->span);
  }
}

/// ORDER BY, and the WHERE of a WITH.
void Binder::after_items(ProjectionClause& clause, Scope& projected, VarId own_items) {
  if (clause.order_by.empty() && !clause.where) return;
  Scope both;
  both.parent = scope_;
  both.symbols = projected.symbols;
  Replacer replacer{clause, {text_, own_items, next_}, clause.distinct || clause.aggregates, {}, {}, {}, {}};
  Grouping grouping;
  grouping.comparison = replacer.comparison;
  std::unordered_set<VarId> after;
  for (const auto& [name, symbol] : projected.symbols) after.insert(symbol.var);
  for (const auto& [name, symbol] : scope_->symbols) {
    grouping.before.insert(symbol.var);
    if (!after.contains(symbol.var)) replacer.hidden.insert(symbol.var);
  }
  grouping.keys = std::move(after);
  for (const ProjectionItem& item : clause.items) {
    if (!item.aggregates) grouping.add_key(*item.expr);
  }
  replacer.index_items();

  Restore scope(scope_, &both);
  for (SortItem& item : clause.order_by) {
    Restore place(place_, std::string_view("ORDER BY, as no column aggregates"));
    Restore aggregates(aggregates_, clause.aggregates ? AggregateUse::Allowed : AggregateUse::Forbidden);
    expr(*item.expr);
    replacer.prepare(*item.expr);
    bool repeats = replacer.find(*item.expr) != nullptr;
    if (!repeats && contains_aggregate(*item.expr)) grouping.check(*item.expr);
    replacer.replace(item.expr);
  }
  if (!clause.where) return;
  condition(clause.where, clause.form == ProjectionClause::Form::Filter ? "FILTER" : "WHERE");
  replacer.prepare(*clause.where);
  replacer.replace(clause.where);
}

/// SKIP and LIMIT.
void Binder::row_count(ExprPtr& e, std::string_view keyword) {
  if (!e) return;
  Restore place(place_, keyword);
  constant(*e, keyword);
  if (e->kind == ExprKind::Literal && e->literal.is_integer() && e->literal.as_integer() < 0) {
    throw Error::syntax("NegativeIntegerArgument",
                        std::string(keyword) + " takes a number of rows, which cannot be negative", e->span);
  }
  bool may_be_integer = (e->type & kIntegerType) != 0;
  if (!may_be_integer) {
    throw Error::syntax("InvalidArgumentType",
                        std::string(keyword) + " takes an INTEGER, but this is " + type_set_name(e->type), e->span);
  }
}

}  // namespace entente
