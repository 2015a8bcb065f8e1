#include "feature.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>
#include <utility>

namespace entente::tck {

namespace {

std::string trim(const std::string& s) {
  const size_t begin = s.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return "";
  return s.substr(begin, s.find_last_not_of(" \t\r") - begin + 1);
}

/// The cells of "| a | b |". `\|` stands for a bar and `\\` for a backslash within a cell.
std::vector<std::string> split_row(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && (line[i + 1] == '|' || line[i + 1] == '\\')) {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(trim(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

bool starts_with(const std::string& s, const char* prefix) { return s.rfind(prefix, 0) == 0; }

std::string replace_all(std::string text, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    bool replaced = false;
    if (text[i] == '<') {
      for (const auto& [name, value] : values) {
        if (text.compare(i + 1, name.size(), name) == 0 && text[i + 1 + name.size()] == '>') {
          out += value;
          i += name.size() + 2;
          replaced = true;
          break;
        }
      }
    }
    if (!replaced) out += text[i++];
  }
  return out;
}

class Reader {
 public:
  Reader(std::filesystem::path file, std::string prefix, std::string area)
      : file_(std::move(file)), prefix_(std::move(prefix)), area_(std::move(area)) {}

  std::vector<Scenario> read() {
    std::ifstream in(file_);
    if (!in) throw std::runtime_error("cannot read " + file_.string());
    for (std::string raw; std::getline(in, raw);) {
      ++line_;
      if (!raw.empty() && raw.back() == '\r') raw.pop_back();
      if (in_doc_) {
        doc_line(raw);
      } else {
        plain_line(raw, trim(raw));
      }
    }
    finish();
    return std::move(scenarios_);
  }

 private:
  void doc_line(const std::string& raw) {
    if (trim(raw) == "\"\"\"") {
      in_doc_ = false;
      return;
    }
    std::string& doc = steps().back().doc;
    if (!doc.empty() || doc_begun_) doc += '\n';
    doc_begun_ = true;
    doc += raw.size() > doc_indent_ ? raw.substr(doc_indent_) : "";
  }

  void plain_line(const std::string& raw, const std::string& text) {
    if (text.empty() || text[0] == '#' || text[0] == '@' || starts_with(text, "Feature:")) return;
    if (starts_with(text, "Background:")) {
      in_background_ = true;
    } else if (starts_with(text, "Scenario Outline:") || starts_with(text, "Scenario:")) {
      begin_scenario(text);
    } else if (starts_with(text, "Examples:")) {
      in_examples_ = true;
      header_.clear();
    } else if (text == "\"\"\"") {
      in_doc_ = true;
      doc_begun_ = false;
      doc_indent_ = raw.find('"');
    } else if (text[0] == '|') {
      table_row(split_row(text));
    } else {
      step(text);
    }
  }

  void begin_scenario(const std::string& text) {
    finish();
    outline_ = starts_with(text, "Scenario Outline:");
    current_ = Scenario();
    current_.name = trim(text.substr(text.find(':') + 1));
    const size_t bracket = current_.name.find(']');
    current_.id = prefix_ + " " + (bracket == std::string::npos ? current_.name : current_.name.substr(0, bracket + 1));
    current_.area = area_;
    current_.file = file_;
    current_.line = line_;
    current_.steps = background_;
    open_ = true;
    in_background_ = false;
    in_examples_ = false;
    examples_ = 0;
  }

  void step(const std::string& text) {
    for (const char* keyword : {"Given ", "When ", "Then ", "And ", "But "}) {
      if (starts_with(text, keyword)) {
        steps().push_back({trim(text.substr(std::string(keyword).size())), "", {}});
        return;
      }
    }
    if (open_ && steps().empty()) return;  // a scenario's description
    throw std::runtime_error(file_.string() + ":" + std::to_string(line_) + ": cannot read `" + text + "`");
  }

  void table_row(std::vector<std::string> cells) {
    if (!in_examples_) {
      steps().back().table.push_back(std::move(cells));
    } else if (header_.empty()) {
      header_ = std::move(cells);
    } else {
      std::vector<std::pair<std::string, std::string>> values;
      for (size_t i = 0; i < header_.size(); ++i) values.emplace_back(header_[i], cells.at(i));
      expand(values);
    }
  }

  void expand(const std::vector<std::pair<std::string, std::string>>& values) {
    Scenario scenario = current_;
    scenario.id += " #" + std::to_string(++examples_);
    for (Step& step : scenario.steps) {
      step.text = replace_all(step.text, values);
      step.doc = replace_all(step.doc, values);
      for (auto& row : step.table) {
        for (std::string& cell : row) cell = replace_all(cell, values);
      }
    }
    scenarios_.push_back(std::move(scenario));
  }

  void finish() {
    if (open_ && !outline_) scenarios_.push_back(current_);
    open_ = false;
  }

  std::vector<Step>& steps() { return in_background_ ? background_ : current_.steps; }

  std::filesystem::path file_;
  std::string prefix_;
  std::string area_;
  int line_ = 0;
  std::vector<Scenario> scenarios_;
  std::vector<Step> background_;
  Scenario current_;
  bool open_ = false;
  bool outline_ = false;
  bool in_background_ = false;
  bool in_examples_ = false;
  bool in_doc_ = false;
  bool doc_begun_ = false;
  size_t doc_indent_ = 0;
  int examples_ = 0;
  std::vector<std::string> header_;
};

}  // namespace

std::vector<Scenario> read_features(const std::filesystem::path& folder) {
  const std::filesystem::path root = folder / "features";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".feature") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Scenario> all;
  for (const auto& file : files) {
    const std::filesystem::path relative = std::filesystem::relative(file, root);
    Reader reader(file, (relative.parent_path() / relative.stem()).string(), relative.parent_path().string());
    for (Scenario& scenario : reader.read()) all.push_back(std::move(scenario));
  }
  return all;
}

}  // namespace entente::tck
