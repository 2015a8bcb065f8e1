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

void AdjacencyLists::add_degrees(std::span<const uint32_t> nodes, uint64_t* sums) {
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i + kAhead < nodes.size()) prefetch(nodes[i + kAhead]);
    sums[i] += degree(nodes[i]);
  }
}

}  // namespace entente
