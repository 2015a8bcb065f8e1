// Opening never lies: whatever is done to a file, a database either opens with all that was acknowledged, or says what
// is wrong; and a refusal destroys nothing.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "../rounds.h"
#include "entente/storage/graph_storage.h"
#include "storage_fixture.h"

namespace entente {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kFlips = 1'500;  // in the deep run, over all files

class OpenDamageTest : public testing::Test {
 protected:
  /// A database as a crash leaves it: checkpoints and a log behind them, nothing closed.
  OpenDamageTest() {
    OpenOptions options;
    options.checkpoint_on_close = false;
    const auto storage = GraphStorage::open(original_, options);
    RandomWriter writer(5);
    for (int i = 0; i < 24; ++i) {
      auto tx = storage->graph().begin();
      if (i == 0) tx->create_index("i", tx->label("Label0"), tx->key("key0"), false);
      writer.change(*tx, 60);
      storage->graph().commit(std::move(tx));
      if (i % 8 == 7 && i < 20) storage->checkpoint();
    }
    expected_ = dump(*storage->graph().current());
    copy_as_crashed(original_, crashed_);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(crashed_)) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), crashed_));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  static std::string open_and_dump(const std::string& path) {
    const auto storage = GraphStorage::open(path);
    return dump(*storage->graph().current());
  }

  struct Damage {
    std::string name;  // of the file
    std::string what;
    std::function<void(const fs::path&)> make;
  };

  /// Does so much damage, each to the whole, on all processors.
  void try_all(const std::vector<Damage>& damages) {
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([&, copy = copy_ + std::to_string(i)] {
        try {
          for (size_t n; (n = next++) < damages.size() && !HasFailure();) try_damage(damages[n], copy);
        } catch (const std::exception& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  /// Damages one file of a copy and opens that for writing; then mends the file again.
  void try_damage(const Damage& damage, const std::string& copy) {
    const std::string& name = damage.name;
    SCOPED_TRACE(name + " " + damage.what);
    fs::remove_all(copy);
    fs::copy(crashed_, copy, fs::copy_options::recursive);
    damage.make(fs::path(copy) / name);
    std::string message;
    bool refused = false;
    try {
      ASSERT_EQ(open_and_dump(copy), expected_);
    } catch (const Error& error) {
      refused = true;
      EXPECT_EQ(error.kind(), "StorageError") << error.what();
    }
    ++(refused ? refused_ : survived_);
    if (!refused) return;
    // What was refused is whole once the file is mended.
    fs::copy_file(fs::path(crashed_) / name, fs::path(copy) / name, fs::copy_options::overwrite_existing);
    ASSERT_EQ(open_and_dump(copy), expected_);
  }

  static void flip(const fs::path& path, uintmax_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 0x20);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }

  void tell_tried(const std::string& what) const {
    if (!HasFailure()) tell(what, {uint64_t(refused_ + survived_), uint64_t(survived_), uint64_t(refused_)});
  }

  const FaultFolderOnDisk folder_;
  const std::string original_ = folder_ / "original";
  const std::string crashed_ = original_ + "-crashed";
  const std::string copy_ = original_ + "-copy";
  std::string expected_;
  std::atomic<int> refused_{0};
  std::atomic<int> survived_{0};
};

TEST_F(OpenDamageTest, TheCrashedDatabaseIsWhole) {
  fs::copy(crashed_, copy_, fs::copy_options::recursive);
  EXPECT_EQ(open_and_dump(copy_), expected_);
}

TEST_F(OpenDamageTest, AMissingFileIsNamedOrNotNeeded) {
  std::vector<Damage> damages;
  for (const std::string& name : files()) {
    damages.push_back({name, "removed", [](const fs::path& path) { fs::remove(path); }});
  }
  try_all(damages);
  EXPECT_GE(refused_, 3);
  tell_tried("a file missing");
}

TEST_F(OpenDamageTest, ATruncatedFileIsNoticed) {
  std::vector<Damage> damages;
  for (const std::string& name : files()) {
    const uintmax_t size = fs::file_size(fs::path(crashed_) / name);
    for (const uintmax_t left : {size / 4, size / 2, size - std::min<uintmax_t>(size, 1)}) {
      if (left == size) continue;
      damages.push_back(
          {name, "cut to " + std::to_string(left), [left](const fs::path& path) { fs::resize_file(path, left); }});
    }
  }
  try_all(damages);
  EXPECT_GT(refused_, 3);
  tell_tried("a file cut off");
}

TEST_F(OpenDamageTest, AFlippedByteIsNoticed) {
  uintmax_t bytes = 0;
  for (const std::string& name : files()) bytes += fs::file_size(fs::path(crashed_) / name);
  const uintmax_t step = std::max<uintmax_t>(1, bytes / kFlips);
  std::vector<Damage> damages;
  uintmax_t next = 0;  // of the bytes of this and the files behind it
  for (const std::string& name : files()) {
    const uintmax_t size = fs::file_size(fs::path(crashed_) / name);
    std::vector<uintmax_t> places;
    if (!runs_deep()) {
      for (int part = 0; part < 5 && size > 0; ++part) places.push_back((size - 1) * static_cast<uintmax_t>(part) / 4);
    } else {
      for (; next < size; next += step) places.push_back(next);
      next -= size;
    }
    for (const uintmax_t at : places) {
      damages.push_back({name, "flipped at " + std::to_string(at), [at](const fs::path& path) { flip(path, at); }});
    }
  }
  try_all(damages);
  EXPECT_GT(refused_, 3);
  tell_tried(runs_deep() ? "one in " + std::to_string(step) + " bytes flipped" : "a byte flipped");
}

}  // namespace
}  // namespace entente
