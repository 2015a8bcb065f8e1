// Where what is large goes when nobody needs it any more: to give back gigabytes takes longer than whoever waits for a
// statement is to wait.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

namespace entente {

/// Destroys things in another thread. Thread-safe.
class Discards {
 public:
  virtual ~Discards() = default;
  /// Takes the thing, unless others wait already: then it is left, and whoever offers it is to destroy it.
  virtual bool offer(std::shared_ptr<void>& what) = 0;
  /// Takes it in any case.
  virtual void take(std::shared_ptr<void> what) = 0;

  /// What is smaller is not worth another thread.
  static constexpr size_t kMuch = size_t{8} << 20;
  /// Those of the innermost DiscardScope of this thread; null: none.
  static Discards* current();
};

/// As long as it lives, large values and other things that end on this thread are offered to `discards`.
class DiscardScope {
 public:
  explicit DiscardScope(Discards& discards);
  ~DiscardScope();
  DiscardScope(const DiscardScope&) = delete;
  DiscardScope& operator=(const DiscardScope&) = delete;

 private:
  Discards* outer_;
};

/// Ends what takes about so many bytes.
template <class T>
void discard(T what, size_t bytes) noexcept {
  Discards* discards = bytes < Discards::kMuch ? nullptr : Discards::current();
  if (discards == nullptr) return;
  try {
    std::shared_ptr<void> moved = std::make_shared<T>(std::move(what));
    discards->offer(moved);
  } catch (const std::exception&) {  // no memory, no thread: then here
  }
}

/// A vector that is being filled, and is discarded if it is not taken away: what breaks that off is not to wait either.
template <class Vector>
class Filling {
 public:
  Filling() = default;
  explicit Filling(Vector vector) : vector_(std::move(vector)) {}
  ~Filling() {
    const size_t bytes = bytes_of(vector_);
    if (bytes >= Discards::kMuch) discard(std::move(vector_), bytes);
  }
  Filling(const Filling&) = delete;
  Filling& operator=(const Filling&) = delete;
  Vector* operator->() { return &vector_; }
  Vector& operator*() { return vector_; }
  Vector take() { return std::move(vector_); }

 private:
  template <class V>
  static size_t bytes_of(const V& vector) {
    if constexpr (requires { vector.bytes(); }) {
      return vector.bytes();
    } else if constexpr (requires { vector[0].bytes(); }) {
      size_t bytes = 0;
      for (const auto& part : vector) bytes += part.bytes();
      return bytes;
    } else {
      return vector.capacity() * sizeof(vector[0]);
    }
  }

  Vector vector_;
};

}  // namespace entente
