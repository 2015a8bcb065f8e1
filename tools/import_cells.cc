#include "entente/tools/import_cells.h"

#include <algorithm>
#include <utility>

namespace entente {

void CellTable::add(std::vector<CellTexts> columns, uint32_t rows) {
  if (rows == 0) return;
  blocks_.push_back({rows_, rows, std::move(columns)});
  rows_ += rows;
}

bool CellTable::Cursor::find(uint64_t row, std::string_view& text) {
  const std::vector<Block>& blocks = table_.blocks_;
  if (row < blocks[block_].first || row - blocks[block_].first >= blocks[block_].rows) {
    const auto after = std::upper_bound(blocks.begin(), blocks.end(), row,
                                        [](uint64_t r, const Block& block) { return r < block.first; });
    block_ = static_cast<size_t>(after - blocks.begin()) - 1;
  }
  const CellTexts& texts = blocks[block_].columns[column_];
  const auto place = static_cast<uint32_t>(row - blocks[block_].first);
  if (texts.missing(place)) return false;
  text = texts.text(place);
  return true;
}

}  // namespace entente
