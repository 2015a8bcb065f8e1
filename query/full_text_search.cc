#include "entente/query/full_text_search.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "entente/core/full_text.h"
#include "entente/core/text_analysis.h"
#include "entente/query/exec/operators.h"
#include "entente/query/schema_text.h"

namespace entente {

namespace {

constexpr int kDeepest = 64;
constexpr size_t kMostClauses = 1'024;
constexpr double kK1 = 1.2;
constexpr double kB = 0.75;

/// A word of a phrase, so far behind its first one.
struct PhraseWord {
  std::string term;
  uint32_t offset = 0;
  bool prefix = false;
};

struct TextQuery {
  enum class Occur : uint8_t { Should, Must, MustNot };

  // A phrase (of one word or more), or else parts; neither: nothing that could be found, which its parent leaves out.
  std::vector<PhraseWord> phrase;
  bool constant = false;          // the phrase scores 1
  std::optional<uint32_t> field;  // of the phrase; none: any
  std::vector<TextQuery> parts;
  Occur occur = Occur::Should;  // in its parent

  bool empty() const { return phrase.empty() && parts.empty(); }
};

// ---- parsing ----

class TextQueryParser {
 public:
  TextQueryParser(const IndexDefinition& definition, const Snapshot& graph, std::string_view text)
      : definition_(definition), graph_(graph), text_(text), analyzer_(*TextAnalyzer::find(definition.analyzer)) {}

  TextQuery parse() {
    TextQuery query = clauses(0, std::nullopt);
    if (at_ < text_.size()) fail("there is a ) without its (");
    return query;
  }

 private:
  using Occur = TextQuery::Occur;

  TextQuery clauses(int depth, std::optional<uint32_t> field) {
    if (depth > kDeepest) fail("it is nested too deeply: at most " + std::to_string(kDeepest) + " ( are allowed");
    TextQuery query;
    bool joined = false;  // by AND
    bool operand_due = false;
    for (skip_space(); at_ < text_.size() && text_[at_] != ')'; skip_space()) {
      if (const int joint = conjunction(); joint != 0) {
        if (query.parts.empty() || operand_due) fail("AND or OR has nothing before it");
        operand_due = true;
        joined = joint > 1;
        if (joined && query.parts.back().occur == Occur::Should) query.parts.back().occur = Occur::Must;
        continue;
      }
      Occur occur = joined ? Occur::Must : Occur::Should;
      if (const std::optional<Occur> stated = modifier()) occur = *stated;
      query.parts.push_back(primary(depth, field));
      query.parts.back().occur = occur;
      if (++clauses_ > kMostClauses) fail("it has more than " + std::to_string(kMostClauses) + " words");
      joined = operand_due = false;
    }
    if (operand_due) fail("AND or OR has nothing after it");
    std::erase_if(query.parts, [](const TextQuery& part) { return part.empty(); });
    return query;
  }

  /// 0: none here, 1: OR, 2: AND
  int conjunction() {
    if (accept_operator("AND") || accept("&&")) return 2;
    return accept_operator("OR") || accept("||") ? 1 : 0;
  }

  std::optional<Occur> modifier() {
    if (accept_operator("NOT") || accept("!") || accept("-")) {
      skip_space();
      return Occur::MustNot;
    }
    return accept("+") ? std::optional(Occur::Must) : std::nullopt;
  }

  TextQuery primary(int depth, std::optional<uint32_t> field) {
    if (at_ == text_.size() || text_[at_] == ')') fail("a word is missing at its end");
    if (accept("(")) {
      TextQuery inner = clauses(depth + 1, field);
      if (!accept(")")) fail("a ( lacks its )");
      refuse_suffix();
      return inner;
    }
    if (accept("\"")) return phrase(field);
    return word(depth, field);
  }

  TextQuery phrase(std::optional<uint32_t> field) {
    std::string text;
    while (at_ < text_.size() && text_[at_] != '"') text += character();
    if (!accept("\"")) fail("a \" lacks its partner");
    refuse_suffix();
    TextQuery query;
    query.field = field;
    std::vector<TextToken> tokens;
    analyzer_.analyze(text, 0, tokens);
    query.phrase = phrase_of(tokens);
    return query;
  }

  TextQuery word(int depth, std::optional<uint32_t> field) {
    std::string text;
    while (at_ < text_.size() && !ends_word(text_[at_])) {
      if (text_[at_] == '*' || text_[at_] == '?') break;
      text += character();
    }
    if (at_ < text_.size() && text_[at_] == ':' && !text.empty()) {
      ++at_;
      return primary_of(text, depth);
    }
    const bool prefix = accept("*");
    if (text.empty() || (at_ < text_.size() && (text_[at_] == '?' || text_[at_] == '*' || !ends_word(text_[at_])))) {
      refuse_wildcard(prefix);
    }
    refuse_suffix();
    return word_query(text, prefix, field);
  }

  TextQuery primary_of(const std::string& key, int depth) {
    for (uint32_t i = 0; i < definition_.keys.size(); ++i) {
      if (graph_.names().keys.name(definition_.keys[i].value) == key) return primary(depth, i);
    }
    std::string known;
    for (const KeyId k : definition_.keys) known += (known.empty() ? "" : ", ") + graph_.names().keys.name(k.value);
    fail("the index is not on a property `" + key + "`, but on " + known + "; a : that means itself is written \\:");
  }

  TextQuery word_query(const std::string& text, bool prefix, std::optional<uint32_t> field) const {
    std::vector<TextToken> tokens;
    // What a word begins with is not a word, and so has no stem.
    (prefix ? *TextAnalyzer::find(TextAnalyzer::kDefault) : analyzer_).analyze(text, 0, tokens);
    const bool cjk = std::any_of(tokens.begin(), tokens.end(), [](const auto& t) { return t.bigram || t.last_of_run; });
    TextQuery query;
    query.field = field;
    if (cjk || prefix || tokens.size() < 2) {
      query.phrase = phrase_of(tokens);
      if (prefix && !query.phrase.empty() && !cjk) {
        query.phrase.back().prefix = true;
        query.constant = true;
      }
      return query;
    }
    for (const TextToken& token : tokens) {  // such as those of wi-fi: any of them
      TextQuery one;
      one.field = field;
      one.phrase = {{token.term, 0, false}};
      query.parts.push_back(std::move(one));
    }
    return query;
  }

  /// The last character of a run is said by its last bigram; one that is a run by itself begins some term.
  static std::vector<PhraseWord> phrase_of(const std::vector<TextToken>& tokens) {
    std::vector<PhraseWord> words;
    for (size_t i = 0; i < tokens.size(); ++i) {
      const bool said = tokens[i].last_of_run && i > 0 && tokens[i - 1].bigram;
      if (said) continue;
      words.push_back({tokens[i].term, tokens[i].position, tokens[i].last_of_run});
    }
    for (size_t i = words.size(); i-- > 0;) words[i].offset -= words[0].offset;
    return words;
  }

  // ---- characters ----

  static bool ends_word(char c) {
    return std::string_view(" \t\n\r\v\f()\":^~[]{}/").find(c) != std::string_view::npos;
  }

  std::string character() {
    if (text_[at_] == '\\') {
      if (++at_ == text_.size()) fail("a \\ at its end escapes nothing");
    }
    std::string out(1, text_[at_++]);
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) out += text_[at_++];
    return out;
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\n\r\v\f").find(text_[at_]) != std::string_view::npos) ++at_;
    if (text_.substr(at_).starts_with("\xE3\x80\x80")) {  // U+3000
      at_ += 3;
      skip_space();
    }
  }

  bool accept(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  bool accept_operator(std::string_view word) {
    const size_t end = at_ + word.size();
    if (!text_.substr(at_).starts_with(word)) return false;
    if (end < text_.size() && !ends_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  void refuse_suffix() const {
    if (at_ == text_.size()) return;
    if (text_[at_] == '~')
      fail("fuzzy words and phrases (~) are not there; name the words, or use a prefix such as rob*");
    if (text_[at_] == '^') fail("weights (^) are not there");
  }

  [[noreturn]] void refuse_wildcard(bool prefix) const {
    const char c = at_ < text_.size() ? text_[at_] : '*';
    if (c == '[' || c == '{' || c == ']' || c == '}') fail("ranges are not there; use a range index and < or >");
    if (c == '/') fail("regular expressions are not there; a / that means itself is written \\/");
    if (c == '~' || c == '^' || c == ':') fail(std::string("there is no word before ") + c);
    fail(std::string(prefix || c == '*' ? "*" : "?") +
         " can stand only behind the beginning of a word, as in rob*, and ? nowhere");
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error::argument("InvalidFullTextQuery", "the full-text query " +
                                                      Value(std::string(text_)).to_short_literal() +
                                                      " cannot be read at byte " + std::to_string(at_) + ": " + why);
  }

  const IndexDefinition& definition_;
  const Snapshot& graph_;
  std::string_view text_;
  const TextAnalyzer& analyzer_;
  size_t at_ = 0;
  size_t clauses_ = 0;
};

// ---- answering ----

using Scores = std::unordered_map<uint32_t, double>;

class TextSearch {
 public:
  TextSearch(const Index& index, ExecContext& context) : index_(index), context_(context), hold_(context) {}

  Scores run(const TextQuery& query) { return query.phrase.empty() ? run_parts(query) : run_phrase(query); }

 private:
  using Occur = TextQuery::Occur;
  /// Postings of one word by (element, field).
  using Found = std::unordered_map<uint64_t, Posting>;

  Scores run_parts(const TextQuery& query) {
    std::optional<Scores> required;
    Scores optional;
    for (const TextQuery& part : query.parts) {
      if (part.occur == Occur::MustNot) continue;
      Scores scores = run(part);
      if (part.occur == Occur::Should) {
        for (const auto& [element, score] : scores) optional[element] += score;
        continue;
      }
      if (!required) {
        required = std::move(scores);
        continue;
      }
      for (auto entry = required->begin(); entry != required->end();) {
        const auto other = scores.find(entry->first);
        if (other == scores.end()) {
          entry = required->erase(entry);
        } else {
          (entry++)->second += other->second;
        }
      }
    }
    Scores result;
    if (required) {
      for (auto& [element, score] : *required) {
        if (const auto more = optional.find(element); more != optional.end()) score += more->second;
      }
      result = std::move(*required);
    } else {
      result = std::move(optional);
    }
    for (const TextQuery& part : query.parts) {
      if (part.occur != Occur::MustNot) continue;
      for (const auto& [element, score] : run(part)) result.erase(element);
    }
    return result;
  }

  Scores run_phrase(const TextQuery& query) {
    std::vector<Found> words;
    for (const PhraseWord& word : query.phrase) words.push_back(find(word, query.field));
    std::vector<double> idf(index_.definition.keys.size(), 0);
    for (const Found& found : words) {
      std::vector<uint64_t> documents(idf.size());
      for (const auto& [key, posting] : found) ++documents[posting.field];
      for (size_t f = 0; f < idf.size(); ++f) idf[f] += inverse_frequency(f, documents[f]);
    }
    Scores scores;
    for (const auto& [key, posting] : words.front()) {
      const size_t count = occurrences(query.phrase, words, key, posting);
      if (count > 0) scores[posting.element] += query.constant ? 1 : score(posting, idf[posting.field], count);
    }
    release(words);
    return scores;
  }

  Found find(const PhraseWord& word, std::optional<uint32_t> field) {
    Found found;
    size_t seen = 0;
    for_each_posting(index_, word.term, word.prefix, [&](std::string_view, Posting&& posting) {
      if (++seen % 1'024 == 0) context_.check();
      if (field && posting.field != *field) return true;
      const size_t bytes = sizeof(Posting) + 48 + posting.positions.size() * sizeof(uint32_t);
      bytes_ += bytes;
      hold_.set(bytes_);
      const uint64_t key = uint64_t{posting.element} << 8 | posting.field;
      const auto [place, added] = found.try_emplace(key, std::move(posting));
      if (!added) {  // another term with the prefix
        std::vector<uint32_t>& positions = place->second.positions;
        positions.insert(positions.end(), posting.positions.begin(), posting.positions.end());
        std::sort(positions.begin(), positions.end());
      }
      return true;
    });
    return found;
  }

  void release(std::vector<Found>& words) {
    words.clear();
    bytes_ = 0;
    hold_.set(0);
  }

  /// How often the words follow each other in the document of the first one's posting.
  static size_t occurrences(const std::vector<PhraseWord>& phrase, const std::vector<Found>& words, uint64_t key,
                            const Posting& first) {
    size_t count = 0;
    for (const uint32_t position : first.positions) {
      bool all = true;
      for (size_t w = 1; w < words.size() && all; ++w) {
        const auto found = words[w].find(key);
        all = found != words[w].end() && std::binary_search(found->second.positions.begin(),
                                                            found->second.positions.end(), position + phrase[w].offset);
      }
      if (all) ++count;
    }
    return count;
  }

  double inverse_frequency(size_t field, uint64_t with) const {
    const auto all = static_cast<double>(field < index_.fields.size() ? index_.fields[field].documents : 0);
    const auto n = static_cast<double>(with);
    return std::log(1 + (std::max(all, n) - n + 0.5) / (n + 0.5));
  }

  double score(const Posting& posting, double idf, size_t count) const {
    const TextField& field = index_.fields[posting.field];
    const double mean = static_cast<double>(field.words) / std::max(1.0, static_cast<double>(field.documents));
    const auto f = static_cast<double>(count);
    return idf * f / (f + kK1 * (1 - kB + kB * posting.words / std::max(1.0, mean)));
  }

  const Index& index_;
  ExecContext& context_;
  MemoryHold hold_;
  size_t bytes_ = 0;
};

}  // namespace

std::vector<TextHit> search_full_text(const Index& index, std::string_view query, ExecContext& context) {
  if (TextAnalyzer::find(index.definition.analyzer) == nullptr) {
    throw Error::storage("UnknownAnalyzer", "index " + cypher_name(index.definition.name) + " needs the analyzer '" +
                                                index.definition.analyzer + "', which this program does not have");
  }
  const TextQuery parsed = TextQueryParser(index.definition, *context.graph, query).parse();
  std::vector<TextHit> hits;
  for (const auto& [element, score] : TextSearch(index, context).run(parsed)) hits.push_back({element, score});
  std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
    return a.score != b.score ? a.score > b.score : a.element < b.element;
  });
  return hits;
}

}  // namespace entente
