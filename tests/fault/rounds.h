// What the tests of faults share: how long they run, where, and what they tell.
//
// ENTENTE_DEEP makes them run long. ENTENTE_FAULT_TABLE names a file to which each adds a line: what was done, how
// often it was tried, survived, detected, and how many acknowledged commits were lost (which fails the test at once).
#pragma once

#include <gtest/gtest.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

namespace entente {

inline bool runs_deep() { return getenv("ENTENTE_DEEP") != nullptr; }

struct Tally {
  uint64_t tried = 0;
  uint64_t survived = 0;  // nobody noticed
  uint64_t detected = 0;  // somebody was told, and what had been acknowledged was there
};

inline void tell(const std::string& what, const Tally& tally) {
  std::cout << what << ": tried " << tally.tried << ", survived " << tally.survived << ", detected " << tally.detected
            << std::endl;
  if (const char* file = getenv("ENTENTE_FAULT_TABLE"); file != nullptr) {
    std::ofstream(file, std::ios::app) << what << '\t' << tally.tried << '\t' << tally.survived << '\t'
                                       << tally.detected << "\t0\n";
  }
}

/// A folder that goes away, in memory if the system has such a place and it may be there.
class FaultFolderOnDisk {
 public:
  explicit FaultFolderOnDisk(bool in_memory = true) {
    const std::filesystem::path memory("/dev/shm");
    const bool usable = in_memory && access(memory.c_str(), W_OK) == 0;
    std::string name = ((usable ? memory : std::filesystem::temp_directory_path()) / "entente_fault_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    path_ = std::filesystem::canonical(name).string();
  }
  ~FaultFolderOnDisk() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

enum class Outcome { Survived = 0, Detected = 1, Over = 2, Failed = 3 };

/// Runs rounds in processes of their own, three a processor at the same time, so that one that ends by itself or hangs
/// is noticed. `round` is called with first, first + step and so on up to last, until it says three times that its
/// number is beyond the end. The calling process must not have opened RocksDB, whose threads a child would lack.
class Rounds {
 public:
  using Round = std::function<Outcome(uint64_t)>;
  static constexpr unsigned kSeconds = 120;  // for one round, after which it counts as hanging

  explicit Rounds(Round round) : round_(std::move(round)) {}

  Tally run(uint64_t first, uint64_t step, uint64_t last = UINT64_MAX) {
    const size_t jobs = 3 * std::max(1u, std::thread::hardware_concurrency());  // they wait half of the time
    uint64_t next = first;
    while ((over_ < 3 && failures_ < 5 && next <= last) || !running_.empty()) {
      if (over_ < 3 && failures_ < 5 && next <= last && running_.size() < jobs) {
        start(next);
        next += step;
      } else {
        finish_one();
      }
    }
    return tally_;
  }

 private:
  void start(uint64_t number) {
    std::cout.flush();
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process");
    if (child > 0) {
      running_[child] = number;
      return;
    }
    alarm(kSeconds);
    mallopt(M_ARENA_MAX, 1);            // a round has many threads that live for a moment
    const int before = failed_parts();  // of the parent
    Outcome outcome = Outcome::Failed;
    try {
      outcome = round_(number);
      if (failed_parts() > before) outcome = Outcome::Failed;
    } catch (const std::exception& error) {
      std::cout << "round " << number << " threw " << error.what() << std::endl;
    }
    std::cout.flush();
    fflush(stdout);
    _exit(static_cast<int>(outcome));
  }

  static int failed_parts() {
    const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    int failed = 0;
    for (int i = 0; i < result.total_part_count(); ++i) failed += result.GetTestPartResult(i).failed() ? 1 : 0;
    return failed;
  }

  void finish_one() {
    int status = 0;
    const pid_t child = waitpid(-1, &status, 0);
    const auto found = running_.find(child);
    if (found == running_.end()) return;
    const uint64_t number = found->second;
    running_.erase(found);
    const auto outcome = WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::Failed;
    if (outcome == Outcome::Over) {
      ++over_;
      return;
    }
    ++tally_.tried;
    if (outcome == Outcome::Survived) {
      ++tally_.survived;
    } else if (outcome == Outcome::Detected) {
      ++tally_.detected;
    } else {
      ++failures_;
      ADD_FAILURE() << "round " << number
                    << (WIFSIGNALED(status) ? " ended with signal " + std::to_string(WTERMSIG(status)) : " failed");
    }
  }

  Round round_;
  std::map<pid_t, uint64_t> running_;
  Tally tally_;
  int over_ = 0;
  int failures_ = 0;
};

}  // namespace entente
