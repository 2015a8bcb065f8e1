// A table in GitHub's Markdown.
#include <ostream>

#include "entente/tools/format.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

std::string markdown_cell(const std::string& raw) {
  std::string out;
  for (const char c : raw) {
    switch (c) {
      case '|':
        out += "\\|";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "<br>";
        break;
      case '\r':
        break;
      case '<':
        out += "&lt;";
        break;
      case '*':
        out += "\\*";
        break;
      case '_':
        out += "\\_";
        break;
      case '`':
        out += "\\`";
        break;
      default:
        out += c;
    }
  }
  return valid_utf8(out);
}

class MarkdownWriter final : public ResultWriter {
 public:
  explicit MarkdownWriter(std::ostream& out) : out_(out) {}

  void begin(const std::vector<std::string>& columns) override {
    if (columns.empty()) return;
    std::string rule = "|";
    out_ << '|';
    for (const std::string& column : columns) {
      out_ << ' ' << markdown_cell(column) << " |";
      rule += "---|";
    }
    out_ << '\n' << rule << '\n';
  }

  void row(const Row& row) override {
    if (row.size() == 0) return;
    out_ << '|';
    for (const Value& value : row.values())
      out_ << ' ' << (value.is_null() ? "" : markdown_cell(value.to_display())) << " |";
    out_ << '\n';
  }

  void end(const ResultSummary& summary) override {
    const std::string changes = describe_counters(summary.counters);
    if (!changes.empty()) out_ << '\n' << changes << '\n';
    if (summary.milliseconds) out_ << '\n' << describe_milliseconds(*summary.milliseconds) << '\n';
  }

  void plan(const std::string& text) override { out_ << "```\n" << text << "\n```\n"; }

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_markdown_writer(std::ostream& out) { return std::make_unique<MarkdownWriter>(out); }

}  // namespace entente
