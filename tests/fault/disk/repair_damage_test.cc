// Saving what is left: whatever is done to a file of a database, repairing makes a new one that is whole, that has
// all that the other files have, and says what is lost.
//
// The graph is written in stages, each in a session of its own, so that its pages and its log are in files of their own
// and a stage can be lost alone: a stage is as many nodes as a page has, with a label, properties and relationships
// of its own. Then come commits that stay in the write-ahead log.
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <set>

#include "../rounds.h"
#include "entente/core/adjacency.h"
#include "entente/storage/check.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/rocks_families.h"
#include "entente/storage/rocks_store.h"
#include "storage_fixture.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kStages = 3;
constexpr uint32_t kStageNodes = NodePage::kSize;
constexpr uint32_t kLogged = 12;  // commits behind the last stage; the first half is moved to a table
constexpr uint32_t kFirstLogged = kStages * kStageNodes;

std::string stage_name(const char* what, uint32_t stage) { return what + std::to_string(stage); }

/// Such that a page of them fills a block of a table.
int64_t value_of(uint64_t i) { return static_cast<int64_t>(i * 0x9E3779B97F4A7C15u >> 1); }

void write_stage(const std::string& path, uint32_t stage, uint32_t seed) {
  const auto storage = GraphStorage::open(path);
  auto tx = storage->graph().begin();
  const LabelId label = tx->label(stage_name("Stage", stage));
  const NodeId first = tx->bulk_nodes(std::span(&label, 1), kStageNodes);
  std::vector<Value> values;
  std::vector<std::pair<NodeId, NodeId>> ends;
  for (uint32_t i = 0; i < kStageNodes; ++i) {
    values.emplace_back(value_of(seed + i));
    ends.emplace_back(NodeId(first.value + i), NodeId(first.value + (i * 7 + 1) % kStageNodes));
  }
  tx->bulk_property(first, tx->key(stage_name("value", stage)), values);
  tx->bulk_relationships(tx->type(stage_name("TYPE", stage)), ends);
  if (stage == 0) tx->create_index("values", label, tx->key("value0"), false);
  storage->graph().commit(std::move(tx));
  storage->close();
}

/// Each commit makes a node that refers to one of a stage, and to that of the commit before, with a name of its own.
void write_log(GraphStorage& storage, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; ++i) {
    auto tx = storage.graph().begin();
    const NodeId node = tx->create_node(std::vector<LabelId>{tx->label("Logged")});
    tx->set_property(node, tx->key(stage_name("logged", i)), Value(static_cast<int64_t>(i)));
    tx->create_relationship(tx->type("TO_STAGE"), node, NodeId(i % kStages * kStageNodes + i));
    if (i > 0) tx->create_relationship(tx->type("AFTER"), node, NodeId(node.value - 1));
    storage.graph().commit(std::move(tx));
  }
}

void write_logs(const std::string& path) {
  OpenOptions options;
  options.checkpoint_on_close = false;
  auto storage = GraphStorage::open(path, options);
  write_log(*storage, 0, kLogged / 2);
  storage->close();
  storage = GraphStorage::open(path, options);
  write_log(*storage, kLogged / 2, kLogged);
  copy_as_crashed(path, path + "-crashed");
}

class RepairDamageTest : public testing::Test {
 protected:
  RepairDamageTest() {
    for (const auto& [path, seed] : {std::pair(original_, 0u), std::pair(other_, 50'000u)}) {
      for (uint32_t stage = 0; stage < kStages; ++stage) write_stage(path, stage, seed);
      write_logs(path);
    }
  }

  static std::vector<std::string> files_of(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder));
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  static bool holds_records(const std::string& name) { return name.ends_with(".sst") || name.ends_with(".log"); }

  struct Saved {
    std::set<uint32_t> whole_stages;
    uint32_t logged = 0;
    RepairReport report;
  };

  /// Damages a copy, repairs it, and looks at what is saved.
  Saved repair(const std::function<void(const fs::path&)>& damage) {
    for (const std::string& path : {copy_, saved_}) fs::remove_all(path);
    fs::copy(original_ + "-crashed", copy_, fs::copy_options::recursive);
    damage(copy_);
    Saved saved;
    const std::map<std::string, std::string> before = contents(copy_);
    saved.report = repair_database(copy_, saved_);
    EXPECT_EQ(contents(copy_), before) << "the damaged database was changed";
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 6)
        << "something is left";
    const CheckReport check = check_database(saved_);
    EXPECT_EQ(check.findings.count, 0u) << check.findings.texts.at(0);
    OpenOptions options;
    options.read_only = true;
    const auto storage = GraphStorage::open(saved_, options);
    const SnapshotPtr graph = storage->graph().current();
    for (uint32_t stage = 0; stage < kStages; ++stage) {
      if (is_whole(*graph, stage)) saved.whole_stages.insert(stage);
    }
    for (uint32_t i = 0; i < kLogged; ++i) saved.logged += has_logged(*graph, i) ? 1 : 0;
    expect_nothing_else(*graph);
    return saved;
  }

  static std::map<std::string, std::string> contents(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (const std::string& name : files_of(folder)) {
      std::ifstream file(fs::path(folder) / name, std::ios::binary);
      all[name] = std::string(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  static bool is_whole(const Snapshot& graph, uint32_t stage) {
    const LabelId label = graph.names().label(stage_name("Stage", stage));
    const KeyId key = graph.names().key(stage_name("value", stage));
    const TypeId type = graph.names().type(stage_name("TYPE", stage));
    if (label.value == LabelId::kNone || key.value == KeyId::kNone || type.value == TypeId::kNone) return false;
    for (uint32_t i = 0; i < kStageNodes; ++i) {
      const NodeId node(stage * kStageNodes + i);
      const NodeId target(stage * kStageNodes + (i * 7 + 1) % kStageNodes);
      if (!graph.has_node(node) || graph.labels(node) != std::vector<LabelId>{label}) return false;
      if (!Value::equivalent(graph.property(node, key), Value(value_of(i)))) return false;
      if (!find_neighbour(graph.adjacency(type, Direction::Out), node, target)) return false;
    }
    return true;
  }
  static bool has_logged(const Snapshot& graph, uint32_t i) {
    const NodeId node(kFirstLogged + i);
    const KeyId key = graph.names().key(stage_name("logged", i));
    return key.value != KeyId::kNone && graph.has_node(node) && !graph.labels(node).empty() &&
           Value::equivalent(graph.property(node, key), Value(static_cast<int64_t>(i)));
  }
  /// What is there is as it was.
  static void expect_nothing_else(const Snapshot& graph) {
    EXPECT_LE(graph.node_count(), kFirstLogged + kLogged);
    EXPECT_LE(graph.relationship_count(), kStages * kStageNodes + 2 * kLogged - 1);
    for (uint32_t stage = 0; stage < kStages; ++stage) {
      const KeyId key = graph.names().key(stage_name("value", stage));
      if (key.value == KeyId::kNone) continue;
      for (uint32_t id = 0; id < graph.node_limit(); ++id) {
        if (!graph.has_node(NodeId(id))) continue;
        const Value value = graph.property(NodeId(id), key);
        if (value.is_null()) continue;
        ASSERT_EQ(value.as_integer(), value_of(id - stage * kStageNodes)) << "stage " << stage;
      }
    }
    for (uint32_t rel = 0; rel < graph.relationship_limit() && rel < kStages * kStageNodes; ++rel) {
      if (!graph.has_relationship(RelId(rel))) continue;
      const Relationship r = graph.relationship(RelId(rel));
      const uint32_t stage = rel / kStageNodes;
      ASSERT_EQ(r.source.value / kStageNodes, stage);
      ASSERT_EQ(r.target.value, stage * kStageNodes + (r.source.value % kStageNodes * 7 + 1) % kStageNodes);
    }
  }

  static std::string all(const RepairReport& report) {
    std::string text;
    for (const std::string& lost : report.lost.texts) text += "lost: " + lost + "\n";
    for (const std::string& note : report.notes) text += "note: " + note + "\n";
    return text;
  }

  void expect_all(const Saved& saved) {
    EXPECT_EQ(saved.whole_stages.size(), kStages) << all(saved.report);
    EXPECT_EQ(saved.logged, kLogged) << all(saved.report);
    EXPECT_EQ(saved.report.lost.count, 0u) << all(saved.report);
  }

  /// One file of records is damaged: one stage at most is not whole, or a half of the log is not, and it is said.
  void expect_rest(const Saved& saved) {
    const size_t lost_stages = kStages - saved.whole_stages.size();
    const uint32_t lost_commits = kLogged - saved.logged;
    EXPECT_LE(lost_stages, 1u) << all(saved.report);
    EXPECT_LE(lost_commits, kLogged / 2) << all(saved.report);
    EXPECT_TRUE(lost_stages == 0 || lost_commits == 0) << all(saved.report);
    if (lost_stages + lost_commits == 0) return;
    EXPECT_GT(saved.report.lost.count, 0u);
    ++losses_;
  }

  /// Does this to each file in turn.
  void damage_each(const std::string& what, const std::function<void(const fs::path&)>& damage) {
    uint64_t tried = 0;
    for (const std::string& name : files_of(original_ + "-crashed")) {
      SCOPED_TRACE(name + " " + what);
      try {
        const Saved saved = repair([&](const fs::path& folder) { damage(folder / name); });
        holds_records(name) ? expect_rest(saved) : expect_all(saved);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
      ++tried;
    }
    EXPECT_GT(losses_, 0);
    if (!HasFailure())
      tell("repair, a file " + what, {tried, tried - static_cast<uint64_t>(losses_), static_cast<uint64_t>(losses_)});
  }

  const FaultFolderOnDisk folder_;
  const std::string original_ = folder_ / "original";
  const std::string other_ = folder_ / "other";
  const std::string copy_ = folder_ / "copy";
  const std::string saved_ = folder_ / "saved";
  int losses_ = 0;
};

void overwrite(const fs::path& path, uintmax_t size) {
  std::mt19937 random(7);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  for (uintmax_t i = 0; i < size; ++i) file.put(static_cast<char>(random()));
}

TEST_F(RepairDamageTest, AWholeDatabaseIsSavedWhole) {
  const Saved saved = repair([](const fs::path&) {});
  expect_all(saved);
  EXPECT_TRUE(saved.report.notes.empty()) << all(saved.report);
}

TEST_F(RepairDamageTest, AMissingFile) {
  damage_each("missing", [](const fs::path& path) { fs::remove(path); });
}

TEST_F(RepairDamageTest, ATruncatedFile) {
  damage_each("cut to a half", [](const fs::path& path) { fs::resize_file(path, fs::file_size(path) / 2); });
}

TEST_F(RepairDamageTest, AnEmptyFile) {
  damage_each("emptied", [](const fs::path& path) { fs::resize_file(path, 0); });
}

TEST_F(RepairDamageTest, AFileOfGarbage) {
  damage_each("of garbage", [](const fs::path& path) { overwrite(path, fs::file_size(path)); });
}

TEST_F(RepairDamageTest, AFileOfAnotherDatabase) {
  damage_each("of another database", [&](const fs::path& path) {
    if (path.extension() == ".log" || path.filename() == "COMMITTED.entente")
      return fs::resize_file(path, 0);  // of any database
    const fs::path same = fs::path(other_ + "-crashed") / fs::relative(path, copy_);
    fs::copy_file(fs::exists(same) ? same : fs::path(other_ + "-crashed/COMMITTED.entente"), path,
                  fs::copy_options::overwrite_existing);
  });
}

TEST_F(RepairDamageTest, ABlockOfZeros) {
  damage_each("with a block of zeros", [](const fs::path& path) {
    const uintmax_t size = fs::file_size(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size / 3));
    for (uintmax_t i = 0; i < std::min<uintmax_t>(size / 4, 4096); ++i) file.put('\0');
  });
}

TEST_F(RepairDamageTest, OfADamagedTableTheOtherBlocksAreSaved) {
  int saves = 0;
  for (const std::string& name : files_of(original_ + "-crashed")) {
    if (!name.ends_with(".sst")) continue;
    const Saved missing = repair([&](const fs::path& folder) { fs::remove(folder / name); });
    if (missing.report.lost.count == 0) continue;
    const Saved damaged = repair([&](const fs::path& folder) {
      std::fstream file(folder / name, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(100);
      file.put('\xA5').put('\x5A');
    });
    EXPECT_GT(damaged.report.lost.count, 0u) << name;
    EXPECT_GT(damaged.report.notes.size(), 0u) << name;
    saves += damaged.report.lost.count < missing.report.lost.count;
  }
  EXPECT_GE(saves, 3);
}

TEST_F(RepairDamageTest, AllThatRocksDbKeepsAboutItsFilesMissing) {
  expect_all(repair([](const fs::path& folder) {
    for (const std::string& name : files_of(folder.string())) {
      if (name.starts_with("rocksdb/") && !holds_records(name)) fs::remove(folder / name);
    }
  }));
}

TEST_F(RepairDamageTest, AllTablesMissingLeavesTheLog) {
  const Saved saved = repair([](const fs::path& folder) {
    for (const std::string& name : files_of(folder.string())) {
      if (name.ends_with(".sst")) fs::remove(folder / name);
    }
  });
  EXPECT_TRUE(saved.whole_stages.empty());
  EXPECT_EQ(saved.logged, kLogged / 2) << "of the log, a half was in a table";
  EXPECT_NE(all(saved.report).find("the manifest is lost"), std::string::npos) << all(saved.report);
}

/// Makes tables of the pages in which those of several checkpoints are side by side.
void compact(const fs::path& path) {
  rocksdb::Options options;
  options.target_file_size_base = 16 << 10;
  options.compression = rocksdb::kNoCompression;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const char* name : kFamilyNames) families.emplace_back(name, options);
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  ASSERT_TRUE(rocksdb::DB::Open(options, path.string(), families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  ASSERT_TRUE(db->CompactRange({}, handles[kPages], nullptr, nullptr).ok());
  std::vector<rocksdb::LiveFileMetaData> files;
  db->GetLiveFilesMetaData(&files);
  EXPECT_GT(std::count_if(files.begin(), files.end(),
                          [](const auto& file) { return file.column_family_name == "pages" && file.level > 0; }),
            3);
  for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  ASSERT_TRUE(db->Close().ok());
}

TEST_F(RepairDamageTest, TablesThatWereCompactedAreRead) {
  expect_all(repair([](const fs::path& folder) {
    compact(folder / "rocksdb");
    fs::remove(folder / "rocksdb/CURRENT");
  }));
}

TEST_F(RepairDamageTest, NothingLeftIsSaid) {
  EXPECT_EQ(error_of([&] {
              repair([](const fs::path& folder) {
                for (const std::string& name : files_of(folder.string())) {
                  if (holds_records(name)) fs::remove(folder / name);
                }
              });
            }),
            "StorageError.Corrupt");
  EXPECT_FALSE(fs::exists(saved_));
}

/// Commits n of a new database, each of which makes a node that has the number n + seed.
void write_numbers(const std::string& path, int64_t seed, int64_t commits) {
  OpenOptions options;
  options.checkpoint_on_close = false;
  const auto storage = GraphStorage::open(path, options);
  for (int64_t n = 1; n <= commits; ++n) {
    auto tx = storage->graph().begin();
    tx->set_property(tx->create_node({}), tx->key("n"), Value(n + seed));
    storage->graph().commit(std::move(tx));
  }
}

TEST(RepairOrderTest, TheNewestRecordCountsAndWhatWasDeletedStaysDeleted) {
  // The logs of what is in tables may be there still: those are deleted afterwards.
  for (const auto& [in_tables, logs_stay] : {std::pair(false, false), std::pair(true, false), std::pair(true, true)}) {
    const FaultFolderOnDisk folder;
    const auto keep_logs = [&, kept = logs_stay] {
      for (const auto& entry : fs::directory_iterator(folder / "db/rocksdb")) {
        if (!kept || entry.path().extension() != ".log") continue;
        fs::copy(entry.path(), folder.path() + "/kept-" + entry.path().filename().string(),
                 fs::copy_options::overwrite_existing);
      }
    };
    write_numbers(folder / "db", 0, 4);
    write_numbers(folder / "other", 100, 4);
    std::string other;
    RocksStore::open(folder / "other/rocksdb", RocksStore::Mode::Read)
        ->read_log(2, [&](uint64_t, std::string_view record) {
          other = record;
          return false;
        });
    const auto store = RocksStore::open(folder / "db/rocksdb", RocksStore::Mode::Write);
    if (in_tables) store->flush();
    store->commit({.drop_log_from = 2});
    keep_logs();
    if (in_tables) store->flush();
    store->append_log(std::vector<PageStore::LogRecord>{{2, other}}, true);
    keep_logs();
    if (in_tables) store->flush();
    store->close();
    int brought_back = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename();
      const std::string place = folder / "db/rocksdb/" + name.substr(std::min<size_t>(5, name.size()));
      if (name.starts_with("kept-"))
        brought_back += fs::copy_file(entry.path(), place, fs::copy_options::skip_existing);
    }
    EXPECT_EQ(brought_back > 0, logs_stay);
    fs::remove(folder / "db/rocksdb/CURRENT");
    const RepairReport report = repair_database(folder / "db", folder / "saved");
    ASSERT_EQ(report.lost.texts.size(), 1u);
    EXPECT_EQ(report.lost.texts[0], "the log records of commits 3 to 4 are missing");
    const auto storage = GraphStorage::open(folder / "saved");
    const SnapshotPtr graph = storage->graph().current();
    ASSERT_EQ(graph->node_count(), 2u);
    EXPECT_EQ(graph->property(NodeId(0), graph->names().key("n")).as_integer(), 1);
    EXPECT_EQ(graph->property(NodeId(1), graph->names().key("n")).as_integer(), 102);
  }
}

TEST_F(RepairDamageTest, ADatabaseThatIsOpenIsRefused) {
  fs::copy(original_ + "-crashed", copy_, fs::copy_options::recursive);
  const auto storage = GraphStorage::open(copy_);
  EXPECT_EQ(error_of([&] { repair_database(copy_, saved_); }), "LockError.Locked");
  EXPECT_FALSE(fs::exists(saved_));
}

}  // namespace
}  // namespace entente
