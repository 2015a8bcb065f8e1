#include "entente/core/dictionary.h"

namespace entente {

uint32_t NameTable::find(std::string_view name) const {
  auto it = numbers_.find(name);
  return it == numbers_.end() ? LabelId::kNone : it->second;
}

uint32_t NameTable::find_or_add(std::string_view name) {
  const uint32_t known = find(name);
  if (known != LabelId::kNone) return known;
  const uint32_t number = size();
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), number);
  return number;
}

namespace {

std::string set_key(const std::vector<LabelId>& labels) {
  return {reinterpret_cast<const char*>(labels.data()), labels.size() * sizeof(LabelId)};
}

}  // namespace

uint32_t LabelSets::find(const std::vector<LabelId>& sorted_labels) const {
  if (sorted_labels.empty()) return 0;
  auto it = numbers_.find(set_key(sorted_labels));
  return it == numbers_.end() ? kNone : it->second;
}

uint32_t LabelSets::find_or_add(const std::vector<LabelId>& sorted_labels) {
  const uint32_t known = find(sorted_labels);
  if (known != kNone) return known;
  const uint32_t number = size();
  sets_.push_back(sorted_labels);
  numbers_.emplace(set_key(sorted_labels), number);
  return number;
}

}  // namespace entente
