#include "entente/storage/stored_pages.h"

#include <optional>
#include <utility>

#include "entente/storage/damage.h"
#include "entente/storage/key_codec.h"

namespace entente {
namespace {

void raise(std::atomic<uint32_t>& limit, uint32_t to) {
  uint32_t now = limit.load(std::memory_order_relaxed);
  while (now < to && !limit.compare_exchange_weak(now, to, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

}  // namespace

std::unique_ptr<const Page> StoredPages::load(const PageKey& key) const {
  const std::optional<AlignedBytes> record = store_->get_page(key);
  if (!record) throw corrupt(describe(key), "it is missing");
  PageLimits limits;
  limits.nodes = nodes_.load(std::memory_order_acquire);
  limits.relationships = relationships_.load(std::memory_order_acquire);
  limits.types = types_.load(std::memory_order_acquire);
  limits.label_sets = label_sets_.load(std::memory_order_acquire);
  limits.table = this;
  limits.memory = memory_;
  if (key.kind == PageKind::OrderedIndex) {
    const std::lock_guard lock(mutex_);
    limits.relationship_indexes = relationship_indexes_;
  }
  return decode_page(key, *record, limits);
}

void StoredPages::raise_limits(const PageLimits& limits) {
  raise(nodes_, limits.nodes);
  raise(relationships_, limits.relationships);
  raise(types_, limits.types);
  raise(label_sets_, limits.label_sets);
  const std::lock_guard lock(mutex_);
  relationship_indexes_.insert(limits.relationship_indexes.begin(), limits.relationship_indexes.end());
}

StoredPages::Epochs StoredPages::set_table(Epochs epochs) {
  const std::lock_guard lock(mutex_);
  return std::exchange(table_, std::move(epochs));
}

uint64_t StoredPages::table_epoch(uint32_t page) const {
  const std::lock_guard lock(mutex_);
  return table_ && page < table_->size() ? (*table_)[page] : 0;
}

StoredPages::Targets StoredPages::targets(uint32_t page) const {
  for (uint64_t epoch = table_epoch(page);;) {
    const PageKey key{PageKind::Relationships, 0, page, epoch};
    if (epoch == 0) throw corrupt(describe(key), "it is missing");
    Kept& kept = kept_[page % kept_.size()];
    {
      const std::lock_guard lock(mutex_);
      if (kept.targets && kept.page == page && kept.epoch == epoch) return kept.targets;
    }
    if (const std::optional<AlignedBytes> record = store_->get_page(key)) {
      auto found = std::make_shared<const std::vector<uint32_t>>(decode_targets(key, *record));
      const std::lock_guard lock(mutex_);
      kept = {page, epoch, found};
      return found;
    }
    const uint64_t now = table_epoch(page);  // a checkpoint may have replaced it meanwhile
    if (now == epoch) throw corrupt(describe(key), "it is missing");
    epoch = now;
  }
}

}  // namespace entente
