// Indexes over the properties of the nodes with a label, or of the relationships of a type.
//
// A *range* index has one value for each node or relationship (called *elements* here): that of its property, or for
// several properties the list of theirs. An element that lacks one of the properties is not in it. A constraint of
// uniqueness is such an index that refuses a second element with an equivalent value. A *full-text* index is one of
// postings; core/full_text.h tells which.
//
// Each is a B+ tree of two levels: leaf pages of sorted (value, id) pairs under one vector of fences. A fence is a
// lower bound of its leaf and an upper bound of the leaf before; the first fence counts as the least of all values.
// Values are ordered by Value::order(), by which those are equal that are equivalent. Leaves are pages, so versions
// share them and they are read from disk on first touch.
//
// An Index is a part of a version: immutable and safe to read from many threads once that is published.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "entente/core/column.h"
#include "entente/core/constraint.h"
#include "entente/core/ids.h"
#include "entente/core/page.h"
#include "entente/core/value.h"

namespace entente {

enum class IndexKind : uint8_t {  // do not change these values: they are stored
  Range = 0,
  FullText = 1,
};

struct IndexDefinition {
  uint32_t id = 0;
  std::string name;
  IndexKind kind = IndexKind::Range;
  EntityType entity = EntityType::Node;
  std::vector<uint32_t> tokens;  // numbers of labels or types: one; of a full-text index any of several
  std::vector<KeyId> keys;       // at least one, each once
  bool unique = false;           // range: it is a constraint
  bool required = false;         // with unique: a key constraint, which all elements must have the properties for
  std::string analyzer;          // full text: the name of its TextAnalyzer

  /// Whether it is the range index for these, in this order.
  bool is_range_on(EntityType of, uint32_t token, std::span<const KeyId> of_keys) const {
    return kind == IndexKind::Range && entity == of && tokens.front() == token &&
           std::equal(keys.begin(), keys.end(), of_keys.begin(), of_keys.end());
  }
  /// The place of the key; keys.size() if it is not there.
  size_t field_of(KeyId key) const {
    return static_cast<size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
  }
  bool has_token(uint32_t token) const { return std::find(tokens.begin(), tokens.end(), token) != tokens.end(); }
};

/// What a full-text index holds of one of its properties, for scores.
struct TextField {
  uint64_t documents = 0;  // elements whose property has words
  uint64_t words = 0;
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
  static constexpr uint32_t kLeafLimit = 512;

  IndexDefinition definition;
  uint64_t entries = 0;          // elements; of a full-text index, postings
  uint64_t distinct_values = 0;  // range: how many different values there are, for estimates
  PageTable<OrderedPage> leaves;
  std::shared_ptr<const std::vector<OrderedFence>> fences;
  uint32_t next_leaf = 0;
  std::vector<TextField> fields;  // full text: by key

  // `owner` is the tag of the transaction that writes. Null is ignored.
  /// The element must not be in the index.
  void insert(const Value& value, uint32_t element, uint64_t owner);
  /// The element must be in the index, with this value.
  void erase(const Value& value, uint32_t element, uint64_t owner);
  /// Called every few thousand steps of a build, if it is not empty, with the bytes that the build has come to hold
  /// since the last call; it may throw, which leaves the index to be dropped.
  using Poll = std::function<void(size_t bytes)>;
  /// What an entry takes while an index is built: among the values, and in a page or as a number to be sorted.
  static size_t building_bytes(const OrderedPage::Entry& entry) {
    return 2 * sizeof(OrderedPage::Entry) + entry.value.heap_bytes();
  }
  /// Fills an empty index with values of different elements, which it takes; if the poll throws, the caller has what is
  /// left of them, of which the poll was told.
  void build(std::vector<OrderedPage::Entry>& values, uint64_t owner, const Poll& poll = {});

  /// Appends the elements whose value is equivalent to `value`, in order of id.
  void find(const Value& value, std::vector<uint32_t>& out) const;

  // ---- the tree alone, which postings are put into ----
  void insert_entry(const Value& value, uint32_t element, uint64_t owner);
  void erase_entry(const Value& value, uint32_t element, uint64_t owner);
  void build_entries(std::vector<OrderedPage::Entry>& values, uint64_t owner, const Poll& poll = {});

  /// Appends the elements whose value lies within the bounds (of one comparable kind; a missing bound is open), in
  /// order of value.
  void range(const std::optional<Value>& low, bool low_inclusive, const std::optional<Value>& high, bool high_inclusive,
             std::vector<uint32_t>& out) const;

  /// The part of the entries, from 0 to 1, whose value comes before; for estimates, as if leaves were of one size.
  double part_before(const Value& value) const;

  /// Of an index on several keys: appends the elements whose first values are equivalent to these.
  void prefix(const List& first_values, std::vector<uint32_t>& out) const;

  /// visit(const Entry&) for the entries in order, from the first for whose value `before` is false, until it gives
  /// false. `before` must be true for the values of a beginning of the order, and false from there on.
  template <class Before, class Visit>
  void scan(Before before, Visit visit) const {
    if (!fences || fences->empty()) return;
    auto fence = std::partition_point(fences->begin() + 1, fences->end(),
                                      [&](const OrderedFence& f) { return before(f.value); }) -
                 1;
    for (bool first = true; fence != fences->end(); ++fence, first = false) {
      const std::vector<OrderedPage::Entry>& leaf = leaf_page(fence->page).entries;
      auto it = leaf.begin();
      if (first) {
        it = std::partition_point(leaf.begin(), leaf.end(),
                                  [&](const OrderedPage::Entry& e) { return before(e.value); });
      }
      for (; it != leaf.end(); ++it) {
        if (!visit(*it)) return;
      }
    }
  }

 private:
  bool has(const Value& value) const;
  size_t leaf_of(const Value& value, uint32_t element) const;
  template <class Visit>
  void visit_equal(const Value& value, Visit visit) const;
  const OrderedPage& leaf_page(uint32_t number) const;
};

}  // namespace entente
