// A CSV file that is read record by record, in pieces: of its text as much is held as the longest record so far takes.
//
// A file that is changed meanwhile gives what is read of it; one that is cut off ends there. Used by one thread.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "entente/core/error.h"
#include "entente/query/csv.h"

namespace entente {

class CsvFile {
 public:
  static constexpr size_t kMostRecordBytes = size_t{256} << 20;

  /// Of a file opened for reading, which is closed in the end whatever happens. `place` is where errors point to in the
  /// statement. Throws Error LoadCsvError.CannotRead, as next() does, which looks at the limits: what it holds beyond
  /// held_bytes() of before must be available.
  CsvFile(int descriptor, std::string shown_name, char delimiter, Span place, StatementLimits& limits);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  /// The next record; its cells stay valid until the next call. As CsvReader's, but that a record of more than
  /// kMostRecordBytes is malformed, and nothing can be read behind it.
  CsvReader::Status next();
  const CsvReader& reader() const { return reader_; }
  const std::string& problem() const { return problem_.empty() ? reader_.problem() : problem_; }
  size_t held_bytes() const { return capacity_ + reader_.held_bytes(); }

 private:
  [[noreturn]] void fail(const std::string& why) const;
  void read_on();
  void reserve(size_t bytes);
  std::string_view piece() const { return {piece_.get(), size_}; }

  int descriptor_;
  std::string shown_name_;
  char delimiter_;
  Span place_;
  StatementLimits& limits_;
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char, Free> piece_;  // of the file, which the reader reads
  size_t size_ = 0;
  size_t capacity_ = 0;
  bool ended_ = false;
  std::string problem_;
  CsvReader reader_;
};

}  // namespace entente
