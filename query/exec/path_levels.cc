#include "entente/query/exec/path_levels.h"

#include <algorithm>
#include <utility>

#include "entente/core/discard.h"

namespace entente {
namespace {

constexpr size_t kFewestEntries = 16;
constexpr size_t kStepsPerEntry = 8;  // that is moved

}  // namespace

PathLevels::~PathLevels() {
  const size_t held = bytes();
  discard(std::move(entries_), held);
}

bool PathLevels::add(uint64_t key, uint32_t level) {
  if ((size_ + 1) * 2 > entries_.size()) grow();
  Entry& entry = entries_[place_of(key)];
  if (entry.generation == generation_) return false;
  entry = {key, level, generation_};
  ++size_;
  return true;
}

std::optional<uint64_t> PathLevels::find(uint64_t key) const {
  if (size_ == 0) return std::nullopt;
  const Entry& entry = entries_[place_of(key)];
  if (entry.generation != generation_) return std::nullopt;
  return entry.level;
}

void PathLevels::clear() {
  size_ = 0;
  if (++generation_ != 0) return;
  entries_ = {};
  generation_ = 1;
}

size_t PathLevels::place_of(uint64_t key) const {
  const uint64_t mixed = (key ^ key >> 32) * 0x9E3779B97F4A7C15ull;
  size_t place = (mixed ^ mixed >> 32) & (entries_.size() - 1);
  while (entries_[place].generation == generation_ && entries_[place].key != key) {
    place = (place + 1) & (entries_.size() - 1);
  }
  return place;
}

void PathLevels::grow() {
  ZeroedArray<Entry> old(std::max(entries_.size() * 2, kFewestEntries));
  old.swap(entries_);
  for (size_t i = 0; i < old.size(); ++i) {
    limits_.work(kStepsPerEntry);
    if (old[i].generation == generation_) entries_[place_of(old[i].key)] = old[i];
  }
  const size_t bytes = old.size() * sizeof(Entry);
  discard(std::move(old), bytes);
}

}  // namespace entente
