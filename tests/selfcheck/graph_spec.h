// A small graph as data: what a test's database is filled from, and what the shrinker takes pieces from.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <entente/query/entente.h>

#include "random_source.h"

namespace entente::selfcheck {

/// What the property keys of random graphs hold, so that expressions over them have a known type. Any of them may be
/// absent.
///   id unique integer (nodes and relationships, always there)   i small integer   g any integer   f float, NaN and
///   infinities included   s string   b boolean   d date   u duration   l list of small integers   m anything
struct EntitySpec {
  std::vector<std::pair<std::string, std::string>> properties;  // key, literal
};

struct NodeSpec : EntitySpec {
  std::vector<std::string> labels;
};

struct RelationshipSpec : EntitySpec {
  size_t from = 0;
  size_t to = 0;
  std::string type;
};

struct GraphSpec {
  std::vector<NodeSpec> nodes;
  std::vector<RelationshipSpec> relationships;
  std::vector<std::string> indexes;  // CREATE INDEX statements

  /// One CREATE statement for everything, or empty for an empty graph.
  std::string create_statement() const;
  void load(Session session, bool with_indexes = true) const;
};

/// A literal for a value of this key's kind; sometimes `null`.
std::string random_literal(Random& random, const std::string& key);

/// At most `nodes` nodes and `relationships` relationships; self-loops and parallel relationships included.
GraphSpec random_graph(Random& random, size_t nodes, size_t relationships);

}  // namespace entente::selfcheck
