#include "entente/query/schema_text.h"

namespace entente {

namespace {

/// "(n:A|B)" or "()-[r:T]-()"; without a variable, for people.
std::string pattern_text(EntityType entity, const std::vector<uint32_t>& tokens, const Snapshot& graph, bool variable) {
  const bool node = entity == EntityType::Node;
  std::string out = node ? "(" : "()-[";
  if (variable) out += node ? "n" : "r";
  for (size_t i = 0; i < tokens.size(); ++i) {
    out += i == 0 ? ":" : "|";
    out += cypher_name(graph.tokens(entity).name(tokens[i]));
  }
  return out + (node ? ")" : "]-()");
}

std::string keys_text(const std::vector<KeyId>& keys, const Snapshot& graph, const std::string& before_each) {
  std::string out;
  for (const KeyId key : keys) {
    out += (out.empty() ? "" : ", ") + before_each + cypher_name(graph.names().keys.name(key.value));
  }
  return out;
}

std::string before_key(EntityType entity) { return entity == EntityType::Node ? "n." : "r."; }

std::string rule_text(const IndexDefinition& d) {
  if (!d.required) return "IS UNIQUE";
  return d.entity == EntityType::Node ? "IS NODE KEY" : "IS RELATIONSHIP KEY";
}

std::string rule_text(const Constraint& c) {
  return c.kind == Constraint::Kind::Exists ? "IS NOT NULL" : "IS :: " + c.type.text();
}

std::string string_literal(const std::string& text) { return Value(text).to_literal(); }

}  // namespace

std::string cypher_name(std::string_view name) {
  bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  for (const char c : name) {
    plain = plain && (c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  }
  if (plain) return std::string(name);
  std::string out = "`";
  for (const char c : name) {
    if (c == '`' || c == '\\') out += c;
    out += c;
  }
  return out + "`";
}

std::string_view index_type(const IndexDefinition& d) { return d.kind == IndexKind::FullText ? "FULLTEXT" : "RANGE"; }

std::string_view constraint_type(const IndexDefinition& d) {
  if (d.entity == EntityType::Node) return d.required ? "NODE_KEY" : "UNIQUENESS";
  return d.required ? "RELATIONSHIP_KEY" : "RELATIONSHIP_UNIQUENESS";
}

std::string_view constraint_type(const Constraint& c) {
  if (c.kind == Constraint::Kind::Exists) {
    return c.entity == EntityType::Node ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE";
  }
  return c.entity == EntityType::Node ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE";
}

std::string describe(const IndexDefinition& d, const Snapshot& graph) {
  const std::string keys = keys_text(d.keys, graph, "");
  std::string out =
      pattern_text(d.entity, d.tokens, graph, false) + "." + (d.keys.size() == 1 ? keys : "(" + keys + ")");
  if (d.kind == IndexKind::FullText) return out + " full text, " + d.analyzer;
  if (d.required) return out + " is a key";
  return d.unique ? out + " is unique" : out;
}

std::string describe(const Constraint& c, const Snapshot& graph) {
  return pattern_text(c.entity, {c.token}, graph, false) + "." + keys_text({c.key}, graph, "") +
         (c.kind == Constraint::Kind::Exists ? " is not null" : " is of type " + c.type.text());
}

std::string create_statement(const IndexDefinition& d, const Snapshot& graph) {
  const std::string on = cypher_name(d.name) + " FOR " + pattern_text(d.entity, d.tokens, graph, true);
  const std::string keys = keys_text(d.keys, graph, before_key(d.entity));
  if (d.kind == IndexKind::FullText) {
    return "CREATE FULLTEXT INDEX " + on + " ON EACH [" + keys +
           "] OPTIONS {indexConfig: {`fulltext.analyzer`: " + string_literal(d.analyzer) + "}}";
  }
  if (d.unique) return "CREATE CONSTRAINT " + on + " REQUIRE (" + keys + ") " + rule_text(d);
  return "CREATE INDEX " + on + " ON (" + keys + ")";
}

std::string create_statement(const Constraint& c, const Snapshot& graph) {
  return "CREATE CONSTRAINT " + cypher_name(c.name) + " FOR " + pattern_text(c.entity, {c.token}, graph, true) +
         " REQUIRE " + keys_text({c.key}, graph, before_key(c.entity)) + " " + rule_text(c);
}

}  // namespace entente
