#include "entente/storage/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "entente/core/error.h"
#include "entente/storage/damage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/rocks_families.h"
#include "entente/storage/rocks_writer.h"

namespace entente {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kUnloggedBytes = kMiB;  // of pages, that are worth a file of their own
constexpr size_t kNeverFull = size_t{16} << 30;
constexpr int kReadAttempts = 20;  // of opening for reading beside a writer, who may delete files between our steps

constexpr const char* kFlushedRecord = "flushed";  // of `meta`: the last time that pages went past the log

/// Swallows messages. RocksDB's own logger ends the process when it goes on after its file could not be written, and a
/// reader must not write into the database's folder.
class NoLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions database_options(RocksStore::Mode mode, rocksdb::Env* environment) {
  rocksdb::DBOptions options;
  if (environment != nullptr) options.env = environment;
  options.create_if_missing = mode == RocksStore::Mode::Create;
  options.create_missing_column_families = options.create_if_missing;
  options.max_background_jobs = 2;             // one that flushes: several at a time leave logs behind
  options.avoid_flush_during_shutdown = true;  // flush() does that
  options.allow_fallocate = false;             // of as much for a log as a write buffer may take
  options.bytes_per_sync = kMiB;
  options.wal_bytes_per_sync = kMiB;
  options.max_open_files = -1;
  options.max_file_opening_threads = 4;  // they are made at each opening, however few the files
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_bgerror_resume_count = 0;
  options.write_dbid_to_manifest = true;  // so that the id of the database stays when its file is lost
  options.info_log = std::make_shared<NoLogger>();
  return options;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.compression = family == kPages ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  options.write_buffer_size = kNeverFull;  // RocksWriter says when it is
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
  RocksWriter writer;

  /// Keeps the database open until it goes out of scope.
  std::shared_lock<std::shared_mutex> use() const {
    std::shared_lock lock(mutex);
    if (!db) throw Error::storage("Closed", "the database " + path + " was closed; open it again");
    return lock;
  }
  bool reads_only() const { return mode == Mode::Read || mode == Mode::Follow; }
  RocksWriter& to_write() {
    if (reads_only()) throw Error::storage("ReadOnly", "the database " + path + " was opened for reading only");
    return writer;
  }
  std::string reading() const { return "reading the database " + path; }
  std::optional<std::string> get_named(Family family, std::string_view name) const {
    const auto lock = use();
    std::string value;
    const rocksdb::Status status = db->Get({}, families[family], slice(name), &value);
    if (status.IsNotFound()) return std::nullopt;
    check(status, reading() + ", record " + std::string(name) + ",");
    return value;
  }
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

/// The oldest of RocksDB's write-ahead logs. They are deleted in their order.
std::string oldest_log(const std::string& path) {
  std::string oldest;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    const bool older = name.size() < oldest.size() || (name.size() == oldest.size() && name < oldest);
    if (name.ends_with(".log") && (oldest.empty() || older)) oldest = std::move(name);
  }
  return oldest;
}

/// Opens a database for reading beside a writer.
///
/// RocksDB reads its manifest first and the write-ahead logs that it leaves over then. Of what a writer moves from the
/// logs to tables in between, it would miss what is in logs that are gone and what never was in a log: the pages of a
/// large checkpoint, to which the record `flushed` belongs. So either its manifest is the same before and afterwards,
/// or no log was deleted and `flushed` is as an attempt before has seen it, so that all such pages are older, or
/// absent.
class OpeningForReading {
 public:
  OpeningForReading(const std::string& path, const Families& families, rocksdb::Env* environment)
      : path_(path), families_(families), environment_(environment) {}

  rocksdb::Status run(Handles& handles, std::unique_ptr<rocksdb::DB>& db) {
    rocksdb::Status status;
    for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
      const std::string files = RocksStore::state_of_files(path_);
      const auto before = manifest_state(path_);
      const std::string log = oldest_log(path_);
      rocksdb::DB* opened = nullptr;
      status = rocksdb::DB::OpenForReadOnly(database_options(RocksStore::Mode::Read, environment_), path_, families_,
                                            &handles, &opened);
      db.reset(opened);
      if (!status.ok()) {
        if (RocksStore::state_of_files(path_) == files) return status;  // it was no writer
        std::this_thread::sleep_for(std::chrono::milliseconds(5 * attempt));
        continue;
      }
      const bool logs_kept = log.empty() || std::filesystem::exists(path_ + "/" + log);
      if (saw_same_flush(*db, handles[kMeta]) && logs_kept) return status;
      if (manifest_state(path_) == before) return status;
      status = rocksdb::Status::TryAgain("a writer moved its files meanwhile");
      for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
      handles.clear();
      db.reset();
    }
    return status;
  }

 private:
  bool saw_same_flush(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* meta) {
    std::string flushed;
    const rocksdb::Status status = db.Get({}, meta, slice(kFlushedRecord), &flushed);
    if (!status.ok()) return status.IsNotFound();
    const bool same = flushed == flushed_;
    flushed_ = std::move(flushed);
    return same;
  }

  const std::string& path_;
  const Families& families_;
  rocksdb::Env* environment_;
  std::string flushed_;  // that the attempt before has seen
};

rocksdb::Status open_database(const std::string& path, RocksStore::Mode mode, rocksdb::Env* environment,
                              const std::shared_ptr<rocksdb::EventListener>& errors, std::unique_ptr<rocksdb::DB>& db,
                              Handles& handles) {
  const auto cache = rocksdb::NewLRUCache(8 * kMiB, 2);
  Families families;
  for (size_t f = 0; f < kFamilies; ++f) {
    if (f == kPages && mode == RocksStore::Mode::Follow) continue;
    families.emplace_back(kFamilyNames[f], family_options(static_cast<Family>(f), cache));
  }
  if (mode == RocksStore::Mode::Read) return OpeningForReading(path, families, environment).run(handles, db);
  rocksdb::DB* opened = nullptr;
  rocksdb::DBOptions options = database_options(mode, environment);
  options.listeners.push_back(errors);
  // The second path is for messages alone, and those are swallowed.
  const rocksdb::Status status =
      mode == RocksStore::Mode::Follow
          ? rocksdb::DB::OpenAsSecondary(options, path, path + "/secondary", families, &handles, &opened)
          : rocksdb::DB::Open(options, path, families, &handles, &opened);
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

std::shared_ptr<RocksStore> RocksStore::open(const std::string& path, Mode mode, rocksdb::Env* environment) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->mode = mode;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  check(open_database(path, mode, environment, impl->writer.errors(), impl->db, handles),
        "opening the database files in " + path);
  auto handle = handles.begin();
  for (size_t f = 0; f < kFamilies; ++f) {
    if (f != kPages || mode != Mode::Follow) impl->families[f] = *handle++;
  }
  const std::shared_ptr<RocksStore> store(new RocksStore(std::move(impl)));
  Impl& opened = *store->impl_;
  if (!opened.reads_only()) opened.writer.open(path, *opened.db, opened.families);
  return store;
}

void RocksStore::catch_up() {
  const auto lock = impl_->use();
  check(impl_->db->TryCatchUpWithPrimary(), "following the database " + impl_->path);
}

std::string RocksStore::identity(const std::string& path) {
  std::string text;
  std::getline(std::ifstream(path + "/IDENTITY"), text);
  return text;
}

std::string RocksStore::state_of_files(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool grows = name.ends_with(".log") || name.starts_with("MANIFEST");
    std::error_code ignored;
    files.push_back(grows ? name + ' ' + std::to_string(it->file_size(ignored)) : name);
  }
  std::sort(files.begin(), files.end());
  std::string state = identity(path) + '\n';  // another database may have files of the same names and sizes
  for (const std::string& file : files) state += file + '\n';
  return state;
}

std::optional<AlignedBytes> RocksStore::get_page(const PageKey& key) const {
  const auto lock = impl_->use();
  if (impl_->families[kPages] == nullptr) return std::nullopt;
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // pages are kept by the graph
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = impl_->db->Get(options, impl_->families[kPages], encode_page_key(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  check(status, impl_->reading() + ", " + describe(key) + ",");
  return AlignedBytes(view(value));
}

std::optional<std::string> RocksStore::get_meta(std::string_view name) const { return impl_->get_named(kMeta, name); }

std::optional<std::string> RocksStore::get_meta_copy(std::string_view name) const {
  return impl_->get_named(kDefault, name);
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
    impl_->to_write().write(batch, Logged::Synced, "writing pages");
    batch.Clear();
    impl_->pages_unlogged = true;
  }
  for (const PageRecord& page : pages) batch.Put(impl_->families[kPages], encode_page_key(page.key), page.bytes);
  impl_->to_write().write(batch, many ? Logged::No : Logged::Yes, "writing pages");
}

void RocksStore::append_log(std::span<const LogRecord> records, bool sync) {
  const auto lock = impl_->use();
  rocksdb::WriteBatch batch;
  for (const LogRecord& record : records) batch.Put(impl_->families[kLog], encode_log_key(record.commit), record.bytes);
  impl_->to_write().write(batch, sync ? Logged::Synced : Logged::Yes, "writing the log");
}

void RocksStore::commit(const Batch& changes) {
  const auto lock = impl_->use();
  rocksdb::WriteBatch batch;
  if (impl_->pages_unlogged) {
    impl_->writer.move_to_tables({&impl_->families[kPages], 1}, "writing pages to");
    impl_->pages_unlogged = false;
    batch.Put(impl_->families[kMeta], kFlushedRecord, std::to_string(impl_->db->GetLatestSequenceNumber()));
  }
  for (const MetaRecord& record : changes.put_meta) {
    batch.Put(impl_->families[kMeta], record.first, record.second);
    if (record.first == kFormatRecord || record.first == kManifestRecord)  // in another table too
      batch.Put(impl_->families[kDefault], record.first, record.second);
  }
  for (const std::string& name : changes.delete_meta) batch.Delete(impl_->families[kMeta], name);
  for (const PageKey& key : changes.delete_pages) batch.Delete(impl_->families[kPages], encode_page_key(key));
  const auto drop_log = [&](uint64_t from, std::string end) {
    batch.DeleteRange(impl_->families[kLog], encode_log_key(from), end);
  };
  if (changes.drop_log_through) drop_log(0, encode_log_key(*changes.drop_log_through + 1));
  if (changes.drop_log_from) drop_log(*changes.drop_log_from, std::string(9, '\xFF'));
  impl_->to_write().write(batch, Logged::Synced, "writing the manifest");
}

void RocksStore::flush() {
  const auto lock = impl_->use();
  if (impl_->reads_only()) return;
  impl_->writer.move_to_tables(impl_->families, "flushing");
}

uint64_t RocksStore::disk_bytes() const {
  const auto lock = impl_->use();
  uint64_t total = 0;
  for (rocksdb::ColumnFamilyHandle* family : impl_->families) {
    if (family == nullptr) continue;
    uint64_t bytes = 0;
    if (impl_->db->GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &bytes)) total += bytes;
  }
  return total;
}

std::vector<std::string> RocksStore::unknown_tables() const {
  const auto lock = impl_->use();
  std::vector<rocksdb::LiveFileMetaData> live;
  impl_->db->GetLiveFilesMetaData(&live);
  std::set<std::string> known;
  for (const rocksdb::LiveFileMetaData& file : live) known.insert(file.name.substr(file.name.find_first_not_of('/')));
  std::vector<std::string> unknown;
  std::error_code error;
  for (std::filesystem::directory_iterator it(impl_->path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    if (it->path().extension() == ".sst" && !known.contains(name)) unknown.push_back(name);
  }
  return unknown;
}

std::vector<std::string> RocksStore::verify() const {
  const auto lock = impl_->use();
  namespace fs = std::filesystem;
  std::vector<std::string> wrong;
  std::vector<rocksdb::LiveFileMetaData> live;
  impl_->db->GetLiveFilesMetaData(&live);
  for (const rocksdb::LiveFileMetaData& file : live) {
    const std::string name = file.name.substr(file.name.find_first_not_of('/'));
    std::error_code error;
    const uintmax_t size = fs::file_size(impl_->path + "/" + name, error);
    if (error) {
      wrong.push_back("file " + name + " cannot be read: " + error.message());
    } else if (size != file.size) {
      wrong.push_back("file " + name + " has " + std::to_string(size) + " bytes, where " + std::to_string(file.size) +
                      " are to be");
    }
  }
  const rocksdb::Status status = impl_->db->VerifyChecksum();
  if (!status.ok()) wrong.push_back("a block of the files is damaged: " + status.ToString());
  return wrong;
}

void RocksStore::close() {
  const std::unique_lock lock(impl_->mutex);
  if (!impl_->db) return;
  impl_->writer.close();
  for (rocksdb::ColumnFamilyHandle*& family : impl_->families) {
    if (family != nullptr) impl_->db->DestroyColumnFamilyHandle(family);
    family = nullptr;
  }
  const rocksdb::Status status = impl_->db->Close();
  impl_->db.reset();
  check(status, "closing the database " + impl_->path);
}

}  // namespace entente
