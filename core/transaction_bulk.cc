// Bulk loading: the part of Transaction that builds pages directly.
//
// The ends of a relationship are packed into 64 bits, the node whose list is built in the upper half. They are sorted
// by a radix sort, the least significant digit first (Knuth, The Art of Computer Programming, volume 3, 5.2.5), in
// digits of at most 11 bits, and only over bits that some node id uses. The sort is stable: once the relationships
// stand in order of (source, target) and are numbered in that order, sorting them by target alone gives the order of
// (target, source, relationship).
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "entente/core/error.h"
#include "entente/core/transaction.h"

namespace entente {
namespace {

constexpr uint32_t kDigitBits = 11;
constexpr uint32_t kDigits = 1u << kDigitBits;

uint32_t upper(uint64_t ends) { return static_cast<uint32_t>(ends >> 32); }
uint32_t lower(uint64_t ends) { return static_cast<uint32_t>(ends); }

/// Sorts by the bits [from, to) of the keys, stably; `carried`, if not empty, is permuted alike.
void radix_sort(std::vector<uint64_t>& keys, std::vector<uint32_t>& carried, uint32_t from, uint32_t to) {
  std::vector<uint64_t> other_keys(keys.size());
  std::vector<uint32_t> other_carried(carried.size());
  const uint32_t passes = (to - from + kDigitBits - 1) / kDigitBits;
  const uint32_t width =
      passes == 0 ? 0 : (to - from + passes - 1) / passes;  // the narrower, the fewer streams to write to
  const uint64_t mask = (1u << width) - 1;
  for (uint32_t pass = 0; pass < passes; ++pass) {
    const uint32_t shift = from + pass * width;
    std::array<size_t, kDigits> place{};
    for (const uint64_t key : keys) ++place[key >> shift & mask];
    size_t before = 0;
    for (size_t& p : place) before += std::exchange(p, before);
    if (carried.empty()) {
      for (const uint64_t key : keys) other_keys[place[key >> shift & mask]++] = key;
    } else {
      for (size_t i = 0; i < keys.size(); ++i) {
        const size_t to_place = place[keys[i] >> shift & mask]++;
        other_keys[to_place] = keys[i];
        other_carried[to_place] = carried[i];
      }
      carried.swap(other_carried);
    }
    keys.swap(other_keys);
  }
}

}  // namespace

NodeId Transaction::bulk_nodes(std::span<const LabelId> labels, uint32_t count) {
  for (const LabelId label : labels) check_label(label);
  check_new_ids(work_.node_limit_, count, "nodes");
  const NodeId first(work_.node_limit_);
  if (count == 0) return first;
  const Applying applying(*this);
  bulk_ = true;
  const uint32_t end = first.value + count;
  const uint32_t set = label_set_of({labels.begin(), labels.end()});
  for (uint32_t id = first.value; id < end;) {
    const uint32_t number = id >> NodePage::kBits;
    const uint32_t page_begin = number << NodePage::kBits;
    const uint32_t stop = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{page_begin} + NodePage::kSize, end));
    NodePage& page = work_.nodes_.mutate(number, owner_);
    page.label_set.reserve(stop - page_begin);
    page.label_set.resize(id - page_begin, NodePage::kAbsent);
    page.label_set.resize(stop - page_begin, set);
    id = stop;
  }
  for (const LabelId label : work_.names_->label_sets.labels(set)) {
    LabelBitmap& bitmap = own_slot(work_.labels_, label.value);
    for (uint32_t id = first.value; id < end;) {
      const uint32_t number = id >> kLabelPageBits;
      const uint64_t page_begin = uint64_t{number} << kLabelPageBits;
      const uint64_t stop = std::min<uint64_t>(page_begin + (1u << kLabelPageBits), end);
      Roaring& members = bitmap.mutate(number, owner_).members;
      members.addRange(id - page_begin, stop - page_begin);
      members.runOptimize();
      id = static_cast<uint32_t>(stop);
    }
    own_statistics().add_nodes(label, count);
  }
  work_.node_limit_ = end;
  work_.node_count_ += count;
  touch(EntityType::Node, first.value, count);
  return first;
}

RelId Transaction::bulk_relationships(TypeId type, std::span<const std::pair<NodeId, NodeId>> ends,
                                      std::vector<uint32_t>* order) {
  check_type(type);
  check_new_ids(work_.relationship_limit_, ends.size(), "relationships");
  std::vector<bool> exists(work_.node_limit_);
  std::vector<uint32_t> nodes;
  work_.scan_nodes(0, work_.node_limit_, nodes);
  for (const uint32_t node : nodes) exists[node] = true;
  nodes = {};
  std::vector<uint64_t> keys;
  keys.reserve(ends.size());
  for (const auto& [source, target] : ends) {
    if (source.value >= exists.size() || !exists[source.value]) check_node(source);
    if (target.value >= exists.size() || !exists[target.value]) check_node(target);
    keys.push_back(uint64_t{source.value} << 32 | target.value);
  }
  if (order != nullptr) order->clear();
  const RelId first(work_.relationship_limit_);
  if (ends.empty()) return first;

  std::vector<uint32_t> carried(order != nullptr ? ends.size() : 0);
  std::iota(carried.begin(), carried.end(), 0);
  const auto id_bits = static_cast<uint32_t>(std::bit_width(work_.node_limit_));
  if (!std::is_sorted(keys.begin(), keys.end())) {
    radix_sort(keys, carried, 0, id_bits);
    radix_sort(keys, carried, 32, 32 + id_bits);
  }
  if (order != nullptr) *order = std::move(carried);

  const Applying applying(*this);
  bulk_ = true;
  bulk_table(type, keys);
  bulk_adjacency(type, Direction::Out, keys, {});
  for (uint64_t& key : keys) key = std::rotl(key, 32);
  std::vector<uint32_t> rels(keys.size());
  std::iota(rels.begin(), rels.end(), first.value);
  radix_sort(keys, rels, 32, 32 + id_bits);
  bulk_adjacency(type, Direction::In, keys, rels);
  own_statistics().add_relationships(type, static_cast<int64_t>(ends.size()));
  work_.relationship_limit_ += static_cast<uint32_t>(ends.size());
  work_.relationship_count_ += ends.size();
  touch(EntityType::Relationship, first.value, static_cast<uint32_t>(ends.size()));
  return first;
}

/// Appends to the table of relationships; `ends` are (source, target), in order of the ids.
void Transaction::bulk_table(TypeId type, const std::vector<uint64_t>& ends) {
  for (size_t i = 0; i < ends.size();) {
    const uint32_t id = work_.relationship_limit_ + static_cast<uint32_t>(i);
    RelationshipPage& page = work_.relationships_.mutate(id >> RelationshipPage::kBits, owner_);
    const uint32_t low = id & (RelationshipPage::kSize - 1);
    const size_t count = std::min<size_t>(RelationshipPage::kSize - low, ends.size() - i);
    page.sources.reserve(low + count);
    page.targets.reserve(low + count);
    page.sources.resize(low, RelationshipPage::kAbsent);
    page.targets.resize(low, RelationshipPage::kAbsent);
    for (size_t j = i; j < i + count; ++j) {
      page.sources.push_back(upper(ends[j]));
      page.targets.push_back(lower(ends[j]));
    }
    if (page.types.empty() && page.type == RelationshipPage::kAbsent) page.type = type.value;
    if (!page.types.empty() || page.type != type.value) {
      page.types.resize(low, page.type);
      page.types.resize(low + count, type.value);
    }
    i += count;
  }
}

/// `ends` are (node, neighbour), sorted; `rels` goes with them, or is empty where they are numbered on.
void Transaction::bulk_adjacency(TypeId type, Direction direction, const std::vector<uint64_t>& ends,
                                 const std::vector<uint32_t>& rels) {
  std::vector<uint32_t> nodes;
  std::vector<AdjacencyEntry> entries;
  Adjacency& adjacency = own_adjacency(type, direction);
  Statistics& statistics = own_statistics();
  for (size_t i = 0; i < ends.size();) {
    const uint32_t number = upper(ends[i]) >> kAdjacencyPageBits;
    nodes.clear();
    entries.clear();
    while (i < ends.size() && upper(ends[i]) >> kAdjacencyPageBits == number) {
      const uint32_t node = upper(ends[i]);
      size_t degree = 0;
      for (; i < ends.size() && upper(ends[i]) == node; ++i, ++degree) {
        const uint32_t rel = rels.empty() ? work_.relationship_limit_ + static_cast<uint32_t>(i) : rels[i];
        nodes.push_back(node);
        entries.push_back({lower(ends[i]), rel});
      }
      for (const LabelId label : work_.labels(NodeId(node))) {
        statistics.add_ends(type, direction, label, static_cast<int64_t>(degree));
      }
    }
    adjacency.mutate(number, owner_).bulk_insert(nodes.data(), entries.data(), entries.size());
  }
}

// ---- properties ----

void Transaction::bulk_property(NodeId first, KeyId key, std::span<const Value> values) {
  check_key(key);
  if (values.empty()) return;
  if (first.value + uint64_t{values.size()} > work_.node_limit_) check_node(NodeId(work_.node_limit_));
  for (uint32_t i = 0; i < values.size(); ++i) {
    if (values[i].is_null()) continue;
    check_node(NodeId(first.value + i));
    check_storable(values[i]);
  }
  check_bulk_unique(EntityType::Node, first.value, key, values);
  const Applying applying(*this);
  bulk_ = true;
  bulk_reindex(EntityType::Node, first.value, key, values);
  own_statistics().add_node_keys(key, bulk_column(own_slot(work_.node_columns_, key.value), first.value, values));
}

void Transaction::bulk_property(RelId first, KeyId key, std::span<const Value> values) {
  check_key(key);
  if (values.empty()) return;
  if (first.value + uint64_t{values.size()} > work_.relationship_limit_) {
    check_relationship(RelId(work_.relationship_limit_));
  }
  for (uint32_t i = 0; i < values.size(); ++i) {
    if (values[i].is_null()) continue;
    check_relationship(RelId(first.value + i));
    check_storable(values[i]);
  }
  check_bulk_unique(EntityType::Relationship, first.value, key, values);
  const Applying applying(*this);
  bulk_ = true;
  bulk_reindex(EntityType::Relationship, first.value, key, values);
  own_statistics().add_relationship_keys(
      key, bulk_column(own_slot(work_.relationship_columns_, key.value), first.value, values));
}

int64_t Transaction::bulk_column(Column& column, uint32_t first, std::span<const Value> values) {
  int64_t gained = 0;
  std::vector<std::pair<uint16_t, Value>> entries;
  for (size_t i = 0; i < values.size();) {
    const uint32_t id = first + static_cast<uint32_t>(i);
    const uint32_t number = id >> kColumnPageBits;
    const uint32_t low = id & (kColumnPageSize - 1);
    const auto end = static_cast<uint32_t>(std::min<size_t>(kColumnPageSize, low + (values.size() - i)));
    const ColumnPage* old = column.find(number);
    entries.clear();
    for (uint32_t p = 0; p < kColumnPageSize; ++p) {
      const bool ours = p >= low && p < end;
      if (old == nullptr && !ours) continue;
      if (old != nullptr && old->has(p)) --gained;
      Value value = ours ? values[i + (p - low)] : old->get(p);
      if (value.is_null()) continue;
      ++gained;
      entries.emplace_back(static_cast<uint16_t>(p), std::move(value));
    }
    if (entries.empty()) {
      column.erase(number, owner_);
    } else {
      auto page = std::make_unique<ColumnPage>();
      page->base = ColumnPage::build(entries);
      column.set(number, std::move(page), owner_);
    }
    i += end - low;
  }
  return gained;
}

}  // namespace entente
