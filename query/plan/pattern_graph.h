// The patterns of one MATCH (or MERGE, or subquery), or of several found together, as a graph: each node variable once,
// relationships between them, and all conditions as a list of predicates that can be checked one by one.
//
// Worked example: MATCH p = (a:A)-[r:T|U {k: 1}]->(b), (b)--(a) WHERE a.x = b.x AND NOT b:B gives
//   nodes  a, b                 edges  r: a -[T|U]-> b, anonymous: b -- a        paths  p = a, r, b
//   predicates  a:A    r.k = 1    a.x = b.x    NOT b:B
//
// Nodes, relationships and paths together are the pattern's *elements*, numbered in this order: nodes, relationships,
// paths. A predicate waits for the elements that it reads and that are not bound from before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "entente/query/plan/path_search.h"

namespace entente {

struct MatchNode {
  VarId var = kNoVar;
  bool bound = false;                    // from before the clause
  std::vector<const LabelExpr*> labels;  // all must hold
  std::vector<LabelId> label_ids;        // those that are single names, and others that it is known to have
  std::vector<LabelId> scan_ids;         // those of them by which it can be scanned, if it is not bound
  std::vector<uint32_t> edges;
  uint32_t uses = 0;  // of its variable in the statement, apart from where it is bound
};

struct MatchEdge {
  static constexpr uint32_t kFirst = ~uint32_t{0};
  VarId var = kNoVar;
  bool bound = false;         // from before the clause, or by an earlier edge of it
  uint32_t repeats = kFirst;  // the earlier edge of the clause with the same variable
  uint32_t clause = 0;        // that it is of
  uint32_t left = 0;          // nodes, as written
  uint32_t right = 0;
  std::vector<std::string> types;  // empty: any
  Direction direction = Direction::Both;
  bool variable_length = false;
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;
  uint32_t uses = 0;                      // as of a node
  VarId element = kNoVar;                 // variable length: each relationship on the way, if a predicate asks for it
  std::shared_ptr<SearchPattern> search;  // a pattern that is searched as a whole; `var` is all its relationships
  bool selects() const { return search != nullptr && search->selects(); }
};

struct MatchPath {
  VarId var = kNoVar;
  std::vector<VarId> parts;
};

struct MatchCondition {
  static constexpr uint32_t kNoEdge = ~uint32_t{0};
  ExprPtr expr;
  std::vector<uint32_t> elements;  // that it waits for, each once
  // Of a variable-length relationship: `expr` is all(element IN relationships WHERE each), which an expansion can check
  // on its way.
  uint32_t edge = kNoEdge;
  ExprPtr each;
};

class PatternGraph {
 public:
  explicit PatternGraph(Planner& planner) : planner_(planner) {}

  /// What is added from here on is of another MATCH clause: its relationships may be those of the clauses before.
  void begin_clause() { ++clause_; }
  /// Adds a path pattern, which must outlive this.
  void add(const PathPattern& path);
  /// Once all are added: binds their variables in the planner's scope, then gathers the conditions.
  void finish(const ExprPtr& where);

  const std::vector<MatchNode>& nodes() const { return nodes_; }
  const std::vector<MatchEdge>& edges() const { return edges_; }
  const std::vector<MatchPath>& paths() const { return paths_; }
  const std::vector<MatchCondition>& predicates() const { return predicates_; }
  /// Predicates that wait for an element.
  const std::vector<uint32_t>& waiting_for(uint32_t element) const { return waiting_[element]; }
  /// Variables that the pattern binds.
  const std::vector<VarId>& new_variables() const { return new_variables_; }
  const VarLabels& labels() const { return labels_; }

  uint32_t element_of_edge(uint32_t edge) const { return static_cast<uint32_t>(nodes_.size()) + edge; }
  uint32_t element_of_path(uint32_t path) const { return static_cast<uint32_t>(nodes_.size() + edges_.size()) + path; }
  uint32_t element_count() const { return static_cast<uint32_t>(nodes_.size() + edges_.size() + paths_.size()); }

 private:
  uint32_t add_node(const NodePattern& node);
  uint32_t add_edge(const RelationshipPattern& rel, uint32_t left, uint32_t right);
  uint32_t add_group(const QuantifiedPattern& group, uint32_t left, uint32_t right);
  uint32_t add_search(std::shared_ptr<SearchPattern> search, uint32_t left, uint32_t right);
  void add_selected(const PathPattern& path);
  void number_elements();
  void add_labels_of_ends();
  void add_node_conditions(const NodePattern& node, uint32_t index);
  void add_edge_conditions(const RelationshipPattern& rel, uint32_t index);
  void add_predicate(ExprPtr expr);
  void add_each(uint32_t edge, ExprPtr each);
  void wait(uint32_t predicate);

  Planner& planner_;
  uint32_t clause_ = 0;
  std::vector<MatchNode> nodes_;
  std::vector<MatchEdge> edges_;
  std::vector<MatchPath> paths_;
  std::vector<MatchCondition> predicates_;
  std::vector<std::vector<uint32_t>> waiting_;
  std::vector<VarId> new_variables_;
  VarLabels labels_;
  std::unordered_map<VarId, uint32_t> node_of_;
  std::unordered_map<VarId, uint32_t> element_of_;  // of variables that are not bound from before
  std::vector<std::pair<const NodePattern*, uint32_t>> written_nodes_;
  std::vector<std::pair<const RelationshipPattern*, uint32_t>> written_edges_;
  std::vector<ExprPtr> path_conditions_;       // of paths in parentheses
  std::deque<RelationshipPattern> rewritten_;  // relationships that groups of one relationship became
};

}  // namespace entente
