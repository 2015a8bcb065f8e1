// How soon a statement that would run for hours ends once it is cancelled, or has reached its time limit.
//
// The delays are printed; ENTENTE_STOP_SAMPLES says how often each is measured. What is asserted is only that it ends
// soon, as the machine may be busy.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "entente/entente.h"

namespace entente {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Case {
  const char* name;
  const char* statement;
  size_t memory_limit = 0;
};

const Case kCases[] = {
    {"product of 8 billion rows", "MATCH (a:N), (b:N), (c:N) RETURN sum(a.i * b.i + c.i)"},
    {"product, rows counted",
     "UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b UNWIND range(1, 2000) AS c "
     "WITH a, b, c WHERE a + b = c * 7 RETURN count(*)"},
    {"exploding path", "MATCH p = (a:C {i: 0})-[:R*1..30]-(b:C) RETURN sum(length(p))"},
    {"exploding path, ends", "MATCH (a:C)-[:R*5..30]-(b:C) WHERE a.i < b.i RETURN sum(b.i)"},
    {"sort of 100 million rows",
     "UNWIND range(1, 100000000) AS i WITH i * 7919 % 100000007 AS k ORDER BY k RETURN last(collect(k))"},
    {"sort of 100 million rows on disk",
     "UNWIND range(1, 100000000) AS i WITH i * 7919 % 100000007 AS k ORDER BY k RETURN sum(k)", size_t{64} << 20},
    {"sort of long lists",
     "UNWIND range(1, 3000) AS i WITH range(1, 3000) + [i % 7] AS l ORDER BY l RETURN count(l[0])"},
    {"collect of 100 million values", "UNWIND range(1, 100000000) AS i WITH collect(toString(i)) AS l RETURN size(l)"},
    {"collect, distinct", "UNWIND range(1, 100000000) AS i RETURN size(collect(DISTINCT i))"},
    {"groups", "UNWIND range(1, 100000000) AS i RETURN i % 50000021 AS k, count(*) AS n ORDER BY n LIMIT 1"},
};

class StopTest : public testing::Test {
 protected:
  StopTest() {
    Session session = database_.session();
    session.run("UNWIND range(1, 2000) AS i CREATE (:N {i: i})");
    session.run("UNWIND range(0, 39) AS i CREATE (:C {i: i})");
    session.run("MATCH (a:C), (b:C) WHERE a.i < b.i CREATE (a)-[:R]->(b)");
  }

  /// The delays of some runs, each stopped after another time; `stop(session, after)` sees to that.
  template <class Stop>
  void measure(const char* what, const char* error, Stop stop) {
    const char* given = std::getenv("ENTENTE_STOP_SAMPLES");
    const int samples = given != nullptr ? std::atoi(given) : 3;
    std::vector<double> all;
    for (const Case& c : kCases) {
      std::vector<double> delays;
      for (int i = 0; i < samples; ++i) {
        Session session = database_.session();
        session.set_memory_limit(c.memory_limit);
        const auto after = std::chrono::milliseconds(30 + 97 * i % 400);
        const Clock::time_point due = Clock::now() + after;
        std::string code = "none";
        std::thread stopping = stop(session, due);
        try {
          session.run(c.statement).rows();
        } catch (const Error& e) {
          code = e.code();
        }
        delays.push_back(Milliseconds(Clock::now() - due).count());
        stopping.join();
        EXPECT_EQ(code, error) << c.name;
      }
      print(what, c.name, delays);
      all.insert(all.end(), delays.begin(), delays.end());
      EXPECT_LT(delays.back(), 5'000) << c.name;
    }
    print(what, "all", all);
  }

  static void print(const char* what, const char* name, std::vector<double>& delays) {
    std::sort(delays.begin(), delays.end());
    std::cout << std::left << std::setw(11) << what << std::setw(36) << name << std::right << std::fixed
              << std::setprecision(1) << "median " << std::setw(7) << delays[delays.size() / 2] << " ms, p99 "
              << std::setw(7) << delays[delays.size() * 99 / 100] << " ms, most " << std::setw(7) << delays.back()
              << " ms\n";
  }

  Database database_ = Database::in_memory();
};

TEST_F(StopTest, ACancelledStatementEndsSoon) {
  measure("cancel", "ResourceError.Cancelled", [](Session& session, Clock::time_point due) {
    return std::thread([&session, due] {
      std::this_thread::sleep_until(due);
      session.cancel();
    });
  });
}

TEST_F(StopTest, AStatementEndsSoonAfterItsTimeLimit) {
  measure("time limit", "ResourceError.Timeout", [](Session& session, Clock::time_point due) {
    session.set_timeout(std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()));
    return std::thread([] {});
  });
}

}  // namespace
}  // namespace entente
