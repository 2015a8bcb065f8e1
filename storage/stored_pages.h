// StoredPages: gives the handles of a graph their pages from a PageStore.
//
// Pages of Out lists refer to the table of relationships; what they refer to is read from the newest page of it that is
// stored, and some of that is kept for the next ones.
//
// Thread-safe. After the store was closed, loading throws StorageError.Closed; pages in memory stay readable.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "entente/core/page.h"
#include "entente/storage/page_codec.h"
#include "entente/storage/page_store.h"

namespace entente {

class StoredPages final : public PageLoader, private TargetSource {
 public:
  /// The arrays of pages live in `memory`, or on the heap.
  explicit StoredPages(std::shared_ptr<const PageStore> store, std::shared_ptr<PageMemory> memory = nullptr)
      : store_(std::move(store)), memory_(std::move(memory)) {}

  /// Throws StorageError.Corrupt naming the page if it is missing or damaged.
  std::unique_ptr<const Page> load(const PageKey& key) const override;

  /// Called before pages that were written with these limits can be loaded. Limits only grow.
  void raise_limits(const PageLimits& limits);

  /// The epochs of the pages of the table of relationships, by number, 0 where there is none. To be called once they
  /// are written, and before those that they replace are deleted. Gives what was set before.
  using Epochs = std::shared_ptr<const std::vector<uint64_t>>;
  Epochs set_table(Epochs epochs);

 private:
  using Targets = std::shared_ptr<const std::vector<uint32_t>>;
  struct Kept {
    uint32_t page = 0;
    uint64_t epoch = 0;
    Targets targets;
  };

  Targets targets(uint32_t page) const override;
  uint64_t table_epoch(uint32_t page) const;

  std::shared_ptr<const PageStore> store_;
  std::shared_ptr<PageMemory> memory_;
  std::atomic<uint32_t> nodes_{0};
  std::atomic<uint32_t> relationships_{0};
  std::atomic<uint32_t> types_{0};
  std::atomic<uint32_t> label_sets_{0};
  mutable std::mutex mutex_;  // guards what follows
  std::set<uint32_t> relationship_indexes_;
  Epochs table_;
  mutable std::array<Kept, 16> kept_;  // by low bits of the page's number
};

}  // namespace entente
