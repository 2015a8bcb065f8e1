// A CSV file cut into blocks of whole records, so that several threads can parse it.
//
// The file is read once, from its beginning to its end, in large pieces. A record ends at a line end that is not within
// quotes: a block without quotes ends behind its last line end; in any other a CsvReader goes through the records.
// In memory are the blocks that were handed out and live, and what was read of the next one. Used by one thread at a
// time. Errors: ToolError.CannotRead; ImportError.TooLarge for a record of more than kMostRecord bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace entente {

struct CsvBlock {
  /// The records that begin before `size`. What follows was read with them: it may hold the quote that closes one of a
  /// malformed record, of which only the first line is left out.
  std::string text;
  size_t size = 0;
  uint64_t first_line = 1;  // the line of the file on which it begins
  uint64_t end = 0;         // bytes of the file up to its end
};

class CsvBlocks {
 public:
  static constexpr size_t kMostRecord = size_t{256} << 20;

  /// Blocks have about `block_bytes`, or more where a record is longer.
  CsvBlocks(const std::string& path, char delimiter, size_t block_bytes);
  ~CsvBlocks();
  CsvBlocks(const CsvBlocks&) = delete;
  CsvBlocks& operator=(const CsvBlocks&) = delete;

  /// False at the end of the file.
  bool next(CsvBlock& block);
  /// Bytes of the file when it was opened.
  uint64_t size() const { return size_; }

 private:
  void read_up_to(std::string& text, size_t bytes);
  size_t whole_records(const std::string& text) const;

  const std::string path_;
  const char delimiter_;
  const size_t block_bytes_;
  int file_ = -1;
  uint64_t size_ = 0;
  bool ended_ = false;
  std::string begun_;      // what was read behind the last block
  uint64_t line_ = 1;      // on which the next block begins
  uint64_t position_ = 0;  // of the end of the last block
};

}  // namespace entente
