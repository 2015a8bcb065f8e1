// Reading CSV (RFC 4180) in place: cells are ranges of the text, nothing is copied.
//
// Records end with "\n" or "\r\n"; cells may be quoted, with quotes doubled inside, and may then hold line ends and
// delimiters. A quote within a cell that does not begin with one stands for itself. A byte-order mark is skipped, and
// so are empty lines. CsvReader is used by one thread; the text must outlive it and the cells that it gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/statement_limits.h"

namespace entente {

/// A cell as a range of the file, in 8 bytes. Quotes around a cell are not part of the range.
class CsvCell {
 public:
  static constexpr uint32_t kLengthBits = 25;  // 32 MiB a cell
  static constexpr uint32_t kOffsetBits = 37;  // 128 GiB a file
  static constexpr uint64_t kMaxLength = (uint64_t{1} << kLengthBits) - 1;
  static constexpr uint64_t kMaxOffset = (uint64_t{1} << kOffsetBits) - 1;

  CsvCell() = default;
  CsvCell(uint64_t offset, uint64_t length, bool quoted, bool doubled)
      : bits_(offset << (kLengthBits + 2) | length << 2 | (quoted ? 2 : 0) | (doubled ? 1 : 0)) {}

  bool quoted() const { return (bits_ & 2) != 0; }
  bool empty() const { return length() == 0; }
  /// The text; where quotes are doubled it is put together in `scratch`.
  std::string_view text(std::string_view file, std::string& scratch) const;

 private:
  uint64_t offset() const { return bits_ >> (kLengthBits + 2); }
  uint64_t length() const { return bits_ >> 2 & kMaxLength; }
  bool doubled() const { return (bits_ & 1) != 0; }

  uint64_t bits_ = 0;
};

static_assert(CsvCell::kLengthBits + CsvCell::kOffsetBits + 2 == 64);

class CsvReader {
 public:
  /// Of a file, or of a part of it that begins with the record on `first_line`: a byte-order mark stands on line 1
  /// only. Throws Error ImportError.TooLarge for files past CsvCell::kMaxOffset.
  CsvReader(std::string_view file, char delimiter, uint64_t first_line = 1);

  /// Limits that are looked at while a long record is read; they must outlive it. They are to leave room for the text
  /// and the cells.
  void set_limits(StatementLimits& limits) { limits_ = &limits; }

  /// Goes on with another text, of which it is the begin.
  void restart(std::string_view file, uint64_t first_line);

  enum class Status { Record, Malformed, End };
  /// The next record. After a malformed one reading goes on at the next line.
  Status next();

  const std::vector<CsvCell>& cells() const { return cells_; }
  std::string_view text(const CsvCell& cell, std::string& scratch) const { return cell.text(file_, scratch); }
  /// What is wrong with a malformed record.
  const std::string& problem() const { return problem_; }
  /// Whether the malformed record is one whose quote was still open at the end of the text.
  bool unclosed() const { return unclosed_; }
  /// The line, from 1, on which the record begins.
  uint64_t line() const { return record_line_; }
  /// The record as it stands in the file, without its line end.
  std::string_view record() const;
  /// Where in the text the record begins.
  uint64_t record_begin() const { return record_begin_; }
  /// How far reading has come, in bytes.
  uint64_t position() const { return at_; }
  size_t held_bytes() const { return cells_.capacity() * sizeof(CsvCell); }

 private:
  bool read_quoted();
  bool read_plain();
  void add_cell(CsvCell cell);
  bool end_cell();
  Status malformed(std::string problem);

  std::string_view file_;
  char delimiter_;
  StatementLimits* limits_ = nullptr;
  uint64_t at_ = 0;
  uint64_t line_ = 1;
  uint64_t record_begin_ = 0;
  uint64_t record_line_ = 0;
  bool record_ended_ = false;
  bool unclosed_ = false;
  std::vector<CsvCell> cells_;
  std::string problem_;
};

}  // namespace entente
