#include "entente/core/value.h"

#include <algorithm>
#include <exception>

#include "entente/core/discard.h"
#include "entente/core/error.h"

namespace entente {

namespace {

/// Of numbers up to the most.
size_t saturating_add(size_t a, size_t b) { return std::min(a + b, Value::kMostHeapBytes); }

size_t string_bytes(const std::string& s) { return s.capacity() > 15 ? s.capacity() + 1 : 0; }

size_t list_bytes(const List& list) {
  size_t bytes = list.capacity() * sizeof(Value);
  for (const Value& v : list) bytes = saturating_add(bytes, v.heap_bytes());
  return bytes;
}

size_t map_bytes(const Map& map) {
  size_t bytes = map.capacity() * sizeof(Map::value_type);
  for (const auto& [key, v] : map) bytes = saturating_add(bytes, saturating_add(string_bytes(key), v.heap_bytes()));
  return bytes;
}

/// Sorts by key; of entries with the same key the last stays.
Map sorted_map(Map entries) {
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(entries.begin(), entries.end(), by_key)) {
    std::stable_sort(entries.begin(), entries.end(), by_key);
  }
  size_t kept = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i + 1 < entries.size() && entries[i].first == entries[i + 1].first) continue;
    if (kept != i) entries[kept] = std::move(entries[i]);
    ++kept;
  }
  entries.resize(kept);
  return entries;
}

}  // namespace

struct Value::StringHeap : Heap {
  explicit StringHeap(std::string s) : text(std::move(s)) {}
  std::string text;  // as it is as long as it is shared
};

struct Value::DateTimeHeap : Heap {
  explicit DateTimeHeap(DateTime t) : time(std::move(t)) {}
  const DateTime time;
};

struct Value::DurationHeap : Heap {
  explicit DurationHeap(Duration d) : duration(d) {}
  const Duration duration;
};

struct Value::ListHeap : ContainerHeap {
  ListHeap(ValueKind k, List l)
      : ContainerHeap(k, saturating_add(sizeof(ListHeap), list_bytes(l))), list(std::move(l)) {}
  ListHeap(List l, size_t element_bytes)
      : ContainerHeap(ValueKind::List, saturating_add(sizeof(ListHeap) + l.capacity() * sizeof(Value), element_bytes)),
        list(std::move(l)) {}
  List list;
};

struct Value::MapHeap : ContainerHeap {
  explicit MapHeap(Map m)
      : ContainerHeap(ValueKind::Map, saturating_add(sizeof(MapHeap), map_bytes(m))), map(std::move(m)) {}
  Map map;
};

struct Value::NodeHeap : ContainerHeap {
  explicit NodeHeap(NodeData d)
      : ContainerHeap(ValueKind::Node, saturating_add(sizeof(NodeHeap), map_bytes(d.properties))), data(std::move(d)) {
    for (const std::string& label : data.labels)
      bytes = saturating_add(bytes, sizeof(std::string) + string_bytes(label));
  }
  NodeData data;
};

struct Value::RelationshipHeap : ContainerHeap {
  explicit RelationshipHeap(RelationshipData d)
      : ContainerHeap(ValueKind::Relationship, saturating_add(sizeof(RelationshipHeap), map_bytes(d.properties))),
        data(std::move(d)) {
    bytes = saturating_add(bytes, string_bytes(data.type));
  }
  RelationshipData data;
};

void Value::destroy(ValueKind kind, Heap* heap) noexcept {
  switch (kind) {
    case ValueKind::String:
      delete static_cast<StringHeap*>(heap);
      return;
    case ValueKind::DateTime:
      delete static_cast<DateTimeHeap*>(heap);
      return;
    case ValueKind::Duration:
      delete static_cast<DurationHeap*>(heap);
      return;
    default:
      break;
  }
  // A container's parts may be containers that die with it, to any depth: they queue up here instead of recursing.
  static thread_local ContainerHeap* queue = nullptr;
  static thread_local bool draining = false;
  auto* container = static_cast<ContainerHeap*>(heap);
  container->hash_or_next.store(reinterpret_cast<uintptr_t>(queue), std::memory_order_relaxed);
  queue = container;
  if (draining) return;
  draining = true;
  while (queue != nullptr) {
    ContainerHeap* next = queue;
    queue = reinterpret_cast<ContainerHeap*>(next->hash_or_next.load(std::memory_order_relaxed));
    destroy_container(next);
  }
  draining = false;
}

void Value::destroy_container(ContainerHeap* heap) noexcept {
  switch (heap->kind) {
    case ValueKind::Map:
      delete static_cast<MapHeap*>(heap);
      return;
    case ValueKind::Node:
      delete static_cast<NodeHeap*>(heap);
      return;
    case ValueKind::Relationship:
      delete static_cast<RelationshipHeap*>(heap);
      return;
    default:
      break;
  }
  auto* list = static_cast<ListHeap*>(heap);
  if (list->list.capacity() * sizeof(Value) < Discards::kMuch || Discards::current() == nullptr) {
    delete list;
    return;
  }
  try {
    std::shared_ptr<void> elements = std::make_shared<List>(std::move(list->list));
    Discards::current()->offer(elements);
  } catch (const std::exception&) {  // no memory, no thread: then here
  }
  delete list;
}

std::string_view kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::Null:
      return "NULL";
    case ValueKind::Boolean:
      return "BOOLEAN";
    case ValueKind::Integer:
      return "INTEGER";
    case ValueKind::Float:
      return "FLOAT";
    case ValueKind::String:
      return "STRING";
    case ValueKind::List:
      return "LIST";
    case ValueKind::Map:
      return "MAP";
    case ValueKind::Node:
      return "NODE";
    case ValueKind::Relationship:
      return "RELATIONSHIP";
    case ValueKind::Path:
      return "PATH";
    case ValueKind::Date:
      return "DATE";
    case ValueKind::LocalTime:
      return "LOCAL TIME";
    case ValueKind::Time:
      return "ZONED TIME";
    case ValueKind::LocalDateTime:
      return "LOCAL DATETIME";
    case ValueKind::DateTime:
      return "ZONED DATETIME";
    case ValueKind::Duration:
      return "DURATION";
  }
  return "UNKNOWN";
}

Value::Value(std::string s) : kind_(ValueKind::String) { u_.heap = new StringHeap(std::move(s)); }

void Value::set_text(std::string_view text) {
  if (kind_ != ValueKind::String || u_.heap->references.load(std::memory_order_acquire) != 1) {
    *this = Value(text);
    return;
  }
  static_cast<StringHeap*>(u_.heap)->text.assign(text);
}

Value::Value(List list) : kind_(ValueKind::List) { u_.heap = new ListHeap(ValueKind::List, std::move(list)); }

Value::Value(DateTime t) : kind_(ValueKind::DateTime) { u_.heap = new DateTimeHeap(std::move(t)); }

Value::Value(Duration d) : kind_(ValueKind::Duration) { u_.heap = new DurationHeap(d); }

Value Value::list(List list, size_t element_bytes) {
  Value v;
  v.u_.heap = new ListHeap(std::move(list), element_bytes);
  v.kind_ = ValueKind::List;
  return v;
}

Value Value::map(Map entries) {
  Value v;
  v.u_.heap = new MapHeap(sorted_map(std::move(entries)));
  v.kind_ = ValueKind::Map;
  return v;
}

Value Value::path(List elements) {
  Value v;
  v.u_.heap = new ListHeap(ValueKind::Path, std::move(elements));
  v.kind_ = ValueKind::Path;
  return v;
}

Value Value::node(NodeData data) {
  data.properties = sorted_map(std::move(data.properties));
  Value v(data.id);
  v.u_.heap = new NodeHeap(std::move(data));
  return v;
}

Value Value::relationship(RelationshipData data) {
  data.properties = sorted_map(std::move(data.properties));
  Value v(data.id);
  v.u_.heap = new RelationshipHeap(std::move(data));
  return v;
}

void Value::fail_expect(ValueKind kind) const {
  throw Error::type("InvalidArgumentType", "Expected a value of type " + std::string(kind_name(kind)) + ", not " +
                                               std::string(kind_name(kind_)) + ".");
}

const std::string& Value::as_string() const {
  expect(ValueKind::String);
  return static_cast<const StringHeap*>(u_.heap)->text;
}

const List& Value::as_list() const {
  expect(ValueKind::List);
  return static_cast<const ListHeap*>(u_.heap)->list;
}

const Map& Value::as_map() const {
  expect(ValueKind::Map);
  return static_cast<const MapHeap*>(u_.heap)->map;
}

const List& Value::as_path() const {
  expect(ValueKind::Path);
  return static_cast<const ListHeap*>(u_.heap)->list;
}

const DateTime& Value::as_date_time() const {
  expect(ValueKind::DateTime);
  return static_cast<const DateTimeHeap*>(u_.heap)->time;
}

const Duration& Value::as_duration() const {
  expect(ValueKind::Duration);
  return static_cast<const DurationHeap*>(u_.heap)->duration;
}

const NodeData* Value::node_data() const {
  expect(ValueKind::Node);
  return u_.heap == nullptr ? nullptr : &static_cast<const NodeHeap*>(u_.heap)->data;
}

const RelationshipData* Value::relationship_data() const {
  expect(ValueKind::Relationship);
  return u_.heap == nullptr ? nullptr : &static_cast<const RelationshipHeap*>(u_.heap)->data;
}

const Value& Value::operator[](std::string_view key) const {
  static const Value null;
  const Map& map = as_map();
  const auto found = std::lower_bound(map.begin(), map.end(), key,
                                      [](const auto& entry, std::string_view k) { return entry.first < k; });
  return found != map.end() && found->first == key ? found->second : null;
}

size_t Value::heap_bytes() const {
  if (!on_heap() || u_.heap == nullptr) return 0;
  switch (kind_) {
    case ValueKind::String:
      return sizeof(StringHeap) + string_bytes(as_string());
    case ValueKind::DateTime:
      return sizeof(DateTimeHeap) + string_bytes(as_date_time().zone);
    case ValueKind::Duration:
      return sizeof(DurationHeap);
    default:
      return static_cast<const ContainerHeap*>(u_.heap)->bytes;
  }
}

}  // namespace entente
