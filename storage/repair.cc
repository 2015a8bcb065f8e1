// Saving what is intact of a damaged database.
//
// Its records are read from RocksDB's tables and logs one by one (RocksSalvage). Nodes and relationships are made anew
// under their old ids: for an id that is not in use, or whose element is lost, one is made and deleted again, so that
// the log of the damaged database still fits and is applied at the end (LogRepair). The ends of a relationship stand in
// the table, in the In lists and, for some pages, in the Out lists; the labels of a node with the node and in the
// bitmaps. Indexes are built anew.
//
// All is made in a folder beside the new database's path, which gets its name at the end.
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/check.h"
#include "entente/storage/commit_mark.h"
#include "entente/storage/damage.h"
#include "entente/storage/database_files.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/lock_file.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/repair_log.h"
#include "entente/storage/rocks_salvage.h"
#include "entente/storage/salvage.h"
#include "entente/storage/system_error.h"

namespace entente {
namespace {

constexpr uint32_t kChangesACommit = 50'000;

/// Where the new database is made. What is left there goes away.
class RepairFolder {
 public:
  explicit RepairFolder(const std::string& into) : into_(std::filesystem::absolute(into).lexically_normal().string()) {
    if (into_.ends_with('/')) into_.pop_back();
    std::error_code error;
    if (std::filesystem::exists(into_, error)) {
      throw Error::storage("Exists", into + " is there already; name the path of a new database");
    }
    path_ = into_ + ".part-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) throw system_error("creating the folder " + path_);
  }
  ~RepairFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RepairFolder(const RepairFolder&) = delete;
  RepairFolder& operator=(const RepairFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string database() const { return path_ + "/database"; }
  void finish() const {
    std::error_code error;
    std::filesystem::rename(database(), into_, error);
    if (error) throw system_error("naming " + into_, error);
    sync_folder(std::filesystem::path(into_).parent_path());
  }

 private:
  std::string into_;
  std::string path_;
};

/// The format's record and the manifest to go by: the newest of those that are intact.
struct RepairStart {
  std::string format;
  std::string manifest;

  RepairStart(const RocksSalvage& store, const std::string& path, Findings& lost) {
    for (const std::string& record : store.meta_candidates(kFormatRecord)) {
      if (format.empty() && is_readable([&] { decode_format(record); })) format = record;
    }
    uint64_t newest = 0;
    for (const std::string& record : store.meta_candidates(kManifestRecord)) {
      uint64_t epoch = 0;
      if (!is_readable([&] { epoch = decode_manifest(record, nullptr).epoch; })) continue;
      if (manifest.empty() || epoch > newest) manifest = record;
      newest = std::max(newest, epoch);
    }
    if (manifest.empty()) {
      bool logged = false;
      store.read_log(1, [&](uint64_t, std::string_view) { return !(logged = true); });
      if (!logged)
        throw corrupt("the database " + path, "neither a manifest nor a log is left, so nothing can be saved");
      lost.add("the manifest is lost, and with it all that the log has not");
      manifest = encode_manifest({}, 0);
    }
    if (!format.empty()) return;
    lost.add("the record of the format's version is lost; it is taken to be " + std::to_string(kFormatVersion));
    format = encode_format(kFormatVersion);
  }

 private:
  template <class Fn>
  static bool is_readable(Fn read) {
    try {
      read();
      return true;
    } catch (const Error&) {
      return false;
    }
  }
};

class Repair {
 public:
  Repair(const std::string& path, const RepairFolder& folder)
      : acknowledged_(CommitMark(DatabaseFiles(path).mark, CommitMark::Mode::Read).value()),
        store_(std::make_shared<RocksSalvage>(DatabaseFiles(path).rocksdb, folder.path(), acknowledged_)),
        start_(*store_, path, report_.lost),
        source_(store_, path, start_.format, start_.manifest),
        old_(source_.manifest.snapshot),
        target_(open_new(folder.database())) {
    report_.notes = store_->notes();
  }

  RepairReport run() {
    find_damage();
    begin();
    names();
    nodes();
    relationships();
    columns(EntityType::Node);
    columns(EntityType::Relationship);
    delete_fillers();
    commit();
    schema();
    log();
    const SnapshotPtr saved = target_->graph().current();
    report_.nodes = saved->node_count();
    report_.relationships = saved->relationship_count();
    target_->close();
    store_->close();
    return std::move(report_);
  }

 private:
  static std::unique_ptr<GraphStorage> open_new(const std::string& into) {
    OpenOptions options;
    options.durability = Durability::Buffered;
    return GraphStorage::open(into, options);
  }

  // ---- writing ----

  void begin() { tx_ = target_->graph().begin(); }
  void commit() {
    target_->graph().commit(std::move(tx_));
    changes_ = 0;
  }
  void changed() {
    if (++changes_ < kChangesACommit) return;
    commit();
    begin();
  }
  void lost(std::string what) { report_.lost.add(std::move(what)); }

  // ---- reading ----

  /// Reads every page once; those that cannot be read are listed, and count as not there from then on.
  void find_damage() {
    for_each_stored_page(old_, [&](const PageKey& key, const PageHandle& handle) {
      try {
        handle.get();
      } catch (const Error& error) {
        damaged_.insert({key.kind, key.id, key.number, 0});
        lost(affected(key, old_) + ": " + error.what() + recovery(key.kind));
      }
    });
  }
  static std::string recovery(PageKind kind) {
    switch (kind) {
      case PageKind::Nodes:
        return " (taken from the bitmaps of the labels; nodes without labels, properties and relationships are lost)";
      case PageKind::Relationships:
        return " (taken from the lists of their nodes, as far as these say)";
      case PageKind::Adjacency:
      case PageKind::Label:
      case PageKind::HashIndex:
      case PageKind::OrderedIndex:
        return " (made anew)";
      case PageKind::NodeColumn:
      case PageKind::RelationshipColumn:
        return " (lost)";
    }
    return "";
  }
  bool is_damaged(PageKind kind, uint32_t id, uint32_t number) const {
    return damaged_.contains(PageKey{kind, id, number, 0});
  }

  // ---- what is saved ----

  void names() {
    const Dictionary& names = old_.names();
    for (uint32_t i = 0; i < names.labels.size(); ++i) tx_->label(names.labels.name(i));
    for (uint32_t i = 0; i < names.types.size(); ++i) tx_->type(names.types.name(i));
    for (uint32_t i = 0; i < names.keys.size(); ++i) tx_->key(names.keys.name(i));
  }

  std::optional<std::vector<LabelId>> labels_of(uint32_t id) const {
    if (!is_damaged(PageKind::Nodes, 0, id >> NodePage::kBits)) {
      if (!old_.has_node(NodeId(id))) return std::nullopt;
      return old_.labels(NodeId(id));
    }
    std::vector<LabelId> labels;
    for (uint32_t label = 0; label < old_.names().labels.size(); ++label) {
      if (is_damaged(PageKind::Label, label, id >> kLabelPageBits)) continue;
      const LabelBitmap* bitmap = old_.label_bitmap(LabelId(label));
      const LabelPage* page = bitmap != nullptr ? bitmap->find(id >> kLabelPageBits) : nullptr;
      if (page != nullptr && page->members.contains(id & ((1u << kLabelPageBits) - 1))) labels.emplace_back(label);
    }
    if (labels.empty() && !has_property(id)) return std::nullopt;
    return labels;
  }

  bool has_property(uint32_t node) const {
    for (uint32_t key = 0; key < old_.names().keys.size(); ++key) {
      const Column* column = old_.node_column(KeyId(key));
      const uint32_t number = node >> kColumnPageBits;
      if (column == nullptr || is_damaged(PageKind::NodeColumn, key, number)) continue;
      const ColumnPage* page = column->find(number);
      if (page != nullptr && page->has(node & (kColumnPageSize - 1))) return true;
    }
    return false;
  }

  void nodes() {
    for (uint32_t id = 0; id < old_.node_limit(); ++id) {
      const auto labels = labels_of(id);
      if (!labels) filler_nodes_.push_back(id);
      tx_->create_node(labels.value_or(std::vector<LabelId>()));
      changed();
    }
  }

  /// Relationships whose page of the table is damaged, as the lists have them.
  void find_in_lists() {
    for (uint32_t type = 0; type < old_.type_limit(); ++type) {
      for (const Direction direction : {Direction::In, Direction::Out}) {
        const Adjacency& lists = old_.adjacency(TypeId(type), direction);
        AdjacencyCursor cursor;
        for (uint32_t id = 0; id < old_.node_limit(); ++id) {
          const uint32_t table = 2 * type + static_cast<uint32_t>(direction);
          if (is_damaged(PageKind::Adjacency, table, id >> kAdjacencyPageBits)) continue;
          cursor.open(lists, NodeId(id));
          for (AdjacencySegment list; cursor.next(list);) {
            for (uint32_t i = 0; i < list.size; ++i) {
              const uint32_t rel = list.rel(i);
              if (!is_damaged(PageKind::Relationships, 0, rel >> RelationshipPage::kBits)) continue;
              const NodeId other(list.neighbours[i]);
              found_[rel] = direction == Direction::In ? Relationship{TypeId(type), other, NodeId(id)}
                                                       : Relationship{TypeId(type), NodeId(id), other};
            }
          }
        }
      }
    }
  }

  std::optional<Relationship> relationship(uint32_t id) const {
    if (!is_damaged(PageKind::Relationships, 0, id >> RelationshipPage::kBits)) {
      if (!old_.has_relationship(RelId(id))) return std::nullopt;
      return old_.relationship(RelId(id));
    }
    const auto it = found_.find(id);
    return it != found_.end() ? std::optional(it->second) : std::nullopt;
  }

  void relationships() {
    const bool any = std::any_of(damaged_.begin(), damaged_.end(),
                                 [](const PageKey& key) { return key.kind == PageKind::Relationships; });
    if (any) find_in_lists();
    for (uint32_t id = 0; id < old_.relationship_limit(); ++id) {
      auto r = relationship(id);
      if (!r) {
        r = Relationship{TypeId(0), NodeId(0), NodeId(0)};
        filler_relationships_.push_back(id);
      }
      for (const NodeId end : {r->source, r->target}) {  // a lost node that had no label
        const auto filler = std::lower_bound(filler_nodes_.begin(), filler_nodes_.end(), end.value);
        const bool found = filler != filler_nodes_.end() && *filler == end.value;
        if (found && (filler_relationships_.empty() || filler_relationships_.back() != id)) filler_nodes_.erase(filler);
      }
      tx_->create_relationship(r->type, r->source, r->target);
      changed();
    }
  }

  void columns(EntityType entity) {
    const PageKind kind = entity == EntityType::Node ? PageKind::NodeColumn : PageKind::RelationshipColumn;
    const std::vector<uint32_t>& fillers = entity == EntityType::Node ? filler_nodes_ : filler_relationships_;
    for (uint32_t key = 0; key < old_.names().keys.size(); ++key) {
      const Column* column = old_.column(entity, KeyId(key));
      if (column == nullptr) continue;
      column->for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
        if (is_damaged(kind, key, number)) return;
        const auto& page = static_cast<const ColumnPage&>(handle->get());
        for (uint32_t i = 0; i < kColumnPageSize; ++i) {
          const uint32_t element = (number << kColumnPageBits) + i;
          if (!page.has(i) || std::ranges::binary_search(fillers, element)) continue;
          if (entity == EntityType::Node)
            tx_->set_property(NodeId(element), KeyId(key), page.get(i));
          else
            tx_->set_property(RelId(element), KeyId(key), page.get(i));
          changed();
        }
      });
    }
  }

  void delete_fillers() {
    for (const uint32_t id : filler_relationships_) tx_->delete_relationship(RelId(id));
    for (const uint32_t id : filler_nodes_) {
      if (is_damaged(PageKind::Nodes, 0, id >> NodePage::kBits))
        lost_nodes_.insert(id);  // the log may still tell of it
      else
        tx_->delete_node(NodeId(id));
    }
  }

  /// Each by itself, in the order of their numbers, so that one that does not hold any more is left out alone.
  void schema() {
    std::vector<std::pair<uint32_t, std::function<uint32_t(Transaction&)>>> all;
    for (const Index& index : old_.indexes()) {
      all.emplace_back(index.definition.id, [&index](Transaction& tx) { return tx.create_index(index.definition); });
    }
    for (const Constraint& constraint : old_.constraints()) {
      all.emplace_back(constraint.id, [&constraint](Transaction& tx) { return tx.create_constraint(constraint); });
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [id, create] : all) {
      try {
        begin();
        const uint32_t made = create(*tx_);
        commit();
        schema_ids_.known[id] = made;
        schema_ids_.next = made + 1;
      } catch (const Error& error) {
        tx_.reset();
        lost(std::string("an index or constraint does not hold any more: ") + error.what());
      }
    }
  }

  void log() {
    LogRepair repair(target_->graph(), old_.version(), std::move(schema_ids_), std::move(lost_nodes_),
                     [&](std::string what) { lost(std::move(what)); });
    uint64_t last = old_.version();
    store_->read_log(last + 1, [&](uint64_t commit, std::string_view record) {
      repair.apply(commit, record);
      last = commit;
      return true;
    });
    repair.finish(acknowledged_);
    if (acknowledged_ == 0 && last > 0) {
      report_.notes.emplace_back(
          "the commit mark tells nothing: if commits are missing at the end of the log, it is not noticed");
    }
  }

  RepairReport report_;
  const uint64_t acknowledged_;
  const std::shared_ptr<RocksSalvage> store_;
  const RepairStart start_;
  const SalvageSource source_;
  Snapshot old_;
  std::unique_ptr<GraphStorage> target_;
  std::unique_ptr<Transaction> tx_;
  uint32_t changes_ = 0;
  std::set<PageKey> damaged_;  // with epoch 0
  std::unordered_map<uint32_t, Relationship> found_;
  LogRepair::SchemaIds schema_ids_;
  std::vector<uint32_t> filler_nodes_;  // sorted, as those of relationships
  std::vector<uint32_t> filler_relationships_;
  std::set<uint32_t> lost_nodes_;  // fillers that stay until the log is applied
};

}  // namespace

RepairReport repair_database(const std::string& path, const std::string& into) {
  require_database(path);
  LockFile::require_free(DatabaseFiles(path).lock);
  const RepairFolder folder(into);
  RepairReport report = Repair(path, folder).run();
  folder.finish();
  return report;
}

}  // namespace entente
