#include "entente/tools/import_blocks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "entente/core/error.h"
#include "entente/query/csv.h"

namespace entente {
namespace {

constexpr size_t kMostRead = size_t{1} << 30;  // bytes that one call of read() is asked for

Error cannot_read(const std::string& path, const std::string& why) {
  return {"ToolError", "CannotRead", Phase::Runtime, "Cannot read the file '" + path + "': " + why};
}

}  // namespace

CsvBlocks::CsvBlocks(const std::string& path, char delimiter, size_t block_bytes)
    : path_(path), delimiter_(delimiter), block_bytes_(block_bytes) {
  file_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file_ < 0) throw cannot_read(path, std::strerror(errno));
  struct stat status = {};
  if (fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(file_);
    throw cannot_read(path, "it is no ordinary file");
  }
  size_ = static_cast<uint64_t>(status.st_size);
  posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

CsvBlocks::~CsvBlocks() { close(file_); }

/// Reads on until the text has so many bytes or the file ends.
void CsvBlocks::read_up_to(std::string& text, size_t bytes) {
  size_t have = text.size();
  text.resize(std::max(have, bytes));
  while (!ended_ && have < bytes) {
    const ssize_t got = read(file_, text.data() + have, std::min(bytes - have, kMostRead));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw cannot_read(path_, std::strerror(errno));
    ended_ = got == 0;
    have += static_cast<size_t>(got);
  }
  text.resize(have);
}

/// The bytes of the records at the beginning of the text that end in it, whatever follows.
size_t CsvBlocks::whole_records(const std::string& text) const {
  if (std::memchr(text.data(), '"', text.size()) == nullptr) return text.rfind('\n') + 1;
  CsvReader reader(text, delimiter_, line_);
  for (size_t end = 0;; end = reader.position()) {
    const CsvReader::Status status = reader.next();
    const bool cut_off = reader.position() == text.size() && text.back() != '\n';
    if (status == CsvReader::Status::End || cut_off || reader.unclosed()) return end;
  }
}

bool CsvBlocks::next(CsvBlock& block) {
  std::string& text = block.text;
  text = std::move(begun_);
  begun_.clear();
  size_t whole = 0;
  for (size_t wanted = block_bytes_; whole == 0; wanted = 2 * text.size()) {
    read_up_to(text, wanted);
    if (text.empty()) return false;
    whole = ended_ ? text.size() : whole_records(text);
    if (whole > 0 || text.size() < kMostRecord) continue;
    whole = text.find('\n') + 1;  // a quote that is never closed, which the block's reader will say
    if (whole == 0 || whole > kMostRecord) {
      throw Error("ImportError", "TooLarge", Phase::Runtime,
                  path_ + ":" + std::to_string(line_) + ": a record has more than " +
                      std::to_string(kMostRecord >> 20) + " MiB; is the file CSV, with this delimiter?");
    }
  }
  begun_.assign(text, whole);
  block.size = whole;
  block.first_line = line_;
  line_ += static_cast<uint64_t>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(whole), '\n'));
  position_ += whole;
  block.end = position_;
  return true;
}

}  // namespace entente
