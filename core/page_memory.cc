#include "entente/core/page_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bit>
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

/// The size that is taken for so many bytes: there are eight for each power of two, so that what is freed fits others.
size_t rounded(size_t bytes) {
  const size_t step = std::max<size_t>(64, std::bit_ceil(bytes) / 16);
  return (bytes + step - 1) / step * step;
}

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
  for (const Segment& segment : segments_) munmap(segment.at, segment.size);
  close(file_);
}

void PageMemory::fail(const char* doing) const {
  throw Error::storage("PageMemory", std::string(doing) + " the file for pages in '" + folder_ +
                                         "' failed: " + std::strerror(errno) +
                                         "; make room there, give another folder for temporary files, or more memory");
}

void* PageMemory::allocate(size_t bytes) {
  const size_t size = rounded(bytes);
  bool look = false;
  void* at = nullptr;
  {
    const std::lock_guard lock(mutex_);
    at = take(size);
    allocated_ += size;
    since_look_ += size;
    look = since_look_ >= kLookEvery;
    if (look) since_look_ = 0;
  }
  if (look && resident() > budget_) trim();
  return at;
}

void* PageMemory::take(size_t size) {
  const auto freed = free_.find(size);
  if (freed != free_.end() && !freed->second.empty()) {
    void* const at = freed->second.back();
    freed->second.pop_back();
    return at;
  }
  if (segments_.empty() || used_ + size > segments_.back().size) {
    const size_t length = std::max(kSegment, (size + 4095) / 4096 * 4096);
    // Space is reserved now: a write to the mapping could not say that there is none.
    if (const int error = posix_fallocate(file_, static_cast<off_t>(length_), static_cast<off_t>(length)); error != 0) {
      errno = error;
      fail("growing");
    }
    void* const at = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file_, static_cast<off_t>(length_));
    if (at == MAP_FAILED) fail("mapping");
    segments_.push_back({static_cast<char*>(at), length});
    length_ += length;
    used_ = 0;
  }
  void* const at = segments_.back().at + used_;
  used_ += size;
  return at;
}

void PageMemory::free(void* at, size_t bytes) noexcept {
  const size_t size = rounded(bytes);
  const std::lock_guard lock(mutex_);
  free_[size].push_back(at);
  allocated_ -= size;
}

size_t PageMemory::allocated() const {
  const std::lock_guard lock(mutex_);
  return allocated_;
}

size_t PageMemory::resident() const {
  const size_t now = file_bytes_in_memory();
  return now > resident_before_ ? now - resident_before_ : 0;
}

void PageMemory::trim() {
  const std::lock_guard trimming(trimming_);
  std::vector<Segment> segments;
  size_t total = 0;
  {
    const std::lock_guard lock(mutex_);
    segments = segments_;
    total = length_;
  }
  const size_t goal = budget_ / 4 * 3;
  for (size_t done = 0; done < total && resident() > goal;) {
    if (trim_segment_ >= segments.size()) trim_segment_ = 0;
    const Segment& segment = segments[trim_segment_];
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
    if (allocated_ <= budget_) continue;
    lock.unlock();
    if (resident() > budget_) trim();
    lock.lock();
  }
}

}  // namespace entente
