// Internal to rocks_store: writing to a database of RocksDB 7.8, moving what is in its memory to tables, and going on
// after the disk was full.
//
// What was written stays in RocksDB's memory, and in its write-ahead log, until it is moved to tables (flushed).
// RocksDB is not let do that when it likes, for what that means when a write fails: see begin_flush().
//
// Thread-safe but for open() and close().
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <thread>

#include "entente/storage/rocks_families.h"

namespace entente {

/// Throws the StorageError for it unless it is ok.
void check(const rocksdb::Status& status, const std::string& doing);

enum class Logged { No, Yes, Synced };

class RocksWriter {
 public:
  using Handles = std::span<rocksdb::ColumnFamilyHandle* const>;

  RocksWriter();
  ~RocksWriter();

  /// To be among the database's listeners.
  std::shared_ptr<rocksdb::EventListener> errors() const;

  /// `path` is for messages. The database and `families`, of which there are kFamilies, outlive close().
  void open(const std::string& path, rocksdb::DB& db, Handles families);
  void close();

  void write(rocksdb::WriteBatch& batch, Logged logged, const std::string& doing);
  /// Returns when what the families had in memory is in tables.
  void move_to_tables(Handles which, const std::string& doing);

 private:
  class ErrorWatch;

  bool holds(size_t times) const;
  void make_room();
  void keep_making_room();
  void settle();
  bool settled() const;
  rocksdb::Status try_settling();
  rocksdb::Status flush(Handles which);
  rocksdb::Status write_nothing(Handles where);
  rocksdb::Status begin_flush(rocksdb::ColumnFamilyHandle* family);
  rocksdb::Status end_flush(rocksdb::ColumnFamilyHandle* family);
  rocksdb::Status wait_while(const std::string& property, rocksdb::ColumnFamilyHandle* family,
                             std::chrono::microseconds every);

  const std::shared_ptr<ErrorWatch> errors_;
  std::string path_;
  rocksdb::DB* db_ = nullptr;
  Handles families_;
  std::atomic<size_t> logged_bytes_{0};    // that are in memory and the write-ahead log, about, …
  std::atomic<size_t> unlogged_bytes_{0};  // … and in memory alone
  std::mutex flushing_;                    // held while families are moved to tables, taken before …
  std::shared_mutex settling_;  // … this, which a write holds shared, and what begins a flush or settles alone
  std::atomic<bool> unsettled_{false};  // a write failed, and may be in the write-ahead log all the same
  std::mutex room_mutex_;               // guards what follows
  std::condition_variable room_wanted_;
  bool wants_room_ = false;
  bool closes_ = false;
  std::thread room_maker_;
};

}  // namespace entente
