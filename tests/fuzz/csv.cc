// The reader of CSV: it comes to the end, tells where each record stands, and reads what is written from its cells as
// the same cells; and a file that is read in blocks has the records of the whole.
#include <filesystem>
#include <fstream>
#include <vector>

#include <unistd.h>

#include <entente/core/error.h>
#include <entente/query/csv.h>
#include <entente/tools/format.h>
#include <entente/tools/import_blocks.h>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

struct Line {
  uint64_t number;
  bool malformed;
  std::vector<std::string> cells;  // each with whether it was quoted
  friend bool operator==(const Line&, const Line&) = default;
};

std::vector<Line> lines_of(std::string_view text, size_t end, char delimiter, uint64_t first_line) {
  CsvReader reader(text, delimiter, first_line);
  std::vector<Line> lines;
  uint64_t position = reader.position();
  uint64_t last_line = 0;
  while (true) {
    const CsvReader::Status status = reader.next();
    if (status == CsvReader::Status::End || reader.record_begin() >= end) return lines;
    check(reader.position() > position, "reading does not go on");
    check(reader.record_begin() >= position && reader.record_begin() < reader.position(), "a record begins elsewhere");
    check(reader.line() > last_line, "lines are not counted on");
    check(reader.record().size() <= reader.position() - reader.record_begin(), "a record is longer than it is");
    position = reader.position();
    last_line = reader.line();
    Line line{reader.line(), status == CsvReader::Status::Malformed, {}};
    check(!line.malformed || !reader.problem().empty(), "a malformed record has no problem");
    std::string scratch;
    for (const CsvCell& cell : reader.cells()) {
      if (line.malformed) break;
      line.cells.push_back((cell.quoted() ? "q" : "p") + std::string(reader.text(cell, scratch)));
    }
    check(line.malformed || !line.cells.empty(), "a record has no cell");
    lines.push_back(std::move(line));
  }
}

/// The records written with every cell in quotes read as the same texts.
void check_written(const std::vector<Line>& lines, char delimiter) {
  std::string text;
  std::vector<const Line*> written;
  for (const Line& line : lines) {
    if (line.malformed) continue;
    written.push_back(&line);
    for (size_t i = 0; i < line.cells.size(); ++i) {
      if (i > 0) text += delimiter;
      text += '"';
      for (const char c : line.cells[i].substr(1)) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += '"';
    }
    text += '\n';
  }
  const std::vector<Line> again = lines_of(text, text.size(), delimiter, 1);
  check(again.size() == written.size(), "written records are not as many");
  for (size_t r = 0; r < again.size(); ++r) {
    check(!again[r].malformed && again[r].cells.size() == written[r]->cells.size(), "a written record has other cells");
    for (size_t i = 0; i < again[r].cells.size(); ++i) {
      check(again[r].cells[i].substr(1) == written[r]->cells[i].substr(1), "a written cell reads as another");
    }
  }
}

void check_blocks(std::string_view text, char delimiter, size_t block_bytes, const std::vector<Line>& expected) {
  const auto path = std::filesystem::temp_directory_path() / ("entente_fuzz_csv_" + std::to_string(getpid()));
  std::ofstream(path, std::ios::binary) << text;
  std::vector<Line> found;
  CsvBlocks blocks(path.string(), delimiter, block_bytes);
  for (CsvBlock block; blocks.next(block);) {
    check(block.size <= block.text.size(), "a block is longer than its text");
    for (Line& line : lines_of(block.text, block.size, delimiter, block.first_line)) found.push_back(std::move(line));
  }
  std::filesystem::remove(path);
  check(found == expected, "a file read in blocks has other records");
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  Input input(data, size);
  const char delimiter = ",;\t|"[input.below(4)];
  const size_t block_bytes = 1 + input.byte();
  const std::string_view text = input.rest();
  const std::vector<Line> lines = lines_of(text, text.size() + 1, delimiter, 1);
  check_written(lines, delimiter);
  check_blocks(text, delimiter, block_bytes, lines);
  // A cell that the tools write is one cell.
  const std::string cell = csv_quote(text);
  if (!text.empty()) {
    const std::vector<Line> one = lines_of(cell, cell.size() + 1, ',', 1);
    check(one.size() == 1 && one[0].cells.size() == 1 && one[0].cells[0].substr(1) == text,
          "a written cell is not one");
  }
  return 0;
}
