// From the text of a cell to a value, and from all texts of a column to its type.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/column.h"
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
  /// The texts that another one has seen.
  void add(const TypeInference& other) {
    possible_ &= other.possible_;
    any_ = any_ || other.any_;
  }
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

/// The items of a list in a cell, split at the delimiter; none if the text is empty. "\" keeps the delimiter or "\"
/// after it from being more than itself, and "\e" stands for an empty text.
std::vector<std::string> split_items(std::string_view text, char delimiter);
/// A text as an item, which split_items() gives back.
std::string list_item(std::string_view text, char delimiter);

/// Values from cells of one column. Thread-safe.
class CellParser {
 public:
  CellParser(PropertyType type, char array_delimiter) : type_(type), array_delimiter_(array_delimiter) {}

  /// No value if the text is not of the column's type. A missing value (an empty cell that is not quoted) is not to be
  /// asked for. Lists are split as split_items() does.
  std::optional<Value> parse(std::string_view text) const;

 private:
  std::optional<Value> parse_one(std::string_view text) const;
  std::optional<Value> parse_list(std::string_view text) const;

  PropertyType type_;
  char array_delimiter_;
};

/// A page of a column of the type, from cells at their places on it, in order. Cells that are not of the type are left
/// out.
std::shared_ptr<const ColumnBase> make_column_page(PropertyType type, char array_delimiter,
                                                   std::span<const std::pair<uint16_t, std::string_view>> cells);

/// "int", "string[]" and so on, as a header names the type.
std::string type_name(PropertyType type);

}  // namespace entente
