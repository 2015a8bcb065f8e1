#include "entente/storage/check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "entente/storage/commit_mark.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/rocks_store.h"
#include "entente/storage/salvage.h"
#include "storage_fixture.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

class CheckTest : public testing::Test {
 protected:
  ~CheckTest() override {
    fs::remove_all(path_);
    fs::remove_all(saved_);
  }

  /// A database with a checkpoint and, unless `whole`, a log behind it; gives all that can be read from it.
  std::string create(bool whole = false) {
    OpenOptions options;
    options.durability = Durability::Buffered;
    options.checkpoint_on_close = whole;
    const auto storage = GraphStorage::open(path_, options);
    RandomWriter writer(3);
    auto tx = storage->graph().begin();
    tx->create_index("i", tx->label("Label0"), tx->key("key0"), false);
    tx->create_index("dropped", tx->label("Label1"), tx->key("key1"), false);
    tx->drop_index("dropped");
    tx->create_index("j", tx->label("Label1"), tx->key("key1"), false);
    writer.change(*tx, 12'000);
    storage->graph().commit(std::move(tx));
    storage->checkpoint();
    tx = storage->graph().begin();
    tx->drop_index("i");
    writer.change(*tx, 50);
    storage->graph().commit(std::move(tx));
    return dump(*storage->graph().current());
  }

  /// Damages the record of each page that `chosen` says, so that RocksDB does not notice.
  template <class Chosen>
  int damage(Chosen chosen) {
    std::vector<PageStore::PageRecord> damaged;
    const auto store = RocksStore::open(path_ + "/rocksdb", RocksStore::Mode::Write);
    {
      const SalvageSource source(store, path_);
      for_each_stored_page(source.manifest.snapshot, [&](const PageKey& key, const PageHandle&) {
        if (!chosen(key)) return;
        std::string bytes(store->get_page(key)->view());
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
        damaged.push_back({key, std::move(bytes)});
      });
    }
    store->put_pages(damaged, {"intent/test", ""});
    store->commit({.delete_meta = {"intent/test"}});
    store->close();
    return static_cast<int>(damaged.size());
  }

  std::string saved() const { return dump(*GraphStorage::open(saved_)->graph().current()); }
  static std::string all(const Findings& findings) {
    std::string out;
    for (const std::string& text : findings.texts) out += text + "\n";
    return out;
  }

  const std::string path_ = testing::TempDir() + "check-" + std::to_string(getpid());
  const std::string saved_ = path_ + "-saved";
};

/// Dumps begin with the number of commits, which a saved database has not.
std::string without_version(const std::string& dump) { return dump.substr(dump.find(" nodes")); }

TEST_F(CheckTest, AWholeDatabaseIsWhole) {
  for (const bool whole : {false, true}) {
    fs::remove_all(path_);
    create(whole);
    const CheckReport report = check_database(path_);
    EXPECT_EQ(report.findings.count, 0u) << all(report.findings);
    EXPECT_EQ(report.commits, 2u);
    EXPECT_GT(report.pages, 20u);
    EXPECT_EQ(report.log_records, whole ? 0u : 1u);
    EXPECT_GT(report.relationships, 1'000u);
  }
  EXPECT_EQ(error_of([&] { check_database(path_ + "-not"); }), "StorageError.NotFound");
}

TEST_F(CheckTest, EachDamagedPageIsNamedWithWhatItHolds) {
  create();
  const int count = damage([](const PageKey& key) { return key.number == 0 || key.kind == PageKind::OrderedIndex; });
  const CheckReport report = check_database(path_);
  EXPECT_GE(report.findings.count, static_cast<uint64_t>(count));
  for (const char* text : {"labels of nodes 0 to ", "ends of relationships 0 to ", "outgoing TYPE0 of nodes 0 to ",
                           "incoming TYPE1 of nodes ", "property key1 of nodes ", "property key2 of relationships ",
                           "label Label2 of nodes ", "index i"}) {
    EXPECT_NE(all(report.findings).find(text), std::string::npos) << text << "\n" << all(report.findings);
  }
}

TEST_F(CheckTest, AFlippedByteInAFileIsFound) {
  create(true);
  fs::path largest;
  for (const auto& file : fs::directory_iterator(path_ + "/rocksdb")) {
    if (file.path().extension() == ".sst" && (largest.empty() || file.file_size() > fs::file_size(largest)))
      largest = file.path();
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(1'000);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(1'000);
  file.put(byte);
  file.close();
  EXPECT_GT(check_database(path_).findings.count, 0u);
}

TEST_F(CheckTest, AForeignFileAndLostCommitsAreFound) {
  create(true);
  std::ofstream(path_ + "/rocksdb/999999.sst") << "foreign";
  CommitMark(path_ + "/COMMITTED.entente", CommitMark::Mode::Write).advance(9);
  const CheckReport report = check_database(path_);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("999999.sst"), std::string::npos);
  EXPECT_NE(all(report.findings).find("up to 9 were acknowledged"), std::string::npos);
}

TEST_F(CheckTest, AWholeDatabaseIsSavedAsItIsWithItsLog) {
  const std::string before = create();
  const RepairReport report = repair_database(path_, saved_);
  EXPECT_EQ(report.lost.count, 0u) << all(report.lost);
  EXPECT_EQ(check_database(saved_).findings.count, 0u);
  std::string expected = without_version(before);
  expected.replace(expected.find("index 2j"), 8, "index 1j");  // indexes have other numbers
  EXPECT_EQ(without_version(saved()), expected);
  EXPECT_EQ(error_of([&] { repair_database(path_, saved_); }), "StorageError.Exists");
}

TEST_F(CheckTest, WhatStandsTwiceIsSavedAndTheRestListed) {
  create();
  uint64_t nodes = 0;
  uint64_t relationships = 0;
  {
    OpenOptions options;
    options.read_only = true;
    const auto storage = GraphStorage::open(path_, options);
    nodes = storage->graph().current()->node_count();
    relationships = storage->graph().current()->relationship_count();
  }
  // The table of relationships, Out lists, label bitmaps and index: all stand elsewhere too.
  const int count = damage([](const PageKey& key) {
    return key.kind == PageKind::Relationships || (key.kind == PageKind::Adjacency && key.id % 2 == 0) ||
           key.kind == PageKind::Label || key.kind == PageKind::OrderedIndex;
  });
  ASSERT_GT(count, 5);
  const RepairReport report = repair_database(path_, saved_);
  EXPECT_EQ(report.lost.count, static_cast<uint64_t>(count)) << all(report.lost);
  EXPECT_EQ(report.nodes, nodes);
  EXPECT_EQ(report.relationships, relationships);
  EXPECT_EQ(check_database(saved_).findings.count, 0u) << all(check_database(saved_).findings);
}

TEST_F(CheckTest, LostPropertiesAreListedAndTheOthersSaved) {
  create(true);
  ASSERT_EQ(damage([](const PageKey& key) { return key.kind == PageKind::NodeColumn && key.id == 2; }), 1);
  const RepairReport report = repair_database(path_, saved_);
  EXPECT_NE(all(report.lost).find("of nodes 0 to "), std::string::npos);
  const auto storage = GraphStorage::open(saved_);
  const SnapshotPtr s = storage->graph().current();
  EXPECT_EQ(s->statistics().node_key_counts[2], 0u);
  EXPECT_GT(s->statistics().node_key_counts[1], 100u);
}

}  // namespace
}  // namespace entente
