// The names of a graph (labels, relationship types, property keys) and their numbers.
//
// Names are numbered from 0 in order of first use and never removed, so a number means the same in every version
// that knows it. A Dictionary is immutable once its version is published; versions share it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "entente/core/ids.h"

namespace entente {

/// One numbering of names.
class NameTable {
 public:
  /// kNone (of StrongId) if the name is unknown.
  uint32_t find(std::string_view name) const;
  uint32_t find_or_add(std::string_view name);
  const std::string& name(uint32_t number) const { return names_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(names_.size()); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::vector<std::string> names_;
  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> numbers_;
};

/// Sets of labels that nodes have, numbered; set 0 is the empty one. Each set is sorted by label number.
class LabelSets {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  LabelSets() { sets_.emplace_back(); }
  const std::vector<LabelId>& labels(uint32_t set) const { return sets_[set]; }
  /// kNone if no node ever had just these labels.
  uint32_t find(const std::vector<LabelId>& sorted_labels) const;
  uint32_t find_or_add(const std::vector<LabelId>& sorted_labels);
  uint32_t size() const { return static_cast<uint32_t>(sets_.size()); }

 private:
  std::vector<std::vector<LabelId>> sets_;
  std::unordered_map<std::string, uint32_t> numbers_;  // by the bytes of the set
};

struct Dictionary {
  NameTable labels;
  NameTable types;
  NameTable keys;
  LabelSets label_sets;

  LabelId label(std::string_view name) const { return LabelId(labels.find(name)); }
  TypeId type(std::string_view name) const { return TypeId(types.find(name)); }
  KeyId key(std::string_view name) const { return KeyId(keys.find(name)); }
};

}  // namespace entente
