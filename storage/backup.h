// Backups: versions of a database in a folder of their own, each a file that holds what the files before it lack.
//
// A backup is a version as a reader of this moment sees it: the manifest, its pages, and the log since. It needs no
// lock, so the database may be open for writing, here or in another process, and is not disturbed. Pages never change,
// so a page that the backup before has is not stored again but referred to; a file must therefore be kept as long as
// there is a later one. Every record carries the checksum that it has in the database; it is verified when it is read
// from the database, when a backup is verified, and when it is restored.
//
// The format is told in FORMAT.md. A backup appears under its name when it is whole and durable, or not at all.
//
// Thread safety: these functions may be called from any thread. Two backups into one folder at the same time: the
// second is refused (LockError.Locked).
//
// Errors: StorageError.NotFound, .Corrupt (naming what is damaged), .LostCommits, .FormatVersion, .DiskFull, .IO,
// .Exists (a database is to be restored where something is).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rocksdb {
class Env;
}

namespace entente {

struct StoredBackup {
  uint32_t number = 0;     // 1, 2, …
  uint64_t version = 0;    // commits
  int64_t time = 0;        // seconds since 1970
  uint64_t pages = 0;      // of the version
  uint64_t new_pages = 0;  // in this backup's file
  uint64_t commits = 0;    // in the log
  uint64_t bytes = 0;      // of this backup's file
};

/// Adds a backup of the database to the folder, which is created if it is not there. Tests of faults give an
/// environment, here and below (see RocksStore::open).
StoredBackup back_up(const std::string& database, const std::string& folder, rocksdb::Env* environment = nullptr);

/// The backups in the folder, by number. Reads their indexes and none of their records.
std::vector<StoredBackup> list_backups(const std::string& folder);

/// Reads a backup through and verifies every checksum. `number` 0: the last one.
StoredBackup verify_backup(const std::string& folder, uint32_t number = 0);

/// Makes a database of a backup, at a path where there is nothing, or an empty folder. If it fails, there is no
/// database afterwards, and nothing that keeps one from restoring there again.
StoredBackup restore_backup(const std::string& folder, const std::string& database, uint32_t number = 0,
                            rocksdb::Env* environment = nullptr);

}  // namespace entente
