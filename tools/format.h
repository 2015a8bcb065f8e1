// Output formats of results, and the writer that each has.
//
// A writer takes the result of one statement: begin, rows, end; or plan, for a statement that only explains. If the
// statement fails on the way the writer is dropped; those that print nothing before end() (json, typed-json, dot) have
// then printed nothing. Writers write to a stream that outlives them and do not flush it.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/query/entente.h"

namespace entente {

enum class Format { Table, Csv, Tsv, Json, Jsonl, Markdown, Dot, TypedJson };

/// Names as `--format` takes them, in the order of the enumeration.
const std::vector<std::string>& format_names();
std::optional<Format> parse_format(std::string_view name);
/// Whether the format is read by programs, so that nothing else may stand between results.
bool is_machine_format(Format format);

struct FormatOptions {
  /// Columns of the terminal that a table must fit; 0: as wide as its contents.
  size_t width = 0;
  /// What a format may gather that gives its result as a whole, in bytes; 0: a default.
  size_t memory_limit = 0;
  /// Where the dot format looks up nodes that a result only refers to. May be empty.
  std::function<SnapshotPtr()> snapshot = {};
};

struct ResultSummary {
  Counters counters;
  /// Only typed-json has them in the result; see put_notifications.
  std::vector<Notification> notifications = {};
  /// Milliseconds to be shown; no value: none.
  std::optional<double> milliseconds = {};
};

class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  virtual void begin(const std::vector<std::string>& columns) = 0;
  virtual void row(const Row& row) = 0;
  virtual void end(const ResultSummary& summary) = 0;
  /// In place of begin, rows and end. The default gives one row with the column `plan`.
  virtual void plan(const std::string& text);
};

std::unique_ptr<ResultWriter> make_writer(Format format, std::ostream& out, const FormatOptions& options);

/// Prints a statement's notifications for people: `warning: …`, and under it the line with a caret below the place.
void put_notifications(std::ostream& err, const std::vector<Notification>& notifications, std::string_view statement);

/// "Created 2 nodes, set 3 properties", or an empty text if nothing changed.
std::string describe_counters(const Counters& counters);

/// Milliseconds as people read them: "0.35 ms", "1.2 s".
std::string describe_milliseconds(double milliseconds);

// One constructor for each format; make_writer chooses.
std::unique_ptr<ResultWriter> make_table_writer(std::ostream& out, size_t width);
std::unique_ptr<ResultWriter> make_separated_writer(std::ostream& out, bool tabs);
std::unique_ptr<ResultWriter> make_json_writer(std::ostream& out, size_t memory_limit);
std::unique_ptr<ResultWriter> make_json_lines_writer(std::ostream& out);
std::unique_ptr<ResultWriter> make_markdown_writer(std::ostream& out);
std::unique_ptr<ResultWriter> make_dot_writer(std::ostream& out, std::function<SnapshotPtr()> snapshot);
std::unique_ptr<ResultWriter> make_typed_json_writer(std::ostream& out, size_t memory_limit);

/// The line that typed-json prints for a statement that failed, with its line end.
std::string typed_json_error(const Error& error);

/// A cell of CSV: quoted where RFC 4180 asks for it, and where it is an empty text, which a missing value is not.
std::string csv_cell(const Value& value);
std::string csv_quote(std::string_view text);

}  // namespace entente
