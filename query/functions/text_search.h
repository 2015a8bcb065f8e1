// Searching and counting texts in linear time, whatever they are.
#pragma once

#include <string_view>

#include "entente/query/functions/registry.h"

namespace entente {

/// The place from `from` on where the part is; npos if there is none. Looks at limits on the way.
size_t find_text(std::string_view text, std::string_view part, size_t from, FunctionContext& context);

/// How many characters a text has.
int64_t code_points(std::string_view text, FunctionContext& context);

}  // namespace entente
