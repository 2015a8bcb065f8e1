#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "entente/query/entente.h"

namespace entente {
namespace {

using testing::HasSubstr;

/// The figures behind the first operator of this name: estimated, rows, multiplied, ms, KiB, pages.
std::vector<double> figures(const std::string& plan, const std::string& name) {
  std::istringstream lines(plan);
  for (std::string line; std::getline(lines, line);) {
    const size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || line.compare(begin, name.size() + 1, name + " ") != 0) continue;
    std::istringstream words(line);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    std::vector<double> last;
    for (size_t i = all.size() - 6; i < all.size(); ++i) last.push_back(std::stod(all[i]));
    return last;
  }
  return {};
}

class ProfileTest : public testing::Test {
 protected:
  ProfileTest() {
    session_.run("UNWIND range(1, 10) AS i CREATE (:A {i: i})");
    session_.run("MATCH (a:A), (b:A) WHERE a.i < b.i CREATE (a)-[:R]->(b)");
  }

  std::string profile(const std::string& statement, std::vector<Row>* rows = nullptr) {
    Result result = session_.run("PROFILE " + statement);
    std::vector<Row> all = result.rows();
    if (rows != nullptr) *rows = std::move(all);
    return result.plan();
  }

  Database database_ = Database::in_memory();
  Session session_ = database_.session();
};

TEST_F(ProfileTest, GivesTheRowsAndThenThePlan) {
  std::vector<Row> rows;
  const std::string plan = profile("MATCH (a:A) WHERE a.i > 7 RETURN a.i AS i ORDER BY i", &rows);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0]["i"].as_integer(), 8);
  EXPECT_THAT(plan, HasSubstr("Estimated"));
  EXPECT_EQ(figures(plan, "NodeScan")[1], 10);
  EXPECT_EQ(figures(plan, "Filter")[1], 3);
  EXPECT_EQ(figures(plan, "Result")[1], 3);
}

TEST_F(ProfileTest, HasNoPlanBeforeTheRowsAreRead) {
  Result result = session_.run("PROFILE MATCH (a:A) RETURN a.i");
  EXPECT_EQ(result.plan(), "");
  EXPECT_EQ(result.rows().size(), 10u);
  EXPECT_NE(result.plan(), "");
}

TEST_F(ProfileTest, TellsMultipliedRowsApart) {
  const std::string plan = profile("MATCH (a:A)-[:R]->() WHERE a.i >= 0 RETURN count(*)");
  ASSERT_THAT(plan, HasSubstr("ExpandCount"));
  EXPECT_EQ(figures(plan, "ExpandCount")[1], 9);
  EXPECT_EQ(figures(plan, "ExpandCount")[2], 45);
  EXPECT_EQ(figures(plan, "Aggregate")[1], 1);
  const std::string scan = profile("MATCH (a:A)-[:R]->() RETURN count(*)");
  ASSERT_THAT(scan, HasSubstr("CountScan"));
  EXPECT_EQ(figures(scan, "CountScan")[1], 1);
  EXPECT_EQ(figures(scan, "CountScan")[2], 45);
}

TEST_F(ProfileTest, CountsInnerPlans) {
  const std::string plan = profile("MATCH (a:A) RETURN a.i, COUNT { MATCH (a)-[:R]->(b) WHERE b.i < 4 } AS n");
  EXPECT_THAT(plan, HasSubstr("Subquery count"));
  EXPECT_EQ(figures(plan, "Filter")[1], 3);
}

TEST_F(ProfileTest, MeasuresTimeAndMemory) {
  const std::string plan = profile("UNWIND range(1, 100000) AS i WITH i % 50000 AS k, count(*) AS n RETURN sum(n)");
  const std::vector<double> aggregate = figures(plan.substr(plan.find("Aggregate ") + 10), "Aggregate");
  ASSERT_EQ(aggregate.size(), 6u);
  EXPECT_GT(aggregate[3], 0.0);
  EXPECT_GT(aggregate[4], 400.0);  // KiB: 50,000 groups
}

/// The most at a time, however often it runs.
TEST_F(ProfileTest, MeasuresTheMemoryOfInnerPlans) {
  const auto sorted = [&](int times) {
    const std::string plan = profile("UNWIND range(1, " + std::to_string(times) +
                                     ") AS i CALL { WITH i UNWIND range(1, 1000) AS x WITH i, x ORDER BY x % 7, x "
                                     "LIMIT 900 RETURN count(x + i) AS c } "
                                     "RETURN sum(c)");
    return figures(plan, "TopSort")[4];
  };
  const double once = sorted(1);
  EXPECT_GT(once, 10.0);
  EXPECT_LT(sorted(50), 2 * once);
}

TEST_F(ProfileTest, CountsPagesThatAreRead) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("entente-profile-" + std::to_string(::getpid()));
  {
    Database database = Database::open(path);
    database.session().run("UNWIND range(1, 10000) AS i CREATE (:A {i: i})");
  }
  Database database = Database::open(path);
  Session session = database.session();
  const auto pages = [&](const std::string& name) {
    Result result = session.run("PROFILE MATCH (a:A) WHERE a.i > 9990 RETURN a.i AS i");
    EXPECT_EQ(result.rows().size(), 10u);
    return figures(result.plan(), name)[5];
  };
  EXPECT_GT(pages("NodeScan"), 0);
  EXPECT_EQ(pages("NodeScan"), 0);  // they are in memory now
  std::filesystem::remove_all(path);
}

TEST_F(ProfileTest, RunsStatementsThatWrite) {
  const std::string plan = profile("MATCH (a:A {i: 1}) SET a.seen = true");
  EXPECT_THAT(plan, HasSubstr("Set "));
  EXPECT_EQ(session_.run("MATCH (a {seen: true}) RETURN count(*) AS n").rows()[0]["n"].as_integer(), 1);
  EXPECT_EQ(session_.run("PROFILE CREATE INDEX x FOR (n:A) ON (n.i)").plan(), "schema command\n");
}

}  // namespace
}  // namespace entente
