// How sentences and names are compared: tokens, and the names of entities. Case folding and the removal of diacritics
// follow Unicode (compatibility decomposition, marks dropped, case folded), by way of ICU.
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "entente/core/error.h"
#include "entente/tools/phrasebook.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

bool is_dash(UChar32 c) { return u_charType(c) == U_DASH_PUNCTUATION || c == 0x2212; }
bool is_apostrophe(UChar32 c) {
  return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x02BC || c == '`' || c == 0xB4 || c == 0xFF07;
}
bool is_word(UChar32 c) {
  if (u_isalnum(c) != 0) return true;
  const int8_t type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || c == '_';
}

/// Lower case, compatibility forms resolved, marks dropped.
std::string fold(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKDInstance(error);
  icu::UnicodeString unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  if (U_SUCCESS(error)) unicode = normalizer->normalize(unicode, error);
  unicode.foldCase();
  icu::UnicodeString plain;
  for (int32_t i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    const UChar32 c = unicode.char32At(i);
    if (u_charType(c) != U_NON_SPACING_MARK) plain.append(c);
  }
  std::string out;
  plain.toUTF8String(out);
  return out;
}

/// The code points of a text with their places.
struct Character {
  UChar32 c;
  size_t begin;
  size_t end;
};

std::vector<Character> characters(std::string_view text) {
  std::vector<Character> out;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size;) {
    const int64_t begin = i;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    out.push_back({c, static_cast<size_t>(begin), static_cast<size_t>(i)});
  }
  return out;
}

/// Tokens joined by blanks in order of the alphabet: the same for "Hayashi Yoshimasa" and "Yoshimasa Hayashi".
std::string sorted_words(std::string_view name) {
  std::vector<std::string> words;
  for (SentenceToken& token : sentence_tokens(name)) {
    if (token.text != "-") words.push_back(std::move(token.text));
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) out += word + ' ';
  return out;
}

}  // namespace

std::vector<SentenceToken> sentence_tokens(std::string_view text) {
  const std::vector<Character> chars = characters(text);
  std::vector<SentenceToken> tokens;
  const auto word_at = [&](size_t i) { return i < chars.size() && is_word(chars[i].c); };
  for (size_t i = 0; i < chars.size();) {
    const Character& first = chars[i];
    if (is_word(first.c)) {
      std::string raw;
      size_t end = first.end;
      for (; i < chars.size(); ++i) {
        const UChar32 c = chars[i].c;
        const bool dot = c == '.' && (word_at(i + 1) || raw.find('.') != std::string::npos);  // "U.S." and "1.5"
        const bool possessive = is_apostrophe(c) && i + 1 < chars.size() &&
                                (chars[i + 1].c == 's' || chars[i + 1].c == 'S') && !word_at(i + 2);
        if (possessive || !(is_word(c) || dot || is_apostrophe(c))) break;
        if (!is_apostrophe(c)) raw += text.substr(chars[i].begin, chars[i].end - chars[i].begin);
        end = chars[i].end;
      }
      raw.erase(std::remove(raw.begin(), raw.end(), '.'), raw.end());
      tokens.push_back({fold(raw), first.begin, end});
    } else if (is_apostrophe(first.c) && i + 1 < chars.size() && (chars[i + 1].c == 's' || chars[i + 1].c == 'S') &&
               !word_at(i + 2)) {
      tokens.push_back({"'s", first.begin, chars[i + 1].end});
      i += 2;
    } else {
      if (is_dash(first.c)) tokens.push_back({"-", first.begin, first.end});
      if (first.c == '/' || first.c == '&' || first.c == '+') {
        tokens.push_back({std::string(1, static_cast<char>(first.c)), first.begin, first.end});
      }
      ++i;
    }
  }
  return tokens;
}

std::string name_key(std::string_view name) {
  std::string key;
  for (const SentenceToken& token : sentence_tokens(name)) {
    if (token.text != "-") key += token.text;
  }
  return key;
}

EntityNames::EntityNames(const Snapshot& snapshot, const EntityKind& kind) {
  const LabelId label = snapshot.names().label(kind.label);
  if (!label.valid()) return;
  std::vector<uint32_t> ids;
  for (uint32_t from = 0; from < snapshot.node_limit();) {
    ids.clear();
    from = snapshot.scan_label(label, from, 4'096, ids);
    for (const uint32_t id : ids) {
      std::vector<std::string> names;
      for (const std::string& property : kind.names) {
        const KeyId key = snapshot.names().key(property);
        const Value value = key.valid() ? snapshot.property(NodeId(id), key) : Value();
        if (value.is_string()) names.push_back(value.as_string());
        if (!value.is_list()) continue;
        for (const Value& item : value.as_list()) {
          if (item.is_string()) names.push_back(item.as_string());
        }
      }
      const KeyId key = snapshot.names().key(kind.key);
      const Value value = key.valid() ? snapshot.property(NodeId(id), key) : Value();
      if (!value.is_null()) add({value, names.empty() ? value.to_display() : names.front()}, names);
    }
  }
}

void EntityNames::add(NamedEntity entity, const std::vector<std::string>& names) {
  const size_t number = entities_.size();
  entities_.push_back(std::move(entity));
  for (const std::string& name : names) {
    by_key_.emplace(name_key(name), number);
    by_words_.emplace(sorted_words(name), number);
    names_.push_back(name);
  }
}

std::vector<NamedEntity> EntityNames::find(std::string_view text) const {
  const auto look_up = [&](const std::multimap<std::string, size_t>& names, const std::string& key) {
    std::vector<size_t> numbers;
    for (auto [it, end] = names.equal_range(key); it != end; ++it) numbers.push_back(it->second);
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    std::vector<NamedEntity> found;
    found.reserve(numbers.size());
    for (const size_t number : numbers) found.push_back(entities_[number]);
    return found;
  };
  std::vector<std::string_view> forms{text};
  const std::vector<SentenceToken> tokens = sentence_tokens(text);
  if (tokens.size() > 1 && tokens.front().text == "the") forms.push_back(text.substr(tokens[1].begin));
  for (const std::string_view form : forms) {
    if (auto found = look_up(by_key_, name_key(form)); !found.empty()) return found;
    if (auto found = look_up(by_words_, sorted_words(form)); !found.empty()) return found;
  }
  return {};
}

std::string EntityNames::nearest(std::string_view text) const {
  const std::string key = name_key(text);
  std::string best;
  size_t best_distance = std::max<size_t>(1, key.size() / 3) + 1;
  for (const std::string& name : names_) {
    const size_t distance = edit_distance(key, name_key(name));
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = name;
  }
  return best;
}

}  // namespace entente
