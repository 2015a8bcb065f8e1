#include <charconv>
#include <cmath>

#include "entente/core/value.h"

namespace entente {

namespace {

/// As Java's Double.toString writes it: the fewest digits that read back to the same number, plain from 0.001 up to
/// 10,000,000 and with an exponent outside of that.
std::string float_text(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
  if (d == 0) return std::signbit(d) ? "-0.0" : "0.0";
  char buffer[40];
  const auto scientific = std::to_chars(buffer, buffer + sizeof buffer, std::abs(d), std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<size_t>(scientific.ptr - buffer));
  const size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits.append(text.substr(2, e - 2));
  const char* exponent_text = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(exponent_text, text.data() + text.size(), exponent);

  std::string out = d < 0 ? "-" : "";
  if (exponent < -3 || exponent >= 7) {
    out.append(digits, 0, 1).append(".").append(digits.size() > 1 ? digits.substr(1) : "0");
    return out.append("E").append(std::to_string(exponent));
  }
  if (exponent < 0) return out.append("0.").append(static_cast<size_t>(-exponent - 1), '0').append(digits);
  const size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() <= whole) return out.append(digits).append(whole - digits.size(), '0').append(".0");
  return out.append(digits, 0, whole).append(".").append(digits, whole);
}

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('\'');
  for (const char c : text) {
    switch (c) {
      case '\'':
        out.append("\\'");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      case '\b':
        out.append("\\b");
        break;
      case '\f':
        out.append("\\f");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out.append("\\u00").push_back(kHex[static_cast<unsigned char>(c) >> 4]);
          out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('\'');
}

/// A label, type or key; in backticks unless it is a plain identifier.
void append_name(std::string& out, std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool plain = !name.empty() && letter(name[0]);
  for (const char c : name) plain = plain && (letter(c) || (c >= '0' && c <= '9'));
  if (plain) {
    out.append(name);
    return;
  }
  out.push_back('`');
  for (const char c : name) out.append(c == '`' ? 2 : 1, c);
  out.push_back('`');
}

std::string iso_text(const Value& v) {
  switch (v.kind()) {
    case ValueKind::Date:
      return to_string(v.as_date());
    case ValueKind::LocalTime:
      return to_string(v.as_local_time());
    case ValueKind::Time:
      return to_string(v.as_time());
    case ValueKind::LocalDateTime:
      return to_string(v.as_local_date_time());
    case ValueKind::DateTime:
      return to_string(v.as_date_time());
    default:
      return to_string(v.as_duration());
  }
}

std::string_view constructor_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Date:
      return "date";
    case ValueKind::LocalTime:
      return "localtime";
    case ValueKind::Time:
      return "time";
    case ValueKind::LocalDateTime:
      return "localdatetime";
    case ValueKind::DateTime:
      return "datetime";
    default:
      return "duration";
  }
}

/// Writes a value with a stack of what is still to be written, as values may be nested deeply.
class LiteralWriter {
 public:
  std::string write(const Value& v) {
    stack_.push_back({.value = &v});
    while (!stack_.empty()) {
      const Item item = stack_.back();
      stack_.pop_back();
      if (item.value != nullptr) {
        write_value(*item.value);
      } else if (item.name != nullptr) {
        append_name(out_, *item.name);
      } else {
        out_.append(item.text);
      }
    }
    return std::move(out_);
  }

 private:
  struct Item {  // one of the three
    const Value* value = nullptr;
    const std::string* name = nullptr;
    std::string_view text = {};
  };

  void later(std::string_view text) { stack_.push_back({.text = text}); }

  void write_value(const Value& v) {
    switch (v.kind()) {
      case ValueKind::Null:
        out_.append("null");
        break;
      case ValueKind::Boolean:
        out_.append(v.as_boolean() ? "true" : "false");
        break;
      case ValueKind::Integer:
        out_.append(std::to_string(v.as_integer()));
        break;
      case ValueKind::Float:
        out_.append(float_text(v.as_float()));
        break;
      case ValueKind::String:
        append_quoted(out_, v.as_string());
        break;
      case ValueKind::List:
        write_list(v.as_list());
        break;
      case ValueKind::Map:
        push_entries(v.as_map());
        break;
      case ValueKind::Node:
        write_node(v, ")");
        break;
      case ValueKind::Relationship:
        write_relationship(v, "]");
        break;
      case ValueKind::Path:
        write_path(v.as_path());
        break;
      default:
        out_.append(constructor_of(v.kind())).append("('").append(iso_text(v)).append("')");
        break;
    }
  }

  void write_list(const List& list) {
    out_.push_back('[');
    later("]");
    for (size_t i = list.size(); i-- > 0;) {
      stack_.push_back({.value = &list[i]});
      if (i > 0) later(", ");
    }
  }

  void push_entries(const Map& map) {
    later("}");
    for (size_t i = map.size(); i-- > 0;) {
      stack_.push_back({.value = &map[i].second});
      later(": ");
      stack_.push_back({.name = &map[i].first});
      if (i > 0) later(", ");
    }
    later("{");
  }

  void write_node(const Value& v, std::string_view close) {
    out_.push_back('(');
    later(close);
    const NodeData* data = v.node_data();
    if (data == nullptr) {
      out_.append("#").append(std::to_string(v.as_node().value));
      return;
    }
    for (const std::string& label : data->labels) {
      out_.push_back(':');
      append_name(out_, label);
    }
    if (data->properties.empty()) return;
    if (!data->labels.empty()) out_.push_back(' ');
    push_entries(data->properties);
  }

  void write_relationship(const Value& v, std::string_view close) {
    out_.push_back('[');
    later(close);
    const RelationshipData* data = v.relationship_data();
    if (data == nullptr) {
      out_.append("#").append(std::to_string(v.as_relationship().value));
      return;
    }
    out_.push_back(':');
    append_name(out_, data->type);
    if (data->properties.empty()) return;
    out_.push_back(' ');
    push_entries(data->properties);
  }

  /// An arrow's head is at the end that the relationship leads to, where the path knows it.
  void write_path(const List& elements) {
    out_.push_back('<');
    later(">");
    for (size_t i = elements.size(); i-- > 0;) {
      const Value& element = elements[i];
      if (i % 2 == 0 || !element.is_relationship()) {
        stack_.push_back({.value = &element});
        continue;
      }
      const RelationshipData* data = element.relationship_data();
      const bool backward = data != nullptr && elements[i - 1].is_node() && data->start != elements[i - 1].as_node();
      later(backward ? "-" : "->");
      stack_.push_back({.value = &element});
      later(backward ? "<-" : "-");
    }
  }

  std::string out_;
  std::vector<Item> stack_;
};

}  // namespace

std::string Value::to_literal() const { return LiteralWriter().write(*this); }

std::string Value::to_display() const {
  if (is_string()) return as_string();
  return is_temporal() ? iso_text(*this) : to_literal();
}

}  // namespace entente
