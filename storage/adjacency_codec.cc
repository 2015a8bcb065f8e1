#include "entente/storage/adjacency_codec.h"

#include <array>
#include <utility>

#include "entente/storage/key_codec.h"
#include "entente/storage/list_codec.h"
#include "entente/storage/packed_ints.h"
#include "entente/storage/record.h"

namespace entente {
namespace {

constexpr uint32_t kTablePage = RelationshipPage::kSize;
// A page of lists may refer to so many pages of the table, and one more for so many entries.
constexpr size_t kFewTablePages = 4;
constexpr size_t kEntriesATablePage = 256;

Numbers relative_to(std::span<const uint32_t> neighbours, std::span<const uint32_t> rels) {
  Numbers out(rels.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = rels[i] - neighbours[i];  // modulo 2^32
  return out;
}

void undo_relative(const Numbers& neighbours, Numbers& rels) {
  for (size_t i = 0; i < rels.size(); ++i) rels[i] += neighbours[i];
}

void require_sorted(const uint32_t* neighbours, const uint32_t* rels, size_t count) {
  for (size_t i = 1; i < count; ++i) {
    require(neighbours[i - 1] <= neighbours[i], "the neighbours of a node are out of order");
    if (rels != nullptr && neighbours[i - 1] == neighbours[i]) {
      require(rels[i - 1] < rels[i], "the relationships of a node are out of order");
    }
  }
}

void require_all_below(std::span<const uint32_t> numbers, uint32_t limit, const char* message) {
  for (const uint32_t number : numbers) require(number < limit, message);
}

/// The lists of a page while it is decoded.
struct DecodedLists {
  Numbers offsets;
  Numbers neighbours;
  Numbers rels;
  uint32_t first_rel = 0;
};

// ---- what stands in the table ----

/// The last pages that were asked for, as lists may go back and forth between a few.
template <class P>
class RecentPages {
 public:
  /// `get` gives a page by number where it is not one of the last.
  template <class Get>
  const P& find(uint32_t number, Get get) {
    Slot& slot = slots_[number % slots_.size()];
    if (slot.number != number) slot = {number, get(number)};
    return slot.page;
  }

 private:
  struct Slot {
    uint64_t number = UINT64_MAX;
    P page{};
  };
  std::array<Slot, 8> slots_;
};

/// Whether the table has the same neighbours, on not too many pages.
bool stands_in(const PageTable<RelationshipPage>& table, const AdjacencyBase& base) {
  size_t left = kFewTablePages + base.neighbours.size() / kEntriesATablePage;
  RecentPages<const RelationshipPage*> pages;
  for (uint32_t i = 0; i < base.neighbours.size(); ++i) {
    const uint32_t rel = base.rels.empty() ? base.first_rel + i : base.rels[i];
    const RelationshipPage* page = pages.find(rel / kTablePage, [&](uint32_t number) -> const RelationshipPage* {
      return left-- > 0 ? table.find(number) : nullptr;
    });
    const uint32_t low = rel % kTablePage;
    if (page == nullptr || low >= page->targets.size() || page->targets[low] != base.neighbours[i]) return false;
  }
  return true;
}

void read_from_table(const PageLimits& limits, DecodedLists& lists) {
  require(limits.table != nullptr, "its neighbours stand in the table of relationships, which is not at hand");
  const uint32_t count = lists.offsets.back();
  lists.neighbours.resize(count);
  RecentPages<std::shared_ptr<const Numbers>> pages;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t rel = lists.rels.empty() ? lists.first_rel + i : lists.rels[i];
    const Numbers& targets = *pages.find(rel / kTablePage, [&](uint32_t page) { return limits.table->targets(page); });
    require(rel % kTablePage < targets.size(), "one of its relationships is not in the table");
    lists.neighbours[i] = targets[rel % kTablePage];
  }
}

// ---- lists in one piece ----

/// The relationships of the page in the smallest form, as bytes that `set` puts into the message.
struct PackedRels {
  std::string plain;
  PackedLists lists;
  bool relative = false;

  PackedRels(const AdjacencyBase& base, bool neighbours_known) {
    if (base.rels.empty()) return;
    lists = pack_lists(base.rels.data(), base.offsets);
    if (neighbours_known) {
      plain = pack(relative_to(base.neighbours, base.rels));
      relative = plain.size() < lists.size();
    }
    if (relative)
      lists = {};
    else
      plain.clear();
  }
  size_t size() const { return plain.size() + lists.size(); }
  void set(schema::AdjacencyPage::Builder root) const {
    root.setRels(data_of(plain));
    root.setRelHeads(data_of(lists.heads));
    root.setRelGaps(data_of(lists.gaps));
    root.setRelative(relative);
  }
};

void encode_huge(schema::AdjacencyPage::HugeList::Builder out, uint16_t node, const HugeList& list) {
  out.setNode(node);
  auto chunks = out.initChunks(static_cast<uint32_t>(list.chunks.size()));
  for (uint32_t c = 0; c < chunks.size(); ++c) {
    const AdjacencyChunk& chunk = *list.chunks[c];
    const std::string rels = pack(chunk.rels);
    const std::string relative = pack(relative_to(chunk.neighbours, chunk.rels));
    chunks[c].setCount(static_cast<uint32_t>(chunk.neighbours.size()));
    chunks[c].setNeighbours(data_of(pack(chunk.neighbours)));
    chunks[c].setRels(data_of(relative.size() < rels.size() ? relative : rels));
    chunks[c].setRelative(relative.size() < rels.size());
  }
}

std::shared_ptr<const HugeList> decode_huge(schema::AdjacencyPage::HugeList::Reader in, const PageLimits& limits) {
  auto list = std::make_shared<HugeList>();
  AdjacencyEntry last{};
  for (const auto chunk_in : in.getChunks()) {
    const uint32_t count = chunk_in.getCount();
    require(count > 0, "a chunk of a long list is empty");
    Numbers neighbours;
    Numbers rels;
    unpack(bytes_of(chunk_in.getNeighbours()), count, neighbours);
    unpack(bytes_of(chunk_in.getRels()), count, rels);
    if (chunk_in.getRelative()) undo_relative(neighbours, rels);
    require_all_below(neighbours, limits.nodes, "a neighbour is past the last node");
    require_all_below(rels, limits.relationships, "a relationship is past the last one");
    require_sorted(neighbours.data(), rels.data(), count);
    const AdjacencyEntry first{neighbours.front(), rels.front()};
    require(list->chunks.empty() || last < first, "the chunks of a long list are out of order");
    last = {neighbours.back(), rels.back()};
    list->size += count;
    list->chunks.push_back(std::make_shared<AdjacencyChunk>(
        AdjacencyChunk{{neighbours.begin(), neighbours.end()}, {rels.begin(), rels.end()}}));
  }
  return list;
}

void decode_rels(schema::AdjacencyPage::Reader root, DecodedLists& lists) {
  const std::string_view heads = bytes_of(root.getRelHeads());
  const std::string_view rels = bytes_of(root.getRels());
  lists.first_rel = root.getFirstRel();
  if (!heads.empty()) {
    unpack_lists(heads, bytes_of(root.getRelGaps()), lists.offsets, lists.rels);
  } else if (!rels.empty()) {
    unpack(rels, lists.offsets.back(), lists.rels);
  }
}

void decode_neighbours(schema::AdjacencyPage::Reader root, const PageLimits& limits, DecodedLists& lists) {
  const std::string_view heads = bytes_of(root.getHeads());
  if (root.getFromTable()) {
    require(!root.getRelative(), "its relationships and its neighbours refer to each other");
    read_from_table(limits, lists);
  } else if (!heads.empty()) {
    unpack_lists(heads, bytes_of(root.getGaps()), lists.offsets, lists.neighbours);
  } else {
    unpack(bytes_of(root.getNeighbours()), lists.offsets.back(), lists.neighbours);
  }
}

Numbers decode_offsets(schema::AdjacencyPage::Reader root, uint32_t count) {
  Numbers degrees;
  unpack(bytes_of(root.getDegrees()), kAdjacencyPageSize, degrees);
  Numbers offsets(kAdjacencyPageSize + 1);
  for (size_t i = 0; i < kAdjacencyPageSize; ++i) {
    require(degrees[i] <= count - offsets[i], "its degrees add up to more than its entries");
    offsets[i + 1] = offsets[i] + degrees[i];
  }
  require(offsets.back() == count, "its degrees add up to less than its entries");
  return offsets;
}

std::shared_ptr<const AdjacencyBase> decode_base(schema::AdjacencyPage::Reader root, const PageLimits& limits) {
  const uint32_t count = root.getCount();
  if (count == 0) return nullptr;
  require(count <= limits.relationships, "it has more entries than there are relationships");
  DecodedLists lists;
  lists.offsets = decode_offsets(root, count);
  decode_rels(root, lists);
  if (lists.rels.empty()) {
    require(uint64_t{lists.first_rel} + count <= limits.relationships, "its relationships are past the last one");
  }
  decode_neighbours(root, limits, lists);
  if (root.getRelative()) undo_relative(lists.neighbours, lists.rels);
  require_all_below(lists.rels, limits.relationships, "a relationship is past the last one");
  require_all_below(lists.neighbours, limits.nodes, "a neighbour is past the last node");
  for (uint32_t i = 0; i < kAdjacencyPageSize; ++i) {
    const uint32_t from = lists.offsets[i];
    require_sorted(lists.neighbours.data() + from, lists.rels.empty() ? nullptr : lists.rels.data() + from,
                   lists.offsets[i + 1] - from);
  }
  auto base = std::make_shared<AdjacencyBase>();
  base->offsets = ListOffsets(lists.offsets, limits.memory);
  base->neighbours = PageArray<uint32_t>(lists.neighbours, limits.memory);
  base->rels = PageArray<uint32_t>(lists.rels, limits.memory);
  base->first_rel = lists.first_rel;
  return base;
}

}  // namespace

std::string encode_adjacency(const PageKey& key, const AdjacencyPage& page, const PageTable<RelationshipPage>* table) {
  if (!page.delta.empty()) {
    AdjacencyPage compacted = page;
    compacted.compact();
    if (compacted.delta.empty()) return encode_adjacency(key, compacted, table);
    throw Error::storage("Internal", "an adjacency page kept its delta when it was compacted");
  }
  static const AdjacencyBase kEmpty;
  const AdjacencyBase& base = page.base ? *page.base : kEmpty;
  Numbers degrees(base.offsets.empty() ? 0 : kAdjacencyPageSize);
  for (uint32_t i = 0; i < degrees.size(); ++i) degrees[i] = base.offsets[i + 1] - base.offsets[i];
  const bool out_lists = key.id % 2 == static_cast<uint32_t>(Direction::Out);
  const bool from_table = table != nullptr && out_lists && stands_in(*table, base);
  const std::string packed_degrees = pack(degrees);
  const PackedLists neighbours = from_table ? PackedLists{} : pack_lists(base.neighbours.data(), base.offsets);
  const PackedRels rels(base, !from_table);
  Message message(packed_degrees.size() + neighbours.size() + rels.size());
  auto root = message.initRoot<schema::AdjacencyPage>();
  root.setCount(static_cast<uint32_t>(base.neighbours.size()));
  root.setDegrees(data_of(packed_degrees));
  root.setHeads(data_of(neighbours.heads));
  root.setGaps(data_of(neighbours.gaps));
  root.setFromTable(from_table);
  root.setFirstRel(base.first_rel);
  rels.set(root);
  auto huge = root.initHuge(static_cast<uint32_t>(page.huge.size()));
  uint32_t h = 0;
  for (const auto& [node, list] : page.huge) encode_huge(huge[h++], node, *list);
  return seal(encode_page_key(key), message);
}

std::unique_ptr<const Page> decode_adjacency(schema::AdjacencyPage::Reader root, const PageLimits& limits) {
  auto page = std::make_unique<AdjacencyPage>();
  page->base = decode_base(root, limits);
  for (const auto huge : root.getHuge()) {
    const uint16_t node = huge.getNode();
    require(node < kAdjacencyPageSize, "a long list is of a node of another page");
    require(page->huge.empty() || page->huge.rbegin()->first < node, "its long lists are out of order");
    require(!page->base || page->base->offsets[node] == page->base->offsets[node + 1], "a node has two lists");
    page->huge.emplace_hint(page->huge.end(), node, decode_huge(huge, limits));
  }
  return page;
}

}  // namespace entente
