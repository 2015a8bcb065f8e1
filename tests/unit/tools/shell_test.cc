#include "entente/tools/shell.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "entente/tools/options.h"

namespace entente {
namespace {

struct Output {
  std::string out;
  std::string err;
  bool failed;
};

Output run(const std::string& input, ShellOptions options = {}, Map parameters = {}) {
  Database database = Database::in_memory();
  Session session = database.session();
  std::ostringstream out;
  std::ostringstream err;
  Shell shell(database, session, std::move(parameters), options, out, err);
  std::istringstream in(input);
  shell.read(in);
  return {out.str(), err.str(), shell.failed()};
}

Output typed(const std::string& input, bool keep_going = false) {
  ShellOptions options;
  options.format = Format::TypedJson;
  options.keep_going = keep_going;
  return run(input, options);
}

size_t lines(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

ShellOptions csv() {
  ShellOptions options;
  options.format = Format::Csv;
  return options;
}

TEST(Shell, RunsStatementsOverSeveralLines) {
  EXPECT_EQ(run("RETURN\n  1 AS a;\nRETURN ';' AS b; RETURN 3 AS c", csv()).out, "a\n1\nb\n;\nc\n3\n");
}

TEST(Shell, SkipsCommentsAndEmptyStatements) {
  EXPECT_EQ(run("// nothing; here\n/* nor\n; :quit\n here */ ; ;\nRETURN 1 AS a; // end\n", csv()).out, "a\n1\n");
}

TEST(Shell, StopsAtAnErrorUnlessToldToKeepGoing) {
  const Output stopped = run("RETURN x; RETURN 1 AS a;", csv());
  EXPECT_TRUE(stopped.failed);
  EXPECT_EQ(stopped.out, "");
  EXPECT_NE(stopped.err.find("SyntaxError.UndefinedVariable"), std::string::npos);
  ShellOptions options = csv();
  options.keep_going = true;
  const Output went_on = run("RETURN x; RETURN 1 AS a;", options);
  EXPECT_TRUE(went_on.failed);
  EXPECT_EQ(went_on.out, "a\n1\n");
}

TEST(Shell, NotificationsGoToErrorsForPeopleAndIntoTypedJson) {
  const std::string statements = "CREATE (:Forum);\nMATCH (f:Forun)\nRETURN f;";
  const std::string told =
      "warning: no node has the label `Forun`. Did you mean :Forum?\n  MATCH (f:Forun)\n           ^\n";
  EXPECT_EQ(run(statements).err, told);
  EXPECT_EQ(run(statements, csv()).err, "");
  ShellOptions at_terminal = csv();
  at_terminal.errors_to_terminal = true;
  EXPECT_EQ(run(statements, at_terminal).err, told);
  const Output json = typed(statements);
  EXPECT_EQ(json.err, "");
  EXPECT_NE(json.out.find(
                "\"notifications\":[{\"code\":\"Neo.ClientNotification.Statement.UnknownLabelWarning\",\"title\":"
                "\"The provided label is not in the database.\",\"description\":\"no node has the label `Forun`. Did "
                "you mean :Forum?\",\"position\":{\"offset\":9,\"line\":1,\"column\":10},\"severity\":\"WARNING\","
                "\"category\":\"UNRECOGNIZED\"}]}\n"),
            std::string::npos)
      << json.out;
  EXPECT_EQ(typed("RETURN 1 AS a;").out.find("notifications"), std::string::npos);
}

TEST(Shell, TypedJsonIsOneLineAStatementWhateverHappens) {
  const Output output = typed(
      "RETURN 1 AS a; RETURN x; RETURN (; UNWIND [1, 0] AS d RETURN 1 / d;\n:param y => 2\n:schema\nRETURN $y; CREATE "
      "();",
      true);
  EXPECT_EQ(lines(output.out), 6u) << output.out;
  EXPECT_NE(output.out.find(R"("phase":"compile time")"), std::string::npos);
  EXPECT_NE(output.out.find(R"("phase":"runtime")"), std::string::npos);
  EXPECT_NE(output.out.find(R"("nodesCreated":1)"), std::string::npos);
  EXPECT_TRUE(output.failed);
}

TEST(Shell, TakesParameters) {
  EXPECT_EQ(run(":param x => 1 + 1\n:param {y: date('2023-05-19')}\nRETURN $x AS x, $y AS y;", csv()).out,
            "x,y\n2,2023-05-19\n");
  EXPECT_EQ(run("RETURN $k AS k;", csv(), parse_parameters({"k=[1, 'a']"})).out, "k\n\"[1,\"\"a\"\"]\"\n");
  EXPECT_THROW(parse_parameters({"k=Japan"}), Error);
  EXPECT_THROW(parse_parameters({"=1"}), Error);
}

TEST(Shell, HasTransactions) {
  const std::string count = "MATCH (n) RETURN count(n) AS n;\n";
  EXPECT_EQ(
      run(":begin\nCREATE ();\n" + count + ":rollback\n" + count + ":begin\nCREATE ();\n:commit\n" + count, csv()).out,
      "n\n1\nn\n0\nn\n1\n");
  EXPECT_TRUE(run(":commit\n").failed);
}

TEST(Shell, ReadsFilesAndStopsThereAtAnError) {
  const auto path = std::filesystem::temp_directory_path() / ("entente_shell_test_" + std::to_string(::getpid()));
  std::ofstream(path) << "RETURN 1 AS a;\nRETURN 2 AS b";
  EXPECT_EQ(run(":read " + path.string() + "\nRETURN 3 AS c;", csv()).out, "a\n1\nb\n2\nc\n3\n");
  std::ofstream(path) << ":read " << path.string() << "\n";
  const Output loop = run(":read " + path.string() + "\n");
  EXPECT_TRUE(loop.failed);
  EXPECT_NE(loop.err.find("deep"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Shell, ChangesModeAndDescribesTheSchema) {
  const Output output =
      run("CREATE (:Forum {name: 'G7'});\n:mode csv\nMATCH (f:Forum) RETURN f.name AS f;\n:mode table\n:schema\n:mode "
          "nothing\n");
  EXPECT_NE(output.out.find("f\nG7\n"), std::string::npos);
  EXPECT_NE(output.out.find("Forum"), std::string::npos);
  EXPECT_NE(output.err.find("typed-json"), std::string::npos);
}

TEST(Shell, EndsAtQuit) { EXPECT_EQ(run("RETURN 1 AS a;\n:quit\nRETURN 2 AS b;", csv()).out, "a\n1\n"); }

TEST(SkipBlank, FindsWhereAStatementBegins) {
  EXPECT_EQ(skip_blank("  \n// x\n /* y */ RETURN"), 17u);
  bool open = false;
  EXPECT_EQ(skip_blank("/* never", &open), 8u);
  EXPECT_TRUE(open);
  EXPECT_EQ(skip_blank("RETURN"), 0u);
}

TEST(Options, ParseDurationsAndSizes) {
  EXPECT_EQ(parse_duration_option("10s").count(), 10'000);
  EXPECT_EQ(parse_duration_option("500ms").count(), 500);
  EXPECT_EQ(parse_duration_option("1.5m").count(), 90'000);
  EXPECT_EQ(parse_duration_option("3").count(), 3'000);
  EXPECT_THROW(parse_duration_option("fast"), Error);
  EXPECT_THROW(parse_duration_option("3 weeks"), Error);
  EXPECT_EQ(parse_size_option("512MB"), 512'000'000u);
  EXPECT_EQ(parse_size_option("2GiB"), size_t{2} << 30);
  EXPECT_THROW(parse_size_option("-1"), Error);
  EXPECT_THROW(parse_size_option("big"), Error);
}

}  // namespace
}  // namespace entente
