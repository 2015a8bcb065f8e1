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

/// Puts codes of `bits` bits behind those that are there, or as many of their bits as there is room for.
struct Packer {
  LargeVector<uint64_t>& codes;
  uint32_t used;
  uint32_t dropped;  // bits
  uint64_t turn;     // to be xored

  Packer(LargeVector<uint64_t>& all, uint32_t bits, uint32_t& room, bool descending)
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
bool SortColumn::pack_numbers(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room,
                              ExecContext& context, Number number) const {
  const bool nulls = column_.data->has_nulls();
  uint64_t least = std::numeric_limits<uint64_t>::max();
  uint64_t most = 0;
  for (const uint32_t row : rows) {
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
  for (size_t i = 0; i < rows.size(); ++i) {
    context.work(1);
    packer.put(i, is_null(rows[i]) ? null : number(rows[i]) - least);
  }
  return packer.dropped == 0;
}

bool SortColumn::pack_texts(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room,
                            ExecContext& context) const {
  const auto text = [&](size_t row) { return column_.data->texts[at(row)]; };
  std::optional<std::string_view> begin;  // of all of them
  size_t longest = 0;
  bool nulls = false;
  for (const uint32_t row : rows) {
    if (is_null(row)) {
      nulls = true;
      continue;
    }
    const std::string_view here = text(row);
    if (!begin) begin = here;
    const auto differs = std::mismatch(begin->begin(), begin->end(), here.begin(), here.end());
    begin = begin->substr(0, static_cast<size_t>(differs.first - begin->begin()));
    longest = std::max(longest, here.size());
    context.work(1 + begin->size() / sizeof(Value));
  }
  const size_t skipped = begin ? begin->size() : 0;
  const auto bytes = static_cast<uint32_t>(std::min(longest - skipped, kBytes));
  bool zeros = false;  // a byte that is 0 looks like the end of the text
  // A bit before the bytes stands for null.
  const uint32_t bits = std::min(kCodeBits, bytes * 8 + (nulls ? 1 : 0));
  const uint32_t shift = kCodeBits - bits + (nulls && bits > 0 ? 1 : 0);
  const Packer packer(codes, bits, room, descending_);
  for (size_t i = 0; i < rows.size() && bits > 0; ++i) {
    context.work(1);
    if (is_null(rows[i])) {
      packer.put(i, ~uint64_t{0} >> (kCodeBits - bits));
      continue;
    }
    const std::string_view rest = text(rows[i]).substr(skipped, bytes);
    zeros = zeros || rest.find('\0') != std::string_view::npos;
    packer.put(i, bytes > 0 ? first_bytes(rest) >> shift : 0);
  }
  const bool all_bytes = longest - skipped <= kBytes - (nulls ? 1 : 0);
  return all_bytes && !zeros && packer.dropped == 0;
}

bool SortColumn::pack(std::span<const uint32_t> rows, LargeVector<uint64_t>& codes, uint32_t& room,
                      ExecContext& context) const {
  const Vector& data = *column_.data;
  const auto numbers = [&](auto number) { return pack_numbers(rows, codes, room, context, number); };
  switch (data.type()) {
    case VectorType::Integer:
    case VectorType::Date:
      return numbers([&](size_t row) { return code_of(data.ints[at(row)]); });
    case VectorType::Float:
      return numbers([&](size_t row) { return code_of(data.floats[at(row)]); });
    case VectorType::Boolean:
      return numbers([&](size_t row) { return uint64_t{data.booleans[at(row)]}; });
    case VectorType::Node:
    case VectorType::Relationship:
      return numbers([&](size_t row) { return uint64_t{data.ids[at(row)]}; });
    case VectorType::String:
      return pack_texts(rows, codes, room, context);
    case VectorType::Value:
      return false;
  }
  return false;
}

Selection SortColumns::sorted(size_t rows, ExecContext& context) const {
  Selection order(rows);
  std::iota(order.begin(), order.end(), 0u);
  MemoryHold hold(context);
  if (rows > kFewRows) hold.set(rows * 2 * (sizeof(uint64_t) + sizeof(uint32_t)));
  sort(order, 0, context);
  return order;
}

/// Sorts rows, which are in order of their numbers. `depth`: how often they were found equal in this way.
void SortColumns::sort(std::span<uint32_t> rows, uint32_t depth, ExecContext& context) const {
  constexpr uint32_t kDeepest = 32;
  if (rows.size() <= kFewRows || depth == kDeepest) return compare_and_sort(rows, context);
  LargeVector<uint64_t> codes(rows.size());
  uint32_t room = kCodeBits;
  bool whole = true;
  for (size_t k = 0; k < columns_.size() && whole; ++k) whole = columns_[k].pack(rows, codes, room, context);
  if (room == kCodeBits) return whole ? void() : compare_and_sort(rows, context);
  LargeVector<uint32_t> order(rows.begin(), rows.end());
  radix_sort(codes, order, 0, kCodeBits - room, 1, [&](size_t steps) { context.work(steps); });
  std::copy(order.begin(), order.end(), rows.begin());
  if (whole) return;
  std::vector<std::span<uint32_t>> equal;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && codes[end] == codes[begin]) ++end;
    context.work(end - begin);
    if (end - begin > 1) equal.push_back(rows.subspan(begin, end - begin));
    begin = end;
  }
  order = {};
  codes = {};
  for (const std::span<uint32_t> some : equal) {
    if (some.size() < rows.size()) {
      sort(some, depth + 1, context);
    } else {
      compare_and_sort(some, context);
    }
  }
}

void SortColumns::compare_and_sort(std::span<uint32_t> rows, ExecContext& context) const {
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    context.work(steps(a));
    return before(a, b);
  });
}

}  // namespace entente
