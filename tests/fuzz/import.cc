// Importing two CSV files, their headers included: all of it or nothing, and the same whatever the number of threads.
//
// The input is: flags, the specification of the nodes, that of the relationships, the size of the first file, and both
// files.
#include <filesystem>
#include <fstream>
#include <optional>

#include <unistd.h>

#include <entente/query/entente.h>
#include <entente/tools/export_graph.h>
#include <entente/tools/graph_source.h>
#include <entente/tools/import.h>

#include <sstream>

#include "fuzz.h"

namespace entente::fuzz {
namespace {

std::string exported(const Database& database) {
  std::ostringstream out;
  write_cypher(out, SnapshotSource(database.snapshot()), database.snapshot().get());
  return out.str();
}

/// The graph imported, or the error's code.
std::string imported(const ImportOptions& options) {
  Database database = Database::in_memory();
  const std::string before = exported(database);
  try {
    const ImportSummary summary = import_csv(database, options);
    check(summary.nodes == database.snapshot()->node_count(), "other nodes are counted than there are");
    check(summary.relationships == database.snapshot()->relationship_count(), "other relationships are counted");
  } catch (const Error& error) {
    check(exported(database) == before, "an import that failed left something");
    return error.code();
  }
  return exported(database);
}

}  // namespace
}  // namespace entente::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace entente;
  using namespace entente::fuzz;
  if (size > 4096) return 0;
  Input input(data, size);
  const uint8_t flags = input.byte();
  const std::string node_spec = input.text();
  const std::string relationship_spec = input.text();
  const std::string nodes(input.take(input.byte() * size_t{8}));
  const std::string relationships(input.rest());
  const auto folder = std::filesystem::temp_directory_path() / ("entente_fuzz_import_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "n.csv", std::ios::binary) << nodes;
  std::ofstream(folder / "r.csv", std::ios::binary) << relationships;
  ImportOptions options;
  options.delimiter = (flags & 1) != 0 ? ';' : ',';
  options.array_delimiter = (flags & 2) != 0 ? '|' : ';';
  options.upper_snake_types = (flags & 4) != 0;
  if ((flags & 8) != 0) options.skip_bad_rows = (folder / "bad.csv").string();
  try {
    options.nodes.push_back(parse_node_spec(node_spec));
    options.nodes.back().file = (folder / "n.csv").string();
    if ((flags & 16) != 0) {
      options.relationships.push_back(parse_relationship_spec(relationship_spec));
      options.relationships.back().file = (folder / "r.csv").string();
    }
  } catch (const Error& error) {
    check(error.kind() == "ImportError", "a wrong specification is reported as " + error.code());
    return 0;
  }
  const std::string alone = imported(options);
  options.threads = 2;
  check(imported(options) == alone, "what is imported depends on the number of threads");
  return 0;
}
