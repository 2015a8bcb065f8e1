// Counts that the planner estimates with, kept up to date by every transaction.
//
// All are exact. A relationship counts once for each label of its source (target) in `by_source` (`by_target`).
#pragma once

#include <cstdint>
#include <vector>

#include "entente/core/ids.h"

namespace entente {

struct Statistics {
  std::vector<uint64_t> label_counts;            // nodes by label
  std::vector<uint64_t> type_counts;             // relationships by type
  std::vector<std::vector<uint64_t>> by_source;  // [type][label of the source]
  std::vector<std::vector<uint64_t>> by_target;  // [type][label of the target]
  std::vector<uint64_t> node_key_counts;         // nodes that have a property, by key
  std::vector<uint64_t> relationship_key_counts;

  uint64_t label_count(LabelId label) const;
  uint64_t type_count(TypeId type) const;
  uint64_t source_count(TypeId type, LabelId label) const;
  uint64_t target_count(TypeId type, LabelId label) const;

  // Changes a count, growing its vector if need be.
  void add_nodes(LabelId label, int64_t by);
  void add_relationships(TypeId type, int64_t by);
  /// `end` is Out for sources, In for targets.
  void add_ends(TypeId type, Direction end, LabelId label, int64_t by);
  void add_node_keys(KeyId key, int64_t by);
  void add_relationship_keys(KeyId key, int64_t by);
};

}  // namespace entente
