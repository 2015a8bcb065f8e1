// A process that writes is killed at any moment; what it acknowledged is there afterwards, whole, and nothing by
// halves.
//
// The seed is printed; set ENTENTE_TEST_SEED to run with it again.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <thread>

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
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");  // to kill process -1 would be to kill all
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(ENTENTE_KILL_WRITER, ENTENTE_KILL_WRITER, path.c_str(), std::to_string(seed).c_str(), nullptr);
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

class KillTest : public testing::Test {
 protected:
  KillTest() : random_(seed_of_run()) {
    std::string name = (std::filesystem::temp_directory_path() / "entente_kill_XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~KillTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

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

  std::mt19937_64 random_;
  std::string folder_;
};

TEST_F(KillTest, WhatWasAcknowledgedIsThereWholeAfterEachKill) {
  const std::string path = folder_ + "/db";
  uint64_t commits = 0;
  const int rounds = rounds_of_run();
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::chrono::microseconds lifetime(20'000 + random_() % 900'000);
    commits = std::max(commits, write_and_kill(path, random_(), lifetime));
    commits = check(path, commits);
    ASSERT_FALSE(HasFailure());
  }
  std::cout << commits << " commits over all rounds\n";
  EXPECT_GT(commits, 0u);
  tell("kills of a writer with 1 to 4 threads", {uint64_t(rounds), uint64_t(rounds), 0});
}

TEST_F(KillTest, AKillDuringCreationLeavesAPathThatOpens) {
  const int rounds = rounds_of_run();
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::string path = folder_ + "/new" + std::to_string(round);
    const std::chrono::microseconds lifetime(random_() % 120'000);
    check(path, write_and_kill(path, random_(), lifetime));
    ASSERT_FALSE(HasFailure());
  }
  tell("kills while a database is made", {uint64_t(rounds), uint64_t(rounds), 0});
}

}  // namespace
}  // namespace entente
