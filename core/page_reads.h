// How many pages a thread has read from disk: for PROFILE.
#pragma once

#include <cstdint>

namespace entente {

/// By the calling thread, since it began.
uint64_t pages_read();

}  // namespace entente
