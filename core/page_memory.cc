#include "entente/core/page_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>

#include "entente/core/error.h"
#include "entente/core/temporary_file.h"

namespace entente {

namespace {

constexpr size_t kSegment = 16 << 20;
constexpr size_t kTrimmedAtOnce = 2 << 20;
constexpr size_t kLookEvery = 4 << 20;  // bytes allocated
constexpr std::chrono::milliseconds kWatchEvery{10};

/// Of files, of the whole process.
size_t file_bytes_in_memory() {
  size_t total = 0;
  size_t resident = 0;
  size_t shared = 0;
  if (FILE* statm = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(statm, "%zu %zu %zu", &total, &resident, &shared) != 3) shared = 0;
    std::fclose(statm);
  }
  return shared * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::shared_ptr<PageMemory> PageMemory::create(size_t budget, std::string folder) {
  const int file = open_temporary_file(folder);
  if (file < 0) {
    throw Error::storage("PageMemory", "cannot make a file for pages in '" + folder + "': " + std::strerror(errno) +
                                           "; give another folder for temporary files");
  }
  return std::shared_ptr<PageMemory>(new PageMemory(budget, std::move(folder), file));
}

PageMemory::PageMemory(size_t budget, std::string folder, int file)
    : budget_(budget), folder_(std::move(folder)), file_(file), resident_before_(file_bytes_in_memory()) {
  watcher_ = std::thread([this] { watch(); });
}

PageMemory::~PageMemory() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  end_.notify_all();
  watcher_.join();
  for (const std::vector<Segments::Segment>& segments : {segments_.all(), spare_}) {
    for (const Segments::Segment& segment : segments) munmap(segment.at, segment.size);
  }
  close(file_);
}

void PageMemory::fail(const char* doing) const {
  throw Error::storage("PageMemory", std::string(doing) + " the file for pages in '" + folder_ +
                                         "' failed: " + std::strerror(errno) +
                                         "; make room there, give another folder for temporary files, or more memory");
}

void* PageMemory::allocate(size_t bytes) {
  const size_t size = Segments::block_size(bytes);
  bool look = false;
  void* at = nullptr;
  {
    const std::lock_guard lock(mutex_);
    at = segments_.take(size);
    if (at == nullptr) at = segments_.add(new_segment(size), size);
    since_look_ += size;
    look = since_look_ >= kLookEvery;
    if (look) since_look_ = 0;
  }
  if (look && resident() > budget_) trim();
  return at;
}

Segments::Segment PageMemory::new_segment(size_t size) {
  const size_t length = std::max(kSegment, (size + 4095) / 4096 * 4096);
  const auto spare = std::find_if(spare_.begin(), spare_.end(), [&](const auto& s) { return s.size == length; });
  if (spare != spare_.end()) {
    const Segments::Segment segment = *spare;
    spare_.erase(spare);
    return segment;
  }
  // Space is reserved now: a write to the mapping could not say that there is none.
  if (const int error = posix_fallocate(file_, static_cast<off_t>(length_), static_cast<off_t>(length)); error != 0) {
    errno = error;
    fail("growing");
  }
  void* const at = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(length_));
  if (at == MAP_FAILED) fail("mapping");
  length_ += length;
  return {static_cast<char*>(at), length};
}

void PageMemory::free(void* at, size_t bytes) noexcept {
  const std::lock_guard lock(mutex_);
  // Segments stay mapped as long as this lives: trim() works on them without the lock.
  if (const auto segment = segments_.give_back(at, Segments::block_size(bytes))) spare_.push_back(*segment);
}

size_t PageMemory::allocated() const {
  const std::lock_guard lock(mutex_);
  return segments_.in_use();
}

size_t PageMemory::resident() const {
  const size_t now = file_bytes_in_memory();
  return now > resident_before_ ? now - resident_before_ : 0;
}

void PageMemory::trim() {
  const std::lock_guard trimming(trimming_);
  std::vector<Segments::Segment> segments;
  size_t total = 0;
  {
    const std::lock_guard lock(mutex_);
    segments = segments_.all();
    segments.insert(segments.end(), spare_.begin(), spare_.end());
    total = length_;
  }
  const size_t goal = budget_ / 4 * 3;
  for (size_t done = 0; done < total && resident() > goal;) {
    if (trim_segment_ >= segments.size()) trim_segment_ = 0;
    const Segments::Segment& segment = segments[trim_segment_];
    trim_offset_ = std::min(trim_offset_, segment.size);
    const size_t size = std::min(kTrimmedAtOnce, segment.size - trim_offset_);
    // What was changed stays in the system's cache, and goes to the file from there.
    madvise(segment.at + trim_offset_, size, MADV_DONTNEED);
    done += size;
    trim_offset_ += size;
    if (trim_offset_ < segment.size) continue;
    trim_offset_ = 0;
    ++trim_segment_;
  }
}

void PageMemory::watch() {
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, kWatchEvery, [this] { return ends_; })) {
    if (segments_.in_use() <= budget_) continue;
    lock.unlock();
    if (resident() > budget_) trim();
    lock.lock();
  }
}

}  // namespace entente
