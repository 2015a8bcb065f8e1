#include "entente/core/statistics.h"

namespace entente {
namespace {

uint64_t at(const std::vector<uint64_t>& counts, uint32_t i) { return i < counts.size() ? counts[i] : 0; }

uint64_t at(const std::vector<std::vector<uint64_t>>& counts, uint32_t i, uint32_t j) {
  return i < counts.size() ? at(counts[i], j) : 0;
}

void add_to(std::vector<uint64_t>& counts, uint32_t i, int64_t by) {
  if (by == 0) return;
  if (i >= counts.size()) counts.resize(i + 1);
  counts[i] += static_cast<uint64_t>(by);  // modulo 2^64, so that a negative change subtracts
}

}  // namespace

uint64_t Statistics::label_count(LabelId label) const { return at(label_counts, label.value); }
uint64_t Statistics::type_count(TypeId type) const { return at(type_counts, type.value); }
uint64_t Statistics::source_count(TypeId type, LabelId label) const { return at(by_source, type.value, label.value); }
uint64_t Statistics::target_count(TypeId type, LabelId label) const { return at(by_target, type.value, label.value); }

void Statistics::add_nodes(LabelId label, int64_t by) { add_to(label_counts, label.value, by); }
void Statistics::add_relationships(TypeId type, int64_t by) { add_to(type_counts, type.value, by); }

void Statistics::add_ends(TypeId type, Direction end, LabelId label, int64_t by) {
  if (by == 0) return;
  auto& counts = end == Direction::Out ? by_source : by_target;
  if (type.value >= counts.size()) counts.resize(type.value + 1);
  add_to(counts[type.value], label.value, by);
}

void Statistics::add_node_keys(KeyId key, int64_t by) { add_to(node_key_counts, key.value, by); }
void Statistics::add_relationship_keys(KeyId key, int64_t by) { add_to(relationship_key_counts, key.value, by); }

}  // namespace entente
