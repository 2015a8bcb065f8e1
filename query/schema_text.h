// Indexes and constraints in words: the names of their types, and the statements that create them.
//
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "entente/core/constraint.h"
#include "entente/core/index.h"
#include "entente/core/snapshot.h"

namespace entente {

/// A name as Cypher has it: as it is if it is a plain word, else in backticks.
std::string cypher_name(std::string_view name);

/// "RANGE", "FULLTEXT"
std::string_view index_type(const IndexDefinition& definition);
/// Of an index that is a constraint: "UNIQUENESS", "NODE_KEY", "RELATIONSHIP_UNIQUENESS", "RELATIONSHIP_KEY".
std::string_view constraint_type(const IndexDefinition& definition);
/// "NODE_PROPERTY_EXISTENCE", …
std::string_view constraint_type(const Constraint& constraint);

/// What is indexed or constrained, for people: "(:Label).(name, year)", "()-[:TYPE]-().since is not null".
std::string describe(const IndexDefinition& definition, const Snapshot& graph);
std::string describe(const Constraint& constraint, const Snapshot& graph);

/// The statement, without a semicolon.
std::string create_statement(const IndexDefinition& definition, const Snapshot& graph);
std::string create_statement(const Constraint& constraint, const Snapshot& graph);

}  // namespace entente
