// Pass sort-limit: a sort below LIMIT keeps only as many rows as will be asked for.
//
// The limit stays above. With SKIP between the two the sort keeps the sum. Only for counts that are literals or
// parameters: others would be computed twice.
#include "entente/query/plan/optimizer.h"

namespace entente {

Chain sort_limit(Chain chain, const PassContext&) {
  for (size_t i = 0; i + 1 < chain.size(); ++i) {
    auto* sort = std::get_if<SortOp>(&chain[i]);
    if (sort == nullptr || sort->limit != nullptr) continue;
    const auto* skip = std::get_if<SkipOp>(&chain[i + 1]);
    const size_t at = skip != nullptr ? i + 2 : i + 1;
    const auto* limit = at < chain.size() ? std::get_if<LimitOp>(&chain[at]) : nullptr;
    if (limit != nullptr) sort->limit = make_row_limit(skip != nullptr ? skip->count : nullptr, limit->count);
  }
  return chain;
}

}  // namespace entente
