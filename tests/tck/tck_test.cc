// The openCypher TCK, one test a scenario.
//
// Reads the feature files from ENTENTE_TCK_DIR, or from ../shared/tck beside the source tree; without them all is
// skipped. tests/tck/expected_failures.txt lists the scenarios that do not pass yet, an id a line: a scenario that is
// listed and passes fails the run until it is struck off. ENTENTE_TCK_UPDATE=1 strikes off what passes; it never adds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "feature.h"
#include "world.h"

namespace entente::tck {
namespace {

const std::filesystem::path kExpectedFailures =
    std::filesystem::path(ENTENTE_SOURCE_DIR) / "tests/tck/expected_failures.txt";

struct Tally {
  std::map<std::string, std::pair<int, int>> areas;  // passed, all
  std::set<std::string> failed;
  std::set<std::string> seen;
  int passed = 0;
  int all = 0;
};

Tally& tally() {
  static Tally tally;
  return tally;
}

std::filesystem::path tck_folder() {
  if (const char* folder = std::getenv("ENTENTE_TCK_DIR")) return folder;
  return std::filesystem::path(ENTENTE_SOURCE_DIR) / "../shared/tck";
}

std::set<std::string> expected_failures() {
  std::set<std::string> ids;
  std::ifstream in(kExpectedFailures);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') ids.insert(line);
  }
  return ids;
}

class ScenarioTest : public testing::Test {
 public:
  ScenarioTest(const Scenario& scenario, bool expected_failure)
      : scenario_(scenario), expected_failure_(expected_failure) {}

  void TestBody() override {
    const std::string problem = World(tck_folder()).run(scenario_);
    Tally& t = tally();
    t.seen.insert(scenario_.id);
    ++t.all;
    ++t.areas[scenario_.area].second;
    if (problem.empty()) {
      ++t.passed;
      ++t.areas[scenario_.area].first;
      if (expected_failure_ && !std::getenv("ENTENTE_TCK_UPDATE")) {
        FAIL() << scenario_.id << " passes: strike it off tests/tck/expected_failures.txt";
      }
    } else {
      t.failed.insert(scenario_.id);
      if (!expected_failure_) {
        FAIL() << scenario_.file.string() << ":" << scenario_.line << ": " << scenario_.id << " " << scenario_.name
               << "\n"
               << problem;
      }
    }
  }

 private:
  const Scenario& scenario_;
  bool expected_failure_;
};

class Summary : public testing::EmptyTestEventListener {
  void OnTestProgramEnd(const testing::UnitTest&) override {
    const Tally& t = tally();
    if (t.all == 0) return;
    for (const auto& [area, counts] : t.areas) {
      std::cout << "  " << area << ": " << counts.first << " of " << counts.second << "\n";
    }
    std::cout << "TCK: " << t.passed << " of " << t.all << " scenarios pass\n";
    if (std::getenv("ENTENTE_TCK_UPDATE")) update(t);
  }

  static void update(const Tally& t) {
    std::set<std::string> keep;
    for (const std::string& id : expected_failures()) {
      if (!t.seen.count(id) || t.failed.count(id)) keep.insert(id);
    }
    std::ofstream out(kExpectedFailures);
    out << "# Scenarios of the openCypher TCK that do not pass yet, an id a line. See tests/tck/tck_test.cc.\n";
    for (const std::string& id : keep) out << id << "\n";
  }
};

std::string test_name(const Scenario& scenario) {
  std::string name;
  for (char c : scenario.id) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

void register_scenarios() {
  static const std::vector<Scenario> scenarios = read_features(tck_folder());
  static const std::set<std::string> failures = expected_failures();
  for (const Scenario& scenario : scenarios) {
    const bool fails = failures.count(scenario.id) > 0;
    testing::RegisterTest("Tck", test_name(scenario).c_str(), nullptr, nullptr, scenario.file.c_str(), scenario.line,
                          [&scenario, fails]() -> testing::Test* { return new ScenarioTest(scenario, fails); });
  }
}

TEST(TckFolder, IsThere) {
  if (!std::filesystem::exists(tck_folder() / "features")) {
    GTEST_SKIP() << "no TCK in " << tck_folder() << "; set ENTENTE_TCK_DIR to a folder with its `features`";
  }
  EXPECT_FALSE(read_features(tck_folder()).empty());
}

}  // namespace
}  // namespace entente::tck

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (std::filesystem::exists(entente::tck::tck_folder() / "features")) entente::tck::register_scenarios();
  testing::UnitTest::GetInstance()->listeners().Append(new entente::tck::Summary);
  return RUN_ALL_TESTS();
}
