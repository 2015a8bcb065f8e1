// Internal to query/exec: the lists of a batch's rows, looked up some rows ahead, so that memory has fetched them when
// their turn comes.
//
// Rows are looked up in blocks. While the rows of a block are worked on, the lists of the next block are known and
// their beginnings on the way, and so are the places where those of the block after it begin. (Chen, Ailamaki, Gibbons,
// Mowry, "Improving Hash Join Performance through Prefetching", 2004: software pipelining.)
//
// Used by one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "entente/query/exec/expansion_lists.h"

namespace entente {

class RowLists {
 public:
  /// Begins with the first row. `nodes`, one a row, and the lists stay as they are until the next call; the list of
  /// NodeId::kNone is empty.
  void open(ExpansionLists& lists, const std::vector<uint32_t>& nodes) {
    nodes_ = nodes;
    lists_.resize(lists.size());
    for (size_t place = 0; place < lists_.size(); ++place) {
      lists_[place].lists = &lists[place].lists;
      lists_[place].asked = 0;
      lists_[place].ready = 0;
    }
  }

  /// To be called for each row, in order, before its lists are asked for.
  void go_to(size_t row) {
    for (List& list : lists_) go_to(list, row);
  }

  /// The row's list at a place in the expansion's lists, perhaps empty. False if it is not in one piece.
  bool find(size_t row, size_t place, AdjacencySegment& list) const {
    const AdjacencySegment& found = lists_[place].found[row % kKept];
    if (found.size == AdjacencyLists::kPieces) return false;
    list = found;
    return true;
  }

  uint64_t degree(size_t row, size_t place) const {
    const uint32_t size = lists_[place].found[row % kKept].size;
    return size != AdjacencyLists::kPieces ? size : lists_[place].lists->degree(nodes_[row]);
  }

  /// Goes to `row` and further for the lists at one place, and takes their entries: the row, the end and, if wanted,
  /// the relationship of each. Stops where a list is not in one piece or does not fit. Gives the number of entries.
  size_t take(size_t place, size_t& row, size_t room, uint32_t* rows, uint32_t* ends, uint32_t* rels) {
    List& lists = lists_[place];
    size_t size = take_single(lists, row, room, rows, ends, rels);
    size_t at = row + size;
    for (; at < nodes_.size(); ++at) {
      go_to(lists, at);
      const AdjacencySegment& list = lists.found[at % kKept];
      if (list.size > room - size) break;
      for (uint32_t i = 0; i < list.size; ++i, ++size) {
        rows[size] = static_cast<uint32_t>(at);
        if (ends != nullptr) ends[size] = list.neighbours[i];
        if (rels != nullptr) rels[size] = list.rel(i);
      }
    }
    row = at;
    return size;
  }

 private:
  static constexpr size_t kBlock = 16;
  static constexpr size_t kKept = 4 * kBlock;

  struct List {
    AdjacencyLists* lists = nullptr;
    size_t asked = 0;                                // rows before: memory was asked where their lists begin
    size_t ready = 0;                                // rows before: found; a multiple of kBlock, or all rows
    std::array<AdjacencySegment, kKept> found = {};  // of the last rows
  };

  /// Those of the first rows, as long as they have one entry each.
  size_t take_single(List& lists, size_t row, size_t room, uint32_t* rows, uint32_t* ends, uint32_t* rels) const {
    if (ends == nullptr) return 0;
    const size_t size = lists.lists->take_single(nodes_.subspan(row, std::min(room, nodes_.size() - row)), ends, rels);
    for (size_t i = 0; i < size; ++i) rows[i] = static_cast<uint32_t>(row + i);
    lists.ready = std::max(lists.ready, (row + size) / kBlock * kBlock);
    lists.asked = std::max(lists.asked, lists.ready);
    return size;
  }

  void go_to(List& list, size_t row) const {
    if (row + kBlock >= list.ready && list.ready < nodes_.size()) look_ahead(list, row);
  }

  [[gnu::noinline]] void look_ahead(List& list, size_t row) const {
    while (list.ready <= row + kBlock && list.ready < nodes_.size()) {
      const size_t ask = std::min(list.ready + 2 * kBlock, nodes_.size());
      const size_t find = std::min(list.ready + kBlock, nodes_.size());
      if (ask > list.asked) list.lists->prefetch(nodes_.subspan(list.asked, ask - list.asked));
      list.lists->find(nodes_.subspan(list.ready, find - list.ready), &list.found[list.ready % kKept]);
      list.asked = std::max(list.asked, ask);
      list.ready = find;
    }
  }

  std::span<const uint32_t> nodes_;
  std::vector<List> lists_;  // by place
};

}  // namespace entente
