// PathLevels: numbers for keys, as breadth-first searches keep the level at which they came to a state.
//
// An open-addressing hash table that looks at the statement's limits while it grows, and forgets everything in one
// step: an entry of an earlier generation counts as free. Used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "entente/query/exec/key_codes.h"

namespace entente {

class PathLevels {
 public:
  explicit PathLevels(StatementLimits& limits) : limits_(limits) {}
  ~PathLevels();
  PathLevels(const PathLevels&) = delete;
  PathLevels& operator=(const PathLevels&) = delete;

  /// Whether the key was not there; what is there stays. Throws what StatementLimits::work() does.
  bool add(uint64_t key, uint32_t level);
  std::optional<uint64_t> find(uint64_t key) const;
  bool contains(uint64_t key) const { return find(key).has_value(); }
  size_t size() const { return size_; }
  size_t bytes() const { return entries_.size() * sizeof(Entry); }
  /// The memory stays.
  void clear();

 private:
  struct Entry {
    uint64_t key = 0;
    uint32_t level = 0;
    uint32_t generation = 0;
  };

  /// Where the key stands, or may be put.
  size_t place_of(uint64_t key) const;
  void grow();

  StatementLimits& limits_;
  ZeroedArray<Entry> entries_;  // a power of two of them, at most half of them in use; none at first
  size_t size_ = 0;
  uint32_t generation_ = 1;
};

}  // namespace entente
