// Value: any value of openCypher, in 16 bytes.
//
// Small kinds (null, booleans, numbers, dates, local times, node and relationship ids) live inside the
// value; strings, lists, maps, paths, zoned date-times and durations are immutable, shared and counted.
// Copying is cheap; a Value may be read from many threads, and separate copies may be used from separate threads.
//
// Nodes and relationships come in two forms. While a statement runs they are ids only. In a result row
// they carry their data (labels or type, properties), so that the row stays valid on its own:
// `node_data()` is null in the first form.
//
// Three comparisons, as openCypher defines them (see "Comparability, equality, orderability and equivalence"):
//   equals()      `=`: three-valued; null if either side is null, or if the answer hangs on a null inside a list or map
//   equivalent()  grouping, DISTINCT and UNION: null is equivalent to null, NaN to NaN, 1 to 1.0; agrees with hash()
//   order()       ORDER BY: a total order over all values; map < node < relationship < list < path < date-times … <
//                 string < boolean < number < NaN < null
//   less() etc.   `<`: three-valued; null where the kinds do not compare
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/ids.h"
#include "entente/core/temporal.h"

namespace entente {

class Value;

enum class ValueKind : uint8_t {  // do not change these values: they are stored
  Null = 0,
  Boolean = 1,
  Integer = 2,
  Float = 3,
  String = 4,
  List = 5,
  Map = 6,
  Node = 7,
  Relationship = 8,
  Path = 9,
  Date = 10,
  LocalTime = 11,
  Time = 12,
  LocalDateTime = 13,
  DateTime = 14,
  Duration = 15,
};

/// The kind as openCypher writes it in messages and `valueType()`: "INTEGER", "LIST", "ZONED DATETIME", …
std::string_view kind_name(ValueKind kind);

using List = std::vector<Value>;
/// Entries sorted by key, keys unique.
using Map = std::vector<std::pair<std::string, Value>>;

/// A node as a result row holds it.
struct NodeData {
  NodeId id;
  std::vector<std::string> labels;  // in the dictionary's order
  Map properties;
};

/// A relationship as a result row holds it.
struct RelationshipData {
  RelId id;
  NodeId start;
  NodeId end;
  std::string type;
  Map properties;
};

class Value {
 public:
  Value() = default;  // null
  Value(bool b) : kind_(ValueKind::Boolean) { u_.integer = b ? 1 : 0; }
  Value(int i) : Value(static_cast<int64_t>(i)) {}
  Value(int64_t i) : kind_(ValueKind::Integer) { u_.integer = i; }
  Value(uint32_t i) : Value(static_cast<int64_t>(i)) {}
  Value(double d) : kind_(ValueKind::Float) { u_.real = d; }
  Value(const char* s) : Value(std::string(s)) {}
  Value(std::string_view s) : Value(std::string(s)) {}
  Value(std::string s);
  Value(List list);
  Value(Date d) : kind_(ValueKind::Date) { u_.integer = d.days; }
  Value(LocalTime t) : kind_(ValueKind::LocalTime) { u_.integer = t.nanos; }
  Value(Time t) : kind_(ValueKind::Time), aux_(t.offset) { u_.integer = t.local.nanos; }
  Value(LocalDateTime t) : kind_(ValueKind::LocalDateTime), aux_(t.nanos) { u_.integer = t.seconds; }
  Value(DateTime t);
  Value(Duration d);
  Value(NodeId n) : kind_(ValueKind::Node), aux_(static_cast<int32_t>(n.value)) {}
  Value(RelId r) : kind_(ValueKind::Relationship), aux_(static_cast<int32_t>(r.value)) {}
  template <class T>
  Value(T*) = delete;  // no pointer becomes a boolean

  /// Makes this the string. The memory of a string that it was is used again where no other value shares it.
  void set_text(std::string_view text);

  /// From entries in any order. Of entries with the same key the last wins.
  static Value map(Map entries);
  /// A list whose elements hold so many bytes, which are not added up again.
  static Value list(List list, size_t element_bytes);
  /// Alternating nodes and relationships, beginning and ending with a node.
  static Value path(List elements);
  static Value node(NodeData data);
  static Value relationship(RelationshipData data);

  Value(const Value& o) noexcept : kind_(o.kind_), aux_(o.aux_), u_(o.u_) { retain(); }
  Value(Value&& o) noexcept : kind_(o.kind_), aux_(o.aux_), u_(o.u_) {
    o.kind_ = ValueKind::Null;
    o.u_.heap = nullptr;
  }
  Value& operator=(const Value& o) noexcept {
    Value copy(o);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& o) noexcept {
    swap(o);
    return *this;
  }
  ~Value() { release(); }
  void swap(Value& o) noexcept {
    std::swap(kind_, o.kind_);
    std::swap(aux_, o.aux_);
    std::swap(u_, o.u_);
  }

  ValueKind kind() const { return kind_; }
  bool is_null() const { return kind_ == ValueKind::Null; }
  bool is_boolean() const { return kind_ == ValueKind::Boolean; }
  bool is_integer() const { return kind_ == ValueKind::Integer; }
  bool is_float() const { return kind_ == ValueKind::Float; }
  bool is_number() const { return is_integer() || is_float(); }
  bool is_string() const { return kind_ == ValueKind::String; }
  bool is_list() const { return kind_ == ValueKind::List; }
  bool is_map() const { return kind_ == ValueKind::Map; }
  bool is_node() const { return kind_ == ValueKind::Node; }
  bool is_relationship() const { return kind_ == ValueKind::Relationship; }
  bool is_path() const { return kind_ == ValueKind::Path; }
  bool is_temporal() const { return kind_ >= ValueKind::Date; }

  // Each throws TypeError.InvalidArgumentType (naming both kinds) if the value is of another kind.
  bool as_boolean() const { return expect(ValueKind::Boolean), u_.integer != 0; }
  int64_t as_integer() const { return expect(ValueKind::Integer), u_.integer; }
  double as_float() const { return expect(ValueKind::Float), u_.real; }
  /// An integer or a float, as a float.
  double as_number() const { return is_integer() ? static_cast<double>(u_.integer) : as_float(); }
  const std::string& as_string() const;
  const List& as_list() const;
  const Map& as_map() const;
  NodeId as_node() const { return expect(ValueKind::Node), NodeId(static_cast<uint32_t>(aux_)); }
  RelId as_relationship() const { return expect(ValueKind::Relationship), RelId(static_cast<uint32_t>(aux_)); }
  /// Alternating nodes and relationships.
  const List& as_path() const;
  Date as_date() const { return expect(ValueKind::Date), Date{u_.integer}; }
  LocalTime as_local_time() const { return expect(ValueKind::LocalTime), LocalTime{u_.integer}; }
  Time as_time() const { return expect(ValueKind::Time), Time{LocalTime{u_.integer}, aux_}; }
  LocalDateTime as_local_date_time() const { return expect(ValueKind::LocalDateTime), LocalDateTime{u_.integer, aux_}; }
  const DateTime& as_date_time() const;
  const Duration& as_duration() const;

  /// The data of a node or relationship of a result row; null while a statement runs.
  const NodeData* node_data() const;
  const RelationshipData* relationship_data() const;

  /// The entry of a map with this key, or null if it has none. Throws if this is no map.
  const Value& operator[](std::string_view key) const;

  /// `=`. No value means null.
  static std::optional<bool> equals(const Value& a, const Value& b);
  /// `<`, `<=`: three-valued. No value means null (kinds that do not compare, or a null involved).
  static std::optional<bool> less(const Value& a, const Value& b);
  static std::optional<bool> less_or_equal(const Value& a, const Value& b);
  /// Same group in DISTINCT, grouping, UNION.
  static bool equivalent(const Value& a, const Value& b);
  /// The total order of ORDER BY, ascending.
  static std::strong_ordering order(const Value& a, const Value& b);
  /// Agrees with equivalent(); the same on every run and machine, as indexes store it.
  uint64_t hash() const;

  /// As a Cypher literal: 'it\'s', [1, 2.0], {a: null}, date('2020-01-01'), (:Label {k: 1}), …
  std::string to_literal() const;
  /// As toString() and result tables show it: strings bare, temporal values in ISO form, the rest as to_literal().
  std::string to_display() const;

  /// As to_literal(), but cut off with an ellipsis soon after so many bytes: for messages.
  std::string to_short_literal(size_t bytes = 200) const;

  /// Rough bytes held outside the value itself, for memory budgets and as a measure of its text. What several parts
  /// share counts for each of them, up to kMostHeapBytes in all.
  static constexpr size_t kMostHeapBytes = size_t{1} << 40;
  size_t heap_bytes() const;

 private:
  /// What begins every shared part: how many values refer to it.
  struct Heap {
    std::atomic<uint64_t> references{1};
  };
  struct StringHeap;
  struct DateTimeHeap;
  struct DurationHeap;
  /// What holds values: lists and paths, maps, nodes and relationships with data.
  struct ContainerHeap : Heap {
    ContainerHeap(ValueKind k, size_t b) : bytes(b), kind(k) {}
    size_t bytes;  // held by it and all inside it, what is shared as often as it is there
    /// The hash of a list, path or map once it was asked for, else 0. While it waits to be destroyed: the next to be.
    mutable std::atomic<uint64_t> hash_or_next{0};
    ValueKind kind;
  };
  struct ListHeap;
  struct MapHeap;
  struct NodeHeap;
  struct RelationshipHeap;

  void expect(ValueKind kind) const {
    if (kind_ != kind) fail_expect(kind);
  }
  [[noreturn]] void fail_expect(ValueKind kind) const;
  static constexpr uint32_t bit(ValueKind kind) { return uint32_t{1} << static_cast<unsigned>(kind); }
  bool on_heap() const {
    constexpr uint32_t kHeapKinds = bit(ValueKind::String) | bit(ValueKind::List) | bit(ValueKind::Map) |
                                    bit(ValueKind::Node) | bit(ValueKind::Relationship) | bit(ValueKind::Path) |
                                    bit(ValueKind::DateTime) | bit(ValueKind::Duration);
    return (kHeapKinds >> static_cast<unsigned>(kind_) & 1) != 0;
  }
  void retain() const noexcept {
    if (on_heap() && u_.heap != nullptr) u_.heap->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (on_heap() && u_.heap != nullptr && u_.heap->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      destroy(kind_, u_.heap);
    }
  }
  static void destroy(ValueKind kind, Heap* heap) noexcept;
  static void destroy_container(ContainerHeap* heap) noexcept;
  /// A list, path or map; nothing else has values inside that comparisons look at.
  bool is_container() const { return is_list() || is_path() || is_map(); }
  /// Of a container: the hash if it is known, else 0.
  uint64_t known_hash() const {
    return static_cast<const ContainerHeap*>(u_.heap)->hash_or_next.load(std::memory_order_relaxed);
  }
  /// Hashes a container whose parts' hashes are known where they are needed; else puts those parts into `missing`.
  bool hash_container(std::vector<const Value*>& missing) const;

  ValueKind kind_ = ValueKind::Null;
  int32_t aux_ = 0;  // node or relationship id, offset seconds of a Time, nanoseconds of a LocalDateTime
  union Payload {
    int64_t integer;
    double real;
    Heap* heap;  // null for a node or relationship without data
  } u_{.integer = 0};
};

static_assert(sizeof(Value) == 16);

/// Hash and equality for unordered containers keyed by equivalence.
struct ValueHash {
  size_t operator()(const Value& v) const { return v.hash(); }
};
struct ValueEquivalent {
  bool operator()(const Value& a, const Value& b) const { return Value::equivalent(a, b); }
};

}  // namespace entente
