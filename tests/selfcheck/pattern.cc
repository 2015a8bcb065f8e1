#include "pattern.h"

#include <algorithm>

namespace entente::selfcheck {

namespace {

template <class Piece>
std::string inside(const Piece& piece, const std::string& kind_and_length) {
  std::string text = piece.name + kind_and_length;
  if (!piece.properties.empty()) text += " " + piece.properties;
  if (!piece.where.empty()) text += " WHERE " + piece.where;
  return text;
}

std::string text_of(const RelationshipPiece& rel) {
  const std::string detail = inside(rel, rel.type + rel.length);
  const std::string arrow = detail.empty() ? "" : "[" + detail + "]";
  return (rel.direction == '<' ? "<-" : "-") + arrow + (rel.direction == '>' ? "->" : "-");
}

}  // namespace

std::string PathPiece::text() const {
  std::string text = name.empty() ? "" : name + " = ";
  for (size_t i = 0; i < nodes.size(); ++i) {
    text += "(" + inside(nodes[i], nodes[i].label) + ")";
    if (i < relationships.size()) text += text_of(relationships[i]);
  }
  return text;
}

bool PathPiece::reversible() const {
  return name.empty() && std::all_of(relationships.begin(), relationships.end(), [](const RelationshipPiece& rel) {
           return rel.length.empty() || rel.name.empty();
         });
}

PathPiece PathPiece::reversed() const {
  PathPiece other = *this;
  std::reverse(other.nodes.begin(), other.nodes.end());
  std::reverse(other.relationships.begin(), other.relationships.end());
  for (RelationshipPiece& rel : other.relationships) {
    if (rel.direction != '-') rel.direction = rel.direction == '>' ? '<' : '>';
  }
  return other;
}

std::string MatchPiece::text() const {
  std::string text = optional ? "OPTIONAL MATCH " : "MATCH ";
  for (size_t i = 0; i < paths.size(); ++i) text += (i == 0 ? "" : ", ") + paths[i].text();
  return where.empty() ? text : text + " WHERE " + where;
}

}  // namespace entente::selfcheck
