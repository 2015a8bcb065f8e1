// What a damaged database still gives: shared by checking and saving it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "entente/core/page.h"
#include "entente/core/snapshot.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/page_store.h"
#include "entente/storage/stored_pages.h"

namespace entente {

/// Throws StorageError.NotFound or .NotADatabase unless there is a database at the path.
void require_database(const std::string& path);

/// The version of the last checkpoint, with pages that load, or throw. Throws StorageError.Corrupt or .FormatVersion.
struct SalvageSource {
  SalvageSource(std::shared_ptr<const PageStore> from, const std::string& path);
  /// With these records of the format and the manifest.
  SalvageSource(std::shared_ptr<const PageStore> from, const std::string& path,
                const std::optional<std::string>& format_record, const std::optional<std::string>& manifest_record);

  std::shared_ptr<const PageStore> store;
  uint32_t format = 0;
  std::shared_ptr<StoredPages> pages;
  Manifest manifest;
};

/// For each page of a version whose pages are all stored, with its key.
void for_each_stored_page(const Snapshot& snapshot,
                          const std::function<void(const PageKey& key, const PageHandle& handle)>& fn);

/// What a page holds, in a reader's words: "property `name` of nodes 4096 to 8191".
std::string affected(const PageKey& key, const Snapshot& snapshot);

}  // namespace entente
