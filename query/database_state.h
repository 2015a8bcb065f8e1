// What a Database, its Sessions and its prepared statements share. Internal to the façade (database.cc, session.cc).
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/core/discard.h"
#include "entente/core/graph_store.h"
#include "entente/query/entente.h"
#include "entente/query/functions/registry.h"
#include "entente/query/plan/planner.h"
#include "entente/query/procedures.h"
#include "entente/query/statement_limits.h"
#include "entente/query/statement_notes.h"
#include "entente/query/syntax/ast.h"

namespace entente {

/// Functions and procedures as they were when a statement was prepared. Immutable, shared.
struct Registries {
  std::shared_ptr<const FunctionRegistry> functions;
  std::shared_ptr<const ProcedureRegistry> procedures;
};

/// A statement ready to run. Immutable: sessions on several threads may run one at the same time.
struct PreparedStatement {
  Statement statement;
  PlanPtr plan;  // null for a schema command
  std::shared_ptr<const Registries> registries;
  std::shared_ptr<const std::vector<std::string>> columns;  // names of the result's
  uint64_t planned_entities = 0;                            // nodes and relationships when it was planned
  std::vector<uint32_t> planned_indexes;                    // ids of the indexes there were
  std::vector<EndFact> assumed;                             // what the plan rests on
  StatementNotes notes;

  /// Whether the graph has changed so much that another plan may be better, or an index is gone, or what the plan rests
  /// on no longer holds.
  bool outdated(const Snapshot& graph) const;
  /// The same for a version that was committed, which the answer is remembered for.
  bool outdated_at(const Snapshot& committed) const;

 private:
  mutable std::atomic<uint64_t> fresh_at_{~uint64_t{0}};  // a version that it was not outdated for
};
using PreparedPtr = std::shared_ptr<const PreparedStatement>;

/// The statements used last, by text. Thread-safe.
class PlanCache {
 public:
  explicit PlanCache(size_t capacity) : capacity_(capacity) {}
  PreparedPtr find(const std::string& text);
  void put(const std::string& text, PreparedPtr statement);
  void clear();

 private:
  using Entry = std::pair<std::string, PreparedPtr>;
  std::mutex mutex_;
  size_t capacity_;
  std::list<Entry> entries_;  // last used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_text_;
};

/// The disk below a graph; made by database.cc, so that the rest of `query` does not know of storage.
class Persistence {
 public:
  virtual ~Persistence() = default;
  virtual GraphStore& graph() = 0;
  virtual void checkpoint() = 0;
  /// Fills in what the disk knows.
  virtual void describe(DatabaseStatus& status) const = 0;
};

/// Destroys what statements that were broken off leave behind, in a thread of its own: many million values take long to
/// give back, and the caller is not to wait for that. Thread-safe; the destructor waits.
class Discarded final : public Discards {
 public:
  ~Discarded() override {
    if (thread_.joinable()) thread_.join();
  }
  bool offer(std::shared_ptr<void>& what) override {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= kMostWaiting) return false;
    }
    take(std::move(what));
    return true;
  }
  void take(std::shared_ptr<void> what) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(what));
    if (busy_) return;
    if (thread_.joinable()) thread_.join();  // it is at its end
    thread_ = std::thread([this] { run(); });
    busy_ = true;
  }

 private:
  void run() {
    for (;;) {
      std::vector<std::shared_ptr<void>> some;  // destroyed without the lock
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        busy_ = false;
        return;
      }
      some.swap(waiting_);
    }
  }

  static constexpr size_t kMostWaiting = 2;  // of what is offered, as it counts as given back already

  std::mutex mutex_;
  std::vector<std::shared_ptr<void>> waiting_;
  bool busy_ = false;  // the thread runs
  std::thread thread_;
};

struct DatabaseState {
  DatabaseOptions options;
  std::filesystem::path path;
  std::string csv_root;  // of the options
  std::string temporary_folder;
  std::unique_ptr<Persistence> persistence;

  std::mutex registries_mutex;
  std::shared_ptr<const Registries> registries;
  PlanCache cache{256};
  Discarded discarded;  // goes first, as what it holds may use all the rest

  std::shared_ptr<const Registries> current_registries() {
    std::lock_guard lock(registries_mutex);
    return registries;
  }
  GraphStore& graph() { return persistence->graph(); }
};

/// Parses, binds and plans for a version of the graph, which may hold more than the one that was committed last, within
/// the limits of the statement. Errors carry line and column.
PreparedPtr prepare_statement(std::string_view text, const std::shared_ptr<const Registries>& registries,
                              const Snapshot& graph, const Snapshot& committed, const PlannerOptions& options,
                              StatementLimits& limits);

}  // namespace entente
