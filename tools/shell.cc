#include "entente/tools/shell.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <istream>
#include <ostream>
#include <sstream>

#include "entente/query/schema_text.h"
#include "entente/query/syntax/parser.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/options.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr const char* kHelp =
    "Statements of Cypher end with a semicolon and may take several lines. Commands take one line:\n"
    "  :help              this list\n"
    "  :param x => 1      sets the parameter $x to the value of an expression\n"
    "  :param {a: 1}      sets several; :params lists them, :params clear forgets them\n"
    "  :schema            labels, relationship types, property keys, indexes, constraints\n"
    "  :info              commits, the log since the last checkpoint, versions that readers hold\n"
    "  :begin             begins a transaction; :commit and :rollback end it\n"
    "  :read FILE         runs the statements in a file\n"
    "  :mode FORMAT       table, csv, tsv, json, jsonl, markdown, dot, typed-json\n"
    "  :timer [on|off]    shows how long statements take\n"
    "  :explain STATEMENT shows the plan and runs nothing\n"
    "  :quit              ends the shell (so does Ctrl-D); Ctrl-C stops the statement that runs\n";

Error unexpected(const std::exception& e) {
  return {"ToolError", "Unexpected", Phase::Runtime, std::string("Unexpected failure: ") + e.what()};
}

void put_counts(std::ostream& out, const char* title, const std::vector<std::pair<std::string, uint64_t>>& counts) {
  out << title << '\n';
  if (counts.empty()) out << "  none\n";
  for (const auto& [name, count] : counts) out << "  " << std::setw(12) << count << "  " << visible(name) << '\n';
}

}  // namespace

size_t skip_blank(std::string_view text, bool* open_comment) {
  if (open_comment != nullptr) *open_comment = false;
  size_t i = 0;
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r')) {
      ++i;
    } else if (rest.substr(0, 3) == "\xEF\xBB\xBF") {  // a byte-order mark
      i += 3;
    } else if (rest.substr(0, 2) == "//") {
      const size_t end = rest.find('\n');
      if (end == std::string_view::npos) return text.size();
      i += end + 1;
    } else if (rest.substr(0, 2) == "/*") {
      const size_t end = rest.find("*/", 2);
      if (end == std::string_view::npos) {
        if (open_comment != nullptr) *open_comment = true;
        return text.size();
      }
      i += end + 2;
    } else {
      break;
    }
  }
  return i;
}

Shell::Shell(Database& database, Session& session, Map parameters, ShellOptions options, std::ostream& out,
             std::ostream& err)
    : database_(database),
      session_(session),
      parameters_(std::move(parameters)),
      options_(options),
      out_(out),
      err_(err) {}

bool Shell::pending() const { return skip_blank(buffer_) < buffer_.size(); }

bool Shell::feed(std::string_view line) {
  bool in_comment = false;
  if (skip_blank(buffer_, &in_comment) == buffer_.size() && !in_comment) {
    discard();
    if (trim(line).substr(0, 1) == ":") return run_command(trim(line));
  }
  buffer_ += line;
  buffer_ += '\n';
  if (line.find(';') == std::string_view::npos) return true;
  size_t done = 0;
  while (true) {
    const std::string_view rest = std::string_view(buffer_).substr(done);
    const size_t blank = skip_blank(rest);
    const size_t length = statement_length(rest.substr(blank), scan_);
    if (length == std::string_view::npos) break;
    scan_ = {};
    const std::string statement(rest.substr(blank, length));
    done += blank + length;
    if (!run_statement(statement)) return false;
  }
  buffer_.erase(0, done);
  return true;
}

bool Shell::finish() {
  const std::string rest = buffer_.substr(skip_blank(buffer_));
  discard();
  return rest.empty() || run_statement(rest);
}

bool Shell::read(std::istream& in) {
  std::string line;
  while (std::getline(in, line)) {
    if (!feed(line)) return false;
    if (!options_.interactive && interrupted()) return false;
  }
  return finish();
}

size_t Shell::width() const {
  if (!options_.interactive) return options_.width;
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool Shell::run_statement(std::string_view text) {
  if (trim(text) == ";" || trim(text).empty()) return true;
  if (options_.interactive) clear_interrupt();
  try {
    const CancelOnInterrupt cancel(session_);
    const auto writer =
        make_writer(options_.format, out_, {width(), options_.memory_limit, [this] { return database_.snapshot(); }});
    const auto start = std::chrono::steady_clock::now();
    Result result = session_.run(text, parameters_);
    const bool explained = !result.plan().empty();
    const bool for_people = !is_machine_format(options_.format) || options_.errors_to_terminal;
    if (for_people && options_.format != Format::TypedJson) put_notifications(err_, result.notifications(), text);
    if (explained && !is_machine_format(options_.format)) {
      writer->plan(result.plan());  // laid out for people
    } else {
      writer->begin(result.columns());
      Row row;
      while (result.next(row)) writer->row(row);
      ResultSummary summary{result.counters(), result.notifications(), {}};
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
      if (options_.timer) summary.milliseconds = taken.count();
      writer->end(summary);
      if (!explained) show_profile(result.plan(), *writer);
    }
    out_.flush();
    return true;
  } catch (const Error& e) {
    report(e, true);
  } catch (const std::exception& e) {
    report(unexpected(e), true);
  }
  return after_error();
}

void Shell::show_profile(const std::string& plan, ResultWriter& writer) {
  if (plan.empty()) return;
  if (is_machine_format(options_.format)) {
    err_ << plan;  // the result is for a program
  } else {
    writer.plan(plan);
  }
}

void Shell::report(const Error& error, bool statement) {
  failed_ = true;
  if (statement && options_.format == Format::TypedJson) {
    out_ << typed_json_error(error);
  } else {
    out_.flush();
    err_ << error.code() << ": " << error.pretty() << '\n';
  }
  out_.flush();
  err_.flush();
}

bool Shell::run_command(std::string_view line) {
  const size_t space = line.find_first_of(" \t");
  const std::string_view name = line.substr(0, space);
  const std::string argument = space == std::string_view::npos ? "" : trim(line.substr(space));
  try {
    dispatch(name, argument);
    notes().flush();
    return !quit_;
  } catch (const Error& e) {
    report(e, false);
  } catch (const std::exception& e) {
    report(unexpected(e), false);
  }
  return after_error();
}

void Shell::dispatch(std::string_view name, const std::string& argument) {
  if (name == ":help" || name == ":h" || name == ":?") {
    notes() << kHelp;
  } else if (name == ":quit" || name == ":exit" || name == ":q") {
    quit_ = true;
  } else if (name == ":param") {
    set_parameter(argument);
  } else if (name == ":params") {
    if (argument == "clear") parameters_.clear();
    for (const auto& [key, value] : parameters_)
      notes() << "  " << key << " => " << value.to_short_literal(1'000) << '\n';
  } else if (name == ":schema") {
    describe_schema(*database_.snapshot(), notes());
  } else if (name == ":info") {
    describe_status(database_.status(), notes());
  } else if (name == ":begin") {
    session_.begin();
  } else if (name == ":commit") {
    session_.commit();
  } else if (name == ":rollback") {
    session_.rollback();
  } else if (name == ":read") {
    read_commands_from(argument);
  } else if (name == ":mode") {
    const auto format = parse_format(argument);
    if (!format)
      throw Error::argument("InvalidCommand",
                            "There is no format '" + argument +
                                "': " + "choose one of table, csv, tsv, json, jsonl, markdown, dot, typed-json");
    options_.format = *format;
  } else if (name == ":timer") {
    if (!argument.empty() && argument != "on" && argument != "off") {
      throw Error::argument("InvalidCommand", "Write :timer on or :timer off");
    }
    options_.timer = argument.empty() ? !options_.timer : argument == "on";
    notes() << "Timer " << (options_.timer ? "on" : "off") << '\n';
  } else if (name == ":explain") {
    notes() << session_.explain(argument) << '\n';
  } else {
    throw Error::argument("InvalidCommand", "There is no command '" + std::string(name) + "'; :help lists them");
  }
}

void Shell::set_parameter(const std::string& argument) {
  Map added;
  if (!argument.empty() && argument[0] == '{') {
    added = evaluate_expression(argument).as_map();
  } else {
    const size_t arrow = argument.find("=>");
    if (arrow == std::string::npos) {
      throw Error::argument("InvalidCommand", "Write :param name => EXPRESSION, such as :param year => 2023");
    }
    added.push_back(parse_parameter(trim(std::string_view(argument).substr(0, arrow)) + "=" +
                                    trim(std::string_view(argument).substr(arrow + 2))));
  }
  Map all = parameters_;
  all.insert(all.end(), added.begin(), added.end());
  parameters_ = Value::map(std::move(all)).as_map();
}

void Shell::read_commands_from(const std::string& path) {
  if (path.empty()) throw Error::argument("InvalidCommand", "Write :read FILE");
  if (read_depth_ == kMaxReadDepth) {
    throw Error::argument("InvalidCommand",
                          "Files read one another more than " + std::to_string(kMaxReadDepth) + " deep");
  }
  std::istringstream in(read_file(path));
  ++read_depth_;
  const bool failed_before = failed_;
  failed_ = false;
  // A file stops at its first error even in a shell that goes on.
  const bool interactive = std::exchange(options_.interactive, false);
  read(in);
  options_.interactive = interactive;
  --read_depth_;
  const bool stopped = failed_ && !options_.keep_going;
  failed_ |= failed_before;
  buffer_.clear();
  if (stopped)
    throw Error("ToolError", "ReadStopped", Phase::Runtime, "Stopped reading '" + path + "' after the error above");
}

void describe_schema(const Snapshot& snapshot, std::ostream& out) {
  const Dictionary& names = snapshot.names();
  std::vector<std::pair<std::string, uint64_t>> counts;
  for (uint32_t i = 0; i < names.labels.size(); ++i) {
    if (const uint64_t n = snapshot.label_count(LabelId(i)); n > 0) counts.emplace_back(names.labels.name(i), n);
  }
  put_counts(out, "Labels", counts);
  counts.clear();
  for (uint32_t i = 0; i < names.types.size(); ++i) {
    if (const uint64_t n = snapshot.type_count(TypeId(i)); n > 0) counts.emplace_back(names.types.name(i), n);
  }
  put_counts(out, "Relationship types", counts);
  counts.clear();
  const Statistics& statistics = snapshot.statistics();
  const auto count_of = [](const std::vector<uint64_t>& all, uint32_t i) { return i < all.size() ? all[i] : 0; };
  for (uint32_t i = 0; i < names.keys.size(); ++i) {
    const uint64_t n = count_of(statistics.node_key_counts, i) + count_of(statistics.relationship_key_counts, i);
    if (n > 0) counts.emplace_back(names.keys.name(i), n);
  }
  put_counts(out, "Property keys", counts);
  const auto put = [&](const std::string& name, const std::string& what) {
    out << "  " << visible(name) << ": " << visible(what) << '\n';
  };
  for (const bool constraints : {false, true}) {
    out << (constraints ? "Constraints\n" : "Indexes\n");
    bool any = false;
    for (const Index& index : snapshot.indexes()) {
      if (index.definition.unique != constraints) continue;
      put(index.definition.name, describe(index.definition, snapshot));
      any = true;
    }
    for (const Constraint& constraint : snapshot.constraints()) {
      if (!constraints) break;
      put(constraint.name, describe(constraint, snapshot));
      any = true;
    }
    if (!any) out << "  none\n";
  }
}

}  // namespace entente
