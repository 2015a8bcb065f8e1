// The functions and procedures that documents describe.
//
// A description is one or more signatures, each a line of its own in backquotes (as an item of a list or not), and all
// that follows up to the next signature or heading.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document.h"

namespace entente {

struct Signature {
  std::string name;
  std::string text;
  size_t line = 0;
};

struct Entry {
  const Document* document = nullptr;
  std::vector<Signature> signatures;
  std::string text;
  /// Lines `EXPRESSION → VALUE` of the ```values blocks.
  std::vector<std::string> expressions;
};

std::vector<Entry> find_entries(const Document& document);

/// Signatures by name, as SHOW FUNCTIONS and SHOW PROCEDURES give them.
std::map<std::string, std::string> known_signatures();

/// A line of a ```values block without the value; `value_at` is where that begins, or npos.
std::string expression_of(std::string_view line, size_t& value_at);

/// The arguments of an expression that is nothing but a call of the function; none if it is something else.
std::vector<std::string> arguments_of(std::string_view expression, std::string_view function);

}  // namespace entente
