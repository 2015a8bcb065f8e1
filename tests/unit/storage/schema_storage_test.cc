// Indexes and constraints of every kind through the log, a checkpoint and an older format.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "entente/core/full_text.h"
#include "entente/storage/graph_storage.h"
#include "entente/storage/key_codec.h"
#include "entente/storage/manifest_codec.h"
#include "entente/storage/rocks_store.h"
#include "storage_fixture.h"

namespace entente {
namespace {

class SchemaStorageTest : public testing::Test {
 protected:
  SchemaStorageTest() { std::filesystem::remove_all(path_); }
  ~SchemaStorageTest() override { std::filesystem::remove_all(path_); }

  std::unique_ptr<GraphStorage> open(bool checkpoint_on_close) {
    OpenOptions options;
    options.durability = Durability::Buffered;
    options.checkpoint_on_close = checkpoint_on_close;
    return GraphStorage::open(path_, options);
  }

  static void fill(GraphStorage& storage) {
    auto tx = storage.graph().begin();
    const LabelId label = tx->label("Person");
    const TypeId type = tx->type("KNOWS");
    const KeyId name = tx->key("name");
    const KeyId year = tx->key("year");
    const auto index = [&](std::string called, EntityType entity, uint32_t token, std::vector<KeyId> keys) {
      IndexDefinition d;
      d.name = std::move(called);
      d.entity = entity;
      d.tokens = {token};
      d.keys = std::move(keys);
      return d;
    };
    tx->create_index(index("pair", EntityType::Node, label.value, {name, year}));
    IndexDefinition key = index("key", EntityType::Relationship, type.value, {year});
    key.unique = key.required = true;
    tx->create_index(key);
    IndexDefinition text = index("text", EntityType::Node, label.value, {name});
    text.kind = IndexKind::FullText;
    text.analyzer = "english";
    tx->create_index(text);
    Constraint typed;
    typed.name = "typed";
    typed.kind = Constraint::Kind::Type;
    typed.token = label.value;
    typed.key = year;
    typed.type.kinds = kind_bit(ValueKind::Integer);
    typed.type.lists = {kind_bit(ValueKind::Date)};
    tx->create_constraint(typed);
    const NodeId first = tx->create_node({&label, 1});
    for (int i = 0; i < 900; ++i) {  // more relationships than nodes
      const RelId rel = tx->create_relationship(type, first, first);
      tx->set_property(rel, year, i);
    }
    tx->set_property(first, name, "Foreign ministers");
    tx->set_property(first, year, 2023);
    storage.graph().commit(std::move(tx));
  }

  static void check(const Snapshot& s) {
    ASSERT_EQ(s.indexes().size(), 3u);
    std::vector<uint32_t> found;
    s.find_index("key")->find(899, found);
    EXPECT_EQ(found, std::vector<uint32_t>{899});
    found.clear();
    s.find_index("pair")->find(List{Value("Foreign ministers"), Value(2023)}, found);
    EXPECT_EQ(found, std::vector<uint32_t>{0});
    size_t postings = 0;
    for_each_posting(*s.find_index("text"), "minist", false, [&](std::string_view, Posting&&) { return ++postings; });
    EXPECT_EQ(postings, 1u);
    ASSERT_EQ(s.constraints().size(), 1u);
    EXPECT_EQ(s.constraints()[0].type.text(), "INTEGER | LIST<DATE NOT NULL>");
  }

  const std::string path_ = (std::filesystem::temp_directory_path() / ("schema" + std::to_string(getpid()))).string();
};

TEST_F(SchemaStorageTest, ComesBackFromTheLogAndFromACheckpoint) {
  for (const bool checkpoint : {false, true}) {
    std::filesystem::remove_all(path_);
    auto storage = open(checkpoint);
    fill(*storage);
    const std::string before = dump(*storage->graph().current());
    storage->close();
    storage = open(checkpoint);
    EXPECT_EQ(storage->info().replayed, checkpoint ? 0u : 1u);
    check(*storage->graph().current());
    EXPECT_EQ(dump(*storage->graph().current()), before);
    auto tx = storage->graph().begin();  // and what it promises still holds
    tx->set_property(NodeId(0), tx->key("year"), "text");
    EXPECT_THROW(storage->graph().commit(std::move(tx)), Error);
    storage->close();
  }
}

TEST_F(SchemaStorageTest, ADatabaseOfTheFirstFormatIsRaisedWhenItIsWritten) {
  open(true)->close();
  {
    auto records = RocksStore::open(path_ + "/rocksdb", RocksStore::Mode::Write);
    records->commit({.put_meta = {{std::string(kFormatRecord), encode_format(1)}}});
    records->close();
  }
  OpenOptions reading;
  reading.read_only = true;
  auto reader = GraphStorage::open(path_, reading);
  EXPECT_EQ(reader->info().format, 1u);
  reader->close();
  auto storage = open(true);
  EXPECT_EQ(storage->info().format, kFormatVersion);
  fill(*storage);
  storage->close();
  storage = open(true);
  EXPECT_EQ(storage->info().format, kFormatVersion);
  check(*storage->graph().current());
}

}  // namespace
}  // namespace entente
