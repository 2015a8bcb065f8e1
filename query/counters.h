// What a statement changed, counted as openCypher's side effects.
#pragma once

#include <cstdint>

namespace entente {

struct Counters {
  uint64_t nodes_created = 0;
  uint64_t nodes_deleted = 0;
  uint64_t relationships_created = 0;
  uint64_t relationships_deleted = 0;
  uint64_t properties_set = 0;
  uint64_t labels_added = 0;
  uint64_t labels_removed = 0;
  uint64_t indexes_added = 0;
  uint64_t indexes_removed = 0;
  uint64_t constraints_added = 0;
  uint64_t constraints_removed = 0;

  friend bool operator==(const Counters&, const Counters&) = default;
  bool any() const { return *this != Counters(); }
};

}  // namespace entente
