#include "entente/tools/import_rows.h"

#include <algorithm>
#include <unordered_set>

#include "entente/core/error.h"
#include "entente/tools/format.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/text.h"

namespace entente {
namespace {}  // namespace

Error import_error(const char* detail, const std::string& message) {
  return {"ImportError", detail, Phase::Runtime, message};
}

BadRows::BadRows(const std::string& skip_file) : skip_(!skip_file.empty()) {
  if (!skip_) return;
  skipped_.open(skip_file, std::ios::binary | std::ios::trunc);
  if (!skipped_) throw import_error("CannotWrite", "Cannot write the file '" + skip_file + "' for rows to be skipped");
  skipped_ << "file,line,reason,row\n";
}

void BadRows::add(const std::string& file, uint64_t line, const std::string& reason, std::string_view row) {
  ++count_;
  if (skip_) {
    skipped_ << csv_quote(file) << ',' << line << ',' << csv_quote(reason) << ',' << csv_quote(row) << '\n';
    return;
  }
  shown_.push_back(file + ":" + std::to_string(line) + ": " + reason);
  if (shown_.size() == kShown) check();
}

void BadRows::check() const {
  if (skip_ || count_ == 0) return;
  std::string message = "Rows cannot be imported; nothing was changed. --skip-bad-rows FILE imports the others";
  for (const std::string& row : shown_) message += "\n  " + row;
  if (shown_.size() == kShown) message += "\n  There may be more";
  throw import_error("BadRows", message);
}

PropertyType PropertyColumn::final_type() const {
  return type.base == CellType::Inferred ? PropertyType{inference.type(), type.array} : type;
}

ImportFile::ImportFile(std::string path, char delimiter, char array_delimiter, BadRows& bad, const Progress& progress)
    : path_(std::move(path)),
      file_(path_),
      reader_(file_.data(), delimiter),
      bad_(bad),
      progress_(progress),
      array_delimiter_(array_delimiter) {
  if (!read_header()) throw import_error("NoHeader", path_ + " is empty: its first line is to name the columns");
}

bool ImportFile::read_header() {
  const CsvReader::Status status = reader_.next();
  if (status == CsvReader::Status::End) return false;
  if (status == CsvReader::Status::Malformed) throw import_error("NoHeader", path_ + ":1: " + reader_.problem());
  std::unordered_set<std::string> names;
  for (const CsvCell& cell : reader_.cells()) {
    try {
      header_.push_back(parse_column(reader_.text(cell, scratch_)));
    } catch (const Error& e) {
      throw Error(e.kind(), e.detail(), e.phase(), path_ + ":" + std::to_string(reader_.line()) + ": " + e.what());
    }
    const ColumnSpec& column = header_.back();
    if (column.name.empty() && column.role == ColumnRole::Property) {
      throw import_error("NoHeader", path_ + ": column " + std::to_string(header_.size()) +
                                         " has no name in the first line, which is to name the columns");
    }
    if (!column.name.empty() && !names.insert(column.name).second) {
      throw import_error("NoHeader", path_ + ": two columns have the name '" + column.name + "'");
    }
  }
  return true;
}

size_t ImportFile::column(const std::string& name, const std::string& wanted_for) const {
  std::string known;
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i].name == name) return i;
    if (!header_[i].name.empty()) known += (known.empty() ? "" : ", ") + header_[i].name;
  }
  throw import_error("NoSuchColumn",
                     path_ + " has no column '" + name + "', which is to be " + wanted_for + "; it has: " + known);
}

size_t ImportFile::role(ColumnRole role) const {
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i].role == role) return i;
  }
  return std::string::npos;
}

void ImportFile::choose_properties(const std::vector<size_t>& without) {
  for (size_t i = 0; i < header_.size(); ++i) {
    const ColumnSpec& column = header_[i];
    if (column.name.empty() || (column.role != ColumnRole::Property && column.role != ColumnRole::Id)) continue;
    if (std::find(without.begin(), without.end(), i) != without.end()) continue;
    properties_.push_back({i, column.name, column.type, {}, {}});
    parsers_.emplace_back(column.type, array_delimiter_);
  }
}

bool ImportFile::next() {
  while (true) {
    if (records_++ % kBreath == 0) {
      check_interrupt();
      if (progress_) progress_(path_, reader_.position(), file_.data().size());
    }
    switch (reader_.next()) {
      case CsvReader::Status::End:
        return false;
      case CsvReader::Status::Malformed:
        reject(reader_.problem());
        continue;
      case CsvReader::Status::Record:
        break;
    }
    if (reader_.cells().size() != header_.size()) {
      reject(std::to_string(reader_.cells().size()) + (reader_.cells().size() == 1 ? " cell" : " cells") +
             " where the header has " + std::to_string(header_.size()));
      continue;
    }
    if (fits_types()) return true;
  }
}

bool ImportFile::fits_types() {
  for (size_t i = 0; i < properties_.size(); ++i) {
    const PropertyColumn& column = properties_[i];
    const CsvCell& cell = this->cell(column.place);
    if (column.type.base == CellType::Inferred || column.type == PropertyType{CellType::String, false}) continue;
    if (column.missing(cell)) continue;
    const std::string_view text = reader_.text(cell, scratch_);
    if (parsers_[i].parse(text)) continue;
    reject("column '" + column.name + "': '" + fit_width(visible(text), 60) + "' is no " + type_name(column.type));
    return false;
  }
  return true;
}

void ImportFile::keep() {
  for (PropertyColumn& column : properties_) {
    const CsvCell& cell = this->cell(column.place);
    column.cells.push_back(cell);
    if (column.type.base == CellType::Inferred && !cell.empty()) column.inference.add(reader_.text(cell, scratch_));
  }
}

void ImportFile::reject(const std::string& reason) { bad_.add(path_, reader_.line(), reason, reader_.record()); }

void ImportFile::finish() const {
  bad_.check();
  if (progress_) progress_(path_, file_.data().size(), file_.data().size());
}

}  // namespace entente
