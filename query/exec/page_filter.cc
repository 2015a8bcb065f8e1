#include "entente/query/exec/page_filter.h"

#include <algorithm>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/text_test.h"

namespace entente {

namespace {

bool is_constant(const Expr& expr) {
  bool reads = false;
  for_each_variable(expr, [&](VarId) { reads = true; });
  return !reads && is_deterministic(expr) && !contains_subquery(expr);
}

/// Whether computing the expression raises no error, whatever the properties of the node `var` are.
bool cannot_fail(const Expr& expr, VarId var) {
  switch (expr.kind) {
    case ExprKind::Literal:
    case ExprKind::Parameter:
    case ExprKind::Variable:
      return true;
    case ExprKind::Property:
      return expr.args[0]->kind == ExprKind::Variable && expr.args[0]->var == var;
    case ExprKind::HasLabels:
      return expr.args.size() == 1 && expr.args[0]->kind == ExprKind::Variable && expr.args[0]->var == var;
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
      return std::all_of(expr.args.begin(), expr.args.end(),
                         [var](const ExprPtr& arg) { return cannot_fail(*arg, var); });
    default:
      return false;
  }
}

bool is_true(const Value& value) { return value.is_boolean() && value.as_boolean(); }

/// Whether a value between the bounds may pass; `constant` is no list.
bool may_pass_between(ExprKind kind, const std::pair<Value, Value>& bounds, const Value& constant) {
  const auto& [least, greatest] = bounds;
  switch (kind) {
    case ExprKind::Equal:
      return Value::less_or_equal(least, constant) == true && Value::less_or_equal(constant, greatest) == true;
    case ExprKind::Less:
      return Value::less(least, constant) == true;
    case ExprKind::LessEqual:
      return Value::less_or_equal(least, constant) == true;
    case ExprKind::Greater:
      return Value::less(constant, greatest) == true;
    case ExprKind::GreaterEqual:
      return Value::less_or_equal(constant, greatest) == true;
    default:
      return false;  // STARTS WITH: what has bounds is no string
  }
}

}  // namespace

PageFilter::PageFilter(VarId var, std::span<const Plan* const> consumers) {
  for (const Plan* consumer : consumers) {
    const auto* filter = std::get_if<FilterOp>(&consumer->op);
    if (filter == nullptr) return;
    std::vector<ExprPtr> parts;
    split_conjunction(filter->predicate, parts);
    for (const ExprPtr& part : parts) {
      if (!add(part, var) && !cannot_fail(*part, var)) return;
    }
  }
}

bool PageFilter::add(const ExprPtr& predicate, VarId var) {
  if (const auto comparison = property_comparison(*predicate, var)) {
    if (!is_constant(*comparison->value)) return false;
    conditions_.push_back({comparison->kind, std::string(comparison->key), comparison->value, predicate->span});
    return true;
  }
  const auto membership = property_membership(*predicate, var);
  if (!membership || !is_constant(*membership->list)) return false;
  conditions_.push_back({ExprKind::In, std::string(membership->key), membership->list, predicate->span});
  return true;
}

void PageFilter::begin(ExecContext& context) {
  context_ = &context;
  tests_.clear();
  for (const Condition& condition : conditions_) {
    Test test{&condition, context.graph->names().key(condition.key), Value()};
    try {
      test.constant = evaluate_constant(*condition.value, context);
    } catch (const Error&) {
      return;  // the filter will raise it, if there is a row that it is computed for
    }
    if (condition.kind == ExprKind::In && !test.constant.is_list() && !test.constant.is_null()) return;  // the same
    tests_.push_back(std::move(test));
  }
}

bool PageFilter::may_pass(uint32_t number) const {
  return std::all_of(tests_.begin(), tests_.end(), [this, number](const Test& test) {
    const Column* column = context_->graph->node_column(test.key);  // null if no node has the property
    const ColumnPage* page = column != nullptr ? column->find(number) : nullptr;
    return page != nullptr && may_pass(test, *page);
  });
}

bool PageFilter::may_pass(const Test& test, const ColumnPage& page) const {
  const Condition& condition = *test.condition;
  for (const auto& [id, value] : page.delta) {
    if (is_true(evaluate_binary(condition.kind, value, test.constant, condition.span, *context_))) return true;
  }
  return page.base != nullptr && may_pass(test, *page.base);
}

bool PageFilter::may_pass(const Test& test, const ColumnBase& base) const {
  const Condition& condition = *test.condition;
  if (test.constant.is_null()) return false;
  if (!base.codes.empty()) {
    if (!TextTest::exists(condition.kind, test.constant)) return false;
    const TextTest passes(condition.kind, test.constant, condition.span, *context_);
    for (uint32_t i = 0; i < base.text_count(); ++i) {
      if (passes(base.text(i)) == Ternary::True) return true;
    }
    return false;
  }
  const auto bounds = base.bounds();
  if (!bounds) return true;
  if (condition.kind != ExprKind::In) return may_pass_between(condition.kind, *bounds, test.constant);
  const List& list = test.constant.as_list();
  return std::any_of(list.begin(), list.end(),
                     [&](const Value& element) { return may_pass_between(ExprKind::Equal, *bounds, element); });
}

}  // namespace entente
