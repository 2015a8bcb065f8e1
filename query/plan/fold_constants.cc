// Pass fold-constants: computes operators and functions whose operands are all literals.
//
// Only what gives the same on every run is folded, so of the temporal functions just those of a text
// (`date('2020-01-01')`), as the others may read the clock. What would raise an error when run is left, to raise it
// when (and if) it is run. Values past kMostBytes are left too: the plan is no place to keep them. Filters that are
// true are dropped.
#include <algorithm>
#include <memory>
#include <utility>

#include "entente/query/exec/context.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr size_t kMostBytes = 64 * 1024;

class Folder {
 public:
  ExprPtr fold(const ExprPtr& expr) {
    if (expr == nullptr || expr->kind == ExprKind::Literal) return expr;
    ExprPtr parts = rewrite_parts(expr);
    if (parts->kind == ExprKind::And) return fold_and(parts);
    if (!foldable(*parts)) return parts;
    try {
      Value value = evaluate_constant(*parts, context());
      if (value.heap_bytes() > kMostBytes) return parts;
      return make_literal(std::move(value), parts->span);
    } catch (const Error&) {
      return parts;
    }
  }

 private:
  /// Folds the parts. `rewrite` looks into what it gets a null pointer for, so the whole is let through once.
  ExprPtr rewrite_parts(const ExprPtr& expr) {
    return rewrite(expr, [&](const ExprPtr& part) -> ExprPtr { return part == expr ? nullptr : fold(part); });
  }

  /// Without the parts that are true, if another is left.
  ExprPtr fold_and(const ExprPtr& expr) {
    std::vector<ExprPtr> left;
    for (const ExprPtr& part : expr->args) {
      const bool is_true = part->kind == ExprKind::Literal && part->literal.is_boolean() && part->literal.as_boolean();
      if (!is_true) left.push_back(part);
    }
    if (left.empty()) return make_literal(true, expr->span);
    // One part alone may be of any kind; as a part of AND it has to be a boolean.
    if (left.size() == expr->args.size() || (left.size() == 1 && (left[0]->type & ~(kBooleanType | kNullType)) != 0))
      return expr;
    if (left.size() == 1) return left[0];
    auto copy = std::make_shared<Expr>(*expr);
    copy->args = std::move(left);
    return copy;
  }

  static bool foldable(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::Call:
        if (!foldable_call(expr)) return false;
        break;
      case ExprKind::Element:
      case ExprKind::Slice:
      case ExprKind::List:
      case ExprKind::Not:
      case ExprKind::Negate:
      case ExprKind::Plus:
      case ExprKind::Or:
      case ExprKind::Xor:
      case ExprKind::Equal:
      case ExprKind::NotEqual:
      case ExprKind::Less:
      case ExprKind::LessEqual:
      case ExprKind::Greater:
      case ExprKind::GreaterEqual:
      case ExprKind::Add:
      case ExprKind::Subtract:
      case ExprKind::Multiply:
      case ExprKind::Divide:
      case ExprKind::Modulo:
      case ExprKind::Power:
      case ExprKind::Concatenate:
      case ExprKind::In:
      case ExprKind::StartsWith:
      case ExprKind::EndsWith:
      case ExprKind::Contains:
      case ExprKind::Regex:
      case ExprKind::IsNull:
      case ExprKind::IsNotNull:
        break;
      default:
        return false;
    }
    return std::all_of(expr.args.begin(), expr.args.end(),
                       [](const ExprPtr& arg) { return arg == nullptr || arg->kind == ExprKind::Literal; });
  }

  static bool foldable_call(const Expr& call) {
    if (call.function == nullptr || call.args.empty()) return false;
    if (call.function->deterministic) return true;
    const bool temporal = (call.function->result & ~(kTemporalType | kNullType)) == 0;
    return temporal && call.function->name.find('.') == std::string::npos && call.args.size() == 1 &&
           call.args[0]->kind == ExprKind::Literal && call.args[0]->literal.is_string();
  }

  ExecContext& context() {
    if (context_ == nullptr) {
      context_ = std::make_unique<ExecContext>();
      context_->memory_limit = kMostBytes;
    }
    return *context_;
  }

  std::unique_ptr<ExecContext> context_;
};

bool is_true(const FilterOp& filter) {
  const Expr& predicate = *filter.predicate;
  return predicate.kind == ExprKind::Literal && predicate.literal.is_boolean() && predicate.literal.as_boolean();
}

}  // namespace

Chain fold_constants(Chain chain, const PassContext&) {
  Folder folder;
  for (PlanOp& op : chain) {
    for_each_expression(op, [&](ExprPtr& expr) { expr = folder.fold(expr); });
  }
  std::erase_if(chain, [](const PlanOp& op) {
    const auto* filter = std::get_if<FilterOp>(&op);
    return filter != nullptr && is_true(*filter);
  });
  return chain;
}

}  // namespace entente
