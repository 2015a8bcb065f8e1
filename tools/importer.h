// One import under way: what loading nodes (import_nodes.cc) and relationships (import_relationships.cc) share.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/tools/import.h"
#include "entente/tools/import_keys.h"

namespace entente {

/// A node file that was read: its keys and what became of its rows.
struct NodeFile {
  std::string path;
  std::vector<std::string> labels;  // of all its nodes
  std::string key;                  // name of the property; empty if the key is none
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

/// Looks up keys in an index of the database as it was before the import. Thread-safe.
class IndexLookup {
 public:
  /// Without an index no key is found.
  explicit IndexLookup(const Index* index) : index_(index) {}
  /// The node with this key as a number or as a text; none is an invalid id.
  NodeId find(const ImportKey& key) const;

 private:
  const Index* index_;
};

/// Numbers texts in the order in which they first come.
class TextNumbers {
 public:
  uint32_t number(const std::string& text);
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<std::string> texts_;
  uint32_t last_ = 0;  // the number asked for last, which is often asked for again
};

class Importer {
 public:
  Importer(Transaction& transaction, const ImportOptions& options);
  ImportSummary run();

 private:
  struct NodeLoad;
  struct NodeBlock;
  struct End;
  struct TypeGroup;
  struct RelationshipLoad;
  struct RelationshipBlock;

  std::unique_ptr<ImportFile> open(const std::string& path) {
    return std::make_unique<ImportFile>(path, options_.delimiter, options_.array_delimiter, bad_, options_.progress);
  }

  // import_nodes.cc
  void load_nodes(const NodeSpec& spec);
  void parse_nodes(const NodeLoad& load, NodeBlock& block) const;
  std::string taken_elsewhere(const NodeLoad& load, const ImportKey& key) const;
  void take_nodes(NodeLoad& load, NodeBlock& block) const;
  void create_nodes(NodeLoad& load);
  std::vector<std::string> labels_of(const NodeFile& nodes, const std::string& text) const;
  void create_index(const std::string& label, const std::string& key);

  // import_relationships.cc
  void load_relationships(const RelationshipSpec& spec);
  void choose_columns(RelationshipLoad& load, const NameTemplate& type) const;
  End find_end(const ImportFile& file, const RelationshipSpec& spec, bool source) const;
  void parse_relationships(const RelationshipLoad& load, RelationshipBlock& block) const;
  NodeId resolve(const RelationshipLoad& load, const End& end, RelationshipBlock& block) const;
  void take_relationships(RelationshipLoad& load, RelationshipBlock& block);
  void create_relationships(RelationshipLoad& load, TypeGroup& group);

  /// Gives `count` nodes or relationships from `first` on the properties of rows: to first + i those of row_of(i).
  void write_properties(ImportFile& file, EntityType entity, uint32_t first, uint32_t count,
                        const std::function<uint64_t(uint32_t)>& row_of);

  Transaction& tx_;
  const ImportOptions& options_;
  const unsigned threads_;
  const Snapshot base_;
  BadRows bad_;
  std::vector<std::unique_ptr<NodeFile>> node_files_;
  std::set<std::pair<std::string, std::string>> unique_keys_;  // (label, property)
  std::set<uint32_t> types_;
  ImportSummary summary_;
};

/// A key as messages show it.
std::string shown_key(std::string_view key);

}  // namespace entente
