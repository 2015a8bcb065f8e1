#include <filesystem>
#include <fstream>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "statement_fixture.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

class LoadCsvTest : public StatementTest {
 protected:
  LoadCsvTest() : folder_(fs::temp_directory_path() / ("entente_load_csv_" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "root" / "sub");
    options_.csv_root = folder_ / "root";
  }
  ~LoadCsvTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  static std::string load(const std::string& url) { return "LOAD CSV FROM '" + url + "' AS row RETURN row"; }

  fs::path folder_;
};

TEST_F(LoadCsvTest, GivesListsOfTexts) {
  write("root/a.csv",
        "\xEF\xBB\xBF"
        "1,\"a\"\"b\",\r\n2,\"x\ny\",\"\"\n\n3");
  EXPECT_EQ(run("LOAD CSV FROM 'file:///a.csv' AS row RETURN row, linenumber(), file()"),
            (Rows{"['1', 'a\"b', null] 1 'file:///a.csv'", "['2', 'x\\ny', ''] 2 'file:///a.csv'",
                  "['3'] 5 'file:///a.csv'"}));
  write("root/empty.csv", "");
  EXPECT_EQ(run(load("file:///empty.csv")), Rows{});
}

TEST_F(LoadCsvTest, GivesMapsWithHeaders) {
  write("root/sub/h b.csv", "name;year\nA;2020\nB\n\"\";;x\n");
  EXPECT_EQ(run("LOAD CSV WITH HEADERS FROM 'file:///sub/h%20b.csv' AS row FIELDTERMINATOR ';' "
                "RETURN row.name, row.year, linenumber() AS l"),
            (Rows{"'A' '2020' 2", "'B' null 3", "'' null 4"}));
  EXPECT_EQ(run({"LOAD CSV WITH HEADERS FROM 'file:///sub/h%20b.csv' AS row FIELDTERMINATOR ';' "
                 "CREATE (:N {name: row.name})",
                 "MATCH (n:N) RETURN count(n)"}),
            (Rows{"3"}));
}

TEST_F(LoadCsvTest, ThePlaceInTheFileGoesOnWithTheRows) {
  write("root/a.csv", "x,2\ny,1\nz,3\n");
  const std::string load = "LOAD CSV FROM 'file:///a.csv' AS row ";
  EXPECT_EQ(run(load + "WITH row[0] AS k WHERE k <> 'y' RETURN k, linenumber() AS l, file()"),
            (Rows{"'x' 1 'file:///a.csv'", "'z' 3 'file:///a.csv'"}));
  EXPECT_EQ(run(load + "WITH row ORDER BY row[1] LIMIT 2 WITH *, 1 AS one LET k = row[0] UNWIND [1] AS u "
                       "RETURN k, linenumber() AS l"),
            (Rows{"'y' 2", "'x' 1"}));
  EXPECT_EQ(run(load + "WITH row[0] AS k RETURN [i IN [1, 2] | linenumber() * i] AS l"),
            (Rows{"[1, 2]", "[2, 4]", "[3, 6]"}));
  EXPECT_EQ(run(load + "WITH row[0] AS k MATCH (n) RETURN linenumber()"), Rows{});
  // Rows that were grouped come of many lines.
  EXPECT_EQ(run(load + "WITH count(*) AS c RETURN c, linenumber()"), (Rows{"3 null"}));
  EXPECT_EQ(run(load + "WITH DISTINCT size(row) AS s RETURN s, linenumber()"), (Rows{"2 null"}));
  EXPECT_EQ(run(load + "WITH row RETURN max(linenumber()) AS m"), (Rows{"3"}));
}

TEST_F(LoadCsvTest, ReadsAFileForEachRow) {
  write("root/a.csv", "1\n2\n");
  write("root/b.csv", "3\n");
  EXPECT_EQ(run("UNWIND ['a', 'b', 'a'] AS f LOAD CSV FROM 'file:///' + f + '.csv' AS row RETURN f, toInteger(row[0])"),
            (Rows{"'a' 1", "'a' 2", "'b' 3", "'a' 1", "'a' 2"}));
}

TEST_F(LoadCsvTest, StaysInItsFolder) {
  write("secret.csv", "1\n");
  write("root/a.csv", "1\n");
  fs::create_symlink(folder_ / "secret.csv", folder_ / "root" / "link.csv");
  fs::create_directory_symlink(folder_, folder_ / "root" / "out");
  for (const char* url : {"file:///../secret.csv", "file:///sub/../../secret.csv", "file:///%2e%2e/secret.csv",
                          "file:///link.csv", "file:///out/secret.csv"}) {
    EXPECT_EQ(error(load(url)), "LoadCsvError.NotAllowed@'" + std::string(url) + "'");
  }
  EXPECT_EQ(error(load("file:////etc/passwd")), "LoadCsvError.CannotRead@'file:////etc/passwd'");
  EXPECT_EQ(error(load("file:///sub")), "LoadCsvError.CannotRead@'file:///sub'");
  for (const char* url : {"http://example.org/a.csv", "a.csv", "file://a.csv", "file:///", "file:///%zz", ""}) {
    EXPECT_EQ(error(load(url)), "LoadCsvError.InvalidUrl@'" + std::string(url) + "'");
  }
  EXPECT_EQ(error("LOAD CSV FROM null AS row RETURN row"), "TypeError.InvalidArgumentType@null");
  options_.csv_root.clear();
  EXPECT_EQ(error(load("file:///a.csv")), "LoadCsvError.NotAllowed@'file:///a.csv'");
}

TEST_F(LoadCsvTest, ReadsOrdinaryFilesOnly) {
  ASSERT_EQ(mkfifo((folder_ / "root" / "pipe").c_str(), 0600), 0);  // nobody ever writes to it
  const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string name = folder_ / "root" / "socket";
  ASSERT_LT(name.size(), sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  ASSERT_EQ(bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  for (const char* url : {"file:///pipe", "file:///socket", "file:///sub", "file:///sub/", "file:///."}) {
    EXPECT_EQ(error(load(url)), "LoadCsvError.CannotRead@'" + std::string(url) + "'");
  }
  close(listening);
  options_.csv_root = "/dev";
  for (const char* url : {"file:///zero", "file:///tty"}) {
    EXPECT_EQ(error(load(url)), "LoadCsvError.CannotRead@'" + std::string(url) + "'");
  }
  options_.csv_root = "/proc/self";  // whose links are not what they say
  for (const char* url : {"file:///root/etc/passwd", "file:///cwd/x", "file:///fd/0", "file:///exe"}) {
    EXPECT_EQ(error(load(url)), "LoadCsvError.NotAllowed@'" + std::string(url) + "'");
  }
}

TEST_F(LoadCsvTest, NamesTheLineThatIsWrong) {
  write("root/bad.csv", "1\n\"2\"x\n");
  Database database = Database::in_memory(options_);
  Session session = database.session();
  try {
    session.run(load("file:///bad.csv")).rows();
    FAIL() << "it was read";
  } catch (const Error& e) {
    EXPECT_EQ(e.detail(), "Malformed");
    EXPECT_NE(std::string(e.what()).find("'file:///bad.csv', line 2"), std::string::npos) << e.what();
  }
  write("root/bytes.csv", "a\xFF\n");
  EXPECT_EQ(error(load("file:///bytes.csv")), "LoadCsvError.Malformed@LOAD CSV FROM 'file:///bytes.csv' AS row");
  EXPECT_EQ(error("LOAD CSV FROM 'file:///a.csv' AS row FIELDTERMINATOR ';;' RETURN row"),
            "SyntaxError.InvalidArgumentValue@';;'");
}

TEST_F(LoadCsvTest, LineNumberIsNullWithoutAFile) {
  EXPECT_EQ(run("RETURN linenumber(), file()"), (Rows{"null null"}));
}

TEST_F(LoadCsvTest, LineNumberAndFileTakeNoArgument) {
  EXPECT_EQ(error("RETURN linenumber(3)"), "SyntaxError.InvalidNumberOfArguments@linenumber(3)");
  EXPECT_EQ(error("RETURN file('a')"), "SyntaxError.InvalidNumberOfArguments@file('a')");
  EXPECT_EQ(run("SHOW FUNCTIONS YIELD name, signature WHERE name IN ['file', 'linenumber'] RETURN signature"),
            (Rows{"'file() :: STRING'", "'linenumber() :: INTEGER'"}));
}

TEST_F(LoadCsvTest, AFileThatIsCutOffWhileItIsRead) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + ",x\n";
  write("root/long.csv", text);
  Database database = Database::in_memory(options_);
  Session session = database.session();
  Result result = session.run(load("file:///long.csv"));
  Row row;
  ASSERT_TRUE(result.next(row));
  fs::resize_file(folder_ / "root" / "long.csv", 0);
  size_t rows = 1;
  while (result.next(row)) ++rows;
  EXPECT_LT(rows, 300'000u);
}

TEST_F(LoadCsvTest, HoldsNoMoreThanItsLongestLine) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + ",x\n";
  write("root/long.csv", text + "\"" + std::string(5'000'000, 'x'));
  options_.memory_limit = 2'000'000;
  EXPECT_EQ(
      error(std::string("LOAD CSV FROM 'file:///long.csv' AS row WITH row LIMIT 250000 RETURN sum(toInteger(row[0]))")),
      "none");
  EXPECT_EQ(error(std::string("LOAD CSV FROM 'file:///long.csv' AS row RETURN count(*)")), "ResourceError.MemoryLimit");
}

TEST_F(LoadCsvTest, CellsCountAsMemory) {
  write("root/cells.csv", std::string(3'000'000, ',') + "\n");  // 8 bytes a cell while it is read, 16 in the list
  const auto under = [&](size_t limit, const std::string& text) {
    options_.memory_limit = limit;
    return error(text);
  };
  const std::string lists = "LOAD CSV FROM 'file:///cells.csv' AS row RETURN size(row)";
  EXPECT_EQ(under(20'000'000, lists), "ResourceError.MemoryLimit");
  EXPECT_EQ(under(60'000'000, lists), "ResourceError.MemoryLimit");
  EXPECT_EQ(under(300'000'000, lists), "none");
  write("root/texts.csv", "a\n" + std::string(200'000, 'x') + "\n" + std::string(200'000, 'y') + "\n");
  const std::string maps = "LOAD CSV WITH HEADERS FROM 'file:///texts.csv' AS row RETURN size(row.a)";
  EXPECT_EQ(under(700'000, maps), "ResourceError.MemoryLimit");
  EXPECT_EQ(under(3'000'000, maps), "none");
}

}  // namespace
}  // namespace entente
