#include "entente/query/csv.h"

#include <algorithm>

#include "entente/core/error.h"

namespace entente {

std::string_view CsvCell::text(std::string_view file, std::string& scratch) const {
  const std::string_view raw = file.substr(offset(), length());
  if (!doubled()) return raw;
  scratch.clear();
  for (size_t i = 0; i < raw.size(); ++i) {
    scratch += raw[i];
    if (raw[i] == '"') ++i;
  }
  return scratch;
}

CsvReader::CsvReader(std::string_view file, char delimiter, uint64_t first_line) : delimiter_(delimiter) {
  restart(file, first_line);
}

void CsvReader::restart(std::string_view file, uint64_t first_line) {
  if (file.size() > CsvCell::kMaxOffset) {
    throw Error("ImportError", "TooLarge", Phase::Runtime,
                "A file of more than 128 GiB cannot be imported in one piece; split it");
  }
  file_ = file;
  line_ = first_line;
  at_ = first_line == 1 && file.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

CsvReader::Status CsvReader::next() {
  cells_.clear();
  while (at_ < file_.size() && (file_[at_] == '\n' || (file_[at_] == '\r' && file_.substr(at_, 2) == "\r\n"))) {
    at_ += file_[at_] == '\r' ? 2 : 1;
    ++line_;
  }
  record_begin_ = at_;
  record_line_ = line_;
  if (at_ >= file_.size()) return Status::End;
  record_ended_ = false;
  unclosed_ = false;
  while (!record_ended_) {
    const bool quoted = at_ < file_.size() && file_[at_] == '"';
    if (!(quoted ? read_quoted() : read_plain())) return malformed(std::move(problem_));
  }
  return Status::Record;
}

bool CsvReader::read_plain() {
  const char* begin = file_.data() + at_;
  const char* end = file_.data() + file_.size();
  const char* c = begin;
  while (c != end && *c != delimiter_ && *c != '\n') ++c;
  uint64_t length = static_cast<uint64_t>(c - begin);
  if ((c == end || *c == '\n') && length > 0 && c[-1] == '\r') --length;
  if (length > CsvCell::kMaxLength) {
    problem_ = "a cell is longer than 32 MiB";
    return false;
  }
  add_cell(CsvCell(at_, length, false, false));
  at_ += static_cast<uint64_t>(c - begin);
  return end_cell();
}

bool CsvReader::read_quoted() {
  const uint64_t begin = at_ + 1;
  uint64_t end = begin;
  bool doubled = false;
  while (true) {
    end = file_.find('"', end);
    if (end == std::string_view::npos) {
      unclosed_ = true;
      problem_ = "a quote is opened and never closed";
      return false;
    }
    if (end + 1 >= file_.size() || file_[end + 1] != '"') break;
    doubled = true;
    end += 2;
  }
  const uint64_t after = end + 1;
  const bool ends = after >= file_.size() || file_[after] == delimiter_ || file_[after] == '\n' ||
                    (file_[after] == '\r' && (after + 1 >= file_.size() || file_[after + 1] == '\n'));
  if (!ends) {
    problem_ = "text follows a closing quote (a quote within quotes is written twice)";
    return false;
  }
  if (end - begin > CsvCell::kMaxLength) {
    problem_ = "a cell is longer than 32 MiB";
    return false;
  }
  add_cell(CsvCell(begin, end - begin, true, doubled));
  line_ += static_cast<uint64_t>(
      std::count(file_.begin() + static_cast<ptrdiff_t>(begin), file_.begin() + static_cast<ptrdiff_t>(end), '\n'));
  at_ = after;
  if (at_ < file_.size() && file_[at_] == '\r') ++at_;
  return end_cell();
}

void CsvReader::add_cell(CsvCell cell) {
  if (limits_ != nullptr && cells_.size() == cells_.capacity()) {
    limits_->require(file_.size() + 3 * cells_.capacity() * sizeof(CsvCell));  // the old ones, and twice as many
  }
  cells_.push_back(cell);
}

/// Steps over what stands behind a cell.
bool CsvReader::end_cell() {
  constexpr size_t kSteps = 16;
  if (limits_ != nullptr) limits_->work(kSteps);
  if (at_ >= file_.size()) {
    record_ended_ = true;
  } else if (file_[at_] == '\n') {
    record_ended_ = true;
    ++line_;
    ++at_;
  } else {
    ++at_;  // the delimiter
  }
  return true;
}

CsvReader::Status CsvReader::malformed(std::string problem) {
  problem_ = std::move(problem);
  const size_t end = file_.find('\n', record_begin_);
  at_ = end == std::string_view::npos ? file_.size() : end + 1;
  line_ = record_line_ + 1;
  return Status::Malformed;
}

std::string_view CsvReader::record() const {
  std::string_view text = file_.substr(record_begin_, at_ - record_begin_);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

}  // namespace entente
