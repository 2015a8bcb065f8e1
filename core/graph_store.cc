#include "entente/core/graph_store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "entente/core/error.h"

namespace entente {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMinSweep = 64;
// Of waiting for others to share a write: less than this is not worth a sleep, more not worth their company.
constexpr std::chrono::microseconds kLeastPatience{20};
constexpr std::chrono::microseconds kMostPatience{2'000};
constexpr std::chrono::milliseconds kBetweenPolls{5};
// How long the next to write stays awake for its turn. Most turns are shorter than falling asleep and waking up take.
constexpr std::chrono::microseconds kAwake{20};

/// Why a commit failed, as told to each of those whom it concerns.
struct Failure {
  std::string kind;
  std::string detail;
  std::string message;

  [[noreturn]] void raise() const { throw Error(kind, detail, Phase::Runtime, message); }
};

/// The error being handled, for those whose record was refused.
Failure refused() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.kind(), error.detail(), error.what()};
  } catch (const std::exception& error) {
    return {"StorageError", "CommitFailed",
            std::string("the log could not be written, and the transaction is rolled back: ") + error.what()};
  } catch (...) {
    return {"StorageError", "CommitFailed", "the log could not be written, and the transaction is rolled back"};
  }
}

Failure built_on_refused() {
  return {"StorageError", "CommitFailed",
          "the transaction began on a version that the log then refused to store, and is rolled back; run it again"};
}

}  // namespace

struct GraphStore::State {
  /// One that waits for its turn to write.
  struct Waiter {
    std::condition_variable granted_changed;
    std::atomic<bool> granted = false;
  };
  /// A version that is to be durable.
  struct Pending {
    SnapshotPtr version;
    ChangeSet changes;
    bool has_record = true;  // false: only that `version` is durable is waited for
  };
  /// What is written at once, and those who wait for that.
  struct Batch {
    std::vector<Pending*> pending;  // in order of their versions
    enum { Waiting, Published, Failed } outcome = Waiting;
    Failure failure;
    std::condition_variable first_changed;  // the outcome, or the first of them is to see to the writing
    std::condition_variable ended;          // the outcome, for the others
  };
  using BatchPtr = std::shared_ptr<Batch>;

  CommitLog* log = nullptr;

  mutable std::mutex publishing;  // guards what was published, for no longer than a pointer's copy, as a rule
  SnapshotPtr published;
  std::vector<std::weak_ptr<const Snapshot>> superseded;  // oldest first; some may be gone
  size_t sweep_at = kMinSweep;                            // how many there are when those that are gone are taken out

  std::mutex mutex;  // guards what follows
  bool writing = false;
  std::deque<Waiter*> waiters;  // in order of arrival
  SnapshotPtr head;             // what the next writer builds on: the last that is pending, or the published version
  uint64_t generation = 0;      // of `head`: counts how often versions were dropped
  BatchPtr next = std::make_shared<Batch>();  // which nobody has begun to write
  bool leading = false;                       // somebody is writing the one before
  std::condition_variable progress;           // a batch was published or dropped
  // How many are awaited before the next write, and until when: those of the last one and those that have queued
  // meanwhile, who are likely to commit again, for half of the time that a write takes.
  size_t awaited = 1;
  Clock::time_point awaited_until;
  Clock::duration write_time{0};  // smoothed

  /// Gives the version that was current, which is best let go without holding a lock.
  SnapshotPtr publish(SnapshotPtr version) {
    const std::lock_guard<std::mutex> lock(publishing);
    if (superseded.size() >= sweep_at) {
      std::erase_if(superseded, [](const auto& old) { return old.expired(); });
      sweep_at = std::max(kMinSweep, 2 * superseded.size());
    }
    superseded.push_back(published);
    return std::exchange(published, std::move(version));
  }

  void end_turn() {
    if (waiters.empty()) {
      writing = false;
      return;
    }
    Waiter* waiter = waiters.front();
    waiters.pop_front();
    waiter->granted.store(true, std::memory_order_release);
    waiter->granted_changed.notify_one();
  }

  void line_up(Waiter& waiter, std::unique_lock<std::mutex>& lock);

  void wait_until_drained(std::unique_lock<std::mutex>& lock) {
    progress.wait(lock, [&] { return next->pending.empty() && !leading; });
  }

  bool may_lead() const { return !leading && (next->pending.size() >= awaited || Clock::now() >= awaited_until); }
  void wrote(size_t records, Clock::duration time);
  void lead(std::unique_lock<std::mutex>& lock);
  void await(Pending& pending, std::unique_lock<std::mutex>& lock);
};

/// Joins those who wait for their turn. The first of them stays awake for a moment.
void GraphStore::State::line_up(Waiter& waiter, std::unique_lock<std::mutex>& lock) {
  static const bool several_cores = std::thread::hardware_concurrency() > 1;
  waiters.push_back(&waiter);
  if (waiters.size() > 1 || !several_cores) return;
  lock.unlock();
  const Clock::time_point until = Clock::now() + kAwake;
  while (!waiter.granted.load(std::memory_order_acquire) && Clock::now() < until) {
  }
  lock.lock();
}

/// Notes how many wrote at a time, and how long that took.
void GraphStore::State::wrote(size_t records, Clock::duration time) {
  write_time = write_time.count() == 0 ? time : (7 * write_time + time) / 8;
  const Clock::duration patience = std::min<Clock::duration>(write_time / 2, kMostPatience);
  awaited = records + next->pending.size();
  awaited_until = patience < kLeastPatience ? Clock::time_point() : Clock::now() + patience;
}

/// Writes the next batch, and publishes or drops its versions. Gives the lock back.
void GraphStore::State::lead(std::unique_lock<std::mutex>& lock) {
  const BatchPtr batch = std::exchange(next, std::make_shared<Batch>());
  leading = true;
  lock.unlock();

  const Clock::time_point began = Clock::now();
  std::vector<CommitLog::Record> records;
  Failure failure;
  bool written = false;
  try {
    for (const Pending* p : batch->pending) {
      if (p->has_record) records.push_back({p->version->version(), &p->changes});
    }
    if (!records.empty()) log->append(records);
    written = true;
  } catch (...) {
    failure = refused();
  }

  const Clock::duration time = Clock::now() - began;
  SnapshotPtr old;
  if (written) old = publish(batch->pending.back()->version);
  lock.lock();
  leading = false;
  if (!records.empty()) wrote(batch->pending.size(), time);
  BatchPtr built_on = next;
  if (written) {
    batch->outcome = Batch::Published;
  } else {
    batch->outcome = Batch::Failed;
    batch->failure = failure;
    built_on->outcome = Batch::Failed;
    built_on->failure = built_on_refused();
    next = std::make_shared<Batch>();
    ++generation;
    const std::lock_guard<std::mutex> publishing_lock(publishing);
    head = published;
  }
  lock.unlock();  // before those are woken who need it
  batch->first_changed.notify_one();
  batch->ended.notify_all();
  built_on->first_changed.notify_one();
  if (!written) built_on->ended.notify_all();
  progress.notify_all();
}

/// Joins the next batch, and returns once it is published, without the lock; throws if it was dropped. The one whose
/// coming completes those awaited writes for all; if they do not come in time, the first of the batch does.
void GraphStore::State::await(Pending& pending, std::unique_lock<std::mutex>& lock) {
  const BatchPtr batch = next;
  batch->pending.push_back(&pending);
  const bool first = batch->pending.size() == 1;
  end_turn();
  while (batch->outcome == Batch::Waiting) {
    if (may_lead()) {
      lead(lock);
      break;
    }
    if (!first) {
      batch->ended.wait(lock);
    } else if (leading) {
      batch->first_changed.wait(lock);
    } else {
      batch->first_changed.wait_until(lock, awaited_until);
    }
  }
  if (lock.owns_lock()) lock.unlock();
  if (batch->outcome == Batch::Failed) batch->failure.raise();
}

GraphStore::GraphStore(Snapshot initial, CommitLog* log) : state_(std::make_unique<State>()) {
  state_->log = log;
  state_->published = std::make_shared<const Snapshot>(std::move(initial));
  state_->head = state_->published;
}

GraphStore::~GraphStore() = default;

SnapshotPtr GraphStore::current() const {
  const std::lock_guard<std::mutex> lock(state_->publishing);
  return state_->published;
}

std::unique_ptr<Transaction> GraphStore::begin() {
  State& state = *state_;
  std::unique_lock<std::mutex> lock(state.mutex);
  if (state.writing) {
    State::Waiter waiter;
    state.line_up(waiter, lock);
    waiter.granted_changed.wait(lock, [&] { return waiter.granted.load(); });
  }
  return begun(lock);
}

std::unique_ptr<Transaction> GraphStore::begin_within(std::chrono::milliseconds patience) {
  State& state = *state_;
  std::unique_lock<std::mutex> lock(state.mutex);
  if (state.writing) {
    State::Waiter waiter;
    state.line_up(waiter, lock);
    if (!waiter.granted_changed.wait_for(lock, patience, [&] { return waiter.granted.load(); })) {
      std::erase(state.waiters, &waiter);
      return nullptr;
    }
  }
  return begun(lock);
}

std::unique_ptr<Transaction> GraphStore::begin(const std::function<void()>& poll) {
  State& state = *state_;
  std::unique_lock<std::mutex> lock(state.mutex);
  if (!state.writing) return begun(lock);
  State::Waiter waiter;
  state.line_up(waiter, lock);
  while (!waiter.granted_changed.wait_for(lock, kBetweenPolls, [&] { return waiter.granted.load(); })) {
    lock.unlock();
    try {
      poll();
    } catch (...) {
      lock.lock();
      if (waiter.granted) {
        state.end_turn();
      } else {
        std::erase(state.waiters, &waiter);
      }
      throw;
    }
    lock.lock();
  }
  return begun(lock);
}

size_t GraphStore::waiting() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->waiters.size();
}

std::unique_ptr<Transaction> GraphStore::begun(std::unique_lock<std::mutex>& lock) {
  State& state = *state_;
  state.writing = true;
  const SnapshotPtr base = state.head;
  const uint64_t generation = state.generation;
  lock.unlock();
  try {
    std::unique_ptr<Transaction> transaction(new Transaction(*this, *base));
    transaction->generation_ = generation;
    return transaction;
  } catch (...) {
    lock.lock();
    state.end_turn();
    throw;
  }
}

void GraphStore::release(Transaction& transaction) {
  if (std::exchange(transaction.finished_, true)) return;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->end_turn();
}

uint64_t GraphStore::commit(std::unique_ptr<Transaction>&& given) {
  State& state = *state_;
  try {
    if (given->broken_) {
      throw Error::storage("TransactionBroken",
                           "a page could not be read in the midst of a change; the transaction is rolled back");
    }
    given->check_constraints();
  } catch (...) {
    release(*given);
    throw;
  }
  std::unique_ptr<Transaction> transaction = std::move(given);
  if (transaction->bulk_) return commit_whole(std::move(transaction), state.log);

  State::Pending pending;
  pending.has_record = !transaction->empty();
  if (pending.has_record) {
    auto version = std::make_shared<Snapshot>(transaction->work_);
    ++version->version_;
    pending.version = std::move(version);
    pending.changes = std::move(transaction->changes_);
  }
  SnapshotPtr old;
  std::unique_lock<std::mutex> lock(state.mutex);
  if (transaction->generation_ != state.generation) {
    lock.unlock();
    built_on_refused().raise();
  }
  if (!pending.has_record) pending.version = state.head;  // what it read must be durable before it counts as done
  const uint64_t number = pending.version->version();
  state.head = pending.version;
  const bool durable = !pending.has_record && state.next->pending.empty() && !state.leading;
  if (state.log == nullptr || durable) {
    old = state.publish(pending.version);
    lock.unlock();
    return number;
  }
  transaction->finished_ = true;
  state.await(pending, lock);
  return number;
}

/// Publishes a version that does not go through the queue; nothing is queued meanwhile, as the transaction keeps its
/// turn.
uint64_t GraphStore::commit_whole(std::unique_ptr<Transaction> transaction, CommitLog* log, uint64_t commits) {
  State& state = *state_;
  std::unique_lock<std::mutex> lock(state.mutex);
  state.wait_until_drained(lock);
  const bool dropped = transaction->generation_ != state.generation;
  lock.unlock();
  if (dropped) built_on_refused().raise();
  auto version = std::make_shared<Snapshot>(transaction->work_);
  version->version_ += commits;
  if (log != nullptr) {
    try {
      log->store_whole(*version);
    } catch (...) {
      refused().raise();
    }
  }
  lock.lock();
  state.head = version;
  const SnapshotPtr old = state.publish(version);
  lock.unlock();
  return version->version_;
}

void GraphStore::publish_stored(SnapshotPtr version) {
  SnapshotPtr old;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->head = version;
  old = state_->publish(std::move(version));
}

std::vector<SnapshotPtr> GraphStore::versions() const {
  std::vector<SnapshotPtr> held;
  const std::lock_guard<std::mutex> lock(state_->publishing);
  for (const std::weak_ptr<const Snapshot>& old : state_->superseded) {
    SnapshotPtr version = old.lock();
    if (version && version != state_->published && (held.empty() || held.back() != version)) {
      held.push_back(std::move(version));
    }
  }
  held.push_back(state_->published);
  return held;
}

void GraphStore::publish_replayed(std::unique_ptr<Transaction> transaction, uint64_t commits) {
  if (transaction->broken_) {
    throw Error::storage("TransactionBroken", "a page could not be read while the log was replayed");
  }
  commit_whole(std::move(transaction), nullptr, commits);
}

}  // namespace entente
