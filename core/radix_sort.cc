#include "entente/core/radix_sort.h"

#include <algorithm>
#include <array>
#include <utility>

#include "entente/core/parallel.h"

namespace entente {

namespace {

constexpr uint32_t kDigitBits = 11;
constexpr uint32_t kDigits = 1u << kDigitBits;
constexpr size_t kSmallestPart = 1 << 16;  // keys that are worth a thread
constexpr size_t kStep = 1 << 14;

/// Calls `visit(i)` for each i from `begin` on, and `step` now and then.
template <class Visit>
void in_steps(size_t begin, size_t end, const std::function<void(size_t)>& step, Visit visit) {
  while (begin < end) {
    const size_t stop = std::min(end, begin + kStep);
    if (step) step(stop - begin);
    for (; begin < stop; ++begin) visit(begin);
  }
}

}  // namespace

void radix_sort(LargeVector<uint64_t>& keys, LargeVector<uint32_t>& carried, uint32_t from, uint32_t to,
                unsigned threads, const std::function<void(size_t)>& step) {
  const uint32_t passes = (to - from + kDigitBits - 1) / kDigitBits;
  if (passes == 0 || keys.empty()) return;
  const uint32_t width = (to - from + passes - 1) / passes;  // the narrower, the fewer streams to write to
  LargeVector<uint64_t> other_keys(keys.size());
  LargeVector<uint32_t> other_carried(carried.size());
  const size_t parts = std::clamp<size_t>(keys.size() / kSmallestPart, 1, threads);
  const auto begin_of = [&](size_t part) { return keys.size() * part / parts; };
  std::vector<std::array<size_t, kDigits>> places(parts);
  for (uint32_t pass = 0; pass < passes; ++pass) {
    const uint32_t shift = from + pass * width;
    const uint64_t mask = (1u << std::min(width, to - shift)) - 1;
    parallel_for(threads, parts, [&](size_t part) {
      std::array<size_t, kDigits>& place = places[part];
      place.fill(0);
      in_steps(begin_of(part), begin_of(part + 1), step, [&](size_t i) { ++place[keys[i] >> shift & mask]; });
    });
    size_t before = 0;
    for (size_t digit = 0; digit <= mask; ++digit) {
      for (std::array<size_t, kDigits>& place : places) before += std::exchange(place[digit], before);
    }
    parallel_for(threads, parts, [&](size_t part) {
      std::array<size_t, kDigits>& place = places[part];
      in_steps(begin_of(part), begin_of(part + 1), step, [&](size_t i) {
        const size_t to_place = place[keys[i] >> shift & mask]++;
        other_keys[to_place] = keys[i];
        if (!carried.empty()) other_carried[to_place] = carried[i];
      });
    });
    keys.swap(other_keys);
    carried.swap(other_carried);
  }
}

}  // namespace entente
