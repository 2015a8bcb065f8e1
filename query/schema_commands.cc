#include "entente/query/schema_commands.h"

#include <algorithm>
#include <string>
#include <vector>

#include "entente/core/text_analysis.h"
#include "entente/query/semantic/nearest.h"

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

/// Gives whether there was anything to do.
bool create(const SchemaCommand& command, Transaction& transaction, Counters& counters) {
  const Snapshot& graph = transaction.view();
  const bool is_constraint = command.kind == SchemaCommand::Kind::CreateConstraint;
  if (command.if_exists && is_constraint && names_constraint(command.name, graph)) return false;
  if (makes_index(command)) {
    IndexDefinition definition = definition_of(command, transaction);
    if (command.if_exists && is_there(command, definition, graph)) return false;
    definition.name = command.name.empty() ? new_name(command, graph) : command.name;
    transaction.create_index(std::move(definition));
  } else {
    Constraint constraint = constraint_of(command, transaction);
    if (command.if_exists && is_there(command, constraint, graph)) return false;
    constraint.name = command.name.empty() ? new_name(command, graph) : command.name;
    transaction.create_constraint(std::move(constraint));
  }
  (is_constraint ? counters.constraints_added : counters.indexes_added) += 1;
  return true;
}

/// The names of the constraints, or of the indexes that are none.
std::vector<std::string> names_of(const Snapshot& graph, bool constraints) {
  std::vector<std::string> names;
  for (const Index& index : graph.indexes()) {
    if (index.definition.unique == constraints) names.push_back(index.definition.name);
  }
  for (const Constraint& constraint : graph.constraints()) {
    if (constraints) names.push_back(constraint.name);
  }
  return names;
}

/// Gives whether there was anything to do.
bool drop(const SchemaCommand& command, Transaction& transaction, Counters& counters) {
  const Snapshot& graph = transaction.view();
  const Index* index = graph.find_index(command.name);
  if (command.kind == SchemaCommand::Kind::DropConstraint) {
    if (graph.find_constraint(command.name) != nullptr) {
      transaction.drop_constraint(command.name);
    } else if (index != nullptr && index->definition.unique) {
      transaction.drop_index(command.name);
    } else {
      if (command.if_exists && index == nullptr) return false;
      throw not_found("there is no constraint named `" + command.name + "`" +
                      (index != nullptr ? "; it is an index: DROP INDEX drops it"
                                        : did_you_mean(command.name, names_of(graph, true))));
    }
    ++counters.constraints_removed;
    return true;
  }
  if (index == nullptr && command.if_exists && !names_constraint(command.name, graph)) return false;
  if (index == nullptr || index->definition.unique) {
    throw not_found("there is no index named `" + command.name + "`" +
                    (names_constraint(command.name, graph) ? " that is not a constraint's; DROP CONSTRAINT drops it"
                                                           : did_you_mean(command.name, names_of(graph, false))));
  }
  transaction.drop_index(command.name);
  ++counters.indexes_removed;
  return true;
}

Notification nothing_to_do(const SchemaCommand& command, bool drops) {
  const bool constraint =
      command.kind == SchemaCommand::Kind::CreateConstraint || command.kind == SchemaCommand::Kind::DropConstraint;
  const std::string what = constraint ? "constraint" : "index";
  const std::string keyword = constraint ? "CONSTRAINT" : "INDEX";
  Notification note;
  note.severity = "INFORMATION";
  note.category = "SCHEMA";
  if (drops) {
    note.code = "Neo.ClientNotification.Schema.IndexOrConstraintDoesNotExist";
    note.title = "`DROP " + keyword + " … IF EXISTS` has no effect.";
    note.description = "there is no " + what + " " + shown(command.name) + ", so nothing was dropped";
  } else {
    note.code = "Neo.ClientNotification.Schema.IndexOrConstraintAlreadyExists";
    note.title = "`CREATE " + keyword + " … IF NOT EXISTS` has no effect.";
    note.description = "there is such " + std::string(constraint ? "a " : "an ") + what +
                       " already, or one of the name, so none was created; SHOW " +
                       (constraint ? "CONSTRAINTS" : "INDEXES") + " lists them";
  }
  return note;
}

}  // namespace

void run_schema_command(const SchemaCommand& command, Transaction& transaction, ExecContext& context,
                        std::vector<Notification>& notifications) {
  const bool drops =
      command.kind == SchemaCommand::Kind::DropIndex || command.kind == SchemaCommand::Kind::DropConstraint;
  const auto run = [&] {
    return drops ? drop(command, transaction, context.counters) : create(command, transaction, context.counters);
  };
  transaction.set_poll([&context](size_t bytes) {
    context.account(static_cast<ptrdiff_t>(bytes));
    context.check();
  });
  bool done = false;
  try {
    done = run();
  } catch (const Error& e) {
    transaction.set_poll(nullptr);
    if (!e.span().empty() || e.kind() == "ResourceError" || e.kind() == "StorageError") throw;
    throw Error(e.kind(), e.detail(), e.phase(), e.what(), command.span);
  }
  transaction.set_poll(nullptr);
  if (!done) notifications.push_back(nothing_to_do(command, drops));
}

}  // namespace entente
