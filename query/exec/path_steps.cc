#include "entente/query/exec/path_steps.h"

#include <algorithm>
#include <memory>

#include "entente/query/exec/evaluate.h"

namespace entente {

void PathSteps::keep_allowed(std::vector<AdjacencyEntry>& steps, size_t begin) {
  std::vector<AdjacencyEntry> kept;
  for (size_t from = begin; from < steps.size(); from += context_.batch_size) {
    const size_t count = std::min(context_.batch_size, steps.size() - from);
    std::vector<uint32_t> rels(count);
    for (size_t i = 0; i < count; ++i) rels[i] = steps[from + i].rel;
    Batch batch = row_.select(std::make_shared<const Selection>(count, 0u));
    batch.set(op_.element, id_vector(VectorType::Relationship, std::move(rels)));
    const SelectionPtr passed = evaluate_predicate(*op_.predicate, batch, context_);
    for (const uint32_t i : *passed) kept.push_back(steps[from + i]);
  }
  steps.resize(begin);
  steps.insert(steps.end(), kept.begin(), kept.end());
}

}  // namespace entente
