#include "entente/query/semantic/nearest.h"

#include <algorithm>
#include <vector>

namespace entente {
namespace {

constexpr size_t kLongestName = 64;
constexpr size_t kMostCandidates = 10'000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

/// The distance of two names by rows of the usual table; the last three rows suffice.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substituted = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({substituted, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  if (name.empty() || name.size() > kLongestName) return {};
  std::string wanted = lower(name);
  size_t best = std::max<size_t>(name.size() / 3, 1) + 1;  // the distance that is too far
  if (name.size() < 3) best = name.size();
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates.first(std::min(candidates.size(), kMostCandidates))) {
    size_t longer = std::max(candidate.size(), wanted.size());
    size_t shorter = std::min(candidate.size(), wanted.size());
    if (longer - shorter >= best) continue;
    size_t d = distance(wanted, lower(candidate));
    if (d < best && d < longer) {
      best = d;
      found = &candidate;
    }
  }
  if (found != nullptr) return *found;
  // A word cut short, such as `substr`.
  for (const std::string& candidate : candidates.first(std::min(candidates.size(), kMostCandidates))) {
    if (wanted.size() < 4 || candidate.size() > 2 * wanted.size() || !lower(candidate).starts_with(wanted)) continue;
    if (found == nullptr || candidate.size() < found->size()) found = &candidate;
  }
  return found == nullptr || found->size() == wanted.size() ? std::string() : *found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string near = nearest_name(name, candidates);
  return near.empty() ? near : "; did you mean " + near + "?";
}

std::string shown(std::string_view name) {
  constexpr size_t kLongest = 80;
  if (name.size() <= kLongest) return "`" + std::string(name) + "`";
  size_t length = kLongest;
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80) --length;
  return "`" + std::string(name.substr(0, length)) + "…`";
}

}  // namespace entente
