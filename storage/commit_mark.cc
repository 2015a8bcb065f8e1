#include "entente/storage/commit_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "entente/storage/system_error.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace entente {
namespace {

struct Slot {
  uint64_t magic;
  uint64_t commit;
  uint64_t checksum;
};
constexpr uint64_t kMagic = 0x31'6B'72'61'4D'74'6E'45;  // "EntMark1"

uint64_t checksum(const Slot& slot) { return XXH3_64bits(&slot, offsetof(Slot, checksum)); }

Error mark_error(const std::string& doing, const std::string& path) {
  return system_error(doing + " the commit mark " + path);
}

}  // namespace

CommitMark::CommitMark(const std::string& path, Mode mode)
    : path_(path), file_(::open(path.c_str(), (mode == Mode::Write ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0666)) {
  if (file_ < 0) {
    if (mode == Mode::Read && errno == ENOENT) return;
    throw mark_error("opening", path);
  }
  for (unsigned s = 0; s < 2; ++s) {
    Slot slot{};
    const ssize_t length = read_some(file_, &slot, sizeof slot, static_cast<off_t>(s * sizeof slot));
    if (length < 0) {
      const Error error = mark_error("reading", path);
      ::close(file_);
      throw error;
    }
    if (length != sizeof slot) continue;
    if (slot.magic != kMagic || slot.checksum != checksum(slot) || slot.commit < value_) continue;
    value_ = slot.commit;
    slot_ = 1 - s;
  }
}

CommitMark::~CommitMark() {
  if (file_ >= 0) ::close(file_);
}

void CommitMark::advance(uint64_t commit) {
  if (commit > value_) write(commit);
}

void CommitMark::reset(uint64_t commit) {
  if (ftruncate(file_, 0) != 0) throw mark_error("truncating", path_);
  write(commit);
}

void CommitMark::write(uint64_t commit) {
  Slot slot{kMagic, commit, 0};
  slot.checksum = checksum(slot);
  const std::string_view bytes(reinterpret_cast<const char*>(&slot), sizeof slot);
  if (!write_all(file_, bytes, static_cast<off_t>(slot_ * sizeof slot))) throw mark_error("writing", path_);
  value_ = commit;
  slot_ = 1 - slot_;
}

}  // namespace entente
