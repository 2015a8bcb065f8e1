// Expressions: names, functions, aggregates, and the kinds of values they can have.
#include <algorithm>

#include "entente/query/semantic/binder_impl.h"
#include "entente/query/semantic/nearest.h"

namespace entente {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y; });
}

/// Functions whose value differs from call to call, so that aggregating it says nothing.
bool is_random(const Function& function) {
  return !function.deterministic &&
         (equal_ignoring_case(function.name, "rand") || equal_ignoring_case(function.name, "randomuuid"));
}

std::string count_text(size_t least, size_t most) {
  if (most == SIZE_MAX) return "at least " + std::to_string(least);
  if (least == most) return std::to_string(least);
  return std::to_string(least) + " to " + std::to_string(most);
}

const ValueType kBoolean{kBooleanType | kNullType, kAnyType};

}  // namespace

ValueType Binder::expr(Expr& e, bool boolean) {
  Preparation::step();
  ValueType type = bind_kind(e, boolean);
  e.type = type.kinds;
  return type;
}

ValueType Binder::optional_expr(const ExprPtr& e) { return e ? expr(*e) : ValueType{}; }

ValueType Binder::bind_kind(Expr& e, bool boolean) {
  switch (e.kind) {
    case ExprKind::Literal:
      return type_of_literal(e.literal);
    case ExprKind::Parameter:
      parameters_.push_back({e.name, e.span});
      return {};
    case ExprKind::Variable:
      return variable(e);
    case ExprKind::Property:
      return property(e);
    case ExprKind::Element:
      return element(e);
    case ExprKind::Slice:
      return slice(e);
    case ExprKind::List:
      return list(e);
    case ExprKind::Map:
      return map(e);
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Xor:
      return logical(e);
    case ExprKind::Negate:
    case ExprKind::Plus:
    case ExprKind::Add:
    case ExprKind::Subtract:
    case ExprKind::Multiply:
    case ExprKind::Divide:
    case ExprKind::Modulo:
    case ExprKind::Power:
    case ExprKind::Concatenate:
      return arithmetic(e);
    case ExprKind::In:
      return membership(e);
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::Regex:
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
      for (const ExprPtr& arg : e.args) expr(*arg);
      return kBoolean;
    case ExprKind::IsTyped:
      expr(*e.args[0]);
      return {kBooleanType, kAnyType};
    case ExprKind::HasLabels:
      return has_labels(e);
    case ExprKind::Call:
      return call(e);
    case ExprKind::Aggregate:
      return aggregate(e);
    case ExprKind::Case:
      return case_expression(e);
    case ExprKind::ListComprehension:
      return list_comprehension(e);
    case ExprKind::Quantifier:
      return quantifier(e);
    case ExprKind::Reduce:
      return reduce(e);
    case ExprKind::MapProjection:
      return map_projection(e);
    case ExprKind::PatternPredicate:
    case ExprKind::ShortestPath:
    case ExprKind::PatternComprehension:
    case ExprKind::Exists:
    case ExprKind::Count:
    case ExprKind::Collect:
    case ExprKind::Subquery:
      break;
  }
  if (!constant_.empty()) {
    throw Error::syntax("NonConstantExpression", std::string(constant_) + " must not ask the graph", e.span);
  }
  if (e.kind == ExprKind::PatternComprehension) return pattern_comprehension(e);
  if (e.kind == ExprKind::PatternPredicate || e.kind == ExprKind::ShortestPath) return pattern_predicate(e, boolean);
  return subquery(e);
}

void Binder::require(const Expr& e, const ValueType& type, TypeSet accepted, std::string_view what) const {
  if (!type.excludes(accepted)) return;
  throw Error::syntax(
      "InvalidArgumentType",
      std::string(what) + " must be " + type_set_name(accepted) + ", but this is " + type_set_name(type.kinds), e.span);
}

/// A predicate of a clause or comprehension.
ValueType Binder::condition(const ExprPtr& e, std::string_view what) {
  Restore place(place_, what);
  ValueType type = expr(*e, true);
  require(*e, type, kBooleanType, "the condition of " + std::string(what));
  return type;
}

// ---- names and parts ---------------------------------------------------------------------------------------

ValueType Binder::variable(Expr& e) {
  const Symbol* symbol = find(e.name);
  if (symbol == nullptr) {
    if (e.literal.is_null()) fail_undefined(e.name, e.span);
    e.kind = ExprKind::Literal;  // INF, INFINITY or NAN
    return type_of_literal(e.literal);
  }
  e.var = symbol->var;
  ++uses_[e.var];
  return symbol->type;
}

ValueType Binder::property(Expr& e) {
  ValueType base = expr(*e.args[0]);
  constexpr TypeSet kOwners = kMapType | kNodeType | kRelationshipType | kTemporalType;
  if (base.excludes(kOwners)) {
    std::string message = type_set_name(base.kinds) + " has no properties, so there is no ." + e.name + " of it";
    if (base.is_only(kPathType)) throw Error::syntax("InvalidArgumentType", message, e.args[0]->span);
    throw Error("TypeError", "InvalidArgumentType", Phase::CompileTime, message, e.args[0]->span);
  }
  return {};
}

ValueType Binder::element(Expr& e) {
  ValueType base = expr(*e.args[0]);
  expr(*e.args[1]);
  constexpr TypeSet kIndexed = kListType | kMapType | kNodeType | kRelationshipType;
  if (base.excludes(kIndexed)) {
    throw Error("TypeError", "InvalidArgumentType", Phase::CompileTime,
                type_set_name(base.kinds) + " has no elements: [ ] needs a LIST, MAP, NODE or RELATIONSHIP before it",
                e.args[0]->span);
  }
  if (base.is_only(kListType)) return {base.elements | kNullType, kAnyType};
  return {};
}

ValueType Binder::slice(Expr& e) {
  ValueType base = expr(*e.args[0]);
  optional_expr(e.args[1]);
  optional_expr(e.args[2]);
  require(*e.args[0], base, kListType, "what a slice is taken of");
  return {kListType | kNullType, base.elements};
}

ValueType Binder::list(Expr& e) {
  ValueType type{kListType, 0};
  for (const ExprPtr& arg : e.args) type.elements |= expr(*arg).kinds;
  return type;
}

ValueType Binder::map(Expr& e) {
  for (const ExprPtr& arg : e.args) expr(*arg);
  return {kMapType, kAnyType};
}

ValueType Binder::map_projection(Expr& e) {
  ValueType base = expr(*e.args[0]);
  require(*e.args[0], base, kMapType | kNodeType | kRelationshipType, "what a map projection is taken of");
  for (const MapProjectionItem& item : e.projection) {
    if (item.value) expr(*item.value);
  }
  return {kMapType | kNullType, kAnyType};
}

// ---- operators ---------------------------------------------------------------------------------------------

ValueType Binder::logical(Expr& e) {
  const Expr* shared = nullptr;  // the operand that the next part of a chain of comparisons repeats
  for (const ExprPtr& arg : e.args) {
    if (shared != nullptr && arg->args.size() == 2 && arg->args[0].get() == shared) {
      expr(*arg->args[1]);
      arg->type = kBoolean.kinds;
      shared = arg->args[1].get();
      continue;
    }
    ValueType type = expr(*arg, true);
    require(*arg, type, kBooleanType, "an operand of " + std::string(operator_text(e.kind)));
    shared = arg->args.size() == 2 ? arg->args[1].get() : nullptr;
  }
  return kBoolean;
}

ValueType Binder::arithmetic(Expr& e) {
  TypeSet accepted = operand_types(e.kind);
  ValueType result;
  for (size_t i = 0; i < e.args.size(); ++i) {
    ValueType type = expr(*e.args[i]);
    require(*e.args[i], type, accepted, "an operand of " + std::string(operator_text(e.kind)));
    result = i == 0 ? type : type_of_arithmetic(e.kind, result, type);
  }
  return result;
}

ValueType Binder::membership(Expr& e) {
  expr(*e.args[0]);
  ValueType right = expr(*e.args[1]);
  require(*e.args[1], right, kListType, "the right side of IN");
  return kBoolean;
}

ValueType Binder::has_labels(Expr& e) {
  ValueType base = expr(*e.args[0]);
  require(*e.args[0], base, kNodeType | kRelationshipType, "what is asked for labels");
  for (size_t i = 1; i < e.args.size(); ++i) {
    require(*e.args[i], expr(*e.args[i]), kStringType | kListType, "a label or type that is computed");
  }
  return kBoolean;
}

ValueType Binder::case_expression(Expr& e) {
  size_t i = 0;
  ValueType operand;
  if (e.case_operand) operand = expr(*e.args[i++]);
  Scope local;  // of the operand as tests name it
  local.parent = scope_;
  Restore scope(scope_, e.case_tests ? &local : scope_);
  if (e.case_tests) e.var = declare({}, operand);
  const bool predicates = e.case_tests || !e.case_operand;
  size_t end = e.args.size() - (e.case_else ? 1 : 0);
  ValueType result{e.case_else ? 0 : kNullType, 0};
  const Expr* bound = nullptr;  // a value that several conditions share
  for (; i < end; i += 2) {
    ValueType type = expr(*e.args[i], predicates);
    if (predicates) require(*e.args[i], type, kBooleanType, "the condition of WHEN");
    if (e.args[i + 1].get() == bound) continue;
    bound = e.args[i + 1].get();
    result = either(result, expr(*e.args[i + 1]));
  }
  if (e.case_else) result = either(result, expr(*e.args.back()));
  if (!result.may_be(kListType)) result.elements = kAnyType;
  return result;
}

// ---- calls -------------------------------------------------------------------------------------------------

void Binder::check_argument_count(const Expr& e, size_t least, size_t most) const {
  if (e.args.size() >= least && e.args.size() <= most) return;
  throw Error::syntax(
      "InvalidNumberOfArguments",
      e.name + "() takes " + count_text(least, most) + " argument(s), not " + std::to_string(e.args.size()), e.span);
}

ValueType Binder::call(Expr& e) {
  const Function* function = catalog_.function(e.name);
  if (function == nullptr) {
    std::vector<std::string> candidates = {
        "count", "sum", "avg", "min", "max", "collect", "stDev", "stDevP", "percentileCont", "percentileDisc"};
    if (std::string known = catalog_.nearest_function(e.name); !known.empty()) candidates.push_back(std::move(known));
    std::string near = nearest_name(e.name, candidates);
    throw Error::syntax("UnknownFunction",
                        "there is no function " + shown(e.name) + (near.empty() ? "" : "; did you mean " + near + "?"),
                        e.span);
  }
  if (e.distinct) {
    throw Error::syntax("UnexpectedSyntax", "DISTINCT is for aggregates, and " + function->name + " is none", e.span);
  }
  const bool line = equal_ignoring_case(e.name, "linenumber");
  if ((line || equal_ignoring_case(e.name, "file")) && e.args.empty()) {
    VarId source = kNoVar;
    for (const Scope* scope = scope_; scope != nullptr && source == kNoVar; scope = scope->parent) {
      source = line ? scope->line : scope->file;
    }
    if (source != kNoVar) {
      auto argument = std::make_shared<Expr>();
      argument->kind = ExprKind::Variable;
      argument->var = source;
      argument->name = line ? "line" : "file";
      argument->span = e.span;
      e.args.push_back(std::move(argument));
    }
    e.function = function;
    return {(line ? kIntegerType : kStringType) | kNullType, kAnyType};
  }
  check_argument_count(e, function->required, function->variadic ? SIZE_MAX : function->parameters.size());
  bool asks_patterns = equal_ignoring_case(e.name, "exists");
  std::vector<ValueType> types;
  for (size_t i = 0; i < e.args.size(); ++i) {
    ValueType type = expr(*e.args[i], asks_patterns);
    TypeSet accepted = kAnyType;
    if (!function->parameters.empty()) accepted = function->parameters[std::min(i, function->parameters.size() - 1)];
    if ((accepted & kFloatType) != 0) accepted |= kIntegerType;
    require(*e.args[i], type, accepted, "argument " + std::to_string(i + 1) + " of " + function->name + "()");
    types.push_back(type);
  }
  e.function = function;
  if (is_random(*function)) saw_random_ = true;
  return type_of_call(*function, types);
}

ValueType Binder::aggregate(Expr& e) {
  if (aggregates_ == AggregateUse::Inside) {
    throw Error::syntax("NestedAggregation", e.name + "() stands inside another aggregate; compute it in a WITH before",
                        e.span);
  }
  if (aggregates_ == AggregateUse::Forbidden) {
    std::string where = place_.empty() ? "here" : "in " + std::string(place_);
    throw Error::syntax("InvalidAggregation",
                        e.name + "() aggregates rows, which is not possible " + where + "; compute it in a WITH before",
                        e.span);
  }
  bool percentile = e.aggregate == Aggregate::PercentileCont || e.aggregate == Aggregate::PercentileDisc;
  size_t count = e.aggregate == Aggregate::CountStar ? 0 : percentile ? 2 : 1;
  check_argument_count(e, count, count);
  Restore inside(aggregates_, AggregateUse::Inside);
  Restore random(saw_random_, false);
  std::vector<ValueType> types;
  for (size_t i = 0; i < e.args.size(); ++i) {
    types.push_back(expr(*e.args[i]));
    require(*e.args[i], types.back(), aggregate_argument_types(e.aggregate, i),
            "argument " + std::to_string(i + 1) + " of " + e.name + "()");
  }
  if (saw_random_) {
    throw Error::syntax("NonConstantExpression", "an aggregate cannot take random numbers; make them in a WITH before",
                        e.span);
  }
  saw_aggregate_ = true;
  return type_of_aggregate(e.aggregate, types);
}

// ---- comprehensions ----------------------------------------------------------------------------------------

ValueType Binder::source_elements(const ExprPtr& list) {
  ValueType type = expr(*list);
  require(*list, type, kListType, "what follows IN");
  return {type.is_only(kListType) ? type.elements : kAnyType, kAnyType};
}

ValueType Binder::list_comprehension(Expr& e) {
  ValueType element = source_elements(e.args[0]);
  Scope local;
  local.parent = scope_;
  Restore scope(scope_, &local);
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  Restore place(place_, std::string_view("a list comprehension"));
  e.var = declare(e.var_name, element);
  if (e.args[1]) condition(e.args[1], "WHERE");
  TypeSet elements = e.args[2] ? expr(*e.args[2]).kinds : element.kinds;
  return {kListType | kNullType, elements};
}

ValueType Binder::quantifier(Expr& e) {
  ValueType element = source_elements(e.args[0]);
  Scope local;
  local.parent = scope_;
  Restore scope(scope_, &local);
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  e.var = declare(e.var_name, element);
  condition(e.args[1], "WHERE");
  return kBoolean;
}

/// The accumulator's kinds change with the steps, so nothing is assumed of it.
ValueType Binder::reduce(Expr& e) {
  expr(*e.args[0]);
  ValueType element = source_elements(e.args[1]);
  Scope local;
  local.parent = scope_;
  Restore scope(scope_, &local);
  Restore aggregates(aggregates_, AggregateUse::Forbidden);
  Restore place(place_, std::string_view("reduce()"));
  e.accumulator = declare(e.accumulator_name, {});
  e.var = declare(e.var_name, element);
  expr(*e.args[2]);
  return {};
}

ValueType Binder::subquery(Expr& e) {
  QueryUse use = e.kind == ExprKind::Collect ? QueryUse::Collect : QueryUse::Exists;
  bool saw_aggregate = saw_aggregate_;
  query(*e.query, scope_, use);
  saw_aggregate_ = saw_aggregate;
  if (e.kind == ExprKind::Exists) return {kBooleanType, kAnyType};
  if (e.kind == ExprKind::Count) return {kIntegerType, kAnyType};
  return {kListType, kAnyType};
}

}  // namespace entente
