// Histories of transactions of many threads, recorded through the public interface and checked for anomalies.
//
// Four writers and eight readers work on a few lists at a time. Of even keys the list is a property, of odd ones it is
// a chain of relationships, in the order of their ids. Writers read and append in explicit transactions and in single
// statements; some roll back, some statements fail and take back what they appended. Readers use single statements,
// results that are read slowly, and read-only transactions. What each saw goes to the checker (history_checker.h).
//
// A run takes two seconds, or ENTENTE_CONCURRENCY_SECONDS, or 60 where ENTENTE_DEEP is set, in rounds that are checked
// one after the other.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "entente/entente.h"
#include "history_checker.h"

namespace entente {
namespace {

using history::Operation;
using Clock = std::chrono::steady_clock;

constexpr int kWriters = 4;
constexpr int kReaders = 8;
constexpr int64_t kKeys = 6;                     // in use at a time
constexpr int64_t kAppends = kKeys * 20;         // after so many the keys are others
constexpr std::chrono::seconds kRound{2};        // after which the history is checked
constexpr std::chrono::microseconds kRest{300};  // of a reader, so that writers have their turn on few processors

double seconds_of_run() {
  if (const char* given = std::getenv("ENTENTE_CONCURRENCY_SECONDS")) return std::atof(given);
  return std::getenv("ENTENTE_DEEP") != nullptr ? 60 : 2;
}

int64_t now() { return Clock::now().time_since_epoch().count(); }

/// What ties the workers of a run together.
struct Shared {
  Database& db;
  std::atomic<int64_t> last_value{0};
  std::atomic<bool> stop{false};
};

/// A session whose transactions are recorded.
class Recorder {
 public:
  Recorder(Shared& shared, unsigned seed) : shared_(shared), session_(shared.db.session()), random_(seed) {}

  size_t pick(size_t of) { return random_() % of; }
  bool one_in(size_t n) { return pick(n) == 0; }

  void begin() {
    current_ = {};
    current_.began = now();
  }
  void end(bool committed) {
    current_.ended = now();
    current_.committed = committed;
    transactions.push_back(std::move(current_));
  }

  Session& session() { return session_; }
  std::vector<history::Transaction> transactions;

 protected:
  /// One of the lists in use now.
  int64_t key() {
    return shared_.last_value / kAppends * kKeys + static_cast<int64_t>(pick(static_cast<size_t>(kKeys)));
  }

  static std::vector<int64_t> numbers(const Value& list) {
    std::vector<int64_t> values;
    if (list.is_null()) return values;
    for (const Value& value : list.as_list()) values.push_back(value.as_integer());
    return values;
  }

  void note_read(int64_t key, std::vector<int64_t> list) {
    current_.operations.push_back({key, false, 0, std::move(list)});
  }

  void read(int64_t key) {
    const auto rows = session_
                          .run(key % 2 == 0 ? "MATCH (r:List {key: $key}) RETURN r.list"
                                            : "MATCH (:List {key: $key})-[a:APPENDED]->(i:Item) WITH a, i ORDER BY "
                                              "id(a) RETURN collect(i.value)",
                               {{"key", key}})
                          .rows();
    note_read(key, rows.empty() ? std::vector<int64_t>{} : numbers(rows[0][0]));
  }

  Shared& shared_;
  Session session_;
  history::Transaction current_;

 private:
  std::mt19937 random_;
};

class Writer : public Recorder {
 public:
  using Recorder::Recorder;

  void step() {
    if (one_in(4)) return in_one_statement();
    session_.begin();
    begin();  // from when it has its turn
    for (size_t left = 1 + pick(4); left > 0; --left) {
      if (one_in(3)) {
        read(key());
      } else if (one_in(8)) {
        fail_to_append(key());
      } else {
        append(key());
      }
      if (one_in(20)) std::this_thread::yield();
    }
    const bool commit = !one_in(6);
    if (commit) {
      session_.commit();
    } else {
      session_.rollback();
    }
    end(commit);
  }

 private:
  static constexpr const char* kAppend[2] = {
      "MERGE (r:List {key: $key}) ON CREATE SET r.list = [$value] ON MATCH SET r.list = r.list + $value RETURN r.list",
      "MERGE (r:List {key: $key}) CREATE (r)-[:APPENDED]->(:Item {value: $value}) WITH r "
      "MATCH (r)-[a:APPENDED]->(i) WITH a, i ORDER BY id(a) RETURN collect(i.value)"};

  void append(int64_t key) {
    const int64_t value = ++shared_.last_value;
    const auto rows = session_.run(kAppend[key % 2], {{"key", key}, {"value", value}}).rows();
    current_.operations.push_back({key, true, value, {}});
    note_read(key, numbers(rows.at(0)[0]));
  }

  /// A statement that appends and then fails: nobody may ever see its value.
  void fail_to_append(int64_t key) {
    const int64_t value = ++shared_.last_value;
    EXPECT_THROW(session_.run(std::string(kAppend[key % 2]) + ", 1 / 0", {{"key", key}, {"value", value}}), Error);
    transactions.push_back({false, now(), now(), {{key, true, value, {}}}});
  }

  void in_one_statement() {
    const int64_t k = key();
    if (one_in(4)) return fail_to_append(k);
    begin();
    append(k);
    end(true);
  }
};

class Reader : public Recorder {
 public:
  using Recorder::Recorder;

  void step() {
    switch (pick(3)) {
      case 0:
        return in_one_statement();
      case 1:
        return slowly();
      default:
        return in_a_transaction();
    }
  }

 private:
  void in_one_statement() {
    begin();
    read(key());
    end(true);
  }

  /// All lists in use, from one result, which goes on while others write.
  void slowly() {
    const int64_t first = shared_.last_value / kAppends * kKeys;
    begin();
    session_.set_batch_size(1 + pick(2));
    Result result = session_.run(
        "UNWIND range($first, $last) AS key OPTIONAL MATCH (r:List {key: key}) OPTIONAL MATCH "
        "(r)-[a:APPENDED]->(i:Item) WITH key, r, a, i ORDER BY id(a) "
        "RETURN key, r.list AS list, collect(i.value) AS items",
        {{"first", first}, {"last", first + kKeys - 1}});
    for (const Row& row : result) {
      const int64_t key = row["key"].as_integer();
      note_read(key, numbers(row[key % 2 == 0 ? "list" : "items"]));
      std::this_thread::yield();
    }
    session_.set_batch_size(2048);
    end(true);
  }

  void in_a_transaction() {
    session_.set_read_only(true);
    begin();
    session_.begin();
    for (size_t left = 2 + pick(4); left > 0; --left) {
      read(key());
      if (one_in(2)) std::this_thread::yield();
    }
    if (one_in(4)) {
      session_.rollback();
    } else {
      session_.commit();
    }
    end(true);
    session_.set_read_only(false);
  }
};

template <class Worker>
void work(Shared& shared, unsigned seed, std::chrono::microseconds rest, std::vector<history::Transaction>& made) {
  Worker worker(shared, seed);
  try {
    while (!shared.stop) {
      worker.step();
      if (rest.count() != 0) std::this_thread::sleep_for(rest);
    }
  } catch (const std::exception& error) {
    ADD_FAILURE() << "a worker failed: " << error.what();
    shared.stop = true;
  }
  made = std::move(worker.transactions);
}

/// What is there at the end, as a transaction.
history::Transaction read_all(Database& db, int64_t from_key) {
  history::Transaction all;
  all.began = now();
  Session session = db.session();
  for (const Row& row : session.run(
           "MATCH (r:List) WHERE r.key >= $from OPTIONAL MATCH (r)-[a:APPENDED]->(i:Item) WITH r, a, i ORDER BY id(a) "
           "RETURN r.key AS key, r.list AS list, collect(i.value) AS items",
           {{"from", from_key}})) {
    const int64_t key = row["key"].as_integer();
    Operation read{key, false, 0, {}};
    for (const Value& value : row[key % 2 == 0 ? "list" : "items"].as_list()) read.list.push_back(value.as_integer());
    all.operations.push_back(std::move(read));
  }
  all.ended = now();
  return all;
}

/// Threads at work for so long, and what they made.
std::vector<history::Transaction> run_round(Shared& shared, std::chrono::duration<double> time, unsigned seed) {
  shared.stop = false;
  shared.last_value = (shared.last_value / kAppends + 1) * kAppends;  // keys that no round before has used
  const int64_t first_key = shared.last_value / kAppends * kKeys;
  std::vector<std::vector<history::Transaction>> made(kWriters + kReaders);
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters + kReaders; ++i) {
    threads.emplace_back([&shared, &made, i, seed] {
      const unsigned own = seed * 100 + static_cast<unsigned>(i);
      if (i < kWriters) {
        work<Writer>(shared, own, {}, made[static_cast<size_t>(i)]);
      } else {
        work<Reader>(shared, own, kRest, made[static_cast<size_t>(i)]);
      }
    });
  }
  const auto end = Clock::now() + time;
  while (Clock::now() < end && !shared.stop) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  shared.stop = true;
  for (std::thread& thread : threads) thread.join();
  std::vector<history::Transaction> all;
  for (auto& part : made) std::move(part.begin(), part.end(), std::back_inserter(all));
  all.push_back(read_all(shared.db, first_key));
  return all;
}

void expect_no_anomaly(const std::vector<history::Transaction>& transactions) {
  const auto findings = history::check(transactions);
  EXPECT_TRUE(findings.empty()) << findings.size() << " anomalies among " << transactions.size() << " transactions";
  for (size_t i = 0; i < std::min<size_t>(findings.size(), 5); ++i) {
    ADD_FAILURE() << history::name_of(findings[i]) << ": " << findings[i].what;
  }
}

/// That the checker would have seen it if one of the reads had missed the last value, or had one too many.
void expect_changes_are_found(std::vector<history::Transaction> transactions) {
  const size_t last = transactions.size() - 1;
  int tried = 0;
  for (size_t t = last; t-- > 0 && tried < 2;) {
    if (!transactions[t].committed || transactions[t].operations.empty()) continue;
    Operation& operation = transactions[t].operations.back();
    if (operation.append || operation.list.size() < 2) continue;
    const Operation before = operation;
    std::swap(operation.list[0], operation.list[1]);
    EXPECT_FALSE(history::check(transactions).empty());
    operation = before;
    ++tried;
  }
  EXPECT_EQ(tried, 2);
  Operation& end = transactions[last].operations.front();
  end.list.pop_back();
  EXPECT_FALSE(history::check(transactions).empty());
}

struct Totals {
  size_t transactions = 0, writers = 0, rolled_back = 0;
};

void tell(const char* where, const Totals& totals) {
  std::cout << where << ": " << totals.transactions << " transactions checked, " << totals.writers
            << " of them wrote and committed, " << totals.rolled_back << " were rolled back\n";
  const char* file = std::getenv("ENTENTE_FAULT_TABLE");
  if (file == nullptr) return;
  std::ofstream(file, std::ios::app) << "transactions checked, " << where << '\t' << totals.transactions << '\t'
                                     << totals.transactions << "\t0\t0\n";
}

/// Rounds for as long as a run takes, and until that many checkpoints were written, however slow the machine is.
Totals run_rounds(Database& db, std::vector<history::Transaction>& last, uint64_t least_checkpoints = 0) {
  db.session().run("CREATE CONSTRAINT list_key FOR (r:List) REQUIRE r.key IS UNIQUE");
  Shared shared{db};
  Totals totals;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds_of_run());
  const auto wanted = [&](Clock::time_point now) { return now < end || db.status().checkpoints < least_checkpoints; };
  for (unsigned round = 1; wanted(Clock::now()) && !testing::Test::HasFailure(); ++round) {
    const std::chrono::duration<double> left = end - Clock::now();
    last = run_round(shared, left.count() > 0 ? std::min<std::chrono::duration<double>>(kRound, left) : kRound, round);
    expect_no_anomaly(last);
    for (const history::Transaction& transaction : last) {
      ++totals.transactions;
      const auto& operations = transaction.operations;
      const bool wrote = std::any_of(operations.begin(), operations.end(), [](const Operation& o) { return o.append; });
      totals.writers += transaction.committed && wrote;
      totals.rolled_back += !transaction.committed;
    }
  }
  expect_changes_are_found(last);
  return totals;
}

TEST(History, HasNoAnomalyInMemory) {
  Database db = Database::in_memory();
  std::vector<history::Transaction> last;
  tell("in memory", run_rounds(db, last));
}

TEST(History, HasNoAnomalyOnDiskWhileCheckpointsRun) {
  const auto path = std::filesystem::temp_directory_path() / ("entente-history-" + std::to_string(::getpid()));
  std::filesystem::remove_all(path);
  std::vector<history::Transaction> last;
  Totals totals;
  {
    DatabaseOptions options;
    options.checkpoint_log_bytes = 16 << 10;
    Database db = Database::open(path, options);
    totals = run_rounds(db, last, 3);
  }
  Database db = Database::open(path);
  ASSERT_FALSE(last.back().operations.empty());
  int64_t first_key = last.back().operations.front().key;
  for (const Operation& operation : last.back().operations) first_key = std::min(first_key, operation.key);
  last.push_back(read_all(db, first_key));
  expect_no_anomaly(last);
  tell("on disk", totals);
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace entente
