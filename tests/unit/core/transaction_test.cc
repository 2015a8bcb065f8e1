#include "entente/core/transaction.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

template <class Fn>
std::string code_of(Fn fn) {
  try {
    fn();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

template <class Fn>
std::string message_of(Fn fn) {
  try {
    fn();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

class TransactionTest : public testing::Test {
 protected:
  TransactionTest() : tx_(store_.begin()) {
    person_ = tx_->label("Person");
    other_ = tx_->label("Other");
    knows_ = tx_->type("KNOWS");
    name_ = tx_->key("name");
  }
  NodeId node(std::vector<LabelId> labels = {}) { return tx_->create_node(labels); }
  const Snapshot& view() const { return tx_->view(); }

  GraphStore store_;
  std::unique_ptr<Transaction> tx_;
  LabelId person_, other_;
  TypeId knows_;
  KeyId name_;
};

TEST_F(TransactionTest, HandsOutIdsInOrderAndNeverAgain) {
  EXPECT_EQ(node(), NodeId(0));
  EXPECT_EQ(node(), NodeId(1));
  tx_->delete_node(NodeId(1));
  EXPECT_EQ(node(), NodeId(2));
  EXPECT_EQ(tx_->create_relationship(knows_, NodeId(0), NodeId(2)), RelId(0));
  tx_->delete_relationship(RelId(0));
  EXPECT_EQ(tx_->create_relationship(knows_, NodeId(0), NodeId(2)), RelId(1));
}

TEST_F(TransactionTest, ReadsItsOwnWritesWhichNobodyElseSees) {
  const NodeId n = node({person_, person_});
  EXPECT_EQ(view().labels(n), (std::vector<LabelId>{person_}));
  EXPECT_EQ(view().node_count(), 1u);
  EXPECT_EQ(store_.current()->node_count(), 0u);
  EXPECT_FALSE(store_.current()->names().label("Person").valid());
  store_.commit(std::move(tx_));
  EXPECT_EQ(store_.current()->node_count(), 1u);
  EXPECT_TRUE(store_.current()->names().label("Person").valid());
}

TEST_F(TransactionTest, DroppingItRollsBack) {
  store_.commit(std::move(tx_));
  tx_ = store_.begin();
  node({person_});
  tx_->label("New");
  tx_.reset();
  tx_ = store_.begin();
  EXPECT_EQ(view().node_count(), 0u);
  EXPECT_FALSE(view().names().label("New").valid());
  EXPECT_EQ(node(), NodeId(0));
}

TEST_F(TransactionTest, RefusesValuesThatCannotBeStored) {
  const NodeId n = node();
  const RelId r = tx_->create_relationship(knows_, n, n);
  const std::vector<Value> bad{Value::map({}),
                               Value(n),
                               Value(r),
                               Value::path({Value(n)}),
                               Value(List{Value(List{})}),
                               Value(List{Value(1), Value()}),
                               Value(List{Value::map({{"a", Value(1)}})}),
                               Value(List{Value(n)})};
  const size_t changes = tx_->changes().changes.size();
  for (const Value& value : bad) {
    EXPECT_EQ(code_of([&] { tx_->set_property(n, name_, value); }), "TypeError.InvalidPropertyType");
    EXPECT_EQ(code_of([&] { tx_->set_property(r, name_, value); }), "TypeError.InvalidPropertyType");
  }
  EXPECT_TRUE(view().property(n, name_).is_null());
  EXPECT_EQ(tx_->changes().changes.size(), changes);
  for (const Value& good :
       {Value(true), Value(1), Value(1.5), Value("s"), Value(List{}), Value(List{Value(1), Value("b")}), Value(Date{1}),
        Value(Duration{1, 0, 0, 0}), Value(List{Value(Date{1})})}) {
    tx_->set_property(n, name_, good);
    EXPECT_TRUE(Value::equivalent(view().property(n, name_), good));
  }
}

TEST_F(TransactionTest, RefusesWhatDoesNotExist) {
  const NodeId n = node();
  const NodeId gone = node();
  tx_->delete_node(gone);
  const std::string missing = "EntityNotFound.DeletedEntityAccess";
  EXPECT_EQ(code_of([&] { tx_->set_property(gone, name_, 1); }), missing);
  EXPECT_EQ(code_of([&] { tx_->add_label(NodeId(9), person_); }), missing);
  EXPECT_EQ(code_of([&] { tx_->remove_label(NodeId(), person_); }), missing);
  EXPECT_EQ(code_of([&] { tx_->delete_node(gone); }), missing);
  EXPECT_EQ(code_of([&] { tx_->create_relationship(knows_, n, gone); }), missing);
  EXPECT_EQ(code_of([&] { tx_->create_relationship(knows_, gone, n); }), missing);
  EXPECT_EQ(code_of([&] { tx_->delete_relationship(RelId(0)); }), missing);
  EXPECT_EQ(code_of([&] { tx_->set_property(RelId(0), name_, 1); }), missing);
  const std::string unknown = "ArgumentError.UnknownName";
  EXPECT_EQ(code_of([&] { tx_->add_label(n, LabelId(9)); }), unknown);
  EXPECT_EQ(code_of([&] { node({LabelId()}); }), unknown);
  EXPECT_EQ(code_of([&] { tx_->set_property(n, KeyId(9), 1); }), unknown);
  EXPECT_EQ(code_of([&] { tx_->create_relationship(TypeId(9), n, n); }), unknown);
  EXPECT_EQ(view().node_count(), 1u);
  EXPECT_EQ(view().relationship_count(), 0u);
}

TEST_F(TransactionTest, KeepsConnectedNodes) {
  const NodeId a = node(), b = node();
  const RelId r = tx_->create_relationship(knows_, a, b);
  const auto code = [&](NodeId n) { return code_of([&] { tx_->delete_node(n); }); };
  EXPECT_EQ(code(a), "ConstraintVerificationFailed.DeleteConnectedNode");
  EXPECT_EQ(code(b), "ConstraintVerificationFailed.DeleteConnectedNode");
  tx_->delete_relationship(r);
  EXPECT_EQ(code(a), "none");
  EXPECT_FALSE(view().has_node(a));
}

TEST_F(TransactionTest, DeletingTakesPropertiesAlong) {
  const NodeId n = node({person_});
  tx_->set_property(n, name_, "x");
  tx_->create_index("i", person_, name_, false);
  const RelId r = tx_->create_relationship(knows_, n, n);
  tx_->set_property(r, name_, "y");
  EXPECT_EQ(view().statistics().relationship_key_counts[name_.value], 1u);
  tx_->delete_relationship(r);
  EXPECT_TRUE(view().property(r, name_).is_null());
  EXPECT_EQ(view().statistics().relationship_key_counts[name_.value], 0u);
  tx_->delete_node(n);
  EXPECT_TRUE(view().property(n, name_).is_null());
  EXPECT_EQ(view().statistics().node_key_counts[name_.value], 0u);
  EXPECT_EQ(view().label_count(person_), 0u);
  EXPECT_EQ(view().indexes()[0].entries, 0u);
}

TEST_F(TransactionTest, SaysWhetherALabelChanged) {
  const NodeId n = node({person_});
  EXPECT_FALSE(tx_->add_label(n, person_));
  EXPECT_TRUE(tx_->add_label(n, other_));
  EXPECT_TRUE(tx_->remove_label(n, person_));
  EXPECT_FALSE(tx_->remove_label(n, person_));
  EXPECT_EQ(view().labels(n), (std::vector<LabelId>{other_}));
}

TEST_F(TransactionTest, CountsTheLabelsOfRelationshipEnds) {
  const NodeId a = node({person_}), b = node();
  tx_->create_relationship(knows_, a, b);
  tx_->create_relationship(knows_, a, a);
  const auto source = [&](LabelId l) { return view().statistics().source_count(knows_, l); };
  const auto target = [&](LabelId l) { return view().statistics().target_count(knows_, l); };
  EXPECT_EQ(source(person_), 2u);
  EXPECT_EQ(target(person_), 1u);
  tx_->add_label(b, other_);
  EXPECT_EQ(source(other_), 0u);
  EXPECT_EQ(target(other_), 1u);
  tx_->remove_label(a, person_);
  EXPECT_EQ(source(person_), 0u);
  EXPECT_EQ(target(person_), 0u);
  tx_->delete_relationship(RelId(0));
  EXPECT_EQ(target(other_), 0u);
  EXPECT_EQ(view().type_count(knows_), 1u);
}

// ---- indexes ----

TEST_F(TransactionTest, AUniqueConstraintHoldsOnEveryPath) {
  const std::string taken = "ConstraintValidationFailed.UniqueConstraint";
  tx_->create_index("unique_name", person_, name_, true);
  const NodeId a = node({person_}), b = node({person_}), c = node();
  tx_->set_property(a, name_, 1);
  EXPECT_EQ(code_of([&] { tx_->set_property(b, name_, 1.0); }), taken);
  tx_->set_property(a, name_, 1);  // its own value
  tx_->set_property(c, name_, 1);  // no such label
  EXPECT_EQ(code_of([&] { tx_->add_label(c, person_); }), taken);
  EXPECT_FALSE(view().has_label(c, person_));
  const std::string message = message_of([&] { tx_->set_property(b, name_, 1); });
  for (const char* part : {"node 0", "`Person`", "`name` = 1", "`unique_name`"}) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
  EXPECT_EQ(code_of([&] { tx_->bulk_property(b, name_, std::vector<Value>{Value(1)}); }), taken);
  EXPECT_EQ(code_of([&] { tx_->bulk_property(a, name_, std::vector<Value>{Value(2), Value(2)}); }), taken);
  EXPECT_FALSE(tx_->is_bulk());
  tx_->set_property(a, name_, {});
  tx_->add_label(c, person_);
  EXPECT_EQ(code_of([&] { tx_->set_property(a, name_, 1); }), taken);
  tx_->remove_label(c, person_);
  tx_->set_property(a, name_, 1);
  tx_->delete_node(a);
  tx_->set_property(b, name_, 1);
}

TEST_F(TransactionTest, CreatingAConstraintThatDoesNotHoldFails) {
  const NodeId a = node({person_}), b = node({person_});
  tx_->set_property(a, name_, "x");
  tx_->set_property(b, name_, "x");
  EXPECT_EQ(code_of([&] { tx_->create_index("u", person_, name_, true); }),
            "ConstraintValidationFailed.UniqueConstraint");
  EXPECT_TRUE(view().indexes().empty());
  tx_->set_property(b, name_, "y");
  EXPECT_EQ(tx_->create_index("u", person_, name_, true), 0u);
  std::vector<uint32_t> found;
  view().find_index("u")->find("y", found);
  EXPECT_EQ(found, (std::vector<uint32_t>{b.value}));
}

TEST_F(TransactionTest, NamesIndexesOnce) {
  EXPECT_EQ(tx_->create_index("i", person_, name_, false), 0u);
  EXPECT_EQ(code_of([&] { tx_->create_index("i", other_, name_, false); }), "SchemaError.AlreadyExists");
  EXPECT_EQ(code_of([&] { tx_->create_index("j", person_, name_, true); }), "SchemaError.AlreadyExists");
  EXPECT_EQ(code_of([&] { tx_->drop_index("k"); }), "SchemaError.NotFound");
  tx_->drop_index("i");
  EXPECT_EQ(view().find_index("i"), nullptr);
  EXPECT_EQ(tx_->create_index("i", person_, name_, false), 1u);  // numbers are not used again
}

// ---- savepoints ----

TEST_F(TransactionTest, SavepointsNest) {
  const NodeId a = node({person_});
  tx_->set_property(a, name_, 0);
  const auto outer = tx_->savepoint();
  const size_t changes = tx_->changes().changes.size();
  tx_->set_property(a, name_, 1);
  const LabelId late = tx_->label("Late");
  tx_->add_label(a, late);
  const auto inner = tx_->savepoint();
  tx_->set_property(a, name_, 2);
  node({late});
  EXPECT_EQ(view().property(a, name_).as_integer(), 2);
  tx_->roll_back_to(inner);
  EXPECT_EQ(view().property(a, name_).as_integer(), 1);
  EXPECT_EQ(view().node_count(), 1u);
  EXPECT_TRUE(view().has_label(a, late));
  tx_->set_property(a, name_, 3);
  tx_->roll_back_to(inner);
  EXPECT_EQ(view().property(a, name_).as_integer(), 1);
  tx_->roll_back_to(outer);
  EXPECT_EQ(view().property(a, name_).as_integer(), 0);
  EXPECT_FALSE(view().names().label("Late").valid());
  EXPECT_EQ(view().label_count(person_), 1u);
  EXPECT_EQ(tx_->changes().changes.size(), changes);
  tx_->set_property(a, name_, 4);
  store_.commit(std::move(tx_));
  EXPECT_EQ(store_.current()->property(a, name_).as_integer(), 4);
}

TEST_F(TransactionTest, ASavepointIsNotWrittenInPlace) {
  const NodeId hub = node({person_});
  for (int i = 0; i < 20'000; ++i) tx_->create_relationship(knows_, hub, hub);
  const auto point = tx_->savepoint();
  for (int i = 0; i < 3'000; ++i) tx_->create_relationship(knows_, hub, hub);
  for (uint32_t i = 0; i < 100; ++i) tx_->delete_relationship(RelId(i * 7));
  EXPECT_EQ(point.work.degree(hub, Direction::Out), 20'000u);
  EXPECT_EQ(point.work.type_count(knows_), 20'000u);
  EXPECT_TRUE(point.work.has_relationship(RelId(7)));
  tx_->roll_back_to(point);
  EXPECT_EQ(view().degree(hub, Direction::Both), 40'000u);
  EXPECT_EQ(tx_->create_relationship(knows_, hub, hub), RelId(20'000));
}

// ---- bulk ----

TEST_F(TransactionTest, BulkRelationshipsAreNumberedInOrderOfTheirEnds) {
  tx_->bulk_nodes(std::vector<LabelId>{person_}, 5'000);
  const std::vector<std::pair<NodeId, NodeId>> ends{
      {NodeId(4'999), NodeId(0)}, {NodeId(3), NodeId(4'000)}, {NodeId(3), NodeId(1)}, {NodeId(3), NodeId(4'000)}};
  std::vector<uint32_t> order;
  EXPECT_EQ(tx_->bulk_relationships(knows_, ends, &order), RelId(0));
  EXPECT_EQ(order, (std::vector<uint32_t>{2, 1, 3, 0}));
  EXPECT_TRUE(tx_->is_bulk());
  EXPECT_EQ(view().relationship(RelId(0)).target, NodeId(1));
  EXPECT_EQ(view().relationship(RelId(3)).source, NodeId(4'999));
  std::vector<RelId> rels;
  EXPECT_TRUE(find_neighbour(view().adjacency(knows_, Direction::In), NodeId(4'000), NodeId(3), &rels));
  EXPECT_EQ(rels, (std::vector<RelId>{RelId(1), RelId(2)}));
  EXPECT_EQ(view().statistics().source_count(knows_, person_), 4u);
  EXPECT_EQ(view().label_count(person_), 5'000u);
  EXPECT_EQ(tx_->bulk_relationships(tx_->type("LIKES"), {}, &order), RelId(4));
  EXPECT_TRUE(order.empty());
}

TEST_F(TransactionTest, BulkCallsCheckFirst) {
  tx_->bulk_nodes({}, 10);
  const auto point = tx_->savepoint();
  using Ends = std::vector<std::pair<NodeId, NodeId>>;
  const std::string missing = "EntityNotFound.DeletedEntityAccess";
  EXPECT_EQ(code_of([&] {
              tx_->bulk_relationships(knows_, Ends{{NodeId(0), NodeId(1)}, {NodeId(1), NodeId(10)}});
            }),
            missing);
  EXPECT_EQ(code_of([&] { tx_->bulk_property(NodeId(8), name_, std::vector<Value>(3)); }), missing);
  EXPECT_EQ(code_of([&] { tx_->bulk_property(RelId(0), name_, std::vector<Value>{Value(1)}); }), missing);
  EXPECT_EQ(code_of([&] {
              tx_->bulk_property(NodeId(0), name_, std::vector<Value>{Value(1), Value::map({})});
            }),
            "TypeError.InvalidPropertyType");
  EXPECT_EQ(code_of([&] { tx_->bulk_nodes({}, 0xFFFF'FFF0); }), "ResourceError.IdsExhausted");
  EXPECT_EQ(view().node_count(), 10u);
  EXPECT_EQ(view().relationship_count(), 0u);
  EXPECT_EQ(view().node_column(name_), nullptr);
  tx_->roll_back_to(point);
}

TEST_F(TransactionTest, BulkPropertiesReplaceAndKeepIndexes) {
  tx_->create_index("i", person_, name_, false);
  const NodeId first = tx_->bulk_nodes(std::vector<LabelId>{person_}, 10'000);
  std::vector<Value> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(i % 2 == 0 ? Value(i) : Value());
  tx_->bulk_property(first, name_, values);
  EXPECT_EQ(view().statistics().node_key_counts[name_.value], 5'000u);
  EXPECT_EQ(view().find_index("i")->entries, 5'000u);
  EXPECT_EQ(view().property(NodeId(9'998), name_).as_integer(), 9'998);
  tx_->bulk_property(NodeId(3), name_, std::vector<Value>{Value("three"), Value(), Value("five")});
  EXPECT_EQ(view().property(NodeId(3), name_).as_string(), "three");
  EXPECT_TRUE(view().property(NodeId(4), name_).is_null());
  EXPECT_EQ(view().property(NodeId(6), name_).as_integer(), 6);
  EXPECT_EQ(view().statistics().node_key_counts[name_.value], 5'001u);
  std::vector<uint32_t> found;
  view().find_index("i")->find("five", found);
  view().find_index("i")->find(4, found);
  EXPECT_EQ(found, (std::vector<uint32_t>{5}));
}

TEST_F(TransactionTest, BulkPagesFillIdsAndKeepTheOthers) {
  const NodeId first = tx_->bulk_nodes(std::vector<LabelId>{person_}, 10'000);
  ASSERT_EQ(first, NodeId(0));
  const auto page = [](uint32_t from, uint32_t to, int64_t add) {
    std::vector<std::pair<uint16_t, Value>> values;
    for (uint32_t i = from; i < to; i += 2) values.emplace_back(static_cast<uint16_t>(i), Value(int64_t{i} + add));
    return ColumnPage::build(values);
  };
  tx_->bulk_page(EntityType::Node, 1, name_, page(0, 100, 0));
  tx_->bulk_page(EntityType::Node, 1, name_, page(50, 200, 1'000));
  tx_->bulk_page(EntityType::Node, 0, name_, nullptr);
  EXPECT_TRUE(tx_->is_bulk());
  const auto at = [&](uint32_t id) { return view().property(NodeId(id), name_).to_literal(); };
  EXPECT_EQ(at(4'096 + 48), "48");
  EXPECT_EQ(at(4'096 + 50), "1050");
  EXPECT_EQ(at(4'096 + 198), "1198");
  EXPECT_EQ(at(4'096 + 51), "null");
  EXPECT_EQ(view().statistics().node_key_counts[name_.value], 100u);

  tx_->create_index("i", person_, name_, true);
  tx_->bulk_page(EntityType::Node, 0, name_, page(0, 10, 5'000));
  std::vector<uint32_t> found;
  view().find_index("i")->find(5'004, found);
  EXPECT_EQ(found, (std::vector<uint32_t>{4}));
  EXPECT_EQ(code_of([&] { tx_->bulk_page(EntityType::Node, 2, name_, page(0, 10, 5'000)); }),
            "ConstraintValidationFailed.UniqueConstraint");
  EXPECT_EQ(code_of([&] { tx_->bulk_page(EntityType::Node, 2, name_, page(1'800, 1'810, 0)); }),
            "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(code_of([&] { tx_->bulk_page(EntityType::Relationship, 0, name_, page(0, 2, 0)); }),
            "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(view().statistics().node_key_counts[name_.value], 105u);
}

/// Entries of all lists and rows of the table.
std::vector<uint32_t> all_relationships(const Snapshot& graph, TypeId type) {
  std::vector<uint32_t> out;
  AdjacencyCursor cursor;
  for (const Direction direction : {Direction::Out, Direction::In}) {
    for (uint32_t id = 0; id < graph.node_limit(); ++id) {
      cursor.open(graph.adjacency(type, direction), NodeId(id));
      for (AdjacencySegment list; cursor.next(list);) {
        for (uint32_t i = 0; i < list.size; ++i) out.insert(out.end(), {id, list.neighbours[i], list.rel(i)});
      }
    }
  }
  for (uint32_t id = 0; id < graph.relationship_limit(); ++id) {
    const Relationship r = graph.relationship(RelId(id));
    out.insert(out.end(), {r.type.value, r.source.value, r.target.value});
  }
  return out;
}

TEST_F(TransactionTest, BulkLoadingDoesNotDependOnTheNumberOfThreads) {
  constexpr uint32_t kNodes = 30'000, kCount = 300'000;
  std::vector<std::pair<NodeId, NodeId>> ends;
  for (uint32_t i = 0; i < kCount; ++i) ends.emplace_back(i * 7'919 % kNodes, i % 3 == 0 ? 5 : i * 104'729 % kNodes);
  const auto empty = tx_->savepoint();
  std::vector<std::vector<uint32_t>> results;
  for (const unsigned threads : {1u, 2u, 5u}) {
    tx_->roll_back_to(empty);
    tx_->set_threads(threads);
    tx_->bulk_nodes(std::vector<LabelId>{person_}, kNodes);
    std::vector<uint32_t> order;
    tx_->bulk_relationships(knows_, std::span(ends).subspan(0, 1'000));
    tx_->bulk_relationships(knows_, ends, &order);
    results.push_back(all_relationships(view(), knows_));
    results.back().insert(results.back().end(), order.begin(), order.end());
    results.back().push_back(static_cast<uint32_t>(view().statistics().source_count(knows_, person_)));
    results.back().push_back(static_cast<uint32_t>(view().statistics().target_count(knows_, person_)));
  }
  EXPECT_EQ(results[0].back(), kCount + 1'000);
  EXPECT_TRUE(results[1] == results[0]);
  EXPECT_TRUE(results[2] == results[0]);
}

TEST_F(TransactionTest, BulkRelationshipsGoToNodesThatExist) {
  tx_->bulk_nodes({}, 10);
  tx_->delete_node(NodeId(4));
  using Ends = std::vector<std::pair<NodeId, NodeId>>;
  EXPECT_EQ(code_of([&] {
              tx_->bulk_relationships(knows_, Ends{{NodeId(3), NodeId(4)}});
            }),
            "EntityNotFound.DeletedEntityAccess");
  tx_->bulk_relationships(knows_, Ends{{NodeId(3), NodeId(5)}});
  EXPECT_EQ(view().relationship_count(), 1u);
}

TEST_F(TransactionTest, BulkRelationshipsTakeFewBytes) {
  constexpr uint32_t kNodes = 20'000, kCount = 400'000;
  tx_->bulk_nodes({}, kNodes);
  std::vector<std::pair<NodeId, NodeId>> ends;
  for (uint32_t i = 0; i < kCount; ++i) ends.emplace_back(i * 7'919 % kNodes, i * 104'729 % kNodes);
  tx_->bulk_relationships(knows_, ends);
  const Snapshot::Memory memory = view().memory();
  EXPECT_LE(memory.adjacency + memory.relationships, uint64_t{24} * kCount);
}

// ---- change sets ----

TEST_F(TransactionTest, RecordsWhatChangedOnly) {
  const NodeId n = node({person_});
  const size_t before = tx_->changes().changes.size();
  tx_->label("Person");
  tx_->add_label(n, person_);
  tx_->remove_label(n, other_);
  tx_->set_property(n, name_, {});
  EXPECT_EQ(tx_->changes().changes.size(), before);
  tx_->set_property(n, name_, 1);
  EXPECT_EQ(tx_->changes().changes.size(), before + 1);
  EXPECT_EQ(tx_->changes().changes.back().kind, Change::Kind::SetNodeProperty);
}

TEST_F(TransactionTest, ApplyingAChangeSetGivesTheSameGraph) {
  const NodeId a = node({other_, person_}), b = node();
  tx_->create_index("i", person_, name_, true);
  tx_->set_property(a, name_, "A");
  const RelId r = tx_->create_relationship(knows_, a, b);
  tx_->set_property(r, name_, List{Value(1)});
  tx_->create_relationship(knows_, b, b);
  tx_->delete_relationship(RelId(1));
  tx_->remove_label(a, other_);
  node();
  tx_->delete_node(NodeId(2));
  tx_->create_index("j", other_, name_, false);
  tx_->drop_index("j");

  GraphStore second;
  auto replay = second.begin();
  replay->apply(tx_->changes());
  const Snapshot& s = replay->view();
  EXPECT_EQ(s.labels(a), (std::vector<LabelId>{person_}));
  EXPECT_EQ(s.names().labels.name(other_.value), "Other");
  EXPECT_EQ(s.property(a, name_).as_string(), "A");
  EXPECT_EQ(s.property(r, name_).as_list().size(), 1u);
  EXPECT_EQ(s.node_count(), 2u);
  EXPECT_EQ(s.node_limit(), 3u);
  EXPECT_EQ(s.relationship_count(), 1u);
  EXPECT_EQ(s.relationship_limit(), 2u);
  ASSERT_EQ(s.indexes().size(), 1u);
  EXPECT_TRUE(s.indexes()[0].definition.unique);
  EXPECT_EQ(s.indexes()[0].entries, 1u);
  EXPECT_EQ(replay->changes().changes.size(), tx_->changes().changes.size());
}

TEST_F(TransactionTest, RefusesAChangeSetThatDoesNotFit) {
  const NodeId a = node({person_});
  tx_->set_property(a, name_, 1);
  tx_->create_relationship(knows_, a, a);
  const auto change = [](Change::Kind kind, uint32_t id, uint32_t number = 0, uint32_t source = 0,
                         uint32_t target = 0) {
    Change c;
    c.kind = kind;
    c.id = id;
    c.number = number;
    c.source = source;
    c.target = target;
    return c;
  };
  using Kind = Change::Kind;
  Change twice = change(Kind::DefineLabel, 0, 2);
  twice.text = "Person";
  Change gap = change(Kind::DefineKey, 0, 7);
  gap.text = "gap";
  Change labels = change(Kind::CreateNode, 1);
  labels.numbers = {9};
  Change bad_value = change(Kind::SetNodeProperty, 0, 0);
  bad_value.value = Value::map({});
  const std::vector<Change> bad{twice,
                                gap,
                                labels,
                                bad_value,
                                change(Kind::CreateNode, 2),
                                change(Kind::CreateNode, 0),
                                change(Kind::DeleteNode, 0),
                                change(Kind::DeleteNode, 5),
                                change(Kind::AddLabel, 9, 0),
                                change(Kind::AddLabel, 0, 9),
                                change(Kind::SetNodeProperty, 0, 3),
                                change(Kind::CreateRelationship, 1, 0, 0, 8),
                                change(Kind::CreateRelationship, 2, 0, 0, 0),
                                change(Kind::CreateRelationship, 1, 5, 0, 0),
                                change(Kind::DeleteRelationship, 1),
                                change(Kind::SetRelationshipProperty, 1, 0),
                                change(Kind::CreateIndex, 1),
                                change(Kind::CreateIndex, 0, 7),
                                change(Kind::DropIndex, 0),
                                change(static_cast<Kind>(99), 0)};
  for (const Change& c : bad) {
    ChangeSet set;
    set.changes.push_back(change(Kind::AddLabel, 0, other_.value));
    set.changes.push_back(c);
    EXPECT_EQ(code_of([&] { tx_->apply(set); }), "StorageError.Corrupt") << static_cast<int>(c.kind) << " " << c.id;
    EXPECT_FALSE(view().has_label(a, other_));
  }
}

TEST_F(TransactionTest, ChangeSetsThatAreAppliedOneAfterTheOtherCanShareTheirPages) {
  const auto create = [](uint32_t id) {
    ChangeSet set;
    Change& change = set.changes.emplace_back();
    change.kind = Change::Kind::CreateNode;
    change.id = id;
    return set;
  };
  Snapshot copy = view();
  const auto page = [&] {
    copy = view();
    return SnapshotParts(copy).nodes.find(0);
  };
  tx_->apply(create(0), Transaction::Misfit::Breaks);
  const NodePage* first = page();
  tx_->apply(create(1), Transaction::Misfit::Breaks);
  EXPECT_EQ(page(), first);
  tx_->apply(create(2));
  EXPECT_NE(page(), first);
  EXPECT_EQ(code_of([&] { tx_->apply(create(7), Transaction::Misfit::Breaks); }), "StorageError.Corrupt");
  EXPECT_EQ(code_of([&] { store_.commit(std::move(tx_)); }), "StorageError.TransactionBroken");
}

// ---- pages that cannot be read ----

class FailingLoader : public PageLoader {
 public:
  std::unique_ptr<const Page> load(const PageKey&) const override {
    throw Error::storage("Corrupt", "the page's checksum does not fit");
  }
};

TEST(BrokenTransaction, CanOnlyBeRolledBack) {
  Snapshot initial;
  {
    GraphStore maker;
    auto tx = maker.begin();
    tx->type("KNOWS");
    const NodeId a = tx->create_node({});
    tx->create_relationship(TypeId(0), a, a);
    maker.commit(std::move(tx));
    initial = *maker.current();
    SnapshotParts parts(initial);
    // The page of incoming relationships is found damaged after that of outgoing ones has been changed.
    parts.adjacency.mutate(1)[1].set_handle(
        0, std::make_shared<PageHandle>(PageKey{PageKind::Adjacency, 1, 0, 5}, std::make_shared<FailingLoader>()), 1);
  }
  GraphStore store(initial);
  auto tx = store.begin();
  tx->create_node({});
  const auto point = tx->savepoint();
  const auto create = [&] { tx->create_relationship(TypeId(0), NodeId(0), NodeId(0)); };
  EXPECT_EQ(code_of(create), "StorageError.Corrupt");
  tx->roll_back_to(point);
  EXPECT_EQ(tx->view().relationship_count(), 1u);
  EXPECT_EQ(store.commit(std::move(tx)), 2u);

  tx = store.begin();
  EXPECT_EQ(code_of(create), "StorageError.Corrupt");
  EXPECT_EQ(code_of([&] { store.commit(std::move(tx)); }), "StorageError.TransactionBroken");
  EXPECT_EQ(store.current()->version(), 2u);
  tx = store.begin();
  tx->create_node({});
  EXPECT_EQ(store.commit(std::move(tx)), 3u);
}

}  // namespace
}  // namespace entente
