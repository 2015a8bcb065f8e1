#include "entente/tools/import_blocks.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "entente/core/error.h"
#include "entente/query/csv.h"

namespace entente {
namespace {

/// The records that begin in the first bytes, as "line: cell|cell", malformed ones as "line! problem".
void read_records(std::string_view text, size_t size, uint64_t first_line, std::vector<std::string>& out) {
  CsvReader reader(text, ',', first_line);
  std::string scratch;
  for (;;) {
    const CsvReader::Status status = reader.next();
    if (status == CsvReader::Status::End || reader.record_begin() >= size) return;
    std::string row = std::to_string(reader.line()) + (status == CsvReader::Status::Record ? ":" : "! ");
    if (status == CsvReader::Status::Malformed) row += reader.problem();
    for (const CsvCell& cell : reader.cells()) row += std::string(reader.text(cell, scratch)) + "|";
    out.push_back(row);
  }
}

class Blocks : public testing::Test {
 protected:
  ~Blocks() override { std::filesystem::remove(path_); }

  /// The records of all blocks of the file, which holds this text.
  std::vector<std::string> by_blocks(const std::string& text, size_t block_bytes) {
    CsvBlocks blocks(path_, ',', block_bytes);
    EXPECT_EQ(blocks.size(), text.size());
    std::vector<std::string> out;
    std::string joined;
    count_ = 0;
    for (CsvBlock block; blocks.next(block); block = {}) {
      read_records(block.text, block.size, block.first_line, out);
      joined.append(block.text, 0, block.size);
      EXPECT_EQ(block.end, joined.size());
      ++count_;
    }
    EXPECT_EQ(joined, text);
    return out;
  }
  void expect_same(const std::string& text) {
    std::vector<std::string> expected;
    read_records(text, text.size(), 1, expected);
    std::ofstream(path_, std::ios::binary) << text;
    for (const size_t block_bytes : {1, 2, 3, 7, 16, 64, 1'000}) {
      ASSERT_EQ(by_blocks(text, block_bytes), expected) << "blocks of " << block_bytes << " bytes of " << text;
    }
  }

  const std::string path_ =
      (std::filesystem::temp_directory_path() / ("entente_blocks_test_" + std::to_string(::getpid()))).string();
  size_t count_ = 0;
};

TEST_F(Blocks, EndWhereRecordsEnd) {
  expect_same("");
  expect_same("a,b\n1,2\n3,4\n");
  expect_same("a,b\r\n1,2\r\n\r\n\n3,4");
  expect_same("a\n\"1\n2\n3\",x\n\n4,\"5,\n\"\"6\"\"\n\"\n7\n");
  expect_same("a\n5\" pipe\n6\" pipe,\"x\ny\"\r\n");
  expect_same("\xEF\xBB\xBFid\n\xEF\xBB\xBFnot a mark\n");
}

TEST_F(Blocks, KnowWhatIsMalformed) {
  expect_same("a\n\"x\"y\nb\n");
  expect_same("a\n\"x\" \nb\n\"y\nz\"w\nc\n");
  expect_same("a\n\"never closed\nb\nc\n");
  expect_same("a\n1,\"never closed\n2,b\n3,\"c\"\n");
  expect_same("\"");
  expect_same("a\n\"\"\"");
}

TEST_F(Blocks, OfAnyTextHoldTheSameRecords) {
  std::mt19937 random(5);
  const std::string pieces[] = {"a", "bc", ",", "\n", "\r\n", "\"", "\"\"", "\",\"", "\"\n", "\r"};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (uint32_t i = random() % 40; i > 0; --i) text += pieces[random() % std::size(pieces)];
    expect_same(text);
    if (HasFatalFailure()) return;
  }
}

TEST_F(Blocks, AreManyWhereTheFileIsLong) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += std::to_string(i) + ",\"two\nlines\"\n";
  std::vector<std::string> expected;
  read_records(text, text.size(), 1, expected);
  std::ofstream(path_, std::ios::binary) << text;
  EXPECT_EQ(by_blocks(text, 1'000), expected);
  EXPECT_GT(count_, 15u);
  EXPECT_LT(count_, 25u);
}

TEST_F(Blocks, SayWhichFileCannotBeRead) {
  const auto message = [](const std::string& path) -> std::string {
    try {
      CsvBlocks(path, ',', 1'000);
    } catch (const Error& e) {
      return e.code() + " " + e.what();
    }
    return "";
  };
  EXPECT_EQ(message("/no/such/file.csv"),
            "ToolError.CannotRead Cannot read the file '/no/such/file.csv': No such file or directory");
  EXPECT_EQ(message("/tmp"), "ToolError.CannotRead Cannot read the file '/tmp': it is no ordinary file");
}

}  // namespace
}  // namespace entente
