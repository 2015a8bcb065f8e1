#include "entente/query/schema_commands.h"

#include <algorithm>
#include <string>
#include <vector>

#include "entente/core/text_analysis.h"

namespace entente {

namespace {

using Rule = SchemaCommand::Rule;

Error not_found(const std::string& text) { return {"SchemaError", "NotFound", Phase::Runtime, text}; }

bool makes_index(const SchemaCommand& command) {
  return command.kind == SchemaCommand::Kind::CreateIndex || command.rule == Rule::Unique || command.rule == Rule::Key;
}

IndexDefinition definition_of(const SchemaCommand& command, Transaction& transaction) {
  IndexDefinition definition;
  definition.entity = command.entity;
  for (const std::string& token : command.tokens) {
    definition.tokens.push_back(command.entity == EntityType::Node ? transaction.label(token).value
                                                                   : transaction.type(token).value);
  }
  for (const std::string& key : command.properties) definition.keys.push_back(transaction.key(key));
  if (command.full_text) {
    definition.kind = IndexKind::FullText;
    definition.analyzer = command.analyzer.empty() ? std::string(TextAnalyzer::kDefault) : command.analyzer;
    return definition;
  }
  definition.unique = command.kind == SchemaCommand::Kind::CreateConstraint;
  definition.required = definition.unique && command.rule == Rule::Key;
  return definition;
}

Constraint constraint_of(const SchemaCommand& command, Transaction& transaction) {
  Constraint constraint;
  constraint.kind = command.rule == Rule::Exists ? Constraint::Kind::Exists : Constraint::Kind::Type;
  constraint.entity = command.entity;
  constraint.token = command.entity == EntityType::Node ? transaction.label(command.tokens[0]).value
                                                        : transaction.type(command.tokens[0]).value;
  constraint.key = transaction.key(command.properties[0]);
  constraint.type = command.type;
  return constraint;
}

/// Made of what it is on; numbered if that is taken.
std::string new_name(const SchemaCommand& command, const Snapshot& graph) {
  std::string base = command.kind == SchemaCommand::Kind::CreateIndex ? "index" : "constraint";
  for (const std::string& token : command.tokens) base += "_" + token;
  for (const std::string& key : command.properties) base += "_" + key;
  std::string name = base;
  for (int n = 2; graph.find_index(name) != nullptr || graph.find_constraint(name) != nullptr; ++n) {
    name = base + "_" + std::to_string(n);
  }
  return name;
}

/// Whether there is one of the same kind already with this name, or on the same.
bool is_there(const SchemaCommand& command, const IndexDefinition& wanted, const Snapshot& graph) {
  return std::any_of(graph.indexes().begin(), graph.indexes().end(), [&](const Index& index) {
    const IndexDefinition& d = index.definition;
    if (d.unique != wanted.unique) return false;
    if (d.name == command.name) return true;
    const bool same_kind = d.kind == wanted.kind && d.required == wanted.required && d.entity == wanted.entity;
    if (!same_kind || d.tokens.size() != wanted.tokens.size() || d.keys.size() != wanted.keys.size()) return false;
    if (d.kind == IndexKind::Range) return d.tokens == wanted.tokens && d.keys == wanted.keys;
    return std::is_permutation(d.tokens.begin(), d.tokens.end(), wanted.tokens.begin()) &&
           std::is_permutation(d.keys.begin(), d.keys.end(), wanted.keys.begin());
  });
}

bool is_there(const SchemaCommand& command, const Constraint& wanted, const Snapshot& graph) {
  return std::any_of(graph.constraints().begin(), graph.constraints().end(), [&](const Constraint& c) {
    return c.name == command.name || (c.kind == wanted.kind && c.entity == wanted.entity && c.token == wanted.token &&
                                      c.key == wanted.key && c.type == wanted.type);
  });
}

/// Whether a constraint of either form has the name.
bool names_constraint(const std::string& name, const Snapshot& graph) {
  const Index* index = name.empty() ? nullptr : graph.find_index(name);
  return !name.empty() && (graph.find_constraint(name) != nullptr || (index != nullptr && index->definition.unique));
}

void create(const SchemaCommand& command, Transaction& transaction, Counters& counters) {
  const Snapshot& graph = transaction.view();
  const bool is_constraint = command.kind == SchemaCommand::Kind::CreateConstraint;
  if (command.if_exists && is_constraint && names_constraint(command.name, graph)) return;
  if (makes_index(command)) {
    IndexDefinition definition = definition_of(command, transaction);
    if (command.if_exists && is_there(command, definition, graph)) return;
    definition.name = command.name.empty() ? new_name(command, graph) : command.name;
    transaction.create_index(std::move(definition));
  } else {
    Constraint constraint = constraint_of(command, transaction);
    if (command.if_exists && is_there(command, constraint, graph)) return;
    constraint.name = command.name.empty() ? new_name(command, graph) : command.name;
    transaction.create_constraint(std::move(constraint));
  }
  (is_constraint ? counters.constraints_added : counters.indexes_added) += 1;
}

void drop(const SchemaCommand& command, Transaction& transaction, Counters& counters) {
  const Snapshot& graph = transaction.view();
  const Index* index = graph.find_index(command.name);
  if (command.kind == SchemaCommand::Kind::DropConstraint) {
    if (graph.find_constraint(command.name) != nullptr) {
      transaction.drop_constraint(command.name);
    } else if (index != nullptr && index->definition.unique) {
      transaction.drop_index(command.name);
    } else {
      if (command.if_exists && index == nullptr) return;
      throw not_found("there is no constraint named `" + command.name + "`" +
                      (index != nullptr ? "; it is an index: DROP INDEX drops it" : ""));
    }
    ++counters.constraints_removed;
    return;
  }
  if (index == nullptr && command.if_exists && !names_constraint(command.name, graph)) return;
  if (index == nullptr || index->definition.unique) {
    throw not_found(
        "there is no index named `" + command.name + "`" +
        (names_constraint(command.name, graph) ? " that is not a constraint's; DROP CONSTRAINT drops it" : ""));
  }
  transaction.drop_index(command.name);
  ++counters.indexes_removed;
}

}  // namespace

void run_schema_command(const SchemaCommand& command, Transaction& transaction, Counters& counters) {
  const bool drops =
      command.kind == SchemaCommand::Kind::DropIndex || command.kind == SchemaCommand::Kind::DropConstraint;
  drops ? drop(command, transaction, counters) : create(command, transaction, counters);
}

}  // namespace entente
