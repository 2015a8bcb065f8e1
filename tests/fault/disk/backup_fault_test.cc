// Faults at any call while a backup is made or restored: the backups from before stay valid, the database that is
// backed up stays as it is, what fails says what and where, and doing it again succeeds. And faults of reading the mark
// and the lock.
//
// A round has the number of the call that fails, and is a process of its own.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "../rounds.h"
#include "entente/core/error.h"
#include "entente/storage/backup.h"
#include "entente/storage/check.h"
#include "entente/storage/database_files.h"
#include "entente/storage/graph_storage.h"
#include "fault_disk.h"
#include "storage_fixture.h"

namespace entente {
namespace {

using Fault = FaultDisk::Fault;
using Contents = std::map<std::string, std::string>;

Contents contents_of(const std::string& folder) {
  Contents all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "LOCK.entente") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    all[entry.path().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

class BackupRound {
 public:
  explicit BackupRound(const FaultDisk::Plan& plan) : plan_(plan) {
    OpenOptions options;
    options.checkpoint_on_close = false;
    const auto storage = GraphStorage::open(database_, options);
    change(*storage, 400);
    storage->checkpoint();
    back_up(database_, backups_);
    for (int i = 0; i < 3; ++i) {
      change(*storage, 60);
      if (i == 1) storage->checkpoint();
    }
    dump_ = dump(*storage->graph().current());
    storage->close();
    database_before_ = contents_of(database_);
  }

  Outcome make_backup() {
    const Contents before = contents_of(backups_);
    disk_.emplace(folder_ / "graveyard", plan_.at);
    const bool failed = fails([&] { back_up(database_, backups_, disk_->environment()); });
    if (!disk_->struck()) return failed ? Outcome::Failed : Outcome::Over;
    lift();
    EXPECT_EQ(contents_of(database_), database_before_);
    for (const auto& [name, bytes] : before) EXPECT_EQ(contents_of(backups_)[name], bytes) << name;
    const std::vector<StoredBackup> backups = list_backups(backups_);
    EXPECT_TRUE(backups.size() == 2 || (failed && backups.size() == 1)) << backups.size() << " backups";
    for (const StoredBackup& backup : backups) verify_backup(backups_, backup.number);
    EXPECT_EQ(back_up(database_, backups_).number, backups.size() + 1);
    restore_backup(backups_, folder_ / "restored");
    expect_restored();
    return failed ? Outcome::Detected : Outcome::Survived;
  }

  Outcome restore() {
    back_up(database_, backups_);
    const Contents before = contents_of(backups_);
    disk_.emplace(folder_ / "graveyard", plan_.at);
    const bool failed = fails([&] { restore_backup(backups_, folder_ / "restored", 0, disk_->environment()); });
    if (!disk_->struck()) return failed ? Outcome::Failed : Outcome::Over;
    const bool powerless = disk_->powerless();
    lift();
    EXPECT_EQ(contents_of(backups_), before);
    const DatabaseFiles files(folder_ / "restored");
    if (failed && !powerless) {
      EXPECT_TRUE(!std::filesystem::exists(files.mark) && !files.has_rocksdb()) << "half a database is left";
      EXPECT_FALSE(std::filesystem::exists(files.restoring));
    }
    if (failed && std::filesystem::exists(files.restoring)) {
      std::string message;
      EXPECT_EQ(error_of([&] { GraphStorage::open(files.path); }, &message), "StorageError.NotADatabase");
      EXPECT_NE(message.find("restore it again"), std::string::npos) << message;
    }
    if (failed && !is_database(files)) restore_backup(backups_, folder_ / "restored");
    expect_restored();
    return failed ? Outcome::Detected : Outcome::Survived;
  }

 private:
  void change(GraphStorage& storage, int count) {
    auto transaction = storage.graph().begin();
    writer_.change(*transaction, count);
    storage.graph().commit(std::move(transaction));
  }

  template <class Fn>
  bool fails(Fn fn) {
    disk_->plan(plan_);
    try {
      fn();
      return false;
    } catch (const Error& error) {
      const std::string text = error.what();
      const bool full = plan_.fault == Fault::NoSpace;
      EXPECT_TRUE(error.code() == (full ? "StorageError.DiskFull" : "StorageError.IO") ||
                  (!full && error.code() == "StorageError.Corrupt"))  // RocksDB may say so of what it could not read
          << error.code() << ": " << text << "; the fault was " << disk_->where();
      EXPECT_NE(text.find(folder_.path()), std::string::npos) << text;
      return true;
    }
  }

  void lift() {
    if (disk_->powerless()) disk_->lose_power(FaultDisk::Rest::Torn);
    disk_->lift();
  }

  /// Whether it is whole, and was not only begun.
  static bool is_database(const DatabaseFiles& files) {
    return std::filesystem::exists(files.mark) && !std::filesystem::exists(files.restoring);
  }

  void expect_restored() {
    const std::string restored = folder_ / "restored";
    const CheckReport report = check_database(restored);
    EXPECT_EQ(report.findings.count, 0u) << report.findings.texts.at(0);
    EXPECT_EQ(dump(*GraphStorage::read_version(restored).snapshot), dump_);
  }

  const FaultDisk::Plan plan_;
  const FaultFolderOnDisk folder_;
  const std::string database_ = folder_ / "db";
  const std::string backups_ = folder_ / "backups";
  RandomWriter writer_{11};
  std::string dump_;
  Contents database_before_;
  std::optional<FaultDisk> disk_;
};

/// Of each call in the deep run, else of one in `step`.
void run_backups(const std::string& what, FaultDisk::Plan plan, Outcome (BackupRound::*round)(), uint64_t step) {
  const Rounds::Round run = [&](uint64_t number) {
    SCOPED_TRACE("call " + std::to_string(number));
    plan.at = number;
    return (BackupRound(plan).*round)();
  };
  const Tally tally = Rounds(run).run(1, runs_deep() ? 1 : step);
  EXPECT_GT(tally.tried, 1u);
  EXPECT_GT(tally.detected, 0u);
  if (!testing::Test::HasFailure()) tell(what, tally);
}

constexpr unsigned kChanging = FaultDisk::kWrite | FaultDisk::kSync | FaultDisk::kChange;

TEST(BackupFault, AnErrorOfAnyCallOfABackup) {
  run_backups("backup, an error at the n-th call", {Fault::Error, 0, FaultDisk::kAllCalls, false},
              &BackupRound::make_backup, 5);
}
TEST(BackupFault, NoSpaceFromAnyCallOfABackupOn) {
  run_backups("backup, no space from the n-th call on",
              {Fault::NoSpace, 0, FaultDisk::kWrite | FaultDisk::kChange, true}, &BackupRound::make_backup, 1);
}
TEST(BackupFault, PowerLossAtAnyCallOfABackup) {
  run_backups("backup, power loss", {Fault::PowerLoss, 0, kChanging, false}, &BackupRound::make_backup, 1);
}
TEST(BackupFault, AnErrorOfAnyCallOfARestoration) {
  run_backups("restore, an error at the n-th call", {Fault::Error, 0, FaultDisk::kAllCalls, false},
              &BackupRound::restore, 5);
}
TEST(BackupFault, NoSpaceFromAnyCallOfARestorationOn) {
  run_backups("restore, no space from the n-th call on",
              {Fault::NoSpace, 0, FaultDisk::kWrite | FaultDisk::kChange, true}, &BackupRound::restore, 5);
}
TEST(BackupFault, PowerLossAtAnyCallOfARestoration) {
  run_backups("restore, power loss", {Fault::PowerLoss, 0, kChanging, false}, &BackupRound::restore, 1);
}

// ---- reading the mark and the lock ----

/// A database whose log is lost and whose mark tells it is never opened, because the mark cannot be read.
TEST(ReadFault, AMarkThatCannotBeReadIsNoMarkOfZero) {
  const Tally tally = Rounds([](uint64_t number) {
                        const FaultFolderOnDisk folder;
                        const std::string path = folder / "db";
                        {
                          OpenOptions options;
                          options.checkpoint_on_close = false;
                          const auto storage = GraphStorage::open(path, options);
                          for (int i = 0; i < 3; ++i) {
                            auto transaction = storage->graph().begin();
                            transaction->create_node({});
                            storage->graph().commit(std::move(transaction));
                            if (i == 1)
                              std::filesystem::copy(path, path + "-early", std::filesystem::copy_options::recursive);
                          }
                        }
                        const std::string early = path + "-early";  // with the later mark
                        std::filesystem::copy_file(path + "/COMMITTED.entente", early + "/COMMITTED.entente",
                                                   std::filesystem::copy_options::overwrite_existing);
                        FaultDisk disk(folder / "graveyard", number);
                        const bool read_only = number % 2 == 0;
                        disk.plan({Fault::Error, (number + 1) / 2, FaultDisk::kRead, true, "/COMMITTED.entente"});
                        OpenOptions options;
                        options.read_only = read_only;
                        options.environment = disk.environment();
                        std::string message;
                        const std::string code = error_of([&] { GraphStorage::open(early, options); }, &message);
                        if (!disk.struck()) {
                          EXPECT_EQ(code, "StorageError.LostCommits");
                          return Outcome::Over;
                        }
                        EXPECT_EQ(code, "StorageError.IO") << message;
                        EXPECT_NE(message.find("/COMMITTED.entente"), std::string::npos) << message;
                        return Outcome::Detected;
                      }).run(1, 1);
  EXPECT_GE(tally.tried, 6u);  // opening and two slots, for reading and for writing
  if (!HasFailure()) tell("reading the mark fails, of a log cut off", tally);
}

TEST(ReadFault, ALockWhoseHolderCannotBeReadIsHeldAllTheSame) {
  const Tally tally = Rounds([](uint64_t number) {
                        const FaultFolderOnDisk folder;
                        const auto storage = GraphStorage::open(folder / "db");
                        FaultDisk disk(folder / "graveyard", number);
                        disk.plan({Fault::Error, number, FaultDisk::kRead, true, "/LOCK.entente"});
                        std::string message;
                        const std::string code = error_of([&] { GraphStorage::open(folder / "db"); }, &message);
                        if (!disk.struck()) return Outcome::Over;
                        EXPECT_EQ(code, number == 1 ? "StorageError.IO" : "LockError.Locked") << message;
                        EXPECT_NE(message.find("/LOCK.entente"), std::string::npos) << message;
                        return Outcome::Detected;
                      }).run(1, 1);
  EXPECT_EQ(tally.tried, 2u);
  if (!HasFailure()) tell("reading the lock fails", tally);
}

}  // namespace
}  // namespace entente
