// Patterns that are searched as a whole: a quantified path pattern between two nodes, and a path of which the shortest
// are chosen. They become one edge of the pattern graph and one PathSearch operator.
//
// Worked example: ANY SHORTEST (x)-[r:R]->(m:M) ((a)-[s:S]->(b) WHERE a.k < b.k)+ (y)
//   stretches  (x)-[r:R]->(m) once, then m:M        (a)-[s:S]->(b) at least once, each time a.k < b.k
//   variables  r, m as such; a, s, b as lists
// A condition is checked as early as what it reads is known: on each relationship and its two nodes (which prunes the
// search), each time a stretch is walked, or of the whole path.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "entente/query/plan/planner_impl.h"

namespace entente {

/// The names in `A`, `A|B`, `A|(B|C)`, without repetition; false for other type expressions.
bool type_names(const LabelExpr& type, std::vector<std::string>& names);

/// The conditions that properties and WHERE of an element say of it. Throws SyntaxError.InvalidParameterUse.
void element_conditions(const ExprPtr& properties, const ExprPtr& where, const ExprPtr& entity, Planner& planner,
                        std::vector<ExprPtr>& conditions);

/// `all(v IN v WHERE each)`: within `each` the variable is one of the list that it is outside.
ExprPtr make_all_of(const ExprPtr& variable, ExprPtr each);

/// Nodes with a relationship or a group between each two: anonymous nodes are put where none is written.
std::vector<const PathElement*> alternating(const PathPattern& path);

class SearchPattern {
 public:
  /// A group between two nodes. The group must outlive this.
  SearchPattern(const QuantifiedPattern& group, Planner& planner);
  /// A path between two nodes that the pattern graph has; `ends_bound` are those known before the clause.
  SearchPattern(const PathPattern& path, VarId from, VarId to, const std::vector<VarId>& ends_bound, Planner& planner);

  /// Once the variables are in the planner's scope: fills in the conditions.
  void add_conditions();

  /// From left to right as written; with no list of relationships yet.
  const PathSearchOp& op() const { return op_; }
  bool selects() const { return op_.select != PathSearchOp::Select::All; }
  /// Whether conditions of the MATCH on the path belong to the search, as they do for shortestPath(…).
  bool takes_conditions() const { return legacy_; }
  /// The variables that it binds, ends and the list of relationships apart.
  std::vector<VarId> variables() const;

 private:
  struct Written {
    const NodePattern* node = nullptr;
    const RelationshipPattern* rel = nullptr;
    VarId var = kNoVar;
    bool inside = false;  // of a group
    uint32_t stretch = 0;
  };

  void add_group(const QuantifiedPattern& group);
  void add_relationship(const RelationshipPattern& rel, VarId near, VarId far);
  VarId name_node(const NodePattern& node, bool inside, uint32_t element);
  VarId name_relationship(const RelationshipPattern& rel, bool list, uint32_t element);
  void conditions_of(const Written& written, std::vector<ExprPtr>& conditions) const;
  void place_inside(uint32_t stretch, const ExprPtr& condition);
  void place(const ExprPtr& condition);
  bool place_on_hop(PathStretch& stretch, const ExprPtr& condition, const std::vector<VarId>& read);
  std::vector<VarId> read_of(const Expr& condition, const std::unordered_set<VarId>& variables) const;
  void require(const ExprPtr& condition);

  Planner& planner_;
  PathSearchOp op_;
  bool legacy_ = false;
  ExprPtr where_;
  std::vector<Written> written_;
  std::vector<std::pair<uint32_t, ExprPtr>> inner_;  // conditions inside of the group that is this stretch
  std::vector<ExprPtr> outer_;
  std::unordered_set<VarId> named_;    // nodes met so far
  std::unordered_set<VarId> outside_;  // variables of the path outside of groups
};

/// Adds a condition on the whole path; where it says something of all relationships or nodes of it, that is checked on
/// the way too. `inside` are the variables that the search itself binds.
void require_of_path(const ExprPtr& condition, const std::vector<VarId>& inside, const Planner& planner,
                     PathSearchOp& op);

}  // namespace entente
