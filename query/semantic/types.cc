#include "entente/query/semantic/types.h"

namespace entente {
namespace {

/// The kinds of the elements of the lists that some functions give.
struct ElementEntry {
  std::string_view function;
  TypeSet elements;
};
constexpr ElementEntry kElements[] = {
    {"nodes", kNodeType},    {"relationships", kRelationshipType}, {"labels", kStringType}, {"keys", kStringType},
    {"range", kIntegerType}, {"split", kStringType | kNullType},
};

}  // namespace

ValueType either(const ValueType& a, const ValueType& b) {
  // what cannot be a list says nothing about elements
  if (!a.may_be(kListType)) return {a.kinds | b.kinds, b.elements};
  if (!b.may_be(kListType)) return {a.kinds | b.kinds, a.elements};
  return {a.kinds | b.kinds, a.elements | b.elements};
}

ValueType type_of_literal(const Value& value) {
  ValueType type{type_of(value.kind()), kAnyType};
  if (value.is_list()) {
    type.elements = 0;
    for (const Value& element : value.as_list()) type.elements |= type_of(element.kind());
  }
  return type;
}

TypeSet operand_types(ExprKind op) {
  switch (op) {
    case ExprKind::Modulo:
    case ExprKind::Power:
      return kNumberType;
    case ExprKind::Multiply:
    case ExprKind::Divide:
    case ExprKind::Negate:
    case ExprKind::Plus:
      return kNumberType | kDurationType;
    case ExprKind::Subtract:
      return kNumberType | kTemporalType;
    case ExprKind::Concatenate:
      return kStringType | kListType;
    default:
      return kAnyType;
  }
}

std::string_view operator_text(ExprKind op) {
  switch (op) {
    case ExprKind::Add:
    case ExprKind::Plus:
      return "+";
    case ExprKind::Subtract:
    case ExprKind::Negate:
      return "-";
    case ExprKind::Multiply:
      return "*";
    case ExprKind::Divide:
      return "/";
    case ExprKind::Modulo:
      return "%";
    case ExprKind::Power:
      return "^";
    case ExprKind::Concatenate:
      return "||";
    case ExprKind::And:
      return "AND";
    case ExprKind::Or:
      return "OR";
    case ExprKind::Xor:
      return "XOR";
    case ExprKind::Not:
      return "NOT";
    default:
      return "this operator";
  }
}

ValueType type_of_arithmetic(ExprKind op, const ValueType& a, const ValueType& b) {
  TypeSet null = (a.kinds | b.kinds) & kNullType;
  bool lists = a.is_only(kListType) || b.is_only(kListType);
  if ((op == ExprKind::Add || op == ExprKind::Concatenate) && lists) {
    TypeSet left = a.is_only(kListType) ? a.elements : a.kinds | a.elements;
    TypeSet right = b.is_only(kListType) ? b.elements : b.kinds | b.elements;
    return {kListType | null, left | right};
  }
  if (a.is_only(kNumberType) && b.is_only(kNumberType)) {
    if (op == ExprKind::Power) return {kFloatType | null, kAnyType};
    if (a.is_only(kFloatType) || b.is_only(kFloatType)) return {kFloatType | null, kAnyType};
    if (a.is_only(kIntegerType) && b.is_only(kIntegerType)) return {kIntegerType | null, kAnyType};
    return {kNumberType | null, kAnyType};
  }
  if (op == ExprKind::Add && a.is_only(kStringType) && b.is_only(kStringType | kNumberType)) {
    return {kStringType | null, kAnyType};
  }
  if (op == ExprKind::Modulo || op == ExprKind::Power) return {kNumberType | kNullType, kAnyType};
  return {};
}

ValueType type_of_aggregate(Aggregate aggregate, std::span<const ValueType> args) {
  switch (aggregate) {
    case Aggregate::Count:
    case Aggregate::CountStar:
      return {kIntegerType, kAnyType};
    case Aggregate::Sum:
      return {args[0].is_only(kIntegerType) ? kIntegerType : kNumberType | kDurationType, kAnyType};
    case Aggregate::Avg:
      return {kFloatType | kDurationType | kNullType, kAnyType};
    case Aggregate::Min:
    case Aggregate::Max:
      return {args[0].kinds | kNullType, args[0].elements};
    case Aggregate::Collect:
      return {kListType, args[0].kinds & ~kNullType};
    case Aggregate::StDev:
    case Aggregate::StDevP:
      return {kFloatType | kNullType, kAnyType};
    case Aggregate::PercentileCont:
      return {kFloatType | kNullType, kAnyType};
    case Aggregate::PercentileDisc:
      return {kNumberType | kNullType, kAnyType};
  }
  return {};
}

TypeSet aggregate_argument_types(Aggregate aggregate, size_t argument) {
  switch (aggregate) {
    case Aggregate::Sum:
    case Aggregate::Avg:
      return kNumberType | kDurationType;
    case Aggregate::StDev:
    case Aggregate::StDevP:
    case Aggregate::PercentileCont:
    case Aggregate::PercentileDisc:
      return argument < 2 ? kNumberType : kAnyType;
    default:
      return kAnyType;
  }
}

ValueType type_of_call(const Function& function, std::span<const ValueType> args) {
  ValueType result{function.result | kNullType, kAnyType};
  if (function.result == kListType) {
    for (const ElementEntry& entry : kElements) {
      if (entry.function == function.name) result.elements = entry.elements;
    }
    if (args.size() == 1 && (function.name == "tail" || function.name == "reverse")) result.elements = args[0].elements;
  }
  if (args.size() == 1 && args[0].is_only(kListType) && (function.name == "head" || function.name == "last")) {
    result.kinds = args[0].elements | kNullType;
  }
  return result;
}

}  // namespace entente
