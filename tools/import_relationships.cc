// Loading relationship files. The ends of the rows are looked up where blocks are parsed, side by side.
#include "entente/tools/importer.h"
#include "entente/tools/interrupt.h"

namespace entente {

/// How one end of the relationships of a file is found.
struct Importer::End {
  size_t place = 0;  // of the column
  std::string what;  // for messages: "Person"
  std::vector<const NodeFile*> files;
  std::optional<IndexLookup> index;
};

/// Relationships of one type out of a file.
struct Importer::TypeGroup {
  TypeId type;
  LargeVector<std::pair<NodeId, NodeId>> ends;
  LargeVector<uint32_t> rows;  // where there may be several groups and rows have properties
};

/// A relationship file being read.
struct Importer::RelationshipLoad {
  std::unique_ptr<ImportFile> file;
  End source;
  End target;
  NameTemplate type;
  std::vector<size_t> type_places;  // of the columns that are part of the type
  TextNumbers types;
  std::vector<TypeGroup> groups;  // by number of the type's text
  uint32_t rows = 0;
};

struct Importer::RelationshipBlock : ImportBlock {
  using ImportBlock::ImportBlock;
  LargeVector<std::pair<NodeId, NodeId>> ends;  // of the rows
  TextNumbers types;
  std::vector<uint32_t> type_of_row;  // unless all have the same
  std::string scratch;
};

void Importer::load_relationships(const RelationshipSpec& spec) {
  RelationshipLoad load;
  load.file = open(spec.file);
  ImportFile& file = *load.file;
  if (spec.type.parts.empty() && file.role(ColumnRole::Type) == std::string::npos) {
    throw import_error("InvalidSpecification", "'" + spec.text + "' has no type: write 'TYPE=" + spec.file +
                                                   "', or give the file a header with :TYPE");
  }
  load.source = find_end(file, spec, true);
  load.target = find_end(file, spec, false);
  choose_columns(load, spec.type);
  file.read<RelationshipBlock>(
      threads_, [&](CsvBlock block) { return std::make_unique<RelationshipBlock>(file, std::move(block)); },
      [&](RelationshipBlock& block) { parse_relationships(load, block); },
      [&](RelationshipBlock& block) { take_relationships(load, block); });
  for (TypeGroup& group : load.groups) {
    check_interrupt();
    create_relationships(load, group);
  }
}

/// Which columns make the type, and which become properties.
void Importer::choose_columns(RelationshipLoad& load, const NameTemplate& type) const {
  for (const NameTemplate::Part& part : type.parts) {
    if (part.column) load.type_places.push_back(load.file->column(part.text, "the type"));
  }
  load.type = type;
  if (type.parts.empty()) {
    load.type_places.push_back(load.file->role(ColumnRole::Type));
    load.type.parts.push_back({"", true});
  }
  std::vector<size_t> without = load.type_places;
  without.insert(without.end(), {load.source.place, load.target.place});
  load.file->choose_properties(without);
}

Importer::End Importer::find_end(const ImportFile& file, const RelationshipSpec& spec, bool source) const {
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
  end.index.emplace(best);
  if (end.files.empty() && best == nullptr) {
    throw import_error("InvalidSpecification", "'" + spec.text + "': keys of " + end.what +
                                                   " cannot be looked up, as no file of --nodes has that "
                                                   "label and the database has no index on it");
  }
  return end;
}

// ---- rows ----

void Importer::parse_relationships(const RelationshipLoad& load, RelationshipBlock& block) const {
  std::string type;
  while (block.next()) {
    type.clear();
    size_t column = 0;
    for (const NameTemplate::Part& part : load.type.parts) {
      type += part.column ? block.text(load.type_places[column++], block.scratch) : part.text;
    }
    if (type.empty()) {
      block.reject("the type is empty");
      continue;
    }
    const NodeId source = resolve(load, load.source, block);
    if (!source.valid()) continue;
    const NodeId target = resolve(load, load.target, block);
    if (!target.valid()) continue;
    block.ends.emplace_back(source, target);
    const uint32_t number = block.types.number(type);
    if (!load.type.constant()) block.type_of_row.push_back(number);
    block.keep();
  }
}

/// The node at an end of the record; rejects the record if there is none, or more than one.
NodeId Importer::resolve(const RelationshipLoad& load, const End& end, RelationshipBlock& block) const {
  const ImportKey key(block.text(end.place, block.scratch));
  NodeId found;
  const auto in_column = [&] {
    const std::string& name = load.file->header()[end.place].name;
    return name.empty() ? "" : "column '" + name + "': ";
  };
  for (const NodeFile* nodes : end.files) {
    const uint32_t row = nodes->keys.find(key);
    if (row == KeyMap::kNone) continue;
    if (found.valid()) {
      block.reject("column '" + load.file->header()[end.place].name + "': more than one " + end.what + " has the key " +
                   shown_key(key.text));
      return {};
    }
    found = nodes->node(row);
  }
  if (!found.valid() && end.index) found = end.index->find(key);
  if (found.valid()) return found;
  const std::string what = end.what.empty() ? "node" : end.what;
  block.reject(in_column() + (key.text.empty() ? "the key is empty"
                                               : "there is no " + what + " with the key " + shown_key(key.text)));
  return {};
}

void Importer::take_relationships(RelationshipLoad& load, RelationshipBlock& block) {
  if (block.rows() >= KeyMap::kNone - load.rows) {
    throw import_error("TooLarge", load.file->path() + " has more rows than a graph can have relationships");
  }
  // The group of a type, which is made where its first row is.
  const auto group_of = [&](uint32_t number) -> TypeGroup& {
    const std::string& text = block.types.texts()[number];
    const uint32_t place = load.types.number(text);
    if (place < load.groups.size()) return load.groups[place];
    std::string type = options_.upper_snake_types ? upper_snake(text) : text;
    if (type.empty()) type = text;
    types_.insert(tx_.type(type).value);
    load.groups.push_back({tx_.type(type), {}, {}});
    return load.groups.back();
  };
  if (block.rows() == 0) return;
  if (load.type.constant()) {
    LargeVector<std::pair<NodeId, NodeId>>& ends = group_of(0).ends;
    if (ends.empty()) ends.reserve(load.file->expected_rows(block));
    ends.insert(ends.end(), block.ends.begin(), block.ends.end());
  } else {
    const bool keep_rows = !load.file->properties().empty();
    for (uint32_t row = 0; row < block.rows(); ++row) {
      TypeGroup& group = group_of(block.type_of_row[row]);
      group.ends.push_back(block.ends[row]);
      if (keep_rows) group.rows.push_back(load.rows + row);
    }
  }
  load.rows += block.rows();
}

void Importer::create_relationships(RelationshipLoad& load, TypeGroup& group) {
  const bool has_properties = !load.file->properties().empty();
  std::vector<uint32_t> order;
  const RelId first = tx_.bulk_relationships(group.type, group.ends, has_properties ? &order : nullptr);
  const auto count = static_cast<uint32_t>(group.ends.size());
  summary_.relationships += count;
  group.ends = {};
  if (!has_properties) return;
  write_properties(*load.file, EntityType::Relationship, first.value, count,
                   [&](uint32_t i) { return group.rows.empty() ? order[i] : group.rows[order[i]]; });
}

}  // namespace entente
