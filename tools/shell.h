// The shell: runs statements ended by `;` and commands that begin with a colon, typed at a terminal or read from a
// stream.
//
// Results go to `out`, which is flushed after every statement. Errors go to `err`; with the format typed-json a
// statement's error is its line on `out`, and its notifications are in its result; with formats that people read they
// go to `err`. What commands print goes to `out` for formats that people read, else to
// `err`. Used by one thread.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "entente/query/entente.h"
#include "entente/query/syntax/parser.h"
#include "entente/tools/format.h"

namespace entente {

struct ShellOptions {
  Format format = Format::Table;
  bool keep_going = false;   // after an error
  bool interactive = false;  // a person types: errors never end the session
  bool timer = false;
  bool errors_to_terminal = false;  // `err` is read by a person, so that notifications go there whatever the format
  size_t width = 0;                 // of tables; 0: unlimited. Asked of the terminal where interactive
  size_t memory_limit = 0;          // of what a format may gather (see FormatOptions)
};

class Shell {
 public:
  Shell(Database& database, Session& session, Map parameters, ShellOptions options, std::ostream& out,
        std::ostream& err);

  /// Takes one more line; runs what it completes. False once the shell is to end (:quit, or an error without
  /// keep_going).
  bool feed(std::string_view line);
  /// At the end of the input: runs what is left, even if no `;` ended it.
  bool finish();
  /// Drops what was typed of a statement.
  void discard() {
    buffer_.clear();
    scan_ = {};
  }
  /// Whether a statement has begun and not ended.
  bool pending() const;
  bool failed() const { return failed_; }
  bool in_transaction() const { return session_.in_transaction(); }

  /// Reads lines to the end of the stream. False as feed() says.
  bool read(std::istream& in);

 private:
  static constexpr int kMaxReadDepth = 16;

  bool run_statement(std::string_view text);
  bool run_command(std::string_view line);
  void dispatch(std::string_view name, const std::string& argument);
  void set_parameter(const std::string& argument);
  void read_commands_from(const std::string& path);
  /// After the rows of a PROFILE, its plan.
  void show_profile(const std::string& plan, ResultWriter& writer);
  void report(const Error& error, bool statement);
  bool after_error() const { return options_.interactive || options_.keep_going; }
  size_t width() const;
  std::ostream& notes() { return is_machine_format(options_.format) ? err_ : out_; }

  Database& database_;
  Session& session_;
  Map parameters_;
  ShellOptions options_;
  std::ostream& out_;
  std::ostream& err_;
  std::string buffer_;
  StatementScan scan_;  // of the statement that the buffer begins with, behind blanks and comments
  bool failed_ = false;
  bool quit_ = false;
  int read_depth_ = 0;
};

/// The length of the blanks and comments that `text` begins with; all of it for a comment that does not end, which
/// `open_comment` tells.
size_t skip_blank(std::string_view text, bool* open_comment = nullptr);

/// Labels, types, property keys, indexes and constraints, as `:schema` shows them.
void describe_schema(const Snapshot& snapshot, std::ostream& out);

/// Commits, the log, and the versions that readers hold, as `:info` shows them.
void describe_status(const DatabaseStatus& status, std::ostream& out);

}  // namespace entente
