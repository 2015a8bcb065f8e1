#include "entente/core/text_analysis.h"

#include <libstemmer.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "entente/core/error.h"

namespace entente {
namespace {

constexpr UChar32 kProlongedSound = 0x30FC;  // of the script Common, but a part of Japanese words

/// The words that Lucene's English analyzer leaves out.
constexpr std::array<std::string_view, 33> kEnglishStopWords{
    "a",   "an",    "and",  "are",   "as",    "at",   "be",   "but", "by",  "for",  "if",
    "in",  "into",  "is",   "it",    "no",    "not",  "of",   "on",  "or",  "such", "that",
    "the", "their", "then", "there", "these", "they", "this", "to",  "was", "will", "with"};

[[noreturn]] void icu_failed(const char* what, UErrorCode status) {
  throw Error::resource("TextAnalysis", std::string("ICU cannot ") + what + ": " + u_errorName(status));
}

const icu::Normalizer2& case_folder() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) icu_failed("fold case", status);
  return *folder;
}

/// Knows the Latin letters that do not decompose, such as ø and ł.
const icu::Transliterator& latin_to_ascii() {
  thread_local const std::unique_ptr<icu::Transliterator> kLatin = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance("Latin-ASCII", UTRANS_FORWARD, status));
    if (U_FAILURE(status)) icu_failed("fold diacritics", status);
    return made;
  }();
  return *kLatin;
}

icu::BreakIterator& word_breaks() {
  thread_local const std::unique_ptr<icu::BreakIterator> kBreaks = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) icu_failed("find words", status);
    return made;
  }();
  return *kBreaks;
}

UScriptCode script_of(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(c, &status);
}

bool is_cjk(UChar32 c) {
  if (c < 0x1100) return false;
  if (c == kProlongedSound) return true;
  const UScriptCode script = script_of(c);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
}

bool is_mark(UChar32 c) { return u_charType(c) == U_NON_SPACING_MARK; }

/// Without the marks on Latin and Greek letters. The word is folded.
icu::UnicodeString without_diacritics(const icu::UnicodeString& word) {
  bool plain = true;
  for (int32_t i = 0; i < word.length(); ++i) plain = plain && word[i] < 0x80;
  if (plain) return word;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) icu_failed("normalise text", status);
  const icu::UnicodeString parts = nfd->normalize(word, status);
  icu::UnicodeString bare;
  bool strip = false;
  bool latin = false;
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 c = parts.char32At(i);
    if (is_mark(c) && strip) continue;
    if (!is_mark(c)) {
      const UScriptCode script = script_of(c);
      strip = script == USCRIPT_LATIN || script == USCRIPT_GREEK;
      latin = latin || (script == USCRIPT_LATIN && c >= 0x80);
    }
    bare.append(c);
  }
  bare = nfc->normalize(bare, status);
  if (U_FAILURE(status)) icu_failed("normalise text", status);
  if (latin) latin_to_ascii().transliterate(bare);
  return bare;
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, StemmerDeleter>;

std::string stem(sb_stemmer* stemmer, const std::string& word) {
  if (stemmer == nullptr) return word;
  const sb_symbol* out =
      sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  if (out == nullptr) throw Error::resource("OutOfMemory", "no memory is left to find the stem of a word");
  return {reinterpret_cast<const char*>(out), static_cast<size_t>(sb_stemmer_length(stemmer))};
}

void shorten(std::string& term) {
  if (term.size() <= TextAnalyzer::kLongestTerm) return;
  size_t length = TextAnalyzer::kLongestTerm;
  while (length > 0 && (static_cast<unsigned char>(term[length]) & 0xC0) == 0x80) --length;
  term.resize(length);
}

/// Cuts one text.
class Cutter {
 public:
  Cutter(const std::string& stemmer, bool stop_words, uint32_t position, std::vector<TextToken>& out)
      : stop_words_(stop_words), position_(position), out_(out) {
    if (stemmer.empty()) return;
    stemmer_.reset(sb_stemmer_new(stemmer.c_str(), nullptr));
    if (!stemmer_) throw Error::resource("TextAnalysis", "libstemmer has no stemmer for " + stemmer);
  }

  uint32_t cut(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString folded =
        case_folder().normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())}), status);
    if (U_FAILURE(status)) icu_failed("fold case", status);
    folded.findAndReplace(icu::UnicodeString(static_cast<UChar>(0x2019)), icu::UnicodeString(static_cast<UChar>('\'')));
    icu::BreakIterator& breaks = word_breaks();
    breaks.setText(folded);
    int32_t begin = breaks.first();
    for (int32_t end = breaks.next(); end != icu::BreakIterator::DONE; begin = end, end = breaks.next()) {
      if (breaks.getRuleStatus() == UBRK_WORD_NONE) {
        end_run();
      } else {
        segment(folded, begin, end);
      }
    }
    end_run();
    return position_;
  }

 private:
  /// A word, or a part of a run of CJK characters, or both next to each other.
  void segment(const icu::UnicodeString& text, int32_t begin, int32_t end) {
    int32_t word = begin;
    for (int32_t i = begin; i < end; i = text.moveIndex32(i, 1)) {
      const UChar32 c = text.char32At(i);
      if (!is_cjk(c)) {
        if (!run_.empty() && is_mark(c)) continue;
        end_run();
        continue;
      }
      if (word < i && run_.empty()) add_word(icu::UnicodeString(text, word, i - word));
      run_.push_back(c);
      word = text.moveIndex32(i, 1);
    }
    if (word < end && run_.empty()) add_word(icu::UnicodeString(text, word, end - word));
  }

  void add_word(const icu::UnicodeString& word) {
    std::string term;
    without_diacritics(word).toUTF8String(term);
    const uint32_t position = position_++;
    if (stop_words_ && std::find(kEnglishStopWords.begin(), kEnglishStopWords.end(), term) != kEnglishStopWords.end()) {
      return;
    }
    term = stem(stemmer_.get(), term);
    shorten(term);
    if (!term.empty()) out_.push_back({std::move(term), position, false, false});
  }

  void end_run() {
    for (size_t i = 0; i < run_.size(); ++i) {
      icu::UnicodeString pair;
      pair.append(run_[i]);
      const bool last = i + 1 == run_.size();
      if (!last) pair.append(run_[i + 1]);
      std::string term;
      pair.toUTF8String(term);
      out_.push_back({std::move(term), position_++, !last, last});
    }
    run_.clear();
  }

  bool stop_words_;
  uint32_t position_;
  std::vector<TextToken>& out_;
  Stemmer stemmer_;
  std::vector<UChar32> run_;
};

std::vector<TextAnalyzer> make_analyzers() {
  std::vector<TextAnalyzer> all;
  all.emplace_back(std::string(TextAnalyzer::kDefault), "Words as they are, folded. The default.", "", false);
  all.emplace_back("standard", "Words as they are, folded, without the commonest English ones.", "", true);
  all.emplace_back("cjk", "As the default, which keeps Chinese, Japanese and Korean as bigrams too.", "", false);
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) {
    const std::string language = *name;
    if (language == "porter") continue;
    std::string title = language;
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    const bool english = language == "english";
    all.emplace_back(language, title + " words by their stems" + (english ? ", without the commonest ones." : "."),
                     language, english);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name() < b.name(); });
  return all;
}

}  // namespace

const std::vector<TextAnalyzer>& TextAnalyzer::all() {
  static const std::vector<TextAnalyzer> kAll = make_analyzers();
  return kAll;
}

const TextAnalyzer* TextAnalyzer::find(std::string_view name) {
  for (const TextAnalyzer& analyzer : all()) {
    if (analyzer.name() == name) return &analyzer;
  }
  return nullptr;
}

uint32_t TextAnalyzer::analyze(std::string_view text, uint32_t position, std::vector<TextToken>& out) const {
  return Cutter(stemmer_, stop_words_, position, out).cut(text);
}

}  // namespace entente
