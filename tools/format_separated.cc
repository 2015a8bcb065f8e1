// CSV (RFC 4180, lines ended by "\n") and TSV ("\t", "\n", "\r" and "\\" escaped). A line of column names, then the
// rows. Null is an empty cell; lists, maps, nodes, relationships and paths are written as plain JSON.
#include <ostream>

#include "entente/tools/format.h"
#include "entente/tools/json_value.h"

namespace entente {
namespace {

std::string cell_text(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null:
      return {};
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Node:
    case ValueKind::Relationship:
    case ValueKind::Path:
      return plain_json(value);
    default:
      return value.to_display();
  }
}

std::string tsv_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class SeparatedWriter final : public ResultWriter {
 public:
  SeparatedWriter(std::ostream& out, bool tabs) : out_(out), tabs_(tabs) {}

  void begin(const std::vector<std::string>& columns) override {
    if (columns.empty()) return;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out_ << (tabs_ ? '\t' : ',');
      out_ << (tabs_ ? tsv_escape(columns[i]) : csv_quote(columns[i]));
    }
    out_ << '\n';
  }

  void row(const Row& row) override {
    if (row.size() == 0) return;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out_ << (tabs_ ? '\t' : ',');
      out_ << (tabs_ ? tsv_escape(cell_text(row[i])) : csv_cell(row[i]));
    }
    out_ << '\n';
  }

  void end(const ResultSummary&) override {}

 private:
  std::ostream& out_;
  bool tabs_;
};

}  // namespace

std::string csv_quote(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  bool plain = text.find_first_of(",\"\n\r") == std::string_view::npos;
  // What readers take off the ends of a cell, or of the file.
  if (!text.empty()) {
    plain = plain && kBlank.find(text.front()) == kBlank.npos && kBlank.find(text.back()) == kBlank.npos;
    plain = plain && !text.starts_with("\xEF\xBB\xBF");
  }
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_cell(const Value& value) {
  if (value.is_string() && value.as_string().empty()) return "\"\"";
  return csv_quote(cell_text(value));
}

std::unique_ptr<ResultWriter> make_separated_writer(std::ostream& out, bool tabs) {
  return std::make_unique<SeparatedWriter>(out, tabs);
}

}  // namespace entente
