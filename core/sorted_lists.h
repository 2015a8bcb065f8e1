// What two sorted lists of numbers have in common; numbers may stand in a list more than once.
//
// Lists of like length are merged; where one is much longer, the numbers of the other are looked up in it by galloping
// (Bentley, Yao, "An almost optimal algorithm for unbounded searching", 1976).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace entente {

inline constexpr size_t kMuchLonger = 16;
inline constexpr size_t kShortList = 64;  // to be looked through for one number

/// The first place from `at` on whose number is not less than `wanted`.
inline size_t gallop(std::span<const uint32_t> list, size_t at, uint32_t wanted) {
  size_t step = 1;
  size_t end = at;
  while (end < list.size() && list[end] < wanted) {
    at = end + 1;
    end += step;
    step *= 2;
  }
  end = std::min(end, list.size());
  return static_cast<size_t>(
      std::lower_bound(list.begin() + static_cast<ptrdiff_t>(at), list.begin() + static_cast<ptrdiff_t>(end), wanted) -
      list.begin());
}

/// How often `wanted` is in the list. Without branches that depend on what is in it: for single look-ups, whose way
/// cannot be foreseen.
inline uint64_t count_of(std::span<const uint32_t> list, uint32_t wanted) {
  if (list.size() <= kShortList) {
    uint32_t times = 0;  // as wide as the numbers, so that as many are compared at a time as fit
    for (const uint32_t number : list) times += number == wanted ? 1 : 0;
    return times;
  }
  const uint32_t* first = list.data();
  for (size_t size = list.size(); size > 1;) {
    const size_t half = size / 2;
    first = first[half - 1] < wanted ? first + half : first;
    size -= half;
  }
  const uint32_t* const end = list.data() + list.size();
  if (*first < wanted) ++first;
  uint64_t times = 0;
  for (; first < end && *first == wanted; ++first) ++times;
  return times;
}

/// Calls `see(i, times)` for each place of `a` whose number is in `b`, and how often it is.
template <class See>
void for_each_common(std::span<const uint32_t> a, std::span<const uint32_t> b, See see) {
  const bool search = b.size() > kMuchLonger * a.size();
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const uint32_t x = a[i];
    const uint32_t y = b[j];
    if (x == y) {
      size_t end = j + 1;
      while (end < b.size() && b[end] == x) ++end;
      for (; i < a.size() && a[i] == x; ++i) see(i, end - j);
      j = end;
    } else if (search) {
      if (x < y) {
        ++i;
      } else {
        j = gallop(b, j, x);
      }
    } else {
      i += x < y ? 1 : 0;
      j += y < x ? 1 : 0;
    }
  }
}

/// How many pairs of equal numbers there are.
inline uint64_t count_common(std::span<const uint32_t> a, std::span<const uint32_t> b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() == 1) return count_of(b, a[0]);
  uint64_t total = 0;
  for_each_common(a, b, [&](size_t, size_t times) { total += times; });
  return total;
}

/// The same of a list and itself.
inline uint64_t count_common_with_itself(std::span<const uint32_t> list) {
  size_t same_as_next = 0;
  for (size_t i = 1; i < list.size(); ++i) same_as_next += list[i] == list[i - 1] ? 1 : 0;
  return same_as_next == 0 ? list.size() : count_common(list, list);
}

}  // namespace entente
