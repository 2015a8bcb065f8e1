// Ordering rows by some columns, without making Values where the columns are typed.
//
// What can be told of a row's keys in 64 bits is packed into a number, in which rows are ordered first: integers, dates
// and ids less the smallest one, in as many bits as their range takes, floats, the first bytes of strings behind what
// all of them begin with. Rows with equal numbers, where the numbers do not say all, are sorted in the same way by what
// they have not in common, and compared as such where they are few.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "entente/query/exec/operators.h"

namespace entente {

/// The values of one key for some rows. The column must stay.
class SortColumn {
 public:
  SortColumn(const BatchColumn& column, bool descending);

  /// Which of two rows comes first.
  std::strong_ordering order(size_t a, size_t b) const {
    std::strong_ordering order = std::strong_ordering::equal;
    if (ints_ != nullptr) {
      order = ints_[at(a)] <=> ints_[at(b)];
    } else if (texts_ != nullptr) {
      order = texts_[at(a)] <=> texts_[at(b)];
    } else {
      order = Value::order(column_.data->get(column_.row(a)), column_.data->get(column_.row(b)));
    }
    return descending_ ? 0 <=> order : order;
  }
  /// The same of a row and a value.
  std::strong_ordering order(size_t row, const Value& value) const;
  /// Appends the order of the rows to what their codes say already, of which `room` bits are free; takes off what is
  /// used. Whether equal codes mean equal keys.
  bool pack(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room, ExecContext& context) const;
  /// For context.work().
  size_t steps(size_t row) const { return is_typed() ? 1 : 1 + steps_of(column_.data->get(column_.row(row))); }

 private:
  template <class Number>
  bool pack_numbers(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room, ExecContext& context,
                    Number number) const;
  bool pack_texts(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room,
                  ExecContext& context) const;
  bool is_null(size_t row) const { return column_.data->has_nulls() && column_.data->is_null(column_.row(row)); }
  bool is_typed() const { return ints_ != nullptr || texts_ != nullptr; }
  size_t at(size_t row) const { return column_.data->at(column_.row(row)); }

  BatchColumn column_;
  bool descending_;
  const int64_t* ints_ = nullptr;            // of a column of integers or dates without nulls
  const std::string_view* texts_ = nullptr;  // of one of strings
};

class SortColumns {
 public:
  void add(const BatchColumn& column, bool descending) { columns_.emplace_back(column, descending); }

  /// Whether row a comes before row b; of equal rows the one with the lower number.
  bool before(uint32_t a, uint32_t b) const {
    for (const SortColumn& column : columns_) {
      const auto order = column.order(a, b);
      if (order != 0) return order < 0;
    }
    return a < b;
  }
  /// Whether the row comes before all rows with this key.
  bool before(uint32_t row, const std::vector<Value>& key) const {
    for (size_t k = 0; k < columns_.size(); ++k) {
      const auto order = columns_[k].order(row, key[k]);
      if (order != 0) return order < 0;
    }
    return false;
  }
  /// The rows below `rows`, in order.
  Selection sorted(size_t rows, ExecContext& context) const;
  size_t steps(uint32_t row) const {
    size_t steps = 0;
    for (const SortColumn& column : columns_) steps += column.steps(row);
    return steps;
  }

 private:
  void sort(std::span<uint32_t> rows, uint32_t depth, ExecContext& context) const;
  void compare_and_sort(std::span<uint32_t> rows, ExecContext& context) const;

  std::vector<SortColumn> columns_;
};

}  // namespace entente
