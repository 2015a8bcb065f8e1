#include "brute_force.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace entente::selfcheck {

namespace {

struct Lengths {
  int low = 1;
  int high = 1;
};

Lengths lengths_of(const std::string& text, int most) {
  if (text.empty()) return {};
  const auto number = [](const std::string& digits, int otherwise) {
    std::from_chars(digits.data(), digits.data() + digits.size(), otherwise);
    return otherwise;
  };
  const std::string range = text.substr(1);  // after the star
  const size_t dots = range.find("..");
  if (dots == std::string::npos) return {number(range, 1), number(range, most)};
  return {number(range.substr(0, dots), 1), number(range.substr(dots + 2), most)};
}

/// One clause being matched: walks the paths one after another, element by element.
class Matcher {
 public:
  Matcher(const TinyGraph& graph, const MatchPiece& piece) : graph_(graph), piece_(piece) {}

  std::vector<Bindings> match(const Bindings& input) {
    bindings_ = input;
    path(0);
    return std::move(found_);
  }

 private:
  void path(size_t p) {
    if (p == piece_.paths.size()) {
      found_.push_back(bindings_);
      return;
    }
    for (int node = 0; node < static_cast<int>(graph_.labels.size()); ++node) at_node(p, 0, node);
  }

  void at_node(size_t p, size_t i, int node) {
    const NodePiece& piece = piece_.paths[p].nodes[i];
    if (!piece.label.empty() && graph_.labels[static_cast<size_t>(node)].find(piece.label[1]) == std::string::npos) {
      return;
    }
    with(piece.name, "n" + std::to_string(node), [&] {
      if (i == piece_.paths[p].relationships.size()) {
        path(p + 1);
      } else {
        std::vector<int> walked;
        walk(p, i, node, walked);
      }
    });
  }

  /// Walks from `node` along the i-th relationship pattern, `walked` of it done.
  void walk(size_t p, size_t i, int node, std::vector<int>& walked) {
    const RelationshipPiece& piece = piece_.paths[p].relationships[i];
    const Lengths lengths = lengths_of(piece.length, static_cast<int>(graph_.edges.size()));
    const int done = static_cast<int>(walked.size());
    if (done >= lengths.low) {
      std::string text;
      for (int edge : walked) text += (text.empty() ? "" : ", ") + ("r" + std::to_string(edge));
      with(piece.name, piece.length.empty() ? text : "[" + text + "]", [&] { at_node(p, i + 1, node); });
    }
    if (done >= lengths.high) return;
    for (int e = 0; e < static_cast<int>(graph_.edges.size()); ++e) {
      const TinyGraph::Edge& edge = graph_.edges[static_cast<size_t>(e)];
      if (std::find(used_.begin(), used_.end(), e) != used_.end()) continue;
      if (!piece.type.empty() && piece.type[1] != edge.type) continue;
      const bool out = piece.direction != '<' && edge.from == node;
      const bool in = piece.direction != '>' && edge.to == node && !(out && edge.from == edge.to);
      for (const auto& [fits, end] : {std::pair(out, edge.to), std::pair(in, edge.from)}) {
        if (!fits) continue;
        used_.push_back(e);
        walked.push_back(e);
        walk(p, i, end, walked);
        walked.pop_back();
        used_.pop_back();
      }
    }
  }

  /// Goes on with the variable bound, if it is free or bound to the same.
  void with(const std::string& name, const std::string& value, const std::function<void()>& go_on) {
    if (name.empty()) return go_on();
    const auto bound = bindings_.find(name);
    if (bound != bindings_.end()) {
      if (bound->second == value) go_on();
      return;
    }
    bindings_[name] = value;
    go_on();
    bindings_.erase(name);
  }

  const TinyGraph& graph_;
  const MatchPiece& piece_;
  Bindings bindings_;
  std::vector<int> used_;  // relationships, by all paths of the clause so far
  std::vector<Bindings> found_;
};

}  // namespace

std::string TinyGraph::create_statement() const {
  std::string text;
  for (size_t i = 0; i < labels.size(); ++i) {
    text += (text.empty() ? "CREATE (n" : ", (n") + std::to_string(i);
    for (char label : labels[i]) text += std::string(":") + label;
    text += " {name: 'n" + std::to_string(i) + "'})";
  }
  for (size_t i = 0; i < edges.size(); ++i) {
    text += ", (n" + std::to_string(edges[i].from) + ")-[:" + edges[i].type + " {name: 'r" + std::to_string(i) +
            "'}]->(n" + std::to_string(edges[i].to) + ")";
  }
  return text;
}

std::vector<Bindings> brute_force(const TinyGraph& graph, const MatchPiece& piece, const std::vector<Bindings>& input) {
  std::vector<Bindings> rows;
  for (const Bindings& row : input) {
    std::vector<Bindings> found = Matcher(graph, piece).match(row);
    if (found.empty() && piece.optional) {
      found.push_back(row);
      for (const PathPiece& path : piece.paths) {
        for (const NodePiece& node : path.nodes) found.back().try_emplace(node.name, "null");
        for (const RelationshipPiece& rel : path.relationships) found.back().try_emplace(rel.name, "null");
      }
      found.back().erase("");
    }
    rows.insert(rows.end(), found.begin(), found.end());
  }
  return rows;
}

}  // namespace entente::selfcheck
