// Statements that take long, each in another part of the engine, for the tests and measurements of how soon they stop.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "entente/query/entente.h"

namespace entente {

struct StopCase {
  std::string name;
  std::string statement;
  size_t memory_limit = 0;      // so that it goes to disk
  bool ends = false;            // within seconds; else it would run for hours
  bool holds = false;           // ever more memory
  bool in_transaction = false;  // one begun explicitly, and rolled back at the end
  bool spills = false;          // with a memory limit it goes on on disk
};

/// For the graph of build_stop_graph and the files of write_stop_files.
std::vector<StopCase> stop_cases();

/// N: 2,000 nodes; C: 40, all related; Big: `nodes` of them, four relationships each.
void build_stop_graph(Database& database, uint32_t nodes);

/// huge.csv, of so many lines, and line.csv, a line of so many cells.
void write_stop_files(const std::filesystem::path& folder, size_t lines);

}  // namespace entente
