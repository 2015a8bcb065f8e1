#include "entente/storage/checkpointer.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "entente/core/parallel.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/page_codec.h"
#include "entente/storage/page_tables.h"

namespace entente {
namespace {

constexpr size_t kPartBytes = size_t{4} << 20;
constexpr size_t kBatchPages = 16;

auto place(const PageKey& key) { return std::tie(key.kind, key.id, key.number); }

bool may_be_loaded(const std::weak_ptr<PageHandle>& handle) {
  const std::shared_ptr<PageHandle> alive = handle.lock();
  return alive && !alive->loaded();
}

template <class Pages>
std::vector<PageKey> keys_of(const Pages& pages) {
  std::vector<PageKey> keys;
  keys.reserve(pages.size());
  for (const auto& page : pages) keys.push_back(page.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

/// Pages that are written together.
class Checkpointer::Part {
 public:
  Part(Checkpointer& owner, uint64_t epoch, Result& result) : owner_(owner), epoch_(epoch), result_(result) {}

  void add(PageStore::PageRecord record) {
    bytes_ += record.bytes.size();
    pages_.push_back(std::move(record));
    if (bytes_ >= kPartBytes) write();
  }

  void write() {
    if (pages_.empty()) return;
    owner_.before_write_();
    std::string name = intent_record(epoch_, names_.size());
    std::string list = encode_page_list(name, keys_of(pages_));
    owner_.store_.put_pages(pages_, {name, std::move(list)});
    result_.pages_written += pages_.size();
    result_.bytes_written += std::exchange(bytes_, 0);
    names_.push_back(std::move(name));
    pages_.clear();
  }

  std::vector<std::string>& names() { return names_; }

 private:
  Checkpointer& owner_;
  uint64_t epoch_;
  Result& result_;
  std::vector<PageStore::PageRecord> pages_;
  size_t bytes_ = 0;
  std::vector<std::string> names_;  // of the intents
};

/// Pages that are encoded together.
struct Checkpointer::Batch : WorkItem {
  std::span<const NewPage> pages;
  std::vector<PageStore::PageRecord> records;
};

Checkpointer::Checkpointer(PageStore& store, std::shared_ptr<StoredPages> pages, const Snapshot& stored, uint64_t epoch,
                           std::function<void()> before_write, const std::vector<PageKey>& obsolete)
    : store_(store),
      loader_(std::move(pages)),
      before_write_(std::move(before_write)),
      stored_version_(stored.version()),
      epoch_(epoch) {
  std::vector<NewPage> fresh;
  collect(stored, pages_, fresh);
  for (const PageKey& key : obsolete) garbage_.push_back({key, {}});
}

void Checkpointer::clean_up() {
  delete_listed(kIntentPrefix);
  delete_listed(kGarbageRecord);
}

void Checkpointer::delete_listed(std::string_view prefix) {
  PageStore::Batch batch;
  for (const auto& [name, bytes] : store_.list_meta(prefix)) {
    for (const PageKey& key : decode_page_list(name, bytes)) {
      epoch_ = std::max(epoch_, key.epoch);
      batch.delete_pages.push_back(key);
    }
    batch.delete_meta.push_back(name);
  }
  if (!batch.delete_meta.empty()) store_.commit(batch);
}

/// All pages of a version, sorted by key, those that are not on disk yet with the present epoch; and the latter by
/// themselves.
void Checkpointer::collect(const Snapshot& snapshot, std::vector<StoredPage>& all, std::vector<NewPage>& fresh) const {
  Snapshot copy = snapshot;
  for_each_table(SnapshotParts(copy), [&](PageKind kind, uint32_t id, const auto& table) {
    table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      const uint64_t epoch = handle->epoch();
      const PageKey key{kind, id, number, epoch != 0 ? epoch : epoch_};
      all.push_back({key, handle});
      if (epoch == 0) fresh.push_back({key, handle});
    });
  });
  const auto by_key = [](const auto& a, const auto& b) { return a.key < b.key; };
  if (!std::is_sorted(all.begin(), all.end(), by_key)) {  // indexes come in order of their creation
    std::sort(all.begin(), all.end(), by_key);
    std::sort(fresh.begin(), fresh.end(), by_key);
  }
}

std::vector<std::string> Checkpointer::write_pages(const Snapshot& snapshot, std::span<const NewPage> fresh,
                                                   unsigned threads, Result& result) {
  Snapshot copy = snapshot;
  const PageTable<RelationshipPage>& table = SnapshotParts(copy).relationships;
  Part part(*this, epoch_, result);
  in_order(
      threads,
      [&]() -> std::unique_ptr<WorkItem> {
        if (fresh.empty()) return nullptr;
        auto batch = std::make_unique<Batch>();
        batch->pages = fresh.first(std::min(fresh.size(), kBatchPages));
        fresh = fresh.subspan(batch->pages.size());
        return batch;
      },
      [&](WorkItem& item) {
        auto& batch = static_cast<Batch&>(item);
        for (const NewPage& page : batch.pages) {
          batch.records.push_back({page.key, encode_page(page.key, page.handle->get(), &table)});
        }
      },
      [&](WorkItem& item) {
        for (PageStore::PageRecord& record : static_cast<Batch&>(item).records) part.add(std::move(record));
      });
  part.write();
  return std::move(part.names());
}

std::vector<Checkpointer::StoredPage> Checkpointer::superseded(const std::vector<StoredPage>& all) const {
  std::vector<StoredPage> old = garbage_;
  auto next = all.begin();
  for (const StoredPage& page : pages_) {
    while (next != all.end() && place(next->key) < place(page.key)) ++next;
    const bool kept = next != all.end() && next->key == page.key;
    if (!kept) old.push_back(page);
  }
  return old;
}

Checkpointer::Result Checkpointer::write(const Snapshot& snapshot, unsigned threads, uint64_t drop_log_through) {
  Result result;
  if (snapshot.version() <= stored_version_) return result;
  before_write_();
  delete_listed(kIntentPrefix);
  ++epoch_;
  std::vector<StoredPage> all;
  std::vector<NewPage> fresh;
  collect(snapshot, all, fresh);

  PageStore::Batch batch;
  batch.delete_meta = write_pages(snapshot, fresh, threads, result);
  std::vector<StoredPage> garbage = superseded(all);
  const auto doomed =
      std::partition(garbage.begin(), garbage.end(), [](const StoredPage& p) { return may_be_loaded(p.handle); });
  for (auto page = doomed; page != garbage.end(); ++page) batch.delete_pages.push_back(page->key);
  result.pages_deleted = batch.delete_pages.size();
  garbage.erase(doomed, garbage.end());
  result.pages_kept = garbage.size();
  batch.put_meta.emplace_back(kManifestRecord, encode_manifest(snapshot, epoch_));
  if (garbage.empty()) {
    batch.delete_meta.emplace_back(kGarbageRecord);
  } else {
    batch.put_meta.emplace_back(kGarbageRecord, encode_page_list(kGarbageRecord, keys_of(garbage)));
  }
  batch.drop_log_through = std::min(stored_version_, drop_log_through);
  loader_->raise_limits(limits_of(snapshot));
  const StoredPages::Epochs before =
      loader_->set_table(std::make_shared<const std::vector<uint64_t>>(table_epochs(snapshot, epoch_)));
  try {
    store_.commit(batch);
  } catch (...) {
    loader_->set_table(before);
    throw;
  }

  for (const NewPage& page : fresh) page.handle->set_persisted(page.key, loader_);
  stored_version_ = snapshot.version();
  pages_ = std::move(all);
  garbage_ = std::move(garbage);
  return result;
}

}  // namespace entente
