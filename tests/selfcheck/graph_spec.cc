#include "graph_spec.h"

namespace entente::selfcheck {

namespace {

std::string map_text(const EntitySpec& entity) {
  std::string text;
  for (const auto& [key, literal] : entity.properties) text += (text.empty() ? "{" : ", ") + key + ": " + literal;
  return text.empty() ? text : " " + text + "}";
}

void add_properties(Random& random, EntitySpec& entity, size_t number, std::initializer_list<const char*> keys) {
  entity.properties.emplace_back("id", std::to_string(number));
  for (const char* key : keys) {
    if (random.chance(60)) entity.properties.emplace_back(key, random_literal(random, key));
  }
}

}  // namespace

std::string GraphSpec::create_statement() const {
  std::string text;
  for (size_t i = 0; i < nodes.size(); ++i) {
    text += (text.empty() ? "CREATE (n" : ", (n") + std::to_string(i);
    for (const std::string& label : nodes[i].labels) text += ":" + label;
    text += map_text(nodes[i]) + ")";
  }
  for (const RelationshipSpec& rel : relationships) {
    text +=
        ", (n" + std::to_string(rel.from) + ")-[:" + rel.type + map_text(rel) + "]->(n" + std::to_string(rel.to) + ")";
  }
  return text;
}

void GraphSpec::load(Session session, bool with_indexes) const {
  if (with_indexes) {
    for (const std::string& index : indexes) session.run(index);
  }
  const std::string text = create_statement();
  if (!text.empty()) session.run(text);
}

std::string random_literal(Random& random, const std::string& key) {
  switch (key[0]) {
    case 'i':
      return std::to_string(random.between(-2, 4));
    case 'g':
      return random.pick({"9223372036854775807", "-9223372036854775808", "9007199254740993", "9007199254740992", "-1",
                          "0", "4611686018427387904"});
    case 'f':
      return random.pick({"1.5", "-2.25", "0.5", "2.5", "1.0", "-0.0", "(0.0/0.0)", "(1.0/0.0)", "1e300"});
    case 's':
      return random.pick({"'a'", "'ab'", "'b'", "''", "'B'", "'\u00e9'", "'a b'"});
    case 'b':
      return random.pick({"true", "false"});
    case 'd':
      return random.pick({"date('2020-02-29')", "date('1999-12-31')", "date('2023-05-19')"});
    case 'u':
      return random.pick({"duration('P1M')", "duration('P30D')", "duration('PT36H')", "duration('P1DT12H')"});
    case 't':
      return random.pick({"datetime('2020-02-29T12:30:15.5Z')", "datetime('2020-02-29T14:30:15.5+02:00')",
                          "datetime('1999-12-31T23:59:59[Europe/Berlin]')"});
    case 'l':
      return random.pick({"[]", "[1]", "[1, 2]", "[2, 1]", "[0, 0, 3]"});
    default:
      return random_literal(random, random.pick({"i", "g", "f", "s", "b", "d", "u", "l", "t"}));
  }
}

GraphSpec random_graph(Random& random, size_t nodes, size_t relationships) {
  GraphSpec graph;
  const size_t node_count = random.below(nodes + 1);
  for (size_t i = 0; i < node_count; ++i) {
    NodeSpec node;
    if (random.chance(60)) node.labels.emplace_back("A");
    if (random.chance(45)) node.labels.emplace_back("B");
    if (random.chance(10)) node.labels.emplace_back("C");
    add_properties(random, node, i, {"i", "g", "f", "s", "b", "d", "u", "l", "t", "m"});
    graph.nodes.push_back(std::move(node));
  }
  const size_t relationship_count = node_count == 0 ? 0 : random.below(relationships + 1);
  for (size_t i = 0; i < relationship_count; ++i) {
    RelationshipSpec rel;
    const bool parallel = !graph.relationships.empty() && random.chance(15);
    rel.from = parallel ? graph.relationships.back().from : random.below(node_count);
    rel.to = parallel ? graph.relationships.back().to : (random.chance(12) ? rel.from : random.below(node_count));
    rel.type = random.chance(60) ? "R" : (random.chance(80) ? "S" : "T");
    add_properties(random, rel, 100 + i, {"i", "s", "m"});
    graph.relationships.push_back(std::move(rel));
  }
  for (const char* index : {"CREATE INDEX ai FOR (n:A) ON (n.i)", "CREATE INDEX bm FOR (n:B) ON (n.m)",
                            "CREATE INDEX as1 FOR (n:A) ON (n.s)", "CREATE INDEX bf FOR (n:B) ON (n.f)",
                            "CREATE INDEX ag FOR (n:A) ON (n.g)", "CREATE INDEX asi FOR (n:A) ON (n.s, n.i)",
                            "CREATE INDEX at1 FOR (n:A) ON (n.t)", "CREATE INDEX ri FOR ()-[r:R]-() ON (r.i)",
                            "CREATE INDEX sm FOR ()-[r:S]-() ON (r.m)", "CREATE INDEX ad FOR (n:A) ON (n.d)",
                            "CREATE CONSTRAINT aid FOR (n:A) REQUIRE n.id IS UNIQUE"}) {
    if (random.chance(40)) graph.indexes.emplace_back(index);
  }
  return graph;
}

}  // namespace entente::selfcheck
