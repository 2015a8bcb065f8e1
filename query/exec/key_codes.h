// Numbers for values: each different value of a key column has a code, handed out from 0 in order of first sight.
// Different means not equivalent (see core/value.h).
//
// Typed vectors are looked up without making a Value of each row: nodes in an array by id (NodeMarks), the others in
// one open-addressing hash table, in which what a number stands for is the number itself. Numbers near the first are
// remembered in an array besides. A text that stands in a page comes again and again from the same place, so where
// texts were seen is remembered. Used by one thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "entente/core/chunked_vector.h"
#include "entente/core/zeroed_array.h"
#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"
#include "entente/query/exec/node_marks.h"

namespace entente {

/// What goes with texts that come again and again from the same place, as those do that stand in a page.
template <class What>
class SeenTexts {
 public:
  struct Seen {
    static constexpr char kNowhere = 0;  // an empty text may have no place, which is no reason to take it for known
    const char* text = &kNowhere;        // another text may stand there by now
    What what{};
  };
  /// Where the text is remembered, or another.
  Seen& at(const char* text) {
    if (seen_.empty()) seen_.resize(kPlaces);
    return seen_[reinterpret_cast<uintptr_t>(text) * 0x9E3779B97F4A7C15ull >> 56];
  }
  size_t bytes() const { return seen_.capacity() * sizeof(Seen); }

 private:
  static constexpr size_t kPlaces = 256;
  std::vector<Seen> seen_;
};

class KeyCodes {
 public:
  /// For each row the code of its value. Throws what context.work() does.
  void find_or_add(const BatchColumn& column, size_t rows, std::vector<uint32_t>& codes, ExecContext& context);

  uint32_t size() const { return static_cast<uint32_t>(values_.size()); }
  /// As it was seen first.
  const Value& value(uint32_t code) const { return values_[code]; }
  size_t bytes() const;

 private:
  struct Slot {
    uint64_t key = 0;   // the number, or the hash of what is not one
    uint32_t code = 0;  // and 1; 0 where free
    ValueKind kind = ValueKind::Null;
  };

  template <class Known, class KeyOf, class CodeOf>
  void fill(const BatchColumn& column, std::vector<uint32_t>& codes, ValueKind kind, Known known, KeyOf key_of,
            CodeOf code_of);
  void find_numbers(const BatchColumn& column, std::vector<uint32_t>& codes, ValueKind kind);
  void find_texts(const BatchColumn& column, std::vector<uint32_t>& codes);
  uint32_t code_of(const Value& value);
  uint32_t code_of_node(uint32_t node);
  uint32_t code_of_number(ValueKind kind, uint64_t number, const Value& value);
  /// kNone where the text was not seen in its place.
  uint32_t known_text(std::string_view text);
  uint32_t code_of_text(std::string_view text, uint64_t hash);
  uint32_t code_of_null();
  template <class Same, class Make>
  uint32_t look_up(ValueKind kind, uint64_t key, Same same, Make make);
  void grow();
  uint32_t add(Value value);

  ExecContext* context_ = nullptr;  // of the rows being looked up
  ChunkedVector<Value> values_;     // by code
  size_t heap_bytes_ = 0;           // held by them
  ZeroedArray<Slot> slots_;         // a power of two of them
  size_t used_ = 0;
  uint32_t null_code_ = kNone;
  std::unique_ptr<NodeMarks<uint32_t>> nodes_;  // code + 1; null: none was seen
  SeenTexts<uint32_t> seen_texts_;              // codes

  static constexpr size_t kNear = 4096;
  static constexpr uint32_t kNone = ~uint32_t{0};
  ZeroedArray<uint32_t> near_;  // code + 1 of kNear numbers of one kind, …
  uint64_t near_begin_ = 0;     // … from this one on; 0 where it was not seen
  ValueKind near_kind_ = ValueKind::Null;
};

/// Numbers for pairs of numbers, handed out in the same way. Of many pairs, those of two small numbers are looked up in
/// an array, the others in a hash table.
class PairCodes {
 public:
  /// Replaces each of `codes`, the first of a pair, by the pair's code; `seconds` has as many. Throws what
  /// context.work() does.
  void find_or_add(std::vector<uint32_t>& codes, const std::vector<uint32_t>& seconds, ExecContext& context);

  uint32_t size() const { return static_cast<uint32_t>(pairs_.size()); }
  uint32_t first(uint32_t code) const { return static_cast<uint32_t>(pairs_[code] >> 32); }
  uint32_t second(uint32_t code) const { return static_cast<uint32_t>(pairs_[code]); }
  size_t bytes() const { return (slots_.size() + small_.size()) * sizeof(uint32_t) + pairs_.bytes(); }

 private:
  static constexpr size_t kBlock = 32;  // pairs that are looked up at a time, so that memory is waited for together
  static constexpr uint32_t kSmall = 256;
  static constexpr uint64_t kMany = 16'384;

  void find_or_add_block(std::span<uint32_t> codes, const uint32_t* seconds, ExecContext& context);
  uint32_t find_or_add(uint64_t pair, size_t slot);
  uint32_t* small(uint64_t pair) {
    const auto first = static_cast<uint32_t>(pair >> 32);
    const auto second = static_cast<uint32_t>(pair);
    return small_.size() > 0 && (first | second) < kSmall ? &small_[first * kSmall + second] : nullptr;
  }
  size_t place_of(uint64_t pair) const {
    const uint64_t mixed = (pair ^ pair >> 32) * 0x9E3779B97F4A7C15ull;
    return (mixed ^ mixed >> 32) & (slots_.size() - 1);
  }
  void grow(ExecContext& context);

  ZeroedArray<uint32_t> slots_;  // code + 1, 0 where free; a power of two of them
  ZeroedArray<uint32_t> small_;  // code + 1 of pairs of numbers below kSmall, 0 where it was not seen
  ChunkedVector<uint64_t> pairs_;
  uint64_t looked_up_ = 0;
};

}  // namespace entente
