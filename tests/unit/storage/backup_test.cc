// Backups of a database that is being written, and databases made of them.
#include "entente/storage/backup.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "entente/storage/backup_file.h"
#include "entente/storage/graph_storage.h"
#include "storage_fixture.h"

namespace entente {
namespace {

class BackupTest : public testing::Test {
 protected:
  void change(GraphStorage& storage, int count) {
    auto transaction = storage.graph().begin();
    if (transaction->view().version() == 0) {
      const LabelId label = transaction->label("Label0");
      transaction->create_node(std::span(&label, 1));
    }
    writer_.change(*transaction, count);
    storage.graph().commit(std::move(transaction));
  }
  static std::string dump_of(const std::string& path) {
    OpenOptions options;
    options.create_if_missing = false;
    const auto storage = GraphStorage::open(path, options);
    return dump(*storage->graph().current());
  }
  static void flip_byte(const std::string& file, uint64_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get());
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 0x10));
  }

  const TempFolder folder_;
  const std::string path_ = folder_ / "db";
  const std::string backups_ = folder_ / "backups/of db";
  RandomWriter writer_{7};
};

TEST_F(BackupTest, EachRestoresTheVersionThatItWasMadeOf) {
  const auto storage = GraphStorage::open(path_);
  std::vector<std::string> dumps;
  for (uint32_t number = 1; number <= 4; ++number) {
    change(*storage, number == 1 ? 3'000 : 20);
    if (number != 3) storage->checkpoint();  // the third has a log
    change(*storage, 5);
    dumps.push_back(dump(*storage->graph().current()));
    const StoredBackup backup = back_up(path_, backups_);
    EXPECT_EQ(backup.number, number);
    EXPECT_EQ(backup.version, storage->graph().current()->version());
    EXPECT_EQ(backup.commits, number == 3 ? 3u : 1u);
    EXPECT_EQ(backup.new_pages == backup.pages, number == 1);
  }
  ASSERT_EQ(list_backups(backups_).size(), 4u);
  EXPECT_EQ(list_backups(backups_)[2].new_pages, 0u);  // nothing but the log
  for (uint32_t number = 1; number <= 4; ++number) {
    SCOPED_TRACE(number);
    EXPECT_EQ(verify_backup(backups_, number).number, number);
    const std::string restored = folder_ / ("restored" + std::to_string(number));
    restore_backup(backups_, restored, number);
    EXPECT_EQ(dump_of(restored), dumps[number - 1]);
  }
  restore_backup(backups_, folder_ / "last");
  EXPECT_EQ(dump_of(folder_ / "last"), dumps.back());
}

TEST_F(BackupTest, ARestoredDatabaseIsWrittenAndBackedUpFurther) {
  {
    const auto storage = GraphStorage::open(path_);
    for (int i = 0; i < 5; ++i) change(*storage, 200);
  }
  back_up(path_, backups_);
  restore_backup(backups_, folder_ / "other");
  std::string original;
  std::string other;
  {
    const auto storage = GraphStorage::open(path_);
    change(*storage, 100);
    original = dump(*storage->graph().current());
  }
  back_up(path_, backups_);
  {  // its pages get the same keys as those of the original, and are others
    const auto storage = GraphStorage::open(folder_ / "other");
    change(*storage, 100);
    other = dump(*storage->graph().current());
  }
  back_up(folder_ / "other", backups_);
  ASSERT_NE(original, other);
  restore_backup(backups_, folder_ / "r2", 2);
  restore_backup(backups_, folder_ / "r3", 3);
  EXPECT_EQ(dump_of(folder_ / "r2"), original);
  EXPECT_EQ(dump_of(folder_ / "r3"), other);
}

TEST_F(BackupTest, AreMadeWhileTheDatabaseIsWritten) {
  OpenOptions options;
  options.checkpoint_commits = 7;
  const auto storage = GraphStorage::open(path_, options);
  change(*storage, 500);
  std::atomic<bool> stop{false};
  std::thread writing([&] {
    while (!stop) change(*storage, 20);
  });
  for (int i = 0; i < 10; ++i) {
    const uint64_t before = storage->graph().current()->version();
    const StoredBackup backup = back_up(path_, backups_);
    EXPECT_GE(backup.version, before);
  }
  stop = true;
  writing.join();
  for (uint32_t number = 1; number <= 10; ++number) {
    const StoredBackup backup = verify_backup(backups_, number);
    const std::string restored = folder_ / ("restored" + std::to_string(number));
    restore_backup(backups_, restored, number);
    EXPECT_EQ(GraphStorage::open(restored)->graph().current()->version(), backup.version);
  }
}

TEST_F(BackupTest, DamageIsFoundAndDoesNotSpread) {
  const auto storage = GraphStorage::open(path_);
  change(*storage, 1'000);
  storage->checkpoint();
  const StoredBackup first = back_up(path_, backups_);
  const std::string file = backup_file_name(backups_, 1);
  for (uint64_t at = 0; at < first.bytes; at += 1 + first.bytes / 97) {
    flip_byte(file, at);
    EXPECT_EQ(error_of([&] { verify_backup(backups_); }), "StorageError.Corrupt") << "byte " << at;
    flip_byte(file, at);
  }
  EXPECT_EQ(verify_backup(backups_).number, 1u);
  std::filesystem::resize_file(file, first.bytes - 1);
  EXPECT_EQ(error_of([&] { restore_backup(backups_, folder_ / "r"); }), "StorageError.Corrupt");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "r"));
  // The next one stands by itself.
  const StoredBackup second = back_up(path_, backups_);
  EXPECT_EQ(second.new_pages, second.pages);
  restore_backup(backups_, folder_ / "r");
  EXPECT_EQ(dump_of(folder_ / "r"), dump(*storage->graph().current()));
}

TEST_F(BackupTest, SaysWhatItCannotDo) {
  EXPECT_EQ(error_of([&] { back_up(path_, backups_); }), "StorageError.NotFound");
  EXPECT_EQ(error_of([&] { verify_backup(backups_); }), "StorageError.NotFound");
  EXPECT_TRUE(list_backups(backups_).empty());
  {
    const auto storage = GraphStorage::open(path_);
    change(*storage, 10);
  }
  back_up(path_, backups_);
  EXPECT_EQ(error_of([&] { restore_backup(backups_, path_); }), "StorageError.Exists");
  EXPECT_EQ(error_of([&] { restore_backup(backups_, folder_ / "new", 9); }), "StorageError.NotFound");
  std::ofstream(folder_ / "file") << "text";
  EXPECT_EQ(error_of([&] { restore_backup(backups_, folder_ / "file"); }), "StorageError.Exists");
}

}  // namespace
}  // namespace entente
