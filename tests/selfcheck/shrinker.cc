#include "shrinker.h"

#include <algorithm>
#include <cctype>
#include <chrono>

namespace entente::selfcheck {

namespace {

constexpr std::chrono::seconds kLongest{30};

using Clock = std::chrono::steady_clock;
using Tokens = std::vector<std::string>;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

Tokens tokens_of(const std::string& text) {
  Tokens tokens;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    if (text[i] == ' ') {
      i = end;
      continue;
    }
    if (text[i] == '\'') {
      end = std::min(text.find('\'', end), text.size() - 1) + 1;
    } else if (is_word(text[i])) {
      while (end < text.size() && is_word(text[end])) ++end;
    }
    tokens.push_back(text.substr(i, end - i));
    i = end;
  }
  return tokens;
}

std::string text_of(const Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens) {
    // Two words, or a digit and a dot, must not grow together; `<-`, `..` and the like must.
    if (!text.empty() && is_word(text.back()) && is_word(token.front())) text += ' ';
    if (!text.empty() && token.front() == '\'') text += ' ';
    text += token;
  }
  return text;
}

size_t count(const Tokens& tokens, std::initializer_list<const char*> words) {
  return static_cast<size_t>(std::count_if(tokens.begin(), tokens.end(), [&](const std::string& token) {
    return std::any_of(words.begin(), words.end(), [&](const char* word) { return token == word; });
  }));
}

/// Whether what is left still says which rows a LIMIT keeps.
bool keeps_order(const Tokens& before, const Tokens& after) {
  if (count(after, {"LIMIT", "SKIP"}) == 0) return true;
  const auto tail = [](const Tokens& tokens) {
    const auto order = std::find(tokens.begin(), tokens.end(), "ORDER");
    return Tokens(order, tokens.end());
  };
  const Tokens kept = tail(after);
  return !kept.empty() && tail(before) == kept;
}

bool shrink_tokens(Case& failing, const StillFails& still_fails, Clock::time_point end) {
  bool changed = false;
  Tokens tokens = tokens_of(failing.statement);
  for (size_t length = std::max<size_t>(1, tokens.size() / 2); length > 0; --length) {
    for (size_t from = 0; from + length <= tokens.size() && Clock::now() < end;) {
      Tokens fewer = tokens;
      const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
      fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
      Case candidate = failing;
      candidate.statement = text_of(fewer);
      if (keeps_order(tokens, fewer) && still_fails(candidate)) {
        tokens = std::move(fewer);
        failing = std::move(candidate);
        changed = true;
      } else {
        ++from;
      }
    }
    length = std::min(length, tokens.size() + 1);
  }
  return changed;
}

template <class Container, class Try>
bool drop_each(Container& from, const Try& still_fails) {
  bool changed = false;
  for (size_t i = from.size(); i-- > 0;) {
    const Container saved = from;
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
    if (still_fails()) {
      changed = true;
    } else {
      from = saved;
    }
  }
  return changed;
}

bool drop_nodes(GraphSpec& graph, const std::function<bool()>& still_fails) {
  bool changed = false;
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const GraphSpec saved = graph;
    graph.nodes.erase(graph.nodes.begin() + static_cast<std::ptrdiff_t>(i));
    std::erase_if(graph.relationships, [i](const RelationshipSpec& r) { return r.from == i || r.to == i; });
    for (RelationshipSpec& rel : graph.relationships) {
      rel.from -= rel.from > i ? 1 : 0;
      rel.to -= rel.to > i ? 1 : 0;
    }
    if (still_fails()) {
      changed = true;
    } else {
      graph = saved;
    }
  }
  return changed;
}

}  // namespace

std::string Case::graph_text() const {
  std::string text;
  for (const std::string& index : graph.indexes) text += "setup: " + index + "\n";
  const std::string create = graph.create_statement();
  if (!create.empty()) text += "setup: " + create + "\n";
  return text + "query: ";
}

GraphSpec shrink_graph(GraphSpec graph, const std::function<bool(const GraphSpec&)>& still_fails) {
  const auto fails = [&] { return still_fails(graph); };
  drop_nodes(graph, fails);
  drop_each(graph.relationships, fails);
  drop_each(graph.indexes, fails);
  for (NodeSpec& node : graph.nodes) {
    drop_each(node.labels, fails);
    drop_each(node.properties, fails);
  }
  for (RelationshipSpec& rel : graph.relationships) drop_each(rel.properties, fails);
  return graph;
}

Case shrink(Case failing, const StillFails& still_fails) {
  const Clock::time_point end = Clock::now() + kLongest;
  for (bool changed = true; changed && Clock::now() < end;) {
    failing.graph = shrink_graph(failing.graph, [&](const GraphSpec& graph) {
      return Clock::now() < end && still_fails({graph, failing.statement});
    });
    changed = shrink_tokens(failing, still_fails, end);
  }
  return failing;
}

}  // namespace entente::selfcheck
