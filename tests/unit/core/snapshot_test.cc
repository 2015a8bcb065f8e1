#include "entente/core/snapshot.h"

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    auto tx = store_.begin();
    person_ = tx->label("Person");
    minister_ = tx->label("Minister");
    country_ = tx->label("Country");
    of_ = tx->type("OF");
    met_ = tx->type("MET");
    name_ = tx->key("name");
    age_ = tx->key("age");
    a_ = tx->create_node(std::vector<LabelId>{minister_, person_});
    b_ = tx->create_node(std::vector<LabelId>{country_});
    c_ = tx->create_node({});
    of_rel_ = tx->create_relationship(of_, a_, b_);
    loop_ = tx->create_relationship(met_, a_, a_);
    tx->set_property(a_, name_, "Ann");
    tx->set_property(a_, age_, 50);
    tx->set_property(of_rel_, age_, 2.5);
    store_.commit(std::move(tx));
  }

  GraphStore store_;
  LabelId person_, minister_, country_;
  TypeId of_, met_;
  KeyId name_, age_;
  NodeId a_, b_, c_;
  RelId of_rel_, loop_;
};

TEST(Snapshot, AnEmptyOneAnswersEverything) {
  const Snapshot s;
  std::vector<uint32_t> out;
  EXPECT_EQ(s.version(), 0u);
  EXPECT_EQ(s.node_count(), 0u);
  EXPECT_FALSE(s.has_node(NodeId(0)));
  EXPECT_FALSE(s.has_relationship(RelId()));
  EXPECT_TRUE(s.labels(NodeId(0)).empty());
  EXPECT_EQ(s.label_bitmap(LabelId()), nullptr);
  EXPECT_EQ(s.label_count(LabelId()), 0u);
  EXPECT_EQ(s.type_count(TypeId()), 0u);
  EXPECT_EQ(s.scan_nodes(0, 10, out), 0u);
  EXPECT_EQ(s.scan_label(LabelId(0), 0, 10, out), 0u);
  EXPECT_EQ(s.scan_relationships(0, 10, out), 0u);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(s.adjacency(TypeId(), Direction::In).size(), 0u);
  EXPECT_TRUE(s.property(NodeId(0), KeyId()).is_null());
  EXPECT_EQ(s.node_column(KeyId(0)), nullptr);
  EXPECT_EQ(s.find_index("none"), nullptr);
  EXPECT_EQ(s.memory().total(), 0u);
}

TEST_F(SnapshotTest, TellsNodesAndLabels) {
  const SnapshotPtr s = store_.current();
  EXPECT_EQ(s->node_count(), 3u);
  EXPECT_EQ(s->labels(a_), (std::vector<LabelId>{person_, minister_}));
  EXPECT_TRUE(s->has_label(a_, minister_));
  EXPECT_FALSE(s->has_label(a_, country_));
  EXPECT_FALSE(s->has_label(NodeId(77), country_));
  EXPECT_EQ(s->label_count(person_), 1u);
  ASSERT_NE(s->label_bitmap(person_), nullptr);
  EXPECT_TRUE(s->label_bitmap(person_)->find(0)->members.contains(a_.value));
  std::vector<uint32_t> out;
  EXPECT_EQ(s->scan_nodes(1, 1, out), 2u);
  EXPECT_EQ(s->scan_nodes(2, 5, out), s->node_limit());
  EXPECT_EQ(out, (std::vector<uint32_t>{1, 2}));
}

TEST_F(SnapshotTest, TellsRelationships) {
  const SnapshotPtr s = store_.current();
  const Relationship r = s->relationship(of_rel_);
  EXPECT_EQ(r.type, of_);
  EXPECT_EQ(r.source, a_);
  EXPECT_EQ(r.target, b_);
  EXPECT_EQ(s->relationship(loop_).type, met_);
  EXPECT_EQ(s->type_count(met_), 1u);
  EXPECT_EQ(s->degree(a_, Direction::Out), 2u);
  EXPECT_EQ(s->degree(a_, Direction::In), 1u);
  EXPECT_EQ(s->degree(a_, Direction::Both), 3u);
  EXPECT_EQ(s->type_limit(), 2u);
  EXPECT_TRUE(find_neighbour(s->adjacency(of_, Direction::In), b_, a_));
}

TEST_F(SnapshotTest, TellsPropertiesSortedByKey) {
  const SnapshotPtr s = store_.current();
  EXPECT_EQ(s->property(a_, age_).as_integer(), 50);
  EXPECT_EQ(s->property(of_rel_, age_).as_float(), 2.5);
  const Map properties = s->properties(a_);
  ASSERT_EQ(properties.size(), 2u);
  EXPECT_EQ(properties[0].first, "age");
  EXPECT_EQ(properties[1].second.as_string(), "Ann");
  EXPECT_TRUE(s->properties(b_).empty());
  EXPECT_EQ(s->properties(of_rel_).size(), 1u);
}

TEST_F(SnapshotTest, GivesDataToNodesAndRelationshipsAtAnyDepth) {
  const SnapshotPtr s = store_.current();
  const Value value = s->materialize(Value(List{Value(a_), Value::map({{"r", Value(of_rel_)}, {"n", Value(1)}}),
                                                Value::path({Value(a_), Value(of_rel_), Value(b_)})}));
  const List& list = value.as_list();
  ASSERT_NE(list[0].node_data(), nullptr);
  EXPECT_EQ(list[0].node_data()->labels, (std::vector<std::string>{"Person", "Minister"}));
  EXPECT_EQ(list[0].node_data()->properties.size(), 2u);
  const RelationshipData* r = list[1]["r"].relationship_data();
  ASSERT_NE(r, nullptr);
  EXPECT_EQ(r->type, "OF");
  EXPECT_EQ(r->start, a_);
  EXPECT_EQ(r->end, b_);
  EXPECT_EQ(list[1]["n"].as_integer(), 1);
  ASSERT_TRUE(list[2].is_path());
  EXPECT_NE(list[2].as_path()[2].node_data(), nullptr);
  EXPECT_EQ(s->materialize(Value("x")).as_string(), "x");
  EXPECT_TRUE(s->materialize(Value()).is_null());
}

TEST_F(SnapshotTest, MakesWhatIsSharedOnce) {
  const SnapshotPtr s = store_.current();
  Value shared = Value(a_);
  for (int i = 0; i < 100; ++i) shared = Value(List{shared, shared});
  size_t bytes = 0;
  const Value made = s->materialize(shared, [&](size_t part) { bytes += part; });
  EXPECT_LT(bytes, 2'000'000u);
  const Value* inner = &made;
  while (inner->is_list()) {
    ASSERT_EQ(inner->as_list().size(), 2u);
    inner = &inner->as_list()[1];
  }
  ASSERT_NE(inner->node_data(), nullptr);
  EXPECT_EQ(inner->node_data()->properties.size(), 2u);

  const Value twice = s->materialize(Value(List{Value(a_), Value(a_)}));
  EXPECT_EQ(twice.as_list()[0].node_data(), twice.as_list()[1].node_data());
  const Value plain = Value(List{Value(1), Value(List{Value("x")})});
  EXPECT_EQ(&s->materialize(plain).as_list(), &plain.as_list());
}

TEST_F(SnapshotTest, StopsWhereItsListenerThrows) {
  const Value many = Value(List(100'000, Value(1)));
  EXPECT_THROW(store_.current()->materialize(many, [](size_t) { throw std::runtime_error("enough"); }),
               std::runtime_error);
}

TEST_F(SnapshotTest, GivesEmptyDataToWhatWasDeleted) {
  auto tx = store_.begin();
  tx->delete_relationship(of_rel_);
  tx->delete_node(b_);
  const Value node = tx->view().materialize(Value(b_));
  ASSERT_NE(node.node_data(), nullptr);
  EXPECT_EQ(node.node_data()->id, b_);
  EXPECT_TRUE(node.node_data()->labels.empty());
  const Value rel = tx->view().materialize(Value(of_rel_));
  ASSERT_NE(rel.relationship_data(), nullptr);
  EXPECT_EQ(rel.relationship_data()->id, of_rel_);
}

TEST_F(SnapshotTest, RefusesToMaterializeWithoutBound) {
  for (const bool node_first : {false, true}) {
    Value deep = Value(a_);
    for (int i = 0; i < 5'000; ++i) deep = Value(node_first ? List{Value(a_), deep} : List{deep});
    try {
      store_.current()->materialize(deep);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "ResourceError.ValueTooDeep");
    }
  }
}

TEST_F(SnapshotTest, StaysAsItWas) {
  const SnapshotPtr before = store_.current();
  auto tx = store_.begin();
  tx->set_property(a_, name_, "Eve");
  tx->add_label(c_, country_);
  tx->delete_relationship(loop_);
  store_.commit(std::move(tx));
  EXPECT_EQ(before->property(a_, name_).as_string(), "Ann");
  EXPECT_FALSE(before->has_label(c_, country_));
  EXPECT_TRUE(before->has_relationship(loop_));
  EXPECT_EQ(before->degree(a_, Direction::Both), 3u);
  EXPECT_EQ(store_.current()->property(a_, name_).as_string(), "Eve");
  EXPECT_EQ(store_.current()->degree(a_, Direction::Both), 1u);
}

TEST_F(SnapshotTest, VersionsSharePagesThatDoNotChange) {
  SnapshotPtr before = store_.current();
  auto tx = store_.begin();
  tx->set_property(c_, name_, "nobody");
  store_.commit(std::move(tx));
  Snapshot old = *before, now = *store_.current();
  const SnapshotParts a(old), b(now);
  EXPECT_TRUE(a.nodes.same_as(b.nodes));
  EXPECT_TRUE(a.adjacency[0].same_as(b.adjacency[0]));
  EXPECT_TRUE(a.node_columns[age_.value].same_as(b.node_columns[age_.value]));
  EXPECT_FALSE(a.node_columns[name_.value].same_as(b.node_columns[name_.value]));
}

TEST_F(SnapshotTest, CountsItsMemory) {
  const Snapshot::Memory memory = store_.current()->memory();
  EXPECT_GT(memory.nodes, 0u);
  EXPECT_GT(memory.relationships, 0u);
  EXPECT_GT(memory.adjacency, 0u);
  EXPECT_GT(memory.columns, 0u);
  EXPECT_GT(memory.labels, 0u);
  EXPECT_EQ(memory.indexes, 0u);
}

/// Counts loads, and fails them on demand.
class CountingLoader : public PageLoader {
 public:
  std::unique_ptr<const Page> load(const PageKey& key) const override {
    ++loads;
    if (key.epoch != 3) throw Error::storage("Corrupt", "wrong epoch");
    auto page = std::make_unique<NodePage>();
    page->label_set = {0, NodePage::kAbsent, 0};
    return page;
  }
  mutable int loads = 0;
};

TEST(PageHandle, LoadsOnceOnFirstTouch) {
  auto loader = std::make_shared<CountingLoader>();
  Snapshot s;
  SnapshotParts parts(s);
  parts.node_limit = 3;
  parts.nodes.set_handle(0, std::make_shared<PageHandle>(PageKey{PageKind::Nodes, 0, 0, 3}, loader), 0);
  EXPECT_EQ(s.memory().nodes, 0u);
  EXPECT_EQ(loader->loads, 0);
  EXPECT_TRUE(s.has_node(NodeId(0)));
  EXPECT_FALSE(s.has_node(NodeId(1)));
  EXPECT_TRUE(s.has_node(NodeId(2)));
  EXPECT_EQ(loader->loads, 1);
  EXPECT_EQ(parts.nodes.handle(0)->epoch(), 3u);
}

TEST(PageHandle, ReportsAPageThatCannotBeRead) {
  auto loader = std::make_shared<CountingLoader>();
  const PageHandle handle(PageKey{PageKind::Nodes, 0, 0, 4}, loader);
  EXPECT_THROW(handle.get(), Error);
  EXPECT_FALSE(handle.loaded());
  EXPECT_THROW(handle.get(), Error);
}

TEST(PageHandle, RemembersUnderWhichEpochItWasWritten) {
  PageHandle handle(std::make_unique<NodePage>(), 9);
  EXPECT_EQ(handle.epoch(), 0u);
  EXPECT_TRUE(handle.loaded());
  handle.set_persisted(PageKey{PageKind::Nodes, 0, 0, 12}, std::make_shared<CountingLoader>());
  EXPECT_EQ(handle.epoch(), 12u);
  EXPECT_TRUE(handle.loaded());
}

}  // namespace
}  // namespace entente
