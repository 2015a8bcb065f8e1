// A snapshot as a Boost.Graph graph.
//
// `SnapshotGraph` is a snapshot filtered to node labels and relationship types; it models VertexListGraph,
// EdgeListGraph, IncidenceGraph, BidirectionalGraph, AdjacencyGraph and AdjacencyMatrix, so the library's algorithms
// run on live data. `UndirectedView` is the same graph with its directions forgotten, for algorithms that ask for an
// undirected graph; `ReversedView` turns them round.
//
// Vertices are node ids (uint32_t). They are not dense: property maps over vertices need `vertex_limit(graph)` places,
// and `vertex_index` is the id itself. Parallel edges and loops are kept. Iterators share what they point to; they stay
// valid as long as they exist. Graphs are cheap to copy and may be read from several threads. `edge(u, v, g)` is a
// binary search.
//
// An algorithm that touches everything many times runs faster on a copy in the library's compressed_sparse_row_graph;
// core/algorithms.cc does so for PageRank.
#pragma once

#include <algorithm>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "entente/core/snapshot.h"

namespace entente {

/// A relationship as an edge, in the direction in which it was reached. Two are equal if they are the same
/// relationship.
struct GraphEdge {
  uint32_t source = NodeId::kNone;
  uint32_t target = NodeId::kNone;
  uint32_t rel = RelId::kNone;
  RelId id() const { return RelId(rel); }
  friend bool operator==(const GraphEdge& a, const GraphEdge& b) { return a.rel == b.rel; }
  friend bool operator!=(const GraphEdge& a, const GraphEdge& b) { return a.rel != b.rel; }
  friend bool operator<(const GraphEdge& a, const GraphEdge& b) { return a.rel < b.rel; }
};

/// Which part of a snapshot is the graph: nodes with any of the labels, relationships of any of the types; empty: all.
struct GraphFilter {
  std::vector<LabelId> labels;
  std::vector<TypeId> types;
};

class SnapshotGraph {
 public:
  using vertex_descriptor = uint32_t;
  using edge_descriptor = GraphEdge;
  using directed_category = boost::bidirectional_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  struct traversal_category : boost::bidirectional_graph_tag,
                              boost::vertex_list_graph_tag,
                              boost::edge_list_graph_tag,
                              boost::adjacency_graph_tag,
                              boost::adjacency_matrix_tag {};
  using vertices_size_type = size_t;
  using edges_size_type = size_t;
  using degree_size_type = size_t;

  /// Walks a shared list of edges.
  class EdgeIterator
      : public boost::iterator_facade<EdgeIterator, GraphEdge, std::forward_iterator_tag, const GraphEdge&> {
   public:
    EdgeIterator() = default;
    EdgeIterator(std::shared_ptr<const std::vector<GraphEdge>> edges, size_t at) : edges_(std::move(edges)), at_(at) {}

   private:
    friend class boost::iterator_core_access;
    const GraphEdge& dereference() const { return (*edges_)[at_]; }
    bool equal(const EdgeIterator& o) const { return at_ == o.at_; }
    void increment() { ++at_; }
    std::shared_ptr<const std::vector<GraphEdge>> edges_;
    size_t at_ = 0;
  };

  /// The far ends of a node's out edges.
  class AdjacencyIterator
      : public boost::iterator_facade<AdjacencyIterator, uint32_t, std::forward_iterator_tag, uint32_t> {
   public:
    AdjacencyIterator() = default;
    explicit AdjacencyIterator(EdgeIterator edge) : edge_(std::move(edge)) {}

   private:
    friend class boost::iterator_core_access;
    uint32_t dereference() const { return edge_->target; }
    bool equal(const AdjacencyIterator& o) const { return edge_ == o.edge_; }
    void increment() { ++edge_; }
    EdgeIterator edge_;
  };

  /// Walks the out edges of one vertex after another.
  class AllEdgesIterator
      : public boost::iterator_facade<AllEdgesIterator, GraphEdge, std::forward_iterator_tag, GraphEdge> {
   public:
    AllEdgesIterator() = default;
    AllEdgesIterator(const SnapshotGraph* graph, size_t vertex) : graph_(graph), vertex_(vertex) { settle(); }

   private:
    friend class boost::iterator_core_access;
    GraphEdge dereference() const { return (*edges_)[at_]; }
    bool equal(const AllEdgesIterator& o) const { return vertex_ == o.vertex_ && at_ == o.at_; }
    void increment() {
      if (++at_ == edges_->size()) {
        ++vertex_;
        settle();
      }
    }
    void settle() {
      at_ = 0;
      for (; vertex_ < graph_->vertices_->size(); ++vertex_) {
        edges_ = graph_->list((*graph_->vertices_)[vertex_], Direction::Out);
        if (!edges_->empty()) return;
      }
    }
    const SnapshotGraph* graph_ = nullptr;
    size_t vertex_ = 0;
    size_t at_ = 0;
    std::shared_ptr<const std::vector<GraphEdge>> edges_;
  };

  using vertex_iterator = std::vector<uint32_t>::const_iterator;
  using out_edge_iterator = EdgeIterator;
  using in_edge_iterator = EdgeIterator;
  using adjacency_iterator = AdjacencyIterator;
  using edge_iterator = AllEdgesIterator;

  explicit SnapshotGraph(SnapshotPtr snapshot, GraphFilter filter = {})
      : snapshot_(std::move(snapshot)), filter_(std::move(filter)) {
    if (filter_.types.empty()) {
      for (uint32_t t = 0; t < snapshot_->type_limit(); ++t) filter_.types.push_back(TypeId(t));
    }
    std::erase_if(filter_.types, [this](TypeId t) { return t.value >= snapshot_->type_limit(); });
    auto ids = std::make_shared<std::vector<uint32_t>>();
    if (filter_.labels.empty()) {
      snapshot_->scan_nodes(0, snapshot_->node_limit(), *ids);
    } else {
      for (LabelId label : filter_.labels) snapshot_->scan_label(label, 0, snapshot_->node_limit(), *ids);
      std::sort(ids->begin(), ids->end());
      ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
    }
    vertices_ = std::move(ids);
  }

  const Snapshot& snapshot() const { return *snapshot_; }
  const std::vector<uint32_t>& vertex_list() const { return *vertices_; }

  bool contains(uint32_t node) const {
    if (filter_.labels.empty()) return snapshot_->has_node(NodeId(node));
    return std::any_of(filter_.labels.begin(), filter_.labels.end(),
                       [&](LabelId label) { return snapshot_->has_label(NodeId(node), label); });
  }

  /// The edges at a vertex: those that start there (Out), end there (In), or both, each then as if it started there and
  /// a loop once.
  std::shared_ptr<const std::vector<GraphEdge>> list(uint32_t vertex, Direction direction) const {
    auto edges = std::make_shared<std::vector<GraphEdge>>();
    AdjacencyCursor cursor;
    AdjacencySegment segment;
    for (TypeId type : filter_.types) {
      for (Direction way : {Direction::Out, Direction::In}) {
        if (direction != Direction::Both && direction != way) continue;
        cursor.open(snapshot_->adjacency(type, way), NodeId(vertex));
        while (cursor.next(segment)) append(*edges, segment, vertex, way, direction);
      }
    }
    return edges;
  }

  /// The first edge from u to v, if there is one.
  std::pair<GraphEdge, bool> find_edge(uint32_t u, uint32_t v) const {
    std::vector<RelId> rels;
    for (TypeId type : filter_.types) {
      if (find_neighbour(snapshot_->adjacency(type, Direction::Out), NodeId(u), NodeId(v), &rels)) {
        return {GraphEdge{u, v, rels.front().value}, contains(u) && contains(v)};
      }
    }
    return {GraphEdge{}, false};
  }

  static vertex_descriptor null_vertex() { return NodeId::kNone; }

 private:
  void append(std::vector<GraphEdge>& edges, const AdjacencySegment& segment, uint32_t vertex, Direction way,
              Direction asked) const {
    for (uint32_t i = 0; i < segment.size; ++i) {
      const uint32_t other = segment.neighbours[i];
      if (!filter_.labels.empty() && !contains(other)) continue;
      if (asked == Direction::Both) {
        if (way == Direction::In && other == vertex) continue;
        edges.push_back({vertex, other, segment.rel(i)});
      } else if (way == Direction::Out) {
        edges.push_back({vertex, other, segment.rel(i)});
      } else {
        edges.push_back({other, vertex, segment.rel(i)});
      }
    }
  }

  SnapshotPtr snapshot_;
  GraphFilter filter_;
  std::shared_ptr<const std::vector<uint32_t>> vertices_;
};

/// The graph with its directions forgotten.
class UndirectedView : public SnapshotGraph {
 public:
  using directed_category = boost::undirected_tag;
  struct traversal_category : boost::incidence_graph_tag, boost::vertex_list_graph_tag, boost::adjacency_graph_tag {};
  explicit UndirectedView(const SnapshotGraph& graph) : SnapshotGraph(graph) {}
};

/// The graph with its directions turned round.
class ReversedView : public SnapshotGraph {
 public:
  struct traversal_category : boost::incidence_graph_tag, boost::vertex_list_graph_tag, boost::adjacency_graph_tag {};
  explicit ReversedView(const SnapshotGraph& graph) : SnapshotGraph(graph) {}
};

// ---- what the library's concepts ask for ----

inline uint32_t source(const GraphEdge& e, const SnapshotGraph&) { return e.source; }
inline uint32_t target(const GraphEdge& e, const SnapshotGraph&) { return e.target; }

inline std::pair<SnapshotGraph::vertex_iterator, SnapshotGraph::vertex_iterator> vertices(const SnapshotGraph& g) {
  return {g.vertex_list().begin(), g.vertex_list().end()};
}
inline size_t num_vertices(const SnapshotGraph& g) { return g.vertex_list().size(); }
/// How many places a property map over the vertices needs.
inline size_t vertex_limit(const SnapshotGraph& g) { return g.snapshot().node_limit(); }

inline std::pair<SnapshotGraph::EdgeIterator, SnapshotGraph::EdgeIterator> edge_range(
    std::shared_ptr<const std::vector<GraphEdge>> edges) {
  const size_t size = edges->size();
  return {SnapshotGraph::EdgeIterator(edges, 0), SnapshotGraph::EdgeIterator(edges, size)};
}
inline auto out_edges(uint32_t v, const SnapshotGraph& g) { return edge_range(g.list(v, Direction::Out)); }
inline auto in_edges(uint32_t v, const SnapshotGraph& g) { return edge_range(g.list(v, Direction::In)); }
inline auto out_edges(uint32_t v, const UndirectedView& g) { return edge_range(g.list(v, Direction::Both)); }
inline size_t out_degree(uint32_t v, const SnapshotGraph& g) { return g.list(v, Direction::Out)->size(); }
inline size_t in_degree(uint32_t v, const SnapshotGraph& g) { return g.list(v, Direction::In)->size(); }
inline size_t degree(uint32_t v, const SnapshotGraph& g) { return out_degree(v, g) + in_degree(v, g); }
inline uint32_t source(const GraphEdge& e, const ReversedView&) { return e.target; }
inline uint32_t target(const GraphEdge& e, const ReversedView&) { return e.source; }
inline auto out_edges(uint32_t v, const ReversedView& g) { return edge_range(g.list(v, Direction::In)); }
inline size_t out_degree(uint32_t v, const ReversedView& g) { return g.list(v, Direction::In)->size(); }
inline size_t out_degree(uint32_t v, const UndirectedView& g) { return g.list(v, Direction::Both)->size(); }

inline std::pair<SnapshotGraph::AdjacencyIterator, SnapshotGraph::AdjacencyIterator> adjacent_vertices(
    uint32_t v, const SnapshotGraph& g) {
  auto [begin, end] = out_edges(v, g);
  return {SnapshotGraph::AdjacencyIterator(begin), SnapshotGraph::AdjacencyIterator(end)};
}
inline std::pair<SnapshotGraph::AdjacencyIterator, SnapshotGraph::AdjacencyIterator> adjacent_vertices(
    uint32_t v, const UndirectedView& g) {
  auto [begin, end] = out_edges(v, g);
  return {SnapshotGraph::AdjacencyIterator(begin), SnapshotGraph::AdjacencyIterator(end)};
}

inline std::pair<SnapshotGraph::AllEdgesIterator, SnapshotGraph::AllEdgesIterator> edges(const SnapshotGraph& g) {
  return {SnapshotGraph::AllEdgesIterator(&g, 0), SnapshotGraph::AllEdgesIterator(&g, num_vertices(g))};
}
/// Counts the edges: linear in the size of the graph if it is filtered by labels.
inline size_t num_edges(const SnapshotGraph& g) {
  size_t count = 0;
  for (uint32_t v : g.vertex_list()) count += out_degree(v, g);
  return count;
}
inline std::pair<GraphEdge, bool> edge(uint32_t u, uint32_t v, const SnapshotGraph& g) { return g.find_edge(u, v); }

inline boost::typed_identity_property_map<uint32_t> get(boost::vertex_index_t, const SnapshotGraph&) { return {}; }
inline uint32_t get(boost::vertex_index_t, const SnapshotGraph&, uint32_t v) { return v; }

/// A readable property map over a column of numbers, for nodes or relationships; `missing` where there is no number.
template <class Descriptor>
class NumberMap {
 public:
  using key_type = Descriptor;
  using value_type = double;
  using reference = double;
  using category = boost::readable_property_map_tag;

  NumberMap(const Column* column, double missing) : column_(column), missing_(missing) {}

  friend double get(const NumberMap& map, const Descriptor& d) {
    if (map.column_ == nullptr) return map.missing_;
    const Value value = column_get(*map.column_, id(d));
    return value.is_number() ? value.as_number() : map.missing_;
  }

 private:
  static uint32_t id(uint32_t vertex) { return vertex; }
  static uint32_t id(const GraphEdge& edge) { return edge.rel; }
  const Column* column_;
  double missing_;
};

}  // namespace entente

namespace boost {

// The traits come from the class; they are stated for the const graphs too, which the library's own default leaves out.
template <>
struct graph_traits<const entente::SnapshotGraph> : graph_traits<entente::SnapshotGraph> {};
template <>
struct graph_traits<const entente::ReversedView> : graph_traits<entente::ReversedView> {};
template <>
struct graph_traits<const entente::UndirectedView> : graph_traits<entente::UndirectedView> {};

template <>
struct property_map<entente::SnapshotGraph, vertex_index_t> {
  using type = typed_identity_property_map<uint32_t>;
  using const_type = type;
};
template <>
struct property_map<entente::ReversedView, vertex_index_t> : property_map<entente::SnapshotGraph, vertex_index_t> {};
template <>
struct property_map<entente::UndirectedView, vertex_index_t> : property_map<entente::SnapshotGraph, vertex_index_t> {};

}  // namespace boost
