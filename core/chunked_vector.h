// ChunkedVector: a vector that grows without moving what it holds, so that no step of growing takes long, however many
// elements there are; and of which a tail can be taken off in one step.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "entente/core/large_heap.h"

namespace entente {

template <class T>
class ChunkedVector {
  static constexpr size_t kBits = 13;
  static constexpr size_t kMask = (size_t{1} << kBits) - 1;

 public:
  static constexpr size_t kChunk = size_t{1} << kBits;
  ChunkedVector() = default;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t i) { return chunks_[i >> kBits][i & kMask]; }
  const T& operator[](size_t i) const { return chunks_[i >> kBits][i & kMask]; }
  T& back() { return chunks_.back().back(); }
  const T& back() const { return chunks_.back().back(); }

  template <class... Args>
  T& emplace_back(Args&&... args) {
    if ((size_ & kMask) == 0) add_chunk();
    T& added = chunks_.back().emplace_back(std::forward<Args>(args)...);
    ++size_;
    return added;
  }
  void push_back(T value) { emplace_back(std::move(value)); }
  /// Appends default-made elements until there are so many.
  void grow(size_t size) {
    while (size_ < size) {
      if ((size_ & kMask) == 0) add_chunk();
      const size_t more = std::min(size - size_, kChunk - chunks_.back().size());
      chunks_.back().resize(chunks_.back().size() + more);
      size_ += more;
    }
  }
  /// What stands from `first` on, which is taken off.
  ChunkedVector take_from(size_t first) {
    ChunkedVector tail;
    if (first >= size_) return tail;
    const size_t whole = (first + kMask) >> kBits;  // chunks before those that go as they are
    for (size_t c = whole; c < chunks_.size(); ++c) {
      tail.size_ += chunks_[c].size();
      tail.chunks_.push_back(std::move(chunks_[c]));
    }
    chunks_.resize(whole);
    if ((first & kMask) != 0) chunks_.back().resize(first & kMask);
    size_ = first;
    return tail;
  }

  /// The elements, kChunk in each but the last. It is empty afterwards.
  std::vector<LargeVector<T>> take_chunks() {
    size_ = 0;
    return std::exchange(chunks_, {});
  }

  /// Of what is allocated for the elements.
  size_t bytes() const {
    const size_t full = chunks_.empty() ? 0 : (chunks_.size() - 1) * kChunk + chunks_.back().capacity();
    return full * sizeof(T) + chunks_.capacity() * sizeof(chunks_[0]);
  }

  template <class Vector, class Element>
  class Iterator {
   public:
    using value_type = T;
    using reference = Element&;
    using pointer = Element*;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    Iterator() = default;
    Iterator(Vector* vector, size_t at) : vector_(vector), at_(at) {}
    Element& operator*() const { return (*vector_)[at_]; }
    Element* operator->() const { return &(*vector_)[at_]; }
    Iterator& operator++() { return ++at_, *this; }
    Iterator operator++(int) { return {vector_, at_++}; }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    Vector* vector_ = nullptr;
    size_t at_ = 0;
  };
  auto begin() { return Iterator<ChunkedVector, T>(this, 0); }
  auto end() { return Iterator<ChunkedVector, T>(this, size_); }
  auto begin() const { return Iterator<const ChunkedVector, const T>(this, 0); }
  auto end() const { return Iterator<const ChunkedVector, const T>(this, size_); }

 private:
  /// The first one grows as vectors do, as there may not be many elements.
  void add_chunk() {
    chunks_.emplace_back();
    if (chunks_.size() > 1) chunks_.back().reserve(kChunk);
  }

  std::vector<LargeVector<T>> chunks_;  // all but the last have kChunk elements
  size_t size_ = 0;
};

}  // namespace entente
