#include "entente/core/large_heap.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <optional>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ENTENTE_EACH_ARRAY_BY_ITSELF 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ENTENTE_EACH_ARRAY_BY_ITSELF 1
#endif
#endif

namespace entente {

namespace {

constexpr size_t kHugePage = 2 << 20;
constexpr size_t kPiece = 16 << 20;
constexpr size_t kOwnPiece = 4 << 20;  // what is so large has a piece of its own

size_t up_to_huge_page(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

Segments::Segment map_piece(size_t length) {
  // The system chooses an address, and what is before and after a beginning of huge pages is given back.
  void* const mapped = mmap(nullptr, length + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const from = static_cast<char*>(mapped);
  const size_t before = up_to_huge_page(reinterpret_cast<uintptr_t>(from)) - reinterpret_cast<uintptr_t>(from);
  if (before > 0) munmap(from, before);
  if (before < kHugePage) munmap(from + before + length, kHugePage - before);
  madvise(from + before, length, MADV_HUGEPAGE);  // a wish: it is well if there are none
  return {from + before, length};
}

#ifdef ENTENTE_EACH_ARRAY_BY_ITSELF
bool has_own_mapping(size_t) { return false; }
#else
/// Whether so many zeros are mapped by themselves.
bool has_own_mapping(size_t bytes) { return bytes >= kHugePage; }

LargeHeap& heap_of_process() {
  static LargeHeap& heap = *new LargeHeap;  // is not destroyed: arrays may be in objects that are destroyed later
  // A process made by fork() has only the thread that made it: no other is to be at work in the heap then.
  static const int kForks = pthread_atfork([] { heap.lock(); }, [] { heap.unlock(); }, [] { heap.unlock(); });
  if (kForks != 0) throw std::bad_alloc();
  return heap;
}
#endif

}  // namespace

LargeHeap::~LargeHeap() {
  for (const Segments::Segment& piece : segments_.all()) munmap(piece.at, piece.size);
}

void* LargeHeap::allocate(size_t bytes) {
  const size_t size = Segments::block_size(bytes);
  const std::lock_guard lock(mutex_);
  if (void* const block = segments_.take(size)) return block;
  const Segments::Segment piece = map_piece(size >= kOwnPiece ? up_to_huge_page(size) : kPiece);
  mapped_ += piece.size;
  return segments_.add(piece, size);
}

void LargeHeap::free(void* at, size_t bytes) noexcept {
  std::optional<Segments::Segment> piece;
  {
    const std::lock_guard lock(mutex_);
    piece = segments_.give_back(at, Segments::block_size(bytes));
    if (piece) mapped_ -= piece->size;
  }
  if (piece) munmap(piece->at, piece->size);
}

void LargeHeap::lock() { mutex_.lock(); }
void LargeHeap::unlock() { mutex_.unlock(); }

size_t LargeHeap::allocated() const {
  const std::lock_guard lock(mutex_);
  return segments_.in_use();
}

size_t LargeHeap::mapped() const {
  const std::lock_guard lock(mutex_);
  return mapped_;
}

#ifdef ENTENTE_EACH_ARRAY_BY_ITSELF
void* LargeHeap::allocate_array(size_t bytes) { return ::operator new(bytes); }
void LargeHeap::free_array(void* at, size_t) noexcept { ::operator delete(at); }
#else
void* LargeHeap::allocate_array(size_t bytes) { return heap_of_process().allocate(bytes); }
void LargeHeap::free_array(void* at, size_t bytes) noexcept { heap_of_process().free(at, bytes); }
#endif

void* LargeHeap::allocate_zeros(size_t bytes) {
  if (bytes == 0) return nullptr;
  if (has_own_mapping(bytes)) return map_piece(up_to_huge_page(bytes)).at;
  void* const at = std::calloc(1, bytes);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}

void LargeHeap::free_zeros(void* at, size_t bytes) noexcept {
  if (has_own_mapping(bytes)) {
    munmap(at, up_to_huge_page(bytes));
  } else {
    std::free(at);
  }
}

}  // namespace entente
