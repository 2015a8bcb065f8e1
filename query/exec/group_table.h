// GroupTable: numbers rows by their key, for DISTINCT and grouping. Equivalent keys (see core/value.h) have one number;
// numbers are handed out from 0 in order of first sight.
//
// An open-addressing hash table of group numbers over keys that are stored once. While there is one key column and all
// its values are nodes, relationships or integers of one kind, keys are kept and compared as plain numbers; the first
// value of another kind turns the table into one of Values. Used by one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "entente/query/exec/batch.h"
#include "entente/query/exec/context.h"

namespace entente {

class GroupTable {
 public:
  explicit GroupTable(size_t width) : width_(width) {}

  /// For each row the number of its group. New groups are numbered on, so that a row with the number size() had before
  /// is new. Throws what context.work() does.
  void find_or_add(std::span<const BatchColumn> columns, size_t rows, std::vector<uint32_t>& groups,
                   ExecContext& context);

  uint32_t size() const { return size_; }
  Value key(uint32_t group, size_t column) const;
  size_t bytes() const;

 private:
  enum class Form : uint8_t { Undecided, Numbers, Values };
  enum class Match : uint8_t { Number, Null, Other };

  Match number_at(const BatchColumn& column, size_t row, int64_t& number) const;
  size_t add_numbers(const BatchColumn& column, size_t rows, std::vector<uint32_t>& groups);
  void add_values(std::span<const BatchColumn> columns, size_t from, size_t rows, std::vector<uint32_t>& groups,
                  ExecContext& context);
  uint32_t add_group();
  uint64_t group_hash(uint32_t group) const;
  void to_values();
  void grow();
  void rebuild(size_t slots);

  const size_t width_;
  Form form_ = Form::Undecided;
  VectorType kind_ = VectorType::Value;  // of the numbers
  uint32_t size_ = 0;
  uint32_t null_group_ = kNone;  // Numbers: the group of null
  std::vector<uint32_t> slots_;  // group + 1, 0 where free; a power of two of them
  std::vector<int64_t> numbers_;
  std::vector<Value> values_;  // width_ a group
  std::vector<uint64_t> hashes_;
  size_t heap_bytes_ = 0;  // held by values_

  static constexpr uint32_t kNone = ~uint32_t{0};
};

}  // namespace entente
