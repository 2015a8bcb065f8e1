// Every call that reaches the disk fails once: what was acknowledged is there afterwards, whole, and nothing by halves.
//
// A round has a number, that of the call that fails, and is a process of its own. In the deep run there is one for each
// call; otherwise for some. ENTENTE_FAULT_ROUND=n runs a single one.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "../rounds.h"
#include "workload.h"

namespace entente {
namespace {

using Fault = FaultDisk::Fault;

constexpr uint64_t kRounds = 12;  // of each test, unless the run is deep
constexpr unsigned kWrites = FaultDisk::kWrite | FaultDisk::kSync | FaultDisk::kChange;

Outcome run_round(FaultDisk::Plan plan, uint64_t number, Durability durability, FaultDisk::Rest rest) {
  SCOPED_TRACE("call " + std::to_string(number));
  const FaultFolderOnDisk folder;
  FaultDisk disk(folder / "graveyard", number);
  plan.at = number;
  Workload workload(disk, folder / "db", durability, plan);
  try {
    workload.run();
    if (number == 0) return Outcome::Survived;
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

/// How many of the calls that the plan counts the script makes, about.
uint64_t count_calls(FaultDisk::Plan plan) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  plan.fault = Fault::None;
  Rounds([&](uint64_t) {
    const FaultFolderOnDisk folder;
    FaultDisk disk(folder / "graveyard", 0);
    Workload workload(disk, folder / "db", Durability::Sync, plan);
    workload.run();
    const uint64_t calls = workload.calls();
    return write(ends[1], &calls, sizeof calls) == sizeof calls ? Outcome::Survived : Outcome::Failed;
  }).run(1, 1, 1);
  close(ends[1]);
  uint64_t calls = 0;
  const bool known = read(ends[0], &calls, sizeof calls) == sizeof calls;
  close(ends[0]);
  if (!known) throw std::runtime_error("the script does not run without faults");
  return calls;
}

void run_all(const std::string& what, const FaultDisk::Plan& plan, Durability durability = Durability::Sync,
             FaultDisk::Rest rest = FaultDisk::Rest::Dropped) {
  const Rounds::Round round = [&](uint64_t number) { return run_round(plan, number, durability, rest); };
  if (const char* number = getenv("ENTENTE_FAULT_ROUND"); number != nullptr) {
    Rounds(round).run(std::stoull(number), 1, std::stoull(number));
    return;
  }
  const uint64_t calls = count_calls(plan);
  const bool every = runs_deep() || !plan.file.empty();
  const uint64_t step = every ? 1 : std::max<uint64_t>(1, calls / kRounds);
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
