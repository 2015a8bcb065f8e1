#include "entente/tools/options.h"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

namespace entente {
namespace {

[[noreturn]] void bad_option(const std::string& message) { throw Error::argument("InvalidOption", message); }

/// A number and the unit behind it.
struct Amount {
  double number;
  std::string unit;  // in lower case
};

Amount parse_amount(std::string_view text, const std::string& what) {
  Amount amount{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount.number);
  if (error != std::errc() || amount.number < 0 || !std::isfinite(amount.number)) {
    bad_option("'" + std::string(text) + "' is not " + what);
  }
  for (const char* c = end; c != text.data() + text.size(); ++c) {
    if (*c != ' ') amount.unit += static_cast<char>(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
  }
  return amount;
}

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (!(c == '_' || u >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
      return false;
  }
  return true;
}

}  // namespace

std::chrono::milliseconds parse_duration_option(std::string_view text) {
  static const char* kWhat = "a duration: write 10s, 500ms, 2m or 1h";
  const Amount amount = parse_amount(text, kWhat);
  constexpr std::array<std::pair<const char*, double>, 7> kUnits = {
      {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"sec", 1e3}, {"m", 6e4}, {"min", 6e4}, {"h", 3.6e6}}};
  for (const auto& [unit, size] : kUnits) {
    if (amount.unit != unit) continue;
    const double ms = std::ceil(amount.number * size);
    if (ms > 1e15) break;
    return std::chrono::milliseconds(static_cast<int64_t>(ms));
  }
  bad_option("'" + std::string(text) + "' is not " + kWhat);
}

size_t parse_size_option(std::string_view text) {
  static const char* kWhat = "a size: write 512MB, 2GiB or a number of bytes";
  const Amount amount = parse_amount(text, kWhat);
  constexpr std::array<std::pair<const char*, double>, 14> kUnits = {{{"", 1},
                                                                      {"b", 1},
                                                                      {"k", 1e3},
                                                                      {"kb", 1e3},
                                                                      {"m", 1e6},
                                                                      {"mb", 1e6},
                                                                      {"g", 1e9},
                                                                      {"gb", 1e9},
                                                                      {"t", 1e12},
                                                                      {"tb", 1e12},
                                                                      {"kib", 1024.0},
                                                                      {"mib", 1048576.0},
                                                                      {"gib", 1073741824.0},
                                                                      {"tib", 1099511627776.0}}};
  for (const auto& [unit, size] : kUnits) {
    if (amount.unit != unit) continue;
    if (amount.number * size > 1e18) break;
    return static_cast<size_t>(amount.number * size);
  }
  bad_option("'" + std::string(text) + "' is not " + kWhat);
}

std::pair<std::string, Value> parse_parameter(std::string_view text) {
  const size_t equals = text.find('=');
  const std::string name(text.substr(0, equals));
  if (equals == std::string_view::npos || !is_name(name)) {
    bad_option("'" + std::string(text) +
               "' is not a parameter: write name=EXPRESSION, such as year=2023 or name=\"'Japan'\"");
  }
  const std::string expression(text.substr(equals + 1));
  try {
    return {name, evaluate_expression(expression)};
  } catch (const Error& e) {
    throw Error(e.kind(), e.detail(), e.phase(),
                "The value of parameter '" + name + "' is not an expression (a text needs quotes: " + name +
                    "=\"'text'\"): " + e.pretty());
  }
}

Map parse_parameters(const std::vector<std::string>& texts) {
  Map map;
  for (const std::string& text : texts) map.push_back(parse_parameter(text));
  return Value::map(std::move(map)).as_map();
}

void RunOptions::add_to(CLI::App& app) {
  app.add_option("--param", parameters,
                 "A parameter: name=EXPRESSION, such as year=2023 or name=\"'Japan'\"; repeatable")
      ->type_name("NAME=EXPR")
      ->allow_extra_args(false);
  app.add_option("--timeout", timeout, "Stop a statement after this long: 10s, 500ms, 2m")->type_name("TIME");
  app.add_option(
         "--memory-limit", memory_limit,
         "Stop a statement that needs more memory than this: 512MB, 2GiB (0: none); sorts and groupings go on on disk. "
         "Without it: half of the machine's memory")
      ->type_name("SIZE");
  app.add_option(
         "--memory", page_memory,
         "How much of the database's pages is to stay in memory: 512MB, 2GiB. What is beyond is read again when "
         "it is needed. Without it all that was read stays")
      ->type_name("SIZE");
  app.add_option("--max-rows", max_rows, "Stop a statement whose result has more rows")->type_name("N");
  app.add_option(
         "--temporary-folder", temporary_folder,
         "Where a statement puts rows that exceed its memory limit; without it the database's folder or $TMPDIR")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  app.add_option("--csv-root", csv_root,
                 "Let LOAD CSV read the files below this folder; without it LOAD CSV is refused")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  app.add_option("--threads", threads, "The most threads that a reading statement may use")->check(CLI::PositiveNumber);
  app.add_flag("--read-only", read_only,
               "Refuse statements that write; what other processes write meanwhile is not seen");
  app.add_flag("--follow", follow,
               "Read beside the process that writes the database: each statement sees what is committed by then");
}

Database RunOptions::open(const std::string& path, bool must_exist) const {
  DatabaseOptions options;
  options.read_only = read_only;
  options.csv_root = csv_root;
  options.temporary_folder = temporary_folder;
  if (!page_memory.empty()) options.page_memory = parse_size_option(page_memory);
  options.max_result_rows = max_rows;
  options.threads = threads;
  if (path.empty() && follow) bad_option("--follow needs a database that another process writes: name its folder");
  if (path.empty()) return Database::in_memory(options);
  if ((must_exist || read_only || follow) && !std::filesystem::exists(path)) {
    throw Error("StorageError", "NotFound", Phase::Runtime,
                "There is no database at '" + path + "'. `entente shell` and `entente import` create one");
  }
  return follow ? Database::open_follower(path, options) : Database::open(path, options);
}

void RunOptions::apply(Session& session) const {
  if (!timeout.empty()) session.set_timeout(parse_duration_option(timeout));
  session.set_memory_limit(memory_limit_bytes());
  if (read_only) session.set_read_only(true);
}

size_t RunOptions::memory_limit_bytes() const {
  if (!memory_limit.empty()) return parse_size_option(memory_limit);
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<size_t>(pages) / 2 * static_cast<size_t>(page_size) : 0;
}

Database open_for_reading(const std::string& path) {
  RunOptions options;
  options.read_only = true;
  return options.open(path, true);
}

std::string read_file(const std::string& path) {
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored)) {
    throw Error("ToolError", "CannotRead", Phase::Runtime,
                "Cannot read the file '" + path +
                    "': " + (std::filesystem::is_directory(path, ignored) ? "it is a folder" : std::strerror(errno)));
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace entente
