#include "entente/query/functions/text_search.h"

#include <cstring>

namespace entente {

namespace {

constexpr size_t kWindow = size_t{4} << 20;
constexpr size_t kBytesPerStep = 16;

}  // namespace

// memmem(3) takes linear time in glibc and musl (Crochemore and Perrin, "Two-way string-matching", 1991), which
// std::string::find does not. Windows overlap by what a match across their border needs.
size_t find_text(std::string_view text, std::string_view part, size_t from, FunctionContext& context) {
  if (part.empty()) return from <= text.size() ? from : std::string_view::npos;  // an empty text may have no address
  const size_t window = std::max(kWindow, 2 * part.size());
  while (from <= text.size() && part.size() <= text.size() - from) {
    const std::string_view searched = text.substr(from, window);
    const void* found = memmem(searched.data(), searched.size(), part.data(), part.size());
    if (found != nullptr) return static_cast<size_t>(static_cast<const char*>(found) - text.data());
    context.work(1 + searched.size() / kBytesPerStep);
    if (searched.size() == text.size() - from) break;
    from += searched.size() - part.size() + 1;
  }
  return std::string_view::npos;
}

}  // namespace entente
