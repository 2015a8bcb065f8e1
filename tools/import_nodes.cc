// Loading node files. Blocks are parsed side by side, and checked against what other files and the database have; that
// no key comes twice in the file is seen when the blocks are taken in order.
#include <deque>

#include "entente/tools/importer.h"

namespace entente {

/// A node file being read.
struct Importer::NodeLoad {
  std::unique_ptr<ImportFile> file;
  std::unique_ptr<NodeFile> nodes = std::make_unique<NodeFile>();
  IndexLookup index{nullptr};  // of what the database has under the key already
  size_t key_place = std::string::npos;
  size_t label_place = std::string::npos;
  TextNumbers labels;                  // texts of the label column
  std::vector<uint32_t> label_of_row;  // numbers of these
  uint32_t rows = 0;

  bool has_key() const { return key_place != std::string::npos; }
  bool has_labels() const { return label_place != std::string::npos; }
};

struct Importer::NodeBlock : ImportBlock {
  using ImportBlock::ImportBlock;
  std::vector<ImportKey> keys;  // of the rows, if they have some; their texts are in the block or in `copies`
  std::deque<std::string> copies;
  TextNumbers labels;
  std::vector<uint32_t> label_of_row;
};

void Importer::load_nodes(const NodeSpec& spec) {
  NodeLoad load;
  load.file = open(spec.file);
  ImportFile& file = *load.file;
  NodeFile& nodes = *load.nodes;
  nodes.path = spec.file;
  nodes.labels = spec.labels;
  load.key_place = file.role(ColumnRole::Id);
  if (!spec.key.empty()) {
    load.key_place = file.column(spec.key, "the key of '" + spec.text + "'");
    nodes.plain = true;
  }
  load.label_place = file.role(ColumnRole::Labels);
  if (spec.labels.empty() && !load.has_labels() && !load.has_key()) {
    throw import_error("InvalidSpecification", "'" + spec.text + "' says neither label nor key: write 'Label(key)=" +
                                                   spec.file + "', or give the file a header with :ID and :LABEL");
  }
  if (load.has_key()) {
    nodes.key = file.header()[load.key_place].name;
    nodes.id_space = file.header()[load.key_place].id_space;
  }
  file.choose_properties({});
  if (!spec.labels.empty() && !nodes.key.empty()) {
    load.index = IndexLookup(base_.find_index(base_.names().label(spec.labels.front()), base_.names().key(nodes.key)));
  }
  file.read<NodeBlock>(
      threads_, [&](CsvBlock block) { return std::make_unique<NodeBlock>(file, std::move(block)); },
      [&](NodeBlock& block) { parse_nodes(load, block); }, [&](NodeBlock& block) { take_nodes(load, block); });
  nodes.keys.finish();
  create_nodes(load);
  node_files_.push_back(std::move(load.nodes));
}

void Importer::parse_nodes(const NodeLoad& load, NodeBlock& block) const {
  std::string scratch;
  while (block.next()) {
    if (load.has_key()) {
      std::string_view text = block.text(load.key_place, scratch);
      if (text.empty()) {
        block.reject("the key is empty");
        continue;
      }
      if (text.data() == scratch.data()) text = block.copies.emplace_back(text);
      const ImportKey key(text);
      std::string reason = taken_elsewhere(load, key);
      if (!reason.empty()) {
        block.reject(std::move(reason));
        continue;
      }
      block.keys.push_back(key);
    }
    block.keep();
    if (!load.has_labels()) continue;
    const std::string labels(block.text(load.label_place, scratch));
    block.label_of_row.push_back(block.labels.number(labels));
  }
}

/// Why a node cannot have the key: it is used in another file or in the database. Empty if it is not.
std::string Importer::taken_elsewhere(const NodeLoad& load, const ImportKey& key) const {
  const NodeFile& nodes = *load.nodes;
  for (const auto& other : node_files_) {
    const bool same_keys =
        nodes.plain ? other->plain && other->key == nodes.key && other->labels.front() == nodes.labels.front()
                    : !other->plain && other->id_space == nodes.id_space;
    if (same_keys && other->keys.find(key) != KeyMap::kNone) {
      return "the key " + shown_key(key.text) + " is used in " + other->path + " already";
    }
  }
  if (load.index.find(key).valid()) {
    return "the key " + shown_key(key.text) + " belongs to a node in the database already";
  }
  return {};
}

void Importer::take_nodes(NodeLoad& load, NodeBlock& block) const {
  std::vector<uint32_t> label_numbers(block.labels.texts().size(), ~uint32_t{0});  // in the file, of those in the block
  block.reject_rows([&](uint32_t row) -> std::string {
    if (load.rows == KeyMap::kNone - 1)
      throw import_error("TooLarge", load.file->path() + " has more rows than a graph can have nodes");
    if (load.has_key() && !load.nodes->keys.insert(block.keys[row], load.rows)) {
      return "the key " + shown_key(block.keys[row].text) + " is used in an earlier row already";
    }
    ++load.rows;
    if (load.has_labels()) {
      uint32_t& number = label_numbers[block.label_of_row[row]];
      if (number == ~uint32_t{0}) number = load.labels.number(block.labels.texts()[block.label_of_row[row]]);
      load.label_of_row.push_back(number);
    }
    return {};
  });
}

std::vector<std::string> Importer::labels_of(const NodeFile& nodes, const std::string& text) const {
  std::vector<std::string> labels = nodes.labels;
  for (std::string& label : split_items(text, options_.array_delimiter)) {
    if (!label.empty()) labels.push_back(std::move(label));
  }
  return labels;
}

void Importer::create_nodes(NodeLoad& load) {
  NodeFile& nodes = *load.nodes;
  const auto create = [&](const std::string& text, uint32_t count) {
    const std::vector<std::string> names = labels_of(nodes, text);
    std::vector<LabelId> labels;
    labels.reserve(names.size());
    for (const std::string& name : names) labels.push_back(tx_.label(name));
    if (!names.empty() && !nodes.key.empty()) unique_keys_.emplace(names.front(), nodes.key);
    return tx_.bulk_nodes(labels, count);
  };
  if (load.rows == 0) return;
  summary_.nodes += load.rows;
  if (!load.has_labels()) {
    nodes.first = create("", load.rows).value;
    write_properties(*load.file, EntityType::Node, nodes.first, load.rows, [](uint32_t i) { return i; });
    return;
  }
  nodes.ids.resize(load.rows);
  const std::vector<std::string>& texts = load.labels.texts();
  std::vector<std::vector<uint32_t>> groups(texts.size());
  for (uint32_t row = 0; row < load.rows; ++row) groups[load.label_of_row[row]].push_back(row);
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::vector<uint32_t>& group = groups[g];
    const auto count = static_cast<uint32_t>(group.size());
    const uint32_t first = create(texts[g], count).value;
    for (uint32_t i = 0; i < count; ++i) nodes.ids[group[i]] = first + i;
    write_properties(*load.file, EntityType::Node, first, count, [&](uint32_t i) { return group[i]; });
    for (const std::string& label : labels_of(nodes, texts[g])) {
      if (!nodes.has_label(label) && groups.size() == 1) nodes.labels.push_back(label);
    }
  }
}

void Importer::create_index(const std::string& label, const std::string& key) {
  const LabelId label_id = tx_.label(label);
  const KeyId key_id = tx_.key(key);
  if (tx_.view().find_index(label_id, key_id) != nullptr) return;
  tx_.create_index("constraint_" + label + "_" + key, label_id, key_id, true);
}

}  // namespace entente
