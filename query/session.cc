// Sessions, prepared statements and results: how a statement is run.
#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

#include "entente/query/apart.h"
#include "entente/query/database_state.h"
#include "entente/query/exec/operator.h"
#include "entente/query/exec/profile.h"
#include "entente/query/schema_commands.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

constexpr const char* kSchemaPlan = "schema command\n";

/// The most that a value of a result may take when it is written out, where the statement has no memory limit.
constexpr size_t kMostResultBytes = size_t{4} << 30;
constexpr size_t kStepsPerPart = 64;
constexpr size_t kStepsPerRow = 16;
constexpr size_t kLongText = size_t{256} << 10;  // of a statement

// What is worth another thread to destroy.
constexpr size_t kMuchHeld = size_t{4} << 20;
constexpr size_t kManyRows = 10'000;
constexpr size_t kManyParts = 10'000;

/// What a row of a result holds.
size_t row_bytes(const std::vector<Value>& values) {
  size_t bytes = sizeof(std::vector<Value>) + values.size() * sizeof(Value);
  for (const Value& value : values) bytes += value.heap_bytes();
  return bytes;
}

bool holds_entity(const Value& value) {
  return value.is_node() || value.is_relationship() || value.is_path() || value.is_list() || value.is_map();
}

}  // namespace

const Value& Row::operator[](std::string_view column) const {
  for (size_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i] == column) return values_[i];
  }
  std::string known;
  for (const std::string& name : *columns_) known += (known.empty() ? "`" : ", `") + name + "`";
  throw Error::argument("NoSuchColumn", "the row has no column `" + std::string(column) + "`; it has " + known);
}

// ---- session state ----

struct PreparedState {
  std::string text;
  PreparedPtr prepared;
  std::weak_ptr<DatabaseState> database;  // that it was prepared for
};

struct SessionState {
  std::shared_ptr<DatabaseState> database;
  std::unique_ptr<Transaction> transaction;  // writing, begun explicitly
  SnapshotPtr pinned;                        // reading, begun explicitly
  DateTime transaction_time;
  std::atomic<bool> cancelled{false};
  std::chrono::milliseconds timeout{0};
  std::chrono::steady_clock::time_point deadline;  // of the statement that began last
  size_t memory_limit = 0;
  uint64_t max_result_rows = 0;
  bool read_only = false;
  size_t batch_size = kBatchSize;
  unsigned threads = 1;
  PlannerOptions planner;

  bool open() const { return transaction != nullptr || pinned != nullptr; }

  /// From now on cancel() and the time limit are about the next statement.
  void begin_statement() {
    cancelled.store(false, std::memory_order_relaxed);
    deadline =
        timeout.count() > 0 ? std::chrono::steady_clock::now() + timeout : std::chrono::steady_clock::time_point::max();
  }
  /// Those of the statement that began last.
  void set_limits(StatementLimits& limits) const {
    limits.cancelled = &cancelled;
    limits.deadline = deadline;
    limits.memory_limit = memory_limit;
  }
  /// A transaction that writes, once it is its turn.
  std::unique_ptr<Transaction> begin_writing() const {
    StatementLimits limits;
    set_limits(limits);
    return database->graph().begin([&limits] { limits.check(); });
  }

  bool outdated(const PreparedStatement& prepared, const Snapshot& graph) const {
    return transaction != nullptr ? prepared.outdated(graph) : prepared.outdated_at(graph);
  }

  PreparedPtr make_ready(std::string_view text, const Snapshot& graph) const {
    StatementLimits limits;
    set_limits(limits);
    if (text.size() > kLongText) return make_ready_apart(text, graph, limits);
    return prepare_statement(text, database->current_registries(), graph, *database->graph().current(), planner,
                             limits);
  }

  /// A text of megabytes becomes millions of nodes of trees, which take long to destroy again.
  PreparedPtr make_ready_apart(std::string_view text, const Snapshot& graph, const StatementLimits& limits) const {
    struct Preparing {
      std::string text;
      Snapshot graph;
      SnapshotPtr committed;
      std::shared_ptr<const Registries> registries;
      PlannerOptions planner;
      PreparedPtr prepared;
    };
    const bool writing = transaction != nullptr && &graph == &transaction->view();
    // What the transaction writes from here on is not in the pages of its version as it is now.
    auto shared = std::make_shared<Preparing>(
        Preparing{std::string(text), writing ? transaction->savepoint().work : graph, database->graph().current(),
                  database->current_registries(), planner, nullptr});
    run_apart(limits, [shared, deadline = deadline, memory = memory_limit](const std::atomic<bool>& stopped) {
      StatementLimits own;
      own.cancelled = &stopped;
      own.deadline = deadline;
      own.memory_limit = memory;
      shared->prepared =
          prepare_statement(shared->text, shared->registries, shared->graph, *shared->committed, shared->planner, own);
    });
    return shared->prepared;
  }

  PreparedPtr prepare(std::string_view text, const Snapshot& graph) const {
    if (planner.eager || !planner.disabled_passes.empty()) {
      return make_ready(text, graph);
    }
    const std::string key(text);
    PreparedPtr cached = database->cache.find(key);
    if (cached && !outdated(*cached, graph)) return cached;
    PreparedPtr fresh = make_ready(text, graph);
    database->cache.put(key, fresh);
    return fresh;
  }
};

// ---- results ----

struct ResultState {
  std::shared_ptr<SessionState> session;  // keeps the store alive
  PreparedPtr prepared;
  Map parameters;
  SnapshotPtr snapshot;
  // Of a statement that was broken off while it wrote: the transaction if it was its own, else what it had done.
  std::unique_ptr<Transaction> abandoned;
  std::optional<Transaction::Undone> undone;
  ExecContext context;
  std::unique_ptr<Profile> profile;    // of a PROFILE
  std::unique_ptr<PlanRunner> runner;  // of a result that is computed as it is read
  Batch batch;
  size_t batch_row = 0;
  std::deque<std::vector<Value>> ready;  // rows computed already
  size_t next_ready = 0;
  uint64_t made = 0;  // rows
  uint64_t max_rows = 0;
  std::shared_ptr<const std::vector<std::string>> columns;
  std::string plan;
  std::vector<Notification> notifications;

  std::vector<Value> row_at(const Batch& from, size_t row) {
    if (made++ == max_rows && max_rows != 0) {
      throw Error::resource("ResultLimit", "the result has more than " + std::to_string(max_rows) +
                                               " rows, which is the limit; raise it, or add LIMIT to the statement");
    }
    const ResultOp& result = runner->result();
    std::vector<Value> values;
    values.reserve(result.vars.size());
    const size_t made_before = context.made_bytes;
    for (size_t i = 0; i < result.vars.size(); ++i) {
      Value value = from.get(result.vars[i], row);
      if (holds_entity(value)) {
        value = context.graph->materialize(value, [&](size_t bytes) {
          context.work(kStepsPerPart);
          context.count_made(bytes);
        });
        check_written_out(value, result.names[i]);
      }
      values.push_back(std::move(value));
    }
    context.made_bytes = made_before;
    return values;
  }

  /// A value may share parts, and be very much longer as text than it is in memory.
  void check_written_out(const Value& value, const std::string& column) const {
    const size_t most = context.memory_limit != 0 ? context.memory_limit : kMostResultBytes;
    const size_t bytes = value.heap_bytes();
    if (bytes <= most) return;
    const std::string about = bytes == Value::kMostHeapBytes ? "more than " : "about ";
    throw Error::resource("MemoryLimit", "the value of column `" + column + "` takes " + about + std::to_string(bytes) +
                                             " bytes when it is written out in full, but the limit is " +
                                             std::to_string(most) + "; return less of it");
  }

  bool next(std::vector<Value>& values) {
    if (next_ready < ready.size()) {
      context.work(kStepsPerRow);
      values = std::move(ready[next_ready++]);
      return true;
    }
    if (!runner) return false;
    if (batch_row >= batch.rows) {
      batch_row = 0;
      batch.rows = 0;
      if (!runner->next(batch)) {
        finish();
        return false;
      }
    }
    values = row_at(batch, batch_row++);
    return true;
  }

  /// Runs to the end and keeps the rows.
  void run_to_end() {
    const bool keep = !runner->result().vars.empty();
    Batch out;
    while (runner->next(out)) {
      if (!keep) continue;
      for (size_t i = 0; i < out.rows; ++i) {
        ready.push_back(row_at(out, i));
        context.account(static_cast<ptrdiff_t>(row_bytes(ready.back())));
      }
      out = Batch();
    }
    finish();
  }

  void finish() {
    runner.reset();
    if (profile) plan = profile->table(*prepared->plan, prepared->statement.variable_names);
  }
};

namespace {

/// Sorted by name; of several values of one name the last remains.
Map in_order(Map parameters) {
  const auto out_of_order = [](const auto& a, const auto& b) { return a.first >= b.first; };
  if (std::adjacent_find(parameters.begin(), parameters.end(), out_of_order) == parameters.end()) return parameters;
  return Value::map(std::move(parameters)).as_map();
}

/// Calls `missing` for each use of a parameter that was not given.
void for_each_missing_parameter(const Statement& statement, const Map& parameters, const auto& missing) {
  for (const ParameterUse& use : statement.parameters) {
    const auto given = std::lower_bound(parameters.begin(), parameters.end(), use.name,
                                        [](const auto& entry, const std::string& name) { return entry.first < name; });
    if (given == parameters.end() || given->first != use.name) missing(use);
  }
}

/// What a statement needs is known before it runs, so a parameter that is missing is an error of compile time.
void require_parameters(const Statement& statement, const Map& parameters) {
  for_each_missing_parameter(statement, parameters, [&](const ParameterUse& use) {
    std::vector<std::string> names;
    for (const auto& [name, value] : parameters) names.push_back("$" + name);
    throw Error("ParameterMissing", "MissingParameter", Phase::CompileTime,
                "the statement uses the parameter $" + use.name + ", but no value was given for it" +
                    did_you_mean("$" + use.name, names),
                use.span);
  });
}

/// To explain a statement its parameters are not needed.
void note_missing_parameters(const Statement& statement, const Map& parameters, std::vector<Notification>& notes) {
  for_each_missing_parameter(statement, parameters, [&](const ParameterUse& use) {
    Notification note;
    note.code = "Neo.ClientNotification.Statement.ParameterNotProvided";
    note.severity = "WARNING";
    note.category = "GENERIC";
    note.title = "The statement refers to a parameter that was not provided in the request.";
    note.description = "no value was given for the parameter $" + use.name + ", which the statement needs to run";
    note.span = use.span;
    note.locate(statement.text);
    notes.push_back(std::move(note));
  });
}

template <class Fn>
auto located(const std::string& text, Fn fn) {
  try {
    return fn();
  } catch (Error& e) {
    e.locate(text);
    throw;
  } catch (const std::bad_alloc&) {
    throw Error::resource("OutOfMemory", "the system has no memory left for this statement; give it a memory limit");
  }
}

/// Ends a result. One that holds much is destroyed by another thread, without its session, so that closing the database
/// is up to its owners. What reads a transaction's working version does not outlive that.
void discard(std::unique_ptr<ResultState> result) noexcept {
  if (!result || (!result->snapshot && !result->abandoned && !result->undone)) return;
  const size_t parts = result->abandoned ? result->abandoned->parts() : result->undone ? result->undone->parts() : 0;
  if (result->context.memory_used < kMuchHeld && parts < kManyParts) return;
  const std::shared_ptr<SessionState> session = std::move(result->session);
  try {
    session->database->discarded.take(std::move(result));
  } catch (const std::exception&) {  // no memory, no thread: then here
  }
}

/// Rolls a transaction back. What a large one did is destroyed by another thread.
void discard(std::unique_ptr<Transaction> transaction, DatabaseState& database) noexcept {
  if (!transaction || transaction->parts() < kManyParts) return;
  transaction->abandon();
  try {
    database.discarded.take(std::move(transaction));
  } catch (const std::exception&) {
  }
}

}  // namespace

Result::Result(std::unique_ptr<ResultState> impl) : impl_(std::move(impl)) {}
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&& other) noexcept {
  if (this != &other) {
    discard(std::move(impl_));
    impl_ = std::move(other.impl_);
  }
  return *this;
}
Result::~Result() { discard(std::move(impl_)); }

const std::vector<std::string>& Result::columns() const { return *impl_->columns; }
const Counters& Result::counters() const { return impl_->context.counters; }
const std::string& Result::plan() const { return impl_->plan; }
const std::vector<Notification>& Result::notifications() const { return impl_->notifications; }

bool Result::next(Row& row) {
  const DiscardScope discards(impl_->session->database->discarded);
  std::vector<Value> values;
  const bool more = impl_->runner || impl_->next_ready < impl_->ready.size()
                        ? located(impl_->prepared->statement.text, [&] { return impl_->next(values); })
                        : false;
  if (more) row = Row(impl_->columns, std::move(values));
  return more;
}

std::vector<Row> Result::rows() {
  const DiscardScope discards(impl_->session->database->discarded);
  ExecContext& context = impl_->context;
  auto rows = std::make_shared<std::deque<Row>>();  // grows without moving rows
  auto all = std::make_shared<std::vector<Row>>();
  const bool read_on = impl_->runner != nullptr;  // rows that are ready have been counted
  try {
    for (Row row; next(row);) {
      if (read_on) context.account(static_cast<ptrdiff_t>(row_bytes(row.values())));
      rows->push_back(std::move(row));
    }
    located(impl_->prepared->statement.text, [&] {
      all->reserve(rows->size());
      for (; !rows->empty(); rows->pop_front()) {
        context.work(kStepsPerRow);
        all->push_back(std::move(rows->front()));
      }
    });
  } catch (...) {
    if (rows->size() + all->size() >= kManyRows) {
      impl_->session->database->discarded.take(std::move(rows));
      impl_->session->database->discarded.take(std::move(all));
    }
    throw;
  }
  return std::move(*all);
}

Prepared::Prepared(std::shared_ptr<PreparedState> impl) : impl_(std::move(impl)) {}
Prepared::Prepared(Prepared&&) noexcept = default;
Prepared& Prepared::operator=(Prepared&&) noexcept = default;
Prepared::~Prepared() = default;
const std::string& Prepared::text() const { return impl_->text; }

// ---- running ----

/// Gives access to the parts of Session and Result that running needs.
struct StatementRunner {
  SessionState& session;
  std::shared_ptr<SessionState> keep;

  SnapshotPtr snapshot() const { return session.pinned ? session.pinned : session.database->graph().current(); }
  /// What the session's next statement sees, given the snapshot().
  const Snapshot& view(const Snapshot& current) const {
    return session.transaction ? session.transaction->view() : current;
  }
  /// The prepared statement, prepared anew if the graph has changed too much or is another one.
  PreparedPtr refreshed(PreparedState& statement) const {
    const SnapshotPtr current = snapshot();
    const Snapshot& graph = view(*current);
    const auto& own = statement.database;
    const bool other = own.owner_before(session.database) || session.database.owner_before(own);
    if (other || session.outdated(*statement.prepared, graph)) {
      statement.prepared = session.prepare(statement.text, graph);
      statement.database = session.database;
    }
    return statement.prepared;
  }

  std::unique_ptr<ResultState> make(PreparedPtr prepared, Map parameters) const {
    auto result = std::make_unique<ResultState>();
    result->session = keep;
    result->parameters = std::move(parameters);
    ExecContext& context = result->context;
    context.parameters = &result->parameters;
    context.procedures = prepared->registries->procedures.get();
    context.function_registry = prepared->registries->functions.get();
    if (session.open()) context.functions.transaction_began = session.transaction_time;
    context.csv_root = session.database->csv_root;
    context.temporary_folder = session.database->temporary_folder;
    context.variable_count = prepared->statement.variable_count;
    context.batch_size = session.batch_size;
    context.threads = session.threads;
    session.set_limits(context);
    result->max_rows = session.max_result_rows;
    result->columns = prepared->columns;
    result->prepared = std::move(prepared);
    return result;
  }

  static void start(ResultState& result, const Snapshot& graph) {
    result.context.graph = &graph;
    result.context.functions.graph = &graph;
    if (!result.prepared->plan) return;
    if (result.prepared->statement.mode == Statement::Mode::Profile) {
      result.profile = std::make_unique<Profile>();
      result.context.profile = result.profile.get();
    }
    result.runner = std::make_unique<PlanRunner>(result.prepared->plan, result.context);
  }

  void read(ResultState& result) const {
    if (session.transaction) {
      try {
        start(result, session.transaction->view());
        result.run_to_end();  // later statements of the transaction change what this one reads
      } catch (...) {
        result.snapshot = std::make_shared<const Snapshot>(session.transaction->view());
        throw;
      }
      return;
    }
    result.snapshot = snapshot();
    start(result, *result.snapshot);
  }

  static void write_with(ResultState& result, Transaction& transaction) {
    result.context.transaction = &transaction;
    start(result, transaction.view());
    if (result.prepared->statement.schema) {
      if (result.prepared->statement.mode == Statement::Mode::Profile) result.plan = kSchemaPlan;
      run_schema_command(*result.prepared->statement.schema, transaction, result.context, result.notifications);
    } else {
      result.run_to_end();
    }
    result.context.transaction = nullptr;
  }

  void write(ResultState& result) const {
    if (session.read_only || session.database->options.read_only || session.pinned) {
      throw Error("AccessError", "ReadOnly", Phase::Runtime,
                  "this statement writes, but the session or database is read-only");
    }
    if (session.transaction) {
      const Transaction::Savepoint savepoint = session.transaction->savepoint();
      try {
        write_with(result, *session.transaction);
      } catch (...) {
        result.undone = session.transaction->roll_back_to(savepoint);
        throw;
      }
      return;
    }
    std::unique_ptr<Transaction> transaction = session.begin_writing();
    try {
      write_with(result, *transaction);
      transaction->set_poll([&result](size_t) { result.context.check(); });
      session.database->graph().commit(std::move(transaction));
    } catch (...) {
      if (transaction) transaction->abandon();
      result.abandoned = std::move(transaction);
      throw;
    }
  }

  static void explain(ResultState& result) {
    const Statement& statement = result.prepared->statement;
    result.plan = result.prepared->plan ? to_string(*result.prepared->plan, statement.variable_names) : kSchemaPlan;
    result.columns = std::make_shared<std::vector<std::string>>(1, "plan");
    for (size_t from = 0; from < result.plan.size();) {
      const size_t end = std::min(result.plan.find('\n', from), result.plan.size());
      result.ready.push_back({Value(result.plan.substr(from, end - from))});
      from = end + 1;
    }
  }

  /// `parameters` in any order.
  std::unique_ptr<ResultState> run(PreparedPtr prepared, Map parameters) const {
    const DiscardScope discards(session.database->discarded);
    const Statement& statement = prepared->statement;
    auto result = make(std::move(prepared), in_order(std::move(parameters)));
    if (!result->prepared->notes.empty()) result->notifications = result->prepared->notes.on(view(*snapshot()));
    const auto run_it = [&] {
      if (statement.mode == Statement::Mode::Explain) {
        note_missing_parameters(statement, result->parameters, result->notifications);
        explain(*result);
        return;
      }
      require_parameters(statement, result->parameters);
      if (statement.writes || statement.schema) {
        write(*result);
      } else {
        read(*result);
      }
    };
    try {
      located(statement.text, run_it);
    } catch (...) {
      discard(std::move(result));
      throw;
    }
    return result;
  }
};

Session::Session(std::shared_ptr<SessionState> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() {
  if (impl_) discard(std::move(impl_->transaction), *impl_->database);
}

Session Database::session() {
  auto impl = std::make_shared<SessionState>();
  impl->database = impl_;
  impl->timeout = impl_->options.timeout;
  impl->memory_limit = impl_->options.memory_limit;
  impl->max_result_rows = impl_->options.max_result_rows;
  impl->threads = std::max(1u, impl_->options.threads);
  return Session(std::move(impl));
}

Result Session::run(std::string_view statement, const Map& parameters) {
  const DiscardScope discards(impl_->database->discarded);
  impl_->begin_statement();
  const StatementRunner runner{*impl_, impl_};
  const SnapshotPtr current = runner.snapshot();
  return Result(runner.run(impl_->prepare(statement, runner.view(*current)), parameters));
}

Result Session::run(std::string_view statement, Parameters parameters) {
  return run(statement, Map(parameters.begin(), parameters.end()));
}

Prepared Session::prepare(std::string_view statement) {
  const DiscardScope discards(impl_->database->discarded);
  impl_->begin_statement();
  auto prepared = std::make_shared<PreparedState>();
  prepared->text = std::string(statement);
  prepared->prepared = impl_->prepare(statement, *StatementRunner{*impl_, impl_}.snapshot());
  prepared->database = impl_->database;
  return Prepared(std::move(prepared));
}

Result Session::run(Prepared& statement, const Map& parameters) {
  const DiscardScope discards(impl_->database->discarded);
  impl_->begin_statement();
  const StatementRunner runner{*impl_, impl_};
  return Result(runner.run(runner.refreshed(*statement.impl_), parameters));
}

Result Session::run(Prepared& statement, Parameters parameters) {
  return run(statement, Map(parameters.begin(), parameters.end()));
}

std::string Session::explain(std::string_view statement) {
  const DiscardScope discards(impl_->database->discarded);
  impl_->begin_statement();
  const StatementRunner runner{*impl_, impl_};
  auto result = runner.make(impl_->prepare(statement, *runner.snapshot()), {});
  StatementRunner::explain(*result);
  return result->plan;
}

void Session::begin() {
  if (impl_->open()) {
    throw Error("TransactionError", "AlreadyOpen", Phase::Runtime,
                "this session has a transaction open; commit it or roll it back first");
  }
  if (impl_->read_only || impl_->database->options.read_only) {
    impl_->pinned = impl_->database->graph().current();
  } else {
    impl_->begin_statement();
    impl_->transaction = impl_->begin_writing();
  }
  impl_->transaction_time = system_time();
}

void Session::commit() {
  if (!impl_->open()) {
    throw Error("TransactionError", "NotOpen", Phase::Runtime, "this session has no transaction open to commit");
  }
  impl_->pinned.reset();
  if (!impl_->transaction) return;
  std::unique_ptr<Transaction> transaction = std::move(impl_->transaction);
  try {
    impl_->database->graph().commit(std::move(transaction));
  } catch (...) {
    discard(std::move(transaction), *impl_->database);
    throw;
  }
}

void Session::rollback() {
  if (!impl_->open()) {
    throw Error("TransactionError", "NotOpen", Phase::Runtime, "this session has no transaction open to roll back");
  }
  impl_->pinned.reset();
  discard(std::move(impl_->transaction), *impl_->database);
}

bool Session::in_transaction() const { return impl_->open(); }
void Session::cancel() { impl_->cancelled.store(true, std::memory_order_relaxed); }
void Session::set_timeout(std::chrono::milliseconds timeout) { impl_->timeout = timeout; }
void Session::set_memory_limit(size_t bytes) { impl_->memory_limit = bytes; }
void Session::set_max_result_rows(uint64_t rows) { impl_->max_result_rows = rows; }
void Session::set_threads(unsigned threads) { impl_->threads = std::max(1u, threads); }
void Session::set_read_only(bool read_only) { impl_->read_only = read_only; }
void Session::set_batch_size(size_t rows) { impl_->batch_size = std::max<size_t>(1, rows); }
void Session::disable_pass(std::string_view name) { impl_->planner.disabled_passes.emplace(name); }
void Session::optimize_eagerly() { impl_->planner.eager = true; }

}  // namespace entente
