#include "script.h"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "entente/core/adjacency.h"
#include "entente/core/graph_store.h"

namespace entente {
namespace {

constexpr uint64_t kIndexCreated = 1;  // in which commit
constexpr uint64_t kAttemptsCreated = 6;
constexpr uint64_t kNumberedCreated = 14;
constexpr uint64_t kAttemptsDropped = 17;
constexpr uint64_t kBulk = 10;  // every so many
constexpr size_t kLong = 1'200'000;

std::string text_of(uint64_t n) {
  return std::string(n == 5 || n == kBulk ? kLong : n * 37 % 500, static_cast<char>('a' + n % 26));
}
/// Long texts have a property of their own, so that not each checkpoint has to write them.
const char* text_key(uint64_t n) { return n == 5 || n == kBulk ? "long" : "text"; }
uint64_t earlier(uint64_t n) { return n * 7 % (2 * n - 1); }

NodeId make_pair(Transaction& t, LabelId step, int64_t n, int64_t attempt) {
  const NodeId a = t.create_node(std::span(&step, 1));
  const NodeId b = t.create_node(std::span(&step, 1));
  for (const NodeId node : {a, b}) {
    t.set_property(node, t.key("n"), Value(n));
    t.set_property(node, t.key("attempt"), Value(attempt));
  }
  t.set_property(t.create_relationship(t.type("PAIR"), a, b), t.key("n"), Value(n));
  return a;
}

NodeId load_pair(Transaction& t, LabelId step, int64_t n, int64_t attempt) {
  const NodeId a = t.bulk_nodes(std::span(&step, 1), 2);
  const std::pair<NodeId, NodeId> ends{a, NodeId(a.value + 1)};
  t.bulk_property(a, t.key("n"), std::vector<Value>{Value(n), Value(n)});
  t.bulk_property(a, t.key("attempt"), std::vector<Value>{Value(attempt), Value(attempt)});
  t.bulk_property(t.bulk_relationships(t.type("PAIR"), std::span(&ends, 1)), t.key("n"), std::vector<Value>{Value(n)});
  return a;
}

void change_schema(Transaction& t, LabelId step, uint64_t n) {
  if (n == kIndexCreated) t.create_index("steps", step, t.key("n"), false);
  if (n == kAttemptsCreated) t.create_index("attempts", step, t.key("attempt"), false);
  if (n == kNumberedCreated) {
    Constraint numbered;
    numbered.name = "numbered";
    numbered.token = step.value;
    numbered.key = t.key("n");
    t.create_constraint(numbered);
  }
  if (n == kAttemptsDropped) t.drop_index("attempts");
}

/// What differs between a version and the commits that it counts, which these attempts made.
class Comparison {
 public:
  Comparison(const Snapshot& snapshot, const std::vector<uint64_t>& attempts)
      : s_(snapshot), attempts_(attempts), commits_(snapshot.version()) {}

  std::string run() {
    expect("nodes", s_.node_count(), commits_ == 0 ? 0 : 2 * commits_ + 1);
    expect("relationships", s_.relationship_count(), 2 * commits_);
    if (commits_ == 0 || out_.tellp() > 0) return out_.str();
    for (uint64_t n = 1; n <= commits_; ++n) step(n);
    expect_value("last", s_.property(NodeId(0), s_.names().key("last")), attempts_[commits_]);
    index("steps", true, 2 * commits_);
    index("attempts", commits_ >= kAttemptsCreated && commits_ < kAttemptsDropped, 2 * commits_);
    expect("constraints", s_.constraints().size(), commits_ >= kNumberedCreated ? 1 : 0);
    return out_.str();
  }

 private:
  void expect(const std::string& what, uint64_t is, uint64_t should) {
    if (is != should) out_ << what << " is " << is << " and not " << should << "; ";
  }
  void expect_value(const std::string& what, const Value& is, uint64_t should) {
    if (!Value::equivalent(is, Value(static_cast<int64_t>(should))))
      out_ << what << " is " << is.to_literal().substr(0, 50) << " and not " << should << "; ";
  }
  void step(uint64_t n) {
    const std::string name = "commit " + std::to_string(n) + ": ";
    const NodeId a(static_cast<uint32_t>(2 * n - 1));
    const NodeId b(a.value + 1);
    for (const NodeId node : {a, b}) {
      expect_value(name + "n", s_.property(node, s_.names().key("n")), n);
      expect_value(name + "attempt", s_.property(node, s_.names().key("attempt")), attempts_[n]);
    }
    const Value text = s_.property(a, s_.names().key(text_key(n)));
    if (!Value::equivalent(text, Value(text_of(n)))) out_ << name << "its text is another; ";
    std::vector<RelId> rels;
    const bool paired = find_neighbour(s_.adjacency(s_.names().type("PAIR"), Direction::Out), a, b, &rels) &&
                        find_neighbour(s_.adjacency(s_.names().type("PAIR"), Direction::In), b, a);
    expect(name + "pair", paired, 1);
    if (paired) expect_value(name + "pair's n", s_.property(rels.at(0), s_.names().key("n")), n);
    expect(name + "after",
           find_neighbour(s_.adjacency(s_.names().type("AFTER"), Direction::Out), a,
                          NodeId(static_cast<uint32_t>(earlier(n)))),
           1);
  }
  void index(const char* name, bool exists, uint64_t entries) {
    const Index* index = s_.find_index(name);
    expect(std::string("index ") + name, index != nullptr, exists);
    if (index != nullptr && exists) expect(std::string("entries of index ") + name, index->entries, entries);
  }

  const Snapshot& s_;
  const std::vector<uint64_t>& attempts_;
  const uint64_t commits_;
  std::ostringstream out_;
};

uint64_t attempt_of(const Snapshot& snapshot, uint64_t n) {
  const Value value = snapshot.property(NodeId(static_cast<uint32_t>(2 * n - 1)), snapshot.names().key("attempt"));
  return value.is_null() ? 0 : static_cast<uint64_t>(value.as_integer());
}

}  // namespace

Record::Record(uint64_t commits) : attempts_(commits), durable_(commits) {
  for (uint64_t n = 1; n <= commits; ++n) {
    tried_[n] = {n};
    acknowledged_[n] = n;
  }
}

uint64_t Record::attempt(uint64_t commit) {
  const std::lock_guard lock(mutex_);
  tried_[commit].insert(++attempts_);
  return attempts_;
}

void Record::acknowledge(uint64_t commit, uint64_t attempt) {
  const std::lock_guard lock(mutex_);
  acknowledged_[commit] = attempt;
}

void Record::durable() {
  const std::lock_guard lock(mutex_);
  durable_ = acknowledged_.empty() ? 0 : acknowledged_.rbegin()->first;
}

uint64_t Record::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_.empty() ? 0 : acknowledged_.rbegin()->first;
}

uint64_t Record::durable_commit() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

std::string Record::compare(const Snapshot& snapshot, uint64_t at_least) const {
  const std::lock_guard lock(mutex_);
  const uint64_t version = snapshot.version();
  if (version < at_least)
    return "it has " + std::to_string(version) + " commits, and " + std::to_string(at_least) + " were acknowledged";
  std::vector<uint64_t> attempts{0};
  for (uint64_t n = 1; n <= version; ++n) {
    const auto acknowledged = acknowledged_.find(n);
    const auto tried = tried_.find(n);
    attempts.push_back(attempt_of(snapshot, n));
    if (acknowledged != acknowledged_.end() && attempts[n] != acknowledged->second) {
      return "commit " + std::to_string(n) + " is attempt " + std::to_string(attempts[n]) + ", and " +
             std::to_string(acknowledged->second) + " was acknowledged";
    }
    if (tried == tried_.end() || !tried->second.contains(attempts[n]))
      return "commit " + std::to_string(n) + " was never tried as attempt " + std::to_string(attempts[n]);
  }
  return Comparison(snapshot, attempts).run();
}

void Record::adopt(const Snapshot& snapshot) {
  const std::lock_guard lock(mutex_);
  acknowledged_.clear();
  for (uint64_t n = 1; n <= snapshot.version(); ++n) acknowledged_[n] = attempt_of(snapshot, n);
}

std::pair<uint64_t, uint64_t> make_step(Transaction& t, Record& record) {
  const uint64_t n = t.view().version() + 1;
  const uint64_t attempt = record.attempt(n);
  const auto number = static_cast<int64_t>(n);
  const auto numbered_attempt = static_cast<int64_t>(attempt);
  const LabelId step = t.label("Step");
  if (n == 1) t.create_node({});
  change_schema(t, step, n);
  const NodeId a =
      n % kBulk == 0 ? load_pair(t, step, number, numbered_attempt) : make_pair(t, step, number, numbered_attempt);
  t.set_property(a, t.key(text_key(n)), Value(text_of(n)));
  t.create_relationship(t.type("AFTER"), a, NodeId(static_cast<uint32_t>(earlier(n))));
  t.set_property(NodeId(0), t.key("last"), Value(numbered_attempt));
  return {n, attempt};
}

}  // namespace entente
