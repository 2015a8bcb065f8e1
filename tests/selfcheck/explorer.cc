#include "explorer.h"

#include <map>

#include <gtest/gtest.h>

namespace entente::selfcheck {

namespace {

constexpr int kMostFailures = 3;

void report(const Exploration& exploration, const Case& failing, uint64_t seed) {
  const auto still_fails = [&](const Case& candidate) { return !exploration.check(candidate).empty(); };
  Case small = failing;
  if (exploration.shrink) {
    small = shrink(failing, still_fails);
  } else {
    small.graph = shrink_graph(failing.graph, [&](const GraphSpec& graph) {
      return still_fails({graph, failing.statement});
    });
  }
  ADD_FAILURE() << "case seed " << seed << "\nas found: " << failing.statement << "\n"
                << small.text() << "\n"
                << exploration.check(small);
}

}  // namespace

void explore(const Exploration& exploration) {
  const Budget budget(exploration.share);
  const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  Random seeds(run_seed() ^ std::hash<std::string>()(name));
  size_t checked = 0;
  int failures = 0;
  while (budget.left() && failures < kMostFailures) {
    const uint64_t seed = seeds.next();
    Random random(seed);
    Case current{random_graph(random, exploration.nodes, exploration.relationships), ""};
    for (int i = 0; i < exploration.statements_a_graph && budget.left() && failures < kMostFailures; ++i, ++checked) {
      current.statement = exploration.statement(random);
      if (exploration.check(current).empty()) continue;
      ++failures;
      report(exploration, current, seed);
    }
  }
  std::cout << name << ": " << checked << " statements" << std::endl;
}

Database& loaded(const GraphSpec& graph, bool with_indexes) {
  static std::map<bool, std::pair<std::string, std::unique_ptr<Database>>> kept;
  std::string key = graph.create_statement();
  if (with_indexes) {
    for (const std::string& index : graph.indexes) key += index;
  }
  auto& [text, database] = kept[with_indexes];
  if (database == nullptr || text != key) {
    database = std::make_unique<Database>(Database::in_memory());
    graph.load(database->session(), with_indexes);
    text = std::move(key);
  }
  return *database;
}

std::vector<std::string> split_at(const std::string& text, const std::vector<std::string>& marks) {
  std::vector<std::string> pieces;
  size_t from = 0;
  for (const std::string& mark : marks) {
    const size_t at = text.find(mark, from);
    if (at == std::string::npos) return {};
    pieces.push_back(text.substr(from, at - from));
    from = at + mark.size();
  }
  pieces.push_back(text.substr(from));
  return pieces;
}

}  // namespace entente::selfcheck
