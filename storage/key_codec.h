// The keys of records as bytes, and their names in messages.
//
// Keys sort as bytes in the order of what they stand for: pages by (kind, id, number, epoch), log records by commit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "entente/core/page.h"

namespace entente {

/// 17 bytes: kind, then id, number and epoch, big-endian.
std::string encode_page_key(const PageKey& key);
/// 8 bytes, big-endian.
std::string encode_log_key(uint64_t commit);
/// Throws Damage if the bytes are no such key.
uint64_t decode_log_key(std::string_view bytes);

// Names of the records in the column family `meta`.
inline constexpr std::string_view kFormatRecord = "format";
inline constexpr std::string_view kManifestRecord = "manifest";
inline constexpr std::string_view kGarbageRecord = "garbage";
inline constexpr std::string_view kIntentPrefix = "intent/";
/// `intent/`, then the epoch and the number of the part, each 8 bytes big-endian.
std::string intent_record(uint64_t epoch, uint64_t part);

std::string_view page_kind_name(PageKind kind);
/// For messages: "page 3 of adjacency 4 (epoch 17)".
std::string describe(const PageKey& key);
std::string describe_commit(uint64_t commit);

}  // namespace entente
