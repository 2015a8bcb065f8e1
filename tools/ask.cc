#include "entente/tools/ask.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "entente/core/error.h"
#include "entente/tools/import_values.h"

namespace entente {
namespace {

Error ask_error(const char* detail, const std::string& message) {
  return {"AskError", detail, Phase::Runtime, message};
}

/// Why a slot's text could not be resolved, and how many slots before it could.
struct Failure {
  size_t resolved = 0;
  size_t words = 0;  // in the text at fault: short ones are more likely what was meant
  Error error;
};

std::string question_text(const Question& question) {
  return question.example.empty() ? question.patterns.front().text : question.example;
}

/// Share of the words of the nearest pattern and of the sentence that the other has too.
double similarity(const Question& question, const std::set<std::string>& sentence) {
  double best = 0;
  for (const Question::Pattern& pattern : question.patterns) {
    std::set<std::string> words;
    for (std::string& word : pattern_words(pattern.root)) words.insert(std::move(word));
    size_t common = 0;
    for (const std::string& word : words) common += sentence.count(word);
    const size_t all = words.size() + sentence.size() - common;
    if (all > 0) best = std::max(best, static_cast<double>(common) / static_cast<double>(all));
  }
  return best;
}

Error unknown_question(const Phrasebook& book, const std::vector<SentenceToken>& tokens, std::string_view sentence) {
  std::set<std::string> words;
  for (const SentenceToken& token : tokens) words.insert(token.text);
  const Question* nearest = nullptr;
  double best = 0;
  std::string list;
  for (const Question& question : book.questions) {
    list += "\n  " + question_text(question);
    const double share = similarity(question, words);
    if (share > best) {
      best = share;
      nearest = &question;
    }
  }
  std::string message = "No stored question reads '" + std::string(sentence) + "'.";
  if (nearest != nullptr) message += " The nearest is: " + question_text(*nearest);
  return ask_error("UnknownQuestion", message + "\nThere are:" + (list.empty() ? " none" : list));
}

class Resolver {
 public:
  Resolver(const Phrasebook& book, const Snapshot& snapshot) : book_(book), snapshot_(snapshot) {}

  /// Throws what is wrong with the text.
  Value resolve(const std::string& type, std::string_view text, std::string& said) {
    if (type == "Text") return Value(text);
    if (type == "Integer") {
      if (const auto number = parse_integer(text)) return Value(*number);
      throw ask_error("UnknownName", "'" + std::string(text) + "' is no whole number");
    }
    if (type == "Date") {
      if (const auto date = parse_date(text)) return Value(*date);
      throw ask_error("UnknownName", "'" + std::string(text) + "' is no date: write it as 2023-05-19");
    }
    const EntityNames& names = names_of(type);
    const std::vector<NamedEntity> found = names.find(text);
    if (found.size() == 1) {
      said = found.front().name;
      return found.front().key;
    }
    if (found.empty()) {
      const std::string near = names.nearest(text);
      throw ask_error("UnknownName", "There is no " + type + " called '" + std::string(text) + "'" +
                                         (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    std::string list;
    for (const NamedEntity& entity : found)
      list += (list.empty() ? "" : ", ") + entity.name + " (" + entity.key.to_short_literal() + ")";
    throw ask_error("AmbiguousName",
                    "'" + std::string(text) + "' may be more than one " + type + ": " + list + ". Write which");
  }

 private:
  const EntityNames& names_of(const std::string& type) {
    auto it = names_.find(type);
    if (it == names_.end()) it = names_.emplace(type, EntityNames(snapshot_, *book_.entity(type))).first;
    return it->second;
  }

  const Phrasebook& book_;
  const Snapshot& snapshot_;
  std::map<std::string, EntityNames> names_;
};

/// The reading with all slots resolved, or no value and in `failure` what went wrong, if that is nearer than what it
/// holds.
std::optional<AskedQuestion> resolve_reading(const Question& question, const Question::Pattern& pattern,
                                             const Reading& reading, const std::vector<SentenceToken>& tokens,
                                             std::string_view sentence, Resolver& resolver,
                                             std::optional<Failure>& failure) {
  AskedQuestion asked{&question, pattern.text, {}, {}};
  Map parameters;
  for (const auto& slot : question.slots) parameters.emplace_back(slot.first, Value());
  size_t resolved = 0;
  std::optional<Failure> worst;
  for (const Reading::Slot& slot : reading.slots) {
    const size_t begin = tokens[slot.begin].begin;
    const std::string_view text = sentence.substr(begin, tokens[slot.end - 1].end - begin);
    std::string said;
    try {
      const Value value = resolver.resolve(slot.type, text, said);
      parameters.emplace_back(slot.name, value);
      if (!said.empty()) asked.said.emplace_back(slot.name, said);
      ++resolved;
    } catch (const Error& e) {
      if (!worst) worst = Failure{0, slot.end - slot.begin, e};
    }
  }
  if (!worst) {
    asked.parameters = Value::map(std::move(parameters)).as_map();
    return asked;
  }
  worst->resolved = resolved;
  if (!failure || worst->resolved > failure->resolved ||
      (worst->resolved == failure->resolved && worst->words < failure->words)) {
    failure = std::move(worst);
  }
  return std::nullopt;
}

}  // namespace

AskedQuestion understand(const Phrasebook& book, const Snapshot& snapshot, std::string_view sentence) {
  const std::vector<SentenceToken> tokens = sentence_tokens(sentence);
  Resolver resolver(book, snapshot);
  std::optional<Failure> failure;
  for (const Question& question : book.questions) {
    for (const Question::Pattern& pattern : question.patterns) {
      for (const Reading& reading : read_as(pattern.root, tokens)) {
        auto asked = resolve_reading(question, pattern, reading, tokens, sentence, resolver, failure);
        if (asked) return std::move(*asked);
      }
    }
  }
  if (failure) throw failure->error;
  throw unknown_question(book, tokens, sentence);
}

}  // namespace entente
