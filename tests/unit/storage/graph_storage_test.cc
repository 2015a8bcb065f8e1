#include "entente/storage/graph_storage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "entente/storage/commit_mark.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/log_codec.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/rocks_store.h"
#include "storage_fixture.h"

namespace entente {
namespace {

/// Not synced, for speed.
OpenOptions no_checkpoints() {
  OpenOptions options;
  options.durability = Durability::Buffered;
  options.checkpoint_log_bytes = 0;
  options.checkpoint_commits = 0;
  options.checkpoint_on_close = false;
  return options;
}

OpenOptions synced() {
  OpenOptions options = no_checkpoints();
  options.durability = Durability::Sync;
  return options;
}

OpenOptions read_only() {
  OpenOptions options;
  options.read_only = true;
  return options;
}

class GraphStorageTest : public testing::Test {
 protected:
  std::unique_ptr<GraphStorage> open(const OpenOptions& options = no_checkpoints()) {
    return GraphStorage::open(path_, options);
  }

  void change(GraphStorage& storage, int commits, int changes = 20) {
    for (int i = 0; i < commits; ++i) {
      auto transaction = storage.graph().begin();
      if (transaction->view().indexes().empty()) {
        transaction->create_index("i", transaction->label("Label0"), transaction->key("key0"), false);
      }
      writer_.change(*transaction, changes);
      storage.graph().commit(std::move(transaction));
    }
  }

  /// The database's records, by themselves.
  std::shared_ptr<RocksStore> records() { return RocksStore::open(path_ + "/rocksdb", RocksStore::Mode::Write); }

  void replace_commit(uint64_t commit, const std::string& bytes) {
    auto store = records();
    store->append_log(std::vector<PageStore::LogRecord>{{commit, bytes}}, true);
    store->close();
  }

  /// Forgets what was acknowledged, as a crash of the machine may.
  void remove_mark() { std::filesystem::resize_file(path_ + "/COMMITTED.entente", 0); }

  const TempFolder folder_;
  const std::string path_ = folder_ / "db";
  RandomWriter writer_{21};
};

std::string now(GraphStorage& storage) { return dump(*storage.graph().current()); }

// ---- what is written lasts ----

TEST_F(GraphStorageTest, ANewDatabaseIsEmptyAndStaysSo) {
  const std::string empty = dump({});
  for (int round = 0; round < 3; ++round) {
    const auto storage = open();
    EXPECT_EQ(now(*storage), empty);
    EXPECT_EQ(storage->info().format, kFormatVersion);
  }
}

TEST_F(GraphStorageTest, CommitsComeBackFromTheLog) {
  std::string before;
  {
    const auto storage = open(synced());
    change(*storage, 30);
    before = now(*storage);
    EXPECT_EQ(storage->info().log_commits, 30u);
  }
  const auto storage = open();
  EXPECT_EQ(now(*storage), before);
  EXPECT_EQ(storage->info().replayed, 30u);
  EXPECT_EQ(storage->info().stored_version, 0u);
}

TEST_F(GraphStorageTest, PagesWithinABudgetOfMemoryAreWhatTheyWere) {
  constexpr uint32_t kNodes = 200'000;
  std::vector<std::pair<NodeId, NodeId>> ends;
  for (uint32_t i = 0; i < 4 * kNodes; ++i) ends.emplace_back(i * 7 % kNodes, i * 31'337u % kNodes);
  const auto storage = open();
  auto transaction = storage->graph().begin();
  const KeyId key = transaction->key("x");
  for (uint32_t i = 0; i < kNodes; ++i) {
    transaction->set_property(transaction->create_node({}), key,
                              i % 3 == 0 ? Value("text " + std::to_string(i)) : Value(int64_t{i} * i));
  }
  transaction->bulk_relationships(transaction->type("T"), ends);
  storage->graph().commit(std::move(transaction));
  const std::string before = now(*storage);
  storage->checkpoint();
  storage->close();

  OpenOptions options = no_checkpoints();
  options.page_memory = size_t{1} << 20;
  options.page_folder = path_;
  {
    const auto within = open(options);
    EXPECT_EQ(now(*within), before);
    EXPECT_EQ(now(*within), before);  // of pages that were given back
    change(*within, 3);
  }
  const auto again = open(options);
  const std::string after = now(*again);
  EXPECT_NE(after, before);
  again->close();
  EXPECT_EQ(now(*open()), after);
}

TEST_F(GraphStorageTest, ThePagesOfAnIllegibleFolderAreRefused) {
  change(*open(), 1);
  OpenOptions options;
  options.page_memory = 1;
  options.page_folder = folder_ / "nowhere";
  EXPECT_EQ(error_of([&] { open(options); }), "StorageError.PageMemory");
  EXPECT_EQ(open()->graph().current()->version(), 1u);
}

TEST_F(GraphStorageTest, ReopeningGivesTheSameGraphWhereverTheCheckpointsFall) {
  std::string before = dump({});
  for (int round = 0; round < 12; ++round) {
    OpenOptions options = no_checkpoints();
    options.checkpoint_on_close = round % 4 == 3;
    const auto storage = open(options);
    ASSERT_EQ(now(*storage), before) << "round " << round;
    change(*storage, 5);
    if (round % 3 == 0) storage->checkpoint();
    change(*storage, round % 2);
    before = now(*storage);
    storage->close();
  }
}

TEST_F(GraphStorageTest, ACheckpointTakesTheLogAway) {
  auto storage = open();
  change(*storage, 10);
  storage->checkpoint();
  EXPECT_EQ(storage->info().stored_version, 10u);
  EXPECT_EQ(storage->info().log_commits, 0u);
  const std::string before = now(*storage);
  storage->close();
  storage = open();
  EXPECT_EQ(storage->info().replayed, 0u);
  EXPECT_EQ(now(*storage), before);
}

TEST_F(GraphStorageTest, SomeOfTheLogIsKeptForFollowers) {
  const auto oldest = [&] {
    uint64_t first = 0;
    const auto store = records();
    store->read_log(0, [&](uint64_t commit, std::string_view) { return first = commit, false; });
    store->close();
    return first;
  };
  auto storage = open();
  for (int i = 0; i < 5; ++i) {
    change(*storage, 4);
    storage->checkpoint();
  }
  storage->close();
  EXPECT_EQ(oldest(), 1u);
  storage = open();
  for (int i = 0; i < 7; ++i) {
    auto transaction = storage->graph().begin();
    transaction->set_property(transaction->create_node({}), transaction->key("text"),
                              Value(std::string(1'000'000, 'x')));
    storage->graph().commit(std::move(transaction));
    storage->checkpoint();
  }
  storage->close();
  EXPECT_EQ(oldest(), 23u);  // of 27; 23 to 26 are less than 4 MiB
}

TEST_F(GraphStorageTest, ClosingWritesACheckpointUnlessToldNotTo) {
  change(*open({}), 3);
  const auto storage = open();
  EXPECT_EQ(storage->info().replayed, 0u);
  EXPECT_EQ(storage->info().stored_version, 3u);
}

TEST_F(GraphStorageTest, ManyCommitsBringABackgroundCheckpoint) {
  OpenOptions options;
  options.checkpoint_commits = 10;
  const auto storage = open(options);
  change(*storage, 25);
  for (int i = 0; i < 500 && storage->info().checkpoints == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_GE(storage->info().stored_version, 10u);
}

TEST_F(GraphStorageTest, ManyBytesBringABackgroundCheckpoint) {
  OpenOptions options;
  options.checkpoint_log_bytes = 10'000;
  const auto storage = open(options);
  auto transaction = storage->graph().begin();
  const NodeId node = transaction->create_node({});
  transaction->set_property(node, transaction->key("text"), Value(std::string(20'000, 'x')));
  storage->graph().commit(std::move(transaction));
  for (int i = 0; i < 500 && storage->info().checkpoints == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(storage->info().stored_version, 1u);
}

TEST_F(GraphStorageTest, ABulkLoadIsStoredWhole) {
  std::string before;
  {
    const auto storage = open();
    change(*storage, 3);
    auto transaction = storage->graph().begin();
    const LabelId label = transaction->label("Bulk");
    const TypeId type = transaction->type("NEXT");
    const NodeId first = transaction->bulk_nodes(std::span(&label, 1), 10'000);
    std::vector<std::pair<NodeId, NodeId>> ends;
    for (uint32_t i = 0; i < 40'000; ++i)
      ends.emplace_back(NodeId(first.value + i % 20), NodeId(first.value + i * 7 % 10'000));
    transaction->bulk_relationships(type, ends);
    EXPECT_EQ(storage->graph().commit(std::move(transaction)), 4u);
    EXPECT_EQ(storage->info().stored_version, 4u);
    change(*storage, 2);
    before = now(*storage);
  }
  const auto storage = open();
  EXPECT_EQ(storage->info().replayed, 2u);
  EXPECT_EQ(now(*storage), before);
}

TEST_F(GraphStorageTest, BufferedCommitsSurviveTheEndOfTheProcess) {
  const OpenOptions options = no_checkpoints();
  ASSERT_EQ(options.durability, Durability::Buffered);
  std::string before;
  {
    const auto storage = open(options);
    change(*storage, 20);
    before = now(*storage);
  }
  EXPECT_EQ(now(*open(options)), before);
}

TEST_F(GraphStorageTest, WritersOfManyThreadsAllLast) {
  {
    OpenOptions options;
    options.checkpoint_commits = 7;
    const auto storage = open(options);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          auto transaction = storage->graph().begin();
          transaction->create_node({});
          storage->graph().commit(std::move(transaction));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    storage->close();
  }
  const auto storage = open();
  EXPECT_EQ(storage->graph().current()->node_count(), 100u);
  EXPECT_EQ(storage->graph().current()->version(), 100u);
}

TEST_F(GraphStorageTest, ASnapshotFromBeforeCheckpointsStillReadsItsPages) {
  {
    const auto storage = open();
    change(*storage, 20);
    storage->checkpoint();
  }
  const auto storage = open();
  const SnapshotPtr old = storage->graph().current();
  std::string before;
  {
    const auto reader = open(read_only());
    before = now(*reader);
  }
  for (int i = 0; i < 3; ++i) {
    change(*storage, 5);
    storage->checkpoint();
  }
  EXPECT_EQ(dump(*old), before);
}

TEST_F(GraphStorageTest, AfterClosingCommitsAndUnreadPagesAreRefused) {
  {
    const auto storage = open();
    change(*storage, 5);
    storage->checkpoint();
  }
  auto storage = open();
  const SnapshotPtr snapshot = storage->graph().current();
  auto transaction = storage->graph().begin();
  transaction->label("Unheard");
  storage->close();
  storage->close();
  EXPECT_EQ(error_of([&] { storage->graph().commit(std::move(transaction)); }), "StorageError.Closed");
  EXPECT_EQ(error_of([&] { storage->checkpoint(); }), "StorageError.Closed");
  EXPECT_EQ(error_of([&] { dump(*snapshot); }), "StorageError.Closed");
  storage.reset();
  EXPECT_EQ(error_of([&] { dump(*snapshot); }), "StorageError.Closed");
  EXPECT_EQ(now(*open()).empty(), false);
}

// ---- who may open ----

TEST_F(GraphStorageTest, ASecondWriterIsToldWhoTheFirstIs) {
  auto storage = open();
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "LockError.Locked");
  EXPECT_NE(message.find("pid " + std::to_string(getpid())), std::string::npos) << message;
  storage->close();
  open();
}

TEST_F(GraphStorageTest, AReaderBesideTheWriterReplaysTheLogAndMayNotCommit) {
  const auto storage = open();
  change(*storage, 5);
  storage->checkpoint();
  change(*storage, 5);
  const std::string before = now(*storage);
  const auto reader = open(read_only());
  EXPECT_EQ(now(*reader), before);
  EXPECT_EQ(reader->info().replayed, 5u);
  change(*storage, 5);
  storage->checkpoint();
  EXPECT_EQ(now(*reader), before);
  EXPECT_EQ(error_of([&] { change(*reader, 1); }), "StorageError.ReadOnly");
  EXPECT_EQ(error_of([&] { reader->checkpoint(); }), "StorageError.ReadOnly");
  EXPECT_EQ(now(*reader), before);
  EXPECT_EQ(now(*open(read_only())), now(*storage));
}

TEST_F(GraphStorageTest, ReadersBesideABusyWriterAlwaysSeeAWholeVersion) {
  OpenOptions options;
  options.checkpoint_commits = 5;
  const auto storage = open(options);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) {
      auto transaction = storage->graph().begin();
      const NodeId a = transaction->create_node({});
      const NodeId b = transaction->create_node({});
      transaction->create_relationship(transaction->type("T"), a, b);
      storage->graph().commit(std::move(transaction));
    }
  });
  uint64_t last = 0;
  for (int i = 0; i < 15; ++i) {
    const auto reader = open(read_only());
    const SnapshotPtr snapshot = reader->graph().current();
    EXPECT_GE(snapshot->version(), last);
    last = snapshot->version();
    EXPECT_EQ(snapshot->node_count(), 2 * last);
    EXPECT_EQ(snapshot->relationship_count(), last);
    EXPECT_FALSE(dump(*snapshot).empty());
  }
  stop = true;
  writer.join();
}

TEST_F(GraphStorageTest, WhatIsNotThereIsNotCreatedUnlessWanted) {
  OpenOptions options;
  options.create_if_missing = false;
  EXPECT_EQ(error_of([&] { open(options); }), "StorageError.NotFound");
  EXPECT_EQ(error_of([&] { open(read_only()); }), "StorageError.NotFound");
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(error_of([&] { GraphStorage::open(""); }), "StorageError.NotFound");
}

TEST_F(GraphStorageTest, APathThatIsNoDatabaseIsLeftAlone) {
  std::filesystem::create_directory(path_);
  std::ofstream(path_ + "/letter.txt") << "text";
  EXPECT_EQ(error_of([&] { open(); }), "StorageError.NotADatabase");
  EXPECT_EQ(error_of([&] { open(read_only()); }), "StorageError.NotADatabase");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path_), {}), 1);
  EXPECT_EQ(error_of([&] { GraphStorage::open(path_ + "/letter.txt"); }), "StorageError.NotADatabase");
}

TEST_F(GraphStorageTest, ReadingOnlyChangesNoFile) {
  { change(*open(), 3); }
  const auto listing = [&] {
    std::map<std::string, uint64_t> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      if (entry.is_regular_file()) files[entry.path().string()] = entry.file_size();
    }
    return files;
  };
  const auto before = listing();
  { now(*open(read_only())); }
  EXPECT_EQ(listing(), before);
}

TEST_F(GraphStorageTest, CreationThatWasInterruptedIsFinished) {
  { open(); }
  std::filesystem::remove(path_ + "/COMMITTED.entente");
  std::filesystem::remove_all(path_ + "/rocksdb");
  std::filesystem::create_directory(path_ + "/rocksdb");
  EXPECT_EQ(error_of([&] { open(read_only()); }), "StorageError.NotFound");
  change(*open(), 2);
  EXPECT_EQ(open()->graph().current()->version(), 2u);
}

TEST_F(GraphStorageTest, ANewerFormatIsRefusedAndBothVersionsAreNamed) {
  { open(); }
  auto store = records();
  store->commit({.put_meta = {{std::string(kFormatRecord), encode_format(99)}}});
  store->close();
  for (const bool reading : {false, true}) {
    std::string message;
    EXPECT_EQ(error_of([&] { open(reading ? read_only() : no_checkpoints()); }, &message),
              "StorageError.FormatVersion");
    EXPECT_NE(message.find("99"), std::string::npos) << message;
    EXPECT_NE(message.find("up to " + std::to_string(kFormatVersion)), std::string::npos) << message;
  }
}

// ---- damage ----

TEST_F(GraphStorageTest, ADamagedRecordAmongOthersIsNamed) {
  { change(*open(synced()), 9); }
  replace_commit(4, "no record");
  for (const bool marked : {true, false}) {
    if (!marked) remove_mark();
    std::string message;
    EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.Corrupt");
    EXPECT_NE(message.find("commit 4"), std::string::npos) << message;
    EXPECT_EQ(error_of([&] { open(read_only()); }), "StorageError.Corrupt");
  }
  OpenOptions options = no_checkpoints();
  options.accept_lost_commits = true;
  EXPECT_EQ(open(options)->graph().current()->version(), 3u);
  change(*open(), 1);
  EXPECT_EQ(open()->graph().current()->version(), 4u);
}

TEST_F(GraphStorageTest, AnAcknowledgedRecordAtTheEndIsMissed) {
  { change(*open(synced()), 9); }
  replace_commit(9, "no record");
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("commit 9"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, ARecordAtTheEndThatWasNeverAcknowledgedIsDropped) {
  {
    const auto storage = open();
    change(*storage, 9);
  }
  replace_commit(10, "torn");
  EXPECT_EQ(open(read_only())->info().dropped, 1u);
  {
    const auto storage = open();
    EXPECT_EQ(storage->graph().current()->version(), 9u);
    EXPECT_EQ(storage->info().dropped, 1u);
    change(*storage, 3);
  }
  const auto storage = open();
  EXPECT_EQ(storage->graph().current()->version(), 12u);
  EXPECT_EQ(storage->info().dropped, 0u);
}

TEST_F(GraphStorageTest, AGapInTheLogIsNamed) {
  { change(*open(), 9); }
  remove_mark();
  replace_commit(12, encode_commit(12, {}));
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("commit 10"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, ARecordThatDoesNotFitItsVersionIsNamed) {
  { change(*open(), 3); }
  ChangeSet changes;
  changes.changes.emplace_back().kind = Change::Kind::DeleteNode;
  changes.changes.back().id = 123'456;
  replace_commit(4, encode_commit(4, changes));
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("commit 4"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, ALostEndOfTheLogIsNotSilent) {
  { change(*open(synced()), 9); }
  auto store = records();
  store->commit({.drop_log_from = 7});
  store->close();
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.LostCommits");
  EXPECT_NE(message.find("up to 6"), std::string::npos) << message;
  EXPECT_NE(message.find("up to 9"), std::string::npos) << message;
  EXPECT_EQ(error_of([&] { open(read_only()); }), "StorageError.LostCommits");
  OpenOptions options = no_checkpoints();
  options.accept_lost_commits = true;
  EXPECT_EQ(open(options)->graph().current()->version(), 6u);
  EXPECT_EQ(open()->graph().current()->version(), 6u);
}

/// RocksDB itself would drop everything behind the byte without a word.
TEST_F(GraphStorageTest, AFlippedByteInTheWriteAheadLogIsNotSilent) {
  { open(); }
  const std::string copy = folder_ / "copy";
  {
    const auto storage = open(synced());
    change(*storage, 50);
    std::filesystem::copy(path_, copy, std::filesystem::copy_options::recursive);  // as the files are after a crash
  }
  std::string log;
  for (const auto& entry : std::filesystem::directory_iterator(copy + "/rocksdb")) {
    if (entry.path().extension() == ".log" && entry.file_size() > 5'000) log = entry.path().string();
  }
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(GraphStorage::open(copy, read_only())->graph().current()->version(), 50u);
  std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(2'000);
  const int byte = file.get();
  file.seekp(2'000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  for (int round = 0; round < 2; ++round) {  // the refusal destroys nothing
    EXPECT_EQ(error_of([&] { GraphStorage::open(copy, no_checkpoints()); }), "StorageError.LostCommits");
  }
  OpenOptions options = no_checkpoints();
  options.accept_lost_commits = true;
  EXPECT_LT(GraphStorage::open(copy, options)->graph().current()->version(), 50u);
}

TEST_F(GraphStorageTest, MissingDatabaseFilesAreNotReplacedByAnEmptyGraph) {
  change(*open({}), 5);
  std::filesystem::remove(path_ + "/rocksdb/CURRENT");
  EXPECT_EQ(error_of([&] { open(); }), "StorageError.Corrupt");
  EXPECT_FALSE(std::filesystem::exists(path_ + "/rocksdb/CURRENT"));
}

TEST_F(GraphStorageTest, ADamagedPageIsNamedWhenItIsTouched) {
  change(*open({}), 20);
  auto store = records();
  const PageKey key{PageKind::Nodes, 0, 0, 1};
  std::optional<AlignedBytes> record = store->get_page(key);
  ASSERT_TRUE(record);
  std::string bytes(record->view());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  store->put_pages(std::vector<PageStore::PageRecord>{{key, bytes}}, {"unused", ""});
  store->close();
  const auto storage = open();
  std::string message;
  EXPECT_EQ(error_of([&] { storage->graph().current()->has_node(NodeId(0)); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("page 0 of nodes 0 (epoch 1)"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, AMissingPageIsNamedWhenItIsTouched) {
  change(*open({}), 20);
  auto store = records();
  store->commit({.delete_pages = {{PageKind::Nodes, 0, 0, 1}}});
  store->close();
  const auto storage = open();
  std::string message;
  EXPECT_EQ(error_of([&] { storage->graph().current()->has_node(NodeId(0)); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("page 0 of nodes 0"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, ADamagedListOfLeftoversIsNamed) {
  change(*open({}), 20);
  auto store = records();
  store->commit({.put_meta = {{intent_record(9, 0), "no list"}}});
  store->close();
  std::string message;
  EXPECT_EQ(error_of([&] { open(); }, &message), "StorageError.Corrupt");
  EXPECT_NE(message.find("the record intent"), std::string::npos) << message;
}

TEST_F(GraphStorageTest, AFullDiskStopsWritingAndNotReading) {
  { change(*open(), 5); }
  OpenOptions options = no_checkpoints();
  options.min_free_bytes = ~uint64_t{0};
  const auto storage = open(options);
  const std::string before = now(*storage);
  EXPECT_EQ(error_of([&] { change(*storage, 1); }), "StorageError.DiskFull");
  EXPECT_EQ(error_of([&] { storage->checkpoint(); }), "StorageError.DiskFull");
  EXPECT_EQ(now(*storage), before);
}

TEST_F(GraphStorageTest, WhatAFailedBackgroundCheckpointSaidIsThrownByClose) {
  { change(*open(), 5); }
  OpenOptions options = no_checkpoints();
  options.checkpoint_commits = 1;  // the log that is there calls for a checkpoint at once
  options.min_free_bytes = uint64_t{1} << 62;
  const auto storage = open(options);
  for (int i = 0; i < 500 && storage->info().failed_checkpoints == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(error_of([&] { storage->close(); }), "StorageError.DiskFull");
  EXPECT_EQ(open()->graph().current()->version(), 5u);
}

}  // namespace
}  // namespace entente
