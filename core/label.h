// Label bitmaps: which nodes have a label, in pages of 65,536 ids, each a CRoaring bitmap of the low 16 bits.
#pragma once

#include <cstdint>
#include <memory>

#include <roaring/roaring.hh>

#include "entente/core/page.h"

namespace entente {

inline constexpr uint32_t kLabelPageBits = 16;

struct LabelPage : Page {
  Roaring members;
  size_t bytes() const override;
};

using LabelBitmap = PageTable<LabelPage>;

}  // namespace entente
