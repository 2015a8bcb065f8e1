// Indexes on several properties, on relationships and on text, and constraints, as a Transaction keeps them.
#include <gtest/gtest.h>

#include "entente/core/full_text.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

template <class Fn>
std::string failure_of(Fn fn) {
  try {
    fn();
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

class SchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    tx_ = store_.begin();
    l_ = tx_->label("L");
    m_ = tx_->label("M");
    t_ = tx_->type("T");
    a_ = tx_->key("a");
    b_ = tx_->key("b");
  }

  NodeId node(std::vector<LabelId> labels, Value a = {}, Value b = {}) {
    const NodeId id = tx_->create_node(labels);
    tx_->set_property(id, a_, a);
    tx_->set_property(id, b_, b);
    return id;
  }
  RelId rel(Value a) {
    const NodeId end = tx_->create_node({});
    const RelId id = tx_->create_relationship(t_, end, end);
    tx_->set_property(id, a_, a);
    return id;
  }
  static IndexDefinition range(std::string name, EntityType entity, uint32_t token, std::vector<KeyId> keys,
                               bool unique = false, bool required = false) {
    IndexDefinition d;
    d.name = std::move(name);
    d.entity = entity;
    d.tokens = {token};
    d.keys = std::move(keys);
    d.unique = unique;
    d.required = required;
    return d;
  }
  IndexDefinition text(std::string name, std::vector<uint32_t> tokens, std::vector<KeyId> keys) {
    IndexDefinition d;
    d.name = std::move(name);
    d.kind = IndexKind::FullText;
    d.tokens = std::move(tokens);
    d.keys = std::move(keys);
    d.analyzer = "english";
    return d;
  }
  std::vector<uint32_t> find(std::string_view index, const Value& value) {
    std::vector<uint32_t> found;
    tx_->view().find_index(index)->find(value, found);
    return found;
  }
  std::vector<uint32_t> posted(std::string_view index, std::string_view term, bool prefix = false) {
    std::vector<uint32_t> found;
    for_each_posting(*tx_->view().find_index(index), term, prefix, [&](std::string_view, Posting&& posting) {
      found.push_back(posting.element);
      return true;
    });
    return found;
  }
  Constraint constraint(std::string name, Constraint::Kind kind, EntityType entity, uint32_t token) {
    Constraint c;
    c.name = std::move(name);
    c.kind = kind;
    c.entity = entity;
    c.token = token;
    c.key = a_;
    c.type.kinds = kind_bit(ValueKind::Integer);
    return c;
  }

  GraphStore store_;
  std::unique_ptr<Transaction> tx_;
  LabelId l_, m_;
  TypeId t_;
  KeyId a_, b_;
};

using Ids = std::vector<uint32_t>;

/// Creating asks again and again whether to go on, and what stops it leaves nothing behind.
TEST_F(SchemaTest, CreatingCanBeStoppedAtEveryPoll) {
  for (int64_t i = 0; i < 20'000; ++i)
    node({l_}, (i * 7919) % 20'011, i % 2 == 0 ? Value("text " + std::to_string(i)) : Value());
  for (int64_t i = 0; i < 10'000; ++i) node({m_}, "same");
  Constraint exists;
  exists.name = "c";
  exists.kind = Constraint::Kind::Exists;
  exists.token = l_.value;
  exists.key = a_;
  const std::vector<std::function<void()>> all = {
      [&] { tx_->create_index(range("i", EntityType::Node, l_.value, {a_})); },
      [&] { tx_->create_index(range("i", EntityType::Node, l_.value, {a_}, true, true)); },
      [&] {
        tx_->create_index(range("i", EntityType::Node, l_.value, {b_, a_}));
      },
      [&] { tx_->create_index(range("i", EntityType::Node, m_.value, {a_})); },
      [&] { tx_->create_index(text("i", {l_.value}, {b_})); },
      [&] { tx_->create_constraint(exists); },
  };
  for (size_t k = 0; k < all.size(); ++k) {
    size_t polls = 0;
    size_t bytes = 0;
    const Transaction::Savepoint before = tx_->savepoint();
    tx_->set_poll([&](size_t more) {
      ++polls;
      bytes += more;
    });
    all[k]();
    const Transaction::Undone undone = tx_->roll_back_to(before);
    EXPECT_GE(undone.parts(), k + 1 < all.size() ? 10'000u : 1u) << k;
    EXPECT_GE(polls, 5u) << k;
    EXPECT_GE(bytes, k + 1 < all.size() ? 10'000 * sizeof(OrderedPage::Entry) : 0) << k;
    for (size_t last = 1; last <= polls; last += std::max<size_t>(1, polls / 20)) {
      size_t n = 0;
      tx_->set_poll([&](size_t) {
        if (++n == last) throw Error::resource("Cancelled", "stop");
      });
      EXPECT_EQ(failure_of(all[k]), "ResourceError.Cancelled") << k << ", poll " << last;
      EXPECT_TRUE(tx_->view().indexes().empty() && tx_->view().constraints().empty());
    }
    tx_->set_poll(nullptr);
  }
}

TEST_F(SchemaTest, CompositeIndexHoldsWhatHasAllProperties) {
  const NodeId before = node({l_}, 1, 2);
  tx_->create_index(range("i", EntityType::Node, l_.value, {a_, b_}));
  const NodeId after = node({l_}, 1, 2);
  const NodeId half = node({l_}, 1);
  node({m_}, 1, 2);
  EXPECT_EQ(find("i", List{Value(1), Value(2)}), (Ids{before.value, after.value}));
  tx_->set_property(half, b_, 2.0);
  EXPECT_EQ(find("i", List{Value(1), Value(2)}), (Ids{before.value, after.value, half.value}));
  tx_->set_property(before, a_, {});
  tx_->remove_label(after, l_);
  EXPECT_EQ(find("i", List{Value(1), Value(2)}), (Ids{half.value}));
  tx_->add_label(after, l_);
  tx_->delete_node(half);
  EXPECT_EQ(find("i", List{Value(1), Value(2)}), (Ids{after.value}));
  Ids found;
  tx_->view().find_index("i")->prefix({Value(1.0)}, found);
  EXPECT_EQ(found, (Ids{after.value}));
}

TEST_F(SchemaTest, RelationshipIndexFollowsWrites) {
  const RelId one = rel(1);
  tx_->create_index(range("i", EntityType::Relationship, t_.value, {a_}));
  const RelId two = rel(1);
  EXPECT_EQ(find("i", 1), (Ids{one.value, two.value}));
  tx_->set_property(one, a_, 2);
  EXPECT_EQ(find("i", 1), (Ids{two.value}));
  tx_->delete_relationship(two);
  EXPECT_EQ(find("i", 1), Ids{});
  EXPECT_EQ(find("i", 2), (Ids{one.value}));
}

TEST_F(SchemaTest, UniquenessOfSeveralProperties) {
  tx_->create_index(range("u", EntityType::Node, l_.value, {a_, b_}, true));
  node({l_}, 1, 1);
  node({l_}, 1, 2);
  node({l_}, 1);
  const NodeId other = node({l_}, 1);
  EXPECT_EQ(failure_of([&] { tx_->set_property(other, b_, 2); }), "ConstraintValidationFailed.UniqueConstraint");
  const NodeId elsewhere = node({m_}, 1, 2);
  EXPECT_EQ(failure_of([&] { tx_->add_label(elsewhere, l_); }), "ConstraintValidationFailed.UniqueConstraint");
  const std::vector<Value> values{Value(2)};
  EXPECT_EQ(failure_of([&] { tx_->bulk_property(other, b_, values); }), "ConstraintValidationFailed.UniqueConstraint");
}

TEST_F(SchemaTest, UniquenessOfRelationships) {
  const RelId one = rel(1);
  rel(2);
  tx_->create_index(range("u", EntityType::Relationship, t_.value, {a_}, true));
  EXPECT_EQ(failure_of([&] { tx_->set_property(one, a_, 2); }), "ConstraintValidationFailed.UniqueConstraint");
  tx_->set_property(one, a_, 1.0);
  const std::vector<Value> same{Value(3), Value(3)};
  EXPECT_EQ(failure_of([&] { tx_->bulk_property(one, a_, same); }), "ConstraintValidationFailed.UniqueConstraint");
  tx_->drop_index("u");
  tx_->bulk_property(one, a_, same);
  EXPECT_EQ(failure_of([&] { tx_->create_index(range("u", EntityType::Relationship, t_.value, {a_}, true)); }),
            "ConstraintValidationFailed.UniqueConstraint");
}

TEST_F(SchemaTest, ExistenceIsCheckedAtTheCommit) {
  tx_->create_constraint(constraint("c", Constraint::Kind::Exists, EntityType::Node, l_.value));
  const NodeId late = tx_->create_node({&l_, 1});
  EXPECT_EQ(failure_of([&] { tx_->check_constraints(); }), "ConstraintValidationFailed.ExistenceConstraint");
  tx_->set_property(late, a_, 1);
  store_.commit(std::move(tx_));
  tx_ = store_.begin();
  tx_->set_property(late, a_, {});
  EXPECT_EQ(failure_of([&] { store_.commit(std::move(tx_)); }), "ConstraintValidationFailed.ExistenceConstraint");
  EXPECT_FALSE(store_.current()->property(late, a_).is_null());
  tx_ = store_.begin();
  const NodeId unlabelled = tx_->create_node({});
  tx_->add_label(unlabelled, l_);
  EXPECT_EQ(failure_of([&] { tx_->check_constraints(); }), "ConstraintValidationFailed.ExistenceConstraint");
  tx_->delete_node(unlabelled);
  tx_->check_constraints();
  const LabelId labels[] = {l_};
  tx_->bulk_nodes(labels, 3);
  EXPECT_EQ(failure_of([&] { store_.commit(std::move(tx_)); }), "ConstraintValidationFailed.ExistenceConstraint");
  EXPECT_EQ(store_.current()->node_count(), 1u);
}

TEST_F(SchemaTest, RollingBackForgetsWhatWasToBeChecked) {
  tx_->create_constraint(constraint("c", Constraint::Kind::Exists, EntityType::Relationship, t_.value));
  const auto savepoint = tx_->savepoint();
  rel({});
  EXPECT_EQ(failure_of([&] { tx_->check_constraints(); }), "ConstraintValidationFailed.ExistenceConstraint");
  tx_->roll_back_to(savepoint);
  tx_->check_constraints();
}

TEST_F(SchemaTest, TypesAndKeys) {
  tx_->create_constraint(constraint("c", Constraint::Kind::Type, EntityType::Node, l_.value));
  const NodeId n = node({l_}, 1);
  tx_->check_constraints();
  tx_->set_property(n, a_, "one");
  EXPECT_EQ(failure_of([&] { tx_->check_constraints(); }), "ConstraintValidationFailed.TypeConstraint");
  tx_->set_property(n, a_, {});
  tx_->check_constraints();
  EXPECT_EQ(failure_of([&] { tx_->create_index(range("k", EntityType::Node, l_.value, {a_}, true, true)); }),
            "ConstraintValidationFailed.ExistenceConstraint");
  tx_->set_property(n, a_, 5);
  tx_->create_index(range("k", EntityType::Node, l_.value, {a_}, true, true));
  tx_->create_node({&l_, 1});
  EXPECT_EQ(failure_of([&] { tx_->check_constraints(); }), "ConstraintValidationFailed.ExistenceConstraint");
}

TEST_F(SchemaTest, ConstraintsDoNotComeOverDataThatBreakThem) {
  node({l_}, "x");
  EXPECT_EQ(
      failure_of([&] { tx_->create_constraint(constraint("c", Constraint::Kind::Type, EntityType::Node, l_.value)); }),
      "ConstraintValidationFailed.TypeConstraint");
  EXPECT_TRUE(tx_->view().constraints().empty());
}

TEST_F(SchemaTest, NamesAreSharedByIndexesAndConstraints) {
  tx_->create_constraint(constraint("c", Constraint::Kind::Exists, EntityType::Node, l_.value));
  EXPECT_EQ(failure_of([&] { tx_->create_index("c", l_, a_, false); }), "SchemaError.AlreadyExists");
  EXPECT_EQ(failure_of(
                [&] { tx_->create_constraint(constraint("d", Constraint::Kind::Exists, EntityType::Node, l_.value)); }),
            "SchemaError.AlreadyExists");
  tx_->create_constraint(constraint("d", Constraint::Kind::Exists, EntityType::Node, m_.value));
  tx_->drop_constraint("c");
  EXPECT_EQ(failure_of([&] { tx_->drop_constraint("c"); }), "SchemaError.NotFound");
  EXPECT_EQ(tx_->view().constraints().size(), 1u);
}

TEST_F(SchemaTest, FullTextFollowsWrites) {
  const NodeId one = node({l_}, "Foreign ministers meet", "summit");
  tx_->create_index(text("t", {l_.value, m_.value}, {a_, b_}));
  const NodeId two = node({m_}, "The minister's summit");
  const NodeId both = node({l_, m_}, List{Value("meeting"), Value("room")});
  node({}, "minister");
  EXPECT_EQ(posted("t", "minist"), (Ids{two.value, one.value}));  // the shorter text first
  EXPECT_EQ(posted("t", "summit"), (Ids{two.value, one.value}));  // by property first
  EXPECT_EQ(posted("t", "meet"), (Ids{both.value, one.value}));
  EXPECT_EQ(posted("t", "m", true).size(), 4u);
  EXPECT_EQ(tx_->view().find_index("t")->fields[0].documents, 3u);
  EXPECT_EQ(tx_->view().find_index("t")->fields[1].words, 1u);
  tx_->remove_label(both, m_);
  EXPECT_EQ(posted("t", "room"), (Ids{both.value}));
  tx_->remove_label(both, l_);
  EXPECT_EQ(posted("t", "room"), Ids{});
  tx_->set_property(one, a_, 7);
  EXPECT_EQ(posted("t", "minist"), (Ids{two.value}));
  tx_->delete_node(two);
  EXPECT_EQ(posted("t", "minist"), Ids{});
  EXPECT_EQ(posted("t", "summit"), (Ids{one.value}));
  tx_->set_property(one, b_, {});
  EXPECT_EQ(tx_->view().find_index("t")->entries, 0u);
  EXPECT_EQ(tx_->view().find_index("t")->fields[0].words, 0u);
}

TEST_F(SchemaTest, FullTextOfARolledBackWriteIsGone) {
  tx_->create_index(text("t", {l_.value}, {a_}));
  const NodeId n = node({l_}, "before");
  store_.commit(std::move(tx_));
  const SnapshotPtr old = store_.current();
  tx_ = store_.begin();
  const auto savepoint = tx_->savepoint();
  tx_->set_property(n, a_, "after");
  EXPECT_EQ(posted("t", "after"), (Ids{n.value}));
  tx_->roll_back_to(savepoint);
  EXPECT_EQ(posted("t", "after"), Ids{});
  EXPECT_EQ(posted("t", "before").size() + posted("t", "befor").size(), 1u);
}

TEST_F(SchemaTest, FullTextSplitsManyPostings) {
  tx_->create_index(text("t", {l_.value}, {a_}));
  for (int i = 0; i < 3'000; ++i) node({l_}, "common w" + std::to_string(i));
  EXPECT_EQ(posted("t", "common").size(), 3'000u);
  EXPECT_EQ(posted("t", "w17").size(), 1u);
  tx_->drop_index("t");
  tx_->create_index(text("t", {l_.value}, {a_}));
  EXPECT_EQ(posted("t", "common").size(), 3'000u);
}

TEST_F(SchemaTest, ReplayingGivesTheSameSchema) {
  tx_->create_index(range("i", EntityType::Relationship, t_.value, {a_, b_}, true, true));
  tx_->create_index(text("t", {l_.value, m_.value}, {b_}));
  Constraint c = constraint("c", Constraint::Kind::Type, EntityType::Node, l_.value);
  c.type.lists = {kind_bit(ValueKind::String)};
  tx_->create_constraint(c);
  tx_->create_constraint(constraint("gone", Constraint::Kind::Exists, EntityType::Node, m_.value));
  tx_->drop_constraint("gone");
  node({l_}, 1, "text here");
  GraphStore copy;
  auto replayed = copy.begin();
  replayed->apply(tx_->changes());
  const Snapshot& s = replayed->view();
  ASSERT_EQ(s.indexes().size(), 2u);
  const IndexDefinition& i = s.find_index("i")->definition;
  EXPECT_TRUE(i.unique && i.required && i.entity == EntityType::Relationship);
  EXPECT_EQ(i.keys, (std::vector<KeyId>{a_, b_}));
  const IndexDefinition& t = s.find_index("t")->definition;
  EXPECT_EQ(t.tokens, (std::vector<uint32_t>{l_.value, m_.value}));
  EXPECT_EQ(t.analyzer, "english");
  EXPECT_EQ(s.find_index("t")->entries, 2u);
  ASSERT_EQ(s.constraints().size(), 1u);
  EXPECT_EQ(s.constraints()[0].type.text(), "INTEGER | LIST<STRING NOT NULL>");
  EXPECT_EQ(s.constraints()[0].id, tx_->view().constraints()[0].id);
}

TEST_F(SchemaTest, RefusesIndexesThatCannotBe) {
  EXPECT_EQ(failure_of([&] { tx_->create_index(range("", EntityType::Node, l_.value, {a_})); }),
            "ArgumentError.InvalidName");
  EXPECT_EQ(failure_of([&] {
              tx_->create_index(range("x", EntityType::Node, l_.value, {a_, a_}));
            }),
            "ArgumentError.InvalidIndex");
  EXPECT_EQ(failure_of([&] { tx_->create_index(range("x", EntityType::Relationship, 99, {a_})); }),
            "ArgumentError.UnknownName");
  IndexDefinition d = text("t", {l_.value}, {a_});
  d.analyzer = "none";
  EXPECT_EQ(failure_of([&] { tx_->create_index(d); }), "ArgumentError.UnknownAnalyzer");
}

}  // namespace
}  // namespace entente
