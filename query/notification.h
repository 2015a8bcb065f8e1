// What is worth telling about a statement that runs: it is no error, and the result is as it would be without.
//
// Codes, severities and categories are named as Neo4j names them. Values; a Notification stays valid on its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "entente/core/error.h"

namespace entente {

struct Notification {
  std::string code;         // "Neo.ClientNotification.Statement.UnknownLabelWarning"
  std::string severity;     // "WARNING", "INFORMATION"
  std::string category;     // "UNRECOGNIZED", "PERFORMANCE", "SCHEMA"
  std::string title;        // the same for all of the code
  std::string description;  // what exactly, and what may have been meant
  Span span = {};           // empty: it is about the whole statement
  uint32_t line = 0;        // of the span's start, from 1; 0 without a place
  uint32_t column = 0;      // counts code points
  uint32_t offset = 0;      // of the span's start in the statement, in code points

  /// Fills line, column and offset.
  void locate(std::string_view statement);
  /// "warning: " or "note: ", the description, and under it the line of the statement with a caret below the place.
  std::string pretty(std::string_view statement) const;
};

}  // namespace entente
