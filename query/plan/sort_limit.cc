// Pass sort-limit: a sort below LIMIT keeps only as many rows as will be asked for.
//
// The limit stays above. With SKIP between the two the sort keeps the sum. Only for counts that are literals or
// parameters: others would be computed twice.
#include <cstdint>
#include <utility>

#include "entente/query/plan/optimizer.h"

namespace entente {

namespace {

constexpr int64_t kMostSummed = int64_t{1} << 60;

bool is_plain(const Expr& count) { return count.kind == ExprKind::Parameter || count.kind == ExprKind::Literal; }

/// skip + limit where neither is so large that the sum may overflow; else a number so large that nothing is cut off.
/// The operators that skip and limit raise the errors of counts that are none.
ExprPtr sum(const ExprPtr& skip, const ExprPtr& limit) {
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

}  // namespace

Chain sort_limit(Chain chain, const PassContext&) {
  for (size_t i = 0; i + 1 < chain.size(); ++i) {
    auto* sort = std::get_if<SortOp>(&chain[i]);
    if (sort == nullptr || sort->limit != nullptr) continue;
    const auto* skip = std::get_if<SkipOp>(&chain[i + 1]);
    const size_t at = skip != nullptr ? i + 2 : i + 1;
    const auto* limit = at < chain.size() ? std::get_if<LimitOp>(&chain[at]) : nullptr;
    if (limit == nullptr || !is_plain(*limit->count)) continue;
    if (skip == nullptr) {
      sort->limit = limit->count;
    } else if (is_plain(*skip->count)) {
      sort->limit = sum(skip->count, limit->count);
    }
  }
  return chain;
}

}  // namespace entente
