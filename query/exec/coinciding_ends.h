// Internal to query/exec: for which ends of an expansion two relationships that must not be the same might be.
//
// Two relationships can only be the same if they lie between the same two nodes. Of these some are nodes of the row,
// some the end, so a row tells a few ends, none or all for which that may be so; only those need have their
// relationships found one by one.
//
// Used by one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "entente/query/exec/operators.h"

namespace entente {

class CoincidingEnds {
 public:
  /// Of an expansion with counts (see ExpandOp) and their `apart`.
  explicit CoincidingEnds(const ExpandOp& op) : op_(op) {
    add(op);
    for (const ExpandOp& count : op.counts) add(count);
  }

  /// Whether there is nothing that must not be the same.
  bool empty() const { return pairs_.empty(); }

  void open(const Batch& in) {
    for (RowId& id : row_ids_) id.reader = IdReader(in, id.var, id.kind);
  }
  /// The rows of the batch to which `go_to` will go.
  void open_rows(const std::vector<uint32_t>& rows) {
    for (RowId& id : row_ids_) id.reader.read(rows, id.ids);
  }
  /// Goes to the i-th of the rows.
  void go_to(size_t i) {
    row_ = i;
    suspects_.clear();
    all_ = false;
    for (const Four& four : pairs_) {
      add_suspects({four[0], four[2]}, {four[1], four[3]});
      add_suspects({four[0], four[3]}, {four[1], four[2]});
    }
  }

  /// Whether there may be such ends in the row at hand.
  bool any() const { return all_ || !suspects_.empty(); }
  bool may_be(uint32_t end) const {
    return all_ || std::find(suspects_.begin(), suspects_.end(), end) != suspects_.end();
  }

  /// What a node or relationship variable that is compared has in the row at hand; kNone if it is none of the row's.
  uint32_t id(VarId var) const {
    const auto found = std::find_if(row_ids_.begin(), row_ids_.end(), [&](const RowId& id) { return id.var == var; });
    return found != row_ids_.end() ? found->ids[row_] : RelId::kNone;
  }

 private:
  struct RowId {
    VarId var;
    VectorType kind;
    IdReader reader = {};
    std::vector<uint32_t> ids = {};  // by row
  };
  /// The ends of one relationship and those of the other: places in row_ids_, or kEnd.
  using Four = std::array<uint32_t, 4>;
  using Two = std::array<uint32_t, 2>;
  static constexpr uint32_t kEnd = ~uint32_t{0};

  void add(const ExpandOp& op) {
    const VarId to = &op == &op_ ? op_.each : op.to;
    for (const PlacedRelationship& other : op.apart) {
      pairs_.push_back({place_of(op.from), place_of(to), place_of(other.from), place_of(other.to)});
      if (!is_found_here(other.rel)) place_of(other.rel, VectorType::Relationship);
    }
  }

  bool is_found_here(VarId rel) const {
    return rel == op_.rel ||
           std::any_of(op_.counts.begin(), op_.counts.end(), [&](const ExpandOp& count) { return count.rel == rel; });
  }

  uint32_t place_of(VarId var, VectorType kind = VectorType::Node) {
    if (var == op_.each) return kEnd;
    for (size_t i = 0; i < row_ids_.size(); ++i) {
      if (row_ids_[i].var == var) return static_cast<uint32_t>(i);
    }
    row_ids_.push_back({var, kind});
    return static_cast<uint32_t>(row_ids_.size() - 1);
  }

  /// Those for which both are twice the same node.
  void add_suspects(const Two& first, const Two& second) {
    uint32_t suspect = NodeId::kNone;
    for (const Two& two : {first, second}) {
      if (two[0] == two[1]) continue;
      if (two[0] != kEnd && two[1] != kEnd) {
        if (node_at(two[0]) != node_at(two[1])) return;
        continue;
      }
      const uint32_t node = node_at(two[0] == kEnd ? two[1] : two[0]);
      if (suspect != NodeId::kNone && suspect != node) return;
      suspect = node;
    }
    if (suspect == NodeId::kNone) {
      all_ = true;
    } else {
      suspects_.push_back(suspect);
    }
  }

  uint32_t node_at(uint32_t place) const { return row_ids_[place].ids[row_]; }

  const ExpandOp& op_;
  std::vector<Four> pairs_;
  std::vector<RowId> row_ids_;
  size_t row_ = 0;                  // that is at hand
  std::vector<uint32_t> suspects_;  // in that row, as far as not …
  bool all_ = false;                // … all ends may be
};

}  // namespace entente
