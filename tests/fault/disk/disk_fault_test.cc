// Every call that reaches the disk fails once: what was acknowledged is there afterwards, whole, and nothing by halves.
//
// A round has a number, that of the call that fails, and is a process of its own. In the deep run there is one for each
// call; otherwise for some. ENTENTE_FAULT_ROUND=n runs a single one.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>

#include "../rounds.h"
#include "workload.h"

namespace entente {
namespace {

using Fault = FaultDisk::Fault;

constexpr uint64_t kRounds = 12;  // of each test, unless the run is deep
constexpr unsigned kWrites = FaultDisk::kWrite | FaultDisk::kSync | FaultDisk::kChange;

/// The script without faults: after which call of those that the plan counts each part ended, about; and the database
/// as each part found it.
class FaultlessRun {
 public:
  explicit FaultlessRun(FaultDisk::Plan plan) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    plan.fault = Fault::None;
    Rounds([&](uint64_t) {
      const FaultFolderOnDisk folder;
      std::array<uint64_t, Workload::kParts> calls{};
      {
        FaultDisk disk(folder / "graveyard", 0);
        Workload workload(disk, folder / "db", Durability::Sync, plan);
        workload.run([&](unsigned part) {
          calls[part] = disk.calls();
          if (part + 1 < Workload::kParts) copy(folder / "db", found_by(part + 1));
        });
      }
      return write(ends[1], calls.data(), sizeof calls) == sizeof calls ? Outcome::Survived : Outcome::Failed;
    }).run(1, 1, 1);
    close(ends[1]);
    const bool known = read(ends[0], calls_.data(), sizeof calls_) == sizeof calls_;
    close(ends[0]);
    if (!known) throw std::runtime_error("the script does not run without faults");
  }

  uint64_t calls() const { return calls_.back(); }
  /// The part in which the call is, and what its number is there.
  std::pair<unsigned, uint64_t> find(uint64_t call) const {
    unsigned part = 0;
    while (part + 1 < Workload::kParts && call > calls_[part]) ++part;
    return {part, part == 0 ? call : call - calls_[part - 1]};
  }
  /// Puts the database there that the part finds. Its mark was not synced.
  void make(unsigned part, const std::string& path, FaultDisk& disk) const {
    if (part == 0) return;
    copy(found_by(part), path);
    const std::string mark = path + "/COMMITTED.entente";
    disk.file(mark).written = std::filesystem::file_size(mark);
  }

 private:
  std::string found_by(unsigned part) const { return folder_ / std::to_string(part); }
  static void copy(const std::string& from, const std::string& to) {
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  const FaultFolderOnDisk folder_;
  std::array<uint64_t, Workload::kParts> calls_{};
};

/// What comes before the part of the script in which the call fails is not done again.
Outcome run_round(const FaultlessRun& before, FaultDisk::Plan plan, uint64_t number, Durability durability,
                  FaultDisk::Rest rest) {
  SCOPED_TRACE("call " + std::to_string(number));
  const FaultFolderOnDisk folder;
  FaultDisk disk(folder / "graveyard", number);
  unsigned part = 0;
  std::tie(part, plan.at) = before.find(number);
  before.make(part, folder / "db", disk);
  Workload workload(disk, folder / "db", durability, plan, part);
  try {
    workload.run();
  } catch (const PowerLost&) {
  } catch (...) {
    std::cout << "the fault was " << disk.where() << std::endl;
    throw;
  }
  SCOPED_TRACE(disk.where());
  if (!disk.struck()) return Outcome::Over;
  if (disk.powerless()) disk.lose_power(rest);
  workload.expect_all_there();
  return workload.errors() > 0 ? Outcome::Detected : Outcome::Survived;
}

void run_all(const std::string& what, const FaultDisk::Plan& plan, Durability durability = Durability::Sync,
             FaultDisk::Rest rest = FaultDisk::Rest::Dropped) {
  const FaultlessRun before(plan);
  const Rounds::Round round = [&](uint64_t number) { return run_round(before, plan, number, durability, rest); };
  if (const char* number = getenv("ENTENTE_FAULT_ROUND"); number != nullptr) {
    Rounds(round).run(std::stoull(number), 1, std::stoull(number));
    return;
  }
  const bool every = runs_deep() || !plan.file.empty();
  const uint64_t step = every ? 1 : std::max<uint64_t>(1, before.calls() / kRounds);
  const Tally tally = Rounds(round).run(every ? 1 : 1 + step / 2, step);
  EXPECT_GT(tally.tried, plan.file.empty() ? kRounds / 2 : 1);
  if (!testing::Test::HasFailure()) tell(what, tally);
}

TEST(DiskFault, AnErrorOfAnyCall) {
  run_all("an I/O error at the n-th call", {Fault::Error, 0, FaultDisk::kAllCalls, false});
}
TEST(DiskFault, ErrorsFromAnyCallOn) {
  run_all("I/O errors from the n-th call on", {Fault::Error, 0, FaultDisk::kAllCalls, true});
}
TEST(DiskFault, ErrorsOfWritingFromAnyCallOn) {
  run_all("writing fails from the n-th call on", {Fault::Error, 0, kWrites, true});
}
// A commit that is durable succeeds, whatever happens to the mark behind it.
TEST(DiskFault, ErrorsOfWritingTheMark) {
  run_all("writing the mark fails", {Fault::Error, 0, FaultDisk::kWrite, true, "/COMMITTED.entente"});
}
TEST(DiskFault, AnErrorOfReadingTheMark) {
  run_all("reading the mark fails", {Fault::Error, 0, FaultDisk::kRead, false, "/COMMITTED.entente"});
}
TEST(DiskFault, AnErrorOfReadingTheLock) {
  run_all("opening the lock fails", {Fault::Error, 0, FaultDisk::kRead, false, "/LOCK.entente"});
}
TEST(DiskFault, NoSpaceAtAnyCall) {
  run_all("no space at the n-th call", {Fault::NoSpace, 0, FaultDisk::kWrite | FaultDisk::kChange, false});
}
TEST(DiskFault, NoSpaceFromAnyCallOn) {
  run_all("no space from the n-th call on", {Fault::NoSpace, 0, FaultDisk::kWrite | FaultDisk::kChange, true});
}
TEST(DiskFault, ATornWriteAtAnyCall) { run_all("the n-th write is torn", {Fault::Torn, 0, FaultDisk::kWrite, false}); }
TEST(DiskFault, PowerLossAtAnyCall) { run_all("power loss, all unsynced gone", {Fault::PowerLoss, 0, kWrites, false}); }
TEST(DiskFault, PowerLossAtAnyCallLeavesTornFiles) {
  run_all("power loss, unsynced torn", {Fault::PowerLoss, 0, kWrites, false}, Durability::Sync, FaultDisk::Rest::Torn);
}
TEST(DiskFault, PowerLossWithBufferedCommitsLeavesABeginning) {
  run_all("power loss, buffered commits", {Fault::PowerLoss, 0, kWrites, false}, Durability::Buffered,
          FaultDisk::Rest::Torn);
}

}  // namespace
}  // namespace entente
