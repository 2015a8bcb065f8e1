// Stored questions: sentence patterns with typed slots, each with the Cypher that answers it.
//
// A phrasebook is a text file. Lines that begin with "#" are comments; what belongs to an entry is indented:
//
//   entity Country                       nodes with this label can fill slots
//     key    id                          the property that is handed to the Cypher
//     names  name, aliases, iso2, iso3   properties (texts or lists of texts) by which people call them
//
//   question hosts-of-talks
//     example which forums hosted US–Japan FM talks
//     ask     which forums hosted {a:Country}–{b:Country} (FM|foreign ministers') talks [in {year:Integer}]
//     cypher
//       MATCH … {id: $a} …
//
// In a pattern (x|y) are alternatives, [x] may be left out, {name:Type} is a slot; Type is an entity or Integer, Date
// or Text. A slot that is left out is null. A dash between slots also matches "and", "&", "/" or nothing. A question
// may have several patterns.
//
// A sentence matches without regard to case, diacritics, blanks, kinds of dashes and apostrophes, and punctuation. See
// `sentence_tokens`.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/core/snapshot.h"

namespace entente {

/// A word or sign of a sentence, in the form in which sentences are compared, and where it stands in the text.
struct SentenceToken {
  std::string text;  // lower case, no diacritics; every dash is "-"
  size_t begin = 0;
  size_t end = 0;
};

/// Words keep no apostrophes ("ministers'" is "ministers") but "'s" is a token of its own; dots within abbreviations go
/// ("U.S." is "us"). Punctuation goes but for "-", "/", "&" and "+".
std::vector<SentenceToken> sentence_tokens(std::string_view text);

/// The form in which names are compared: their tokens without dashes and blanks between them.
std::string name_key(std::string_view name);

struct PatternNode {
  enum class Kind : uint8_t { Word, Dash, Slot, Sequence, Choice } kind = Kind::Sequence;
  std::string text;                // a word; the name of a slot
  std::string type;                // of a slot
  std::vector<PatternNode> parts;  // of a sequence or choice; an optional part is a choice with an empty sequence
};

struct EntityKind {
  std::string label;
  std::string key;
  std::vector<std::string> names;
};

struct Question {
  struct Pattern {
    std::string text;
    PatternNode root;
  };
  std::string name;
  std::string example;
  std::vector<Pattern> patterns;
  std::string cypher;
  std::map<std::string, std::string> slots;  // name -> type, of all patterns
};

struct Phrasebook {
  std::vector<EntityKind> entities;
  std::vector<Question> questions;
  const EntityKind* entity(std::string_view label) const;
};

/// Throws Error PhrasebookError.Invalid with the line.
Phrasebook parse_phrasebook(std::string_view text, const std::string& file_name);

/// One way to read a sentence as a pattern: the text that each slot has, as a range of tokens.
struct Reading {
  struct Slot {
    std::string name;
    std::string type;
    size_t begin;
    size_t end;
  };
  std::vector<Slot> slots;
};

/// All ways to read the sentence as this pattern, at most `limit`; the search is bounded.
std::vector<Reading> read_as(const PatternNode& pattern, const std::vector<SentenceToken>& sentence,
                             size_t limit = 256);

/// The words that a pattern asks for, for finding the question that is nearest to a sentence.
std::vector<std::string> pattern_words(const PatternNode& pattern);

/// What an entity is called, and how it is handed to Cypher.
struct NamedEntity {
  Value key;
  std::string name;  // the first of its names
};

/// The names of the entities of one kind.
class EntityNames {
 public:
  EntityNames() = default;
  EntityNames(const Snapshot& snapshot, const EntityKind& kind);

  void add(NamedEntity entity, const std::vector<std::string>& names);
  /// Those called so: by the name as it is, or else by its words in any order. Without a leading "the".
  std::vector<NamedEntity> find(std::string_view text) const;
  /// The name nearest to a text, or an empty text if there is none near.
  std::string nearest(std::string_view text) const;

 private:
  std::vector<NamedEntity> entities_;
  std::multimap<std::string, size_t> by_key_;
  std::multimap<std::string, size_t> by_words_;
  std::vector<std::string> names_;
};

}  // namespace entente
