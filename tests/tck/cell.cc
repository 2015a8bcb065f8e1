#include "cell.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>
#include <vector>

namespace entente::tck {

namespace {

std::string join(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : separator) + part;
  return out;
}

std::string canonical_float(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "Inf" : "-Inf";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, d == 0 ? 0.0 : d, std::chars_format::scientific).ptr;
  return std::string(text, end) + "f";
}

std::string canonical_list(std::vector<std::string> items, bool ignore_order) {
  if (ignore_order) std::sort(items.begin(), items.end());
  return "[" + join(items, ", ") + "]";
}

std::string canonical_map(std::map<std::string, std::string> entries) {
  std::vector<std::string> parts;
  for (auto& [key, value] : entries) parts.push_back(key + ": " + value);
  return "{" + join(parts, ", ") + "}";
}

std::string canonical_node(std::vector<std::string> labels, const std::map<std::string, std::string>& properties) {
  std::sort(labels.begin(), labels.end());
  std::string out = "(";
  for (const std::string& label : labels) out += ":" + label;
  return out + " " + canonical_map(properties) + ")";
}

std::string canonical_relationship(const std::string& type, const std::map<std::string, std::string>& properties) {
  return "[:" + type + " " + canonical_map(properties) + "]";
}

/// Recursive descent over one cell.
class CellReader {
 public:
  CellReader(std::string_view text, bool ignore_list_order) : text_(text), ignore_list_order_(ignore_list_order) {}

  std::string read_all() {
    std::string out = value();
    skip();
    if (at_ != text_.size()) fail("the end");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::runtime_error("cannot read the cell `" + std::string(text_) + "` at " + std::to_string(at_) +
                             ": expected " + expected);
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) fail("`" + std::string(token) + "`");
  }

  std::string value() {
    switch (peek()) {
      case '\'':
        return string();
      case '{':
        return canonical_map(map());
      case '(':
        return node();
      case '<':
        return path();
      case '[':
        return list_or_relationship();
      default:
        return word();
    }
  }

  std::string string() {
    expect("'");
    std::string out = "'";
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        const char c = text_[++at_];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        ++at_;
      } else {
        out += text_[at_++];
      }
    }
    expect("'");
    return out + "'";
  }

  std::string name() {
    skip();
    if (take("`")) {
      const size_t begin = at_;
      while (at_ < text_.size() && text_[at_] != '`') ++at_;
      std::string out(text_.substr(begin, at_ - begin));
      expect("`");
      return out;
    }
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' || (text_[at_] & 0x80))) {
      ++at_;
    }
    if (at_ == begin) fail("a name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::map<std::string, std::string> map() {
    std::map<std::string, std::string> entries;
    expect("{");
    if (take("}")) return entries;
    do {
      const std::string key = name();
      expect(":");
      entries[key] = value();
    } while (take(","));
    expect("}");
    return entries;
  }

  std::string node() {
    expect("(");
    std::vector<std::string> labels;
    while (take(":")) labels.push_back(name());
    std::map<std::string, std::string> properties;
    if (peek() == '{') properties = map();
    expect(")");
    return canonical_node(labels, properties);
  }

  std::string relationship() {
    expect("[");
    expect(":");
    const std::string type = name();
    std::map<std::string, std::string> properties;
    if (peek() == '{') properties = map();
    expect("]");
    return canonical_relationship(type, properties);
  }

  std::string path() {
    expect("<");
    std::string out = "<" + node();
    while (!take(">")) {
      const bool left = take("<-");
      if (!left) expect("-");
      const std::string rel = relationship();
      if (left) {
        expect("-");
      } else {
        expect("->");
      }
      out += (left ? "<-" : "-") + rel + (left ? "-" : "->") + node();
    }
    return out + ">";
  }

  std::string list_or_relationship() {
    const size_t begin = at_;
    expect("[");
    if (peek() == ':') {
      at_ = begin;
      return relationship();
    }
    std::vector<std::string> items;
    if (!take("]")) {
      do {
        items.push_back(value());
      } while (take(","));
      expect("]");
    }
    return canonical_list(std::move(items), ignore_list_order_);
  }

  std::string word() {
    const size_t begin = at_;
    while (at_ < text_.size() && std::string_view(" ,]})>").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    if (word == "null" || word == "true" || word == "false" || word == "NaN") return word;
    if (word == "Inf" || word == "-Inf") return word;
    int64_t integer = 0;
    auto parsed = std::from_chars(word.data(), word.data() + word.size(), integer);
    if (parsed.ec == std::errc() && parsed.ptr == word.data() + word.size()) return std::to_string(integer);
    double real = 0;
    parsed = std::from_chars(word.data(), word.data() + word.size(), real);
    if (parsed.ec == std::errc() && parsed.ptr == word.data() + word.size()) return canonical_float(real);
    fail("a value");
  }

  std::string_view text_;
  bool ignore_list_order_;
  size_t at_ = 0;
};

std::map<std::string, std::string> canonical_properties(const Map& properties, bool ignore_list_order) {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : properties) out[key] = canonical_value(value, ignore_list_order);
  return out;
}

std::string canonical_path(const List& elements, bool ignore_list_order) {
  std::string out = "<" + canonical_value(elements.at(0), ignore_list_order);
  for (size_t i = 1; i + 1 < elements.size(); i += 2) {
    const bool left = elements[i].relationship_data()->start != elements[i - 1].as_node();
    out += (left ? "<-" : "-") + canonical_value(elements[i], ignore_list_order) + (left ? "-" : "->") +
           canonical_value(elements[i + 1], ignore_list_order);
  }
  return out + ">";
}

}  // namespace

std::string canonical_cell(std::string_view cell, bool ignore_list_order) {
  return CellReader(cell, ignore_list_order).read_all();
}

std::string canonical_value(const Value& value, bool ignore_list_order) {
  switch (value.kind()) {
    case ValueKind::Null:
      return "null";
    case ValueKind::Boolean:
      return value.as_boolean() ? "true" : "false";
    case ValueKind::Integer:
      return std::to_string(value.as_integer());
    case ValueKind::Float:
      return canonical_float(value.as_float());
    case ValueKind::String:
      return "'" + value.as_string() + "'";
    case ValueKind::List: {
      std::vector<std::string> items;
      for (const Value& item : value.as_list()) items.push_back(canonical_value(item, ignore_list_order));
      return canonical_list(std::move(items), ignore_list_order);
    }
    case ValueKind::Map:
      return canonical_map(canonical_properties(value.as_map(), ignore_list_order));
    case ValueKind::Node:
      return canonical_node(value.node_data()->labels,
                            canonical_properties(value.node_data()->properties, ignore_list_order));
    case ValueKind::Relationship:
      return canonical_relationship(value.relationship_data()->type,
                                    canonical_properties(value.relationship_data()->properties, ignore_list_order));
    case ValueKind::Path:
      return canonical_path(value.as_path(), ignore_list_order);
    default:
      return "'" + value.to_display() + "'";
  }
}

}  // namespace entente::tck
