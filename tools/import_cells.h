// The texts of the cells of a file that become properties, kept until the types of their columns are known.
//
// They stand column by column in the blocks of rows in which they were parsed. Reading is thread-safe while nothing is
// added.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

/// The cells of a column in one block. All texts together have fewer than 2^31 bytes.
class CellTexts {
 public:
  void add(std::string_view text) {
    bytes_.append(text);
    ends_.push_back(static_cast<uint32_t>(bytes_.size() << 1));
  }
  void add_missing() { ends_.push_back(static_cast<uint32_t>(bytes_.size() << 1 | 1)); }
  uint32_t size() const { return static_cast<uint32_t>(ends_.size()); }
  bool missing(uint32_t row) const { return (ends_[row] & 1) != 0; }
  std::string_view text(uint32_t row) const {
    const uint32_t begin = row == 0 ? 0 : ends_[row - 1] >> 1;
    return {bytes_.data() + begin, (ends_[row] >> 1) - begin};
  }

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;  // in `bytes_`, times two; plus one if there is no value
};

/// The cells of a file.
class CellTable {
 public:
  /// A block of so many rows; `columns` are the same in every block.
  void add(std::vector<CellTexts> columns, uint32_t rows);
  uint64_t rows() const { return rows_; }

  /// Finds cells of one column, and fastest those near the last one. Used by one thread.
  class Cursor {
   public:
    Cursor(const CellTable& table, size_t column) : table_(table), column_(column) {}
    /// False if the cell has no value. The text lives as long as it is in the table.
    bool find(uint64_t row, std::string_view& text);

   private:
    const CellTable& table_;
    const size_t column_;
    size_t block_ = 0;
  };

 private:
  struct Block {
    uint64_t first;  // row
    uint32_t rows;
    std::vector<CellTexts> columns;
  };
  std::vector<Block> blocks_;  // none empty
  uint64_t rows_ = 0;
};

}  // namespace entente
