// The table format: aligned columns for people. The first rows decide how wide the columns are; on a terminal
// the widest give way until the table fits, and what does not fit is cut with "…".
#include <algorithm>
#include <ostream>

#include "entente/tools/format.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr size_t kSample = 1'000;
constexpr size_t kSampleBytes = size_t{16} << 20;
constexpr size_t kNarrowest = 5;
/// Columns are not padded beyond this, so that one long cell does not make all rows long.
constexpr size_t kWidest = 1'000;

class TableWriter final : public ResultWriter {
 public:
  TableWriter(std::ostream& out, size_t width) : out_(out), width_(width) {}

  void begin(const std::vector<std::string>& columns) override {
    names_.clear();
    for (const std::string& name : columns) names_.push_back(visible(name));
  }

  void row(const Row& row) override {
    ++rows_;
    std::vector<Cell> cells;
    for (const Value& value : row.values()) cells.push_back({visible(value.to_display()), value.is_number()});
    if (started_) {
      print(cells);
    } else {
      for (const Cell& cell : cells) sample_bytes_ += cell.text.size();
      sample_.push_back(std::move(cells));
      if (sample_.size() == kSample || sample_bytes_ >= kSampleBytes) start();
    }
  }

  void end(const ResultSummary& summary) override {
    if (!started_) start();
    std::string line;
    if (!names_.empty()) line = std::to_string(rows_) + (rows_ == 1 ? " row" : " rows");
    for (const std::string& part : {describe_counters(summary.counters),
                                    summary.milliseconds ? describe_milliseconds(*summary.milliseconds) : ""}) {
      if (!part.empty()) line += (line.empty() ? "" : ", ") + part;
    }
    if (line.empty()) line = "No changes";
    out_ << line << '\n';
  }

  void plan(const std::string& text) override { out_ << text << (text.empty() || text.back() != '\n' ? "\n" : ""); }

 private:
  struct Cell {
    std::string text;
    bool number;
  };

  void start() {
    started_ = true;
    if (names_.empty()) return;
    for (const std::string& name : names_) widths_.push_back(display_width(name));
    for (const auto& cells : sample_) {
      for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], display_width(cells[i].text));
    }
    for (size_t& w : widths_) w = std::min(w, kWidest);
    if (width_ > 0) shrink();
    std::string rule;
    for (size_t i = 0; i < names_.size(); ++i) {
      const bool last = i + 1 == names_.size();
      const std::string name = fit(names_[i], i);
      out_ << ' ' << (last ? name : pad_width(name, widths_[i])) << (last ? "\n" : " │");
      for (size_t k = 0; k < widths_[i] + 2; ++k) rule += "─";
      if (!last) rule += "┼";
    }
    out_ << rule << '\n';
    for (const auto& cells : sample_) print(cells);
    sample_.clear();
  }

  /// Lowers the limit on all columns until the table fits.
  void shrink() {
    const auto total = [&](size_t limit) {
      size_t sum = 3 * widths_.size() - 1;
      for (const size_t w : widths_) sum += std::min(w, limit);
      return sum;
    };
    size_t low = kNarrowest;
    size_t high = std::max(kNarrowest, *std::max_element(widths_.begin(), widths_.end()));
    while (low < high) {
      const size_t middle = (low + high + 1) / 2;
      if (total(middle) <= width_) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    for (size_t& w : widths_) w = std::min(w, low);
  }

  std::string fit(const std::string& text, size_t column) const {
    return width_ > 0 ? fit_width(text, widths_[column]) : text;
  }

  void print(const std::vector<Cell>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool last = i + 1 == cells.size();
      const std::string text = fit(cells[i].text, i);
      out_ << ' ' << (last && !cells[i].number ? text : pad_width(text, widths_[i], cells[i].number));
      out_ << (last ? "\n" : " │");
    }
  }

  std::ostream& out_;
  size_t width_;
  std::vector<std::string> names_;
  std::vector<std::vector<Cell>> sample_;
  size_t sample_bytes_ = 0;
  std::vector<size_t> widths_;
  bool started_ = false;
  uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<ResultWriter> make_table_writer(std::ostream& out, size_t width) {
  return std::make_unique<TableWriter>(out, width);
}

}  // namespace entente
