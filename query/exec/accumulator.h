// The aggregates: count, sum, avg, min, max, collect, stDev, stDevP, percentileCont, percentileDisc.
#pragma once

#include <memory>

#include "entente/core/chunked_vector.h"
#include "entente/query/exec/operators.h"

namespace entente {

/// Counts what the accumulators of one operator hold, in steps that are worth it.
class AggregateMemory {
 public:
  explicit AggregateMemory(ExecContext& context) : context_(context), hold_(context) {}
  /// To be called before the memory is taken. Throws ResourceError.MemoryLimit.
  void grow(size_t bytes) {
    uncounted_ += bytes;
    if (uncounted_ >= kStep) count();
  }
  /// Makes a vector have `size` elements, if it has fewer.
  template <class T>
  void grow(ChunkedVector<T>& vector, size_t size) {
    if (size <= vector.size()) return;
    grow((size - vector.size()) * sizeof(T));
    vector.grow(size);
  }
  void release();
  size_t bytes() const { return hold_.bytes() + uncounted_; }
  ExecContext& context() { return context_; }

 private:
  static constexpr size_t kStep = size_t{64} << 10;
  void count();

  ExecContext& context_;
  MemoryHold hold_;
  size_t uncounted_ = 0;
};

/// State of one aggregate over one group.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  /// `times`: the row's multiplicity. For percentiles `parameter` is the second argument, else null.
  virtual void add(const Value& value, uint64_t times, const Value& parameter) = 0;
  /// Of sum and avg: adds `count` integers with this sum.
  virtual void add_integers(__int128 /*sum*/, uint64_t /*count*/) {}
  /// To be asked for once: it may take what was gathered.
  virtual Value result() = 0;
};

/// By kind. Errors carry `span`. The memory must outlive it.
std::unique_ptr<Accumulator> make_accumulator(Aggregate kind, Span span, AggregateMemory& memory);

}  // namespace entente
