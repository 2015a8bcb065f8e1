// Looks up the lists of many nodes in one adjacency: each page is found once, and then only its arrays are read.
//
// A list that is in one piece in its page (no delta touches the page, and the list is not huge) is given as a segment
// at once; for others AdjacencyCursor is to be used. Look-ups at random places wait for memory: ask for what comes next
// some rows ahead with `prefetch`.
//
// Used by one thread. The adjacency must outlive it and stay as it is from `open` on: in a transaction that writes,
// open it anew after a change.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "entente/core/adjacency.h"

namespace entente {

class AdjacencyLists {
 public:
  void open(const Adjacency& adjacency);

  /// The list of the node, perhaps empty. False if it is not in one piece.
  bool find(uint32_t node, AdjacencySegment& list) {
    const Part* part = this->part(node);
    if (part == nullptr) {
      list.size = 0;
      return true;
    }
    if (part->offsets == nullptr) {
      list.size = 0;
      return part->page == nullptr;
    }
    const uint32_t* offset = part->offsets + (node & (kAdjacencyPageSize - 1));
    const uint32_t begin = offset[0];
    list.size = offset[1] - begin;
    list.neighbours = part->neighbours + begin;
    list.rels = part->rels != nullptr ? part->rels + begin : nullptr;
    list.first_rel = part->first_rel + begin;
    return true;
  }

  /// The size of what stands for a list that is not in one piece, where many are looked up.
  static constexpr uint32_t kPieces = std::numeric_limits<uint32_t>::max();
  /// Looks up the lists of many nodes, and has memory fetch their beginnings. That of NodeId::kNone is empty.
  void find(std::span<const uint32_t> nodes, AdjacencySegment* lists);

  /// The ends and, if wanted, relationships of the first nodes, as far as all nodes of their pages have one
  /// relationship each. Gives of how many.
  size_t take_single(std::span<const uint32_t> nodes, uint32_t* ends, uint32_t* rels);

  uint64_t degree(uint32_t node) {
    const Part* part = this->part(node);
    if (part == nullptr) return 0;
    const uint32_t low = node & (kAdjacencyPageSize - 1);
    if (part->offsets != nullptr) return part->offsets[low + 1] - part->offsets[low];
    return part->page != nullptr ? part->page->degree(low) : 0;
  }

  /// Where the lists of a page's nodes begin in one array, and behind them where the last one ends; null if there are
  /// none. False if not all of them are in one piece.
  bool offsets_of_page(uint32_t number, const uint32_t*& offsets) {
    offsets = nullptr;
    const Part* part = this->part(number << kAdjacencyPageBits);
    if (part == nullptr) return true;
    offsets = part->offsets;
    return offsets != nullptr || part->page == nullptr;
  }

  /// Has memory fetch what `offsets_of_page` points to.
  void prefetch_page(uint32_t number) {
    const uint32_t* offsets = nullptr;
    if (!offsets_of_page(number, offsets) || offsets == nullptr) return;
    constexpr uint32_t kPerLine = 64 / sizeof(uint32_t);
    for (uint32_t i = 0; i <= kAdjacencyPageSize; i += kPerLine) __builtin_prefetch(offsets + i, 0, 2);
  }

  /// False only if no relationship leads from the node to itself. Where many nodes of a page are asked for, all lists
  /// of the page are looked through once.
  bool may_have_loop(uint32_t node) {
    const uint32_t number = node >> kAdjacencyPageBits;
    if (number >= parts_.size()) return false;
    Part& part = parts_[number];
    if (!part.known) look_up(number, part);
    if (part.loops == Loops::Unknown && ++part.asked > kAskedBeforeSearch) find_loops(number, part);
    return part.loops != Loops::None;
  }

  /// The same of all nodes of a page.
  bool may_have_loops(uint32_t page_number) {
    if (page_number >= parts_.size()) return false;
    Part& part = parts_[page_number];
    if (!part.known) look_up(page_number, part);
    if (part.loops == Loops::Unknown) find_loops(page_number, part);
    return part.loops != Loops::None;
  }

  /// Adds each node's degree to what is in its place in `sums`; nothing for NodeId::kNone.
  void add_degrees(std::span<const uint32_t> nodes, uint64_t* sums);

  /// Fetches where the nodes' lists are.
  void prefetch(std::span<const uint32_t> nodes);
  /// Fetches where the node's list is, to be asked for first, …
  void prefetch(uint32_t node) {
    const Part* part = this->part(node);
    if (part != nullptr && part->offsets != nullptr) {
      __builtin_prefetch(part->offsets + (node & (kAdjacencyPageSize - 1)));
    }
  }
  /// … and its beginning.
  void prefetch_list(uint32_t node) {
    const Part* part = this->part(node);
    if (part != nullptr && part->offsets != nullptr) {
      __builtin_prefetch(part->neighbours + part->offsets[node & (kAdjacencyPageSize - 1)]);
    }
  }

  const Adjacency& adjacency() const { return *adjacency_; }

 private:
  enum class Loops : uint8_t { Unknown, None, Some };
  static constexpr uint16_t kAskedBeforeSearch = 64;

  /// A page. Without `offsets` it has no entries, or, with `page`, lists that are not in one piece.
  struct Part {
    const uint32_t* offsets = nullptr;
    const uint32_t* neighbours = nullptr;
    const uint32_t* rels = nullptr;
    const AdjacencyPage* page = nullptr;
    uint32_t first_rel = 0;
    bool known = false;
    Loops loops = Loops::Unknown;
    uint16_t asked = 0;  // for loops
  };

  const Part* part(uint32_t node) {
    const uint32_t number = node >> kAdjacencyPageBits;
    if (number >= parts_.size()) return nullptr;
    Part& part = parts_[number];
    if (!part.known) look_up(number, part);
    return &part;
  }
  void look_up(uint32_t number, Part& part) const;
  static void find_loops(uint32_t number, Part& part);

  const Adjacency* adjacency_ = nullptr;
  std::vector<Part> parts_;  // by page number
};

}  // namespace entente
