// `value IS :: TYPE`: whether a value is of a type. Never null: null is of every type that is not NOT NULL.
#include <algorithm>
#include <map>
#include <utility>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

/// Checks one value. A list that is there several times is checked against a type once.
class TypeChecker {
 public:
  explicit TypeChecker(ExecContext& context) : context_(context) {}

  bool is_of_type(const Value& value, const TypeSpec& type) {
    return std::any_of(type.alternatives.begin(), type.alternatives.end(),
                       [&](const TypeSpec::Alternative& alternative) { return fits(value, alternative); });
  }

 private:
  bool fits(const Value& value, const TypeSpec::Alternative& type) {
    context_.work(1);
    if (value.is_null()) return !type.not_null;
    if ((type.kinds & type_of(value.kind())) == 0) return false;
    if (!value.is_list()) return true;
    const List& list = value.as_list();
    if (type.property) return is_property_list(list);
    return type.element == nullptr || all_of_type(list, *type.element);
  }

  bool all_of_type(const List& list, const TypeSpec& type) {
    const auto known = known_.find({&list, &type});
    if (known != known_.end()) return known->second;
    const bool all =
        std::all_of(list.begin(), list.end(), [&](const Value& element) { return is_of_type(element, type); });
    known_.emplace(std::pair(&list, &type), all);
    return all;
  }

  /// What can be stored: a list of values of one kind that are neither null nor lists.
  static bool is_property_list(const List& list) {
    constexpr TypeSet kStored = kBooleanType | kNumberType | kStringType | kTemporalType;
    return std::all_of(list.begin(), list.end(), [&](const Value& element) {
      return (kStored & type_of(element.kind())) != 0 && element.kind() == list.front().kind();
    });
  }

  ExecContext& context_;
  std::map<std::pair<const List*, const TypeSpec*>, bool> known_;
};

}  // namespace

VectorPtr evaluate_is_typed(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand operand = evaluate_operand(*expr.args[0], batch, context);
  Value scratch;
  return map_rows(batch.rows, operand.constant(), [&](size_t i) -> Value {
    return TypeChecker(context).is_of_type(operand.ref(i, scratch), *expr.type_spec);
  });
}

}  // namespace entente
