// Readers and writers at the same time, through the public interface.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "entente/entente.h"

namespace entente {
namespace {

int64_t single(Session& session, std::string_view statement) {
  return session.run(statement).rows().at(0)[0].as_integer();
}

/// Each write moves one unit between two accounts and records the transfer; readers must always see the same sum and as
/// many transfers as the accounts' versions say.
void transfer_and_watch(Database& db, int writers, int readers, int transfers) {
  db.session().run(
      "CREATE (:Account {name: 'a', balance: 1000, version: 0}), (:Account {name: 'b', balance: 1000, version: 0})");
  std::atomic<int> writing{writers};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&db, &writing, transfers] {
      Session session = db.session();
      for (int i = 0; i < transfers; ++i) {
        session.run(
            "MATCH (a:Account {name: 'a'}), (b:Account {name: 'b'}) SET a.balance = a.balance - 1, b.balance = "
            "b.balance + 1, "
            "a.version = a.version + 1 CREATE (a)-[:TRANSFER]->(b)");
      }
      --writing;
    });
  }
  for (int r = 0; r < readers; ++r) {
    threads.emplace_back([&db, &writing, &wrong] {
      Session session = db.session();
      int64_t last = 0;
      do {
        const auto rows =
            session
                .run(
                    "MATCH (x:Account) WITH sum(x.balance) AS total, max(x.version) AS version "
                    "OPTIONAL MATCH (:Account)-[t:TRANSFER]->() RETURN total, version, count(t) AS transfers")
                .rows();
        const Row& row = rows.at(0);
        if (row["total"].as_integer() != 2000 || row["version"].as_integer() != row["transfers"].as_integer()) ++wrong;
        if (row["version"].as_integer() < last) ++wrong;
        last = row["version"].as_integer();
      } while (writing > 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  Session session = db.session();
  EXPECT_EQ(single(session, "MATCH ()-[t:TRANSFER]->() RETURN count(t)"), int64_t{writers} * transfers);
  EXPECT_EQ(single(session, "MATCH (x:Account {name: 'a'}) RETURN x.balance"), 1000 - int64_t{writers} * transfers);
}

TEST(Concurrency, ReadersSeeWholeTransactionsInMemory) {
  Database db = Database::in_memory();
  transfer_and_watch(db, 3, 3, 100);
}

TEST(Concurrency, ReadersSeeWholeTransactionsOnDiskWhileCheckpointsRun) {
  const auto path = std::filesystem::temp_directory_path() / ("entente-concurrency-" + std::to_string(::getpid()));
  std::filesystem::remove_all(path);
  {
    DatabaseOptions options;
    options.checkpoint_log_bytes = 4096;
    options.durability = Durability::Buffered;
    Database db = Database::open(path, options);
    transfer_and_watch(db, 3, 3, 60);
  }
  Database db = Database::open(path);
  Session session = db.session();
  EXPECT_EQ(single(session, "MATCH ()-[t:TRANSFER]->() RETURN count(t)"), 180);
  std::filesystem::remove_all(path);
}

TEST(Concurrency, CancelStopsAStatementOfAnotherThread) {
  Database db = Database::in_memory();
  Session session = db.session();
  std::atomic<bool> stopped{false};
  std::thread canceller([&] {
    while (!stopped) {
      session.cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::string code;
  try {
    session.run("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n").rows();
  } catch (const Error& e) {
    code = e.code();
  }
  stopped = true;
  canceller.join();
  EXPECT_EQ(code, "ResourceError.Cancelled");
}

/// What it held is destroyed by another thread, which the database waits for.
TEST(Concurrency, ADatabaseClosesRightAfterAStatementThatHeldMuchWasBrokenOff) {
  const auto path = std::filesystem::temp_directory_path() / ("entente-broken-off-" + std::to_string(::getpid()));
  std::filesystem::remove_all(path);
  for (int round = 0; round < 3; ++round) {
    Database db = Database::open(path);
    Session session = db.session();
    session.set_memory_limit(size_t{100} << 20);
    for (const char* statement : {"UNWIND range(1, 100000000) AS i RETURN collect('text ' + i) AS l",
                                  "UNWIND range(1, 100000000) AS i RETURN 'text ' + i AS t"}) {
      EXPECT_THROW(session.run(statement).rows(), Error);
    }
    EXPECT_EQ(single(session, "RETURN 1"), 1);
  }
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace entente
