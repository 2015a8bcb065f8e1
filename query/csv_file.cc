#include "entente/query/csv_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "entente/core/discard.h"

namespace entente {

namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;

}  // namespace

CsvFile::CsvFile(int descriptor, std::string shown_name, char delimiter, Span place, StatementLimits& limits)
    : descriptor_(descriptor),
      shown_name_(std::move(shown_name)),
      delimiter_(delimiter),
      place_(place),
      limits_(limits),
      reader_(piece(), delimiter) {
  reader_.set_limits(limits_);
  struct stat status = {};
  if (fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) return;
  close(descriptor_);
  fail("it is no ordinary file");
}

CsvFile::~CsvFile() {
  close(descriptor_);
  const size_t cells = reader_.held_bytes();
  discard(std::move(reader_), cells);
  discard(std::move(piece_), capacity_);
}

void CsvFile::fail(const std::string& why) const {
  throw Error("LoadCsvError", "CannotRead", Phase::Runtime, "cannot read the file '" + shown_name_ + "': " + why,
              place_);
}

CsvReader::Status CsvFile::next() {
  while (true) {
    const CsvReader::Status status = reader_.next();
    // What reaches to the end of the piece may go on behind it.
    const bool whole = status == CsvReader::Status::Malformed ? !reader_.unclosed() : reader_.position() < size_;
    if (whole || ended_) return status;
    if (size_ - reader_.record_begin() >= kMostRecordBytes) {
      problem_ =
          "a line is longer than 256 MiB" + std::string(reader_.unclosed() ? ", or a quote is never closed" : "");
      return CsvReader::Status::Malformed;
    }
    read_on();
  }
}

/// Reads as much again as is left of the piece, at least kPieceBytes.
void CsvFile::read_on() {
  const uint64_t line = std::max<uint64_t>(1, reader_.line());
  size_ -= reader_.record_begin();
  if (size_ > 0 && reader_.record_begin() > 0) std::memmove(piece_.get(), piece_.get() + reader_.record_begin(), size_);
  const size_t wanted = size_ + std::max(size_, kPieceBytes);
  reserve(wanted);
  while (size_ < wanted) {
    limits_.check();
    const ssize_t got = read(descriptor_, piece_.get() + size_, std::min(wanted - size_, kPieceBytes));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(std::strerror(errno));
    if (got == 0) break;
    size_ += static_cast<size_t>(got);
  }
  ended_ = size_ < wanted;
  reader_.restart(piece(), line);
}

/// Where the system can give the same pages another address, nothing is copied.
void CsvFile::reserve(size_t bytes) {
  if (bytes <= capacity_) return;
  limits_.require(bytes + reader_.held_bytes());
  char* const moved = static_cast<char*>(std::realloc(piece_.get(), bytes));
  if (moved == nullptr) throw std::bad_alloc();
  static_cast<void>(piece_.release());
  piece_.reset(moved);
  capacity_ = bytes;
}

}  // namespace entente
