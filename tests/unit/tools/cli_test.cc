// The binary as a user meets it: arguments, exit codes, what goes to which stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace entente {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CommandLine : public testing::Test {
 protected:
  CommandLine() { std::filesystem::create_directories(folder_); }
  ~CommandLine() override { std::filesystem::remove_all(folder_); }

  struct Outcome {
    int code;
    std::string out;
    std::string err;
  };
  /// Runs the binary with arguments in the shell's syntax; $D is the test's folder.
  Outcome run(const std::string& arguments, const std::string& input = "") {
    std::ofstream(folder_ / "in", std::ios::binary) << input;
    const std::string command =
        "cd '" + folder_.string() + "' && D=. '" + ENTENTE_BINARY + "' " + arguments + " < in 2> err";
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> buffer;
    for (size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out, read("err")};
  }
  std::string read(const std::string& name) {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("entente_cli_test_" + std::to_string(::getpid()));
};

TEST_F(CommandLine, HelpsAndRefusesWrongArguments) {
  EXPECT_THAT(run("--help").out, testing::AllOf(HasSubstr("shell"), HasSubstr("import"), HasSubstr("ask")));
  for (const char* command : {"shell", "query", "import", "export", "ask", "info"}) {
    const Outcome help = run(std::string(command) + " --help");
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("Example")) << command;
  }
  EXPECT_EQ(run("nonsense").code, 2);
  EXPECT_EQ(run("shell --format nonsense").code, 2);
  EXPECT_THAT(run("--version").out, StartsWith("entente "));
}

TEST_F(CommandLine, ShellKeepsWhatItWrote) {
  EXPECT_EQ(run("shell db", "CREATE (:Forum {name: 'G7'});").code, 0);
  const Outcome count = run("shell db --format csv -c 'MATCH (f:Forum) RETURN f.name AS name'");
  EXPECT_EQ(count.out, "name\nG7\n");
  EXPECT_EQ(run("shell db --read-only -c 'CREATE ()'").code, 1);
  const Outcome failed = run("shell", "RETURN 1 AS a;\nRETURN x;\nRETURN 2 AS b;");
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.out, testing::Not(HasSubstr(" b")));
  EXPECT_THAT(failed.err, HasSubstr("RETURN x"));
}

TEST_F(CommandLine, ShellStopsAtItsLimits) {
  EXPECT_THAT(
      run("shell --timeout 50ms -c 'UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN sum(x * y % 7)'")
          .err,
      HasSubstr("ResourceError.Timeout"));
  std::ofstream(folder_ / "rows.csv") << "a,b\n";
  const std::string load = " -c \"LOAD CSV FROM 'file:///rows.csv' AS row RETURN row[1]\" --format csv";
  EXPECT_THAT(run("shell --csv-root ." + load).out, HasSubstr("\nb"));
  EXPECT_THAT(run("shell" + load).err, HasSubstr("--csv-root"));
  EXPECT_THAT(run("shell --memory-limit 1MB -c 'UNWIND range(1, 1000000) AS x RETURN collect(x)'").err,
              HasSubstr("ResourceError.MemoryLimit"));
}

TEST_F(CommandLine, QueryPrintsOneObject) {
  run("shell db -c 'CREATE (:A {d: date(\"2023-05-19\")})'");
  const Outcome outcome =
      run("query db 'MATCH (a:A) RETURN a.d AS d, $p AS p' --param p='\"JP\"' --repeat 3 --threads 1 --timing");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith(R"({"columns":["d","p"],"rows":[["2023-05-19","JP"]],"ms":[)"));
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), ','), 6);
  write("q.cypher", "// a comment\nMATCH (a:A)\nRETURN count(*) AS n\n");
  EXPECT_THAT(run("query db --file q.cypher").out, HasSubstr(R"("rows":[[1]])"));
  EXPECT_EQ(run("query db").code, 1);
  EXPECT_THAT(run("query nowhere 'RETURN 1'").err, HasSubstr("There is no database at 'nowhere'"));
}

TEST_F(CommandLine, ImportsAndLeavesNothingBehindWhenItFails) {
  write("n.csv", "id,name\n1,a\n2,b\n");
  write("r.csv", "x,y\n1,2\n");
  const Outcome outcome = run("import db --nodes 'P(id)=n.csv' --relationships 'K(P.x -> P.y)=r.csv'");
  EXPECT_THAT(outcome.out, HasSubstr("Imported 2 nodes, 1 relationship and 4 properties")) << outcome.err;
  EXPECT_THAT(run("info db").out, testing::AllOf(HasSubstr("Nodes          2"), HasSubstr("is unique")));
  write("r.csv", "x,y\n1,3\n");
  const Outcome failed = run("import other --nodes 'P(id)=n.csv' --relationships 'K(P.x -> P.y)=r.csv'");
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("r.csv:2: column 'y': there is no P with the key '3'"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "other"));
}

TEST_F(CommandLine, ExportsPicturesAndDumps) {
  run("shell db -c \"CREATE (:Country {name: 'Japan'})-[:MEMBER_OF]->(:Forum {name: 'G7'})\"");
  EXPECT_THAT(run("export db").out, testing::AllOf(StartsWith("digraph"), HasSubstr("Japan"), HasSubstr("MEMBER_OF")));
  EXPECT_EQ(run("export db --format svg --output g.svg").code, 0);
  EXPECT_THAT(read("g.svg"), HasSubstr(">Japan</text>"));
  EXPECT_THAT(run("export db --around Forum:name=G7 --depth 0").out, testing::Not(HasSubstr("Japan")));
  EXPECT_EQ(run("export db --query 'RETURN 1'").code, 1);
  run("export db --format cypher --output dump.cypher");
  EXPECT_EQ(run("shell copy", read("dump.cypher")).code, 0);
  EXPECT_EQ(run("export copy --format jsonl").out, run("export db --format jsonl").out);
}

TEST_F(CommandLine, AsksFromAStoredPhrasebook) {
  run("shell db -c \"CREATE (:Country {id: 1, name: 'Japan'})\"");
  EXPECT_THAT(run("ask db 'who is Japan'").err, HasSubstr("--phrasebook"));
  write("book.txt",
        "entity Country\n  names name\nquestion who\n  ask who is {c:Country}\n  cypher RETURN $c AS id, ['a'] AS "
        "sources\n");
  EXPECT_EQ(run("ask db --phrasebook book.txt --store").code, 0);
  const Outcome answer = run("ask db who is japan?");
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, testing::AllOf(HasSubstr("1 row"), HasSubstr("Sources"), HasSubstr("$c = 1 (Japan)"),
                                         HasSubstr("RETURN $c")));
  EXPECT_EQ(run("ask db 'who is Narnia'").code, 1);
}

}  // namespace
}  // namespace entente
