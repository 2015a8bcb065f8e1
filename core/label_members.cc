#include "entente/core/label_members.h"

namespace entente {

void LabelMembers::look_up(uint32_t number, Part& part) const {
  part.known = true;
  const LabelPage* page = bitmap_->find(number);
  if (page == nullptr || page->members.isEmpty()) return;
  part.first = page->members.minimum();
  part.last = page->members.maximum();
  if (page->members.cardinality() != uint64_t{part.last} - part.first + 1) part.members = &page->members;
}

}  // namespace entente
