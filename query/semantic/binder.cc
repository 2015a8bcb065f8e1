#include "entente/query/semantic/binder.h"

#include <algorithm>

#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {
namespace {

bool is_updating(const Clause& clause) {
  return std::holds_alternative<CreateClause>(clause) || std::holds_alternative<MergeClause>(clause) ||
         std::holds_alternative<SetClause>(clause) || std::holds_alternative<RemoveClause>(clause) ||
         std::holds_alternative<DeleteClause>(clause) || std::holds_alternative<ForeachClause>(clause);
}

bool is_return(const Clause& clause) {
  const auto* projection = std::get_if<ProjectionClause>(&clause);
  return projection != nullptr && projection->is_return;
}

Span span_of(const Clause& clause) {
  return std::visit([](const auto& c) { return c.span; }, clause);
}

std::string_view name_of(const Clause& clause) {
  struct Namer {
    std::string_view operator()(const MatchClause&) const { return "MATCH"; }
    std::string_view operator()(const UnwindClause&) const { return "UNWIND"; }
    std::string_view operator()(const ProjectionClause& c) const {
      if (c.form == ProjectionClause::Form::Let) return "LET";
      if (c.form == ProjectionClause::Form::Filter) return "FILTER";
      return c.is_return ? "RETURN" : "WITH";
    }
    std::string_view operator()(const CreateClause&) const { return "CREATE"; }
    std::string_view operator()(const MergeClause&) const { return "MERGE"; }
    std::string_view operator()(const SetClause&) const { return "SET"; }
    std::string_view operator()(const RemoveClause&) const { return "REMOVE"; }
    std::string_view operator()(const DeleteClause&) const { return "DELETE"; }
    std::string_view operator()(const CallClause&) const { return "CALL"; }
    std::string_view operator()(const ForeachClause&) const { return "FOREACH"; }
    std::string_view operator()(const SubqueryClause&) const { return "CALL { … }"; }
    std::string_view operator()(const LoadCsvClause&) const { return "LOAD CSV"; }
    std::string_view operator()(const FinishClause&) const { return "FINISH"; }
  };
  return std::visit(Namer{}, clause);
}

/// "`a`, `b`", the first of many.
std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kMost = 5;
  std::string all = names.empty() ? "nothing" : "";
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) all += (i == 0 ? "" : ", ") + shown(names[i]);
  return names.size() > kMost ? all + ", …" : all;
}

}  // namespace

// ---- scopes ------------------------------------------------------------------------------------------------

VarId Binder::new_variable(std::string_view name) {
  names_.emplace_back(name);
  uses_.push_back(0);
  return next_++;
}

const Symbol* Binder::find(std::string_view name) const {
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
    auto found = scope->symbols.find(name);
    if (found != scope->symbols.end()) return &found->second;
  }
  return nullptr;
}

VarId Binder::declare(const std::string& name, ValueType type) {
  VarId var = new_variable(name);
  scope_->symbols[name] = {var, type};
  return var;
}

VarId Binder::declare_new(const std::string& name, ValueType type, Span span) {
  if (find(name) != nullptr) fail_already_bound(name, span);
  return declare(name, type);
}

void Binder::fail_undefined(const std::string& name, Span span) const {
  if (!constant_.empty()) {
    throw Error::syntax("NonConstantExpression",
                        std::string(constant_) + " must not depend on variables, but uses " + shown(name), span);
  }
  std::string message = shown(name) + " is not defined";
  if (pending_ != nullptr && pending_->symbols.contains(name)) {
    message += " yet: it is made by this clause; use it in a clause after this one";
  } else {
    std::vector<std::string> visible;
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
      for (const auto& [known, symbol] : scope->symbols) visible.push_back(known);
    }
    std::string near = nearest_name(name, visible);
    const bool outside = importable_ != nullptr && importable_->symbols.contains(name);
    if (outside) {
      message += " in the subquery: import it with CALL (" + name + ") { … }";
    } else if (!near.empty()) {
      message += "; did you mean " + shown(near) + "?";
    } else if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
      message += " here: a WITH or a subquery before this place does not pass it on";
    }
  }
  throw Error::syntax("UndefinedVariable", message, span);
}

void Binder::fail_already_bound(const std::string& name, Span span, std::string_view advice) const {
  throw Error::syntax(
      "VariableAlreadyBound",
      shown(name) + " is bound already; " + std::string(advice.empty() ? "choose another name" : advice), span);
}

// ---- statements and queries --------------------------------------------------------------------------------

void Binder::statement(Statement& statement) {
  query(*statement.query, nullptr, QueryUse::Statement);
  statement.writes = writes_;
  statement.variable_count = next_;
  statement.variable_names = std::move(names_);
  statement.variable_uses = std::move(uses_);
  statement.parameters = std::move(parameters_);
}

void Binder::constant(Expr& e, std::string_view what) {
  Scope empty;
  Restore scope(scope_, &empty);
  Restore constant(constant_, what);
  expr(e);
}

std::vector<ValueType> Binder::query(Query& query, const Scope* outer, QueryUse use) {
  Restore subquery(in_subquery_, use != QueryUse::Statement);
  Restore reads_only(reads_only_, reads_only_ || use == QueryUse::Exists || use == QueryUse::Collect);
  std::vector<ValueType> types;
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  Restore pending(pending_, static_cast<const Scope*>(nullptr));
  check_unions(query);
  for (size_t i = 0; i < query.parts.size(); ++i) {
    SingleQuery& part = query.parts[i];
    check_composition(part, use);
    Scope scope;
    scope.parent = outer;
    Restore current(scope_, &scope);
    if (importable_ != nullptr && use == QueryUse::Call) import_first_with(part, scope);
    for (Clause& c : part.clauses) clause(c);
    check_conclusion(part, use);
    std::vector<VarId> columns;
    std::vector<std::string> names;
    columns_of(part, columns, names);
    for (size_t k = 0; k < names.size(); ++k) {
      auto column = scope.symbols.find(names[k]);
      const ValueType type = column != scope.symbols.end() ? column->second.type : ValueType{};
      if (k == types.size())
        types.push_back(type);
      else
        types[k] = either(types[k], type);
    }
    if (i == 0) {
      query.columns = std::move(columns);
      query.column_names = std::move(names);
    } else if (names != query.column_names) {
      throw Error::syntax("DifferentColumnsInUnion",
                          "all parts of a UNION must return columns of the same names in the same order: the first "
                          "returns " +
                              listed(query.column_names) + ", this one " + listed(names) + "; rename them with AS",
                          span_of(part.clauses.back()));
    }
  }
  if (use == QueryUse::Collect && query.columns.size() != 1) {
    throw Error::syntax("InvalidClauseComposition", "the query in COLLECT { … } must RETURN exactly one column",
                        query.span);
  }
  return types;
}

void Binder::check_unions(const Query& query) const {
  for (size_t i = 1; i < query.union_all.size(); ++i) {
    if (query.union_all[i] == query.union_all[0]) continue;
    throw Error::syntax("InvalidClauseComposition",
                        "UNION and UNION ALL cannot be mixed in one query; put one of them into a CALL { … }",
                        span_of(query.parts[i + 1].clauses.front()));
  }
}

void Binder::check_composition(const SingleQuery& part, QueryUse use) const {
  for (size_t i = 0; i < part.clauses.size(); ++i) {
    const Clause& clause = part.clauses[i];
    if (reads_only_ && is_updating(clause)) {
      throw Error::syntax("InvalidClauseComposition",
                          std::string(name_of(clause)) + " is not allowed in a subquery expression, which only reads",
                          span_of(clause));
    }
    const bool finish = std::holds_alternative<FinishClause>(clause);
    if (finish && (use == QueryUse::Exists || use == QueryUse::Collect)) {
      throw Error::syntax("InvalidClauseComposition",
                          "FINISH is not allowed in a subquery expression, which has a value", span_of(clause));
    }
    if (i + 1 == part.clauses.size()) continue;
    if (finish) {
      throw Error::syntax("InvalidClauseComposition", "FINISH must be the last clause of a query", span_of(clause));
    }
    if (!is_return(clause)) continue;
    throw Error::syntax("InvalidClauseComposition",
                        "RETURN must be the last clause of a query; use WITH to go on with " +
                            std::string(name_of(part.clauses[i + 1])),
                        span_of(clause));
  }
}

/// A query ends with RETURN, with an update, or with a call for its effect.
void Binder::check_conclusion(const SingleQuery& part, QueryUse use) const {
  const Clause& last = part.clauses.back();
  if (is_return(last) || is_updating(last) || use == QueryUse::Exists) return;
  if (std::holds_alternative<FinishClause>(last)) return;
  const auto* inner = std::get_if<SubqueryClause>(&last);
  if (inner != nullptr && inner->columns.empty()) return;
  const auto* call = std::get_if<CallClause>(&last);
  if (call != nullptr && (call->standalone || !call->has_yield)) return;
  throw Error::syntax("InvalidClauseComposition",
                      "a query cannot end with " + std::string(name_of(last)) + ": add a RETURN or an updating clause",
                      span_of(last));
}

void Binder::columns_of(const SingleQuery& part, std::vector<VarId>& columns, std::vector<std::string>& names) const {
  const Clause& last = part.clauses.back();
  if (const auto* projection = std::get_if<ProjectionClause>(&last); projection != nullptr && projection->is_return) {
    for (const ProjectionItem& item : projection->items) {
      columns.push_back(item.var);
      names.push_back(item.name);
    }
  } else if (const auto* call = std::get_if<CallClause>(&last); call != nullptr && call->standalone) {
    for (const YieldItem& item : call->yields) {
      columns.push_back(item.var);
      names.push_back(item.name);
    }
  }
}

void Binder::clause(Clause& clause) {
  if (is_updating(clause)) writes_ = true;
  struct Visitor {
    Binder& binder;
    void operator()(MatchClause& c) const { binder.match(c); }
    void operator()(UnwindClause& c) const { binder.unwind(c); }
    void operator()(ProjectionClause& c) const { binder.projection(c); }
    void operator()(CreateClause& c) const { binder.create(c); }
    void operator()(MergeClause& c) const { binder.merge(c); }
    void operator()(SetClause& c) const { binder.set_items(c.items); }
    void operator()(RemoveClause& c) const { binder.remove(c); }
    void operator()(DeleteClause& c) const { binder.delete_entities(c); }
    void operator()(CallClause& c) const { binder.call(c); }
    void operator()(ForeachClause& c) const { binder.foreach (c); }
    void operator()(SubqueryClause& c) const { binder.subquery_clause(c); }
    void operator()(LoadCsvClause& c) const { binder.load_csv(c); }
    void operator()(FinishClause&) const {}
  };
  Restore place(place_, name_of(clause));
  std::visit(Visitor{*this}, clause);
}

// ---- reading clauses ---------------------------------------------------------------------------------------

/// All elements of the clause are declared before any expression in it is bound, so that they may refer to each other.
void Binder::match(MatchClause& clause) {
  Restore begin(clause_begin_, next_);
  std::set<VarId> relationships;
  for (const PathPattern& path : clause.paths) check_search(clause, path);
  for (PathPattern& path : clause.paths) declare_path(path, clause.optional, relationships);
  for (PathPattern& path : clause.paths) bind_path_expressions(path);
  if (clause.where) condition(clause.where, "WHERE");
}

void Binder::unwind(UnwindClause& clause) {
  ValueType list = expr(*clause.list);
  ValueType element;
  if (list.is_only(kListType)) element.kinds = list.elements;
  clause.var = declare_new(clause.name, element, clause.span);
}

void Binder::call(CallClause& clause) {
  const ProcedureSignature* procedure = catalog_.procedure(clause.procedure);
  if (procedure == nullptr) {
    std::string near = catalog_.nearest_procedure(clause.procedure);
    throw Error(
        "ProcedureError", "ProcedureNotFound", Phase::CompileTime,
        "there is no procedure " + shown(clause.procedure) + (near.empty() ? "" : "; did you mean " + near + "?"),
        clause.span);
  }
  if (procedure->writes) {
    writes_ = true;
    if (reads_only_) {
      throw Error::syntax("InvalidClauseComposition", procedure->name + " writes, and a subquery expression only reads",
                          clause.span);
    }
  }
  call_arguments(clause, *procedure);
  call_yields(clause, *procedure);
  if (clause.where) condition(clause.where, "WHERE");
}

void Binder::call_arguments(CallClause& clause, const ProcedureSignature& procedure) {
  if (!clause.explicit_args && !clause.standalone) {
    throw Error::syntax("InvalidArgumentPassingMode",
                        "within a query a procedure takes its arguments in parentheses: CALL " + procedure.name + "(…)",
                        clause.span);
  }
  if (!clause.explicit_args && clause.args.empty()) {
    // the arguments come from the parameters of the inputs' names
    for (const ProcedureSignature::Field& input : procedure.inputs) {
      auto argument = std::make_shared<Expr>();
      argument->kind = ExprKind::Parameter;
      argument->name = input.name;
      argument->span = clause.span;
      clause.args.push_back(std::move(argument));
    }
  }
  if (clause.args.size() != procedure.inputs.size()) {
    throw Error::syntax("InvalidNumberOfArguments",
                        procedure.name + " takes " + std::to_string(procedure.inputs.size()) + " argument(s), not " +
                            std::to_string(clause.args.size()),
                        clause.span);
  }
  for (size_t i = 0; i < clause.args.size(); ++i) {
    ValueType type = expr(*clause.args[i]);
    TypeSet accepted = procedure.inputs[i].type;
    if ((accepted & kFloatType) != 0) accepted |= kIntegerType;
    require(*clause.args[i], type, accepted, "argument " + shown(procedure.inputs[i].name) + " of " + procedure.name);
  }
}

void Binder::call_yields(CallClause& clause, const ProcedureSignature& procedure) {
  if (clause.yield_star && !clause.standalone) {
    throw Error::syntax("UnexpectedSyntax",
                        "YIELD * is only for a CALL that is the whole statement; name the outputs instead",
                        clause.span);
  }
  if (clause.standalone && (clause.yield_star || !clause.has_yield)) {
    clause.yields.clear();
    for (const ProcedureSignature::Field& output : procedure.outputs) {
      clause.yields.push_back({output.name, output.name, kNoVar});
    }
  }
  for (YieldItem& item : clause.yields) {
    const Span place = item.span.empty() ? clause.span : item.span;
    const ProcedureSignature::Field* field = nullptr;
    std::vector<std::string> fields;
    for (const ProcedureSignature::Field& output : procedure.outputs) {
      if (output.name == item.field) field = &output;
      fields.push_back(output.name);
    }
    if (field == nullptr) {
      throw Error::syntax("UndefinedVariable",
                          procedure.name + " has no output " + shown(item.field) + did_you_mean(item.field, fields),
                          place);
    }
    item.var = declare_new(item.name, {field->type | kNullType, kAnyType}, place);
  }
}

void Binder::load_csv(LoadCsvClause& clause) {
  require(*clause.url, expr(*clause.url), kStringType, "the URL of LOAD CSV");
  const ValueType row = clause.headers ? ValueType{kMapType, kAnyType} : ValueType{kListType, kStringType | kNullType};
  clause.var = declare_new(clause.name, row, clause.span);
  clause.line = scope_->line = new_variable({});
  clause.file = scope_->file = new_variable({});
}

// ---- entry points ------------------------------------------------------------------------------------------

void bind(Statement& statement, const Catalog& catalog) {
  if (statement.schema) {
    statement.writes = true;
    return;
  }
  Binder(catalog, statement.text).statement(statement);
}

void bind_constant(Expr& expr, const Catalog& catalog) { Binder(catalog, {}).constant(expr, "a constant expression"); }

}  // namespace entente
