// A process that writes is killed at any moment; what it acknowledged is there afterwards, whole, and nothing by
// halves.
//
// The seed is printed; set ENTENTE_TEST_SEED to run with it again.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "entente/core/error.h"
#include "entente/storage/graph_storage.h"
#include "rounds.h"
#include "steps.h"

#ifndef ENTENTE_KILL_WRITER
#error "ENTENTE_KILL_WRITER is to be the path of the program made of kill_writer.cc"
#endif

namespace entente {
namespace {

uint64_t seed_of_run() {
  const char* given = getenv("ENTENTE_TEST_SEED");
  const uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  std::cout << "seed " << seed << std::endl;  // before anything can end the test
  return seed;
}

constexpr uint64_t kMostWriters = 4;  // threads of the writer

constexpr int kRows = 4;
int rounds_of_run() { return runs_deep() ? 200 : 20; }

/// The highest of the numbers that stand in whole lines.
uint64_t highest_number(const std::string& text) {
  uint64_t highest = 0;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    highest = std::max<uint64_t>(highest, std::stoull(text.substr(begin, end - begin)));
  return highest;
}

/// Runs the writer for so long, kills it, and gives the highest commit that it acknowledged.
uint64_t write_and_kill(const std::string& path, uint64_t seed, std::chrono::microseconds lifetime) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string seed_text = std::to_string(seed);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");  // to kill process -1 would be to kill all
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(ENTENTE_KILL_WRITER, ENTENTE_KILL_WRITER, path.c_str(), seed_text.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  std::thread reader([&] {
    char buffer[4096];
    for (ssize_t length; (length = read(ends[0], buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<size_t>(length));
  });
  std::this_thread::sleep_for(lifetime);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  reader.join();
  close(ends[0]);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with status " << WEXITSTATUS(status);
  return highest_number(text);
}

/// Rounds one after the other, with random numbers of their own.
class KillRounds {
 public:
  KillRounds(std::string folder, uint64_t seed) : folder_(std::move(folder)), random_(seed) {}

  /// All on one database; gives its commits.
  uint64_t kill_writers(int rounds) {
    uint64_t commits = 0;
    for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
      SCOPED_TRACE(folder_ + ", round " + std::to_string(round));
      const std::chrono::microseconds lifetime(20'000 + random_() % 900'000);
      commits = std::max(commits, write_and_kill(folder_, random_(), lifetime));
      commits = check(folder_, commits);
    }
    return commits;
  }

  /// Each on a new database.
  uint64_t kill_creation(int rounds) {
    uint64_t commits = 0;
    for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
      const std::string path = folder_ + "-" + std::to_string(round);
      SCOPED_TRACE(path);
      const std::chrono::microseconds lifetime(random_() % 120'000);
      commits += check(path, write_and_kill(path, random_(), lifetime));
    }
    return commits;
  }

 private:
  uint64_t check(const std::string& path, uint64_t acknowledged) {
    OpenOptions options;
    options.checkpoint_on_close = random_() % 2 == 0;
    const auto storage = GraphStorage::open(path, options);
    const SnapshotPtr snapshot = storage->graph().current();
    EXPECT_GE(snapshot->version(), acknowledged);
    EXPECT_LE(snapshot->version(), acknowledged + kMostWriters);  // some may have been durable and not acknowledged yet
    expect_whole(*snapshot);
    storage->close();
    return snapshot->version();
  }

  const std::string folder_;
  std::mt19937_64 random_;
};

/// All rounds of a test, in several rows at the same time, as those wait half of the time; gives the commits of all.
uint64_t run_rows(uint64_t (KillRounds::*rounds)(int), const std::string& what) {
  const FaultFolderOnDisk folder(false);  // so that syncing takes time
  const uint64_t seed = seed_of_run();
  std::atomic<uint64_t> commits{0};
  std::vector<std::thread> rows;
  for (int row = 0; row < kRows; ++row) {
    rows.emplace_back([&, row] {
      try {
        commits += (KillRounds(folder / ("db" + std::to_string(row)), seed + static_cast<uint64_t>(row)).*
                    rounds)(rounds_of_run() / kRows);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (std::thread& row : rows) row.join();
  std::cout << commits << " commits over all rounds\n";
  const auto tried = static_cast<uint64_t>(rounds_of_run());
  if (!testing::Test::HasFailure()) tell(what, {tried, tried, 0});
  return commits;
}

TEST(KillTest, WhatWasAcknowledgedIsThereWholeAfterEachKill) {
  EXPECT_GT(run_rows(&KillRounds::kill_writers, "kills of a writer with 1 to 4 threads"), 0u);
}

TEST(KillTest, AKillDuringCreationLeavesAPathThatOpens) {
  run_rows(&KillRounds::kill_creation, "kills while a database is made");
}

}  // namespace
}  // namespace entente
