#include "entente/query/exec/path_automaton.h"

#include <limits>
#include <utility>

#include "entente/query/exec/evaluate.h"

namespace entente {

namespace {

constexpr uint64_t kEndless = std::numeric_limits<uint64_t>::max();

uint64_t saturating_sum(uint64_t a, uint64_t b) { return a > kEndless - b ? kEndless : a + b; }
uint64_t saturating_product(uint64_t a, uint64_t b) { return b != 0 && a > kEndless / b ? kEndless : a * b; }

}  // namespace

uint64_t shortest_fit(const std::vector<PathStretch>& stretches) {
  uint64_t length = 0;
  for (const PathStretch& stretch : stretches) {
    length = saturating_sum(length, saturating_product(stretch.min, stretch.hops.size()));
  }
  return length;
}

uint64_t longest_fit(const std::vector<PathStretch>& stretches) {
  uint64_t length = 0;
  for (const PathStretch& stretch : stretches) {
    length = saturating_sum(length, saturating_product(stretch.max.value_or(kEndless), stretch.hops.size()));
  }
  return length;
}

PathAutomaton::PathAutomaton(const std::vector<PathStretch>& stretches, ExecContext& context)
    : stretches_(stretches), context_(context) {}

void PathAutomaton::new_batch() {
  lists_.clear();
  for (const PathStretch& stretch : stretches_) {
    auto& hops = lists_.emplace_back();
    for (const PathHop& hop : stretch.hops) {
      hops.push_back(relationship_lists(hop.types, hop.direction, *context_.graph));
    }
  }
}

void PathAutomaton::alternatives(PathPosition at, uint32_t node, std::vector<PathPosition>& out) {
  while (!at_end(at) && at.hop == 0) {
    const PathStretch& stretch = stretches_[at.stretch];
    if (!stretch.max || at.times < *stretch.max) out.push_back(at);
    if (at.times < stretch.min || !passes_end(stretch, node)) return;
    at = {at.stretch + 1, 0, 0};
  }
  out.push_back(at);
}

bool PathAutomaton::passes_end(const PathStretch& stretch, uint32_t node) {
  if (stretch.end_predicate == nullptr) return true;
  return !passing(*stretch.end_predicate, 1, {{stretch.end, VectorType::Node, {node}}})->empty();
}

PathPosition PathAutomaton::after(PathPosition at) const {
  if (++at.hop < stretches_[at.stretch].hops.size()) return at;
  return {at.stretch, 0, at.times + 1};
}

void PathAutomaton::edges(const PathPosition& at, uint32_t node, const Trail* trail, std::vector<AdjacencyEntry>& out) {
  const PathHop& hop = stretches_[at.stretch].hops[at.hop];
  const size_t begin = out.size();
  AdjacencySegment segment;
  for (const RelationshipList& list : lists_[at.stretch][at.hop]) {
    const bool skip_loops = hop.direction == Direction::Both && list.direction == Direction::In;
    cursor_.open(context_.graph->adjacency(list.type, list.direction), NodeId(node));
    while (cursor_.next(segment)) {
      for (uint32_t i = 0; i < segment.size; ++i) {
        if (skip_loops && segment.neighbours[i] == node) continue;
        const uint32_t rel = segment.rel(i);
        if (trail == nullptr || !trail->contains(rel)) out.push_back({segment.neighbours[i], rel});
      }
    }
  }
  if (hop.predicate == nullptr || out.size() == begin) return;
  std::vector<AdjacencyEntry> kept;
  for (size_t first = begin; first < out.size(); first += context_.batch_size) {
    const size_t count = std::min(context_.batch_size, out.size() - first);
    std::vector<uint32_t> rels(count);
    std::vector<uint32_t> ends(count);
    for (size_t i = 0; i < count; ++i) {
      rels[i] = out[first + i].rel;
      ends[i] = out[first + i].neighbour;
    }
    const SelectionPtr passed = passing(*hop.predicate, count,
                                        {{hop.near, VectorType::Node, std::vector<uint32_t>(count, node)},
                                         {hop.rel, VectorType::Relationship, std::move(rels)},
                                         {hop.far, VectorType::Node, std::move(ends)}});
    for (const uint32_t i : *passed) kept.push_back(out[first + i]);
  }
  out.resize(begin);
  out.insert(out.end(), kept.begin(), kept.end());
}

SelectionPtr PathAutomaton::passing(const Expr& predicate, size_t count, std::vector<Column> columns) {
  Batch batch = row_.select(std::make_shared<const Selection>(count, 0u));
  for (Column& column : columns) {
    if (column.var != kNoVar) batch.set(column.var, id_vector(column.type, std::move(column.ids)));
  }
  return evaluate_predicate(predicate, batch, context_);
}

}  // namespace entente
