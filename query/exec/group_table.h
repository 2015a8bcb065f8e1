// GroupTable: numbers rows by their key, for DISTINCT and grouping. Equivalent keys (see core/value.h) have one number;
// numbers are handed out from 0 in order of first sight.
//
// Each column's values have codes (KeyCodes); a key of several columns is a pair of the number of what is before the
// last column and the code of that. Used by one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "entente/query/exec/key_codes.h"

namespace entente {

class GroupTable {
 public:
  explicit GroupTable(size_t width) : columns_(width), pairs_(width > 1 ? width - 1 : 0) {}

  /// For each row the number of its group. New groups are numbered on, so that a row with the number size() had before
  /// is new. Throws what context.work() does.
  void find_or_add(std::span<const BatchColumn> columns, size_t rows, std::vector<uint32_t>& groups,
                   ExecContext& context);

  uint32_t size() const;
  Value key(uint32_t group, size_t column) const;
  size_t bytes() const;

 private:
  std::vector<KeyCodes> columns_;
  std::vector<PairCodes> pairs_;  // [k]: of the group up to column k and the code in column k + 1
  std::vector<uint32_t> codes_;
  bool seen_any_ = false;
};

}  // namespace entente
