#include "entente/core/algorithms.h"

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/page_rank.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <boost/pending/disjoint_sets.hpp>
#include <cmath>
#include <limits>

#include "entente/core/bgl.h"
#include "entente/core/chunked_vector.h"
#include "entente/core/error.h"

namespace entente {

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyMatrixConcept<SnapshotGraph>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<UndirectedView>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<UndirectedView>));

namespace {

SnapshotGraph make_graph(SnapshotPtr snapshot, const AlgorithmOptions& options) {
  return SnapshotGraph(std::move(snapshot), {options.labels, options.types});
}

void require_vertex(const SnapshotGraph& graph, NodeId node) {
  if (node.valid() && node.value < vertex_limit(graph) && graph.contains(node.value)) return;
  throw Error("EntityNotFound", "StartNode", Phase::Runtime,
              "the start node is not in the graph that the labels leave; name a node with one of them");
}

/// Calls the poll once in 4,096 times.
class Poller {
 public:
  explicit Poller(const std::function<void()>& poll) : poll_(poll) {}
  void step() {
    if ((++steps_ & 4095) == 0) poll_();
  }

 private:
  const std::function<void()>& poll_;
  uint64_t steps_ = 0;
};

/// A property map that counts as a step what is written to it.
template <class Map>
class PollingMap {
 public:
  using key_type = typename boost::property_traits<Map>::key_type;
  using value_type = typename boost::property_traits<Map>::value_type;
  using reference = value_type;
  using category = boost::read_write_property_map_tag;
  PollingMap(Map map, Poller& poller) : map_(map), poller_(&poller) {}
  friend value_type get(const PollingMap& map, const key_type& key) { return get(map.map_, key); }
  friend void put(const PollingMap& map, const key_type& key, const value_type& value) {
    map.poller_->step();
    put(map.map_, key, value);
  }

 private:
  Map map_;
  Poller* poller_;
};

class BreadthFirstRecorder : public boost::default_bfs_visitor {
 public:
  BreadthFirstRecorder(std::vector<Reached>& out, std::vector<uint32_t>& place, Poller& poller)
      : out_(out), place_(place), poller_(poller) {}
  template <class Graph>
  void tree_edge(const GraphEdge& e, const Graph& g) {
    const uint32_t to = target(e, g);
    const uint32_t from = source(e, g);
    place_[to] = static_cast<uint32_t>(out_.size());
    out_.push_back({NodeId(to), out_[place_[from]].distance + 1, NodeId(from)});
  }
  template <class Graph>
  void examine_vertex(uint32_t, const Graph&) {
    poller_.step();
  }

 private:
  std::vector<Reached>& out_;
  std::vector<uint32_t>& place_;
  Poller& poller_;
};

template <class Graph>
std::vector<Reached> run_breadth_first(const Graph& graph, size_t limit, NodeId start,
                                       const AlgorithmOptions& options) {
  std::vector<Reached> out{{start, 0, start}};
  std::vector<uint32_t> place(limit, 0);
  Poller poller(options.poll);
  std::vector<boost::two_bit_color_type> colors(limit, boost::two_bit_white);
  boost::queue<uint32_t> queue;
  boost::breadth_first_visit(
      graph, start.value, queue, BreadthFirstRecorder(out, place, poller),
      boost::make_iterator_property_map(colors.begin(), boost::typed_identity_property_map<uint32_t>()));
  return out;
}

class DijkstraRecorder : public boost::default_dijkstra_visitor {
 public:
  DijkstraRecorder(std::vector<uint32_t>& order, Poller& poller) : order_(order), poller_(poller) {}
  template <class Graph>
  void finish_vertex(uint32_t v, const Graph&) {
    order_.push_back(v);
    poller_.step();
  }

 private:
  std::vector<uint32_t>& order_;
  Poller& poller_;
};

/// Weights of relationships, checked as they are read.
class WeightMap {
 public:
  using key_type = GraphEdge;
  using value_type = double;
  using reference = double;
  using category = boost::readable_property_map_tag;
  WeightMap(const Column* column, double missing) : numbers_(column, missing) {}
  friend double get(const WeightMap& map, const GraphEdge& edge) {
    const double weight = get(map.numbers_, edge);
    if (weight >= 0) return weight;
    throw Error::argument("NegativeWeight", "relationship " + std::to_string(edge.rel) + " has the weight " +
                                                std::to_string(weight) + "; shortest paths need weights of 0 or more");
  }

 private:
  NumberMap<GraphEdge> numbers_;
};

template <class Graph>
std::vector<Reached> run_dijkstra(const Graph& graph, size_t limit, NodeId start, const WeightMap& weights,
                                  const AlgorithmOptions& options) {
  const auto index = boost::typed_identity_property_map<uint32_t>();
  std::vector<double> distance(limit, std::numeric_limits<double>::infinity());
  std::vector<uint32_t> predecessor(limit);
  for (uint32_t i = 0; i < limit; ++i) predecessor[i] = i;
  std::vector<boost::two_bit_color_type> colors(limit, boost::two_bit_white);
  std::vector<uint32_t> order;
  Poller poller(options.poll);
  distance[start.value] = 0;
  boost::dijkstra_shortest_paths_no_init(
      graph, start.value, boost::make_iterator_property_map(predecessor.begin(), index),
      boost::make_iterator_property_map(distance.begin(), index), weights, index, std::less<>(),
      boost::closed_plus<double>(), 0.0, DijkstraRecorder(order, poller),
      boost::make_iterator_property_map(colors.begin(), index));
  std::vector<Reached> out;
  out.reserve(order.size());
  for (uint32_t v : order) out.push_back({NodeId(v), distance[v], NodeId(predecessor[v])});
  return out;
}

}  // namespace

std::vector<Reached> breadth_first(SnapshotPtr snapshot, NodeId start, const AlgorithmOptions& options) {
  const SnapshotGraph graph = make_graph(std::move(snapshot), options);
  require_vertex(graph, start);
  const size_t limit = vertex_limit(graph);
  if (options.direction == Direction::Both) return run_breadth_first(UndirectedView(graph), limit, start, options);
  if (options.direction == Direction::In) return run_breadth_first(ReversedView(graph), limit, start, options);
  return run_breadth_first(graph, limit, start, options);
}

std::vector<Reached> shortest_distances(SnapshotPtr snapshot, NodeId start, KeyId weight, double missing_weight,
                                        const AlgorithmOptions& options) {
  const SnapshotGraph graph = make_graph(std::move(snapshot), options);
  require_vertex(graph, start);
  const size_t limit = vertex_limit(graph);
  const WeightMap weights(weight.valid() ? graph.snapshot().relationship_column(weight) : nullptr, missing_weight);
  if (options.direction == Direction::Both) return run_dijkstra(UndirectedView(graph), limit, start, weights, options);
  if (options.direction == Direction::In) return run_dijkstra(ReversedView(graph), limit, start, weights, options);
  return run_dijkstra(graph, limit, start, weights, options);
}

std::vector<std::pair<NodeId, double>> page_rank(SnapshotPtr snapshot, double damping, int iterations,
                                                 const AlgorithmOptions& options) {
  if (!(damping >= 0 && damping <= 1)) {
    throw Error::argument("NumberOutOfRange", "the damping must be between 0 and 1");
  }
  if (iterations < 0) throw Error::argument("NumberOutOfRange", "the number of iterations must not be negative");
  const SnapshotGraph graph = make_graph(std::move(snapshot), options);
  const std::vector<uint32_t>& nodes = graph.vertex_list();
  if (nodes.empty()) return {};
  std::vector<uint32_t> dense(vertex_limit(graph), 0);
  for (uint32_t i = 0; i < nodes.size(); ++i) dense[nodes[i]] = i;
  ChunkedVector<std::pair<uint32_t, uint32_t>> ends;
  Poller poller(options.poll);
  for (uint32_t v : nodes) {
    poller.step();
    const auto list = graph.list(v, options.direction);
    for (const GraphEdge& e : *list) ends.emplace_back(dense[v], dense[e.target == v ? e.source : e.target]);
  }
  const auto polled = [&poller](const std::pair<uint32_t, uint32_t>& edge) {
    poller.step();
    return edge;
  };
  using Csr = boost::compressed_sparse_row_graph<boost::directedS>;
  const Csr csr(boost::edges_are_sorted, boost::make_transform_iterator(ends.begin(), polled),
                boost::make_transform_iterator(ends.end(), polled), nodes.size(), ends.size());

  std::vector<double> rank(nodes.size());
  boost::graph::page_rank(
      csr, PollingMap(boost::make_iterator_property_map(rank.begin(), get(boost::vertex_index, csr)), poller),
      [&, left = iterations](const auto&, const Csr&) mutable {
        options.poll();
        return left-- <= 0;
      },
      damping, nodes.size());
  double sum = 0;
  for (double r : rank) sum += r;
  std::vector<std::pair<NodeId, double>> out;
  out.reserve(nodes.size());
  for (uint32_t i = 0; i < nodes.size(); ++i) out.emplace_back(NodeId(nodes[i]), rank[i] / sum);
  return out;
}

std::vector<std::pair<NodeId, uint32_t>> connected_components(SnapshotPtr snapshot, const AlgorithmOptions& options) {
  const SnapshotGraph graph = make_graph(std::move(snapshot), options);
  const size_t limit = vertex_limit(graph);
  // Sets that are united along the edges: a search in depth would have as many lists open as a path is long.
  std::vector<uint32_t> parent(limit);
  std::vector<uint32_t> rank(limit);
  const auto index = boost::typed_identity_property_map<uint32_t>();
  boost::disjoint_sets sets(boost::make_iterator_property_map(rank.begin(), index),
                            boost::make_iterator_property_map(parent.begin(), index));
  for (const uint32_t v : graph.vertex_list()) sets.make_set(v);
  Poller poller(options.poll);
  for (const uint32_t v : graph.vertex_list()) {
    poller.step();
    const auto edges = graph.list(v, Direction::Out);
    for (const GraphEdge& edge : *edges) {
      poller.step();
      sets.union_set(edge.source, edge.target);
    }
  }
  constexpr uint32_t kNone = ~uint32_t{0};
  std::vector<uint32_t> numbers(limit, kNone);  // by the set's representative
  uint32_t next = 0;
  std::vector<std::pair<NodeId, uint32_t>> out;
  out.reserve(graph.vertex_list().size());
  for (const uint32_t v : graph.vertex_list()) {
    uint32_t& number = numbers[sets.find_set(v)];
    if (number == kNone) number = next++;
    out.emplace_back(NodeId(v), number);
  }
  return out;
}

}  // namespace entente
