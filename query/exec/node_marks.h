// Marks on some of a graph's nodes: what an array over all ids would be, at a cost in proportion to what is marked.
//
// The first few marks stand in a small hash table; with more, a directory over runs of 64 ids points to blocks of
// marks, made where one is needed. Used by one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "entente/core/slabs.h"

namespace entente {

/// A default-made Mark is that of a node without one.
template <class Mark>
class NodeMarks {
 public:
  Mark get(uint32_t node) const {
    if (directory_.empty()) {
      const size_t slot = slot_of(node);
      return nodes_[slot] == node ? few_[slot] : Mark{};
    }
    const uint32_t block = node >> kBits;
    return block < directory_.size() && directory_[block] != nullptr ? (*directory_[block])[node & kMask] : Mark{};
  }

  /// Has memory fetch the node's mark.
  void prefetch(uint32_t node) const {
    const uint32_t block = node >> kBits;
    if (block < directory_.size() && directory_[block] != nullptr)
      __builtin_prefetch(&(*directory_[block])[node & kMask]);
  }

  void set(uint32_t node, Mark mark) { (*this)[node] = mark; }

  /// The node's mark, to be changed; valid until another is asked for.
  Mark& operator[](uint32_t node) {
    if (directory_.empty()) {
      const size_t slot = slot_of(node);
      if (nodes_[slot] == node) return few_[slot];
      if (count_ < kFew) {
        ++count_;
        nodes_[slot] = node;
        return few_[slot] = Mark{};
      }
      spread();
    }
    return (*block_of(node))[node & kMask];
  }

  /// For a graph in which all ids are below `limit`. Takes all marks away.
  void clear(uint32_t limit) {
    limit_ = limit;
    if (directory_.empty()) {
      if (count_ > 0) nodes_.fill(kNoNode);
      count_ = 0;
      return;
    }
    for (size_t i = 0; i < in_use_.size(); ++i) {
      blocks_[i].fill(Mark{});
      directory_[in_use_[i]] = nullptr;
    }
    in_use_.clear();
  }

  /// fn(node, mark) for each node that may have a mark, in no order.
  template <class Fn>
  void for_each(Fn fn) const {
    if (directory_.empty()) {
      for (size_t slot = 0; slot < kSlots; ++slot) {
        if (nodes_[slot] != kNoNode) fn(nodes_[slot], few_[slot]);
      }
      return;
    }
    for (size_t i = 0; i < in_use_.size(); ++i) {
      for (uint32_t k = 0; k <= kMask; ++k) fn((in_use_[i] << kBits) + k, blocks_[i][k]);
    }
  }

  size_t bytes() const {
    return sizeof(*this) + directory_.capacity() * sizeof(Block*) + blocks_.bytes() +
           in_use_.capacity() * sizeof(uint32_t);
  }

 private:
  static constexpr uint32_t kBits = 6;
  static constexpr uint32_t kMask = (1u << kBits) - 1;
  static constexpr uint32_t kNoNode = ~uint32_t{0};
  static constexpr size_t kFew = 128;
  static constexpr size_t kSlots = 4 * kFew;
  using Block = std::array<Mark, kMask + 1>;

  /// Where the node stands in the table, or may be put.
  size_t slot_of(uint32_t node) const {
    size_t slot = (node * 0x9E3779B1u) >> 23;  // of 512
    while (nodes_[slot] != kNoNode && nodes_[slot] != node) slot = (slot + 1) & (kSlots - 1);
    return slot;
  }
  static_assert(kSlots == 512);

  Block* block_of(uint32_t node) {
    const uint32_t block = node >> kBits;
    if (block >= directory_.size()) directory_.resize(size_t{block} + 1);
    if (directory_[block] == nullptr) {
      if (blocks_.size() == in_use_.size()) blocks_.add();
      directory_[block] = &blocks_[in_use_.size()];
      in_use_.push_back(block);
    }
    return directory_[block];
  }

  void spread() {
    directory_.resize((size_t{limit_} >> kBits) + 1);
    for (size_t slot = 0; slot < kSlots; ++slot) {
      if (nodes_[slot] != kNoNode) (*block_of(nodes_[slot]))[nodes_[slot] & kMask] = few_[slot];
    }
  }

  static std::array<uint32_t, kSlots> no_nodes() {
    std::array<uint32_t, kSlots> nodes;
    nodes.fill(kNoNode);
    return nodes;
  }

  uint32_t limit_ = 0;
  size_t count_ = 0;                                 // in the table
  std::array<uint32_t, kSlots> nodes_ = no_nodes();  // open addressing; kNoNode where free
  std::array<Mark, kSlots> few_;
  std::vector<Block*> directory_;  // by run of ids; empty: all marks are in the table
  std::vector<uint32_t> in_use_;   // which run the block at this place stands for
  Slabs<Block> blocks_;            // all beyond in_use_ are clear
};

/// A set of nodes: by 64 ids, a bit each.
class NodeSet {
 public:
  /// Whether the node was not in it.
  bool insert(uint32_t node) {
    const uint64_t bit = uint64_t{1} << (node % kWordBits);
    uint64_t& word = words_[node / kWordBits];
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }
  bool contains(uint32_t node) const { return (words_.get(node / kWordBits) >> (node % kWordBits) & 1) != 0; }
  /// fn(node) for each node in it, in no order.
  template <class Fn>
  void for_each(Fn fn) const {
    words_.for_each([&](uint32_t number, uint64_t word) {
      for (; word != 0; word &= word - 1) {
        fn(number * kWordBits + static_cast<uint32_t>(__builtin_ctzll(word)));
      }
    });
  }
  /// For a graph in which all ids are below `limit`. Takes all nodes out.
  void clear(uint32_t limit) { words_.clear(limit / kWordBits + 1); }
  size_t bytes() const { return words_.bytes(); }

 private:
  static constexpr uint32_t kWordBits = 64;

  NodeMarks<uint64_t> words_;
};

}  // namespace entente
