// `entente query`: runs one statement, as often as asked, and prints its rows with the time that each run took.
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>

#include "entente/tools/commands.h"
#include "entente/tools/format.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/json_value.h"
#include "entente/tools/options.h"

namespace entente {
namespace {

struct QueryArguments {
  std::string database;
  std::string statement;
  std::string file;
  std::string format = "json";
  unsigned repeat = 1;
  bool timing = false;
  RunOptions run;
};

/// What the last run gave, and the milliseconds of each.
struct Outcome {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  Counters counters;
  std::vector<Notification> notifications;
  std::string plan;        // of EXPLAIN and PROFILE
  bool explained = false;  // the rows are the lines of the plan
  std::vector<double> milliseconds;
};

Outcome run_repeatedly(Session& session, const std::string& text, const Map& parameters, unsigned repeat) {
  Outcome outcome;
  for (unsigned i = 0; i < repeat; ++i) {
    outcome.rows.clear();
    const auto start = std::chrono::steady_clock::now();
    Result result = session.run(text, parameters);
    outcome.explained = !result.plan().empty();
    outcome.rows = result.rows();
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    outcome.milliseconds.push_back(taken.count());
    outcome.columns = result.columns();
    outcome.counters = result.counters();
    outcome.notifications = result.notifications();
    outcome.plan = result.plan();
  }
  return outcome;
}

void print_json(const Outcome& outcome) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("columns");
  writer.StartArray();
  for (const std::string& column : outcome.columns) write_text(writer, column);
  writer.EndArray();
  writer.Key("rows");
  writer.StartArray();
  for (const Row& row : outcome.rows) {
    if (row.size() == 0) continue;
    writer.StartArray();
    for (const Value& value : row.values()) write_plain_json(writer, value);
    writer.EndArray();
  }
  writer.EndArray();
  writer.Key("ms");
  writer.StartArray();
  for (const double ms : outcome.milliseconds) writer.Double(ms);
  writer.EndArray();
  if (!outcome.plan.empty() && !outcome.explained) {
    writer.Key("plan");
    write_text(writer, outcome.plan);
  }
  writer.EndObject();
  std::cout.write(buffer.GetString(), static_cast<std::streamsize>(buffer.GetSize()));
  std::cout << '\n';
}

void print(const Outcome& outcome, Format format, size_t memory_limit, const Database& database) {
  const auto writer = make_writer(format, std::cout, {0, memory_limit, [&] { return database.snapshot(); }});
  const bool for_people = !is_machine_format(format);
  if (outcome.explained && for_people) {
    writer->plan(outcome.plan);
    return;
  }
  writer->begin(outcome.columns);
  for (const Row& row : outcome.rows) writer->row(row);
  writer->end({outcome.counters, outcome.notifications});
  if (outcome.plan.empty() || outcome.explained) return;
  if (for_people) {
    writer->plan(outcome.plan);
  } else {
    std::cerr << outcome.plan;  // the result is for a program
  }
}

int run_query(const QueryArguments& arguments) {
  if (arguments.statement.empty() == arguments.file.empty()) {
    throw Error::argument("InvalidOption",
                          "Give either a statement or --file FILE: entente query DB 'MATCH (n) RETURN n'");
  }
  const std::string text = arguments.file.empty() ? arguments.statement : read_file(arguments.file);
  const Map parameters = parse_parameters(arguments.run.parameters);
  Database database = arguments.run.open(arguments.database, true);
  Session session = database.session();
  arguments.run.apply(session);
  install_interrupt_handler(true);
  const Outcome outcome = [&] {
    const CancelOnInterrupt cancel(session);
    return run_repeatedly(session, text, parameters, arguments.repeat);
  }();  // from here on Ctrl-C ends the process
  const Format format = *parse_format(arguments.format);
  const bool for_people = !is_machine_format(format) || isatty(STDERR_FILENO) != 0;
  if (for_people && format != Format::TypedJson) put_notifications(std::cerr, outcome.notifications, text);
  if (format == Format::Json) {
    print_json(outcome);
  } else {
    print(outcome, format, arguments.run.memory_limit_bytes(), database);
  }
  std::cout.flush();
  if (arguments.timing && format != Format::Json) {
    for (const double ms : outcome.milliseconds) std::cerr << describe_milliseconds(ms) << '\n';
  }
  return 0;
}

}  // namespace

Command add_query_command(CLI::App& parent) {
  auto arguments = std::make_shared<QueryArguments>();
  CLI::App* app = parent.add_subcommand("query", "Run one statement and print its rows and times");
  app->add_option("DB", arguments->database, "Folder of the database")->required();
  app->add_option("STATEMENT", arguments->statement, "The statement, unless it is in a file");
  app->add_option("--file", arguments->file, "A file with the statement")->type_name("FILE");
  app->add_option("--format", arguments->format, "Of the result")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  app->add_option("--repeat", arguments->repeat, "How often to run it")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app->add_flag("--timing", arguments->timing, "Also with other formats than json: print the milliseconds of each run");
  arguments->run.add_to(*app);
  app->footer(
      "Prints {\"columns\": […], \"rows\": [[…]], \"ms\": […]}: the rows of the last run, and for each run the "
      "milliseconds that\n"
      "parsing, planning and reading all rows took. Temporal values are ISO texts, nodes and relationships objects.\n"
      "Examples:\n"
      "  entente query g7.entente 'MATCH (c:Country {iso2: $c}) RETURN c.name' --param c=\"'JP'\"\n"
      "  entente query g7.entente --file q.cypher --repeat 6 --threads 2 --timing");
  return {app, [arguments] { return run_query(*arguments); }};
}

}  // namespace entente
