// LargeHeap: memory for large arrays (of pages that stay in memory, of tables and keys of statements) in pieces that
// the system can map by huge pages (2 MiB).
//
// Queries read adjacency and tables at addresses that follow no order, or many gigabytes of them a second; with pages
// of 4 KiB much of their time goes to finding where those lie. Where the system has no huge pages to give, the pieces
// are as others.
//
// Thread-safe. A piece in which nothing is used any more is given back to the system, but for the last one.
#pragma once

#include <cstddef>
#include <mutex>
#include <new>
#include <vector>

#include "entente/core/segments.h"

namespace entente {

class LargeHeap {
 public:
  LargeHeap() = default;
  ~LargeHeap();
  LargeHeap(const LargeHeap&) = delete;
  LargeHeap& operator=(const LargeHeap&) = delete;

  /// From the one of the process, which lives as long as it does; under sanitizers, which are to see each array by
  /// itself, from operator new.
  static void* allocate_array(size_t bytes);
  static void free_array(void* at, size_t bytes) noexcept;
  /// Zeros, which the system makes when they are touched, and not before.
  static void* allocate_zeros(size_t bytes);
  static void free_zeros(void* at, size_t bytes) noexcept;

  /// Aligned to 64 bytes. Throws std::bad_alloc, as the others do.
  void* allocate(size_t bytes);
  void free(void* at, size_t bytes) noexcept;

  /// While it is locked no other thread is at work in it.
  void lock();
  void unlock();

  /// Bytes of the arrays; a few more for each than were asked for.
  size_t allocated() const;
  /// Bytes of the pieces that are mapped.
  size_t mapped() const;

 private:
  mutable std::mutex mutex_;  // guards what follows
  Segments segments_;
  size_t mapped_ = 0;
};

/// For containers that may become large; what is not comes from operator new.
template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) {}

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < kLarge ? ::operator new(bytes) : LargeHeap::allocate_array(bytes));
  }
  void deallocate(T* at, size_t count) noexcept {
    const size_t bytes = count * sizeof(T);
    return bytes < kLarge ? ::operator delete(at) : LargeHeap::free_array(at, bytes);
  }
  friend bool operator==(const LargeAllocator&, const LargeAllocator&) { return true; }

 private:
  static constexpr size_t kLarge = 32 << 10;
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace entente
