// `=~`: a regular expression that matches a whole text, in time linear in the text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "entente/core/error.h"
#include "entente/core/value.h"
#include "entente/query/exec/context.h"

namespace re2 {
class RE2;
}

namespace entente {

/// Keeps the last expression compiled. Used by one thread.
class Pattern {
 public:
  Pattern(Span span, ExecContext& context) : span_(span), context_(context) {}
  /// No value unless both are strings.
  std::optional<bool> matches(const Value& text, const Value& pattern);
  bool matches(std::string_view text, const std::string& pattern);

 private:
  bool takes_long(std::string_view text) const;
  bool match_apart(const Value& text) const;
  void compile(const std::string& pattern);

  Span span_;
  ExecContext& context_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace entente
