// Values of results: nodes and relationships with their data.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "entente/core/error.h"
#include "entente/core/snapshot.h"

namespace entente {

NodeData Snapshot::node_data(NodeId node) const {
  NodeData data{node, {}, {}};
  if (!has_node(node)) return data;
  for (const LabelId label : labels(node)) data.labels.push_back(names_->labels.name(label.value));
  data.properties = properties(node);
  return data;
}

RelationshipData Snapshot::relationship_data(RelId rel) const {
  RelationshipData data{rel, {}, {}, {}, {}};
  if (!has_relationship(rel)) return data;
  const Relationship r = relationship(rel);
  data.start = r.source;
  data.end = r.target;
  data.type = names_->types.name(r.type.value);
  data.properties = properties(rel);
  return data;
}

namespace {

constexpr int kDeepestValue = 1'000;  // lists and maps within one another

/// Gives the nodes and relationships in one value their data. What is there several times is made once and shared.
class Materializer {
 public:
  using Listener = std::function<void(size_t bytes)>;

  Materializer(const Snapshot& snapshot, const Listener& made) : snapshot_(snapshot), made_(made) {}

  /// What a part becomes (nothing: it stays as it is), and how many levels of lists and maps it has.
  struct Part {
    std::optional<Value> value;
    int levels = 0;
  };

  Part part(const Value& value, int depth) {
    switch (value.kind()) {
      case ValueKind::Node:
        if (value.node_data() != nullptr) return {};
        return {entity(nodes_, value.as_node().value, depth,
                       [&] { return Value::node(snapshot_.node_data(value.as_node())); }),
                0};
      case ValueKind::Relationship:
        if (value.relationship_data() != nullptr) return {};
        return {entity(relationships_, value.as_relationship().value, depth,
                       [&] { return Value::relationship(snapshot_.relationship_data(value.as_relationship())); }),
                0};
      case ValueKind::List:
        return container(&value.as_list(), depth, [&] { return list(value.as_list(), false, depth); });
      case ValueKind::Path:
        return container(&value.as_path(), depth, [&] { return list(value.as_path(), true, depth); });
      case ValueKind::Map:
        return container(&value.as_map(), depth, [&] { return map(value.as_map(), depth); });
      default:
        return {};
    }
  }

 private:
  static constexpr size_t kForgotten = 1'024;  // containers that are looked at before it pays to remember them
  static constexpr size_t kStepsBetweenCalls = 4'096;

  template <class Make>
  Value entity(std::unordered_map<uint32_t, Value>& known, uint32_t id, int depth, Make make) {
    if (depth == 0) return count(make());
    const auto found = known.find(id);
    if (found != known.end()) return found->second;
    return known.emplace(id, count(make())).first->second;
  }

  Value count(Value value) {
    tell(value.heap_bytes());
    return value;
  }

  void tell(size_t bytes) {
    if (made_) made_(bytes);
  }

  template <class Make>
  Part container(const void* identity, int depth, Make make) {
    const auto found = done_.find(identity);
    if (found != done_.end()) {
      check_depth(depth + found->second.levels);
      return found->second;
    }
    check_depth(depth);
    Part made = make();
    if (++containers_ > kForgotten) done_.emplace(identity, made);
    return made;
  }

  static void check_depth(int depth) {
    if (depth <= kDeepestValue) return;
    throw Error::resource("ValueTooDeep", "a result value has lists or maps within one another more than " +
                                              std::to_string(kDeepestValue) + " deep; return a flatter value");
  }

  void step() {
    if (++steps_ % kStepsBetweenCalls == 0) tell(0);
  }

  Part list(const List& from, bool is_path, int depth) {
    int levels = 0;
    std::optional<List> changed;
    for (size_t i = 0; i < from.size(); ++i) {
      step();
      Part made = part(from[i], depth + 1);
      levels = std::max(levels, made.levels);
      if (!made.value && !changed) continue;
      if (!changed) {
        tell(from.size() * sizeof(Value));
        changed.emplace();
        changed->reserve(from.size());
        changed->insert(changed->end(), from.begin(), from.begin() + static_cast<ptrdiff_t>(i));
      }
      changed->push_back(made.value ? std::move(*made.value) : from[i]);
    }
    if (!changed) return {{}, levels + 1};
    return {is_path ? Value::path(std::move(*changed)) : Value(std::move(*changed)), levels + 1};
  }

  Part map(const Map& from, int depth) {
    int levels = 0;
    std::optional<Map> changed;
    for (size_t i = 0; i < from.size(); ++i) {
      step();
      Part made = part(from[i].second, depth + 1);
      levels = std::max(levels, made.levels);
      if (!made.value) continue;
      if (!changed) {
        tell(from.size() * sizeof(Map::value_type));
        changed = from;
      }
      (*changed)[i].second = std::move(*made.value);
    }
    if (!changed) return {{}, levels + 1};
    return {Value::map(std::move(*changed)), levels + 1};
  }

  const Snapshot& snapshot_;
  const Listener& made_;
  std::unordered_map<uint32_t, Value> nodes_;
  std::unordered_map<uint32_t, Value> relationships_;
  std::unordered_map<const void*, Part> done_;  // by list or map
  size_t containers_ = 0;
  size_t steps_ = 0;
};

}  // namespace

Value Snapshot::materialize(const Value& value, const std::function<void(size_t bytes)>& made) const {
  std::optional<Value> result = Materializer(*this, made).part(value, 0).value;
  return result ? std::move(*result) : value;
}

}  // namespace entente
