// The files of a backup: writing one, and reading the index and the records of one. See FORMAT.md.
//
// What is damaged throws StorageError.Corrupt naming the file; what the system refuses StorageError.IO or .DiskFull.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/page.h"

namespace entente {

/// Where a record is.
struct BackupPlace {
  uint32_t file = 0;  // the number of the backup that stored it
  uint64_t offset = 0;
  uint64_t length = 0;
};

struct BackupIndex {
  struct PageEntry {
    PageKey key;
    uint64_t checksum = 0;  // with which the record begins
    BackupPlace place;
  };
  struct LogEntry {
    uint64_t commit = 0;
    BackupPlace place;
  };
  uint32_t number = 0;
  uint32_t format = 0;  // of the database
  uint64_t version = 0;
  int64_t time = 0;
  std::string manifest;          // its record
  std::vector<PageEntry> pages;  // sorted by key
  std::vector<LogEntry> log;     // in order
};

std::string backup_file_name(const std::string& folder, uint32_t number);
/// The numbers of the backups in a folder, in order; none if there is no such folder.
std::vector<uint32_t> backup_numbers(const std::string& folder);

/// A backup that is being written; it goes away unless it is finished.
class BackupWriter {
 public:
  BackupWriter(const std::string& folder, uint32_t number);
  ~BackupWriter();
  BackupWriter(const BackupWriter&) = delete;
  BackupWriter& operator=(const BackupWriter&) = delete;

  BackupPlace add(std::string_view record);
  /// Durable under its name when it returns; gives the length of the file.
  uint64_t finish(const BackupIndex& index);

 private:
  void write(std::string_view bytes);
  void flush();

  std::string folder_;
  std::string name_;
  std::string part_;
  uint32_t number_;
  int file_ = -1;
  uint64_t length_ = 0;  // with what is in the buffer
  std::string buffer_;
};

/// A backup that is there. Used by one thread at a time.
class BackupReader {
 public:
  BackupReader(const std::string& folder, uint32_t number);
  ~BackupReader();
  BackupReader(const BackupReader&) = delete;
  BackupReader& operator=(const BackupReader&) = delete;

  uint64_t length() const { return length_; }
  BackupIndex index() const;
  std::string read(uint64_t offset, uint64_t length) const;

 private:
  std::string name_;
  uint32_t number_;
  int file_ = -1;
  uint64_t length_ = 0;
};

}  // namespace entente
