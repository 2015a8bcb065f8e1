// Estimates of how many rows operators give, from the graph's statistics.
//
// What is known exactly: nodes by label, relationships by type, relationships of a type by the label of their source
// and target, distinct values of indexed keys. The rest is assumed, each assumption a constant below:
// - labels, properties and predicates are independent of one another, and values are spread evenly;
// - a type of relationship goes with labels at both ends: of those that leave nodes of one label as many reach nodes of
//   another as both numbers allow;
// - an end of a relationship is any node of its labels, in proportion to how many relationships end at such nodes;
// - a variable-length pattern without an upper bound goes kAssumedLongest relationships far beyond its lower bound.
// With several labels the rarest counts. Estimates order patterns and are shown by EXPLAIN; no answer depends on them.
//
// Holds a reference to the snapshot, which must outlive it. Used by one thread.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "entente/core/snapshot.h"
#include "entente/query/plan/chain.h"

namespace entente {

inline constexpr double kEqualitySelectivity = 0.1;  // n.k = v without an index
inline constexpr double kRangeSelectivity = 0.3;     // n.k < v
inline constexpr double kPrefixSelectivity = 0.1;    // STARTS WITH
inline constexpr double kTextSelectivity = 0.2;      // CONTAINS, ENDS WITH, =~
inline constexpr double kNullSelectivity = 0.1;      // IS NULL
inline constexpr double kDefaultSelectivity = 0.5;   // any other predicate
inline constexpr double kLinesPerFile = 1'000;       // LOAD CSV
inline constexpr double kElementsPerList = 10;       // UNWIND of a list that is not known
inline constexpr double kRowsPerGroup = 10;          // grouping, DISTINCT
inline constexpr uint64_t kAssumedLongest = 4;
inline constexpr double kMostRows = 1e15;
inline constexpr size_t kMostLabels = 256;

/// Labels that a node variable is known to have.
using VarLabels = std::unordered_map<VarId, std::vector<LabelId>>;

class Cardinality {
 public:
  explicit Cardinality(const Snapshot& graph) : graph_(graph), statistics_(graph.statistics()) {}

  const Snapshot& graph() const { return graph_; }
  LabelId label(std::string_view name) const { return graph_.names().label(name); }

  double nodes() const { return static_cast<double>(graph_.node_count()); }
  /// 0 for an unknown label.
  double nodes_with(LabelId label) const;
  /// With all of the labels; all nodes if there are none.
  double nodes_with(const std::vector<LabelId>& labels) const;

  /// Relationships of some types (any if empty) that a node with the labels has in the direction, on average.
  double degree(const std::vector<std::string>& types, Direction direction, const std::vector<LabelId>& labels) const;
  /// Of the relationships of some types that nodes with labels `from` have in the direction, the part whose far end has
  /// labels `to`.
  double end_fraction(const std::vector<std::string>& types, Direction direction, const std::vector<LabelId>& from,
                      const std::vector<LabelId>& to) const;
  /// Whether every relationship of the types, seen in the direction, ends at a node with the label; exact, and false
  /// where there is no such relationship.
  bool always_ends_at(const std::vector<std::string>& types, Direction direction, std::string_view label) const;
  /// At how many nodes relationships of the types, seen in the direction, end at most.
  double distinct_ends(const std::vector<std::string>& types, Direction direction) const;
  /// The labels that every one of these ends has; none if there are more than kMostLabels labels to look at.
  std::vector<LabelId> labels_at_ends(const std::vector<std::string>& types, Direction direction) const;
  /// Trails of between `min` and `max` relationships from a node, on average.
  double trails(const std::vector<std::string>& types, Direction direction, const std::vector<LabelId>& labels,
                uint64_t min, std::optional<uint64_t> max) const;

  /// Paths that a search finds from a node, on average.
  double found_paths(const PathSearchOp& search, const std::vector<LabelId>& labels) const;

  /// The part of the rows for which the predicate is true.
  double selectivity(const Expr& predicate, const VarLabels& labels) const;

  /// Elements that the seek finds for one row.
  double found_by(const IndexSeekOp& op) const;
  double found_by(const IndexRangeOp& op) const;

  /// The plan with an estimate at every operator, also of inner plans.
  PlanPtr estimate(Chain chain) const;
  /// Estimates for the operators of a chain.
  std::vector<double> rows(const Chain& chain) const;

 private:
  struct Types {
    bool any = false;
    std::vector<TypeId> ids;
  };
  Types resolve(const std::vector<std::string>& types) const;
  double total(const Types& types) const;
  /// Relationships of the types that leave (Out) or reach (In) nodes with the label.
  double incident(const Types& types, Direction direction, LabelId label) const;
  LabelId rarest(const std::vector<LabelId>& labels) const;
  double equality(const Expr& left, const Expr& right, const VarLabels& labels) const;
  double comparison(const Expr& predicate, const VarLabels& labels) const;
  /// On the property that the expression reads, if it does nothing else; else null.
  const Index* index_on(const Expr& property, const VarLabels& labels) const;
  double label_fraction(const LabelExpr& label) const;

  /// What the operators so far tell of the variables.
  struct Known {
    VarLabels labels;
    struct Along {
      std::vector<std::string> types;
      Direction direction;
      std::vector<LabelId> from;
    };
    std::unordered_map<VarId, Along> reached;  // along what an end was found
    std::unordered_set<VarId> any_node;        // found by a scan of all nodes
  };
  PlanPtr estimate(Chain chain, double input_rows, Known& known) const;
  double rows_after(PlanOp& op, double rows, double argument_rows, Known& known) const;
  /// After the counts of an operator.
  double counted(const std::vector<ExpandOp>& counts, double rows, double argument_rows, Known& known) const;
  double filtered(const Expr& predicate, double rows, Known& known) const;
  /// Relationships that an expansion finds for a row, and notes what it tells of the node that it begins at.
  double expanded(const ExpandOp& op, Known& known) const;
  /// Notes what is known of a node that was found along relationships.
  void reach(VarId to, const std::vector<std::string>& types, Direction direction, const std::vector<LabelId>& from,
             Known& known) const;

  const Snapshot& graph_;
  const Statistics& statistics_;
};

}  // namespace entente
