#include "entente/storage/backup_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/byte_codec.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/system_error.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace entente {
namespace {

constexpr std::string_view kBegin = "EntBack1";
constexpr std::string_view kEnd = "EntBkEnd";
constexpr size_t kFooterBytes = 3 * sizeof(uint64_t) + kEnd.size();
constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr std::string_view kPrefix = "backup-";
constexpr std::string_view kSuffix = ".entente";

Error backup_error(const std::string& doing, const std::string& name) {
  return system_error(doing + " the backup " + name);
}

Error damaged_backup(const std::string& name, const std::string& why) {
  return Error::storage("Corrupt", "the backup " + name + " is damaged: " + why + "; restore another one with --at");
}

void encode_place(ByteWriter& out, const BackupPlace& place) {
  out.varint(place.file);
  out.varint(place.offset);
  out.varint(place.length);
}

BackupPlace decode_place(ByteReader& in, uint32_t number) {
  BackupPlace place;
  const uint64_t file = in.varint();
  require(file >= 1 && file <= number, "it refers to a backup that is later or none");
  place.file = static_cast<uint32_t>(file);
  place.offset = in.varint();
  place.length = in.varint();
  return place;
}

uint32_t narrow_number(uint64_t number) {
  require(number <= UINT32_MAX, "a number is too large");
  return static_cast<uint32_t>(number);
}

std::string encode_backup_index(const BackupIndex& index) {
  std::string bytes;
  ByteWriter out(bytes);
  out.varint(index.number);
  out.varint(index.format);
  out.varint(index.version);
  out.zigzag(index.time);
  out.varint(index.manifest.size());
  out.bytes(index.manifest);
  out.varint(index.pages.size());
  for (const BackupIndex::PageEntry& page : index.pages) {
    out.u8(static_cast<uint8_t>(page.key.kind));
    out.varint(page.key.id);
    out.varint(page.key.number);
    out.varint(page.key.epoch);
    out.fixed(page.checksum);
    encode_place(out, page.place);
  }
  out.varint(index.log.size());
  for (const BackupIndex::LogEntry& entry : index.log) {
    out.varint(entry.commit);
    encode_place(out, entry.place);
  }
  return bytes;
}

BackupIndex decode_backup_index(std::string_view bytes, uint32_t number) {
  ByteReader in(bytes);
  BackupIndex index;
  index.number = narrow_number(in.varint());
  require(index.number == number, "its number is another than its name says");
  index.format = narrow_number(in.varint());
  index.version = in.varint();
  index.time = in.zigzag();
  index.manifest = std::string(in.take(in.varint()));
  const uint64_t pages = in.varint();
  require(pages <= in.left(), "bytes are missing at the end");
  index.pages.resize(pages);
  for (BackupIndex::PageEntry& page : index.pages) {
    page.key.kind = static_cast<PageKind>(in.u8());
    page.key.id = narrow_number(in.varint());
    page.key.number = narrow_number(in.varint());
    page.key.epoch = in.varint();
    page.checksum = in.fixed<uint64_t>();
    page.place = decode_place(in, number);
  }
  const uint64_t commits = in.varint();
  require(commits <= in.left(), "bytes are missing at the end");
  index.log.resize(commits);
  for (BackupIndex::LogEntry& entry : index.log) {
    entry.commit = in.varint();
    entry.place = decode_place(in, number);
  }
  require(in.left() == 0, "bytes follow its index");
  return index;
}

}  // namespace

std::string backup_file_name(const std::string& folder, uint32_t number) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%06u", number);
  return folder + "/" + std::string(kPrefix) + digits + std::string(kSuffix);
}

std::vector<uint32_t> backup_numbers(const std::string& folder) {
  std::vector<uint32_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    uint32_t number = 0;
    const char* last = name.data() + name.size() - kSuffix.size();
    const auto [end_of_number, status] = std::from_chars(name.data() + kPrefix.size(), last, number);
    if (status == std::errc() && end_of_number == last && number > 0) numbers.push_back(number);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw system_error("reading the folder of backups " + folder, error);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// ---- writing ----

BackupWriter::BackupWriter(const std::string& folder, uint32_t number)
    : folder_(folder), name_(backup_file_name(folder, number)), part_(name_ + ".part"), number_(number) {
  file_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) throw backup_error("creating", part_);
  write(kBegin);
}

BackupWriter::~BackupWriter() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(part_.c_str());
}

void BackupWriter::write(std::string_view bytes) {
  buffer_.append(bytes);
  length_ += bytes.size();
  if (buffer_.size() >= kBufferBytes) flush();
}

void BackupWriter::flush() {
  for (std::string_view left = buffer_; !left.empty();) {
    const ssize_t written = ::write(file_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw backup_error("writing", part_);
    left.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
}

BackupPlace BackupWriter::add(std::string_view record) {
  const BackupPlace place{number_, length_, record.size()};
  write(record);
  return place;
}

uint64_t BackupWriter::finish(const BackupIndex& index) {
  const std::string bytes = encode_backup_index(index);
  std::string footer;
  ByteWriter out(footer);
  out.fixed(length_);
  out.fixed(static_cast<uint64_t>(bytes.size()));
  out.fixed(static_cast<uint64_t>(XXH3_64bits(bytes.data(), bytes.size())));
  out.bytes(kEnd);
  write(bytes);
  write(footer);
  flush();
  if (::fsync(file_) != 0) throw backup_error("syncing", part_);
  if (::rename(part_.c_str(), name_.c_str()) != 0) throw backup_error("naming", name_);
  ::close(std::exchange(file_, -1));
  sync_folder(folder_);
  return length_;
}

// ---- reading ----

BackupReader::BackupReader(const std::string& folder, uint32_t number)
    : name_(backup_file_name(folder, number)), number_(number), file_(::open(name_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0 && errno == ENOENT) throw Error::storage("NotFound", "there is no backup " + name_);
  struct stat status = {};
  if (file_ < 0 || ::fstat(file_, &status) != 0) {
    const Error error = backup_error("opening", name_);
    if (file_ >= 0) ::close(file_);
    throw error;
  }
  length_ = static_cast<uint64_t>(status.st_size);
}

BackupReader::~BackupReader() { ::close(file_); }

std::string BackupReader::read(uint64_t offset, uint64_t length) const {
  if (offset > length_ || length > length_ - offset) throw damaged_backup(name_, "bytes are missing at its end");
  std::string bytes(length, '\0');
  for (uint64_t done = 0; done < length;) {
    const ssize_t got = read_some(file_, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0) throw backup_error("reading", name_);
    if (got == 0) throw damaged_backup(name_, "bytes are missing at its end");
    done += static_cast<uint64_t>(got);
  }
  return bytes;
}

BackupIndex BackupReader::index() const {
  if (length_ < kBegin.size() + kFooterBytes) throw damaged_backup(name_, "bytes are missing at its end");
  const std::string footer = read(length_ - kFooterBytes, kFooterBytes);
  ByteReader in(footer);
  const auto offset = in.fixed<uint64_t>();
  const auto length = in.fixed<uint64_t>();
  const auto checksum = in.fixed<uint64_t>();
  if (read(0, kBegin.size()) != kBegin || in.take(kEnd.size()) != kEnd)
    throw damaged_backup(name_, "its ends are not those of a backup");
  const std::string bytes = read(offset, length);
  if (XXH3_64bits(bytes.data(), bytes.size()) != checksum)
    throw damaged_backup(name_, "its index does not match its checksum");
  try {
    return decode_backup_index(bytes, number_);
  } catch (const Damage& damage) {
    throw damaged_backup(name_, damage.what());
  }
}

}  // namespace entente
