// json: one line a statement, {"columns": […], "rows": [[…]]}, with "counters" where something changed. jsonl: one line
// a row, an object by column. typed-json: one line a statement whatever happens, in the shape of Neo4j's Query API.
#include <ostream>

#include "entente/core/error.h"
#include "entente/tools/format.h"
#include "entente/tools/json_value.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

void write_names(JsonWriter& writer, const std::vector<std::string>& names) {
  writer.StartArray();
  for (const std::string& name : names) write_text(writer, name);
  writer.EndArray();
}

/// Named as Neo4j's Query API names them.
void write_counters(JsonWriter& writer, const Counters& c) {
  const std::pair<const char*, uint64_t> counts[] = {
      {"nodesCreated", c.nodes_created},
      {"nodesDeleted", c.nodes_deleted},
      {"relationshipsCreated", c.relationships_created},
      {"relationshipsDeleted", c.relationships_deleted},
      {"propertiesSet", c.properties_set},
      {"labelsAdded", c.labels_added},
      {"labelsRemoved", c.labels_removed},
      {"indexesAdded", c.indexes_added},
      {"indexesRemoved", c.indexes_removed},
      {"constraintsAdded", c.constraints_added},
      {"constraintsRemoved", c.constraints_removed},
  };
  bool any = false;
  writer.StartObject();
  for (const auto& [name, count] : counts) {
    writer.Key(name);
    writer.Uint64(count);
    any |= count > 0;
  }
  writer.Key("containsUpdates");
  writer.Bool(any);
  writer.EndObject();
}

/// As Neo4j's Query API has them.
void write_notifications(JsonWriter& writer, const std::vector<Notification>& notifications) {
  const auto text = [&](const char* key, const std::string& value) {
    writer.Key(key);
    write_text(writer, value);
  };
  writer.StartArray();
  for (const Notification& notification : notifications) {
    writer.StartObject();
    text("code", notification.code);
    text("title", notification.title);
    text("description", notification.description);
    if (notification.line > 0) {
      writer.Key("position");
      writer.StartObject();
      writer.Key("offset");
      writer.Uint(notification.offset);
      writer.Key("line");
      writer.Uint(notification.line);
      writer.Key("column");
      writer.Uint(notification.column);
      writer.EndObject();
    }
    text("severity", notification.severity);
    text("category", notification.category);
    writer.EndObject();
  }
  writer.EndArray();
}

/// Throws if a result that is gathered as a whole has become too long.
void check_size(const rapidjson::StringBuffer& buffer, size_t memory_limit) {
  constexpr size_t kDefault = size_t{4} << 30;
  const size_t most = memory_limit != 0 ? memory_limit : kDefault;
  if (buffer.GetSize() <= most) return;
  throw Error::resource("MemoryLimit", "the result takes more than " + std::to_string(most) +
                                           " bytes as one line of JSON; raise the memory limit, return less, or take a "
                                           "format that is written row by row, such as jsonl or csv");
}

void put_line(std::ostream& out, const rapidjson::StringBuffer& buffer) {
  out.write(buffer.GetString(), static_cast<std::streamsize>(buffer.GetSize()));
  out << '\n';
}

class JsonObjectWriter final : public ResultWriter {
 public:
  JsonObjectWriter(std::ostream& out, size_t memory_limit) : out_(out), memory_limit_(memory_limit), writer_(buffer_) {}

  void begin(const std::vector<std::string>& columns) override {
    writer_.StartObject();
    writer_.Key("columns");
    write_names(writer_, columns);
    writer_.Key("rows");
    writer_.StartArray();
  }

  void row(const Row& row) override {
    if (row.size() == 0) return;
    writer_.StartArray();
    for (const Value& value : row.values()) write_plain_json(writer_, value);
    writer_.EndArray();
    check_size(buffer_, memory_limit_);
  }

  void end(const ResultSummary& summary) override {
    writer_.EndArray();
    if (summary.counters.any()) {
      writer_.Key("counters");
      write_counters(writer_, summary.counters);
    }
    if (summary.milliseconds) {
      writer_.Key("ms");
      writer_.Double(*summary.milliseconds);
    }
    writer_.EndObject();
    put_line(out_, buffer_);
  }

 private:
  std::ostream& out_;
  const size_t memory_limit_;
  rapidjson::StringBuffer buffer_;
  JsonWriter writer_;
};

class JsonLinesWriter final : public ResultWriter {
 public:
  explicit JsonLinesWriter(std::ostream& out) : out_(out) {}

  void begin(const std::vector<std::string>& columns) override {
    columns_.clear();
    for (const std::string& column : columns) columns_.push_back(valid_utf8(column));
  }

  void row(const Row& row) override {
    if (row.size() == 0) return;
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    for (size_t i = 0; i < row.size(); ++i) {
      writer.Key(columns_[i].data(), static_cast<rapidjson::SizeType>(columns_[i].size()));
      write_plain_json(writer, row[i]);
    }
    writer.EndObject();
    put_line(out_, buffer);
  }

  void end(const ResultSummary&) override {}

 private:
  std::ostream& out_;
  std::vector<std::string> columns_;
};

class TypedJsonWriter final : public ResultWriter {
 public:
  TypedJsonWriter(std::ostream& out, size_t memory_limit) : out_(out), memory_limit_(memory_limit), writer_(buffer_) {}

  void begin(const std::vector<std::string>& columns) override {
    writer_.StartObject();
    writer_.Key("data");
    writer_.StartObject();
    writer_.Key("fields");
    write_names(writer_, columns);
    writer_.Key("values");
    writer_.StartArray();
  }

  void row(const Row& row) override {
    if (row.size() == 0) return;
    writer_.StartArray();
    for (const Value& value : row.values()) write_typed_json(writer_, value);
    writer_.EndArray();
    check_size(buffer_, memory_limit_);
  }

  void end(const ResultSummary& summary) override {
    writer_.EndArray();
    writer_.EndObject();
    writer_.Key("counters");
    write_counters(writer_, summary.counters);
    if (!summary.notifications.empty()) {
      writer_.Key("notifications");
      write_notifications(writer_, summary.notifications);
    }
    writer_.EndObject();
    put_line(out_, buffer_);
  }

 private:
  std::ostream& out_;
  const size_t memory_limit_;
  rapidjson::StringBuffer buffer_;
  JsonWriter writer_;
};

}  // namespace

std::string typed_json_error(const Error& error) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("errors");
  writer.StartArray();
  writer.StartObject();
  writer.Key("code");
  write_text(writer, error.code());
  writer.Key("phase");
  writer.String(error.phase() == Phase::CompileTime ? "compile time" : "runtime");
  writer.Key("message");
  write_text(writer, error.what());
  if (error.line() > 0) {
    writer.Key("line");
    writer.Uint(error.line());
    writer.Key("column");
    writer.Uint(error.column());
  }
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::unique_ptr<ResultWriter> make_json_writer(std::ostream& out, size_t memory_limit) {
  return std::make_unique<JsonObjectWriter>(out, memory_limit);
}
std::unique_ptr<ResultWriter> make_json_lines_writer(std::ostream& out) {
  return std::make_unique<JsonLinesWriter>(out);
}
std::unique_ptr<ResultWriter> make_typed_json_writer(std::ostream& out, size_t memory_limit) {
  return std::make_unique<TypedJsonWriter>(out, memory_limit);
}

}  // namespace entente
