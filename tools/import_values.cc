#include "entente/tools/import_values.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace entente {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<double> parse_float(std::string_view text) {
  // Digits, with at most one point and an exponent: from_chars would also take "inf" and "nan".
  size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (i >= text.size() || !(is_digit(text[i]) || text[i] == '.')) return std::nullopt;
  const std::string_view digits = text.substr(text[0] == '+' ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// Text that parse_float takes, and that is no number of digits with a leading zero or past 64 bits, which rather is a
/// name.
bool looks_like_float(std::string_view text) {
  if (!parse_float(text)) return false;
  if (text.find_first_of(".eE") == std::string_view::npos) return parse_integer(text).has_value();
  return text[0] != '+';
}

std::optional<bool> parse_boolean(std::string_view text) {
  const auto same = [&](std::string_view word) {
    return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
             return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
           });
  };
  if (same("true")) return true;
  if (same("false")) return false;
  return std::nullopt;
}

bool looks_like_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && is_digit(text[0]) && is_digit(text[9]) &&
         parse_date(text).has_value();
}

/// "2023-05-19T17:45…": the part up to the minutes.
bool begins_like_date_time(std::string_view text) {
  return text.size() >= 16 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':';
}

template <class T>
std::optional<Value> as_value(const std::optional<T>& parsed) {
  if (!parsed) return std::nullopt;
  return Value(*parsed);
}

}  // namespace

std::optional<int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = !text.empty() && text[0] == '-' ? text.substr(1) : text;
  if (digits.empty() || digits.size() > 19 || !is_digit(digits[0])) return std::nullopt;
  if (digits[0] == '0' && (digits.size() > 1 || digits.size() != text.size())) return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void TypeInference::add(std::string_view text) {
  if (possible_ == 0) return;
  any_ = true;
  if ((possible_ & kInteger) != 0 && !parse_integer(text)) possible_ &= ~kInteger;
  // Whatever may be an integer may be a float.
  if ((possible_ & kFloat) != 0 && (possible_ & kInteger) == 0 && !looks_like_float(text)) possible_ &= ~kFloat;
  if ((possible_ & kBoolean) != 0 && !parse_boolean(text)) possible_ &= ~kBoolean;
  if ((possible_ & kDate) != 0 && !looks_like_date(text)) possible_ &= ~kDate;
  const bool date_time = (possible_ & (kLocalDateTime | kDateTime)) != 0 && begins_like_date_time(text);
  if ((possible_ & kLocalDateTime) != 0 && !(date_time && parse_local_date_time(text))) possible_ &= ~kLocalDateTime;
  if ((possible_ & kDateTime) != 0) {
    const bool zoned = date_time && text.find_first_of("Z+-[", 16) != std::string_view::npos;
    if (!(zoned && parse_date_time(text))) possible_ &= ~kDateTime;
  }
}

CellType TypeInference::type() const {
  if (!any_) return CellType::String;
  if ((possible_ & kInteger) != 0) return CellType::Integer;
  if ((possible_ & kFloat) != 0) return CellType::Float;
  if ((possible_ & kBoolean) != 0) return CellType::Boolean;
  if ((possible_ & kDate) != 0) return CellType::Date;
  if ((possible_ & kLocalDateTime) != 0) return CellType::LocalDateTime;
  if ((possible_ & kDateTime) != 0) return CellType::DateTime;
  return CellType::String;
}

std::optional<Value> CellParser::parse(std::string_view text) const {
  return type_.array ? parse_list(text) : parse_one(text);
}

std::optional<Value> CellParser::parse_one(std::string_view text) const {
  switch (type_.base) {
    case CellType::Inferred:
    case CellType::String:
      return Value(text);
    case CellType::Integer: {
      int64_t value = 0;
      const std::string_view digits = !text.empty() && text[0] == '+' ? text.substr(1) : text;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
      return Value(value);
    }
    case CellType::Float: {
      double value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc() && end == text.data() + text.size()) return Value(value);
      return as_value(parse_float(text));
    }
    case CellType::Boolean:
      return as_value(parse_boolean(text));
    case CellType::Date:
      return as_value(parse_date(text));
    case CellType::LocalTime:
      return as_value(parse_local_time(text));
    case CellType::Time:
      return as_value(parse_time(text));
    case CellType::LocalDateTime:
      return as_value(parse_local_date_time(text));
    case CellType::DateTime:
      return as_value(parse_date_time(text));
    case CellType::Duration:
      return as_value(parse_duration(text));
  }
  return std::nullopt;
}

std::optional<Value> CellParser::parse_list(std::string_view text) const {
  List list;
  bool fits = true;
  for (const std::string& item : split_items(text, array_delimiter_)) {
    auto value = parse_one(item);
    fits = fits && value.has_value();
    if (fits) list.push_back(std::move(*value));
  }
  if (!fits) return std::nullopt;
  return Value(std::move(list));
}

std::vector<std::string> split_items(std::string_view text, char delimiter) {
  std::vector<std::string> items;
  if (text.empty()) return items;
  items.emplace_back();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() &&
        (text[i + 1] == delimiter || text[i + 1] == '\\' || text[i + 1] == 'e')) {
      ++i;
      if (text[i] != 'e') items.back() += text[i];
    } else if (text[i] == delimiter) {
      items.emplace_back();
    } else {
      items.back() += text[i];
    }
  }
  return items;
}

std::string list_item(std::string_view text, char delimiter) {
  if (text.empty()) return "\\e";
  std::string out;
  for (const char c : text) {
    if (c == delimiter || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

namespace {

ColumnType column_type(PropertyType type) {
  if (type.array) return ColumnType::Mixed;
  switch (type.base) {
    case CellType::Inferred:
    case CellType::String:
      return ColumnType::String;
    case CellType::Integer:
      return ColumnType::Integer;
    case CellType::Float:
      return ColumnType::Float;
    case CellType::Boolean:
      return ColumnType::Boolean;
    case CellType::Date:
      return ColumnType::Date;
    default:
      return ColumnType::Mixed;
  }
}

}  // namespace

std::shared_ptr<const ColumnBase> make_column_page(PropertyType type, char array_delimiter,
                                                   std::span<const std::pair<uint16_t, std::string_view>> cells) {
  ColumnType packed = column_type(type);
  size_t text_bytes = 0;
  if (packed == ColumnType::String) {
    for (const auto& [place, text] : cells) text_bytes += text.size();
    if (text_bytes > std::numeric_limits<uint32_t>::max()) packed = ColumnType::Mixed;
  }
  ColumnBuilder builder(packed, cells.size(), text_bytes);
  const CellParser parser(type, array_delimiter);
  for (const auto& [place, text] : cells) {
    if (packed == ColumnType::String) {
      builder.add_text(place, text);
    } else if (const auto value = parser.parse(text)) {
      builder.add(place, *value);
    }
  }
  return builder.finish();
}

std::string type_name(PropertyType type) {
  static constexpr const char* kNames[] = {"string",    "string", "int",           "float",    "boolean", "date",
                                           "localtime", "time",   "localdatetime", "datetime", "duration"};
  return std::string(kNames[static_cast<size_t>(type.base)]) + (type.array ? "[]" : "");
}

}  // namespace entente
