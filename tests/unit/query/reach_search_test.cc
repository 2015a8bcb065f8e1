// Variable-length expansions that give each end once, against the same that give each path.
#include <functional>
#include <random>
#include <set>

#include "entente/query/exec/node_marks.h"
#include "operator_fixture.h"

namespace entente {
namespace {

using Ends = std::multiset<std::string>;

class ReachTest : public OperatorTest {
 protected:
  static VarExpandOp walk(Direction d, uint64_t min, std::optional<uint64_t> max, PathEnds ends, bool into = false) {
    VarExpandOp op{0, kNoVar, 2, {"R"}, d, min, max, into, kNoVar, nullptr};
    op.ends = ends;
    return op;
  }

  /// The ends of trails from each start, as sets, and as a set of them all.
  void expect_same(VarExpandOp op, const std::vector<PlanOp>& starts, const std::string& what) {
    const auto ends = [&](PathEnds each, std::vector<VarId> vars) {
      op.ends = each;
      PlanPtr plan = make_plan(ArgumentOp{}, nullptr);
      for (const PlanOp& start : starts) plan = make_plan(start, plan);
      const Rows rows = run(make_plan(op, plan), std::move(vars));
      return Ends(rows.begin(), rows.end());
    };
    const auto once = [](const Ends& all) {
      const std::set<std::string> different(all.begin(), all.end());
      return Ends(different.begin(), different.end());
    };
    EXPECT_EQ(ends(PathEnds::OncePerRow, {0, 2}), once(ends(PathEnds::Each, {0, 2}))) << what;
    if (op.into) return;
    EXPECT_EQ(ends(PathEnds::Once, {2}), once(ends(PathEnds::Each, {2}))) << what;
  }

  static std::string text_of(Direction d, uint64_t min, const std::optional<uint64_t>& max) {
    return std::string(d == Direction::Out  ? "out"
                       : d == Direction::In ? "in"
                                            : "both") +
           " *" + std::to_string(min) + ".." + (max ? std::to_string(*max) : "");
  }
};

TEST_F(ReachTest, EndsAreThoseOfTrails) {
  std::mt19937 random(11);
  for (int round = 0; round < 16; ++round) {
    const uint32_t first = transaction_->view().node_limit();
    const uint32_t count = 2 + random() % 6;
    nodes(count);
    std::string graph;
    const size_t edges = random() % 9;
    for (size_t i = 0; i < edges; ++i) {
      const uint32_t from = random() % count, to = random() % count;
      rel(first + from, first + to, random() % 8 == 0 ? "S" : "R", {{"y", Value(static_cast<int64_t>(random() % 3))}});
      graph += " " + std::to_string(first + from) + "->" + std::to_string(first + to);
    }
    const NodeScanOp all{0, std::nullopt};
    const FilterOp some{op(ExprKind::In, var(0),
                           lit(list({NodeId(first), NodeId(first + random() % count), NodeId(first + count - 1)})))};
    for (const Direction d : {Direction::Out, Direction::In, Direction::Both}) {
      for (const uint64_t min : {0, 1, 2, 3, 5}) {
        for (const std::optional<uint64_t> max :
             {std::optional<uint64_t>(), std::optional<uint64_t>(min + random() % 4)}) {
          VarExpandOp plain = walk(d, min, max, PathEnds::Each);
          const std::string what = text_of(d, min, max) + graph;
          expect_same(plain, {all, some}, what);
          plain.element = 5;
          plain.predicate = op(ExprKind::Less, prop(5, "y"), lit(2));
          expect_same(plain, {all, some}, what + " where y < 2");
          VarExpandOp into = walk(d, min, max, PathEnds::Each, true);
          const FilterOp other{op(ExprKind::In, var(2), lit(list({NodeId(first), NodeId(first + count - 1)})))};
          expect_same(into, {all, some, NodeScanOp{2, std::nullopt}, other}, what + " into");
        }
      }
    }
  }
}

TEST_F(ReachTest, ComesBackOnlyAlongOtherRelationships) {
  nodes(6);  // a path 0-1-2, a triangle 3-4-5
  rel(0, 1);
  rel(1, 2);
  rel(3, 4);
  rel(4, 5);
  rel(5, 3);
  const auto ends = [&](uint32_t from, uint64_t min, std::optional<uint64_t> max) {
    Rows rows = run(chain(NodeByIdOp{0, lit(from)}, walk(Direction::Both, min, max, PathEnds::OncePerRow)), {2});
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  EXPECT_EQ(ends(1, 1, {}), (Rows{"n0", "n2"}));
  EXPECT_EQ(ends(1, 2, {}), Rows{});
  EXPECT_EQ(ends(3, 1, 2), (Rows{"n4", "n5"}));
  EXPECT_EQ(ends(3, 1, 3), (Rows{"n3", "n4", "n5"}));
  EXPECT_EQ(ends(3, 2, 2), (Rows{"n4", "n5"}));
  EXPECT_EQ(ends(3, 3, 3), (Rows{"n3"}));
}

TEST_F(ReachTest, FindsEndsWhereThereAreTooManyPathsToWalk) {
  constexpr uint32_t kLayers = 40;
  nodes(2 * kLayers);  // each layer of two is joined to the next: 2^39 paths from end to end
  for (uint32_t i = 0; i + 2 < 2 * kLayers; i += 2) {
    for (uint32_t k = 0; k < 4; ++k) rel(i + k / 2, i + 2 + k % 2);
  }
  context_.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (const Direction d : {Direction::Out, Direction::Both}) {
    for (const uint64_t min : {0, 1, 2, 9}) {
      const Rows rows = run(chain(NodeByIdOp{0, lit(0)}, walk(d, min, {}, PathEnds::OncePerRow)), {2});
      // Forwards, a layer is as far as its number; in both directions one may go around first.
      const size_t forwards = min == 0 ? 2 * kLayers - 1 : 2 * (kLayers - min);
      EXPECT_EQ(rows.size(), d == Direction::Both ? 2 * kLayers : forwards) << text_of(d, min, {});
    }
  }
}

TEST_F(ReachTest, SettlesWhatNoSingleTryDoes) {
  // A start that hangs on a complete graph by one relationship cannot be come back to, however long one walks around.
  nodes(8);
  rel(0, 1);
  for (uint32_t i = 1; i < 8; ++i) {
    for (uint32_t j = i + 1; j < 8; ++j) rel(i, j);
  }
  Rows rows = run(chain(NodeByIdOp{0, lit(0)}, walk(Direction::Both, 2, 6, PathEnds::OncePerRow)), {2});
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (Rows{"n1", "n2", "n3", "n4", "n5", "n6", "n7"}));
}

TEST_F(ReachTest, KeepsToTheBatchSize) {
  nodes(100);
  for (uint32_t i = 1; i < 100; ++i) rel(0, i);
  context_.batch_size = 7;
  for (const PathEnds ends : {PathEnds::OncePerRow, PathEnds::Once}) {
    PlanRunner runner(with_result(chain(NodeByIdOp{0, lit(0)}, walk(Direction::Out, 0, 2, ends)), {2}), context_);
    Batch batch;
    size_t rows = 0;
    while (runner.next(batch)) {
      EXPECT_LE(batch.rows, 7u);
      rows += batch.rows;
    }
    EXPECT_EQ(rows, 100u);
  }
}

TEST_F(ReachTest, StaysWithinItsMemory) {
  nodes(100'000);
  for (uint32_t i = 1; i < 100'000; ++i) rel(i / 2, i);
  context_.memory_limit = 100'000;
  EXPECT_EQ(error(chain(NodeByIdOp{0, lit(0)}, walk(Direction::Both, 1, {}, PathEnds::OncePerRow)), {2}),
            "ResourceError.MemoryLimit");
}

TEST(NodeMarks, AreThoseSetSinceTheyWereCleared) {
  NodeMarks<uint32_t> marks;
  std::mt19937 random(3);
  for (const size_t count : {10, 128, 129, 5'000, 3}) {
    marks.clear(1'000'000);
    std::map<uint32_t, uint32_t> expected;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t node = random() % 1'000'000;
      marks.set(node, static_cast<uint32_t>(i + 1));
      expected[node] = static_cast<uint32_t>(i + 1);
    }
    for (const auto& [node, mark] : expected) EXPECT_EQ(marks.get(node), mark);
    for (uint32_t node = 0; node < 1'000'000; node += 97) {
      EXPECT_EQ(marks.get(node), expected.contains(node) ? expected[node] : 0);
    }
  }
}

}  // namespace
}  // namespace entente
