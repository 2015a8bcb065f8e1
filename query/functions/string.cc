// Functions of strings. Positions and lengths count code points; strings are UTF-8 and stay so.
//
// Case mapping, normalization and the white space of trim() are Unicode's, by ICU, and do not depend on a locale.

#include <algorithm>
#include <set>
#include <string_view>

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "entente/core/chunked_vector.h"
#include "entente/core/discard.h"
#include "entente/core/error.h"
#include "entente/query/functions/registry.h"
#include "entente/query/functions/text_search.h"

namespace entente {

namespace {

using Args = std::span<const Value>;

/// Calls fn with parts of a text, between which limits are looked at, until it gives false.
template <class Fn>
bool all_pieces(std::string_view text, FunctionContext& context, Fn fn) {
  constexpr size_t kPiece = size_t{1} << 20;
  constexpr size_t kBytesPerStep = 8;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kPiece))) {
    const std::string_view piece = text.substr(0, kPiece);
    if (!fn(piece)) return false;
    context.work(piece.size() / kBytesPerStep);
  }
  return true;
}

bool is_ascii(std::string_view text, FunctionContext& context) {
  return all_pieces(text, context, [](std::string_view piece) {
    return std::all_of(piece.begin(), piece.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

/// A copy.
std::string text_of(std::string_view text, FunctionContext& context) {
  std::string copy;
  copy.reserve(text.size());
  all_pieces(text, context, [&](std::string_view piece) {
    copy += piece;
    return true;
  });
  return copy;
}

// The byte at which the code point with this number begins; the text's size past its end.
size_t offset_of(std::string_view text, uint64_t code_point) {
  size_t i = 0;
  while (code_point > 0 && i < text.size()) {
    ++i;
    while (i < text.size() && U8_IS_TRAIL(text[i])) ++i;
    --code_point;
  }
  return i;
}

// The byte at which the last so many code points begin.
size_t offset_from_end(std::string_view text, uint64_t code_points) {
  size_t i = text.size();
  while (code_points > 0 && i > 0) {
    --i;
    while (i > 0 && U8_IS_TRAIL(text[i])) --i;
    --code_points;
  }
  return i;
}

/// The same of a text that may be long.
size_t offset_of(std::string_view text, uint64_t code_point, FunctionContext& context) {
  constexpr uint64_t kAtOnce = 1 << 16;
  size_t offset = 0;
  for (; code_point > kAtOnce && offset < text.size(); code_point -= kAtOnce) {
    offset += offset_of(text.substr(offset), kAtOnce);
    context.work(kAtOnce / 4);
  }
  return offset + offset_of(text.substr(offset), code_point);
}

size_t offset_from_end(std::string_view text, uint64_t code_points, FunctionContext& context) {
  constexpr uint64_t kAtOnce = 1 << 16;
  for (; code_points > kAtOnce && !text.empty(); code_points -= kAtOnce) {
    text = text.substr(0, offset_from_end(text, kAtOnce));
    context.work(kAtOnce / 4);
  }
  return offset_from_end(text, code_points);
}

uint64_t length_argument(const Value& value, const char* function, const char* what) {
  const int64_t length = value.as_integer();
  if (length >= 0) return static_cast<uint64_t>(length);
  throw Error::argument("NumberOutOfRange", std::string(function) + "(): the " + what +
                                                " must not be negative, but is " + std::to_string(length));
}

icu::UnicodeString to_unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
}

/// Calls fn with the parts of a text, large ones that end before a space where there is one: what Unicode says of a
/// character does not depend on what is beyond a space.
template <class Fn>
void for_each_part(std::string_view text, FunctionContext& context, Fn fn) {
  constexpr size_t kPart = size_t{1} << 20;
  constexpr size_t kBytesPerStep = 2;
  while (!text.empty()) {
    const size_t end = text.size() > kPart ? std::min(text.find(' ', kPart), text.size()) : text.size();
    fn(text.substr(0, end));
    context.work(end / kBytesPerStep);
    text.remove_prefix(end);
  }
}

// ---- case ----

std::string map_case(const char* function, const std::string& text, bool upper, FunctionContext& context) {
  check_result_bytes(context, function, text.size());
  std::string mapped;
  if (is_ascii(text, context)) {
    mapped.reserve(text.size());
    all_pieces(text, context, [&](std::string_view piece) {
      for (const char c : piece) {
        const bool changes = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
        mapped.push_back(changes ? static_cast<char>(c ^ 0x20) : c);
      }
      return true;
    });
    return mapped;
  }
  for_each_part(text, context, [&](std::string_view part) {
    icu::UnicodeString unicode = to_unicode(part);
    upper ? unicode.toUpper(icu::Locale::getRoot()) : unicode.toLower(icu::Locale::getRoot());
    unicode.toUTF8String(mapped);
    check_result_bytes(context, function, mapped.size());
  });
  return mapped;
}

Value to_upper(Args args, FunctionContext& context) { return map_case("toUpper", args[0].as_string(), true, context); }
Value to_lower(Args args, FunctionContext& context) { return map_case("toLower", args[0].as_string(), false, context); }

Value normalize(Args args, FunctionContext& context) {
  const std::string form = args.size() > 1 ? args[1].as_string() : "NFC";
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = nullptr;
  if (form == "NFC")
    normalizer = icu::Normalizer2::getNFCInstance(status);
  else if (form == "NFD")
    normalizer = icu::Normalizer2::getNFDInstance(status);
  else if (form == "NFKC")
    normalizer = icu::Normalizer2::getNFKCInstance(status);
  else if (form == "NFKD")
    normalizer = icu::Normalizer2::getNFKDInstance(status);
  else {
    throw Error::argument("InvalidArgumentValue",
                          "normalize(): '" + form + "' is no normal form; give 'NFC', 'NFD', 'NFKC' or 'NFKD'");
  }
  std::string result;
  for_each_part(args[0].as_string(), context, [&](std::string_view part) {
    if (U_FAILURE(status)) return;
    normalizer->normalize(to_unicode(part), status).toUTF8String(result);
    check_result_bytes(context, "normalize", result.size());
  });
  if (U_SUCCESS(status)) return result;
  throw Error::argument("InvalidArgumentValue", std::string("normalize() failed: ") + u_errorName(status));
}

/// Null for what is no string.
Value is_normalized(Args args, FunctionContext& context) {
  if (!args[0].is_string()) return Value();
  return normalize(args, context).as_string() == args[0].as_string();
}

// ---- parts ----

Value left(Args args, FunctionContext& context) {
  const std::string_view text = args[0].as_string();
  return text_of(text.substr(0, offset_of(text, length_argument(args[1], "left", "length"), context)), context);
}

Value right(Args args, FunctionContext& context) {
  const std::string_view text = args[0].as_string();
  return text_of(text.substr(offset_from_end(text, length_argument(args[1], "right", "length"), context)), context);
}

Value substring(Args args, FunctionContext& context) {
  const std::string_view text = args[0].as_string();
  const uint64_t start = length_argument(args[1], "substring", "start");
  const std::string_view rest = text.substr(offset_of(text, start, context));
  const size_t size =
      args.size() < 3 ? rest.size() : offset_of(rest, length_argument(args[2], "substring", "length"), context);
  return text_of(rest.substr(0, size), context);
}

// Trims by white space, or by the code points of `characters`.
class Trimmer {
 public:
  explicit Trimmer(const std::string* characters) : by_characters_(characters != nullptr) {
    std::string_view text = by_characters_ ? std::string_view(*characters) : std::string_view();
    while (!text.empty()) {
      const size_t length = offset_of(text, 1);
      characters_.insert(text.substr(0, length));
      text.remove_prefix(length);
    }
  }

  std::string_view trim_left(std::string_view text) const {
    while (!text.empty()) {
      const size_t length = offset_of(text, 1);
      if (!removes(text.substr(0, length))) break;
      text.remove_prefix(length);
    }
    return text;
  }

  std::string_view trim_right(std::string_view text) const {
    while (!text.empty()) {
      const size_t begin = offset_from_end(text, 1);
      if (!removes(text.substr(begin))) break;
      text.remove_suffix(text.size() - begin);
    }
    return text;
  }

 private:
  bool removes(std::string_view code_point) const {
    if (by_characters_) return characters_.contains(code_point);
    UChar32 c = 0;
    int32_t i = 0;
    U8_NEXT(code_point.data(), i, static_cast<int32_t>(code_point.size()), c);
    return c >= 0 && (u_isUWhiteSpace(c) || (c >= 0x1C && c <= 0x1F));
  }

  const bool by_characters_;
  std::set<std::string_view> characters_;
};

ScalarFunction trim_function(bool left_side, bool right_side) {
  return [left_side, right_side](Args args, FunctionContext& context) -> Value {
    const Trimmer trimmer(args.size() > 1 ? &args[1].as_string() : nullptr);
    std::string_view text = args[0].as_string();
    if (left_side) text = trimmer.trim_left(text);
    if (right_side) text = trimmer.trim_right(text);
    return text_of(text, context);
  };
}

// ---- replace, split ----

Value replace(Args args, FunctionContext& context) {
  const std::string& text = args[0].as_string();
  const std::string& search = args[1].as_string();
  const std::string& replacement = args[2].as_string();
  const uint64_t most = args.size() > 3 ? length_argument(args[3], "replace", "limit") : UINT64_MAX;
  if (search.empty()) return args[0];
  const auto find = [&](size_t from) {
    context.work(1);
    return find_text(text, search, from, context);
  };
  uint64_t count = 0;
  for (size_t i = find(0); i != std::string::npos && count < most; i = find(i + search.size())) ++count;
  if (count == 0) return args[0];
  const uint64_t length = text.size() - count * search.size() + count * replacement.size();
  check_result_bytes(context, "replace", length);
  std::string result;
  result.reserve(length);
  size_t from = 0;
  for (; count > 0; --count) {
    const size_t i = find(from);
    result.append(text, from, i - from);
    result += replacement;
    context.work(replacement.size() / sizeof(Value));
    from = i + search.size();
  }
  result.append(text, from);
  return result;
}

std::vector<std::string> delimiters(const Value& value) {
  if (value.is_string()) return {value.as_string()};
  std::vector<std::string> all;
  for (const Value& element : value.as_list()) all.push_back(element.as_string());
  return all;
}

/// Gathers the parts of a text as a list, within the limits.
class PartList {
 public:
  explicit PartList(FunctionContext& context) : context_(context) {}
  void add(std::string_view part) {
    constexpr size_t kPart = 4 * sizeof(Value);
    bytes_ += kPart + part.size();
    check_result_bytes(context_, "split", bytes_);
    context_.work(1 + part.size() / sizeof(Value));
    parts_->emplace_back(part);
  }
  Value take() {
    Filling<List> list;
    list->reserve(parts_->size());
    for (Value& part : *parts_) {
      context_.work(1);
      list->push_back(std::move(part));
    }
    return make_list(list.take(), context_.limits);
  }

 private:
  FunctionContext& context_;
  Filling<ChunkedVector<Value>> parts_;
  size_t bytes_ = 0;
};

Value split_characters(std::string_view text, FunctionContext& context) {
  PartList parts(context);
  if (text.empty()) parts.add("");
  while (!text.empty()) {
    const size_t length = offset_of(text, 1);
    parts.add(text.substr(0, length));
    text.remove_prefix(length);
  }
  return parts.take();
}

Value split(Args args, FunctionContext& context) {
  const std::string_view text = args[0].as_string();
  const std::vector<std::string> separators = delimiters(args[1]);
  if (std::find(separators.begin(), separators.end(), "") != separators.end()) return split_characters(text, context);
  PartList parts(context);
  size_t from = 0;
  if (separators.size() == 1) {
    const std::string& separator = separators[0];
    for (size_t i = find_text(text, separator, 0, context); i != std::string::npos;
         i = find_text(text, separator, from, context)) {
      parts.add(text.substr(from, i - from));
      from = i + separator.size();
    }
    parts.add(text.substr(from));
    return parts.take();
  }
  for (size_t i = 0; i < text.size();) {
    context.work(1 + separators.size());
    const auto matches = [&](const std::string& separator) {
      return text.compare(i, separator.size(), separator) == 0;
    };
    const auto separator = std::find_if(separators.begin(), separators.end(), matches);
    if (separator == separators.end()) {
      ++i;
      continue;
    }
    parts.add(text.substr(from, i - from));
    i += separator->size();
    from = i;
  }
  parts.add(text.substr(from));
  return parts.take();
}

Value char_length(Args args, FunctionContext& context) { return code_points(args[0].as_string(), context); }

}  // namespace

int64_t code_points(std::string_view text, FunctionContext& context) {
  int64_t count = 0;
  all_pieces(text, context, [&](std::string_view piece) {
    for (const char c : piece) count += U8_IS_TRAIL(c) ? 0 : 1;
    return true;
  });
  return count;
}

void add_string_functions(FunctionRegistry& registry) {
  for (const char* name : {"toUpper", "upper"}) {
    registry.add(name, {kStringType}, 1, kStringType, to_upper, "The string in upper case.");
  }
  for (const char* name : {"toLower", "lower"}) {
    registry.add(name, {kStringType}, 1, kStringType, to_lower, "The string in lower case.");
  }
  registry.add("normalize", {kStringType, kStringType}, 1, kStringType, normalize,
               "The string in a Unicode normal form: 'NFC' (default), 'NFD', 'NFKC' or 'NFKD'.");
  registry.add("isNormalized", {kAnyType, kStringType}, 1, kBooleanType | kNullType, is_normalized,
               "Whether a string is in a Unicode normal form, as IS NORMALIZED asks; null for other kinds.");
  registry.add("left", {kStringType, kIntegerType}, 2, kStringType, left, "The first so many characters.");
  registry.add("right", {kStringType, kIntegerType}, 2, kStringType, right, "The last so many characters.");
  registry.add("substring", {kStringType, kIntegerType, kIntegerType}, 2, kStringType, substring,
               "The characters from a start (from 0) on, all or so many.");
  const std::vector<TypeSet> trimmed = {kStringType, kStringType};
  registry.add("trim", trimmed, 1, kStringType, trim_function(true, true),
               "Without white space (or the characters given) at both ends.");
  registry.add("bTrim", trimmed, 1, kStringType, trim_function(true, true),
               "Without white space (or the characters given) at both ends.");
  registry.add("lTrim", trimmed, 1, kStringType, trim_function(true, false),
               "Without white space (or the characters given) at the beginning.");
  registry.add("rTrim", trimmed, 1, kStringType, trim_function(false, true),
               "Without white space (or the characters given) at the end.");
  registry.add("replace", {kStringType, kStringType, kStringType, kIntegerType}, 3, kStringType, replace,
               "With each occurrence of the second string replaced by the third, or the first so many.");
  registry.add("split", {kStringType, kStringType | kListType}, 2, kListType, split,
               "The parts between a delimiter, or any of a list of delimiters.");
  for (const char* name : {"char_length", "character_length"}) {
    registry.add(name, {kStringType}, 1, kIntegerType, char_length, "The number of characters.");
  }
}

}  // namespace entente
