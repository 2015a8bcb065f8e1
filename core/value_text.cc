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
  for (const char c : name) out.append(c == '`' || c == '\\' ? 2 : 1, c);
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

/// Writes a value with a stack of what is being written, as values may be nested deeply.
class LiteralWriter {
 public:
  /// Stops soon after so many bytes.
  explicit LiteralWriter(size_t most = std::string::npos) : most_(most) {}

  std::string write(const Value& v) {
    write_value(v);
    while (!stack_.empty() && out_.size() <= most_) {
      Frame& top = stack_.back();
      if (top.list != nullptr ? write_element(top) : write_entry(top)) continue;
      out_.append(top.close);
      stack_.pop_back();
    }
    if (out_.size() > most_) cut();
    return std::move(out_);
  }

 private:
  /// The elements of a list or path, or the entries of a map, of which `next` are written.
  struct Frame {
    const List* list = nullptr;
    const Map* map = nullptr;
    bool is_path = false;
    std::string_view close;
    size_t next = 0;
  };

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
        append_quoted(out_, std::string_view(v.as_string()).substr(0, most_));
        break;
      case ValueKind::List:
        out_.push_back('[');
        stack_.push_back({.list = &v.as_list(), .close = "]"});
        break;
      case ValueKind::Map:
        open_map(v.as_map(), "}");
        break;
      case ValueKind::Node:
        write_node(v);
        break;
      case ValueKind::Relationship:
        write_relationship(v);
        break;
      case ValueKind::Path:
        out_.push_back('<');
        stack_.push_back({.list = &v.as_path(), .is_path = true, .close = ">"});
        break;
      default:
        out_.append(constructor_of(v.kind())).append("('").append(iso_text(v)).append("')");
        break;
    }
  }

  void open_map(const Map& map, std::string_view close) {
    out_.push_back('{');
    stack_.push_back({.map = &map, .close = close});
  }

  /// The next element; false if there is none. May add to the stack.
  bool write_element(Frame& frame) {
    const List& list = *frame.list;
    const size_t i = frame.next++;
    if (frame.is_path && i > 0) write_arrow(list, i - 1, true);
    if (i >= list.size()) return false;
    if (frame.is_path) write_arrow(list, i, false);
    if (!frame.is_path && i > 0) out_.append(", ");
    write_value(list[i]);
    return true;
  }

  bool write_entry(Frame& frame) {
    const size_t i = frame.next++;
    if (i >= frame.map->size()) return false;
    if (i > 0) out_.append(", ");
    append_name(out_, (*frame.map)[i].first);
    out_.append(": ");
    write_value((*frame.map)[i].second);
    return true;
  }

  void write_node(const Value& v) {
    out_.push_back('(');
    const NodeData* data = v.node_data();
    if (data == nullptr) {
      out_.append("#").append(std::to_string(v.as_node().value)).append(")");
      return;
    }
    for (const std::string& label : data->labels) {
      out_.push_back(':');
      append_name(out_, label);
    }
    if (data->properties.empty()) {
      out_.push_back(')');
      return;
    }
    if (!data->labels.empty()) out_.push_back(' ');
    open_map(data->properties, "})");
  }

  void write_relationship(const Value& v) {
    out_.push_back('[');
    const RelationshipData* data = v.relationship_data();
    if (data == nullptr) {
      out_.append("#").append(std::to_string(v.as_relationship().value)).append("]");
      return;
    }
    out_.push_back(':');
    append_name(out_, data->type);
    if (data->properties.empty()) {
      out_.push_back(']');
      return;
    }
    out_.push_back(' ');
    open_map(data->properties, "}]");
  }

  /// What stands before or after an element of a path, if it is a relationship. An arrow's head is at the end that the
  /// relationship leads to, where the path knows it.
  void write_arrow(const List& elements, size_t i, bool after) {
    if (i >= elements.size() || i % 2 == 0 || !elements[i].is_relationship()) return;
    const RelationshipData* data = elements[i].relationship_data();
    const bool backward = data != nullptr && elements[i - 1].is_node() && data->start != elements[i - 1].as_node();
    if (after) {
      out_.append(backward ? "-" : "->");
    } else {
      out_.append(backward ? "<-" : "-");
    }
  }

  void cut() {
    size_t end = most_;
    while (end > 0 && (static_cast<unsigned char>(out_[end]) & 0xC0) == 0x80) --end;  // not within a character
    out_.resize(end);
    out_.append("…");
  }

  const size_t most_;
  std::string out_;
  std::vector<Frame> stack_;
};

}  // namespace

std::string Value::to_literal() const { return LiteralWriter().write(*this); }

std::string Value::to_short_literal(size_t bytes) const { return LiteralWriter(bytes).write(*this); }

std::string Value::to_display() const {
  if (is_string()) return as_string();
  return is_temporal() ? iso_text(*this) : to_literal();
}

}  // namespace entente
