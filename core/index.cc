#include "entente/core/index.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string>

#include "entente/core/error.h"
#include "entente/core/parallel.h"

namespace entente {
namespace {

constexpr uint32_t kMostSpreadBits = 24;  // ids have 32 bits, and a part holds over 2^10

/// A finaliser (of MurmurHash3, by Austin Appleby, public domain), so that all bits of a hash pick its bucket.
uint64_t mix(uint64_t h) {
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDull;
  h ^= h >> 33;
  h *= 0xC4CEB9FE1A85EC53ull;
  return h ^ h >> 33;
}

/// The hash under which a spread hash keeps this node. The stored format hangs on it.
uint64_t derived(uint64_t hash, uint32_t part) { return mix(hash + (uint64_t{part} + 1) * 0x9E3779B97F4A7C15ull); }

/// Which of 2^bits parts a node is in. With a bit more, part p divides into p and p + 2^bits.
uint32_t part_of(uint32_t node, uint32_t bits) {
  return static_cast<uint32_t>(mix(node) & ((uint64_t{1} << bits) - 1));
}

using Range = std::pair<const HashPage::Entry*, const HashPage::Entry*>;

/// The entries with this hash.
Range entries_of(const HashPage* page, uint64_t hash) {
  if (page == nullptr) return {nullptr, nullptr};
  const HashPage::Entry* begin = page->entries.data();
  const HashPage::Entry* end = begin + page->entries.size();
  const HashPage::Entry* low = std::lower_bound(begin, end, HashPage::Entry{hash, 0});
  const HashPage::Entry* high =
      std::upper_bound(low, end, hash, [](uint64_t h, const HashPage::Entry& e) { return h < e.hash; });
  return {low, high};
}

/// The bits of the marker among the entries of one hash, if there is one.
std::optional<uint32_t> marker(Range range) {
  if (range.first == range.second) return std::nullopt;
  const uint32_t node = range.second[-1].node;
  if (node < kSpreadMarker) return std::nullopt;
  if (node - kSpreadMarker > kMostSpreadBits) {
    throw Error::storage("Corrupt", "a hash index has a marker for 2^" + std::to_string(node - kSpreadMarker) +
                                        " parts, where at most 2^" + std::to_string(kMostSpreadBits) +
                                        " can be; drop the index and create it again");
  }
  return node - kSpreadMarker;
}

std::strong_ordering compare(const Value& a, uint32_t a_node, const Value& b, uint32_t b_node) {
  const std::strong_ordering order = Value::order(a, b);
  return order != 0 ? order : a_node <=> b_node;
}

bool entry_less(const OrderedPage::Entry& a, const OrderedPage::Entry& b) {
  return compare(a.value, a.node, b.value, b.node) < 0;
}

}  // namespace

size_t HashPage::bytes() const { return sizeof(*this) + entries.capacity() * sizeof(Entry); }

size_t OrderedPage::bytes() const {
  size_t total = sizeof(*this) + entries.capacity() * sizeof(Entry);
  for (const Entry& e : entries) total += e.value.heap_bytes();
  return total;
}

void Index::insert(const Value& value, uint32_t element, uint64_t owner) {
  if (value.is_null()) return;
  insert_hash(value.hash(), element, owner);
  if (definition.ordered) insert_ordered(value, element, owner);
}

void Index::erase(const Value& value, uint32_t element, uint64_t owner) {
  if (value.is_null()) return;
  erase_hash(value.hash(), element, owner);
  if (definition.ordered) erase_ordered(value, element, owner);
}

void Index::build(std::vector<OrderedPage::Entry> values, uint64_t owner, unsigned threads) {
  std::erase_if(values, [](const OrderedPage::Entry& e) { return e.value.is_null(); });
  std::vector<HashPage::Entry> hashed(values.size());
  constexpr size_t kPart = 1 << 16;
  parallel_for(threads, (values.size() + kPart - 1) / kPart, [&](size_t part) {
    const size_t end = std::min(values.size(), (part + 1) * kPart);
    for (size_t i = part * kPart; i < end; ++i) hashed[i] = {values[i].value.hash(), values[i].node};
  });
  parallel_for(threads, definition.ordered ? 2 : 1, [&](size_t form) {
    if (form == 0)
      build_hash(hashed, owner);
    else
      build_ordered(std::move(values), owner);
  });
}

// ---- hash ----

uint32_t Index::bucket_of(uint64_t hash) const {
  if (bucket_count < 2) return 0;
  const uint64_t h = mix(hash);
  const uint64_t low = std::bit_floor(bucket_count);  // buckets when the present round of splits began
  const uint64_t bucket = h & (2 * low - 1);
  return static_cast<uint32_t>(bucket < bucket_count ? bucket : h & (low - 1));
}

void Index::add_entry(uint64_t hash, uint32_t node, uint64_t owner) {
  std::vector<HashPage::Entry>& bucket = buckets.mutate(bucket_of(hash), owner).entries;
  const HashPage::Entry entry{hash, node};
  auto it = std::lower_bound(bucket.begin(), bucket.end(), entry);
  if (it == bucket.end() || *it != entry) bucket.insert(it, entry);
}

void Index::remove_entry(uint64_t hash, uint32_t node, uint64_t owner) {
  std::vector<HashPage::Entry>& bucket = buckets.mutate(bucket_of(hash), owner).entries;
  const HashPage::Entry entry{hash, node};
  auto it = std::lower_bound(bucket.begin(), bucket.end(), entry);
  if (it != bucket.end() && *it == entry) bucket.erase(it);
}

/// Puts the entries into their buckets by counting, and sorts each bucket by itself.
void Index::build_hash(const std::vector<HashPage::Entry>& hashed, uint64_t owner) {
  if (hashed.empty()) return;
  bucket_count = static_cast<uint32_t>((hashed.size() + kBucketLoad - 1) / kBucketLoad);
  std::vector<uint32_t> ends(bucket_count + 1);
  for (const HashPage::Entry& e : hashed) ++ends[bucket_of(e.hash) + 1];
  for (uint32_t b = 0; b < bucket_count; ++b) ends[b + 1] += ends[b];
  std::vector<HashPage::Entry> placed(hashed.size());
  for (const HashPage::Entry& e : hashed) placed[ends[bucket_of(e.hash)]++] = e;  // an end moves up from its begin
  std::vector<HashPage::Entry> heavy;
  for (uint32_t b = 0; b < bucket_count; ++b) {
    const auto begin = placed.begin() + (b == 0 ? 0 : ends[b - 1]);
    const auto end = placed.begin() + ends[b];
    std::sort(begin, end);
    auto page = std::make_unique<HashPage>();
    page->entries.reserve(static_cast<size_t>(end - begin));
    for (auto run = begin; run != end;) {
      const auto run_end = std::find_if(run, end, [&](const HashPage::Entry& e) { return e.hash != run->hash; });
      if (run_end - run > kHeavyHash) {
        heavy.insert(heavy.end(), run, run_end);
      } else {
        page->entries.insert(page->entries.end(), run, run_end);
        ++distinct_hashes;
      }
      run = run_end;
    }
    if (!page->entries.empty()) buckets.set(b, std::move(page), owner);
  }
  entries += hashed.size() - heavy.size();
  for (const HashPage::Entry& e : heavy) insert_hash(e.hash, e.node, owner);
}

void Index::insert_hash(uint64_t hash, uint32_t node, uint64_t owner) {
  if (bucket_count == 0) bucket_count = 1;
  const Range range = entries_of(buckets.find(bucket_of(hash)), hash);
  ++entries;
  if (range.first == range.second) ++distinct_hashes;
  if (const auto bits = marker(range)) {
    const uint64_t part = derived(hash, part_of(node, *bits));
    add_entry(part, node, owner);
    const Range filled = entries_of(buckets.find(bucket_of(part)), part);
    if (filled.second - filled.first > kHeavyHash) spread(hash, *bits, owner);
  } else {
    const bool heavy = range.second - range.first >= kHeavyHash;
    add_entry(hash, node, owner);
    if (heavy) spread(hash, LabelId::kNone, owner);
  }
  split_buckets(owner);
}

void Index::erase_hash(uint64_t hash, uint32_t node, uint64_t owner) {
  const Range range = entries_of(buckets.find(bucket_of(hash)), hash);
  if (range.first == range.second) return;
  --entries;
  const auto bits = marker(range);
  if (!bits) {
    if (range.second - range.first == 1) --distinct_hashes;
    remove_entry(hash, node, owner);
    return;
  }
  const uint64_t part = derived(hash, part_of(node, *bits));
  remove_entry(part, node, owner);
  const Range left = entries_of(buckets.find(bucket_of(part)), part);
  if (left.first != left.second) return;
  for (uint32_t p = 0; p < uint32_t{1} << *bits; ++p) {
    const uint64_t other = derived(hash, p);
    const Range some = entries_of(buckets.find(bucket_of(other)), other);
    if (some.first != some.second) return;
  }
  remove_entry(hash, kSpreadMarker + *bits, owner);
  --distinct_hashes;
}

/// Spreads a hash over twice as many parts as it has; `from_bits` is kNone where it has no marker yet.
void Index::spread(uint64_t hash, uint32_t from_bits, uint64_t owner) {
  const bool first = from_bits == LabelId::kNone;
  const uint32_t bits = first ? 1 : from_bits + 1;
  const uint32_t sources = first ? 1 : uint32_t{1} << from_bits;
  std::vector<uint32_t> nodes;
  for (uint32_t s = 0; s < sources; ++s) {
    const uint64_t from = first ? hash : derived(hash, s);
    std::vector<HashPage::Entry>& bucket = buckets.mutate(bucket_of(from), owner).entries;
    auto low = std::lower_bound(bucket.begin(), bucket.end(), HashPage::Entry{from, 0});
    auto high = low;
    nodes.clear();
    while (high != bucket.end() && high->hash == from) {
      if (first || part_of(high->node, bits) != s) nodes.push_back(high->node);
      ++high;
    }
    const auto moves = [&](const HashPage::Entry& e) { return first || part_of(e.node, bits) != s; };
    bucket.erase(std::remove_if(low, high, moves), high);
    for (const uint32_t node : nodes) add_entry(derived(hash, part_of(node, bits)), node, owner);
  }
  if (!first) remove_entry(hash, kSpreadMarker + from_bits, owner);
  add_entry(hash, kSpreadMarker + bits, owner);
}

void Index::split_buckets(uint64_t owner) {
  while (entries > uint64_t{bucket_count} * kBucketLoad) {
    const uint32_t source = bucket_count - std::bit_floor(bucket_count);
    const uint32_t target = bucket_count++;
    if (buckets.find(source) == nullptr) continue;
    std::vector<HashPage::Entry>& from = buckets.mutate(source, owner).entries;
    auto moved = std::make_unique<HashPage>();
    auto keep = from.begin();
    for (const HashPage::Entry& e : from) {
      if (bucket_of(e.hash) == target)
        moved->entries.push_back(e);
      else
        *keep++ = e;
    }
    from.erase(keep, from.end());
    if (!moved->entries.empty()) buckets.set(target, std::move(moved), owner);
  }
}

namespace {

/// Whether the element has this value, which is a list where there are several columns.
bool has_value(std::span<const Column* const> columns, uint32_t element, const Value& value) {
  if (columns.size() == 1) return Value::equivalent(column_get(*columns[0], element), value);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!Value::equivalent(column_get(*columns[i], element), value.as_list()[i])) return false;
  }
  return true;
}

}  // namespace

void Index::find(const Value& value, std::span<const Column* const> columns, std::vector<uint32_t>& out) const {
  if (value.is_null() || bucket_count == 0) return;
  if (std::find(columns.begin(), columns.end(), nullptr) != columns.end()) return;
  const uint64_t hash = value.hash();
  const size_t begin = out.size();
  const auto take = [&](Range range) {
    for (; range.first != range.second && range.first->node < kSpreadMarker; ++range.first) {
      if (has_value(columns, range.first->node, value)) out.push_back(range.first->node);
    }
  };
  const Range range = entries_of(buckets.find(bucket_of(hash)), hash);
  take(range);
  if (const auto bits = marker(range)) {
    for (uint32_t p = 0; p < uint32_t{1} << *bits; ++p) {
      const uint64_t part = derived(hash, p);
      take(entries_of(buckets.find(bucket_of(part)), part));
    }
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
  }
}

// ---- ordered ----

/// The place in `fences` of the leaf for this entry. There must be a leaf.
size_t Index::leaf_of(const Value& value, uint32_t node) const {
  auto it = std::partition_point(fences->begin() + 1, fences->end(),
                                 [&](const OrderedFence& f) { return compare(f.value, f.node, value, node) <= 0; });
  return static_cast<size_t>(it - fences->begin()) - 1;
}

void Index::insert_ordered(const Value& value, uint32_t node, uint64_t owner) {
  if (!fences || fences->empty()) {
    fences = std::make_shared<std::vector<OrderedFence>>(1, OrderedFence{value, node, next_leaf});
    leaves.mutate(next_leaf++, owner).entries.push_back({value, node});
    return;
  }
  const size_t place = leaf_of(value, node);
  std::vector<OrderedPage::Entry>& leaf = leaves.mutate((*fences)[place].page, owner).entries;
  OrderedPage::Entry entry{value, node};
  auto it = std::lower_bound(leaf.begin(), leaf.end(), entry, entry_less);
  const bool at_end = it == leaf.end() && place + 1 == fences->size();
  leaf.insert(it, std::move(entry));
  if (leaf.size() <= kLeafLimit) return;
  // An index that grows at its end leaves full leaves behind.
  const size_t keep = at_end ? leaf.size() - 1 : leaf.size() / 2;
  auto rest = std::make_unique<OrderedPage>();
  const auto middle = leaf.begin() + static_cast<std::ptrdiff_t>(keep);
  rest->entries.assign(std::make_move_iterator(middle), std::make_move_iterator(leaf.end()));
  leaf.erase(middle, leaf.end());
  auto changed = std::make_shared<std::vector<OrderedFence>>(*fences);
  changed->insert(changed->begin() + static_cast<std::ptrdiff_t>(place) + 1,
                  {rest->entries[0].value, rest->entries[0].node, next_leaf});
  leaves.set(next_leaf++, std::move(rest), owner);
  fences = std::move(changed);
}

void Index::erase_ordered(const Value& value, uint32_t node, uint64_t owner) {
  if (!fences || fences->empty()) return;
  const size_t place = leaf_of(value, node);
  const uint32_t number = (*fences)[place].page;
  std::vector<OrderedPage::Entry>& leaf = leaves.mutate(number, owner).entries;
  const OrderedPage::Entry entry{value, node};
  auto it = std::lower_bound(leaf.begin(), leaf.end(), entry, entry_less);
  if (it == leaf.end() || entry_less(entry, *it)) return;
  leaf.erase(it);
  if (!leaf.empty()) return;
  leaves.erase(number, owner);
  auto changed = std::make_shared<std::vector<OrderedFence>>(*fences);
  changed->erase(changed->begin() + static_cast<std::ptrdiff_t>(place));
  fences = std::move(changed);
}

namespace {

void sort_entries(std::vector<OrderedPage::Entry>& entries) {
  if (std::is_sorted(entries.begin(), entries.end(), entry_less)) return;
  if (!std::all_of(entries.begin(), entries.end(), [](const OrderedPage::Entry& e) { return e.value.is_integer(); })) {
    std::sort(entries.begin(), entries.end(), entry_less);
    return;
  }
  std::vector<std::pair<int64_t, uint32_t>> numbers;  // compared much faster than values
  numbers.reserve(entries.size());
  for (const OrderedPage::Entry& e : entries) numbers.emplace_back(e.value.as_integer(), e.node);
  std::sort(numbers.begin(), numbers.end());
  for (size_t i = 0; i < entries.size(); ++i) entries[i] = {Value(numbers[i].first), numbers[i].second};
}

}  // namespace

void Index::build_ordered(std::vector<OrderedPage::Entry> values, uint64_t owner) {
  sort_entries(values);
  auto built = std::make_shared<std::vector<OrderedFence>>();
  constexpr size_t kFill = kLeafLimit * 3 / 4;
  for (size_t begin = 0; begin < values.size(); begin += kFill) {
    const size_t end = std::min(begin + kFill, values.size());
    built->push_back({values[begin].value, values[begin].node, next_leaf});
    auto page = std::make_unique<OrderedPage>();
    page->entries.assign(std::make_move_iterator(values.begin() + static_cast<std::ptrdiff_t>(begin)),
                         std::make_move_iterator(values.begin() + static_cast<std::ptrdiff_t>(end)));
    leaves.set(next_leaf++, std::move(page), owner);
  }
  fences = std::move(built);
}

namespace {

/// Whether values of these kinds compare with `<`.
bool same_class(const Value& a, const Value& b) { return a.kind() == b.kind() || (a.is_number() && b.is_number()); }

}  // namespace

const OrderedPage& Index::leaf_page(uint32_t number) const {
  const OrderedPage* page = leaves.find(number);
  if (page != nullptr) return *page;
  throw Error::storage("Corrupt", "index " + definition.name + " lacks its leaf page " + std::to_string(number) +
                                      "; drop the index and create it again");
}

void Index::range(const std::optional<Value>& low, bool low_inclusive, const std::optional<Value>& high,
                  bool high_inclusive, std::vector<uint32_t>& out) const {
  const Value* bound = low ? &*low : high ? &*high : nullptr;
  if (low && high && !same_class(*low, *high)) return;
  // Entries before the range come first in the order: those less than `low`, or of a kind that stands before that of
  // `high`.
  const auto before = [&](const Value& v) {
    if (bound == nullptr) return false;
    return Value::order(v, *bound) < 0 && (low || !same_class(v, *bound));
  };
  scan(before, [&](const OrderedPage::Entry& e) {
    const Value& v = e.value;
    if (bound != nullptr && !same_class(v, *bound)) return false;
    if (high && Value::order(v, *high) > 0) return false;
    if (low && !(low_inclusive ? Value::less_or_equal(*low, v) : Value::less(*low, v)).value_or(false)) return true;
    if (high && !(high_inclusive ? Value::less_or_equal(v, *high) : Value::less(v, *high)).value_or(false)) return true;
    out.push_back(e.node);
    return true;
  });
}

void Index::prefix(const List& first_values, std::vector<uint32_t>& out) const {
  const Value low(first_values);  // a list stands before those that go on after it
  const auto begins_alike = [&](const Value& v) {
    for (size_t i = 0; i < first_values.size(); ++i) {
      if (Value::order(v.as_list()[i], first_values[i]) != 0) return false;
    }
    return true;
  };
  scan([&](const Value& v) { return Value::order(v, low) < 0; },
       [&](const OrderedPage::Entry& e) {
         if (!begins_alike(e.value)) return false;
         out.push_back(e.node);
         return true;
       });
}

}  // namespace entente
