// Internal to query/exec: nodes that are found in ascending order of their ids only, and how many orders they stand
// for.
//
// Used by one thread.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "entente/query/exec/operators.h"

namespace entente {

/// The nodes of the row before which an end does not come.
class LowerNodes {
 public:
  explicit LowerNodes(const NodeOrder& order) : order_(order) {}

  bool empty() const { return order_.lower.empty(); }

  /// To be called at the begin of each batch.
  void open(const Batch& in) {
    nodes_.resize(order_.lower.size());
    for (size_t i = 0; i < nodes_.size(); ++i) IdReader(in, order_.lower[i], VectorType::Node).read(in.rows, nodes_[i]);
  }

  /// The least end of a row.
  uint32_t least(size_t row) const { return nodes_[0][row]; }

  /// What a row counts with an end that is the least one, and with another.
  struct Times {
    uint64_t least;
    uint64_t other;
  };
  Times times(size_t row) const {
    if (!order_.as_all) return {1, 1};
    uint64_t orders = 1;  // of the nodes so far, of which each of `same` is the one at hand
    uint64_t same = 0;
    for (size_t i = nodes_.size(); i-- > 0;) {
      same = i + 1 < nodes_.size() && nodes_[i][row] == nodes_[i + 1][row] ? same + 1 : 1;
      orders = orders * (nodes_.size() - i) / same;
    }
    const uint64_t all = orders * (nodes_.size() + 1);
    return {all / (same + 1), all};
  }

  /// The part of a sorted list that does not come before `least`.
  static std::span<const uint32_t> from(std::span<const uint32_t> list, uint32_t least) {
    return list.subspan(static_cast<size_t>(std::lower_bound(list.begin(), list.end(), least) - list.begin()));
  }

 private:
  const NodeOrder& order_;
  std::vector<std::vector<uint32_t>> nodes_;  // for each of them, by row
};

}  // namespace entente
