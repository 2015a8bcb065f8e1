// Clauses with clauses inside: FOREACH and CALL { … }.
//
// A subquery sees of the outside only what it imports. What `CALL (a, b) { … }` imports is visible in all of the
// subquery and may not be bound again in it; the older `CALL { WITH a, b … }` imports by the first WITH of a part,
// which then is taken out, and the part goes on as after any WITH. Either way the subquery's columns are new variables
// of the clause's own outside, and none may have the name of a variable that is bound there.
#include <algorithm>

#include "entente/query/semantic/binder_impl.h"

namespace entente {
namespace {

bool updates(const Clause& clause) {
  return std::holds_alternative<CreateClause>(clause) || std::holds_alternative<MergeClause>(clause) ||
         std::holds_alternative<SetClause>(clause) || std::holds_alternative<RemoveClause>(clause) ||
         std::holds_alternative<DeleteClause>(clause) || std::holds_alternative<ForeachClause>(clause);
}

}  // namespace

/// The variables of the body are not visible behind the clause, but each is in the clauses after it within.
void Binder::foreach (ForeachClause& clause) {
  const ValueType list = expr(*clause.list);
  require(*clause.list, list, kListType, "what FOREACH walks through");
  Scope body;
  body.parent = scope_;
  Restore scope(scope_, &body);
  ValueType element;
  if (list.is_only(kListType)) element.kinds = list.elements;
  clause.var = declare_new(clause.name, element, clause.span);
  for (Clause& inner : clause.body->parts[0].clauses) {
    if (!updates(inner)) {
      throw Error::syntax("InvalidClauseComposition",
                          "FOREACH takes updating clauses only: CREATE, MERGE, SET, REMOVE, DELETE and FOREACH; use "
                          "UNWIND or CALL { … } for others",
                          std::visit([](const auto& c) { return c.span; }, inner));
    }
    this->clause(inner);
  }
}

void Binder::subquery_clause(SubqueryClause& clause) {
  Scope visible;  // all that is bound outside, without regard to where
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
    for (const auto& [name, symbol] : scope->symbols) visible.symbols.emplace(name, symbol);
  }
  std::vector<ValueType> types;
  if (clause.scoped) {
    Scope imports;
    import_scope(clause, imports);
    Restore importable(importable_, static_cast<const Scope*>(nullptr));
    types = query(*clause.query, &imports, QueryUse::Call);
  } else {
    Restore importable(importable_, static_cast<const Scope*>(&visible));
    types = query(*clause.query, nullptr, QueryUse::Call);
  }
  subquery_columns(clause, types);
}

void Binder::import_scope(SubqueryClause& clause, Scope& imports) {
  if (clause.import_star) {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
      for (const auto& [name, symbol] : scope->symbols) imports.symbols.emplace(name, symbol);
    }
    return;
  }
  for (SubqueryClause::Variable& import : clause.imports) {
    const Symbol* symbol = find(import.name);
    if (symbol == nullptr) fail_undefined(import.name, import.span);
    import.var = symbol->var;
    if (!imports.symbols.emplace(import.name, *symbol).second) {
      fail_already_bound(import.name, import.span, "a variable is imported once");
    }
  }
}

/// An importing WITH names variables and does nothing more; any other WITH is left as it is, and sees nothing.
void Binder::import_first_with(SingleQuery& part, Scope& scope) {
  auto* with = std::get_if<ProjectionClause>(&part.clauses.front());
  if (with == nullptr || with->is_return || with->form != ProjectionClause::Form::Plain) return;
  auto is_plain = [](const ProjectionItem& item) {
    return item.expr->kind == ExprKind::Variable && (!item.aliased || item.name == item.expr->name);
  };
  if (!with->star && std::none_of(with->items.begin(), with->items.end(), is_plain)) return;
  const bool more = with->distinct || !with->order_by.empty() || with->skip || with->limit || with->where;
  if (more || !std::all_of(with->items.begin(), with->items.end(), is_plain)) {
    throw Error::syntax(
        "InvalidClauseComposition",
        "a WITH that imports variables into a subquery only names them, as in WITH a, b; compute, filter "
        "and rename in a WITH after it",
        with->span);
  }
  if (with->star) scope.symbols = importable_->symbols;
  for (const ProjectionItem& item : with->items) {
    auto found = importable_->symbols.find(item.name);
    if (found == importable_->symbols.end()) fail_undefined(item.name, item.expr->span);
    scope.symbols.insert(*found);
  }
  if (part.clauses.size() == 1) {
    throw Error::syntax("InvalidClauseComposition", "a query cannot end with WITH: add a RETURN or an updating clause",
                        with->span);
  }
  part.clauses.erase(part.clauses.begin());
}

void Binder::subquery_columns(SubqueryClause& clause, const std::vector<ValueType>& types) {
  const Query& query = *clause.query;
  for (size_t k = 0; k < query.column_names.size(); ++k) {
    const std::string& name = query.column_names[k];
    const Clause& last = query.parts[0].clauses.back();
    const Span span = std::visit([](const auto& c) { return c.span; }, last);
    if (find(name) != nullptr) {
      fail_already_bound(name, span, "a subquery's column needs a name that is new outside of it: … AS name");
    }
    ValueType type = types[k];
    if (clause.optional) type.kinds |= kNullType;
    clause.columns.push_back({name, declare(name, type), span});
  }
}

}  // namespace entente
