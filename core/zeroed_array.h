// ZeroedArray: an array that begins as zeros, which the system makes when they are touched, and not before.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "entente/core/large_heap.h"

namespace entente {

template <class T>
class ZeroedArray {
 public:
  ZeroedArray() = default;
  /// Throws std::bad_alloc.
  explicit ZeroedArray(size_t size)
      : data_(static_cast<T*>(LargeHeap::allocate_zeros(size * sizeof(T)))), size_(size) {}
  ZeroedArray(ZeroedArray&& other) noexcept { swap(other); }
  ZeroedArray& operator=(ZeroedArray&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ZeroedArray() { LargeHeap::free_zeros(data_, size_ * sizeof(T)); }
  void swap(ZeroedArray& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace entente
