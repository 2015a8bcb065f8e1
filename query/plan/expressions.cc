#include "entente/query/plan/expressions.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace entente {

// ---- building ----------------------------------------------------------------------------------------------

ExprPtr make_variable(VarId var, std::string name, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Variable;
  expr->var = var;
  expr->name = std::move(name);
  expr->span = span;
  return expr;
}

ExprPtr make_literal(Value value, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Literal;
  expr->type = type_of(value.kind());
  expr->literal = std::move(value);
  expr->span = span;
  return expr;
}

ExprPtr make_property(ExprPtr container, std::string key, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Property;
  expr->name = std::move(key);
  expr->args.push_back(std::move(container));
  expr->span = span;
  return expr;
}

ExprPtr make_binary(ExprKind kind, ExprPtr left, ExprPtr right, Span span) {
  auto expr = std::make_shared<Expr>();
  expr->kind = kind;
  expr->args = {std::move(left), std::move(right)};
  expr->span = span;
  return expr;
}

ExprPtr make_has_labels(ExprPtr entity, LabelExpr label) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::HasLabels;
  expr->span = label.span;
  expr->args.push_back(std::move(entity));
  take_operands(label, expr->args);
  expr->label = std::move(label);
  expr->type = kBooleanType | kNullType;
  return expr;
}

ExprPtr make_and(std::vector<ExprPtr> predicates) {
  if (predicates.empty()) return nullptr;
  if (predicates.size() == 1) return std::move(predicates.front());
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::And;
  expr->span = predicates.front()->span;
  expr->args = std::move(predicates);
  expr->type = kBooleanType | kNullType;
  return expr;
}

namespace {

constexpr int64_t kMostSummed = int64_t{1} << 60;

bool is_plain_count(const Expr& count) { return count.kind == ExprKind::Parameter || count.kind == ExprKind::Literal; }

}  // namespace

/// A sum only where neither is so large that it may overflow; else a number so large that nothing is cut off. The
/// operators that skip and limit raise the errors of counts that are none.
ExprPtr make_row_limit(const ExprPtr& skip, const ExprPtr& limit) {
  if (!is_plain_count(*limit) || (skip != nullptr && !is_plain_count(*skip))) return nullptr;
  if (skip == nullptr) return limit;
  const bool literals = skip->kind == ExprKind::Literal && limit->kind == ExprKind::Literal;
  if (literals) {
    if (!skip->literal.is_integer() || !limit->literal.is_integer()) return nullptr;
    const int64_t a = skip->literal.as_integer();
    const int64_t b = limit->literal.as_integer();
    if (a < 0 || b < 0 || a > kMostSummed || b > kMostSummed) return nullptr;
    return make_literal(a + b, limit->span);
  }
  auto small = [](const ExprPtr& count) {
    return make_binary(ExprKind::LessEqual, count, make_literal(kMostSummed), count->span);
  };
  auto choice = std::make_shared<Expr>();
  choice->kind = ExprKind::Case;
  choice->case_else = true;
  choice->args = {make_and({small(skip), small(limit)}), make_binary(ExprKind::Add, skip, limit, limit->span),
                  make_literal(kMostSummed)};
  choice->span = limit->span;
  return choice;
}

// ---- looking -----------------------------------------------------------------------------------------------

bool reads_variable(const Expr& expr, VarId var) {
  bool found = false;
  for_each_variable(expr, [&](VarId read) { found = found || read == var; });
  return found;
}

bool contains_subquery(const Expr& expr) {
  return any_part(expr, [](const Expr& part) { return part.kind == ExprKind::Subquery; });
}

bool contains_aggregate(const Expr& expr) {
  return any_part(expr, [](const Expr& part) { return part.kind == ExprKind::Aggregate; });
}

bool is_deterministic(const Expr& expr) {
  return !any_part(expr, [](const Expr& part) {
    if (part.kind != ExprKind::Call) return false;
    return part.function == nullptr || !is_stable(*part.function);
  });
}

namespace {

bool same_label(const LabelExpr& a, const LabelExpr& b) {
  if (a.kind != b.kind || a.name != b.name || a.any != b.any || a.children.size() != b.children.size()) return false;
  for (size_t i = 0; i < a.children.size(); ++i) {
    if (!same_label(a.children[i], b.children[i])) return false;
  }
  return true;
}

bool same_pointer_target(const ExprPtr& a, const ExprPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return same_expression(*a, *b);
}

bool same_projection(const std::vector<MapProjectionItem>& a, const std::vector<MapProjectionItem>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].kind != b[i].kind || a[i].name != b[i].name || !same_pointer_target(a[i].value, b[i].value)) return false;
  }
  return true;
}

}  // namespace

bool same_expression(const Expr& a, const Expr& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind || a.args.size() != b.args.size()) return false;
  switch (a.kind) {
    case ExprKind::Variable:
      return a.var == b.var;
    case ExprKind::Literal:
      return a.literal.kind() == b.literal.kind() && Value::equivalent(a.literal, b.literal);
    case ExprKind::Subquery:
    case ExprKind::PatternPredicate:
    case ExprKind::PatternComprehension:
    case ExprKind::ShortestPath:
    case ExprKind::Exists:
    case ExprKind::Count:
    case ExprKind::Collect:
      return false;
    case ExprKind::Call:
      if (a.function != b.function || !is_deterministic(a)) return false;
      break;
    case ExprKind::IsTyped:
      if (a.type_spec->text != b.type_spec->text) return false;
      break;
    default:
      if (a.name != b.name) return false;
  }
  if (a.var != b.var || a.accumulator != b.accumulator || a.keys != b.keys || a.aggregate != b.aggregate ||
      a.quantifier != b.quantifier || a.distinct != b.distinct || a.case_operand != b.case_operand ||
      a.case_tests != b.case_tests || a.case_else != b.case_else || !same_label(a.label, b.label) ||
      !same_projection(a.projection, b.projection)) {
    return false;
  }
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!same_pointer_target(a.args[i], b.args[i])) return false;
  }
  return true;
}

void split_conjunction(const ExprPtr& predicate, std::vector<ExprPtr>& parts) {
  if (predicate == nullptr) return;
  if (predicate->kind != ExprKind::And) {
    parts.push_back(predicate);
    return;
  }
  for (const ExprPtr& part : predicate->args) split_conjunction(part, parts);
}

namespace {

bool is_property_of(const Expr& expr, VarId var) {
  return expr.kind == ExprKind::Property && expr.args[0]->kind == ExprKind::Variable && expr.args[0]->var == var;
}

}  // namespace

std::optional<PropertyComparison> property_comparison(const Expr& predicate, VarId var) {
  const bool comparison = is_comparison(predicate.kind) && predicate.kind != ExprKind::NotEqual;
  if (!comparison && predicate.kind != ExprKind::StartsWith) return std::nullopt;
  const ExprPtr& left = predicate.args[0];
  const ExprPtr& right = predicate.args[1];
  if (is_property_of(*left, var) && !reads_variable(*right, var)) {
    return PropertyComparison{predicate.kind, left->name, right};
  }
  if (comparison && is_property_of(*right, var) && !reads_variable(*left, var)) {
    return PropertyComparison{mirrored(predicate.kind), right->name, left};
  }
  return std::nullopt;
}

std::optional<PropertyMembership> property_membership(const Expr& predicate, VarId var) {
  if (predicate.kind == ExprKind::In) {
    if (!is_property_of(*predicate.args[0], var) || reads_variable(*predicate.args[1], var)) return std::nullopt;
    return PropertyMembership{predicate.args[0]->name, predicate.args[1]};
  }
  if (predicate.kind != ExprKind::Or) return std::nullopt;
  auto list = std::make_shared<Expr>();
  list->kind = ExprKind::List;
  list->span = predicate.span;
  std::string_view key;
  for (const ExprPtr& part : predicate.args) {
    const auto comparison = property_comparison(*part, var);
    if (!comparison || comparison->kind != ExprKind::Equal) return std::nullopt;
    if (!list->args.empty() && comparison->key != key) return std::nullopt;
    key = comparison->key;
    list->height = std::max(list->height, comparison->value->height + 1);
    list->args.push_back(comparison->value);
  }
  return PropertyMembership{key, std::move(list)};
}

std::string_view required_key(const Expr& predicate, VarId var) {
  switch (predicate.kind) {
    case ExprKind::IsNotNull:
    case ExprKind::In:
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
      break;
    default:
      return {};
  }
  if (is_property_of(*predicate.args[0], var)) return predicate.args[0]->name;
  if (is_comparison(predicate.kind) && is_property_of(*predicate.args[1], var)) return predicate.args[1]->name;
  return {};
}

ExprPtr id_comparison(const Expr& predicate, VarId var) {
  if (predicate.kind != ExprKind::Equal) return nullptr;
  auto is_id = [&](const Expr& side) {
    return side.kind == ExprKind::Call && side.function != nullptr && side.function->name == "id" &&
           side.args.size() == 1 && side.args[0]->kind == ExprKind::Variable && side.args[0]->var == var;
  };
  for (size_t i = 0; i < 2; ++i) {
    const ExprPtr& value = predicate.args[1 - i];
    if (is_id(*predicate.args[i]) && !reads_variable(*value, var)) return value;
  }
  return nullptr;
}

const std::string* single_label(const Expr& predicate, VarId var) {
  if (predicate.kind != ExprKind::HasLabels || predicate.label.kind != LabelExpr::Kind::Name) return nullptr;
  const Expr& entity = *predicate.args[0];
  return entity.kind == ExprKind::Variable && entity.var == var ? &predicate.label.name : nullptr;
}

// ---- rewriting ---------------------------------------------------------------------------------------------

ExprPtr rewrite(const ExprPtr& expr, const Replacement& replace) {
  if (expr == nullptr) return expr;
  if (ExprPtr replaced = replace(expr)) return replaced;
  ExprPtr copy;
  auto change = [&](const ExprPtr& child, auto&& slot) {
    if (child == nullptr) return;
    ExprPtr rewritten = rewrite(child, replace);
    if (rewritten == child) return;
    if (copy == nullptr) copy = std::make_shared<Expr>(*expr);
    slot(*copy) = std::move(rewritten);
  };
  for (size_t i = 0; i < expr->args.size(); ++i) {
    change(expr->args[i], [i](Expr& target) -> ExprPtr& { return target.args[i]; });
  }
  for (size_t i = 0; i < expr->projection.size(); ++i) {
    change(expr->projection[i].value, [i](Expr& target) -> ExprPtr& { return target.projection[i].value; });
  }
  return copy != nullptr ? copy : expr;
}

}  // namespace entente
