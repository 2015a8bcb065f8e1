#include "entente/core/segments.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <new>

namespace entente {

size_t Segments::block_size(size_t bytes) {
  const size_t step = std::max<size_t>(64, std::bit_ceil(bytes) / 16);
  return (bytes + step - 1) / step * step;
}

void* Segments::take(size_t size) {
  const auto freed = free_.find(size);
  if (freed != free_.end()) {
    char* const block = *freed->second.begin();
    freed->second.erase(freed->second.begin());
    if (freed->second.empty()) free_.erase(freed);
    ++std::prev(segments_.upper_bound(block))->second.blocks;
    in_use_ += size;
    return block;
  }
  if (current_ == segments_.end() || current_->second.size - current_->second.used < size) return nullptr;
  return take_from(current_->first, current_->second, size);
}

void* Segments::add(Segment segment, size_t size) {
  const auto added = segments_.emplace(segment.at, State{segment.size}).first;
  void* const block = take_from(added->first, added->second, size);
  const auto room = [](const State& state) { return state.size - state.used; };
  const bool is_shared = size <= segment.size / 2;  // else it goes when its block does
  if (is_shared && (current_ == segments_.end() || room(added->second) > room(current_->second))) current_ = added;
  return block;
}

void* Segments::take_from(char* segment, State& state, size_t size) {
  char* const block = segment + state.used;
  state.used += size;
  ++state.blocks;
  in_use_ += size;
  return block;
}

std::optional<Segments::Segment> Segments::give_back(void* block, size_t size) noexcept {
  char* const at = static_cast<char*>(block);
  const auto segment = std::prev(segments_.upper_bound(at));
  in_use_ -= size;
  if (--segment->second.blocks > 0) {
    try {
      free_[size].insert(at);
    } catch (const std::bad_alloc&) {
      if (const auto of_size = free_.find(size); of_size != free_.end() && of_size->second.empty())
        free_.erase(of_size);
      // The block is not used again before all of its segment is free.
    }
    return std::nullopt;
  }
  forget_free(segment->first, segment->first + segment->second.size);
  segment->second.used = 0;
  if (segment == current_) return std::nullopt;
  const Segment given{segment->first, segment->second.size};
  segments_.erase(segment);
  return given;
}

std::vector<Segments::Segment> Segments::all() const {
  std::vector<Segment> segments;
  for (const auto& [at, state] : segments_) segments.push_back({at, state.size});
  return segments;
}

void Segments::forget_free(char* from, char* to) noexcept {
  for (auto of_size = free_.begin(); of_size != free_.end();) {
    std::set<char*>& blocks = of_size->second;
    blocks.erase(blocks.lower_bound(from), blocks.lower_bound(to));
    of_size = blocks.empty() ? free_.erase(of_size) : std::next(of_size);
  }
}

}  // namespace entente
