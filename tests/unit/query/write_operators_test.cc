#include "operator_fixture.h"

namespace entente {
namespace {

SetItem set_property(ExprPtr target, ExprPtr value) {
  return {SetItem::Kind::Property, std::move(target), std::move(value), {}, {}};
}

class WriteOperatorsTest : public OperatorTest {
 protected:
  const Counters& counters() const { return context_.counters; }
  const Snapshot& graph() const { return transaction_->view(); }

  /// The properties of a node as text.
  std::string properties(uint32_t id) const { return Value::map(graph().properties(NodeId(id))).to_literal(); }
};

// ---- create ----

TEST_F(WriteOperatorsTest, CreateMakesNodesThenRelationshipsForEachRow) {
  const CreateOp create{
      {{1, {"A", "B", "A"}, map({"x", "none"}, {var(0), lit(Value())}), {}}, {2, {}, nullptr, {}}},
      {{3, 1, 2, "R", map({"y"}, {op(ExprKind::Add, var(0), lit(1))}), {}}, {4, 2, 2, "S", nullptr, {}}}};
  EXPECT_EQ(run(chain(UnwindOp{lit(list({7, 8})), 0}, create), {1, 2, 3, 4}), (Rows{"n0 n1 r0 r1", "n2 n3 r2 r3"}));
  EXPECT_EQ(properties(0), "{x: 7}");
  EXPECT_EQ(graph().relationship(RelId(2)).source, NodeId(2));
  EXPECT_EQ(graph().property(RelId(2), graph().names().key("y")).as_integer(), 9);
  EXPECT_EQ(graph().labels(NodeId(2)).size(), 2u);
  EXPECT_EQ(counters().nodes_created, 4u);
  EXPECT_EQ(counters().relationships_created, 4u);
  EXPECT_EQ(counters().labels_added, 4u);
  EXPECT_EQ(counters().properties_set, 4u);
}

TEST_F(WriteOperatorsTest, CreateExpandsMultiplicities) {
  nodes(1);
  for (int i = 0; i < 3; ++i) rel(0, 0);
  const ExpandOp count{0, kNoVar, kNoVar, {}, Direction::Out, false};
  run(chain(NodeScanOp{0, std::nullopt}, count, BarrierOp{}, CreateOp{{{1, {}, nullptr, {}}}, {}}), {});
  EXPECT_EQ(graph().node_count(), 4u);
}

TEST_F(WriteOperatorsTest, CreatedPropertiesMayReadWhatTheClauseCreates) {
  const CreateOp create{
      {{1, {}, map({"x"}, {var(0)}), {}}, {2, {}, map({"y"}, {op(ExprKind::Add, prop(1, "x"), lit(1))}), {}}}, {}};
  run(chain(UnwindOp{lit(list({5, 6})), 0}, create), {});
  EXPECT_EQ(properties(1), "{y: 6}");
  EXPECT_EQ(properties(3), "{y: 7}");
}

TEST_F(WriteOperatorsTest, CreateTakesAParameterThatIsAMap) {
  parameters_ = {{"no", Value(1)}, {"yes", Value::map({{"a", Value(1)}, {"b", Value()}})}};
  const auto create = [](const std::string& name) { return chain(CreateOp{{{0, {}, param(name), {}}}, {}}); };
  run(create("yes"), {});
  EXPECT_EQ(properties(0), "{a: 1}");
  EXPECT_EQ(error(create("no")), "TypeError.InvalidArgumentType");
}

TEST_F(WriteOperatorsTest, CreateRefusesEndsThatAreNoNodesAndValuesThatAreNoProperties) {
  nodes(1);
  const auto between = [&](Value end) {
    return error(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({list({std::move(end)})})), 1},
                       ProjectOp{{{2, op(ExprKind::Element, var(1), lit(0))}}, true},
                       CreateOp{{}, {{3, 0, 2, "R", nullptr, {}}}}));
  };
  EXPECT_EQ(between(Value()), "EntityNotFound.MissingNode");
  EXPECT_EQ(between(1), "TypeError.InvalidArgumentType");
  EXPECT_EQ(between(NodeId(9)), "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(error(chain(CreateOp{{{0, {}, map({"m"}, {map({}, {})}), {}}}, {}})), "TypeError.InvalidPropertyType");
}

TEST_F(WriteOperatorsTest, WritingNeedsATransaction) {
  context_.transaction = nullptr;
  EXPECT_EQ(error(chain(CreateOp{{{0, {}, nullptr, {}}}, {}})), "AccessError.ReadOnly");
}

// ---- set, remove ----

TEST_F(WriteOperatorsTest, SetWorksRowByRow) {
  node({}, {{"c", Value(1)}});
  const SetOp increment{{set_property(prop(0, "c"), op(ExprKind::Add, prop(0, "c"), var(1)))}};
  run(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({1, 10, 100})), 1}, increment), {});
  EXPECT_EQ(properties(0), "{c: 112}");
  EXPECT_EQ(counters().properties_set, 3u);
}

TEST_F(WriteOperatorsTest, SetOfOneItemIsSeenByTheNext) {
  node();
  node();
  const SetOp set{
      {set_property(prop(0, "a"), lit(1)), set_property(prop(0, "b"), op(ExprKind::Add, prop(0, "a"), lit(1)))}};
  run(chain(NodeScanOp{0, std::nullopt}, set), {});
  EXPECT_EQ(properties(1), "{a: 1, b: 2}");
}

TEST_F(WriteOperatorsTest, SetToNullRemovesAndNullTargetsAreLeftAlone) {
  node({}, {{"a", Value(1)}, {"b", Value(2)}});
  const SetOp set{{set_property(prop(0, "a"), lit(Value())), set_property(prop(0, "never"), lit(Value()))}};
  EXPECT_EQ(run(chain(UnwindOp{lit(list({Value(), NodeId(0)})), 0}, set), {0}), (Rows{"null", "n0"}));
  EXPECT_EQ(properties(0), "{b: 2}");
  EXPECT_EQ(counters().properties_set, 1u);
}

TEST_F(WriteOperatorsTest, SetReplacesOrMergesMaps) {
  node({}, {{"a", Value(1)}, {"b", Value(2)}});
  node({}, {{"c", Value(3)}});
  const auto set = [&](SetItem::Kind kind, ExprPtr value) {
    run(chain(NodeByIdOp{0, lit(0)}, NodeByIdOp{1, lit(1)}, SetOp{{{kind, var(0), std::move(value), {}, {}}}}), {});
    return properties(0);
  };
  EXPECT_EQ(set(SetItem::Kind::Merge, map({"b", "z"}, {lit(Value()), lit(9)})), "{a: 1, z: 9}");
  EXPECT_EQ(set(SetItem::Kind::Merge, map({}, {})), "{a: 1, z: 9}");
  EXPECT_EQ(set(SetItem::Kind::Replace, map({"a", "n"}, {lit(5), lit(Value())})), "{a: 5}");
  EXPECT_EQ(set(SetItem::Kind::Replace, var(1)), "{c: 3}");
  EXPECT_EQ(set(SetItem::Kind::Replace, var(0)), "{c: 3}");
  EXPECT_EQ(error(chain(NodeByIdOp{0, lit(0)}, SetOp{{{SetItem::Kind::Replace, var(0), lit(1), {}, {}}}})),
            "TypeError.InvalidArgumentType");
}

TEST_F(WriteOperatorsTest, LabelsAreCountedOnlyIfTheyChange) {
  node({"A"});
  nodes(1);
  rel(0, 0);
  run(chain(NodeByIdOp{0, lit(0)}, SetOp{{{SetItem::Kind::Labels, var(0), nullptr, {"A", "B"}, {}}}}), {});
  EXPECT_EQ(counters().labels_added, 1u);
  run(chain(NodeByIdOp{0, lit(0)}, RemoveOp{{{var(0), {"B", "Unknown"}, {}}}}), {});
  EXPECT_EQ(counters().labels_removed, 1u);
  EXPECT_EQ(graph().labels(NodeId(0)).size(), 1u);
  EXPECT_EQ(
      error(chain(UnwindOp{lit(list({RelId(0)})), 0}, SetOp{{{SetItem::Kind::Labels, var(0), nullptr, {"A"}, {}}}})),
      "TypeError.InvalidArgumentType");
}

TEST_F(WriteOperatorsTest, RemovePropertiesOfNodesAndRelationships) {
  node({}, {{"a", Value(1)}, {"b", Value(2)}});
  rel(0, 0, "R", {{"a", Value(1)}});
  const RemoveOp remove{{{prop(0, "a"), {}, {}}}};
  run(chain(UnwindOp{lit(list({NodeId(0), Value(), RelId(0), NodeId(0)})), 0}, remove), {});
  EXPECT_EQ(properties(0), "{b: 2}");
  EXPECT_TRUE(graph().properties(RelId(0)).empty());
  EXPECT_EQ(counters().properties_set, 2u);
}

TEST_F(WriteOperatorsTest, SetErrors) {
  node();
  const auto set = [&](Value target, Value value) {
    return error(
        chain(UnwindOp{lit(list({std::move(target)})), 0}, SetOp{{set_property(prop(0, "a"), lit(std::move(value)))}}));
  };
  EXPECT_EQ(set(1, 1), "TypeError.InvalidArgumentType");
  EXPECT_EQ(set(NodeId(0), list({list({1})})), "TypeError.InvalidPropertyType");
  EXPECT_EQ(set(NodeId(0), NodeId(0)), "TypeError.InvalidPropertyType");
  EXPECT_EQ(set(NodeId(5), 1), "EntityNotFound.DeletedEntityAccess");
}

// ---- delete ----

TEST_F(WriteOperatorsTest, DeleteChecksForRelationshipsAtTheEndOfTheClause) {
  nodes(2);
  rel(0, 1);
  rel(0, 0);
  EXPECT_EQ(error(chain(NodeScanOp{0, std::nullopt}, BarrierOp{}, DeleteOp{false, {var(0)}})),
            "ConstraintVerificationFailed.DeleteConnectedNode");
  // The node comes before its relationships, and each several times.
  const ExpandOp both{0, 1, 2, {}, Direction::Both, false};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, both, BarrierOp{}, DeleteOp{false, {var(0), var(1)}}), {0}),
            (Rows{"n0", "n0", "n1"}));
  EXPECT_EQ(counters().nodes_deleted, 2u);
  EXPECT_EQ(counters().relationships_deleted, 2u);
  EXPECT_EQ(graph().node_count(), 0u);
}

TEST_F(WriteOperatorsTest, DetachDeleteTakesTheRelationshipsAlong) {
  nodes(3);
  rel(0, 1);
  rel(2, 0);
  rel(0, 0);
  rel(1, 2);
  const UnwindOp targets{lit(list({NodeId(0), Value(), NodeId(0)})), 0};
  EXPECT_EQ(run(chain(targets, DeleteOp{true, {var(0)}}), {0}).size(), 3u);
  EXPECT_EQ(counters().nodes_deleted, 1u);
  EXPECT_EQ(counters().relationships_deleted, 3u);
  EXPECT_EQ(graph().relationship_count(), 1u);
  // What is gone may be deleted again.
  run(chain(targets, DeleteOp{false, {var(0)}}), {});
  EXPECT_EQ(counters().nodes_deleted, 1u);
}

TEST_F(WriteOperatorsTest, DeleteTakesPathsAndNoLists) {
  nodes(2);
  rel(0, 1);
  const auto plan = [](Value target) {
    return chain(UnwindOp{lit(list({list({std::move(target)})})), 1},
                 DeleteOp{false, {op(ExprKind::Element, var(1), lit(0))}});
  };
  EXPECT_EQ(error(plan(list({NodeId(0)}))), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error(plan(1)), "TypeError.InvalidArgumentType");
  run(plan(Value::path({NodeId(0), RelId(0), NodeId(1)})), {});
  EXPECT_EQ(graph().node_count(), 0u);
}

TEST_F(WriteOperatorsTest, LimitLetsWritesBelowItRunToTheEnd) {
  context_.batch_size = 2;
  const auto created = [&](int limit, bool sorted) {
    const uint64_t before = graph().node_count();
    PlanPtr plan = chain(UnwindOp{lit(list({1, 2, 3, 4, 5})), 0}, CreateOp{{{1, {}, nullptr, {}}}, {}});
    if (sorted) plan = make_plan(SortOp{{{var(0), false}}, lit(limit)}, plan);
    run(make_plan(LimitOp{lit(limit)}, plan), {0});
    return graph().node_count() - before;
  };
  EXPECT_EQ(created(0, false), 5u);
  EXPECT_EQ(created(1, false), 5u);
  EXPECT_EQ(created(0, true), 5u);
}

// ---- merge ----

MergeOp merge_by_key(std::vector<SetItem> on_create = {}, std::vector<SetItem> on_match = {}) {
  const auto var = [](VarId v) { return make_variable(v, "v"); };
  const PlanPtr match = make_plan(FilterOp{make_binary(ExprKind::Equal, make_property(var(1), "k"), var(0))},
                                  make_plan(NodeScanOp{1, "L"}, make_plan(ArgumentOp{}, nullptr)));
  auto properties = std::make_shared<Expr>();
  properties->kind = ExprKind::Map;
  properties->keys = {"k"};
  properties->args = {var(0)};
  return {match, CreateOp{{{1, {"L"}, properties, {}}}, {}}, {1}, std::move(on_create), std::move(on_match)};
}

TEST_F(WriteOperatorsTest, MergeSeesWhatEarlierRowsCreated) {
  node({"L"}, {{"k", Value(2)}});
  context_.batch_size = 2;
  const MergeOp merge = merge_by_key({set_property(prop(1, "made"), lit(true))},
                                     {set_property(prop(1, "met"), op(ExprKind::Add, var(0), lit(0)))});
  EXPECT_EQ(run(chain(UnwindOp{lit(list({1, 2, 1, 3, 1})), 0}, merge), {0, 1}),
            (Rows{"1 n1", "2 n0", "1 n1", "3 n2", "1 n1"}));
  EXPECT_EQ(properties(0), "{k: 2, met: 2}");
  EXPECT_EQ(properties(1), "{k: 1, made: true, met: 1}");
  EXPECT_EQ(properties(2), "{k: 3, made: true}");
  EXPECT_EQ(counters().nodes_created, 2u);
}

TEST_F(WriteOperatorsTest, MergeGivesAllMatches) {
  node({"L"}, {{"k", Value(1)}});
  node({"L"}, {{"k", Value(1)}});
  EXPECT_EQ(run(chain(UnwindOp{lit(list({1})), 0}, merge_by_key()), {0, 1}), (Rows{"1 n0", "1 n1"}));
  EXPECT_FALSE(counters().any());
}

TEST_F(WriteOperatorsTest, MergeOfNullFails) {
  EXPECT_EQ(error(chain(UnwindOp{lit(list({Value()})), 0}, merge_by_key())), "SemanticError.MergeReadOwnWrites");
  EXPECT_EQ(error(chain(UnwindOp{lit(list({})), 0}, merge_by_key())), "none");
}

TEST_F(WriteOperatorsTest, MergeOfARelationshipBetweenKnownNodes) {
  nodes(2);
  const ExpandOp match{0, 2, 1, {"R"}, Direction::Both, true};
  const MergeOp merge{chain(match), CreateOp{{}, {{2, 0, 1, "R", nullptr, {}}}}, {2}, {}, {}};
  EXPECT_EQ(run(chain(NodeScanOp{0, std::nullopt}, NodeScanOp{1, std::nullopt}, BarrierOp{}, merge), {0, 1, 2}),
            (Rows{"n0 n0 r0", "n0 n1 r1", "n1 n0 r1", "n1 n1 r2"}));
  EXPECT_EQ(error(chain(NodeByIdOp{0, lit(0)}, UnwindOp{lit(list({Value()})), 1}, merge)),
            "EntityNotFound.MissingNode");
}

}  // namespace
}  // namespace entente
