// Whole statements from the generator of tests/selfcheck, whose choices the input makes: over a small graph, a reading
// statement gives the same rows with the optimiser on, off and used wherever it may be; a writing one makes the same
// graph, and where it fails has changed nothing.
#include <array>

#include "fuzz.h"
#include "graph_spec.h"
#include "outcome.h"
#include "query_generator.h"

namespace entente::fuzz {
namespace {

using namespace selfcheck;

constexpr size_t kMostBytes = 1024;
constexpr size_t kMostStatement = 4000;  // bytes

const std::array<Twin, 4> kTwins = {
    {{"as it is", 2048, {}}, {"optimiser off", 2048, {"all"}}, {"eager", 2048, {}, true}, {"batch size 3", 3, {}}}};

void agree(const std::string& statement, const Twin& twin, const Outcome& expected, const Outcome& found) {
  const std::string what = difference(expected, found);
  check(what.empty(), what + "\n" + statement + "\nas it is: " + expected.text() + twin.name + ": " + found.text());
}

void read(const GraphSpec& graph, const QueryText& query) {
  Database database = Database::in_memory();
  graph.load(database.session());
  const std::string statement = query.text();
  Comparing comparing = comparing_for(statement);
  comparing.ordered = query.ordered;
  const Outcome expected = run(database, statement, kTwins[0], comparing);
  for (size_t i = 1; i < kTwins.size() && !expected.gave_up; ++i) {
    agree(graph.create_statement() + ";\n" + statement, kTwins[i], expected,
          run(database, statement, kTwins[i], comparing));
  }
}

void write(const GraphSpec& graph, const QueryText& query) {
  const std::string statement = query.text();
  const Comparing comparing = comparing_for(statement);
  Outcome expected;
  for (size_t i = 0; i < kTwins.size(); ++i) {
    Database database = Database::in_memory();
    graph.load(database.session(), i != 1);
    const std::vector<std::string> before = describe_graph(database);
    Outcome outcome = run(database, statement, kTwins[i], comparing);
    const std::vector<std::string> after = describe_graph(database);
    check(!outcome.failed() || after == before, "a statement that failed has changed the graph: " + statement);
    outcome.rows.insert(outcome.rows.end(), after.begin(), after.end());
    if (i == 0) expected = outcome;
    agree(graph.create_statement() + ";\n" + statement, kTwins[i], expected, outcome);
  }
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente::fuzz;
  if (size < 2 || size > kMostBytes) return 0;
  Input input(data, size);
  const size_t kind = input.below(7);
  Random random(input.rest());
  GraphSpec graph = random_graph(random, 4, 6);
  QueryGenerator generator(random);
  const QueryText query = kind == 0   ? generator.writing()
                          : kind == 1 ? generator.counting()
                          : kind == 2 ? generator.once()
                          : kind == 3 ? generator.calling()
                          : kind == 4 ? generator.limited()
                          : kind == 5 ? generator.paths()
                                      : generator.reading();
  if (query.text().size() > kMostStatement) return 0;
  if (kind == 0) {
    // Constraints would refuse what is written on one of the graphs only.
    std::erase_if(graph.indexes, [](const std::string& text) { return text.find("CONSTRAINT") != std::string::npos; });
    write(graph, query);
  } else {
    read(graph, query);
  }
  return 0;
}
