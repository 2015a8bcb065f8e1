// Bulk loading: the part of Transaction that builds pages directly.
//
// The ends of a relationship are packed into 64 bits, the node whose list is built in the upper half, and sorted by the
// bits that some node id uses. The sort is stable: once the relationships stand in order of (source, target) and are
// numbered in that order, sorting them by target alone gives the order of (target, source, relationship).
//
// Pages are put into their tables by one thread and filled by all.
#include <algorithm>
#include <bit>
#include <numeric>

#include "entente/core/error.h"
#include "entente/core/parallel.h"
#include "entente/core/radix_sort.h"
#include "entente/core/transaction.h"

namespace entente {
namespace {

uint32_t upper(uint64_t ends) { return static_cast<uint32_t>(ends >> 32); }
uint32_t lower(uint64_t ends) { return static_cast<uint32_t>(ends); }

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

void Transaction::check_ends(std::span<const std::pair<NodeId, NodeId>> ends) const {
  std::vector<bool> exists;  // empty if all do
  if (work_.node_count_ != work_.node_limit_) {
    exists.resize(work_.node_limit_);
    std::vector<uint32_t> nodes;
    work_.scan_nodes(0, work_.node_limit_, nodes);
    for (const uint32_t node : nodes) exists[node] = true;
  }
  const auto there = [&](NodeId node) {
    return node.value < work_.node_limit_ && (exists.empty() || exists[node.value]);
  };
  for (const auto& [source, target] : ends) {
    if (!there(source)) check_node(source);
    if (!there(target)) check_node(target);
  }
}

RelId Transaction::bulk_relationships(TypeId type, std::span<const std::pair<NodeId, NodeId>> ends,
                                      std::vector<uint32_t>* order) {
  check_type(type);
  check_new_ids(work_.relationship_limit_, ends.size(), "relationships");
  check_ends(ends);
  if (order != nullptr) order->clear();
  const RelId first(work_.relationship_limit_);
  if (ends.empty()) return first;

  LargeVector<uint64_t> keys;
  keys.reserve(ends.size());
  for (const auto& [source, target] : ends) keys.push_back(uint64_t{source.value} << 32 | target.value);
  LargeVector<uint32_t> carried(order != nullptr ? ends.size() : 0);
  std::iota(carried.begin(), carried.end(), 0);
  const auto id_bits = static_cast<uint32_t>(std::bit_width(work_.node_limit_));
  if (!std::is_sorted(keys.begin(), keys.end())) {
    radix_sort(keys, carried, 0, id_bits, threads_);
    radix_sort(keys, carried, 32, 32 + id_bits, threads_);
  }
  if (order != nullptr) order->assign(carried.begin(), carried.end());
  carried = {};

  const Applying applying(*this);
  bulk_ = true;
  bulk_table(type, keys);
  bulk_adjacency(type, Direction::Out, keys, {});
  for (uint64_t& key : keys) key = std::rotl(key, 32);
  LargeVector<uint32_t> rels(keys.size());
  std::iota(rels.begin(), rels.end(), first.value);
  radix_sort(keys, rels, 32, 32 + id_bits, threads_);
  bulk_adjacency(type, Direction::In, keys, rels);
  own_statistics().add_relationships(type, static_cast<int64_t>(ends.size()));
  work_.relationship_limit_ += static_cast<uint32_t>(ends.size());
  work_.relationship_count_ += ends.size();
  touch(EntityType::Relationship, first.value, static_cast<uint32_t>(ends.size()));
  return first;
}

/// Appends to the table of relationships; `ends` are (source, target), in order of the ids.
void Transaction::bulk_table(TypeId type, std::span<const uint64_t> ends) {
  struct Part {
    RelationshipPage* page;
    size_t begin;  // in `ends`
    size_t end;
    uint32_t low;  // place in the page
  };
  std::vector<Part> parts;
  for (size_t i = 0; i < ends.size(); i = parts.back().end) {
    const uint32_t id = work_.relationship_limit_ + static_cast<uint32_t>(i);
    const uint32_t low = id & (RelationshipPage::kSize - 1);
    const size_t end = std::min<size_t>(ends.size(), i + (RelationshipPage::kSize - low));
    parts.push_back({&work_.relationships_.mutate(id >> RelationshipPage::kBits, owner_), i, end, low});
  }
  parallel_for(threads_, parts.size(), [&](size_t p) {
    const auto [page_at, begin, end, low] = parts[p];
    RelationshipPage& page = *page_at;
    const size_t size = low + (end - begin);
    page.sources.reserve(size);
    page.targets.reserve(size);
    page.sources.resize(low, RelationshipPage::kAbsent);
    page.targets.resize(low, RelationshipPage::kAbsent);
    for (size_t i = begin; i < end; ++i) {
      page.sources.push_back(upper(ends[i]));
      page.targets.push_back(lower(ends[i]));
    }
    if (page.types.empty() && page.type == RelationshipPage::kAbsent) page.type = type.value;
    if (!page.types.empty() || page.type != type.value) {
      page.types.resize(low, page.type);
      page.types.resize(size, type.value);
    }
  });
}

/// `ends` are (node, neighbour), sorted; `rels` goes with them, or is empty where they are numbered on.
void Transaction::bulk_adjacency(TypeId type, Direction direction, std::span<const uint64_t> ends,
                                 std::span<const uint32_t> rels) {
  struct Part {
    AdjacencyPage* page;
    size_t begin;  // in `ends`
    size_t end;
    std::vector<std::pair<LabelId, int64_t>> by_label;  // ends that have it
  };
  std::vector<Part> parts;
  Adjacency& adjacency = own_adjacency(type, direction);
  for (size_t begin = 0; begin < ends.size(); begin = parts.back().end) {
    const uint32_t number = upper(ends[begin]) >> kAdjacencyPageBits;
    const uint64_t limit = (uint64_t{number} + 1) << (32 + kAdjacencyPageBits);
    const auto end =
        limit == 0 ? ends.end() : std::lower_bound(ends.begin() + static_cast<ptrdiff_t>(begin), ends.end(), limit);
    parts.push_back({&adjacency.mutate(number, owner_), begin, static_cast<size_t>(end - ends.begin()), {}});
  }
  parallel_for(threads_, parts.size(), [&](size_t p) {
    Part& part = parts[p];
    std::vector<uint32_t> nodes;
    std::vector<AdjacencyEntry> entries;
    nodes.reserve(part.end - part.begin);
    entries.reserve(part.end - part.begin);
    for (size_t i = part.begin; i < part.end;) {
      const uint32_t node = upper(ends[i]);
      const size_t list = i;
      for (; i < part.end && upper(ends[i]) == node; ++i) {
        const uint32_t rel = rels.empty() ? work_.relationship_limit_ + static_cast<uint32_t>(i) : rels[i];
        nodes.push_back(node);
        entries.push_back({lower(ends[i]), rel});
      }
      for (const LabelId label : work_.labels(NodeId(node))) {
        auto count = std::find_if(part.by_label.begin(), part.by_label.end(),
                                  [&](const auto& entry) { return entry.first == label; });
        if (count == part.by_label.end()) count = part.by_label.emplace(count, label, 0);
        count->second += static_cast<int64_t>(i - list);
      }
    }
    part.page->bulk_insert(nodes.data(), entries.data(), entries.size());
  });
  for (const Part& part : parts) {
    for (const auto& [label, count] : part.by_label) own_statistics().add_ends(type, direction, label, count);
  }
}

// ---- properties ----

void Transaction::bulk_property(NodeId first, KeyId key, std::span<const Value> values) {
  bulk_values(EntityType::Node, first.value, key, values);
}

void Transaction::bulk_property(RelId first, KeyId key, std::span<const Value> values) {
  bulk_values(EntityType::Relationship, first.value, key, values);
}

void Transaction::check_there(EntityType entity, uint32_t element) const {
  entity == EntityType::Node ? check_node(NodeId(element)) : check_relationship(RelId(element));
}

Column& Transaction::own_column(EntityType entity, KeyId key) {
  return own_slot(entity == EntityType::Node ? work_.node_columns_ : work_.relationship_columns_, key.value);
}

void Transaction::count_keys(EntityType entity, KeyId key, int64_t by) {
  if (entity == EntityType::Node) {
    own_statistics().add_node_keys(key, by);
  } else {
    own_statistics().add_relationship_keys(key, by);
  }
}

void Transaction::bulk_values(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values) {
  check_key(key);
  if (values.empty()) return;
  const uint32_t limit = work_.element_limit(entity);
  if (first + uint64_t{values.size()} > limit) check_there(entity, limit);
  for (uint32_t i = 0; i < values.size(); ++i) {
    if (values[i].is_null()) continue;
    check_there(entity, first + i);
    check_storable(values[i]);
  }
  check_bulk_unique(entity, first, key, values);
  const Applying applying(*this);
  bulk_ = true;
  bulk_reindex(entity, first, key, values);
  count_keys(entity, key, bulk_column(own_column(entity, key), first, values));
}

void Transaction::bulk_page(EntityType entity, uint32_t page, KeyId key, std::shared_ptr<const ColumnBase> values) {
  check_key(key);
  if (values == nullptr || values->count == 0) return;
  const uint32_t first = page << kColumnPageBits;
  for (uint32_t i = 0; i < kColumnPageSize; ++i) {
    if (values->has(i)) check_there(entity, first + i);
  }
  const Column* column = work_.column(entity, key);
  if ((column != nullptr && column->find(page) != nullptr) || is_indexed(entity, key)) {
    const uint32_t limit = work_.element_limit(entity);
    std::vector<Value> all;
    for (uint32_t i = 0; i < kColumnPageSize && uint64_t{first} + i < limit; ++i) {
      all.push_back(values->has(i) ? values->at(values->position(i)) : work_.property(entity, first + i, key));
    }
    return bulk_values(entity, first, key, all);
  }
  for (const Value& value : values->values) check_storable(value);
  const Applying applying(*this);
  bulk_ = true;
  const auto count = static_cast<int64_t>(values->count);
  auto made = std::make_unique<ColumnPage>();
  made->base = std::move(values);
  own_column(entity, key).set(page, std::move(made), owner_);
  count_keys(entity, key, count);
  touch(entity, first, std::min(kColumnPageSize, work_.element_limit(entity) - first));
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
