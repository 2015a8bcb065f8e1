// Calls of the system: writing whole, and what the system says of a call that failed, as an Error.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "entente/core/error.h"

namespace entente {

/// StorageError.DiskFull or .IO: "DOING failed: WHY".
inline Error system_error(const std::string& doing, std::error_code why) {
  const bool full = why == std::errc::no_space_on_device || why.value() == EDQUOT;
  return Error::storage(full ? "DiskFull" : "IO", doing + " failed: " + why.message());
}

/// Likewise, of the call that has set errno.
inline Error system_error(const std::string& doing) { return system_error(doing, {errno, std::generic_category()}); }

/// Writes all bytes at the place, or gives false, with errno.
inline bool write_all(int file, std::string_view bytes, off_t place) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), place);
    if (written < 0 && errno != EINTR) return false;
    if (written <= 0) continue;
    bytes.remove_prefix(static_cast<size_t>(written));
    place += written;
  }
  return true;
}

/// As pread, but a signal does not end it.
inline ssize_t read_some(int file, void* bytes, size_t count, off_t place) {
  for (;;) {
    const ssize_t length = ::pread(file, bytes, count, place);
    if (length >= 0 || errno != EINTR) return length;
  }
}

}  // namespace entente
