// The options that several commands share, and the texts of their values.
//
// parse_* throw Error ArgumentError.InvalidOption, which says what would be right.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/value.h"
#include "entente/query/entente.h"

namespace CLI {
class App;
}

namespace entente {

/// "10s", "500ms", "2m", "1h"; a number alone counts seconds.
std::chrono::milliseconds parse_duration_option(std::string_view text);
/// "512MB", "2GiB", "64k", "1000000": kB, MB, GB are powers of 1,000, KiB, MiB, GiB of 1,024.
size_t parse_size_option(std::string_view text);
/// "name=EXPR", EXPR an expression of Cypher (a JSON literal is one).
std::pair<std::string, Value> parse_parameter(std::string_view text);
Map parse_parameters(const std::vector<std::string>& texts);

/// Limits and parameters of the statements to run.
struct RunOptions {
  std::string timeout;
  std::string memory_limit;
  std::string page_memory;
  std::string temporary_folder;
  uint64_t max_rows = 0;  // of a result; 0: any number
  std::vector<std::string> parameters;
  std::string csv_root;  // the folder that LOAD CSV may read; empty: none
  bool read_only = false;
  bool follow = false;   // what another process writes
  unsigned threads = 1;  // the most for a reading statement

  void add_to(CLI::App& app);
  /// The database at `path`, or one in memory if it is empty. A database that is not there is an error if `must_exist`.
  Database open(const std::string& path, bool must_exist) const;
  void apply(Session& session) const;
  /// Half of the machine's memory if no limit was given; 0: none.
  size_t memory_limit_bytes() const;
};

/// Opens an existing database for reading only.
Database open_for_reading(const std::string& path);

/// The contents of a file. Throws Error ToolError.CannotRead.
std::string read_file(const std::string& path);

}  // namespace entente
