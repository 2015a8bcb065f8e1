// How soon a statement that takes long ends once it is cancelled or has reached its time limit, and how far it goes
// beyond its memory limit.
//
// ENTENTE_STOP_SAMPLES says how often each is measured, on a large graph, and ENTENTE_STOP_CASE (a part of a name)
// which ones; the delays are printed, those of the clock and those that the thread was running. Without them each
// statement is stopped once, on a small graph, and all that is asserted is that it ends, as the machine may be busy.
#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "stop_cases.h"

namespace entente {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr double kLongestMs = 1'000;  // that a statement runs before it is stopped

/// The time for which a thread has run, in milliseconds.
double running_ms(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// The memory that the process has.
size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

/// One statement, stopped once. The moment from which its delay counts is noted by the thread that stops it.
struct Attempt {
  Session& session;
  clockid_t clock;  // of the thread that runs the statement
  Clock::time_point due;
  std::atomic<bool> ended{false};
  Clock::time_point requested{};
  double requested_at_ms = 0;  // of the running thread's time
  size_t limit = 0;
  size_t most_bytes = 0;

  void request() {
    requested_at_ms = running_ms(clock);
    requested = Clock::now();
  }
};

struct Delays {
  std::vector<double> clock;
  std::vector<double> running;
};

double at_share(std::vector<double> values, size_t percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, values.size() * percent / 100)];
}

class StopTest : public testing::Test {
 protected:
  using Stop = std::function<void(Attempt&)>;  // in a thread of its own

  StopTest() {
    const char* samples = std::getenv("ENTENTE_STOP_SAMPLES");
    const char* wanted = std::getenv("ENTENTE_STOP_CASE");
    if (samples != nullptr) samples_ = static_cast<size_t>(std::max(0, std::atoi(samples)));
    if (wanted != nullptr) wanted_ = wanted;
    std::string folder = testing::TempDir() + "/entente_stop_XXXXXX";
    folder_ = mkdtemp(folder.data());
    write_stop_files(folder_, measuring() ? 2'000'000 : 20'000);
    DatabaseOptions options;
    options.csv_root = folder_;
    options.temporary_folder = folder_;
    database_ = Database::in_memory(options);
    build_stop_graph(*database_, measuring() ? 500'000 : 20'000);
  }
  ~StopTest() override { std::filesystem::remove_all(folder_); }

  bool measuring() const { return samples_ > 0; }

  std::vector<StopCase> cases() const {
    std::vector<StopCase> all = stop_cases();
    std::erase_if(all, [&](const StopCase& c) { return c.name.find(wanted_) == std::string::npos; });
    return all;
  }

  /// Runs it and gives the code of its error. The delay, if any was requested, is noted.
  std::string run(const StopCase& c, Attempt& attempt, Delays& delays) const {
    std::string code = "none";
    if (c.in_transaction) attempt.session.begin();
    try {
      // Each time another text, so that it is prepared each time.
      attempt.session.run(c.statement + " // " + std::to_string(++runs_)).rows();
    } catch (const Error& e) {
      code = e.code();
    }
    const double at_ms = running_ms(attempt.clock);
    const Clock::time_point at = Clock::now();
    attempt.ended = true;
    if (attempt.requested != Clock::time_point() && attempt.requested <= at) {
      delays.clock.push_back(Milliseconds(at - attempt.requested).count());
      delays.running.push_back(at_ms - attempt.requested_at_ms);
    }
    if (c.in_transaction) attempt.session.rollback();
    return code;
  }

  /// How long it runs if nobody stops it, at most kLongestMs.
  double duration_ms(const StopCase& c) {
    if (!measuring()) return 100;
    if (!c.ends) return kLongestMs;
    Session session = database_->session();
    session.set_memory_limit(c.memory_limit);
    session.set_timeout(std::chrono::milliseconds(static_cast<int>(kLongestMs)));
    Attempt attempt{session, clock(), {}};
    Delays none;
    const Clock::time_point before = Clock::now();
    run(c, attempt, none);
    return std::min(Milliseconds(Clock::now() - before).count(), kLongestMs);
  }

  static clockid_t clock() {
    clockid_t clock = 0;
    pthread_getcpuclockid(pthread_self(), &clock);
    return clock;
  }

  void measure(const char* what, const std::vector<StopCase>& cases, const std::string& error, const Stop& stop) {
    std::mt19937 random(1);
    Delays all;
    for (const StopCase& c : cases) {
      const double duration = duration_ms(c);
      Delays delays;
      double most = 0;
      for (size_t i = 0; i < std::max<size_t>(samples_, 1); ++i) {
        Session session = database_->session();
        session.set_memory_limit(c.memory_limit);
        malloc_trim(0);
        const double share = std::uniform_real_distribution<double>(0.05, 0.95)(random);
        Attempt attempt{session, clock(), Clock::now() + std::chrono::microseconds(int64_t(share * duration * 1'000))};
        attempt.limit = static_cast<size_t>(share * (size_t{measuring() ? 512u : 8u} << 20));
        std::thread stopping([&] { stop(attempt); });
        const std::string code = start(c, attempt, delays, error);
        stopping.join();
        EXPECT_TRUE(code == error || (c.ends && code == "none")) << c.name << ": " << code;
        if (attempt.limit != 0)
          most = std::max(most, static_cast<double>(attempt.most_bytes) / static_cast<double>(attempt.limit));
      }
      print(what, c.name, delays, most);
      all.clock.insert(all.clock.end(), delays.clock.begin(), delays.clock.end());
      all.running.insert(all.running.end(), delays.running.begin(), delays.running.end());
      EXPECT_LT(at_share(delays.clock, 100), 10'000) << c.name;
    }
    print(what, "all", all, 0);
  }

  /// Sets what limits there are, and runs.
  std::string start(const StopCase& c, Attempt& attempt, Delays& delays, const std::string& error) const {
    if (error == "ResourceError.Timeout") {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(attempt.due - Clock::now());
      attempt.session.set_timeout(std::max(left, std::chrono::milliseconds(1)));
    }
    if (error == "ResourceError.MemoryLimit") attempt.session.set_memory_limit(attempt.limit);
    return run(c, attempt, delays);
  }

  static void print(const char* what, const std::string& name, const Delays& delays, double most) {
    std::cout << std::left << std::setw(11) << what << std::setw(36) << name << std::right << std::fixed
              << std::setprecision(1);
    if (!delays.clock.empty()) {
      std::cout << "median " << std::setw(7) << at_share(delays.clock, 50) << " ms, p99 " << std::setw(7)
                << at_share(delays.clock, 99) << " ms; running " << std::setw(7) << at_share(delays.running, 50)
                << " ms, p99 " << std::setw(7) << at_share(delays.running, 99) << " ms";
    }
    if (most > 0) std::cout << "took " << std::setprecision(2) << most << " of the limit";
    std::cout << std::endl;
  }

  size_t samples_ = 0;
  mutable size_t runs_ = 0;
  std::string wanted_;
  std::filesystem::path folder_;
  std::optional<Database> database_;
};

TEST_F(StopTest, ACancelledStatementEndsSoon) {
  measure("cancel", cases(), "ResourceError.Cancelled", [](Attempt& attempt) {
    std::this_thread::sleep_until(attempt.due);
    if (attempt.ended) return;
    attempt.request();
    while (!attempt.ended) {  // one that comes before the statement has begun is not about it
      attempt.session.cancel();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
}

/// How much memory the process takes beyond what it had before, for limits of 26 to 486 MB. A statement that needs less
/// than its limit succeeds.
TEST_F(StopTest, AStatementThatHoldsEverMoreEndsAtItsMemoryLimit) {
  std::vector<StopCase> holding = cases();
  std::erase_if(holding, [](const StopCase& c) { return !c.holds || c.spills; });
  measure("memory", holding, "ResourceError.MemoryLimit", [](Attempt& attempt) {
    const size_t before = resident_bytes();
    while (!attempt.ended) {
      const size_t now = resident_bytes();
      attempt.most_bytes = std::max(attempt.most_bytes, now - std::min(before, now));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
}

TEST_F(StopTest, AStatementEndsSoonAfterItsTimeLimit) {
  measure("time limit", cases(), "ResourceError.Timeout", [](Attempt& attempt) {
    std::this_thread::sleep_until(attempt.due);
    if (!attempt.ended) attempt.request();
  });
}

}  // namespace
}  // namespace entente
