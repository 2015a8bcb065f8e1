#include "entente/tools/format.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <utility>

namespace entente {

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"table", "csv",      "tsv", "json",
                                                 "jsonl", "markdown", "dot", "typed-json"};
  return names;
}

std::optional<Format> parse_format(std::string_view name) {
  const auto& names = format_names();
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Format>(it - names.begin());
}

bool is_machine_format(Format format) { return format != Format::Table && format != Format::Markdown; }

void put_notifications(std::ostream& err, const std::vector<Notification>& notifications, std::string_view statement) {
  for (const Notification& notification : notifications) err << notification.pretty(statement) << '\n';
}

void ResultWriter::plan(const std::string& text) {
  const auto columns = std::make_shared<const std::vector<std::string>>(1, "plan");
  begin(*columns);
  row(Row(columns, {Value(text)}));
  end({});
}

std::unique_ptr<ResultWriter> make_writer(Format format, std::ostream& out, const FormatOptions& options) {
  switch (format) {
    case Format::Table:
      return make_table_writer(out, options.width);
    case Format::Csv:
      return make_separated_writer(out, false);
    case Format::Tsv:
      return make_separated_writer(out, true);
    case Format::Json:
      return make_json_writer(out, options.memory_limit);
    case Format::Jsonl:
      return make_json_lines_writer(out);
    case Format::Markdown:
      return make_markdown_writer(out);
    case Format::Dot:
      return make_dot_writer(out, options.snapshot);
    case Format::TypedJson:
      return make_typed_json_writer(out, options.memory_limit);
  }
  return nullptr;
}

std::string describe_counters(const Counters& c) {
  struct Part {
    uint64_t count;
    const char* verb;
    const char* one;
    const char* many;
  };
  const Part parts[] = {
      {c.nodes_created, "created", "node", "nodes"},
      {c.relationships_created, "created", "relationship", "relationships"},
      {c.nodes_deleted, "deleted", "node", "nodes"},
      {c.relationships_deleted, "deleted", "relationship", "relationships"},
      {c.properties_set, "set", "property", "properties"},
      {c.labels_added, "added", "label", "labels"},
      {c.labels_removed, "removed", "label", "labels"},
      {c.indexes_added, "created", "index", "indexes"},
      {c.indexes_removed, "dropped", "index", "indexes"},
      {c.constraints_added, "created", "constraint", "constraints"},
      {c.constraints_removed, "dropped", "constraint", "constraints"},
  };
  std::string text;
  for (const Part& part : parts) {
    if (part.count == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::string(part.verb) + " " + std::to_string(part.count) + " " + (part.count == 1 ? part.one : part.many);
  }
  if (!text.empty()) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string describe_milliseconds(double ms) {
  char text[64];
  if (ms < 1) {
    std::snprintf(text, sizeof text, "%.2f ms", ms);
  } else if (ms < 1'000) {
    std::snprintf(text, sizeof text, "%.1f ms", ms);
  } else {
    std::snprintf(text, sizeof text, "%.2f s", ms / 1'000);
  }
  return text;
}

}  // namespace entente
