#include "world.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "cell.h"
#include "entente/query/procedures.h"

namespace entente::tck {

namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string show(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += "  |";
    for (const std::string& cell : row) out += " " + cell + " |";
    out += "\n";
  }
  return out;
}

}  // namespace

std::string World::run(const Scenario& scenario) {
  database_.emplace(Database::in_memory());
  session_.emplace(database_->session());
  session_->set_timeout(std::chrono::seconds(20));
  parameters_.clear();
  error_.reset();
  error_checked_ = true;
  for (const Step& s : scenario.steps) {
    std::string problem;
    try {
      problem = step(s);
    } catch (const Error& e) {
      problem = e.code() + ": " + e.what();
    } catch (const std::exception& e) {
      problem = e.what();
    }
    if (!problem.empty()) return "step `" + s.text + "`: " + problem;
  }
  if (!error_checked_) return "unexpected " + error_->code() + ": " + error_->what();
  return "";
}

std::string World::step(const Step& step) {
  const std::string& text = step.text;
  if (text == "executing query:" || text == "executing control query:") {
    if (!error_checked_) return "unexpected " + error_->code() + ": " + error_->what();
    execute(step.doc, true);
    return "";
  }
  if (text == "no side effects") return check_side_effects({});
  if (text == "the side effects should be:") return check_side_effects(step.table);
  if (text == "the result should be empty") {
    if (error_) return "got " + error_->code() + ": " + error_->what();
    return rows_.empty() ? "" : "got " + std::to_string(rows_.size()) + " rows";
  }
  if (text.rfind("the result should be", 0) == 0) {
    const bool ordered = text.find(", in order") != std::string::npos;
    return check_result(step.table, ordered, text.find("ignoring element order for lists") != std::string::npos);
  }
  if (text.find("should be raised at") != std::string::npos) {
    error_checked_ = true;
    return check_error(text);
  }
  return given(step);
}

std::string World::given(const Step& step) {
  static const std::regex kNamedGraph("the (\\S+) graph");
  static const std::regex kProcedure("there exists a procedure (.*):");
  std::smatch match;
  const std::string& text = step.text;
  if (text == "an empty graph" || text == "any graph") return "";
  if (text == "having executed:") {
    session_->run(step.doc, parameters_).rows();
    return "";
  }
  if (text == "parameters are:" || text == "parameter values are:") {
    for (const auto& row : step.table) parameters_.emplace_back(row.at(0), evaluate_expression(row.at(1)));
    return "";
  }
  if (std::regex_match(text, match, kNamedGraph)) {
    const std::string name = match[1];
    session_->run(read_file(tck_ / "graphs" / name / (name + ".cypher"))).rows();
    return "";
  }
  if (std::regex_match(text, match, kProcedure)) {
    add_procedure(match[1], step.table);
    return "";
  }
  return "unknown step";
}

void World::execute(const std::string& query, bool measured) {
  rows_.clear();
  columns_.clear();
  error_.reset();
  error_checked_ = false;
  if (measured) before_ = state();
  try {
    Result result = session_->run(query, parameters_);
    columns_ = result.columns();
    rows_ = result.rows();
    error_checked_ = true;
  } catch (const Error& e) {
    error_ = e;
  }
  if (measured) after_ = state();
}

void World::add_procedure(const std::string& signature, const Table& table) {
  const ProcedureSignature parsed = parse_procedure_signature(signature);
  const size_t inputs = parsed.inputs.size();
  std::vector<std::vector<Value>> rows;
  for (size_t i = 1; i < table.size(); ++i) {
    std::vector<Value> row;
    for (const std::string& cell : table[i]) row.push_back(evaluate_expression(cell));
    if (row.size() == inputs + parsed.outputs.size()) rows.push_back(std::move(row));
  }
  database_->add_procedure(signature, [rows, inputs](const std::vector<Value>& args) {
    std::vector<std::vector<Value>> found;
    for (const auto& row : rows) {
      if (std::equal(args.begin(), args.end(), row.begin(), row.begin() + static_cast<ptrdiff_t>(inputs),
                     Value::equivalent)) {
        found.emplace_back(row.begin() + static_cast<ptrdiff_t>(inputs), row.end());
      }
    }
    return found;
  });
}

std::string World::check_result(const Table& table, bool ordered, bool ignore_list_order) const {
  if (error_) return "got " + error_->code() + ": " + error_->what();
  if (columns_ != table.at(0)) return "columns are\n" + show({columns_}) + "and should be\n" + show({table[0]});
  std::vector<std::vector<std::string>> expected;
  for (size_t i = 1; i < table.size(); ++i) {
    std::vector<std::string> row;
    for (const std::string& cell : table[i]) row.push_back(canonical_cell(cell, ignore_list_order));
    expected.push_back(std::move(row));
  }
  std::vector<std::vector<std::string>> got;
  for (const Row& row : rows_) {
    std::vector<std::string> cells;
    for (const Value& value : row.values()) cells.push_back(canonical_value(value, ignore_list_order));
    got.push_back(std::move(cells));
  }
  if (!ordered) {
    std::sort(expected.begin(), expected.end());
    std::sort(got.begin(), got.end());
  }
  return got == expected ? "" : "rows are\n" + show(got) + "and should be\n" + show(expected);
}

std::string World::check_side_effects(const Table& table) const {
  std::map<std::string, size_t> expected;
  for (const auto& row : table) expected[row.at(0)] = std::stoul(row.at(1));
  std::map<std::string, size_t> got;
  const auto count = [&got](const std::string& what, const auto& before, const auto& after) {
    for (const auto& item : after) {
      if (!before.count(item)) ++got["+" + what];
    }
    for (const auto& item : before) {
      if (!after.count(item)) ++got["-" + what];
    }
  };
  count("nodes", before_.nodes, after_.nodes);
  count("relationships", before_.relationships, after_.relationships);
  count("labels", before_.labels, after_.labels);
  count("properties", before_.properties, after_.properties);
  if (got == expected) return "";
  std::string out = "side effects are";
  for (const auto& [what, n] : got) out += " " + what + " " + std::to_string(n);
  return out;
}

std::string World::check_error(const std::string& text) const {
  static const std::regex kError("an? (\\S+) should be raised at (compile time|runtime|any time): (\\S+)\\s*");
  std::smatch match;
  if (!std::regex_match(text, match, kError)) return "unknown step";
  if (!error_) return "no error was raised";
  const std::string phase = error_->phase() == Phase::CompileTime ? "compile time" : "runtime";
  const bool same = error_->kind() == match[1] && (match[2] == "any time" || match[2] == phase) &&
                    (match[3] == "*" || error_->detail() == match[3]);
  return same ? "" : "got a " + error_->code() + " at " + phase + ": " + error_->what();
}

World::GraphState World::state() const {
  GraphState state;
  const SnapshotPtr graph = database_->snapshot();
  std::vector<uint32_t> ids;
  graph->scan_nodes(0, graph->node_limit(), ids);
  for (uint32_t id : ids) {
    const NodeData data = graph->node_data(NodeId(id));
    state.nodes.insert(id);
    state.labels.insert(data.labels.begin(), data.labels.end());
    for (const auto& [key, value] : data.properties) {
      state.properties.insert("n" + std::to_string(id) + "." + key + "=" + canonical_value(value, false));
    }
  }
  ids.clear();
  graph->scan_relationships(0, graph->relationship_limit(), ids);
  for (uint32_t id : ids) {
    state.relationships.insert(id);
    for (const auto& [key, value] : graph->relationship_data(RelId(id)).properties) {
      state.properties.insert("r" + std::to_string(id) + "." + key + "=" + canonical_value(value, false));
    }
  }
  return state;
}

}  // namespace entente::tck
