#include "entente/tools/import_rows.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "entente/core/error.h"
#include "entente/tools/format.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/text.h"

namespace entente {

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

// ---- blocks ----

ImportBlock::ImportBlock(const ImportFile& file, CsvBlock block)
    : file_(file),
      block_(std::move(block)),
      reader_(block_.text, file.delimiter_, block_.first_line),
      inferences_(file.properties_.size()),
      cells_(file.properties_.size()) {
  for (const PropertyColumn& column : file.properties_) parsers_.emplace_back(column.type, file.array_delimiter_);
}

bool ImportBlock::next() {
  const size_t columns = file_.header_.size();
  while (true) {
    const CsvReader::Status status = reader_.next();
    if (reader_.record_begin() >= block_.size) return false;
    switch (status) {
      case CsvReader::Status::End:
        return false;
      case CsvReader::Status::Malformed:
        reject(reader_.problem());
        continue;
      case CsvReader::Status::Record:
        break;
    }
    const size_t cells = reader_.cells().size();
    if (cells == columns) {
      if (fits_types()) return true;
      continue;
    }
    reject(std::to_string(cells) + (cells == 1 ? " cell" : " cells") + " where the header has " +
           std::to_string(columns));
  }
}

bool ImportBlock::fits_types() {
  for (size_t i = 0; i < parsers_.size(); ++i) {
    const PropertyColumn& column = file_.properties_[i];
    if (column.type.base == CellType::Inferred || column.type == PropertyType{CellType::String, false}) continue;
    if (column.missing(reader_.cells()[column.place])) continue;
    const std::string_view text = this->text(column.place, scratch_);
    if (parsers_[i].parse(text)) continue;
    reject("column '" + column.name + "': '" + fit_width(visible(text), 60) + "' is no " + type_name(column.type));
    return false;
  }
  return true;
}

void ImportBlock::keep() {
  records_.push_back(reader_.record_begin());
  take_cells();
}

void ImportBlock::take_cells() {
  for (size_t i = 0; i < cells_.size(); ++i) {
    const PropertyColumn& column = file_.properties_[i];
    if (column.missing(reader_.cells()[column.place])) {
      cells_[i].add_missing();
      continue;
    }
    const std::string_view text = this->text(column.place, scratch_);
    cells_[i].add(text);
    if (column.type.base == CellType::Inferred) inferences_[i].add(text);
  }
}

void ImportBlock::reject(std::string reason) {
  rejected_.push_back({reader_.line(), std::move(reason), std::string(reader_.record())});
}

void ImportBlock::reject_rows(const std::function<std::string(uint32_t row)>& reason) {
  const size_t before = rejected_.size();
  std::vector<size_t> left;
  for (uint32_t row = 0; row < rows(); ++row) {
    std::string why = reason(row);
    if (why.empty()) {
      left.push_back(records_[row]);
      continue;
    }
    const std::string_view text = block_.text;
    const auto lines = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(records_[row]), '\n');
    CsvReader record(text.substr(records_[row]), file_.delimiter_, block_.first_line + static_cast<uint64_t>(lines));
    record.next();
    rejected_.push_back({record.line(), std::move(why), std::string(record.record())});
  }
  if (rejected_.size() == before) return;
  std::sort(rejected_.begin(), rejected_.end(), [](const Rejected& a, const Rejected& b) { return a.line < b.line; });
  // The rows that are left are parsed once more, so that the others have no part in the types of the columns.
  records_ = std::move(left);
  inferences_.assign(inferences_.size(), {});
  cells_.assign(cells_.size(), {});
  for (const size_t begin : records_) {
    reader_ = CsvReader(std::string_view(block_.text).substr(begin), file_.delimiter_, block_.first_line + 1);
    reader_.next();
    take_cells();
  }
}

// ---- files ----

ImportFile::ImportFile(std::string path, char delimiter, char array_delimiter, BadRows& bad, const Progress& progress)
    : path_(std::move(path)),
      delimiter_(delimiter),
      array_delimiter_(array_delimiter),
      blocks_(path_, delimiter, kBlockBytes),
      bad_(bad),
      progress_(progress) {
  if (!read_header()) throw import_error("NoHeader", path_ + " is empty: its first line is to name the columns");
}

bool ImportFile::read_header() {
  CsvReader reader({}, delimiter_);
  CsvReader::Status status = CsvReader::Status::End;
  do {  // a block may hold nothing but empty lines
    if (!blocks_.next(first_)) return false;
    reader = CsvReader(first_.text, delimiter_, first_.first_line);
    status = reader.next();
  } while (reader.record_begin() >= first_.size);
  if (status == CsvReader::Status::Malformed) throw import_error("NoHeader", path_ + ":1: " + reader.problem());
  std::unordered_set<std::string> names;
  std::string scratch;
  for (const CsvCell& cell : reader.cells()) {
    try {
      header_.push_back(parse_column(reader.text(cell, scratch), cell.quoted()));
    } catch (const Error& e) {
      throw Error(e.kind(), e.detail(), e.phase(), path_ + ":" + std::to_string(reader.line()) + ": " + e.what());
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
  const auto rest = first_.text.begin() + static_cast<ptrdiff_t>(reader.position());
  first_.first_line += static_cast<uint64_t>(std::count(first_.text.begin(), rest, '\n'));
  first_.size -= reader.position();
  first_.text.erase(first_.text.begin(), rest);
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
    properties_.push_back({i, column.name, column.type, {}});
  }
}

bool ImportFile::next_block(CsvBlock& block) {
  if (first_.size == 0) return blocks_.next(block);
  block = std::exchange(first_, {});
  return true;
}

/// Called for one block after another.
void ImportFile::end_block(ImportBlock& block) {
  check_interrupt();
  for (const ImportBlock::Rejected& rejected : block.rejected_) {
    bad_.add(path_, rejected.line, rejected.reason, rejected.record);
  }
  for (size_t i = 0; i < properties_.size(); ++i) properties_[i].inference.add(block.inferences_[i]);
  cells_.add(std::move(block.cells_), block.rows());
  if (progress_) progress_(path_, std::min(block.block_.end, blocks_.size()), blocks_.size());
}

void ImportFile::finish() const {
  bad_.check();
  if (progress_) progress_(path_, blocks_.size(), blocks_.size());
}

size_t ImportFile::expected_rows(const ImportBlock& block) const {
  const uint64_t rows = uint64_t{block.rows()} * blocks_.size() / block.block_.size;
  return static_cast<size_t>(rows + rows / 16);
}

}  // namespace entente
