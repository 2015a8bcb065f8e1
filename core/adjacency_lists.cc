#include "entente/core/adjacency_lists.h"

#include <algorithm>

namespace entente {

void AdjacencyLists::open(const Adjacency& adjacency) {
  adjacency_ = &adjacency;
  parts_.assign(adjacency.size(), Part());
}

void AdjacencyLists::look_up(uint32_t number, Part& part) const {
  part.known = true;
  const AdjacencyPage* page = adjacency_->find(number);
  if (page == nullptr) return;
  if (!page->delta.empty() || !page->huge.empty()) {
    part.page = page;
    return;
  }
  if (!page->base || page->base->offsets.empty()) return;
  const AdjacencyBase& base = *page->base;
  part.offsets = base.offsets.data();
  part.neighbours = base.neighbours.data();
  if (!base.rels.empty()) part.rels = base.rels.data();
  part.first_rel = base.first_rel;
}

void AdjacencyLists::find_loops(uint32_t number, Part& part) {
  part.loops = part.page != nullptr ? Loops::Some : Loops::None;
  if (part.offsets == nullptr) return;
  for (uint32_t low = 0; low < kAdjacencyPageSize && part.loops == Loops::None; ++low) {
    const uint32_t node = (number << kAdjacencyPageBits) + low;
    const uint32_t* begin = part.neighbours + part.offsets[low];
    const uint32_t* end = part.neighbours + part.offsets[low + 1];
    if (std::binary_search(begin, end, node)) part.loops = Loops::Some;
  }
}

void AdjacencyLists::prefetch(std::span<const uint32_t> nodes) {
  Part* const parts = parts_.data();
  const size_t count = parts_.size();
  for (const uint32_t node : nodes) {
    const uint32_t number = node >> kAdjacencyPageBits;
    if (number >= count) continue;
    Part& part = parts[number];
    if (!part.known) look_up(number, part);
    if (part.offsets != nullptr) __builtin_prefetch(part.offsets + (node & (kAdjacencyPageSize - 1)));
  }
}

void AdjacencyLists::find(std::span<const uint32_t> nodes, AdjacencySegment* lists) {
  constexpr uint32_t kPerLine = 64 / sizeof(uint32_t);
  constexpr uint32_t kFetched = 4 * kPerLine;
  Part* const parts = parts_.data();
  const size_t count = parts_.size();
  for (const uint32_t node : nodes) {
    AdjacencySegment& list = *lists++;
    list.size = 0;
    const uint32_t number = node >> kAdjacencyPageBits;
    if (number >= count) continue;
    Part& part = parts[number];
    if (!part.known) look_up(number, part);
    if (part.offsets == nullptr) {
      if (part.page != nullptr) list.size = kPieces;
      continue;
    }
    const uint32_t* offset = part.offsets + (node & (kAdjacencyPageSize - 1));
    const uint32_t begin = offset[0];
    list.size = offset[1] - begin;
    list.neighbours = part.neighbours + begin;
    list.rels = part.rels != nullptr ? part.rels + begin : nullptr;
    list.first_rel = part.first_rel + begin;
    const uint32_t fetched = std::min(list.size, kFetched);
    for (uint32_t i = 0; i < fetched; i += kPerLine) __builtin_prefetch(list.neighbours + i);
  }
}

size_t AdjacencyLists::take_single(std::span<const uint32_t> nodes, uint32_t* ends, uint32_t* rels) {
  const uint32_t* const one_each = ListOffsets::one_each();
  Part* const parts = parts_.data();
  const size_t count = parts_.size();
  for (size_t i = 0; i < nodes.size(); ++i) {
    const uint32_t number = nodes[i] >> kAdjacencyPageBits;
    if (number >= count) return i;
    Part& part = parts[number];
    if (!part.known) look_up(number, part);
    if (part.offsets != one_each) return i;
    const uint32_t low = nodes[i] & (kAdjacencyPageSize - 1);
    ends[i] = part.neighbours[low];
    if (rels != nullptr) rels[i] = part.rels != nullptr ? part.rels[low] : part.first_rel + low;
  }
  return nodes.size();
}

void AdjacencyLists::add_degrees(std::span<const uint32_t> nodes, uint64_t* sums) {
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i + kAhead < nodes.size()) prefetch(nodes[i + kAhead]);
    sums[i] += degree(nodes[i]);
  }
}

}  // namespace entente
