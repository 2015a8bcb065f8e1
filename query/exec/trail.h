// The relationships of a path that is being walked, none of them twice. Used by one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace entente {

class Trail {
 public:
  size_t size() const { return path_.size(); }
  bool empty() const { return path_.empty(); }
  const std::vector<uint32_t>& relationships() const { return path_; }

  bool contains(uint32_t rel) const {
    const auto near_end = path_.begin() + static_cast<ptrdiff_t>(std::min(path_.size(), kNear));
    if (std::find(path_.begin(), near_end, rel) != near_end) return true;
    return path_.size() > kNear && far_.count(rel) != 0;
  }
  void push(uint32_t rel) {
    if (path_.size() >= kNear) far_.insert(rel);
    path_.push_back(rel);
  }
  void pop() {
    if (path_.empty()) return;
    if (path_.size() > kNear) far_.erase(path_.back());
    path_.pop_back();
  }
  void clear() {
    path_.clear();
    far_.clear();
  }

 private:
  /// Elements up to here are searched one by one, which is quicker than hashing while there are few.
  static constexpr size_t kNear = 24;

  std::vector<uint32_t> path_;
  std::unordered_set<uint32_t> far_;  // those past the first kNear
};

}  // namespace entente
