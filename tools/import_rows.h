// What node files and relationship files have in common: the header and its columns, rows that are parsed block by
// block on several threads, and the rows that cannot be imported.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/error.h"
#include "entente/core/parallel.h"
#include "entente/query/csv.h"
#include "entente/tools/import_blocks.h"
#include "entente/tools/import_cells.h"
#include "entente/tools/import_spec.h"
#include "entente/tools/import_values.h"

namespace entente {

/// ImportError with this detail.
Error import_error(const char* detail, const std::string& message);

/// Rows that cannot be imported. Without a file to put them in the first ones end the import.
class BadRows {
 public:
  /// Rows go to this file (as file,line,reason,row), or end the import if it is empty.
  explicit BadRows(const std::string& skip_file);
  /// May throw ImportError.BadRows.
  void add(const std::string& file, uint64_t line, const std::string& reason, std::string_view row);
  /// Throws ImportError.BadRows, naming them, if there were any and they are not to be skipped.
  void check() const;
  uint64_t count() const { return count_; }

 private:
  static constexpr size_t kShown = 10;

  std::ofstream skipped_;
  bool skip_ = false;
  uint64_t count_ = 0;
  std::vector<std::string> shown_;
};

/// A column whose cells become properties.
struct PropertyColumn {
  size_t place;  // in the record
  std::string name;
  PropertyType type;
  TypeInference inference;  // from the cells of all rows

  /// The type declared, or else the one that fits all cells.
  PropertyType final_type() const;
  /// Whether the cell stands for no value. A quoted empty cell is an empty text or list where such was declared.
  bool missing(const CsvCell& cell) const { return cell.empty() && !(cell.quoted() && keeps_empty()); }

 private:
  bool keeps_empty() const { return type.array || type.base == CellType::String; }
};

class ImportFile;

/// A block of a file while its records become rows. Used by one thread at a time.
class ImportBlock : public WorkItem {
 public:
  ImportBlock(const ImportFile& file, CsvBlock block);

  /// The next record that has as many cells as the header, and cells that fit the types declared; others are rejected.
  bool next();
  /// The text of a cell holds until the next call with the same scratch. It stands in the block unless quotes are
  /// doubled in it.
  std::string_view text(size_t place, std::string& scratch) const {
    return reader_.text(reader_.cells()[place], scratch);
  }
  /// Makes the record a row.
  void keep();
  void reject(std::string reason);

  uint32_t rows() const { return static_cast<uint32_t>(records_.size()); }
  /// Rejects rows, once there are no more records: those for which `reason` gives a text.
  void reject_rows(const std::function<std::string(uint32_t row)>& reason);

 private:
  friend class ImportFile;
  struct Rejected {
    uint64_t line;
    std::string reason;
    std::string record;
  };

  bool fits_types();
  void take_cells();

  const ImportFile& file_;
  const CsvBlock block_;
  CsvReader reader_;
  std::vector<CellParser> parsers_;        // for the declared types
  std::vector<TypeInference> inferences_;  // of the rows, by property
  std::vector<CellTexts> cells_;           // of the rows, by property
  std::vector<size_t> records_;            // where each row begins in the block
  std::vector<Rejected> rejected_;
  std::string scratch_;
};

/// One CSV file. The header is read at once, the rows later.
class ImportFile {
 public:
  /// Called every so often, from any thread but not from two at once, with the position reached.
  using Progress = std::function<void(const std::string& file, uint64_t position, uint64_t size)>;

  ImportFile(std::string path, char delimiter, char array_delimiter, BadRows& bad, const Progress& progress);

  const std::string& path() const { return path_; }
  const std::vector<ColumnSpec>& header() const { return header_; }
  /// The place of the column with this name. Throws ImportError.NoSuchColumn, which names those that there are.
  size_t column(const std::string& name, const std::string& wanted_for) const;
  /// The place of the first column in this role, or npos.
  size_t role(ColumnRole role) const;

  /// Which columns become properties: all with a name but those in `without`, and those with another role (but for
  /// :ID).
  void choose_properties(const std::vector<size_t>& without);
  const std::vector<PropertyColumn>& properties() const { return properties_; }

  /// Reads all rows. `begin` makes an ImportBlock of each block of the file; `parse` is called for blocks side by side,
  /// `take` for one after another in the order of the file. Throws ImportError.BadRows, ResourceError.Cancelled.
  template <class Block>
  void read(unsigned threads, const std::function<std::unique_ptr<Block>(CsvBlock)>& begin,
            const std::function<void(Block&)>& parse, const std::function<void(Block&)>& take) {
    in_order(
        threads, [&] { return begin_block(begin); }, [&](WorkItem& item) { parse(static_cast<Block&>(item)); },
        [&](WorkItem& item) {
          take(static_cast<Block&>(item));
          end_block(static_cast<Block&>(item));
        });
    finish();
  }

  /// The cells of all rows that became properties, by property.
  CellTable& cells() { return cells_; }
  const CellTable& cells() const { return cells_; }
  /// About how many rows the file has, going by the block.
  size_t expected_rows(const ImportBlock& block) const;

 private:
  friend class ImportBlock;
  static constexpr size_t kBlockBytes = 1 << 20;

  bool read_header();
  bool next_block(CsvBlock& block);
  template <class Begin>
  std::unique_ptr<WorkItem> begin_block(const Begin& begin) {
    CsvBlock block;
    return next_block(block) ? begin(std::move(block)) : nullptr;
  }
  void end_block(ImportBlock& block);
  void finish() const;

  const std::string path_;
  const char delimiter_;
  const char array_delimiter_;
  CsvBlocks blocks_;
  CsvBlock first_;  // what follows the header in the first block, until it is taken
  BadRows& bad_;
  const Progress& progress_;
  std::vector<ColumnSpec> header_;
  std::vector<PropertyColumn> properties_;
  CellTable cells_;
};

}  // namespace entente
