#include "entente/storage/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "entente/core/error.h"
#include "entente/storage/damage.h"
#include "entente/storage/key_codec.h"

namespace entente {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kUnloggedBytes = kMiB;  // of pages, that are worth a file of their own
constexpr int kReadAttempts = 20;  // of opening for reading beside a writer, who may delete files between our steps

enum Family : size_t { kDefault, kMeta, kPages, kLog, kFamilies };
constexpr std::array<const char*, kFamilies> kFamilyNames{"default", "meta", "pages", "log"};

/// Swallows messages; a reader must not write into the database's folder.
class NoLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

Error to_error(const rocksdb::Status& status, const std::string& doing) {
  const char* detail = status.IsCorruption() ? "Corrupt" : status.IsNoSpace() ? "DiskFull" : "IO";
  return Error::storage(detail, doing + " failed: " + status.ToString());
}

void check(const rocksdb::Status& status, const std::string& doing) {
  if (!status.ok()) throw to_error(status, doing);
}

rocksdb::DBOptions database_options(RocksStore::Mode mode) {
  rocksdb::DBOptions options;
  options.create_if_missing = mode == RocksStore::Mode::Create;
  options.create_missing_column_families = options.create_if_missing;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = kMiB;
  options.max_total_wal_size = 64 * kMiB;
  options.max_background_jobs = 2;
  options.bytes_per_sync = kMiB;
  options.wal_bytes_per_sync = kMiB;
  options.max_open_files = -1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  if (mode == RocksStore::Mode::Read) options.info_log = std::make_shared<NoLogger>();
  return options;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.compression = family == kPages ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  options.write_buffer_size = (family == kPages ? 32 : 8) * kMiB;
  options.max_write_buffer_number = 4;
  // A checkpoint writes much at once; commits are not to be slowed down for it.
  options.level0_slowdown_writes_trigger = 1'000;
  options.level0_stop_writes_trigger = 2'000;
  options.soft_pending_compaction_bytes_limit = 0;
  options.hard_pending_compaction_bytes_limit = 0;
  options.level_compaction_dynamic_level_bytes = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

struct RocksStore::Impl {
  std::string path;
  Mode mode;
  mutable std::shared_mutex mutex;  // held shared by each call, alone by close()
  std::unique_ptr<rocksdb::DB> db;  // null once closed
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  std::atomic<bool> pages_unlogged{false};  // pages were written that the write-ahead log lacks

  /// Keeps the database open until it goes out of scope.
  std::shared_lock<std::shared_mutex> use() const {
    std::shared_lock lock(mutex);
    if (!db) throw Error::storage("Closed", "the database " + path + " was closed; open it again");
    return lock;
  }
  enum class Logged { No, Yes, Synced };
  void write(rocksdb::WriteBatch& batch, Logged logged, const std::string& doing) {
    if (mode == Mode::Read) throw Error::storage("ReadOnly", "the database " + path + " was opened for reading only");
    rocksdb::WriteOptions options;
    options.sync = logged == Logged::Synced;
    options.disableWAL = logged == Logged::No;
    check(db->Write(options, &batch), doing + " to the database " + path);
  }
  std::string reading() const { return "reading the database " + path; }
};

namespace {

using Families = std::vector<rocksdb::ColumnFamilyDescriptor>;
using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

/// Which of RocksDB's manifests is in force, and how long it is. It changes before a write-ahead log is deleted.
std::pair<std::string, uintmax_t> manifest_state(const std::string& path) {
  std::string name;
  std::getline(std::ifstream(path + "/CURRENT"), name);
  std::error_code error;
  return {name, std::filesystem::file_size(path + "/" + name, error)};
}

/// Opening reads the manifest first and the write-ahead logs that it leaves over then. A writer that moves its files in
/// between would leave a gap that RocksDB does not notice; so the manifest must be the same before and afterwards.
rocksdb::Status open_for_reading(const std::string& path, const Families& families, Handles& handles,
                                 std::unique_ptr<rocksdb::DB>& db) {
  rocksdb::Status status;
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
    const auto before = manifest_state(path);
    rocksdb::DB* opened = nullptr;
    status = rocksdb::DB::OpenForReadOnly(database_options(RocksStore::Mode::Read), path, families, &handles, &opened);
    db.reset(opened);
    if (!status.ok()) continue;
    if (manifest_state(path) == before) return status;
    status = rocksdb::Status::TryAgain("a writer moved its files meanwhile");
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
    handles.clear();
    db.reset();
  }
  return status;
}

rocksdb::Status open_database(const std::string& path, RocksStore::Mode mode, std::unique_ptr<rocksdb::DB>& db,
                              Handles& handles) {
  const auto cache = rocksdb::NewLRUCache(8 * kMiB, 2);
  Families families;
  for (size_t f = 0; f < kFamilies; ++f) {
    families.emplace_back(kFamilyNames[f], family_options(static_cast<Family>(f), cache));
  }
  if (mode == RocksStore::Mode::Read) return open_for_reading(path, families, handles, db);
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(database_options(mode), path, families, &handles, &opened);
  db.reset(opened);
  return status;
}

}  // namespace

RocksStore::RocksStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RocksStore::~RocksStore() {
  try {
    close();
  } catch (const Error&) {  // whoever needs to know has called close()
  }
}

std::shared_ptr<RocksStore> RocksStore::open(const std::string& path, Mode mode) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->mode = mode;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  check(open_database(path, mode, impl->db, handles), "opening the database files in " + path);
  std::copy(handles.begin(), handles.end(), impl->families.begin());
  return std::shared_ptr<RocksStore>(new RocksStore(std::move(impl)));
}

std::optional<AlignedBytes> RocksStore::get_page(const PageKey& key) const {
  const auto lock = impl_->use();
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // pages are kept by the graph
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = impl_->db->Get(options, impl_->families[kPages], encode_page_key(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, impl_->reading() + ", " + describe(key) + ",");
  return AlignedBytes(view(value));
}

std::optional<std::string> RocksStore::get_meta(std::string_view name) const {
  const auto lock = impl_->use();
  std::string value;
  const rocksdb::Status status = impl_->db->Get({}, impl_->families[kMeta], slice(name), &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, impl_->reading() + ", record " + std::string(name) + ",");
  return value;
}

std::vector<PageStore::MetaRecord> RocksStore::list_meta(std::string_view prefix) const {
  const auto lock = impl_->use();
  std::vector<MetaRecord> records;
  const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator({}, impl_->families[kMeta]));
  for (it->Seek(slice(prefix)); it->Valid() && it->key().starts_with(slice(prefix)); it->Next()) {
    records.emplace_back(it->key().ToString(), it->value().ToString());
  }
  check(it->status(), impl_->reading() + ", its meta records,");
  return records;
}

void RocksStore::read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const {
  const auto lock = impl_->use();
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 2 * kMiB;
  const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator(options, impl_->families[kLog]));
  uint64_t next = from;
  for (it->Seek(encode_log_key(from)); it->Valid(); it->Next()) {
    try {
      next = decode_log_key(view(it->key()));
    } catch (const Damage& damage) {
      throw corrupt("the log behind commit " + std::to_string(next), damage.what());
    }
    if (!fn(next++, view(it->value()))) return;
  }
  check(it->status(), impl_->reading() + ", " + describe_commit(next) + ",");
}

void RocksStore::put_pages(std::span<const PageRecord> pages, const MetaRecord& list) {
  const auto lock = impl_->use();
  size_t bytes = 0;
  for (const PageRecord& page : pages) bytes += page.bytes.size();
  const bool many = bytes >= kUnloggedBytes;
  rocksdb::WriteBatch batch;
  batch.Put(impl_->families[kMeta], list.first, list.second);
  if (many) {  // the list comes first, for good, and the pages go to their files at once
    impl_->write(batch, Impl::Logged::Synced, "writing pages");
    batch.Clear();
    impl_->pages_unlogged = true;
  }
  for (const PageRecord& page : pages) batch.Put(impl_->families[kPages], encode_page_key(page.key), page.bytes);
  impl_->write(batch, many ? Impl::Logged::No : Impl::Logged::Yes, "writing pages");
}

void RocksStore::append_log(std::span<const LogRecord> records, bool sync) {
  const auto lock = impl_->use();
  rocksdb::WriteBatch batch;
  for (const LogRecord& record : records) batch.Put(impl_->families[kLog], encode_log_key(record.commit), record.bytes);
  impl_->write(batch, sync ? Impl::Logged::Synced : Impl::Logged::Yes, "writing the log");
}

void RocksStore::commit(const Batch& changes) {
  const auto lock = impl_->use();
  if (impl_->pages_unlogged) {
    check(impl_->db->Flush({}, impl_->families[kPages]), "writing pages to the database " + impl_->path);
    impl_->pages_unlogged = false;
  }
  rocksdb::WriteBatch batch;
  for (const MetaRecord& record : changes.put_meta) batch.Put(impl_->families[kMeta], record.first, record.second);
  for (const std::string& name : changes.delete_meta) batch.Delete(impl_->families[kMeta], name);
  for (const PageKey& key : changes.delete_pages) batch.Delete(impl_->families[kPages], encode_page_key(key));
  const auto drop_log = [&](uint64_t from, std::string end) {
    batch.DeleteRange(impl_->families[kLog], encode_log_key(from), end);
  };
  if (changes.drop_log_through) drop_log(0, encode_log_key(*changes.drop_log_through + 1));
  if (changes.drop_log_from) drop_log(*changes.drop_log_from, std::string(9, '\xFF'));
  impl_->write(batch, Impl::Logged::Synced, "writing the manifest");
}

void RocksStore::flush() {
  const auto lock = impl_->use();
  if (impl_->mode == Mode::Read) return;
  const std::vector<rocksdb::ColumnFamilyHandle*> families(impl_->families.begin(), impl_->families.end());
  check(impl_->db->Flush({}, families), "flushing the database " + impl_->path);
}

uint64_t RocksStore::disk_bytes() const {
  const auto lock = impl_->use();
  uint64_t total = 0;
  for (rocksdb::ColumnFamilyHandle* family : impl_->families) {
    uint64_t bytes = 0;
    if (impl_->db->GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &bytes)) total += bytes;
  }
  return total;
}

void RocksStore::close() {
  const std::unique_lock lock(impl_->mutex);
  if (!impl_->db) return;
  for (rocksdb::ColumnFamilyHandle*& family : impl_->families) {
    if (family != nullptr) impl_->db->DestroyColumnFamilyHandle(family);
    family = nullptr;
  }
  const rocksdb::Status status = impl_->db->Close();
  impl_->db.reset();
  check(status, "closing the database " + impl_->path);
}

}  // namespace entente
