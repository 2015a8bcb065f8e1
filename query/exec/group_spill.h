// Rows of groups that are to be made later: what grouping and DISTINCT do that hold more than their memory budget
// leaves them.
//
// Once the table of groups is full it takes no new ones: rows of the groups that it has are taken in as before, and all
// others are written to disk, parted by the hashes of their keys, so that all rows of a group are in one part. When the
// input ends and the groups of the table were given, each part is treated as the input was, and may be parted again
// (G. Graefe, Query Evaluation Techniques for Large Databases, 1993, 4.2: hybrid hashing).
//
// The groups of the table are known by the hashes of their keys alone. That two keys may have the same hash does no
// harm: both then count as groups of the table.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "entente/query/exec/operators.h"
#include "entente/query/exec/spill_file.h"

namespace entente {

class GroupSpill {
 public:
  explicit GroupSpill(ExecContext& context) : context_(context), hold_(context) {}

  /// Whether new groups go to disk.
  bool full() const { return full_; }
  /// From now on they do; `key(group, column)` tells the keys of those there are.
  template <class KeyOf>
  void fill(uint32_t groups, size_t width, KeyOf key) {
    full_ = true;
    known_.assign(std::bit_ceil(size_t{groups} * 2 + 1), 0);
    hold_.set(known_.size() * sizeof(uint64_t));
    for (uint32_t group = 0; group < groups; ++group) {
      context_.work(8 * width);
      uint64_t hash = 0;
      for (size_t k = 0; k < width; ++k) hash = combine(hash, key(group, k));
      known_[slot_of(hash)] = hash;
    }
  }

  /// The rows of groups in the table; the others are written, with their keys if those are asked for.
  Selection known_rows(const Batch& in, std::span<const BatchColumn> keys, bool with_keys = true);

  /// Goes on to the rows of the next part, with an empty table; false if there is none.
  bool next_part();
  /// The next rows of the part and their keys; false at its end.
  bool next(Batch& in, std::vector<BatchColumn>& keys);

 private:
  static constexpr size_t kParts = 16;
  static constexpr size_t kPartBits = 4;
  static constexpr unsigned kMostDepth = 12;

  struct Part {
    std::shared_ptr<SpillFile> file;
    std::vector<SpillFile::Block> blocks;
    unsigned depth = 0;
  };

  static uint64_t combine(uint64_t hash, const Value& value);
  /// Where the hash is or would be.
  size_t slot_of(uint64_t hash) const {
    size_t slot = hash & (known_.size() - 1);
    while (known_[slot] != 0 && known_[slot] != hash) slot = (slot + 1) & (known_.size() - 1);
    return slot;
  }
  void add(size_t part, const Batch& rows);
  void write(size_t part);
  void finish_parts();

  ExecContext& context_;
  bool full_ = false;
  std::vector<uint64_t> known_;  // hashes, by open addressing; 0: free
  size_t columns_ = 0;           // before the keys
  std::shared_ptr<SpillFile> file_;
  std::array<std::optional<BatchBuilder>, kParts> pending_;  // rows to be written
  std::array<std::vector<SpillFile::Block>, kParts> written_;
  std::deque<Part> parts_;
  Part part_;  // that is being read
  size_t next_block_ = 0;
  MemoryHold hold_;
};

}  // namespace entente
