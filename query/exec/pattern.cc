#include "entente/query/exec/pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "entente/query/apart.h"
#include "entente/query/semantic/nearest.h"

namespace entente {
namespace {

/// A match takes a nanosecond or two for each byte; of some expressions and texts, some nanoseconds for each byte and
/// each instruction that RE2 has made of the expression. It cannot be broken off, so what may take long, as the product
/// of the two is larger than this, is done apart.
constexpr uint64_t kMostSteps = uint64_t{32} << 20;

}  // namespace

std::optional<bool> Pattern::matches(const Value& text, const Value& pattern) {
  if (!text.is_string() || !pattern.is_string()) return std::nullopt;
  compile(pattern.as_string());
  return takes_long(text.as_string()) ? match_apart(text) : re2::RE2::FullMatch(text.as_string(), *compiled_);
}

bool Pattern::matches(std::string_view text, const std::string& pattern) {
  compile(pattern);
  if (takes_long(text)) return match_apart(Value(text));
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

bool Pattern::takes_long(std::string_view text) const {
  const auto instructions = static_cast<uint64_t>(std::max(1, compiled_->ProgramSize()));
  return text.size() > kMostSteps / instructions;
}

bool Pattern::match_apart(const Value& text) const {
  const auto result = std::make_shared<bool>(false);
  run_apart(context_, [result, text, compiled = compiled_](const std::atomic<bool>&) {
    *result = re2::RE2::FullMatch(text.as_string(), *compiled);
  });
  return *result;
}

void Pattern::compile(const std::string& pattern) {
  if (compiled_ != nullptr && compiled_->pattern() == pattern) return;
  // RE2 bounds the memory of what it makes of a pattern and of matching, but not that of reading the pattern, in which
  // a class of Unicode takes some 30 KB.
  constexpr int64_t kMostMemory = int64_t{8} << 20;
  constexpr size_t kMostLength = size_t{64} << 10;
  constexpr size_t kLengthOfClass = 100;
  constexpr size_t kMostOfMessage = 200;  // RE2's may quote the pattern
  size_t length = pattern.size();
  for (size_t i = 0; i < pattern.size() && length <= kMostLength; ++i) {
    const bool property = pattern[i] == '\\' && i + 1 < pattern.size() && (pattern[i + 1] | 0x20) == 'p';
    if (property || pattern[i] == '[') length += kLengthOfClass;
  }
  if (length > kMostLength) {
    throw Error::argument("InvalidArgumentValue",
                          "a regular expression may have 65,536 bytes, where a class such as [a-z] or \\pL counts as "
                          "100, and this one has more; for many words use IN, CONTAINS or a full-text index",
                          span_);
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  compiled_ = std::make_shared<const re2::RE2>(pattern, options);
  if (compiled_->ok()) return;
  throw Error::argument("InvalidArgumentValue",
                        shown(pattern) + " is no regular expression that can be used here: " +
                            compiled_->error().substr(0, kMostOfMessage) +
                            "; the syntax is RE2's, which has no look-around and no back-references",
                        span_);
}

}  // namespace entente
