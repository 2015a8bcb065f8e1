// PageStore: what Entente needs of whatever keeps its bytes. This is the whole contract of a backend.
//
// A store holds three kinds of records, all opaque to it: pages (by PageKey), meta records (by name) and log records
// (by commit number). It verifies nothing: checksums are the callers'. RocksStore is the backend in use.
//
// Durability. `commit`, and `append_log` with `sync`, are durable when they return, and with them every earlier call of
// these two. Without `sync` the records of a log survive the end of the process, but perhaps not that of the machine;
// what survives of these calls is always a prefix of them. Each is atomic: after a crash all of it is there or nothing.
// Pages are durable once a `commit` that follows has returned. After a crash before that some of them may be there,
// and then so is their list.
//
// Thread safety. All functions may be called from any thread at any time; `close` waits for the calls under way.
//
// Errors. Everything throws entente::Error StorageError: `IO` for what the system refused, `Corrupt` for damage that
// the backend itself found, `Closed` after close(), `ReadOnly` for writing to a store that was opened for reading.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/page.h"
#include "entente/storage/aligned_bytes.h"

namespace entente {

class PageStore {
 public:
  struct PageRecord {
    PageKey key;
    std::string bytes;
  };
  struct LogRecord {
    uint64_t commit;
    std::string bytes;
  };
  using MetaRecord = std::pair<std::string, std::string>;  // name, bytes

  /// A change of meta records and what hangs on them. A page or log record that is not there may be deleted.
  struct Batch {
    std::vector<MetaRecord> put_meta = {};
    std::vector<std::string> delete_meta = {};
    std::vector<PageKey> delete_pages = {};
    std::optional<uint64_t> drop_log_through = {};  // all records up to and including this commit
    std::optional<uint64_t> drop_log_from = {};     // all records from this commit on
  };

  virtual ~PageStore() = default;

  /// No value if there is no such page.
  virtual std::optional<AlignedBytes> get_page(const PageKey& key) const = 0;
  virtual std::optional<std::string> get_meta(std::string_view name) const = 0;
  /// All meta records whose name begins with `prefix`, sorted by name.
  virtual std::vector<MetaRecord> list_meta(std::string_view prefix) const = 0;
  /// Calls fn for each log record from a commit on, in order, until it gives false.
  virtual void read_log(uint64_t from,
                        const std::function<bool(uint64_t commit, std::string_view bytes)>& fn) const = 0;

  /// Writes pages and the meta record that lists them. The keys are new.
  virtual void put_pages(std::span<const PageRecord> pages, const MetaRecord& list) = 0;
  virtual void append_log(std::span<const LogRecord> records, bool sync) = 0;
  /// Synced.
  virtual void commit(const Batch& batch) = 0;

  /// Moves what was written out of the write-ahead log, so that the next opening has less to read.
  virtual void flush() = 0;
  /// Bytes on disk, about.
  virtual uint64_t disk_bytes() const = 0;
  /// Nothing may be read or written afterwards. Called twice, the second call does nothing.
  virtual void close() = 0;
};

}  // namespace entente
