// Checkpointer: brings a version's pages and its manifest to a PageStore, and takes away what no version needs any
// more.
//
// A checkpoint writes the pages that are not on disk yet under a new epoch, in parts of bounded size, each with a
// record `intent/…` that lists it. Then one atomic batch puts the new manifest, drops the log that the one before
// covers and the intents, and deletes the pages that the version before had and this one has not. What a crash or an
// error leaves behind is in the intents, and is deleted before the next checkpoint or at the next opening.
//
// The log since the checkpoint before is kept, and as much before it as the caller says, though no opening needs it,
// for those who follow the log in other processes and have not seen its end yet.
//
// A superseded page that some snapshot of this process may still load (its handle lives and is not loaded) is kept for
// now and listed in the record `garbage`; a later checkpoint deletes it, or the next opening. This relies on pages that
// were loaded staying in memory.
//
// Not thread-safe: one call at a time. Readers and writers of the graph need not wait for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entente/core/page.h"
#include "entente/core/snapshot.h"
#include "entente/storage/page_store.h"
#include "entente/storage/stored_pages.h"

namespace entente {

class Checkpointer {
 public:
  struct Result {
    uint64_t pages_written = 0;
    uint64_t bytes_written = 0;
    uint64_t pages_deleted = 0;
    uint64_t pages_kept = 0;  // superseded, that a snapshot may still load
  };

  /// `stored` is the version in the store's manifest, made with `pages` as its loader, and `epoch` that of the
  /// manifest. `before_write` is called before each part and throws to stop the checkpoint. `obsolete` are stored pages
  /// that the next checkpoint is to delete.
  Checkpointer(PageStore& store, std::shared_ptr<StoredPages> pages, const Snapshot& stored, uint64_t epoch,
               std::function<void()> before_write, const std::vector<PageKey>& obsolete = {});

  /// Deletes what earlier processes left behind.
  void clean_up();

  /// Makes the version the stored one, unless that is as new. The handles of the version become persisted ones. Pages
  /// are encoded by up to `threads` threads. The log is dropped up to this commit, at most to the version stored
  /// before. Throws StorageError; then the stored version is as before.
  Result write(const Snapshot& snapshot, unsigned threads = 1, uint64_t drop_log_through = ~uint64_t{0});

  uint64_t stored_version() const { return stored_version_; }

 private:
  struct StoredPage {
    PageKey key;
    std::weak_ptr<PageHandle> handle;
  };
  struct NewPage {
    PageKey key;
    std::shared_ptr<PageHandle> handle;
  };
  class Part;
  struct Batch;

  void delete_listed(std::string_view prefix);
  void collect(const Snapshot& snapshot, std::vector<StoredPage>& all, std::vector<NewPage>& fresh) const;
  std::vector<std::string> write_pages(const Snapshot& snapshot, std::span<const NewPage> fresh, unsigned threads,
                                       Result& result);
  /// What is stored and not in `all`, and what earlier checkpoints had to keep.
  std::vector<StoredPage> superseded(const std::vector<StoredPage>& all) const;

  PageStore& store_;
  std::shared_ptr<StoredPages> loader_;
  std::function<void()> before_write_;
  uint64_t stored_version_ = 0;
  uint64_t epoch_ = 0;
  std::vector<StoredPage> pages_;    // of the stored version, sorted by key
  std::vector<StoredPage> garbage_;  // superseded and kept
};

}  // namespace entente
