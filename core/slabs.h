// Slabs: elements that never move, made several at a time in slabs of about 32 KiB, which large memory is made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "entente/core/large_heap.h"

namespace entente {

template <class T>
class Slabs {
 public:
  Slabs() = default;
  Slabs(Slabs&&) noexcept = default;
  Slabs& operator=(Slabs&&) noexcept = default;
  Slabs(const Slabs&) = delete;
  Slabs& operator=(const Slabs&) = delete;

  size_t size() const { return size_; }
  T& operator[](size_t i) { return slabs_[i / kSlab][i % kSlab]; }
  const T& operator[](size_t i) const { return slabs_[i / kSlab][i % kSlab]; }
  /// Appends a default-made element.
  T& add() {
    if (size_ == slabs_.size() * kSlab) slabs_.emplace_back(kSlab);
    return (*this)[size_++];
  }
  /// Of what is allocated.
  size_t bytes() const { return slabs_.size() * kSlab * sizeof(T); }

 private:
  static constexpr size_t kSlab = std::max<size_t>(1, (size_t{32} << 10) / sizeof(T));

  std::vector<LargeVector<T>> slabs_;
  size_t size_ = 0;
};

}  // namespace entente
