// CountScan and ExpandSum against the operators whose work they do, on random graphs with loops, parallel relationships
// and lists that are not in one piece.
#include <random>

#include "operator_fixture.h"

namespace entente {
namespace {

constexpr VarId kA = 0;  // nodes of the row
constexpr VarId kB = 1;
constexpr VarId kEnd = 2;
constexpr VarId kCount = 3;
constexpr VarId kMiddle = 4;  // and those after it

class CountedEndsTest : public OperatorTest {
 protected:
  /// Without `pieces` all lists are in one piece.
  void fill(uint32_t seed, uint32_t count, uint32_t rels, bool pieces) {
    random_.seed(seed);
    std::vector<std::pair<NodeId, NodeId>> ends;
    for (uint32_t i = 0; i < count; ++i) {
      node(random_() % 3 == 0 ? std::vector<std::string>{} : std::vector<std::string>{"A"});
    }
    for (uint32_t i = 0; i < rels; ++i) ends.emplace_back(random_() % count, random_() % count);
    const std::span all(ends);
    const auto add = [&](const char* type, std::span<const std::pair<NodeId, NodeId>> some) {
      if (pieces) {
        for (const auto& [from, to] : some) rel(from.value, to.value, type);
      } else {
        transaction_->bulk_relationships(transaction_->type(type), some);
      }
    };
    add("R", all.first(ends.size() * 2 / 3));
    add("S", all.subspan(ends.size() * 2 / 3));
  }

  /// From now on nothing can be written.
  void publish() {
    store_.commit(std::move(transaction_));
    graph_ = store_.current();
    context_.transaction = nullptr;
    context_.graph = graph_.get();
    context_.functions.graph = context_.graph;
  }

  ExpandOp along(VarId from, VarId to) {
    static const std::vector<std::vector<std::string>> kTypes = {{}, {"R"}, {"S"}, {"R", "S"}};
    return {from, kNoVar, to, kTypes[random_() % kTypes.size()], static_cast<Direction>(random_() % 3)};
  }
  ExpandMatch any_match() { return static_cast<ExpandMatch>(random_() % 4); }

  /// A count of the ends, of one of the kinds that there are.
  ExpandOp count() {
    const VarId node = random_() % 2 == 0 ? kA : kB;
    ExpandOp count = along(kEnd, kNoVar);
    switch (random_() % 6) {
      case 5:
        return path_to(node);
      case 0:
        break;
      case 1:
        count.except = {node};
        break;
      case 2:
        count.from = node;
        count.except = {kEnd};
        break;
      case 3:
        count.from = random_() % 2 == 0 ? node : kEnd;
        count.to = count.from == kEnd ? node : kEnd;
        count.into = true;
        break;
      case 4:
        if (random_() % 2 == 0) count.except = {node};
        count.far = {{random_() % 2 == 0 ? kA : kB, {"R"}, static_cast<Direction>(random_() % 3)}};
        break;
    }
    if (random_() % 2 == 0) count.match = any_match();
    return count;
  }

  /// How many ways lead to the node in two steps.
  ExpandOp path_to(VarId node) {
    ExpandOp count = along(kEnd, kNoVar);
    count.each = kMiddle;
    const bool from_middle = random_() % 2 == 0;
    ExpandOp into = along(from_middle ? kMiddle : node, from_middle ? node : kMiddle);
    into.into = true;
    count.counts = {into};
    return count;
  }

  /// The same as rows.
  static PlanPtr rows_of(ExpandOp count, VarId middle, PlanPtr plan) {
    if (count.counts.empty()) return make_plan(count, plan);
    ExpandOp into = count.counts[0];
    (into.from == kMiddle ? into.from : into.to) = middle;
    count.counts.clear();
    count.each = kNoVar;
    count.to = middle;
    return make_plan(into, make_plan(count, plan));
  }

  static AggregateOp rows_of(std::vector<VarId> vars) {
    AggregateOp op{{}, {{kCount, aggregate(Aggregate::CountStar)}}};
    for (const VarId v : vars) op.keys.push_back({v, var(v)});
    return op;
  }

  /// Degrees of ends that do not lead back to where they are found from, the same way.
  void compare_ways_on(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      ExpandOp ends = along(kA, kEnd);
      ExpandOp on{kEnd, kNoVar, kNoVar, ends.types, opposite(ends.direction)};
      on.except = {kA};
      const Rows expected = run(chain(NodeScanOp{kA}, ends, on, rows_of({kA})), {kA, kCount});
      ends.each = std::exchange(ends.to, kNoVar);
      ends.counts = {on};
      EXPECT_EQ(run(chain(NodeScanOp{kA}, ends, rows_of({kA})), {kA, kCount}), expected)
          << to_string(*chain(ends), {"a", "b", "end"});
    }
  }

  void compare_sums(int rounds) {
    const UnwindOp some{lit(list({NodeId(0), NodeId(3), NodeId(3), Value(), NodeId(7)})), kB};
    for (int round = 0; round < rounds; ++round) {
      ExpandOp ends = along(kA, kEnd);
      std::vector<ExpandOp> counts;
      for (uint32_t i = 0; i <= random_() % 3; ++i) counts.push_back(count());
      PlanPtr plan = chain(NodeScanOp{kA}, some, ends);
      for (size_t i = 0; i < counts.size(); ++i) plan = rows_of(counts[i], kMiddle + static_cast<VarId>(i), plan);
      const Rows expected = run(make_plan(rows_of({kA, kB}), plan), {kA, kB, kCount});
      ends.each = std::exchange(ends.to, kNoVar);
      ends.counts = counts;
      EXPECT_EQ(run(chain(NodeScanOp{kA}, some, ends, rows_of({kA, kB})), {kA, kB, kCount}), expected)
          << to_string(*chain(ends), {"a", "b", "end"});
    }
  }

  void compare_scans(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      NodeScanOp scan{kA, random_() % 2 == 0 ? std::optional<std::string>("A") : std::nullopt};
      PlanPtr plan = chain(scan);
      for (uint32_t i = 0; i <= random_() % 3; ++i) {
        scan.counts.push_back(along(kA, kNoVar));
        if (i > 0) scan.counts.back().match = any_match();
        plan = make_plan(scan.counts.back(), plan);
      }
      EXPECT_EQ(run(chain(scan, rows_of({kA})), {kA, kCount}), run(make_plan(rows_of({kA}), plan), {kA, kCount}));
      scan.together = true;
      EXPECT_EQ(run(chain(scan, rows_of({})), {kCount}), run(make_plan(rows_of({}), plan), {kCount}))
          << to_string(*chain(scan), {"a"});
    }
  }

  std::mt19937 random_;
  SnapshotPtr graph_;
};

TEST_F(CountedEndsTest, SumsAreThoseOfRows) {
  fill(1, 30, 150, false);
  compare_sums(150);
  publish();
  compare_sums(300);
}

TEST_F(CountedEndsTest, SumsOfWaysOn) {
  for (const bool pieces : {false, true}) {
    fill(7, 30, 60, pieces);
    compare_ways_on(20);
    fill(8, 30, 150, pieces);
    compare_ways_on(20);
  }
  publish();
  compare_ways_on(30);
}

TEST_F(CountedEndsTest, SumsOfListsInPieces) {
  fill(2, 30, 150, true);
  compare_sums(150);
}

TEST_F(CountedEndsTest, SumsWhereNeighboursAreMarked) {
  fill(3, 40, 1'500, false);
  rel(3, 4, "R");
  compare_sums(4);
  publish();
  compare_sums(20);
}

TEST_F(CountedEndsTest, SumsWhereOneIsANeighbourTooOftenToBeMarked) {
  nodes(10);
  for (int i = 0; i < 300; ++i) rel(0, 3, i % 2 == 0 ? "R" : "S");
  for (uint32_t i = 0; i < 10; ++i) rel(i, (i + 3) % 10, "R");
  publish();
  compare_sums(200);
}

TEST_F(CountedEndsTest, SumsWhereTwoStepsMostlyLeadToOneNode) {
  nodes(24);
  for (uint32_t i = 0; i < 22; ++i) rel(i, i / 3, "R");
  for (uint32_t i = 0; i < 22; ++i) rel(i, i % 5, "S");
  rel(4, 4, "R");
  rel(6, 2, "R");
  rel(9, 3, "S");
  rel(9, 4, "S");
  compare_sums(200);
  rel(21, 1, "R");
  compare_sums(100);
  publish();
  compare_sums(300);
}

TEST_F(CountedEndsTest, ScansGiveProductsOfDegrees) {
  for (const bool pieces : {false, true}) {
    fill(4, 5'000, 9'000, pieces);
    compare_scans(15);
  }
  publish();
  compare_scans(40);
}

TEST_F(CountedEndsTest, ScansGiveBatchesOfTheSizeAsked) {
  fill(5, 3'000, 9'000, false);
  context_.batch_size = 7;
  compare_scans(3);
  NodeScanOp scan{kA, "A", {{kA, kNoVar, kNoVar, {}, Direction::Out}}};
  PlanRunner runner(with_result(chain(scan), {kA}), context_);
  Batch batch;
  while (runner.next(batch)) EXPECT_LE(batch.rows, 7u);
}

TEST_F(CountedEndsTest, ProductsThatTakeMoreThan32BitsAreComputed) {
  nodes(3);
  const std::vector<std::pair<NodeId, NodeId>> ends(300, {NodeId(1), NodeId(2)});
  transaction_->bulk_relationships(transaction_->type("R"), ends);
  NodeScanOp scan{kA};
  for (int i = 0; i < 4; ++i) scan.counts.push_back({kA, kNoVar, kNoVar, {"R"}, Direction::Out});
  EXPECT_EQ(run(chain(scan, rows_of({kA})), {kA, kCount}), (Rows{"n1 8100000000"}));
  for (int i = 0; i < 4; ++i) scan.counts.push_back(scan.counts.front());
  scan.together = true;
  EXPECT_EQ(error(chain(scan, rows_of({})), {kCount}), "ArithmeticError.IntegerOverflow");
}

}  // namespace
}  // namespace entente
