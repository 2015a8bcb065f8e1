#include "entente/core/adjacency.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace entente {
namespace {

constexpr size_t kSmallestDeltaLimit = 256;
constexpr size_t kLargestDeltaLimit = 2'048;
constexpr uint32_t kChunkFill = 3'072;  // of new chunks, so that the first inserts do not split them

using ListChange = AdjacencyPage::Change;

auto key(const ListChange& c) { return std::tuple(c.node, c.neighbour, c.rel); }

AdjacencyEntry last(const AdjacencyChunk& chunk) { return {chunk.neighbours.back(), chunk.rels.back()}; }

/// The place of the first entry of a chunk that is not less than `entry`.
size_t place_in(const AdjacencyChunk& chunk, AdjacencyEntry entry) {
  auto low = std::lower_bound(chunk.neighbours.begin(), chunk.neighbours.end(), entry.neighbour);
  auto high = std::upper_bound(low, chunk.neighbours.end(), entry.neighbour);
  const auto first = chunk.rels.begin() + (low - chunk.neighbours.begin());
  const auto end = chunk.rels.begin() + (high - chunk.neighbours.begin());
  return static_cast<size_t>(std::lower_bound(first, end, entry.rel) - chunk.rels.begin());
}

/// The first chunk whose last entry is not less than `entry`.
size_t chunk_of(const HugeList& list, AdjacencyEntry entry) {
  auto it = std::partition_point(list.chunks.begin(), list.chunks.end(),
                                 [&](const auto& chunk) { return last(*chunk) < entry; });
  return static_cast<size_t>(it - list.chunks.begin());
}

AdjacencySegment base_list(const AdjacencyPage& page, uint32_t node) {
  if (!page.base || page.base->offsets.empty()) return {};
  const AdjacencyBase& base = *page.base;
  const uint32_t begin = base.offsets[node];
  AdjacencySegment list;
  list.size = base.offsets[node + 1] - begin;
  if (list.size == 0) return {};
  list.neighbours = base.neighbours.data() + begin;
  if (base.rels.empty())
    list.first_rel = base.first_rel + begin;
  else
    list.rels = base.rels.data() + begin;
  return list;
}

bool base_contains(const AdjacencyPage& page, uint32_t node, AdjacencyEntry entry) {
  const AdjacencySegment list = base_list(page, node);
  auto [low, high] = std::equal_range(list.neighbours, list.neighbours + list.size, entry.neighbour);
  for (; low != high; ++low) {
    if (list.rel(static_cast<uint32_t>(low - list.neighbours)) == entry.rel) return true;
  }
  return false;
}

/// Two parallel vectors of neighbours and relationships.
struct Entries {
  std::vector<uint32_t>& neighbours;
  std::vector<uint32_t>& rels;

  void add(AdjacencyEntry entry) {
    neighbours.push_back(entry.neighbour);
    rels.push_back(entry.rel);
  }
  void add(const AdjacencySegment& list, uint32_t begin, uint32_t end) {
    if (begin == end) return;
    neighbours.insert(neighbours.end(), list.neighbours + begin, list.neighbours + end);
    if (list.rels != nullptr) {
      rels.insert(rels.end(), list.rels + begin, list.rels + end);
    } else {
      const size_t old = rels.size();
      rels.resize(old + (end - begin));
      std::iota(rels.begin() + static_cast<std::ptrdiff_t>(old), rels.end(), list.first_rel + begin);
    }
  }
};

/// Appends a list with the changes [begin, end) of its node to `out`.
template <class ChangeAt>
void merge_list(const AdjacencySegment& list, ChangeAt change_at, size_t begin, size_t end, Entries out) {
  uint32_t i = 0;
  for (size_t c = begin; c < end; ++c) {
    const ListChange change = change_at(c);
    const AdjacencyEntry entry{change.neighbour, change.rel};
    const uint32_t unchanged = i;
    while (i < list.size && AdjacencyEntry{list.neighbours[i], list.rel(i)} < entry) ++i;
    out.add(list, unchanged, i);
    const bool there = i < list.size && list.neighbours[i] == entry.neighbour && list.rel(i) == entry.rel;
    if (there) ++i;
    if (!change.removed) out.add(entry);
  }
  out.add(list, i, list.size);
}

}  // namespace

const uint32_t* ListOffsets::one_each() {
  using OneEach = std::array<uint32_t, kAdjacencyPageSize + 1>;
  static const OneEach kOneEach = [] {
    OneEach numbers;
    std::iota(numbers.begin(), numbers.end(), 0u);
    return numbers;
  }();
  return kOneEach.data();
}

ListOffsets::ListOffsets(std::span<const uint32_t> offsets, std::shared_ptr<PageMemory> memory) {
  if (offsets.size() == kAdjacencyPageSize + 1 && std::equal(offsets.begin(), offsets.end(), one_each())) {
    data_ = one_each();
    return;
  }
  own_ = PageArray<uint32_t>(offsets, std::move(memory));
  data_ = own_.data();
}

size_t AdjacencyBase::memory() const { return sizeof(*this) + offsets.memory() + neighbours.bytes() + rels.bytes(); }

size_t AdjacencyPage::delta_limit() const {
  const size_t entries = base ? base->neighbours.size() : 0;
  return std::clamp(entries / 16, kSmallestDeltaLimit, kLargestDeltaLimit);
}

std::pair<const ListChange*, const ListChange*> AdjacencyPage::changes(uint32_t node) const {
  const ListChange* begin = delta.data();
  const ListChange* end = begin + delta.size();
  if (begin == end) return {begin, end};
  const ListChange* low =
      std::lower_bound(begin, end, node, [](const ListChange& c, uint32_t n) { return c.node < n; });
  const ListChange* high = low;
  if (low != end && low->node == node) {
    high = std::upper_bound(low, end, node, [](uint32_t n, const ListChange& c) { return n < c.node; });
  }
  return {low, high};
}

uint64_t AdjacencyPage::degree(uint32_t node) const {
  if (!huge.empty()) {
    auto it = huge.find(static_cast<uint16_t>(node));
    if (it != huge.end()) return it->second->size;
  }
  uint64_t count = base_list(*this, node).size;
  auto [low, high] = changes(node);
  for (; low != high; ++low) {
    if (low->removed)
      --count;
    else
      ++count;
  }
  return count;
}

void AdjacencyPage::insert(uint32_t node, AdjacencyEntry entry) {
  const auto low = static_cast<uint16_t>(node);
  if (!huge.empty() && huge.count(low) != 0) return insert_huge(low, entry);
  const ListChange change{low, false, entry.neighbour, entry.rel};
  auto it = std::lower_bound(delta.begin(), delta.end(), change,
                             [](const ListChange& a, const ListChange& b) { return key(a) < key(b); });
  if (it != delta.end() && key(*it) == key(change)) {
    if (it->removed) delta.erase(it);  // the base has it
    return;
  }
  delta.insert(it, change);
  if (delta.size() > delta_limit()) compact();
}

void AdjacencyPage::remove(uint32_t node, AdjacencyEntry entry) {
  const auto low = static_cast<uint16_t>(node);
  if (!huge.empty() && huge.count(low) != 0) return remove_huge(low, entry);
  const ListChange change{low, true, entry.neighbour, entry.rel};
  auto it = std::lower_bound(delta.begin(), delta.end(), change,
                             [](const ListChange& a, const ListChange& b) { return key(a) < key(b); });
  if (it != delta.end() && key(*it) == key(change)) {
    if (!it->removed) delta.erase(it);
    return;
  }
  if (!base_contains(*this, node, entry)) return;
  delta.insert(it, change);
  if (delta.size() > delta_limit()) compact();
}

void AdjacencyPage::compact() {
  if (delta.empty()) return;
  const std::vector<ListChange> changes = std::move(delta);
  delta = {};
  merge(changes.size(), [&](size_t i) { return changes[i]; });
}

void AdjacencyPage::bulk_insert(const uint32_t* nodes, const AdjacencyEntry* entries, size_t count) {
  compact();
  merge(count, [&](size_t i) {
    return ListChange{static_cast<uint16_t>(nodes[i] & (kAdjacencyPageSize - 1)), false, entries[i].neighbour,
                      entries[i].rel};
  });
}

template <class ChangeAt>
void AdjacencyPage::merge(size_t count, ChangeAt change_at) {
  std::vector<uint32_t> neighbours;
  std::vector<uint32_t> rels;
  const size_t before = base ? base->neighbours.size() : 0;
  std::vector<uint32_t> offsets(kAdjacencyPageSize + 1);
  neighbours.reserve(before + count);
  rels.reserve(before + count);
  const Entries out{neighbours, rels};
  size_t next = 0;
  for (uint32_t node = 0; node < kAdjacencyPageSize; ++node) {
    const size_t begin = next;
    while (next < count && change_at(next).node == node) ++next;
    const size_t start = neighbours.size();
    const auto low = static_cast<uint16_t>(node);
    auto old_huge = huge.empty() ? huge.end() : huge.find(low);
    if (old_huge == huge.end()) {
      merge_list(base_list(*this, node), change_at, begin, next, out);
    } else if (begin != next || old_huge->second->size <= kHugeList / 2) {
      std::vector<uint32_t> old_neighbours, old_rels;
      Entries whole{old_neighbours, old_rels};
      for (const auto& chunk : old_huge->second->chunks) {
        const auto size = static_cast<uint32_t>(chunk->neighbours.size());
        whole.add({chunk->neighbours.data(), chunk->rels.data(), 0, size}, 0, size);
      }
      const auto size = static_cast<uint32_t>(old_neighbours.size());
      merge_list({old_neighbours.data(), old_rels.data(), 0, size}, change_at, begin, next, out);
      huge.erase(old_huge);
    }
    const size_t length = neighbours.size() - start;
    if (length > kHugeList) {
      huge[low] = make_huge(neighbours.data() + start, rels.data() + start, length);
      neighbours.resize(start);
      rels.resize(start);
    }
    offsets[node + 1] = static_cast<uint32_t>(neighbours.size());
  }
  if (neighbours.empty()) {
    base.reset();
    return;
  }
  bool consecutive = true;
  for (size_t i = 1; i < rels.size() && consecutive; ++i) consecutive = rels[i] - rels[i - 1] == 1;
  auto result = std::make_shared<AdjacencyBase>();
  result->offsets = ListOffsets(offsets);
  result->neighbours = PageArray<uint32_t>(neighbours);
  result->first_rel = rels.front();
  if (!consecutive) result->rels = PageArray<uint32_t>(rels);
  base = std::move(result);
}

// ---- huge lists ----

std::shared_ptr<const HugeList> AdjacencyPage::make_huge(const uint32_t* neighbours, const uint32_t* rels,
                                                         size_t count) {
  auto list = std::make_shared<HugeList>();
  list->size = count;
  list->chunks.reserve(count / kChunkFill + 1);
  for (size_t begin = 0; begin < count; begin += kChunkFill) {
    const size_t end = std::min<size_t>(begin + kChunkFill, count);
    auto chunk = std::make_shared<AdjacencyChunk>();
    chunk->neighbours.assign(neighbours + begin, neighbours + end);
    chunk->rels.assign(rels + begin, rels + end);
    fresh_.insert(chunk.get());
    list->chunks.push_back(std::move(chunk));
  }
  fresh_.insert(list.get());
  return list;
}

HugeList& AdjacencyPage::own_list(uint16_t node) {
  std::shared_ptr<const HugeList>& list = huge.at(node);
  if (fresh_.count(list.get()) == 0) {
    list = std::make_shared<HugeList>(*list);
    fresh_.insert(list.get());
  }
  return const_cast<HugeList&>(*list);  // made by this page, and not const
}

AdjacencyChunk& AdjacencyPage::own_chunk(HugeList& list, size_t place) {
  std::shared_ptr<const AdjacencyChunk>& chunk = list.chunks[place];
  if (fresh_.count(chunk.get()) == 0) {
    auto copy = std::make_shared<AdjacencyChunk>();
    const size_t room = std::min<size_t>(kChunkLimit, chunk->neighbours.size() + 64) + 1;
    copy->neighbours.reserve(room);
    copy->rels.reserve(room);
    copy->neighbours.assign(chunk->neighbours.begin(), chunk->neighbours.end());
    copy->rels.assign(chunk->rels.begin(), chunk->rels.end());
    chunk = std::move(copy);
    fresh_.insert(chunk.get());
  }
  return const_cast<AdjacencyChunk&>(*chunk);  // made by this page, and not const
}

void AdjacencyPage::insert_huge(uint16_t node, AdjacencyEntry entry) {
  HugeList& list = own_list(node);
  size_t place = chunk_of(list, entry);
  if (place == list.chunks.size()) --place;
  AdjacencyChunk& chunk = own_chunk(list, place);
  const size_t at = place_in(chunk, entry);
  if (at < chunk.rels.size() && chunk.neighbours[at] == entry.neighbour && chunk.rels[at] == entry.rel) return;
  chunk.neighbours.insert(chunk.neighbours.begin() + static_cast<std::ptrdiff_t>(at), entry.neighbour);
  chunk.rels.insert(chunk.rels.begin() + static_cast<std::ptrdiff_t>(at), entry.rel);
  ++list.size;
  const size_t size = chunk.rels.size();
  if (size <= kChunkLimit) return;
  // A list that grows at its end leaves full chunks behind.
  const size_t keep = place + 1 == list.chunks.size() && at + 1 == size ? size - 1 : size / 2;
  auto rest = std::make_shared<AdjacencyChunk>();
  rest->neighbours.assign(chunk.neighbours.begin() + static_cast<std::ptrdiff_t>(keep), chunk.neighbours.end());
  rest->rels.assign(chunk.rels.begin() + static_cast<std::ptrdiff_t>(keep), chunk.rels.end());
  chunk.neighbours.resize(keep);
  chunk.rels.resize(keep);
  fresh_.insert(rest.get());
  list.chunks.insert(list.chunks.begin() + static_cast<std::ptrdiff_t>(place) + 1, std::move(rest));
}

void AdjacencyPage::remove_huge(uint16_t node, AdjacencyEntry entry) {
  const HugeList& old = *huge.at(node);
  const size_t place = chunk_of(old, entry);
  if (place == old.chunks.size()) return;
  const size_t at = place_in(*old.chunks[place], entry);
  const AdjacencyChunk& found = *old.chunks[place];
  if (at == found.rels.size() || found.neighbours[at] != entry.neighbour || found.rels[at] != entry.rel) return;

  HugeList& list = own_list(node);
  --list.size;
  if (found.rels.size() == 1) {
    fresh_.erase(&found);
    list.chunks.erase(list.chunks.begin() + static_cast<std::ptrdiff_t>(place));
  } else {
    AdjacencyChunk& chunk = own_chunk(list, place);
    chunk.neighbours.erase(chunk.neighbours.begin() + static_cast<std::ptrdiff_t>(at));
    chunk.rels.erase(chunk.rels.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (list.size <= kHugeList / 2) {
    const std::vector<ListChange> changes = std::move(delta);
    delta = {};
    merge(changes.size(), [&](size_t i) { return changes[i]; });
  }
}

size_t AdjacencyPage::bytes() const {
  size_t total = sizeof(*this) + delta.capacity() * sizeof(ListChange) + (base ? base->memory() : 0);
  for (const auto& [node, list] : huge) {
    total += sizeof(HugeList) + list->chunks.capacity() * sizeof(list->chunks[0]);
    for (const auto& chunk : list->chunks) {
      total += sizeof(*chunk) + (chunk->neighbours.capacity() + chunk->rels.capacity()) * sizeof(uint32_t);
    }
  }
  return total;
}

// ---- reading ----

void AdjacencyCursor::open(const Adjacency& adjacency, NodeId node) {
  first_ = {};
  huge_ = nullptr;
  chunk_ = 0;
  const AdjacencyPage* page = adjacency.find(node.value >> kAdjacencyPageBits);
  if (page == nullptr) return;
  const uint32_t low = node.value & (kAdjacencyPageSize - 1);
  if (!page->huge.empty()) {
    auto it = page->huge.find(static_cast<uint16_t>(low));
    if (it != page->huge.end()) {
      huge_ = it->second.get();
      return;
    }
  }
  first_ = base_list(*page, low);
  auto [begin, end] = page->changes(low);
  if (begin == end) return;
  neighbours_.clear();
  rels_.clear();
  const ListChange* changes = begin;
  merge_list(
      first_, [&](size_t i) { return changes[i]; }, 0, static_cast<size_t>(end - begin), Entries{neighbours_, rels_});
  first_ = {neighbours_.data(), rels_.data(), 0, static_cast<uint32_t>(neighbours_.size())};
}

bool AdjacencyCursor::next(AdjacencySegment& segment) {
  if (huge_ != nullptr) {
    if (chunk_ == huge_->chunks.size()) return false;
    const AdjacencyChunk& chunk = *huge_->chunks[chunk_++];
    segment = {chunk.neighbours.data(), chunk.rels.data(), 0, static_cast<uint32_t>(chunk.neighbours.size())};
    return true;
  }
  if (first_.size == 0) return false;
  segment = first_;
  first_.size = 0;
  return true;
}

uint64_t degree(const Adjacency& adjacency, NodeId node) {
  const AdjacencyPage* page = adjacency.find(node.value >> kAdjacencyPageBits);
  return page != nullptr ? page->degree(node.value & (kAdjacencyPageSize - 1)) : 0;
}

namespace {

bool find_in_huge(const HugeList& list, uint32_t neighbour, std::vector<RelId>* rels) {
  bool found = false;
  for (size_t c = chunk_of(list, {neighbour, 0}); c < list.chunks.size(); ++c) {
    const AdjacencyChunk& chunk = *list.chunks[c];
    if (chunk.neighbours.front() > neighbour) break;
    auto [low, high] = std::equal_range(chunk.neighbours.begin(), chunk.neighbours.end(), neighbour);
    if (low == high) break;
    found = true;
    if (rels == nullptr) break;
    for (; low != high; ++low) rels->emplace_back(chunk.rels[static_cast<size_t>(low - chunk.neighbours.begin())]);
  }
  return found;
}

}  // namespace

bool find_neighbour(const Adjacency& adjacency, NodeId node, NodeId neighbour, std::vector<RelId>* rels) {
  const AdjacencyPage* page = adjacency.find(node.value >> kAdjacencyPageBits);
  if (page == nullptr) return false;
  const uint32_t low = node.value & (kAdjacencyPageSize - 1);
  if (!page->huge.empty()) {
    auto it = page->huge.find(static_cast<uint16_t>(low));
    if (it != page->huge.end()) return find_in_huge(*it->second, neighbour.value, rels);
  }
  const AdjacencySegment list = base_list(*page, low);
  auto [first, end] = std::equal_range(list.neighbours, list.neighbours + list.size, neighbour.value);
  auto [change, changes_end] = page->changes(low);
  change = std::lower_bound(change, changes_end, neighbour.value,
                            [](const ListChange& c, uint32_t n) { return c.neighbour < n; });
  // Both runs are sorted by relationship: merge them.
  bool found = false;
  const auto give = [&](uint32_t rel) {
    found = true;
    if (rels != nullptr) rels->emplace_back(rel);
  };
  const auto rel_at = [&](const uint32_t* p) { return list.rel(static_cast<uint32_t>(p - list.neighbours)); };
  for (; change != changes_end && change->neighbour == neighbour.value; ++change) {
    while (first != end && rel_at(first) < change->rel) give(rel_at(first++));
    if (change->removed) {
      if (first != end && rel_at(first) == change->rel) ++first;
    } else {
      give(change->rel);
    }
  }
  while (first != end) {
    give(rel_at(first++));
    if (rels == nullptr) break;
  }
  return found;
}

}  // namespace entente
