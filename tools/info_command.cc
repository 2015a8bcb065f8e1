// `entente info`: what a database holds and what it costs.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "entente/query/schema_text.h"
#include "entente/tools/commands.h"
#include "entente/tools/json_value.h"
#include "entente/tools/options.h"
#include "entente/tools/shell.h"

namespace entente {
namespace {

struct InfoArguments {
  std::string database;
  std::string format = "text";
  bool load = false;
};

uint64_t disk_size(const std::filesystem::path& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const uint64_t size = it->is_regular_file(ignored) ? it->file_size(ignored) : 0;
    if (!ignored) bytes += size;
  }
  return bytes;
}

/// Reads every page that is still on disk.
void load_all(Snapshot snapshot) {
  const auto touch = [](const auto& table) {
    table.for_each([](uint32_t, const std::shared_ptr<PageHandle>& handle) { handle->get(); });
  };
  const SnapshotParts parts(snapshot);
  touch(parts.nodes);
  touch(parts.relationships);
  for (const Adjacency& adjacency : *parts.adjacency) touch(adjacency);
  for (const Column& column : *parts.node_columns) touch(column);
  for (const Column& column : *parts.relationship_columns) touch(column);
  for (const LabelBitmap& label : *parts.labels) touch(label);
  for (const Index& index : *parts.indexes) touch(index.leaves);
}

std::string describe_size(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (amount >= 1'000 && unit + 1 < std::size(kUnits)) {
    amount /= 1'000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text;
}

void print_text(const Database& database, const Snapshot& snapshot, const std::string& path, bool loaded) {
  const Snapshot::Memory memory = snapshot.memory();
  std::cout << "Database       " << path << "\nEntente        " << ENTENTE_VERSION << '\n';
  describe_status(database.status(), std::cout);
  std::cout << "Nodes          " << snapshot.node_count() << "\nRelationships  " << snapshot.relationship_count()
            << "\nOn disk        " << describe_size(disk_size(path)) << "\nIn memory      "
            << describe_size(memory.total()) << " (nodes " << describe_size(memory.nodes) << ", relationships "
            << describe_size(memory.relationships) << ", adjacency " << describe_size(memory.adjacency)
            << ", properties " << describe_size(memory.columns) << ", labels " << describe_size(memory.labels)
            << ", indexes " << describe_size(memory.indexes)
            << (loaded ? ")\n" : "); pages are read when first used: --load reads all\n");
  describe_schema(snapshot, std::cout);
}

template <class CountOf>
void write_counts(JsonWriter& writer, const char* key, const NameTable& names, const CountOf& count_of) {
  writer.Key(key);
  writer.StartObject();
  for (uint32_t i = 0; i < names.size(); ++i) {
    if (count_of(i) == 0) continue;
    writer.Key(names.name(i).c_str());
    writer.Uint64(count_of(i));
  }
  writer.EndObject();
}

void write_schema_item(JsonWriter& writer, const std::string& name, std::string_view type,
                       const std::string& statement) {
  writer.StartObject();
  writer.Key("name");
  write_text(writer, name);
  writer.Key("type");
  write_text(writer, std::string(type));
  writer.Key("createStatement");
  write_text(writer, statement);
  writer.EndObject();
}

void print_json(const Snapshot& snapshot, const std::string& path) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  const Dictionary& names = snapshot.names();
  writer.StartObject();
  writer.Key("database");
  write_text(writer, path);
  writer.Key("version");
  writer.String(ENTENTE_VERSION);
  const std::pair<const char*, uint64_t> counts[] = {{"commits", snapshot.version()},
                                                     {"nodes", snapshot.node_count()},
                                                     {"relationships", snapshot.relationship_count()},
                                                     {"diskBytes", disk_size(path)},
                                                     {"memoryBytes", snapshot.memory().total()}};
  for (const auto& [key, count] : counts) {
    writer.Key(key);
    writer.Uint64(count);
  }
  write_counts(writer, "labels", names.labels, [&](uint32_t i) { return snapshot.label_count(LabelId(i)); });
  write_counts(writer, "relationshipTypes", names.types, [&](uint32_t i) { return snapshot.type_count(TypeId(i)); });
  writer.Key("indexes");
  writer.StartArray();
  for (const Index& index : snapshot.indexes()) {
    const IndexDefinition& d = index.definition;
    write_schema_item(writer, d.name, index_type(d), create_statement(d, snapshot));
  }
  writer.EndArray();
  writer.Key("constraints");
  writer.StartArray();
  for (const Index& index : snapshot.indexes()) {
    const IndexDefinition& d = index.definition;
    if (d.unique) write_schema_item(writer, d.name, constraint_type(d), create_statement(d, snapshot));
  }
  for (const Constraint& c : snapshot.constraints()) {
    write_schema_item(writer, c.name, constraint_type(c), create_statement(c, snapshot));
  }
  writer.EndArray();
  writer.EndObject();
  std::cout << buffer.GetString() << '\n';
}

int run_info(const InfoArguments& arguments) {
  const Database database = open_for_reading(arguments.database);
  const SnapshotPtr snapshot = database.snapshot();
  if (arguments.load) load_all(*snapshot);
  if (arguments.format == "json") {
    print_json(*snapshot, arguments.database);
  } else {
    print_text(database, *snapshot, arguments.database, arguments.load);
  }
  std::cout.flush();
  return 0;
}

}  // namespace

void describe_status(const DatabaseStatus& status, std::ostream& out) {
  out << "Commits        " << status.version << "; the last checkpoint has " << status.stored_version;
  if (status.follower) out << "; following the process that writes";
  if (!status.trouble.empty()) out << ", which fails at present: " << status.trouble;
  out << '\n';
  if (status.log_commits > 0) {
    out << "Log            " << status.log_commits << " commits, " << describe_size(status.log_bytes) << '\n';
  }
  if (status.kept_pages > 0) {
    out << "Kept pages     " << status.kept_pages << " superseded, on disk for the versions held\n";
  }
  for (const DatabaseStatus::HeldVersion& held : status.held) {
    out << "Held version   " << held.version << ", with " << held.pages << " pages of its own, "
        << describe_size(held.bytes) << " in memory\n";
  }
}

Command add_info_command(CLI::App& parent) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* app = parent.add_subcommand("info", "Show what a database holds: counts, indexes, constraints, sizes");
  app->add_option("DB", arguments->database, "Folder of the database")->required();
  app->add_option("--format", arguments->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app->add_flag("--load", arguments->load, "Read all pages first, so that the memory shown is that of the whole graph");
  app->footer("Example:\n  entente info g7.entente");
  return {app, [arguments] { return run_info(*arguments); }};
}

}  // namespace entente
