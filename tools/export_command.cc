// `entente export`: a graph, or a part of it, as a picture or as data.
#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "entente/query/schema_text.h"
#include "entente/tools/commands.h"
#include "entente/tools/dot.h"
#include "entente/tools/export_graph.h"
#include "entente/tools/options.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr uint64_t kLargestForDot = 1'500;  // nodes that the layered layout still draws well

struct ExportArguments {
  std::string database;
  std::string format = "dot";
  std::string output;
  std::string query;
  std::string around;
  unsigned depth = 1;
  size_t limit = 500;
  std::vector<std::string> captions;
  std::vector<std::string> colours;
  std::string direction = "LR";
  std::string engine;
  std::string title;
  bool legend = false;
  RunOptions run;
};

/// "Label=value" pairs.
std::map<std::string, std::string> parse_pairs(const std::vector<std::string>& texts, const std::string& option) {
  std::map<std::string, std::string> pairs;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw Error::argument("InvalidOption", option + " '" + text + "': write Label=value");
    }
    pairs[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return pairs;
}

/// Nodes by "Label:key=value" (or "Label" alone, or an id), the value an expression or else a text.
std::vector<NodeId> find_starts(Session& session, const std::string& around) {
  const size_t colon = around.find(':');
  const size_t equals = around.find('=', colon == std::string::npos ? 0 : colon);
  Map parameters;
  std::string statement;
  if (around.find_first_not_of("0123456789") == std::string::npos && !around.empty()) {
    statement = "MATCH (n) WHERE id(n) = " + around + " RETURN n";
  } else if (colon == std::string::npos || equals == std::string::npos || colon == 0 || equals < colon + 2) {
    throw Error::argument(
        "InvalidOption",
        "--around '" + around + "': write Label:key=value, such as Country:name=Japan, or the id of a node");
  } else {
    const std::string text = around.substr(equals + 1);
    Value value(text);
    try {
      value = evaluate_expression(text);
    } catch (const Error&) {
      // a bare text
    }
    parameters = Value::map({{"value", value}, {"text", Value(text)}}).as_map();
    const std::string key = cypher_name(around.substr(colon + 1, equals - colon - 1));
    statement = "MATCH (n:" + cypher_name(around.substr(0, colon)) + ") WHERE n." + key + " = $value OR n." + key +
                " = $text RETURN n";
  }
  std::vector<NodeId> starts;
  for (const Row& row : session.run(statement, parameters)) starts.push_back(row[0].as_node());
  if (starts.empty())
    throw Error("ToolError", "NotFound", Phase::Runtime, "--around '" + around + "': there is no such node");
  return starts;
}

/// What is to be exported. `whole`: all of the graph.
std::unique_ptr<GraphSource> choose_source(Database& database, const ExportArguments& arguments, bool& whole) {
  const SnapshotPtr snapshot = database.snapshot();
  whole = arguments.query.empty() && arguments.around.empty();
  if (whole) return std::make_unique<SnapshotSource>(snapshot);
  Session session = database.session();
  arguments.run.apply(session);
  if (!arguments.around.empty()) {
    bool cut = false;
    auto part = std::make_unique<PartSource>(
        neighbourhood(*snapshot, find_starts(session, arguments.around), arguments.depth, arguments.limit, &cut));
    if (cut) std::cerr << "Only the first " << arguments.limit << " nodes are taken; --limit takes more\n";
    return part;
  }
  auto part = std::make_unique<PartSource>();
  for (const Row& row : session.run(arguments.query, parse_parameters(arguments.run.parameters))) {
    for (const Value& value : row.values()) part->add(value);
  }
  if (part->empty()) {
    throw Error("ToolError", "NothingToExport", Phase::Runtime,
                "The query returned no nodes, relationships or paths. Return what is to be drawn: MATCH p = (a)-->(b) "
                "RETURN p");
  }
  part->complete(snapshot.get());
  return part;
}

DotOptions dot_options(const Database& database, const ExportArguments& arguments) {
  DotOptions options;
  options.captions = parse_pairs(arguments.captions, "--caption");
  options.colours = parse_pairs(arguments.colours, "--colour");
  options.direction = arguments.direction;
  options.legend = arguments.legend;
  options.title = arguments.title;
  options.labels = label_order(*database.snapshot());
  return options;
}

void export_picture(const Database& database, const GraphSource& graph, const ExportArguments& arguments) {
  if (graph.node_count() > kLargestForDot && arguments.engine.empty()) {
    std::cerr << graph.node_count() << " nodes are many for one picture; --query and --around choose a part\n";
  }
  std::ostringstream dot;
  write_dot(dot, graph, dot_options(database, arguments));
  std::string engine = arguments.engine;
  if (engine.empty()) engine = graph.node_count() > kLargestForDot ? "sfdp" : "dot";
  std::cout.flush();
  render_dot(dot.str(), engine, arguments.format, arguments.output == "-" ? "" : arguments.output);
}

void export_text(const Database& database, const GraphSource& graph, bool whole, const ExportArguments& arguments,
                 std::ostream& out) {
  const SnapshotPtr snapshot = database.snapshot();
  if (arguments.format == "dot") {
    write_dot(out, graph, dot_options(database, arguments));
  } else if (arguments.format == "cypher") {
    write_cypher(out, graph, whole ? snapshot.get() : nullptr);
  } else {
    write_json_lines(out, graph);
  }
}

int run_export(const ExportArguments& arguments) {
  Database database = open_for_reading(arguments.database);
  bool whole = false;
  const std::unique_ptr<GraphSource> graph = choose_source(database, arguments, whole);
  const bool to_file = !arguments.output.empty() && arguments.output != "-";
  if (arguments.format == "svg" || arguments.format == "png") {
    export_picture(database, *graph, arguments);
  } else if (arguments.format == "csv") {
    if (!to_file) throw Error::argument("InvalidOption", "--format csv writes two files: name a folder with --output");
    write_csv_files(arguments.output, *graph, [](const std::string& warning) { std::cerr << warning << '\n'; });
  } else if (to_file) {
    std::ofstream out(arguments.output, std::ios::binary | std::ios::trunc);
    export_text(database, *graph, whole, arguments, out);
    out.flush();
    if (!out)
      throw Error("ToolError", "CannotWrite", Phase::Runtime, "Cannot write the file '" + arguments.output + "'");
  } else {
    export_text(database, *graph, whole, arguments, std::cout);
    std::cout.flush();
  }
  if (to_file) {
    std::cerr << "Exported " << graph->node_count() << " nodes and " << graph->relationship_count()
              << " relationships to " << arguments.output << '\n';
  }
  return 0;
}

}  // namespace

Command add_export_command(CLI::App& parent) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* app = parent.add_subcommand("export", "Draw a graph with GraphViz, or write it as Cypher, CSV or JSON");
  app->add_option("DB", arguments->database, "Folder of the database")->required();
  app->add_option("--format", arguments->format, "dot, svg, png, cypher, csv or jsonl")
      ->check(CLI::IsMember({"dot", "svg", "png", "cypher", "csv", "jsonl"}))
      ->capture_default_str();
  app->add_option("-o,--output", arguments->output,
                  "The file (for csv: the folder) to write; standard output without it")
      ->type_name("FILE");
  CLI::Option* query =
      app->add_option("--query", arguments->query, "Export the nodes, relationships and paths that this returns")
          ->type_name("STATEMENT");
  app->add_option("--around", arguments->around, "Export what is near some nodes: Label:key=value, or the id of a node")
      ->type_name("NODE")
      ->excludes(query);
  app->add_option("--depth", arguments->depth, "With --around: how many relationships away")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  app->add_option("--limit", arguments->limit, "With --around: the most nodes to take")->capture_default_str();
  app->add_option("--caption", arguments->captions,
                  "The property that nodes of a label show: Label=property; repeatable")
      ->type_name("LABEL=KEY")
      ->allow_extra_args(false);
  app->add_option("--colour,--color", arguments->colours, "The colour of a label: Label=#rrggbb; repeatable")
      ->type_name("LABEL=COLOUR")
      ->allow_extra_args(false);
  app->add_option("--direction", arguments->direction, "Of the layout: LR (left to right), TB (top to bottom), RL, BT")
      ->check(CLI::IsMember({"LR", "TB", "RL", "BT"}))
      ->capture_default_str();
  app->add_option("--engine", arguments->engine, "GraphViz's layout program: dot, neato, sfdp, …")
      ->check(CLI::IsMember({"dot", "neato", "fdp", "sfdp", "twopi", "circo"}));
  app->add_option("--title", arguments->title, "Above the picture");
  app->add_flag("--legend", arguments->legend, "Show what colours and shapes stand for");
  arguments->run.add_to(*app);
  app->footer(
      "A node shows its name, else its title, else its id, else its label.\n"
      "Examples:\n"
      "  entente export g7.entente --format svg --output g7.svg\n"
      "  entente export g7.entente --around Country:name=Japan --depth 2 --caption Event=date > japan.dot\n"
      "  entente export g7.entente --query 'MATCH p = (:Event)-[:EDITION_OF]->(:Forum) RETURN p' --format png -o "
      "forums.png\n"
      "  entente export g7.entente --format cypher > g7.cypher");
  return {app, [arguments] { return run_export(*arguments); }};
}

}  // namespace entente
