// Tests of many nodes for one label: what a page of the label's bitmap holds is looked at once.
//
// Used by one thread. The bitmap must outlive it and stay as it is.
#pragma once

#include <cstdint>
#include <vector>

#include "entente/core/label.h"

namespace entente {

class LabelMembers {
 public:
  /// `bitmap` null: no node has the label.
  explicit LabelMembers(const LabelBitmap* bitmap) : bitmap_(bitmap), parts_(bitmap != nullptr ? bitmap->size() : 0) {}

  bool contains(uint32_t node) {
    const uint32_t number = node >> kLabelPageBits;
    if (number >= parts_.size()) return false;
    Part& part = parts_[number];
    if (!part.known) look_up(number, part);
    const uint32_t low = node & ((1u << kLabelPageBits) - 1);
    if (low < part.first || low > part.last) return false;
    return part.members == nullptr || part.members->contains(low);
  }

  enum class Of : uint8_t { None, Some, All };
  /// How many of the nodes from `first` to `last`, which lie in one page of the bitmap; Some if it is not known.
  Of of(uint32_t first, uint32_t last) {
    const uint32_t number = first >> kLabelPageBits;
    if (number >= parts_.size()) return Of::None;
    Part& part = parts_[number];
    if (!part.known) look_up(number, part);
    constexpr uint32_t kLow = (1u << kLabelPageBits) - 1;
    if (part.first > part.last || (last & kLow) < part.first || (first & kLow) > part.last) return Of::None;
    const bool inside = (first & kLow) >= part.first && (last & kLow) <= part.last;
    return inside && part.members == nullptr ? Of::All : Of::Some;
  }

 private:
  /// A page: members lie between first and last, and are all ids there unless `members` tells which.
  struct Part {
    uint32_t first = 1;
    uint32_t last = 0;
    const Roaring* members = nullptr;
    bool known = false;
  };

  void look_up(uint32_t number, Part& part) const;

  const LabelBitmap* bitmap_;
  std::vector<Part> parts_;  // by page number
};

}  // namespace entente
