// LockFile: at most one writer a database, and the second one is told who the first is.
//
// The file holds lines `pid`, `host`, `program` and `since` of the process that last locked it; what counts is the lock
// that the system keeps on the open file (flock), which ends with the process however it ends. The file itself stays.
#pragma once

#include <sys/types.h>

#include <string>

namespace entente {

class LockFile {
 public:
  /// Creates the file if there is none. Throws LockError.Locked naming the holder if it is locked, also by this
  /// process, and StorageError.IO or .DiskFull.
  explicit LockFile(const std::string& path);
  ~LockFile();
  /// Throws LockError.Locked likewise, and changes nothing. A file that is not there is not locked.
  static void require_free(const std::string& path);
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  int file_ = -1;
  pid_t process_;  // that has locked it
};

}  // namespace entente
