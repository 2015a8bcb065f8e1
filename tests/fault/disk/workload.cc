#include "workload.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "entente/storage/check.h"

namespace entente {
namespace {

constexpr int kLiftedAfter = 2;  // failures of something
constexpr int kReopenedAfter = 3;
constexpr int kGivenUpAfter = 6;

struct GivenUp : std::runtime_error {
  using runtime_error::runtime_error;
};

}  // namespace

void Workload::run(const std::function<void(unsigned)>& ended) {
  try {
    disk_.plan(plan_);
    for (unsigned part = first_part_; part < kParts; ++part) {
      run_part(part);
      ended(part);
    }
  } catch (...) {
    storage_.reset();
    throw;
  }
  disk_.lift();
}

void Workload::run_part(unsigned part) {
  switch (part) {
    case 0:
      open(0, true);
      write_to(4);
      checkpoint();
      write_to(7);
      checkpoint();
      write_together(11, 3);
      write_to(11);
      break;
    case 1:
      open(3, false);
      write_to(16);
      break;
    default:
      open(0, true);
      write_to(18);
      checkpoint();
      write_to(20);
      write_together(24, 2);
      write_to(25);
  }
  close();
}

void Workload::open(uint64_t checkpoint_commits, bool checkpoint_on_close) {
  options_.durability = durability_;
  options_.checkpoint_commits = checkpoint_commits;
  options_.checkpoint_on_close = checkpoint_on_close;
  options_.min_free_bytes = 1;
  options_.environment = disk_.environment();
  for (;;) {
    try {
      storage_ = GraphStorage::open(path_, options_);
      const SnapshotPtr current = storage_->graph().current();
      const std::string wrong = record_.compare(*current, record_.acknowledged());
      ASSERT_EQ(wrong, "") << "when it was opened";
      record_.adopt(*current);
      row_ = 0;
      return;
    } catch (const Error& error) {
      storage_.reset();
      failed(error, "opening");
    }
  }
}

void Workload::reopen() {
  close();
  open(options_.checkpoint_commits, options_.checkpoint_on_close);
}

void Workload::close() {
  if (!storage_) return;
  try {
    storage_->close();
    if (options_.checkpoint_on_close) record_.durable();
    storage_.reset();
  } catch (const Error& error) {
    storage_.reset();
    failed(error, "closing");
  }
}

bool Workload::write_once() {
  try {
    auto transaction = storage_->graph().begin();
    const auto [commit, attempt] = make_step(*transaction, record_);
    const bool whole = transaction->is_bulk();
    const uint64_t number = storage_->graph().commit(std::move(transaction));
    EXPECT_EQ(number, commit);
    record_.acknowledge(commit, attempt);
    if (durability_ == Durability::Sync || whole) record_.durable();
    row_ = 0;
    return true;
  } catch (const Error& error) {
    failed(error, "a commit");
    return false;
  }
}

void Workload::write_to(uint64_t version) {
  while (this->version() < version) write_once();
}

void Workload::write_together(uint64_t version, int writers) {
  std::mutex mutex;
  std::optional<Error> first;
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i) {
    threads.emplace_back([&] {
      try {
        for (;;) {
          auto transaction = storage_->graph().begin();
          if (transaction->view().version() >= version) return;
          const auto [commit, attempt] = make_step(*transaction, record_);
          storage_->graph().commit(std::move(transaction));
          record_.acknowledge(commit, attempt);
        }
      } catch (const Error& error) {
        const std::lock_guard lock(mutex);
        if (!first) first = error;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (durability_ == Durability::Sync) record_.durable();
  if (first) failed(*first, "a commit beside others");
}

void Workload::checkpoint() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      storage_->checkpoint();
      record_.durable();
      return;
    } catch (const Error& error) {
      failed(error, "a checkpoint");
    }
  }
}

void Workload::failed(const Error& error, const std::string& doing) {
  ++errors_;
  if (disk_.powerless()) throw PowerLost{};
  EXPECT_TRUE(may_say(error, doing)) << doing << ": " << error.code() << ": " << error.what() << "; the fault was "
                                     << disk_.where();
  if (storage_) expect_reads();
  ++row_;
  if (row_ == kLiftedAfter && plan_.lasting) disk_.lift();
  if (row_ == kGivenUpAfter) throw GivenUp(doing + " does not succeed again: " + error.code() + ": " + error.what());
  if (row_ >= kReopenedAfter && storage_) reopen();  // RocksDB may have stopped for good
}

bool Workload::may_say(const Error& error, const std::string& doing) const {
  static const std::set<std::string> kFull{"StorageError.DiskFull", "StorageError.CommitFailed"};
  static const std::set<std::string> kOther{"StorageError.IO", "StorageError.CommitFailed",
                                            "StorageError.TransactionBroken"};
  if (plan_.fault == FaultDisk::Fault::NoSpace) {
    const bool stopped = std::string(error.what()).find("close the database and open it again") != std::string::npos;
    return kFull.contains(error.code()) || (stopped && error.code() == "StorageError.IO");
  }
  // RocksDB may call a table damaged that it could not read.
  const bool unread = may_fail_reading() && doing == "opening" && error.code() == "StorageError.Corrupt";
  return unread || kOther.contains(error.code());
}

void Workload::expect_reads() {
  try {
    const SnapshotPtr current = storage_->graph().current();
    EXPECT_EQ(current->version(), record_.acknowledged());
    EXPECT_EQ(record_.compare(*current, record_.acknowledged()), "") << "in the process whose write failed";
  } catch (const Error& error) {
    EXPECT_TRUE(may_fail_reading()) << "reading: " << error.code() << ": " << error.what();
  }
}

// ---- afterwards ----

void Workload::expect_version(const OpenOptions& options, bool write) {
  const uint64_t least = durability_ == Durability::Sync ? record_.acknowledged() : record_.durable_commit();
  const auto storage = GraphStorage::open(path_, options);
  const SnapshotPtr current = storage->graph().current();
  ASSERT_EQ(record_.compare(*current, least), "") << "when it was opened afterwards";
  if (!write) return;
  record_.adopt(*current);
  auto transaction = storage->graph().begin();
  const auto [commit, attempt] = make_step(*transaction, record_);
  storage->graph().commit(std::move(transaction));
  record_.acknowledge(commit, attempt);
  record_.durable();
  storage->close();
}

void Workload::expect_all_there() {
  disk_.lift();
  OpenOptions options;
  options.min_free_bytes = 0;
  options.checkpoint_commits = 0;
  const bool created = record_.durable_commit() > 0;
  const auto expect_clean = [&] {
    const CheckReport report = check_database(path_);
    for (const std::string& finding : report.findings.texts) ADD_FAILURE() << "check: " << finding;
  };
  try {
    if (created) expect_clean();
    options.read_only = created;
    if (created) expect_version(options, false);
    options.read_only = false;
    expect_version(options, true);
    options.checkpoint_on_close = false;
    expect_version(options, true);
    expect_clean();
  } catch (const Error& error) {
    ADD_FAILURE() << "afterwards: " << error.code() << ": " << error.what();
  }
}

}  // namespace entente
