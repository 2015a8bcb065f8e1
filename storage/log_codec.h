// Change sets as log records, and back.
//
// Decoding checks the form of each change; whether it fits the version that it is applied to, Transaction::apply
// checks. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "entente/core/change_set.h"

namespace entente {

/// The record of a commit. Throws StorageError.Unsupported for a value that cannot be stored.
std::string encode_commit(uint64_t commit, const ChangeSet& changes);

/// Throws StorageError.Corrupt naming the commit.
ChangeSet decode_commit(uint64_t commit, std::string_view record);

/// Whether the record's checksum holds.
bool is_intact_commit(uint64_t commit, std::string_view record);

}  // namespace entente
