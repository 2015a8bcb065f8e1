// PageFilter: tells which pages of ids a scan may leave out, because no node there can pass the filters that follow.
//
// Where a filter compares a property of the scanned node with a constant (=, <, <=, >, >=, IN, STARTS WITH), the least
// and greatest value of a column page, or the texts of its dictionary, say whether a node of the page can pass. A page
// is only left out if none can; the filters are computed all the same for what is scanned. Of a conjunction only the
// parts before the first that may fail are used, so that leaving out a node leaves out no error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "entente/query/exec/context.h"
#include "entente/query/plan/expressions.h"
#include "entente/query/plan/plan.h"

namespace entente {

class PageFilter {
 public:
  /// `consumers`: the operators above the scan of `var`, the nearest first. They must outlive this.
  PageFilter(VarId var, std::span<const Plan* const> consumers);

  /// Whether there is anything to go by.
  bool empty() const { return conditions_.empty(); }
  /// Computes the constants. The context must stay.
  void begin(ExecContext& context);
  /// Whether a node of the column page with this number may pass. After begin().
  bool may_pass(uint32_t page) const;

 private:
  struct Condition {
    ExprKind kind;  // Equal, Less, LessEqual, Greater, GreaterEqual, StartsWith, In
    std::string key;
    ExprPtr value;
    Span span;
  };
  /// A condition as the running statement has it.
  struct Test {
    const Condition* condition;
    KeyId key;
    Value constant;
  };

  bool add(const ExprPtr& predicate, VarId var);
  bool may_pass(const Test& test, const ColumnPage& page) const;
  bool may_pass(const Test& test, const ColumnBase& base) const;

  std::vector<Condition> conditions_;
  std::vector<Test> tests_;
  ExecContext* context_ = nullptr;
};

}  // namespace entente
