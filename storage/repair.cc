// Saving what is intact of a damaged database.
//
// Nodes and relationships are made anew under their old ids: for an id that is not in use, or whose element is lost,
// one is made and deleted again, so that the log of the damaged database still fits and is applied at the end. The ends
// of a relationship stand in the table, in the In lists and, for some pages, in the Out lists; the labels of a node
// with the node and in the bitmaps. Indexes are built anew.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "entente/core/error.h"
#include "entente/storage/check.h"
#include "entente/storage/database_files.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/salvage.h"

namespace entente {
namespace {

constexpr uint32_t kChangesACommit = 50'000;

class Repair {
 public:
  Repair(const std::string& path, const std::string& into)
      : source_(RocksStore::open(DatabaseFiles(path).rocksdb, RocksStore::Mode::Read), path),
        old_(source_.manifest.snapshot),
        target_(open_new(into)) {}

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
    return std::move(report_);
  }

 private:
  static std::unique_ptr<GraphStorage> open_new(const std::string& into) {
    std::error_code error;
    if (std::filesystem::exists(into, error)) {
      throw Error::storage("Exists", into + " is there already; name the path of a new database");
    }
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
    for (const uint32_t id : filler_nodes_) tx_->delete_node(NodeId(id));
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
        schema_ids_[id] = made;
        next_schema_id_ = made + 1;
      } catch (const Error& error) {
        tx_.reset();
        lost(std::string("an index or constraint does not hold any more: ") + error.what());
      }
    }
  }

  /// Indexes and constraints have other numbers in the new database. False if one is dropped that it does not have.
  bool renumber(ChangeSet& changes) {
    for (Change& change : changes.changes) {
      const bool creates = change.kind == Change::Kind::CreateIndex || change.kind == Change::Kind::CreateConstraint;
      const bool drops = change.kind == Change::Kind::DropIndex || change.kind == Change::Kind::DropConstraint;
      if (creates) {
        const uint32_t old = std::exchange(change.id, next_schema_id_);
        schema_ids_[old] = next_schema_id_++;
      } else if (drops) {
        const auto it = schema_ids_.find(change.id);
        if (it == schema_ids_.end()) return false;
        change.id = it->second;
      }
    }
    return true;
  }

  void log() {
    uint64_t next = old_.version() + 1;
    source_.store->read_log(next, [&](uint64_t number, std::string_view record) {
      if (number != next) lost(describe_commit(next) + " and those up to the next are missing");
      next = number + 1;
      try {
        apply(decode_commit(number, record));
      } catch (const Error& error) {
        lost(describe_commit(number) + " is left out: " + error.what());
      }
      return true;
    });
  }

  void apply(ChangeSet changes) {
    const uint32_t before = next_schema_id_;
    try {
      if (!renumber(changes)) throw Error::storage("Corrupt", "it drops an index or constraint that is lost");
      begin();
      tx_->apply(changes);
      commit();
    } catch (const Error&) {
      tx_.reset();
      next_schema_id_ = before;
      throw;
    }
  }

  SalvageSource source_;
  Snapshot old_;
  std::unique_ptr<GraphStorage> target_;
  std::unique_ptr<Transaction> tx_;
  uint32_t changes_ = 0;
  std::set<PageKey> damaged_;  // with epoch 0
  std::unordered_map<uint32_t, Relationship> found_;
  std::unordered_map<uint32_t, uint32_t> schema_ids_;  // of indexes and constraints: old to new
  uint32_t next_schema_id_ = 0;
  std::vector<uint32_t> filler_nodes_;  // sorted, as those of relationships
  std::vector<uint32_t> filler_relationships_;
  RepairReport report_;
};

}  // namespace

RepairReport repair_database(const std::string& path, const std::string& into) {
  require_database(path);
  return Repair(path, into).run();
}

}  // namespace entente
