// Property indexes over (label, key): hash for equality, ordered for ranges; a unique constraint is a hash index that
// refuses a second node with an equivalent value.
//
// Both are made of pages, so versions share them and they are read from disk on first touch. Null (a missing property)
// is not indexed.
//
// The hash index is a linear-hashing table (Litwin, 1980): a page is a bucket of (hash, node) pairs sorted by hash;
// looked-up nodes are checked against the column, as different values may share a hash. Splitting buckets does not help
// where one value is very common. So a hash with more than kHeavyHash nodes is *spread*: a marker entry in its bucket,
// whose node is kSpreadMarker + b, says that its nodes stand under 2^b hashes derived from it, each node under the one
// that its id picks. Node ids end below kSpreadMarker.
//
// The ordered index is a B+ tree of two levels: leaf pages of sorted (value, node) pairs under one vector of fences. A
// fence is a lower bound of its leaf and an upper bound of the leaf before; the first fence counts as the least of all
// values.
//
// An Index is a part of a version: immutable and safe to read from many threads once that is published.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entente/core/column.h"
#include "entente/core/ids.h"
#include "entente/core/page.h"
#include "entente/core/value.h"

namespace entente {

/// Node ids are below this, so that an index entry can be told from a marker.
inline constexpr uint32_t kSpreadMarker = 0xFFFF'FF00;

struct IndexDefinition {
  uint32_t id = 0;
  std::string name;
  LabelId label;
  KeyId key;
  bool unique = false;
  bool ordered = false;  // also keeps the ordered form
};

struct HashPage : Page {
  struct Entry {
    uint64_t hash;
    uint32_t node;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries;  // sorted
  size_t bytes() const override;
};

struct OrderedPage : Page {
  struct Entry {
    Value value;
    uint32_t node;
  };
  std::vector<Entry> entries;  // sorted by Value::order, then node
  size_t bytes() const override;
};

/// A lower bound of a leaf's entries, and the leaf's page number.
struct OrderedFence {
  Value value;
  uint32_t node;
  uint32_t page;
};

/// One index of a version. Copying is cheap; changes are made by the transaction that owns the version.
struct Index {
  static constexpr uint32_t kBucketLoad = 512;  // entries a bucket, on average
  static constexpr uint32_t kHeavyHash = 1'024;
  static constexpr uint32_t kLeafLimit = 512;

  IndexDefinition definition;
  uint64_t entries = 0;
  uint64_t distinct_hashes = 0;  // how many different hashes there are, for estimates
  PageTable<HashPage> buckets;
  uint32_t bucket_count = 0;  // 2^level + split position
  PageTable<OrderedPage> leaves;
  std::shared_ptr<const std::vector<OrderedFence>> fences;
  uint32_t next_leaf = 0;

  // `owner` is the tag of the transaction that writes. Null is ignored.
  /// The node must not be in the index.
  void insert(const Value& value, NodeId node, uint64_t owner);
  /// The node must be in the index, with this value.
  void erase(const Value& value, NodeId node, uint64_t owner);
  /// Fills an empty index with values of different nodes.
  void build(std::vector<OrderedPage::Entry> values, uint64_t owner);

  /// Appends the nodes whose value is equivalent to `value`, in order of id.
  void find(const Value& value, const Column& column, std::vector<NodeId>& out) const;

  /// Appends the nodes whose value lies within the bounds (of one comparable kind; a missing bound is open), in
  /// order of value. Only for ordered indexes.
  void range(const std::optional<Value>& low, bool low_inclusive, const std::optional<Value>& high, bool high_inclusive,
             std::vector<NodeId>& out) const;

 private:
  uint32_t bucket_of(uint64_t hash) const;
  void insert_hash(uint64_t hash, uint32_t node, uint64_t owner);
  void erase_hash(uint64_t hash, uint32_t node, uint64_t owner);
  void add_entry(uint64_t hash, uint32_t node, uint64_t owner);
  void remove_entry(uint64_t hash, uint32_t node, uint64_t owner);
  void spread(uint64_t hash, uint32_t from_bits, uint64_t owner);
  void split_buckets(uint64_t owner);
  size_t leaf_of(const Value& value, uint32_t node) const;
  void insert_ordered(const Value& value, uint32_t node, uint64_t owner);
  void erase_ordered(const Value& value, uint32_t node, uint64_t owner);
  void build_ordered(std::vector<OrderedPage::Entry> values, uint64_t owner);
};

}  // namespace entente
