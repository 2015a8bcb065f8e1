// CountJoin, and calls that run once.
#include <algorithm>

#include "operator_fixture.h"

namespace entente {
namespace {

class JoinTest : public OperatorTest {
 protected:
  JoinTest() {
    nodes(4);
    rel(0, 1);
    rel(0, 1);
    rel(0, 2);
    rel(3, 2);
  }

  /// The nodes and null, in a row each, joined with the relationships that leave them.
  CountJoinOp join(ExpandMatch match, std::vector<VarId> keys) {
    CountJoinOp op;
    op.inner = chain(NodeScanOp{0, std::nullopt}, ExpandOp{0, kNoVar, 1, {}, Direction::Out});
    op.keys = std::move(keys);
    op.match = match;
    return op;
  }
  static UnwindOp some(VarId var) {
    return UnwindOp{lit(list({NodeId(0), NodeId(1), NodeId(2), NodeId(3), Value()})), var};
  }
};

TEST_F(JoinTest, MatchesEachRow) {
  CountJoinOp optional = join(ExpandMatch::Optional, {0});
  optional.found = {5};
  EXPECT_EQ(run(chain(some(0), join(ExpandMatch::Exists, {0})), {0}), (Rows{"n0", "n3"}));
  EXPECT_EQ(run(chain(some(0), join(ExpandMatch::None, {0})), {0}), (Rows{"n1", "n2", "null"}));
  EXPECT_EQ(run(chain(some(0), join(ExpandMatch::All, {0})), {0}), (Rows{"n0", "n0", "n0", "n3"}));
  EXPECT_EQ(run(chain(some(0), optional), {0, 5}),
            (Rows{"n0 true", "n0 true", "n0 true", "n1 null", "n2 null", "n3 true", "null null"}));
}

TEST_F(JoinTest, BindsTheNumberFound) {
  CountJoinOp count = join(ExpandMatch::All, {0});
  count.count = 5;
  EXPECT_EQ(run(chain(some(0), count), {0, 5}), (Rows{"n0 3", "n1 0", "n2 0", "n3 1", "null 0"}));
}

TEST_F(JoinTest, ComparesPairs) {
  CountJoinOp count = join(ExpandMatch::All, {0, 1});
  count.count = 5;
  EXPECT_EQ(run(chain(UnwindOp{lit(list({NodeId(0), NodeId(3), Value()})), 0},
                      UnwindOp{lit(list({NodeId(1), NodeId(2), Value()})), 1}, count),
                {0, 1, 5}),
            (Rows{"n0 n1 2", "n0 n2 1", "n0 null 0", "n3 n1 0", "n3 n2 1", "n3 null 0", "null n1 0", "null n2 0",
                  "null null 0"}));
  EXPECT_EQ(run(chain(some(0), some(1), join(ExpandMatch::Exists, {0, 1})), {0, 1}), (Rows{"n0 n1", "n0 n2", "n3 n2"}));
}

TEST_F(JoinTest, CountsManyPairs) {
  nodes(300);
  for (uint32_t i = 4; i < 304; ++i) {
    for (uint32_t k = 0; k < 20; ++k) rel(i, 4 + (i * k) % 300);
  }
  CountJoinOp count = join(ExpandMatch::All, {0, 1});
  count.count = 5;
  const ExpandOp one{0, kNoVar, 1, {}, Direction::Out};
  Rows joined = run(chain(NodeScanOp{0, std::nullopt}, one, DistinctOp{{0, 1}}, count), {0, 1, 5});
  Rows grouped = run(chain(NodeScanOp{0, std::nullopt}, one,
                           AggregateOp{{{0, var(0)}, {1, var(1)}}, {{5, aggregate(Aggregate::CountStar)}}}),
                     {0, 1, 5});
  std::sort(joined.begin(), joined.end());
  std::sort(grouped.begin(), grouped.end());
  EXPECT_EQ(joined, grouped);
}

TEST_F(JoinTest, CountsPairsThatLieFarApart) {
  nodes(20'000);
  for (uint32_t i = 4; i < 16; ++i) {
    for (const uint32_t to : {19'999u, 100u, i, 19'999u}) rel(i, to);
  }
  CountJoinOp count = join(ExpandMatch::All, {0, 1});
  count.count = 5;
  Rows expected{"n0 n1 2", "n0 n2 1", "n3 n2 1"};
  for (uint32_t i = 4; i < 16; ++i) {
    for (const uint32_t to : {i, 100u, 19'999u}) {
      expected.push_back("n" + std::to_string(i) + " n" + std::to_string(to) + (to == 19'999u ? " 2" : " 1"));
    }
  }
  const PlanPtr pairs =
      chain(NodeScanOp{0, std::nullopt}, ExpandOp{0, kNoVar, 1, {}, Direction::Out}, DistinctOp{{0, 1}});
  EXPECT_EQ(run(make_plan(count, pairs), {0, 1, 5}), expected);
}

TEST_F(JoinTest, CountsAlongAnExpansion) {
  rel(1, 1);
  for (const Direction direction : {Direction::Out, Direction::In, Direction::Both}) {
    for (const std::vector<VarId>& keys : std::vector<std::vector<VarId>>{{1}, {0, 1}, {1, 0}}) {
      CountJoinOp whole;
      whole.inner = chain(NodeScanOp{0, std::nullopt}, ExpandOp{0, kNoVar, 2, {}, Direction::Out},
                          ExpandOp{2, kNoVar, 1, {}, direction});
      whole.keys = keys;
      whole.count = 5;
      CountJoinOp along = whole;
      along.inner = whole.inner->input;
      along.along = std::get<ExpandOp>(whole.inner->op);
      EXPECT_EQ(run(chain(some(0), some(1), along), {0, 1, 5}), run(chain(some(0), some(1), whole), {0, 1, 5}));
    }
  }
}

TEST_F(JoinTest, CountsAlongSingleEnds) {
  const NodeId first = transaction_->bulk_nodes({}, 10'000);
  const auto link = [&](const std::string& type, uint32_t step, uint32_t ends) {
    std::vector<std::pair<NodeId, NodeId>> pairs;
    for (uint32_t i = 0; i < 10'000; ++i) {
      pairs.emplace_back(NodeId(first.value + i), NodeId(first.value + i * step % ends));
    }
    transaction_->bulk_relationships(transaction_->type(type), pairs);
  };
  link("ONE", 7, 200);
  link("TWO", 13, 300);
  List ends;
  for (uint32_t i = 0; i < 30; ++i) ends.emplace_back(NodeId(first.value + i));
  for (const std::vector<VarId>& keys : std::vector<std::vector<VarId>>{{1}, {0, 1}, {1, 0}}) {
    CountJoinOp whole;
    whole.inner = chain(NodeScanOp{0, std::nullopt}, ExpandOp{0, kNoVar, 2, {}, Direction::In},
                        ExpandOp{2, kNoVar, 1, {}, Direction::Out});
    whole.keys = keys;
    whole.count = 5;
    CountJoinOp along = whole;
    along.inner = whole.inner->input;
    along.along = std::get<ExpandOp>(whole.inner->op);
    const Rows rows = run(chain(UnwindOp{lit(Value(ends)), 0}, UnwindOp{lit(Value(ends)), 1}, along), {0, 1, 5});
    EXPECT_EQ(rows, run(chain(UnwindOp{lit(Value(ends)), 0}, UnwindOp{lit(Value(ends)), 1}, whole), {0, 1, 5}));
    if (keys == std::vector<VarId>{0, 1}) {
      // Of every 200 and of every 300 nodes one leads to the first; of every 600 one leads there twice.
      EXPECT_EQ(rows.front(), "n4 n4 " + std::to_string(10'000 / 200 + 10'000 / 300 + 1 + 2 * (10'000 / 600 + 1)));
    }
  }
}

TEST_F(JoinTest, DoesNotRunWithoutRows) {
  CountJoinOp failing = join(ExpandMatch::Exists, {0});
  failing.inner = chain(NodeScanOp{0, std::nullopt}, FilterOp{op(ExprKind::Divide, lit(1), lit(0))});
  EXPECT_EQ(run(chain(UnwindOp{lit(list({})), 0}, failing), {0}), Rows{});
  EXPECT_EQ(error(chain(some(0), failing)), "ArithmeticError.DivisionByZero");
}

TEST_F(JoinTest, RefusesWhatIsNoNode) {
  EXPECT_EQ(error(chain(UnwindOp{lit(list({1, "x"})), 0}, join(ExpandMatch::Exists, {0}))),
            "TypeError.InvalidArgumentType");
}

TEST_F(JoinTest, CallsOnce) {
  const auto call = [&](bool optional, Value values) {
    return CallSubqueryOp{chain(UnwindOp{lit(std::move(values)), 3}), {3}, {4}, false, optional, true};
  };
  const UnwindOp two{lit(list({1, 2})), 0};
  EXPECT_EQ(run(chain(two, call(false, list({"a", "b"}))), {0, 4}), (Rows{"1 'a'", "1 'b'", "2 'a'", "2 'b'"}));
  EXPECT_EQ(run(chain(two, call(false, list({}))), {0, 4}), Rows{});
  EXPECT_EQ(run(chain(two, call(true, list({}))), {0, 4}), (Rows{"1 null", "2 null"}));
  context_.batch_size = 2;
  EXPECT_EQ(run(chain(two, call(false, list({"a", "b", "c"}))), {0, 4}),
            (Rows{"1 'a'", "1 'b'", "1 'c'", "2 'a'", "2 'b'", "2 'c'"}));
}

}  // namespace
}  // namespace entente
