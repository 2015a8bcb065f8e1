#include <algorithm>
#include <functional>
#include <limits>
#include <random>
#include <set>

#include "entente/query/exec/evaluate.h"
#include "operator_fixture.h"

namespace entente {
namespace {

using Strings = std::vector<std::string>;

ExpandOp expand(VarId from, VarId rel, VarId to, Direction direction, Strings types = {}, bool into = false) {
  return {from, rel, to, std::move(types), direction, into};
}

// ---- scans ----

TEST_F(OperatorTest, ScanGivesNodesInOrderForEachRow) {
  node({"A"});
  node({"B"});
  node({"A"});
  EXPECT_EQ(run(chain(NodeScanOp{0, "A"}), {0}), (Rows{"n0", "n2"}));
  EXPECT_EQ(run(chain(NodeScanOp{0, "A"}, NodeScanOp{1, std::nullopt}), {0, 1}),
            (Rows{"n0 n0", "n0 n1", "n0 n2", "n2 n0", "n2 n1", "n2 n2"}));
  EXPECT_EQ(run(chain(NodeScanOp{0, "Unknown"}), {0}), Rows{});
}

TEST_F(OperatorTest, ScanStopsAtTheBatchSizeAndGoesOn) {
  nodes(10);
  context_.batch_size = 3;
  PlanRunner runner(with_result(chain(NodeScanOp{0, std::nullopt}, NodeScanOp{1, std::nullopt}), {0, 1}), context_);
  Batch batch;
  size_t rows = 0;
  while (runner.next(batch)) {
    EXPECT_LE(batch.rows, 3u);
    for (size_t i = 0; i < batch.rows; ++i, ++rows) {
      EXPECT_EQ(batch.id(0, i), rows / 10);
      EXPECT_EQ(batch.id(1, i), rows % 10);
    }
  }
  EXPECT_EQ(rows, 100u);
}

TEST_F(OperatorTest, IndexOperatorsFindTheSameWithAndWithoutTheIndex) {
  for (const Value& v : {Value(1), Value(3), Value("x"), Value(2), Value(2.0)}) node({"L"}, {{"k", v}});
  node({"Other"}, {{"k", Value(2)}});
  const auto seek = [](Value v) { return chain(IndexSeekOp{0, "L", {"k"}, {lit(std::move(v))}}); };
  const auto range = [](ExprPtr low, ExprPtr high) { return chain(IndexRangeOp{0, "L", "k", low, true, high, false}); };
  for (const bool indexed : {false, true}) {
    if (indexed) transaction_->create_index("i", transaction_->label("L"), transaction_->key("k"), false);
    EXPECT_EQ(run(seek(2), {0}), (Rows{"n3", "n4"})) << indexed;
    EXPECT_EQ(run(seek(Value()), {0}), Rows{}) << indexed;
    EXPECT_EQ(run(seek(std::numeric_limits<double>::quiet_NaN()), {0}), Rows{}) << indexed;
    Rows found = run(range(lit(2), nullptr), {0});
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, (Rows{"n1", "n3", "n4"})) << indexed;
    EXPECT_EQ(run(range(lit(1), lit(2)), {0}), (Rows{"n0"})) << indexed;
    EXPECT_EQ(run(range(lit(1), lit("y")), {0}), Rows{}) << indexed;
    EXPECT_EQ(run(range(lit(Value()), nullptr), {0}), Rows{}) << indexed;
  }
}

TEST_F(OperatorTest, NodeByIdTakesNumbersThatAreIds) {
  nodes(2);
  const Value ids = list({1, 0.0, 7, -1, 0.5, Value(), "1"});
  EXPECT_EQ(run(chain(UnwindOp{lit(ids), 1}, NodeByIdOp{0, var(1)}), {0}), (Rows{"n1", "n0"}));
}

// ---- expand ----

TEST_F(OperatorTest, ExpandWalksTypesThenDirectionsThenNeighbours) {
  nodes(4);
  rel(0, 3, "B");  // r0
  rel(0, 2, "A");  // r1
  rel(1, 0, "B");  // r2
  rel(0, 1, "B");  // r3
  rel(0, 0, "B");  // r4
  transaction_->type("A");
  const auto from0 = [&](Direction d, Strings types = {}) {
    return run(chain(NodeByIdOp{0, lit(0)}, expand(0, 1, 2, d, std::move(types))), {1, 2});
  };
  EXPECT_EQ(from0(Direction::Out), (Rows{"r4 n0", "r3 n1", "r0 n3", "r1 n2"}));
  EXPECT_EQ(from0(Direction::In), (Rows{"r4 n0", "r2 n1"}));
  EXPECT_EQ(from0(Direction::Both), (Rows{"r4 n0", "r3 n1", "r0 n3", "r2 n1", "r1 n2"}));
  EXPECT_EQ(from0(Direction::Both, {"A", "A", "Unknown"}), (Rows{"r1 n2"}));
  EXPECT_EQ(from0(Direction::Both, {"Unknown"}), Rows{});
}

TEST_F(OperatorTest, ExpandFromNullGivesNothingAndFromOtherKindsFails) {
  nodes(1);
  rel(0, 0);
  const auto plan = [](std::vector<Value> from) {
    return chain(UnwindOp{lit(list(std::move(from))), 0}, expand(0, 1, 2, Direction::Out));
  };
  EXPECT_EQ(run(plan({Value(), NodeId(0), Value()}), {0, 2}), (Rows{"n0 n0"}));
  EXPECT_EQ(error(plan({Value(1)})), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error(plan({RelId(0)})), "TypeError.InvalidArgumentType");
}

TEST_F(OperatorTest, ExpandSuspendsInTheMiddleOfAList) {
  nodes(50);
  for (uint32_t i = 1; i < 50; ++i) rel(0, i);
  rel(1, 0);
  context_.batch_size = 7;
  PlanRunner runner(with_result(chain(NodeScanOp{0, std::nullopt}, expand(0, 1, 2, Direction::Out)), {0, 2}), context_);
  Batch batch;
  std::vector<uint32_t> ends;
  while (runner.next(batch)) {
    EXPECT_LE(batch.rows, 7u);
    for (size_t i = 0; i < batch.rows; ++i) ends.push_back(batch.id(2, i));
  }
  ASSERT_EQ(ends.size(), 50u);
  for (uint32_t i = 1; i < 50; ++i) EXPECT_EQ(ends[i - 1], i);
  EXPECT_EQ(ends.back(), 0u);
}

TEST_F(OperatorTest, ExpandIntoFindsAllBetweenTwoNodes) {
  nodes(2);
  rel(0, 1);       // r0
  rel(1, 0);       // r1
  rel(0, 1, "S");  // r2
  rel(0, 1);       // r3
  rel(0, 0);       // r4
  const auto into = [](VarId r, Direction d, Value to, Strings types = {}) {
    return chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({std::move(to)})), 2},
                 expand(0, r, 2, d, std::move(types), true));
  };
  EXPECT_EQ(run(into(1, Direction::Out, NodeId(1)), {1}), (Rows{"r0", "r3", "r2"}));
  EXPECT_EQ(run(into(1, Direction::In, NodeId(1)), {1}), (Rows{"r1"}));
  EXPECT_EQ(run(into(1, Direction::Both, NodeId(1), {"R"}), {1}), (Rows{"r0", "r3", "r1"}));
  EXPECT_EQ(run(into(1, Direction::Both, NodeId(0)), {1}), (Rows{"r4"}));
  EXPECT_EQ(run(into(1, Direction::Both, Value()), {1}), Rows{});
  EXPECT_EQ(run(into(kNoVar, Direction::Both, NodeId(1)), {2}), (Rows{"n1", "n1", "n1", "n1"}));
}

TEST_F(OperatorTest, ExpandNobodyLooksIntoMultipliesRows) {
  nodes(3);
  rel(0, 1);
  rel(0, 2);
  rel(0, 0);
  rel(1, 2);
  const auto count = [](Direction d) {
    return chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, d),
                 AggregateOp{{{0, var(0)}}, {{1, aggregate(Aggregate::CountStar)}}});
  };
  EXPECT_EQ(run(count(Direction::Out), {0, 1}), (Rows{"n0 3", "n1 1"}));
  EXPECT_EQ(run(count(Direction::In), {0, 1}), (Rows{"n0 1", "n1 1", "n2 2"}));
  EXPECT_EQ(run(count(Direction::Both), {0, 1}), (Rows{"n0 3", "n1 2", "n2 2"}));
}

TEST_F(OperatorTest, TooManyRowsToCountIsAnError) {
  nodes(1);
  for (int i = 0; i < 3; ++i) rel(0, 0);
  ArgumentSource argument;
  argument.batch = Batch(kVariables);
  argument.batch.rows = 1;
  argument.batch.set(0, Vector::constant(NodeId(0), 1));
  argument.batch.multiplicity = {uint64_t{1} << 63};
  argument.pending = true;
  const PlanPtr plan = chain(expand(0, kNoVar, kNoVar, Direction::Out));
  const auto root = build_operator(*plan, context_, argument);
  Batch out;
  try {
    root->next(out);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), "ArithmeticError.IntegerOverflow");
  }
}

// ---- variable length ----

VarExpandOp trail(Direction d, uint64_t min, std::optional<uint64_t> max, bool into = false) {
  return {0, 1, 2, {}, d, min, max, into, kNoVar, nullptr};
}

TEST_F(OperatorTest, TrailsComeShortestFirstAlongEachBranch) {
  nodes(3);
  rel(0, 1);
  rel(1, 2);
  rel(2, 0);
  const auto from0 = [&](Direction d, uint64_t min, std::optional<uint64_t> max) {
    return run(chain(NodeByIdOp{0, lit(0)}, trail(d, min, max)), {1, 2});
  };
  EXPECT_EQ(from0(Direction::Out, 1, {}), (Rows{"[r0] n1", "[r0 r1] n2", "[r0 r1 r2] n0"}));
  EXPECT_EQ(from0(Direction::Out, 0, 1), (Rows{"[] n0", "[r0] n1"}));
  EXPECT_EQ(from0(Direction::Out, 0, 0), (Rows{"[] n0"}));
  EXPECT_EQ(from0(Direction::Out, 2, 2), (Rows{"[r0 r1] n2"}));
  EXPECT_EQ(from0(Direction::Both, 2, 2), (Rows{"[r0 r1] n2", "[r2 r1] n1"}));
  EXPECT_EQ(from0(Direction::Out, 4, {}), Rows{});
}

TEST_F(OperatorTest, TrailsIntoAKnownEnd) {
  nodes(3);
  rel(0, 1);
  rel(1, 2);
  rel(2, 0);
  const auto ends = [&](Value to, Direction d, uint64_t min, std::optional<uint64_t> max) {
    return run(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({std::move(to)})), 2}, trail(d, min, max, true)), {1});
  };
  EXPECT_EQ(ends(NodeId(0), Direction::Out, 0, {}), (Rows{"[]", "[r0 r1 r2]"}));
  EXPECT_EQ(ends(NodeId(2), Direction::Both, 1, 2), (Rows{"[r0 r1]", "[r2]"}));
  EXPECT_EQ(ends(NodeId(1), Direction::Out, 0, 0), Rows{});
  EXPECT_EQ(ends(Value(), Direction::Out, 0, {}), Rows{});
}

TEST_F(OperatorTest, TrailPredicateHoldsForEachRelationship) {
  nodes(4);
  rel(0, 1, "R", {{"y", Value(1)}});
  rel(1, 2, "R", {{"y", Value(2)}});
  rel(2, 3, "R", {{"y", Value(1)}});
  VarExpandOp walk = trail(Direction::Out, 1, {});
  walk.element = 5;
  walk.predicate = op(ExprKind::LessEqual, prop(5, "y"), var(4));
  const auto below = [&](int most) {
    return run(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({most})), 4}, walk), {1});
  };
  EXPECT_EQ(below(1), (Rows{"[r0]"}));
  EXPECT_EQ(below(2), (Rows{"[r0]", "[r0 r1]", "[r0 r1 r2]"}));
  EXPECT_EQ(below(0), Rows{});
}

TEST_F(OperatorTest, TrailsAgreeWithPlainRecursionOnSmallGraphs) {
  std::mt19937 random(7);
  constexpr uint32_t kNodes = 5;
  struct Edge {
    uint32_t from, to;
  };
  std::vector<Edge> edges;
  nodes(kNodes);
  for (int i = 0; i < 9; ++i) {
    edges.push_back({static_cast<uint32_t>(random() % kNodes), static_cast<uint32_t>(random() % kNodes)});
    rel(edges.back().from, edges.back().to, i % 2 == 0 ? "R" : "S");
  }
  context_.batch_size = 5;
  for (const Direction d : {Direction::Out, Direction::In, Direction::Both}) {
    std::multiset<std::string> expected;
    std::vector<uint32_t> path;
    const std::function<void(uint32_t, uint32_t)> walk = [&](uint32_t start, uint32_t at) {
      if (path.size() >= 2) {
        std::string row = "n" + std::to_string(start) + " [";
        for (size_t i = 0; i < path.size(); ++i) row += (i > 0 ? " r" : "r") + std::to_string(path[i]);
        expected.insert(row + "] n" + std::to_string(at));
      }
      if (path.size() == 4) return;
      for (uint32_t e = 0; e < edges.size(); ++e) {
        if (std::find(path.begin(), path.end(), e) != path.end()) continue;
        const bool out = edges[e].from == at && d != Direction::In;
        const bool in = edges[e].to == at && d != Direction::Out && !(out && edges[e].from == edges[e].to);
        for (const bool forward : {true, false}) {
          if (!(forward ? out : in)) continue;
          path.push_back(e);
          walk(start, forward ? edges[e].to : edges[e].from);
          path.pop_back();
        }
      }
    };
    for (uint32_t start = 0; start < kNodes; ++start) walk(start, start);
    const Rows all = run(chain(NodeScanOp{0, std::nullopt}, trail(d, 2, 4)), {0, 1, 2});
    EXPECT_EQ(std::multiset<std::string>(all.begin(), all.end()), expected);
    const Rows into =
        run(chain(NodeScanOp{0, std::nullopt}, NodeScanOp{2, std::nullopt}, trail(d, 2, 4, true)), {0, 1, 2});
    EXPECT_EQ(std::multiset<std::string>(into.begin(), into.end()), expected);
  }
}

TEST_F(OperatorTest, LongTrailsDoNotUseTheStack) {
  constexpr uint32_t kLength = 20'000;
  nodes(kLength);
  for (uint32_t i = 0; i + 1 < kLength; ++i) rel(i, i + 1);
  VarExpandOp walk = trail(Direction::Out, kLength - 1, {});
  EXPECT_EQ(run(chain(NodeByIdOp{0, lit(0)}, walk), {2}), (Rows{"n" + std::to_string(kLength - 1)}));
}

TEST_F(OperatorTest, TrailsCanBeCancelled) {
  nodes(12);  // a complete graph: more trails than can be walked
  for (uint32_t i = 0; i < 12; ++i) {
    for (uint32_t j = 0; j < 12; ++j) rel(i, j);
  }
  context_.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  EXPECT_EQ(error(chain(NodeByIdOp{0, lit(0)}, trail(Direction::Out, 145, {}))), "ResourceError.Timeout");
}

// ---- relationships that are bound ----

TEST_F(OperatorTest, BoundRelationshipFitsThePatternOrTheRowGoes) {
  nodes(3);
  rel(0, 1, "A");
  rel(2, 2, "B");
  const auto fit = [&](Value r, Direction d, Strings types = {}) {
    BoundRelationshipOp bound{0, 1, false, 2, false, std::move(types), d, false, 1, 1};
    return run(chain(UnwindOp{lit(list({std::move(r)})), 0}, bound), {1, 2});
  };
  EXPECT_EQ(fit(RelId(0), Direction::Out), (Rows{"n0 n1"}));
  EXPECT_EQ(fit(RelId(0), Direction::In), (Rows{"n1 n0"}));
  EXPECT_EQ(fit(RelId(0), Direction::Both), (Rows{"n0 n1", "n1 n0"}));
  EXPECT_EQ(fit(RelId(1), Direction::Both), (Rows{"n2 n2"}));
  EXPECT_EQ(fit(RelId(0), Direction::Out, {"B"}), Rows{});
  EXPECT_EQ(fit(Value(), Direction::Out), Rows{});
  BoundRelationshipOp ends{0, 1, true, 2, false, {}, Direction::Both, false, 1, 1};
  EXPECT_EQ(run(chain(UnwindOp{lit(list({RelId(0)})), 0}, NodeScanOp{1, std::nullopt}, ends), {1, 2}),
            (Rows{"n0 n1", "n1 n0"}));
}

TEST_F(OperatorTest, BoundListIsWalkedInOrder) {
  nodes(3);
  rel(0, 1);
  rel(2, 1);
  const auto walk = [&](Value rels, Direction d, bool from_bound) {
    BoundRelationshipOp bound{0, 1, from_bound, 2, false, {}, d, true, 0, std::nullopt};
    PlanPtr plan = chain(UnwindOp{lit(list({std::move(rels)})), 0});
    if (from_bound) plan = make_plan(NodeByIdOp{1, lit(0)}, plan);
    return run(make_plan(bound, plan), {1, 2});
  };
  EXPECT_EQ(walk(list({RelId(0), RelId(1)}), Direction::Both, false), (Rows{"n0 n2"}));
  EXPECT_EQ(walk(list({RelId(0), RelId(1)}), Direction::Out, false), Rows{});
  EXPECT_EQ(walk(list({RelId(0), RelId(1)}), Direction::Both, true), (Rows{"n0 n2"}));
  EXPECT_EQ(walk(list({RelId(1)}), Direction::Both, true), Rows{});
  EXPECT_EQ(walk(list({}), Direction::Both, true), (Rows{"n0 n0"}));
  EXPECT_EQ(walk(list({}), Direction::Both, false), (Rows{"n0 n0", "n1 n1", "n2 n2"}));
  EXPECT_EQ(walk(list({RelId(0), RelId(0)}), Direction::Both, true), Rows{});
}

TEST_F(OperatorTest, UniqueRelationshipsLooksIntoLists) {
  nodes(2);
  for (int i = 0; i < 4; ++i) rel(0, 1);
  const auto keep = [&](Value a, std::vector<Value> others) {
    return run(chain(UnwindOp{lit(list({std::move(a)})), 0}, UnwindOp{lit(list(std::move(others))), 1},
                     UniqueRelationshipsOp{0, {1}}),
               {1});
  };
  EXPECT_EQ(keep(RelId(0), {RelId(0), RelId(1), Value()}), (Rows{"r1", "null"}));
  EXPECT_EQ(keep(RelId(0), {list({RelId(0), RelId(1)}), list({RelId(1)}), list({})}), (Rows{"[r1]", "[]"}));
  EXPECT_EQ(keep(list({RelId(0), RelId(2)}), {list({RelId(2), RelId(1)}), list({RelId(1)})}), (Rows{"[r1]"}));
}

TEST_F(OperatorTest, PathsAreBuiltOverListsAndNullMakesThemNull) {
  nodes(3);
  rel(1, 0);
  rel(1, 2);
  const auto path = [&](Value rels, Value end) {
    return run(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({std::move(rels)})), 1},
                     UnwindOp{lit(list({list({std::move(end)})})), 3},
                     ProjectOp{{{2, op(ExprKind::Element, var(3), lit(0))}}, true}, BuildPathOp{4, {0, 1, 2}}),
               {4});
  };
  EXPECT_EQ(path(list({RelId(0), RelId(1)}), NodeId(2)), (Rows{"<n0 r0 n1 r1 n2>"}));
  EXPECT_EQ(path(RelId(0), NodeId(1)), (Rows{"<n0 r0 n1>"}));
  EXPECT_EQ(path(list({}), NodeId(0)), (Rows{"<n0>"}));
  EXPECT_EQ(path(RelId(0), Value()), (Rows{"null"}));
}

// ---- rows ----

TEST_F(OperatorTest, FilterKeepsOnlyTrue) {
  EXPECT_EQ(
      run(chain(UnwindOp{lit(list({1, 2, Value(), 3})), 0}, FilterOp{op(ExprKind::Greater, var(0), lit(1))}), {0}),
      (Rows{"2", "3"}));
}

TEST_F(OperatorTest, ProjectReplacesOrAddsColumns) {
  const UnwindOp unwind{lit(list({1, 2})), 0};
  const ProjectedColumn doubled{1, op(ExprKind::Add, var(0), var(0))};
  EXPECT_EQ(run(chain(unwind, ProjectOp{{doubled}, true}), {0, 1}), (Rows{"1 2", "2 4"}));
  EXPECT_EQ(run(chain(unwind, ProjectOp{{doubled, {2, var(0)}}, false}), {1, 2}), (Rows{"2 1", "4 2"}));
  // Columns are computed from the input, so two can change places.
  EXPECT_EQ(run(chain(unwind, ProjectOp{{doubled}, true}, ProjectOp{{{0, var(1)}, {1, var(0)}}, false}), {0, 1}),
            (Rows{"2 1", "4 2"}));
}

TEST_F(OperatorTest, UnwindOfNullOneAndMany) {
  context_.batch_size = 2;
  const Value lists = list({list({1, 2, 3}), Value(), 7, list({}), list({Value(), list({8})})});
  EXPECT_EQ(run(chain(UnwindOp{lit(lists), 0}, UnwindOp{var(0), 1}), {1}), (Rows{"1", "2", "3", "7", "null", "[8]"}));
}

TEST_F(OperatorTest, SkipAndLimitMindMultiplicities) {
  nodes(3);
  for (int i = 0; i < 3; ++i) rel(0, 1);
  for (int i = 0; i < 2; ++i) rel(1, 2);
  const auto cut = [&](int64_t skip, int64_t limit) {
    return run(chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, Direction::Out), SkipOp{lit(skip)},
                     LimitOp{lit(limit)}),
               {0});
  };
  EXPECT_EQ(cut(0, 9), (Rows{"n0", "n0", "n0", "n1", "n1"}));
  EXPECT_EQ(cut(1, 3), (Rows{"n0", "n0", "n1"}));
  EXPECT_EQ(cut(4, 3), (Rows{"n1"}));
  EXPECT_EQ(cut(5, 1), Rows{});
  EXPECT_EQ(cut(2, 0), Rows{});
}

TEST_F(OperatorTest, SkipAndLimitWantNonNegativeIntegers) {
  parameters_ = {{"minus", Value(-1)}, {"real", Value(1.5)}};
  for (const bool skip : {true, false}) {
    const auto plan = [&](const std::string& name) {
      const PlanPtr rows = chain(UnwindOp{lit(list({1})), 0});
      return skip ? make_plan(SkipOp{param(name)}, rows) : make_plan(LimitOp{param(name)}, rows);
    };
    EXPECT_EQ(error(plan("minus")), "SyntaxError.NegativeIntegerArgument");
    EXPECT_EQ(error(plan("real")), "SyntaxError.InvalidArgumentType");
    EXPECT_EQ(error(plan("none")), "ParameterMissing.MissingParameter");
  }
}

TEST_F(OperatorTest, LimitDoesNotReadOnPastItsRows) {
  // The division by zero in the third row is never reached.
  context_.batch_size = 1;
  const ProjectOp divide{{{1, op(ExprKind::Divide, lit(6), var(0))}}, false};
  EXPECT_EQ(run(chain(UnwindOp{lit(list({1, 2, 0})), 0}, divide, LimitOp{lit(2)}), {1}), (Rows{"6", "3"}));
  EXPECT_EQ(error(chain(UnwindOp{lit(list({1, 2, 0})), 0}, divide), {1}), "ArithmeticError.DivisionByZero");
}

// ---- grouping ----

TEST_F(OperatorTest, DistinctKeepsTheFirstOfEachAndItsRowOnce) {
  const auto distinct = [&](Value values) {
    return run(chain(UnwindOp{lit(std::move(values)), 0}, DistinctOp{{0}}), {0});
  };
  context_.batch_size = 2;
  EXPECT_EQ(distinct(list({2, 1, 2, 1, 3})), (Rows{"2", "1", "3"}));
  // From integers to other kinds in a later batch; 1.0 is 1, nulls are one.
  EXPECT_EQ(distinct(list({1, 2, 1.0, "a", Value(), 2, Value(), "a"})), (Rows{"1", "2", "'a'", "null"}));
  EXPECT_EQ(distinct(list({Value(), 1, Value(), 0, 0})), (Rows{"null", "1", "0"}));
  EXPECT_EQ(distinct(list({0, Value(), 0, Value(), "x", Value(), 0})), (Rows{"0", "null", "'x'"}));
  nodes(2);
  for (int i = 0; i < 3; ++i) rel(0, 1);
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, Direction::Out), DistinctOp{{0}}), {0}),
            (Rows{"n0"}));
}

TEST_F(OperatorTest, DistinctOverManyKeysAgreesWithASet) {
  std::mt19937 random(3);
  List values;
  std::vector<std::string> expected;
  std::set<std::string> seen;
  for (int i = 0; i < 5'000; ++i) {
    const int64_t k = static_cast<int64_t>(random() % 2'000);
    const Value value = i < 2'500 ? Value(k) : list({k, "x"});
    values.push_back(value);
    if (seen.insert(show(value)).second) expected.push_back(show(value));
  }
  EXPECT_EQ(run(chain(UnwindOp{lit(Value(values)), 0}, DistinctOp{{0}}), {0}), expected);
}

TEST_F(OperatorTest, AggregatesGroupInOrderOfFirstSight) {
  const Value pairs = list({list({"b", 1}), list({"a", 2}), list({"b", 3}), list({"a", Value()})});
  const auto at = [](int i) { return op(ExprKind::Element, var(0), lit(i)); };
  const AggregateOp group{{{1, at(0)}},
                          {{2, aggregate(Aggregate::Count, at(1))},
                           {3, aggregate(Aggregate::Sum, at(1))},
                           {4, aggregate(Aggregate::Collect, at(1))},
                           {5, aggregate(Aggregate::CountStar)}}};
  EXPECT_EQ(run(chain(UnwindOp{lit(pairs), 0}, group), {1, 2, 3, 4, 5}), (Rows{"'b' 2 4 [1 3] 2", "'a' 1 2 [2] 2"}));
  EXPECT_EQ(run(chain(UnwindOp{lit(list({})), 0}, group), {1}), Rows{});
}

TEST_F(OperatorTest, AggregatesWithoutKeysAlwaysGiveOneRow) {
  const AggregateOp all{{}, {{1, aggregate(Aggregate::CountStar)}, {2, aggregate(Aggregate::Max, var(0))}}};
  EXPECT_EQ(run(chain(UnwindOp{lit(list({})), 0}, all), {1, 2}), (Rows{"0 null"}));
  EXPECT_EQ(run(chain(UnwindOp{lit(list({4, 9})), 0}, all), {1, 2}), (Rows{"2 9"}));
}

TEST_F(OperatorTest, AggregatesCountEachRowAsOftenAsItStands) {
  nodes(3);
  for (int i = 0; i < 3; ++i) rel(0, 1);
  rel(1, 2);
  const AggregateOp all{{},
                        {{1, aggregate(Aggregate::CountStar)},
                         {2, aggregate(Aggregate::Collect, var(0))},
                         {3, aggregate(Aggregate::Count, var(0), true)}}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, Direction::Out), all), {1, 2, 3}),
            (Rows{"4 [n0 n0 n0 n1] 2"}));
}

// ---- sort ----

TEST_F(OperatorTest, SortIsStableAndTotal) {
  const Value values = list({3, "a", Value(), 1, 2.5, list({1}), true});
  EXPECT_EQ(run(chain(UnwindOp{lit(values), 0}, SortOp{{{var(0), false}}, nullptr}), {0}),
            (Rows{"[1]", "'a'", "true", "1", "2.5", "3", "null"}));
  EXPECT_EQ(run(chain(UnwindOp{lit(values), 0}, SortOp{{{var(0), true}}, nullptr}), {0}),
            (Rows{"null", "3", "2.5", "1", "true", "'a'", "[1]"}));
}

TEST_F(OperatorTest, SortWithLimitGivesThePrefixOfTheFullSort) {
  std::mt19937 random(5);
  List values;
  for (int i = 0; i < 1'000; ++i) values.push_back(list({static_cast<int64_t>(random() % 40), i}));
  context_.batch_size = 16;
  const ExprPtr key = op(ExprKind::Element, var(0), lit(0));
  for (const bool descending : {false, true}) {
    const auto sorted = [&](ExprPtr limit) {
      return run(chain(UnwindOp{lit(Value(values)), 0}, SortOp{{{key, descending}}, std::move(limit)}), {0});
    };
    const Rows all = sorted(nullptr);
    ASSERT_EQ(all.size(), values.size());
    for (const int limit : {0, 1, 7, 16, 100, 999, 5'000}) {
      const size_t kept = std::min<size_t>(static_cast<size_t>(limit), all.size());
      EXPECT_EQ(sorted(lit(limit)), Rows(all.begin(), all.begin() + static_cast<ptrdiff_t>(kept))) << limit;
    }
  }
}

TEST_F(OperatorTest, SortLimitCountsMultiplicities) {
  nodes(3);
  for (int i = 0; i < 3; ++i) rel(1, 2);
  rel(0, 1);
  const auto first = [&](int limit) {
    return run(chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, Direction::Out),
                     SortOp{{{var(0), true}}, lit(limit)}),
               {0});
  };
  EXPECT_EQ(first(2), (Rows{"n1", "n1"}));
  EXPECT_EQ(first(4), (Rows{"n1", "n1", "n1", "n0"}));
}

// ---- inner plans ----

TEST_F(OperatorTest, UnionRunsEachBranchOnTheSameRows) {
  const UnionOp both{{chain(UnwindOp{lit(list({1, 2})), 0}), chain(UnwindOp{lit(list({2})), 1})}, {{0}, {1}}, {3}};
  const PlanPtr all = make_plan(both, nullptr);
  EXPECT_EQ(run(all, {3}), (Rows{"1", "2", "2"}));
  EXPECT_EQ(run(make_plan(DistinctOp{{3}}, all), {3}), (Rows{"1", "2"}));
}

TEST_F(OperatorTest, OptionalKeepsRowsWithoutMatchInPlace) {
  nodes(5);
  rel(1, 2);
  rel(1, 3);
  rel(3, 4);
  const OptionalOp optional{chain(expand(0, 1, 2, Direction::Out)), {1, 2}};
  for (const size_t batch : {1u, 2u, 3u, 100u}) {
    context_.batch_size = batch;
    EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, optional), {0, 1, 2}),
              (Rows{"n0 null null", "n1 r0 n2", "n1 r1 n3", "n2 null null", "n3 r2 n4", "n4 null null"}))
        << batch;
  }
  // Rows bound to null by one are handed on to the next.
  const OptionalOp second{chain(expand(2, 3, 4, Direction::Out)), {3, 4}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, optional, second), {0, 2, 4}),
            (Rows{"n0 null null", "n1 n2 null", "n1 n3 n4", "n2 null null", "n3 n4 null", "n4 null null"}));
}

TEST_F(OperatorTest, OptionalNestsAndRunsRowByRowWhereItMust) {
  nodes(4);
  rel(0, 1);
  rel(0, 2);
  rel(2, 3);
  const OptionalOp inner{chain(expand(2, 3, 4, Direction::Out)), {3, 4}};
  const OptionalOp outer{chain(expand(0, 1, 2, Direction::Out), inner), {1, 2, 3, 4}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, outer), {0, 2, 4}),
            (Rows{"n0 n1 null", "n0 n2 n3", "n1 null null", "n2 n3 null", "n3 null null"}));
  const OptionalOp limited{chain(expand(0, 1, 2, Direction::Out), inner, LimitOp{lit(1)}), {1, 2, 3, 4}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, limited), {0, 2}), (Rows{"n0 n1", "n1 null", "n2 n3", "n3 null"}));
  const OptionalOp counted{
      chain(expand(0, 1, 2, Direction::Out), AggregateOp{{}, {{5, aggregate(Aggregate::CountStar)}}}), {5}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, counted), {0, 5}), (Rows{"n0 2", "n1 0", "n2 1", "n3 0"}));
}

TEST_F(OperatorTest, OptionalMultipliesMultiplicities) {
  nodes(2);
  for (int i = 0; i < 3; ++i) rel(0, 1);
  for (int i = 0; i < 2; ++i) rel(0, 0, "S");
  const OptionalOp optional{chain(expand(0, kNoVar, kNoVar, Direction::Out, {"R"})), {}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, expand(0, kNoVar, kNoVar, Direction::Out, {"S"}), optional,
                      AggregateOp{{}, {{1, aggregate(Aggregate::CountStar)}}}),
                {1}),
            (Rows{"6"}));
}

ExprPtr subquery(SubqueryMode mode, PlanPtr plan, std::vector<VarId> inputs) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::Subquery;
  expr->subquery_mode = mode;
  expr->plan = std::move(plan);
  expr->subquery_inputs = std::move(inputs);
  return expr;
}

TEST_F(OperatorTest, SubqueriesGiveAValueForEachRow) {
  nodes(4);
  rel(0, 1);
  rel(0, 2);
  rel(2, 3);
  const auto values = [&](SubqueryMode mode, PlanPtr plan) {
    return run(chain(NodeScanOp{0, std::nullopt}, ProjectOp{{{5, subquery(mode, std::move(plan), {0})}}, false}), {5});
  };
  const PlanPtr ends = chain(expand(0, 1, 2, Direction::Out));
  for (const size_t batch : {1u, 3u, 100u}) {
    context_.batch_size = batch;
    EXPECT_EQ(values(SubqueryMode::Exists, ends), (Rows{"true", "false", "true", "false"}));
    EXPECT_EQ(values(SubqueryMode::Exists, make_plan(ends->op, ends->input, 1e6)),
              (Rows{"true", "false", "true", "false"}));
    EXPECT_EQ(values(SubqueryMode::Count, ends), (Rows{"2", "0", "1", "0"}));
    EXPECT_EQ(values(SubqueryMode::Count, chain(expand(0, kNoVar, kNoVar, Direction::Out))),
              (Rows{"2", "0", "1", "0"}));
    EXPECT_EQ(values(SubqueryMode::Collect, with_result(ends, {2})), (Rows{"[n1 n2]", "[]", "[n3]", "[]"}));
    // Limits, order and projections inside are each row's own.
    EXPECT_EQ(values(SubqueryMode::Count, make_plan(LimitOp{lit(1)}, ends)), (Rows{"1", "0", "1", "0"}));
    const PlanPtr sorted =
        make_plan(ProjectOp{{{3, var(2)}}, false}, make_plan(SortOp{{{var(2), true}}, nullptr}, ends));
    EXPECT_EQ(values(SubqueryMode::Collect, with_result(sorted, {3})), (Rows{"[n2 n1]", "[]", "[n3]", "[]"}));
    const PlanPtr distinct = make_plan(DistinctOp{{4}}, make_plan(ProjectOp{{{4, lit(1)}}, false}, ends));
    EXPECT_EQ(values(SubqueryMode::Count, distinct), (Rows{"1", "0", "1", "0"}));
    const PlanPtr grouped = make_plan(AggregateOp{{{4, lit("k")}}, {{5, aggregate(Aggregate::CountStar)}}}, ends);
    EXPECT_EQ(values(SubqueryMode::Collect, with_result(grouped, {5})), (Rows{"[2]", "[]", "[1]", "[]"}));
  }
}

TEST_F(OperatorTest, SubqueriesNest) {
  nodes(3);
  rel(0, 1);
  rel(0, 2);
  rel(2, 1);
  const ExprPtr has_out = subquery(SubqueryMode::Exists, chain(expand(2, 3, 4, Direction::Out)), {2});
  const PlanPtr inner = chain(expand(0, 1, 2, Direction::Out), FilterOp{has_out});
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, FilterOp{subquery(SubqueryMode::Exists, inner, {0})}), {0}),
            (Rows{"n0"}));
}

// ---- limits ----

TEST_F(OperatorTest, OperatorsThatHoldRowsCountAgainstTheBudgetAndGiveItBack) {
  List many;
  for (int i = 0; i < 20'000; ++i) many.push_back(Value("text number " + std::to_string(i)));
  const UnwindOp rows{lit(Value(many)), 0};
  const std::vector<PlanPtr> plans = {
      chain(rows, SortOp{{{var(0), false}}, nullptr}),
      chain(rows, BarrierOp{}),
      chain(rows, DistinctOp{{0}}),
      chain(rows, AggregateOp{{{0, var(0)}}, {{1, aggregate(Aggregate::CountStar)}}}),
      chain(rows, AggregateOp{{}, {{0, aggregate(Aggregate::Collect, var(0))}}}),
  };
  for (size_t i = 0; i < plans.size(); ++i) {
    context_.memory_limit = 100'000;
    EXPECT_EQ(error(plans[i]), "ResourceError.MemoryLimit") << i;
    EXPECT_EQ(context_.memory_used.load(), 0u) << i;
    context_.memory_limit = 0;
    EXPECT_FALSE(run(plans[i], {0}).empty()) << i;
    EXPECT_EQ(context_.memory_used.load(), 0u) << i;
  }
}

TEST_F(OperatorTest, ResultWithoutColumnsRunsItsInputAndGivesNoRow) {
  EXPECT_EQ(run(chain(UnwindOp{lit(list({1, 2})), 0}, CreateOp{{{1, {}, nullptr, {}}}, {}}), {}), Rows{});
  EXPECT_EQ(transaction_->view().node_count(), 2u);
}

TEST_F(OperatorTest, PlansTooLongForTheStackAreRefused) {
  PlanPtr plan = chain(UnwindOp{lit(list({1})), 0});
  for (int i = 0; i < 6'000; ++i) plan = make_plan(DistinctOp{{0}}, plan);
  EXPECT_EQ(error(plan), "ResourceError.PlanTooLong");
}

}  // namespace
}  // namespace entente
