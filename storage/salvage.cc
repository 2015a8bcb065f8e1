#include "entente/storage/salvage.h"

#include <algorithm>

#include "entente/core/adjacency.h"
#include "entente/core/column.h"
#include "entente/core/label.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/page_tables.h"

namespace entente {
namespace {

std::string range_of(const char* what, uint32_t number, uint32_t bits, uint32_t limit) {
  const uint64_t first = uint64_t{number} << bits;
  const uint64_t last = std::min<uint64_t>(first + (uint64_t{1} << bits), limit) - 1;
  return std::string(what) + " " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

void require_database(const std::string& path) {
  const DatabaseFiles files(path);
  if (files.state() == DatabaseFiles::State::Missing) {
    throw Error::storage("NotFound", "there is no database at " + path + "; name the path of one");
  }
}

SalvageSource::SalvageSource(std::shared_ptr<const PageStore> from, const std::string& path)
    : SalvageSource(from, path, from->get_meta(kFormatRecord), from->get_meta(kManifestRecord)) {}

SalvageSource::SalvageSource(std::shared_ptr<const PageStore> from, const std::string& path,
                             const std::optional<std::string>& format_record,
                             const std::optional<std::string>& manifest_record)
    : store(std::move(from)) {
  if (!format_record) throw corrupt("the database " + path, "it has no record of its format's version");
  format = decode_format(*format_record);
  if (format == 0 || format > kFormatVersion) {
    throw Error::storage("FormatVersion", "the database " + path + " has format version " + std::to_string(format) +
                                              "; this program supports versions up to " +
                                              std::to_string(kFormatVersion) + "; use a newer Entente");
  }
  if (!manifest_record) throw corrupt("the database " + path, "it has no manifest");
  pages = std::make_shared<StoredPages>(store);
  manifest = decode_manifest(*manifest_record, pages);
  pages->raise_limits(limits_of(manifest.snapshot));
  pages->set_table(std::make_shared<const std::vector<uint64_t>>(table_epochs(manifest.snapshot, manifest.epoch)));
}

void for_each_stored_page(const Snapshot& snapshot,
                          const std::function<void(const PageKey& key, const PageHandle& handle)>& fn) {
  Snapshot copy = snapshot;
  for_each_table(SnapshotParts(copy), [&](PageKind kind, uint32_t id, const auto& table) {
    table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      fn({kind, id, number, handle->epoch()}, *handle);
    });
  });
}

std::string affected(const PageKey& key, const Snapshot& snapshot) {
  const Dictionary& names = snapshot.names();
  const uint32_t nodes = snapshot.node_limit();
  const uint32_t relationships = snapshot.relationship_limit();
  switch (key.kind) {
    case PageKind::Nodes:
      return "labels of " + range_of("nodes", key.number, NodePage::kBits, nodes);
    case PageKind::Relationships:
      return "ends of " + range_of("relationships", key.number, RelationshipPage::kBits, relationships);
    case PageKind::Adjacency:
      return std::string(key.id % 2 == 0 ? "outgoing " : "incoming ") + names.types.name(key.id / 2) + " of " +
             range_of("nodes", key.number, kAdjacencyPageBits, nodes);
    case PageKind::NodeColumn:
      return "property " + names.keys.name(key.id) + " of " + range_of("nodes", key.number, kColumnPageBits, nodes);
    case PageKind::RelationshipColumn:
      return "property " + names.keys.name(key.id) + " of " +
             range_of("relationships", key.number, kColumnPageBits, relationships);
    case PageKind::Label:
      return "label " + names.labels.name(key.id) + " of " + range_of("nodes", key.number, kLabelPageBits, nodes);
    case PageKind::HashIndex:
    case PageKind::OrderedIndex:
      for (const Index& index : snapshot.indexes()) {
        if (index.definition.id == key.id) return "index " + index.definition.name;
      }
  }
  return "an index";
}

}  // namespace entente
