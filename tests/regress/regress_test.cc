// Bugs that were found once: each a text file of a set-up, a query, and what it must give.
//
//   # what was wrong
//   setup: CREATE (:A {i: 1})          any number, run in order
//   query: MATCH (n:A) RETURN n.i      one
//   rows:                              the rest of the file: a row a line, columns parted by ` | `, as literals
//   1
// or, instead of rows, `error: Kind.Detail`. Rows are compared as a bag, or, after `rows in order:`, as a list. Each
// query is run as it is, with the optimiser off, and in batches of 1 and 3 rows.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include <entente/query/entente.h>

namespace entente {
namespace {

struct Regress {
  std::vector<std::string> setup;
  std::string query;
  std::vector<std::string> rows;
  std::string error;
  bool ordered = false;
};

Regress read_regress(const std::filesystem::path& path) {
  Regress regress;
  std::ifstream file(path);
  bool in_rows = false;
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(':');
    const std::string key = line.substr(0, colon);
    const std::string rest = colon == std::string::npos || colon + 2 > line.size() ? "" : line.substr(colon + 2);
    if (in_rows) {
      regress.rows.push_back(line);
    } else if (line.empty() || line[0] == '#') {
      continue;
    } else if (key == "setup") {
      regress.setup.push_back(rest);
    } else if (key == "query") {
      regress.query = rest;
    } else if (key == "error") {
      regress.error = rest;
    } else if (key == "rows" || key == "rows in order") {
      in_rows = true;
      regress.ordered = key == "rows in order";
    } else {
      ADD_FAILURE() << path << ": what is this line? " << line;
    }
  }
  if (!regress.ordered) std::sort(regress.rows.begin(), regress.rows.end());
  return regress;
}

void expect_result(const Regress& regress, size_t batch_size, const char* disabled, bool eagerly = false) {
  Database database = Database::in_memory();
  Session session = database.session();
  for (const std::string& statement : regress.setup) session.run(statement);
  session.set_batch_size(batch_size);
  if (*disabled != 0) session.disable_pass(disabled);
  if (eagerly) session.optimize_eagerly();
  std::vector<std::string> rows;
  std::string error;
  try {
    for (const Row& row : session.run(regress.query)) {
      std::string text;
      for (const Value& value : row.values()) text += (text.empty() ? "" : " | ") + value.to_literal();
      rows.push_back(text);
    }
  } catch (const Error& thrown) {
    rows.clear();
    error = thrown.code();
  }
  if (!regress.ordered) std::sort(rows.begin(), rows.end());
  EXPECT_EQ(error, regress.error) << regress.query;
  EXPECT_EQ(rows, regress.rows) << regress.query << "\nbatch size " << batch_size << " without " << disabled;
}

TEST(Regress, EveryFile) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(ENTENTE_SOURCE_DIR "/tests/regress")) {
    if (entry.path().extension() == ".txt") files.insert(entry.path());
  }
  ASSERT_FALSE(files.empty());
  for (const auto& file : files) {
    SCOPED_TRACE(file.filename().string());
    const Regress regress = read_regress(file);
    ASSERT_FALSE(regress.query.empty());
    expect_result(regress, 2048, "");
    expect_result(regress, 2048, "all");
    expect_result(regress, 1, "");
    expect_result(regress, 3, "");
    expect_result(regress, 2048, "", true);
  }
}

}  // namespace
}  // namespace entente
