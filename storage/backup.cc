#include "entente/storage/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/backup_file.h"
#include "entente/storage/commit_mark.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/lock_file.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/log_replay.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/page_tables.h"
#include "entente/storage/record.h"
#include "entente/storage/rocks_store.h"
#include "entente/storage/stored_pages.h"
#include "entente/storage/system_error.h"

namespace entente {
namespace {

constexpr size_t kRestoreBytes = size_t{4} << 20;  // of pages that are put together

StoredBackup describe_backup(const BackupIndex& index, uint64_t bytes) {
  StoredBackup backup{index.number, index.version, index.time, index.pages.size(), 0, index.log.size(), bytes};
  for (const BackupIndex::PageEntry& page : index.pages) backup.new_pages += page.place.file == index.number;
  return backup;
}

std::vector<PageKey> pages_of(Snapshot snapshot) {
  std::vector<PageKey> keys;
  for_each_table(SnapshotParts(snapshot), [&](PageKind kind, uint32_t id, const auto& table) {
    table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      keys.push_back({kind, id, number, handle->epoch()});
    });
  });
  std::sort(keys.begin(), keys.end());
  return keys;
}

uint64_t verified_checksum(const PageKey& key, std::string_view record) {
  return reading(describe(key), [&] {
    verify(encode_page_key(key), record);
    return load_u64(record.data());
  });
}

// ---- making one ----

/// The pages that earlier backups in the folder have.
class KnownPages {
 public:
  KnownPages(const std::string& folder, const std::vector<uint32_t>& numbers) {
    if (numbers.empty()) return;
    try {
      std::map<uint32_t, uint64_t> lengths;
      for (const BackupIndex::PageEntry& page : BackupReader(folder, numbers.back()).index().pages) {
        const BackupPlace& place = page.place;
        if (!lengths.contains(place.file)) lengths[place.file] = BackupReader(folder, place.file).length();
        if (place.offset + place.length <= lengths[place.file]) places_[{page.key, page.checksum}] = place;
      }
    } catch (const Error&) {  // a file is damaged or gone: this backup is to stand without it
      places_.clear();
    }
  }

  const BackupPlace* find(const PageKey& key, uint64_t checksum) const {
    const auto found = places_.find({key, checksum});
    return found != places_.end() ? &found->second : nullptr;
  }

 private:
  std::map<std::pair<PageKey, uint64_t>, BackupPlace> places_;
};

void add_log(const RocksStore& store, BackupWriter& writer, BackupIndex& index) {
  for (std::vector<LoggedCommit> records; !(records = read_some_log(store, index.version + 1)).empty();) {
    const size_t intact = count_intact(records, index.version + 1);
    for (size_t i = 0; i < intact; ++i) index.log.push_back({records[i].commit, writer.add(records[i].bytes)});
    index.version += intact;
    if (intact < records.size()) return;
  }
}

BackupIndex read_database(const DatabaseFiles& files, const std::shared_ptr<RocksStore>& store, const KnownPages& known,
                          BackupWriter& writer) {
  BackupIndex index;
  const std::optional<std::string> format = store->get_meta(kFormatRecord);
  const std::optional<std::string> manifest = store->get_meta(kManifestRecord);
  if (!format || !manifest) throw corrupt("the database " + files.path, "it has no manifest");
  index.format = decode_format(*format);
  if (index.format > kFormatVersion) {
    throw Error::storage("FormatVersion", "the database " + files.path + " has format version " +
                                              std::to_string(index.format) + "; back it up with a newer Entente");
  }
  index.manifest = *manifest;
  const Manifest decoded = decode_manifest(*manifest, std::make_shared<StoredPages>(store));
  index.version = decoded.snapshot.version();
  for (const PageKey& key : pages_of(decoded.snapshot)) {
    const std::optional<AlignedBytes> record = store->get_page(key);
    if (!record) throw corrupt(describe(key), "it is missing");
    const uint64_t checksum = verified_checksum(key, record->view());
    const BackupPlace* place = known.find(key, checksum);
    index.pages.push_back({key, checksum, place != nullptr ? *place : writer.add(record->view())});
  }
  add_log(*store, writer, index);
  return index;
}

std::unique_ptr<LockFile> lock_folder(const std::string& folder) {
  try {
    return std::make_unique<LockFile>(folder + "/LOCK.entente");
  } catch (const Error& error) {
    if (error.kind() != "LockError") throw;
    throw Error("LockError", "Locked", Phase::Runtime,
                "another backup into " + folder + " is being made; try again when it has ended");
  }
}

// ---- reading one ----

/// The index of a backup, and the records of all files that it refers to.
class Backup {
 public:
  Backup(const std::string& folder, uint32_t number) : folder_(folder) {
    if (number == 0) {
      const std::vector<uint32_t> numbers = backup_numbers(folder);
      if (numbers.empty()) throw Error::storage("NotFound", "there is no backup in " + folder);
      number = numbers.back();
    }
    index_ = file(number).index();
    if (index_.format > kFormatVersion || index_.format == 0) {
      throw Error::storage("FormatVersion", "backup " + std::to_string(number) + " in " + folder +
                                                " is of a database of format version " + std::to_string(index_.format) +
                                                "; restore it with a newer Entente");
    }
    stored_ = describe_backup(index_, file(number).length());
  }

  const BackupIndex& index() const { return index_; }
  const StoredBackup& stored() const { return stored_; }

  std::string page(const BackupIndex::PageEntry& entry) {
    std::string record = read(entry.place);
    if (verified_checksum(entry.key, record) != entry.checksum) {
      throw corrupt(describe(entry.key), "its backup has another in its place");
    }
    return record;
  }

  std::string commit(const BackupIndex::LogEntry& entry) {
    std::string record = read(entry.place);
    if (!is_intact_commit(entry.commit, record))
      throw corrupt(describe_commit(entry.commit), "its checksum does not match");
    return record;
  }

  /// The manifest fits the pages, and the log follows it.
  void check_index() const {
    const Manifest manifest = decode_manifest(index_.manifest, nullptr);
    std::vector<PageKey> pages = pages_of(manifest.snapshot);
    pages.insert(pages.end(), manifest.obsolete.begin(), manifest.obsolete.end());
    std::sort(pages.begin(), pages.end());
    const bool same =
        std::all_of(index_.pages.begin(), index_.pages.end(),
                    [&](const auto& entry) { return std::binary_search(pages.begin(), pages.end(), entry.key); }) &&
        index_.pages.size() + manifest.obsolete.size() >= pages.size();
    uint64_t version = manifest.snapshot.version();
    const bool follows =
        std::all_of(index_.log.begin(), index_.log.end(), [&](const auto& entry) { return entry.commit == ++version; });
    if (!same || !follows || version != index_.version) {
      throw corrupt("backup " + std::to_string(index_.number) + " in " + folder_, "its parts do not fit each other");
    }
  }

 private:
  BackupReader& file(uint32_t number) {
    std::unique_ptr<BackupReader>& reader = files_[number];
    if (!reader) reader = std::make_unique<BackupReader>(folder_, number);
    return *reader;
  }
  std::string read(const BackupPlace& place) { return file(place.file).read(place.offset, place.length); }

  std::string folder_;
  std::map<uint32_t, std::unique_ptr<BackupReader>> files_;
  BackupIndex index_;
  StoredBackup stored_;
};

/// Puts the pages of a backup, and gives the names of the lists that tell of them.
std::vector<std::string> restore_pages(Backup& backup, RocksStore& store) {
  std::vector<std::string> lists;
  std::vector<PageStore::PageRecord> part;
  size_t bytes = 0;
  const auto put = [&] {
    if (part.empty()) return;
    std::vector<PageKey> keys;
    keys.reserve(part.size());
    for (const PageStore::PageRecord& page : part) keys.push_back(page.key);
    std::string name = intent_record(1, lists.size());
    store.put_pages(part, {name, encode_page_list(name, keys)});
    lists.push_back(std::move(name));
    part.clear();
    bytes = 0;
  };
  for (const BackupIndex::PageEntry& entry : backup.index().pages) {
    part.push_back({entry.key, backup.page(entry)});
    bytes += part.back().bytes.size();
    if (bytes >= kRestoreBytes) put();
  }
  put();
  return lists;
}

void restore_log(Backup& backup, RocksStore& store) {
  std::vector<PageStore::LogRecord> part;
  size_t bytes = 0;
  for (const BackupIndex::LogEntry& entry : backup.index().log) {
    part.push_back({entry.commit, backup.commit(entry)});
    bytes += part.back().bytes.size();
    if (bytes < kRestoreBytes) continue;
    store.append_log(std::exchange(part, {}), false);
    bytes = 0;
  }
  if (!part.empty()) store.append_log(part, true);
}

/// The lock may be there: of a restoration that failed.
void require_vacant(const DatabaseFiles& files) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(files.path, error);
  bool vacant = !fs::exists(status);
  if (fs::is_directory(status)) {
    vacant = fs::exists(files.restoring, error);  // what is there is of a restoration that was not finished
    bool only_lock = true;
    for (fs::directory_iterator it(files.path, error), end; !error && it != end; it.increment(error))
      only_lock = only_lock && it->path().filename() == fs::path(files.lock).filename();
    vacant = vacant || only_lock;
    if (error) throw system_error("reading the folder " + files.path, error);
  }
  if (vacant) return;
  throw Error::storage("Exists", "there is something at " + files.path +
                                     " already; restore to a path where there is nothing, or move that away");
}

/// Takes away what was made of a database, unless it was finished. Used under its lock, whose file stays.
class Restoration {
 public:
  explicit Restoration(const DatabaseFiles& files) : files_(files) {}
  /// From here to the end there is no database at the path, whatever happens. Throws StorageError.IO.
  void begin() const {
    const int file = ::open(files_.restoring.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) throw system_error("creating " + files_.restoring);
    ::close(file);
    sync_folder(files_.path);
    const std::error_code left = remove_files();  // of one that was not finished
    if (left) throw system_error("deleting " + files_.rocksdb, left);
  }
  ~Restoration() {
    if (finished_) return;
    static_cast<void>(remove_files());
    ::unlink(files_.restoring.c_str());
  }
  Restoration(const Restoration&) = delete;
  Restoration& operator=(const Restoration&) = delete;

  /// Throws StorageError.IO.
  void finish() {
    if (::unlink(files_.restoring.c_str()) != 0) throw system_error("deleting " + files_.restoring);
    sync_folder(files_.path);
    finished_ = true;
  }

 private:
  std::error_code remove_files() const {
    std::error_code error;
    for (std::filesystem::directory_iterator it(files_.rocksdb, error), end; !error && it != end; it.increment(error))
      ::unlink(it->path().c_str());
    error.clear();
    std::filesystem::remove(files_.rocksdb, error);
    ::unlink(files_.mark.c_str());
    return error;
  }

  const DatabaseFiles& files_;
  bool finished_ = false;
};

}  // namespace

StoredBackup back_up(const std::string& database, const std::string& folder, rocksdb::Env* environment) {
  const DatabaseFiles files(database);
  if (files.state() == DatabaseFiles::State::Missing || !files.has_rocksdb()) {
    throw Error::storage("NotFound", "there is no database at " + database + "; name the path of one");
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error::storage("IO", "creating the folder " + folder + " failed: " + error.message());
  const std::unique_ptr<LockFile> lock = lock_folder(folder);
  const uint64_t acknowledged = CommitMark(files.mark, CommitMark::Mode::Read).value();
  const std::shared_ptr<RocksStore> store = RocksStore::open(files.rocksdb, RocksStore::Mode::Read, environment);
  const std::vector<uint32_t> numbers = backup_numbers(folder);
  const uint32_t number = numbers.empty() ? 1 : numbers.back() + 1;
  BackupWriter writer(folder, number);
  BackupIndex index = read_database(files, store, KnownPages(folder, numbers), writer);
  if (index.version < acknowledged) {
    throw Error::storage("LostCommits", "the database " + database + " holds commits up to " +
                                            std::to_string(index.version) + ", but commits up to " +
                                            std::to_string(acknowledged) + " were acknowledged; no backup was made");
  }
  index.number = number;
  index.time =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return describe_backup(index, writer.finish(index));
}

std::vector<StoredBackup> list_backups(const std::string& folder) {
  std::vector<StoredBackup> backups;
  for (const uint32_t number : backup_numbers(folder)) {
    const BackupReader reader(folder, number);
    backups.push_back(describe_backup(reader.index(), reader.length()));
  }
  return backups;
}

StoredBackup verify_backup(const std::string& folder, uint32_t number) {
  Backup backup(folder, number);
  backup.check_index();
  for (const BackupIndex::PageEntry& entry : backup.index().pages) backup.page(entry);
  for (const BackupIndex::LogEntry& entry : backup.index().log) backup.commit(entry);
  return backup.stored();
}

StoredBackup restore_backup(const std::string& folder, const std::string& database, uint32_t number,
                            rocksdb::Env* environment) {
  Backup backup(folder, number);
  backup.check_index();
  const DatabaseFiles files(database);
  require_vacant(files);
  files.create_folder();
  const LockFile lock(files.lock);
  require_vacant(files);  // another may have made one meanwhile
  Restoration restoration(files);
  restoration.begin();
  files.create_rocksdb_folder();
  const std::shared_ptr<RocksStore> store = RocksStore::open(files.rocksdb, RocksStore::Mode::Create, environment);
  PageStore::Batch batch;
  batch.delete_meta = restore_pages(backup, *store);
  restore_log(backup, *store);
  batch.put_meta.emplace_back(kFormatRecord, encode_format(backup.index().format));
  batch.put_meta.emplace_back(kManifestRecord, backup.index().manifest);
  store->commit(batch);  // before this there is no database
  store->flush();
  store->close();
  CommitMark(files.mark, CommitMark::Mode::Write).advance(backup.index().version);
  restoration.finish();
  return backup.stored();
}

}  // namespace entente
