// RocksStore: the PageStore that keeps its records in RocksDB.
//
// Three column families: `meta`, `pages` (LZ4) and `log`. Keys are those of key_codec.h. This file pair is the only one
// that knows RocksDB; its Status becomes entente::Error here.
//
// A store opened for reading sees the database as it was at opening, whatever a writer in another process does
// meanwhile; it keeps all its files open, so that their deletion by the writer does not matter. It writes nothing.
#pragma once

#include <memory>
#include <string>

#include "entente/storage/page_store.h"

namespace entente {

class RocksStore final : public PageStore {
 public:
  enum class Mode { Read, Write, Create };

  /// Create also opens what is there already. Throws StorageError.
  static std::shared_ptr<RocksStore> open(const std::string& path, Mode mode);
  ~RocksStore() override;

  std::optional<AlignedBytes> get_page(const PageKey& key) const override;
  std::optional<std::string> get_meta(std::string_view name) const override;
  std::vector<MetaRecord> list_meta(std::string_view prefix) const override;
  void read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const override;
  void put_pages(std::span<const PageRecord> pages, const MetaRecord& list) override;
  void append_log(std::span<const LogRecord> records, bool sync) override;
  void commit(const Batch& batch) override;
  void flush() override;
  uint64_t disk_bytes() const override;
  void close() override;

 private:
  struct Impl;
  explicit RocksStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente
