#include "entente/storage/checkpointer.h"

#include <gtest/gtest.h>

#include "entente/storage/key_codec.h"
#include "entente/storage/manifest_codec.h"
#include "storage_fixture.h"

namespace entente {
namespace {

/// A graph in memory and its checkpoints in a MemoryStore.
class CheckpointerTest : public testing::Test {
 protected:
  CheckpointerTest() : store_(std::make_shared<MemoryStore>()) {
    store_->meta[std::string(kManifestRecord)] = encode_manifest({}, 0);
    open();
  }

  /// Begins again from what is stored, as after a crash.
  void open() {
    loader_ = std::make_shared<StoredPages>(store_);
    Manifest manifest = decode_manifest(store_->meta.at(std::string(kManifestRecord)), loader_);
    loader_->raise_limits(limits_of(manifest.snapshot));
    loader_->set_table(std::make_shared<const std::vector<uint64_t>>(table_epochs(manifest.snapshot, manifest.epoch)));
    checkpointer_ = std::make_unique<Checkpointer>(*store_, loader_, manifest.snapshot, manifest.epoch, [] {});
    checkpointer_->clean_up();
    graph_ = std::make_unique<GraphStore>(std::move(manifest.snapshot));
  }

  void change(int count) {
    auto transaction = graph_->begin();
    if (transaction->view().indexes().empty()) {
      transaction->create_index("i", transaction->label("Label0"), transaction->key("key0"), false);
    }
    writer_.change(*transaction, count);
    graph_->commit(std::move(transaction));
  }

  void drop_index() {
    auto transaction = graph_->begin();
    transaction->drop_index("i");
    graph_->commit(std::move(transaction));
  }

  /// How many pages the stored manifest refers to; each of them must be there.
  size_t referenced_pages() {
    Manifest manifest = decode_manifest(store_->meta.at(std::string(kManifestRecord)), loader_);
    dump(manifest.snapshot);
    size_t count = 0;
    Snapshot& snapshot = manifest.snapshot;
    SnapshotParts parts(snapshot);
    const auto add = [&](const auto& table) { table.for_each([&](uint32_t, const auto&) { ++count; }); };
    add(parts.nodes);
    add(parts.relationships);
    for (const auto& table : *parts.adjacency) add(table);
    for (const auto& table : *parts.node_columns) add(table);
    for (const auto& table : *parts.relationship_columns) add(table);
    for (const auto& table : *parts.labels) add(table);
    for (const Index& index : *parts.indexes) {
      add(index.leaves);
    }
    return count;
  }

  std::shared_ptr<MemoryStore> store_;
  std::shared_ptr<StoredPages> loader_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<GraphStore> graph_;
  RandomWriter writer_{12};
};

TEST_F(CheckpointerTest, AVersionComesBackAndSupersededPagesGo) {
  for (int round = 0; round < 20; ++round) {
    change(200);
    const std::string before = dump(*graph_->current());
    const auto result = checkpointer_->write(*graph_->current());
    EXPECT_GT(result.pages_written, 0u);
    EXPECT_EQ(store_->pages.size(), referenced_pages());
    EXPECT_TRUE(store_->list_meta(kIntentPrefix).empty());
    if (round % 3 == 0) open();
    ASSERT_EQ(dump(*graph_->current()), before);
  }
}

TEST_F(CheckpointerTest, OnlyWhatChangedIsWritten) {
  change(2'000);
  const auto first = checkpointer_->write(*graph_->current());
  auto transaction = graph_->begin();
  std::vector<uint32_t> nodes;
  transaction->view().scan_nodes(0, 1, nodes);
  transaction->set_property(NodeId(nodes.at(0)), transaction->key("key1"), Value(1));
  graph_->commit(std::move(transaction));
  const auto second = checkpointer_->write(*graph_->current());
  EXPECT_GT(first.pages_written, 10u);
  EXPECT_EQ(second.pages_written, 1u);
  EXPECT_EQ(second.pages_deleted, 1u);
  EXPECT_EQ(checkpointer_->write(*graph_->current()).pages_written, 0u);
}

TEST_F(CheckpointerTest, AnOlderVersionDoesNotReplaceANewerOne) {
  change(100);
  const SnapshotPtr old = graph_->current();
  change(100);
  checkpointer_->write(*graph_->current());
  EXPECT_EQ(checkpointer_->write(*old).pages_written, 0u);
  EXPECT_EQ(checkpointer_->stored_version(), 2u);
}

/// Pages of a dropped index are superseded although nobody has read them.
TEST_F(CheckpointerTest, ASnapshotThatHasNotReadItsPagesKeepsThem) {
  change(500);
  checkpointer_->write(*graph_->current());
  const std::string before = dump(*graph_->current());
  open();
  SnapshotPtr old = graph_->current();
  drop_index();
  checkpointer_->write(*graph_->current());
  EXPECT_TRUE(store_->meta.contains(std::string(kGarbageRecord)));
  EXPECT_GT(store_->pages.size(), referenced_pages());
  change(1);
  checkpointer_->write(*graph_->current());
  EXPECT_EQ(dump(*old), before);
  old.reset();
  change(1);
  checkpointer_->write(*graph_->current());
  EXPECT_EQ(store_->pages.size(), referenced_pages());
  EXPECT_FALSE(store_->meta.contains(std::string(kGarbageRecord)));
}

TEST_F(CheckpointerTest, GarbageOfACrashedProcessGoesAtOpening) {
  change(500);
  checkpointer_->write(*graph_->current());
  open();
  const SnapshotPtr old = graph_->current();
  drop_index();
  checkpointer_->write(*graph_->current());
  ASSERT_GT(store_->pages.size(), referenced_pages());
  open();
  EXPECT_EQ(store_->pages.size(), referenced_pages());
}

/// At each of its writes a checkpoint may fail, or the process may end.
class InterruptedCheckpointTest : public CheckpointerTest {
 protected:
  InterruptedCheckpointTest() {
    auto transaction = graph_->begin();
    transaction->bulk_nodes({}, 4 * kColumnPageSize);
    fill(std::move(transaction), 'x');
    checkpointer_->write(*graph_->current());
    pages_ = store_->pages.size();
    before_ = dump(*graph_->current());
  }

  /// Changes all pages of a column whose pages are written one by one.
  void fill(std::unique_ptr<Transaction> transaction, char letter) {
    std::vector<Value> values;
    for (uint32_t i = 0; i < 4 * kColumnPageSize; ++i) {
      values.emplace_back(std::string(1'100, letter) + std::to_string(i));  // no two alike, which would take less
    }
    transaction->bulk_property(NodeId(0), transaction->key("text"), values);
    graph_->commit(std::move(transaction));
  }

  /// Writes a checkpoint that may do so many writes; gives whether it was enough.
  bool write_with(int writes) {
    store_->writes_left = writes;
    const std::string code = error_of([&] { checkpointer_->write(*graph_->current()); });
    store_->writes_left = 1'000'000;
    EXPECT_TRUE(code == "none" || code == "StorageError.IO") << code;
    return code == "none";
  }

  size_t pages_ = 0;
  std::string before_;
};

TEST_F(InterruptedCheckpointTest, ACrashLeavesTheOldVersionAndNoPages) {
  int writes = 0;
  for (;; ++writes) {
    fill(graph_->begin(), 'y');
    if (write_with(writes)) break;
    EXPECT_EQ(store_->pages.size() > pages_, writes > 0);
    open();
    ASSERT_EQ(dump(*graph_->current()), before_);
    ASSERT_EQ(store_->pages.size(), pages_);
  }
  EXPECT_EQ(writes, 5);  // four parts and the manifest
  open();
  EXPECT_NE(dump(*graph_->current()), before_);
  EXPECT_EQ(store_->pages.size(), pages_);
}

TEST_F(InterruptedCheckpointTest, AnErrorIsMadeGoodByTheNextCheckpoint) {
  fill(graph_->begin(), 'y');
  const std::string now = dump(*graph_->current());
  int writes = 0;
  while (!write_with(writes)) ++writes;
  EXPECT_EQ(writes, 6);  // what the failed ones left, four parts and the manifest
  EXPECT_EQ(store_->pages.size(), pages_);
  EXPECT_EQ(dump(*graph_->current()), now);
  open();
  EXPECT_EQ(dump(*graph_->current()), now);
}

}  // namespace
}  // namespace entente
