// Writing a graph as Cypher statements, JSON lines or CSV files.
//
// Each walks its source, the CSV exporter twice. Nothing is held but what one chunk needs, and the source's own.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "entente/core/value.h"
#include "entente/tools/graph_source.h"

namespace entente {

/// Statements that `entente shell` reads back to an equal graph: nodes in chunks, relationships in chunks that find
/// their ends by a temporary label and key, which are removed at the end; then the indexes and constraints of `schema`,
/// if it is given.
void write_cypher(std::ostream& out, const GraphSource& graph, const Snapshot* schema);

/// A value that a property can have, as a literal of Cypher.
std::string cypher_literal(const Value& value);

/// One object a line: {"kind":"node","id":…,"labels":[…],"properties":{…}}, then
/// {"kind":"relationship","id":…,"type":…,"start":…,"end":…, "properties":{…}}.
void write_json_lines(std::ostream& out, const GraphSource& graph);

/// nodes.csv and relationships.csv in this folder, with headers as neo4j-admin and `entente import` understand them.
/// Calls `warn` for each property that loses its type: one whose values are of several types becomes text. Throws
/// ToolError.CannotWrite.
void write_csv_files(const std::filesystem::path& folder, const GraphSource& graph,
                     const std::function<void(const std::string&)>& warn);

}  // namespace entente
