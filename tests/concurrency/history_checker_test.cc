// Hand-made histories: good ones, in which nothing may be found, and one or more of each anomaly.
#include "history_checker.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace entente::history {
namespace {

Operation append(int64_t key, int64_t value) { return {key, true, value, {}}; }
Operation read(int64_t key, std::vector<int64_t> list) { return {key, false, 0, std::move(list)}; }

/// All at the same time.
Transaction committed(std::vector<Operation> operations) { return {true, 0, 100, std::move(operations)}; }
Transaction rolled_back(std::vector<Operation> operations) { return {false, 0, 100, std::move(operations)}; }
Transaction during(int64_t began, int64_t ended, std::vector<Operation> operations) {
  return {true, began, ended, std::move(operations)};
}

/// The names of what is found.
std::set<std::string> anomalies(const std::vector<Transaction>& history) {
  std::set<std::string> names;
  for (const Finding& finding : check(history)) names.insert(name_of(finding));
  return names;
}

using Names = std::set<std::string>;

TEST(HistoryChecker, FindsNothingInGoodHistories) {
  EXPECT_EQ(anomalies({}), Names{});
  EXPECT_EQ(anomalies({committed({append(1, 10), append(2, 20)}), committed({read(1, {10}), append(1, 11)}),
                       committed({read(1, {10, 11}), read(2, {20})}), committed({read(1, {}), read(2, {})}),
                       rolled_back({read(1, {10}), append(1, 12)})}),
            Names{});
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 6, {append(1, 11), read(1, {10, 11}), append(1, 12)}),
                       during(4, 5, {read(1, {10})}), during(5, 7, {read(1, {10, 11, 12})})}),
            Names{});
}

TEST(HistoryChecker, ReadsOfWhatIsNotThere) {
  EXPECT_EQ(anomalies({committed({read(1, {10})})}), Names{"garbage"});
  EXPECT_EQ(anomalies({committed({append(2, 10)}), committed({read(1, {10})})}), Names{"garbage"});
  EXPECT_EQ(anomalies({committed({append(1, 10)}), committed({read(1, {10, 10})})}), Names{"duplicate"});
  EXPECT_EQ(anomalies({rolled_back({append(1, 10)}), committed({read(1, {10})})}), Names{"G1a"});
}

TEST(HistoryChecker, ReadsAmongAppendsOfOneTransaction) {
  EXPECT_EQ(anomalies({committed({append(1, 10), append(1, 11)}), committed({read(1, {10})})}), Names{"G1b"});
}

TEST(HistoryChecker, ReadsThatDisagreeInsideATransaction) {
  EXPECT_EQ(anomalies({committed({append(1, 10), read(1, {})})}), Names{"internal"});
  EXPECT_EQ(anomalies({committed({append(1, 10)}), committed({append(1, 11), read(1, {11, 10})})}), Names{"internal"});
  EXPECT_EQ(anomalies({committed({append(1, 10)}), committed({read(1, {}), read(1, {10})})}), Names{"internal"});
  EXPECT_EQ(anomalies({committed({append(1, 10)}), committed({read(1, {10, 11}), append(1, 11)})}).count("internal"),
            0u);
}

TEST(HistoryChecker, ReadsThatDisagreeAboutTheOrder) {
  const Names names = anomalies({committed({append(1, 10)}), committed({append(1, 11)}), committed({read(1, {10})}),
                                 committed({read(1, {11, 10})})});
  EXPECT_TRUE(names.contains("incompatible-order"));
}

TEST(HistoryChecker, LostUpdates) {
  // Both read the empty list and append, and both appends are there: one did not see the other.
  EXPECT_EQ(anomalies({committed({read(1, {}), append(1, 10)}), committed({read(1, {}), append(1, 11)}),
                       committed({read(1, {10, 11})})}),
            (Names{"G-single", "lost-update"}));
  // One overwrote the other.
  EXPECT_EQ(anomalies({committed({read(1, {}), append(1, 10)}), committed({read(1, {}), append(1, 11)}),
                       during(200, 201, {read(1, {11})})}),
            Names{"lost-update"});
  // A commit that is not there any more.
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 4, {append(1, 11)}), during(5, 6, {read(1, {10})})}),
            Names{"lost-update"});
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 5, {append(1, 11)}), during(4, 6, {read(1, {10})})}),
            Names{});  // it may have come later
}

TEST(HistoryChecker, DirtyWrites) {
  EXPECT_EQ(anomalies({committed({append(1, 10), append(2, 20)}), committed({append(1, 11), append(2, 21)}),
                       committed({read(1, {10, 11})}), committed({read(2, {21, 20})})}),
            Names{"G0"});
}

TEST(HistoryChecker, CircularInformation) {
  EXPECT_EQ(anomalies({committed({append(1, 10), read(2, {20})}), committed({append(2, 20), read(1, {10})})}),
            Names{"G1c"});
  EXPECT_EQ(anomalies({committed({append(1, 10), append(2, 21)}), committed({append(1, 11), append(3, 30)}),
                       committed({read(3, {30}), append(2, 20)}), committed({read(1, {10, 11})}),
                       committed({read(2, {20, 21})})}),
            Names{"G1c"});
}

TEST(HistoryChecker, ReadSkew) {
  // A reader that sees one of two appends of a transaction, and not the other.
  EXPECT_EQ(anomalies({committed({append(1, 10), append(2, 20)}), committed({read(1, {10}), read(2, {})}),
                       committed({read(2, {20})})}),
            Names{"G-single"});
}

TEST(HistoryChecker, WriteSkew) {
  EXPECT_EQ(anomalies({committed({read(1, {}), append(2, 20)}), committed({read(2, {}), append(1, 10)}),
                       committed({read(1, {10}), read(2, {20})})}),
            Names{"G2"});
  // Two readers that see two writers in different orders.
  EXPECT_EQ(anomalies({committed({append(1, 10)}), committed({append(2, 20)}), committed({read(1, {10}), read(2, {})}),
                       committed({read(1, {}), read(2, {20})}), committed({read(1, {10}), read(2, {20})})}),
            Names{"G2"});
}

TEST(HistoryChecker, ReadsOfAnOldVersion) {
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 4, {read(1, {})}), during(5, 6, {read(1, {10})})}),
            Names{"G-single-realtime"});
  EXPECT_EQ(anomalies({during(1, 3, {append(1, 10)}), during(2, 4, {read(1, {})}), during(5, 6, {read(1, {10})})}),
            Names{});
  // Seen, and then not any more.
  EXPECT_EQ(anomalies({during(1, 9, {append(1, 10)}), during(2, 3, {read(1, {10})}), during(4, 5, {read(1, {})})}),
            Names{"G-single-realtime"});
  // Of the second reader's time it is enough that one between them ended before and began after.
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 4, {read(2, {})}), during(5, 6, {read(2, {})}),
                       during(7, 8, {read(1, {})}), during(7, 8, {read(1, {10})})}),
            Names{"G-single-realtime"});
}

TEST(HistoryChecker, ReadsOfTheFutureAndWritesBeforeTheirTime) {
  EXPECT_EQ(anomalies({during(3, 4, {append(1, 10)}), during(1, 2, {read(1, {10})})}), Names{"G1c-realtime"});
  EXPECT_EQ(
      anomalies({during(3, 4, {append(1, 10)}), during(1, 2, {append(1, 11)}), during(5, 6, {read(1, {10, 11})})}),
      Names{"G0-realtime"});
  EXPECT_EQ(anomalies({during(1, 2, {append(1, 10)}), during(3, 4, {append(2, 20)}),
                       during(1, 9, {read(1, {}), read(2, {20})}), during(10, 11, {read(1, {10})})}),
            Names{"G-single-realtime"});
}

TEST(HistoryChecker, NamesTheTransactions) {
  const auto findings = check(std::vector<Transaction>{
      committed({append(1, 10), append(2, 20)}), committed({read(1, {10}), read(2, {})}), committed({read(2, {20})})});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].what, "T1 -rw 2-> T0 -wr 1-> T1");
}

}  // namespace
}  // namespace entente::history
