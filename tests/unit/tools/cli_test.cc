// The binary as a user meets it: arguments, exit codes, what goes to which stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "entente/query/entente.h"

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
  for (const char* command :
       {"shell", "query", "import", "export", "ask", "info", "backup", "restore", "dump", "load"}) {
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

TEST_F(CommandLine, FollowsWhatAnotherProcessWrites) {
  run("shell db -c 'CREATE (:A)'");
  Database writer = Database::open(folder_ / "db");
  writer.session().run("CREATE (:A)");
  const std::string count = " 'MATCH (a:A) RETURN count(a) AS n'";
  EXPECT_THAT(run("query db --follow" + count).out, HasSubstr(R"("rows":[[2]])"));
  EXPECT_THAT(run("shell db --follow --format csv -c" + count).out, HasSubstr("n\n2\n"));
  EXPECT_THAT(run("shell db --follow -c 'CREATE ()'").err, HasSubstr("AccessError.ReadOnly"));
  EXPECT_THAT(run("shell --follow").err, HasSubstr("--follow needs a database"));
  EXPECT_THAT(run("shell nowhere --follow").err, HasSubstr("There is no database"));
  EXPECT_THAT(run("shell db -c 'CREATE ()'").err, HasSubstr("pid " + std::to_string(::getpid()) + ", host "));

  Database follower = Database::open_follower(folder_ / "db");
  Session session = follower.session();
  for (int64_t n = 3; n < 8; ++n) {
    writer.session().run("CREATE (:A)");
    if (n % 2 == 0) writer.checkpoint();
    int64_t seen = 0;
    for (int tries = 0; tries < 2'000 && seen < n; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      seen = session.run("MATCH (a:A) RETURN count(a)").rows()[0][0].as_integer();
    }
    EXPECT_EQ(seen, n);
  }
  EXPECT_THROW(session.run("CREATE ()"), Error);
  EXPECT_THROW(follower.checkpoint(), Error);
}

TEST_F(CommandLine, TellsWhatReadersHold) {
  Database database = Database::open(folder_ / "db");
  Session writer = database.session();
  writer.run("CREATE (:A {n: 1})");
  database.checkpoint();
  EXPECT_TRUE(database.status().held.empty());
  EXPECT_EQ(database.status().log_commits, 0u);
  {
    const SnapshotPtr old = database.snapshot();
    writer.run("MATCH (a:A) SET a.n = 2");
    database.checkpoint();  // in spite of the reader
    writer.run("MATCH (a:A) SET a.n = 3");
    const DatabaseStatus status = database.status();
    EXPECT_EQ(status.version, 3u);
    EXPECT_EQ(status.stored_version, 2u);
    EXPECT_EQ(status.log_commits, 1u);
    ASSERT_EQ(status.held.size(), 1u);
    EXPECT_EQ(status.held[0].version, 1u);
    EXPECT_GE(status.held[0].pages, 1u);
    EXPECT_GT(status.held[0].bytes, 0u);
  }
  EXPECT_TRUE(database.status().held.empty());
  EXPECT_THAT(run("shell db --read-only -c :info").out,
              HasSubstr("Commits        3; the last checkpoint has 2\nLog            1 commits"));
}

TEST_F(CommandLine, BacksUpAndRestores) {
  run("shell db -c 'CREATE (:A {n: 1})'");
  Database writer = Database::open(folder_ / "db");
  EXPECT_THAT(run("backup db backups").out, StartsWith("backup 1 of 2"));
  writer.session().run("CREATE (:A {n: 2})");
  EXPECT_EQ(writer.backup(folder_ / "backups").number, 2u);
  EXPECT_THAT(run("restore backups --list").out, testing::AllOf(HasSubstr("backup 1"), HasSubstr("backup 2")));
  EXPECT_THAT(run("restore backups --verify").out, StartsWith("Intact: backup 2"));
  EXPECT_THAT(run("restore backups old --at 1").out, StartsWith("Restored to old: backup 1"));
  EXPECT_EQ(run("restore backups new").code, 0);
  EXPECT_THAT(run("query old 'MATCH (a:A) RETURN collect(a.n)'").out, HasSubstr("[[[1]]]"));
  EXPECT_THAT(run("query new 'MATCH (a:A) RETURN collect(a.n)'").out, HasSubstr("[[[1,2]]]"));
  EXPECT_THAT(run("restore backups new").err, HasSubstr("StorageError.Exists"));
  EXPECT_THAT(run("restore backups").err, HasSubstr("InvalidOption"));
  EXPECT_THAT(run("restore backups other --at 7").err, HasSubstr("StorageError.NotFound"));
  EXPECT_THROW(Database::in_memory().backup(folder_ / "backups"), Error);
}

/// All that a graph holds, in an order that does not hang on ids; `n.key` is to tell its nodes apart.
std::string everything_in(Database& database) {
  std::string text;
  for (const char* statement :
       {"MATCH (n) RETURN n.key, labels(n), properties(n) ORDER BY n.key",
        "MATCH (a)-[r]->(b) RETURN a.key, type(r) AS t, properties(r) AS p, b.key ORDER BY a.key, t, b.key",
        "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties RETURN * ORDER BY name",
        "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN * ORDER BY name"}) {
    for (const Row& row : database.session().run(statement)) {
      for (const Value& value : row.values()) text += value.to_literal() + '|';
      text += '\n';
    }
  }
  return text;
}

TEST_F(CommandLine, LoadsAnEqualGraphFromADump) {
  std::string control;
  for (char c = 0; c < 0x20; ++c) control += c;
  const auto value = [](const char* text) { return evaluate_expression(text); };
  const double infinity = std::numeric_limits<double>::infinity();
  const Map values = {{"boolean", Value(true)},
                      {"control", Value(control + "\x7F\xC2\x85\xE2\x80\xA8\xE2\x80\xAE'\"`\\ $x {a} // */")},
                      {"date", value("date('-0044-03-15')")},
                      {"datetime", value("datetime('2023-11-05T01:30-05:00[America/New_York]')")},
                      {"duration", value("duration('P-1Y2M-3DT4H-0.000000001S')")},
                      {"floats", Value(List{Value(0.1), Value(-0.0), Value(5e-324), Value(1.7976931348623157e308),
                                            Value(infinity), Value(-infinity), Value(std::nan(""))})},
                      {"infinity", Value(-infinity)},
                      {"integers", Value(List{Value(INT64_MIN), Value(INT64_MAX)})},
                      {"list", Value(List{Value("a"), Value("")})},
                      {"localdatetime", value("localdatetime('9999-12-31T23:59:59.999999999')")},
                      {"localtime", value("localtime('00:00')")},
                      {"long", Value(std::string(1 << 20, '\''))},
                      {"nan", Value(std::nan(""))},
                      {"offset", value("datetime('1890-01-01T00:00+09:18:59')")},
                      {"time", value("time('23:59:59.000000001-18:00')")},
                      {"zone", value("datetime('1945-08-15T12:00[Asia/Tokyo]')")}};
  std::string before;
  {
    Database database = Database::open(folder_ / "db");
    Session session = database.session();
    session.run("CREATE INDEX `odd ``name` FOR (n:A) ON (n.boolean, n.date)");
    session.run("CREATE CONSTRAINT keys FOR (n:A) REQUIRE n.key IS UNIQUE");
    session.run("CREATE FULLTEXT INDEX words FOR (n:A|B) ON EACH [n.control, n.text]");
    session.run("CREATE CONSTRAINT typed FOR ()-[r:R]-() REQUIRE r.w IS :: FLOAT");
    session.run(
        "CREATE (a:A {key: 1}), (b:`odd\nlabel ``'`:DumpedNode {key: 2, `odd\tkey`: 1, dumpedId: 7}), ({key: 3}), "
        "(a)-[:R {w: 0.5}]->(b), (a)-[:R {w: 1.5}]->(a), (b)-[:`odd type`]->(a)");
    session.run("MATCH (n {key: 3}) SET n += $values", {{"values", Value::map(values)}});
    session.run("MATCH (:A)-[r:R]->({key: 2}) SET r += $values", {{"values", Value::map(values)}});
    before = everything_in(database);
  }
  EXPECT_EQ(run("dump db dump.cypher").code, 0);
  EXPECT_EQ(run("dump db").out, read("dump.cypher"));
  const Outcome loaded = run("load dump.cypher copy");
  EXPECT_EQ(loaded.code, 0) << loaded.err.substr(0, 1'000);
  Database copy = Database::open(folder_ / "copy");
  const std::string after = everything_in(copy);
  EXPECT_TRUE(after == before) << "texts of " << before.size() << " and " << after.size() << " bytes differ";
  EXPECT_THAT(run("load dump.cypher copy").err, HasSubstr("There is something at 'copy' already"));
  EXPECT_THAT(run("load nowhere other").err, HasSubstr("CannotRead"));
  EXPECT_EQ(run("load - partial", "CREATE (:A);\nnonsense;").code, 1);
}

}  // namespace
}  // namespace entente
