#include "entries.h"

#include <entente/query/entente.h>
#include <entente/tools/text.h>

#include <algorithm>
#include <regex>

namespace entente {

namespace {

constexpr std::string_view kArrow = "→";

bool read_signature(const std::string& line, Signature& signature) {
  static const std::regex kSignature(R"(^(?:- )?`(([A-Za-z_][A-Za-z0-9_.]*)\(.*\) :: .*)`$)");
  std::smatch found;
  if (!std::regex_match(line, found, kSignature)) return false;
  signature.text = found[1];
  signature.name = found[2];
  return true;
}

}  // namespace

std::vector<Entry> find_entries(const Document& document) {
  std::vector<Entry> entries;
  bool open = false;        // the lines belong to the last entry
  bool signatures = false;  // and up to here it has only signatures
  for (size_t i = 0; i < document.lines().size(); ++i) {
    const std::string& line = document.lines()[i];
    Signature signature;
    if (read_signature(line, signature)) {
      signature.line = i;
      if (!signatures) entries.push_back({&document, {}, {}, {}});
      entries.back().signatures.push_back(std::move(signature));
      open = signatures = true;
    } else if (line.starts_with('#')) {
      open = signatures = false;
    } else if (open) {
      entries.back().text += line + "\n";
      signatures = signatures && line.empty();
    }
  }
  for (Entry& entry : entries) {
    const size_t first = entry.signatures.front().line;
    const size_t end = first + split_lines(entry.text).size() + entry.signatures.size();
    for (const Block& block : document.values()) {
      if (block.lines.begin < first || block.lines.begin >= end) continue;
      for (size_t i = block.lines.begin; i < block.lines.end; ++i) entry.expressions.push_back(document.lines()[i]);
    }
  }
  return entries;
}

std::map<std::string, std::string> known_signatures() {
  Database database = Database::in_memory();
  Session session = database.session();
  std::map<std::string, std::string> known;
  for (const char* thing : {"FUNCTIONS", "PROCEDURES"}) {
    for (const Row& row : session.run(std::string("SHOW ") + thing + " YIELD name, signature")) {
      known[row["name"].as_string()] = row["signature"].as_string();
    }
  }
  return known;
}

std::string expression_of(std::string_view line, size_t& value_at) {
  const size_t arrow = line.rfind(kArrow);
  value_at = arrow;
  if (arrow == std::string_view::npos) return trim(line);
  value_at = std::min(arrow + kArrow.size() + 1, line.size());
  return trim(line.substr(0, arrow));
}

std::vector<std::string> arguments_of(std::string_view expression, std::string_view function) {
  const std::string begin = std::string(function) + "(";
  if (!expression.starts_with(begin) || !expression.ends_with(')')) return {};
  std::vector<std::string> arguments{""};
  int depth = 0;
  char quote = 0;
  for (const char c : expression.substr(begin.size(), expression.size() - begin.size() - 1)) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth < 0) return {};  // the call ends before the expression does
    } else if (c == ',' && depth == 0) {
      arguments.emplace_back();
      continue;
    }
    arguments.back() += c;
  }
  return arguments;
}

}  // namespace entente
