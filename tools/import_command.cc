// `entente import`: CSV files into a database.
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "entente/core/parallel.h"
#include "entente/tools/commands.h"
#include "entente/tools/format.h"
#include "entente/tools/import.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/options.h"

namespace entente {
namespace {

struct ImportArguments {
  std::string database;
  std::vector<std::string> nodes;
  std::vector<std::string> relationships;
  std::string types = "as-is";
  std::string delimiter = ",";
  std::string array_delimiter = ";";
  std::string skip_bad_rows;
  unsigned threads = 0;
};

char parse_delimiter(const std::string& text, const std::string& option) {
  if (text == "\\t" || text == "tab" || text == "TAB") return '\t';
  if (text.size() == 1 && text != "\"" && text != "\n") return text[0];
  throw Error::argument("InvalidOption", option + " '" + text + "' is not one character (or tab)");
}

/// "12345678" as "12,345,678".
std::string with_commas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

/// One line at the foot of the terminal that is written over.
class ProgressLine {
 public:
  void show(const std::string& file, uint64_t position, uint64_t size) {
    const auto now = std::chrono::steady_clock::now();
    if (position < size && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const unsigned percent = size == 0 ? 100 : static_cast<unsigned>(position * 100 / size);
    std::fprintf(stderr, "\r\033[K%3u%%  %s", percent, file.c_str());
    std::fflush(stderr);
    shown_ = true;
  }
  ~ProgressLine() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

 private:
  std::chrono::steady_clock::time_point last_;
  bool shown_ = false;
};

std::string count_of(uint64_t n, const char* one, const char* many) {
  return with_commas(n) + " " + (n == 1 ? one : many);
}

ImportSummary import_into(const std::string& path, const ImportOptions& options) {
  const bool existed = std::filesystem::exists(path);
  try {
    DatabaseOptions database_options;
    database_options.threads = options.threads;
    Database database = Database::open(path, database_options);
    return import_csv(database, options);
  } catch (...) {
    // What was not there before is not there afterwards.
    std::error_code ignored;
    if (!existed) std::filesystem::remove_all(path, ignored);
    throw;
  }
}

int run_import(const ImportArguments& arguments) {
  if (arguments.nodes.empty() && arguments.relationships.empty()) {
    throw Error::argument("InvalidOption",
                          "Give at least one --nodes 'Label(key)=file.csv' or --relationships "
                          "'TYPE(Label.column -> Label.column)=file.csv'");
  }
  ImportOptions options;
  for (const std::string& text : arguments.nodes) options.nodes.push_back(parse_node_spec(text));
  for (const std::string& text : arguments.relationships)
    options.relationships.push_back(parse_relationship_spec(text));
  options.upper_snake_types = arguments.types == "upper-snake";
  options.delimiter = parse_delimiter(arguments.delimiter, "--delimiter");
  options.array_delimiter = parse_delimiter(arguments.array_delimiter, "--array-delimiter");
  options.skip_bad_rows = arguments.skip_bad_rows;
  options.threads = thread_count(arguments.threads);
  install_interrupt_handler(false);
  const auto start = std::chrono::steady_clock::now();
  ImportSummary summary;
  {
    ProgressLine line;
    if (isatty(STDERR_FILENO) != 0) {
      options.progress = [&](const std::string& file, uint64_t position, uint64_t size) {
        line.show(file, position, size);
      };
    }
    summary = import_into(arguments.database, options);
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  std::cout << "Imported " << count_of(summary.nodes, "node", "nodes") << ", "
            << count_of(summary.relationships, "relationship", "relationships");
  if (summary.types > 1) std::cout << " of " << with_commas(summary.types) << " types";
  std::cout << " and " << count_of(summary.properties, "property", "properties") << " in "
            << describe_milliseconds(taken.count()) << '\n';
  std::cout.flush();
  if (summary.bad_rows > 0) {
    std::cerr << "Left out " << count_of(summary.bad_rows, "row", "rows") << ": see " << arguments.skip_bad_rows
              << '\n';
  }
  return 0;
}

}  // namespace

Command add_import_command(CLI::App& parent) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* app = parent.add_subcommand("import", "Load CSV files, all or nothing");
  app->add_option("DB", arguments->database, "Folder of the database; created if it is not there")->required();
  app->add_option("--nodes", arguments->nodes, "A file of nodes: 'Label[:Label…](key)=file.csv'; repeatable")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  app->add_option("--relationships", arguments->relationships,
                  "A file of relationships: 'TYPE(Label.column -> Label.column)=file.csv'; repeatable")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  app->add_option("--types", arguments->types,
                  "How texts become relationship types: as-is, or upper-snake (Make a visit: MAKE_A_VISIT)")
      ->check(CLI::IsMember({"as-is", "upper-snake"}))
      ->capture_default_str();
  app->add_option("--delimiter", arguments->delimiter, "Between cells: a character, or tab")->capture_default_str();
  app->add_option("--array-delimiter", arguments->array_delimiter, "Between the items of a list in a cell")
      ->capture_default_str();
  app->add_option("--skip-bad-rows", arguments->skip_bad_rows,
                  "Import the rest, and write rows that cannot be imported to this file, with the reason")
      ->type_name("FILE");
  app->add_option("--threads", arguments->threads, "The most threads to use (default: one for each core)")
      ->check(CLI::Range(1u, 256u));
  app->footer(
      "The first line of a file names its columns. The key in brackets is unique within the first label and indexed; "
      "the other columns\n"
      "become properties. A column's type is inferred from all its cells (int, float, boolean, date, datetime, else "
      "string), or given in its\n"
      "name: born:date, tags:string[]. An empty cell is a missing value. {column} in a type stands for the text of "
      "that column. Headers in\n"
      "the style of neo4j-admin are understood: :ID(Space), :LABEL, :START_ID(Space), :END_ID(Space), :TYPE, :IGNORE.\n"
      "Examples:\n"
      "  entente import snb.entente --nodes 'Person(id)=person.csv' --nodes 'Post:Message(id)=post.csv' \\\n"
      "      --relationships 'KNOWS(Person.src -> Person.dst)=knows.csv'\n"
      "  entente import icews.entente --nodes 'Actor(id)=nodes.csv' \\\n"
      "      --relationships '{relation}(Actor.src -> Actor.dst)=events.csv' --types upper-snake\n"
      "  entente import g.entente --nodes nodes.csv --relationships relationships.csv     (as `entente export --format "
      "csv` writes them)");
  return {app, [arguments] { return run_import(*arguments); }};
}

}  // namespace entente
