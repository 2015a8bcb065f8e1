#include "example_runner.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>

#include <entente/query/entente.h>
#include <entente/tools/format.h>
#include <entente/tools/text.h>

namespace entente {

namespace {

/// What an example consists of.
struct Script {
  Map parameters;
  std::vector<std::string> statements;
};

Script read_script(std::string_view code) {
  Script script;
  std::string statement;
  const auto finish = [&] {
    if (!trim(statement).empty()) script.statements.push_back(trim(statement));
    statement.clear();
  };
  for (const std::string& line : split_lines(code)) {
    static constexpr std::string_view kParameter = ":param ";
    if (line.starts_with(kParameter)) {
      const size_t arrow = line.find("=>");
      if (arrow == std::string::npos) throw std::runtime_error("a parameter is set by :param name => expression");
      script.parameters.emplace_back(trim(line.substr(kParameter.size(), arrow - kParameter.size())),
                                     evaluate_expression(line.substr(arrow + 2)));
      continue;
    }
    statement += line + "\n";
    if (line.ends_with(';')) finish();
  }
  finish();
  if (script.statements.empty()) throw std::runtime_error("an example without a statement");
  return script;
}

/// A folder for the files that LOAD CSV reads; gone with the object.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::map<std::string, std::string>& files) {
    if (files.empty()) return;
    path_ = std::filesystem::temp_directory_path() / ("entente-docs-" + std::to_string(getpid()));
    std::filesystem::create_directories(path_);
    for (const auto& [name, text] : files) std::ofstream(path_ / name, std::ios::binary) << text;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string joined(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? " | " : "") + pad_width(cells[i], widths[i]);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// The columns, a rule, and a line for each row.
void add_table(Result& result, ExampleResult& out) {
  std::vector<std::vector<std::string>> table{result.columns()};
  for (const Row& row : result) {
    table.emplace_back();
    for (const Value& value : row.values()) table.back().push_back(visible(value.to_literal()));
  }
  std::vector<size_t> widths(result.columns().size(), 0);
  for (const auto& cells : table) {
    for (size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], display_width(cells[i]));
  }
  std::string rule;
  for (size_t i = 0; i < widths.size(); ++i) rule += (i > 0 ? "-+-" : "") + std::string(widths[i], '-');
  out.lines = {joined(table[0], widths), rule};
  out.rows.begin = out.lines.size();
  for (size_t i = 1; i < table.size(); ++i) out.lines.push_back(joined(table[i], widths));
  out.rows.end = out.lines.size();
  if (table.size() == 1) out.lines.emplace_back("(no rows)");
}

/// A plan's text. Times and bytes, which differ from run to run, are left out of that of a PROFILE.
std::vector<std::string> plan_lines(const std::string& plan) {
  std::vector<std::string> lines = split_lines(plan);
  const size_t times = lines.empty() ? std::string::npos : lines[0].find("  Time ms");
  for (std::string& line : lines) {
    if (times != std::string::npos) line = line.substr(0, times);
    line.erase(line.find_last_not_of(' ') + 1);
  }
  return lines;
}

ExampleResult read_result(Result& result, const std::string& statement) {
  ExampleResult out;
  static const std::regex kOrder("order\\s+by", std::regex::icase);
  out.ordered = std::regex_search(statement, kOrder);
  if (!result.columns().empty()) add_table(result, out);
  result.rows();
  if (!result.plan().empty()) {
    out = {};
    out.lines = plan_lines(result.plan());
  }
  const std::string changes = describe_counters(result.counters());
  if (!changes.empty()) out.lines.push_back(changes);
  if (out.lines.empty()) out.lines.emplace_back("(no result)");
  return out;
}

}  // namespace

ExampleResult ExampleRunner::run(std::string_view code, const std::map<std::string, std::string>& files) const {
  const Script script = read_script(code);
  const ScratchFolder folder(files);
  DatabaseOptions options;
  options.csv_root = folder.path();
  Database database = Database::in_memory(options);
  Session session = database.session();
  if (!setup_.empty()) session.run(setup_);
  for (size_t i = 0; i + 1 < script.statements.size(); ++i) {
    session.run(script.statements[i], script.parameters).rows();
  }
  const std::string& last = script.statements.back();
  try {
    Result result = session.run(last, script.parameters);
    return read_result(result, last);
  } catch (const Error& error) {
    return {split_lines(error.code() + ": " + error.pretty()), {}, true};
  }
}

std::string ExampleRunner::value_of(const std::string& expression) const {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run(setup_);
  try {
    const std::vector<Row> rows = session.run("RETURN " + expression + " AS value").rows();
    return visible(rows.at(0)[0].to_literal());
  } catch (const Error& error) {
    return error.code();
  }
}

std::string ExampleRunner::error_of(const std::string& statement) const {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run(setup_);
  try {
    session.run(statement).rows();
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

bool same_result(const ExampleResult& actual, const std::vector<std::string>& expected) {
  if (actual.ordered || actual.lines.size() != expected.size()) return actual.lines == expected;
  auto sorted = [&](std::vector<std::string> lines) {
    std::sort(lines.begin() + static_cast<ptrdiff_t>(actual.rows.begin),
              lines.begin() + static_cast<ptrdiff_t>(actual.rows.end));
    return lines;
  };
  return sorted(actual.lines) == sorted(expected);
}

}  // namespace entente
