// Values in the TCK's tables, and how they compare with results.
//
// Both sides are brought into one canonical text: maps and labels sorted, temporal values as strings, integers and
// floats told apart by the point. Equal text is an equal value.
#pragma once

#include <string>
#include <string_view>

#include "entente/core/value.h"

namespace entente::tck {

/// The canonical text of a cell as a feature file writes it. Throws std::runtime_error if it cannot be read.
std::string canonical_cell(std::string_view cell, bool ignore_list_order);

/// The canonical text of a result's value. Nodes and relationships must carry their data.
std::string canonical_value(const Value& value, bool ignore_list_order);

}  // namespace entente::tck
