// How a new database is made of the files: rocksdb::RepairDB scans the tables for the sequence numbers that are in them
// and makes tables of the write-ahead logs. It knows a column family from the tables alone, and would drop what a log
// has of one that has no table; so a table of each family, from a database made for that, is put beside them. It puts
// all tables in one level, where a lookup takes the first table that has the key; so `meta` and `log`, whose records
// are overwritten, are compacted. Of tables in one level it wants that none begins before and ends after another, in
// sequence numbers, as a table of pages and that of a log with some of these do. The keys of `pages` are written once,
// so their order does not matter, and their tables are read one by one.
#include "entente/storage/rocks_salvage.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/rocks_families.h"
#include "entente/storage/system_error.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostSought = 10'000'000;  // commits that are looked for one by one
constexpr size_t kMostDigits = 19;            // of the number of a file
constexpr int kFewestTables = 2;              // that make an id that of the database, where its own file says another

bool is_numbered(const fs::path& name, const char* extension) {
  const std::string stem = name.stem().string();
  return name.extension() == extension && !stem.empty() && stem.size() < kMostDigits &&
         stem.find_first_not_of("0123456789") == std::string::npos;
}

std::string numbered_table(uint64_t number) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%06llu.sst", static_cast<unsigned long long>(number));
  return name.data();
}

/// Keeps what RocksDB says that it leaves out.
class SalvageLogger : public rocksdb::Logger {
 public:
  explicit SalvageLogger(std::vector<std::string>& notes) : notes_(notes) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    const std::string message = text.data();
    const size_t begin = std::min(message.find("Log #"), message.find("Table #"));
    if (begin == std::string::npos) return;
    const bool left_out = message.find("dropping") != std::string::npos || message.find("ignor") != std::string::npos;
    const std::lock_guard lock(mutex_);
    if (left_out && notes_.size() < kMostNotes) notes_.push_back(message.substr(begin));
  }

 private:
  static constexpr size_t kMostNotes = 200;
  std::mutex mutex_;
  std::vector<std::string>& notes_;
};

rocksdb::Options plain_options() {
  rocksdb::Options options;
  options.compression = rocksdb::kNoCompression;
  options.disable_auto_compactions = true;
  return options;
}

}  // namespace

struct RocksSalvage::LooseTable {
  size_t family;
  std::string first = {};  // key, and …
  std::string last = {};   // … the last one; empty where that is not known
  std::unique_ptr<rocksdb::SstFileReader> reader;
  std::unique_ptr<rocksdb::Iterator> records;
};

/// Puts a database together in a folder.
class RocksSalvage::Files {
 public:
  Files(const std::string& path, const std::string& scratch, RocksSalvage& salvage)
      : path_(fs::absolute(path)), scratch_(scratch), folder_(scratch + "/rebuilt"), salvage_(salvage) {}

  void run() {
    make(folder_);
    find_tables();
    const std::string identity = identity_of_database();
    for (Table& table : tables_) take(table, identity);
    add_families();
    rebuild();
    salvage_.store_ = RocksStore::open(folder_, RocksStore::Mode::Read);
  }

 private:
  struct Table {
    std::string name;
    std::unique_ptr<rocksdb::SstFileReader> reader;
    std::shared_ptr<const rocksdb::TableProperties> properties;
  };

  static void make(const std::string& folder) {
    std::error_code error;
    if (!fs::create_directory(folder, error) && error) throw system_error("creating the folder " + folder, error);
  }
  void note(std::string text) { salvage_.notes_.push_back(std::move(text)); }
  void link(const std::string& name) {
    std::error_code error;
    fs::create_symlink(path_ / name, fs::path(folder_) / name, error);
    if (error) throw system_error("linking " + name + " into " + folder_, error);
  }
  void require_ok(const rocksdb::Status& status, const std::string& doing) {
    if (!status.ok())
      throw Error::storage(status.IsNoSpace() ? "DiskFull" : "IO", doing + " failed: " + status.ToString());
  }

  void find_tables() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
      const fs::path name = it->path().filename();
      if (is_numbered(name, ".sst")) names.push_back(name.string());
      if (is_numbered(name, ".log")) link(name.string());
    }
    if (error) note("the folder " + path_.string() + " cannot be read: " + error.message());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      Table table{name, std::make_unique<rocksdb::SstFileReader>(plain_options()), nullptr};
      next_ = std::max<uint64_t>(next_, std::stoull(name) + 1);
      const rocksdb::Status status = table.reader->Open((path_ / name).string());
      if (status.ok()) table.properties = table.reader->GetTableProperties();
      if (table.properties) {
        tables_.push_back(std::move(table));
      } else {
        note("table file " + name + " cannot be read, and what was in it alone is lost: " + status.ToString());
      }
    }
  }

  /// The id of the database, which its tables have too; if its own file is damaged, that which most of them have.
  std::string identity_of_database() const {
    const std::string identity = RocksStore::identity(path_.string());
    std::map<std::string, int> tables;
    for (const Table& table : tables_) ++tables[table.properties->db_id];
    const auto most = std::max_element(tables.begin(), tables.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const bool known = most == tables.end() || tables.contains(identity);
    return known || most->second < kFewestTables ? identity : most->first;
  }

  void take(Table& table, const std::string& identity) {
    const rocksdb::TableProperties& properties = *table.properties;
    const auto* family = std::find(kFamilyNames.begin(), kFamilyNames.end(), properties.column_family_name);
    const bool foreign = !properties.db_id.empty() && properties.db_id != identity;
    if (foreign || family == kFamilyNames.end()) {
      return note("table file " + table.name + " is of another database" +
                  (foreign ? " (" + properties.db_id + ", where this one is " + identity + ")" : std::string()) +
                  " and was left out");
    }
    const rocksdb::Status status = table.reader->VerifyChecksum();
    if (status.ok() && *family != kFamilyNames[kPages]) return link(table.name);
    if (!status.ok())
      note("table file " + table.name +
           " is damaged; what can be read of it was used where nothing else has it: " + status.ToString());
    auto loose = std::make_unique<LooseTable>();
    loose->family = static_cast<size_t>(family - kFamilyNames.begin());
    loose->reader = std::move(table.reader);
    loose->records.reset(loose->reader->NewIterator({}));
    if (!status.ok()) return salvage_.loose_.push_back(std::move(loose));
    loose->records->SeekToFirst();
    if (loose->records->Valid()) loose->first = loose->records->key().ToString();
    loose->records->SeekToLast();
    if (loose->records->Valid()) loose->last = loose->records->key().ToString();
    salvage_.loose_.insert(salvage_.loose_.begin(), std::move(loose));  // before what is damaged
  }

  /// Their records are those that no database has; that of `log` is there from the beginning.
  void add_families() {
    const std::string made = scratch_ + "/families";
    const auto store = RocksStore::open(made, RocksStore::Mode::Create);
    store->put_pages(std::vector<PageRecord>{{PageKey{}, ""}}, {"none", ""});
    store->commit({.put_meta = {{"none", ""}}});
    store->flush();
    store->close();
    std::vector<fs::path> tables;
    for (const auto& entry : fs::directory_iterator(made)) {
      if (entry.path().extension() == ".sst") tables.push_back(entry.path());
    }
    for (const fs::path& table : tables) fs::rename(table, fs::path(folder_) / numbered_table(next_++));
    fs::remove_all(made);
  }

  void rebuild() {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    families.reserve(kFamilyNames.size());
    for (const char* name : kFamilyNames) families.emplace_back(name, plain_options());
    rocksdb::DBOptions options = plain_options();
    options.info_log = std::make_shared<SalvageLogger>(salvage_.notes_);
    require_ok(rocksdb::RepairDB(folder_, options, families), "reading the tables and logs in " + path_.string());
    rocksdb::DB* opened = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    require_ok(rocksdb::DB::Open(options, folder_, families, &handles, &opened), "opening what was read");
    const std::unique_ptr<rocksdb::DB> db(opened);
    rocksdb::Status status;
    for (const size_t family : {kDefault, kMeta, kLog}) {
      if (status.ok()) status = db->CompactRange({}, handles[family], nullptr, nullptr);
    }
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
    const rocksdb::Status closed = db->Close();
    require_ok(status.ok() ? closed : status, "putting together what was read");
  }

  const fs::path path_;
  const std::string scratch_;
  const std::string folder_;
  RocksSalvage& salvage_;
  std::vector<Table> tables_;
  uint64_t next_ = 1;  // number of a table that is made
};

RocksSalvage::RocksSalvage(const std::string& path, const std::string& scratch, uint64_t last_commit)
    : last_commit_(last_commit) {
  Files(path, scratch, *this).run();
}

RocksSalvage::~RocksSalvage() = default;

std::vector<std::string> RocksSalvage::find(size_t family, std::string_view key) const {
  std::vector<std::string> values;
  const std::lock_guard lock(mutex_);
  const rocksdb::Slice wanted(key.data(), key.size());
  for (const std::unique_ptr<LooseTable>& table : loose_) {
    if (table->family != family || (!table->last.empty() && (key < table->first || key > table->last))) continue;
    if (!table->records->status().ok()) table->records.reset(table->reader->NewIterator({}));
    table->records->Seek(wanted);
    if (table->records->Valid() && table->records->key() == wanted)
      values.push_back(table->records->value().ToString());
  }
  return values;
}

std::vector<std::string> RocksSalvage::meta_candidates(std::string_view name) const {
  std::vector<std::string> records;
  if (auto record = store_->get_meta(name)) records.push_back(std::move(*record));
  if (auto copy = store_->get_meta_copy(name)) records.push_back(std::move(*copy));
  for (const size_t family : {kMeta, kDefault}) {
    for (std::string& record : find(family, name)) records.push_back(std::move(record));
  }
  return records;
}

std::optional<AlignedBytes> RocksSalvage::get_page(const PageKey& key) const {
  if (auto page = store_->get_page(key)) return page;
  const std::vector<std::string> found = find(kPages, encode_page_key(key));
  return found.empty() ? std::nullopt : std::optional<AlignedBytes>(std::string_view(found.front()));
}

std::optional<std::string> RocksSalvage::get_meta(std::string_view name) const {
  std::vector<std::string> records = meta_candidates(name);
  return records.empty() ? std::nullopt : std::optional(std::move(records.front()));
}

std::vector<PageStore::MetaRecord> RocksSalvage::list_meta(std::string_view prefix) const {
  return store_->list_meta(prefix);
}

void RocksSalvage::read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const {
  uint64_t next = from;
  bool more = true;
  const bool some_damaged = std::any_of(loose_.begin(), loose_.end(),
                                        [](const std::unique_ptr<LooseTable>& table) { return table->family == kLog; });
  const auto look_up_to = [&](uint64_t end) {  // in damaged tables
    if (!some_damaged) return;
    for (end = std::min(end, next + kMostSought); more && next < end; ++next) {
      const std::vector<std::string> found = find(kLog, encode_log_key(next));
      if (!found.empty()) more = fn(next, found.front());
    }
  };
  store_->read_log(from, [&](uint64_t commit, std::string_view record) {
    look_up_to(commit);
    next = commit + 1;
    more = more && fn(commit, record);
    return more;
  });
  look_up_to(last_commit_ + 1);
}

namespace {
[[noreturn]] void refuse_to_write() { throw Error::storage("ReadOnly", "what is saved of a database is only read"); }
}  // namespace

void RocksSalvage::put_pages(std::span<const PageRecord>, const MetaRecord&) { refuse_to_write(); }
void RocksSalvage::append_log(std::span<const LogRecord>, bool) { refuse_to_write(); }
void RocksSalvage::commit(const Batch&) { refuse_to_write(); }

}  // namespace entente
