#include "entente/tools/import.h"

#include "entente/tools/importer.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/text.h"

namespace entente {

std::string shown_key(std::string_view key) { return "'" + fit_width(visible(key), 60) + "'"; }

NodeId IndexLookup::find(const ImportKey& key) const {
  if (index_ == nullptr || index_->entries == 0) return {};
  std::vector<uint32_t> found;
  if (key.number) index_->find(Value(*key.number), found);
  if (found.empty()) index_->find(Value(key.text), found);
  return found.empty() ? NodeId() : NodeId(found.front());
}

uint32_t TextNumbers::number(const std::string& text) {
  if (last_ < texts_.size() && texts_[last_] == text) return last_;
  const auto [it, fresh] = numbers_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
  if (fresh) texts_.push_back(text);
  return last_ = it->second;
}

Importer::Importer(Transaction& transaction, const ImportOptions& options)
    : tx_(transaction),
      options_(options),
      threads_(std::max(1u, options.threads)),
      base_(transaction.view()),
      bad_(options.skip_bad_rows) {}

ImportSummary Importer::run() {
  for (const NodeSpec& spec : options_.nodes) load_nodes(spec);
  for (const auto& [label, key] : unique_keys_) create_index(label, key);
  for (const RelationshipSpec& spec : options_.relationships) load_relationships(spec);
  summary_.types = types_.size();
  summary_.bad_rows = bad_.count();
  return summary_;
}

void Importer::write_properties(ImportFile& file, EntityType entity, uint32_t first, uint32_t count,
                                const std::function<uint64_t(uint32_t)>& row_of) {
  if (count == 0) return;
  const uint32_t first_page = first >> kColumnPageBits;
  const uint32_t last_page = (first + (count - 1)) >> kColumnPageBits;
  for (size_t i = 0; i < file.properties().size(); ++i) {
    check_interrupt();
    const PropertyType type = file.properties()[i].final_type();
    std::vector<std::shared_ptr<const ColumnBase>> pages(last_page - first_page + 1);
    parallel_for(threads_, pages.size(), [&](size_t p) {
      const uint64_t page_begin = (uint64_t{first_page} + p) << kColumnPageBits;
      const uint64_t begin = std::max<uint64_t>(page_begin, first);
      const uint64_t end = std::min<uint64_t>(page_begin + kColumnPageSize, uint64_t{first} + count);
      std::vector<std::pair<uint16_t, std::string_view>> cells;
      CellTable::Cursor cursor(file.cells(), i);
      std::string_view text;
      for (uint64_t id = begin; id < end; ++id) {
        if (!cursor.find(row_of(static_cast<uint32_t>(id - first)), text)) continue;
        cells.emplace_back(static_cast<uint16_t>(id - page_begin), text);
      }
      pages[p] = make_column_page(type, options_.array_delimiter, cells);
    });
    const KeyId key = tx_.key(file.properties()[i].name);
    for (uint32_t p = 0; p < pages.size(); ++p) {
      summary_.properties += pages[p]->count;
      tx_.bulk_page(entity, first_page + p, key, std::move(pages[p]));
    }
  }
}

ImportSummary import_csv(Database& database, const ImportOptions& options) {
  ImportSummary summary;
  database.bulk_load([&](Transaction& transaction) { summary = Importer(transaction, options).run(); });
  return summary;
}

}  // namespace entente
