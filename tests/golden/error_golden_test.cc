// Golden errors and notifications: tests/golden/errors/TOPIC.txt.
//
// A file begins with comments and with directives for all of its cases, and a blank line. A case is directives of its
// own, a statement, a line `---`, what the statement gives, and a blank line:
//
//   @setup STATEMENT      run before, in a new graph; those of the file first
//   @file NAME TEXT       a file that LOAD CSV may read
//   @no-csv-root          none may be read
//   @read-only            the session may not write
//   @memory BYTES, @time MILLISECONDS, @rows NUMBER
//
// The statement is given the parameters $rows, an empty list, and $map, an empty map.
//
// `${text*3}` in a statement stands for the text three times. To accept what differs, run with ENTENTE_UPDATE_GOLDEN=1
// and look at the difference.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <entente/query/entente.h>

namespace entente {
namespace {

namespace files = std::filesystem;

struct ErrorCase {
  std::vector<std::string> directives;
  std::string statement;
  std::string expected;
};

struct ErrorTopic {
  std::string head;  // as it stands in the file
  std::vector<std::string> directives;
  std::vector<ErrorCase> cases;
};

std::string whole_file(const files::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

ErrorTopic read_topic(const files::path& path) {
  ErrorTopic topic;
  std::istringstream in(whole_file(path));
  std::string line;
  while (std::getline(in, line) && !line.empty()) {
    topic.head += line + "\n";
    if (line[0] == '@') topic.directives.push_back(line);
  }
  while (std::getline(in, line)) {
    ErrorCase one;
    for (; !line.empty() && line[0] == '@'; std::getline(in, line)) one.directives.push_back(line);
    for (; in && line != "---"; std::getline(in, line)) one.statement += (one.statement.empty() ? "" : "\n") + line;
    while (std::getline(in, line) && !line.empty()) one.expected += line + "\n";
    topic.cases.push_back(one);
  }
  return topic;
}

std::string repeated(const std::string& text) {
  static const std::regex kRepeat(R"(\$\{(.+?)\*(\d+)\})");
  std::string out;
  auto from = text.begin();
  for (std::sregex_iterator at(text.begin(), text.end(), kRepeat), end; at != end; ++at) {
    out.append(from, text.begin() + at->position());
    for (int i = std::stoi((*at)[2]); i > 0; --i) out += (*at)[1];
    from = text.begin() + at->position() + at->length();
  }
  return out.append(from, text.end());
}

class ErrorGoldenTest : public ::testing::TestWithParam<std::string> {
 public:
  static files::path folder() { return files::path(ENTENTE_SOURCE_DIR) / "tests" / "golden" / "errors"; }

 protected:
  ErrorGoldenTest() : csv_root_(files::temp_directory_path() / ("entente_errors_" + std::to_string(getpid()))) {
    files::create_directories(csv_root_);
  }
  ~ErrorGoldenTest() override { files::remove_all(csv_root_); }

  /// The notifications, and the error or that there is none.
  std::string outcome(const std::vector<std::string>& directives, const std::string& statement) const {
    DatabaseOptions options;
    options.csv_root = csv_root_;
    bool read_only = false;
    std::vector<std::string> setup;
    for (const std::string& line : directives) {
      std::istringstream words(line);
      std::string what, rest;
      words >> what >> std::ws;
      std::getline(words, rest);
      if (what == "@setup") setup.push_back(rest);
      if (what == "@no-csv-root") options.csv_root.clear();
      if (what == "@read-only") read_only = true;
      if (what == "@memory") options.memory_limit = std::stoull(rest);
      if (what == "@rows") options.max_result_rows = std::stoull(rest);
      if (what == "@time") options.timeout = std::chrono::milliseconds(std::stoll(rest));
      if (what != "@file") continue;
      const size_t space = rest.find(' ');
      std::ofstream(csv_root_ / rest.substr(0, space)) << rest.substr(space + 1);
    }
    Database database = Database::in_memory(options);
    Session session = database.session();
    for (const std::string& line : setup) session.run(line);
    session.set_read_only(read_only);
    try {
      Result result = session.run(statement, {{"rows", Value(List{})}, {"map", Value::map({})}});
      std::string told;
      for (const Notification& n : result.notifications()) {
        told += n.code + ", " + n.severity + ", " + n.category;
        if (n.line > 0) told += ", " + std::to_string(n.line) + ":" + std::to_string(n.column);
        told += "\n" + n.title + "\n" + n.pretty(statement) + "\n";
      }
      result.rows();
      return told.empty() ? "no error\n" : told;
    } catch (const Error& e) {
      std::string told = e.code() + (e.phase() == Phase::CompileTime ? " at compile time" : " at runtime");
      if (e.line() > 0) told += ", " + std::to_string(e.line()) + ":" + std::to_string(e.column());
      return told + "\n" + e.pretty() + "\n";
    }
  }

  files::path csv_root_;
};

std::vector<std::string> topics() {
  std::vector<std::string> names;
  for (const auto& entry : files::directory_iterator(ErrorGoldenTest::folder())) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_P(ErrorGoldenTest, AreAsAccepted) {
  const files::path path = folder() / (GetParam() + ".txt");
  const ErrorTopic topic = read_topic(path);
  ASSERT_FALSE(topic.cases.empty());
  const bool update = std::getenv("ENTENTE_UPDATE_GOLDEN") != nullptr;
  std::string text = topic.head;
  for (const ErrorCase& one : topic.cases) {
    std::vector<std::string> directives = topic.directives;
    directives.insert(directives.end(), one.directives.begin(), one.directives.end());
    const std::string actual = outcome(directives, repeated(one.statement));
    text += "\n";
    for (const std::string& directive : one.directives) text += directive + "\n";
    text += one.statement + "\n---\n" + actual;
    if (update) continue;
    EXPECT_EQ(one.expected, actual) << one.statement << "\nENTENTE_UPDATE_GOLDEN=1 accepts it";
  }
  if (update) std::ofstream(path, std::ios::binary) << text;
}

INSTANTIATE_TEST_SUITE_P(Topics, ErrorGoldenTest, ::testing::ValuesIn(topics()),
                         [](const auto& test) { return test.param; });

// ---- nothing is left out ----

/// The details of errors that the sources of a layer can throw, and the first place of each.
void collect_details(const std::string& layer, std::map<std::string, std::string>& details) {
  static const std::regex kThrown(
      R"re((?:Error::\w+|violated|fail_load)\(\s*"([A-Z]\w+)"|(?:Error\(|Error \w*\(|return \{)\s*"[A-Z]\w+",\s*"([A-Z]\w+)")re");
  for (const auto& entry : files::recursive_directory_iterator(files::path(ENTENTE_SOURCE_DIR) / layer)) {
    if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
    const std::string text = whole_file(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), kThrown), end; at != end; ++at) {
      const std::string detail = (*at)[1].matched ? (*at)[1] : (*at)[2];
      details.emplace(detail, entry.path().filename().string());
    }
  }
}

/// Details that no statement of a golden file can show, and why.
const std::map<std::string, std::string> kNotShown = {
    {"AlreadyOpen", "of Session::begin, not of a statement"},
    {"NotOpen", "of Session::commit and rollback, not of a statement"},
    {"NoSuchColumn", "of a Row, not of a statement"},
    {"Cancelled", "by another thread: tests/concurrency"},
    {"InvalidProcedureSignature", "of Database::add_procedure, not of a statement"},
    {"InvalidResult", "of a procedure of the host: tests/unit/query/procedures_test.cc"},
    {"UnknownOutput", "of a procedure that is gone since the statement was prepared"},
    {"InvalidName", "of Transaction alone: the parser knows no empty name"},
    {"UnknownName", "of Transaction alone: statements make the names that they write"},
    {"StatementTooLarge", "needs 100,000 columns: tests/selfcheck/limits_test.cc"},
    {"PlanTooLong", "behind the planner's own limit, StatementTooLong"},
    {"TooManyGroups", "needs four billion groups"},
    {"IdsExhausted", "needs four billion nodes"},
    {"TooLarge", "needs a file of 128 GiB"},
    {"OutOfMemory", "of the system"},
    {"TextAnalysis", "of the library for text, where it has no memory"},
    {"CommitFailed", "of the disk"},
    {"TransactionBroken", "of the disk"},
    {"Corrupt", "of the disk"},
    {"SpillFailed", "of the disk"},
    {"PageMemory", "of the disk: tests/unit/core/page_memory_test.cc"},
    {"MissingColumn", "a bug of the planner"},
    {"MissingVariable", "a bug of the planner"},
    {"PlanWithoutResult", "a bug of the planner"},
};

TEST(ErrorDetails, EachIsInAGoldenFile) {
  std::set<std::string> shown;
  for (const std::string& topic : topics()) {
    for (const ErrorCase& one : read_topic(ErrorGoldenTest::folder() / (topic + ".txt")).cases) {
      const size_t dot = one.expected.find('.');
      const size_t end = one.expected.find(' ');
      if (dot < end) shown.insert(one.expected.substr(dot + 1, end - dot - 1));
    }
  }
  std::map<std::string, std::string> details;
  for (const char* layer : {"core", "query"}) collect_details(layer, details);
  EXPECT_GT(details.size(), 80u) << "is the pattern still that of the sources?";
  for (const auto& [detail, file] : details) {
    EXPECT_TRUE(shown.contains(detail) || kNotShown.contains(detail))
        << detail << " (" << file << ") has no case in tests/golden/errors";
  }
  for (const auto& [detail, why] : kNotShown) {
    EXPECT_TRUE(details.contains(detail)) << detail << " is thrown no more";
    EXPECT_FALSE(shown.contains(detail)) << detail << " has a case, so it need not be excused";
  }
}

TEST(ErrorDetails, EachOfTheTckIsInAGoldenFile) {
  // Of all feature files of openCypher's TCK.
  const std::vector<std::string> tck = {"AmbiguousAggregationExpression",
                                        "ColumnNameConflict",
                                        "CreatingVarLength",
                                        "DeleteConnectedNode",
                                        "DeletedEntityAccess",
                                        "DifferentColumnsInUnion",
                                        "FloatingPointOverflow",
                                        "IntegerOverflow",
                                        "InvalidAggregation",
                                        "InvalidArgumentPassingMode",
                                        "InvalidArgumentType",
                                        "InvalidArgumentValue",
                                        "InvalidClauseComposition",
                                        "InvalidDelete",
                                        "InvalidNumberLiteral",
                                        "InvalidNumberOfArguments",
                                        "InvalidParameterUse",
                                        "InvalidPropertyType",
                                        "InvalidRelationshipPattern",
                                        "InvalidUnicodeCharacter",
                                        "InvalidUnicodeLiteral",
                                        "ListElementAccessByNonInteger",
                                        "MapElementAccessByNonString",
                                        "MergeReadOwnWrites",
                                        "MissingParameter",
                                        "NegativeIntegerArgument",
                                        "NestedAggregation",
                                        "NoExpressionAlias",
                                        "NoSingleRelationshipType",
                                        "NoVariablesInScope",
                                        "NonConstantExpression",
                                        "NumberOutOfRange",
                                        "ProcedureNotFound",
                                        "RelationshipUniquenessViolation",
                                        "RequiresDirectedRelationship",
                                        "UndefinedVariable",
                                        "UnexpectedSyntax",
                                        "UnknownFunction",
                                        "VariableAlreadyBound",
                                        "VariableTypeConflict"};
  std::string all;
  for (const std::string& topic : topics()) all += whole_file(ErrorGoldenTest::folder() / (topic + ".txt"));
  for (const std::string& detail : tck) EXPECT_NE(all.find("." + detail + " at "), std::string::npos) << detail;
}

}  // namespace
}  // namespace entente
