// RocksDB has been asked to move what is in memory to tables: a disk that becomes full before it has begun, and writers
// that are faster.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "../rounds.h"
#include "entente/core/error.h"
#include "entente/storage/rocks_store.h"
#include "fault_disk.h"

namespace entente {
namespace {

/// Lets RocksDB's flushes begin late.
class LateFlushes : public rocksdb::EnvWrapper {
 public:
  LateFlushes(rocksdb::Env* target, std::chrono::milliseconds delay) : EnvWrapper(target), delay_(delay) {}
  static const char* kClassName() { return "LateFlushes"; }
  const char* Name() const override { return kClassName(); }

  void Schedule(void (*function)(void*), void* argument, Priority priority, void* tag,
                void (*dropped)(void*)) override {
    const auto delay = priority == HIGH ? delay_ : std::chrono::milliseconds(0);
    target()->Schedule(run, new Job{function, dropped, argument, delay}, priority, tag, drop);
  }

 private:
  struct Job {
    void (*function)(void*);
    void (*dropped)(void*);
    void* argument;
    std::chrono::milliseconds delay;
  };
  static void run(void* at) {
    const std::unique_ptr<Job> job(static_cast<Job*>(at));
    std::this_thread::sleep_for(job->delay);
    job->function(job->argument);
  }
  static void drop(void* at) {
    const std::unique_ptr<Job> job(static_cast<Job*>(at));
    if (job->dropped != nullptr) job->dropped(job->argument);
  }

  const std::chrono::milliseconds delay_;
};

/// Makes no table before it is told to.
class NoTables : public rocksdb::EnvWrapper {
 public:
  NoTables(rocksdb::Env* target, std::shared_future<void> told) : EnvWrapper(target), told_(std::move(told)) {}
  static const char* kClassName() { return "NoTables"; }
  const char* Name() const override { return kClassName(); }

  rocksdb::Status NewWritableFile(const std::string& path, std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    if (path.ends_with(".sst")) told_.wait();
    return target()->NewWritableFile(path, file, options);
  }

 private:
  const std::shared_future<void> told_;
};

std::string write(RocksStore& store, uint64_t commit, size_t bytes = 1'000) {
  const PageStore::LogRecord record{commit, std::string(bytes, 'x')};
  try {
    store.append_log({&record, 1}, true);
    return {};
  } catch (const Error& error) {
    return error.code();
  }
}

/// Flushes that begin 20 ms late are asked for, and soon afterwards a write finds no space.
void run(const std::string& folder, std::chrono::milliseconds soon) {
  FaultDisk disk(folder + "/graveyard", 1);
  LateFlushes environment(disk.environment(), std::chrono::milliseconds(20));
  const auto store = RocksStore::open(folder + "/db", RocksStore::Mode::Create, &environment);
  ASSERT_EQ(write(*store, 1), "");
  std::thread flusher([&] {
    try {
      store->flush();
    } catch (const Error&) {  // of the full disk
    }
  });
  std::this_thread::sleep_for(soon);
  disk.plan({.fault = FaultDisk::Fault::NoSpace, .at = 1, .calls = FaultDisk::kWrite, .file = ".log"});
  EXPECT_EQ(write(*store, 2), "StorageError.DiskFull");
  disk.lift();
  EXPECT_EQ(write(*store, 2), "") << "there is space again";
  flusher.join();
  EXPECT_EQ(write(*store, 3), "");
  store->close();
  const auto again = RocksStore::open(folder + "/db", RocksStore::Mode::Write, &environment);
  uint64_t commits = 0;
  again->read_log(1, [&](uint64_t commit, std::string_view) { return commit == ++commits; });
  EXPECT_EQ(commits, 3u);
}

TEST(LateFlush, WritingGoesOnWhenThereIsSpaceAgain) {
  const Tally tally = Rounds([](uint64_t number) {
                        const FaultFolderOnDisk folder;
                        run(folder.path(), std::chrono::milliseconds(2 * number));
                        return Outcome::Survived;
                      }).run(1, 1, 12);
  EXPECT_EQ(tally.survived, 12u);
  tell("no space while a flush is to begin", tally);
}

TEST(LateFlush, WritersWaitForTables) {
  constexpr uint64_t kRecords = 160;  // of 1 MiB each
  constexpr uint64_t kMost = 80;      // in memory: 16 that are being moved, and four times as many
  const FaultFolderOnDisk folder;
  std::promise<void> tell_to;
  NoTables environment(rocksdb::Env::Default(), tell_to.get_future().share());
  const auto store = RocksStore::open(folder / "db", RocksStore::Mode::Create, &environment);
  std::atomic<uint64_t> written = 0;
  std::thread writer([&] {
    while (written < kRecords && write(*store, written + 1, size_t{1} << 20).empty()) ++written;
  });
  for (int i = 0; i < 3'000 && written < kMost - 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_GE(written, kMost - 2);
  EXPECT_LE(written, kMost + 2);
  tell_to.set_value();
  writer.join();
  EXPECT_EQ(written, kRecords);
}

}  // namespace
}  // namespace entente
