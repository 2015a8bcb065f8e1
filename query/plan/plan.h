// The plan: a closed set of operators, as immutable trees.
//
// Almost all operators take one input and extend its rows, so a plan is mostly a chain: a MATCH continues from the rows
// before it, a scan pairs each input row with each node. Operators with inner plans (Optional, Union, Merge, subquery
// expressions) run those on rows handed to the inner plan's `Argument` leaf.
//
// Variables are numbered by the binder (VarId). Names of labels, types and keys are text: they are looked up when an
// operator starts, so that a plan is good for any version of the graph. Plans are immutable and may be shared by
// threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "entente/query/syntax/ast.h"

namespace entente {

struct Plan;
using PlanPtr = std::shared_ptr<const Plan>;

// ---- leaves ----

/// The rows handed in from outside: one empty row for a whole statement, the outer rows for an inner plan.
struct ArgumentOp {};

// ---- reading; each pairs its input rows with what it finds ----

/// Nodes with a label (relationships of a type) whose properties equal values, by the range index on it and the keys.
/// Equal as `=` has it: a value that does not equal itself (null, NaN, a list with one of them in it) finds nothing.
struct IndexSeekOp {
  VarId var;
  std::string label;              // or type
  std::vector<std::string> keys;  // of the index
  std::vector<ExprPtr> values;    // of the first keys, at least one
  bool in_list = false;  // the value of the only key is a list: those whose property equals one of its elements
  EntityType entity = EntityType::Node;
};

/// Nodes with a label (relationships of a type) whose property lies in a range, by an ordered index: for which the
/// comparisons with the bounds are true, or that begin with `prefix`.
struct IndexRangeOp {
  VarId var;
  std::string label;  // or type
  std::string key;
  ExprPtr low;  // may be null
  bool low_inclusive = true;
  ExprPtr high;
  bool high_inclusive = true;
  ExprPtr prefix = nullptr;  // then there are no bounds
  EntityType entity = EntityType::Node;
};

/// The node whose id equals (`=`) a value, if it exists: 1.0 finds what 1 finds, null and other kinds find nothing.
struct NodeByIdOp {
  VarId var;
  ExprPtr id;
};

/// Which rows an expansion gives whose relationships nobody reads.
enum class ExpandMatch : uint8_t {
  All,       // one for each relationship
  Optional,  // the same, and one where there is none
  Exists,    // one where there is a relationship
  None,      // one where there is none
};

/// That a node is at the other end of a relationship of `node`, seen from there.
struct NearNode {
  VarId node;
  std::vector<std::string> types;  // empty: any
  Direction direction;
};

/// A relationship of the row, and the nodes at its ends.
struct PlacedRelationship {
  VarId rel;
  VarId from;
  VarId to;
};

/// That of nodes which can change places in a pattern only one order is found.
struct NodeOrder {
  std::vector<VarId> lower =
      {};               // those found before the end, the last one first: its id is not below that of the first
  bool as_all = false;  // the row stands for all orders that these and the end have
};

/// From a node along relationships of some types. `from` null has no relationships.
struct ExpandOp {
  VarId from;
  VarId rel;                       // kNoVar if nobody reads it
  VarId to;                        // kNoVar if nobody reads it: with rel unread too, multiplies the row by the degree
  std::vector<std::string> types;  // empty: any
  Direction direction;
  bool into = false;                     // `to` is bound already: only relationships between the two
  std::vector<VarId> except = {};        // bound nodes that are no ends; only where rel and to are kNoVar
  std::vector<NearNode> far = {};        // no ends are such for which one of these holds; only as above
  std::vector<NearNode> near = {};       // ends for which these do not hold may be left out: something above drops them
  ExpandMatch match = ExpandMatch::All;  // another only where rel is kNoVar, and to as well unless it is bound
  std::vector<VarId> found = {};         // Optional: true where there is a relationship, else null
  VarId each = kNoVar;                   // what `counts` call an end
  std::vector<ExpandOp> counts = {};     // of each end: the row is multiplied by the sum of their products; only where
                                         // to is kNoVar, and match is All; with them nothing is bound: rel, and the
                                         // `rel` of counts, only name what others are compared with
  std::vector<PlacedRelationship> apart = {};  // the relationship is none of these; only in what has or is a count
  NodeOrder order = {};                        // of the end; only where match is All, and it is read or has counts
};

/// All nodes, or those with a label.
struct NodeScanOp {
  VarId var;
  std::optional<std::string> label = std::nullopt;
  std::vector<ExpandOp> counts = {};  // of `var`, whose ends nobody reads: they multiply its row
  bool together = false;              // nobody reads `var`: rows of many nodes become one; only with `counts`
};

/// How often a variable-length expansion gives an end.
enum class PathEnds : uint8_t {
  Each,        // for each trail that leads there
  OncePerRow,  // once, if there is a trail
  Once,        // once for all rows together, of which nothing else is kept, nor their order
};

/// Trails (paths without a repeated relationship) of between min and max relationships. `rel` is the list of
/// relationships from `from` on, kNoVar if nobody reads it. `to` is the end node; with `into` it is bound already.
struct VarExpandOp {
  VarId from;
  VarId rel;
  VarId to;
  std::vector<std::string> types;
  Direction direction;
  uint64_t min;
  std::optional<uint64_t> max;
  bool into = false;
  VarId element = kNoVar;  // each relationship on the way, as `predicate` names it
  ExprPtr predicate;       // must hold for each of them; may be null
  bool reversed = false;   // the pattern is written from `to` to `from`: `rel` lists the relationships from `to` on
  VarId length = kNoVar;   // how many relationships; kNoVar if nobody asks
  PathEnds ends = PathEnds::Each;  // another only where rel and length are kNoVar, and Once only without `into`
};

/// One relationship of a searched path and the nodes at its ends.
struct PathHop {
  VarId near;  // as predicates name them; kNoVar if none does
  VarId rel;
  VarId far;  // the `near` of the hop after it
  std::vector<std::string> types;
  Direction direction;
  ExprPtr predicate;  // of these three alone (and what is bound before); may be null
};

/// Hops that are walked between min and max times over, and the node behind them.
struct PathStretch {
  std::vector<PathHop> hops;
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;
  bool single = false;    // a relationship as such, which stands for itself and not for a list
  ExprPtr predicate;      // of the variables of one time over; may be null
  VarId end = kNoVar;     // the node behind, as `end_predicate` names it; kNoVar behind the last stretch
  ExprPtr end_predicate;  // of that node alone; may be null
};

/// A variable that a searched path binds: the list of what an element of a stretch was each time over, or just that.
struct PathVariable {
  static constexpr uint32_t kEnd = ~uint32_t{0};
  VarId var;
  uint32_t stretch;
  uint32_t element;  // its first node, its first relationship, its second node, …; or kEnd: the node behind it
  bool list;
};

/// Trails from a node that fit a pattern of stretches: all of them, or of those between the same two nodes the
/// shortest few. `rel` is the list of all their relationships. `to` is the end node; with `into` it is bound already.
struct PathSearchOp {
  enum class Select : uint8_t {
    All,
    Shortest,
    Groups
  };  // `count` shortest ones, or those of the `count` least lengths

  VarId from = kNoVar;
  VarId to = kNoVar;
  VarId rel = kNoVar;   // kNoVar if nobody reads it
  VarId path = kNoVar;  // the path as a value, kNoVar if nobody reads it
  std::vector<PathStretch> stretches;
  std::vector<PathVariable> variables;
  Select select = Select::All;
  uint64_t count = 1;
  ExprPtr predicate;  // of all of it: what is not so does not count; may be null
  bool into = false;
  bool reversed = false;  // the pattern is written from `to` to `from`: lists and the path go from `to` on
};

/// The same pattern walked from its other end: `from` and `to` are exchanged.
PathSearchOp reversed(PathSearchOp op);
std::vector<PathStretch> reversed(const std::vector<PathStretch>& stretches);

/// A relationship (or list of them, for a variable-length pattern) that is bound already: keeps rows where it fits the
/// pattern, and binds the ends that are not bound yet.
struct BoundRelationshipOp {
  VarId rel;
  VarId from;
  bool from_bound;
  VarId to;
  bool to_bound;
  std::vector<std::string> types;
  Direction direction;
  bool variable_length = false;
  uint64_t min = 1;
  std::optional<uint64_t> max = 1;
};

/// Keeps rows in which no relationship of `rel` (one or a list) is among those of `others`.
struct UniqueRelationshipsOp {
  VarId rel;
  std::vector<VarId> others;
};

/// Binds a path variable from its parts: node, relationship (or list), node, ….
struct BuildPathOp {
  VarId path;
  std::vector<VarId> parts;
};

// ---- rows ----

struct FilterOp {
  ExprPtr predicate;
};

struct ProjectedColumn {
  VarId var;
  ExprPtr expr;
};

/// Computes columns. With `keep_input` the input's columns stay, else only these remain.
struct ProjectOp {
  std::vector<ProjectedColumn> columns;
  bool keep_input = false;
};

/// Groups by the keys; each aggregate is an ExprKind::Aggregate. Without keys there is always one row, or with `by_row`
/// one for each row handed in from outside of which there are rows.
struct AggregateOp {
  std::vector<ProjectedColumn> keys;
  std::vector<ProjectedColumn> aggregates;
  bool by_row = false;
};

struct DistinctOp {
  std::vector<VarId> vars;
};

/// Rows that are equal in `var`, a node, become one that stands for all of them. Nothing else of the rows is kept, nor
/// their order. With `along` the rows are expanded by it first, to `var`, and those kept whose end has the labels.
struct CombineRowsOp {
  VarId var;
  std::optional<ExpandOp> along = std::nullopt;  // neither bound ends nor relationships that are read
  ExprPtr labels = nullptr;                      // `var:A`, or a conjunction of such; may be null
};

/// For each row, the rows of the inner plan that have the same nodes in `keys`; none for a row with null there. The
/// inner plan reads nothing from outside, and is run once, when the first row comes. With `along` its rows are expanded
/// by that, to one of the keys. Where the nodes of a pair in `same` are the same, those of `otherwise` are counted,
/// which is run for the row.
struct CountJoinOp {
  PlanPtr inner;
  std::vector<VarId> keys;                       // one or two; of both sides
  ExpandMatch match = ExpandMatch::All;          // what becomes of the row, if `count` is kNoVar
  VarId count = kNoVar;                          // their number; then rows stay as they are
  std::vector<VarId> found = {};                 // true where there is one, else null
  std::optional<ExpandOp> along = std::nullopt;  // neither bound ends nor relationships that are read
  std::vector<std::pair<VarId, VarId>> same = {};
  PlanPtr otherwise = nullptr;  // if there are such pairs
};

struct SortKey {
  ExprPtr expr;
  bool descending = false;
};

/// Sorts; with `limit` keeps only so many rows (ties in input order).
struct SortOp {
  std::vector<SortKey> keys;
  ExprPtr limit;  // may be null
};

struct SkipOp {
  ExprPtr count;
};

/// Asks its input for rows at least once, also when it wants none: what is below a barrier happens whatever is wanted
/// above.
struct LimitOp {
  ExprPtr count;
};

struct UnwindOp {
  ExprPtr list;
  VarId var;
};

/// Concatenates its branches (inner plans on the same argument); branch i's columns[i][k] becomes vars[k].
struct UnionOp {
  std::vector<PlanPtr> branches;
  std::vector<std::vector<VarId>> columns;
  std::vector<VarId> vars;
};

/// Runs the inner plan on each row; a row for which it gives none is kept once with `vars` null.
struct OptionalOp {
  PlanPtr inner;
  std::vector<VarId> vars;
};

/// CALL { … }: runs the inner plan on each row in turn (or `once`, if it reads nothing of them), and pairs the row with
/// each row that it gives: the inner plan's columns[k] becomes vars[k]. A `unit` subquery (one without columns that
/// only has effects) leaves the rows as they are. With `optional` a row for which there is none is kept once with
/// `vars` null.
struct CallSubqueryOp {
  PlanPtr inner;
  std::vector<VarId> columns;
  std::vector<VarId> vars;
  bool unit = false;
  bool optional = false;
  bool once = false;  // the same rows are found for each row
};

/// The lines of a CSV file: a list of texts each, or with `headers` a map.
struct LoadCsvOp {
  ExprPtr url;
  VarId var;
  VarId line;  // kNoVar if nobody reads it
  VarId file;  // the same
  bool headers = false;
  char separator = ',';
  Span span;
};

// ---- writing ----

struct CreatedNode {
  VarId var;
  std::vector<std::string> labels;
  ExprPtr properties;  // Map, Parameter, or null
  Span span;
  std::vector<ExprPtr> dynamic_labels = {};
};

struct CreatedRelationship {
  VarId var;
  VarId from;
  VarId to;
  std::string type;
  ExprPtr properties;
  Span span;
  ExprPtr dynamic_type = nullptr;  // instead of `type`
};

/// For each row creates the nodes, then the relationships.
struct CreateOp {
  std::vector<CreatedNode> nodes;
  std::vector<CreatedRelationship> relationships;
};

/// For each row in turn: runs `match` on it; if that gives rows, gives those, after `on_match`; else creates, applies
/// `on_create`, gives the row. Later rows see what earlier ones created.
struct MergeOp {
  PlanPtr match;
  CreateOp create;
  std::vector<VarId> vars;  // bound by match or create
  std::vector<SetItem> on_create;
  std::vector<SetItem> on_match;
};

struct SetOp {
  std::vector<SetItem> items;
};

struct RemoveOp {
  std::vector<RemoveItem> items;
};

struct DeleteOp {
  bool detach;
  std::vector<ExprPtr> targets;
};

/// For each row in turn and each element of its list runs the inner plan to its end, and passes the row on.
struct ForeachOp {
  ExprPtr list;
  VarId var;
  PlanPtr inner;
};

/// Takes in all its input before it gives a row, so that what reads and what writes do not mix.
struct BarrierOp {};

// ---- ends ----

struct CallProcedureOp {
  std::string procedure;
  std::vector<ExprPtr> args;
  std::vector<std::pair<std::string, VarId>> yields;  // output field, variable
  bool keep_input_only = false;                       // a procedure without outputs: passes its input on
  Span span = {};
};

/// The statement's result: columns in order. Without columns it runs its input and gives no row.
struct ResultOp {
  std::vector<VarId> vars;
  std::vector<std::string> names;
};

using PlanOp = std::variant<ArgumentOp, NodeScanOp, IndexSeekOp, IndexRangeOp, NodeByIdOp, ExpandOp, VarExpandOp,
                            PathSearchOp, BoundRelationshipOp, UniqueRelationshipsOp, BuildPathOp, FilterOp, ProjectOp,
                            AggregateOp, DistinctOp, CombineRowsOp, CountJoinOp, SortOp, SkipOp, LimitOp, UnwindOp,
                            LoadCsvOp, UnionOp, OptionalOp, CallSubqueryOp, CreateOp, MergeOp, SetOp, RemoveOp,
                            DeleteOp, ForeachOp, BarrierOp, CallProcedureOp, ResultOp>;

struct Plan {
  PlanOp op;
  PlanPtr input;              // null for a leaf and for Union
  double estimated_rows = 0;  // that it gives

  Plan() = default;
  Plan(PlanOp operation, PlanPtr from, double rows)
      : op(std::move(operation)), input(std::move(from)), estimated_rows(rows) {}
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  /// Lets go of the chain below in a loop: chains may be longer than the stack is deep.
  ~Plan() {
    PlanPtr next = std::move(input);
    while (next != nullptr && next.use_count() == 1) {
      PlanPtr after = std::move(const_cast<Plan&>(*next).input);  // ours alone, and made by make_plan as not const
      next = std::move(after);
    }
  }
};

inline PlanPtr make_plan(PlanOp op, PlanPtr input, double estimated_rows = 0) {
  return std::make_shared<Plan>(std::move(op), std::move(input), estimated_rows);
}

/// That every relationship of some types, seen in the direction, ends at a node with the label. A plan may rest on it.
struct EndFact {
  std::vector<std::string> types;
  Direction direction;
  std::string label;
};

/// Columns on the right of a plan's text: first the estimated rows, then what `values` gives for an operator.
struct PlanColumns {
  std::vector<std::string> titles = {"Rows"};
  std::function<std::vector<std::string>(const Plan&)> values;  // one fewer than titles; may be empty if there are none
};

/// As a table of lines, operators from the result down: name, details, columns. For EXPLAIN, PROFILE and golden tests.
std::string to_string(const Plan& plan, const std::vector<std::string>& variable_names,
                      const PlanColumns& columns = {});

}  // namespace entente
