// Segments: which parts of large pieces of memory (segments) are in use as blocks.
//
// A block is one that was given back, the one with the lowest address of its size, or is taken from the end of what is
// used of the current segment. There are eight sizes for each power of two, so that what is given back fits others.
//
// Not thread-safe. Never reads or writes the memory itself, nor asks the system for any: its owner does.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace entente {

class Segments {
 public:
  struct Segment {
    char* at;
    size_t size;
  };

  /// The size of the block that is taken for so many bytes; a multiple of 64.
  static size_t block_size(size_t bytes);

  /// A block of a size that block_size() gave; null if there is no room: then a segment has to be added.
  void* take(size_t size);
  /// Adds a segment and takes a block of it. It becomes the current one if most of it is left, and more than of that.
  void* add(Segment segment, size_t size);
  /// Gives the block's segment if nothing else in it is in use; the segment is then no longer one of these. The current
  /// one stays.
  std::optional<Segment> give_back(void* block, size_t size) noexcept;

  /// By address.
  std::vector<Segment> all() const;
  /// Bytes of the blocks in use.
  size_t in_use() const { return in_use_; }

 private:
  struct State {
    size_t size;
    size_t used = 0;    // bytes from its beginning
    size_t blocks = 0;  // in use
  };

  void* take_from(char* segment, State& state, size_t size);
  void forget_free(char* from, char* to) noexcept;

  std::map<char*, State> segments_;  // by where they begin
  std::map<char*, State>::iterator current_ = segments_.end();
  std::map<size_t, std::set<char*>> free_;  // by size
  size_t in_use_ = 0;
};

}  // namespace entente
