// CALL algo.*: the algorithms of core/algorithms.h as procedures.
//
// Each takes its required arguments and then a map of options: `labels` and `types` (lists of names), `direction`
// ('out', 'in' or 'both'), and what is its own. An option that is unknown or of the wrong kind is an error.
#include <set>
#include <utility>

#include "entente/core/algorithms.h"
#include "entente/query/procedures.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

/// Reads the options of one call; `done` refuses those nobody asked for.
class Options {
 public:
  Options(const std::string& procedure, const Value& options) : procedure_(procedure) {
    if (!options.is_null()) map_ = options.as_map();
  }

  const Value& get(const std::string& name, TypeSet types) {
    asked_.insert(name);
    static const Value kMissing;
    for (const auto& [key, value] : map_) {
      if (key != name) continue;
      if (!value.is_null() && !(types & type_of(value.kind()))) {
        throw Error::argument("InvalidArgumentType", procedure_ + ": the option `" + name + "` takes " +
                                                         type_set_name(types) + ", not " +
                                                         std::string(kind_name(value.kind())));
      }
      return value;
    }
    return kMissing;
  }

  std::vector<std::string> names(const std::string& option) {
    const Value& value = get(option, kListType | kStringType);
    if (value.is_null()) return {};
    if (value.is_string()) return {value.as_string()};
    std::vector<std::string> out;
    for (const Value& name : value.as_list()) out.push_back(name.as_string());
    return out;
  }

  double number(const std::string& option, double otherwise) {
    const Value& value = get(option, kNumberType);
    return value.is_null() ? otherwise : value.as_number();
  }

  Direction direction(Direction otherwise) {
    const Value& value = get("direction", kStringType);
    if (value.is_null()) return otherwise;
    if (value.as_string() == "out") return Direction::Out;
    if (value.as_string() == "in") return Direction::In;
    if (value.as_string() == "both") return Direction::Both;
    throw Error::argument("InvalidArgumentValue",
                          procedure_ + ": `direction` is 'out', 'in' or 'both', not '" + value.as_string() + "'");
  }

  void done() const {
    for (const auto& [key, value] : map_) {
      if (asked_.count(key)) continue;
      std::string known;
      for (const std::string& name : asked_) known += (known.empty() ? "`" : ", `") + name + "`";
      const std::vector<std::string> candidates(asked_.begin(), asked_.end());
      throw Error::argument("UnknownOption", procedure_ + " has no option `" + key + "`; it takes " + known +
                                                 did_you_mean(key, candidates));
    }
  }

 private:
  std::string procedure_;
  Map map_;
  std::set<std::string> asked_;
};

/// The graph as the statement sees it, kept alive for the algorithm.
SnapshotPtr graph_of(const ExecContext& context) { return std::make_shared<const Snapshot>(*context.graph); }

/// Names that the graph does not know leave nothing to work on: the id past all others stands for them.
AlgorithmOptions common(Options& options, ExecContext& context, Direction direction) {
  AlgorithmOptions out;
  for (const std::string& name : options.names("labels")) out.labels.push_back(context.graph->names().label(name));
  for (const std::string& name : options.names("types")) out.types.push_back(context.graph->names().type(name));
  out.direction = options.direction(direction);
  out.poll = [&context] { context.check(); };
  return out;
}

/// Minds the limits of the statement, as there may be millions.
void add_row(std::vector<Value> row, ProcedureRows& rows, ExecContext& context) {
  constexpr size_t kSteps = 16;
  context.work(kSteps);
  rows.push_back(std::move(row));
}

ProcedureRows reached_rows(const std::vector<Reached>& reached, bool integer_distance, ExecContext& context) {
  ProcedureRows rows;
  for (const Reached& r : reached) {
    const Value distance = integer_distance ? Value(static_cast<int64_t>(r.distance)) : Value(r.distance);
    add_row({Value(r.node), distance, Value(r.predecessor)}, rows, context);
  }
  return rows;
}

ProcedureRows call_breadth_first(const std::vector<Value>& args, ExecContext& context) {
  Options options("algo.bfs", args[1]);
  const AlgorithmOptions algorithm = common(options, context, Direction::Out);
  options.done();
  return reached_rows(breadth_first(graph_of(context), args[0].as_node(), algorithm), true, context);
}

ProcedureRows call_dijkstra(const std::vector<Value>& args, ExecContext& context) {
  Options options("algo.dijkstra", args[2]);
  const AlgorithmOptions algorithm = common(options, context, Direction::Out);
  const double missing = options.number("missingWeight", 1.0);
  options.done();
  const KeyId weight = context.graph->names().key(args[1].as_string());
  return reached_rows(shortest_distances(graph_of(context), args[0].as_node(), weight, missing, algorithm), false,
                      context);
}

ProcedureRows call_page_rank(const std::vector<Value>& args, ExecContext& context) {
  Options options("algo.pageRank", args[0]);
  const AlgorithmOptions algorithm = common(options, context, Direction::Out);
  const double damping = options.number("damping", 0.85);
  const double iterations = options.number("iterations", 20);
  if (!(iterations >= 0 && iterations <= 1'000'000)) {
    throw Error::argument("NumberOutOfRange", "algo.pageRank: `iterations` must be between 0 and 1,000,000");
  }
  options.done();
  ProcedureRows rows;
  for (const auto& [node, rank] : page_rank(graph_of(context), damping, static_cast<int>(iterations), algorithm)) {
    add_row({Value(node), Value(rank)}, rows, context);
  }
  return rows;
}

ProcedureRows call_components(const std::vector<Value>& args, ExecContext& context) {
  Options options("algo.connectedComponents", args[0]);
  const AlgorithmOptions algorithm = common(options, context, Direction::Both);
  options.done();
  ProcedureRows rows;
  for (const auto& [node, component] : connected_components(graph_of(context), algorithm)) {
    add_row({Value(node), Value(static_cast<int64_t>(component))}, rows, context);
  }
  return rows;
}

}  // namespace

void add_algorithm_procedures(ProcedureRegistry& registry) {
  const auto add = [&registry](std::string_view signature, ProcedureFunction call, std::string description) {
    registry.add({parse_procedure_signature(signature), std::move(call), std::move(description)});
  };
  add("algo.bfs(start :: NODE, options :: MAP?) :: (node :: NODE, distance :: INTEGER, predecessor :: NODE)",
      call_breadth_first, "Nodes reachable from a node, nearest first. Options: labels, types, direction.");
  add("algo.dijkstra(start :: NODE, weight :: STRING, options :: MAP?) :: (node :: NODE, distance :: FLOAT, "
      "predecessor :: NODE)",
      call_dijkstra,
      "Least sums of a relationship property on the way from a node, nearest first. Options: labels, types, direction, "
      "missingWeight.");
  add("algo.pageRank(options :: MAP?) :: (node :: NODE, rank :: FLOAT)", call_page_rank,
      "PageRank; ranks sum to 1. Options: labels, types, direction, damping, iterations.");
  add("algo.connectedComponents(options :: MAP?) :: (node :: NODE, component :: INTEGER)", call_components,
      "The number of each node's connected component, directions ignored. Options: labels, types, direction.");
}

}  // namespace entente
