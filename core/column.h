// Paged, typed property columns.
//
// A column holds one property key of all nodes, or of all relationships, in pages of 4,096 consecutive ids; a page
// exists only where an id in its run has the key. A page is an immutable base plus a small sorted delta of changes,
// merged into a new base when the delta grows past kDeltaLimit. The base is typed if all its values are of one type
// that has a typed form, and holds tagged values otherwise; values stand packed, in order of their ids, found by rank
// in a presence bitmap, or by their distance from the first where no id between lacks a value. Numbers are stored in as
// few bytes as they need, and strings that repeat as codes into a dictionary of the page.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/narrow_ints.h"
#include "entente/core/page.h"
#include "entente/core/value.h"

namespace entente {

inline constexpr uint32_t kColumnPageBits = 12;
inline constexpr uint32_t kColumnPageSize = 1u << kColumnPageBits;

enum class ColumnType : uint8_t {  // do not change these values: they are stored
  Empty = 0,
  Integer = 1,  // ints
  Float = 2,    // floats
  Boolean = 3,  // ints, 0 or 1
  Date = 4,     // ints, days
  String = 5,   // texts, by code where there are codes
  Mixed = 6,    // values
};

/// The packed values of a page. Immutable once sealed.
struct ColumnBase {
  ColumnType type = ColumnType::Empty;
  uint32_t count = 0;
  bool dense = false;  // the ids with a value follow one another
  uint32_t first = 0;  // the first id with a value
  std::array<uint64_t, kColumnPageSize / 64> present{};
  std::array<uint16_t, kColumnPageSize / 64> rank{};  // how many are present before each word
  NarrowInts ints;
  PageArray<double> floats;
  double least_float = 0;  // of those that are not NaN; the greatest is below the least if there are none
  double greatest_float = -1;
  PageArray<uint16_t> codes;    // String: for each value its text's number; empty if value i has text i
  PageArray<uint32_t> offsets;  // String: of the texts (one more than there are) in bytes
  PageArray<char> bytes;
  std::vector<Value> values;

  /// To be called once `present` and the values are set, strings by code or as one text a value: fills in the rest.
  void seal(const std::shared_ptr<PageMemory>& memory = nullptr);

  bool has(uint32_t i) const { return present[i >> 6] >> (i & 63) & 1; }
  /// The place of the value of id i, which must be present.
  uint32_t position(uint32_t i) const {
    if (dense) return i - first;
    return rank[i >> 6] +
           static_cast<uint32_t>(__builtin_popcountll(present[i >> 6] & ((uint64_t{1} << (i & 63)) - 1)));
  }
  Value at(uint32_t position) const;
  std::string_view string_at(uint32_t position) const { return text(codes.empty() ? position : codes[position]); }
  /// How many texts there are, and each by its number.
  uint32_t text_count() const { return offsets.empty() ? 0 : static_cast<uint32_t>(offsets.size() - 1); }
  std::string_view text(uint32_t number) const {
    return {bytes.data() + offsets[number], offsets[number + 1] - offsets[number]};
  }
  /// What all values lie between, but for NaN; nothing where that is not known (strings, mixed types) or there is none.
  std::optional<std::pair<Value, Value>> bounds() const;
  /// Of the strings of all values together.
  size_t string_bytes() const;
  size_t memory() const;

 private:
  void bound_floats();
  void code_texts(const std::shared_ptr<PageMemory>& memory);
};

/// Makes a ColumnBase of values of one type (or any, if it is Mixed), which come in order of their ids.
class ColumnBuilder {
 public:
  /// For `count` values; of a String, with `text_bytes` bytes in all, fewer than 2^32.
  ColumnBuilder(ColumnType type, size_t count, size_t text_bytes);
  void add(uint32_t i, const Value& value);
  void add_text(uint32_t i, std::string_view text);  // String
  /// The value at a position of another base of the same type.
  void copy(uint32_t i, const ColumnBase& from, uint32_t position);
  std::shared_ptr<const ColumnBase> finish();

 private:
  void mark(uint32_t i) { base_->present[i >> 6] |= uint64_t{1} << (i & 63); }

  std::shared_ptr<ColumnBase> base_;
  std::vector<int64_t> ints_;
  std::vector<double> floats_;
  std::vector<uint32_t> offsets_;
  std::string bytes_;
};

struct ColumnPage : Page {
  static constexpr size_t kDeltaLimit = 128;

  std::shared_ptr<const ColumnBase> base;         // may be null
  std::vector<std::pair<uint16_t, Value>> delta;  // sorted; null stands for "removed"

  /// Null if the id (its low kColumnPageBits bits) has no value.
  Value get(uint32_t i) const;
  bool has(uint32_t i) const;
  /// Sets, or with null removes.
  void set(uint32_t i, Value value);
  /// Merges the delta into a new base.
  void compact();
  /// Builds a base from (index, value) pairs sorted by index.
  static std::shared_ptr<const ColumnBase> build(const std::vector<std::pair<uint16_t, Value>>& entries);

  size_t bytes() const override;
};

using Column = PageTable<ColumnPage>;

inline Value column_get(const Column& column, uint32_t id) {
  const ColumnPage* page = column.find(id >> kColumnPageBits);
  return page != nullptr ? page->get(id & (kColumnPageSize - 1)) : Value();
}

}  // namespace entente
