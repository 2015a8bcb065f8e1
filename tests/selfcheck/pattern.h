// MATCH clauses as data, so that they can be written in other ways that mean the same, and taken apart.
#pragma once

#include <string>
#include <vector>

namespace entente::selfcheck {

struct NodePiece {
  std::string name;        // empty: anonymous
  std::string label;       // with its colon, or empty
  std::string properties;  // a map's text, or empty
  std::string where;       // an inline predicate, or empty
};

struct RelationshipPiece {
  std::string name;
  std::string type;      // with its colon, or empty
  char direction = '>';  // '>' out, '<' in, '-' either
  std::string length;    // "", "*", "*0..2", …
  std::string properties;
  std::string where;
};

/// nodes.size() == relationships.size() + 1
struct PathPiece {
  std::string name;
  std::vector<NodePiece> nodes;
  std::vector<RelationshipPiece> relationships;

  std::string text() const;
  /// Whether the path written from its other end means the same: no variable holds its order.
  bool reversible() const;
  PathPiece reversed() const;
};

struct MatchPiece {
  bool optional = false;
  std::vector<PathPiece> paths;
  std::string where;

  std::string text() const;
};

}  // namespace entente::selfcheck
