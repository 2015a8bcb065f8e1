// GraphStorage: a graph that lasts. The header to start with in this folder.
//
// It opens the database at a path, gives the graph in it (as the version of the last checkpoint and the commits of the
// log since; pages are read when they are first touched), makes each commit durable, and writes checkpoints in the
// background.
//
// One GraphStorage at a time may have a database open for writing (LockError.Locked tells who has); any number, also in
// other processes, may have it open for reading, and see it as it was when they opened it.
//
// Ownership: it owns the GraphStore. Snapshots may outlive it, but pages that they have not touched cannot be read
// after close() (StorageError.Closed).
//
// Thread safety: all functions may be called from any thread, but not at the same time as the destructor; close() waits
// for a checkpoint under way, and commits that come later are refused.
//
// Errors are entente::Error: StorageError with NotFound, NotADatabase, FormatVersion, Corrupt, LostCommits, ReadOnly,
// Closed, DiskFull or IO, and LockError.Locked. An error of a background checkpoint is kept, and thrown by the next
// commit (which then has not happened) or by close().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "entente/core/graph_store.h"

namespace rocksdb {
class Env;
}

namespace entente {

struct OpenOptions {
  bool read_only = false;
  bool create_if_missing = true;  // not with read_only
  Durability durability = Durability::Sync;
  /// A checkpoint is written in the background when the log since the last one has so many bytes or commits; 0: never.
  uint64_t checkpoint_log_bytes = uint64_t{64} << 20;
  uint64_t checkpoint_commits = 20'000;
  bool checkpoint_on_close = true;
  /// Writing stops (DiskFull) while the disk has fewer bytes left.
  uint64_t min_free_bytes = uint64_t{64} << 20;
  /// The most threads that encode the pages of a bulk load.
  unsigned threads = 1;
  /// How many bytes of the arrays of pages that are read are to stay in memory; the rest comes back from a nameless
  /// file in `page_folder`. 0: all stay, in ordinary memory.
  size_t page_memory = 0;
  std::string page_folder = {};
  /// Open a database that has lost commits (LostCommits) as far as it can be read.
  bool accept_lost_commits = false;
  /// For tests of faults: through what RocksDB reaches its files (see RocksStore::open). Null: the system's.
  rocksdb::Env* environment = nullptr;
};

class GraphStorage final : public CommitLog {
 public:
  static std::unique_ptr<GraphStorage> open(const std::string& path, const OpenOptions& options = {});
  /// Closes; errors are lost, so that whoever wants to know of them calls close() before.
  ~GraphStorage() override;

  GraphStore& graph() { return *graph_; }
  const std::string& path() const;
  bool read_only() const;

  /// Writes a checkpoint of the current version, and returns when it is durable.
  void checkpoint();
  /// Writes a checkpoint if there is a log, closes the files and gives up the lock. A second call does nothing.
  void close();

  struct Info {
    uint32_t format = 0;
    uint64_t stored_version = 0;  // of the last checkpoint
    uint64_t replayed = 0;        // commits that opening read from the log
    uint64_t dropped = 0;         // records at the end of the log that were damaged and never acknowledged
    uint64_t log_commits = 0;     // since the last checkpoint
    uint64_t log_bytes = 0;
    uint64_t checkpoints = 0;  // written since opening
    uint64_t failed_checkpoints = 0;
    uint64_t kept_pages = 0;  // superseded, on disk as long as a snapshot may load them
    uint64_t disk_bytes = 0;
  };
  Info info() const;

  /// The version that a database has now, read without following what comes after it. The files stay open as long as
  /// there is a snapshot that may read pages from them.
  struct StoredVersion {
    SnapshotPtr snapshot;
    Info info;
  };
  static StoredVersion read_version(const std::string& path);

  // As a CommitLog, for the GraphStore.
  void append(std::span<const Record> records) override;
  void store_whole(const Snapshot& snapshot) override;

 private:
  struct State;
  class Opening;

  explicit GraphStorage(std::unique_ptr<State> state);
  void check_writable() const;
  void check_space() const;
  void throw_background_error();
  void write_checkpoint(const Snapshot* whole);
  void advance_mark(uint64_t commit);
  void after_durable(const std::function<void()>& step);
  void run_checkpoints();

  std::unique_ptr<State> state_;
  std::unique_ptr<GraphStore> graph_;
};

}  // namespace entente
