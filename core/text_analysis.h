// How a full-text index cuts text into words, and folds words so that what means the same compares the same.
//
// Words are those of Unicode (UAX #29, by ICU, with ICU's dictionaries for scripts such as Thai that write none
// apart). Compatibility forms and case are folded (NFKC_Casefold), Latin and Greek letters lose their diacritics, a
// typographic apostrophe becomes a plain one. Then an analyzer for a language takes words to their stems (Snowball).
// Runs of Chinese, Japanese and Korean characters are not cut into words but into *bigrams*: each two neighbours, and
// the last one alone. So every character of a run begins some term, and one character is looked up as a prefix.
//
// This is a part of core because it decides what an index holds: replaying a log must give the same index again.
// Analyzers are immutable and safe to use from many threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

struct TextToken {
  std::string term;          // UTF-8, at most TextAnalyzer::kLongestTerm bytes, without U+0000
  uint32_t position = 0;     // of its word in the text, from 0; words that are left out are counted
  bool bigram = false;       // of a run of CJK characters: the next one in the run has the next position
  bool last_of_run = false;  // the character that ends such a run, alone
};

class TextAnalyzer {
 public:
  static constexpr size_t kLongestTerm = 255;
  static constexpr std::string_view kDefault = "standard-no-stop-words";

  TextAnalyzer(std::string name, std::string description, std::string stemmer, bool stop_words)
      : name_(std::move(name)),
        description_(std::move(description)),
        stemmer_(std::move(stemmer)),
        stop_words_(stop_words) {}

  /// Null if there is none of this name (in lower case).
  static const TextAnalyzer* find(std::string_view name);
  /// Sorted by name.
  static const std::vector<TextAnalyzer>& all();

  const std::string& name() const { return name_; }
  const std::string& description() const { return description_; }

  /// Appends the tokens of the text, whose first word has this position; gives the position after its last one.
  /// Ill-formed UTF-8 stands for U+FFFD, which is no word.
  uint32_t analyze(std::string_view text, uint32_t position, std::vector<TextToken>& out) const;

 private:
  std::string name_;
  std::string description_;
  std::string stemmer_;  // of libstemmer; empty: none
  bool stop_words_;      // leaves out the commonest English words
};

}  // namespace entente
