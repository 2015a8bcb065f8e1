#include "entente/core/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace entente {
namespace {

/// What fn throws, or "nothing".
template <class Fn>
std::string thrown_by(Fn fn) {
  try {
    fn();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing";
}

TEST(Parallel, ForVisitsEachPlaceOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 7u}) {
    for (const size_t count : {0, 1, 5, 1'000}) {
      std::vector<std::atomic<int>> visits(count);
      parallel_for(threads, count, [&](size_t i) { ++visits[i]; });
      for (const auto& v : visits) EXPECT_EQ(v, 1);
    }
  }
}

TEST(Parallel, ForThrowsWhatComesFirst) {
  for (const unsigned threads : {1u, 2u, 8u}) {
    EXPECT_EQ(thrown_by([&] {
                parallel_for(threads, 100, [](size_t i) {
                  if (i == 17) std::this_thread::sleep_for(std::chrono::milliseconds(20));
                  if (i >= 17) throw std::runtime_error(std::to_string(i));
                });
              }),
              "17");
  }
}

struct Number : WorkItem {
  explicit Number(int n) : number(n) {}
  int number;
  int square = 0;
};

struct Squares {
  int count = 200;
  int fail_taking = -1;
  int fail_working = -1;
  int fail_finishing = -1;
  std::vector<int> finished;

  std::string run(unsigned threads) {
    int next = 0;
    finished.clear();
    return thrown_by([&] {
      in_order(
          threads,
          [&]() -> std::unique_ptr<WorkItem> {
            if (next == fail_taking) throw std::runtime_error("take");
            return next == count ? nullptr : std::make_unique<Number>(next++);
          },
          [&](WorkItem& item) {
            auto& n = static_cast<Number&>(item);
            if (n.number % 5 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
            if (n.number == fail_working) throw std::runtime_error("work");
            n.square = n.number * n.number;
          },
          [&](WorkItem& item) {
            const auto& n = static_cast<Number&>(item);
            if (n.number == fail_finishing) throw std::runtime_error("finish");
            finished.push_back(n.square);
          });
    });
  }
};

TEST(Parallel, ItemsAreFinishedInTheOrderInWhichTheyWereTaken) {
  std::vector<int> expected;
  for (int i = 0; i < 200; ++i) expected.push_back(i * i);
  for (const unsigned threads : {0u, 1u, 2u, 5u}) {
    Squares squares;
    EXPECT_EQ(squares.run(threads), "nothing");
    EXPECT_EQ(squares.finished, expected);
  }
}

TEST(Parallel, AnErrorEndsThePipelineWhereOneThreadWouldHaveMetIt) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    Squares squares;
    squares.fail_taking = 60;
    EXPECT_EQ(squares.run(threads), "take");
    EXPECT_EQ(squares.finished.size(), 60u);
    squares.fail_working = 50;
    EXPECT_EQ(squares.run(threads), "work");
    EXPECT_EQ(squares.finished.size(), 50u);
    squares.fail_finishing = 40;
    EXPECT_EQ(squares.run(threads), "finish");
    EXPECT_EQ(squares.finished.size(), 40u);
  }
}

TEST(Parallel, ZeroThreadsStandForAllCores) {
  EXPECT_GE(thread_count(0), 1u);
  EXPECT_EQ(thread_count(3), 3u);
}

}  // namespace
}  // namespace entente
