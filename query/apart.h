// Work that cannot look at the limits of its statement, or not at once: it runs on a thread of its own, so that the
// statement ends soon all the same.
#pragma once

#include <atomic>
#include <functional>

#include "entente/query/statement_limits.h"

namespace entente {

/// Returns when the work is done, with what that throws. If the limits are reached first, throws what
/// StatementLimits::check() does: `stopped` is set then, the work goes on to its end, and `Discards` waits for that
/// (this does where there is none). So the work may use only what it owns or shares, all that `work` holds is destroyed
/// on its own thread, and there should not be much of it. Where there can be no thread, it is done on this one.
void run_apart(const StatementLimits& limits, std::function<void(const std::atomic<bool>& stopped)> work);

}  // namespace entente
