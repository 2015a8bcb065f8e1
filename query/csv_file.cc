#include "entente/query/csv_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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
      reader_(piece_, delimiter) {
  reader_.set_limits(limits_);
  struct stat status = {};
  if (fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) return;
  close(descriptor_);
  fail("it is no ordinary file");
}

CsvFile::~CsvFile() { close(descriptor_); }

void CsvFile::fail(const std::string& why) const {
  throw Error("LoadCsvError", "CannotRead", Phase::Runtime, "cannot read the file '" + shown_name_ + "': " + why,
              place_);
}

CsvReader::Status CsvFile::next() {
  while (true) {
    const CsvReader::Status status = reader_.next();
    // What reaches to the end of the piece may go on behind it.
    const bool whole =
        status == CsvReader::Status::Malformed ? !reader_.unclosed() : reader_.position() < piece_.size();
    if (whole || ended_) return status;
    if (piece_.size() - reader_.record_begin() >= kMostRecordBytes) {
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
  piece_.erase(0, reader_.record_begin());
  size_t filled = piece_.size();
  const size_t wanted = filled + std::max(filled, kPieceBytes);
  piece_.reserve(wanted);
  while (filled < wanted) {
    limits_.check();
    piece_.resize(std::min(wanted, filled + kPieceBytes));
    const ssize_t got = read(descriptor_, piece_.data() + filled, piece_.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(std::strerror(errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  ended_ = filled < wanted;
  piece_.resize(filled);
  reader_ = CsvReader(piece_, delimiter_, line);
  reader_.set_limits(limits_);
}

}  // namespace entente
