// RocksSalvage: the records that the files of a database still give, whether RocksDB can open it or not.
//
// What RocksDB keeps about its files (CURRENT, MANIFEST, OPTIONS) is not needed: a new database is made of the tables
// and write-ahead logs that are there. Each record carries its sequence number, so that the newest of each key counts
// and what was deleted stays deleted. Tables of pages do not go into it and are read as they are. Those that are
// damaged do not either; what can be read of them is given for records that are nowhere else. Tables of another
// database are left out.
//
// The new database is made in a folder of its own, of links to the tables; the old one stays as it is.
//
// Thread-safe. It writes nothing: functions that write throw StorageError.ReadOnly.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "entente/storage/rocks_store.h"

namespace entente {

class RocksSalvage final : public PageStore {
 public:
  /// `path` has RocksDB's files; `scratch` is an empty folder, whose files are needed as long as this lives. Commits
  /// are looked for up to `last_commit` also where the log has none. Throws StorageError.IO or .DiskFull.
  RocksSalvage(const std::string& path, const std::string& scratch, uint64_t last_commit);
  ~RocksSalvage() override;

  /// What is wrong with the files, a sentence each.
  const std::vector<std::string>& notes() const { return notes_; }
  /// Whatever may be the newest record of the name: that of `meta`, its copy, and those of damaged tables.
  std::vector<std::string> meta_candidates(std::string_view name) const;

  std::optional<AlignedBytes> get_page(const PageKey& key) const override;
  std::optional<std::string> get_meta(std::string_view name) const override;
  std::vector<MetaRecord> list_meta(std::string_view prefix) const override;
  void read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const override;
  void put_pages(std::span<const PageRecord> pages, const MetaRecord& list) override;
  void append_log(std::span<const LogRecord> records, bool sync) override;
  void commit(const Batch& batch) override;
  void flush() override {}
  uint64_t disk_bytes() const override { return store_->disk_bytes(); }
  void close() override { store_->close(); }

 private:
  class Files;
  struct LooseTable;

  /// All values that loose tables of the family have under the key.
  std::vector<std::string> find(size_t family, std::string_view key) const;

  std::vector<std::string> notes_;
  uint64_t last_commit_;
  std::shared_ptr<RocksStore> store_;
  mutable std::mutex mutex_;                        // guards the tables
  std::vector<std::unique_ptr<LooseTable>> loose_;  // that are not in the new database
};

}  // namespace entente
