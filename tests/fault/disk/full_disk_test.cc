// A real disk that is full: a small one in memory, mounted where only this process sees it.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <fstream>
#include <string>

#include "../rounds.h"
#include "entente/storage/check.h"
#include "entente/storage/graph_storage.h"
#include "script.h"

namespace entente {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

/// Mounts such a disk of 160 MiB over a folder; for this process alone.
bool mount_small_disk(const std::string& folder) {
  return unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("entente_small", folder.c_str(), "tmpfs", 0, "size=160m") == 0;
}

uint64_t bytes_left(const std::string& folder) {
  struct statvfs space = {};
  return statvfs(folder.c_str(), &space) == 0 ? uint64_t{space.f_bavail} * space.f_frsize : 0;
}

/// Writes a file until so many bytes are left.
void fill(const std::string& folder, uint64_t left) {
  std::ofstream file(folder + "/other");
  const std::string block(4096, 'x');
  while (bytes_left(folder) > left && file.write(block.data(), 4096).flush()) {
  }
}

class FullDisk {
 public:
  explicit FullDisk(const std::string& folder) : folder_(folder) {}

  /// With so many bytes kept free: commits are refused while the disk is full and nothing else changes.
  void run(uint64_t min_free_bytes) {
    options_.min_free_bytes = min_free_bytes;
    options_.checkpoint_commits = 4;
    storage_ = GraphStorage::open(folder_ + "/db", options_);
    for (int i = 0; i < 6; ++i) ASSERT_EQ(write(), "");
    fill(folder_, min_free_bytes / 2);
    int refused = 0;
    for (int i = 0; i < 200 && refused < 5; ++i) {  // what is allocated already may take some
      const std::string code = write();
      EXPECT_TRUE(code.empty() || code == "StorageError.DiskFull") << code;
      refused += code.empty() ? 0 : 1;
      expect_reads();
    }
    // Without a reserve, what RocksDB frees when it goes on may be enough for all further ones.
    EXPECT_GE(refused, min_free_bytes > 0 ? 5 : 1);
    EXPECT_NO_THROW(GraphStorage::read_version(folder_ + "/db"));
    std::filesystem::remove(folder_ + "/other");
    write();  // may tell what a checkpoint in the background said meanwhile
    ASSERT_EQ(write(), "") << "there is space again";
    storage_->checkpoint();
    expect_reads();
    storage_->close();
    storage_.reset();
    const CheckReport report = check_database(folder_ + "/db");
    EXPECT_EQ(report.findings.count, 0u) << report.findings.texts.at(0);
    const SnapshotPtr stored = GraphStorage::read_version(folder_ + "/db").snapshot;
    EXPECT_EQ(record_.compare(*stored, record_.acknowledged()), "");
  }

 private:
  std::string write() {
    try {
      auto transaction = storage_->graph().begin();
      const auto [commit, attempt] = make_step(*transaction, record_);
      storage_->graph().commit(std::move(transaction));
      record_.acknowledge(commit, attempt);
      return {};
    } catch (const Error& error) {
      return error.code();
    }
  }
  void expect_reads() {
    const SnapshotPtr current = storage_->graph().current();
    EXPECT_EQ(current->version(), record_.acknowledged());
    EXPECT_EQ(record_.compare(*current, record_.acknowledged()), "");
  }

  const std::string folder_;
  OpenOptions options_;
  std::unique_ptr<GraphStorage> storage_;
  Record record_;
};

TEST(FullDisk, ReadingGoesOnAndWritingWhenThereIsSpaceAgain) {
  const FaultFolderOnDisk folder;
  int skipped[2];
  ASSERT_EQ(pipe(skipped), 0);
  const Tally tally = Rounds([&](uint64_t number) {
                        if (!mount_small_disk(folder.path())) {
                          EXPECT_EQ(::write(skipped[1], "x", 1), 1);
                          return Outcome::Survived;
                        }
                        FullDisk(folder.path()).run(number == 1 ? 64 * kMiB : 0);
                        return Outcome::Detected;
                      }).run(1, 1, 2);
  close(skipped[1]);
  char mark = 0;
  const bool could_mount = read(skipped[0], &mark, 1) == 0;
  close(skipped[0]);
  if (!could_mount) GTEST_SKIP() << "mounting is not possible here";
  if (!HasFailure()) tell("a small disk filled", tally);
}

}  // namespace
}  // namespace entente
