// Paged adjacency: for a relationship type and a direction, the neighbours of each node.
//
// A page covers 2,048 consecutive node ids. Its base is a compressed sparse row block: offsets, neighbour ids,
// relationship ids; each list is sorted by (neighbour, relationship). Where the relationships of a block are numbered
// in the order of the block (as a bulk load numbers them), their ids are not stored but counted from `first_rel`.
// Changes go to a small sorted delta, which is merged into a new base when it grows past a sixteenth of the base (at
// least 256 and at most 2,048 changes). A node with more than kHugeList neighbours leaves the block: its list is kept
// in chunks, so that no insert copies it whole; chunks are changed directly and have no delta.
//
// Readers see a list as one or more contiguous sorted segments (see AdjacencyCursor); a list touched by a delta is
// merged into the cursor's own buffer on the way.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/page.h"
#include "entente/core/page_memory.h"

namespace entente {

inline constexpr uint32_t kAdjacencyPageBits = 11;
inline constexpr uint32_t kAdjacencyPageSize = 1u << kAdjacencyPageBits;

/// One relationship as seen from one of its ends.
struct AdjacencyEntry {
  uint32_t neighbour;
  uint32_t rel;
  friend auto operator<=>(const AdjacencyEntry&, const AdjacencyEntry&) = default;
};

/// A contiguous part of a list. `rels` is null where ids are counted from `first_rel`.
struct AdjacencySegment {
  const uint32_t* neighbours = nullptr;
  const uint32_t* rels = nullptr;
  uint32_t first_rel = 0;
  uint32_t size = 0;
  uint32_t rel(uint32_t i) const { return rels != nullptr ? rels[i] : first_rel + i; }
};

/// Where each of the lists of a run of nodes begins, and behind them where the last one ends; or nothing. Pages whose
/// nodes have one entry each, as relationships to one owner or one place have, share one array. Immutable.
class ListOffsets {
 public:
  ListOffsets() = default;
  /// kAdjacencyPageSize + 1 numbers in ascending order.
  explicit ListOffsets(std::span<const uint32_t> offsets, std::shared_ptr<PageMemory> memory = nullptr);

  /// What those that share the array point to: 0, 1, 2, …
  static const uint32_t* one_each();

  const uint32_t* data() const { return data_; }
  size_t size() const { return data_ != nullptr ? kAdjacencyPageSize + 1 : 0; }
  bool empty() const { return data_ == nullptr; }
  uint32_t operator[](size_t i) const { return data_[i]; }
  const uint32_t* begin() const { return data_; }
  const uint32_t* end() const { return data_ + size(); }
  friend bool operator==(const ListOffsets& a, const ListOffsets& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  /// Of its own.
  size_t memory() const { return own_.bytes(); }

 private:
  PageArray<uint32_t> own_;
  const uint32_t* data_ = nullptr;
};

/// Lists of a run of nodes. Immutable once built.
struct AdjacencyBase {
  ListOffsets offsets;  // empty if there are no entries
  PageArray<uint32_t> neighbours;
  PageArray<uint32_t> rels;  // empty if they are numbered on from first_rel
  uint32_t first_rel = 0;
  size_t memory() const;
};

/// A part of a huge list; entries sorted, chunks in order.
struct AdjacencyChunk {
  LargeVector<uint32_t> neighbours;
  LargeVector<uint32_t> rels;
};

struct HugeList {
  std::vector<std::shared_ptr<const AdjacencyChunk>> chunks;  // none empty
  uint64_t size = 0;
};

/// Empty in every copy.
template <class T>
struct NotCopied : T {
  NotCopied() = default;
  NotCopied(const NotCopied&) : T() {}
  NotCopied& operator=(const NotCopied&) {
    this->clear();
    return *this;
  }
};

struct AdjacencyPage : Page {
  static constexpr uint32_t kHugeList = 16'384;
  static constexpr uint32_t kChunkLimit = 4'096;

  struct Change {
    uint16_t node;  // low bits of the id
    bool removed;
    uint32_t neighbour;
    uint32_t rel;
  };

  std::shared_ptr<const AdjacencyBase> base;                 // may be null
  std::vector<Change> delta;                                 // sorted by (node, neighbour, rel); one entry a rel
  std::map<uint16_t, std::shared_ptr<const HugeList>> huge;  // nodes whose list is neither in the base nor in the delta

  uint64_t degree(uint32_t node) const;  // low bits of the id
  /// The changes of a node, as a range of `delta`.
  std::pair<const Change*, const Change*> changes(uint32_t node) const;
  void insert(uint32_t node, AdjacencyEntry entry);
  void remove(uint32_t node, AdjacencyEntry entry);
  /// Merges the delta into a new base, moves lists that have become huge into chunks, and such as no longer are back.
  void compact();
  /// Merges `count` entries, sorted by (node, entry), with what is there already. Of `nodes` the low bits count.
  void bulk_insert(const uint32_t* nodes, const AdjacencyEntry* entries, size_t count);

  size_t bytes() const override;

 private:
  size_t delta_limit() const;
  template <class ChangeAt>
  void merge(size_t count, ChangeAt change_at);
  HugeList& own_list(uint16_t node);
  AdjacencyChunk& own_chunk(HugeList& list, size_t place);
  std::shared_ptr<const HugeList> make_huge(const uint32_t* neighbours, const uint32_t* rels, size_t count);
  void insert_huge(uint16_t node, AdjacencyEntry entry);
  void remove_huge(uint16_t node, AdjacencyEntry entry);

  // The lists and chunks that this copy of the page made itself, and so may write in place. (A page that has been
  // copied is never written again: the copy is made because another transaction, or the same after a savepoint,
  // writes.)
  NotCopied<std::unordered_set<const void*>> fresh_;
};

using Adjacency = PageTable<AdjacencyPage>;

/// Walks the list of one node, segment by segment in sorted order. Segments point into the version's pages or into the
/// cursor's buffer and hold until the next call on the cursor; the version must outlive them. Use one cursor again and
/// again: its buffer is kept.
class AdjacencyCursor {
 public:
  void open(const Adjacency& adjacency, NodeId node);
  /// False at the end. Never gives an empty segment.
  bool next(AdjacencySegment& segment);

 private:
  AdjacencySegment first_;
  const HugeList* huge_ = nullptr;
  size_t chunk_ = 0;
  std::vector<uint32_t> neighbours_;
  std::vector<uint32_t> rels_;
};

uint64_t degree(const Adjacency& adjacency, NodeId node);

/// Whether the list of `node` has an entry with this neighbour; by binary search. If `rels` is given, the
/// relationships to that neighbour are appended to it.
bool find_neighbour(const Adjacency& adjacency, NodeId node, NodeId neighbour, std::vector<RelId>* rels = nullptr);

}  // namespace entente
