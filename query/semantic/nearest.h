// Names in messages: the nearest of some to one that is not known, for "did you mean …?".
//
// Distance is Damerau's in its restricted form (insertions, deletions, substitutions, swaps of neighbours; "optimal
// string alignment"), over bytes, without regard to ASCII case. A name is near if a third of it or less has to
// change, or if it only lacks its end. Pure; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace entente {

/// The candidate nearest to `name`, the first of several; empty if none is near.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean …?" with the nearest candidate; empty if none is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// The name in backquotes for a message, shortened if it is very long.
std::string shown(std::string_view name);

}  // namespace entente
