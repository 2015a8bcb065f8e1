// A follower beside a process that writes: it sees whole commits in order and soon, whatever the writer does, and what
// it has read stays readable.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "entente/core/error.h"
#include "entente/storage/follower.h"
#include "entente/storage/graph_storage.h"
#include "steps.h"

#ifndef ENTENTE_KILL_WRITER
#error "ENTENTE_KILL_WRITER is to be the path of the program made of kill_writer.cc"
#endif

namespace entente {
namespace {

using Clock = std::chrono::steady_clock;
using Times = std::vector<std::pair<uint64_t, Clock::time_point>>;  // of commits

/// A process that commits without end, and when each of its commits was acknowledged.
class LiveWriter {
 public:
  /// `commits` a checkpoint and no bulk loads; 0: checkpoints all the time, and bulk loads. `rate` commits a second, 0:
  /// without pause; `nodes` more than its own.
  LiveWriter(const std::string& path, uint64_t seed, uint64_t commits = 0, uint64_t rate = 0, uint64_t nodes = 0) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("no process");
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      const std::string numbers[] = {std::to_string(seed), std::to_string(commits), std::to_string(rate),
                                     std::to_string(nodes)};
      execl(ENTENTE_KILL_WRITER, ENTENTE_KILL_WRITER, path.c_str(), numbers[0].c_str(), numbers[1].c_str(),
            numbers[2].c_str(), numbers[3].c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    reader_ = std::thread([this, end = ends[0]] { read_numbers(end); });
  }
  ~LiveWriter() { stop(); }

  void stop() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    int status = 0;
    waitpid(std::exchange(child_, 0), &status, 0);
    reader_.join();
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with status " << WEXITSTATUS(status);
  }

  uint64_t last() const { return last_; }
  Times acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }

 private:
  void read_numbers(int end) {
    std::string text;
    char buffer[4096];
    for (ssize_t length; (length = read(end, buffer, sizeof buffer)) > 0;) {
      const Clock::time_point now = Clock::now();
      text.append(buffer, static_cast<size_t>(length));
      for (size_t line; (line = text.find('\n')) != std::string::npos; text.erase(0, line + 1)) {
        const std::lock_guard lock(mutex_);
        acknowledged_.emplace_back(std::stoull(text), now);
        last_ = acknowledged_.back().first;
      }
    }
    close(end);
  }

  pid_t child_ = 0;
  std::thread reader_;
  std::atomic<uint64_t> last_{0};
  std::mutex mutex_;
  Times acknowledged_;
};

/// How long after its acknowledgement each commit was seen.
std::string describe_delays(const Times& acknowledged, const Times& seen) {
  std::vector<double> delays;
  size_t at = 0;
  for (const auto& [commit, when] : acknowledged) {
    while (at < seen.size() && seen[at].first < commit) ++at;
    if (at == seen.size() || commit <= seen.front().first) continue;
    delays.push_back(std::chrono::duration<double, std::milli>(seen[at].second - when).count());
  }
  if (delays.empty()) return "no commits";
  std::sort(delays.begin(), delays.end());
  std::ostringstream text;
  text << delays.size() << " commits, seen after (ms): median " << delays[delays.size() / 2] << ", p99 "
       << delays[delays.size() * 99 / 100] << ", most " << delays.back();
  return text.str();
}

class FollowTest : public testing::Test {
 protected:
  FollowTest() {
    const char* given = getenv("ENTENTE_TEST_SEED");
    const uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::cout << "seed " << seed << std::endl;
    random_.seed(seed);
    std::string name = (std::filesystem::temp_directory_path() / "entente_follow_XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ + "/db";
  }
  ~FollowTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void follow(LiveWriter& writer, const FollowOptions& options);
  void wait_for(LiveWriter& writer, uint64_t commits) {
    while (writer.last() < commits) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  /// Waits until the follower has seen the commit; false if it takes far too long.
  static bool sees(Follower& follower, uint64_t commit) {
    const Clock::time_point until = Clock::now() + std::chrono::seconds(20);
    while (follower.graph().current()->version() < commit) {
      if (Clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  std::mt19937_64 random_;
  std::string folder_;
  std::string path_;
};

/// Follows the writer for some seconds; versions that were seen are read much later.
void FollowTest::follow(LiveWriter& writer, const FollowOptions& options) {
  wait_for(writer, 20);
  const auto follower = Follower::open(path_, options);
  std::vector<SnapshotPtr> held;
  Times seen;
  const Clock::time_point until = Clock::now() + std::chrono::seconds(4);
  for (uint64_t last = 0, held_at = 0; Clock::now() < until;) {
    const SnapshotPtr now = follower->graph().current();
    ASSERT_GE(now->version(), last);
    if (now->version() > last) seen.emplace_back(now->version(), Clock::now());
    last = now->version();
    if (last >= held_at + 100) {  // the writer will have deleted its pages
      held.push_back(now);
      held_at = last;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  writer.stop();
  ASSERT_TRUE(sees(*follower, writer.last()));
  expect_whole(*follower->graph().current());
  for (const SnapshotPtr& old : held) {
    expect_whole(*old);
    ASSERT_FALSE(HasFailure()) << "version " << old->version();
  }
  const Follower::Info info = follower->info();
  EXPECT_EQ(info.trouble, "");
  std::cout << describe_delays(writer.acknowledged(), seen) << "; applied " << info.applied << ", read anew "
            << info.reread << ", log opened anew " << info.reopened << '\n';
}

/// Not a test: how soon commits are seen, each manner of writing for ENTENTE_FOLLOW_SECONDS.
TEST_F(FollowTest, HowSoonCommitsAreSeen) {
  const char* seconds = getenv("ENTENTE_FOLLOW_SECONDS");
  if (seconds == nullptr) GTEST_SKIP() << "a measurement: ENTENTE_FOLLOW_SECONDS is not set";
  constexpr uint64_t kNever = uint64_t{1} << 40;
  for (const uint64_t nodes : {0, 1'000'000}) {
    for (const uint64_t commits : {kNever, uint64_t{500}, uint64_t{50}}) {
      for (const uint64_t rate : {100, 0}) {
        const std::string path =
            path_ + std::to_string(nodes) + "-" + std::to_string(commits) + "-" + std::to_string(rate);
        LiveWriter writer(path, random_(), commits, rate, nodes);
        wait_for(writer, 20);
        const auto follower = Follower::open(path);
        Times seen;
        const Clock::time_point until = Clock::now() + std::chrono::seconds(std::stoi(seconds));
        while (Clock::now() < until) {
          const uint64_t version = follower->graph().current()->version();
          if (seen.empty() || version > seen.back().first) seen.emplace_back(version, Clock::now());
          std::this_thread::sleep_for(std::chrono::microseconds(500));
        }
        writer.stop();
        std::cout << nodes << " nodes besides, a checkpoint each " << (commits == kNever ? "16 MiB of log" : "")
                  << (commits == kNever ? "" : std::to_string(commits) + " commits") << ", "
                  << (rate == 0 ? "at full speed" : std::to_string(rate) + " a second") << ": "
                  << describe_delays(writer.acknowledged(), seen) << "; read anew " << follower->info().reread
                  << std::endl;
      }
    }
  }
}

TEST_F(FollowTest, SeesWholeCommitsOfALiveWriterThatCheckpointsAllTheTime) {
  LiveWriter writer(path_, random_(), 10);
  follow(writer, {});
}

TEST_F(FollowTest, SeesWholeCommitsOfALiveWriterThatLoadsInBulk) {
  LiveWriter writer(path_, random_());
  follow(writer, {});
}

TEST_F(FollowTest, ReadsTheVersionAnewBesideALiveWriter) {
  LiveWriter writer(path_, random_(), 200);
  FollowOptions options;
  options.age = std::chrono::milliseconds(300);
  follow(writer, options);
}

TEST_F(FollowTest, GoesOnSeeingCommitsWhileTheVersionIsReadAnew) {
  LiveWriter writer(path_, random_(), 200, 500);
  wait_for(writer, 20);
  std::atomic<const Follower*> follower{nullptr};
  std::atomic<int> seen_on{0};  // how often more was seen while the version was read anew
  FollowOptions options;
  options.age = std::chrono::milliseconds(100);
  options.on_rereading = [&] {
    while (follower.load() == nullptr) std::this_thread::yield();
    const uint64_t before = follower.load()->info().version;
    const Clock::time_point until = Clock::now() + std::chrono::seconds(5);
    while (follower.load()->info().version < before + 50 && Clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (follower.load()->info().version >= before + 50) ++seen_on;
  };
  const auto opened = Follower::open(path_, options);
  follower = opened.get();
  const Clock::time_point until = Clock::now() + std::chrono::seconds(60);
  while ((opened->info().reread < 3 || seen_on < 3) && Clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  writer.stop();
  EXPECT_GE(opened->info().reread, 3u);
  EXPECT_GE(seen_on, 3);
  ASSERT_TRUE(sees(*opened, writer.last()));
  expect_whole(*opened->graph().current());
}

TEST_F(FollowTest, SurvivesThatTheWriterIsKilledAndStartedAgain) {
  uint64_t commits = 0;
  {
    LiveWriter writer(path_, random_());
    wait_for(writer, 10);
    writer.stop();
    commits = writer.last();
  }
  const auto follower = Follower::open(path_);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_TRUE(sees(*follower, commits));
    const SnapshotPtr before = follower->graph().current();
    LiveWriter writer(path_, random_());
    const Clock::time_point until = Clock::now() + std::chrono::microseconds(50'000 + random_() % 700'000);
    while (Clock::now() < until) {
      const SnapshotPtr now = follower->graph().current();
      if (now->version() % 32 == 0) expect_whole(*now);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    writer.stop();
    commits = std::max(commits, writer.last());
    ASSERT_TRUE(sees(*follower, commits)) << follower->info().trouble;
    expect_whole(*before);
    expect_whole(*follower->graph().current());
    ASSERT_FALSE(HasFailure());
  }
  const Follower::Info info = follower->info();
  std::cout << commits << " commits; read anew " << info.reread << ", log opened anew " << info.reopened << '\n';
  // What the follower has seen is what there is.
  const auto storage = GraphStorage::open(path_);
  EXPECT_GE(storage->graph().current()->version(), follower->graph().current()->version());
}

TEST_F(FollowTest, SeesWhatAWriterOfTheSameProcessDoesWhenItOpensAndCloses) {
  const auto commit = [](GraphStorage& storage) {
    auto transaction = storage.graph().begin();
    transaction->set_property(transaction->create_node({}), transaction->key("n"), Value(int64_t{1}));
    return storage.graph().commit(std::move(transaction));
  };
  auto storage = GraphStorage::open(path_);
  commit(*storage);
  const auto follower = Follower::open(path_);
  EXPECT_EQ(follower->graph().current()->version(), 1u);
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(sees(*follower, commit(*storage)));
    storage->checkpoint();
    ASSERT_TRUE(sees(*follower, commit(*storage)));
    storage->close();
    storage = GraphStorage::open(path_);
    ASSERT_TRUE(sees(*follower, commit(*storage)));
  }
  EXPECT_EQ(follower->graph().current()->node_count(), 16u);
  EXPECT_THROW(
      {
        auto transaction = follower->graph().begin();
        transaction->create_node({});
        follower->graph().commit(std::move(transaction));
      },
      Error);
}

/// Their pages do not go through RocksDB's log, so that a reader must not see their manifest without them.
TEST_F(FollowTest, OpeningBesideLargeCheckpointsSeesAllTheirPages) {
  constexpr uint32_t kNodes = 8'192;
  const auto storage = GraphStorage::open(path_);
  std::atomic<bool> stop{false};
  std::thread writing([&] {
    std::mt19937_64 random(5);
    for (int load = 0; load < 40 && !stop; ++load) {
      auto transaction = storage->graph().begin();
      std::vector<Value> texts;
      for (uint32_t i = 0; i < kNodes; ++i) {
        std::string text(200, ' ');
        for (char& c : text) c = static_cast<char>('a' + random() % 26);
        texts.emplace_back(std::move(text));
      }
      const NodeId first = transaction->bulk_nodes({}, kNodes);
      transaction->bulk_property(first, transaction->key("text"), texts);
      storage->graph().commit(std::move(transaction));
    }
    stop = true;
  });
  int opened = 0;
  for (; (!stop || opened == 0) && !HasFailure(); ++opened) {
    EXPECT_NO_THROW({
      const SnapshotPtr seen = GraphStorage::read_version(path_).snapshot;
      EXPECT_EQ(seen->node_count(), seen->version() * kNodes);
      const KeyId text = seen->version() != 0 ? seen->names().key("text") : KeyId(KeyId::kNone);
      for (uint32_t node = 0; node < seen->node_limit(); node += 1'024) {
        EXPECT_EQ(seen->property(NodeId(node), text).as_string().size(), 200u) << "node " << node;
      }
    });
  }
  stop = true;
  writing.join();
  EXPECT_EQ(GraphStorage::read_version(path_).snapshot->version(), storage->graph().current()->version());
  std::cout << "opened " << opened << " times beside " << storage->info().checkpoints << " checkpoints\n";
}

TEST_F(FollowTest, SaysThatTheDatabaseWasReplaced) {
  const auto make = [](const std::string& path, int commits) {
    const auto storage = GraphStorage::open(path);
    for (int i = 0; i < commits; ++i) {
      auto transaction = storage->graph().begin();
      transaction->create_node({});
      storage->graph().commit(std::move(transaction));
    }
  };
  make(path_, 3);
  make(folder_ + "/other", 7);
  const auto follower = Follower::open(path_);
  const SnapshotPtr before = follower->graph().current();
  std::filesystem::rename(path_, folder_ + "/away");
  std::filesystem::rename(folder_ + "/other", path_);
  std::string code;
  for (int i = 0; i < 2'000 && code.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    try {
      EXPECT_EQ(follower->graph().current()->version(), 3u);
    } catch (const Error& error) {
      code = error.code();
    }
  }
  EXPECT_EQ(code, "StorageError.Replaced");
  EXPECT_EQ(before->node_count(), 3u);
}

}  // namespace
}  // namespace entente
