// Entente: an embedded knowledge-graph engine. This is the header to start with.
//
//   #include <entente/entente.h>
//   auto db = entente::Database::open("g7.entente");  // or Database::in_memory()
//   for (const auto& row : db.session().run("MATCH (f:Forum) RETURN f.name", {{"a", "Japan"}}))
//     std::cout << row["f.name"].as_string() << '\n';
//
// Database   one graph, on disk or in memory. Thread-safe.
// Session    runs statements, each in a transaction of its own or in one begun explicitly. One thread at a time, except
// cancel(). Statement  prepared: parsed, bound and planned once, run often. Belongs to a database; used by one session
// at a time. Result     the rows of a statement, read one after another. Rows are values: they stay valid after
// everything else is gone.
//
// Handles (Database, Session, Prepared, Result) may be moved, not copied. A Session keeps its Database's store alive; a
// Result its Session's. Everything that fails throws entente::Error (kind, detail, phase, place; see core/error.h). A
// statement that throws has changed nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"
#include "entente/core/snapshot.h"
#include "entente/core/transaction.h"
#include "entente/core/value.h"
#include "entente/query/counters.h"
#include "entente/query/notification.h"

namespace entente {

struct DatabaseState;
struct SessionState;
struct PreparedState;
struct ResultState;
struct Function;   // query/functions/registry.h
struct Procedure;  // query/procedures.h

struct DatabaseOptions {
  bool read_only = false;
  bool create_if_missing = true;
  Durability durability = Durability::Sync;
  /// A checkpoint begins when the log holds more than this many bytes.
  uint64_t checkpoint_log_bytes = 16 << 20;
  /// For every statement unless its session says otherwise; 0: none.
  std::chrono::milliseconds timeout{0};
  size_t memory_limit = 0;
  uint64_t max_result_rows = 0;
  /// The most threads that a reading statement or a bulk load uses; long counts are made by several.
  unsigned threads = 1;
  /// How many bytes of pages are to stay in memory once they were read from disk; those beyond are given back and read
  /// again when they are needed. Not counted: pages written by this process, lists of more than 16,384 relationships,
  /// the table of relationships, labels and indexes. 0: all stay. Takes room for what was read in temporary_folder.
  /// Not of followers.
  size_t page_memory = 0;
  /// LOAD CSV reads files below this folder and nowhere else; empty: LOAD CSV is refused.
  std::filesystem::path csv_root = {};
  /// Where statements put what exceeds their memory limit, and pages are put that exceed page_memory, in files that
  /// nobody else sees; empty: the folder of a database that is open for writing, else $TMPDIR or /tmp.
  std::filesystem::path temporary_folder = {};
};

using Parameters = std::initializer_list<std::pair<std::string, Value>>;

/// One row. Columns by position, or by name as the statement's RETURN names them.
class Row {
 public:
  Row() = default;
  Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> values)
      : columns_(std::move(columns)), values_(std::move(values)) {}
  size_t size() const { return values_.size(); }
  const std::vector<std::string>& columns() const { return *columns_; }
  const std::vector<Value>& values() const { return values_; }
  const Value& operator[](size_t i) const { return values_.at(i); }
  /// Throws ArgumentError.NoSuchColumn.
  const Value& operator[](std::string_view column) const;

 private:
  std::shared_ptr<const std::vector<std::string>> columns_;
  std::vector<Value> values_;
};

/// The rows of a statement. A reading statement computes them as they are read; a writing one has done all its work
/// (and committed, unless within an explicit transaction) when `run` returns.
class Result {
 public:
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  const std::vector<std::string>& columns() const;
  /// False at the end. Throws what goes wrong while computing.
  bool next(Row& row);
  /// All rows that are left. They count against the memory limit.
  std::vector<Row> rows();
  /// Complete once all rows were read.
  const Counters& counters() const;
  /// What is worth telling, such as labels that the graph does not know; in the order of the places in the statement.
  const std::vector<Notification>& notifications() const;
  /// The plan as text: set for EXPLAIN (which runs nothing), for PROFILE once all rows were read (with rows, time and
  /// memory an operator), and on demand by Session::explain.
  const std::string& plan() const;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = ptrdiff_t;
    using pointer = const Row*;
    using reference = const Row&;
    Iterator() = default;
    explicit Iterator(Result* result) : result_(result) { ++*this; }
    const Row& operator*() const { return row_; }
    const Row* operator->() const { return &row_; }
    Iterator& operator++() {
      if (!result_->next(row_)) result_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& o) const { return result_ == o.result_; }

   private:
    Result* result_ = nullptr;
    Row row_;
  };
  Iterator begin() { return Iterator(this); }
  Iterator end() { return {}; }

 private:
  friend class Session;
  explicit Result(std::unique_ptr<ResultState> impl);
  std::unique_ptr<ResultState> impl_;
};

/// A statement parsed and planned once. Planned anew when the graph has outgrown the plan.
class Prepared {
 public:
  Prepared(Prepared&&) noexcept;
  Prepared& operator=(Prepared&&) noexcept;
  ~Prepared();
  const std::string& text() const;

 private:
  friend class Session;
  explicit Prepared(std::shared_ptr<PreparedState> impl);
  std::shared_ptr<PreparedState> impl_;
};

class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  /// Rolls back an open transaction.
  ~Session();

  Result run(std::string_view statement, Parameters parameters = {});
  Result run(std::string_view statement, const Map& parameters);
  Prepared prepare(std::string_view statement);
  Result run(Prepared& statement, Parameters parameters = {});
  Result run(Prepared& statement, const Map& parameters);
  /// The plan as text, without running it.
  std::string explain(std::string_view statement);

  // Explicit transactions. Statements until commit or rollback see each other's changes; others see them after the
  // commit. A statement that fails is undone alone; the transaction goes on. Errors: TransactionError.AlreadyOpen,
  // .NotOpen.
  void begin();
  void commit();
  void rollback();
  bool in_transaction() const;

  /// Makes the statement that runs in this session, or the next batch of an open result, throw ResourceError.Cancelled.
  /// From any thread, or a signal handler.
  void cancel();

  /// Limits for the statements to come; 0: none.
  void set_timeout(std::chrono::milliseconds timeout);
  void set_memory_limit(size_t bytes);
  /// A result that has more rows throws ResourceError.ResultLimit after so many.
  void set_max_result_rows(uint64_t rows);
  /// The most threads for a reading statement; 0 is 1. Results are the same whatever it is.
  void set_threads(unsigned threads);
  /// Statements that would write are refused with AccessError.ReadOnly.
  void set_read_only(bool read_only);
  /// For tests and measurements: rows a batch, optimiser passes to leave out ("all": every one), and passes that do
  /// what they may also where the estimates say that it is not worthwhile.
  void set_batch_size(size_t rows);
  void disable_pass(std::string_view name);
  void optimize_eagerly();

 private:
  friend class Database;
  explicit Session(std::shared_ptr<SessionState> impl);
  std::shared_ptr<SessionState> impl_;
};

/// A version of a database in a folder of backups.
struct BackupInfo {
  uint32_t number = 0;                         // 1, 2, …
  uint64_t version = 0;                        // how many commits made it
  std::chrono::system_clock::time_point time;  // when it was made
  uint64_t pages = 0;                          // of the version
  uint64_t new_pages = 0;                      // that the backups before it lack
  uint64_t bytes = 0;                          // of its file
};

/// How a database stands at a moment.
struct DatabaseStatus {
  /// A version that is no longer the current one and that a result, a transaction or a snapshot still holds.
  struct HeldVersion {
    uint64_t version = 0;
    uint64_t pages = 0;  // that the current version does not have
    uint64_t bytes = 0;  // in memory, of these pages
  };
  uint64_t version = 0;           // commits
  std::vector<HeldVersion> held;  // oldest first; each counts its pages for itself
  uint64_t stored_version = 0;    // of the last checkpoint
  uint64_t log_commits = 0;       // since then
  uint64_t log_bytes = 0;
  uint64_t checkpoints = 0;  // written since opening
  uint64_t kept_pages = 0;   // superseded, on disk as long as versions held may read them
  bool follower = false;
  std::string trouble;  // why a follower does not get on at present; empty: it does
};

class Database {
 public:
  /// Opens or creates the database in this folder. Errors: LockError.Locked (names the holder), StorageError.*.
  static Database open(const std::filesystem::path& path, const DatabaseOptions& options = {});
  /// Follows the database in this folder, which a live process writes: each statement sees what was committed up to a
  /// few milliseconds before, whole commits only, and nothing is written. The writer is not disturbed, and may
  /// checkpoint, close, crash and be started again. Of the options `durability`, `checkpoint_log_bytes` and
  /// `create_if_missing` mean nothing. Errors: StorageError.*; of statements later StorageError.Replaced, if another
  /// database was put in its place.
  static Database open_follower(const std::filesystem::path& path, const DatabaseOptions& options = {});
  static Database in_memory(const DatabaseOptions& options = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  /// Closes: waits for open transactions, writes a checkpoint if there is something to.
  ~Database();

  Session session();

  /// The current version of the graph; with core/bgl.h it is a Boost.Graph graph.
  SnapshotPtr snapshot() const;

  /// A bulk load: `fill` builds pages through the transaction's bulk_* calls; all of it becomes visible and durable at
  /// the end, or none.
  void bulk_load(const std::function<void(Transaction&)>& fill);

  /// Functions and procedures of the host. Those added are seen by statements prepared afterwards. Names with a dot
  /// keep clear of built-in ones.
  void add_function(Function function);
  void add_procedure(Procedure procedure);
  /// From a signature in Cypher's form: "my.proc(in :: INTEGER?) :: (out :: STRING?)".
  void add_procedure(std::string_view signature,
                     std::function<std::vector<std::vector<Value>>(const std::vector<Value>& args)> call);

  /// Writes a checkpoint now.
  void checkpoint();

  /// Long readers do not stop checkpoints; what they pin is told here. Takes time by the number of pages.
  DatabaseStatus status() const;

  // Backups. Each is a file in a folder, which holds what those before it lack. The database may be open for writing,
  // here or in another process, and is not disturbed; all that was committed when the backup began is in it. Checksums
  // are verified on the way. Errors: StorageError.*, LockError.Locked while another backup into the folder is made.
  BackupInfo backup(const std::filesystem::path& folder) const;
  static BackupInfo backup(const std::filesystem::path& path, const std::filesystem::path& folder);
  static std::vector<BackupInfo> list_backups(const std::filesystem::path& folder);
  /// Reads a backup through; 0: the last one.
  static BackupInfo verify_backup(const std::filesystem::path& folder, uint32_t number = 0);
  /// Makes a database at `path`, where there must be nothing, of a backup; 0: of the last one.
  static BackupInfo restore(const std::filesystem::path& folder, const std::filesystem::path& path,
                            uint32_t number = 0);

  bool read_only() const;
  /// Empty for a database in memory.
  const std::filesystem::path& path() const;

 private:
  explicit Database(std::shared_ptr<DatabaseState> impl);
  std::shared_ptr<DatabaseState> impl_;
};

/// Evaluates an expression without variables, as `--param name=EXPR` needs it: "date('2023-05-19')", "[1, 2]".
Value evaluate_expression(std::string_view expression);

}  // namespace entente
