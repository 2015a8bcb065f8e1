// The procedures that search full-text indexes: db.index.fulltext.*.
#include "entente/core/text_analysis.h"
#include "entente/query/full_text_search.h"
#include "entente/query/procedures.h"

namespace entente {

namespace {

const Index& full_text_index(const Snapshot& graph, const std::string& name, EntityType entity) {
  const Index* index = graph.find_index(name);
  const auto fail = [&](const std::string& why) {
    throw Error("ProcedureError", "NoSuchFullTextIndex", Phase::Runtime, why);
  };
  if (index == nullptr) {
    std::string known;
    for (const Index& other : graph.indexes()) {
      if (other.definition.kind == IndexKind::FullText) known += (known.empty() ? "" : ", ") + other.definition.name;
    }
    fail("there is no full-text index `" + name + "`; " +
         (known.empty() ? "CREATE FULLTEXT INDEX makes one" : "there are " + known));
  }
  if (index->definition.kind != IndexKind::FullText) {
    fail("index `" + name + "` is a range index, which =, IN, <, > and STARTS WITH use by themselves");
  }
  if (index->definition.entity != entity) {
    const bool nodes = entity == EntityType::Node;
    fail("index `" + name + "` is on " +
         (nodes ? "relationships; call db.index.fulltext.queryRelationships"
                : "nodes; call db.index.fulltext.queryNodes"));
  }
  return *index;
}

template <EntityType kEntity>
ProcedureRows query_elements(const std::vector<Value>& args, ExecContext& context) {
  if (args[0].is_null() || args[1].is_null()) {
    throw Error::type("InvalidArgumentType", "the name of the index and the query must be strings, not null");
  }
  const Index& index = full_text_index(*context.graph, args[0].as_string(), kEntity);
  ProcedureRows rows;
  for (const TextHit& hit : search_full_text(index, args[1].as_string(), context)) {
    rows.push_back(
        {kEntity == EntityType::Node ? Value(NodeId(hit.element)) : Value(RelId(hit.element)), Value(hit.score)});
  }
  return rows;
}

ProcedureRows list_analyzers(const std::vector<Value>&, ExecContext&) {
  ProcedureRows rows;
  for (const TextAnalyzer& analyzer : TextAnalyzer::all()) {
    rows.push_back({Value(analyzer.name()), Value(analyzer.description())});
  }
  return rows;
}

}  // namespace

void add_full_text_procedures(ProcedureRegistry& registry) {
  const auto add = [&registry](std::string_view signature, ProcedureFunction call, std::string description) {
    registry.add({parse_procedure_signature(signature), std::move(call), std::move(description)});
  };
  add("db.index.fulltext.queryNodes(indexName :: STRING, queryString :: STRING) :: (node :: NODE, score :: FLOAT)",
      query_elements<EntityType::Node>, "The nodes that a full-text query finds, best first.");
  add("db.index.fulltext.queryRelationships(indexName :: STRING, queryString :: STRING) :: (relationship :: "
      "RELATIONSHIP, score :: FLOAT)",
      query_elements<EntityType::Relationship>, "The relationships that a full-text query finds, best first.");
  add("db.index.fulltext.listAvailableAnalyzers() :: (analyzer :: STRING, description :: STRING)", list_analyzers,
      "The ways to cut text into words that an index can have.");
}

}  // namespace entente
