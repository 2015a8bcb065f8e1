// Text for people: UTF-8 made safe, measured and cut by the columns that it takes on a terminal.
//
// Widths follow Unicode's East Asian Width (wide and full-width characters take two columns; combining and format
// characters none). Pure functions; input may be any bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

/// The text with each ill-formed byte sequence replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Characters that reorder the text around them: they can make a line read as something that it is not.
bool is_bidi_control(int32_t code_point);

/// Control, bidirectional-control, ill-formed and no characters written so that they show: "\n", "\t", "\u202E".
std::string visible(std::string_view text);

/// Columns on a terminal. Control characters count as none: use visible() first.
size_t display_width(std::string_view text);

/// The text, cut and ended with "…" if it is wider than `width` columns.
std::string fit_width(std::string_view text, size_t width);

/// Filled with blanks up to `width` columns, on the left if `right_aligned`.
std::string pad_width(std::string_view text, size_t width, bool right_aligned = false);

/// Lines of at most `width` columns where words allow it.
std::vector<std::string> wrap_words(std::string_view text, size_t width);

/// Without blanks, tabs and ends of lines at either end.
std::string trim(std::string_view text);

/// Changes of one character that turn one text into the other, as Levenshtein counts them; for "did you mean".
size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace entente
