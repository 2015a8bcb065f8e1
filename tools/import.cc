#include "entente/tools/import.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "entente/tools/import_keys.h"
#include "entente/tools/interrupt.h"
#include "entente/tools/text.h"

namespace entente {
namespace {

constexpr size_t kBlock = 1 << 16;  // values handed over at a time

std::string shown(std::string_view key) { return "'" + fit_width(visible(key), 60) + "'"; }

/// A node file that was read: its keys and what became of its rows.
struct NodeFile {
  std::unique_ptr<ImportFile> file;  // holds the texts of the keys
  std::vector<std::string> labels;   // of all its nodes
  std::string key;                   // name of the property; empty if the key is none
  std::string id_space;
  bool plain = false;  // the key was named in the specification
  KeyMap keys;
  uint32_t first = 0;
  std::vector<uint32_t> ids;  // of rows, unless they are numbered on from `first`

  NodeId node(uint32_t row) const { return NodeId(ids.empty() ? first + row : ids[row]); }
  bool has_label(const std::string& label) const {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  }
};

/// Looks up keys in an index of the database as it was before the import.
class IndexLookup {
 public:
  IndexLookup(const Snapshot& base, const Index* index) : base_(&base), index_(index) {}
  bool usable() const { return index_ != nullptr && index_->entries > 0; }
  /// The node with this key as a number or as a text; none is an invalid id.
  NodeId find(std::string_view key) {
    if (!usable()) return {};
    found_.clear();
    if (const auto number = parse_integer(key)) base_->find_in(*index_, Value(*number), found_);
    if (found_.empty()) base_->find_in(*index_, Value(key), found_);
    return found_.empty() ? NodeId() : NodeId(found_.front());
  }

 private:
  const Snapshot* base_;
  const Index* index_;
  std::vector<uint32_t> found_;
};

/// How one end of the relationships of a file is found.
struct End {
  size_t place = 0;  // of the column
  std::string what;  // for messages: "Person"
  std::vector<const NodeFile*> files;
  std::optional<IndexLookup> index;
};

/// Relationships of one type out of a file.
struct TypeGroup {
  TypeId type;
  std::vector<std::pair<NodeId, NodeId>> ends;
  std::vector<uint32_t> rows;  // where there is more than one group and rows have properties
};

class Importer {
 public:
  Importer(Transaction& transaction, const ImportOptions& options)
      : tx_(transaction), options_(options), base_(transaction.view()), bad_(options.skip_bad_rows) {}

  ImportSummary run() {
    for (const NodeSpec& spec : options_.nodes) load_nodes(spec);
    for (const auto& [label, key] : unique_keys_) create_index(label, key);
    for (const RelationshipSpec& spec : options_.relationships) load_relationships(spec);
    summary_.types = types_.size();
    summary_.bad_rows = bad_.count();
    return summary_;
  }

 private:
  std::unique_ptr<ImportFile> open(const std::string& path) {
    return std::make_unique<ImportFile>(path, options_.delimiter, options_.array_delimiter, bad_, options_.progress);
  }

  // nodes
  void load_nodes(const NodeSpec& spec);
  bool claim_key(NodeFile& nodes, IndexLookup& index, size_t place, uint32_t row);
  void create_nodes(NodeFile& nodes, const std::vector<std::string>& label_texts,
                    const std::vector<uint32_t>& label_of_row, uint32_t rows);
  std::vector<std::string> labels_of(const NodeFile& nodes, const std::string& text) const;
  void create_index(const std::string& label, const std::string& key);

  // relationships
  void load_relationships(const RelationshipSpec& spec);
  End find_end(const ImportFile& file, const RelationshipSpec& spec, bool source) const;
  std::optional<NodeId> resolve(End& end, ImportFile& file);
  bool type_text(const ImportFile& file, const NameTemplate& name, const std::vector<size_t>& places, std::string& out);
  void read_relationships(ImportFile& file, const NameTemplate& name, End& source, End& target,
                          std::vector<TypeGroup>& groups);
  void write_group(ImportFile& file, TypeGroup& group);

  template <class Id, class RowOf>
  void write_properties(ImportFile& file, Id first, uint32_t count, const RowOf& row_of);

  Transaction& tx_;
  const ImportOptions& options_;
  const Snapshot base_;
  BadRows bad_;
  std::vector<std::unique_ptr<NodeFile>> node_files_;
  std::set<std::pair<std::string, std::string>> unique_keys_;  // (label, property)
  std::set<uint32_t> types_;
  ImportSummary summary_;
  std::string scratch_;
};

// ---- nodes ----

void Importer::load_nodes(const NodeSpec& spec) {
  auto nodes = std::make_unique<NodeFile>();
  nodes->file = open(spec.file);
  ImportFile& file = *nodes->file;
  nodes->labels = spec.labels;
  size_t key_place = file.role(ColumnRole::Id);
  if (!spec.key.empty()) {
    key_place = file.column(spec.key, "the key of '" + spec.text + "'");
    nodes->plain = true;
  }
  const size_t label_place = file.role(ColumnRole::Labels);
  if (spec.labels.empty() && label_place == std::string::npos && key_place == std::string::npos) {
    throw import_error("InvalidSpecification", "'" + spec.text + "' says neither label nor key: write 'Label(key)=" +
                                                   spec.file + "', or give the file a header with :ID and :LABEL");
  }
  if (key_place != std::string::npos) {
    nodes->key = file.header()[key_place].name;
    nodes->id_space = file.header()[key_place].id_space;
  }
  file.choose_properties({});
  IndexLookup index(base_, nullptr);
  if (!spec.labels.empty() && !nodes->key.empty()) {
    index =
        IndexLookup(base_, base_.find_index(base_.names().label(spec.labels.front()), base_.names().key(nodes->key)));
  }
  std::vector<std::string> label_texts;
  std::unordered_map<std::string, uint32_t> label_numbers;
  std::vector<uint32_t> label_of_row;
  uint32_t rows = 0;
  while (file.next()) {
    if (rows == KeyMap::kNone - 1)
      throw import_error("TooLarge", file.path() + " has more rows than a graph can have nodes");
    if (key_place != std::string::npos && !claim_key(*nodes, index, key_place, rows)) continue;
    file.keep();
    ++rows;
    if (label_place == std::string::npos) continue;
    const std::string text(file.text(label_place, scratch_));
    const auto [it, fresh] = label_numbers.try_emplace(text, static_cast<uint32_t>(label_texts.size()));
    if (fresh) label_texts.push_back(text);
    label_of_row.push_back(it->second);
  }
  file.finish();
  create_nodes(*nodes, label_texts, label_of_row, rows);
  file.properties().clear();
  node_files_.push_back(std::move(nodes));
}

/// Remembers the key of the record, or rejects it.
bool Importer::claim_key(NodeFile& nodes, IndexLookup& index, size_t place, uint32_t row) {
  ImportFile& file = *nodes.file;
  const std::string_view key = file.text(place, scratch_);
  if (key.empty()) {
    file.reject("the key is empty");
    return false;
  }
  for (const auto& other : node_files_) {
    const bool same_keys =
        nodes.plain ? other->plain && other->key == nodes.key && other->labels.front() == nodes.labels.front()
                    : !other->plain && other->id_space == nodes.id_space;
    if (same_keys && other->keys.find(key) != KeyMap::kNone) {
      file.reject("the key " + shown(key) + " is used in " + other->file->path() + " already");
      return false;
    }
  }
  if (index.usable() && index.find(key).valid()) {
    file.reject("the key " + shown(key) + " belongs to a node in the database already");
    return false;
  }
  if (nodes.keys.insert(key, row, key.data() == scratch_.data())) return true;
  file.reject("the key " + shown(key) + " is used in an earlier row already");
  return false;
}

std::vector<std::string> Importer::labels_of(const NodeFile& nodes, const std::string& text) const {
  std::vector<std::string> labels = nodes.labels;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(options_.array_delimiter, begin), text.size());
    if (end > begin) labels.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return labels;
}

void Importer::create_nodes(NodeFile& nodes, const std::vector<std::string>& label_texts,
                            const std::vector<uint32_t>& label_of_row, uint32_t rows) {
  const auto create = [&](const std::string& text, uint32_t count) {
    const std::vector<std::string> names = labels_of(nodes, text);
    std::vector<LabelId> labels;
    labels.reserve(names.size());
    for (const std::string& name : names) labels.push_back(tx_.label(name));
    if (!names.empty() && !nodes.key.empty()) unique_keys_.emplace(names.front(), nodes.key);
    return tx_.bulk_nodes(labels, count);
  };
  if (rows == 0) return;
  summary_.nodes += rows;
  if (label_of_row.empty()) {
    const NodeId first = create("", rows);
    nodes.first = first.value;
    write_properties(*nodes.file, first, rows, [](uint32_t i) { return i; });
    return;
  }
  nodes.ids.resize(rows);
  std::vector<std::vector<uint32_t>> groups(label_texts.size());
  for (uint32_t row = 0; row < rows; ++row) groups[label_of_row[row]].push_back(row);
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::vector<uint32_t>& group = groups[g];
    const NodeId first = create(label_texts[g], static_cast<uint32_t>(group.size()));
    for (uint32_t i = 0; i < group.size(); ++i) nodes.ids[group[i]] = first.value + i;
    write_properties(*nodes.file, first, static_cast<uint32_t>(group.size()), [&](uint32_t i) { return group[i]; });
    for (const std::string& label : labels_of(nodes, label_texts[g])) {
      if (!nodes.has_label(label) && groups.size() == 1) nodes.labels.push_back(label);
    }
  }
}

void Importer::create_index(const std::string& label, const std::string& key) {
  const LabelId label_id = tx_.label(label);
  const KeyId key_id = tx_.key(key);
  if (tx_.view().find_index(label_id, key_id) != nullptr) return;
  tx_.create_index("constraint_" + label + "_" + key, label_id, key_id, true, true);
}

template <class Id, class RowOf>
void Importer::write_properties(ImportFile& file, Id first, uint32_t count, const RowOf& row_of) {
  std::vector<Value> values;
  for (const PropertyColumn& column : file.properties()) {
    const KeyId key = tx_.key(column.name);
    CellParser parser(column.final_type(), options_.array_delimiter);
    for (uint32_t begin = 0; begin < count;) {
      check_interrupt();
      // Chunks end at multiples of kBlock, so that no page is built twice.
      const uint64_t limit = ((uint64_t{first.value} + begin) / kBlock + 1) * kBlock - first.value;
      const auto end = static_cast<uint32_t>(std::min<uint64_t>(count, limit));
      values.assign(end - begin, Value());
      for (uint32_t i = begin; i < end; ++i) {
        const CsvCell& cell = column.cells[row_of(i)];
        if (column.missing(cell)) continue;
        auto value = parser.parse(file.text(cell, scratch_));
        if (!value) continue;  // cannot be: the type was checked or inferred
        values[i - begin] = std::move(*value);
        ++summary_.properties;
      }
      tx_.bulk_property(Id(first.value + begin), key, values);
      begin = end;
    }
  }
}

// ---- relationships ----

End Importer::find_end(const ImportFile& file, const RelationshipSpec& spec, bool source) const {
  End end;
  const std::optional<EndSpec>& given = source ? spec.source : spec.target;
  if (!given) {
    end.place = file.role(source ? ColumnRole::StartId : ColumnRole::EndId);
    if (end.place == std::string::npos) {
      throw import_error("InvalidSpecification",
                         "'" + spec.text +
                             "' does not say which columns are the ends: write 'TYPE(Label.column -> "
                             "Label.column)=" +
                             spec.file + "', or give the file a header with :START_ID and :END_ID");
    }
    end.what = file.header()[end.place].id_space;
    for (const auto& nodes : node_files_) {
      if (nodes->plain ? nodes->has_label(end.what) : nodes->id_space == end.what) end.files.push_back(nodes.get());
    }
    if (end.files.empty()) {
      throw import_error("InvalidSpecification",
                         "'" + spec.text + "': no file of --nodes has the ID space '" + end.what + "'");
    }
    return end;
  }
  end.place = file.column(given->column, std::string(source ? "the source" : "the target") + " of '" + spec.text + "'");
  end.what = given->label;
  std::string key;
  for (const auto& nodes : node_files_) {
    if (!nodes->has_label(end.what)) continue;
    end.files.push_back(nodes.get());
    if (key.empty()) key = nodes->key;
  }
  const LabelId label = base_.names().label(end.what);
  const Index* best = nullptr;
  for (const Index& index : base_.indexes()) {
    const IndexDefinition& d = index.definition;
    if (d.keys.size() != 1 || !d.is_range_on(EntityType::Node, label.value, d.keys)) continue;
    const bool named = !key.empty() && d.keys[0] == base_.names().key(key);
    if (named || (key.empty() && (best == nullptr || (index.definition.unique && !best->definition.unique))))
      best = &index;
  }
  end.index.emplace(base_, best);
  if (end.files.empty() && best == nullptr) {
    throw import_error("InvalidSpecification", "'" + spec.text + "': keys of " + end.what +
                                                   " cannot be looked up, as no file of --nodes has that "
                                                   "label and the database has no index on it");
  }
  return end;
}

/// The node at an end of the record; rejects the record if there is none, or more than one.
std::optional<NodeId> Importer::resolve(End& end, ImportFile& file) {
  const std::string_view key = file.text(end.place, scratch_);
  NodeId found;
  for (const NodeFile* nodes : end.files) {
    const uint32_t row = nodes->keys.find(key);
    if (row == KeyMap::kNone) continue;
    if (found.valid()) {
      file.reject("column '" + file.header()[end.place].name + "': more than one " + end.what + " has the key " +
                  shown(key));
      return std::nullopt;
    }
    found = nodes->node(row);
  }
  if (!found.valid() && end.index) found = end.index->find(key);
  if (found.valid()) return found;
  const std::string& name = file.header()[end.place].name;
  const std::string column = name.empty() ? "" : "column '" + name + "': ";
  file.reject(column + (key.empty()
                            ? "the key is empty"
                            : "there is no " + (end.what.empty() ? "node" : end.what) + " with the key " + shown(key)));
  return std::nullopt;
}

bool Importer::type_text(const ImportFile& file, const NameTemplate& name, const std::vector<size_t>& places,
                         std::string& out) {
  out.clear();
  size_t column = 0;
  for (const NameTemplate::Part& part : name.parts) {
    if (part.column) {
      out += file.text(places[column++], scratch_);
    } else {
      out += part.text;
    }
  }
  return !out.empty();
}

void Importer::read_relationships(ImportFile& file, const NameTemplate& name, End& source, End& target,
                                  std::vector<TypeGroup>& groups) {
  std::vector<size_t> type_places;
  for (const NameTemplate::Part& part : name.parts) {
    if (part.column) type_places.push_back(file.column(part.text, "the type"));
  }
  if (name.parts.empty()) type_places.push_back(file.role(ColumnRole::Type));
  NameTemplate pattern = name;
  if (pattern.parts.empty()) pattern.parts.push_back({"", true});
  std::vector<size_t> without = type_places;
  without.insert(without.end(), {source.place, target.place});
  file.choose_properties(without);
  const bool keep_rows = !pattern.constant() && !file.properties().empty();

  std::unordered_map<std::string, uint32_t> group_of;
  std::string text;
  std::string previous;
  uint32_t group = 0;
  uint32_t row = 0;
  while (file.next()) {
    if (row == KeyMap::kNone - 1)
      throw import_error("TooLarge", file.path() + " has more rows than a graph can have relationships");
    if (!type_text(file, pattern, type_places, text)) {
      file.reject("the type is empty");
      continue;
    }
    const auto from = resolve(source, file);
    if (!from) continue;
    const auto to = resolve(target, file);
    if (!to) continue;
    if (groups.empty() || text != previous) {
      const auto [it, fresh] = group_of.try_emplace(text, static_cast<uint32_t>(groups.size()));
      if (fresh) {
        std::string type = options_.upper_snake_types ? upper_snake(text) : text;
        if (type.empty()) type = text;
        groups.push_back({tx_.type(type), {}, {}});
        types_.insert(groups.back().type.value);
      }
      group = it->second;
      previous = text;
    }
    groups[group].ends.emplace_back(*from, *to);
    if (keep_rows) groups[group].rows.push_back(row);
    file.keep();
    ++row;
  }
  file.finish();
}

void Importer::write_group(ImportFile& file, TypeGroup& group) {
  const bool has_properties = !file.properties().empty();
  std::vector<uint32_t> order;
  const RelId first = tx_.bulk_relationships(group.type, group.ends, has_properties ? &order : nullptr);
  const auto count = static_cast<uint32_t>(group.ends.size());
  summary_.relationships += count;
  group.ends = {};
  if (!has_properties) return;
  if (group.rows.empty()) {
    write_properties(file, first, count, [&](uint32_t i) { return order[i]; });
  } else {
    write_properties(file, first, count, [&](uint32_t i) { return group.rows[order[i]]; });
  }
}

void Importer::load_relationships(const RelationshipSpec& spec) {
  const std::unique_ptr<ImportFile> file = open(spec.file);
  if (spec.type.parts.empty() && file->role(ColumnRole::Type) == std::string::npos) {
    throw import_error("InvalidSpecification", "'" + spec.text + "' has no type: write 'TYPE=" + spec.file +
                                                   "', or give the file a header with :TYPE");
  }
  End source = find_end(*file, spec, true);
  End target = find_end(*file, spec, false);
  std::vector<TypeGroup> groups;
  read_relationships(*file, spec.type, source, target, groups);
  for (TypeGroup& group : groups) {
    check_interrupt();
    write_group(*file, group);
  }
}

}  // namespace

ImportSummary import_csv(Database& database, const ImportOptions& options) {
  ImportSummary summary;
  database.bulk_load([&](Transaction& transaction) { summary = Importer(transaction, options).run(); });
  return summary;
}

}  // namespace entente
