#include "entente/query/csv.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace entente
