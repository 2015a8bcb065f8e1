// What node files and relationship files have in common: the header and its columns, cells kept until the types of
// their columns are known, and the rows that cannot be imported.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/error.h"
#include "entente/query/csv.h"
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
  TypeInference inference;
  std::vector<CsvCell> cells;

  /// The type declared, or else the one that fits all cells.
  PropertyType final_type() const;
  /// Whether the cell stands for no value. A quoted empty cell is an empty text or list where such was declared.
  bool missing(const CsvCell& cell) const { return cell.empty() && !(cell.quoted() && keeps_empty()); }

 private:
  bool keeps_empty() const { return type.array || type.base == CellType::String; }
};

/// One CSV file being read: header first, then record by record.
class ImportFile {
 public:
  /// Called every so often with the position reached.
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
  std::vector<PropertyColumn>& properties() { return properties_; }

  /// The next record that has as many cells as the header and declared types that fit; bad ones are reported.
  bool next();
  const CsvCell& cell(size_t place) const { return reader_.cells()[place]; }
  /// The text holds until the next call with the same scratch.
  std::string_view text(size_t place, std::string& scratch) const { return reader_.text(cell(place), scratch); }
  std::string_view text(const CsvCell& cell, std::string& scratch) const { return reader_.text(cell, scratch); }
  /// Takes the cells of the record into the property columns.
  void keep();
  void reject(const std::string& reason);
  void finish() const;

 private:
  static constexpr uint64_t kBreath = 1 << 15;  // records between looks at progress and Ctrl-C

  bool read_header();
  bool fits_types();

  std::string path_;
  MappedFile file_;
  CsvReader reader_;
  BadRows& bad_;
  const Progress& progress_;
  char array_delimiter_;
  std::vector<ColumnSpec> header_;
  std::vector<PropertyColumn> properties_;
  std::vector<CellParser> parsers_;  // for the declared types
  uint64_t records_ = 0;
  std::string scratch_;
};

}  // namespace entente
