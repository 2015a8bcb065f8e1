// A project of its own that uses the installed library: opens, writes, reads, prepares, registers a function, and runs
// an algorithm of Boost.Graph on a snapshot. Prints "ok" if all answers are right.
#include <entente/core/bgl.h>
#include <entente/entente.h>
#include <entente/query/functions/registry.h>

#include <boost/graph/connected_components.hpp>
#include <iostream>
#include <map>

namespace {

int fail(const std::string& what) {
  std::cerr << "wrong: " << what << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fail("usage: consumer DATABASE");
  auto db = entente::Database::open(argv[1]);
  auto session = db.session();

  session.begin();
  session.run("CREATE (:Forum {name: 'G7'})<-[:HELD_AT]-(:Event {year: 2023})-[:INVOLVED]->(:Country {name: $a})",
              {{"a", "Japan"}});
  session.commit();

  auto prepared = session.prepare("MATCH (f:Forum)<-[:HELD_AT]-(e)-[:INVOLVED]->({name: $a}) RETURN f.name, e.year");
  size_t rows = 0;
  for (const auto& row : session.run(prepared, {{"a", "Japan"}})) {
    if (row["f.name"].as_string() != "G7" || row[1].as_integer() != 2023) return fail("the row");
    ++rows;
  }
  if (rows != 1) return fail("the number of rows");

  entente::Function twice;
  twice.name = "my.twice";
  twice.parameters = {entente::kIntegerType};
  twice.required = 1;
  twice.call = [](std::span<const entente::Value> args, entente::FunctionContext&) {
    return entente::Value(2 * args[0].as_integer());
  };
  db.add_function(std::move(twice));
  if (session.run("RETURN my.twice(21) AS x").rows().at(0)["x"].as_integer() != 42) return fail("the host function");

  db.add_procedure("my.squares(n :: INTEGER?) :: (square :: INTEGER?)", [](const std::vector<entente::Value>& args) {
    std::vector<std::vector<entente::Value>> out;
    for (int64_t i = 1; i <= args[0].as_integer(); ++i) out.push_back({entente::Value(i * i)});
    return out;
  });
  if (session.run("CALL my.squares(4) YIELD square RETURN sum(square) AS s").rows().at(0)["s"].as_integer() != 30) {
    return fail("the host procedure");
  }

  try {
    session.run("RETURN unknown");
    return fail("an unknown variable was accepted");
  } catch (const entente::Error& e) {
    if (e.code() != "SyntaxError.UndefinedVariable" || e.column() != 8) return fail("the error");
  }

  const entente::SnapshotGraph graph(db.snapshot());
  std::map<entente::SnapshotGraph::vertex_descriptor, int> component;
  boost::associative_property_map<decltype(component)> components(component);
  if (boost::connected_components(entente::UndirectedView(graph), components) != 1) return fail("the components");
  std::cout << "ok\n";
  return 0;
}
