#include "entente/tools/import_spec.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "entente/core/error.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error("ImportError", "InvalidSpecification", Phase::Runtime, message);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<CellType> find_type(std::string_view name) {
  static const std::pair<const char*, CellType> kTypes[] = {
      {"string", CellType::String},       {"char", CellType::String},       {"int", CellType::Integer},
      {"integer", CellType::Integer},     {"long", CellType::Integer},      {"short", CellType::Integer},
      {"byte", CellType::Integer},        {"float", CellType::Float},       {"double", CellType::Float},
      {"boolean", CellType::Boolean},     {"bool", CellType::Boolean},      {"date", CellType::Date},
      {"localtime", CellType::LocalTime}, {"time", CellType::Time},         {"localdatetime", CellType::LocalDateTime},
      {"datetime", CellType::DateTime},   {"duration", CellType::Duration},
  };
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  return std::nullopt;
}

/// Splits "head=file" where head is what stands before the first "=" outside brackets; without one all is the file.
std::pair<std::string, std::string> split_file(std::string_view text, const std::string& example) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '{') ++depth;
    if (text[i] == ')' || text[i] == '}') --depth;
    if (text[i] != '=' || depth > 0) continue;
    const std::string file = trim(text.substr(i + 1));
    if (file.empty()) fail("'" + std::string(text) + "' names no file: write " + example);
    return {trim(text.substr(0, i)), file};
  }
  if (depth > 0) fail("'" + std::string(text) + "' has a bracket that is not closed: write " + example);
  if (trim(text).empty()) fail("An empty specification: write " + example);
  return {"", trim(text)};
}

EndSpec parse_end(std::string_view text, std::string_view whole) {
  const size_t dot = text.find('.');
  EndSpec end;
  if (dot != std::string_view::npos) end = {trim(text.substr(0, dot)), trim(text.substr(dot + 1))};
  if (end.label.empty() || end.column.empty()) {
    fail("'" + trim(text) + "' in '" + std::string(whole) + "' is not Label.column, such as Person.src");
  }
  return end;
}

}  // namespace

ColumnSpec parse_column(std::string_view text, bool quoted) {
  ColumnSpec column;
  const std::string cell = quoted ? std::string(text) : trim(text);
  const size_t colon = cell.rfind(':');
  column.name = cell.substr(0, colon);
  if (colon == std::string::npos) return column;
  std::string type = cell.substr(colon + 1);
  const size_t bracket = type.find('(');
  if (bracket != std::string::npos && type.back() == ')') {
    column.id_space = type.substr(bracket + 1, type.size() - bracket - 2);
    type.resize(bracket);
  }
  static const std::pair<const char*, ColumnRole> kRoles[] = {
      {"ID", ColumnRole::Id},        {"LABEL", ColumnRole::Labels}, {"START_ID", ColumnRole::StartId},
      {"END_ID", ColumnRole::EndId}, {"TYPE", ColumnRole::Type},    {"IGNORE", ColumnRole::Ignore},
  };
  for (const auto& [name, role] : kRoles) {
    if (type != name) continue;
    column.role = role;
    return column;
  }
  if (type.size() > 2 && type.ends_with("[]")) {
    column.type.array = true;
    type.resize(type.size() - 2);
  }
  const auto base = find_type(lower(type));
  if (!base || column.name.empty()) {
    fail("The column '" + cell +
         "' has no type that can be imported: after the colon write string, int, float, boolean, date, localtime, "
         "time, localdatetime, datetime or duration (with [] for a list), or ID, LABEL, START_ID, END_ID, TYPE or "
         "IGNORE");
  }
  column.type.base = *base;
  return column;
}

NodeSpec parse_node_spec(std::string_view text) {
  static const std::string kExample = "'Label(key)=file.csv', such as 'Post:Message(id)=posts.csv'";
  NodeSpec spec;
  spec.text = text;
  auto [head, file] = split_file(text, kExample);
  spec.file = std::move(file);
  const size_t bracket = head.find('(');
  if (bracket != std::string::npos) {
    if (head.back() != ')') fail("'" + spec.text + "' has a bracket that is not closed: write " + kExample);
    spec.key = trim(std::string_view(head).substr(bracket + 1, head.size() - bracket - 2));
    if (spec.key.empty()) fail("'" + spec.text + "' names no key in its brackets: write " + kExample);
    head.resize(bracket);
    if (trim(head).empty()) fail("'" + spec.text + "' has a key but no label: write " + kExample);
  }
  for (size_t begin = 0; !head.empty() && begin <= head.size();) {
    const size_t end = std::min(head.find(':', begin), head.size());
    const std::string label = trim(std::string_view(head).substr(begin, end - begin));
    if (!label.empty()) {
      spec.labels.push_back(label);
    } else if (begin > 0) {
      fail("'" + spec.text + "' has an empty label: write " + kExample);
    }
    begin = end + 1;
  }
  return spec;
}

bool NameTemplate::constant() const {
  return std::none_of(parts.begin(), parts.end(), [](const Part& part) { return part.column; });
}

NameTemplate parse_name_template(std::string_view text) {
  NameTemplate name;
  for (size_t i = 0; i < text.size();) {
    const size_t open = std::min(text.find('{', i), text.size());
    if (open > i) name.parts.push_back({std::string(text.substr(i, open - i)), false});
    if (open == text.size()) break;
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos || close == open + 1) {
      fail("'" + std::string(text) + "': write {column} for the text of a column");
    }
    name.parts.push_back({trim(text.substr(open + 1, close - open - 1)), true});
    i = close + 1;
  }
  return name;
}

RelationshipSpec parse_relationship_spec(std::string_view text) {
  static const std::string kExample =
      "'TYPE(Label.column -> Label.column)=file.csv', such as 'KNOWS(Person.src -> Person.dst)=knows.csv'";
  RelationshipSpec spec;
  spec.text = text;
  auto [head, file] = split_file(text, kExample);
  spec.file = std::move(file);
  const size_t bracket = head.find('(');
  if (bracket != std::string::npos) {
    const size_t arrow = head.find("->", bracket);
    if (head.back() != ')' || arrow == std::string::npos)
      fail("'" + spec.text + "' does not say which ends: write " + kExample);
    spec.source = parse_end(std::string_view(head).substr(bracket + 1, arrow - bracket - 1), text);
    spec.target = parse_end(std::string_view(head).substr(arrow + 2, head.size() - arrow - 3), text);
    head.resize(bracket);
    if (trim(head).empty()) fail("'" + spec.text + "' has no type: write " + kExample);
  }
  spec.type = parse_name_template(trim(head));
  return spec;
}

std::string upper_snake(std::string_view text) {
  std::string out;
  bool gap = false;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    if (u_isalnum(c) == 0) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += '_';
    gap = false;
    uint8_t upper[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(upper, length, u_toupper(c));
    out.append(reinterpret_cast<const char*>(upper), static_cast<size_t>(length));
  }
  return out;
}

}  // namespace entente
