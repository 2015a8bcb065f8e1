// The graph in memory against a simple twin: std::map and std::set, no pages, no sharing.
//
// Random operations are done to both. At commits, after rollbacks, and later again for versions that were kept,
// everything visible in the version is compared with what the twin says. At the end the change sets that the commits
// gave to the log are replayed into another store, which must come to the same graph.
#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

constexpr uint32_t kLabels = 4;
constexpr uint32_t kTypes = 3;
constexpr uint32_t kKeys = 3;

struct ModelIndex {
  uint32_t label;
  uint32_t key;
  bool unique;
};

struct Model {
  std::map<uint32_t, std::set<uint32_t>> nodes;                                // labels
  std::map<uint32_t, std::tuple<uint32_t, uint32_t, uint32_t>> relationships;  // type, source, target
  std::map<std::pair<uint32_t, uint32_t>, Value> node_values;                  // (key, id)
  std::map<std::pair<uint32_t, uint32_t>, Value> relationship_values;
  std::map<std::string, ModelIndex> indexes;
  uint32_t node_limit = 0;
  uint32_t relationship_limit = 0;

  Value value(uint32_t node, uint32_t key) const {
    auto it = node_values.find({key, node});
    return it == node_values.end() ? Value() : it->second;
  }
  /// Whether a node with this label, other than `node`, has an equivalent value.
  bool taken(const ModelIndex& index, uint32_t node, const Value& value) const {
    if (!index.unique || value.is_null()) return false;
    for (const auto& [id, labels] : nodes) {
      if (id != node && labels.count(index.label) != 0 && Value::equivalent(this->value(id, index.key), value))
        return true;
    }
    return false;
  }
};

std::string name(const char* prefix, uint32_t number) { return prefix + std::to_string(number); }

bool identical(const Value& a, const Value& b) { return a.kind() == b.kind() && Value::equivalent(a, b); }

// ---- comparing ----

class Comparison {
 public:
  Comparison(const Snapshot& snapshot, const Model& model, std::mt19937& random)
      : s_(snapshot), m_(model), random_(random) {}

  void everything() {
    nodes();
    relationships();
    adjacency();
    properties();
    statistics();
    for (const auto& [name, index] : m_.indexes) this->index(name, index);
    EXPECT_EQ(s_.indexes().size(), m_.indexes.size());
  }

 private:
  LabelId label(uint32_t l) const { return s_.names().label(name("L", l)); }
  TypeId type(uint32_t t) const { return s_.names().type(name("T", t)); }
  KeyId key(uint32_t k) const { return s_.names().key(name("k", k)); }

  template <class Scan>
  std::vector<uint32_t> scan_all(uint32_t limit, Scan scan) {
    std::vector<uint32_t> all;
    for (uint32_t from = 0; from < limit;) {
      const size_t most = std::uniform_int_distribution<size_t>(1, 5'000)(random_);
      const size_t before = all.size();
      const uint32_t next = scan(from, most, all);
      EXPECT_LE(all.size() - before, most);
      EXPECT_GT(next, from);
      if (next <= from) break;
      from = next;
    }
    return all;
  }

  void nodes() {
    ASSERT_EQ(s_.node_limit(), m_.node_limit);
    ASSERT_EQ(s_.node_count(), m_.nodes.size());
    std::vector<uint32_t> expected;
    std::vector<std::vector<uint32_t>> by_label(kLabels);
    for (const auto& [id, labels] : m_.nodes) {
      expected.push_back(id);
      std::vector<LabelId> ids;
      for (const uint32_t l : labels) {
        ids.push_back(label(l));
        by_label[l].push_back(id);
      }
      std::sort(ids.begin(), ids.end());
      ASSERT_EQ(s_.labels(NodeId(id)), ids) << "node " << id;
    }
    ASSERT_EQ(scan_all(s_.node_limit(), [&](auto&&... a) { return s_.scan_nodes(a...); }), expected);
    for (uint32_t i = 0; i < 50; ++i) {
      const NodeId node(std::uniform_int_distribution<uint32_t>(0, m_.node_limit + 2)(random_));
      ASSERT_EQ(s_.has_node(node), m_.nodes.count(node.value) != 0);
    }
    for (uint32_t l = 0; l < kLabels; ++l) {
      ASSERT_EQ(s_.label_count(label(l)), by_label[l].size());
      const auto found = scan_all(s_.node_limit(), [&](auto&&... a) { return s_.scan_label(label(l), a...); });
      ASSERT_EQ(found, by_label[l]) << "label " << l;
    }
  }

  void relationships() {
    ASSERT_EQ(s_.relationship_limit(), m_.relationship_limit);
    ASSERT_EQ(s_.relationship_count(), m_.relationships.size());
    std::vector<uint32_t> expected;
    for (const auto& [id, r] : m_.relationships) {
      expected.push_back(id);
      ASSERT_TRUE(s_.has_relationship(RelId(id)));
      const Relationship found = s_.relationship(RelId(id));
      ASSERT_EQ(std::tuple(found.type, found.source.value, found.target.value),
                std::tuple(type(std::get<0>(r)), std::get<1>(r), std::get<2>(r)));
    }
    const auto found = scan_all(s_.relationship_limit(), [&](auto&&... a) { return s_.scan_relationships(a...); });
    ASSERT_EQ(found, expected);
  }

  void adjacency() {
    using Entries = std::vector<AdjacencyEntry>;
    std::map<std::tuple<uint32_t, int, uint32_t>, Entries> lists;
    for (const auto& [id, r] : m_.relationships) {
      const auto [t, source, target] = r;
      lists[{t, 0, source}].push_back({target, id});
      lists[{t, 1, target}].push_back({source, id});
    }
    for (auto& [place, entries] : lists) std::sort(entries.begin(), entries.end());
    AdjacencyCursor cursor;
    std::map<std::pair<uint32_t, int>, uint64_t> degrees;
    for (uint32_t t = 0; t < kTypes; ++t) {
      for (const int d : {0, 1}) {
        const Adjacency& adjacency = s_.adjacency(type(t), static_cast<Direction>(d));
        for (uint32_t node = 0; node < m_.node_limit; ++node) {
          auto it = lists.find({t, d, node});
          const Entries none;
          const Entries& expected = it == lists.end() ? none : it->second;
          Entries found;
          AdjacencySegment segment;
          cursor.open(adjacency, NodeId(node));
          while (cursor.next(segment)) {
            ASSERT_GT(segment.size, 0u);
            for (uint32_t i = 0; i < segment.size; ++i) found.push_back({segment.neighbours[i], segment.rel(i)});
          }
          ASSERT_EQ(found.size(), expected.size()) << "type " << t << " direction " << d << " node " << node;
          ASSERT_TRUE(found == expected) << "type " << t << " direction " << d << " node " << node;
          ASSERT_EQ(degree(adjacency, NodeId(node)), expected.size());
          degrees[{node, d}] += expected.size();
          if (!expected.empty()) neighbours(adjacency, node, expected);
        }
      }
    }
    for (uint32_t i = 0; i < 20 && m_.node_limit > 0; ++i) {
      const uint32_t node = std::uniform_int_distribution<uint32_t>(0, m_.node_limit - 1)(random_);
      ASSERT_EQ(s_.degree(NodeId(node), Direction::Out), (degrees[{node, 0}]));
      ASSERT_EQ(s_.degree(NodeId(node), Direction::Both), (degrees[{node, 0}] + degrees[{node, 1}]));
    }
  }

  void neighbours(const Adjacency& adjacency, uint32_t node, const std::vector<AdjacencyEntry>& expected) {
    const uint32_t known = expected[std::uniform_int_distribution<size_t>(0, expected.size() - 1)(random_)].neighbour;
    for (const uint32_t neighbour : {known, known + 1}) {
      std::vector<RelId> rels, expected_rels;
      for (const AdjacencyEntry& e : expected) {
        if (e.neighbour == neighbour) expected_rels.emplace_back(e.rel);
      }
      ASSERT_EQ(find_neighbour(adjacency, NodeId(node), NodeId(neighbour), &rels), !expected_rels.empty());
      ASSERT_EQ(find_neighbour(adjacency, NodeId(node), NodeId(neighbour)), !expected_rels.empty());
      ASSERT_EQ(rels, expected_rels);
    }
  }

  void properties() {
    for (uint32_t k = 0; k < kKeys; ++k) {
      for (const auto& [id, labels] : m_.nodes) {
        ASSERT_TRUE(identical(s_.property(NodeId(id), key(k)), m_.value(id, k))) << "node " << id << " key " << k;
      }
      for (const auto& [id, r] : m_.relationships) {
        auto it = m_.relationship_values.find({k, id});
        const Value expected = it == m_.relationship_values.end() ? Value() : it->second;
        ASSERT_TRUE(identical(s_.property(RelId(id), key(k)), expected)) << "relationship " << id << " key " << k;
      }
    }
    if (m_.nodes.empty()) return;
    const uint32_t node = m_.nodes.begin()->first;
    size_t count = 0;
    for (uint32_t k = 0; k < kKeys; ++k) count += m_.value(node, k).is_null() ? 0 : 1;
    ASSERT_EQ(s_.properties(NodeId(node)).size(), count);
  }

  void statistics() {
    std::map<uint32_t, uint64_t> types;
    std::map<std::pair<uint32_t, uint32_t>, uint64_t> by_source, by_target;
    std::map<uint32_t, uint64_t> node_keys, relationship_keys;
    for (const auto& [id, r] : m_.relationships) {
      const auto [t, source, target] = r;
      ++types[t];
      for (const uint32_t l : m_.nodes.at(source)) ++by_source[{t, l}];
      for (const uint32_t l : m_.nodes.at(target)) ++by_target[{t, l}];
    }
    for (const auto& [place, value] : m_.node_values) ++node_keys[place.first];
    for (const auto& [place, value] : m_.relationship_values) ++relationship_keys[place.first];
    const Statistics& found = s_.statistics();
    for (uint32_t t = 0; t < kTypes; ++t) {
      ASSERT_EQ(found.type_count(type(t)), types[t]);
      for (uint32_t l = 0; l < kLabels; ++l) {
        ASSERT_EQ(found.source_count(type(t), label(l)), (by_source[{t, l}])) << "type " << t << " label " << l;
        ASSERT_EQ(found.target_count(type(t), label(l)), (by_target[{t, l}])) << "type " << t << " label " << l;
      }
    }
    const auto at = [](const std::vector<uint64_t>& v, uint32_t i) { return i < v.size() ? v[i] : 0; };
    for (uint32_t k = 0; k < kKeys; ++k) {
      ASSERT_EQ(at(found.node_key_counts, key(k).value), node_keys[k]);
      ASSERT_EQ(at(found.relationship_key_counts, key(k).value), relationship_keys[k]);
    }
  }

  struct Less {
    bool operator()(const Value& a, const Value& b) const { return Value::order(a, b) < 0; }
  };

  void index(const std::string& name, const ModelIndex& expected) {
    const Index* index = s_.find_index(name);
    ASSERT_NE(index, nullptr) << name;
    ASSERT_EQ(s_.find_index(label(expected.label), key(expected.key)), index);
    ASSERT_EQ(index->definition.unique, expected.unique);
    std::map<Value, std::vector<uint32_t>, Less> values;  // in order of value, then of node
    size_t count = 0;
    for (const auto& [id, labels] : m_.nodes) {
      const Value value = m_.value(id, expected.key);
      if (value.is_null() || labels.count(expected.label) == 0) continue;
      values[value].push_back(id);
      ++count;
    }
    ASSERT_EQ(index->entries, count);
    ASSERT_EQ(index->distinct_values, values.size());
    for (const auto& [value, nodes] : values) {
      std::vector<uint32_t> found;
      index->find(value, found);
      ASSERT_EQ(found, nodes) << name << " " << value.to_literal();
    }
    std::vector<Value> bounds{Value(3), Value(4.5), Value("m"), Value(true), Value(Date{5})};
    for (const auto& [value, nodes] : values) {
      if (random_() % 8 == 0) bounds.push_back(value);
    }
    for (int i = 0; i < 20; ++i) {
      std::optional<Value> low, high;
      if (random_() % 4 != 0) low = bounds[random_() % bounds.size()];
      if (random_() % 4 != 0) high = bounds[random_() % bounds.size()];
      range(*index, values, low, random_() % 2 == 0, high, random_() % 2 == 0);
    }
  }

  static bool within(const Value& a, const Value& b, bool inclusive) {
    return (inclusive ? Value::less_or_equal(a, b) : Value::less(a, b)).value_or(false);
  }

  void range(const Index& index, const std::map<Value, std::vector<uint32_t>, Less>& values,
             const std::optional<Value>& low, bool low_inclusive, const std::optional<Value>& high,
             bool high_inclusive) {
    std::vector<uint32_t> expected, found;
    for (const auto& [value, nodes] : values) {
      if (low && !within(*low, value, low_inclusive)) continue;
      if (high && !within(value, *high, high_inclusive)) continue;
      expected.insert(expected.end(), nodes.begin(), nodes.end());
    }
    index.range(low, low_inclusive, high, high_inclusive, found);
    ASSERT_EQ(found, expected) << (low ? low->to_literal() : "-") << " to " << (high ? high->to_literal() : "-");
  }

  const Snapshot& s_;
  const Model& m_;
  std::mt19937& random_;
};

void compare(const Snapshot& snapshot, const Model& model, std::mt19937& random) {
  Comparison(snapshot, model, random).everything();
}

// ---- operating ----

/// Keeps what a log would store.
class RecordingLog : public CommitLog {
 public:
  void append(std::span<const Record> records) override {
    for (const Record& r : records) {
      EXPECT_EQ(r.number, base.version() + written.size() + 1);
      written.push_back(*r.changes);
    }
  }
  void store_whole(const Snapshot& snapshot) override {
    base = snapshot;
    written.clear();
  }
  Snapshot base;
  std::vector<ChangeSet> written;
};

class Twins {
 public:
  explicit Twins(uint32_t seed) : random_(seed), store_({}, &log_) {}

  /// Names, so that their numbers differ from the model's.
  void prepare(uint32_t bulk_nodes) {
    start();
    for (uint32_t l = kLabels; l-- > 0;) tx_->label(name("L", l));
    for (uint32_t t = kTypes; t-- > 0;) tx_->type(name("T", t));
    for (uint32_t k = kKeys; k-- > 0;) tx_->key(name("k", k));
    if (bulk_nodes > 0) bulk(bulk_nodes);
    commit();
  }

  /// Nodes, relationships and properties, built in bulk beside what there is.
  void bulk(uint32_t count) {
    const uint32_t l = pick(kLabels), t = pick(kTypes), k = pick(kKeys);
    const std::vector<LabelId> labels{label(l)};
    const NodeId first = tx_->bulk_nodes(labels, count);
    ASSERT_EQ(first.value, model_.node_limit);
    std::vector<Value> values;
    for (uint32_t i = 0; i < count; ++i) {
      model_.nodes[model_.node_limit++] = {l};
      values.push_back(i % 3 == 0 ? Value() : random_value());
    }
    const bool constrained = std::any_of(model_.indexes.begin(), model_.indexes.end(),
                                         [&](const auto& e) { return e.second.unique && e.second.key == k; });
    if (!constrained) {
      tx_->bulk_property(first, key(k), values);
      for (uint32_t i = 0; i < count; ++i) {
        if (!values[i].is_null()) model_.node_values[{k, first.value + i}] = values[i];
      }
    }
    std::vector<std::pair<NodeId, NodeId>> ends;
    for (uint32_t i = 0; i < count * 2; ++i) ends.emplace_back(random_node(), random_node());
    std::vector<uint32_t> order;
    const RelId first_rel = tx_->bulk_relationships(type(t), ends, &order);
    ASSERT_EQ(first_rel.value, model_.relationship_limit);
    ASSERT_EQ(order.size(), ends.size());
    std::vector<Value> rel_values;
    for (const uint32_t place : order) {
      const uint32_t rel = model_.relationship_limit++;
      model_.relationships[rel] = {t, ends[place].first.value, ends[place].second.value};
      rel_values.push_back(rel % 2 == 0 ? Value(static_cast<int64_t>(rel)) : Value());
      if (rel % 2 == 0) model_.relationship_values[{k, rel}] = rel_values.back();
    }
    tx_->bulk_property(first_rel, key(k), rel_values);
  }

  /// One node with a great many relationships.
  void hub(uint32_t count) {
    start();
    const NodeId centre = random_node();
    const uint32_t t = pick(kTypes);
    for (uint32_t i = 0; i < count; ++i) {
      const NodeId other = random_node();
      if (i % 2 == 0)
        connect(t, centre, other);
      else
        connect(t, other, centre);
    }
    hub_ = centre;
    commit();
  }

  /// Takes most of the hub's relationships away again.
  void wither(uint32_t keep) {
    start();
    std::vector<uint32_t> doomed;
    for (const auto& [id, r] : model_.relationships) {
      if (std::get<1>(r) == hub_.value || std::get<2>(r) == hub_.value) doomed.push_back(id);
    }
    std::shuffle(doomed.begin(), doomed.end(), random_);
    for (size_t i = keep; i < doomed.size(); ++i) disconnect(doomed[i]);
    commit();
  }

  void run(int transactions, int operations) {
    for (int i = 0; i < transactions && !testing::Test::HasFatalFailure(); ++i) {
      start();
      const int count = static_cast<int>(random_() % static_cast<uint32_t>(operations)) + 1;
      for (int j = 0; j < count && !testing::Test::HasFatalFailure(); ++j) operate(0);
      if (pick(5) == 0)
        abandon();
      else
        commit();
    }
  }

  void check_kept() {
    for (const auto& [snapshot, model] : kept_) compare(*snapshot, model, random_);
    compare(*store_.current(), model_, random_);
  }

  /// Replays the log into another store.
  void check_replay() {
    GraphStore second(log_.base);
    for (const ChangeSet& changes : log_.written) {
      auto transaction = second.begin();
      transaction->apply(changes);
      second.publish_replayed(std::move(transaction));
    }
    ASSERT_EQ(second.current()->version(), store_.current()->version());
    compare(*second.current(), model_, random_);
  }

  void start() {
    before_ = model_;
    tx_ = store_.begin();
  }
  void commit() {
    const uint64_t version = store_.current()->version();
    const bool empty = tx_->empty();
    ASSERT_EQ(store_.commit(std::move(tx_)), version + (empty ? 0 : 1));
    if (pick(6) == 0) compare(*store_.current(), model_, random_);
    if (kept_.size() < 6 && pick(10) == 0) kept_.emplace_back(store_.current(), model_);
  }
  void abandon() {
    tx_.reset();
    model_ = before_;
    if (pick(3) == 0) compare(*store_.current(), model_, random_);
  }

 private:
  uint32_t pick(uint32_t count) { return static_cast<uint32_t>(random_() % count); }
  LabelId label(uint32_t l) { return tx_->label(name("L", l)); }
  TypeId type(uint32_t t) { return tx_->type(name("T", t)); }
  KeyId key(uint32_t k) { return tx_->key(name("k", k)); }

  NodeId random_node() {
    if (pick(4) == 0 && model_.nodes.count(hub_.value) != 0) return hub_;
    auto it = model_.nodes.lower_bound(pick(model_.node_limit));
    return NodeId(it == model_.nodes.end() ? model_.nodes.begin()->first : it->first);
  }

  Value random_value() {
    switch (pick(12)) {
      case 0:
        return Value(static_cast<double>(pick(20)));  // equivalent to an integer
      case 1:
        return Value(pick(20) / 2.0);
      case 2:
        return Value(pick(2) == 0);
      case 3:
        return Value(Date{static_cast<int64_t>(pick(30))});
      case 4:
        return Value(List{Value(static_cast<int64_t>(pick(3))), Value("x")});
      case 5:
      case 6:
        return Value(std::string(pick(30), static_cast<char>('a' + pick(26))));
      case 7:
        return Value(7);  // very common
      default:
        return Value(static_cast<int64_t>(pick(2'000)));
    }
  }

  void connect(uint32_t t, NodeId source, NodeId target) {
    const RelId rel = tx_->create_relationship(type(t), source, target);
    ASSERT_EQ(rel.value, model_.relationship_limit++);
    model_.relationships[rel.value] = {t, source.value, target.value};
  }

  void disconnect(uint32_t rel) {
    tx_->delete_relationship(RelId(rel));
    model_.relationships.erase(rel);
    for (uint32_t k = 0; k < kKeys; ++k) model_.relationship_values.erase({k, rel});
  }

  void operate(int depth) {
    if (model_.nodes.empty()) return create_node();
    switch (pick(20)) {
      case 0:
      case 1:
        return create_node();
      case 2:
        return delete_node();
      case 3:
      case 4:
        return change_label();
      case 5:
      case 6:
      case 7:
      case 8:
        return set_node_property();
      case 9:
        return set_relationship_property();
      case 10:
      case 11:
      case 12:
      case 13:
        return connect(pick(kTypes), random_node(), random_node());
      case 14:
      case 15:
        return delete_some_relationship();
      case 16:
        return change_indexes();
      case 17:
        return refuse();
      default:
        if (depth < 3) savepoint(depth);
    }
  }

  void create_node() {
    std::vector<LabelId> labels;
    std::set<uint32_t> expected;
    for (uint32_t i = pick(4); i > 0; --i) {
      const uint32_t l = pick(kLabels);
      labels.push_back(label(l));  // perhaps twice
      expected.insert(l);
    }
    ASSERT_EQ(tx_->create_node(labels).value, model_.node_limit);
    model_.nodes[model_.node_limit++] = expected;
  }

  void delete_node() {
    const NodeId node = random_node();
    const bool connected = tx_->view().degree(node, Direction::Both) > 0;
    try {
      tx_->delete_node(node);
      ASSERT_FALSE(connected);
      model_.nodes.erase(node.value);
      for (uint32_t k = 0; k < kKeys; ++k) model_.node_values.erase({k, node.value});
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), "ConstraintVerificationFailed.DeleteConnectedNode");
      ASSERT_TRUE(connected);
    }
  }

  void change_label() {
    const NodeId node = random_node();
    const uint32_t l = pick(kLabels);
    std::set<uint32_t>& labels = model_.nodes.at(node.value);
    if (pick(2) == 0) {
      ASSERT_EQ(tx_->remove_label(node, label(l)), labels.erase(l) != 0);
      return;
    }
    bool taken = false;
    for (const auto& [name, index] : model_.indexes) {
      if (index.label == l && labels.count(l) == 0) {
        taken |= model_.taken(index, node.value, model_.value(node.value, index.key));
      }
    }
    try {
      ASSERT_EQ(tx_->add_label(node, label(l)), labels.count(l) == 0);
      ASSERT_FALSE(taken);
      labels.insert(l);
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), "ConstraintValidationFailed.UniqueConstraint");
      ASSERT_TRUE(taken);
    }
  }

  void set_node_property() {
    const NodeId node = random_node();
    const uint32_t k = pick(kKeys);
    const Value value = pick(5) == 0 ? Value() : random_value();
    bool taken = false;
    for (const auto& [name, index] : model_.indexes) {
      if (index.key == k && model_.nodes.at(node.value).count(index.label) != 0) {
        taken |= model_.taken(index, node.value, value);
      }
    }
    try {
      tx_->set_property(node, key(k), value);
      ASSERT_FALSE(taken);
      if (value.is_null())
        model_.node_values.erase({k, node.value});
      else
        model_.node_values[{k, node.value}] = value;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), "ConstraintValidationFailed.UniqueConstraint");
      ASSERT_TRUE(taken);
    }
  }

  std::optional<uint32_t> random_relationship() {
    if (model_.relationships.empty()) return std::nullopt;
    auto it = model_.relationships.lower_bound(pick(model_.relationship_limit));
    return it == model_.relationships.end() ? model_.relationships.begin()->first : it->first;
  }

  void set_relationship_property() {
    const auto rel = random_relationship();
    if (!rel) return;
    const uint32_t k = pick(kKeys);
    const Value value = pick(5) == 0 ? Value() : random_value();
    tx_->set_property(RelId(*rel), key(k), value);
    if (value.is_null())
      model_.relationship_values.erase({k, *rel});
    else
      model_.relationship_values[{k, *rel}] = value;
  }

  void delete_some_relationship() {
    if (const auto rel = random_relationship()) disconnect(*rel);
  }

  void change_indexes() {
    if (pick(3) != 0) return;
    const std::string chosen = name("index", pick(3));
    const ModelIndex wanted{pick(kLabels), pick(kKeys), pick(3) == 0};
    if (model_.indexes.count(chosen) != 0) {
      if (pick(2) == 0) return;
      tx_->drop_index(chosen);
      model_.indexes.erase(chosen);
      return;
    }
    bool exists = false;
    for (const auto& [n, index] : model_.indexes) exists |= index.label == wanted.label && index.key == wanted.key;
    bool violated = false;
    std::set<Value, Less> seen;
    for (const auto& [id, labels] : model_.nodes) {
      const Value value = model_.value(id, wanted.key);
      if (!wanted.unique || value.is_null() || labels.count(wanted.label) == 0) continue;
      violated |= !seen.insert(value).second;
    }
    try {
      tx_->create_index(chosen, label(wanted.label), key(wanted.key), wanted.unique);
      ASSERT_FALSE(exists || violated);
      model_.indexes[chosen] = wanted;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), exists ? "SchemaError.AlreadyExists" : "ConstraintValidationFailed.UniqueConstraint");
      ASSERT_TRUE(exists || violated);
    }
  }
  struct Less {
    bool operator()(const Value& a, const Value& b) const { return Value::order(a, b) < 0; }
  };

  /// Calls that must throw and change nothing.
  void refuse() {
    const NodeId node = random_node();
    EXPECT_THROW(tx_->set_property(node, key(0), Value::map({})), Error);
    EXPECT_THROW(tx_->set_property(NodeId(model_.node_limit), key(0), Value(1)), Error);
    EXPECT_THROW(tx_->create_relationship(type(0), node, NodeId(model_.node_limit)), Error);
    EXPECT_THROW(tx_->delete_relationship(RelId(model_.relationship_limit)), Error);
    EXPECT_THROW(tx_->add_label(node, LabelId(99)), Error);
  }

  void savepoint(int depth) {
    if (model_.nodes.size() > 1'000 && pick(20) != 0) return;  // the twin is copied whole
    const Transaction::Savepoint point = tx_->savepoint();
    const Model model = model_;
    for (uint32_t i = pick(8); i > 0 && !testing::Test::HasFatalFailure(); --i) operate(depth + 1);
    const uint32_t what = pick(3);
    if (what == 0) return;
    if (what == 1 && pick(10) == 0) compare(tx_->view(), model_, random_);
    tx_->roll_back_to(point);
    model_ = model;
    if (pick(10) == 0) compare(tx_->view(), model_, random_);
  }

  std::mt19937 random_;
  RecordingLog log_;
  GraphStore store_;
  std::unique_ptr<Transaction> tx_;
  Model model_;
  Model before_;  // when the transaction began
  NodeId hub_;
  std::vector<std::pair<SnapshotPtr, Model>> kept_;
};

class GraphModel : public testing::TestWithParam<uint32_t> {};

TEST_P(GraphModel, ManySmallTransactions) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Twins twins(GetParam());
  twins.prepare(0);
  twins.run(250, 20);
  twins.check_kept();
  twins.check_replay();
}

TEST_P(GraphModel, LongTransactionsOverManyPages) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Twins twins(GetParam() + 100);
  twins.prepare(4'500);
  twins.run(8, 1'000);
  twins.start();
  twins.bulk(2'000);
  twins.commit();
  twins.run(8, 500);
  twins.check_kept();
  twins.check_replay();
}

INSTANTIATE_TEST_SUITE_P(Seeds, GraphModel, testing::Range(1u, 6u));

TEST(GraphModelHub, GrowsHugeAndShrinksAgain) {
  const uint32_t seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Twins twins(seed);
  twins.prepare(3'000);
  twins.hub(45'000);
  twins.check_kept();
  twins.run(4, 200);
  twins.check_kept();
  twins.wither(25'000);
  twins.check_kept();
  twins.wither(9'000);
  twins.run(4, 200);
  twins.check_kept();
  twins.check_replay();
}

}  // namespace
}  // namespace entente
