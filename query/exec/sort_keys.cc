#include "entente/query/exec/sort_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "entente/core/radix_sort.h"

namespace entente {

namespace {

constexpr uint32_t kCodeBits = 64;
constexpr size_t kFewRows = 256;  // that are compared
constexpr size_t kBytes = sizeof(uint64_t);

/// In the order of the floats: NaN last, both zeros the same.
uint64_t code_of(double number) {
  if (std::isnan(number)) return std::numeric_limits<uint64_t>::max() - 1;
  const auto bits = std::bit_cast<uint64_t>(number == 0 ? 0.0 : number);
  return bits >> 63 != 0 ? ~bits : bits | uint64_t{1} << 63;
}
/// In the order of the integers.
uint64_t code_of(int64_t number) {
  return static_cast<uint64_t>(number) ^ uint64_t { 1 } << 63;
}

/// The first bytes, as a number; what is not there is 0.
uint64_t first_bytes(std::string_view text) {
  uint64_t code = 0;
  for (size_t i = 0; i < kBytes; ++i) code = code << 8 | (i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
  return code;
}

/// Puts codes of `bits` bits behind those that are there, or as much of them as there is room for.
struct Packer {
  std::vector<uint64_t>& codes;
  uint32_t used;
  uint32_t dropped;  // bits
  uint64_t turn;     // to be xored

  Packer(std::vector<uint64_t>& all, uint32_t bits, uint32_t& room, bool descending)
      : codes(all), used(std::min(bits, room)), dropped(bits - used) {
    turn = !descending || used == 0 ? 0 : ~uint64_t{0} >> (kCodeBits - used);
    room -= used;
  }
  void put(size_t row, uint64_t code) const {
    if (used == 0) return;
    codes[row] = (used == kCodeBits ? 0 : codes[row] << used) | ((code >> dropped) ^ turn);
  }
};

}  // namespace

SortColumn::SortColumn(const BatchColumn& column, bool descending) : column_(column), descending_(descending) {
  if (column.data->has_nulls()) return;
  if (column.data->type() == VectorType::Integer || column.data->type() == VectorType::Date) {
    ints_ = column.data->ints.data();
  } else if (column.data->type() == VectorType::String) {
    texts_ = column.data->texts.data();
  }
}

std::strong_ordering SortColumn::order(size_t row, const Value& value) const {
  std::strong_ordering order = std::strong_ordering::equal;
  const VectorType type = column_.data->type();
  if (ints_ != nullptr && value.kind() == (type == VectorType::Integer ? ValueKind::Integer : ValueKind::Date)) {
    order = ints_[at(row)] <=> (value.is_integer() ? value.as_integer() : value.as_date().days);
  } else if (texts_ != nullptr && value.is_string()) {
    order = texts_[at(row)] <=> std::string_view(value.as_string());
  } else {
    order = Value::order(column_.data->get(column_.row(row)), value);
  }
  return descending_ ? 0 <=> order : order;
}

/// `number(row)` is not asked for where the column is null.
template <class Number>
bool SortColumn::pack_numbers(std::vector<uint64_t>& codes, uint32_t& room, ExecContext& context, Number number) const {
  const bool nulls = column_.data->has_nulls();
  const auto is_null = [&](size_t row) { return nulls && column_.data->is_null(column_.row(row)); };
  uint64_t least = std::numeric_limits<uint64_t>::max();
  uint64_t most = 0;
  for (size_t row = 0; row < codes.size(); ++row) {
    context.work(1);
    if (is_null(row)) continue;
    const uint64_t code = number(row);
    least = std::min(least, code);
    most = std::max(most, code);
  }
  if (least > most) least = most = 0;
  const uint64_t null = most - least + 1;  // null comes last
  if (nulls && null == 0) return false;
  const Packer packer(codes, static_cast<uint32_t>(std::bit_width(nulls ? null : null - 1)), room, descending_);
  for (size_t row = 0; row < codes.size(); ++row) {
    context.work(1);
    packer.put(row, is_null(row) ? null : number(row) - least);
  }
  return packer.dropped == 0;
}

bool SortColumn::pack_texts(std::vector<uint64_t>& codes, uint32_t& room, ExecContext& context) const {
  const auto text = [&](size_t row) { return column_.data->texts[at(row)]; };
  const auto is_null = [&](size_t row) { return column_.data->is_null(column_.row(row)); };
  std::optional<std::string_view> begin;  // of all of them
  size_t longest = 0;
  bool plain = true;  // no byte is 0, which would look like the end of the text
  for (size_t row = 0; row < codes.size(); ++row) {
    context.work(1);
    if (is_null(row)) continue;
    const std::string_view here = text(row);
    if (!begin) begin = here;
    const auto differs = std::mismatch(begin->begin(), begin->end(), here.begin(), here.end());
    begin = begin->substr(0, static_cast<size_t>(differs.first - begin->begin()));
    longest = std::max(longest, here.size());
    plain = plain && longest <= begin->size() + kBytes && here.find('\0') == std::string_view::npos;
  }
  const size_t skipped = begin ? begin->size() : 0;
  const bool whole = plain && longest <= skipped + kBytes - 1;
  const Packer packer(codes, kCodeBits, room, descending_);
  for (size_t row = 0; row < codes.size(); ++row) {
    context.work(1);
    // One bit less leaves room for null behind all texts.
    packer.put(row, is_null(row) ? ~uint64_t{0} : first_bytes(text(row).substr(skipped)) >> 1);
  }
  return whole && packer.dropped == 0;
}

bool SortColumn::pack(std::vector<uint64_t>& codes, uint32_t& room, ExecContext& context) const {
  const Vector& data = *column_.data;
  switch (data.type()) {
    case VectorType::Integer:
    case VectorType::Date:
      return pack_numbers(codes, room, context, [&](size_t row) { return code_of(data.ints[at(row)]); });
    case VectorType::Float:
      return pack_numbers(codes, room, context, [&](size_t row) { return code_of(data.floats[at(row)]); });
    case VectorType::Boolean:
      return pack_numbers(codes, room, context, [&](size_t row) { return uint64_t{data.booleans[at(row)]}; });
    case VectorType::Node:
    case VectorType::Relationship:
      return pack_numbers(codes, room, context, [&](size_t row) { return uint64_t{data.ids[at(row)]}; });
    case VectorType::String:
      return pack_texts(codes, room, context);
    case VectorType::Value:
      return false;
  }
  return false;
}

Selection SortColumns::sorted(size_t rows, ExecContext& context) const {
  Selection order(rows);
  std::iota(order.begin(), order.end(), 0u);
  if (rows <= kFewRows) {
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      context.work(steps(a));
      return before(a, b);
    });
    return order;
  }
  MemoryHold hold(context);
  hold.set(rows * 2 * (sizeof(uint64_t) + sizeof(uint32_t)));
  std::vector<uint64_t> codes(rows);
  uint32_t room = kCodeBits;
  bool whole = true;
  for (size_t k = 0; k < columns_.size() && whole; ++k) whole = columns_[k].pack(codes, room, context);
  radix_sort(codes, order, 0, kCodeBits - room, 1, [&](size_t steps) { context.work(steps); });
  if (!whole) sort_equal(codes, order, context);
  return order;
}

/// Sorts what stands together with the same code.
void SortColumns::sort_equal(const std::vector<uint64_t>& codes, Selection& order, ExecContext& context) const {
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin + 1;
    while (end < order.size() && codes[end] == codes[begin]) ++end;
    context.work(end - begin);
    if (end - begin > 1) {
      std::sort(order.begin() + static_cast<ptrdiff_t>(begin), order.begin() + static_cast<ptrdiff_t>(end),
                [&](uint32_t a, uint32_t b) {
                  context.work(steps(a));
                  return before(a, b);
                });
    }
    begin = end;
  }
}

}  // namespace entente
