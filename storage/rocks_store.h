// RocksStore: the PageStore that keeps its records in RocksDB.
//
// Three column families: `meta`, `pages` (LZ4) and `log`; `default` has a copy of the format's record and the manifest.
// Keys are those of key_codec.h. This file pair, rocks_writer and rocks_salvage alone know RocksDB; its Status
// becomes entente::Error here.
//
// A store opened for reading sees the database as it was at opening, whatever a writer in another process does
// meanwhile; it keeps all its files open, so that their deletion by the writer does not matter. It writes nothing.
//
// A store opened to follow (a RocksDB secondary instance) sees what the writer has written by the last catch_up(). It
// has the meta records and the log, and no pages: the writer deletes pages that it no longer needs, so whoever wants to
// read them in peace opens a store for reading. It writes nothing either.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "entente/storage/page_store.h"

namespace rocksdb {
class Env;
}

namespace entente {

class RocksStore final : public PageStore {
 public:
  enum class Mode { Read, Follow, Write, Create };

  /// Create also opens what is there already. Throws StorageError. Tests give an environment that fails; it is to
  /// outlive the store. Null: that of the system.
  static std::shared_ptr<RocksStore> open(const std::string& path, Mode mode, rocksdb::Env* environment = nullptr);
  ~RocksStore() override;

  /// Sees what was written meanwhile. Only of a store that follows, and not at the same time as other calls.
  void catch_up();

  /// Which database is in the folder: another one has another. Empty if there is none.
  static std::string identity(const std::string& path);
  /// A text that changes whenever something was written to the database in the folder. Opens nothing.
  static std::string state_of_files(const std::string& path);

  std::optional<AlignedBytes> get_page(const PageKey& key) const override;
  std::optional<std::string> get_meta(std::string_view name) const override;
  /// What `default` has of that name.
  std::optional<std::string> get_meta_copy(std::string_view name) const;
  std::vector<MetaRecord> list_meta(std::string_view prefix) const override;
  void read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const override;
  void put_pages(std::span<const PageRecord> pages, const MetaRecord& list) override;
  void append_log(std::span<const LogRecord> records, bool sync) override;
  void commit(const Batch& batch) override;
  void flush() override;
  uint64_t disk_bytes() const override;
  void close() override;

  /// What is wrong with RocksDB's files, a sentence each: blocks whose checksum does not match, and table files that
  /// are missing, too short or too long.
  std::vector<std::string> verify() const;
  /// Names of table files that the database does not refer to. RocksDB deletes them when it opens for writing.
  std::vector<std::string> unknown_tables() const;

 private:
  struct Impl;
  explicit RocksStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente
