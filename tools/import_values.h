// From the text of a cell to a value, and from all texts of a column to its type.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "entente/core/value.h"
#include "entente/tools/import_spec.h"

namespace entente {

/// A whole number as it is usually written: no sign but "-", no leading zeros, within 64 bits. Others, such as "007",
/// are names.
std::optional<int64_t> parse_integer(std::string_view text);

/// Finds the narrowest type that all texts of a column have: integer, float, boolean, date, local date-time, date-time,
/// string. Floats are decimal; booleans "true" and "false" in any case; dates "2023-05-19", date-times
/// "2023-05-19T17:45" with or without seconds and zone.
class TypeInference {
 public:
  void add(std::string_view text);
  CellType type() const;

 private:
  static constexpr uint8_t kInteger = 1;
  static constexpr uint8_t kFloat = 2;
  static constexpr uint8_t kBoolean = 4;
  static constexpr uint8_t kDate = 8;
  static constexpr uint8_t kLocalDateTime = 16;
  static constexpr uint8_t kDateTime = 32;
  static constexpr uint8_t kAll = 63;

  uint8_t possible_ = kAll;
  bool any_ = false;
};

/// Values from cells of one column. Remembers texts that it met lately, as columns repeat themselves. Used by one
/// thread.
class CellParser {
 public:
  CellParser(PropertyType type, char array_delimiter) : type_(type), array_delimiter_(array_delimiter) {}

  /// No value if the text is not of the column's type. A missing value (an empty cell that is not quoted) is not to be
  /// asked for. Lists are split at the delimiter; "\" keeps the delimiter after it from splitting, and "\e" stands for
  /// an empty text.
  std::optional<Value> parse(std::string_view text);

 private:
  std::optional<Value> parse_one(std::string_view text);
  std::optional<Value> parse_list(std::string_view text);
  Value string(std::string_view text);

  PropertyType type_;
  char array_delimiter_;
  std::array<Value, 256> recent_;
};

/// "int", "string[]" and so on, as a header names the type.
std::string type_name(PropertyType type);

}  // namespace entente
