// GraphStore: the versions of one graph, who may write next, and when a version becomes visible.
//
// Readers call `current()`. Writers call `begin()`, change, `commit()`. A commit is durable, then visible, in this
// order: the change set is handed to the CommitLog, and once that returns the version is published by one pointer swap.
// Writers that commit at the same time share one write of the log: the next writer builds on the version of the one
// before while that is being written, and is acknowledged only after it. When a write has ended, those that it served
// are likely to commit again, so the next one awaits them for a short while, never longer than half of a write takes:
// else writers would fall into two halves that wait for each other. If the log refuses a write, all versions built
// on it are dropped and their writers are told (StorageError), and the graph stays at the last durable version. A
// transaction that is still being made then, on a version that was dropped, is refused when it commits
// (StorageError.CommitFailed).
//
// Thread-safe, but for the destructor: all transactions must have ended. The published version is a shared_ptr under a
// mutex of its own, which is held for a pointer's copy and never while anything waits. std::atomic<std::shared_ptr>
// would be no better: in GCC 12 it is a spin lock in a bit of the pointer, whose unlocking in load() is relaxed, which
// ThreadSanitizer reports as a race.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "entente/core/change_set.h"
#include "entente/core/snapshot.h"
#include "entente/core/transaction.h"

namespace entente {

/// What survives a crash. Sync: a commit that returned survives power loss. Buffered: it survives the end of the
/// process; after power loss the last commits may be missing, in order from the end.
enum class Durability : uint8_t { Sync, Buffered };

/// Makes change sets durable.
class CommitLog {
 public:
  virtual ~CommitLog() = default;
  struct Record {
    uint64_t number;  // of the commit, consecutive
    const ChangeSet* changes;
  };
  /// Writes all records, in one synced write. Throws if that failed, and then none counts as written.
  virtual void append(std::span<const Record> records) = 0;
  /// Makes a bulk-loaded version durable as a whole, under the commit number snapshot.version().
  virtual void store_whole(const Snapshot& snapshot) = 0;
};

class GraphStore {
 public:
  /// Begins with this version. `log` may be null: then nothing is durable. It must outlive the store.
  explicit GraphStore(Snapshot initial = {}, CommitLog* log = nullptr);
  ~GraphStore();

  SnapshotPtr current() const;

  /// Waits until no other transaction writes; those who wait take turns in order of arrival. A thread that holds a
  /// transaction must end it before it begins another.
  std::unique_ptr<Transaction> begin();
  /// The same; `poll` is called every few milliseconds meanwhile, and what it throws ends the waiting.
  std::unique_ptr<Transaction> begin(const std::function<void()>& poll);
  /// The same, or null if it was not its turn within that time.
  std::unique_ptr<Transaction> begin_within(std::chrono::milliseconds patience);

  /// How many wait for their turn to write.
  size_t waiting() const;

  /// Durable and visible when it returns; gives the version's number. An empty transaction commits without a
  /// record. After a throw the transaction is rolled back, and can only be destroyed. Where the caller still has it
  /// then, constraints do not hold, or the transaction's poll threw while they were checked.
  uint64_t commit(std::unique_ptr<Transaction>&& transaction);

  /// Publishes what replaying so many commits of the log made: visible at once, not logged again.
  void publish_replayed(std::unique_ptr<Transaction> transaction, uint64_t commits = 1);

  /// Publishes a version that was read from disk in place of the current one; not logged. No transaction may be open.
  void publish_stored(SnapshotPtr version);

  /// The versions that somebody holds, oldest first; the last is the current one.
  std::vector<SnapshotPtr> versions() const;

 private:
  friend class Transaction;
  struct State;

  std::unique_ptr<Transaction> begun(std::unique_lock<std::mutex>& lock);
  uint64_t commit_whole(std::unique_ptr<Transaction> transaction, CommitLog* log, uint64_t commits = 1);
  /// Ends the transaction's turn to write, if it has not ended yet.
  void release(Transaction& transaction);

  std::unique_ptr<State> state_;
};

}  // namespace entente
