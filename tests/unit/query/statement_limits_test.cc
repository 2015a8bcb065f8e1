#include "entente/query/statement_limits.h"

#include <gtest/gtest.h>

#include "entente/core/error.h"

namespace entente {
namespace {

TEST(StatementLimits, MakingValuesIsWorkThatCanBeStopped) {
  std::atomic<bool> cancelled{false};
  StatementLimits limits;
  limits.cancelled = &cancelled;
  const auto make = [&] {
    for (int i = 0; i < 100; ++i) limits.count_made(size_t{48} << 10);
  };
  EXPECT_NO_THROW(make());
  cancelled = true;
  EXPECT_THROW(make(), Error);
}

}  // namespace
}  // namespace entente
