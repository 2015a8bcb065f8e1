#include "entente/core/constraint.h"

#include <algorithm>

namespace entente {
namespace {

constexpr uint32_t kLastKind = static_cast<uint32_t>(ValueKind::Duration);

void append_kinds(uint32_t kinds, const char* suffix, std::vector<std::string>& names) {
  for (uint32_t k = 0; k <= kLastKind; ++k) {
    if ((kinds >> k & 1) != 0) names.push_back(std::string(kind_name(static_cast<ValueKind>(k))) + suffix);
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " | ") + name;
  return out;
}

}  // namespace

bool AllowedType::allows(const Value& value) const {
  if (value.is_null()) return true;
  if (!value.is_list()) return (kinds & kind_bit(value.kind())) != 0;
  uint32_t found = 0;
  for (const Value& item : value.as_list()) found |= kind_bit(item.kind());
  return std::any_of(lists.begin(), lists.end(), [&](uint32_t allowed) { return (found & ~allowed) == 0; });
}

std::string AllowedType::text() const {
  std::vector<std::string> names;
  append_kinds(kinds, "", names);
  for (const uint32_t elements : lists) {
    std::vector<std::string> inner;
    append_kinds(elements, " NOT NULL", inner);
    names.push_back("LIST<" + joined(inner) + ">");
  }
  return joined(names);
}

void AllowedType::normalize() {
  std::sort(lists.begin(), lists.end());
  lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
}

}  // namespace entente
