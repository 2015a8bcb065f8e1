#include "entente/core/label.h"

namespace entente {

size_t LabelPage::bytes() const { return sizeof(*this) + members.getSizeInBytes(false); }

}  // namespace entente
