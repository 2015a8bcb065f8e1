// PageMemory: where the arrays of pages that were read from disk live when they are to take no more than a budget of
// memory.
//
// Arrays lie in a file without a name that is mapped into memory, so their addresses stay the same whether the system
// holds them in memory or not: nobody who reads a page has to hold on to it. When more than the budget is in memory,
// parts of the mapping are given back to the system in turn; what is touched again comes back from its cache, or from
// the file. That costs as much room on disk as the arrays that have been read take.
//
// PageArray: an immutable array of a page, in a PageMemory or in the LargeHeap of the process.
//
// PageMemory is thread-safe. Errors: StorageError.PageMemory for what the system refuses (no space in the folder, no
// such folder); the array is then not made.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "entente/core/large_heap.h"
#include "entente/core/segments.h"

namespace entente {

class PageMemory {
 public:
  /// The file is made in `folder`. `budget` is in bytes; some megabytes more may be in memory for moments.
  static std::shared_ptr<PageMemory> create(size_t budget, std::string folder);
  ~PageMemory();
  PageMemory(const PageMemory&) = delete;
  PageMemory& operator=(const PageMemory&) = delete;

  /// Aligned to 64 bytes.
  void* allocate(size_t bytes);
  void free(void* at, size_t bytes) noexcept;

  size_t allocated() const;
  /// Bytes of files that the process has in memory, less those from before this was created.
  size_t resident() const;
  /// Gives parts back until three quarters of the budget are left. Is called by itself when that is needed.
  void trim();

 private:
  PageMemory(size_t budget, std::string folder, int file);
  Segments::Segment new_segment(size_t size);
  void watch();
  [[noreturn]] void fail(const char* doing) const;

  const size_t budget_;
  const std::string folder_;
  const int file_;
  size_t resident_before_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  Segments segments_;
  std::vector<Segments::Segment> spare_;  // nothing in them is used
  size_t length_ = 0;
  size_t since_look_ = 0;  // allocated since it was asked how much is in memory
  std::mutex trimming_;    // guards the place of the next part to be given back
  size_t trim_segment_ = 0;
  size_t trim_offset_ = 0;
  std::condition_variable end_;
  bool ends_ = false;
  std::thread watcher_;
};

template <class T>
class PageArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  PageArray() = default;
  /// A copy of the items; in the LargeHeap of the process if there is no `memory`.
  explicit PageArray(std::span<const T> items, std::shared_ptr<PageMemory> memory = nullptr) : size_(items.size()) {
    if (size_ == 0) return;
    const size_t bytes = size_ * sizeof(T);
    if (bytes < kSmall) {
      data_ = static_cast<T*>(::operator new(bytes));
    } else if (memory != nullptr) {
      data_ = static_cast<T*>(memory->allocate(bytes));
      memory_ = std::move(memory);
    } else {
      data_ = static_cast<T*>(LargeHeap::allocate_array(bytes));
    }
    std::memcpy(data_, items.data(), bytes);
  }
  PageArray(PageArray&& other) noexcept { swap(other); }
  PageArray& operator=(PageArray&& other) noexcept {
    PageArray moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~PageArray() {
    if (memory_ != nullptr) {
      memory_->free(data_, bytes());
    } else if (bytes() < kSmall) {
      ::operator delete(data_);
    } else {
      LargeHeap::free_array(data_, bytes());
    }
  }

  const T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](size_t i) const { return data_[i]; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  size_t bytes() const { return size_ * sizeof(T); }
  friend bool operator==(const PageArray& a, const PageArray& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  static constexpr size_t kSmall = 1024;  // bytes; less is not worth a block

  void swap(PageArray& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(memory_, other.memory_);
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  std::shared_ptr<PageMemory> memory_;  // null: the heap, or the LargeHeap
};

}  // namespace entente
