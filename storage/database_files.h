// Where a database keeps its files, and whether a path holds one.
//
//   PATH/LOCK.entente       who has the database open for writing
//   PATH/COMMITTED.entente  the commit mark; its presence tells that the database was created completely
//   PATH/RESTORING.entente  a backup is being restored, or was when the process ended: the rest is not whole
//   PATH/rocksdb/           the files of RocksDB
#pragma once

#include <cstdint>
#include <string>

namespace entente {

/// Throws StorageError.IO.
void sync_folder(const std::string& path);

struct DatabaseFiles {
  enum class State {
    Missing,     // no such path, or an empty folder
    Unfinished,  // creation was begun; there may be database files or not, and no commit mark; after the end of the
                 // machine perhaps the folder for RocksDB's files alone, empty
    Present,
  };

  explicit DatabaseFiles(const std::string& path);

  std::string path;
  std::string lock;
  std::string mark;
  std::string restoring;
  std::string rocksdb;

  /// Throws StorageError.NotADatabase if the path is something else, or a restoration that was not finished.
  State state() const;
  /// Whether RocksDB's files are there.
  bool has_rocksdb() const;
  // Each makes its folder durably, unless it is there. The folder above the path must exist. The lock is taken in
  // between.
  void create_folder() const;
  void create_rocksdb_folder() const;
  /// Bytes that can still be written on the disk of the path.
  uint64_t free_bytes() const;
};

}  // namespace entente
