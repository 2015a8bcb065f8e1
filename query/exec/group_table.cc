#include "entente/query/exec/group_table.h"

namespace entente {

void GroupTable::find_or_add(std::span<const BatchColumn> columns, size_t rows, std::vector<uint32_t>& groups,
                             ExecContext& context) {
  seen_any_ = seen_any_ || rows > 0;
  if (columns_.empty()) {
    groups.assign(rows, 0);
    return;
  }
  columns_[0].find_or_add(columns[0], rows, groups, context);
  for (size_t k = 1; k < columns_.size(); ++k) {
    columns_[k].find_or_add(columns[k], rows, codes_, context);
    pairs_[k - 1].find_or_add(groups, codes_, context);
  }
}

uint32_t GroupTable::size() const {
  if (columns_.empty()) return seen_any_ ? 1 : 0;
  return pairs_.empty() ? columns_[0].size() : pairs_.back().size();
}

Value GroupTable::key(uint32_t group, size_t column) const {
  for (size_t k = columns_.size() - 1; k > 0; --k) {
    if (k == column) return columns_[k].value(pairs_[k - 1].second(group));
    group = pairs_[k - 1].first(group);
  }
  return columns_[0].value(group);
}

size_t GroupTable::bytes() const {
  size_t bytes = codes_.capacity() * sizeof(uint32_t);
  for (const KeyCodes& column : columns_) bytes += column.bytes();
  for (const PairCodes& pairs : pairs_) bytes += pairs.bytes();
  return bytes;
}

}  // namespace entente
