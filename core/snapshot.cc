#include "entente/core/snapshot.h"

#include <algorithm>

#include "entente/core/error.h"

namespace entente {
namespace {

template <class PageType>
uint32_t low_bits(uint32_t id) {
  return id & (PageType::kSize - 1);
}

}  // namespace

size_t NodePage::bytes() const { return sizeof(*this) + label_set.capacity() * sizeof(uint32_t); }

size_t RelationshipPage::bytes() const {
  return sizeof(*this) + (sources.capacity() + targets.capacity() + types.capacity()) * sizeof(uint32_t);
}

// ---- nodes ----

uint32_t Snapshot::label_set(NodeId node) const {
  if (node.value >= node_limit_) return NodePage::kAbsent;
  const NodePage* page = nodes_.find(node.value >> NodePage::kBits);
  const uint32_t low = low_bits<NodePage>(node.value);
  return page != nullptr && low < page->label_set.size() ? page->label_set[low] : NodePage::kAbsent;
}

const std::vector<LabelId>& Snapshot::labels(NodeId node) const {
  const uint32_t set = label_set(node);
  return names_->label_sets.labels(set == NodePage::kAbsent ? 0 : set);
}

bool Snapshot::has_label(NodeId node, LabelId label) const {
  const std::vector<LabelId>& all = labels(node);
  return std::binary_search(all.begin(), all.end(), label);
}

const LabelBitmap* Snapshot::label_bitmap(LabelId label) const {
  return label.value < labels_.size() ? &labels_[label.value] : nullptr;
}

uint64_t Snapshot::label_count(LabelId label) const { return statistics_->label_count(label); }

uint32_t Snapshot::scan_nodes(uint32_t from, size_t limit, std::vector<uint32_t>& out) const {
  uint32_t id = from;
  while (id < node_limit_ && limit > 0) {
    const uint32_t number = id >> NodePage::kBits;
    const uint64_t page_end = std::min<uint64_t>((uint64_t{number} + 1) << NodePage::kBits, node_limit_);
    const NodePage* page = nodes_.find(number);
    if (page == nullptr) {
      id = static_cast<uint32_t>(page_end);
      continue;
    }
    const uint64_t stop = std::min<uint64_t>(page_end, (uint64_t{number} << NodePage::kBits) + page->label_set.size());
    for (; id < stop && limit > 0; ++id) {
      if (page->label_set[low_bits<NodePage>(id)] == NodePage::kAbsent) continue;
      out.push_back(id);
      --limit;
    }
    if (id >= stop) id = static_cast<uint32_t>(page_end);
  }
  return std::min(id, node_limit_);
}

uint32_t Snapshot::scan_label(LabelId label, uint32_t from, size_t limit, std::vector<uint32_t>& out) const {
  const LabelBitmap* bitmap = label_bitmap(label);
  if (bitmap == nullptr) return node_limit_;
  uint32_t id = from;
  const uint32_t pages = bitmap->size();
  for (uint32_t number = from >> kLabelPageBits; number < pages && id < node_limit_ && limit > 0; ++number) {
    const LabelPage* page = bitmap->find(number);
    const uint32_t base = number << kLabelPageBits;
    if (page != nullptr) {
      roaring_uint32_iterator_t it;
      roaring_init_iterator(&page->members.roaring, &it);
      if (id > base) roaring_move_uint32_iterator_equalorlarger(&it, id - base);
      const size_t begin = out.size();
      out.resize(begin + std::min<size_t>(limit, size_t{1} << kLabelPageBits));
      const auto room = static_cast<uint32_t>(out.size() - begin);
      const uint32_t got = it.has_value ? roaring_read_uint32_iterator(&it, out.data() + begin, room) : 0;
      out.resize(begin + got);
      for (size_t i = begin; i < out.size(); ++i) out[i] += base;
      limit -= got;
      if (limit == 0) return std::min(out.back() + 1, node_limit_);
    }
    const uint64_t next = (uint64_t{number} + 1) << kLabelPageBits;
    id = static_cast<uint32_t>(std::min<uint64_t>(next, node_limit_));
  }
  return limit == 0 ? std::min(id, node_limit_) : node_limit_;
}

// ---- relationships ----

bool Snapshot::has_relationship(RelId rel) const {
  if (rel.value >= relationship_limit_) return false;
  const RelationshipPage* page = relationships_.find(rel.value >> RelationshipPage::kBits);
  const uint32_t low = low_bits<RelationshipPage>(rel.value);
  return page != nullptr && low < page->sources.size() && page->sources[low] != RelationshipPage::kAbsent;
}

Relationship Snapshot::relationship(RelId rel) const {
  if (!has_relationship(rel)) return {};
  const RelationshipPage& page = *relationships_.find(rel.value >> RelationshipPage::kBits);
  const uint32_t low = low_bits<RelationshipPage>(rel.value);
  return {TypeId(page.types.empty() ? page.type : page.types[low]), NodeId(page.sources[low]),
          NodeId(page.targets[low])};
}

uint64_t Snapshot::type_count(TypeId type) const { return statistics_->type_count(type); }

uint32_t Snapshot::scan_relationships(uint32_t from, size_t limit, std::vector<uint32_t>& out) const {
  uint32_t id = from;
  while (id < relationship_limit_ && limit > 0) {
    const uint32_t number = id >> RelationshipPage::kBits;
    const uint64_t first = uint64_t{number} << RelationshipPage::kBits;
    const uint64_t page_end = std::min<uint64_t>(first + RelationshipPage::kSize, relationship_limit_);
    const RelationshipPage* page = relationships_.find(number);
    const uint64_t stop = page == nullptr ? id : std::min<uint64_t>(page_end, first + page->sources.size());
    for (; id < stop && limit > 0; ++id) {
      if (page->sources[low_bits<RelationshipPage>(id)] == RelationshipPage::kAbsent) continue;
      out.push_back(id);
      --limit;
    }
    if (id >= stop) id = static_cast<uint32_t>(page_end);
  }
  return std::min(id, relationship_limit_);
}

const Adjacency& Snapshot::adjacency(TypeId type, Direction direction) const {
  static const Adjacency kNone;
  const size_t place = size_t{2} * type.value + (direction == Direction::In ? 1 : 0);
  return place < adjacency_.size() ? adjacency_[place] : kNone;
}

uint64_t Snapshot::degree(NodeId node, Direction direction) const {
  uint64_t total = 0;
  for (uint32_t t = 0; t < type_limit(); ++t) {
    if (direction != Direction::In) total += entente::degree(adjacency(TypeId(t), Direction::Out), node);
    if (direction != Direction::Out) total += entente::degree(adjacency(TypeId(t), Direction::In), node);
  }
  return total;
}

// ---- properties ----

namespace {

Value column_value(const Shared<Column>& columns, KeyId key, uint32_t id) {
  return key.value < columns.size() ? column_get(columns[key.value], id) : Value();
}

Map all_properties(const Shared<Column>& columns, const NameTable& keys, uint32_t id) {
  Map map;
  for (uint32_t k = 0; k < columns.size(); ++k) {
    Value value = column_get(columns[k], id);
    if (!value.is_null()) map.emplace_back(keys.name(k), std::move(value));
  }
  std::sort(map.begin(), map.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return map;
}

}  // namespace

Value Snapshot::property(NodeId node, KeyId key) const { return column_value(node_columns_, key, node.value); }
Value Snapshot::property(RelId rel, KeyId key) const { return column_value(relationship_columns_, key, rel.value); }
Map Snapshot::properties(NodeId node) const { return all_properties(node_columns_, names_->keys, node.value); }
Map Snapshot::properties(RelId rel) const { return all_properties(relationship_columns_, names_->keys, rel.value); }

const Column* Snapshot::node_column(KeyId key) const {
  return key.value < node_columns_.size() ? &node_columns_[key.value] : nullptr;
}
const Column* Snapshot::relationship_column(KeyId key) const {
  return key.value < relationship_columns_.size() ? &relationship_columns_[key.value] : nullptr;
}

// ---- indexes ----

const Index* Snapshot::find_index(LabelId label, KeyId key) const {
  return find_index(EntityType::Node, label.value, {&key, 1});
}

const Index* Snapshot::find_index(EntityType entity, uint32_t token, std::span<const KeyId> keys) const {
  for (const Index& index : *indexes_) {
    if (index.definition.is_range_on(entity, token, keys)) return &index;
  }
  return nullptr;
}

const Constraint* Snapshot::find_constraint(std::string_view name) const {
  for (const Constraint& constraint : *constraints_) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

Value Snapshot::index_value(const IndexDefinition& definition, uint32_t element) const {
  if (definition.keys.size() == 1) return property(definition.entity, element, definition.keys[0]);
  List values;
  values.reserve(definition.keys.size());
  for (const KeyId key : definition.keys) {
    values.push_back(property(definition.entity, element, key));
    if (values.back().is_null()) return {};
  }
  return Value(std::move(values));
}

// ---- nodes and relationships alike ----

bool Snapshot::has_element(EntityType entity, uint32_t element) const {
  return entity == EntityType::Node ? has_node(NodeId(element)) : has_relationship(RelId(element));
}

bool Snapshot::has_token(EntityType entity, uint32_t element, uint32_t token) const {
  if (entity == EntityType::Node) return has_label(NodeId(element), LabelId(token));
  return relationship(RelId(element)).type == TypeId(token);
}

Value Snapshot::property(EntityType entity, uint32_t element, KeyId key) const {
  return entity == EntityType::Node ? property(NodeId(element), key) : property(RelId(element), key);
}

uint32_t Snapshot::scan_token(EntityType entity, uint32_t token, uint32_t from, size_t limit,
                              std::vector<uint32_t>& out) const {
  if (entity == EntityType::Node) return scan_label(LabelId(token), from, limit, out);
  const size_t begin = out.size();
  const uint32_t next = scan_relationships(from, limit, out);
  const auto other = [&](uint32_t rel) { return relationship(RelId(rel)).type != TypeId(token); };
  out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), other), out.end());
  return next;
}

// ---- indexes and constraints by name ----

const Index* Snapshot::find_index(std::string_view name) const {
  for (const Index& index : *indexes_) {
    if (index.definition.name == name) return &index;
  }
  return nullptr;
}

// ---- memory ----

namespace {

template <class P>
size_t loaded_bytes(const PageTable<P>& table) {
  size_t total = 0;
  table.for_each([&](uint32_t, const std::shared_ptr<PageHandle>& handle) {
    if (handle->loaded()) total += handle->get().bytes();
  });
  return total;
}

}  // namespace

Snapshot::Memory Snapshot::memory() const {
  Memory memory;
  memory.nodes = loaded_bytes(nodes_);
  memory.relationships = loaded_bytes(relationships_);
  for (const Adjacency& a : *adjacency_) memory.adjacency += loaded_bytes(a);
  for (const Column& c : *node_columns_) memory.columns += loaded_bytes(c);
  for (const Column& c : *relationship_columns_) memory.columns += loaded_bytes(c);
  for (const LabelBitmap& l : *labels_) memory.labels += loaded_bytes(l);
  for (const Index& index : *indexes_) memory.indexes += loaded_bytes(index.leaves);
  return memory;
}

}  // namespace entente
