// `entente ask`: a question in plain words, answered from the database's phrasebook.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "entente/tools/ask.h"
#include "entente/tools/commands.h"
#include "entente/tools/format.h"
#include "entente/tools/json_value.h"
#include "entente/tools/options.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr const char* kStoredName = "phrasebook.txt";
constexpr const char* kSourcesColumn = "sources";

struct AskArguments {
  std::string database;
  std::vector<std::string> words;
  std::string phrasebook;
  std::string format = "table";
  bool store = false;
  bool list = false;
};

/// The answer, and what each row rests on if the question's Cypher says so in a column `sources`.
struct Answer {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  size_t sources = std::string::npos;  // the column
};

std::filesystem::path phrasebook_path(const AskArguments& arguments) {
  if (!arguments.phrasebook.empty()) return arguments.phrasebook;
  std::filesystem::path path = std::filesystem::path(arguments.database) / kStoredName;
  if (!std::filesystem::exists(path)) {
    throw Error(
        "AskError", "NoPhrasebook", Phase::Runtime,
        "The database has no phrasebook. Name one with --phrasebook FILE; with --store it is kept for the next time");
  }
  return path;
}

void store_phrasebook(const AskArguments& arguments) {
  std::error_code error;
  std::filesystem::copy_file(arguments.phrasebook, std::filesystem::path(arguments.database) / kStoredName,
                             std::filesystem::copy_options::overwrite_existing, error);
  if (error) throw Error("ToolError", "CannotWrite", Phase::Runtime, "Cannot store the phrasebook: " + error.message());
}

Answer run_question(Database& database, const AskedQuestion& asked) {
  Session session = database.session();
  session.set_read_only(true);
  Answer answer;
  Result result = session.run(asked.question->cypher, asked.parameters);
  answer.rows = result.rows();
  answer.columns = result.columns();
  const auto it = std::find(answer.columns.begin(), answer.columns.end(), kSourcesColumn);
  if (it != answer.columns.end() && answer.columns.size() > 1)
    answer.sources = static_cast<size_t>(it - answer.columns.begin());
  return answer;
}

std::string said_of(const AskedQuestion& asked, const std::string& slot) {
  for (const auto& [name, said] : asked.said) {
    if (name == slot) return " (" + said + ")";
  }
  return {};
}

void print_rows(const Answer& answer) {
  const auto without_sources = [&](const auto& items) {
    std::decay_t<decltype(items)> out;
    for (size_t i = 0; i < items.size(); ++i) {
      if (i != answer.sources) out.push_back(items[i]);
    }
    return out;
  };
  const auto writer = make_table_writer(std::cout, 0);
  const auto columns = std::make_shared<const std::vector<std::string>>(without_sources(answer.columns));
  writer->begin(*columns);
  for (const Row& row : answer.rows) writer->row(Row(columns, without_sources(row.values())));
  writer->end({});
}

void print_sources(const Answer& answer) {
  if (answer.sources == std::string::npos || answer.rows.empty()) return;
  std::cout << "\nSources\n";
  const size_t title = answer.sources == 0 ? 1 : 0;
  for (const Row& row : answer.rows) {
    std::cout << "  " << visible(row[title].to_display()) << '\n';
    const Value& sources = row[answer.sources];
    if (!sources.is_list()) {
      std::cout << "    " << visible(sources.to_display()) << '\n';
      continue;
    }
    for (const Value& source : sources.as_list()) std::cout << "    " << visible(source.to_display()) << '\n';
  }
}

void print_text(const Answer& answer, const AskedQuestion& asked) {
  print_rows(answer);
  print_sources(answer);
  std::cout << "\nAsked as   " << asked.pattern << "\nParameters";
  for (size_t i = 0; i < asked.parameters.size(); ++i) {
    const auto& [name, value] = asked.parameters[i];
    std::cout << (i == 0 ? " " : "           ") << "$" << name << " = " << value.to_literal() << said_of(asked, name)
              << '\n';
  }
  if (asked.parameters.empty()) std::cout << " none\n";
  std::cout << "Cypher\n";
  for (size_t begin = 0; begin < asked.question->cypher.size();) {
    const size_t end = std::min(asked.question->cypher.find('\n', begin), asked.question->cypher.size());
    std::cout << "  " << asked.question->cypher.substr(begin, end - begin) << '\n';
    begin = end + 1;
  }
}

void print_json(const Answer& answer, const AskedQuestion& asked) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("question");
  write_text(writer, asked.question->name);
  writer.Key("pattern");
  write_text(writer, asked.pattern);
  writer.Key("cypher");
  write_text(writer, asked.question->cypher);
  writer.Key("parameters");
  write_plain_json(writer, Value::map(asked.parameters));
  writer.Key("columns");
  writer.StartArray();
  for (const std::string& column : answer.columns) write_text(writer, column);
  writer.EndArray();
  writer.Key("rows");
  writer.StartArray();
  for (const Row& row : answer.rows) {
    writer.StartArray();
    for (const Value& value : row.values()) write_plain_json(writer, value);
    writer.EndArray();
  }
  writer.EndArray();
  writer.EndObject();
  std::cout << std::string_view(buffer.GetString(), buffer.GetSize()) << '\n';
}

int run_ask(const AskArguments& arguments) {
  if (arguments.store && arguments.phrasebook.empty()) {
    throw Error::argument("InvalidOption", "--store keeps the phrasebook that --phrasebook FILE names");
  }
  Database database = open_for_reading(arguments.database);
  const std::filesystem::path path = phrasebook_path(arguments);
  const Phrasebook book = parse_phrasebook(read_file(path.string()), path.string());
  if (arguments.store) store_phrasebook(arguments);
  if (arguments.list) {
    for (const Question& question : book.questions) {
      std::cout << (question.example.empty() ? question.patterns.front().text : question.example) << '\n';
      for (const Question::Pattern& pattern : question.patterns) std::cout << "    " << pattern.text << '\n';
    }
    return 0;
  }
  std::string sentence;
  for (const std::string& word : arguments.words) sentence += (sentence.empty() ? "" : " ") + word;
  if (sentence.empty()) {
    if (arguments.store) return 0;
    throw Error::argument(
        "InvalidOption",
        "Ask something: entente ask DB 'which forums hosted US-Japan FM talks'; --list shows the questions");
  }
  const AskedQuestion asked = understand(book, *database.snapshot(), sentence);
  const Answer answer = run_question(database, asked);
  if (arguments.format == "json") {
    print_json(answer, asked);
  } else if (arguments.format != "table") {
    const auto writer = make_writer(*parse_format(arguments.format), std::cout, {});
    writer->begin(answer.columns);
    for (const Row& row : answer.rows) writer->row(row);
    writer->end({});
  } else {
    print_text(answer, asked);
  }
  std::cout.flush();
  return 0;
}

}  // namespace

Command add_ask_command(CLI::App& parent) {
  auto arguments = std::make_shared<AskArguments>();
  CLI::App* app = parent.add_subcommand("ask", "Answer a stored question, asked in plain words");
  app->add_option("DB", arguments->database, "Folder of the database")->required();
  app->add_option("QUESTION", arguments->words, "The question");
  app->add_option("--phrasebook", arguments->phrasebook,
                  "The questions that are understood; without it those stored with the database")
      ->type_name("FILE");
  app->add_flag("--store", arguments->store, "Keep the phrasebook with the database");
  app->add_flag("--list", arguments->list, "Show the questions that there are");
  app->add_option("--format", arguments->format,
                  "Of the answer: table and json also tell what ran, the others only the rows")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  app->footer(
      "Prints the answer, what it rests on, and the Cypher that ran with its parameters. Case, accents, blanks and "
      "kinds of dashes do not\n"
      "matter, and names may be any that the graph knows: US, U.S., United States.\n"
      "Examples:\n"
      "  entente ask g7.entente 'which forums hosted US-Japan FM talks'\n"
      "  entente ask g7.entente --phrasebook questions.txt --store");
  return {app, [arguments] { return run_ask(*arguments); }};
}

}  // namespace entente
