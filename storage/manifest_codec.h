// The records of the column family `meta`: the format's version, the manifest (a whole version of the graph but for its
// pages), and lists of pages that are no longer needed.
//
// Decoding checks all that the code of a Snapshot relies on: sizes, orders, numbers within their ranges. Pure
// functions; those that read throw StorageError.Corrupt.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/page.h"
#include "entente/core/snapshot.h"
#include "entente/storage/page_codec.h"

namespace entente {

/// The format that this program writes, and the highest that it reads.
inline constexpr uint32_t kFormatVersion = 3;

std::string encode_format(uint32_t version);
uint32_t decode_format(std::string_view record);

struct Manifest {
  Snapshot snapshot;  // its pages are not loaded
  uint64_t epoch = 0;
  std::vector<PageKey> obsolete;  // pages of hash indexes, which format versions below 3 had
};

/// Pages whose handle has no epoch yet are stated to be written under `epoch`.
std::string encode_manifest(Snapshot snapshot, uint64_t epoch);
/// The handles load through `loader`. Range indexes may lack their leaves, which see `build_missing`.
Manifest decode_manifest(std::string_view record, const std::shared_ptr<const PageLoader>& loader);

/// The version of the manifest, without looking at the rest of it.
uint64_t manifest_version(std::string_view record);
/// Format versions below 3 could have range indexes with hashes alone: builds those without leaves from the columns.
void build_missing(Snapshot& snapshot);

PageLimits limits_of(Snapshot snapshot);
/// By number of the page, 0 where there is none. Pages whose handle has no epoch yet are written under `epoch`.
std::vector<uint64_t> table_epochs(Snapshot snapshot, uint64_t epoch);

/// `name` is the record's key. The keys are sorted.
std::string encode_page_list(std::string_view name, const std::vector<PageKey>& keys);
std::vector<PageKey> decode_page_list(std::string_view name, std::string_view record);

}  // namespace entente
