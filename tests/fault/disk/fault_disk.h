// FaultDisk: a disk that fails when it is told to, between RocksDB and the files of the system.
//
// It counts the calls that reach it and lets the n-th fail, once or from then on: with an I/O error, because there is
// no space (a part of what was to be written may be in the file then), torn (likewise, as an I/O error), or because the
// power fails. After that nothing is written any more, and lose_power() makes of the files what is left of them: of
// each file what was synced, and of each folder what it was when it was last synced; a part of the rest may be there.
// Blocks of zeros may be at its end; not at that of RocksDB's MANIFEST, which does not stand that (docs/durability.md).
// A file whose sync failed counts as not synced from then on, whatever later syncs say.
//
// It has the files that RocksDB writes (but its log of messages, LOG, of which there is none) and those that storage
// has by itself, the commit mark, the lock and backups: the program is linked so that storage's calls of open, pread,
// pwrite, write, ftruncate, fsync, rename, unlink and statvfs come here (`--wrap`; see tests/CMakeLists.txt). Folders
// are made for good at once, and listing them does not fail but where RocksDB does it.
//
// One at a time in a process. Thread-safe but for the destructor and lose_power().
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace entente {

class FaultDisk {
 public:
  enum class Fault { None, Error, NoSpace, Torn, PowerLoss };
  enum Call : unsigned {
    kWrite = 1,   // bytes are appended
    kSync = 2,    // a file or folder
    kChange = 4,  // a file is made, renamed, deleted, closed
    kRead = 8,    // bytes or sizes; a file is opened for reading; a folder is listed
    kAllCalls = 15,
  };
  struct Plan {
    Fault fault = Fault::None;
    uint64_t at = 0;             // the number of the call, from 1 on
    unsigned calls = kAllCalls;  // which are counted
    bool lasting = false;        // all counted calls after it fail too
    std::string file = {};       // only calls are counted whose path ends so
  };
  enum class Rest { Dropped, Torn };  // of what was not synced

  /// `graveyard` is a folder on the same disk for what is deleted and not synced as such.
  FaultDisk(std::string graveyard, uint64_t seed);
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  rocksdb::Env* environment() const { return environment_.get(); }

  /// Counts from now on.
  void plan(const Plan& plan);
  /// Nothing fails from now on. Not after the power did.
  void lift();
  uint64_t calls() const;
  bool struck() const;
  /// The first call that failed: its kind and file.
  std::string where() const;
  bool powerless() const;
  /// Whether there is no space, and will be none until the fault is lifted.
  bool full() const;

  /// Makes of the files what is left of them, and works again. Whoever had them open has ended.
  void lose_power(Rest rest);

  // For those who stand between, in fault_disk.cc.
  struct FileState {
    uint64_t written = 0;
    uint64_t synced = 0;
    bool doubtful = false;  // a sync has failed
  };
  /// The fault of this call, to be made by the caller, who has the mutex.
  Fault strike(Call call, const std::string& path);
  std::mutex& mutex() { return mutex_; }
  FileState& file(const std::string& path) { return files_[path]; }
  /// How much of so many bytes gets into the file though the call fails.
  size_t part_of(size_t bytes) { return bytes == 0 ? 0 : random_() % bytes; }
  void made(const std::string& path);
  void synced_folder(const std::string& path);
  /// Puts away what is at the path, so that it can be brought back.
  void remove(const std::string& path);
  void rename(const std::string& from, const std::string& to);

 private:
  /// A change of a folder that was not synced yet.
  struct Change {
    enum { Made, Removed, Renamed } kind;
    std::string path;
    std::string other;     // where it was, or where it is put away
    std::string replaced;  // by a renaming: where that is put away, if there was something
    FileState state;       // of what was removed or replaced
  };
  static std::string folder_of(const std::string& path);
  /// Gives where the file at the path is put away; empty if there is none.
  std::string bury(const std::string& path, FileState& state);
  void bring_back(const std::string& grave, const std::string& path, const FileState& state);
  void take_back(const Change& change);

  const std::string graveyard_;
  uint64_t buried_ = 0;
  std::shared_ptr<rocksdb::FileSystem> files_system_;
  std::unique_ptr<rocksdb::Env> environment_;
  mutable std::mutex mutex_;  // guards what follows
  std::mt19937_64 random_;
  Plan plan_;
  uint64_t calls_ = 0;
  bool struck_ = false;
  std::string where_;
  bool powerless_ = false;
  std::map<std::string, FileState> files_;
  std::map<std::string, std::vector<Change>> changes_;  // by folder, oldest first
};

}  // namespace entente
