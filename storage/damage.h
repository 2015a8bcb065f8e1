// How decoders say that bytes are no valid structure.
//
// A decoder knows what is wrong but not which record it reads; it throws Damage, and the function that knows the record
// turns that into Error StorageError.Corrupt. Damage does not leave storage.
#pragma once

#include <stdexcept>
#include <string>

#include "entente/core/error.h"

namespace entente {

struct Damage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Damage with the message if the condition does not hold.
inline void require(bool holds, const char* message) {
  if (!holds) throw Damage(message);
}

inline Error corrupt(const std::string& record, const std::string& why) {
  return Error::storage("Corrupt", record + " is damaged: " + why + "; restore the database from a backup");
}

}  // namespace entente
