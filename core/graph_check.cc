#include "entente/core/graph_check.h"

#include <algorithm>

#include "entente/core/error.h"
#include "entente/core/full_text.h"

namespace entente {
namespace {

constexpr size_t kCheckedAtOnce = 1 << 16;

std::string digits(uint64_t number) { return std::to_string(number); }

class GraphCheck {
 public:
  GraphCheck(const Snapshot& graph, Findings& findings) : graph_(graph), findings_(findings) {}

  void run() {
    part("nodes and labels", [&] { nodes(); });
    part("relationships", [&] { relationships(); });
    for (uint32_t type = 0; type < graph_.type_limit(); ++type) {
      for (const Direction direction : {Direction::Out, Direction::In}) {
        part(lists_name(TypeId(type), direction), [&] { lists(TypeId(type), direction); });
      }
    }
    for (const EntityType entity : {EntityType::Node, EntityType::Relationship}) {
      for (uint32_t key = 0; key < graph_.names().keys.size(); ++key) {
        part("property " + graph_.names().keys.name(key), [&] { column(entity, KeyId(key)); });
      }
    }
    for (const Index& index : graph_.indexes()) {
      part("index " + index.definition.name, [&] {
        if (index.definition.kind == IndexKind::FullText)
          full_text(index);
        else
          range(index);
      });
    }
  }

 private:
  template <class Fn>
  void part(const std::string& name, Fn fn) {
    try {
      fn();
    } catch (const Error& error) {
      findings_.add("checking " + name + " ended: " + error.what());
    }
  }
  void expect_equal(const std::string& what, uint64_t stated, uint64_t counted) {
    if (stated == counted) return;
    findings_.add(what + " is stated to be " + digits(stated) + ", but " + digits(counted) + " were counted");
  }
  std::string lists_name(TypeId type, Direction direction) const {
    return std::string(direction == Direction::Out ? "outgoing" : "incoming") + " lists of " +
           graph_.names().types.name(type.value);
  }

  void nodes() {
    const uint32_t labels = graph_.names().labels.size();
    std::vector<uint64_t> counts(labels);
    uint64_t count = 0;
    for (uint32_t id = 0; id < graph_.node_limit(); ++id) {
      if (!graph_.has_node(NodeId(id))) continue;
      ++count;
      for (const LabelId label : graph_.labels(NodeId(id))) ++counts[label.value];
    }
    expect_equal("the number of nodes", graph_.node_count(), count);
    for (uint32_t label = 0; label < labels; ++label) {
      const std::string name = "label " + graph_.names().labels.name(label);
      uint64_t members = 0;
      std::vector<uint32_t> some;
      for (uint32_t at = 0; at < graph_.node_limit();) {
        some.clear();
        at = graph_.scan_label(LabelId(label), at, kCheckedAtOnce, some);
        members += some.size();
        for (const uint32_t id : some) {
          const bool has = graph_.has_node(NodeId(id)) && graph_.has_label(NodeId(id), LabelId(label)) &&
                           std::ranges::binary_search(graph_.labels(NodeId(id)), LabelId(label));
          if (!has) findings_.add(name + " lists node " + digits(id) + ", which does not have it");
        }
      }
      if (members != counts[label]) {
        findings_.add(name + " lists " + digits(members) + " nodes, but " + digits(counts[label]) + " have it");
      }
      expect_equal("the number of nodes with " + name, graph_.label_count(LabelId(label)), counts[label]);
    }
  }

  void relationships() {
    const uint32_t types = graph_.names().types.size();
    const uint32_t labels = graph_.names().labels.size();
    std::vector<uint64_t> counts(types);
    std::vector<uint64_t> ends[2] = {std::vector<uint64_t>(size_t{types} * labels),
                                     std::vector<uint64_t>(size_t{types} * labels)};
    uint64_t count = 0;
    for (uint32_t id = 0; id < graph_.relationship_limit(); ++id) {
      if (!graph_.has_relationship(RelId(id))) continue;
      ++count;
      const Relationship r = graph_.relationship(RelId(id));
      if (r.type.value >= types || !graph_.has_node(r.source) || !graph_.has_node(r.target)) {
        findings_.add("relationship " + digits(id) + " has no type, or an end that is not there");
        continue;
      }
      ++counts[r.type.value];
      for (const LabelId label : graph_.labels(r.source)) ++ends[0][size_t{r.type.value} * labels + label.value];
      for (const LabelId label : graph_.labels(r.target)) ++ends[1][size_t{r.type.value} * labels + label.value];
    }
    expect_equal("the number of relationships", graph_.relationship_count(), count);
    const Statistics& s = graph_.statistics();
    for (uint32_t type = 0; type < types; ++type) {
      const std::string name = graph_.names().types.name(type);
      expect_equal("the number of relationships of type " + name, s.type_count(TypeId(type)), counts[type]);
      for (uint32_t label = 0; label < labels; ++label) {
        const std::string at = name + " at nodes with label " + graph_.names().labels.name(label);
        const size_t place = size_t{type} * labels + label;
        expect_equal("the number of outgoing " + at, s.source_count(TypeId(type), LabelId(label)), ends[0][place]);
        expect_equal("the number of incoming " + at, s.target_count(TypeId(type), LabelId(label)), ends[1][place]);
      }
    }
  }

  /// Each entry must be a relationship of this type with these ends. As a list has each relationship once, there are as
  /// many entries as relationships only if none is missing.
  void lists(TypeId type, Direction direction) {
    const std::string name = lists_name(type, direction);
    AdjacencyCursor cursor;
    uint64_t entries = 0;
    for (uint32_t id = 0; id < graph_.node_limit(); ++id) {
      cursor.open(graph_.adjacency(type, direction), NodeId(id));
      AdjacencyEntry last{};
      bool first = true;
      for (AdjacencySegment list; cursor.next(list);) {
        entries += list.size;
        for (uint32_t i = 0; i < list.size; ++i) {
          const AdjacencyEntry entry{list.neighbours[i], list.rel(i)};
          if (!first && !(last < entry)) findings_.add("the " + name + " are out of order at node " + digits(id));
          first = false;
          last = entry;
          const Relationship r = graph_.relationship(RelId(entry.rel));
          const uint32_t self = direction == Direction::Out ? r.source.value : r.target.value;
          const uint32_t other = direction == Direction::Out ? r.target.value : r.source.value;
          if (graph_.has_relationship(RelId(entry.rel)) && r.type == type && self == id && other == entry.neighbour)
            continue;
          findings_.add("the " + name + " have relationship " + digits(entry.rel) + " between nodes " + digits(id) +
                        " and " + digits(entry.neighbour) + ", which is not there");
        }
      }
    }
    if (entries != graph_.type_count(type)) {
      findings_.add("the " + name + " have " + digits(entries) + " entries for " + digits(graph_.type_count(type)) +
                    " relationships");
    }
  }

  void column(EntityType entity, KeyId key) {
    const Column* column = graph_.column(entity, key);
    const std::string name = "property " + graph_.names().keys.name(key.value) + " of " +
                             (entity == EntityType::Node ? "nodes" : "relationships");
    uint64_t count = 0;
    if (column != nullptr) {
      column->for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
        const auto& page = static_cast<const ColumnPage&>(handle->get());
        for (uint32_t i = 0; i < kColumnPageSize; ++i) {
          if (!page.has(i)) continue;
          ++count;
          const uint32_t element = (number << kColumnPageBits) + i;
          if (!graph_.has_element(entity, element)) {
            findings_.add(name + " has a value for " + digits(element) + ", which is not there");
          }
        }
      });
    }
    const std::vector<uint64_t>& stated =
        entity == EntityType::Node ? graph_.statistics().node_key_counts : graph_.statistics().relationship_key_counts;
    expect_equal("the number of values of " + name, key.value < stated.size() ? stated[key.value] : 0, count);
  }

  void range(const Index& index) {
    const IndexDefinition& d = index.definition;
    const std::string name = "index " + d.name;
    uint64_t entries = 0;
    uint64_t distinct = 0;
    const OrderedPage::Entry* last = nullptr;
    index.scan(
        [](const Value&) { return false; },
        [&](const OrderedPage::Entry& entry) {
          ++entries;
          const bool equal = last != nullptr && Value::order(last->value, entry.value) == 0;
          if (!equal) ++distinct;
          if (last != nullptr && (Value::order(last->value, entry.value) > 0 || (equal && last->node >= entry.node)))
            findings_.add(name + " is out of order at " + digits(entry.node));
          if (equal && d.unique) {
            findings_.add(name + " has the value of " + digits(entry.node) + " twice, which is to be unique");
          }
          const bool right = graph_.has_element(d.entity, entry.node) &&
                             graph_.has_token(d.entity, entry.node, d.tokens.front()) &&
                             Value::equivalent(graph_.index_value(d, entry.node), entry.value);
          if (!right) findings_.add(name + " has a value for " + digits(entry.node) + " that this does not have");
          last = &entry;
          return true;
        });
    uint64_t expected = 0;
    std::vector<uint32_t> some;
    for (uint32_t at = 0; at < graph_.element_limit(d.entity);) {
      some.clear();
      at = graph_.scan_token(d.entity, d.tokens.front(), at, kCheckedAtOnce, some);
      for (const uint32_t element : some) expected += graph_.index_value(d, element).is_null() ? 0 : 1;
    }
    if (entries != expected) {
      findings_.add(name + " has " + digits(entries) + " entries, where " + digits(expected) + " are to be");
    }
    expect_equal("the number of entries of " + name, index.entries, entries);
    expect_equal("the number of different values of " + name, index.distinct_values, distinct);
  }

  void full_text(const Index& index) {
    const auto all = [](const Index& from) {
      std::vector<std::pair<std::string, uint32_t>> postings;
      from.scan([](const Value&) { return false; },
                [&](const OrderedPage::Entry& entry) {
                  postings.emplace_back(entry.value.as_string(), entry.node);
                  return true;
                });
      return postings;
    };
    Index anew;
    anew.definition = index.definition;
    anew.fields.resize(index.definition.keys.size());
    std::vector<OrderedPage::Entry> postings;
    build_full_text(anew, postings, graph_, 0);
    if (all(anew) != all(index)) {
      findings_.add("full-text index " + index.definition.name + " has other postings than its properties give");
    }
  }

  const Snapshot& graph_;
  Findings& findings_;
};

}  // namespace

void check_graph(const Snapshot& graph, Findings& findings) { GraphCheck(graph, findings).run(); }

}  // namespace entente
