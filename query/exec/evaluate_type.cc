// `value IS :: TYPE`: whether a value is of a type. Never null: null is of every type that is not NOT NULL.
#include <algorithm>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

bool is_of_type(const Value& value, const TypeSpec& type);

/// What can be stored: a list of values of one kind that are neither null nor lists.
bool is_property_list(const List& list) {
  constexpr TypeSet kStored = kBooleanType | kNumberType | kStringType | kTemporalType;
  return std::all_of(list.begin(), list.end(), [&](const Value& element) {
    return (kStored & type_of(element.kind())) != 0 && element.kind() == list.front().kind();
  });
}

bool fits(const Value& value, const TypeSpec::Alternative& type) {
  if (value.is_null()) return !type.not_null;
  if ((type.kinds & type_of(value.kind())) == 0) return false;
  if (!value.is_list()) return true;
  const List& list = value.as_list();
  if (type.property) return is_property_list(list);
  return type.element == nullptr || std::all_of(list.begin(), list.end(), [&](const Value& element) {
           return is_of_type(element, *type.element);
         });
}

bool is_of_type(const Value& value, const TypeSpec& type) {
  return std::any_of(type.alternatives.begin(), type.alternatives.end(),
                     [&](const TypeSpec::Alternative& alternative) { return fits(value, alternative); });
}

}  // namespace

VectorPtr evaluate_is_typed(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand operand = evaluate_operand(*expr.args[0], batch, context);
  Value scratch;
  return map_rows(batch.rows, operand.constant(),
                  [&](size_t i) -> Value { return is_of_type(operand.ref(i, scratch), *expr.type_spec); });
}

}  // namespace entente
