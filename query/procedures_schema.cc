// The procedures that list indexes, constraints, functions and procedures; SHOW is a call of these.
#include <array>
#include <map>
#include <set>

#include "entente/query/procedures.h"
#include "entente/query/schema_text.h"

namespace entente {

namespace {

Value names_of(const NameTable& names, const std::vector<uint32_t>& numbers) {
  List out;
  for (const uint32_t number : numbers) out.emplace_back(names.name(number));
  return Value(std::move(out));
}

Value names_of_keys(const Snapshot& graph, const std::vector<KeyId>& keys) {
  List out;
  for (const KeyId key : keys) out.emplace_back(graph.names().keys.name(key.value));
  return Value(std::move(out));
}

Value entity_name(EntityType entity) { return Value(entity == EntityType::Node ? "NODE" : "RELATIONSHIP"); }

std::string provider_of(const IndexDefinition& d) {
  return d.kind == IndexKind::FullText ? "fulltext-1.0" : "range-1.0";
}

Value options_of(const IndexDefinition& d) {
  Map config;
  if (d.kind == IndexKind::FullText) {
    config.emplace_back("fulltext.analyzer", Value(d.analyzer));
    config.emplace_back("fulltext.eventually_consistent", Value(false));
  }
  return Value::map({{"indexConfig", Value::map(std::move(config))}, {"indexProvider", Value(provider_of(d))}});
}

ProcedureRows list_indexes(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  ProcedureRows rows;
  for (const Index& index : graph.indexes()) {
    const IndexDefinition& d = index.definition;
    rows.push_back({Value(static_cast<int64_t>(d.id)), Value(d.name), Value("ONLINE"), Value(100.0),
                    Value(std::string(index_type(d))), entity_name(d.entity),
                    names_of(graph.tokens(d.entity), d.tokens), names_of_keys(graph, d.keys), Value(provider_of(d)),
                    d.unique ? Value(d.name) : Value(), options_of(d), Value(""), Value(create_statement(d, graph))});
  }
  return rows;
}

ProcedureRows list_constraints(const std::vector<Value>&, ExecContext& context) {
  const Snapshot& graph = *context.graph;
  std::map<uint32_t, std::vector<Value>> rows;  // by id
  for (const Index& index : graph.indexes()) {
    const IndexDefinition& d = index.definition;
    if (!d.unique) continue;
    rows[d.id] = {Value(static_cast<int64_t>(d.id)),
                  Value(d.name),
                  Value(std::string(constraint_type(d))),
                  entity_name(d.entity),
                  names_of(graph.tokens(d.entity), d.tokens),
                  names_of_keys(graph, d.keys),
                  Value(d.name),
                  Value(),
                  options_of(d),
                  Value(create_statement(d, graph))};
  }
  for (const Constraint& c : graph.constraints()) {
    rows[c.id] = {Value(static_cast<int64_t>(c.id)),
                  Value(c.name),
                  Value(std::string(constraint_type(c))),
                  entity_name(c.entity),
                  names_of(graph.tokens(c.entity), {c.token}),
                  names_of_keys(graph, {c.key}),
                  Value(),
                  c.kind == Constraint::Kind::Type ? Value(c.type.text()) : Value(),
                  Value(),
                  Value(create_statement(c, graph))};
  }
  ProcedureRows out;
  for (auto& [id, row] : rows) out.push_back(std::move(row));
  return out;
}

// ---- functions and procedures ----

struct AggregateText {
  std::string_view name;
  std::string_view description;
  std::string_view signature;
};
constexpr std::array<AggregateText, 10> kAggregates{{
    {"avg", "The mean of numbers or durations.",
     "avg(input :: INTEGER | FLOAT | DURATION) :: INTEGER | FLOAT | DURATION"},
    {"collect", "The list of all values but null.", "collect(input :: ANY) :: LIST<ANY>"},
    {"count", "How many values are not null.", "count(input :: ANY) :: INTEGER"},
    {"max", "The greatest value.", "max(input :: ANY) :: ANY"},
    {"min", "The least value.", "min(input :: ANY) :: ANY"},
    {"percentileCont", "The value at a part of the order, between its neighbours.",
     "percentileCont(input :: FLOAT, percentile :: FLOAT) :: FLOAT"},
    {"percentileDisc", "The value at a part of the order, one of those given.",
     "percentileDisc(input :: INTEGER | FLOAT, percentile :: FLOAT) :: INTEGER | FLOAT"},
    {"stDev", "The standard deviation of a sample.", "stDev(input :: FLOAT) :: FLOAT"},
    {"stDevP", "The standard deviation of a population.", "stDevP(input :: FLOAT) :: FLOAT"},
    {"sum", "The sum of numbers or durations.",
     "sum(input :: INTEGER | FLOAT | DURATION) :: INTEGER | FLOAT | DURATION"},
}};

std::string signature_of(const Function& function) {
  std::string out = function.name + "(";
  for (size_t i = 0; i < function.parameters.size(); ++i) {
    if (i > 0) out += ", ";
    const bool last = i + 1 == function.parameters.size();
    out += "input" + (function.parameters.size() > 1 ? std::to_string(i + 1) : "") +
           (i >= function.required ? "?" : "") + (last && function.variadic ? "..." : "") +
           " :: " + type_set_name(function.parameters[i]);
  }
  return out + ") :: " + type_set_name(function.result);
}

std::string category_of(const Function& function) {
  const size_t dot = function.name.find('.');
  if ((function.result & kTemporalType) != 0 && (function.result & ~(kTemporalType | kNullType)) == 0)
    return "Temporal";
  if (dot != std::string::npos) return "Temporal";
  if ((function.result & ~(kNumberType | kNullType)) == 0) return "Numeric";
  if ((function.result & ~(kStringType | kNullType)) == 0) return "String";
  if ((function.result & ~(kListType | kNullType)) == 0) return "List";
  return "Scalar";
}

ProcedureRows list_functions(const std::vector<Value>&, ExecContext& context) {
  std::map<std::string, std::vector<Value>> rows;
  for (const AggregateText& a : kAggregates) {
    rows[std::string(a.name)] = {
        Value(std::string(a.name)),      Value("Aggregating"), Value(std::string(a.description)),
        Value(std::string(a.signature)), Value(true),          Value(true)};
  }
  if (context.function_registry != nullptr) {
    const auto built_in = FunctionRegistry::built_in();
    for (const Function* function : context.function_registry->all()) {
      rows[function->name] = {Value(function->name),
                              Value(category_of(*function)),
                              Value(function->description),
                              Value(signature_of(*function)),
                              Value(built_in->find(function->name) != nullptr),
                              Value(false)};
    }
  }
  ProcedureRows out;
  for (auto& [name, row] : rows) out.push_back(std::move(row));
  return out;
}

std::string fields_text(const std::vector<ProcedureSignature::Field>& fields) {
  std::string out;
  for (const ProcedureSignature::Field& field : fields) {
    out += (out.empty() ? "" : ", ") + field.name + " :: " + field.type_name;
  }
  return "(" + out + ")";
}

ProcedureRows list_procedures(const std::vector<Value>&, ExecContext& context) {
  ProcedureRows rows;
  if (context.procedures == nullptr) return rows;
  for (const Procedure* procedure : context.procedures->all()) {
    const ProcedureSignature& s = procedure->signature;
    rows.push_back(
        {Value(s.name), Value(procedure->description), Value(s.writes ? "WRITE" : "READ"), Value(false),
         Value(s.name + fields_text(s.inputs) + " :: " + (s.outputs.empty() ? "VOID" : fields_text(s.outputs)))});
  }
  return rows;
}

// ---- the schema as a graph ----

/// A node for each label in use, a relationship for each type between two labels: made up, so their ids are counted
/// down from where those of the graph end.
class SchemaGraph {
 public:
  explicit SchemaGraph(ExecContext& context) : context_(context), graph_(*context.graph) {}

  ProcedureRows rows() {
    find_links();
    List nodes;
    for (uint32_t l = 0; l < graph_.names().labels.size(); ++l) {
      if (graph_.label_count(LabelId(l)) > 0) nodes.push_back(node(l));
    }
    List relationships;
    for (const auto& [type, from, to] : links_) {
      RelationshipData data;
      data.id = RelId(RelId::kNone - 1 - static_cast<uint32_t>(relationships.size()));
      data.type = graph_.names().types.name(type);
      data.start = id_of(from);
      data.end = id_of(to);
      data.properties = {{"name", Value(data.type)}};
      relationships.push_back(Value::relationship(std::move(data)));
    }
    return {{Value(std::move(nodes)), Value(std::move(relationships))}};
  }

 private:
  static NodeId id_of(uint32_t label) { return NodeId(NodeId::kNone - 1 - label); }

  void find_links() {
    std::vector<uint32_t> ids;
    for (uint32_t at = 0; at < graph_.relationship_limit();) {
      context_.check();
      ids.clear();
      at = graph_.scan_relationships(at, context_.batch_size, ids);
      for (const uint32_t id : ids) {
        const Relationship r = graph_.relationship(RelId(id));
        for (const LabelId from : graph_.labels(r.source)) {
          for (const LabelId to : graph_.labels(r.target)) links_.emplace(r.type.value, from.value, to.value);
        }
      }
    }
  }

  Value node(uint32_t label) const {
    NodeData data;
    data.id = id_of(label);
    data.labels = {graph_.names().labels.name(label)};
    List indexes, constraints;
    for (const Index& index : graph_.indexes()) {
      const IndexDefinition& d = index.definition;
      if (d.entity != EntityType::Node || !d.has_token(label)) continue;
      (d.unique ? constraints : indexes).emplace_back(d.unique ? Value(d.name) : names_of_keys(graph_, d.keys));
    }
    for (const Constraint& c : graph_.constraints()) {
      if (c.entity == EntityType::Node && c.token == label) constraints.emplace_back(c.name);
    }
    data.properties = {{"constraints", Value(std::move(constraints))},
                       {"indexes", Value(std::move(indexes))},
                       {"name", Value(data.labels[0])}};
    return Value::node(std::move(data));
  }

  ExecContext& context_;
  const Snapshot& graph_;
  std::set<std::tuple<uint32_t, uint32_t, uint32_t>> links_;  // type, label of the source, label of the target
};

ProcedureRows visualization(const std::vector<Value>&, ExecContext& context) { return SchemaGraph(context).rows(); }

}  // namespace

void add_schema_procedures(ProcedureRegistry& registry) {
  const auto add = [&registry](std::string_view signature, ProcedureFunction call, std::string description) {
    registry.add({parse_procedure_signature(signature), std::move(call), std::move(description)});
  };
  add("db.indexes() :: (id :: INTEGER, name :: STRING, state :: STRING, populationPercent :: FLOAT, type :: STRING, "
      "entityType :: STRING, labelsOrTypes :: LIST OF STRING, properties :: LIST OF STRING, indexProvider :: STRING, "
      "owningConstraint :: STRING?, options :: MAP, failureMessage :: STRING, createStatement :: STRING)",
      list_indexes, "The indexes, those of constraints too; SHOW INDEXES.");
  add("db.constraints() :: (id :: INTEGER, name :: STRING, type :: STRING, entityType :: STRING, labelsOrTypes :: LIST "
      "OF STRING, properties :: LIST OF STRING, ownedIndex :: STRING?, propertyType :: STRING?, options :: MAP?, "
      "createStatement :: STRING)",
      list_constraints, "The constraints; SHOW CONSTRAINTS.");
  add("dbms.functions() :: (name :: STRING, category :: STRING, description :: STRING, signature :: STRING, isBuiltIn "
      ":: BOOLEAN, aggregating :: BOOLEAN)",
      list_functions, "The functions; SHOW FUNCTIONS.");
  add("dbms.procedures() :: (name :: STRING, description :: STRING, mode :: STRING, worksOnSystem :: BOOLEAN, "
      "signature :: STRING)",
      list_procedures, "The procedures; SHOW PROCEDURES.");
  add("db.schema.visualization() :: (nodes :: LIST OF NODE, relationships :: LIST OF RELATIONSHIP)", visualization,
      "A node for each label and a relationship for each type between two labels, by looking at all relationships. "
      "They are made up: their ids are not those of anything in the graph.");
}

}  // namespace entente
