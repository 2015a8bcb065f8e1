#include "entente/tools/phrasebook.h"

#include <algorithm>
#include <set>
#include <utility>

#include "entente/core/error.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr int kMaxNesting = 32;
constexpr size_t kMaxPattern = 4'096;  // bytes; bounds the recursion of the matcher

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    std::string item = trim(text.substr(begin, end - begin));
    if (!item.empty()) items.push_back(std::move(item));
    begin = end + 1;
  }
  return items;
}

/// Parses the text of a pattern by recursive descent.
class PatternParser {
 public:
  explicit PatternParser(std::string_view text) : text_(text) {}

  PatternNode parse() {
    if (text_.size() > kMaxPattern) fail("it is longer than " + std::to_string(kMaxPattern) + " bytes");
    PatternNode node = choice(0);
    if (at_ < text_.size()) fail(std::string("'") + text_[at_] + "' closes nothing");
    return node;
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw Error("PhrasebookError", "Invalid", Phase::Runtime,
                "in the pattern '" + std::string(text_) + "': " + message);
  }

 private:
  PatternNode choice(int depth) {
    if (depth > kMaxNesting) fail("brackets are nested too deeply");
    PatternNode node{PatternNode::Kind::Choice, {}, {}, {}};
    node.parts.push_back(sequence(depth));
    while (at_ < text_.size() && text_[at_] == '|') {
      ++at_;
      node.parts.push_back(sequence(depth));
    }
    return node.parts.size() == 1 ? std::move(node.parts.front()) : node;
  }

  PatternNode sequence(int depth) {
    PatternNode node;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '|' || c == ')' || c == ']') break;
      if (c == '(' || c == '[') {
        ++at_;
        PatternNode inner = choice(depth + 1);
        if (at_ >= text_.size() || text_[at_] != (c == '(' ? ')' : ']')) fail("a bracket is not closed");
        ++at_;
        if (c == '[') {
          PatternNode optional{PatternNode::Kind::Choice, {}, {}, {}};
          optional.parts.push_back(std::move(inner));
          optional.parts.emplace_back();
          inner = std::move(optional);
        }
        node.parts.push_back(std::move(inner));
      } else if (c == '{') {
        node.parts.push_back(slot());
      } else {
        words(node);
      }
    }
    return node;
  }

  PatternNode slot() {
    const size_t close = text_.find('}', at_);
    if (close == std::string_view::npos) fail("a slot is not closed: write {name:Type}");
    const std::string_view inner = text_.substr(at_ + 1, close - at_ - 1);
    const size_t colon = inner.find(':');
    PatternNode node{PatternNode::Kind::Slot, {}, {}, {}};
    node.text = trim(inner.substr(0, colon));
    if (colon != std::string_view::npos) node.type = trim(inner.substr(colon + 1));
    if (node.text.empty() || node.type.empty()) fail("a slot is written {name:Type}");
    at_ = close + 1;
    return node;
  }

  void words(PatternNode& node) {
    const size_t end = std::min(text_.find_first_of("([{|)]", at_), text_.size());
    for (SentenceToken& token : sentence_tokens(text_.substr(at_, end - at_))) {
      if (token.text == "-") {
        node.parts.push_back({PatternNode::Kind::Dash, "-", {}, {}});
      } else {
        node.parts.push_back({PatternNode::Kind::Word, std::move(token.text), {}, {}});
      }
    }
    at_ = end;
  }

  std::string_view text_;
  size_t at_ = 0;
};

void collect_slots(const PatternNode& node, std::map<std::string, std::string>& slots) {
  if (node.kind == PatternNode::Kind::Slot) slots[node.text] = node.type;
  for (const PatternNode& part : node.parts) collect_slots(part, slots);
}

/// Reads a phrasebook line by line.
class PhrasebookParser {
 public:
  PhrasebookParser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Phrasebook parse() {
    for (size_t begin = 0; begin < text_.size();) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      ++line_;
      take(text_.substr(begin, end - begin));
      begin = end + 1;
    }
    check();
    return std::move(book_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Error("PhrasebookError", "Invalid", Phase::Runtime, file_ + ":" + std::to_string(line_) + ": " + message);
  }

  void take(std::string_view line) {
    const std::string content = trim(line);
    const size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    if (in_cypher_ && (content.empty() || indent > cypher_indent_)) {
      if (!content.empty()) {
        if (body_indent_ == 0) body_indent_ = indent;
        std::string& cypher = book_.questions.back().cypher;
        if (!cypher.empty()) cypher += '\n';
        cypher += line.substr(std::min(indent, body_indent_));
        while (!cypher.empty() && (cypher.back() == ' ' || cypher.back() == '\r')) cypher.pop_back();
      }
      return;
    }
    in_cypher_ = false;
    if (content.empty() || content[0] == '#') return;
    const size_t space = std::min(content.find_first_of(" \t"), content.size());
    const std::string word = content.substr(0, space);
    const std::string rest = trim(std::string_view(content).substr(space));
    if (indent == 0) {
      begin_entry(word, rest);
    } else if (entry_ == "entity") {
      entity_line(word, rest);
    } else if (entry_ == "question") {
      question_line(word, rest, indent);
    } else {
      fail("'" + word + "' belongs to no entity or question");
    }
  }

  void begin_entry(const std::string& word, const std::string& name) {
    if (word != "entity" && word != "question") fail("'" + word + "' is neither 'entity' nor 'question'");
    if (name.empty()) fail("'" + word + "' needs a name");
    entry_ = word;
    if (word == "entity") {
      book_.entities.push_back({name, "id", {"name"}});
    } else {
      book_.questions.emplace_back();
      book_.questions.back().name = name;
    }
  }

  void entity_line(const std::string& word, const std::string& rest) {
    EntityKind& entity = book_.entities.back();
    if (word == "key") {
      entity.key = rest;
    } else if (word == "names") {
      entity.names = split_list(rest);
    } else {
      fail("'" + word + "' is neither 'key' nor 'names'");
    }
  }

  void question_line(const std::string& word, const std::string& rest, size_t indent) {
    Question& question = book_.questions.back();
    if (word == "example") {
      question.example = rest;
    } else if (word == "ask") {
      try {
        question.patterns.push_back({rest, PatternParser(rest).parse()});
      } catch (const Error& e) {
        fail(e.what());
      }
      collect_slots(question.patterns.back().root, question.slots);
    } else if (word == "cypher") {
      in_cypher_ = true;
      cypher_indent_ = indent;
      body_indent_ = 0;
      question.cypher = rest;
    } else {
      fail("'" + word + "' is none of 'example', 'ask' and 'cypher'");
    }
  }

  void check() const {
    for (const Question& question : book_.questions) {
      if (question.patterns.empty()) fail("the question '" + question.name + "' has no 'ask' line");
      if (question.cypher.empty()) fail("the question '" + question.name + "' has no 'cypher'");
      for (const auto& [slot, type] : question.slots) {
        if (type != "Integer" && type != "Date" && type != "Text" && book_.entity(type) == nullptr) {
          fail("in the question '" + question.name + "' the slot '" + slot + "' has the type '" + type +
               "', which is neither Integer, Date or Text nor an entity declared here");
        }
      }
    }
  }

  std::string_view text_;
  const std::string& file_;
  Phrasebook book_;
  std::string entry_;
  size_t line_ = 0;
  bool in_cypher_ = false;
  size_t cypher_indent_ = 0;
  size_t body_indent_ = 0;
};

/// Backtracks through the ways to match a pattern. What is still to be matched is a linked list of pattern nodes.
class Matcher {
 public:
  Matcher(const std::vector<SentenceToken>& sentence, size_t limit) : sentence_(sentence), limit_(limit) {}

  std::vector<Reading> run(const PatternNode& pattern) {
    const Rest rest{&pattern, nullptr};
    match(&rest, 0);
    return std::move(readings_);
  }

 private:
  static constexpr size_t kMaxSteps = 200'000;
  static constexpr size_t kMaxSlotTokens = 12;

  struct Rest {
    const PatternNode* node;
    const Rest* next;
  };

  // The depth of the recursion is bounded by the size of the pattern, as every step takes something off it.
  void match(const Rest* rest, size_t at) {
    if (readings_.size() >= limit_ || ++steps_ > kMaxSteps) return;
    if (rest == nullptr) {
      while (at < sentence_.size() && sentence_[at].text == "-") ++at;
      if (at == sentence_.size()) readings_.push_back(current_);
      return;
    }
    const PatternNode& node = *rest->node;
    switch (node.kind) {
      case PatternNode::Kind::Word:
        return match_word(node, rest->next, at);
      case PatternNode::Kind::Dash:
        return match_dash(rest->next, at);
      case PatternNode::Kind::Slot:
        return match_slot(node, rest->next, at);
      case PatternNode::Kind::Sequence:
        return match_sequence(node, rest->next, at);
      case PatternNode::Kind::Choice:
        for (const PatternNode& part : node.parts) {
          const Rest chosen{&part, rest->next};
          match(&chosen, at);
        }
    }
  }

  void match_word(const PatternNode& node, const Rest* next, size_t at) {
    while (at < sentence_.size() && sentence_[at].text == "-") ++at;  // "foreign-minister" is "foreign minister"
    if (at < sentence_.size() && sentence_[at].text == node.text) match(next, at + 1);
  }

  void match_dash(const Rest* next, size_t at) {
    if (at < sentence_.size()) {
      const std::string& text = sentence_[at].text;
      if (text == "-" || text == "/" || text == "&" || text == "and") match(next, at + 1);
    }
    match(next, at);
  }

  void match_slot(const PatternNode& node, const Rest* next, size_t at) {
    const size_t last = std::min(sentence_.size(), at + kMaxSlotTokens);
    for (size_t end = at + 1; end <= last; ++end) {
      if (sentence_[at].text == "-" || sentence_[end - 1].text == "-") continue;
      current_.slots.push_back({node.text, node.type, at, end});
      match(next, end);
      current_.slots.pop_back();
    }
  }

  void match_sequence(const PatternNode& node, const Rest* next, size_t at) {
    if (node.parts.empty()) return match(next, at);
    std::vector<Rest> links(node.parts.size());
    for (size_t i = links.size(); i-- > 0;) links[i] = {&node.parts[i], i + 1 < links.size() ? &links[i + 1] : next};
    match(&links[0], at);
  }

  const std::vector<SentenceToken>& sentence_;
  size_t limit_;
  size_t steps_ = 0;
  Reading current_;
  std::vector<Reading> readings_;
};

void collect_words(const PatternNode& node, std::vector<std::string>& words) {
  if (node.kind == PatternNode::Kind::Word) words.push_back(node.text);
  for (const PatternNode& part : node.parts) collect_words(part, words);
}

}  // namespace

const EntityKind* Phrasebook::entity(std::string_view label) const {
  for (const EntityKind& kind : entities) {
    if (kind.label == label) return &kind;
  }
  return nullptr;
}

Phrasebook parse_phrasebook(std::string_view text, const std::string& file_name) {
  return PhrasebookParser(text, file_name).parse();
}

std::vector<Reading> read_as(const PatternNode& pattern, const std::vector<SentenceToken>& sentence, size_t limit) {
  return Matcher(sentence, limit).run(pattern);
}

std::vector<std::string> pattern_words(const PatternNode& pattern) {
  std::vector<std::string> words;
  collect_words(pattern, words);
  return words;
}

}  // namespace entente
