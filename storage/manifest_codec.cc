#include "entente/storage/manifest_codec.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "entente/storage/key_codec.h"
#include "entente/storage/packed_ints.h"
#include "entente/storage/page_tables.h"
#include "entente/storage/record.h"
#include "entente/storage/value_codec.h"
#include "schema.capnp.h"

namespace entente {
namespace {

constexpr uint32_t kMaxIndexPages = 1u << 26;
constexpr size_t kScanned = 1 << 16;
constexpr uint64_t kMaxListedPages = uint64_t{1} << 24;  // that were made by one checkpoint

using Run = std::tuple<uint32_t, uint32_t, uint64_t>;  // first page, pages, epoch
using Runs = std::vector<Run>;

void add_to_runs(uint32_t number, uint64_t epoch, Runs& runs) {
  if (!runs.empty()) {
    auto& [first, count, run_epoch] = runs.back();
    if (run_epoch == epoch && first + count == number) {
      ++count;
      return;
    }
  }
  runs.emplace_back(number, 1, epoch);
}

using TableKey = std::pair<PageKind, uint32_t>;

void encode_tables(capnp::List<schema::Table>::Builder out, const std::map<TableKey, Runs>& tables) {
  uint32_t t = 0;
  for (const auto& [key, runs] : tables) {
    out[t].setKind(static_cast<uint8_t>(key.first));
    out[t].setId(key.second);
    auto list = out[t++].initRuns(static_cast<uint32_t>(runs.size()));
    for (uint32_t r = 0; r < list.size(); ++r) {
      list[r].setFirst(std::get<0>(runs[r]));
      list[r].setCount(std::get<1>(runs[r]));
      list[r].setEpoch(std::get<2>(runs[r]));
    }
  }
}

/// How many pages of the kind there can be at most, with ids of 32 bits.
uint64_t most_pages(PageKind kind) {
  constexpr uint64_t kIds = uint64_t{1} << 32;
  switch (kind) {
    case PageKind::Nodes:
      return kIds >> NodePage::kBits;
    case PageKind::Relationships:
      return kIds >> RelationshipPage::kBits;
    case PageKind::Adjacency:
      return kIds >> kAdjacencyPageBits;
    case PageKind::NodeColumn:
    case PageKind::RelationshipColumn:
      return kIds >> kColumnPageBits;
    case PageKind::Label:
      return kIds >> kLabelPageBits;
    case PageKind::HashIndex:
      return kMaxIndexPages;
    case PageKind::OrderedIndex:
      return kIds;
  }
  return 0;
}

/// fn(kind, id, number, epoch) for each page; `left` is how many there may be.
template <class Fn>
void decode_table(schema::Table::Reader table, uint64_t& left, Fn fn) {
  const uint8_t kind = table.getKind();
  require(kind >= static_cast<uint8_t>(PageKind::Nodes) && kind <= static_cast<uint8_t>(PageKind::OrderedIndex),
          "the kind of a table is unknown");
  const uint32_t id = table.getId();
  const uint64_t most = most_pages(static_cast<PageKind>(kind));
  for (const auto run : table.getRuns()) {
    const uint64_t first = run.getFirst();
    const uint64_t end = first + run.getCount();
    const uint64_t epoch = run.getEpoch();
    require(end > first && end <= most, "a run of pages is empty or too long");
    require(run.getCount() <= left, "there are too many pages");
    left -= run.getCount();
    require(epoch > 0, "a page was written under no epoch");
    for (uint64_t number = first; number < end; ++number) {
      fn(PageKey{static_cast<PageKind>(kind), id, static_cast<uint32_t>(number), epoch});
    }
  }
}

// ---- dictionary ----

void encode_names(capnp::List<capnp::Text>::Builder out, const NameTable& names) {
  for (uint32_t i = 0; i < out.size(); ++i)
    out.set(i, capnp::Text::Reader(names.name(i).c_str(), names.name(i).size()));
}

void encode_dictionary(schema::Dictionary::Builder out, const Dictionary& names) {
  encode_names(out.initLabels(names.labels.size()), names.labels);
  encode_names(out.initTypes(names.types.size()), names.types);
  encode_names(out.initKeys(names.keys.size()), names.keys);
  auto sets = out.initLabelSets(names.label_sets.size());
  for (uint32_t s = 0; s < sets.size(); ++s) {
    const std::vector<LabelId>& labels = names.label_sets.labels(s);
    auto set = sets.init(s, static_cast<uint32_t>(labels.size()));
    for (uint32_t i = 0; i < set.size(); ++i) set.set(i, labels[i].value);
  }
}

void decode_names(capnp::List<capnp::Text>::Reader in, NameTable& names) {
  for (uint32_t i = 0; i < in.size(); ++i) {
    require(names.find_or_add(string_of(in[i])) == i, "a name is there twice");
  }
}

std::shared_ptr<const Dictionary> decode_dictionary(schema::Dictionary::Reader in) {
  auto names = std::make_shared<Dictionary>();
  decode_names(in.getLabels(), names->labels);
  decode_names(in.getTypes(), names->types);
  decode_names(in.getKeys(), names->keys);
  const auto sets = in.getLabelSets();
  require(sets.size() >= 1 && sets[0].size() == 0, "the first label set is not the empty one");
  for (uint32_t s = 1; s < sets.size(); ++s) {
    std::vector<LabelId> labels;
    for (const uint32_t label : sets[s]) {
      require(label < names->labels.size(), "a label set has an unknown label");
      require(labels.empty() || labels.back().value < label, "a label set is out of order");
      labels.emplace_back(label);
    }
    require(names->label_sets.find_or_add(labels) == s, "a label set is there twice");
  }
  return names;
}

// ---- statistics ----

using Counts = std::vector<uint64_t>;

kj::ArrayPtr<const uint64_t> array_of(const Counts& counts) { return {counts.data(), counts.size()}; }

void encode_counts(capnp::List<capnp::List<uint64_t>>::Builder out, const std::vector<Counts>& counts) {
  for (uint32_t i = 0; i < out.size(); ++i) {
    auto list = out.init(i, static_cast<uint32_t>(counts[i].size()));
    for (uint32_t j = 0; j < list.size(); ++j) list.set(j, counts[i][j]);
  }
}

void encode_statistics(schema::Statistics::Builder out, const Statistics& statistics) {
  out.setLabelCounts(array_of(statistics.label_counts));
  out.setTypeCounts(array_of(statistics.type_counts));
  encode_counts(out.initBySource(static_cast<uint32_t>(statistics.by_source.size())), statistics.by_source);
  encode_counts(out.initByTarget(static_cast<uint32_t>(statistics.by_target.size())), statistics.by_target);
  out.setNodeKeyCounts(array_of(statistics.node_key_counts));
  out.setRelationshipKeyCounts(array_of(statistics.relationship_key_counts));
}

std::vector<Counts> counts_of(capnp::List<capnp::List<uint64_t>>::Reader in) {
  std::vector<Counts> out;
  for (const auto counts : in) out.push_back(numbers_of<uint64_t>(counts));
  return out;
}

std::shared_ptr<const Statistics> decode_statistics(schema::Statistics::Reader in) {
  auto statistics = std::make_shared<Statistics>();
  statistics->label_counts = numbers_of<uint64_t>(in.getLabelCounts());
  statistics->type_counts = numbers_of<uint64_t>(in.getTypeCounts());
  statistics->by_source = counts_of(in.getBySource());
  statistics->by_target = counts_of(in.getByTarget());
  statistics->node_key_counts = numbers_of<uint64_t>(in.getNodeKeyCounts());
  statistics->relationship_key_counts = numbers_of<uint64_t>(in.getRelationshipKeyCounts());
  return statistics;
}

// ---- indexes ----

/// What the index is on, and how.
void encode_elements(schema::Index::Builder out, const IndexDefinition& definition) {
  out.setKind(static_cast<uint8_t>(definition.kind));
  out.setEntity(static_cast<uint8_t>(definition.entity));
  out.setLabel(definition.tokens.front());
  out.setKey(definition.keys.front().value);
  if (definition.tokens.size() == 1 && definition.keys.size() == 1) return;
  out.setLabels(kj::arrayPtr(definition.tokens.data(), definition.tokens.size()));
  auto keys = out.initKeys(static_cast<uint32_t>(definition.keys.size()));
  for (uint32_t i = 0; i < keys.size(); ++i) keys.set(i, definition.keys[i].value);
}

void encode_index(schema::Index::Builder out, const Index& index) {
  out.setId(index.definition.id);
  out.setName(capnp::Text::Reader(index.definition.name.c_str(), index.definition.name.size()));
  encode_elements(out, index.definition);
  out.setUnique(index.definition.unique);
  out.setRequired(index.definition.required);
  out.setOrdered(true);
  out.setEntries(index.entries);
  out.setDistinctValues(index.distinct_values);
  out.setNextLeaf(index.next_leaf);
  if (index.definition.kind == IndexKind::FullText) {
    out.setAnalyzer(capnp::Text::Reader(index.definition.analyzer.c_str(), index.definition.analyzer.size()));
    auto documents = out.initDocuments(static_cast<uint32_t>(index.fields.size()));
    auto words = out.initWords(static_cast<uint32_t>(index.fields.size()));
    for (uint32_t i = 0; i < documents.size(); ++i) {
      documents.set(i, index.fields[i].documents);
      words.set(i, index.fields[i].words);
    }
  }
  if (!index.fences) return;
  std::string values;
  std::vector<uint32_t> nodes;
  std::vector<uint32_t> pages;
  for (const OrderedFence& fence : *index.fences) {
    encode_value(fence.value, values);
    nodes.push_back(fence.node);
    pages.push_back(fence.page);
  }
  out.setFences(static_cast<uint32_t>(nodes.size()));
  out.setFenceValues(data_of(values));
  out.setFenceNodes(data_of(pack(nodes)));
  out.setFencePages(data_of(pack(pages)));
}

void decode_fences(schema::Index::Reader in, Index& index) {
  const uint32_t count = in.getFences();
  if (count == 0) return;
  std::vector<uint32_t> nodes;
  std::vector<uint32_t> pages;
  unpack(bytes_of(in.getFenceNodes()), count, nodes);
  unpack(bytes_of(in.getFencePages()), count, pages);
  auto fences = std::make_shared<std::vector<OrderedFence>>();
  fences->reserve(count);
  ByteReader values(bytes_of(in.getFenceValues()));
  for (uint32_t i = 0; i < count; ++i) {
    OrderedFence fence{decode_value(values), nodes[i], pages[i]};
    if (i > 1) {  // the first is not looked at, and may lag behind
      const auto order = Value::order(fences->back().value, fence.value);
      require(order < 0 || (order == 0 && fences->back().node < fence.node), "the fences of an index are out of order");
    }
    fences->push_back(std::move(fence));
  }
  require(values.left() == 0, "bytes follow the fences of an index");
  index.fences = std::move(fences);
}

EntityType decode_entity(uint8_t entity) {
  require(entity <= static_cast<uint8_t>(EntityType::Relationship), "something is on neither nodes nor relationships");
  return static_cast<EntityType>(entity);
}

const NameTable& tokens_of(const Dictionary& names, EntityType entity) {
  return entity == EntityType::Node ? names.labels : names.types;
}

void decode_elements(schema::Index::Reader in, const Dictionary& names, IndexDefinition& definition) {
  require(in.getKind() <= static_cast<uint8_t>(IndexKind::FullText), "the kind of an index is unknown");
  definition.kind = static_cast<IndexKind>(in.getKind());
  definition.entity = decode_entity(in.getEntity());
  definition.tokens = numbers_of<uint32_t>(in.getLabels());
  for (const uint32_t key : in.getKeys()) definition.keys.emplace_back(key);
  require(definition.tokens.empty() == definition.keys.empty(), "an index has no labels, or no keys");
  if (definition.tokens.empty()) {
    definition.tokens = {in.getLabel()};
    definition.keys = {KeyId(in.getKey())};
  }
  require(definition.kind == IndexKind::FullText || definition.tokens.size() == 1, "an index has too many labels");
  for (const uint32_t token : definition.tokens) {
    require(token < tokens_of(names, definition.entity).size(), "the label or type of an index is unknown");
  }
  for (const KeyId key : definition.keys) require(key.value < names.keys.size(), "the key of an index is unknown");
}

void decode_full_text(schema::Index::Reader in, Index& index) {
  if (index.definition.kind != IndexKind::FullText) return;
  index.definition.analyzer = string_of(in.getAnalyzer());
  const auto documents = in.getDocuments();
  const auto words = in.getWords();
  require(documents.size() == index.definition.keys.size() && words.size() == documents.size(),
          "a full-text index has not one count for each key");
  for (uint32_t i = 0; i < documents.size(); ++i) index.fields.push_back({documents[i], words[i]});
}

Index decode_index(schema::Index::Reader in, const Dictionary& names, uint32_t next_index) {
  Index index;
  index.definition.id = in.getId();
  index.definition.name = string_of(in.getName());
  decode_elements(in, names, index.definition);
  index.definition.unique = in.getUnique();
  index.definition.required = in.getRequired();
  require(index.definition.id < next_index, "the number of an index is not below that of the next one");
  index.entries = in.getEntries();
  index.distinct_values = in.getDistinctValues();
  index.next_leaf = in.getNextLeaf();
  decode_full_text(in, index);
  decode_fences(in, index);
  return index;
}

// ---- constraints ----

void encode_constraint(schema::Constraint::Builder out, const Constraint& constraint) {
  out.setId(constraint.id);
  out.setName(capnp::Text::Reader(constraint.name.c_str(), constraint.name.size()));
  out.setKind(static_cast<uint8_t>(constraint.kind));
  out.setEntity(static_cast<uint8_t>(constraint.entity));
  out.setToken(constraint.token);
  out.setKey(constraint.key.value);
  out.setKinds(constraint.type.kinds);
  out.setLists(kj::arrayPtr(constraint.type.lists.data(), constraint.type.lists.size()));
}

Constraint decode_constraint(schema::Constraint::Reader in, const Dictionary& names, uint32_t next_index) {
  Constraint constraint;
  constraint.id = in.getId();
  constraint.name = string_of(in.getName());
  const uint8_t kind = in.getKind();
  require(
      kind == static_cast<uint8_t>(Constraint::Kind::Exists) || kind == static_cast<uint8_t>(Constraint::Kind::Type),
      "the kind of a constraint is unknown");
  constraint.kind = static_cast<Constraint::Kind>(kind);
  constraint.entity = decode_entity(in.getEntity());
  constraint.token = in.getToken();
  constraint.key = KeyId(in.getKey());
  constraint.type.kinds = in.getKinds();
  constraint.type.lists = numbers_of<uint32_t>(in.getLists());
  require(constraint.id < next_index, "the number of a constraint is not below that of the next one");
  require(constraint.token < tokens_of(names, constraint.entity).size(),
          "the label or type of a constraint is unknown");
  require(constraint.key.value < names.keys.size(), "the key of a constraint is unknown");
  return constraint;
}

// ---- manifest ----

/// Puts the handles of the pages into the tables of a snapshot whose tables are there but empty.
class TableFiller {
 public:
  TableFiller(SnapshotParts& parts, uint64_t epoch, const std::shared_ptr<const PageLoader>& loader,
              std::vector<PageKey>& obsolete)
      : parts_(parts), epoch_(epoch), loader_(loader), obsolete_(obsolete) {
    auto& indexes = parts_.indexes.mutate(0);
    for (Index& index : indexes) indexes_[index.definition.id] = &index;
  }

  void add(const PageKey& key) {
    require(last_.epoch == 0 || std::tie(last_.kind, last_.id, last_.number) < std::tie(key.kind, key.id, key.number),
            "the pages are out of order");
    require(key.epoch <= epoch_, "a page was written after the manifest");
    last_ = key;
    auto handle = std::make_shared<PageHandle>(key, loader_);
    switch (key.kind) {
      case PageKind::Nodes:
        return set(parts_.nodes, key, ids(parts_.node_limit, NodePage::kBits), std::move(handle));
      case PageKind::Relationships:
        return set(parts_.relationships, key, ids(parts_.relationship_limit, RelationshipPage::kBits),
                   std::move(handle));
      case PageKind::Adjacency:
        return set(table(parts_.adjacency, key), key, ids(parts_.node_limit, kAdjacencyPageBits), std::move(handle));
      case PageKind::NodeColumn:
        return set(table(parts_.node_columns, key), key, ids(parts_.node_limit, kColumnPageBits), std::move(handle));
      case PageKind::RelationshipColumn:
        return set(table(parts_.relationship_columns, key), key, ids(parts_.relationship_limit, kColumnPageBits),
                   std::move(handle));
      case PageKind::Label:
        return set(table(parts_.labels, key), key, ids(parts_.node_limit, kLabelPageBits), std::move(handle));
      case PageKind::HashIndex:
        require(obsolete_.size() < kMaxListedPages, "there are too many pages");
        return obsolete_.push_back(key);
      case PageKind::OrderedIndex:
        require(index(key).fences && ++leaves_[key.id] <= index(key).fences->size(),
                "an index has pages that it does not know");
        return set(index(key).leaves, key, index(key).next_leaf, std::move(handle));
    }
  }

 private:
  /// How many pages cover so many ids.
  static uint64_t ids(uint32_t limit, uint32_t bits) { return (uint64_t{limit} + (uint64_t{1} << bits) - 1) >> bits; }

  template <class T>
  static T& table(Shared<T>& tables, const PageKey& key) {
    require(key.id < tables.size(), "a table has a number past the last one");
    return tables.mutate(0)[key.id];
  }
  Index& index(const PageKey& key) const {
    const auto it = indexes_.find(key.id);
    require(it != indexes_.end(), "there are pages of an unknown index");
    return *it->second;
  }
  template <class Table>
  static void set(Table& table, const PageKey& key, uint64_t limit, std::shared_ptr<PageHandle> handle) {
    require(key.number < limit, "a page has a number past the last one");
    table.set_handle(key.number, std::move(handle), 0);
  }

  SnapshotParts& parts_;
  uint64_t epoch_;
  const std::shared_ptr<const PageLoader>& loader_;
  std::vector<PageKey>& obsolete_;
  std::map<uint32_t, Index*> indexes_;
  std::map<uint32_t, uint64_t> leaves_;  // seen so far, by index
  PageKey last_;
};

void decode_shape(schema::Manifest::Reader root, SnapshotParts& parts) {
  const uint32_t adjacencies = root.getAdjacencies();
  require(adjacencies % 2 == 0 && adjacencies / 2 <= parts.names->types.size(),
          "there are adjacencies of unknown types");
  parts.adjacency.mutate(0).resize(adjacencies);
  require(root.getNodeColumns() <= parts.names->keys.size(), "there are columns of unknown keys");
  parts.node_columns.mutate(0).resize(root.getNodeColumns());
  require(root.getRelationshipColumns() <= parts.names->keys.size(), "there are columns of unknown keys");
  parts.relationship_columns.mutate(0).resize(root.getRelationshipColumns());
  require(root.getLabels() <= parts.names->labels.size(), "there are bitmaps of unknown labels");
  parts.labels.mutate(0).resize(root.getLabels());
}

Manifest decode(schema::Manifest::Reader root, const std::shared_ptr<const PageLoader>& loader) {
  Manifest manifest;
  SnapshotParts parts(manifest.snapshot);
  manifest.epoch = root.getEpoch();
  parts.version = root.getVersion();
  parts.node_limit = root.getNodeLimit();
  parts.relationship_limit = root.getRelationshipLimit();
  parts.node_count = root.getNodeCount();
  parts.relationship_count = root.getRelationshipCount();
  require(parts.node_count <= parts.node_limit, "there are more nodes than ids");
  require(parts.relationship_count <= parts.relationship_limit, "there are more relationships than ids");
  parts.names = decode_dictionary(root.getDictionary());
  parts.statistics = decode_statistics(root.getStatistics());
  parts.next_index = root.getNextIndex();
  decode_shape(root, parts);
  std::vector<Index>& indexes = parts.indexes.mutate(0);
  for (const auto in : root.getIndexes()) {
    indexes.push_back(decode_index(in, *parts.names, parts.next_index));
    for (size_t i = 0; i + 1 < indexes.size(); ++i) {
      require(indexes[i].definition.id != indexes.back().definition.id, "two indexes have the same number");
    }
  }
  std::vector<Constraint>& constraints = parts.constraints.mutate(0);
  for (const auto in : root.getConstraints()) {
    constraints.push_back(decode_constraint(in, *parts.names, parts.next_index));
  }
  TableFiller filler(parts, manifest.epoch, loader, manifest.obsolete);
  uint64_t left = ~uint64_t{0};
  for (const auto table : root.getTables()) {
    decode_table(table, left, [&](const PageKey& key) { filler.add(key); });
  }
  for (const Index& index : indexes) {
    if (!index.fences) continue;
    for (const OrderedFence& fence : *index.fences) {
      require(index.leaves.handle(fence.page) != nullptr, "an index lacks one of its pages");
    }
  }
  return manifest;
}

}  // namespace

std::string encode_format(uint32_t version) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<schema::Format>();
  root.setVersion(version);
  root.setProgram("entente");
  return seal(kFormatRecord, message);
}

uint32_t decode_format(std::string_view record) {
  return read_record<schema::Format>("the record of the format's version", kFormatRecord, AlignedBytes(record),
                                     [](schema::Format::Reader root) { return root.getVersion(); });
}

std::string encode_manifest(Snapshot snapshot, uint64_t epoch) {
  const SnapshotParts parts(snapshot);
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<schema::Manifest>();
  root.setVersion(parts.version);
  root.setEpoch(epoch);
  root.setNodeLimit(parts.node_limit);
  root.setRelationshipLimit(parts.relationship_limit);
  root.setNodeCount(parts.node_count);
  root.setRelationshipCount(parts.relationship_count);
  encode_dictionary(root.initDictionary(), *parts.names);
  encode_statistics(root.initStatistics(), *parts.statistics);
  root.setAdjacencies(static_cast<uint32_t>(parts.adjacency.size()));
  root.setNodeColumns(static_cast<uint32_t>(parts.node_columns.size()));
  root.setRelationshipColumns(static_cast<uint32_t>(parts.relationship_columns.size()));
  root.setLabels(static_cast<uint32_t>(parts.labels.size()));
  std::map<TableKey, Runs> tables;
  for_each_table(parts, [&](PageKind kind, uint32_t id, const auto& table) {
    Runs runs;
    table.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
      add_to_runs(number, handle->epoch() != 0 ? handle->epoch() : epoch, runs);
    });
    if (!runs.empty()) tables.emplace(TableKey{kind, id}, std::move(runs));
  });
  encode_tables(root.initTables(static_cast<uint32_t>(tables.size())), tables);
  auto indexes = root.initIndexes(static_cast<uint32_t>(parts.indexes.size()));
  for (uint32_t i = 0; i < indexes.size(); ++i) encode_index(indexes[i], parts.indexes[i]);
  auto constraints = root.initConstraints(static_cast<uint32_t>(parts.constraints.size()));
  for (uint32_t i = 0; i < constraints.size(); ++i) encode_constraint(constraints[i], parts.constraints[i]);
  root.setNextIndex(parts.next_index);
  return seal(kManifestRecord, message);
}

Manifest decode_manifest(std::string_view record, const std::shared_ptr<const PageLoader>& loader) {
  return read_record<schema::Manifest>("the manifest", kManifestRecord, AlignedBytes(record),
                                       [&](schema::Manifest::Reader root) { return decode(root, loader); });
}

uint64_t manifest_version(std::string_view record) {
  return read_record<schema::Manifest>("the manifest", kManifestRecord, AlignedBytes(record),
                                       [](schema::Manifest::Reader root) { return root.getVersion(); });
}

void build_missing(Snapshot& snapshot) {
  const SnapshotParts parts(snapshot);
  for (size_t i = 0; i < parts.indexes.size(); ++i) {
    const IndexDefinition& definition = parts.indexes[i].definition;
    if (definition.kind != IndexKind::Range || parts.indexes[i].entries == 0 || parts.indexes[i].fences) continue;
    std::vector<uint32_t> elements;
    for (uint32_t at = 0; at < snapshot.element_limit(definition.entity);) {
      at = snapshot.scan_token(definition.entity, definition.tokens.front(), at, kScanned, elements);
    }
    std::vector<OrderedPage::Entry> values;
    values.reserve(elements.size());
    for (const uint32_t element : elements) values.push_back({snapshot.index_value(definition, element), element});
    Index built;
    built.definition = definition;
    built.build(values, 0);
    parts.indexes.mutate(0)[i] = std::move(built);
  }
}

std::vector<uint64_t> table_epochs(Snapshot snapshot, uint64_t epoch) {
  std::vector<uint64_t> epochs;
  SnapshotParts(snapshot).relationships.for_each([&](uint32_t number, const std::shared_ptr<PageHandle>& handle) {
    epochs.resize(number + 1);
    epochs[number] = handle->epoch() != 0 ? handle->epoch() : epoch;
  });
  return epochs;
}

PageLimits limits_of(Snapshot snapshot) {
  const SnapshotParts parts(snapshot);
  PageLimits limits{
      parts.node_limit, parts.relationship_limit, parts.names->types.size(), parts.names->label_sets.size(), {},
      nullptr};
  for (const Index& index : *parts.indexes) {
    if (index.definition.entity == EntityType::Relationship) limits.relationship_indexes.insert(index.definition.id);
  }
  return limits;
}

std::string encode_page_list(std::string_view name, const std::vector<PageKey>& keys) {
  std::map<TableKey, Runs> tables;
  for (const PageKey& key : keys) add_to_runs(key.number, key.epoch, tables[{key.kind, key.id}]);
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<schema::PageList>();
  encode_tables(root.initTables(static_cast<uint32_t>(tables.size())), tables);
  return seal(name, message);
}

std::vector<PageKey> decode_page_list(std::string_view name, std::string_view record) {
  return read_record<schema::PageList>("the record " + std::string(name.substr(0, name.find('/'))), name,
                                       AlignedBytes(record), [](schema::PageList::Reader root) {
                                         std::vector<PageKey> keys;
                                         uint64_t left = kMaxListedPages;
                                         for (const auto table : root.getTables()) {
                                           decode_table(table, left, [&](const PageKey& key) { keys.push_back(key); });
                                         }
                                         return keys;
                                       });
}

}  // namespace entente
