// `entente dump` and `entente load`: a whole graph as text, which every later version reads, and back.
//
// The text is that of `entente export --format cypher`: statements that any openCypher shell can run.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "entente/tools/commands.h"
#include "entente/tools/export_graph.h"
#include "entente/tools/options.h"
#include "entente/tools/shell.h"

namespace entente {
namespace {

struct DumpArguments {
  std::string database;
  std::string file;  // empty or "-": a standard stream
};

bool is_stream(const std::string& file) { return file.empty() || file == "-"; }

int run_dump(const DumpArguments& arguments) {
  const Database database = open_for_reading(arguments.database);
  const SnapshotPtr snapshot = database.snapshot();
  const SnapshotSource graph(snapshot);
  if (is_stream(arguments.file)) {
    write_cypher(std::cout, graph, snapshot.get());
    std::cout.flush();
    if (!std::cout) throw Error("ToolError", "CannotWrite", Phase::Runtime, "Cannot write to standard output");
    return 0;
  }
  std::ofstream out(arguments.file, std::ios::binary | std::ios::trunc);
  write_cypher(out, graph, snapshot.get());
  out.flush();
  if (!out) throw Error("ToolError", "CannotWrite", Phase::Runtime, "Cannot write the file '" + arguments.file + "'");
  std::cerr << "Dumped " << graph.node_count() << " nodes and " << graph.relationship_count() << " relationships to "
            << arguments.file << '\n';
  return 0;
}

int run_load(const DumpArguments& arguments) {
  std::ifstream file;
  if (!is_stream(arguments.file)) {
    file.open(arguments.file, std::ios::binary);
    if (!file || std::filesystem::is_directory(arguments.file)) {
      throw Error("ToolError", "CannotRead", Phase::Runtime, "Cannot read the file '" + arguments.file + "'");
    }
  }
  if (std::filesystem::exists(arguments.database)) {
    throw Error::argument("InvalidOption", "There is something at '" + arguments.database +
                                               "' already; load into a new database, or run the statements with "
                                               "`entente shell`");
  }
  DatabaseOptions options;
  options.durability = Durability::Buffered;  // all of it becomes durable at the end
  Database database = Database::open(arguments.database, options);
  Session session = database.session();
  ShellOptions shell_options;
  shell_options.format = Format::Jsonl;
  Shell shell(database, session, {}, shell_options, std::cout, std::cerr);
  shell.read(is_stream(arguments.file) ? std::cin : file);
  if (shell.failed()) {
    throw Error("ToolError", "LoadFailed", Phase::Runtime,
                "The dump was read up to the statement above; '" + arguments.database + "' holds a part of the graph");
  }
  database.checkpoint();
  const SnapshotPtr snapshot = database.snapshot();
  std::cerr << "Loaded " << snapshot->node_count() << " nodes and " << snapshot->relationship_count()
            << " relationships into " << arguments.database << '\n';
  return 0;
}

}  // namespace

Command add_dump_command(CLI::App& parent) {
  auto arguments = std::make_shared<DumpArguments>();
  CLI::App* app = parent.add_subcommand("dump", "Write a whole graph, with indexes and constraints, as Cypher");
  app->add_option("DB", arguments->database, "Folder of the database; others may write it meanwhile")->required();
  app->add_option("FILE", arguments->file, "The file to write; standard output without it");
  app->footer(
      "The text is read by this and every later version: entente load FILE DB. Ids of nodes and relationships are not\n"
      "kept. For a copy of a database as it is, see `entente backup`.\n"
      "Example:\n  entente dump g7.entente g7.cypher");
  return {app, [arguments] { return run_dump(*arguments); }};
}

Command add_load_command(CLI::App& parent) {
  auto arguments = std::make_shared<DumpArguments>();
  CLI::App* app = parent.add_subcommand("load", "Make a new database of what `entente dump` wrote");
  app->add_option("FILE", arguments->file, "The dump; -: standard input")->required();
  app->add_option("DB", arguments->database, "Folder of the new database")->required();
  app->footer("Example:\n  entente load g7.cypher copy.entente");
  return {app, [arguments] { return run_load(*arguments); }};
}

}  // namespace entente
