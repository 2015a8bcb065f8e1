// CommitMark: a small file that tells the highest commit that was acknowledged, beside the database files.
//
// The database's own write-ahead log cannot tell a damaged record from one that was being written when the machine
// stopped: both end it. The mark can: it is moved on after a commit is durable and before it is acknowledged, so that a
// database that holds fewer commits than its mark has lost some, and says so. It is not synced at each commit (that
// would double its cost), and so may lag behind after a crash of the machine, but is never ahead.
//
// The file has two slots of 24 bytes, written in turn: magic, commit number, checksum. The valid slot with the higher
// number counts. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <string>

namespace entente {

class CommitMark {
 public:
  enum class Mode { Read, Write };

  /// Write creates the file if there is none. Reading a file that is not there gives the mark 0.
  /// Throws StorageError.IO or .DiskFull.
  CommitMark(const std::string& path, Mode mode);
  ~CommitMark();
  CommitMark(const CommitMark&) = delete;
  CommitMark& operator=(const CommitMark&) = delete;

  uint64_t value() const { return value_; }
  /// Nothing happens unless the number is above the value.
  void advance(uint64_t commit);
  /// Sets it back, for one who accepts the loss.
  void reset(uint64_t commit);

 private:
  void write(uint64_t commit);

  std::string path_;
  int file_ = -1;
  uint64_t value_ = 0;
  unsigned slot_ = 0;  // to be written next
};

}  // namespace entente
