// StoredPages: gives the handles of a graph their pages from a PageStore.
//
// Thread-safe. After the store was closed, loading throws StorageError.Closed; pages in memory stay readable.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>

#include "entente/core/page.h"
#include "entente/storage/page_codec.h"
#include "entente/storage/page_store.h"

namespace entente {

class StoredPages final : public PageLoader {
 public:
  explicit StoredPages(std::shared_ptr<const PageStore> store) : store_(std::move(store)) {}

  /// Throws StorageError.Corrupt naming the page if it is missing or damaged.
  std::unique_ptr<const Page> load(const PageKey& key) const override;

  /// Called before pages that were written with these limits can be loaded. Limits only grow.
  void raise_limits(const PageLimits& limits);

 private:
  std::shared_ptr<const PageStore> store_;
  std::atomic<uint32_t> nodes_{0};
  std::atomic<uint32_t> relationships_{0};
  std::atomic<uint32_t> types_{0};
  std::atomic<uint32_t> label_sets_{0};
  mutable std::mutex mutex_;  // guards what follows
  std::set<uint32_t> relationship_indexes_;
};

}  // namespace entente
