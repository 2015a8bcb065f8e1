#include "entente/core/index.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "entente/core/error.h"

namespace entente {
namespace {

std::strong_ordering order(const Value& a, const Value& b) {
  return a.is_integer() && b.is_integer() ? a.as_integer() <=> b.as_integer() : Value::order(a, b);
}

std::strong_ordering compare(const Value& a, uint32_t a_node, const Value& b, uint32_t b_node) {
  const std::strong_ordering by_value = order(a, b);
  return by_value != 0 ? by_value : a_node <=> b_node;
}

bool entry_less(const OrderedPage::Entry& a, const OrderedPage::Entry& b) {
  return compare(a.value, a.node, b.value, b.node) < 0;
}

constexpr size_t kStepsBetweenPolls = 4'096;

void poll_at(size_t step, const Index::Poll& poll) {
  if (step % kStepsBetweenPolls == 0 && poll) poll(0);
}

template <class T, class Less>
void sort_polling(std::vector<T>& items, const Index::Poll& poll, Less less) {
  if (!poll) return std::sort(items.begin(), items.end(), less);
  size_t compared = 0;
  std::sort(items.begin(), items.end(), [&](const T& a, const T& b) {
    poll_at(++compared, poll);
    return less(a, b);
  });
}

void sort_entries(std::vector<OrderedPage::Entry>& entries, const Index::Poll& poll) {
  size_t steps = 0;
  const auto in_order = [&](const OrderedPage::Entry& a, const OrderedPage::Entry& b) {
    poll_at(++steps, poll);
    return entry_less(a, b);
  };
  if (std::is_sorted(entries.begin(), entries.end(), in_order)) return;
  const auto is_integer = [&](const OrderedPage::Entry& e) { return poll_at(++steps, poll), e.value.is_integer(); };
  if (!std::all_of(entries.begin(), entries.end(), is_integer)) {
    sort_polling(entries, poll, entry_less);
    return;
  }
  std::vector<std::pair<int64_t, uint32_t>> numbers;  // compared much faster than values
  numbers.reserve(entries.size());
  for (const OrderedPage::Entry& e : entries) {
    poll_at(++steps, poll);
    numbers.emplace_back(e.value.as_integer(), e.node);
  }
  sort_polling(numbers, poll, std::less<>());
  for (size_t i = 0; i < entries.size(); ++i) {
    poll_at(i, poll);
    entries[i] = {Value(numbers[i].first), numbers[i].second};
  }
}

}  // namespace

size_t OrderedPage::bytes() const {
  size_t total = sizeof(*this) + entries.capacity() * sizeof(Entry);
  for (const Entry& e : entries) total += e.value.heap_bytes();
  return total;
}

void Index::insert(const Value& value, uint32_t element, uint64_t owner) {
  if (value.is_null()) return;
  ++entries;
  if (!has(value)) ++distinct_values;
  insert_entry(value, element, owner);
}

void Index::erase(const Value& value, uint32_t element, uint64_t owner) {
  if (value.is_null()) return;
  --entries;
  erase_entry(value, element, owner);
  if (!has(value)) --distinct_values;
}

void Index::build(std::vector<OrderedPage::Entry>& values, uint64_t owner, const Poll& poll) {
  size_t steps = 0;
  std::erase_if(values, [&](const OrderedPage::Entry& e) { return poll_at(++steps, poll), e.value.is_null(); });
  sort_entries(values, poll);  // once more below, where it only sees that they are in order
  entries = values.size();
  for (size_t i = 0; i < values.size(); ++i) {
    poll_at(i, poll);
    if (i == 0 || order(values[i - 1].value, values[i].value) != 0) ++distinct_values;
  }
  build_entries(values, owner, poll);
}

// ---- looking up ----

/// visit(id) for the elements with a value equivalent to this, in order of id, until it gives false.
template <class Visit>
void Index::visit_equal(const Value& value, Visit visit) const {
  if (value.is_null() || !fences || fences->empty()) return;
  for (size_t place = leaf_of(value, 0), first = place; place < fences->size(); ++place) {
    const OrderedFence& fence = (*fences)[place];
    if (place != first && order(fence.value, value) > 0) return;
    const std::vector<OrderedPage::Entry>& leaf = leaf_page(fence.page).entries;
    auto it = leaf.begin();
    if (place == first) {
      it = std::partition_point(it, leaf.end(), [&](const OrderedPage::Entry& e) { return order(e.value, value) < 0; });
    }
    for (; it != leaf.end(); ++it) {
      if (order(it->value, value) != 0 || !visit(it->node)) return;
    }
  }
}

void Index::find(const Value& value, std::vector<uint32_t>& out) const {
  visit_equal(value, [&](uint32_t element) { return out.push_back(element), true; });
}

bool Index::has(const Value& value) const {
  bool found = false;
  visit_equal(value, [&](uint32_t) { return found = true, false; });
  return found;
}

// ---- the tree ----

/// The place in `fences` of the leaf for this entry. There must be a leaf.
double Index::part_before(const Value& value) const {
  if (!fences || fences->empty()) return 0;
  const auto fence = std::partition_point(fences->begin() + 1, fences->end(),
                                          [&](const OrderedFence& f) { return order(f.value, value) < 0; }) -
                     1;
  const std::vector<OrderedPage::Entry>& leaf = leaf_page(fence->page).entries;
  const auto entry = std::partition_point(leaf.begin(), leaf.end(),
                                          [&](const OrderedPage::Entry& e) { return order(e.value, value) < 0; });
  const double in_leaf =
      leaf.empty() ? 0 : static_cast<double>(entry - leaf.begin()) / static_cast<double>(leaf.size());
  return (static_cast<double>(fence - fences->begin()) + in_leaf) / static_cast<double>(fences->size());
}

size_t Index::leaf_of(const Value& value, uint32_t node) const {
  auto it = std::partition_point(fences->begin() + 1, fences->end(),
                                 [&](const OrderedFence& f) { return compare(f.value, f.node, value, node) <= 0; });
  return static_cast<size_t>(it - fences->begin()) - 1;
}

void Index::insert_entry(const Value& value, uint32_t node, uint64_t owner) {
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

void Index::erase_entry(const Value& value, uint32_t node, uint64_t owner) {
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

void Index::build_entries(std::vector<OrderedPage::Entry>& values, uint64_t owner, const Poll& poll) {
  sort_entries(values, poll);
  auto built = std::make_shared<std::vector<OrderedFence>>();
  constexpr size_t kFill = kLeafLimit * 3 / 4;
  for (size_t begin = 0; begin < values.size(); begin += kFill) {
    if (poll) poll(0);
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
