#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "entente/query/csv_file.h"

namespace entente {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// All records; a malformed one as {"!", problem}.
Rows read(std::string_view text, char delimiter = ',') {
  CsvReader reader(text, delimiter);
  Rows rows;
  std::string scratch;
  for (auto status = reader.next(); status != CsvReader::Status::End; status = reader.next()) {
    if (status == CsvReader::Status::Malformed) {
      rows.push_back({"!", reader.problem()});
      continue;
    }
    std::vector<std::string> row;
    for (const CsvCell& cell : reader.cells()) row.emplace_back(reader.text(cell, scratch));
    rows.push_back(row);
  }
  return rows;
}

TEST(Csv, SplitsPlainRecords) {
  EXPECT_EQ(read("a,b\n1,2\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("a,,\n"), (Rows{{"a", "", ""}}));
  EXPECT_EQ(read("a,"), (Rows{{"a", ""}}));
  EXPECT_EQ(read("a;b,c", ';'), (Rows{{"a", "b,c"}}));
  EXPECT_EQ(read(""), Rows{});
  EXPECT_EQ(read("\n\r\na\n\n"), (Rows{{"a"}}));
}

TEST(Csv, UnderstandsQuotes) {
  EXPECT_EQ(read("\"a,b\",c\n"), (Rows{{"a,b", "c"}}));
  EXPECT_EQ(read("\"two\r\nlines\",\"\"\r\nx,y"), (Rows{{"two\r\nlines", ""}, {"x", "y"}}));
  EXPECT_EQ(read("\"say \"\"hi\"\"\"\"\",1"), (Rows{{"say \"hi\"\"", "1"}}));
  EXPECT_EQ(read("5\" pipe,x"), (Rows{{"5\" pipe", "x"}}));
}

TEST(Csv, SkipsAByteOrderMark) { EXPECT_EQ(read("\xEF\xBB\xBFid,name\n"), (Rows{{"id", "name"}})); }

TEST(Csv, GoesOnAfterMalformedRecords) {
  const Rows rows = read("a\n\"x\"y\nb\n\"never closed\nc\n");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[1][0], "!");
  EXPECT_EQ(rows[2], std::vector<std::string>{"b"});
  EXPECT_EQ(rows[3], (std::vector<std::string>{"!", "a quote is opened and never closed"}));
  EXPECT_EQ(rows[4], std::vector<std::string>{"c"});
}

TEST(Csv, CountsLinesWithinQuotes) {
  CsvReader reader("h\n\"1\n2\n3\"\n\nx\n", ',');
  std::vector<uint64_t> lines;
  std::vector<std::string> records;
  while (reader.next() == CsvReader::Status::Record) {
    lines.push_back(reader.line());
    records.emplace_back(reader.record());
  }
  EXPECT_EQ(lines, (std::vector<uint64_t>{1, 2, 6}));
  EXPECT_EQ(records, (std::vector<std::string>{"h", "\"1\n2\n3\"", "x"}));
}

TEST(Csv, TellsQuotedFromEmpty) {
  CsvReader reader("\"\",\n", ',');
  ASSERT_EQ(reader.next(), CsvReader::Status::Record);
  EXPECT_TRUE(reader.cells()[0].empty() && reader.cells()[0].quoted());
  EXPECT_TRUE(reader.cells()[1].empty() && !reader.cells()[1].quoted());
}

// ---- files, read in pieces ----

class CsvFileTest : public testing::Test {
 protected:
  CsvFileTest() : path_(std::filesystem::temp_directory_path() / ("entente_csv_" + std::to_string(getpid()))) {}
  ~CsvFileTest() override { std::filesystem::remove(path_); }

  /// All records with their lines; the one malformed record that ends the file as {"!", problem}.
  Rows read_file(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    StatementLimits limits;
    CsvFile file(open(path_.c_str(), O_RDONLY | O_CLOEXEC), "a.csv", ',', {}, limits);
    Rows rows;
    std::string scratch;
    for (auto status = file.next(); status != CsvReader::Status::End; status = file.next()) {
      if (status == CsvReader::Status::Malformed) {
        rows.push_back({"!", file.problem()});
        break;
      }
      rows.push_back({std::to_string(file.reader().line())});
      for (const CsvCell& cell : file.reader().cells()) rows.back().emplace_back(file.reader().text(cell, scratch));
    }
    held_ = file.held_bytes();
    return rows;
  }

  /// The same, of the text in one piece.
  static Rows read_whole(const std::string& text) {
    CsvReader reader(text, ',');
    Rows rows;
    std::string scratch;
    for (auto status = reader.next(); status != CsvReader::Status::End; status = reader.next()) {
      if (status == CsvReader::Status::Malformed) {
        rows.push_back({"!", reader.problem()});
        break;
      }
      rows.push_back({std::to_string(reader.line())});
      for (const CsvCell& cell : reader.cells()) rows.back().emplace_back(reader.text(cell, scratch));
    }
    return rows;
  }

  std::filesystem::path path_;
  size_t held_ = 0;
};

TEST_F(CsvFileTest, PiecesMakeNoDifference) {
  const std::vector<std::string> cells = {"a", "\"x\"\"y\"", "\"two\nlines\"", "\"\"", "é", "", "\"\r\n\"", "b\"c"};
  const std::vector<std::string> ends = {",", ",", ",", "\n", "\r\n", "\n\r\n\n"};
  for (uint32_t seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    std::string text = seed % 2 == 0 ? "\xEF\xBB\xBF" : "";
    while (text.size() < 700'000) {
      const bool long_cell = random() % 50 == 0;
      text += long_cell ? std::string(random() % 3'000, 'z') : cells[random() % cells.size()];
      text += ends[random() % ends.size()];
    }
    if (seed % 3 == 0) text += '"' + std::string(400'000, 'z') + "\"\n1";
    if (seed % 4 == 0) text += ",\"x\"y\n2";
    if (seed % 4 == 1) text += ",\"never closed\n3";
    ASSERT_EQ(read_file(text), read_whole(text)) << "seed " << seed;
  }
}

TEST_F(CsvFileTest, HoldsAPieceOnly) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "123456,x\n";
  EXPECT_EQ(read_file(text).size(), 300'000u);
  EXPECT_LT(held_, 600'000u);
}

TEST_F(CsvFileTest, AFileThatIsCutOffMeanwhileEnds) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + ",x\n";
  std::ofstream(path_, std::ios::binary) << text;
  StatementLimits limits;
  CsvFile file(open(path_.c_str(), O_RDONLY | O_CLOEXEC), "a.csv", ',', {}, limits);
  ASSERT_EQ(file.next(), CsvReader::Status::Record);
  std::filesystem::resize_file(path_, 0);
  size_t records = 1;
  while (file.next() == CsvReader::Status::Record) ++records;
  EXPECT_LT(records, 100'000u);
}

}  // namespace
}  // namespace entente
