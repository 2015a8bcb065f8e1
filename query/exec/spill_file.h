// Rows on disk, for operators that hold more than the memory budget leaves them.
//
// A SpillFile is a temporary file without a name: the system takes it away with the process, however that ends. Rows
// are written to it in blocks and read back in any order. Used by one thread.
//
// Errors: ResourceError.SpillFailed, for what the system refuses (no space, no such folder).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"

namespace entente {

class SpillFile {
 public:
  /// Where a block is.
  struct Block {
    uint64_t offset = 0;
    uint64_t length = 0;
    uint32_t rows = 0;
  };

  /// In the context's folder for temporary files.
  explicit SpillFile(const ExecContext& context);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Writes the rows with all their columns.
  Block write(const Batch& rows);
  /// The same rows, in columns of their own; texts in pages of the version that is read are referred to.
  Batch read(const Block& block) const;

 private:
  [[noreturn]] void fail(const char* doing) const;

  std::string folder_;
  int file_ = -1;
  uint64_t length_ = 0;
  std::string buffer_;  // of one block
  mutable std::string read_buffer_;
};

/// Whether an operator is to write what it holds to disk: the statement has a memory limit, and the operator holds a
/// quarter of it or more. (Vectors take up to twice what is counted, and half as much again while they grow.)
bool should_spill(const ExecContext& context, size_t held_bytes);

}  // namespace entente
