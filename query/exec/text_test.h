// Tests of strings against one constant: comparisons, STARTS WITH, ENDS WITH, CONTAINS, =~ and IN, on texts wherever
// they lie.
//
// Of a column page that keeps each text once, only those texts are tested, and the rows are told by their codes.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>

#include "entente/core/column.h"
#include "entente/query/exec/context.h"
#include "entente/query/exec/pattern.h"
#include "entente/query/exec/vector.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// A boolean that may be null.
enum class Ternary : uint8_t { False = 0, True = 1, Null = 2 };
inline Ternary ternary(std::optional<bool> b) { return !b ? Ternary::Null : *b ? Ternary::True : Ternary::False; }
/// Of a value that is null or a boolean.
inline Ternary ternary_of(const Value& value) {
  return value.is_null() ? Ternary::Null : value.as_boolean() ? Ternary::True : Ternary::False;
}

/// Texts that are longer are minded by the limits of the statement.
inline constexpr size_t kLongText = 1'024;

/// `text op constant`. The constant and the context must outlive it.
class TextTest {
 public:
  /// Whether there is such a test: a string to compare with, or a list with a string in it to look into.
  static bool exists(ExprKind op, const Value& constant);
  TextTest(ExprKind op, const Value& constant, Span span, ExecContext& context);

  Ternary operator()(std::string_view text) const;
  /// The same of any value.
  Ternary of(const Value& value) const;

 private:
  ExprKind op_;
  const Value& constant_;
  Span span_;
  ExecContext& context_;
  std::string_view text_;                       // but for IN
  std::unique_ptr<Pattern> pattern_;            // =~
  std::unordered_set<std::string_view> texts_;  // IN
  Ternary otherwise_ = Ternary::False;          // IN, of what is not in the list
};

/// A Boolean vector: the test of the column's value of each id (StrongId::kNone: null).
VectorPtr test_column(const Column* column, std::span<const uint32_t> ids, const TextTest& test, ExecContext& context);

}  // namespace entente
