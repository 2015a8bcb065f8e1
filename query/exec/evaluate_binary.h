// The inner parts of the binary operators that the vectorised and the single-value forms share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "entente/core/error.h"
#include "entente/core/value.h"
#include "entente/query/syntax/ast.h"

namespace entente {

[[noreturn]] void fail_overflow(ExprKind op, int64_t a, int64_t b, Span span);
[[noreturn]] void fail_division(ExprKind op, int64_t a, Span span);

/// + - * / % of integers. Throws ArithmeticError.
inline int64_t integer_arithmetic(ExprKind op, int64_t a, int64_t b, Span span) {
  int64_t result = 0;
  switch (op) {
    case ExprKind::Add:
      if (__builtin_add_overflow(a, b, &result)) fail_overflow(op, a, b, span);
      return result;
    case ExprKind::Subtract:
      if (__builtin_sub_overflow(a, b, &result)) fail_overflow(op, a, b, span);
      return result;
    case ExprKind::Multiply:
      if (__builtin_mul_overflow(a, b, &result)) fail_overflow(op, a, b, span);
      return result;
    case ExprKind::Divide:
      if (b == 0) fail_division(op, a, span);
      if (a == INT64_MIN && b == -1) fail_overflow(op, a, b, span);
      return a / b;
    default:  // Modulo
      if (b == 0) fail_division(op, a, span);
      return b == -1 ? 0 : a % b;
  }
}

/// + - * / % ^ of floats.
double float_arithmetic(ExprKind op, double a, double b);

}  // namespace entente
