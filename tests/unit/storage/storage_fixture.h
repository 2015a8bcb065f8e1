// What the tests of storage share: a folder that goes away, a text that tells all that is in a version, random changes,
// and a PageStore in memory that can be made to fail.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "entente/core/error.h"
#include "entente/core/graph_store.h"
#include "entente/storage/page_store.h"

namespace entente {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "entente_test_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Copies the folder of a database that is open, as a crash would leave it. What is open deletes files in the
/// background, so the copy is made again until none came or went meanwhile.
inline void copy_as_crashed(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(from)) found.insert(entry.path().string());
    return found;
  };
  constexpr int kTries = 100;
  for (int i = 0;; ++i) {
    try {
      fs::remove_all(to);
      const std::set<std::string> before = names();
      fs::copy(from, to, fs::copy_options::recursive);
      if (names() == before) return;
    } catch (const fs::filesystem_error&) {
      if (i == kTries) throw;
    }
    if (i == kTries) throw std::runtime_error("files of " + from + " come and go all the time");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

/// The code of the error that fn throws, or "none".
template <class Fn>
std::string error_of(Fn fn, std::string* message = nullptr) {
  try {
    fn();
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return error.code();
  }
  return "none";
}

namespace fixture {

inline void dump_lists(const Snapshot& snapshot, NodeId node, std::ostringstream& out) {
  AdjacencyCursor cursor;
  for (uint32_t type = 0; type < snapshot.type_limit(); ++type) {
    for (const Direction direction : {Direction::Out, Direction::In}) {
      cursor.open(snapshot.adjacency(TypeId(type), direction), node);
      for (AdjacencySegment segment; cursor.next(segment);) {
        for (uint32_t i = 0; i < segment.size; ++i) out << ' ' << segment.neighbours[i] << ':' << segment.rel(i);
      }
      out << '|';
    }
  }
}

inline void dump_indexes(const Snapshot& snapshot, std::ostringstream& out) {
  for (const Index& index : snapshot.indexes()) {
    const IndexDefinition& d = index.definition;
    out << "index " << d.id << d.name << static_cast<int>(d.kind) << static_cast<int>(d.entity) << d.unique
        << d.required << d.analyzer << index.entries;
    for (const uint32_t token : d.tokens) out << " t" << token;
    for (const KeyId key : d.keys) out << " k" << key.value;
    for (const TextField& field : index.fields) out << " f" << field.documents << ':' << field.words;
    out << '\n';
    std::vector<uint32_t> found;
    for (uint32_t id = 0; d.kind == IndexKind::Range && id < snapshot.element_limit(d.entity); ++id) {
      const Value value = snapshot.index_value(d, id);
      if (!value.is_null()) index.find(value, found);
    }
    for (const uint32_t id : found) out << id << ' ';
    index.scan([](const Value&) { return false; },
               [&](const OrderedPage::Entry& entry) {
                 out << entry.value.to_literal() << entry.node << ' ';
                 return true;
               });
    out << '\n';
  }
  for (const Constraint& c : snapshot.constraints()) {
    out << "constraint " << c.id << c.name << static_cast<int>(c.kind) << static_cast<int>(c.entity) << ' ' << c.token
        << ' ' << c.key.value << ' ' << c.type.text() << '\n';
  }
}

}  // namespace fixture

/// All that can be read from a version.
inline std::string dump(const Snapshot& snapshot) {
  std::ostringstream out;
  out << "version " << snapshot.version() << " nodes " << snapshot.node_count() << '/' << snapshot.node_limit()
      << " relationships " << snapshot.relationship_count() << '/' << snapshot.relationship_limit() << '\n';
  const Dictionary& names = snapshot.names();
  for (const NameTable* table : {&names.labels, &names.types, &names.keys}) {
    for (uint32_t i = 0; i < table->size(); ++i) out << table->name(i) << ',';
    out << '\n';
  }
  for (uint32_t id = 0; id < snapshot.node_limit(); ++id) {
    if (!snapshot.has_node(NodeId(id))) continue;
    out << Value::node(snapshot.node_data(NodeId(id))).to_literal();
    fixture::dump_lists(snapshot, NodeId(id), out);
    out << '\n';
  }
  for (uint32_t id = 0; id < snapshot.relationship_limit(); ++id) {
    if (snapshot.has_relationship(RelId(id))) {
      const RelationshipData data = snapshot.relationship_data(RelId(id));
      out << id << ' ' << data.start.value << ' ' << data.end.value << Value::relationship(data).to_literal() << '\n';
    }
  }
  for (uint32_t label = 0; label < names.labels.size(); ++label) {
    std::vector<uint32_t> members;
    snapshot.scan_label(LabelId(label), 0, snapshot.node_limit(), members);
    out << "label " << snapshot.label_count(LabelId(label));
    for (const uint32_t member : members) out << ' ' << member;
    out << '\n';
  }
  for (uint32_t type = 0; type < names.types.size(); ++type) {
    out << "type " << snapshot.type_count(TypeId(type));
    for (uint32_t label = 0; label < names.labels.size(); ++label) {
      out << ' ' << snapshot.statistics().source_count(TypeId(type), LabelId(label)) << ' '
          << snapshot.statistics().target_count(TypeId(type), LabelId(label));
    }
    out << '\n';
  }
  fixture::dump_indexes(snapshot, out);
  return out.str();
}

/// One value of each kind that can be stored, and the edges of some.
inline std::vector<Value> storable_values() {
  return {Value(true),
          Value(false),
          Value(int64_t{0}),
          Value(std::numeric_limits<int64_t>::min()),
          Value(std::numeric_limits<int64_t>::max()),
          Value(-0.0),
          Value(std::numeric_limits<double>::infinity()),
          Value(""),
          Value(std::string("a\0b", 3)),
          Value(std::string(70'000, 'x')),
          Value("日本"),
          Value(List{}),
          Value(List{Value(1), Value(2.5), Value("s"), Value(Date{1})}),
          Value(Date{0}),
          Value(Date{-365'243'219'162}),
          Value(LocalTime{kNanosPerDay - 1}),
          Value(Time{LocalTime{0}, -64'800}),
          Value(LocalDateTime{-1, 999'999'999}),
          Value(DateTime{{1'700'000'000, 5}, 3'600, "Europe/Stockholm"}),
          Value(DateTime{{0, 0}, -3'600, ""}),
          Value(Duration{-1, 2, -3, 4}),
          Value(Duration{std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), 0, 0})};
}

/// Makes a random change or a few.
class RandomWriter {
 public:
  explicit RandomWriter(uint64_t seed) : random_(seed) {}

  uint64_t below(uint64_t limit) { return random_() % limit; }

  void change(Transaction& transaction, int count) {
    for (int i = 0; i < count; ++i) change_once(transaction);
  }

 private:
  Value any_value() {
    static const std::vector<Value> values = storable_values();
    if (below(2) == 0) return values[below(values.size())];
    return below(2) == 0 ? Value(static_cast<int64_t>(below(50))) : Value("name " + std::to_string(below(50)));
  }
  LabelId any_label(Transaction& t) { return t.label("Label" + std::to_string(below(4))); }
  KeyId any_key(Transaction& t) { return t.key("key" + std::to_string(below(5))); }
  std::optional<NodeId> any_node(Transaction& t) {
    for (int attempt = 0; attempt < 8 && t.view().node_limit() > 0; ++attempt) {
      const NodeId node(static_cast<uint32_t>(below(t.view().node_limit())));
      if (t.view().has_node(node)) return node;
    }
    return std::nullopt;
  }
  std::optional<RelId> any_relationship(Transaction& t) {
    for (int attempt = 0; attempt < 8 && t.view().relationship_limit() > 0; ++attempt) {
      const RelId rel(static_cast<uint32_t>(below(t.view().relationship_limit())));
      if (t.view().has_relationship(rel)) return rel;
    }
    return std::nullopt;
  }

  void change_once(Transaction& t) {
    const auto node = any_node(t);
    const auto other = any_node(t);
    const auto rel = any_relationship(t);
    switch (below(12)) {
      case 0:
      case 1:
      case 2: {
        std::vector<LabelId> labels;
        for (uint64_t i = below(3); i > 0; --i) labels.push_back(any_label(t));
        t.create_node(labels);
        return;
      }
      case 3:
      case 4:
      case 5:
        if (node && other) t.create_relationship(t.type("TYPE" + std::to_string(below(3))), *node, *other);
        return;
      case 6:
      case 7:
        if (node) t.set_property(*node, any_key(t), any_value());
        return;
      case 8:
        if (rel) t.set_property(*rel, any_key(t), any_value());
        return;
      case 9:
        if (node) below(2) == 0 ? t.add_label(*node, any_label(t)) : t.remove_label(*node, any_label(t));
        return;
      case 10:
        if (rel) t.delete_relationship(*rel);
        return;
      case 11:
        if (node && t.view().degree(*node, Direction::Both) == 0) t.delete_node(*node);
        if (node && t.view().has_node(*node)) t.set_property(*node, any_key(t), {});
        return;
    }
  }

  std::mt19937_64 random_;
};

/// A PageStore in memory. After `writes_left` writes each further one throws and changes nothing.
class MemoryStore final : public PageStore {
 public:
  std::map<PageKey, std::string> pages;
  std::map<std::string, std::string> meta;
  std::map<uint64_t, std::string> log;
  int writes_left = 1'000'000;

  std::optional<AlignedBytes> get_page(const PageKey& key) const override {
    const auto it = pages.find(key);
    if (it == pages.end()) return std::nullopt;
    return AlignedBytes(std::string_view(it->second));
  }
  std::optional<std::string> get_meta(std::string_view name) const override {
    const auto it = meta.find(std::string(name));
    return it == meta.end() ? std::nullopt : std::optional(it->second);
  }
  std::vector<MetaRecord> list_meta(std::string_view prefix) const override {
    std::vector<MetaRecord> found;
    for (const auto& record : meta) {
      if (record.first.starts_with(prefix)) found.push_back(record);
    }
    return found;
  }
  void read_log(uint64_t from, const std::function<bool(uint64_t, std::string_view)>& fn) const override {
    for (auto it = log.lower_bound(from); it != log.end() && fn(it->first, it->second); ++it) {
    }
  }
  void put_pages(std::span<const PageRecord> records, const MetaRecord& list) override {
    write();
    meta[list.first] = list.second;
    for (const PageRecord& record : records) pages[record.key] = record.bytes;
  }
  void append_log(std::span<const LogRecord> records, bool) override {
    write();
    for (const LogRecord& record : records) log[record.commit] = record.bytes;
  }
  void commit(const Batch& batch) override {
    write();
    for (const auto& [name, bytes] : batch.put_meta) meta[name] = bytes;
    for (const std::string& name : batch.delete_meta) meta.erase(name);
    for (const PageKey& key : batch.delete_pages) pages.erase(key);
    if (batch.drop_log_through) log.erase(log.begin(), log.upper_bound(*batch.drop_log_through));
    if (batch.drop_log_from) log.erase(log.lower_bound(*batch.drop_log_from), log.end());
  }
  void flush() override {}
  uint64_t disk_bytes() const override { return 0; }
  void close() override {}

 private:
  void write() {
    if (writes_left-- <= 0) throw Error::storage("IO", "the test lets this write fail");
  }
};

}  // namespace entente
