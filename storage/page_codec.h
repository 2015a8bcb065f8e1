// Pages as records, and back.
//
// A page with a delta is written as if it had been compacted, so pages on disk are bases only. Decoding checks
// everything that a reader of the page relies on: counts, orders, offsets, and that each id lies within the limits.
// Pure functions.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "entente/core/page.h"
#include "entente/core/snapshot.h"
#include "entente/storage/aligned_bytes.h"

namespace entente {

/// Gives the targets of the relationships of one page of their table, by low bits of the id, deleted ones too. Pages of
/// Out lists refer to them. Thread-safe.
class TargetSource {
 public:
  virtual ~TargetSource() = default;
  /// Throws StorageError.Corrupt if there is no such page, or it is damaged.
  virtual std::shared_ptr<const std::vector<uint32_t>> targets(uint32_t page) const = 0;
};

/// What a page is decoded with. What its ids have to stay below: the limits of the version that was written with the
/// page, or of a later one.
struct PageLimits {
  uint32_t nodes = 0;
  uint32_t relationships = 0;
  uint32_t types = 0;
  uint32_t label_sets = 0;
  std::set<uint32_t> relationship_indexes = {};  // whose ids are those of relationships
  const TargetSource* table = nullptr;           // null: no page may refer to it
  std::shared_ptr<PageMemory> memory = nullptr;  // for the arrays of pages; null: the heap

  /// What the ids in a page of an index stay below.
  uint32_t of_index(uint32_t index) const { return relationship_indexes.contains(index) ? relationships : nodes; }
};

/// The record of a page, which must be of the key's kind. `table` holds the relationships of the page's version; where
/// it is given, Out lists may be written as references to it.
std::string encode_page(const PageKey& key, const Page& page, const PageTable<RelationshipPage>* table = nullptr);

/// Of a record of the kind Relationships: the targets.
std::vector<uint32_t> decode_targets(const PageKey& key, const AlignedBytes& record);

/// Throws StorageError.Corrupt naming the page.
std::unique_ptr<const Page> decode_page(const PageKey& key, const AlignedBytes& record, const PageLimits& limits);

}  // namespace entente
