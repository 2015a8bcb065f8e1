// Golden plans: tests/golden/plans/NAME.cypher and its plan.
//
// A file that begins with `// pass: PASS` has a pair: NAME.before.plan with no pass, NAME.after.plan with this one
// alone (eagerly, if that is the next word). Others have NAME.plan, with all passes. The graph is that of
// tests/unit/query/plan_fixture.h. To accept what differs, run with ENTENTE_UPDATE_GOLDEN=1 and look at the difference.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "../unit/query/plan_fixture.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

fs::path plans() { return fs::path(ENTENTE_SOURCE_DIR) / "tests" / "golden" / "plans"; }

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string pass_of(const std::string& text) {
  const std::string mark = "// pass: ";
  if (!text.starts_with(mark)) return "";
  return text.substr(mark.size(), text.find_first_of(" \n", mark.size()) - mark.size());
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(plans())) {
    if (entry.path().extension() == ".cypher") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class PlanGoldenTest : public ::testing::TestWithParam<std::string> {
 protected:
  void compare(const std::string& file, const std::string& actual) {
    const fs::path path = plans() / file;
    if (std::getenv("ENTENTE_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(path, std::ios::binary) << actual;
      return;
    }
    ASSERT_TRUE(fs::exists(path)) << file << " is missing; ENTENTE_UPDATE_GOLDEN=1 writes it";
    EXPECT_EQ(read(path), actual) << file << " differs; ENTENTE_UPDATE_GOLDEN=1 accepts it";
  }

  PlanFixture fixture_;
};

TEST_P(PlanGoldenTest, IsAsAccepted) {
  const std::string text = read(plans() / (GetParam() + ".cypher"));
  const std::string pass = pass_of(text);
  if (pass.empty()) {
    compare(GetParam() + ".plan", fixture_.explain(text));
    return;
  }
  const std::string before = fixture_.explain(text, PlanFixture::without({"all"}));
  const bool eagerly = text.substr(0, text.find('\n')).ends_with(" eagerly");
  const std::string after = fixture_.explain(text, PlanFixture::only(pass, eagerly));
  EXPECT_NE(before, after) << "the pass " << pass << " does nothing here";
  compare(GetParam() + ".before.plan", before);
  compare(GetParam() + ".after.plan", after);
}

INSTANTIATE_TEST_SUITE_P(Plans, PlanGoldenTest, ::testing::ValuesIn(names()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(PlanGolden, HasAPairForEveryPass) {
  std::set<std::string> tested;
  for (const std::string& name : names()) tested.insert(pass_of(read(plans() / (name + ".cypher"))));
  for (std::string_view pass : optimizer_passes()) EXPECT_TRUE(tested.contains(std::string(pass))) << pass;
}

}  // namespace
}  // namespace entente
