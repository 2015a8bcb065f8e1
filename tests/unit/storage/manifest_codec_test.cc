#include "entente/storage/manifest_codec.h"

#include <gtest/gtest.h>

#include <random>

#include "entente/storage/key_codec.h"
#include "entente/storage/record.h"
#include "entente/storage/stored_pages.h"
#include "storage_fixture.h"

namespace entente {
namespace {

std::shared_ptr<const PageLoader> no_pages() { return std::make_shared<StoredPages>(std::make_shared<MemoryStore>()); }

Snapshot sample() {
  GraphStore store;
  auto transaction = store.begin();
  RandomWriter writer(4);
  const LabelId label = transaction->label("Label0");
  const KeyId key = transaction->key("key0");
  transaction->create_index("by key", label, key, false);
  writer.change(*transaction, 2'000);
  transaction->create_index("unique one", transaction->label("Rare"), key, true);
  store.commit(std::move(transaction));
  return *store.current();
}

TEST(ManifestCodec, TheFormatComesBack) {
  EXPECT_EQ(decode_format(encode_format(7)), 7u);
  std::string record = encode_format(1);
  record.back() = static_cast<char>(record.back() ^ 1);
  EXPECT_EQ(error_of([&] { decode_format(record); }), "StorageError.Corrupt");
}

TEST(ManifestCodec, AnEmptyGraphComesBack) {
  const Manifest manifest = decode_manifest(encode_manifest({}, 0), no_pages());
  EXPECT_EQ(manifest.epoch, 0u);
  EXPECT_EQ(dump(manifest.snapshot), dump({}));
}

TEST(ManifestCodec, AllButThePagesComesBack) {
  Snapshot snapshot = sample();
  Manifest manifest = decode_manifest(encode_manifest(snapshot, 23), no_pages());
  EXPECT_EQ(manifest.epoch, 23u);
  const SnapshotParts a(snapshot);
  const SnapshotParts b(manifest.snapshot);
  EXPECT_EQ(b.version, a.version);
  EXPECT_EQ(b.node_limit, a.node_limit);
  EXPECT_EQ(b.relationship_limit, a.relationship_limit);
  EXPECT_EQ(b.node_count, a.node_count);
  EXPECT_EQ(b.relationship_count, a.relationship_count);
  EXPECT_EQ(b.next_index, 2u);
  EXPECT_EQ(b.adjacency.size(), a.adjacency.size());
  EXPECT_EQ(b.node_columns.size(), a.node_columns.size());
  EXPECT_EQ(b.relationship_columns.size(), a.relationship_columns.size());
  EXPECT_EQ(b.labels.size(), a.labels.size());
  EXPECT_EQ(b.statistics->label_counts, a.statistics->label_counts);
  EXPECT_EQ(b.statistics->type_counts, a.statistics->type_counts);
  EXPECT_EQ(b.statistics->by_source, a.statistics->by_source);
  EXPECT_EQ(b.statistics->by_target, a.statistics->by_target);
  EXPECT_EQ(b.statistics->node_key_counts, a.statistics->node_key_counts);
  EXPECT_EQ(b.statistics->relationship_key_counts, a.statistics->relationship_key_counts);
  ASSERT_EQ(b.names->label_sets.size(), a.names->label_sets.size());
  for (uint32_t s = 0; s < a.names->label_sets.size(); ++s) {
    EXPECT_EQ(b.names->label_sets.labels(s), a.names->label_sets.labels(s));
  }
  ASSERT_EQ(b.indexes.size(), 2u);
  EXPECT_EQ(b.indexes[0].definition.name, "by key");
  EXPECT_EQ(b.indexes[0].fences->size(), a.indexes[0].fences->size());
  EXPECT_EQ(b.indexes[0].entries, a.indexes[0].entries);
  EXPECT_EQ(b.indexes[0].distinct_values, a.indexes[0].distinct_values);
  EXPECT_TRUE(b.indexes[1].definition.unique);
  b.nodes.for_each([](uint32_t, const std::shared_ptr<PageHandle>& handle) {
    EXPECT_EQ(handle->epoch(), 23u);
    EXPECT_FALSE(handle->loaded());
  });
  EXPECT_NE(b.nodes.handle(0), nullptr);
}

TEST(ManifestCodec, EveryFlippedBitIsFound) {
  const std::string record = encode_manifest(sample(), 23);
  for (size_t bit = 0; bit < record.size() * 8; bit += 101) {
    std::string damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    ASSERT_EQ(error_of([&] { decode_manifest(damaged, no_pages()); }), "StorageError.Corrupt");
  }
}

TEST(ManifestCodec, DamageUnderAValidChecksumGivesAVersionOrCorrupt) {
  std::mt19937_64 random(9);
  const std::string payload = encode_manifest(sample(), 23).substr(kChecksumBytes);
  int refused = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string damaged = payload;
    for (uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(byte ^ 1 << random() % 8);
    }
    const std::string code = error_of([&] { decode_manifest(seal(kManifestRecord, damaged), no_pages()); });
    ASSERT_TRUE(code == "none" || code == "StorageError.Corrupt") << code;
    if (code != "none") ++refused;
  }
  EXPECT_GT(refused, 200);
}

TEST(ManifestCodec, PageListsComeBack) {
  const std::vector<PageKey> keys{{PageKind::Nodes, 0, 0, 1},
                                  {PageKind::Nodes, 0, 0, 2},
                                  {PageKind::Nodes, 0, 1, 2},
                                  {PageKind::Nodes, 0, 2, 2},
                                  {PageKind::Label, 7, 9, 1},
                                  {PageKind::Label, 8, 9, 1},
                                  {PageKind::OrderedIndex, 4, 0xFFFF'FFFF, ~uint64_t{0}}};
  EXPECT_EQ(decode_page_list("garbage", encode_page_list("garbage", keys)), keys);
  EXPECT_TRUE(decode_page_list("garbage", encode_page_list("garbage", {})).empty());
  EXPECT_EQ(error_of([&] { decode_page_list("intent/", encode_page_list("garbage", keys)); }), "StorageError.Corrupt");
}

TEST(KeyCodec, KeysSortAsBytesInTheOrderOfWhatTheyStandFor) {
  const std::vector<PageKey> keys{{PageKind::Nodes, 0, 0, 1}, {PageKind::Nodes, 0, 0, 256},
                                  {PageKind::Nodes, 0, 1, 1}, {PageKind::Nodes, 0, 256, 1},
                                  {PageKind::Nodes, 1, 0, 1}, {PageKind::Label, 0, 0, 1}};
  for (size_t i = 1; i < keys.size(); ++i) EXPECT_LT(encode_page_key(keys[i - 1]), encode_page_key(keys[i]));
  EXPECT_EQ(encode_page_key({PageKind::Adjacency, 0x01020304, 0x05060708, 0x090A0B0C0D0E0F10}),
            "\x03\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10");
  EXPECT_LT(encode_log_key(255), encode_log_key(256));
  EXPECT_EQ(decode_log_key(encode_log_key(0x0123456789ABCDEF)), 0x0123456789ABCDEFu);
  EXPECT_THROW(decode_log_key("short"), Damage);
}

}  // namespace
}  // namespace entente
