#include "entente/core/error.h"

#include <algorithm>

namespace entente {

namespace {

constexpr size_t kShownCodePoints = 100;  // of a long line, around the caret

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t count_code_points(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

/// The byte at which the code point with this number (from 0) starts; the text's size past the end.
size_t code_point_offset(std::string_view text, size_t number) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (starts_code_point(text[i]) && number-- == 0) return i;
  }
  return text.size();
}

}  // namespace

void Error::locate(std::string_view statement) {
  // An empty span past the start is a place too: where the text ended too soon.
  if ((span_.empty() && span_.begin == 0) || line_ != 0) return;
  const std::string_view before = statement.substr(0, std::min<size_t>(span_.begin, statement.size()));
  const size_t newline = before.rfind('\n');
  const size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  line_ = static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  column_ = static_cast<uint32_t>(count_code_points(before.substr(line_begin))) + 1;
  std::string_view line = statement.substr(line_begin);
  line = line.substr(0, line.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  source_line_ = line;
}

std::string Error::pretty() const {
  std::string out = what();
  if (line_ == 0) return out;
  const size_t caret = column_ - 1;
  const size_t first = caret > kShownCodePoints / 2 && count_code_points(source_line_) > kShownCodePoints
                           ? caret - kShownCodePoints / 2
                           : 0;
  const size_t begin = code_point_offset(source_line_, first);
  const std::string_view from_begin = std::string_view(source_line_).substr(begin);
  const std::string_view shown = from_begin.substr(0, code_point_offset(from_begin, kShownCodePoints));
  out.append("\n  ");
  if (first > 0) out.append("...");
  out.append(shown);
  if (shown.size() < from_begin.size()) out.append("...");
  out.append("\n  ");
  if (first > 0) out.append("   ");
  // Tabs stay tabs, so that the caret stands below its place however wide they are shown.
  size_t column = first;
  for (const char c : shown) {
    if (column == caret) break;
    if (!starts_code_point(c)) continue;
    out.push_back(c == '\t' ? '\t' : ' ');
    ++column;
  }
  out.push_back('^');
  return out;
}

}  // namespace entente
