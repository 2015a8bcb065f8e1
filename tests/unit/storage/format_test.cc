// A database that a program of format version 2 made, kept as it was: tests/unit/storage/format-2. It has indexes with
// hash pages, deleted nodes and relationships, and two commits in its log alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "entente/storage/graph_storage.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/rocks_store.h"
#include "storage_fixture.h"

namespace entente {
namespace {

class FormatTwoTest : public testing::Test {
 protected:
  FormatTwoTest() {
    std::filesystem::copy(std::string(ENTENTE_SOURCE_DIR) + "/tests/unit/storage/format-2", path_,
                          std::filesystem::copy_options::recursive);
  }
  ~FormatTwoTest() override { std::filesystem::remove_all(path_); }

  static std::vector<uint32_t> found(const Snapshot& s, const char* label, const char* key, const Value& value) {
    std::vector<uint32_t> out;
    s.find_index(s.names().label(label), s.names().key(key))->find(value, out);
    return out;
  }

  static void expect_all_there(const Snapshot& s) {
    EXPECT_EQ(s.node_count(), 2'931u);
    EXPECT_EQ(s.relationship_count(), 8'316u);
    EXPECT_EQ(found(s, "Event", "year", 2'000).size(), 100u);
    EXPECT_TRUE(found(s, "Event", "year", 1'995).empty());
    EXPECT_EQ(found(s, "Country", "code", 1'000).size(), 1u);
    const std::vector<uint32_t> logged = found(s, "Country", "code", 14);
    ASSERT_EQ(logged.size(), 1u);
    EXPECT_EQ(s.property(NodeId(logged[0]), s.names().key("name")).as_string(), "Logged");
    uint64_t lists[2] = {0, 0};
    AdjacencyCursor cursor;
    for (const Direction direction : {Direction::Out, Direction::In}) {
      for (uint32_t id = 0; id < s.node_limit(); ++id) {
        for (uint32_t type = 0; type < s.type_limit(); ++type) {
          cursor.open(s.adjacency(TypeId(type), direction), NodeId(id));
          for (AdjacencySegment list; cursor.next(list);) {
            for (uint32_t i = 0; i < list.size; ++i) {
              const Relationship r = s.relationship(RelId(list.rel(i)));
              ASSERT_EQ((direction == Direction::Out ? r.target : r.source).value, list.neighbours[i]);
              ++lists[static_cast<int>(direction)];
            }
          }
        }
      }
    }
    EXPECT_EQ(lists[0], s.relationship_count());
    EXPECT_EQ(lists[1], s.relationship_count());
  }

  std::vector<PageKey> obsolete() const {
    const auto store = RocksStore::open(path_ + "/rocksdb", RocksStore::Mode::Read);
    return decode_manifest(*store->get_meta(kManifestRecord), std::make_shared<StoredPages>(store)).obsolete;
  }

  const std::string path_ = testing::TempDir() + "format-2-" + std::to_string(getpid());
};

TEST_F(FormatTwoTest, IsReadAsItWas) {
  OpenOptions options;
  options.read_only = true;
  const auto storage = GraphStorage::open(path_, options);
  EXPECT_EQ(storage->info().format, 2u);
  EXPECT_EQ(storage->info().replayed, 2u);
  expect_all_there(*storage->graph().current());
}

TEST_F(FormatTwoTest, BecomesOneOfThisVersionWhenItIsWritten) {
  const std::vector<PageKey> before = obsolete();
  ASSERT_FALSE(before.empty());
  std::string whole;
  {
    const auto storage = GraphStorage::open(path_);
    EXPECT_EQ(storage->info().format, kFormatVersion);
    storage->checkpoint();
    whole = dump(*storage->graph().current());
  }
  EXPECT_TRUE(obsolete().empty());
  const auto store = RocksStore::open(path_ + "/rocksdb", RocksStore::Mode::Read);
  for (const PageKey& key : before) EXPECT_FALSE(store->get_page(key).has_value());
  store->close();
  const auto storage = GraphStorage::open(path_);
  expect_all_there(*storage->graph().current());
  EXPECT_EQ(dump(*storage->graph().current()), whole);
}

}  // namespace
}  // namespace entente
